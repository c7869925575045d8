/* text.c -- see text.h */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

bool
text_to_u64(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
    uint64_t number = 0;

    if (text == NULL || *text == '\0')
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        if (!g_ascii_isdigit(*at) || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*at - '0'), &number))
            return false;
    }
    if (number < min || number > max)
        return false;
    *value = number;
    return true;
}

bool
text_to_u32(const char *text, uint32_t min, uint32_t max, uint32_t *value)
{
    uint64_t number;

    if (!text_to_u64(text, min, max, &number))
        return false;
    *value = (uint32_t)number;
    return true;
}

bool
text_to_i64(const char *text, int64_t min, int64_t max, int64_t *value)
{
    bool is_negative = text != NULL && *text == '-';
    uint64_t size;

    if (!text_to_u64(is_negative ? text + 1 : text, 0, INT64_MAX, &size))
        return false;
    int64_t number = is_negative ? -(int64_t)size : (int64_t)size;
    if (number < min || number > max)
        return false;
    *value = number;
    return true;
}

bool
text_to_duration_ms(const char *text, int64_t *duration_ms)
{
    const int64_t longest_s = 10000 * 3600; /* beyond any film; keeps the sums in range */
    int64_t seconds = 0;

    if (text == NULL)
        return false;
    g_auto(GStrv) whole_and_fraction = g_strsplit(text, ".", 2);
    if (whole_and_fraction[0] == NULL)
        return false;
    g_auto(GStrv) parts = g_strsplit(whole_and_fraction[0], ":", 4);
    guint count = g_strv_length(parts);
    if (count < 1 || count > 3)
        return false;
    for (guint i = 0; i < count; i++) {
        uint32_t part;
        if (!text_to_u32(parts[i], 0, i == 0 ? (uint32_t)longest_s : 59, &part))
            return false;
        seconds = seconds * 60 + part;
    }
    if (seconds > longest_s)
        return false;

    int64_t fraction_ms = 0;
    const char *fraction = whole_and_fraction[1];
    if (fraction != NULL) {
        int64_t unit_ms = 100;
        if (*fraction == '\0')
            return false;
        for (; *fraction != '\0'; fraction++, unit_ms /= 10) {
            if (!g_ascii_isdigit(*fraction))
                return false;
            fraction_ms += (*fraction - '0') * unit_ms;
        }
    }
    *duration_ms = seconds * 1000 + fraction_ms;
    return true;
}

char *
text_from_duration_ms(int64_t duration_ms)
{
    int64_t ms = MAX(duration_ms, 0);

    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d:%02d.%03d", ms / 3600000,
                           (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
}

char *
text_percent_encode(const char *text)
{
    return g_uri_escape_string(text, NULL, FALSE);
}

char *
text_percent_decode(const char *text)
{
    g_autofree char *plain = g_uri_unescape_string(text, NULL);

    if (plain == NULL || !g_utf8_validate(plain, -1, NULL))
        return NULL;
    return g_steal_pointer(&plain);
}

static bool
is_plain(const char *text)
{
    while (*text >= 0x20 && *text < 0x7f)
        text++;
    return *text == '\0';
}

char *
text_clean(const char *text)
{
    if (text == NULL || is_plain(text))
        return g_strdup(text);
    char *clean = g_utf8_make_valid(text, -1);
    char *out = clean;

    for (const char *at = clean; *at != '\0';) {
        gunichar c = g_utf8_get_char(at);
        const char *next = g_utf8_next_char(at);

        if (c == '\t' || c == '\n' || c == '\r') {
            *out++ = ' ';
        } else if (c >= 0x20 && c != 0x7f && c != 0xfffe && c != 0xffff) {
            memmove(out, at, (size_t)(next - at));
            out += next - at;
        }
        at = next;
    }
    *out = '\0';
    return clean;
}

bool
text_equal_secret(const char *a, const char *b)
{
    size_t a_size = strlen(a), b_size = strlen(b);
    unsigned difference = a_size != b_size;

    for (size_t i = 0; i < a_size; i++)
        difference |= (unsigned)(a[i] ^ b[b_size == 0 ? 0 : i % b_size]);
    return difference == 0;
}
