/* language.c -- see language.h */
#include "model/language.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* The codes of one language; of those that have three letters alone, or that nobody speaks in a
 * film, both must be told alike. */
static const char *const languages[] = {
    "zh zho chi cmn chs cht sc tc gb big5", "en eng", "ja jpn jp", "ko kor kr", "yue can",
    "fr fra fre", "de deu ger", "es spa", "it ita", "pt por", "nl nld dut", "ru rus", "uk ukr",
    "pl pol", "cs ces cze", "sk slk slo", "hu hun", "ro ron rum", "bg bul", "el ell gre", "tr tur",
    "ar ara", "he heb iw", "fa fas per", "hi hin", "bn ben", "ta tam", "te tel", "ur urd",
    "th tha", "vi vie", "id ind in", "ms msa may", "tl tgl fil", "sv swe", "no nor nb nob nn nno",
    "da dan", "fi fin", "is isl ice", "et est", "lv lav", "lt lit", "hr hrv scr", "sr srp scc",
    "sl slv", "sq sqi alb", "mk mkd mac", "ka kat geo", "hy hye arm", "eu eus baq", "ca cat",
    "gl glg", "cy cym wel", "ga gle", "bo bod tib", "mn mon", "ug uig", "kk kaz", "my mya bur",
    "km khm", "lo lao", "la lat",
};

/* What tells how it is written. */
static const struct {
    const char *word;
    char script;
} scripts[] = {
    { "hans", 's' }, { "cn", 's' }, { "sg", 's' }, { "chs", 's' }, { "sc", 's' }, { "gb", 's' },
    { "hant", 't' }, { "tw", 't' }, { "hk", 't' }, { "mo", 't' },  { "cht", 't' }, { "tc", 't' },
    { "big5", 't' },
};

/* Is word, of size octets, among those of a list? */
static bool
is_listed(const char *list, const char *word, gsize size)
{
    while (*list != '\0') {
        gsize length = strcspn(list, " ");
        if (length == size && g_ascii_strncasecmp(list, word, size) == 0)
            return true;
        list += length + (list[length] == ' ');
    }
    return false;
}

static gsize
length_of(const char *tag)
{
    return strcspn(tag, "-_. ");
}

static bool
is_same_language(const char *one, const char *other)
{
    gsize a = length_of(one), b = length_of(other);

    if (a == b && g_ascii_strncasecmp(one, other, a) == 0)
        return a > 0;
    for (guint i = 0; i < G_N_ELEMENTS(languages); i++)
        if (is_listed(languages[i], one, a))
            return is_listed(languages[i], other, b);
    return false;
}

/* 0: not told. */
static char
script_of(const char *tag)
{
    for (gsize length = length_of(tag);; length = length_of(tag)) {
        for (guint i = 0; i < G_N_ELEMENTS(scripts); i++)
            if (is_listed(scripts[i].word, tag, length))
                return scripts[i].script;
        if (tag[length] == '\0')
            return 0;
        tag += length + 1;
    }
}

LanguageMatch
language_match(const char *wanted, const char *told)
{
    if (wanted == NULL || told == NULL || !is_same_language(wanted, told))
        return LANGUAGE_OTHER;
    char script = script_of(wanted);
    return script == 0 || script == script_of(told) ? LANGUAGE_SAME : LANGUAGE_SCRIPT;
}
