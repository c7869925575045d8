/* subtitle-words.h -- what is said in one cue, free of how its format writes it
 *
 * Lines parted by '\n', none of them empty, with <i>, <b> and <u>, each of which ends. Pure; for
 * subtitles.c. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum { WORDS_SRT, WORDS_VTT, WORDS_ASS, WORDS_SAMI } SubtitleWords;

/* text is UTF-8; the caller's. */
char *subtitle_words_read(const char *text, gsize size, SubtitleWords words);
/* Is there nothing but styles and spaces? */
bool  subtitle_words_are_none(const char *text);
/* As WebVTT writes them (W3C, 4.2.2). */
void  subtitle_words_escape(GString *out, const char *text);
