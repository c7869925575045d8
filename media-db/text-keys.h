/* text-keys.h -- what a text is sorted by and found by (ICU's home)
 *
 * Sort keys are compared as bytes: numbers by value, then Chinese by pinyin, Latin, Greek, Cyrillic
 * and so on to kana and Hangul; accents, then case, only tell apart what is else the same.
 * Folding takes case, width and accents away, so that what looks alike is found alike. */
#pragma once

#include <glib.h>

typedef struct TextSorter TextSorter; /* for one thread */

/* Sorts by code points when ICU's data is not there. */
TextSorter *text_sorter_new(void);
void        text_sorter_free(TextSorter *sorter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextSorter, text_sorter_free)

/* Appends the key of text, at most 64 bytes. */
void  text_sorter_append(TextSorter *sorter, const char *text, GByteArray *key);

/* The caller's; valid UTF-8 in, valid UTF-8 out. */
char *text_fold(const char *text);
