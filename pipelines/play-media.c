/* play-media.c -- see play-media.h
 *
 * GstPlay runs playbin on a thread of its own and tells us through a message bus that is watched
 * here, on the main loop; what it hides comes through the link (play-link.h). */
#include "pipelines/play-media.h"

#include "wire/media-fragment.h"
#include "wire/protocol-info.h"

#include <math.h>
#include <string.h>

/* -- the status and the answers -- */

void
play_publish(Play *play)
{
    PlaybackStatus copy = { 0 };

    playback_status_copy(&copy, &play->now);
    screen_set_status(&play->screen, &copy);
}

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

void
play_settle(Play *play, Answer **answer, DuoError code, const char *problem)
{
    if (*answer == NULL)
        return;
    if (problem != NULL)
        (*answer)->error = g_error_new_literal(DUO_ERROR, (gint)code, problem);
    g_queue_push_tail(&play->answered, g_steal_pointer(answer));
    if (play->answer_source == 0)
        play->answer_source = g_idle_add_full(G_PRIORITY_DEFAULT, on_answer, play, NULL);
}

void
play_tell_answers(Play *play)
{
    g_clear_handle_id(&play->answer_source, g_source_remove);
    on_answer(play);
}

/* -- what is shown while nothing plays -- */

void
play_show_idle(Play *play)
{
    if (play->shows_idle)
        still_show_idle(play->still, play->screen.name, play->idle_text);
}

/* -- media -- */

static bool
is_picture(const PlaybackMedia *media)
{
    return media->kind == MEDIA_IMAGE ||
           (media->mime != NULL && g_str_has_prefix(media->mime, "image/"));
}

bool
play_shows_picture(const Play *play)
{
    return play->now.media != NULL && is_picture(play->now.media);
}

static bool
is_sound(const PlaybackMedia *media)
{
    return media != NULL && (media->kind == MEDIA_AUDIO ||
                             (media->mime != NULL && g_str_has_prefix(media->mime, "audio/")));
}

/* Is it a part of what lies at its address? */
static bool
is_part(const PlaybackMedia *media)
{
    int64_t start_ms, end_ms;

    return media_fragment_decode(media->uri, &start_ms, &end_ms);
}

/* Made while it is sent, so that its bytes have no places: DLNA.ORG_OP=10 (guidelines,
 * 7.4.1.3.20). */
static bool
is_sought_by_time(const PlaybackMedia *media)
{
    return media->protocol_info != NULL && strstr(media->protocol_info, "DLNA.ORG_OP=10") != NULL;
}

/* Leaves the next URI where about-to-finish finds it. Only music follows music without a gap: where
 * a film's sound ends before its picture, playbin (1.22) lets go of the sound's pad while that
 * waits in its end-of-stream for the picture, and hangs. After a film the next is opened when it
 * has ended. Nor is it left before the media is loaded and at its place: the media before it would
 * take it. */
static void
offer_next(Play *play)
{
    const PlaybackMedia *next = play->now.next;
    bool can_follow = is_sound(play->now.media) && is_sound(next) &&
                      !is_part(play->now.media) && !is_part(next);

    if (play->loads_due > 0 || play->start_at_ms > 0)
        return;
    play_link_offer_next(play->link, can_follow ? next->uri : NULL);
}

void
play_set_next(Play *play, const PlaybackMedia *media)
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
    g_clear_handle_id(&play->part_end_source, g_source_remove);
    play->part_start_ms = play->part_end_ms = 0;
    media_fragment_decode(media->uri, &play->part_start_ms, &play->part_end_ms);
    play->now.position_ms = 0;
    play->now.duration_ms = 0;
    play->began_ms = 0;
    play->is_sought_by_time = is_sought_by_time(media);
    play->now.is_seekable = play->is_sought_by_time;
    g_clear_pointer(&play->now.problem, g_free);
    g_clear_error(&play->trouble);
}

/* Asks for what lies at the address, from a place on where it can only be had so. */
static void
load(Play *play, int64_t began_ms)
{
    g_autofree char *address = media_fragment_strip(play->now.media->uri);

    play->began_ms = began_ms;
    play->loads_due++;
    play_link_begin(play->link, began_ms);
    play_live_set(play->live, protocol_info_is_live(play->now.media->protocol_info));
    gst_play_set_uri(play->play, address);
}

void
play_open_media(Play *play, PlaybackMedia *media, int64_t position_ms)
{
    take_media(play, media);
    play->now.state = PLAYBACK_LOADING;
    play->is_held = false;
    play->start_at_ms = play->is_sought_by_time ? 0 : play->part_start_ms + position_ms;
    still_hide(play->still);
    if (is_picture(media)) {
        gst_play_stop(play->play);
        still_show_picture(play->still, media->uri, media->mime);
    } else {
        load(play, play->is_sought_by_time ? position_ms : 0);
        if (play->start_at_ms > 0)
            gst_play_pause(play->play);
        else
            gst_play_play(play->play);
    }
    play_publish(play);
}

void
play_stop(Play *play, const GError *problem)
{
    play->now.state = play->now.media != NULL ? PLAYBACK_STOPPED : PLAYBACK_IDLE;
    if (problem != NULL) {
        g_free(play->now.problem);
        play->now.problem = g_strdup(problem->message);
        g_warning("%s: %s", play->now.media != NULL ? play->now.media->uri : "nothing",
                  problem->message);
    }
    play_settle(play, &play->opening, problem != NULL ? (DuoError)problem->code : DUO_ERROR_FAILED,
                problem != NULL ? problem->message : "it was stopped before it played");
    play_settle(play, &play->seeking, DUO_ERROR_CONFLICT, "it was stopped");
    still_hide(play->still);
    gst_play_stop(play->play);
    play_show_idle(play);
    play_publish(play);
}

static void
on_still_shown(const char *problem, gpointer user_data)
{
    Play *play = user_data;

    if (problem != NULL) {
        g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_FAILED,
                                              "the picture cannot be shown: %s", problem);
        play_stop(play, error);
        return;
    }
    play->now.state = PLAYBACK_PLAYING;
    play_settle(play, &play->opening, DUO_ERROR_FAILED, NULL);
    play_publish(play);
}

bool
play_open_next(Play *play)
{
    PlaybackMedia *next = g_steal_pointer(&play->now.next);

    if (next == NULL)
        return false;
    play_open_media(play, next, 0);
    return true;
}

/* -- what the link tells -- */

/* What is told now is not about what was loaded last. */
static bool
is_of_older_media(const Play *play)
{
    return play->loads_due > 0 || play->now.media == NULL || play_shows_picture(play) ||
           play->now.state == PLAYBACK_STOPPED;
}

static void
on_next_began(const char *uri, gpointer user_data)
{
    Play *play = user_data;
    const PlaybackMedia *next = play->now.next;

    if (is_of_older_media(play))
        return;
    if (next != NULL && strcmp(next->uri, uri) == 0) {
        take_media(play, g_steal_pointer(&play->now.next));
        play->now.state = PLAYBACK_PLAYING;
        play->now.is_seekable = true;
        play_publish(play);
    } else if (!play_open_next(play)) {
        play_stop(play, NULL); /* it was withdrawn after playbin had taken it */
    }
}

static bool
lies_at(const PlaybackMedia *media, const char *uri)
{
    g_autofree char *address = media != NULL ? media_fragment_strip(media->uri) : NULL;

    return address != NULL && g_strcmp0(uri, address) == 0;
}

/* The first word of a trouble is the nearest to its cause. What was to follow without a gap ends
 * what plays when it fails. */
static void
on_trouble(const char *uri, const GError *error, gpointer user_data)
{
    Play *play = user_data;

    if (play->trouble == NULL && (lies_at(play->now.media, uri) || lies_at(play->now.next, uri)))
        play->trouble = g_error_copy(error);
}

static const PlayLinkEvents link_events = { on_next_began, on_trouble };

/* -- GstPlay's messages -- */

/* The link told of the trouble before: GstPlay's own words say less. */
static void
on_error(Play *play, GstMessage *message)
{
    g_autoptr(GError) error = NULL;

    gst_play_message_parse_error(message, &error, NULL);
    g_autoptr(GError) trouble = g_steal_pointer(&play->trouble);
    if (trouble == NULL)
        trouble = g_error_new_literal(DUO_ERROR, DUO_ERROR_FAILED, error->message);
    play_stop(play, trouble);
}

static void
on_state(Play *play, GstPlayState state)
{
    static const PlaybackState states[] = { PLAYBACK_STOPPED, PLAYBACK_LOADING, PLAYBACK_PAUSED,
                                            PLAYBACK_PLAYING };

    if (state == GST_PLAY_STATE_STOPPED || play->now.media == NULL || play_shows_picture(play))
        return; /* stopping is ours to say: play_stop(), and the end of the media */
    if (state != GST_PLAY_STATE_BUFFERING && play->start_at_ms > 0) {
        play_link_hold(play->link);
        gst_play_seek(play->play, (GstClockTime)play->start_at_ms * GST_MSECOND);
        play->start_at_ms = 0;
        offer_next(play);
        if (!play->is_held) {
            gst_play_play(play->play);
            return;
        }
    }
    if (state == GST_PLAY_STATE_PAUSED && play->now.state == PLAYBACK_LOADING && !play->is_held)
        return; /* on the way to playing: a pause would be somebody's wish */
    play->now.state = states[state];
    if (state == GST_PLAY_STATE_BUFFERING)
        return;
    play_settle(play, &play->opening, DUO_ERROR_FAILED, NULL);
    if (play->is_sought_by_time)
        play_settle(play, &play->seeking, DUO_ERROR_FAILED, NULL);
}

/* Where playbin has gone on already, the media is loaded once more. */
void
play_seek(Play *play, int64_t position_ms)
{
    int64_t in_file_ms = play->part_start_ms + position_ms;

    g_clear_handle_id(&play->part_end_source, g_source_remove);
    if (play->start_at_ms > 0) {
        play->start_at_ms = MAX(in_file_ms, 1);
        return;
    }
    if (!play->is_sought_by_time && play_link_hold(play->link)) {
        gst_play_seek(play->play, (GstClockTime)in_file_ms * GST_MSECOND);
        return;
    }
    play->start_at_ms = play->is_sought_by_time ? 0 : MAX(in_file_ms, 1);
    load(play, play->is_sought_by_time ? position_ms : 0);
    if (play->is_held || play->start_at_ms > 0)
        gst_play_pause(play->play);
    else
        gst_play_play(play->play);
}

static void
on_end(Play *play)
{
    g_clear_handle_id(&play->part_end_source, g_source_remove);
    play->now.position_ms = MAX(play->now.position_ms, play->now.duration_ms);
    if (!play_open_next(play))
        play_stop(play, NULL);
}

static int64_t
to_ms(GstClockTime time)
{
    return GST_CLOCK_TIME_IS_VALID(time) ? (int64_t)GST_TIME_AS_MSECONDS(time) : 0;
}

int64_t
play_place(const Play *play, int64_t in_file_ms)
{
    int64_t shown_ms = play_live_place_ms(play->live, in_file_ms);

    return MAX(play->began_ms + shown_ms - play->part_start_ms, 0);
}

/* The media's place and length, of its file's. */
static void
take_position(Play *play, int64_t in_file_ms)
{
    play->now.position_ms = play_place(play, in_file_ms);
}

static void
take_duration(Play *play, int64_t of_file_ms)
{
    int64_t told_ms = play->is_sought_by_time ? play->now.media->duration_ms : 0; /* of the whole */
    int64_t end_ms = play->part_end_ms > 0 ? play->part_end_ms
                     : told_ms > 0         ? told_ms
                                           : play->began_ms + of_file_ms;

    play->now.duration_ms = MAX(end_ms - play->part_start_ms, 0);
}

static gboolean
on_part_end(gpointer user_data)
{
    Play *play = user_data;

    play->part_end_source = 0;
    if (play->now.state == PLAYBACK_PLAYING)
        on_end(play);
    return G_SOURCE_REMOVE;
}

/* Its position is told twice a second; the end of a part comes between. */
static void
look_for_part_end(Play *play)
{
    int64_t left_ms = play->now.duration_ms - play->now.position_ms;

    g_clear_handle_id(&play->part_end_source, g_source_remove);
    if (play->part_end_ms > 0 && play->now.state == PLAYBACK_PLAYING && left_ms < 1000)
        play->part_end_source = g_timeout_add((guint)MAX(left_ms, 0), on_part_end, play);
}

static void
read_media_info(Play *play, GstMessage *message)
{
    GstPlayMediaInfo *info = NULL;

    gst_play_message_parse_media_info_updated(message, &info);
    if (info == NULL)
        return;
    play->now.is_seekable = play->is_sought_by_time || gst_play_media_info_is_seekable(info);
    g_object_unref(info);
}

void
play_read_volume(Play *play)
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
    if (type == GST_PLAY_MESSAGE_URI_LOADED && play->loads_due > 0 && --play->loads_due == 0)
        offer_next(play);
    if (is_of_older_media(play) && type != GST_PLAY_MESSAGE_VOLUME_CHANGED &&
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
            take_position(play, to_ms(time));
        take_duration(play, to_ms(gst_play_get_duration(play->play)));
        if (play->seeking == NULL && play->start_at_ms == 0)
            look_for_part_end(play);
        break;
    case GST_PLAY_MESSAGE_DURATION_CHANGED:
        gst_play_message_parse_duration_updated(message, &time);
        take_duration(play, to_ms(time));
        break;
    case GST_PLAY_MESSAGE_MEDIA_INFO_UPDATED:
        read_media_info(play, message);
        break;
    case GST_PLAY_MESSAGE_SEEK_DONE:
        play_link_let_go(play->link);
        take_position(play, to_ms(gst_play_get_position(play->play)));
        play_settle(play, &play->seeking, DUO_ERROR_FAILED, NULL);
        break;
    case GST_PLAY_MESSAGE_VOLUME_CHANGED:
    case GST_PLAY_MESSAGE_MUTE_CHANGED:
        play_read_volume(play);
        break;
    default:
        return G_SOURCE_CONTINUE;
    }
    play_publish(play);
    return G_SOURCE_CONTINUE;
}

void
play_listen(Play *play, const char *video_sink)
{
    g_autoptr(GstBus) messages = gst_play_get_message_bus(play->play);

    play->still = still_new(video_sink, on_still_shown, play);
    play->link = play_link_new(play->pipeline, &link_events, play);
    /* After what the link posts, so that the trouble is known when its error comes. */
    play->bus_watch = gst_bus_add_watch_full(messages, G_PRIORITY_DEFAULT + 10, on_play_message,
                                             play, NULL);
}
