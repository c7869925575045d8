/* screen-command.c -- a Screen's verbs as sequences of AVTransport and AVRenderingControl actions
 *
 * Each verb is a row of steps; each step one action and what fills its arguments. A step that may
 * fail leaves the rest to go on: some devices seek before they play, some only then. */
#include "igrs/screen-command.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/didl.h"

#include <string.h>

#define ARGUMENTS_MAX 6 /* InstanceID, four more, the end */
#define STEPS_MAX 5

typedef struct {
    IgrsScreen *screen; /* borrowed; NULL when it went and the command was answered */
    ScreenVerb verb;
    PlaybackMedia *media;
    char *metadata;
    char *position; /* H:MM:SS.mmm */
    char *volume;
    bool is_muted;
    bool has_position;
    unsigned step;
    GCancellable *cancellable; /* the caller's; NULL: none */
    GError *failure; /* of a step that may fail */
    ScreenDone done;
    gpointer user_data;
} Command;

typedef struct {
    const char *service, *action;
    /* Fills what follows InstanceID and returns true; false: the step is not needed. */
    bool (*fill)(Command *command, IgrsArgument *arguments);
    bool may_fail;
} Step;

static bool
fill_nothing(Command *command G_GNUC_UNUSED, IgrsArgument *arguments G_GNUC_UNUSED)
{
    return true;
}

/* Some devices take a new address only when they stand still. */
static bool
fill_first_stop(Command *command, IgrsArgument *arguments G_GNUC_UNUSED)
{
    PlaybackState state = command->screen->screen.status.state;

    return state == PLAYBACK_PLAYING || state == PLAYBACK_PAUSED || state == PLAYBACK_LOADING;
}

static bool
fill_uri(Command *command, IgrsArgument *arguments)
{
    arguments[0] = (IgrsArgument){ "CurrentURI", command->media->uri };
    arguments[1] = (IgrsArgument){ "CurrentURIMetaData", command->metadata };
    return true;
}

static bool
fill_next(Command *command, IgrsArgument *arguments)
{
    arguments[0] = (IgrsArgument){ "NextURI", command->media != NULL ? command->media->uri : "" };
    arguments[1] = (IgrsArgument){ "NextURIMetaData", command->metadata };
    return true;
}

static bool
fill_play(Command *command G_GNUC_UNUSED, IgrsArgument *arguments)
{
    arguments[0] = (IgrsArgument){ "Speed", "1" };
    return true;
}

static bool
fill_seek(Command *command, IgrsArgument *arguments)
{
    arguments[0] = (IgrsArgument){ "Unit", "REL_TIME" };
    arguments[1] = (IgrsArgument){ "Target", command->position };
    return true;
}

static bool
fill_first_seek(Command *command, IgrsArgument *arguments)
{
    return command->has_position && fill_seek(command, arguments);
}

/* The device would not seek before it played. */
static bool
fill_late_seek(Command *command, IgrsArgument *arguments)
{
    return command->failure != NULL && fill_seek(command, arguments);
}

static bool
fill_volume(Command *command, IgrsArgument *arguments)
{
    arguments[0] = (IgrsArgument){ "Channel", "Master" };
    arguments[1] = (IgrsArgument){ "DesiredVolume", command->volume };
    return true;
}

static bool
fill_mute(Command *command, IgrsArgument *arguments)
{
    arguments[0] = (IgrsArgument){ "Channel", "Master" };
    arguments[1] = (IgrsArgument){ "DesiredMute", command->is_muted ? "1" : "0" };
    return true;
}

#define AVT "AVTransport"
#define RCS "AVRenderingControl"

static const Step sequences[SCREEN_VERB_N][STEPS_MAX + 1] = {
    [SCREEN_OPEN] = { { AVT, "Stop", fill_first_stop, true },
                      { AVT, "SetAVTransportURI", fill_uri, false },
                      { AVT, "Seek", fill_first_seek, true },
                      { AVT, "Play", fill_play, false },
                      { AVT, "Seek", fill_late_seek, true } },
    [SCREEN_SET_NEXT] = { { AVT, "SetNextAVTransportURI", fill_next, false } },
    [SCREEN_PLAY] = { { AVT, "Play", fill_play, false } },
    [SCREEN_PAUSE] = { { AVT, "Pause", fill_nothing, false } },
    [SCREEN_STOP] = { { AVT, "Stop", fill_nothing, false } },
    [SCREEN_SEEK] = { { AVT, "Seek", fill_seek, false } },
    [SCREEN_NEXT] = { { AVT, "Next", fill_nothing, false } },
    [SCREEN_PREVIOUS] = { { AVT, "Previous", fill_nothing, false } },
    [SCREEN_VOLUME] = { { RCS, "SetVolume", fill_volume, false } },
    [SCREEN_MUTE] = { { RCS, "SetMute", fill_mute, false } },
};

void
screen_command_invoke(IgrsScreen *screen, const char *service, const char *action,
                      const IgrsArgument *arguments, GCancellable *cancellable,
                      IgrsAnswered answered, gpointer user_data)
{
    IgrsArgument all[ARGUMENTS_MAX] = { { "InstanceID", "0" } };
    guint first = strcmp(service, "AVConnectionManager") == 0 ? 1 : 0; /* knows no instances */

    for (guint i = 0; arguments != NULL && arguments[i].name != NULL && i + 2 < ARGUMENTS_MAX; i++)
        all[i + 1] = arguments[i];
    IgrsInvocation invocation = { .device = screen->device_id, .service = service, .action = action,
                                  .arguments = all + first };
    igrs_client_invoke(screen->client, &invocation, cancellable, answered, user_data);
}

static void
command_free(Command *command)
{
    playback_media_free(command->media);
    g_clear_error(&command->failure);
    g_clear_object(&command->cancellable);
    g_free(command->metadata);
    g_free(command->position);
    g_free(command->volume);
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

/* Before the device tells: it gives back addresses, and we know what they stand for. */
static void
remember(Command *command)
{
    IgrsScreen *screen = command->screen;
    PlaybackMedia **memory = command->verb == SCREEN_OPEN       ? &screen->opened
                             : command->verb == SCREEN_SET_NEXT ? &screen->opened_next
                                                                : NULL;

    if (memory == NULL)
        return;
    playback_media_free(*memory);
    *memory = playback_media_copy(command->media);
}

static void on_step_done(const IgrsAnswer *answer, const GError *error, gpointer user_data);

static void
run_next_step(Command *command)
{
    IgrsArgument arguments[ARGUMENTS_MAX - 1] = { { NULL, NULL } };
    const Step *step = &sequences[command->verb][command->step];

    while (step->action != NULL && !step->fill(command, arguments))
        step = &sequences[command->verb][++command->step];
    if (step->action != NULL) {
        screen_command_invoke(command->screen, step->service, step->action, arguments,
                              command->cancellable, on_step_done, command);
        return;
    }
    igrs_screen_look(command->screen);
    command_finish(command, NULL);
}

static void
on_step_done(const IgrsAnswer *answer G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Command *command = user_data;
    const Step *step = &sequences[command->verb][command->step];
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

    *command = (Command){ .screen = (IgrsScreen *)base, .verb = asked->verb,
                          .media = playback_media_copy(asked->media),
                          .metadata = metadata_of(asked->media),
                          .position = text_from_duration_ms(asked->position_ms),
                          .has_position = asked->position_ms > 0,
                          .volume = g_strdup_printf("%d", asked->volume),
                          .is_muted = asked->is_muted, .done = done, .user_data = user_data };
    if (cancellable != NULL)
        command->cancellable = g_object_ref(cancellable);
    g_hash_table_add(command->screen->commands, command);
    remember(command);
    run_next_step(command);
}
