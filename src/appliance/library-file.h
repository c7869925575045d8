/* library-file.h -- opens a file of the library, and no other
 *
 * Between the look of the indexer and the open of a visitor anybody who may write in a folder can
 * put a symbolic link in a file's place, or in its folder's. So no link below a root is followed:
 * the kernel is asked to refuse it while it resolves the name, not before. */
#pragma once

#include <glib.h>

/* A descriptor for reading, the caller's; -1 with DUO_ERROR_NOT_FOUND (also for what lies in none
 * of the folders, or behind a link), DUO_ERROR_DENIED or DUO_ERROR_UNAVAILABLE. folders: absolute,
 * each may itself be a link. Does not wait for the writer of a FIFO. */
int library_file_open(const char *const *folders, const char *path, GError **error);
