/* paper-screen.c -- see paper-screen.h */
#include "support/paper-screen.h"

typedef struct {
    Screen *screen;
    ScreenDone done;
    gpointer user_data;
    GError *error;
} Answer;

static gboolean
answer(gpointer data)
{
    Answer *answer = data;

    answer->done(answer->screen, answer->error, answer->user_data);
    g_clear_error(&answer->error);
    g_free(answer);
    return G_SOURCE_REMOVE;
}

static void
note(PaperScreen *paper, const ScreenCommand *command)
{
    static const char *const names[SCREEN_VERB_N] = {
        "open", "set-next", "play", "pause", "stop", "seek", "next", "previous", "volume", "mute",
    };

    g_string_append(paper->trace, names[command->verb]);
    if (command->media != NULL)
        g_string_append_printf(paper->trace, " %s", command->media->uri);
    if (command->verb == SCREEN_OPEN || command->verb == SCREEN_SEEK)
        g_string_append_printf(paper->trace, "@%d", (int)command->position_ms);
    if (command->verb == SCREEN_VOLUME)
        g_string_append_printf(paper->trace, " %d", command->volume);
    if (command->verb == SCREEN_MUTE)
        g_string_append_printf(paper->trace, " %d", command->is_muted);
    g_string_append_c(paper->trace, ';');
}

static void
swap_media(PlaybackMedia **media, const PlaybackMedia *with)
{
    PlaybackMedia *copy = playback_media_copy(with);

    playback_media_free(*media);
    *media = copy;
}

static void
apply(Screen *screen, const ScreenCommand *command)
{
    PlaybackStatus status = { 0 };

    playback_status_copy(&status, &screen->status);
    switch (command->verb) {
    case SCREEN_OPEN:
        swap_media(&status.media, command->media);
        swap_media(&status.next, NULL);
        status.state = PLAYBACK_PLAYING;
        status.position_ms = command->position_ms;
        status.duration_ms = 60000;
        status.is_seekable = true;
        break;
    case SCREEN_SET_NEXT:
        swap_media(&status.next, command->media);
        break;
    case SCREEN_PLAY:
        status.state = PLAYBACK_PLAYING;
        break;
    case SCREEN_PAUSE:
        status.state = PLAYBACK_PAUSED;
        break;
    case SCREEN_STOP:
        swap_media(&status.next, NULL);
        /* as pipelines/play */
        status.state = status.media != NULL ? PLAYBACK_STOPPED : PLAYBACK_IDLE;
        status.position_ms = 0;
        break;
    case SCREEN_SEEK:
        status.position_ms = command->position_ms;
        break;
    case SCREEN_NEXT:
        swap_media(&status.media, status.next);
        swap_media(&status.next, NULL);
        break;
    case SCREEN_VOLUME:
        status.volume = command->volume;
        break;
    case SCREEN_MUTE:
        status.is_muted = command->is_muted;
        break;
    default:
        break;
    }
    screen_set_status(screen, &status);
}

static void
paper_command(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
              ScreenDone done, gpointer user_data)
{
    PaperScreen *paper = (PaperScreen *)screen;
    Answer *later = g_new0(Answer, 1);

    *later =
        (Answer){ screen, done, user_data, paper->refusal ? g_error_copy(paper->refusal) : NULL };
    note(paper, command);
    if (paper->refusal == NULL)
        apply(screen, command);
    g_idle_add(answer, later);
}

static void
paper_free(Screen *screen)
{
    PaperScreen *paper = (PaperScreen *)screen;

    g_string_free(paper->trace, TRUE);
    g_clear_error(&paper->refusal);
    screen_clear(screen);
    g_free(paper);
}

static const ScreenClass class = { .command = paper_command, .free = paper_free };

Screen *
paper_screen_new(void)
{
    PaperScreen *paper = g_new0(PaperScreen, 1);

    screen_init(&paper->base, &class, "paper", "Paper", "local");
    paper->base.status.state = PLAYBACK_IDLE;
    paper->base.status.volume = 40;
    paper->base.sink_protocols = g_strdup("http-get:*:video/mp4:*,http-get:*:audio/mpeg:*");
    paper->trace = g_string_new(NULL);
    return &paper->base;
}

void
paper_screen_set(Screen *screen, PlaybackState state, int64_t position_ms)
{
    PlaybackStatus status = { 0 };

    playback_status_copy(&status, &screen->status);
    status.state = state;
    status.position_ms = position_ms;
    screen_set_status(screen, &status);
}

void
paper_screen_run_over(Screen *screen)
{
    apply(screen, &(ScreenCommand){ .verb = SCREEN_NEXT });
}
