/* music.c -- see music.h */
#include "tv/music.h"

#include "av/av.h"
#include "pipelines/play.h"

struct Music {
    Screen *main; /* borrowed */
    Screen *player;
    Service *transport;
    guint observer;
    int volume; /* that it was told last */
    bool is_muted;
};

static void
ignore_done(Screen *screen G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
            gpointer user_data G_GNUC_UNUSED)
{
}

/* There is one knob. */
static void
on_main(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    Music *music = user_data;
    const PlaybackStatus *wanted = &music->main->status;

    if (music->volume == wanted->volume && music->is_muted == wanted->is_muted)
        return;
    music->volume = wanted->volume;
    music->is_muted = wanted->is_muted;
    screen_command(music->player,
                   &(ScreenCommand){ .verb = SCREEN_VOLUME, .volume = wanted->volume }, NULL,
                   ignore_done, NULL);
    screen_command(music->player,
                   &(ScreenCommand){ .verb = SCREEN_MUTE, .is_muted = wanted->is_muted }, NULL,
                   ignore_done, NULL);
}

Music *
music_new(Screen *main, const char *audio_sink, Clock *clock, GError **error)
{
    g_autofree char *id = g_strconcat(main->id, SCREEN_MUSIC, NULL);
    Screen *player = play_new(&(PlayOptions){ .id = id, .name = main->name,
                                              .video_sink = "fakevideosink",
                                              .audio_sink = audio_sink,
                                              .volume = main->status.volume }, error);

    if (player == NULL)
        return NULL;
    Music *music = g_new(Music, 1);
    *music = (Music){ main, player, music_transport_new(player, clock), 0, -1, false };
    music->observer = observers_add(main->observers, on_main, music);
    return music;
}

void
music_free(Music *music)
{
    if (music == NULL)
        return;
    observers_remove(music->main->observers, music->observer);
    service_free(music->transport);
    screen_free(music->player);
    g_free(music);
}

Service *
music_service(Music *music)
{
    return music->transport;
}
