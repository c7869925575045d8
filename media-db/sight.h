/* sight.h -- what an audience may not see of the index
 *
 * Here alone it is decided: the reader asks for each id that it shows or counts, and every wire
 * asks the reader. What lies on a disk (folder.root) is as hidden as the disk's place says; a group
 * (an album, a year) is when all that it shows is, a playlist when its file is. The ids are found
 * once for each change of the index; at the time an object is shown, its disk is looked at again.
 * For an audience that sees everything nothing is asked or kept. */
#pragma once

#include "media-db/database.h"
#include "media-db/id-set.h"
#include "model/audience.h"

typedef struct {
    unsigned audience; /* its number */
    int64_t version;   /* of the index */
    GArray *disks;     /* int64_t, those that are hidden */
    IdSet hidden;
} Sight;

typedef struct {
    GQueue kept; /* Sight, the latest first */
} Sights; /* all 0 is empty */

void         sights_clear(Sights *sights);
/* Of a limited audience; within a transaction, whose SystemUpdateID is version. Borrowed until the
 * next time. */
const Sight *sights_get(Sights *sights, Database *database, const Audience *audience,
                        int64_t version, GError **error);

/* Of a folder for one kind of items, too (views.h). NULL sees all. */
bool         sight_sees(const Sight *sight, int64_t id);
/* The same, and its disk is looked at. */
bool         sight_may_show(const Sight *sight, Database *database, int64_t id);
