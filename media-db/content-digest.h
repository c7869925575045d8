/* content-digest.h -- what makes a file the same file, whatever its name, place and time
 *
 * Its size, and the beginning, middle and end of its bytes: a film is known in a moment. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define CONTENT_DIGEST_SIZE 16

/* False when the file cannot be read. */
bool content_digest(const char *path, int64_t size_bytes, guint8 digest[CONTENT_DIGEST_SIZE]);
