/* film-keys.h -- where in a film there are key frames, by its index */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Writes to output when each is, milliseconds from the film's beginning, ascending, one a line.
 * Reads no more than the index. DUO_ERROR_NOT_FOUND: the container has none, or no film; else as
 * av_file_open(). */
bool film_keys_write(int file, int output, GError **error);
