/* sidecar.c -- see sidecar.h */
#include "model/sidecar.h"

#include <string.h>

static const char *const kind_names[SIDECAR_N] = { "subtitle", "lyrics", "cover", "playlist",
                                                  "poster" };

static const struct {
    const char *ending, *format;
    SidecarKind kind;
} endings[] = {
    { "srt", "srt", SIDECAR_SUBTITLE },    { "ass", "ass", SIDECAR_SUBTITLE },
    { "ssa", "ssa", SIDECAR_SUBTITLE },    { "vtt", "vtt", SIDECAR_SUBTITLE },
    { "smi", "smi", SIDECAR_SUBTITLE },    { "sup", "pgs", SIDECAR_SUBTITLE },
    { "sub", "sub", SIDECAR_SUBTITLE }, /* MicroDVD, or the pictures of a VobSub */
    { "idx", "vobsub", SIDECAR_SUBTITLE }, { "lrc", "lrc", SIDECAR_LYRICS },
    { "m3u", "m3u", SIDECAR_PLAYLIST },    { "m3u8", "m3u", SIDECAR_PLAYLIST },
    { "pls", "pls", SIDECAR_PLAYLIST },    { "xspf", "xspf", SIDECAR_PLAYLIST },
    { "asx", "asx", SIDECAR_PLAYLIST },    { "wax", "asx", SIDECAR_PLAYLIST },
    { "wvx", "asx", SIDECAR_PLAYLIST },    { "cue", "cue", SIDECAR_PLAYLIST },
};

/* How the names of covers begin, the best first, and their endings. */
static const char *const covers[] = { "cover", "folder", "front", "albumart", "poster",
                                      "fanart", "backdrop", "banner" };
static const char *const cover_endings[] = { "jpg", "jpeg", "png", "webp" };
/* How the names of posters go on after their film's, the best first. */
static const char *const posters[] = { "-poster", "-cover", "-folder", "-thumb", "-landscape",
                                       "-fanart", "-banner" };

static const char *
ending_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot != NULL && dot != name ? dot + 1 : "";
}

static bool
has_cover_ending(const char *name)
{
    const char *ending = ending_of(name);
    bool is_picture = false;

    for (guint i = 0; i < G_N_ELEMENTS(cover_endings); i++)
        is_picture = is_picture || g_ascii_strcasecmp(ending, cover_endings[i]) == 0;
    return is_picture;
}

/* The row of covers[], or -1: the word alone, but for AlbumArt_{...}_Large.jpg and its like. */
static int
cover_row(const char *name)
{
    const char *ending = ending_of(name);
    bool is_picture = has_cover_ending(name);

    for (guint i = 0; is_picture && i < G_N_ELEMENTS(covers); i++) {
        gsize length = strlen(covers[i]);
        bool is_free = g_str_equal(covers[i], "albumart");
        if (g_ascii_strncasecmp(name, covers[i], length) == 0 &&
            (name + length + 1 == ending || is_free))
            return (int)i;
    }
    return -1;
}

/* The row of posters[], or -1. */
static int
poster_row(const char *name)
{
    gsize stem = sidecar_stem(name);

    for (guint i = 0; i < G_N_ELEMENTS(posters) && has_cover_ending(name); i++) {
        gsize length = strlen(posters[i]);
        if (stem > length && g_ascii_strncasecmp(name + stem - length, posters[i], length) == 0)
            return (int)i;
    }
    return -1;
}

static int
ending_row(const char *name)
{
    const char *ending = ending_of(name);

    for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_ascii_strcasecmp(endings[i].ending, ending) == 0)
            return (int)i;
    return -1;
}

bool
sidecar_kind(const char *name, SidecarKind *kind)
{
    int row = ending_row(name);

    if (row >= 0)
        *kind = endings[row].kind;
    else if (cover_row(name) >= 0)
        *kind = SIDECAR_COVER;
    else if (poster_row(name) >= 0)
        *kind = SIDECAR_POSTER;
    else
        return false;
    return true;
}

const char *
sidecar_kind_name(SidecarKind kind)
{
    return kind_names[kind];
}

const char *
sidecar_format(const char *name)
{
    int row = ending_row(name);

    return row >= 0 ? endings[row].format : ending_of(name);
}

gsize
sidecar_stem(const char *item)
{
    const char *dot = strrchr(item, '.');

    return dot != NULL && dot != item ? (gsize)(dot - item) : strlen(item);
}

/* Two or three letters, and what may follow them: "en", "chi", "zh-Hant", "pt_BR". */
static bool
is_language(const char *text, gsize length)
{
    gsize letters = 0;

    while (letters < length && g_ascii_isalpha(text[letters]))
        letters++;
    return (letters == 2 || letters == 3) &&
           (letters == length || text[letters] == '-' || text[letters] == '_');
}

bool
sidecar_belongs(const char *name, const char *item, char **language)
{
    gsize stem = sidecar_stem(item), end = sidecar_stem(name);

    if (end < stem || strncmp(name, item, stem) != 0)
        return false;
    const char *between = name + stem;
    gsize length = end - stem;
    bool is_told = length > 1 && is_language(between + 1, length - 1);
    /* "Film 2.srt" is not of "Film.mkv" */
    if (length > 0 && between[0] != '.' && !(is_told && strchr("-_", between[0]) != NULL))
        return false;
    if (language != NULL) {
        g_autofree char *valid =
            length > 1 ? g_utf8_make_valid(between + 1, (gssize)length - 1) : NULL;
        *language = g_steal_pointer(&valid);
    }
    return true;
}

bool
sidecar_is_disc(const char *folder)
{
    static const char *const words[] = { "cd", "disc", "disk" };

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize length = strlen(words[i]);
        if (g_ascii_strncasecmp(folder, words[i], length) != 0)
            continue;
        const char *number = folder + length + strspn(folder + length, " ._-#");
        gsize digits = strspn(number, "0123456789");
        return (digits == 1 || digits == 2) && !g_ascii_isalnum(number[digits]);
    }
    return false;
}

static int
cover_rank(const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash != NULL ? cover_row(slash + 1) + (int)G_N_ELEMENTS(covers) : cover_row(name);
}

int
sidecar_compare_covers(const char *a, const char *b)
{
    int difference = cover_rank(a) - cover_rank(b);

    return difference != 0 ? difference : strcmp(a, b);
}

bool
sidecar_is_poster_of(const char *name, const char *item, int *rank)
{
    gsize stem = sidecar_stem(item);

    *rank = poster_row(name);
    return *rank >= 0 && strncmp(name, item, stem) == 0 &&
           sidecar_stem(name) == stem + strlen(posters[*rank]);
}
