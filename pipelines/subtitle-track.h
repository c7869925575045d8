/* subtitle-track.h -- the words of a film's own subtitles, as SubRip
 *
 * By libavformat, which passes by what is not of that track; nothing is decoded. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Writes to output what the track-th subtitles of file say, from 0 on. Both are borrowed.
 * DUO_ERROR_NOT_FOUND (there are no such subtitles, or they say nothing), DUO_ERROR_UNSUPPORTED
 * (they are pictures, or the file cannot be read). */
bool subtitle_track_write(int file, unsigned track, int output, GError **error);
