/* flac-sheet.h -- the cue sheet that the head of a FLAC file may hold (RFC 9639, 8.7)
 *
 * libavformat tells where its tracks begin, pauses before them included; this reads which of their
 * points is the song's first. It believes no length. */
#pragma once

#include <stdint.h>

#define FLAC_TRACKS_MAX 254

typedef struct {
    int64_t number; /* 1 to 254 */
    int64_t start;  /* in samples */
} FlacTrack;

/* The songs of the sheet in file, in its order; 0: there is no sheet, or none that makes sense. */
int flac_sheet_read(int file, FlacTrack tracks[FLAC_TRACKS_MAX]);
