/* episode-name.c -- see episode-name.h */
#include "media-db/episode-name.h"

#include "base/text.h"

#include <string.h>

#define LABEL_MAX 512 /* bytes that are looked at */

/* How episodes are named, the surest first; s: series, n: season, e: episode. */
static const char *const patterns[] = {
    "^(?<s>.*?)[ ._-]*\\bS(?<n>\\d{1,2})[ ._-]*EP?(?<e>\\d{1,3})\\b",
    "^(?<s>.*?)[ ._-]*\\b(?<n>\\d{1,2})x(?<e>\\d{2,3})\\b",
    "^(?<s>.*?)[ ._-]*第(?<n>\\d{1,2})季.*?第(?<e>\\d{1,4})[集话話回]",
    "^(?<s>.*?)[ ._-]*第(?<e>\\d{1,4})[集话話回]",
    "^(?<s>.*?)[ ._-]+(?:EP?|Episode|Серия|Folge)[ ._]?(?<e>\\d{1,4})\\b",
    "^\\[[^\\]]*\\][ _]*(?<s>.+?)[ _]*(?:- |\\[)(?<e>\\d{2,4})(?:v\\d)?\\b",
};
/* In the folder of a season a number alone is enough. */
static const char number_first[] = "^(?<s>)(?<e>\\d{1,3})(?=[ ._-]|$)";
static const char season_folder[] =
    "^(?:(?:Season|Series|Staffel|Saison|Temporada|Сезон|S)[ ._]*(?<n>\\d{1,2})|"
    "第(?<m>\\d{1,2})季|(?<o>Specials))$";

static GRegex *
compiled(gsize number)
{
    static GRegex *regexes[G_N_ELEMENTS(patterns) + 2];
    static gsize is_done;

    if (g_once_init_enter(&is_done)) {
        for (gsize i = 0; i < G_N_ELEMENTS(regexes); i++) {
            const char *pattern = i < G_N_ELEMENTS(patterns)    ? patterns[i]
                                  : i == G_N_ELEMENTS(patterns) ? number_first
                                                                : season_folder;
            regexes[i] = g_regex_new(pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
            g_assert(regexes[i] != NULL);
        }
        g_once_init_leave(&is_done, 1);
    }
    return regexes[number];
}

void
episode_name_clear(EpisodeName *name)
{
    g_clear_pointer(&name->series, g_free);
}

static int
number_of(GMatchInfo *match, const char *group)
{
    g_autofree char *text = g_match_info_fetch_named(match, group);

    return text != NULL && *text != '\0' ? (int)g_ascii_strtoll(text, NULL, 10) : -1;
}

/* "Planet.Earth_-" is "Planet Earth". */
static char *
tidy(const char *text)
{
    char *tidied = g_strdelimit(g_strdup(text), "._", ' ');
    gsize length = strlen(g_strstrip(tidied));

    while (length > 0 && strchr(" -", tidied[length - 1]) != NULL)
        tidied[--length] = '\0';
    return tidied;
}

/* The number of the season that a folder of this name is; -1: it is none. */
static int
season_of(const char *folder)
{
    g_autoptr(GMatchInfo) match = NULL;

    if (!g_regex_match(compiled(G_N_ELEMENTS(patterns) + 1), folder, 0, &match))
        return -1;
    int number = number_of(match, "n"), chinese = number_of(match, "m");
    return number >= 0 ? number : MAX(chinese, 0);
}

bool
episode_name_decode(const char *label, const char *folder, EpisodeName *name)
{
    g_autofree char *inner = g_path_get_basename(folder);
    g_autofree char *above = g_path_get_dirname(folder);
    g_autofree char *outer = g_path_get_basename(above);
    int season = season_of(inner);
    gsize last = season >= 0 ? G_N_ELEMENTS(patterns) + 1 : G_N_ELEMENTS(patterns);

    *name = (EpisodeName){ NULL, season >= 0 ? season : 1, 0 };
    if (strlen(label) > LABEL_MAX || !g_utf8_validate(label, -1, NULL) ||
        !g_utf8_validate(inner, -1, NULL) || !g_utf8_validate(outer, -1, NULL))
        return false;
    for (gsize i = 0; i < last; i++) {
        g_autoptr(GMatchInfo) match = NULL;
        if (!g_regex_match(compiled(i), label, 0, &match))
            continue;
        g_autofree char *series = g_match_info_fetch_named(match, "s");
        int number = number_of(match, "n");
        name->series = tidy(series != NULL ? series : "");
        name->season = number >= 0 ? number : name->season;
        name->episode = MAX(number_of(match, "e"), 0);
        break;
    }
    if (name->series == NULL && season < 0)
        return false;
    if (season >= 0 || *name->series == '\0') { /* the folder says it better */
        g_free(name->series);
        name->series = tidy(season >= 0 ? outer : inner);
    }
    if (*name->series != '\0' && strcmp(name->series, "/") != 0)
        return true;
    episode_name_clear(name);
    return false;
}
