/* probe.c -- which tier reads a file, and what all tiers share; see probe.h */
#include "pipelines/probe.h"

#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
probe_report_init(ProbeReport *report)
{
    *report = (ProbeReport){ .texts = g_string_chunk_new(1024) };
}

void
probe_report_clear(ProbeReport *report)
{
    g_clear_pointer(&report->texts, g_string_chunk_free);
    g_clear_pointer(&report->details, media_details_unref);
    g_clear_pointer(&report->thumbnail, g_bytes_unref);
}

const char *
probe_report_text(ProbeReport *report, const char *text)
{
    g_autofree char *clean = text_clean(text);

    if (clean == NULL || *g_strstrip(clean) == '\0')
        return NULL;
    return g_string_chunk_insert(report->texts, clean);
}

/* Each octet as a letter, U+0000 to U+00FF; the caller's. */
static char *
widen(const char *octets)
{
    GString *text = g_string_new(NULL);

    for (; *octets != '\0'; octets++)
        g_string_append_unichar(text, (guint8)*octets);
    return g_string_free(text, FALSE);
}

/* The octets of such a text, the caller's; NULL when other letters are in it, or ASCII alone. */
static char *
narrow(const char *text)
{
    g_autoptr(GString) octets = g_string_new(NULL);
    bool has_high = false;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar letter = g_utf8_get_char(text);
        if (letter > 0xff)
            return NULL;
        has_high = has_high || letter >= 0x80;
        g_string_append_c(octets, (char)letter);
    }
    return has_high ? g_string_free(g_steal_pointer(&octets), FALSE) : NULL;
}

/* How much of the octets is UTF-8: all but a letter that the end of an old tag cuts, or 0. */
static gsize
utf8_length(const char *octets)
{
    const char *end;
    gsize length = strlen(octets);

    if (g_utf8_validate(octets, (gssize)length, &end))
        return length;
    bool is_cut = g_utf8_get_char_validated(end, (gssize)strlen(end)) == (gunichar)-2;
    bool has_others = false;
    for (const char *at = octets; at < end; at++)
        has_others = has_others || (guint8)*at >= 0x80;
    return is_cut && has_others ? (gsize)(end - octets) : 0;
}

const char *
probe_report_tag(ProbeReport *report, const char *text, bool is_loose)
{
    if (text == NULL || *text == '\0')
        return NULL;
    bool is_unicode = g_utf8_validate(text, -1, NULL);
    g_autofree char *own = is_unicode ? (is_loose ? narrow(text) : NULL) : g_strdup(text);
    if (own == NULL)
        return probe_report_text(report, text);
    gsize length = utf8_length(own);
    if (length > 0) {
        own[length] = '\0';
        return probe_report_text(report, own);
    }
    g_autofree char *letters = widen(own);
    report->facts.charset = MEDIA_OCTETS;
    return probe_report_text(report, letters);
}

/* Reads digits digits at *at, and passes one of the separators behind them, if any. */
static bool
read_number(const char **at, int digits, const char *separators, int min, int max, int *number)
{
    int value = 0;

    for (int i = 0; i < digits; i++) {
        if (!g_ascii_isdigit((*at)[i]))
            return false;
        value = value * 10 + ((*at)[i] - '0');
    }
    if (value < min || value > max)
        return false;
    *number = value;
    *at += digits;
    if (**at != '\0' && strchr(separators, **at) != NULL)
        (*at)++;
    return true;
}

const char *
probe_report_date(ProbeReport *report, const char *text)
{
    int year, month, day, hour, minute, second;
    char date[32];

    if (text == NULL)
        return NULL;
    while (*text == ' ')
        text++;
    if (!read_number(&text, 4, "-:/.", 1, 9999, &year))
        return NULL;
    if (!read_number(&text, 2, "-:/.", 1, 12, &month))
        g_snprintf(date, sizeof date, "%04d", year);
    else if (!read_number(&text, 2, " T", 1, 31, &day))
        g_snprintf(date, sizeof date, "%04d-%02d", year, month);
    else if (!read_number(&text, 2, ":", 0, 23, &hour) ||
             !read_number(&text, 2, ":", 0, 59, &minute) ||
             !read_number(&text, 2, "", 0, 60, &second))
        g_snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day);
    else
        g_snprintf(date, sizeof date, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, hour,
                   minute, second);
    return g_string_chunk_insert(report->texts, date);
}

const char *
probe_report_place(ProbeReport *report, double north, double east)
{
    char north_text[32], east_text[32], text[80];

    if (!(north >= -90 && north <= 90 && east >= -180 && east <= 180) ||
        (north == 0 && east == 0))
        return NULL;
    g_snprintf(text, sizeof text, "%s,%s",
               g_ascii_formatd(north_text, sizeof north_text, "%.6f", north),
               g_ascii_formatd(east_text, sizeof east_text, "%.6f", east));
    return g_string_chunk_insert(report->texts, text);
}

const char *
probe_report_camera(ProbeReport *report, const char *maker, const char *model)
{
    bool says_maker = maker == NULL || (model != NULL && g_str_has_prefix(model, maker));
    g_autofree char *camera =
        g_strjoin(" ", says_maker ? model : maker, says_maker ? NULL : model, NULL);

    return probe_report_text(report, camera);
}

bool
probe_file(int file, const char *name, ProbeReport *report, GError **error)
{
    uint8_t head[32];
    ssize_t size = pread(file, head, sizeof head, 0);

    if (size <= 0) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                            size == 0 ? "it is empty" : "it cannot be read");
        return false;
    }
    if (probe_image_is(head, (size_t)size))
        return probe_image(file, report, error);
    return probe_av(file, name, report, error);
}
