/* handover.c -- Handover:1: what plays here goes on elsewhere (PROFILE section 7)
 *
 * An offer changes nothing: it gives away what plays, and a token. Whoever accepts it answers when
 * its first picture or sound is out; only then, by the token, the screen that offered is stopped.
 * An offer that nobody comes back to is over after a while, and its screen plays on. */
#include "av/screen-media.h"
#include "base/chance.h"
#include "base/error.h"
#include "base/text.h"
#include "wire/didl.h"

#include <string.h>

#define OFFER_MS 10000 /* PROFILE section 7 */
#define OFFERS_MAX 16
#define BEGIN_MS 20000 /* until the first picture */
#define LOOK_EVERY_MS 100
#define TOKEN_MAX 256
#define SOURCE_MAX 512

#define BAD_TOKEN 401 /* as a session key that is used, expired or forged (PROFILE section 5) */

typedef struct {
    Service service; /* first */
    HandoverHost host;
    GPtrArray *offers; /* Offer, owned, the oldest first */
    struct Accepting *accepting; /* owned; NULL: nothing is */
} HandoverService;

typedef struct {
    HandoverService *owner; /* borrowed */
    char *token, *asker;
    guint timer;
} Offer;

/* -- Offer ------------------------------------------------------------------------------------- */

static void
offer_free(gpointer data)
{
    Offer *offer = data;

    clock_cancel(offer->owner->host.clock, &offer->timer);
    g_free(offer->token);
    g_free(offer->asker);
    g_free(offer);
}

static void
on_offer_over(gpointer data)
{
    Offer *offer = data;

    offer->timer = 0;
    g_ptr_array_remove(offer->owner->offers, offer);
}

static Screen *
screen_of(const HandoverService *handover, const char *asker)
{
    return handover->host.screen(asker, handover->host.data);
}

/* NULL: the call has failed. */
static Screen *
playing_screen(const HandoverService *handover, ServiceCall *call)
{
    Screen *screen = screen_of(handover, service_call_asker(call, ASKER_CLAIM));
    const PlaybackStatus *status = screen != NULL ? &screen->status : NULL;

    if (status != NULL && status->media != NULL && status->media->uri != NULL &&
        (status->state == PLAYBACK_PLAYING || status->state == PLAYBACK_PAUSED))
        return screen;
    service_call_fail(call, TRANSITION_NOT_AVAILABLE,
                      screen == NULL ? "there is no screen of yours here"
                                     : "nothing plays that could be handed over");
    return NULL;
}

/* What beyond knows of the same thing, goes with it. */
static void
add_beyond(HandoverState *state, const HandoverState *beyond)
{
    if (g_strcmp0(state->now.uri, beyond->now.uri) != 0)
        return;
    g_free(state->now.sound);
    g_free(state->now.subtitle);
    state->now.sound = g_strdup(beyond->now.sound);
    state->now.subtitle = g_strdup(beyond->now.subtitle);
    g_ptr_array_set_size(state->queue, 0);
    for (guint i = 0; i < beyond->queue->len; i++)
        handover_state_add(state, beyond->queue->pdata[i]);
}

static HandoverState *
state_of(const HandoverService *handover, Screen *screen)
{
    const PlaybackStatus *status = &screen->status;
    HandoverState *state = handover_state_new();

    handover_entry_set(&state->now, status->media->uri, status->media->metadata);
    state->position_ms = screen_position_ms(screen);
    state->is_paused = status->state == PLAYBACK_PAUSED;
    state->volume = status->volume;
    state->is_muted = status->is_muted;
    if (handover->host.fill != NULL)
        handover->host.fill(screen, state, handover->host.data);
    return state;
}

typedef struct {
    HandoverService *handover;
    ServiceCall *call;
} Offering;

static void
on_linked(const char *token, const HandoverState *beyond, gpointer user_data)
{
    g_autofree Offering *offering = user_data;
    HandoverService *handover = offering->handover;
    ServiceCall *call = offering->call;
    Screen *screen = playing_screen(handover, call); /* it may have stopped meanwhile */

    if (screen == NULL)
        return;
    g_autoptr(HandoverState) state = state_of(handover, screen);
    if (beyond != NULL)
        add_beyond(state, beyond);
    Offer *offer = g_new0(Offer, 1);
    *offer = (Offer){ handover, token != NULL ? g_strdup(token) : chance_token(),
                      g_strdup(service_call_asker(call, ASKER_CLAIM)), 0 };
    offer->timer = clock_after(handover->host.clock, OFFER_MS, on_offer_over, offer);
    g_ptr_array_add(handover->offers, offer);
    service_call_put_text(call, "Token", offer->token);
    service_call_take_text(call, "State", handover_state_encode(state));
    service_call_return(call);
}

static void
offer(Service *service, ServiceCall *call)
{
    HandoverService *handover = (HandoverService *)service;

    if (playing_screen(handover, call) == NULL)
        return;
    if (handover->offers->len >= OFFERS_MAX) {
        service_call_fail(call, CONTENT_BUSY, "it is offered to too many already");
        return;
    }
    Offering *offering = g_new(Offering, 1);
    *offering = (Offering){ handover, call };
    if (handover->host.link != NULL)
        handover->host.link(service_call_asker(call, ASKER_CLAIM), on_linked, offering,
                            handover->host.data);
    else
        on_linked(NULL, NULL, offering);
}

/* -- Accept ------------------------------------------------------------------------------------ */

typedef struct Accepting {
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
} Accepting;

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
    Screen *screen = screen_of(accepting->owner, accepting->asker);

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
    Screen *screen = screen_of(accepting->owner, accepting->asker);
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
    Screen *screen = screen_of(accepting->owner, accepting->asker);

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
        give_up(accepting, BAD_TOKEN, "the token was used, has expired or is none", false);
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

static void
accept_offer(Service *service, ServiceCall *call)
{
    HandoverService *handover = (HandoverService *)service;
    const Screen *screen = screen_of(handover, service_call_asker(call, ASKER_CLAIM));
    g_autoptr(GError) error = NULL;

    if (!check(handover, screen, call))
        return;
    HandoverState *state = handover_state_decode(service_call_text(call, "State"), &error);
    if (state == NULL)
        service_call_fail(call, SERVICE_INVALID_ARGS, "%s", error->message);
    else
        accept_state(handover, screen, call, state);
}

/* -- Release ----------------------------------------------------------------------------------- */

static void
on_stopped(Screen *screen G_GNUC_UNUSED, const GError *error, gpointer call)
{
    if (error == NULL)
        service_call_return(call);
    else
        service_call_fail(call, av_screen_code(error), "%s", error->message);
}

/* Looks at every one: how near a guess came is not to be heard from how long it took. */
static Offer *
find_offer(const HandoverService *handover, const char *token)
{
    Offer *found = NULL;

    for (guint i = 0; i < handover->offers->len; i++) {
        Offer *offer = handover->offers->pdata[i];
        if (text_equal_secret(offer->token, token))
            found = offer;
    }
    return found;
}

static void
release(Service *service, ServiceCall *call)
{
    HandoverService *handover = (HandoverService *)service;
    Offer *offer = find_offer(handover, service_call_text(call, "Token"));
    Screen *screen = offer != NULL ? screen_of(handover, offer->asker) : NULL;

    if (offer == NULL) {
        service_call_fail(call, BAD_TOKEN, "there is no such offer, or its time is over");
        return;
    }
    g_ptr_array_remove(handover->offers, offer);
    if (screen == NULL) {
        service_call_return(call); /* it is away, and plays nothing here */
        return;
    }
    if (handover->host.let_go != NULL)
        handover->host.let_go(screen, handover->host.data);
    screen_command(screen, &(ScreenCommand){ .verb = SCREEN_STOP }, NULL, on_stopped, call);
}

/* -- The table --------------------------------------------------------------------------------- */

static const ServiceVariable variables[] = {
    { .name = "A_ARG_TYPE_Token", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_State", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Location", .type = SERVICE_URI },
    { .name = NULL },
};

static const ServiceAction actions[] = {
    { "Offer", false, offer,
      { SERVICE_OUT("Token", "A_ARG_TYPE_Token"), SERVICE_OUT("State", "A_ARG_TYPE_State") } },
    { "Accept", false, accept_offer,
      { SERVICE_IN("State", "A_ARG_TYPE_State"), SERVICE_IN("Token", "A_ARG_TYPE_Token"),
        SERVICE_IN("SourceLocation", "A_ARG_TYPE_Location") } },
    { "Release", false, release, { SERVICE_IN("Token", "A_ARG_TYPE_Token") } },
    { .name = NULL },
};

static void
handover_service_free(Service *service)
{
    HandoverService *handover = (HandoverService *)service;

    if (handover->accepting != NULL)
        service_call_fail(end(handover->accepting), SERVICE_ACTION_FAILED, "the device stops");
    g_ptr_array_unref(handover->offers);
    service_clear(service);
    g_free(handover);
}

static const ServiceTable table = {
    .name = "Handover",
    .version = 1,
    .variables = variables,
    .actions = actions,
    .free = handover_service_free,
};

Service *
handover_service_new(const HandoverHost *host)
{
    HandoverService *handover = g_new0(HandoverService, 1);

    service_init(&handover->service, &table);
    handover->host = *host;
    handover->offers = g_ptr_array_new_with_free_func(offer_free);
    return &handover->service;
}
