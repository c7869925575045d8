/* told-status.h -- what a set says may be anything; a status that was made of it may not */
#pragma once

#include "tests/fuzz/fuzz.h"
#include "wire/av-screen.h"

static const Screen told_set = { .name = (char *)"a set" };

/* Ends the status, too. */
static inline void
told_status_check(PlaybackStatus *status)
{
    const PlaybackMedia *media[] = { status->media, status->next };

    g_assert_cmpint(status->state, <, PLAYBACK_STATE_N);
    g_assert_cmpint(status->volume, >=, 0);
    g_assert_cmpint(status->volume, <=, 100);
    g_assert_cmpint(status->position_ms, >=, 0);
    g_assert_cmpint(status->duration_ms, >=, 0);
    for (guint i = 0; i < G_N_ELEMENTS(media); i++)
        if (media[i] != NULL) {
            g_assert_nonnull(media[i]->uri);
            g_assert_true(media[i]->title == NULL || g_utf8_validate(media[i]->title, -1, NULL));
        }
    playback_status_clear(status);
}
