/* screen-command.c -- a Screen's verbs as sequences of actions of AVTransport, AVRenderingControl
 * and Handover
 *
 * Each verb is a row of steps, each step an action (its arguments: wire/av-screen, and for what is
 * handed over those of PROFILE section 7). A step that may fail leaves the rest to go on: some
 * devices seek before they play, some only then. */
#include "igrs/screen-command.h"

#include "base/error.h"
#include "igrs/node.h"
#include "wire/didl.h"
#include "wire/handover-state.h"

#include <string.h>

#define STEPS_MAX 5
#define BEGIN_MS 20000 /* what plays, or plays elsewhere, had to be fetched first */
#define OFFER_MS 4000  /* who does not offer what it plays by then is done without */

typedef struct Command Command;

typedef struct {
    const char *service, *action;
    bool (*is_needed)(const Command *command); /* NULL: always */
    bool may_fail;
    int64_t timeout_ms; /* 0: as of any question */
} Step;

struct Command {
    IgrsScreen *screen; /* borrowed; NULL when it went and the command was answered */
    ScreenCommand asked;
    PlaybackMedia *media; /* asked.media, ours */
    char *metadata;
    char *token, *state; /* of asked.handing, ours; NULL: nothing is handed over */
    const Step *steps;
    unsigned step;
    GCancellable *cancellable; /* the caller's; NULL: none */
    GError *failure; /* of a step that may fail */
    ScreenDone done;
    gpointer user_data;
};

/* Some devices take a new address only when they stand still. */
static bool
is_busy(const Command *command)
{
    PlaybackState state = command->screen->screen.status.state;

    return state == PLAYBACK_PLAYING || state == PLAYBACK_PAUSED || state == PLAYBACK_LOADING;
}

static bool
begins_later(const Command *command)
{
    return command->asked.position_ms > 0;
}

/* The device would not do it the other way: it did not seek before it played, or knows nothing of
 * the offer any more. */
static bool
has_failed_before(const Command *command)
{
    return command->failure != NULL;
}

#define AVT IGRS_TRANSPORT /* or that of music */
#define RCS "AVRenderingControl"

static const Step sequences[SCREEN_VERB_N][STEPS_MAX + 1] = {
    [SCREEN_OPEN] = { { AVT, "Stop", is_busy, true },
                      { AVT, "SetAVTransportURI", NULL, false },
                      { AVT, "Seek", begins_later, true, BEGIN_MS },
                      { AVT, "Play", NULL, false, BEGIN_MS },
                      { AVT, "Seek", has_failed_before, true, BEGIN_MS } },
    [SCREEN_SET_NEXT] = { { AVT, "SetNextAVTransportURI", NULL, false } },
    [SCREEN_PLAY] = { { AVT, "Play", NULL, false, BEGIN_MS } },
    [SCREEN_PAUSE] = { { AVT, "Pause", NULL, false } },
    [SCREEN_STOP] = { { AVT, "Stop", NULL, false } },
    [SCREEN_SEEK] = { { AVT, "Seek", NULL, false, BEGIN_MS } },
    [SCREEN_NEXT] = { { AVT, "Next", NULL, false } },
    [SCREEN_PREVIOUS] = { { AVT, "Previous", NULL, false } },
    [SCREEN_VOLUME] = { { RCS, "SetVolume", NULL, false } },
    [SCREEN_MUTE] = { { RCS, "SetMute", NULL, false } },
};

/* The same of what is handed over. */
static const Step handed_over[SCREEN_VERB_N][STEPS_MAX + 1] = {
    [SCREEN_OPEN] = { { IGRS_HANDOVER, "Accept", NULL, false, BEGIN_MS } },
    [SCREEN_STOP] = { { IGRS_HANDOVER, "Release", NULL, true },
                      { AVT, "Stop", has_failed_before, false } },
};

static void
command_free(Command *command)
{
    playback_media_free(command->media);
    g_clear_error(&command->failure);
    g_clear_object(&command->cancellable);
    g_free(command->metadata);
    g_free(command->token);
    g_free(command->state);
    g_free(command);
}

static void
command_answer(Command *command, const GError *error)
{
    IgrsScreen *screen = command->screen;

    command->screen = NULL;
    g_hash_table_remove(screen->commands, command);
    command->done(&screen->screen, error, command->user_data);
}

static void
command_finish(Command *command, const GError *error)
{
    g_autoptr(GError) translated = error != NULL ? screen_refusal(error) : NULL;

    igrs_screen_look(command->screen); /* a refused one may have done a part of its steps */
    command_answer(command, translated);
    command_free(command);
}

/* Their steps are still under way, and free them when they end. */
void
screen_command_abandon(IgrsScreen *screen)
{
    g_autoptr(GError) error = g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the screen is gone");
    g_autoptr(GList) commands = g_hash_table_get_keys(screen->commands);

    for (GList *link = commands; link != NULL; link = link->next)
        command_answer(link->data, error);
}

static void on_step_done(const SoapCall *answer, const GError *error, gpointer user_data);

/* What the device is to accept: as it was offered, with the address that this one is given. */
static char *
state_for(const Command *command)
{
    g_autoptr(HandoverState) state = handover_state_decode(command->state, NULL);

    if (state == NULL)
        state = handover_state_new();
    handover_entry_set(&state->now, command->asked.media->uri, command->metadata);
    state->position_ms = command->asked.position_ms;
    return handover_state_encode(state);
}

static SoapCall *
handover_action(const Command *command, const char *action)
{
    const IgrsScreen *screen = command->screen;
    const char *there = igrs_node_peer_location(screen->node, screen->device_id);
    g_autofree char *here = there != NULL ? igrs_node_location_for(screen->node, there) : NULL;
    SoapCall *call = soap_call_new(NULL, action);

    if (command->asked.verb == SCREEN_OPEN)
        soap_call_take(call, "State", state_for(command));
    soap_call_add(call, "Token", command->token);
    if (command->asked.verb == SCREEN_OPEN)
        soap_call_add(call, "SourceLocation", here != NULL ? here : "");
    return call;
}

static SoapCall *
action_of(const Command *command, const Step *step)
{
    if (strcmp(step->service, IGRS_HANDOVER) == 0)
        return handover_action(command, step->action);
    return av_screen_action(step->action, &command->screen->peer, &command->asked,
                            command->metadata);
}

static void
run_next_step(Command *command)
{
    IgrsScreen *screen = command->screen;
    const Step *step = &command->steps[command->step];

    while (step->action != NULL && step->is_needed != NULL && !step->is_needed(command))
        step = &command->steps[++command->step];
    if (step->action != NULL) {
        const char *service = strcmp(step->service, AVT) == 0 ? screen->transport : step->service;
        igrs_client_invoke(screen->client, screen->device_id, service, action_of(command, step),
                           step->timeout_ms, command->cancellable, on_step_done, command);
        return;
    }
    command_finish(command, NULL);
}

static void
on_step_done(const SoapCall *answer G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Command *command = user_data;
    const Step *step = &command->steps[command->step];
    bool is_refusal = error != NULL && error->domain == SERVICE_ERROR;

    if (command->screen == NULL) {
        command_free(command);
        return;
    }
    if (error != NULL && !(step->may_fail && is_refusal)) {
        command_finish(command, error);
        return;
    }
    g_clear_error(&command->failure);
    if (error != NULL)
        command->failure = g_error_copy(error);
    command->step++;
    run_next_step(command);
}

/* The media's own description, or one made of what is known. */
static char *
metadata_of(const PlaybackMedia *media)
{
    if (media == NULL)
        return g_strdup("");
    return media->metadata != NULL ? g_strdup(media->metadata) : didl_encode_media(media);
}

void
igrs_screen_command(Screen *base, const ScreenCommand *asked, GCancellable *cancellable,
                    ScreenDone done, gpointer user_data)
{
    Command *command = g_new0(Command, 1);

    *command = (Command){ .screen = (IgrsScreen *)base, .asked = *asked,
                          .metadata = metadata_of(asked->media), .done = done,
                          .user_data = user_data };
    command->steps = sequences[asked->verb];
    if (asked->handing != NULL && handed_over[asked->verb][0].action != NULL) {
        command->steps = handed_over[asked->verb];
        command->token = g_strdup(asked->handing->token);
        command->state = g_strdup(asked->handing->state);
    }
    command->asked.handing = NULL; /* borrowed for the call */
    command->asked.media = command->media = playback_media_copy(asked->media);
    g_set_object(&command->cancellable, cancellable);
    g_hash_table_add(command->screen->commands, command);
    av_peer_remember(&command->screen->peer, asked);
    run_next_step(command);
}

/* -- Offering ---------------------------------------------------------------------------------- */

typedef struct {
    ScreenOffered offered;
    gpointer user_data;
} Offering;

static void
on_offered(const SoapCall *answer, const GError *error, gpointer user_data)
{
    g_autofree Offering *offering = user_data;
    ScreenHanding offer = { 0 };
    g_autoptr(GError) problem = NULL;

    if (answer != NULL) {
        offer.token = soap_call_value(answer, "Token");
        offer.state = soap_call_value(answer, "State");
    }
    if (error == NULL && (offer.token == NULL || offer.state == NULL))
        problem = g_error_new(DUO_ERROR, DUO_ERROR_INVALID, "the device offered nothing");
    else if (error != NULL)
        problem = screen_refusal(error);
    offering->offered(problem == NULL ? &offer : NULL, problem, offering->user_data);
}

void
igrs_screen_offer(Screen *base, GCancellable *cancellable, ScreenOffered offered,
                  gpointer user_data)
{
    const IgrsScreen *screen = (const IgrsScreen *)base;
    Offering *offering = g_new(Offering, 1);

    *offering = (Offering){ offered, user_data };
    igrs_client_invoke(screen->client, screen->device_id, IGRS_HANDOVER,
                       soap_call_new(NULL, "Offer"), OFFER_MS, cancellable, on_offered, offering);
}
