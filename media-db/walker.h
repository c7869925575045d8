/* walker.h -- what lies in one directory, or under one name
 *
 * Shows media files (by the end of their name) and directories. Left out: hidden and unfinished
 * files, what NAS systems keep for themselves, and symbolic links: what they point to inside a root
 * is found under its own name, what is outside is not shown, and there are no loops. */
#pragma once

#include "base/error.h"
#include "media-db/disk-entry.h"
#include "model/media.h"

/* What kind of media a file of that name would be; false when none. */
bool walker_kind(const char *name, MediaKind *kind);

/* Is another file system mounted there? Subvolumes of one are not. name: as in openat(). */
bool walker_is_mount(int directory, const char *name);

/* entry->parent and id are 0. count: of what was there at all. Errors: DUO_ERROR_UNAVAILABLE. */
bool walker_list(const char *path, DiskVisit visit, gpointer data, guint *count, GError **error);
/* *entry has the name as given; false when nothing of that name is shown. links: how many names the
 * file has; may be NULL. */
bool walker_look(const char *folder, const char *name, DiskEntry *entry, guint *links);

/* Is the file of that name, which was changed at modified_ns, still being written? Known for sure
 * where we own it; else one is that was changed within the last two seconds. */
bool walker_is_being_written(const char *folder, const char *name, int64_t modified_ns);
/* Is path on another machine's disk? */
bool walker_is_remote(const char *path);
