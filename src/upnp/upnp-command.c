/* upnp-command.c -- a Screen's verbs as sequences of AVTransport and RenderingControl actions
 *
 * Each verb is a row of steps, each step an action (its arguments: wire/av-screen). A set that is not
 * ready (701) is asked again for a while. One that refuses what it was given is given it again on
 * the next rung of the ladder (ladder.h); the rung that led to Play is learnt. */
#include "upnp/upnp-command.h"

#include "base/error.h"

#include <string.h>

#define STEPS_MAX 4
#define AGAIN_MS 250 /* FIELD-NOTES C5 */
#define AGAIN_MAX 20

enum { NOT_READY = 701 };

typedef struct {
    UpnpScreen *screen; /* borrowed; NULL when it went and the command was answered */
    ScreenCommand asked;
    PlaybackMedia *media; /* asked.media, ours */
    UpnpRung first_rung, rung;
    unsigned step, tries;
    guint timer;
    GCancellable *cancellable; /* the caller's; NULL: none */
    ScreenDone done;
    gpointer user_data;
} Command;

typedef struct {
    const char *service, *action;
    bool (*is_needed)(const Command *command); /* NULL: always */
    bool may_fail;
} Step;

/* -- Steps ------------------------------------------------------------------------------------- */

/* Some sets take a new address only when they stand still. */
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

#define AVT "AVTransport"
#define RCS "RenderingControl"
#define STEP_SET_URI 1 /* of SCREEN_OPEN: where another rung begins */
#define STEP_PLAY 2

/* What has no row is not done by these sets: SetNextAVTransportURI is listed by many that do not go
 * on by themselves. */
static const Step sequences[SCREEN_VERB_N][STEPS_MAX + 1] = {
    [SCREEN_OPEN] = { { AVT, "Stop", is_busy, true },
                      [STEP_SET_URI] = { AVT, "SetAVTransportURI", NULL, false },
                      [STEP_PLAY] = { AVT, "Play", NULL, false },
                      { AVT, "Seek", begins_later, true } },
    [SCREEN_PLAY] = { { AVT, "Play", NULL, false } },
    [SCREEN_PAUSE] = { { AVT, "Pause", NULL, false } },
    [SCREEN_STOP] = { { AVT, "Stop", NULL, false } },
    [SCREEN_SEEK] = { { AVT, "Seek", NULL, false } },
    [SCREEN_PREVIOUS] = { { AVT, "Previous", NULL, false } },
    [SCREEN_NEXT] = { { AVT, "Next", NULL, false } },
    [SCREEN_VOLUME] = { { RCS, "SetVolume", NULL, false } },
    [SCREEN_MUTE] = { { RCS, "SetMute", NULL, false } },
};

/* -- Ends -------------------------------------------------------------------------------------- */

static void
command_free(Command *command)
{
    playback_media_free(command->media);
    g_clear_object(&command->cancellable);
    g_free(command);
}

static void
command_answer(Command *command, const GError *error)
{
    UpnpScreen *screen = command->screen;

    command->screen = NULL;
    g_hash_table_remove(screen->commands, command);
    command->done(&screen->screen, error, command->user_data);
}

static void
command_finish(Command *command, const GError *error)
{
    g_autoptr(GError) refusal = error != NULL ? screen_refusal(error) : NULL;

    upnp_screen_look(command->screen);
    command_answer(command, refusal);
    command_free(command);
}

/* A question of theirs that is under way frees them when it ends. */
void
upnp_command_abandon(UpnpScreen *screen)
{
    g_autoptr(GError) error = g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the screen is gone");
    g_autoptr(GList) commands = g_hash_table_get_keys(screen->commands);

    for (GList *link = commands; link != NULL; link = link->next) {
        Command *command = link->data;
        bool is_waiting = command->timer != 0;
        clock_cancel(screen->clock, &command->timer);
        command_answer(command, error);
        if (is_waiting)
            command_free(command);
    }
}

/* -- On the way -------------------------------------------------------------------------------- */

static void on_step_done(const SoapCall *answer, const GError *error, gpointer user_data);

static SoapCall *
action_of(const Command *command, const Step *step)
{
    g_autofree char *metadata =
        command->media != NULL ? upnp_ladder_metadata(command->rung, command->media) : NULL;

    return av_screen_action(step->action, &command->asked, metadata);
}

static void
run_step(gpointer data)
{
    Command *command = data;
    const Step *step = &sequences[command->asked.verb][command->step];

    command->timer = 0;
    while (step->action != NULL && step->is_needed != NULL && !step->is_needed(command))
        step = &sequences[command->asked.verb][++command->step];
    if (step->action != NULL && !g_cancellable_is_cancelled(command->cancellable)) {
        upnp_screen_ask(command->screen, step->service, action_of(command, step), on_step_done,
                        command);
        return;
    }
    g_autoptr(GError) error = NULL;
    if (sequences[command->asked.verb][0].action == NULL)
        g_set_error(&error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s cannot be told what follows",
                    command->screen->screen.name);
    else
        g_cancellable_set_error_if_cancelled(command->cancellable, &error);
    command_finish(command, error);
}

/* True when there is another rung to try, and it is taken. */
static bool
climb(Command *command)
{
    if (command->asked.verb != SCREEN_OPEN || command->step < STEP_SET_URI || command->step > STEP_PLAY)
        return false;
    command->rung = (command->rung + 1) % UPNP_RUNG_N;
    command->step = STEP_SET_URI;
    return command->rung != command->first_rung;
}

static void
on_step_done(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Command *command = user_data;
    const Step *step = &sequences[command->asked.verb][command->step];
    bool is_refusal = error != NULL && error->domain == SERVICE_ERROR;

    if (command->screen == NULL) {
        command_free(command);
        return;
    }
    if (is_refusal && error->code == NOT_READY && command->asked.verb == SCREEN_OPEN &&
        command->step != 0 && command->tries++ < AGAIN_MAX) {
        command->timer = clock_after(command->screen->clock, AGAIN_MS, run_step, command);
        return;
    }
    if (is_refusal && climb(command)) {
        run_step(command);
        return;
    }
    if (error != NULL && !(step->may_fail && is_refusal)) {
        command_finish(command, error);
        return;
    }
    if (command->asked.verb == SCREEN_OPEN && command->step == STEP_PLAY)
        upnp_ladder_learn(command->screen->ladder, command->screen->remote->model, command->rung);
    command->step++;
    command->tries = 0;
    run_step(command);
}

void
upnp_command_run(Screen *base, const ScreenCommand *asked, GCancellable *cancellable,
                 ScreenDone done, gpointer user_data)
{
    UpnpScreen *screen = (UpnpScreen *)base;
    Command *command = g_new0(Command, 1);

    *command = (Command){ .screen = screen, .asked = *asked, .done = done,
                          .user_data = user_data };
    command->asked.media = command->media = playback_media_copy(asked->media);
    command->first_rung = command->rung = upnp_ladder_first(screen->ladder, screen->remote->model);
    g_set_object(&command->cancellable, cancellable);
    g_hash_table_add(screen->commands, command);
    av_sent_remember(&screen->sent, asked);
    command->timer = clock_after(screen->clock, 0, run_step, command);
}
