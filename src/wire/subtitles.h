/* subtitles.h -- the words under a film and when they are said: SubRip, WebVTT, ASS, SAMI
 *
 * What is left of any of them is what all players show: time, words, lines, and which of them are
 * italic, bold or underlined; places, colours and fonts are not kept. Read are WebVTT (W3C, 4.2 and
 * 4.3), SubRip as its many writers write it, ASS and SSA's events, SAMI's SYNCs; written are SubRip
 * and WebVTT. The packets of a film's own tracks are read one by one. A pure codec; texts are
 * UTF-8. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SUBTITLES_SIZE_MAX (8 * 1024 * 1024)

typedef struct {
    int64_t start_ms, end_ms; /* end after start */
    char *text;               /* lines parted by '\n', with <i>, <b>, <u>; the list's */
} SubtitleCue;

typedef struct Subtitles Subtitles;

/* format: "srt", "vtt", "ass", "ssa" or "smi", as model/sidecar.h names them. What makes no sense
 * is left out; cues come in the order of their beginning. NULL with DUO_ERROR_UNSUPPORTED (another
 * format), DUO_ERROR_INVALID (too large, or there is not one cue in it). */
Subtitles         *subtitles_decode(const char *text, gsize size, const char *format,
                                    GError **error);
void               subtitles_free(Subtitles *subtitles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Subtitles, subtitles_free)

guint              subtitles_count(const Subtitles *subtitles);
const SubtitleCue *subtitles_get(const Subtitles *subtitles, guint index);

/* All is said so much earlier; what would be over by the beginning is left out. */
void               subtitles_bring_forward(Subtitles *subtitles, int64_t by_ms);

/* Are these written? "srt", "vtt" */
bool               subtitles_can_encode(const char *format);
/* Read again, it is the same. format: one that can be written. */
GString           *subtitles_encode(const Subtitles *subtitles, const char *format);

/* -- A film's own track, packet by packet (subtitle-packets.c) ---------------------------------- */

/* Whether packets of that codec, as libavcodec names it, are words: "subrip", "ass",
 * "mov_text"... */
bool               subtitles_reads_codec(const char *codec);
/* One with no cues, to add to. */
Subtitles         *subtitles_new(void);
/* The words of one packet; an end that is not after the start stands for "not known". What makes no
 * sense is left out, and all that is beyond SUBTITLES_SIZE_MAX when it is written. */
void               subtitles_add_packet(Subtitles *subtitles, const char *codec,
                                        const uint8_t *data, gsize size, int64_t start_ms,
                                        int64_t end_ms);
/* After the last packet: cues come in the order of their beginning. */
void               subtitles_sort(Subtitles *subtitles);
