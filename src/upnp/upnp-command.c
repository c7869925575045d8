/* upnp-command.c -- a Screen's verbs as sequences of AVTransport and RenderingControl actions
 *
 * Each verb is a row of steps; each step one action and what fills its arguments. A set that is not
 * ready (701) is asked again for a while. One that refuses what it was given is given it again on
 * the next rung of the ladder (ladder.h); the rung that led to Play is learnt. */
#include "upnp/upnp-command.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define ARGUMENTS_MAX 4 /* three, the end */
#define STEPS_MAX 4
#define AGAIN_MS 250 /* FIELD-NOTES C5 */
#define AGAIN_MAX 20

enum { NOT_READY = 701 };

typedef struct {
    UpnpScreen *screen; /* borrowed; NULL when it went and the command was answered */
    ScreenVerb verb;
    PlaybackMedia *media;
    UpnpRung first_rung, rung;
    char *metadata; /* on that rung */
    char *position; /* H:MM:SS.mmm */
    char *volume;
    bool is_muted, has_position;
    unsigned step, tries;
    guint timer;
    GCancellable *cancellable; /* the caller's; NULL: none */
    ScreenDone done;
    gpointer user_data;
} Command;

typedef struct {
    const char *service, *action;
    /* Fills what follows InstanceID and returns true; false: the step is not needed. */
    bool (*fill)(Command *command, UpnpArgument *arguments);
    bool may_fail;
} Step;

/* -- Steps ------------------------------------------------------------------------------------- */

static bool
fill_nothing(Command *command, UpnpArgument *arguments)
{
    return true;
}

/* Some sets take a new address only when they stand still. */
static bool
fill_first_stop(Command *command, UpnpArgument *arguments)
{
    PlaybackState state = command->screen->screen.status.state;

    return state == PLAYBACK_PLAYING || state == PLAYBACK_PAUSED || state == PLAYBACK_LOADING;
}

static bool
fill_uri(Command *command, UpnpArgument *arguments)
{
    g_free(command->metadata);
    command->metadata = upnp_ladder_metadata(command->rung, command->media);
    arguments[0] = (UpnpArgument){ "CurrentURI", command->media->uri };
    arguments[1] = (UpnpArgument){ "CurrentURIMetaData", command->metadata };
    return true;
}

static bool
fill_play(Command *command, UpnpArgument *arguments)
{
    arguments[0] = (UpnpArgument){ "Speed", "1" };
    return true;
}

static bool
fill_seek(Command *command, UpnpArgument *arguments)
{
    arguments[0] = (UpnpArgument){ "Unit", "REL_TIME" };
    arguments[1] = (UpnpArgument){ "Target", command->position };
    return true;
}

static bool
fill_late_seek(Command *command, UpnpArgument *arguments)
{
    return command->has_position && fill_seek(command, arguments);
}

static bool
fill_volume(Command *command, UpnpArgument *arguments)
{
    arguments[0] = (UpnpArgument){ "Channel", "Master" };
    arguments[1] = (UpnpArgument){ "DesiredVolume", command->volume };
    return true;
}

static bool
fill_mute(Command *command, UpnpArgument *arguments)
{
    arguments[0] = (UpnpArgument){ "Channel", "Master" };
    arguments[1] = (UpnpArgument){ "DesiredMute", command->is_muted ? "1" : "0" };
    return true;
}

#define AVT "AVTransport"
#define RCS "RenderingControl"
#define STEP_SET_URI 1 /* of SCREEN_OPEN: where another rung begins */
#define STEP_PLAY 2

/* What has no row is not done by these sets: SetNextAVTransportURI is listed by many that do not go
 * on by themselves. */
static const Step sequences[SCREEN_VERB_N][STEPS_MAX + 1] = {
    [SCREEN_OPEN] = { { AVT, "Stop", fill_first_stop, true },
                      [STEP_SET_URI] = { AVT, "SetAVTransportURI", fill_uri, false },
                      [STEP_PLAY] = { AVT, "Play", fill_play, false },
                      { AVT, "Seek", fill_late_seek, true } },
    [SCREEN_PLAY] = { { AVT, "Play", fill_play, false } },
    [SCREEN_PAUSE] = { { AVT, "Pause", fill_nothing, false } },
    [SCREEN_STOP] = { { AVT, "Stop", fill_nothing, false } },
    [SCREEN_SEEK] = { { AVT, "Seek", fill_seek, false } },
    [SCREEN_PREVIOUS] = { { AVT, "Previous", fill_nothing, false } },
    [SCREEN_NEXT] = { { AVT, "Next", fill_nothing, false } },
    [SCREEN_VOLUME] = { { RCS, "SetVolume", fill_volume, false } },
    [SCREEN_MUTE] = { { RCS, "SetMute", fill_mute, false } },
};

/* -- Ends -------------------------------------------------------------------------------------- */

static void
command_free(Command *command)
{
    playback_media_free(command->media);
    g_clear_object(&command->cancellable);
    g_free(command->metadata);
    g_free(command->position);
    g_free(command->volume);
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

static void
run_step(gpointer data)
{
    Command *command = data;
    UpnpArgument arguments[ARGUMENTS_MAX] = { { NULL, NULL } };
    const Step *step = &sequences[command->verb][command->step];

    command->timer = 0;
    while (step->action != NULL && !step->fill(command, arguments))
        step = &sequences[command->verb][++command->step];
    if (step->action != NULL && !g_cancellable_is_cancelled(command->cancellable)) {
        upnp_screen_ask(command->screen, step->service, step->action, arguments, on_step_done,
                        command);
        return;
    }
    g_autoptr(GError) error = NULL;
    if (sequences[command->verb][0].action == NULL)
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
    if (command->verb != SCREEN_OPEN || command->step < STEP_SET_URI || command->step > STEP_PLAY)
        return false;
    command->rung = (command->rung + 1) % UPNP_RUNG_N;
    command->step = STEP_SET_URI;
    return command->rung != command->first_rung;
}

static void
on_step_done(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Command *command = user_data;
    const Step *step = &sequences[command->verb][command->step];
    bool is_refusal = error != NULL && error->domain == SERVICE_ERROR;

    if (command->screen == NULL) {
        command_free(command);
        return;
    }
    if (is_refusal && error->code == NOT_READY && command->verb == SCREEN_OPEN &&
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
    if (command->verb == SCREEN_OPEN && command->step == STEP_PLAY)
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

    *command = (Command){
        .screen = screen, .verb = asked->verb, .media = playback_media_copy(asked->media),
        .position = text_from_duration_ms(asked->position_ms),
        .has_position = asked->position_ms > 0,
        .volume = g_strdup_printf("%d", asked->volume), .is_muted = asked->is_muted,
        .done = done, .user_data = user_data,
    };
    command->first_rung = command->rung = upnp_ladder_first(screen->ladder, screen->remote->model);
    g_set_object(&command->cancellable, cancellable);
    g_hash_table_add(screen->commands, command);
    if (asked->verb == SCREEN_OPEN) {
        playback_media_free(screen->opened);
        screen->opened = playback_media_copy(asked->media);
    }
    command->timer = clock_after(screen->clock, 0, run_step, command);
}
