/* subtitles-room.h -- what the files of the codec of subtitles share, and nobody else sees */
#pragma once

#include "wire/subtitle-words.h"
#include "wire/subtitles.h"

#define SUBTITLES_LAST_MS 4000 /* how long words stand whose end is not known */

struct Subtitles {
    GArray *cues;    /* SubtitleCue */
    gsize text_size; /* of what came in packets */
};

/* Takes text over; what makes no sense is left out. */
void subtitles_add_cue(Subtitles *subtitles, int64_t start_ms, int64_t end_ms, char *text);
