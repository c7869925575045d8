/* play.c -- see play.h
 *
 * GstPlay runs playbin on a thread of its own and tells us through a message bus that is watched
 * here, on the main loop; what it hides comes through the link (play-link.h). */
#include "pipelines/play.h"

#include "base/error.h"
#include "pipelines/play-link.h"
#include "pipelines/play-still.h"

#include <gst/gst.h>
#include <gst/play/play.h>
#include <math.h>
#include <string.h>

#define POSITION_INTERVAL_MS 500
#define CLOSE_PATIENCE_MS 1000
#define RESTART_BEYOND_MS 3000 /* "previous" later than this goes to the beginning */

/* A command that has not been answered. */
typedef struct {
    ScreenDone done;
    gpointer user_data;
    GCancellable *cancellable; /* owned, or NULL */
    GError *error;             /* set when it failed */
} Answer;

typedef struct {
    Screen screen;
    GstPlay *play;
    GstElement *pipeline; /* play's */
    guint bus_watch;
    guint loads_due; /* set_uri() not yet "loaded": messages are about older media */
    Still *still;
    bool shows_idle; /* there is somebody to see it */
    char *idle_text;
    PlaybackStatus now; /* what the next screen_set_status() says */
    PlaybackMedia *previous;
    int64_t start_at_ms; /* where to seek once it is loaded; 0: nowhere */
    char *trouble;       /* what the pipeline said went wrong with the media, for people */
    Answer *opening;     /* OPEN, until it plays or fails */
    Answer *seeking;     /* SEEK, until it lands */
    GQueue answered;     /* Answer: to be told from the loop */
    guint answer_source;
    PlayLink *link;
} Play;

static void
publish(Play *play)
{
    PlaybackStatus copy = { 0 };

    playback_status_copy(&copy, &play->now);
    screen_set_status(&play->screen, &copy);
}

/* -- answers -- */

static gboolean
on_answer(gpointer user_data)
{
    Play *play = user_data;
    Answer *answer;

    play->answer_source = 0;
    while ((answer = g_queue_pop_head(&play->answered)) != NULL) {
        if (answer->error == NULL && answer->cancellable != NULL)
            g_cancellable_set_error_if_cancelled(answer->cancellable, &answer->error);
        answer->done(&play->screen, answer->error, answer->user_data);
        g_clear_object(&answer->cancellable);
        g_clear_error(&answer->error);
        g_free(answer);
    }
    return G_SOURCE_REMOVE;
}

/* Settles *answer, if there is one, with a copy of what printf would say; NULL: done. */
static void
settle(Play *play, Answer **answer, DuoError code, const char *problem)
{
    if (*answer == NULL)
        return;
    if (problem != NULL)
        (*answer)->error = g_error_new_literal(DUO_ERROR, (gint)code, problem);
    g_queue_push_tail(&play->answered, g_steal_pointer(answer));
    if (play->answer_source == 0)
        play->answer_source = g_idle_add_full(G_PRIORITY_DEFAULT, on_answer, play, NULL);
}

/* -- what is shown while nothing plays -- */

static void
show_idle(Play *play)
{
    if (play->shows_idle)
        still_show_idle(play->still, play->screen.name, play->idle_text);
}

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
        show_idle(play);
}

/* -- media -- */

static bool
is_picture(const PlaybackMedia *media)
{
    return media->kind == MEDIA_IMAGE ||
           (media->mime != NULL && g_str_has_prefix(media->mime, "image/"));
}

static bool
is_sound(const PlaybackMedia *media)
{
    return media != NULL && (media->kind == MEDIA_AUDIO ||
                             (media->mime != NULL && g_str_has_prefix(media->mime, "audio/")));
}

/* Leaves the next URI where about-to-finish finds it. Only music follows music without a gap: where a
 * film's sound ends before its picture, playbin (1.22) lets go of the sound's pad while that waits in
 * its end-of-stream for the picture, and hangs. After a film the next is opened when it has ended. */
static void
offer_next(Play *play)
{
    const PlaybackMedia *next = play->now.next;
    bool can_follow = is_sound(play->now.media) && is_sound(next);

    play_link_offer_next(play->link, can_follow ? next->uri : NULL);
}

static void
set_next(Play *play, const PlaybackMedia *media)
{
    PlaybackMedia *copy = playback_media_copy(media);

    playback_media_free(play->now.next);
    play->now.next = copy;
    offer_next(play);
}

static void
take_media(Play *play, PlaybackMedia *media)
{
    playback_media_free(play->previous);
    play->previous = play->now.media;
    play->now.media = media;
    play->now.position_ms = 0;
    play->now.duration_ms = 0;
    play->now.is_seekable = false;
    g_clear_pointer(&play->now.problem, g_free);
    g_clear_pointer(&play->trouble, g_free);
}

/* Loads media, which is taken over, and plays it from position_ms on. */
static void
open_media(Play *play, PlaybackMedia *media, int64_t position_ms)
{
    take_media(play, media);
    play->now.state = PLAYBACK_LOADING;
    play->start_at_ms = position_ms;
    play_link_forget(play->link);
    still_hide(play->still);
    if (is_picture(media)) {
        gst_play_stop(play->play);
        offer_next(play);
        still_show_picture(play->still, media->uri);
    } else {
        offer_next(play);
        play->loads_due++;
        gst_play_set_uri(play->play, media->uri);
        if (position_ms > 0)
            gst_play_pause(play->play);
        else
            gst_play_play(play->play);
    }
    publish(play);
}

static void
stop(Play *play, const char *problem)
{
    play->now.state = play->now.media != NULL ? PLAYBACK_STOPPED : PLAYBACK_IDLE;
    if (problem != NULL) {
        g_free(play->now.problem);
        play->now.problem = g_strdup(problem);
        g_warning("%s: %s", play->now.media != NULL ? play->now.media->uri : "nothing", problem);
    }
    settle(play, &play->opening, DUO_ERROR_FAILED,
           problem != NULL ? problem : "it was stopped before it played");
    settle(play, &play->seeking, DUO_ERROR_CONFLICT, "it was stopped");
    still_hide(play->still);
    gst_play_stop(play->play);
    show_idle(play);
    publish(play);
}

static void
on_still_shown(const char *problem, gpointer user_data)
{
    Play *play = user_data;

    if (problem != NULL) {
        g_autofree char *words = g_strdup_printf("the picture cannot be shown: %s", problem);
        stop(play, words);
        return;
    }
    play->now.state = PLAYBACK_PLAYING;
    settle(play, &play->opening, DUO_ERROR_FAILED, NULL);
    publish(play);
}

/* Goes on with what SET_NEXT gave; false when there is nothing. */
static bool
open_next(Play *play)
{
    PlaybackMedia *next = g_steal_pointer(&play->now.next);

    if (next == NULL)
        return false;
    open_media(play, next, 0);
    return true;
}

/* -- what the link tells -- */

static void
on_next_began(const char *uri, gpointer user_data)
{
    Play *play = user_data;
    const PlaybackMedia *next = play->now.next;

    if (next != NULL && strcmp(next->uri, uri) == 0) {
        take_media(play, g_steal_pointer(&play->now.next));
        play->now.state = PLAYBACK_PLAYING;
        play->now.is_seekable = true;
        publish(play);
    } else if (!open_next(play)) {
        stop(play, NULL); /* it was withdrawn after playbin had taken it */
    }
}

/* The first word of a trouble is the nearest to its cause. */
static void
on_trouble(const char *uri, const char *words, gpointer user_data)
{
    Play *play = user_data;

    if (play->trouble == NULL && play->now.media != NULL &&
        g_strcmp0(uri, play->now.media->uri) == 0)
        play->trouble = g_strdup(words);
}

static const PlayLinkEvents link_events = { on_next_began, on_trouble };

/* -- GstPlay's messages -- */

/* The link told of the trouble before: GstPlay's own words say less. */
static void
on_error(Play *play, GstMessage *message)
{
    g_autoptr(GError) error = NULL;

    gst_play_message_parse_error(message, &error, NULL);
    g_autofree char *words = g_steal_pointer(&play->trouble);
    stop(play, words != NULL ? words : error->message);
}

static void
on_state(Play *play, GstPlayState state)
{
    static const PlaybackState states[] = { PLAYBACK_STOPPED, PLAYBACK_LOADING, PLAYBACK_PAUSED,
                                            PLAYBACK_PLAYING };

    if (state == GST_PLAY_STATE_STOPPED || play->now.media == NULL || is_picture(play->now.media))
        return; /* stopping is ours to say: stop(), and the end of the media */
    if (state != GST_PLAY_STATE_BUFFERING && play->start_at_ms > 0) {
        gst_play_seek(play->play, (GstClockTime)play->start_at_ms * GST_MSECOND);
        gst_play_play(play->play);
        play->start_at_ms = 0;
        return;
    }
    play->now.state = states[state];
    if (state != GST_PLAY_STATE_BUFFERING)
        settle(play, &play->opening, DUO_ERROR_FAILED, NULL);
}

static void
on_end(Play *play)
{
    play->now.position_ms = MAX(play->now.position_ms, play->now.duration_ms);
    if (!open_next(play))
        stop(play, NULL);
}

static int64_t
to_ms(GstClockTime time)
{
    return GST_CLOCK_TIME_IS_VALID(time) ? (int64_t)GST_TIME_AS_MSECONDS(time) : 0;
}

static void
read_media_info(Play *play, GstMessage *message)
{
    GstPlayMediaInfo *info = NULL;

    gst_play_message_parse_media_info_updated(message, &info);
    if (info == NULL)
        return;
    play->now.is_seekable = gst_play_media_info_is_seekable(info);
    g_object_unref(info);
}

static void
read_volume(Play *play)
{
    /* The cube: half the scale sounds half as loud. */
    play->now.volume = (int)lround(cbrt(gst_play_get_volume(play->play)) * 100);
    play->now.is_muted = gst_play_get_mute(play->play);
}

static gboolean
on_play_message(GstBus *bus, GstMessage *message, gpointer user_data)
{
    Play *play = user_data;
    GstClockTime time = GST_CLOCK_TIME_NONE;
    GstPlayState state;
    GstPlayMessage type;

    if (!gst_play_is_play_message(message))
        return G_SOURCE_CONTINUE;
    gst_play_message_parse_type(message, &type);
    if (type == GST_PLAY_MESSAGE_URI_LOADED && play->loads_due > 0)
        play->loads_due--;
    bool is_stale = play->loads_due > 0 || play->now.media == NULL || is_picture(play->now.media) ||
                    play->now.state == PLAYBACK_STOPPED;
    if (is_stale && type != GST_PLAY_MESSAGE_VOLUME_CHANGED &&
        type != GST_PLAY_MESSAGE_MUTE_CHANGED)
        return G_SOURCE_CONTINUE;
    switch (type) {
    case GST_PLAY_MESSAGE_ERROR:
        on_error(play, message);
        return G_SOURCE_CONTINUE;
    case GST_PLAY_MESSAGE_END_OF_STREAM:
        on_end(play);
        return G_SOURCE_CONTINUE;
    case GST_PLAY_MESSAGE_STATE_CHANGED:
        gst_play_message_parse_state_changed(message, &state);
        on_state(play, state);
        break;
    case GST_PLAY_MESSAGE_POSITION_UPDATED:
        gst_play_message_parse_position_updated(message, &time);
        if (play->seeking == NULL && play->start_at_ms == 0 && GST_CLOCK_TIME_IS_VALID(time))
            play->now.position_ms = to_ms(time);
        play->now.duration_ms = to_ms(gst_play_get_duration(play->play));
        break;
    case GST_PLAY_MESSAGE_DURATION_CHANGED:
        gst_play_message_parse_duration_updated(message, &time);
        play->now.duration_ms = to_ms(time);
        break;
    case GST_PLAY_MESSAGE_MEDIA_INFO_UPDATED:
        read_media_info(play, message);
        break;
    case GST_PLAY_MESSAGE_SEEK_DONE:
        play->now.position_ms = to_ms(gst_play_get_position(play->play));
        settle(play, &play->seeking, DUO_ERROR_FAILED, NULL);
        break;
    case GST_PLAY_MESSAGE_VOLUME_CHANGED:
    case GST_PLAY_MESSAGE_MUTE_CHANGED:
        read_volume(play);
        break;
    default:
        return G_SOURCE_CONTINUE;
    }
    publish(play);
    return G_SOURCE_CONTINUE;
}

/* -- commands: each does its part, or returns why not -- */

typedef const char *(*Verb)(Play *play, const ScreenCommand *command, Answer **answer);

static const char *
do_open(Play *play, const ScreenCommand *command, Answer **answer)
{
    if (command->media->uri == NULL || !gst_uri_is_valid(command->media->uri))
        return "there is no valid address to play from";
    settle(play, &play->opening, DUO_ERROR_CONFLICT, "something else was opened");
    settle(play, &play->seeking, DUO_ERROR_CONFLICT, "something else was opened");
    play->opening = g_steal_pointer(answer);
    set_next(play, NULL);
    open_media(play, playback_media_copy(command->media), command->position_ms);
    return NULL;
}

static const char *
do_set_next(Play *play, const ScreenCommand *command, Answer **answer)
{
    if (command->media != NULL &&
        (command->media->uri == NULL || !gst_uri_is_valid(command->media->uri)))
        return "there is no valid address to play from";
    set_next(play, command->media);
    return NULL;
}

static const char *
do_play(Play *play, const ScreenCommand *command, Answer **answer)
{
    if (play->now.media == NULL)
        return "there is nothing to play";
    if (play->now.state == PLAYBACK_STOPPED) {
        play->opening = g_steal_pointer(answer);
        open_media(play, playback_media_copy(play->now.media), 0);
    } else if (!is_picture(play->now.media)) {
        gst_play_play(play->play);
    } else {
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
    if (is_picture(play->now.media))
        play->now.state = PLAYBACK_PAUSED;
    else
        gst_play_pause(play->play);
    return NULL;
}

static const char *
do_stop(Play *play, const ScreenCommand *command, Answer **answer)
{
    play->now.position_ms = 0;
    stop(play, NULL);
    return NULL;
}

static const char *
do_seek(Play *play, const ScreenCommand *command, Answer **answer)
{
    bool is_on = play->now.state == PLAYBACK_PLAYING || play->now.state == PLAYBACK_PAUSED;

    if (!is_on || is_picture(play->now.media))
        return "nothing plays that has a place to go to";
    if (!play->now.is_seekable)
        return "this can only be played from its beginning";
    settle(play, &play->seeking, DUO_ERROR_CONFLICT, "another place was asked for");
    play->seeking = g_steal_pointer(answer);
    int64_t last_ms = play->now.duration_ms > 0 ? play->now.duration_ms : G_MAXINT64 / GST_MSECOND;
    play->now.position_ms = MIN(command->position_ms, last_ms);
    gst_play_seek(play->play, (GstClockTime)play->now.position_ms * GST_MSECOND);
    return NULL;
}

static const char *
do_next(Play *play, const ScreenCommand *command, Answer **answer)
{
    return open_next(play) ? NULL : "nothing comes next";
}

static const char *
do_previous(Play *play, const ScreenCommand *command, Answer **answer)
{
    bool goes_back = play->previous != NULL && play->now.position_ms < RESTART_BEYOND_MS;

    if (play->now.media == NULL)
        return "nothing came before";
    open_media(play, playback_media_copy(goes_back ? play->previous : play->now.media), 0);
    return NULL;
}

static const char *
do_volume(Play *play, const ScreenCommand *command, Answer **answer)
{
    gst_play_set_volume(play->play, pow(command->volume / 100.0, 3));
    read_volume(play);
    return NULL;
}

static const char *
do_mute(Play *play, const ScreenCommand *command, Answer **answer)
{
    gst_play_set_mute(play->play, command->is_muted);
    read_volume(play);
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
    settle(play, &answer, code, problem);
    publish(play);
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

    settle(play, &play->opening, DUO_ERROR_UNAVAILABLE, "the screen is closed");
    settle(play, &play->seeking, DUO_ERROR_UNAVAILABLE, "the screen is closed");
    g_clear_handle_id(&play->answer_source, g_source_remove);
    on_answer(play);
    g_clear_handle_id(&play->bus_watch, g_source_remove);
    play_link_free(play->link);
    gst_object_unref(play->pipeline);
    close_play(play->play);
    still_free(play->still);
    playback_status_clear(&play->now);
    playback_media_free(play->previous);
    g_free(play->trouble);
    g_free(play->idle_text);
    screen_clear(screen);
    g_free(play);
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
    g_autoptr(GstBus) messages = gst_play_get_message_bus(play->play);

    gst_play_config_set_position_update_interval(config, POSITION_INTERVAL_MS);
    gst_play_config_set_seek_accurate(config, TRUE);
    gst_play_config_set_user_agent(config, "duoping-tv");
    gst_play_set_config(play->play, config);
    /* After what the link posts, so that the trouble is known when its error comes. */
    play->bus_watch = gst_bus_add_watch_full(messages, G_PRIORITY_DEFAULT + 10, on_play_message,
                                             play, NULL);
}

Screen *
play_new(const PlayOptions *options, GError **error)
{
    static const ScreenClass class = { on_command, play_free };
    const char *video_sink = options->video_sink != NULL ? options->video_sink : "autovideosink";

    if (!gst_init_check(NULL, NULL, error))
        return NULL;
    Play *play = g_new0(Play, 1);
    screen_init(&play->screen, &class, options->id, options->name, "local");
    play->play = gst_play_new(NULL);
    play->pipeline = gst_play_get_pipeline(play->play);
    play->still = still_new(video_sink, on_still_shown, play);
    play->shows_idle = !g_str_has_prefix(video_sink, "fake");
    play->screen.sink_protocols = play_sink_protocols();
    play->link = play_link_new(play->pipeline, &link_events, play);
    configure(play);
    if (!set_sink(play, "video-sink", options->video_sink, error) ||
        !set_sink(play, "audio-sink", options->audio_sink, error)) {
        play_free(&play->screen);
        return NULL;
    }
    play->now.state = PLAYBACK_IDLE;
    gst_play_set_volume(play->play, pow(CLAMP(options->volume, 0, 100) / 100.0, 3));
    read_volume(play);
    publish(play);
    show_idle(play);
    return &play->screen;
}
