/* pinyin.h -- how Chinese letters are read, for whoever has no Chinese keyboard at hand
 *
 * pinyin.txt lists them by syllable, without tones; a letter that is read in several ways stands
 * in several lines. */
#pragma once

#include <glib.h>

/* Appends to words how the Chinese in text is read, each run of it as syllables and as their first
 * letters, every one ended as row words are: of "周杰伦" "zhoujielun\n\nzjl\n\n". Nothing for a text
 * without Chinese. Any thread. */
void pinyin_append(GString *words, const char *text);
