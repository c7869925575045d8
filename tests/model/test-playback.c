/* test-playback.c -- a screen tells its observers when, and only when, something changed */
#include "model/screen.h"

static void
count(gconstpointer event, gpointer user_data)
{
    ++*(int *)user_data;
}

static void
bare_free(Screen *screen)
{
    screen_clear(screen);
    g_free(screen);
}

static const ScreenClass bare_class = { .free = bare_free };

static void
test_status(void)
{
    Screen *bare = g_new0(Screen, 1);
    PlaybackMedia media = { .uri = (char *)"http://h/1", .title = (char *)"T" };
    PlaybackStatus status = { .state = PLAYBACK_PLAYING, .position_ms = 10 };
    int told = 0;

    screen_init(bare, &bare_class, "id", "name", "local");
    g_autoptr(Screen) screen = bare;
    observers_add(screen->observers, count, &told);

    status.media = playback_media_copy(&media);
    screen_set_status(screen, &status);
    g_assert_cmpint(told, ==, 1);
    g_assert_null(status.media); /* taken over */
    g_assert_cmpstr(screen->status.media->title, ==, "T");

    playback_status_copy(&status, &screen->status);
    screen_set_status(screen, &status);
    g_assert_cmpint(told, ==, 1);

    playback_status_copy(&status, &screen->status);
    g_free(status.media->title);
    status.media->title = g_strdup("U");
    screen_set_status(screen, &status);
    g_assert_cmpint(told, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/playback/status", test_status);
    return g_test_run();
}
