/* episode-name.h -- series, season and episode, as people write them in the names of files
 *
 * "Planet Earth S01E02 Mountains", "Planet.Earth.1x02", "三体 第2集", "[Group] Title - 03", or any
 * name in a folder "Season 1" of a folder of the series. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *series;
    int season;  /* 0: specials; 1 when only an episode is named */
    int episode; /* 0: not numbered */
} EpisodeName;

void episode_name_clear(EpisodeName *name);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EpisodeName, episode_name_clear)

/* label: the file's name without its ending; folder: the path it lies in; both UTF-8. False when it
 * is no episode. */
bool episode_name_decode(const char *label, const char *folder, EpisodeName *name);
