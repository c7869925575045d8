/* file-roots.h -- the folders of FileAccess, as the configuration says them */
#pragma once

#include "appliance/files/files.h"

/* Entries are "NAME=DIR", or "DIR", which is called by its last part. Ends with a name of NULL.
 * DUO_ERROR_INVALID: not a name, or one twice. */
FileRoot *file_roots_new(const char *const *readable, const char *const *writable, GError **error);
bool      file_roots_equal(const FileRoot *a, const FileRoot *b);
void      file_roots_free(FileRoot *roots);
