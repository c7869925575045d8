/* handover-steps.c -- the steps of a move
 *
 * Each is asked of one of the screens; one table says what follows the answer, and what follows
 * when there is none. The new screen is asked to begin where the old one will be when its first
 * picture is out. */
#include "appliance/session/handover-room.h"

#include "wire/handover-state.h"

#define LOOK_EVERY_MS 100 /* while the first picture is awaited */

/* -- Steps ------------------------------------------------------------------------------------- */

static Screen *
screen_of(const Move *move, const char *id)
{
    return screens_find(move->handover->screens, id, NULL);
}

void
move_fail(Move *move, DuoError code, const char *what)
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
        move_happen(move, error == NULL ? MOVE_DONE : MOVE_REFUSED);
}

/* A screen that is gone refuses. */
static void
command(Move *move, const char *id, const ScreenCommand *asked)
{
    Screen *screen = screen_of(move, id);

    if (screen != NULL)
        screen_command(screen, asked, move->handover->cancellable, on_commanded, step_new(move));
    else
        move_happen(move, MOVE_REFUSED);
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
on_offered(const ScreenHanding *offer, const GError *error, gpointer user_data)
{
    Move *move = step_end(user_data, error);

    if (move == NULL)
        return;
    if (offer != NULL) {
        move->token = g_strdup(offer->token);
        move->offer = g_strdup(offer->state);
    } else {
        g_info("%s offers nothing: %s", move->from, error->message);
    }
    move_happen(move, offer != NULL ? MOVE_DONE : MOVE_REFUSED);
}

/* Between devices that know Handover it goes by an offer; it changes nothing yet. */
static void
act_offer(Move *move)
{
    Screen *from = screen_of(move, move->from);
    const Screen *to = screen_of(move, move->to);

    if (screen_hands_over(from) && screen_hands_over(to))
        screen_offer(from, move->handover->cancellable, on_offered, step_new(move));
    else
        move_happen(move, MOVE_REFUSED);
}

static void
act_tune(Move *move)
{
    const Screen *from = screen_of(move, move->from), *to = screen_of(move, move->to);

    move->is_tuned = from != NULL && to != NULL && from->status.volume != to->status.volume;
    if (move->is_tuned)
        command(move, move->to, &(ScreenCommand){ .verb = SCREEN_VOLUME,
                                                  .volume = from->status.volume });
    else
        move_happen(move, MOVE_DONE);
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
        move_happen(move, MOVE_REFUSED);
    } else {
        move->uri = g_strdup(cast->media->uri);
        move_happen(move, MOVE_DONE);
    }
}

/* What the new screen is to accept: as the old one offered it, with the choices of the cast. It
 * plays at first, and is paused as any other; a queue of ours is played by us. NULL: no offer. */
static char *
state_of_offer(const Move *move, const CastWish *wish)
{
    g_autoptr(HandoverState) state =
        move->offer != NULL ? handover_state_decode(move->offer, NULL) : NULL;

    if (state == NULL)
        return NULL;
    state->is_paused = false;
    g_free(state->now.sound);
    g_free(state->now.subtitle);
    state->now.sound = g_strdup(wish->sound);
    state->now.subtitle = g_strdup(wish->subtitle);
    if (queues_is_playing(move->handover->queues, move->from))
        g_ptr_array_set_size(state->queue, 0);
    return handover_state_encode(state);
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
        move_fail(move, DUO_ERROR_UNAVAILABLE,
             to == NULL ? "has gone away" : "has nothing left to take over");
        move_happen(move, MOVE_REFUSED);
        return;
    }
    if (from->status.is_muted != to->status.is_muted)
        tell(move, move->to, &(ScreenCommand){ .verb = SCREEN_MUTE,
                                               .is_muted = from->status.is_muted });
    g_autofree char *own = casts_own_item(handover->casts, media);
    CastWish wish = { .screen = move->to, .item_id = own != NULL ? own : media->item_id,
                      .server = own != NULL ? NULL : media->server_id, .title = media->title };
    if (own != NULL)
        queues_recall(handover->queues, move->from, media, own, &wish);
    g_autofree char *upload = push_id_of_url(media->uri);
    wish.upload = wish.item_id == NULL ? upload : NULL;
    g_autofree char *feed = feed_id_of_url(media->uri);
    wish.feed = wish.item_id == NULL ? feed : NULL;
    if (wish.item_id == NULL && upload == NULL && feed == NULL)
        wish.url = casts_given_url(handover->casts, media->uri);
    if (media->kind != MEDIA_IMAGE && feed == NULL)
        wish.position_ms = progress_position_ms(handover->progress, from) +
                           (move->was_paused ? 0 : progress_lead_ms(handover->progress, to));
    if (from->status.duration_ms > 0)
        wish.position_ms = MIN(wish.position_ms, from->status.duration_ms);
    move->start_ms = wish.position_ms;
    move->opened_ms = clock_now_ms(handover->clock);
    move->old_problem = g_strdup(to->status.problem);
    g_autofree char *state = state_of_offer(move, &wish);
    ScreenHanding handing = { move->token, state };
    wish.handing = state != NULL ? &handing : NULL;
    casts_start(handover->casts, &wish, on_opened, step_new(move));
}

static void
on_look_due(gpointer user_data)
{
    Move *move = user_data;
    Screen *to = screen_of(move, move->to);

    move->look = clock_after(move->handover->clock, LOOK_EVERY_MS, on_look_due, move);
    screen_look(to); /* that goes is told, and ends the move */
    handover_look_at(move, to);
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
    int64_t needed_ms = clock_now_ms(move->handover->clock) - move->opened_ms -
                        MAX(to->status.position_ms - move->start_ms, 0);

    if (!move->was_paused && to->status.duration_ms > 0)
        progress_learn_lead(move->handover->progress, to, needed_ms);
}

static void
act_hold(Move *move)
{
    clock_cancel(move->handover->clock, &move->look);
    learn(move, screen_of(move, move->to));
    if (move->was_paused)
        command(move, move->to, &(ScreenCommand){ .verb = SCREEN_PAUSE });
    else
        move_happen(move, MOVE_DONE);
}

/* The list that plays with its pictures. */
static void
hand_music_over(const Move *move)
{
    const Handover *handover = move->handover;
    const Screen *old = screens_beside(handover->screens, screen_of(move, move->from));
    const Screen *new = screens_beside(handover->screens, screen_of(move, move->to));

    if (old != NULL && new != NULL && queues_has(handover->queues, old->id))
        queues_hand_over(handover->queues, old->id, new->id);
}

/* The queue goes first: that the old screen stops must be no end to it. */
static void
act_release(Move *move)
{
    Queues *queues = move->handover->queues;

    if (queues_is_playing(queues, move->from)) {
        queues_hand_over(queues, move->from, move->to);
        hand_music_over(move);
    }
    queues_hold(queues, move->from);
    ScreenHanding handing = { .token = move->token };
    command(move, move->from,
            &(ScreenCommand){ .verb = SCREEN_STOP,
                              .handing = move->token != NULL ? &handing : NULL });
}

/* -- The end ----------------------------------------------------------------------------------- */

void
move_free(gpointer data)
{
    Move *move = data;

    clock_cancel(move->handover->clock, &move->late);
    clock_cancel(move->handover->clock, &move->look);
    g_clear_error(&move->error);
    g_free(move->from);
    g_free(move->to);
    g_free(move->token);
    g_free(move->offer);
    g_free(move->uri);
    g_free(move->old_problem);
    g_free(move);
}

void
move_end(Move *move)
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

    move_fail(move, DUO_ERROR_UNAVAILABLE, "broke off");
    if (may_begin_yet(move))
        tell(move, move->to, &(ScreenCommand){ .verb = SCREEN_STOP });
    if (move->is_tuned)
        tell(move, move->to, &(ScreenCommand){ .verb = SCREEN_VOLUME, .volume = move->old_volume });
    if (to != NULL && to->status.is_muted != move->was_muted)
        tell(move, move->to, &(ScreenCommand){ .verb = SCREEN_MUTE, .is_muted = move->was_muted });
    move_end(move);
}

static void
act_finish(Move *move)
{
    const Screen *from = screen_of(move, move->from);

    g_info("what %s played, %s plays", from != NULL ? from->name : move->from, move->to);
    move_end(move);
}

/* An old screen that does not stop is not there any more, or says so itself: nothing is to be done.
 * A volume that cannot be set is no reason to stay. */
static const struct {
    MoveState state;
    MoveEvent event;
    MoveState next;
    void (*act)(Move *move);
} move_table[] = {
    { MOVE_OFFERING, MOVE_DONE, MOVE_TUNING, act_tune },
    { MOVE_OFFERING, MOVE_REFUSED, MOVE_TUNING, act_tune },
    { MOVE_OFFERING, MOVE_LOST, MOVE_OVER, act_give_up },
    { MOVE_OFFERING, MOVE_LATE, MOVE_OVER, act_give_up },
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

void
move_happen(Move *move, MoveEvent event)
{
    for (guint i = 0; i < G_N_ELEMENTS(move_table); i++)
        if (move_table[i].state == move->state && move_table[i].event == event) {
            move->state = move_table[i].next;
            move_table[i].act(move);
            return;
        }
}

void
move_begin(Move *move)
{
    act_offer(move);
}
