/* time-seek.c -- see time-seek.h */
#include "wire/time-seek.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

#define TIME_MAX_LENGTH 32

/* The time at text up to one of the stops; *rest is what follows it. */
static bool
read_time(const char *text, const char *stops, int64_t *time_ms, const char **rest)
{
    char copy[TIME_MAX_LENGTH];
    size_t length = strcspn(text, stops);

    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *rest = text + length;
    return text_to_duration_ms(copy, time_ms);
}

TimeSeekKind
time_seek_decode(const char *text, int64_t duration_ms, TimeSeek *seek)
{
    TimeSeek read = { 0, -1 };
    const char *rest;

    text += strspn(text, " \t");
    if (g_ascii_strncasecmp(text, "npt=", 4) != 0 ||
        !read_time(text + 4, "-", &read.start_ms, &rest) || *rest != '-')
        return TIME_SEEK_MALFORMED;
    rest++;
    if (strchr(" \t/", *rest) == NULL && /* which takes the end of the text, too */
        (!read_time(rest, " \t/", &read.end_ms, &rest) || read.end_ms <= read.start_ms))
        return TIME_SEEK_MALFORMED;
    if (duration_ms > 0 && read.start_ms >= duration_ms)
        return TIME_SEEK_OUTSIDE;
    if (duration_ms > 0 && read.end_ms >= duration_ms)
        read.end_ms = -1;
    *seek = read;
    return TIME_SEEK_STRETCH;
}

static void
append_seconds(GString *out, int64_t time_ms)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT ".%03d", time_ms / 1000, (int)(time_ms % 1000));
}

char *
time_seek_encode(const TimeSeek *seek, int64_t duration_ms, uint64_t first, uint64_t last,
                 uint64_t size)
{
    int64_t end_ms = seek->end_ms >= 0 ? seek->end_ms : duration_ms;
    GString *out = g_string_new("npt=");

    append_seconds(out, seek->start_ms);
    g_string_append_c(out, '-');
    if (end_ms > 0)
        append_seconds(out, end_ms);
    g_string_append_c(out, '/');
    if (duration_ms > 0)
        append_seconds(out, duration_ms);
    else
        g_string_append_c(out, '*');
    if (size > 0)
        g_string_append_printf(out, " bytes=%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT
                               "/%" G_GUINT64_FORMAT, first, last, size);
    return g_string_free(out, FALSE);
}
