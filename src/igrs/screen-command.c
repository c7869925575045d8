/* screen-command.c -- a Screen's verbs as sequences of AVTransport and AVRenderingControl actions
 *
 * Each verb is a row of steps, each step an action (its arguments: wire/av-screen). A step that may
 * fail leaves the rest to go on: some devices seek before they play, some only then. */
#include "igrs/screen-command.h"

#include "base/error.h"
#include "wire/didl.h"

#include <string.h>

#define STEPS_MAX 5
#define BEGIN_MS 20000 /* what plays, or plays elsewhere, had to be fetched first */

typedef struct {
    IgrsScreen *screen; /* borrowed; NULL when it went and the command was answered */
    ScreenCommand asked;
    PlaybackMedia *media; /* asked.media, ours */
    char *metadata;
    unsigned step;
    GCancellable *cancellable; /* the caller's; NULL: none */
    GError *failure; /* of a step that may fail */
    ScreenDone done;
    gpointer user_data;
} Command;

typedef struct {
    const char *service, *action;
    bool (*is_needed)(const Command *command); /* NULL: always */
    bool may_fail;
    int64_t timeout_ms; /* 0: as of any question */
} Step;

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

/* The device would not seek before it played. */
static bool
is_still_to_seek(const Command *command)
{
    return command->failure != NULL;
}

#define AVT "AVTransport"
#define RCS "AVRenderingControl"

static const Step sequences[SCREEN_VERB_N][STEPS_MAX + 1] = {
    [SCREEN_OPEN] = { { AVT, "Stop", is_busy, true },
                      { AVT, "SetAVTransportURI", NULL, false },
                      { AVT, "Seek", begins_later, true, BEGIN_MS },
                      { AVT, "Play", NULL, false, BEGIN_MS },
                      { AVT, "Seek", is_still_to_seek, true, BEGIN_MS } },
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

static void
command_free(Command *command)
{
    playback_media_free(command->media);
    g_clear_error(&command->failure);
    g_clear_object(&command->cancellable);
    g_free(command->metadata);
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

static void
run_next_step(Command *command)
{
    IgrsScreen *screen = command->screen;
    const Step *step = &sequences[command->asked.verb][command->step];

    while (step->action != NULL && step->is_needed != NULL && !step->is_needed(command))
        step = &sequences[command->asked.verb][++command->step];
    if (step->action != NULL) {
        igrs_client_invoke(screen->client, screen->device_id, step->service,
                           av_screen_action(step->action, &command->screen->peer, &command->asked,
                                            command->metadata), step->timeout_ms,
                           command->cancellable, on_step_done, command);
        return;
    }
    command_finish(command, NULL);
}

static void
on_step_done(const SoapCall *answer G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Command *command = user_data;
    const Step *step = &sequences[command->asked.verb][command->step];
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
    command->asked.media = command->media = playback_media_copy(asked->media);
    g_set_object(&command->cancellable, cancellable);
    g_hash_table_add(command->screen->commands, command);
    av_peer_remember(&command->screen->peer, asked);
    run_next_step(command);
}
