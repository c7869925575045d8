/* upnp-command.c -- a Screen's verbs as sequences of AVTransport and RenderingControl actions
 *
 * Each verb is a row of steps, each step an action (its arguments: wire/av-screen) and how its
 * answer is judged. A set that is not ready is asked again for a while. One that refuses what it
 * was given, or says yes and then does not play it, is given it again on the next rung of the
 * ladder (ladder.h) and then in another form; the rung that led to playing is learnt.
 *
 * Commands of the transport run one after the other. Something new, or a stop, does not wait for
 * what is being opened: that ends where it is. */
#include "upnp/upnp-command.h"

#include "base/error.h"

#include <string.h>

#define STEPS_MAX 7
#define AGAIN_MS 250 /* FIELD-NOTES C5 */
#define AGAIN_MAX 20
#define SEEKS_MAX 8      /* some sets do not seek when they have just begun, and say nothing of it */
#define SOUGHT_MS 3000   /* nearer than that is where it was to go */
#define LOADING_MAX 60 /* a slow set has a quarter of a minute to load */

enum { NOT_READY = 701, SEEK_MODE_NOT_SUPPORTED = 710, NOT_FOUND = 716 };

typedef struct Command Command;
struct Command {
    UpnpScreen *screen; /* borrowed; NULL when it went and the command was answered */
    ScreenCommand asked;
    PlaybackMedia *media;      /* asked.media, ours */
    const PlaybackMedia *form; /* of it, that is tried */
    UpnpRung first_rung, rung;
    unsigned step, tries, seeks;
    bool is_running, is_overtaken;
    guint timer;
    GCancellable *cancellable; /* the caller's; NULL: none */
    ScreenDone done;
    gpointer user_data;
};

/* BACK: what stands before it is to be done once more. */
typedef enum { STEP_DONE, STEP_AGAIN, STEP_BACK, STEP_FAILED } Verdict;

typedef struct {
    const char *service, *action;
    bool (*is_needed)(const Command *command); /* NULL: always */
    /* An answer that is no refusal; with STEP_FAILED error is set. NULL: it is done. */
    Verdict (*judge)(Command *command, const SoapCall *answer, GError **error);
    bool may_fail;
} Step;

/* -- Steps ------------------------------------------------------------------------------------- */

/* Some sets take a new address only when they stand still. */
static bool
is_busy(const Command *command)
{
    return upnp_screen_is_busy(command->screen);
}

static bool
begins_later(const Command *command)
{
    return command->asked.position_ms > 0;
}

/* Sets show pictures in states of their own. */
static bool
is_no_picture(const Command *command)
{
    return command->form->kind != MEDIA_IMAGE;
}

/* What was told is taken back; what repeats itself cannot be seen to go on, so that is ours to
 * do. */
static bool
may_tell_next(const Command *command)
{
    const UpnpScreen *screen = command->screen;
    const PlaybackMedia *now = screen->peer.opened;

    if (command->media == NULL)
        return screen->is_next_sent;
    return upnp_next_may_be_told(screen) &&
           (now == NULL || strcmp(now->uri, command->media->uri) != 0);
}

static bool
has_next(const Command *command)
{
    return command->screen->peer.next != NULL;
}

static bool
has_muted(const Command *command)
{
    return !command->asked.is_muted && command->screen->volume_muted > 0;
}

static bool
is_too_quiet(const Command *command)
{
    return !command->asked.is_muted && command->asked.volume > 0;
}

/* Sets that took an address may not be ready for Play at once. */
static Verdict
judge_ready(Command *command, const SoapCall *answer, GError **error)
{
    const char *actions = soap_call_value(answer, "Actions");
    bool is_ready = actions == NULL || *actions == '\0' || av_screen_lists_action(actions, "Play");

    return is_ready || command->tries >= AGAIN_MAX ? STEP_DONE : STEP_AGAIN;
}

/* Whether it plays, or only said so. */
static Verdict
judge_playing(Command *command, const SoapCall *answer, GError **error)
{
    UpnpScreen *screen = command->screen;
    const char *health = soap_call_value(answer, "CurrentTransportStatus");
    PlaybackStatus now = { .state = PLAYBACK_PLAYING }; /* a state of its own is taken for that */
    PlaybackState state;

    av_screen_take_answer(&screen->screen, &screen->peer, answer, &now);
    state = now.state;
    playback_status_clear(&now);
    if (state == PLAYBACK_PLAYING || state == PLAYBACK_PAUSED || screen->has_played) {
        upnp_ladder_learn(screen->parts.ladder, screen->remote->model, command->rung);
        return STEP_DONE;
    }
    if (state == PLAYBACK_LOADING)
        return command->tries < LOADING_MAX ? STEP_AGAIN : STEP_DONE;
    if (g_strcmp0(health, "ERROR_OCCURRED") != 0 && command->tries < AGAIN_MAX)
        return STEP_AGAIN;
    g_set_error(error, SERVICE_ERROR, NOT_FOUND, "it took this and does not play it");
    return STEP_FAILED;
}

/* Whether it went where it was to begin. */
static Verdict
judge_place(Command *command, const SoapCall *answer, GError **error)
{
    const UpnpScreen *screen = command->screen;
    PlaybackStatus now = { 0 };

    av_screen_take_answer(&screen->screen, &screen->peer, answer, &now);
    bool is_there = now.position_ms >= command->asked.position_ms - SOUGHT_MS;
    playback_status_clear(&now);
    return is_there || ++command->seeks >= SEEKS_MAX ? STEP_DONE : STEP_BACK;
}

/* Rygel's volume is 0 after it was muted, and stays so. */
static Verdict
judge_volume(Command *command, const SoapCall *answer, GError **error)
{
    UpnpScreen *screen = command->screen;
    PlaybackStatus now = { .volume = screen->volume_muted };

    av_screen_take_answer(&screen->screen, &screen->peer, answer, &now);
    command->asked.volume = now.volume == 0 ? screen->volume_muted : 0;
    playback_status_clear(&now);
    screen->volume_muted = 0;
    return STEP_DONE;
}

static Verdict
judge_next(Command *command, const SoapCall *answer, GError **error)
{
    command->screen->is_next_sent = command->media != NULL;
    return STEP_DONE;
}

#define AVT "AVTransport"
#define RCS "RenderingControl"
#define STEP_SET_URI 1 /* of SCREEN_OPEN: where another rung begins */
#define STEP_PLAYING 4 /* and where all of them end */

static const Step sequences[SCREEN_VERB_N][STEPS_MAX + 1] = {
    [SCREEN_OPEN] = { { AVT, "Stop", is_busy, NULL, true },
                      [STEP_SET_URI] = { AVT, "SetAVTransportURI", NULL, NULL, false },
                      { AVT, "GetCurrentTransportActions", NULL, judge_ready, true },
                      { AVT, "Play", NULL, NULL, false },
                      [STEP_PLAYING] = { AVT, "GetTransportInfo", is_no_picture, judge_playing,
                                         false },
                      { AVT, "Seek", begins_later, NULL, true },
                      { AVT, "GetPositionInfo", begins_later, judge_place, true } },
    [SCREEN_SET_NEXT] = { { AVT, "SetNextAVTransportURI", may_tell_next, judge_next, true } },
    [SCREEN_PLAY] = { { AVT, "Play", NULL, NULL, false } },
    [SCREEN_PAUSE] = { { AVT, "Pause", NULL, NULL, false } },
    [SCREEN_STOP] = { { AVT, "Stop", NULL, NULL, false } },
    [SCREEN_SEEK] = { { AVT, "Seek", NULL, NULL, false } },
    [SCREEN_PREVIOUS] = { { AVT, "Previous", NULL, NULL, false } },
    [SCREEN_NEXT] = { { AVT, "Next", NULL, NULL, false } },
    [SCREEN_VOLUME] = { { RCS, "SetVolume", NULL, NULL, false } },
    [SCREEN_MUTE] = { { RCS, "SetMute", NULL, NULL, false },
                      { RCS, "GetVolume", has_muted, judge_volume, true },
                      { RCS, "SetVolume", is_too_quiet, NULL, true } },
};

static const Step *
step_of(const Command *command)
{
    return &sequences[command->asked.verb][command->step];
}

static bool
is_of_transport(const Command *command)
{
    return strcmp(sequences[command->asked.verb][0].service, AVT) == 0;
}

/* -- Ends -------------------------------------------------------------------------------------- */

static void run_step(gpointer data);

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
    g_queue_remove(&screen->commands, command);
    command->done(&screen->screen, error, command->user_data);
}

/* The first of the transport that waits is next, when none runs. */
static void
run_waiting(UpnpScreen *screen)
{
    for (GList *link = screen->commands.head; link != NULL; link = link->next) {
        Command *command = link->data;
        if (!is_of_transport(command))
            continue;
        if (!command->is_running) {
            command->is_running = true;
            command->timer = clock_after(screen->parts.clock, 0, run_step, command);
        }
        return;
    }
}

static void
command_finish(Command *command, const GError *error)
{
    UpnpScreen *screen = command->screen;
    g_autoptr(GError) refusal = error != NULL ? screen_refusal(error) : NULL;

    if (error != NULL && strstr(error->message, screen->screen.name) == NULL)
        g_prefix_error(&refusal, "%s: ", screen->screen.name);
    upnp_screen_look(screen);
    g_queue_remove(&screen->commands, command);
    run_waiting(screen);
    command_answer(command, refusal);
    command_free(command);
}

/* A question of theirs that is under way frees them when it ends. */
void
upnp_command_abandon(UpnpScreen *screen, const GError *error)
{
    Command *command;

    while ((command = g_queue_peek_head(&screen->commands)) != NULL) {
        bool is_asking = command->is_running && command->timer == 0;
        clock_cancel(screen->parts.clock, &command->timer);
        command_answer(command, error);
        if (!is_asking)
            command_free(command);
    }
}

bool
upnp_command_is_opening(const UpnpScreen *screen)
{
    for (GList *link = screen->commands.head; link != NULL; link = link->next)
        if (((Command *)link->data)->asked.verb == SCREEN_OPEN)
            return true;
    return false;
}

/* -- On the way -------------------------------------------------------------------------------- */

static void on_step_done(const SoapCall *answer, const GError *error, gpointer user_data);

static SoapCall *
action_of(const Command *command, const Step *step)
{
    ScreenCommand asked = command->asked;
    g_autofree char *metadata =
        command->form != NULL ? upnp_ladder_metadata(command->rung, command->form) : NULL;

    asked.media = command->form;
    asked.position_ms -= asked.position_ms % 1000; /* whole seconds are read by all */
    return av_screen_action(step->action, &command->screen->peer, &asked, metadata);
}

static void
note_action(UpnpScreen *screen, const char *action)
{
    if (strcmp(action, "Stop") == 0)
        screen->was_told_to_stop = true;
    else if (strcmp(action, "Play") == 0)
        screen->was_told_to_stop = screen->has_played = false;
}

static void
run_step(gpointer data)
{
    Command *command = data;
    UpnpScreen *screen = command->screen;
    g_autoptr(GError) error = NULL;

    command->timer = 0;
    while (step_of(command)->action != NULL && step_of(command)->is_needed != NULL &&
           !step_of(command)->is_needed(command))
        command->step++;
    if (command->is_overtaken)
        g_set_error(&error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "%s was told something else meanwhile", screen->screen.name);
    else if (!g_cancellable_set_error_if_cancelled(command->cancellable, &error) &&
             step_of(command)->action != NULL) {
        note_action(screen, step_of(command)->action);
        upnp_screen_ask(screen, step_of(command)->service, action_of(command, step_of(command)),
                        on_step_done, command);
        return;
    }
    command_finish(command, error);
}

static void
try_again(Command *command)
{
    command->tries++;
    command->timer = clock_after(command->screen->parts.clock, AGAIN_MS, run_step, command);
}

/* True when there is another rung to try, or another form of the media, and it is taken. */
static bool
climb(Command *command)
{
    UpnpScreen *screen = command->screen;

    if (command->asked.verb != SCREEN_OPEN || command->step < STEP_SET_URI ||
        command->step > STEP_PLAYING || step_of(command)->may_fail || command->is_overtaken)
        return false;
    command->rung = (command->rung + 1) % UPNP_RUNG_N;
    if (command->rung == command->first_rung) {
        if (command->form->other == NULL)
            return false;
        command->form = command->form->other;
        av_peer_remember(&screen->peer,
                         &(ScreenCommand){ .verb = SCREEN_OPEN, .media = command->form });
    }
    command->step = STEP_SET_URI;
    command->tries = 0;
    run_step(command);
    return true;
}

/* True when a refusal has a remedy, and that is under way. */
static bool
mend(Command *command, const GError *error)
{
    UpnpScreen *screen = command->screen;
    const char *action = step_of(command)->action;
    bool is_seek = strcmp(action, "Seek") == 0;

    if (error->domain != SERVICE_ERROR)
        return false;
    if (error->code == NOT_READY && command->asked.verb == SCREEN_OPEN &&
        strcmp(action, "Stop") != 0 && command->tries < AGAIN_MAX) {
        try_again(command);
        return true;
    }
    if (error->code == SEEK_MODE_NOT_SUPPORTED && is_seek && !screen->peer.seeks_from_zero) {
        screen->peer.seeks_from_zero = true;
        run_step(command);
        return true;
    }
    if (command->asked.verb == SCREEN_SET_NEXT && error->code != NOT_READY)
        upnp_ladder_learn_trust(screen->parts.ladder, screen->remote->model, UPNP_TRUST_NONE);
    return climb(command);
}

static void
on_step_done(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Command *command = user_data;
    g_autoptr(GError) failure = NULL;

    if (command->screen == NULL) {
        command_free(command);
        return;
    }
    const Step *step = step_of(command);
    Verdict verdict = answer == NULL || step->judge == NULL
                          ? STEP_DONE : step->judge(command, answer, &failure);
    if (verdict == STEP_AGAIN || verdict == STEP_BACK) {
        command->step -= verdict == STEP_BACK;
        try_again(command);
        return;
    }
    if (verdict == STEP_FAILED)
        error = failure;
    if (error != NULL && mend(command, error))
        return;
    if (error != NULL && !(step->may_fail && error->domain == SERVICE_ERROR)) {
        command_finish(command, error);
        return;
    }
    command->step++;
    command->tries = 0;
    run_step(command);
}

/* -- Beginning --------------------------------------------------------------------------------- */

/* What is being opened is not waited for by something new, and by a stop. */
static void
overtake(UpnpScreen *screen)
{
    for (GList *link = screen->commands.head; link != NULL; link = link->next) {
        Command *command = link->data;
        command->is_overtaken = is_of_transport(command);
        if (command->is_overtaken && command->is_running && command->timer != 0) {
            clock_cancel(screen->parts.clock, &command->timer);
            command->timer = clock_after(screen->parts.clock, 0, run_step, command);
        }
    }
}

/* Next is what we were told that follows; without it, what the set knows. */
static void
take_verb(UpnpScreen *screen, Command *command)
{
    if (command->asked.verb == SCREEN_NEXT && has_next(command)) {
        command->asked.verb = SCREEN_OPEN;
        command->asked.position_ms = 0;
        command->media = g_steal_pointer(&screen->peer.next);
    }
    if (command->asked.verb == SCREEN_OPEN || command->asked.verb == SCREEN_STOP)
        overtake(screen);
    if (command->asked.verb == SCREEN_OPEN) {
        upnp_next_forget(screen);
        screen->is_due = false;
    }
    if (command->asked.verb == SCREEN_VOLUME)
        screen->volume_muted = 0;
    if (command->asked.verb == SCREEN_MUTE && command->asked.is_muted &&
        !screen->screen.status.is_muted)
        screen->volume_muted = screen->screen.status.volume;
    if (command->asked.verb == SCREEN_STOP) {
        clock_cancel(screen->parts.clock, &screen->next_timer);
        screen->is_going_on = false;
    }
}

void
upnp_command_run(Screen *base, const ScreenCommand *asked, GCancellable *cancellable,
                 ScreenDone done, gpointer user_data)
{
    UpnpScreen *screen = (UpnpScreen *)base;
    Command *command = g_new0(Command, 1);

    *command = (Command){ .screen = screen, .asked = *asked,
                          .media = playback_media_copy(asked->media), .done = done,
                          .user_data = user_data };
    g_set_object(&command->cancellable, cancellable);
    take_verb(screen, command);
    command->form = command->asked.media = command->media;
    command->first_rung = command->rung =
        upnp_ladder_first(screen->parts.ladder, screen->remote->model);
    av_peer_remember(&screen->peer, &command->asked);
    g_queue_push_tail(&screen->commands, command);
    if (is_of_transport(command)) {
        run_waiting(screen);
    } else {
        command->is_running = true;
        command->timer = clock_after(screen->parts.clock, 0, run_step, command);
    }
}
