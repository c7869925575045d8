/* text-keys.c -- see text-keys.h */
#include "media-db/text-keys.h"

#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

#define KEY_MAX 64
#define TEXT_MAX 128 /* UTF-16 units that count */

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

void
text_sorter_append(TextSorter *sorter, const char *text, GByteArray *key)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[TEXT_MAX];
    uint8_t bytes[KEY_MAX];
    int32_t length, size;

    u_strFromUTF8Lenient(wide, TEXT_MAX, &length, text, -1, &status);
    if (sorter->collator == NULL || (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR)) {
        g_byte_array_append(key, (const guint8 *)text, MIN((guint)strlen(text), KEY_MAX));
        return;
    }
    size = ucol_getSortKey(sorter->collator, wide, MIN(length, TEXT_MAX), bytes, KEY_MAX);
    g_byte_array_append(key, bytes, (guint)CLAMP(size, 0, KEY_MAX));
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
            g_string_append_unichar(folded, c);
    }
    return g_string_free(folded, FALSE);
}
