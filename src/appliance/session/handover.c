/* handover.c -- see handover.h; what a move goes through is in handover-steps.c */
#include "appliance/session/handover-room.h"

#include <string.h>

#define MOVE_MS 25000  /* the whole of it; the API has 30 s for an answer */
#define STEADY_MS 2000 /* that a screen plays whose position is not told */

/* -- What the new screen shows ----------------------------------------------------------------- */

static bool
has_media(const Move *move, const PlaybackStatus *status)
{
    return status->media != NULL && g_strcmp0(status->media->uri, move->uri) == 0;
}

/* It plays, and moves on: a picture stands still, and some screens never tell where they are. */
static bool
is_playing(Move *move, const Screen *to)
{
    const PlaybackStatus *status = &to->status;
    int64_t now_ms = clock_now_ms(move->handover->clock);

    if (status->state != PLAYBACK_PLAYING || !has_media(move, status))
        return false;
    if (move->playing_since_ms == 0)
        move->playing_since_ms = now_ms;
    if (move->first_ms < 0)
        move->first_ms = status->position_ms;
    return status->media->kind == MEDIA_IMAGE || status->position_ms > move->start_ms ||
           status->position_ms != move->first_ms || now_ms - move->playing_since_ms >= STEADY_MS;
}

static bool
is_lost(Move *move, const Screen *to)
{
    const PlaybackStatus *status = &to->status;
    bool is_active = status->state == PLAYBACK_PLAYING || status->state == PLAYBACK_PAUSED ||
                     status->state == PLAYBACK_LOADING;
    bool was_seen = move->was_seen;

    if (status->state == PLAYBACK_OFFLINE)
        return true;
    if (move->state != MOVE_AWAITING)
        return false;
    move->was_seen = was_seen || (is_active && has_media(move, status));
    return !is_active && (was_seen || (status->problem != NULL &&
                                       g_strcmp0(status->problem, move->old_problem) != 0));
}

void
handover_look_at(Move *move, const Screen *to)
{
    if (is_lost(move, to))
        move_happen(move, MOVE_LOST);
    else if (move->state == MOVE_AWAITING && is_playing(move, to))
        move_happen(move, MOVE_SHOWS);
}

static void
on_screens_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;
    Handover *handover = user_data;
    const char *id = event->screen->id;

    if (event->change != SCREENS_REMOVED)
        progress_take_notice(handover->progress, event->screen);
    for (guint i = handover->moves->len; i > 0; i--) {
        Move *move = handover->moves->pdata[i - 1];
        if (strcmp(move->to, id) != 0)
            continue;
        if (event->change == SCREENS_REMOVED)
            move_happen(move, MOVE_LOST);
        else
            handover_look_at(move, event->screen);
        break; /* a screen is in one move at a time */
    }
}

/* -- Beginning --------------------------------------------------------------------------------- */

static void
on_late(gpointer user_data)
{
    Move *move = user_data;

    move->late = 0;
    move_fail(move, DUO_ERROR_TIMEOUT, "does not begin to play");
    move_happen(move, MOVE_LATE);
}

static bool
is_moving(const Handover *handover, const Screen *screen)
{
    for (guint i = 0; i < handover->moves->len; i++) {
        const Move *move = handover->moves->pdata[i];
        if (strcmp(move->from, screen->id) == 0 || strcmp(move->to, screen->id) == 0)
            return true;
    }
    return false;
}

static bool
check(const Handover *handover, const Screen *from, const Screen *to, GError **error)
{
    const PlaybackStatus *status = &from->status;

    if (from == to)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "%s is where it plays already", to->name);
    else if (status->media == NULL || status->media->uri == NULL ||
             (status->state != PLAYBACK_PLAYING && status->state != PLAYBACK_PAUSED))
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "%s plays nothing that could move",
                    from->name);
    else if (to->status.state == PLAYBACK_OFFLINE)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s is away", to->name);
    else if (is_moving(handover, from) || is_moving(handover, to))
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "%s is being moved", from->name);
    else
        return true;
    return false;
}

void
handover_move(Handover *handover, const char *from_name, const char *to_name, HandoverMoved moved,
              gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    Screen *from = screens_find(handover->screens, from_name, &error);
    Screen *to = from != NULL ? screens_find(handover->screens, to_name, &error) : NULL;

    if (to == NULL || !check(handover, from, to, &error)) {
        moved(NULL, error, user_data);
        return;
    }
    Move *move = g_new0(Move, 1);
    *move = (Move){ .handover = handover, .number = ++handover->last_number,
                    .state = MOVE_OFFERING, .from = g_strdup(from->id), .to = g_strdup(to->id),
                    .moved = moved, .user_data = user_data,
                    .was_paused = from->status.state == PLAYBACK_PAUSED,
                    .old_volume = to->status.volume, .was_muted = to->status.is_muted,
                    .first_ms = -1 };
    move->late = clock_after(handover->clock, MOVE_MS, on_late, move);
    g_ptr_array_add(handover->moves, move);
    move_begin(move);
}

/* -- The object -------------------------------------------------------------------------------- */

Handover *
handover_new(Screens *screens, Casts *casts, Queues *queues, Clock *clock)
{
    Handover *handover = g_new0(Handover, 1);

    *handover = (Handover){
        .screens = screens,
        .casts = casts,
        .queues = queues,
        .clock = clock,
        .moves = g_ptr_array_new_with_free_func(move_free),
        .progress = progress_new(clock),
        .cancellable = g_cancellable_new(),
    };
    handover->observer = observers_add(screens_observers(screens), on_screens_event, handover);
    return handover;
}

void
handover_free(Handover *handover)
{
    if (handover == NULL)
        return;
    observers_remove(screens_observers(handover->screens), handover->observer);
    g_cancellable_cancel(handover->cancellable);
    while (handover->moves->len > 0) {
        Move *move = handover->moves->pdata[0];
        g_clear_error(&move->error);
        move->error = g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the server is stopping");
        move_end(move);
    }
    g_ptr_array_unref(handover->moves);
    progress_free(handover->progress);
    g_object_unref(handover->cancellable);
    g_free(handover);
}
