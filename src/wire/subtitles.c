/* subtitles.c -- see subtitles.h */
#include "wire/subtitles-room.h"

#include "base/error.h"

#include <string.h>

#define CUES_MAX 100000
#define DAY_MS (24 * 3600 * 1000) /* and no film is longer */

/* A file, read line by line. */
typedef struct {
    const char *at, *end;
} Lines;

static void
cue_clear(gpointer data)
{
    g_free(((SubtitleCue *)data)->text);
}

void
subtitles_add_cue(Subtitles *subtitles, int64_t start_ms, int64_t end_ms, char *text)
{
    SubtitleCue cue = { start_ms, end_ms, text };

    if (start_ms >= 0 && end_ms > start_ms && end_ms < DAY_MS && !subtitle_words_are_none(text) &&
        subtitles->cues->len < CUES_MAX)
        g_array_append_val(subtitles->cues, cue);
    else
        g_free(text);
}

/* -- Lines and times --------------------------------------------------------------------------- */

static bool
next_line(Lines *lines, const char **line, gsize *size)
{
    if (lines->at >= lines->end)
        return false;
    const char *end = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    *line = lines->at;
    *size = (gsize)((end != NULL ? end : lines->end) - lines->at);
    lines->at += *size + (end != NULL);
    if (*size > 0 && (*line)[*size - 1] == '\r')
        (*size)--;
    return true;
}

static bool
is_blank(const char *line, gsize size)
{
    while (size > 0 && g_ascii_isspace(line[size - 1]))
        size--;
    return size == 0;
}

/* "1:02:03,5", "02:03.450": how much of text it takes; 0: that is no time. */
static gsize
read_time(const char *text, gsize size, int64_t *ms)
{
    int64_t seconds = 0, field = 0, unit = 1000, part = 0;
    gsize at = 0, digits = 0;
    guint colons = 0;

    for (; at < size && (g_ascii_isdigit(text[at]) || text[at] == ':') && digits < 4; at++) {
        bool is_colon = text[at] == ':';
        colons += is_colon;
        seconds = is_colon ? (seconds + field) * 60 : seconds;
        field = is_colon ? 0 : field * 10 + (text[at] - '0');
        digits = is_colon ? 0 : digits + 1;
    }
    if (colons == 0 || colons > 2 || digits == 0)
        return 0;
    if (at < size && (text[at] == ',' || text[at] == '.'))
        for (at++; at < size && g_ascii_isdigit(text[at]); at++)
            part += (text[at] - '0') * (unit /= 10);
    *ms = (seconds + field) * 1000 + part;
    return *ms < DAY_MS ? at : 0;
}

static gsize
skip_spaces(const char *text, gsize size)
{
    gsize at = 0;

    while (at < size && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at;
}

/* "00:01:02,500 --> 00:01:04,000 ...": the times, or false. */
static bool
read_arrow(const char *line, gsize size, int64_t *start_ms, int64_t *end_ms)
{
    gsize at = skip_spaces(line, size);
    gsize taken = read_time(line + at, size - at, start_ms);

    at += taken;
    at += skip_spaces(line + at, size - at);
    if (taken == 0 || size - at < 3 || strncmp(line + at, "-->", 3) != 0)
        return false;
    at += 3;
    at += skip_spaces(line + at, size - at);
    return read_time(line + at, size - at, end_ms) > 0;
}

/* -- SubRip and WebVTT: blocks ----------------------------------------------------------------- */

/* The number that stands before the next cue, where no empty line parts them. */
static void
drop_number(GString *words)
{
    gsize at = words->len > 0 ? words->len - 1 : 0; /* behind the last line is a line's end */

    while (at > 0 && g_ascii_isdigit(words->str[at - 1]))
        at--;
    if (words->len > 0 && (at == 0 || words->str[at - 1] == '\n'))
        g_string_truncate(words, at);
}

static void
read_blocks(Subtitles *subtitles, Lines lines, SubtitleWords kind)
{
    g_autoptr(GString) words = g_string_new(NULL);
    int64_t start_ms = -1, end_ms = -1, next_start_ms, next_end_ms;
    const char *line;
    gsize size;
    bool is_cue = false;

    while (next_line(&lines, &line, &size)) {
        bool is_next = read_arrow(line, size, &next_start_ms, &next_end_ms);
        if (is_next && is_cue)
            drop_number(words);
        if (is_cue && (is_next || is_blank(line, size))) {
            subtitles_add_cue(subtitles, start_ms, end_ms,
                              subtitle_words_read(words->str, words->len, kind));
            g_string_truncate(words, 0);
            is_cue = false;
        } else if (is_cue) {
            g_string_append_len(words, line, (gssize)size);
            g_string_append_c(words, '\n');
        }
        if (is_next) {
            is_cue = true;
            start_ms = next_start_ms;
            end_ms = next_end_ms;
        }
    }
    if (is_cue)
        subtitles_add_cue(subtitles, start_ms, end_ms,
                          subtitle_words_read(words->str, words->len, kind));
}

static void
read_srt(Subtitles *subtitles, Lines lines)
{
    read_blocks(subtitles, lines, WORDS_SRT);
}

static void
read_vtt(Subtitles *subtitles, Lines lines)
{
    read_blocks(subtitles, lines, WORDS_VTT);
}

/* -- ASS and SSA: events ----------------------------------------------------------------------- */

typedef struct {
    int start, end, text; /* which of the fields */
} Places;

/* "Format: Layer, Start, End, Style, ..., Text" */
static void
read_format(const char *line, gsize size, Places *places)
{
    g_autofree char *copy = g_strndup(line, size);
    g_auto(GStrv) names = g_strsplit(copy, ",", 32);
    Places found = { -1, -1, -1 };

    for (int i = 0; names[i] != NULL; i++) {
        const char *name = g_strstrip(names[i]);
        int *place = g_str_equal(name, "Start") ? &found.start
                     : g_str_equal(name, "End") ? &found.end
                     : g_str_equal(name, "Text") ? &found.text : NULL;
        if (place != NULL)
            *place = i;
    }
    if (found.start >= 0 && found.end >= 0 && found.text > MAX(found.start, found.end))
        *places = found;
}

/* "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,words, and commas" */
static void
read_event(Subtitles *subtitles, const char *line, gsize size, const Places *places)
{
    int64_t start_ms = -1, end_ms = -1;
    const char *end = line + size;

    for (int i = 0; i < places->text; i++) {
        const char *comma = memchr(line, ',', (size_t)(end - line));
        if (comma == NULL)
            return;
        gsize blank = skip_spaces(line, (gsize)(comma - line));
        int64_t *time = i == places->start ? &start_ms : i == places->end ? &end_ms : NULL;
        if (time != NULL && read_time(line + blank, (gsize)(comma - line) - blank, time) == 0)
            return;
        line = comma + 1;
    }
    subtitles_add_cue(subtitles, start_ms, end_ms,
                      subtitle_words_read(line, (gsize)(end - line), WORDS_ASS));
}

static void
read_ass(Subtitles *subtitles, Lines lines)
{
    static const char format[] = "Format:", dialogue[] = "Dialogue:";
    Places places = { 1, 2, 9 };
    const char *line;
    gsize size;

    while (next_line(&lines, &line, &size)) {
        if (size > strlen(format) && strncmp(line, format, strlen(format)) == 0)
            read_format(line + strlen(format), size - strlen(format), &places);
        else if (size > strlen(dialogue) && strncmp(line, dialogue, strlen(dialogue)) == 0)
            read_event(subtitles, line + strlen(dialogue), size - strlen(dialogue), &places);
    }
}

/* -- SAMI: SYNCs ------------------------------------------------------------------------------- */

/* The next "<SYNC Start=1234 ...>" from at on: where it begins, and in *words what follows it. */
static const char *
find_sync(const char *at, const char *end, int64_t *start_ms, const char **words)
{
    static const char tag[] = "<sync start=";

    for (; end - at > (ptrdiff_t)strlen(tag); at++) {
        if (*at != '<' || g_ascii_strncasecmp(at, tag, strlen(tag)) != 0)
            continue;
        const char *close = memchr(at, '>', (size_t)(end - at));
        const char *digit = at + strlen(tag);
        if (close == NULL)
            return NULL;
        digit += *digit == '"';
        for (*start_ms = 0; digit < close && g_ascii_isdigit(*digit) && *start_ms < DAY_MS; digit++)
            *start_ms = *start_ms * 10 + (*digit - '0');
        *words = close + 1;
        return at;
    }
    return NULL;
}

/* Words stand until the next SYNC, which may be of none ("&nbsp;"). */
static void
read_sami(Subtitles *subtitles, Lines lines)
{
    int64_t start_ms = 0, next_ms = 0;
    const char *words = NULL, *after = NULL;
    const char *sync = find_sync(lines.at, lines.end, &start_ms, &words);

    while (sync != NULL) {
        const char *next = find_sync(words, lines.end, &next_ms, &after);
        const char *end = next != NULL ? next : lines.end;
        g_autofree char *flat = g_strndup(words, (gsize)(end - words));
        g_strdelimit(flat, "\r\n", ' '); /* as in HTML */
        subtitles_add_cue(subtitles, start_ms,
                          next != NULL ? next_ms : start_ms + SUBTITLES_LAST_MS,
                          subtitle_words_read(flat, strlen(flat), WORDS_SAMI));
        sync = next;
        words = after;
        start_ms = next_ms;
    }
}

/* -- Reading ----------------------------------------------------------------------------------- */

static const struct {
    const char *format;
    void (*read)(Subtitles *subtitles, Lines lines);
} readers[] = {
    { "srt", read_srt }, { "vtt", read_vtt },  { "ass", read_ass },
    { "ssa", read_ass }, { "smi", read_sami },
};

static int
compare_cues(gconstpointer a, gconstpointer b)
{
    const SubtitleCue *one = a, *other = b;

    return one->start_ms != other->start_ms ? (one->start_ms < other->start_ms ? -1 : 1)
                                            : strcmp(one->text, other->text);
}

Subtitles *
subtitles_new(void)
{
    Subtitles *subtitles = g_new0(Subtitles, 1);

    subtitles->cues = g_array_new(FALSE, FALSE, sizeof(SubtitleCue));
    g_array_set_clear_func(subtitles->cues, cue_clear);
    return subtitles;
}

void
subtitles_sort(Subtitles *subtitles)
{
    g_array_sort(subtitles->cues, compare_cues);
}

Subtitles *
subtitles_decode(const char *text, gsize size, const char *format, GError **error)
{
    guint row = 0;

    while (row < G_N_ELEMENTS(readers) && g_strcmp0(readers[row].format, format) != 0)
        row++;
    if (row == G_N_ELEMENTS(readers)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                    "subtitles of the kind %s are not read", format);
        return NULL;
    }
    if (size > SUBTITLES_SIZE_MAX || !g_utf8_validate(text, (gssize)size, NULL)) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                            "that is too large for subtitles, or no text");
        return NULL;
    }
    g_autoptr(Subtitles) subtitles = subtitles_new();
    readers[row].read(subtitles, (Lines){ text, text + size });
    subtitles_sort(subtitles);
    if (subtitles->cues->len > 0)
        return g_steal_pointer(&subtitles);
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "nothing is said in these subtitles");
    return NULL;
}

void
subtitles_free(Subtitles *subtitles)
{
    if (subtitles == NULL)
        return;
    g_array_unref(subtitles->cues);
    g_free(subtitles);
}

guint
subtitles_count(const Subtitles *subtitles)
{
    return subtitles->cues->len;
}

const SubtitleCue *
subtitles_get(const Subtitles *subtitles, guint index)
{
    return &g_array_index(subtitles->cues, SubtitleCue, index);
}

void
subtitles_bring_forward(Subtitles *subtitles, int64_t by_ms)
{
    for (guint i = subtitles->cues->len; i > 0; i--) {
        SubtitleCue *cue = &g_array_index(subtitles->cues, SubtitleCue, i - 1);
        cue->start_ms = MAX(cue->start_ms - by_ms, 0);
        cue->end_ms -= by_ms;
        if (cue->end_ms <= 0)
            g_array_remove_index(subtitles->cues, i - 1);
    }
}

/* -- Writing ----------------------------------------------------------------------------------- */

static const struct {
    const char *format, *head;
    char point;      /* before the milliseconds */
    bool is_counted; /* each cue has its number */
    bool is_escaped;
} writers[] = {
    { "srt", "", ',', true, false },
    { "vtt", "WEBVTT\n\n", '.', false, true },
};

static void
write_time(GString *out, int64_t ms, char point)
{
    g_string_append_printf(out, "%02d:%02d:%02d%c%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                           (int)(ms / 1000 % 60), point, (int)(ms % 1000));
}

bool
subtitles_can_encode(const char *format)
{
    for (guint i = 0; i < G_N_ELEMENTS(writers); i++)
        if (g_strcmp0(writers[i].format, format) == 0)
            return true;
    return false;
}

GString *
subtitles_encode(const Subtitles *subtitles, const char *format)
{
    guint row = 0;

    while (strcmp(writers[row].format, format) != 0)
        row++;
    GString *out = g_string_new(writers[row].head);
    for (guint i = 0; i < subtitles->cues->len; i++) {
        const SubtitleCue *cue = subtitles_get(subtitles, i);
        if (writers[row].is_counted)
            g_string_append_printf(out, "%u\n", i + 1);
        write_time(out, cue->start_ms, writers[row].point);
        g_string_append(out, " --> ");
        write_time(out, cue->end_ms, writers[row].point);
        g_string_append_c(out, '\n');
        if (writers[row].is_escaped)
            subtitle_words_escape(out, cue->text);
        else
            g_string_append(out, cue->text);
        g_string_append(out, "\n\n");
    }
    return out;
}
