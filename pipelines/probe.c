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
}

const char *
probe_report_text(ProbeReport *report, const char *text)
{
    g_autofree char *clean = text_clean(text);

    if (clean == NULL || *g_strstrip(clean) == '\0')
        return NULL;
    return g_string_chunk_insert(report->texts, clean);
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
