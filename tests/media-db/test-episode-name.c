/* test-episode-name.c -- names as they are found in households */
#include "media-db/episode-name.h"

static const struct {
    const char *label, *folder, *series; /* NULL: no episode */
    int season, episode;
} cases[] = {
    { "Planet Earth S01E02 Mountains", "/v/Planet Earth", "Planet Earth", 1, 2 },
    { "planet.earth.s02e11.1080p.x264", "/v", "planet earth", 2, 11 },
    { "Show - 1x07 - Title", "/v", "Show", 1, 7 },
    { "S03E04", "/v/The Wire", "The Wire", 3, 4 },
    { "02 - Ozymandias", "/v/Breaking Bad/Season 5", "Breaking Bad", 5, 2 },
    { "Ozymandias", "/v/Breaking Bad/Season 5", "Breaking Bad", 5, 0 },
    { "Making of", "/v/Breaking Bad/Specials", "Breaking Bad", 0, 0 },
    { "三体 第2集", "/v", "三体", 1, 2 },
    { "西游记第1季第25集", "/v", "西游记", 1, 25 },
    { "第03集", "/v/西游记/第1季", "西游记", 1, 3 },
    { "Дом Серия 4", "/v", "Дом", 1, 4 },
    { "[Subs] Shingeki no Kyojin - 07 [1080p]", "/v", "Shingeki no Kyojin", 1, 7 },
    { "Cosmos EP13", "/v", "Cosmos", 1, 13 },
    { "Blade Runner 2049", "/v", NULL, 0, 0 },
    { "2001 A Space Odyssey", "/v", NULL, 0, 0 },
    { "1917.2019.1920x1080", "/v", NULL, 0, 0 },
    { "Apollo 13", "/v/Films", NULL, 0, 0 },
    { "x", "/", NULL, 0, 0 },
    { "", "/Season 1", NULL, 0, 0 },
    { "\xff\xfe", "/v/A/Season 1", NULL, 0, 0 },
};

static void
test_names(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(EpisodeName) name = { 0 };
        bool is_episode = episode_name_decode(cases[i].label, cases[i].folder, &name);
        g_test_message("%s in %s: %s %d %d", cases[i].label, cases[i].folder,
                       name.series != NULL ? name.series : "none", name.season, name.episode);
        g_assert_true(is_episode == (cases[i].series != NULL));
        if (!is_episode)
            continue;
        g_assert_cmpstr(name.series, ==, cases[i].series);
        g_assert_cmpint(name.season, ==, cases[i].season);
        g_assert_cmpint(name.episode, ==, cases[i].episode);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/media-db/episode-name", test_names);
    return g_test_run();
}
