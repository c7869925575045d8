/* http-range.c -- see http-range.h
 *
 * ranges-specifier = "bytes" "=" 1#( first-pos "-" [ last-pos ] / "-" suffix-length ). What does
 * not follow the grammar is ignored as a whole, as 14.2 allows; so are parts that together exceed
 * the representation, which only overlapping ones can: nobody gets more work out of us than one
 * GET. */
#include "wire/http-range.h"

#include <string.h>

/* The digits at *cursor; numbers beyond 64 bits become the largest. False: no digit. */
static bool
take_number(const char **cursor, uint64_t *number)
{
    const char *c = *cursor;

    if (!g_ascii_isdigit(*c))
        return false;
    *number = 0;
    for (; g_ascii_isdigit(*c); c++)
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, (uint64_t)(*c - '0'), number))
            *number = UINT64_MAX;
    *cursor = c;
    return true;
}

/* One element of the list. *is_inside tells whether part was set. False: malformed. */
static bool
take_part(const char **cursor, uint64_t size, HttpRange *part, bool *is_inside)
{
    uint64_t first, last = UINT64_MAX;

    if (**cursor == '-') {
        ++*cursor;
        if (!take_number(cursor, &last))
            return false;
        *is_inside = last > 0 && size > 0;
        if (*is_inside)
            *part = (HttpRange){ size - MIN(last, size), size - 1 };
        return true;
    }
    if (!take_number(cursor, &first) || *(*cursor)++ != '-')
        return false;
    if (take_number(cursor, &last) && last < first)
        return false;
    *is_inside = first < size;
    if (*is_inside)
        *part = (HttpRange){ first, MIN(last, size - 1) };
    return true;
}

static const char *
skip(const char *text, const char *what)
{
    return text + strspn(text, what);
}

HttpRangeKind
http_range_decode(const char *text, uint64_t size, HttpRange parts[HTTP_RANGES_MAX], guint *count)
{
    uint64_t sum = 0;
    guint inside = 0, asked = 0;

    if (text == NULL || g_ascii_strncasecmp(text, "bytes=", 6) != 0)
        return HTTP_RANGE_WHOLE;
    for (const char *cursor = skip(text + 6, " \t,"); *cursor != '\0';
         cursor = skip(cursor, " \t,")) {
        HttpRange part;
        bool is_inside;
        if (++asked > HTTP_RANGES_MAX || !take_part(&cursor, size, &part, &is_inside))
            return HTTP_RANGE_WHOLE;
        cursor = skip(cursor, " \t");
        if (*cursor != ',' && *cursor != '\0')
            return HTTP_RANGE_WHOLE;
        if (!is_inside)
            continue;
        parts[inside++] = part;
        if (__builtin_add_overflow(sum, part.last - part.first + 1, &sum) || sum > size)
            return HTTP_RANGE_WHOLE;
    }
    if (asked == 0)
        return HTTP_RANGE_WHOLE;
    if (inside == 0)
        return HTTP_RANGE_OUTSIDE;
    *count = inside;
    return HTTP_RANGE_PARTS;
}

char *
http_range_encode(const HttpRange *parts, guint count)
{
    GString *text = g_string_new("bytes=");

    for (guint i = 0; i < count; i++)
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                               i > 0 ? "," : "", parts[i].first, parts[i].last);
    return g_string_free(text, FALSE);
}

char *
http_content_range_encode(const HttpRange *part, uint64_t size)
{
    if (part == NULL)
        return g_strdup_printf("bytes */%" G_GUINT64_FORMAT, size);
    return g_strdup_printf("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                           part->first, part->last, size);
}

bool
http_content_range_decode(const char *text, HttpRange *part, uint64_t *size)
{
    HttpRange read;
    uint64_t whole = UINT64_MAX;

    if (g_ascii_strncasecmp(text, "bytes ", 6) != 0)
        return false;
    const char *cursor = skip(text + 6, " ");
    if (!take_number(&cursor, &read.first) || *cursor++ != '-' ||
        !take_number(&cursor, &read.last) || *cursor++ != '/')
        return false;
    if (*cursor == '*')
        cursor++;
    else if (!take_number(&cursor, &whole))
        return false;
    if (*cursor != '\0' || read.last < read.first || read.last >= whole)
        return false;
    *part = read;
    *size = whole;
    return true;
}
