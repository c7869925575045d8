/* fuzz-episode-name.c -- a file's name, and behind a line feed the folder it lies in: an episode of
 * something that has a name, or none */
#include "media-db/episode-name.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET("episode-name")
{
    g_autofree char *label = g_strndup((const char *)data, size);
    char *line = strchr(label, '\n');
    g_auto(EpisodeName) name = { 0 };

    if (line != NULL)
        *line = '\0';
    if (!episode_name_decode(label, line != NULL ? line + 1 : "/", &name)) {
        g_assert_null(name.series);
        return;
    }
    g_assert_true(*name.series != '\0' && g_utf8_validate(name.series, -1, NULL));
    g_assert_cmpint(name.season, >=, 0);
    g_assert_cmpint(name.episode, >=, 0);
}
