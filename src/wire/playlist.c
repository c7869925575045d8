/* playlist.c -- see playlist.h */
#define _GNU_SOURCE /* strsep() */
#include "wire/playlist.h"

#include "base/text.h"

#include <string.h>

#define PATH_BYTES_MAX 4096
#define TEXT_BYTES_MAX 1024 /* of a cue sheet's titles and names */
#define TRACKS_MAX 999      /* of a cue sheet */

static void
entry_free(gpointer data)
{
    PlaylistEntry *entry = data;

    g_free(entry->path);
    g_free(entry->title);
    g_free(entry->artist);
    g_free(entry->album);
    g_free(entry->performer);
    g_free(entry->genre);
    g_free(entry->date);
    g_free(entry);
}

/* Takes path over. */
static PlaylistEntry *
add(GPtrArray *entries, char *path)
{
    g_autofree char *own = path;

    if (own == NULL || own[0] == '\0' || strlen(own) > PATH_BYTES_MAX ||
        entries->len >= PLAYLIST_ENTRIES_MAX)
        return NULL;
    PlaylistEntry *entry = g_new0(PlaylistEntry, 1);
    entry->path = g_steal_pointer(&own);
    g_ptr_array_add(entries, entry);
    return entry;
}

/* -- Lists of lines ---------------------------------------------------------------------------- */

static void
take_m3u_line(GPtrArray *entries, char *line, char **title)
{
    if (g_str_has_prefix(line, "#EXTINF:")) {
        const char *comma = strchr(line, ',');
        g_free(*title);
        *title = comma != NULL ? text_clean(comma + 1) : NULL;
    } else if (line[0] != '#') {
        PlaylistEntry *entry = add(entries, g_strdup(line));
        if (entry != NULL)
            entry->title = g_steal_pointer(title);
    }
}

/* "File3=..."; Title and Length lines say nothing that the file does not. */
static void
take_pls_line(GPtrArray *entries, char *line, char **title)
{
    const char *equals = strchr(line, '=');

    if (equals != NULL && g_ascii_strncasecmp(line, "file", 4) == 0 && g_ascii_isdigit(line[4]))
        add(entries, g_strdup(equals + 1));
}

static void
decode_lines(GPtrArray *entries, char *text,
             void (*take)(GPtrArray *entries, char *line, char **title))
{
    g_autofree char *title = NULL;
    char *rest = text, *line;

    while ((line = strsep(&rest, "\r\n")) != NULL) {
        g_strstrip(line);
        if (line[0] != '\0')
            take(entries, line, &title);
    }
}

/* -- Cue sheets -------------------------------------------------------------------------------- */

/* The value of a command: between quotes, or the next word; the caller's. */
static char *
cue_value(const char *text)
{
    text += strspn(text, " \t");
    if (text[0] == '"') {
        const char *end = strchr(text + 1, '"');
        return end != NULL ? g_strndup(text + 1, (gsize)(end - text - 1)) : g_strdup(text + 1);
    }
    return g_strndup(text, strcspn(text, " \t"));
}

/* MM:SS:FF, 75 frames a second; -1: it is not. */
static int64_t
cue_time_ms(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 4);
    uint32_t minutes, seconds, frames;

    if (g_strv_length(parts) != 3 || !text_to_u32(parts[0], 0, 100000, &minutes) ||
        !text_to_u32(parts[1], 0, 59, &seconds) || !text_to_u32(parts[2], 0, 74, &frames))
        return -1;
    return ((int64_t)minutes * 60 + seconds) * 1000 + (int64_t)frames * 1000 / 75;
}

/* What is told before the first track is of all of them. */
typedef struct {
    char *file, *album, *performer, *genre, *date;
    PlaylistEntry *entry; /* the track that is told of; NULL: none yet */
} CueSheet;

static void
cue_sheet_clear(CueSheet *sheet)
{
    g_free(sheet->file);
    g_free(sheet->album);
    g_free(sheet->performer);
    g_free(sheet->genre);
    g_free(sheet->date);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CueSheet, cue_sheet_clear)

static void
set_text(char **text, const char *value)
{
    g_autofree char *plain = cue_value(value);

    if (strlen(plain) > TEXT_BYTES_MAX)
        plain[TEXT_BYTES_MAX] = '\0'; /* half a letter at its end is mended below */
    g_free(*text);
    *text = text_clean(plain);
}

static void
take_file(CueSheet *sheet, GPtrArray *entries, const char *value)
{
    g_free(sheet->file);
    sheet->file = cue_value(value);
    sheet->entry = NULL;
}

static void
take_track(CueSheet *sheet, GPtrArray *entries, const char *value)
{
    PlaylistEntry *entry = sheet->file != NULL && entries->len < TRACKS_MAX
                               ? add(entries, g_strdup(sheet->file)) : NULL;

    sheet->entry = entry;
    if (entry == NULL)
        return;
    value += strspn(value, " \t");
    entry->track = (int)(g_ascii_strtoull(value, NULL, 10) % 1000);
    if (entry->track == 0)
        entry->track = (int)entries->len;
    entry->artist = g_strdup(sheet->performer);
    entry->performer = g_strdup(sheet->performer);
    entry->album = g_strdup(sheet->album);
    entry->genre = g_strdup(sheet->genre);
    entry->date = g_strdup(sheet->date);
}

static void
take_title(CueSheet *sheet, GPtrArray *entries, const char *value)
{
    set_text(sheet->entry != NULL ? &sheet->entry->title : &sheet->album, value);
}

static void
take_performer(CueSheet *sheet, GPtrArray *entries, const char *value)
{
    set_text(sheet->entry != NULL ? &sheet->entry->artist : &sheet->performer, value);
}

static void
take_index(CueSheet *sheet, GPtrArray *entries, const char *value)
{
    g_autofree char *number = cue_value(value);

    value += strspn(value, " \t");
    value += strcspn(value, " \t");
    g_autofree char *time = cue_value(value);
    if (sheet->entry != NULL && (strcmp(number, "01") == 0 || strcmp(number, "1") == 0))
        sheet->entry->start_ms = MAX(cue_time_ms(time), 0);
}

/* What rippers say beyond the standard: "REM GENRE Rock". */
static void
take_remark(CueSheet *sheet, GPtrArray *entries, const char *value)
{
    g_autofree char *what = cue_value(value);

    value += strspn(value, " \t");
    value += strcspn(value, " \t");
    if (g_ascii_strcasecmp(what, "GENRE") == 0)
        set_text(&sheet->genre, value);
    else if (g_ascii_strcasecmp(what, "DATE") == 0)
        set_text(&sheet->date, value);
}

static const struct {
    const char *command;
    void (*take)(CueSheet *sheet, GPtrArray *entries, const char *value);
} cue_commands[] = {
    { "FILE", take_file },           { "TRACK", take_track }, { "TITLE", take_title },
    { "PERFORMER", take_performer }, { "INDEX", take_index }, { "REM", take_remark },
};

static void
decode_cue(GPtrArray *entries, char *text)
{
    g_auto(CueSheet) sheet = { 0 };
    char *rest = text, *line;

    while ((line = strsep(&rest, "\r\n")) != NULL) {
        g_strstrip(line);
        gsize length = strcspn(line, " \t");
        for (guint i = 0; i < G_N_ELEMENTS(cue_commands); i++)
            if (strlen(cue_commands[i].command) == length &&
                g_ascii_strncasecmp(line, cue_commands[i].command, length) == 0)
                cue_commands[i].take(&sheet, entries, line + length);
    }
}

/* -- Lists in tags: XSPF, and ASX, which is seldom XML ------------------------------------------- */

static const struct {
    const char *name;
    char letter;
} entities[] = {
    { "amp;", '&' }, { "lt;", '<' }, { "gt;", '>' }, { "quot;", '"' }, { "apos;", '\'' }
};

/* The caller's. */
static char *
unescape(const char *text, gsize size)
{
    GString *plain = g_string_sized_new(size);

    for (const char *p = text, *end = text + size; p < end; p++) {
        gsize left = (gsize)(end - p - 1), taken = 0;
        gunichar number = 0;
        for (guint i = 0; *p == '&' && i < G_N_ELEMENTS(entities) && taken == 0; i++) {
            gsize length = strlen(entities[i].name);
            if (left >= length && g_ascii_strncasecmp(p + 1, entities[i].name, length) == 0) {
                g_string_append_c(plain, entities[i].letter);
                taken = length;
            }
        }
        if (*p == '&' && taken == 0 && left > 2 && p[1] == '#') {
            bool is_hex = p[2] == 'x' || p[2] == 'X';
            gsize at = is_hex ? 2 : 1;
            while (++at <= left && g_ascii_isxdigit(p[at]) && number < 0x110000)
                number = number * (is_hex ? 16 : 10) + (gunichar)g_ascii_xdigit_value(p[at]);
            if (at <= left && p[at] == ';' && number != 0 && g_unichar_validate(number)) {
                g_string_append_unichar(plain, number);
                taken = at;
            }
        }
        if (taken == 0)
            g_string_append_c(plain, *p);
        p += taken;
    }
    return g_string_free(plain, FALSE);
}

/* What stands between this tag and the next; the caller's. */
static char *
content(const char *after)
{
    const char *end = strchr(after, '<');
    g_autofree char *text =
        unescape(after, end != NULL ? (gsize)(end - after) : strlen(after));

    return g_strdup(g_strstrip(text));
}

/* The value of an attribute of the tag that ends at end; the caller's, or NULL. */
static char *
attribute(const char *tag, const char *end, const char *name)
{
    gsize length = strlen(name);

    for (const char *p = tag; p + length < end; p++) {
        if (!g_ascii_isspace(p[0]) || g_ascii_strncasecmp(p + 1, name, length) != 0)
            continue;
        const char *value = p + 1 + length;
        value += strspn(value, " \t\r\n");
        if (*value++ != '=')
            continue;
        value += strspn(value, " \t\r\n");
        char quote = *value == '"' || *value == '\'' ? *value++ : '\0';
        const char *stop = value;
        while (stop < end && (quote != '\0' ? *stop != quote : !g_ascii_isspace(*stop)))
            stop++;
        return stop >= value && value <= end ? unescape(value, (gsize)(stop - value)) : NULL;
    }
    return NULL;
}

static bool
is_tag(const char *tag, const char *name)
{
    gsize length = strlen(name);

    return g_ascii_strncasecmp(tag, name, length) == 0 &&
           (g_ascii_isspace(tag[length]) || tag[length] == '>' || tag[length] == '/');
}

/* XSPF: what a track says before and after its location. */
static void
decode_tags(GPtrArray *entries, const char *text, bool is_asx)
{
    g_autofree char *title = NULL, *artist = NULL;
    PlaylistEntry *entry = NULL;
    const char *tag, *end;

    for (; (tag = strchr(text, '<')) != NULL; text = end) {
        tag++;
        if (g_str_has_prefix(tag, "!--")) {
            end = strstr(tag, "-->");
            if (end == NULL)
                return;
            continue;
        }
        end = strchr(tag, '>');
        if (end == NULL)
            return;
        if (is_asx && is_tag(tag, "ref")) {
            add(entries, attribute(tag, end, "href"));
        } else if (!is_asx && is_tag(tag, "location")) {
            entry = add(entries, content(end + 1));
        } else if (!is_asx && is_tag(tag, "title")) {
            g_free(title);
            title = content(end + 1);
        } else if (!is_asx && is_tag(tag, "creator")) {
            g_free(artist);
            artist = content(end + 1);
        } else if (is_tag(tag, "track") || is_tag(tag, "/track")) {
            if (entry != NULL && tag[0] == '/') {
                entry->title = title != NULL ? text_clean(title) : NULL;
                entry->artist = artist != NULL ? text_clean(artist) : NULL;
            }
            g_clear_pointer(&title, g_free);
            g_clear_pointer(&artist, g_free);
            entry = NULL;
        }
    }
}

/* -- The format -------------------------------------------------------------------------------- */

static const struct {
    const char *ending;
    PlaylistFormat format;
} endings[] = {
    { ".m3u", PLAYLIST_M3U },   { ".m3u8", PLAYLIST_M3U }, { ".pls", PLAYLIST_PLS },
    { ".xspf", PLAYLIST_XSPF }, { ".asx", PLAYLIST_ASX },  { ".wax", PLAYLIST_ASX },
    { ".wvx", PLAYLIST_ASX },   { ".cue", PLAYLIST_CUE },
};

bool
playlist_format(const char *name, PlaylistFormat *format)
{
    const char *dot = strrchr(name, '.');

    for (guint i = 0; dot != NULL && i < G_N_ELEMENTS(endings); i++) {
        if (g_ascii_strcasecmp(dot, endings[i].ending) == 0) {
            *format = endings[i].format;
            return true;
        }
    }
    return false;
}

/* Without a mark of its encoding; what is not UTF-8 is taken for GB18030, where that makes sense:
 * names on the disk are UTF-8 today, and were that when the list was made. Else as it is. */
static char *
plain_text(const char *text, gsize size)
{
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        return g_strndup(text + 3, size - 3);
    char *plain = g_strndup(text, size);
    if (g_utf8_validate(plain, -1, NULL))
        return plain;
    char *converted = g_convert(plain, -1, "UTF-8", "GB18030", NULL, NULL, NULL);
    if (converted == NULL)
        return plain;
    g_free(plain);
    return converted;
}

GPtrArray *
playlist_decode(PlaylistFormat format, const char *text, gsize size)
{
    GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
    g_autofree char *plain = plain_text(text, MIN(size, PLAYLIST_SIZE_MAX));

    switch (format) {
    case PLAYLIST_M3U:
        decode_lines(entries, plain, take_m3u_line);
        break;
    case PLAYLIST_PLS:
        decode_lines(entries, plain, take_pls_line);
        break;
    case PLAYLIST_XSPF:
    case PLAYLIST_ASX:
        decode_tags(entries, plain, format == PLAYLIST_ASX);
        break;
    case PLAYLIST_CUE:
        decode_cue(entries, plain);
        break;
    }
    return entries;
}

/* "C:\Music\x.mp3" cannot be found here but below the list; drives are dropped. */
char *
playlist_resolve(const char *path, const char *folder)
{
    g_autofree char *own = NULL;
    const char *scheme = strstr(path, "://");

    if (g_ascii_strncasecmp(path, "file://", 7) == 0) {
        own = g_filename_from_uri(path, NULL, NULL);
        if (own == NULL)
            return NULL;
    } else if (scheme != NULL && scheme > path) {
        return NULL;
    } else {
        own = g_strdup(path);
    }
    if (g_ascii_isalpha(own[0]) && own[1] == ':' && (own[2] == '\\' || own[2] == '/'))
        memmove(own, own + 3, strlen(own + 3) + 1);
    if (strchr(own, '/') == NULL)
        g_strdelimit(own, "\\", '/');
    return own[0] != '\0' ? g_canonicalize_filename(own, folder) : NULL;
}
