/* upnp-next.c -- what plays when something is over
 *
 * Few sets that list SetNextAVTransportURI go on by themselves (FIELD-NOTES C5). A model is given
 * the chance once: when its track becomes the next by itself it is trusted with it, when it stops
 * instead it is not asked again. Where the set does not go on, we open the next thing. */
#include "upnp/upnp-command.h"

#include <string.h>

#define END_MS 3000      /* so near its end a thing that stops is over */
#define GO_ON_MS 2500    /* between two tracks sets stop for a moment */

static bool
is_at_rest(const PlaybackStatus *status)
{
    return status->state == PLAYBACK_STOPPED || status->state == PLAYBACK_IDLE;
}

static bool
shows(const PlaybackStatus *status, const PlaybackMedia *media)
{
    return media != NULL && status->media != NULL && strcmp(status->media->uri, media->uri) == 0;
}

/* A set that knows no length is believed; a picture has no end. */
static bool
is_due(const UpnpScreen *screen)
{
    const PlaybackStatus *status = &screen->screen.status;
    int64_t since_ms = status->state == PLAYBACK_PLAYING
                           ? clock_now_ms(screen->parts.clock) - screen->seen_ms : 0;

    if (!upnp_screen_is_busy(screen) || screen->was_told_to_stop || status->problem != NULL)
        return false;
    if (status->state == PLAYBACK_LOADING)
        return screen->is_due; /* at the end some sets are back at the beginning for a moment */
    if (status->duration_ms == 0)
        return status->media == NULL || status->media->kind != MEDIA_IMAGE;
    return status->position_ms + since_ms >= status->duration_ms - END_MS;
}

void
upnp_next_watch(UpnpScreen *screen)
{
    PlaybackState state = screen->screen.status.state;

    if (state == PLAYBACK_PLAYING || state == PLAYBACK_PAUSED)
        screen->is_due = is_due(screen);
}

bool
upnp_next_bridge(UpnpScreen *screen, PlaybackStatus *status)
{
    bool has_ended = is_at_rest(status) && is_due(screen) && screen->peer.next != NULL &&
                     !screen->is_going_on && !upnp_command_is_opening(screen);

    if (status->state == PLAYBACK_OFFLINE ||
        (status->state == PLAYBACK_PLAYING && screen->next_timer == 0))
        screen->is_going_on = false;
    screen->is_going_on = screen->is_going_on || has_ended;
    if (!screen->is_going_on || !is_at_rest(status))
        return has_ended;
    status->state = PLAYBACK_LOADING;
    if (status->media == NULL)
        status->media = playback_media_copy(screen->screen.status.media);
    return has_ended;
}

bool
upnp_next_may_be_told(const UpnpScreen *screen)
{
    return screen->has_next &&
           upnp_ladder_trust(screen->parts.ladder, screen->remote->model) != UPNP_TRUST_NONE;
}

void
upnp_next_forget(UpnpScreen *screen)
{
    clock_cancel(screen->parts.clock, &screen->next_timer);
    g_clear_pointer(&screen->peer.next, playback_media_free);
    screen->is_next_sent = screen->is_going_on = false;
}

/* What cannot be played is told like what broke while it played. */
static void
on_opened(Screen *base, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = (UpnpScreen *)base;
    PlaybackStatus status = { 0 };

    if (error == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    screen->is_going_on = false;
    playback_status_copy(&status, &base->status);
    g_free(status.problem);
    status.problem = g_strdup(error->message);
    if (status.state == PLAYBACK_LOADING)
        status.state = PLAYBACK_STOPPED;
    screen_set_status(base, &status);
}

static void
open_next(UpnpScreen *screen)
{
    g_autoptr(PlaybackMedia) media = g_steal_pointer(&screen->peer.next);

    upnp_command_run(&screen->screen, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = media }, NULL,
                     on_opened, NULL);
    screen->is_going_on = true;
}

/* It had its time to go on. */
static void
on_go_on_due(gpointer data)
{
    UpnpScreen *screen = data;

    screen->next_timer = 0;
    if (!screen->is_going_on || upnp_command_is_opening(screen))
        return;
    upnp_ladder_learn_trust(screen->parts.ladder, screen->remote->model, UPNP_TRUST_NONE);
    open_next(screen);
}

void
upnp_next_follow(UpnpScreen *screen, bool has_ended)
{
    const PlaybackStatus *status = &screen->screen.status;

    if (screen->peer.next == NULL || upnp_command_is_opening(screen))
        return;
    if (has_ended && screen->is_next_sent) {
        screen->next_timer = clock_after(screen->parts.clock, GO_ON_MS, on_go_on_due, screen);
    } else if (has_ended) {
        open_next(screen);
    } else if (upnp_screen_is_busy(screen) && shows(status, screen->peer.next) &&
               !shows(status, screen->peer.opened)) {
        if (screen->is_next_sent)
            upnp_ladder_learn_trust(screen->parts.ladder, screen->remote->model, UPNP_TRUST_FULL);
        playback_media_free(screen->peer.opened);
        screen->peer.opened = g_steal_pointer(&screen->peer.next);
        upnp_next_forget(screen);
    } else if (upnp_screen_is_busy(screen) && status->media != NULL &&
               !shows(status, screen->peer.opened)) {
        upnp_next_forget(screen); /* somebody else plays something else */
    }
}
