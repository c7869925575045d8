/* subtitle-packets.c -- the words of a film's own track, one packet at a time; see subtitles.h
 *
 * SubRip and WebVTT are in packets as between their times; of ASS there is what follows the times
 * of an event (Matroska, "Subtitles": ReadOrder, Layer, Style, Name, three margins, Effect, Text);
 * 3GPP's timed text (TS 26.245, 5.17) begins with its length and ends with boxes of styles. */
#include "wire/subtitles-room.h"

#include <string.h>

#define TEXT_SIZE_MAX (SUBTITLES_SIZE_MAX / 2) /* the other half is for times */
#define EVENT_FIELDS 8                         /* before the text of an event */

typedef struct {
    const char *text;
    gsize size;
} Span;

static bool
find_all(Span *span)
{
    return span->size > 0;
}

static bool
find_event(Span *span)
{
    for (int i = 0; i < EVENT_FIELDS; i++) {
        const char *comma = memchr(span->text, ',', span->size);
        if (comma == NULL)
            return false;
        span->size -= (gsize)(comma + 1 - span->text);
        span->text = comma + 1;
    }
    return true;
}

static bool
find_counted(Span *span)
{
    gsize length =
        span->size >= 2 ? (gsize)(uint8_t)span->text[0] << 8 | (uint8_t)span->text[1] : 0;

    if (length == 0 || length > span->size - 2)
        return false;
    *span = (Span){ span->text + 2, length };
    return true;
}

static const struct {
    const char *codec; /* as libavcodec names it */
    bool (*find)(Span *span); /* the words in a packet; false: there are none */
    SubtitleWords words;
} codecs[] = {
    { "subrip", find_all, WORDS_SRT },   { "text", find_all, WORDS_SRT },
    { "webvtt", find_all, WORDS_VTT },   { "ass", find_event, WORDS_ASS },
    { "ssa", find_event, WORDS_ASS },    { "mov_text", find_counted, WORDS_SRT },
};

static int
row_of(const char *codec)
{
    for (guint i = 0; i < G_N_ELEMENTS(codecs); i++)
        if (g_strcmp0(codecs[i].codec, codec) == 0)
            return (int)i;
    return -1;
}

bool
subtitles_reads_codec(const char *codec)
{
    return row_of(codec) >= 0;
}

void
subtitles_add_packet(Subtitles *subtitles, const char *codec, const uint8_t *data, gsize size,
                     int64_t start_ms, int64_t end_ms)
{
    Span span = { (const char *)data, size };
    int row = row_of(codec);

    if (row < 0 || !codecs[row].find(&span))
        return;
    const char *nul = memchr(span.text, 0, span.size); /* some writers end with one */
    span.size = nul != NULL ? (gsize)(nul - span.text) : span.size;
    if (span.size > TEXT_SIZE_MAX - subtitles->text_size ||
        !g_utf8_validate(span.text, (gssize)span.size, NULL))
        return;
    subtitles->text_size += span.size;
    subtitles_add_cue(subtitles, start_ms,
                      end_ms > start_ms ? end_ms : start_ms + SUBTITLES_LAST_MS,
                      subtitle_words_read(span.text, span.size, codecs[row].words));
}
