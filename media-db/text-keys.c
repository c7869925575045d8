/* text-keys.c -- see text-keys.h */
#include "media-db/text-keys.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/utf16.h>

#define KEY_MAX 64
#define TEXT_MAX 128 /* UTF-16 units that count */
#define JOINER 0x34f /* COMBINING GRAPHEME JOINER */

struct TextSorter {
    UCollator *collator; /* NULL: ICU has no data */
};

TextSorter *
text_sorter_new(void)
{
    TextSorter *sorter = g_new0(TextSorter, 1);
    UErrorCode status = U_ZERO_ERROR;

    sorter->collator = ucol_open("zh@collation=pinyin", &status);
    if (U_FAILURE(status))
        sorter->collator = NULL;
    if (sorter->collator != NULL) {
        status = U_ZERO_ERROR;
        ucol_setAttribute(sorter->collator, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
    }
    return sorter;
}

void
text_sorter_free(TextSorter *sorter)
{
    if (sorter == NULL)
        return;
    if (sorter->collator != NULL)
        ucol_close(sorter->collator);
    g_free(sorter);
}

/* In the Chinese order letters with the accents of tones (a with acute) come before the letter
 * alone. Here they are letters of Latin texts: a joiner that weighs nothing keeps letter and accent
 * apart. */
static UChar *
put_apart(gunichar letter, UChar *to, const UChar *end)
{
    gunichar base, accent;

    if (letter >= 0xc0 && g_unichar_decompose(letter, &base, &accent)) {
        to = put_apart(base, to, end);
        letter = accent;
    }
    if (to < end && g_unichar_type(letter) == G_UNICODE_NON_SPACING_MARK)
        *to++ = JOINER;
    if (to < end)
        *to++ = (UChar)letter;
    return to;
}

static bool
is_latin(gunichar letter)
{
    return letter < 0x370 || (letter >= 0x1e00 && letter < 0x1f00);
}

/* UTF-16 for the collator, as much as fits. */
static int32_t
widen(const char *text, UChar *wide, int32_t size)
{
    UChar *to = wide, *end = wide + size;

    for (; *text != '\0' && end - to >= 2; text = g_utf8_next_char(text)) {
        gunichar letter = g_utf8_get_char_validated(text, -1);
        if (letter >= (gunichar)-2) /* the texts of the index are valid; a caller's may not be */
            break;
        if (is_latin(letter)) {
            to = put_apart(letter, to, end);
        } else if (letter < 0x10000) {
            *to++ = (UChar)letter;
        } else {
            *to++ = U16_LEAD(letter);
            *to++ = U16_TRAIL(letter);
        }
    }
    return (int32_t)(to - wide);
}

void
text_sorter_append(TextSorter *sorter, const char *text, GByteArray *key)
{
    UChar wide[TEXT_MAX];
    uint8_t bytes[KEY_MAX];

    if (sorter->collator == NULL) {
        g_byte_array_append(key, (const guint8 *)text, MIN((guint)strlen(text), KEY_MAX));
        return;
    }
    int32_t length = widen(text, wide, TEXT_MAX);
    int32_t size = ucol_getSortKey(sorter->collator, wide, length, bytes, KEY_MAX);
    g_byte_array_append(key, bytes, (guint)CLAMP(size, 0, KEY_MAX));
}

/* Letters that Unicode does not take apart, and what people type for them. */
static const struct {
    gunichar letter;
    const char *plain;
} plain_letters[] = {
    { 0xe6, "ae" },  { 0xf0, "d" },   { 0xf8, "o" },   { 0xfe, "th" }, { 0x111, "d" },
    { 0x131, "i" },  { 0x142, "l" },  { 0x153, "oe" }, { 0x127, "h" }, { 0x2019, "'" },
};

static void
append_folded(GString *folded, gunichar letter)
{
    if (letter >= 0xe6 && letter <= 0x2019) {
        for (guint i = 0; i < G_N_ELEMENTS(plain_letters); i++) {
            if (plain_letters[i].letter == letter) {
                g_string_append(folded, plain_letters[i].plain);
                return;
            }
        }
    }
    g_string_append_unichar(folded, letter);
}

char *
text_fold(const char *text)
{
    const char *p = text;

    while (*p != '\0' && (guchar)*p < 0x80)
        p++;
    if (*p == '\0')
        return g_ascii_strdown(text, -1);

    g_autofree char *wide = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
    if (wide == NULL)
        return g_strdup(text);
    g_autofree char *lower = g_utf8_casefold(wide, -1);
    GString *folded = g_string_sized_new(strlen(lower));
    for (p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        /* the marks of kana make other syllables, not other accents */
        if (g_unichar_type(c) != G_UNICODE_NON_SPACING_MARK || c == 0x3099 || c == 0x309a)
            append_folded(folded, c);
    }
    return g_string_free(folded, FALSE);
}
