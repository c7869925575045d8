/* reader-parts.h -- what the files of the reader share, and nobody else sees */
#pragma once

#include "media-db/database.h"
#include "media-db/orders.h"
#include "media-db/reader.h"
#include "model/sidecar.h"

struct Reader {
    Database *database;
    Orders orders;
    GString *path; /* scratch */
};

/* reader-details.c. What the object of that row holds and what lies beside it; the caller's. */
MediaDetails *reader_details(Reader *reader, int64_t id, int64_t folder, const char *name,
                             const MediaFacts *facts);
/* The subtitles beside a film, which players want to know in lists, too; the caller's, NULL:
 * none. */
MediaDetails *reader_subtitles(Reader *reader, int64_t folder, const char *name);
/* The sidecars of that kind in the folder whose names begin so: name, size_bytes, modified_ns. */
sqlite3_stmt *reader_ask_sidecars(Reader *reader, int64_t folder, SidecarKind kind,
                                  const char *stem, gsize length);
/* Has one of the first things that the container shows a picture? */
bool          reader_has_picture(Reader *reader, int64_t container);
