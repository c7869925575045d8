/* charsets.h -- tags that are not Unicode: which charset they are in, and their texts
 *
 * Taggers of old wrote the octets of the system's own charset and did not say which. Each text is
 * read in every charset in question, and what comes out is judged: letters that people use weigh
 * for a charset, rare ones, torn words and what cannot be against it. A name of two letters may
 * look well in several; so its file, its album and its folder vote together (writer-charsets.c).
 *
 * An octet text is UTF-8 whose letters are the octets, U+0000 to U+00FF. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    CHARSET_GB18030,
    CHARSET_BIG5,
    CHARSET_SHIFT_JIS,
    CHARSET_EUC_KR,
    CHARSET_CYRILLIC, /* windows-1251 */
    CHARSET_LATIN,    /* windows-1252 */
    CHARSET_N
} Charset;

typedef struct {
    double points[CHARSET_N];
} CharsetVotes;

typedef struct Charsets Charsets; /* for one thread */

/* NULL when ICU's data is not there. */
Charsets   *charsets_new(void);
void        charsets_free(Charsets *charsets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Charsets, charsets_free)

/* Does ICU know a charset of that name? Any of its names and aliases, e.g. "GBK", "koi8-r". */
bool        charset_is_known(const char *name);
const char *charset_name(Charset charset);

/* Are all letters octets, and some beyond ASCII? */
bool        charset_is_octets(const char *text);
/* Adds what an octet text says for and against each charset. */
void        charsets_vote(Charsets *charsets, const char *octets, CharsetVotes *votes);
/* sum += votes * weight */
void        charset_votes_add(CharsetVotes *sum, const CharsetVotes *votes, double weight);
/* Who wins; Western European when nobody has a point. */
Charset     charset_elect(const CharsetVotes *votes);
/* The text in the charset of that name, the caller's: valid UTF-8, what it does not know as U+FFFD.
 * NULL when there is no such charset. A letter that is cut at the end is left out. */
char       *charset_decode(const char *name, const char *octets);
