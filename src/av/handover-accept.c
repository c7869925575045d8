/* handover-accept.c -- taking over what was offered elsewhere; see handover.c
 *
 * First the session that goes along, then volume and address; it is answered when the first picture
 * or sound is out. One thing at a time. */
#include "av/handover-room.h"

#include "base/error.h"
#include "wire/didl.h"

#include <string.h>

#define BEGIN_MS 20000 /* until the first picture */
#define LOOK_EVERY_MS 100
#define TOKEN_MAX 256
#define SOURCE_MAX 512

struct HandoverAccepting {
    HandoverService *owner; /* borrowed; NULL: it was answered while the screen had still to */
    ServiceCall *call;
    char *asker;
    HandoverState *state;
    PlaybackMedia *media;
    int64_t deadline_ms;
    int old_volume; /* -1: it was not changed */
    bool was_muted;
    bool is_asked; /* the screen, which has not answered yet */
    guint look;
};

typedef HandoverAccepting Accepting;

static void
accepting_free(Accepting *accepting)
{
    g_free(accepting->asker);
    handover_state_free(accepting->state);
    playback_media_free(accepting->media);
    g_free(accepting);
}

static void
ignore_done(Screen *screen G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
            gpointer user_data G_GNUC_UNUSED)
{
}

static void
tell(Screen *screen, const ScreenCommand *command)
{
    screen_command(screen, command, NULL, ignore_done, NULL);
}

/* The call that is to be answered; what is left of accepting goes when nobody needs it. */
static ServiceCall *
end(Accepting *accepting)
{
    HandoverService *handover = accepting->owner;
    ServiceCall *call = accepting->call;

    clock_cancel(handover->host.clock, &accepting->look);
    handover->accepting = NULL;
    accepting->owner = NULL;
    if (!accepting->is_asked)
        accepting_free(accepting);
    return call;
}

/* The screen is as it was, but for what it played. */
static void
give_up(Accepting *accepting, int code, const char *why, bool may_begin_yet)
{
    Screen *screen = handover_screen(accepting->owner, accepting->asker);

    if (screen != NULL && may_begin_yet)
        tell(screen, &(ScreenCommand){ .verb = SCREEN_STOP });
    if (screen != NULL && accepting->old_volume >= 0) {
        tell(screen, &(ScreenCommand){ .verb = SCREEN_VOLUME, .volume = accepting->old_volume });
        tell(screen, &(ScreenCommand){ .verb = SCREEN_MUTE, .is_muted = accepting->was_muted });
    }
    g_autofree char *words = g_strdup(why);
    service_call_fail(end(accepting), code, "%s", words);
}

static void
finish(Accepting *accepting, Screen *screen)
{
    const HandoverHost *host = &accepting->owner->host;

    if (accepting->state->is_paused)
        tell(screen, &(ScreenCommand){ .verb = SCREEN_PAUSE });
    if (host->keep != NULL)
        host->keep(screen, accepting->state, host->data);
    service_call_return(end(accepting));
}

static void
on_look_due(gpointer data)
{
    Accepting *accepting = data;
    Screen *screen = handover_screen(accepting->owner, accepting->asker);
    const PlaybackStatus *status = screen != NULL ? &screen->status : NULL;
    Clock *clock = accepting->owner->host.clock;

    accepting->look = 0;
    if (status == NULL || status->state == PLAYBACK_OFFLINE)
        give_up(accepting, RESOURCE_NOT_FOUND, "the screen is away", false);
    else if (status->state == PLAYBACK_PLAYING && status->media != NULL &&
             g_strcmp0(status->media->uri, accepting->media->uri) == 0)
        finish(accepting, screen);
    else if (clock_now_ms(clock) >= accepting->deadline_ms)
        give_up(accepting, RESOURCE_NOT_FOUND, "it does not begin to play", true);
    else {
        accepting->look = clock_after(clock, LOOK_EVERY_MS, on_look_due, accepting);
        screen_look(screen);
    }
}

static void
on_opened(Screen *screen G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Accepting *accepting = user_data;

    accepting->is_asked = false;
    if (accepting->owner == NULL)
        accepting_free(accepting);
    else if (error != NULL)
        give_up(accepting, av_screen_code(error), error->message,
                g_error_matches(error, DUO_ERROR, DUO_ERROR_TIMEOUT) ||
                    g_error_matches(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE));
    else
        on_look_due(accepting);
}

static void
tune(Accepting *accepting, Screen *screen)
{
    const HandoverState *state = accepting->state;

    if (state->volume < 0)
        return;
    accepting->old_volume = screen->status.volume;
    accepting->was_muted = screen->status.is_muted;
    if (state->volume != screen->status.volume)
        tell(screen, &(ScreenCommand){ .verb = SCREEN_VOLUME, .volume = state->volume });
    if (state->is_muted != screen->status.is_muted)
        tell(screen, &(ScreenCommand){ .verb = SCREEN_MUTE, .is_muted = state->is_muted });
}

static void
open_it(Accepting *accepting)
{
    Screen *screen = handover_screen(accepting->owner, accepting->asker);

    if (screen == NULL) {
        give_up(accepting, RESOURCE_NOT_FOUND, "the screen is away", false);
        return;
    }
    tune(accepting, screen);
    accepting->is_asked = true;
    screen_command(screen,
                   &(ScreenCommand){ .verb = SCREEN_OPEN, .media = accepting->media,
                                     .position_ms = accepting->state->position_ms },
                   NULL, on_opened, accepting);
}

/* A source that nobody knows is none: what it serves can be fetched all the same. */
static void
on_taken(const GError *error, gpointer user_data)
{
    Accepting *accepting = user_data;

    accepting->is_asked = false;
    if (accepting->owner == NULL) {
        accepting_free(accepting);
    } else if (g_error_matches(error, DUO_ERROR, DUO_ERROR_DENIED)) {
        give_up(accepting, SERVICE_NOT_AUTHORIZED, "the token was used, has expired or is none",
                false);
    } else {
        if (error != NULL)
            g_info("no session goes along with what is handed over: %s", error->message);
        open_it(accepting);
    }
}

/* False: the call has failed. */
static bool
check(const HandoverService *handover, const Screen *screen, ServiceCall *call)
{
    if (screen == NULL)
        service_call_fail(call, TRANSITION_NOT_AVAILABLE, "there is no screen of yours here");
    else if (strlen(service_call_text(call, "Token")) > TOKEN_MAX ||
             strlen(service_call_text(call, "SourceLocation")) > SOURCE_MAX)
        service_call_fail(call, SERVICE_INVALID_ARGS, "a token or an address is shorter");
    else if (handover->accepting != NULL)
        service_call_fail(call, CONTENT_BUSY, "something is being handed over already");
    else
        return true;
    return false;
}

static void
accept_state(HandoverService *handover, const Screen *screen, ServiceCall *call,
             HandoverState *state)
{
    g_autoptr(HandoverState) owned = state;
    g_autoptr(PlaybackMedia) media = didl_to_playback(state->now.uri, state->now.metadata);
    const char *token = service_call_text(call, "Token");
    const char *source = service_call_text(call, "SourceLocation");
    const HandoverHost *host = &handover->host;

    if (!av_screen_takes(screen, media, call))
        return;
    Accepting *accepting = g_new0(Accepting, 1);
    *accepting = (Accepting){ .owner = handover, .call = call, .old_volume = -1,
                              .asker = g_strdup(service_call_asker(call, ASKER_CLAIM)),
                              .state = g_steal_pointer(&owned), .media = g_steal_pointer(&media),
                              .deadline_ms = clock_now_ms(host->clock) + BEGIN_MS };
    handover->accepting = accepting;
    if (*source == '\0' || host->take == NULL) {
        open_it(accepting);
        return;
    }
    accepting->is_asked = true;
    host->take(source, token, on_taken, accepting, host->data);
}

void
handover_accept(Service *service, ServiceCall *call)
{
    HandoverService *handover = (HandoverService *)service;
    const Screen *screen = handover_screen(handover, service_call_asker(call, ASKER_CLAIM));
    g_autoptr(GError) error = NULL;

    g_autoptr(HandoverState) state =
        handover_state_decode(service_call_text(call, "State"), &error);
    if (state == NULL)
        service_call_fail(call, SERVICE_INVALID_ARGS, "%s", error->message);
    else if (check(handover, screen, call))
        accept_state(handover, screen, call, g_steal_pointer(&state));
}

void
handover_accept_end(HandoverService *handover)
{
    if (handover->accepting != NULL)
        service_call_fail(end(handover->accepting), SERVICE_ACTION_FAILED, "the device stops");
}
