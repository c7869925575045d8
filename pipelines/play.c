/* play.c -- see play.h; the player's commands, and its making. The media are in play-media.c. */
#include "pipelines/play-media.h"

#include <math.h>

#define POSITION_INTERVAL_MS 500
#define CLOSE_PATIENCE_MS 1000
#define RESTART_BEYOND_MS 3000 /* "previous" later than this goes to the beginning */

void
play_set_idle_text(Screen *screen, const char *text)
{
    Play *play = (Play *)screen;
    bool is_idle = play->now.state == PLAYBACK_IDLE || play->now.state == PLAYBACK_STOPPED;

    if (g_strcmp0(play->idle_text, text) == 0)
        return;
    g_free(play->idle_text);
    play->idle_text = g_strdup(text);
    if (is_idle)
        play_show_idle(play);
}

/* -- commands: each does its part, or returns why not -- */

typedef const char *(*Verb)(Play *play, const ScreenCommand *command, Answer **answer);

static const char *
do_open(Play *play, const ScreenCommand *command, Answer **answer)
{
    if (command->media->uri == NULL || !gst_uri_is_valid(command->media->uri))
        return "there is no valid address to play from";
    play_settle(play, &play->opening, DUO_ERROR_CONFLICT, "something else was opened");
    play_settle(play, &play->seeking, DUO_ERROR_CONFLICT, "something else was opened");
    play->opening = g_steal_pointer(answer);
    play_set_next(play, NULL);
    play_open_media(play, playback_media_copy(command->media), command->position_ms);
    return NULL;
}

static const char *
do_set_next(Play *play, const ScreenCommand *command, Answer **answer)
{
    if (command->media != NULL &&
        (command->media->uri == NULL || !gst_uri_is_valid(command->media->uri)))
        return "there is no valid address to play from";
    play_set_next(play, command->media);
    return NULL;
}

static const char *
do_play(Play *play, const ScreenCommand *command, Answer **answer)
{
    if (play->now.media == NULL)
        return "there is nothing to play";
    if (play->now.state == PLAYBACK_STOPPED) {
        play->opening = g_steal_pointer(answer);
        play_open_media(play, playback_media_copy(play->now.media), 0);
    } else if (!play_shows_picture(play)) {
        play->is_held = false;
        if (play->start_at_ms == 0) /* else it plays once it is there */
            gst_play_play(play->play);
    } else if (play->now.state == PLAYBACK_PAUSED) {
        play->now.state = PLAYBACK_PLAYING;
    }
    return NULL;
}

static const char *
do_pause(Play *play, const ScreenCommand *command, Answer **answer)
{
    if (play->now.state != PLAYBACK_PLAYING && play->now.state != PLAYBACK_PAUSED &&
        play->now.state != PLAYBACK_LOADING)
        return "nothing plays";
    if (play_shows_picture(play))
        play->now.state = PLAYBACK_PAUSED;
    else
        gst_play_pause(play->play);
    play->is_held = true;
    return NULL;
}

static const char *
do_stop(Play *play, const ScreenCommand *command, Answer **answer)
{
    play->now.position_ms = 0;
    play_stop(play, NULL);
    return NULL;
}

static const char *
do_seek(Play *play, const ScreenCommand *command, Answer **answer)
{
    bool has_begun = play->now.state == PLAYBACK_PLAYING || play->now.state == PLAYBACK_PAUSED ||
                     (play->now.state == PLAYBACK_LOADING && play->opening == NULL);

    if (!has_begun || play_shows_picture(play))
        return "nothing plays that has a place to go to";
    if (!play->now.is_seekable)
        return "this can only be played from its beginning";
    play_settle(play, &play->seeking, DUO_ERROR_CONFLICT, "another place was asked for");
    play->seeking = g_steal_pointer(answer);
    /* a guess at first */
    int64_t last_ms = MAX(play->now.duration_ms, play->now.media->duration_ms);
    if (last_ms <= 0)
        last_ms = G_MAXINT64 / GST_MSECOND;
    play->now.position_ms = MIN(command->position_ms, last_ms);
    play_seek(play, play->now.position_ms);
    return NULL;
}

static const char *
do_next(Play *play, const ScreenCommand *command, Answer **answer)
{
    return play_open_next(play) ? NULL : "nothing comes next";
}

static const char *
do_previous(Play *play, const ScreenCommand *command, Answer **answer)
{
    bool goes_back = play->previous != NULL && play->now.position_ms < RESTART_BEYOND_MS;

    if (play->now.media == NULL)
        return "nothing came before";
    play_open_media(play, playback_media_copy(goes_back ? play->previous : play->now.media), 0);
    return NULL;
}

static const char *
do_volume(Play *play, const ScreenCommand *command, Answer **answer)
{
    gst_play_set_volume(play->play, pow(command->volume / 100.0, 3));
    play_read_volume(play);
    return NULL;
}

static const char *
do_mute(Play *play, const ScreenCommand *command, Answer **answer)
{
    gst_play_set_mute(play->play, command->is_muted);
    play_read_volume(play);
    return NULL;
}

static const Verb verbs[SCREEN_VERB_N] = {
    [SCREEN_OPEN] = do_open,     [SCREEN_SET_NEXT] = do_set_next, [SCREEN_PLAY] = do_play,
    [SCREEN_PAUSE] = do_pause,   [SCREEN_STOP] = do_stop,         [SCREEN_SEEK] = do_seek,
    [SCREEN_NEXT] = do_next,     [SCREEN_PREVIOUS] = do_previous, [SCREEN_VOLUME] = do_volume,
    [SCREEN_MUTE] = do_mute,
};

static void
on_command(Screen *screen, const ScreenCommand *command, GCancellable *cancellable, ScreenDone done,
           gpointer user_data)
{
    Play *play = (Play *)screen;
    Answer *answer = g_new0(Answer, 1);

    *answer = (Answer){ done, user_data, cancellable != NULL ? g_object_ref(cancellable) : NULL,
                        NULL };
    const char *problem = verbs[command->verb](play, command, &answer);
    DuoError code = command->verb == SCREEN_OPEN || command->verb == SCREEN_SET_NEXT
        ? DUO_ERROR_INVALID : DUO_ERROR_CONFLICT;
    play_settle(play, &answer, code, problem);
    play_publish(play);
}

/* -- making and freeing -- */

/* What GstPlay's thread still has to do holds a reference; were ours not the last to go, that
 * thread would take GstPlay and the sinks down later, while the program may be ending. */
static void
close_play(GstPlay *play)
{
    g_autoptr(GstBus) messages = gst_play_get_message_bus(play);

    gst_play_stop(play);
    for (int waited_ms = 0; waited_ms < CLOSE_PATIENCE_MS; waited_ms++) {
        gst_bus_set_flushing(messages, TRUE); /* unread messages hold one each */
        if (g_atomic_int_get(&G_OBJECT(play)->ref_count) == 1)
            break;
        g_usleep(1000);
    }
    gst_object_unref(play);
}

static void
play_free(Screen *screen)
{
    Play *play = (Play *)screen;

    play_settle(play, &play->opening, DUO_ERROR_UNAVAILABLE, "the screen is closed");
    play_settle(play, &play->seeking, DUO_ERROR_UNAVAILABLE, "the screen is closed");
    play_tell_answers(play);
    g_clear_handle_id(&play->bus_watch, g_source_remove);
    g_clear_handle_id(&play->part_end_source, g_source_remove);
    play_link_free(play->link);
    play_live_free(play->live);
    gst_object_unref(play->pipeline);
    close_play(play->play);
    still_free(play->still);
    playback_status_clear(&play->now);
    playback_media_free(play->previous);
    g_clear_error(&play->trouble);
    g_free(play->idle_text);
    screen_clear(screen);
    g_free(play);
}

/* The status knows where it was within the last half second. */
static int64_t
position_ms(Screen *screen)
{
    Play *play = (Play *)screen;

    if (play->now.state != PLAYBACK_PLAYING || play_shows_picture(play) || play->loads_due > 0 ||
        play->seeking != NULL || play->start_at_ms != 0)
        return play->now.position_ms;
    GstClockTime position = gst_play_get_position(play->play);
    return GST_CLOCK_TIME_IS_VALID(position)
               ? play_place(play, (int64_t)(position / GST_MSECOND))
               : play->now.position_ms;
}

static bool
set_sink(Play *play, const char *property, const char *description, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (description == NULL)
        return true;
    GstElement *sink = gst_parse_bin_from_description_full(description, TRUE, NULL,
                                                           GST_PARSE_FLAG_FATAL_ERRORS, &problem);
    if (sink == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "the %s \"%s\" cannot be made: %s",
                    property, description, problem->message);
        return false;
    }
    g_object_set(play->pipeline, property, sink, NULL);
    return true;
}

static void
configure(Play *play)
{
    GstStructure *config = gst_play_get_config(play->play);

    gst_play_config_set_position_update_interval(config, POSITION_INTERVAL_MS);
    gst_play_config_set_seek_accurate(config, TRUE);
    gst_play_config_set_user_agent(config, "duoping-tv");
    gst_play_set_config(play->play, config);
}

Screen *
play_new(const PlayOptions *options, GError **error)
{
    static const ScreenClass class = {
        .command = on_command, .free = play_free, .position_ms = position_ms,
    };
    const char *video_sink = options->video_sink != NULL ? options->video_sink : "autovideosink";

    if (!gst_init_check(NULL, NULL, error))
        return NULL;
    Play *play = g_new0(Play, 1);
    screen_init(&play->screen, &class, options->id, options->name, "local");
    play->play = gst_play_new(NULL);
    play->pipeline = gst_play_get_pipeline(play->play);
    play->live = play_live_new(play->pipeline);
    play->shows_idle = !g_str_has_prefix(video_sink, "fake");
    play->screen.sink_protocols = play_sink_protocols();
    play_listen(play, video_sink);
    configure(play);
    if (!set_sink(play, "video-sink", options->video_sink, error) ||
        !set_sink(play, "audio-sink", options->audio_sink, error)) {
        play_free(&play->screen);
        return NULL;
    }
    play->now.state = PLAYBACK_IDLE;
    gst_play_set_volume(play->play, pow(CLAMP(options->volume, 0, 100) / 100.0, 3));
    play_read_volume(play);
    play_publish(play);
    play_show_idle(play);
    return &play->screen;
}
