/* media-fragment.c -- see media-fragment.h */
#include "wire/media-fragment.h"

#include "base/text.h"

#include <string.h>

void
media_fragment_append(GString *uri, int64_t start_ms, int64_t end_ms)
{
    g_string_append_printf(uri, "#t=%" G_GINT64_FORMAT ".%03d,%" G_GINT64_FORMAT ".%03d",
                           start_ms / 1000, (int)(start_ms % 1000), end_ms / 1000,
                           (int)(end_ms % 1000));
}

/* "t=10,20", "t=npt:,20", "t=0:01:10": the last of several holds (4.2). */
static bool
decode_pair(const char *pair, int64_t *start_ms, int64_t *end_ms)
{
    int64_t start = 0, end = 0;

    if (!g_str_has_prefix(pair, "t="))
        return false;
    pair += g_str_has_prefix(pair, "t=npt:") ? strlen("t=npt:") : strlen("t=");
    g_auto(GStrv) times = g_strsplit(pair, ",", 3);
    guint count = g_strv_length(times);
    bool has_start = count > 0 && times[0][0] != '\0', has_end = count == 2;
    if (count > 2 || (!has_start && !has_end) ||
        (has_start && !text_to_duration_ms(times[0], &start)) ||
        (has_end && (!text_to_duration_ms(times[1], &end) || end <= start)))
        return false;
    *start_ms = start;
    *end_ms = end;
    return true;
}

bool
media_fragment_decode(const char *uri, int64_t *start_ms, int64_t *end_ms)
{
    const char *hash = strchr(uri, '#');
    bool is_part = false;

    if (hash == NULL)
        return false;
    g_auto(GStrv) pairs = g_strsplit(hash + 1, "&", 16);
    for (char **pair = pairs; *pair != NULL; pair++)
        is_part = decode_pair(*pair, start_ms, end_ms) || is_part;
    return is_part;
}

char *
media_fragment_strip(const char *uri)
{
    return g_strndup(uri, strcspn(uri, "#"));
}
