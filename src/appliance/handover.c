/* handover.c -- see handover.h
 *
 * A move is a row of steps, each asked of one of the screens; one table says what follows the
 * answer, and what follows when there is none. The new screen is asked to begin where the old one
 * will be when its first picture is out: how long it takes for that is learnt from move to move. */
#include "appliance/handover.h"

#include "base/error.h"

#include <string.h>

#define MOVE_MS 25000     /* the whole of it; the API has 30 s for an answer */
#define LOOK_EVERY_MS 100 /* while the first picture is awaited */
#define STEADY_MS 2000    /* that a screen plays whose position is not told */
#define LEAD_MS 400       /* from asking to the first picture, of a screen not seen before */
#define LEAD_MAX_MS 5000

typedef enum {
    MOVE_TUNING,    /* the new screen gets the volume of the old one */
    MOVE_OPENING,   /* it is asked to play */
    MOVE_AWAITING,  /* its first picture is awaited */
    MOVE_HOLDING,   /* it is paused, as the old one was */
    MOVE_RELEASING, /* the old one is stopped */
    MOVE_OVER,
} MoveState;

typedef enum {
    MOVE_DONE,    /* the step was done */
    MOVE_REFUSED, /* or not */
    MOVE_SHOWS,   /* the new screen plays, and moves on */
    MOVE_LOST,    /* it went away, or broke off */
    MOVE_LATE,
} MoveEvent;

typedef struct {
    Handover *handover; /* borrowed: the owner */
    guint number;
    MoveState state;
    char *from, *to; /* screens; they may go at any time */
    HandoverMoved moved;
    gpointer user_data;
    GError *error; /* why it failed */
    guint late, look;
    bool was_paused;
    int old_volume; /* of the new screen */
    bool was_muted, is_tuned;
    /* Once it is opened: */
    char *uri;
    char *old_problem;
    int64_t opened_ms, start_ms;
    int64_t first_ms; /* the position that it showed first; -1: none yet */
    int64_t playing_since_ms; /* 0: it does not yet */
    bool was_seen;
} Move;

/* What a screen said last, and when: between two answers a position goes on by itself. */
typedef struct {
    PlaybackState state;
    int64_t position_ms, seen_ms;
    int64_t lead_ms; /* that it needs to begin */
} Seen;

struct Handover {
    Screens *screens; /* borrowed, as are the next three */
    Casts *casts;
    Queues *queues;
    Clock *clock;
    GPtrArray *moves; /* Move, owned, under way */
    GHashTable *seen; /* screen id -> Seen */
    guint last_number;
    guint observer;
    GCancellable *cancellable; /* of the screens' answers */
};

static void happen(Move *move, MoveEvent event);
static void look_at(Move *move, const Screen *to);

/* -- Where screens are ------------------------------------------------------------------------- */

static Seen *
seen_of(Handover *handover, const Screen *screen)
{
    Seen *seen = g_hash_table_lookup(handover->seen, screen->id);

    if (seen == NULL) {
        seen = g_new0(Seen, 1);
        seen->lead_ms = LEAD_MS;
        g_hash_table_insert(handover->seen, g_strdup(screen->id), seen);
    }
    return seen;
}

static void
take_notice(Handover *handover, const Screen *screen)
{
    Seen *seen = seen_of(handover, screen);
    const PlaybackStatus *status = &screen->status;

    if (seen->state == status->state && seen->position_ms == status->position_ms)
        return;
    seen->state = status->state;
    seen->position_ms = status->position_ms;
    seen->seen_ms = clock_now_ms(handover->clock);
}

static int64_t
position_now(Handover *handover, const Screen *screen)
{
    const Seen *seen = seen_of(handover, screen);
    bool is_moving = screen->status.state == PLAYBACK_PLAYING && seen->seen_ms != 0;
    int64_t gone_ms = is_moving ? clock_now_ms(handover->clock) - seen->seen_ms : 0;
    int64_t position_ms = screen->status.position_ms + gone_ms;

    return screen->status.duration_ms > 0 ? MIN(position_ms, screen->status.duration_ms)
                                          : position_ms;
}

/* -- Steps ------------------------------------------------------------------------------------- */

static Screen *
screen_of(const Move *move, const char *id)
{
    return screens_find(move->handover->screens, id, NULL);
}

/* The first reason is the reason. */
static void
fail(Move *move, DuoError code, const char *what)
{
    const Screen *to = screen_of(move, move->to);

    if (move->error == NULL)
        move->error =
            g_error_new(DUO_ERROR, code, "%s %s", to != NULL ? to->name : "the other screen", what);
}

static Move *
find_move(const Handover *handover, guint number)
{
    for (guint i = 0; i < handover->moves->len; i++)
        if (((Move *)handover->moves->pdata[i])->number == number)
            return handover->moves->pdata[i];
    return NULL;
}

typedef struct {
    Handover *handover; /* not looked at when it was cancelled */
    guint number;
} Step;

static Step *
step_new(const Move *move)
{
    Step *step = g_new(Step, 1);

    *step = (Step){ move->handover, move->number };
    return step;
}

/* The move that a step belongs to; NULL: it is over, or everything is. */
static Move *
step_end(gpointer data, const GError *error)
{
    g_autofree Step *step = data;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return NULL;
    return find_move(step->handover, step->number);
}

static void
on_commanded(Screen *screen G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Move *move = step_end(user_data, error);

    if (move != NULL)
        happen(move, error == NULL ? MOVE_DONE : MOVE_REFUSED);
}

/* A screen that is gone refuses. */
static void
command(Move *move, const char *id, const ScreenCommand *asked)
{
    Screen *screen = screen_of(move, id);

    if (screen != NULL)
        screen_command(screen, asked, move->handover->cancellable, on_commanded, step_new(move));
    else
        happen(move, MOVE_REFUSED);
}

static void
ignore_done(Screen *screen G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
            gpointer user_data G_GNUC_UNUSED)
{
}

static void
tell(const Move *move, const char *id, const ScreenCommand *asked)
{
    Screen *screen = screen_of(move, id);

    if (screen != NULL)
        screen_command(screen, asked, NULL, ignore_done, NULL);
}

static void
act_tune(Move *move)
{
    const Screen *from = screen_of(move, move->from), *to = screen_of(move, move->to);

    move->is_tuned = from->status.volume != to->status.volume;
    if (move->is_tuned)
        command(move, move->to, &(ScreenCommand){ .verb = SCREEN_VOLUME,
                                                  .volume = from->status.volume });
    else
        happen(move, MOVE_DONE);
}

/* A screen that begins to play after it was given up must not. */
static void
on_opened(const Cast *cast, const GError *error, gpointer user_data)
{
    const Step *step = user_data;
    Handover *handover = step->handover;
    Move *move = step_end(user_data, error);

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (move == NULL || move->state != MOVE_OPENING) {
        Screen *screen =
            cast != NULL ? screens_find(handover->screens, cast->screen_id, NULL) : NULL;
        if (screen != NULL)
            screen_command(screen, &(ScreenCommand){ .verb = SCREEN_STOP }, NULL, ignore_done,
                           NULL);
    } else if (error != NULL) {
        move->error = g_error_copy(error);
        happen(move, MOVE_REFUSED);
    } else {
        move->uri = g_strdup(cast->media->uri);
        happen(move, MOVE_DONE);
    }
}

/* What the old screen plays, as a wish: by what it is, so that the new one gets it in its own
 * way. */
static void
act_open(Move *move)
{
    Handover *handover = move->handover;
    const Screen *from = screen_of(move, move->from);
    Screen *to = screen_of(move, move->to);
    const PlaybackMedia *media = from != NULL ? from->status.media : NULL;

    if (media == NULL || to == NULL) {
        fail(move, DUO_ERROR_UNAVAILABLE,
             to == NULL ? "has gone away" : "has nothing left to take over");
        happen(move, MOVE_REFUSED);
        return;
    }
    if (from->status.is_muted != to->status.is_muted)
        tell(move, move->to, &(ScreenCommand){ .verb = SCREEN_MUTE,
                                               .is_muted = from->status.is_muted });
    g_autofree char *own = casts_own_item(handover->casts, media);
    const Cast *cast = casts_on(handover->casts, move->from, media);
    CastWish wish = { .screen = move->to, .item_id = own != NULL ? own : media->item_id,
                      .server = own != NULL ? NULL : media->server_id, .title = media->title,
                      .person = own != NULL ? casts_person(handover->casts, move->from, own) : NULL };
    if (own != NULL && cast != NULL)
        wish.sound = cast->sound;
    g_autofree char *upload = push_id_of_url(media->uri);
    wish.upload = wish.item_id == NULL ? upload : NULL;
    wish.url = wish.item_id == NULL && upload == NULL ? media->uri : NULL;
    if (media->kind != MEDIA_IMAGE)
        wish.position_ms = position_now(handover, from) +
                           (move->was_paused ? 0 : seen_of(handover, to)->lead_ms);
    if (from->status.duration_ms > 0)
        wish.position_ms = MIN(wish.position_ms, from->status.duration_ms);
    move->start_ms = wish.position_ms;
    move->opened_ms = clock_now_ms(handover->clock);
    move->old_problem = g_strdup(to->status.problem);
    casts_start(handover->casts, &wish, on_opened, step_new(move));
}

static void
on_look_due(gpointer user_data)
{
    Move *move = user_data;
    Screen *to = screen_of(move, move->to);

    move->look = clock_after(move->handover->clock, LOOK_EVERY_MS, on_look_due, move);
    screen_look(to); /* that goes is told, and ends the move */
    look_at(move, to);
}

static void
act_look(Move *move)
{
    on_look_due(move);
}

/* What it needed, less what it had played by then, is what it will need the next time. */
static void
learn(const Move *move, const Screen *to)
{
    Seen *seen = seen_of(move->handover, to);
    int64_t needed_ms = clock_now_ms(move->handover->clock) - move->opened_ms -
                        MAX(to->status.position_ms - move->start_ms, 0);

    if (!move->was_paused && to->status.duration_ms > 0)
        seen->lead_ms = CLAMP((seen->lead_ms + needed_ms) / 2, 0, LEAD_MAX_MS);
}

static void
act_hold(Move *move)
{
    clock_cancel(move->handover->clock, &move->look);
    learn(move, screen_of(move, move->to));
    if (move->was_paused)
        command(move, move->to, &(ScreenCommand){ .verb = SCREEN_PAUSE });
    else
        happen(move, MOVE_DONE);
}

/* The queue goes first: that the old screen stops must be no end to it. */
static void
act_release(Move *move)
{
    Queues *queues = move->handover->queues;

    if (queues_is_playing(queues, move->from))
        queues_hand_over(queues, move->from, move->to);
    queues_hold(queues, move->from);
    command(move, move->from, &(ScreenCommand){ .verb = SCREEN_STOP });
}

/* -- The end ----------------------------------------------------------------------------------- */

static void
move_free(gpointer data)
{
    Move *move = data;

    clock_cancel(move->handover->clock, &move->late);
    clock_cancel(move->handover->clock, &move->look);
    g_clear_error(&move->error);
    g_free(move->from);
    g_free(move->to);
    g_free(move->uri);
    g_free(move->old_problem);
    g_free(move);
}

/* Takes the move off the list and frees it. */
static void
end(Move *move)
{
    g_autoptr(GError) gone = NULL;
    Screen *to = screens_find(move->handover->screens, move->to, &gone);
    HandoverMoved moved = move->moved;
    gpointer user_data = move->user_data;
    g_autoptr(GError) error = g_steal_pointer(&move->error);

    g_ptr_array_remove(move->handover->moves, move);
    if (error == NULL && to == NULL)
        error = g_steal_pointer(&gone);
    moved(error == NULL ? to : NULL, error, user_data);
}

/* It was asked, and may begin although it did not say so in time; one that refused goes on with
 * what it has. */
static bool
may_begin_yet(const Move *move)
{
    return move->uri != NULL || g_error_matches(move->error, DUO_ERROR, DUO_ERROR_TIMEOUT) ||
           g_error_matches(move->error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
}

/* The new screen is as it was, but for what it played. */
static void
act_give_up(Move *move)
{
    const Screen *to = screen_of(move, move->to);

    fail(move, DUO_ERROR_UNAVAILABLE, "broke off");
    if (may_begin_yet(move))
        tell(move, move->to, &(ScreenCommand){ .verb = SCREEN_STOP });
    if (move->is_tuned)
        tell(move, move->to, &(ScreenCommand){ .verb = SCREEN_VOLUME, .volume = move->old_volume });
    if (to != NULL && to->status.is_muted != move->was_muted)
        tell(move, move->to, &(ScreenCommand){ .verb = SCREEN_MUTE, .is_muted = move->was_muted });
    end(move);
}

static void
act_finish(Move *move)
{
    const Screen *from = screen_of(move, move->from);

    g_info("what %s played, %s plays", from != NULL ? from->name : move->from, move->to);
    end(move);
}

/* An old screen that does not stop is not there any more, or says so itself: nothing is to be done.
 * A volume that cannot be set is no reason to stay. */
static const struct {
    MoveState state;
    MoveEvent event;
    MoveState next;
    void (*act)(Move *move);
} move_table[] = {
    { MOVE_TUNING, MOVE_DONE, MOVE_OPENING, act_open },
    { MOVE_TUNING, MOVE_REFUSED, MOVE_OPENING, act_open },
    { MOVE_TUNING, MOVE_LOST, MOVE_OVER, act_give_up },
    { MOVE_TUNING, MOVE_LATE, MOVE_OVER, act_give_up },
    { MOVE_OPENING, MOVE_DONE, MOVE_AWAITING, act_look },
    { MOVE_OPENING, MOVE_REFUSED, MOVE_OVER, act_give_up },
    { MOVE_OPENING, MOVE_LOST, MOVE_OVER, act_give_up },
    { MOVE_OPENING, MOVE_LATE, MOVE_OVER, act_give_up },
    { MOVE_AWAITING, MOVE_SHOWS, MOVE_HOLDING, act_hold },
    { MOVE_AWAITING, MOVE_LOST, MOVE_OVER, act_give_up },
    { MOVE_AWAITING, MOVE_LATE, MOVE_OVER, act_give_up },
    { MOVE_HOLDING, MOVE_DONE, MOVE_RELEASING, act_release },
    { MOVE_HOLDING, MOVE_REFUSED, MOVE_RELEASING, act_release },
    { MOVE_RELEASING, MOVE_DONE, MOVE_OVER, act_finish },
    { MOVE_RELEASING, MOVE_REFUSED, MOVE_OVER, act_finish },
    { MOVE_RELEASING, MOVE_LATE, MOVE_OVER, act_finish },
};

static void
happen(Move *move, MoveEvent event)
{
    for (guint i = 0; i < G_N_ELEMENTS(move_table); i++)
        if (move_table[i].state == move->state && move_table[i].event == event) {
            move->state = move_table[i].next;
            move_table[i].act(move);
            return;
        }
}

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

static void
look_at(Move *move, const Screen *to)
{
    if (is_lost(move, to))
        happen(move, MOVE_LOST);
    else if (move->state == MOVE_AWAITING && is_playing(move, to))
        happen(move, MOVE_SHOWS);
}

static void
on_screens_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;
    Handover *handover = user_data;
    const char *id = event->screen->id;

    if (event->change != SCREENS_REMOVED)
        take_notice(handover, event->screen);
    for (guint i = handover->moves->len; i > 0; i--) {
        Move *move = handover->moves->pdata[i - 1];
        if (strcmp(move->to, id) != 0)
            continue;
        if (event->change == SCREENS_REMOVED)
            happen(move, MOVE_LOST);
        else
            look_at(move, event->screen);
        break; /* a screen is in one move at a time */
    }
}

/* -- Beginning --------------------------------------------------------------------------------- */

static void
on_late(gpointer user_data)
{
    Move *move = user_data;

    move->late = 0;
    fail(move, DUO_ERROR_TIMEOUT, "does not begin to play");
    happen(move, MOVE_LATE);
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
                    .state = MOVE_TUNING, .from = g_strdup(from->id), .to = g_strdup(to->id),
                    .moved = moved, .user_data = user_data,
                    .was_paused = from->status.state == PLAYBACK_PAUSED,
                    .old_volume = to->status.volume, .was_muted = to->status.is_muted,
                    .first_ms = -1 };
    move->late = clock_after(handover->clock, MOVE_MS, on_late, move);
    g_ptr_array_add(handover->moves, move);
    act_tune(move);
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
        .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
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
        end(move);
    }
    g_ptr_array_unref(handover->moves);
    g_hash_table_unref(handover->seen);
    g_object_unref(handover->cancellable);
    g_free(handover);
}
