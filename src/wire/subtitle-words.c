/* subtitle-words.c -- see subtitle-words.h */
#include "wire/subtitle-words.h"

#include <stdbool.h>
#include <string.h>

#define PASSES_MAX 4

static const char *const styles[] = { "i", "b", "u" };

/* Which of styles[] the tag is: </i> is 0, with *is_end; -1: none of them. */
static int
style_of(const char *tag, gsize size, bool *is_end)
{
    *is_end = size > 0 && tag[0] == '/';
    tag += *is_end;
    size -= *is_end;
    for (guint i = 0; i < G_N_ELEMENTS(styles); i++)
        if (size >= 1 && g_ascii_tolower(tag[0]) == styles[i][0] &&
            (size == 1 || tag[1] == '.' || tag[1] == ' ')) /* WebVTT: classes behind a dot */
            return (int)i;
    return -1;
}

static const struct {
    const char *name, *text;
} entities[] = {
    { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&nbsp;", " " }, { "&quot;", "\"" },
    { "&lrm;", "" },  { "&rlm;", "" },
};

/* The length of the entity at text, whose meaning is added; 0: there is none. */
static gsize
take_entity(GString *out, const char *text, gsize size)
{
    for (guint i = 0; i < G_N_ELEMENTS(entities); i++) {
        gsize length = strlen(entities[i].name);
        if (size >= length && g_ascii_strncasecmp(text, entities[i].name, length) == 0) {
            g_string_append(out, entities[i].text);
            return length;
        }
    }
    return 0;
}

/* "<i>", "</font>", and WebVTT's "<00:01.500>". */
static bool
is_tag(const char *text, gsize size, SubtitleWords words)
{
    return size >= 3 && (g_ascii_isalpha(text[1]) || text[1] == '/' ||
                         (words == WORDS_VTT && g_ascii_isdigit(text[1])));
}

/* The tag at text, of which styles alone are kept, SAMI's <br> is a line's end and the rest is
 * nothing; its length, 0: that is no tag. */
static gsize
take_tag(GString *out, const char *text, gsize size, SubtitleWords words, bool *is_open)
{
    const char *end = memchr(text, '>', size);
    bool is_end;

    if (end == NULL || !is_tag(text, size, words))
        return 0;
    gsize length = (gsize)(end - text) - 1;
    int style = style_of(text + 1, length, &is_end);
    if (g_ascii_strncasecmp(text + 1, "br", 2) == 0) {
        g_string_append_c(out, '\n');
    } else if (style >= 0 && is_open[style] == is_end) {
        g_string_append_printf(out, "<%s%s>", is_end ? "/" : "", styles[style]);
        is_open[style] = !is_end;
    }
    return length + 2;
}

/* ASS: "{\i1\b0}" turns styles on and off, other braces mean nothing to us; the length. */
static gsize
take_override(GString *out, const char *text, gsize size, bool *is_open)
{
    const char *end = memchr(text, '}', size);

    if (end == NULL)
        return 0;
    for (const char *c = text; c + 2 < end; c++) {
        bool is_switch = c[0] == '\\' && (c[2] == '0' || c[2] == '1') &&
                         !g_ascii_isalnum(c[3]);
        for (guint i = 0; is_switch && i < G_N_ELEMENTS(styles); i++)
            if (c[1] == styles[i][0] && is_open[i] != (c[2] == '1')) {
                g_string_append_printf(out, "<%s%s>", is_open[i] ? "/" : "", styles[i]);
                is_open[i] = !is_open[i];
            }
    }
    return (gsize)(end - text) + 1;
}

/* ASS: "\N" and "\n" end a line, "\h" is a space; the length. */
static gsize
take_escape(GString *out, const char *text, gsize size)
{
    if (size < 2 || strchr("Nnh", text[1]) == NULL)
        return 0;
    g_string_append_c(out, text[1] == 'h' ? ' ' : '\n');
    return 2;
}

/* What stands at text as other than itself; its length, 0: nothing does. */
static gsize
take_special(GString *out, const char *text, gsize size, SubtitleWords words, bool *is_open)
{
    switch (*text) {
    case '<':
        return take_tag(out, text, size, words, is_open);
    case '&':
        return words == WORDS_VTT || words == WORDS_SAMI ? take_entity(out, text, size) : 0;
    case '{': /* the others' writers copy these from ASS */
        return words == WORDS_ASS || (size > 1 && text[1] == '\\')
                   ? take_override(out, text, size, is_open) : 0;
    case '\\':
        return words == WORDS_ASS ? take_escape(out, text, size) : 0;
    default:
        return 0;
    }
}

/* Lines of nothing would end a cue: they go. An arrow would begin one. */
static char *
strip_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);

    for (char **line = lines; *line != NULL; line++)
        if (*g_strstrip(*line) != '\0')
            g_string_append_printf(out, "%s%s", out->len > 0 ? "\n" : "", *line);
    g_string_replace(out, "-->", "\u2192", 0);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *
read_once(const char *text, gsize size, SubtitleWords words)
{
    g_autoptr(GString) out = g_string_new(NULL);
    bool is_open[G_N_ELEMENTS(styles)] = { false };

    for (gsize at = 0; at < size;) {
        gsize taken = take_special(out, text + at, size - at, words, is_open);
        if (taken == 0 && text[at] != '\r')
            g_string_append_c(out, text[at]);
        at += MAX(taken, 1);
    }
    while (out->len > 0 && g_ascii_isspace(out->str[out->len - 1]))
        g_string_truncate(out, out->len - 1);
    for (guint i = 0; i < G_N_ELEMENTS(styles); i++)
        if (is_open[i])
            g_string_append_printf(out, "</%s>", styles[i]);
    return strip_lines(out->str);
}

char *
subtitle_words_read(const char *text, gsize size, SubtitleWords words)
{
    char *read = read_once(text, size, words);
    bool is_plain = false;

    /* What was left out may have torn something apart that now looks like a tag. */
    for (int i = 0; i < PASSES_MAX && !is_plain; i++) {
        char *again = read_once(read, strlen(read), WORDS_SRT);
        is_plain = strcmp(again, read) == 0;
        g_free(read);
        read = again;
    }
    if (is_plain)
        return read;
    char *bare = strip_lines(g_strdelimit(read, "<{", ' '));
    g_free(read);
    return bare;
}

bool
subtitle_words_are_none(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<' && text[1] != '\0' &&
            (text[2] == '>' || (text[1] == '/' && text[3] == '>')))
            text = strchr(text, '>');
        else if (!g_ascii_isspace(*text))
            return false;
    }
    return true;
}

/* One of ours, and no words that look like one? */
static bool
is_tag_at(const char *text)
{
    bool is_end;
    gsize size = strcspn(text, ">");

    return text[size] == '>' && size <= 3 && style_of(text + 1, size - 1, &is_end) >= 0 &&
           size == (is_end ? 3u : 2u);
}

void
subtitle_words_escape(GString *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            g_string_append(out, "&amp;");
        else if (*text == '<' && !is_tag_at(text))
            g_string_append(out, "&lt;");
        else
            g_string_append_c(out, *text);
    }
}
