/* library-file.h -- opens a file of the library, and no other
 *
 * No symbolic link below a folder is followed: beneath.h. */
#pragma once

#include <glib.h>

/* A descriptor for reading, the caller's; -1 with DUO_ERROR_NOT_FOUND (also for what lies in none
 * of the folders, or behind a link), DUO_ERROR_DENIED or DUO_ERROR_UNAVAILABLE. folders: absolute,
 * each may itself be a link. Does not wait for the writer of a FIFO. */
int library_file_open(const char *const *folders, const char *path, GError **error);
