/* handover.c -- Handover:1: what plays here goes on elsewhere (PROFILE section 7)
 *
 * An offer changes nothing: it gives away what plays, and a token. Whoever accepts it answers when
 * its first picture or sound is out; only then, by the token, the screen that offered is stopped.
 * An offer that nobody comes back to is over after a while, and its screen plays on. */
#include "av/handover-room.h"

#include "base/chance.h"
#include "base/text.h"

#define OFFER_MS 10000 /* PROFILE section 7 */
#define OFFERS_MAX 16

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

Screen *
handover_screen(const HandoverService *handover, const char *asker)
{
    return handover->host.screen(asker, handover->host.data);
}

/* NULL: the call has failed. */
static Screen *
playing_screen(const HandoverService *handover, ServiceCall *call)
{
    Screen *screen = handover_screen(handover, service_call_asker(call, ASKER_CLAIM));
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
    Screen *screen = offer != NULL ? handover_screen(handover, offer->asker) : NULL;

    if (offer == NULL) {
        service_call_fail(call, SERVICE_NOT_AUTHORIZED,
                          "there is no such offer, or its time is over");
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
    { "Accept", false, handover_accept,
      { SERVICE_IN("State", "A_ARG_TYPE_State"), SERVICE_IN("Token", "A_ARG_TYPE_Token"),
        SERVICE_IN("SourceLocation", "A_ARG_TYPE_Location") } },
    { "Release", false, release, { SERVICE_IN("Token", "A_ARG_TYPE_Token") } },
    { .name = NULL },
};

static void
handover_service_free(Service *service)
{
    HandoverService *handover = (HandoverService *)service;

    handover_accept_end(handover);
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
