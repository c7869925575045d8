/* queue-run.c -- a queue and its screen: what follows what
 *
 * What a screen says is first given a name (an event), then looked up in one table beside what the
 * queue is doing. */
#include "appliance/session/queues-room.h"

#include "base/error.h"

#include <string.h>

#define END_NEAR_MS 3000  /* a position is told once a second, and late */
#define END_LATE_MS 30000 /* of a screen that was not heard for a moment when the end came */
#define SHOW_PATIENCE_MS 20000
#define SKIPPED_MAX 50 /* one after the other */

void
queue_run_tell(QueueRun *run)
{
    observers_notify(run->queues->observers,
                     &(QueuesEvent){ run->screen_id, run->queue, run->state == RUN_PLAYING });
}

Screen *
queue_run_screen(const QueueRun *run)
{
    return screens_find(run->queues->screens, run->screen_id, NULL);
}

/* -- Entries and media ------------------------------------------------------------------------- */

/* Screens tell what they play by its address; of ours we know which item that is. */
bool
queue_run_is(const QueueRun *run, const QueueEntry *entry, const PlaybackMedia *media)
{
    g_autofree char *own = casts_own_item(run->queues->casts, media);
    g_autofree char *upload = media->uri != NULL ? push_id_of_url(media->uri) : NULL;

    if (entry->upload_id != NULL)
        return g_strcmp0(entry->upload_id, upload) == 0;
    if (entry->url != NULL)
        return g_strcmp0(entry->url, casts_given_url(run->queues->casts, media->uri)) == 0;
    if (entry->server_id == NULL)
        return g_strcmp0(entry->item_id, own) == 0;
    return g_strcmp0(entry->item_id, media->item_id) == 0 &&
           g_strcmp0(entry->server_id, media->server_id) == 0;
}

static bool
is_same_thing(const QueueEntry *a, const QueueEntry *b)
{
    return g_strcmp0(a->item_id, b->item_id) == 0 && g_strcmp0(a->server_id, b->server_id) == 0 &&
           g_strcmp0(a->url, b->url) == 0 && g_strcmp0(a->upload_id, b->upload_id) == 0;
}

bool
queue_run_has(const PlaybackMedia *media, gpointer user_data)
{
    const QueueRun *run = user_data;

    for (guint i = 0; i < queue_length(run->queue); i++)
        if (queue_run_is(run, queue_entry(run->queue, i), media))
            return true;
    return false;
}

static CastWish
wish_of(const QueueRun *run, const QueueEntry *entry, CastWhen when)
{
    return (CastWish){ .screen = run->screen_id, .item_id = entry->item_id,
                       .server = entry->server_id, .url = entry->url, .title = entry->title,
                       .upload = entry->upload_id, .person = entry->person,
                       .sound = entry->sound, .subtitle = entry->subtitle,
                       .resumes = when == CAST_NOW && entry->item_id != NULL &&
                                  entry->server_id == NULL,
                       .when = when };
}

PlaybackMedia *
queues_media(Queues *queues, const char *screen_id, const QueueEntry *entry)
{
    CastWish wish = wish_of(queues_run(queues, screen_id), entry, CAST_LATER);

    return casts_media(queues->casts, &wish);
}

/* -- What follows ------------------------------------------------------------------------------ */

typedef struct {
    Queues *queues; /* not looked at when cancelled */
    char *screen_id;
    uint32_t entry;
    CastStarted started; /* NULL: nobody waits for it */
    gpointer user_data;
} Asked;

static Asked *
asked_new(const QueueRun *run, uint32_t entry, CastStarted started, gpointer user_data)
{
    Asked *asked = g_new(Asked, 1);

    *asked = (Asked){ run->queues, g_strdup(run->screen_id), entry, started, user_data };
    return asked;
}

static void
asked_free(Asked *asked)
{
    g_free(asked->screen_id);
    g_free(asked);
}

static void
on_prepared(const Cast *cast G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Asked *asked = user_data;

    if (error != NULL && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_debug("%s does not go on by itself: %s", asked->screen_id, error->message);
    asked_free(asked);
}

static void
ignore_done(Screen *screen G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
            gpointer user_data G_GNUC_UNUSED)
{
}

/* Tells a screen that plays what it is to go on with; again whenever that is something else. Not
 * the same thing twice, which could not be told apart, and no pictures, which have no end. */
void
queue_run_prepare(QueueRun *run)
{
    const QueueEntry *current = queue_current(run->queue);
    const QueueEntry *next = queue_peek(run->queue, QUEUE_END);
    Screen *screen = queue_run_screen(run);

    if (run->state != RUN_PLAYING || screen == NULL || screen->status.state == PLAYBACK_OFFLINE)
        return;
    if (next != NULL &&
        ((current != NULL && is_same_thing(current, next)) || next->kind == MEDIA_IMAGE ||
         (screen->status.media != NULL && screen->status.media->kind == MEDIA_IMAGE)))
        next = NULL;
    uint32_t wanted = next != NULL ? next->id : 0;
    if (run->prepared == wanted)
        return;
    run->prepared = wanted;
    if (next == NULL) {
        screen_command(screen, &(ScreenCommand){ .verb = SCREEN_SET_NEXT }, NULL, ignore_done,
                       NULL);
        return;
    }
    CastWish wish = wish_of(run, next, CAST_NEXT);
    casts_start(run->queues->casts, &wish, on_prepared, asked_new(run, wanted, NULL, NULL));
}

/* -- Pictures ---------------------------------------------------------------------------------- */

static void
on_picture_seen(gpointer user_data)
{
    QueueRun *run = user_data;
    const QueueEntry *next = queue_peek(run->queue, QUEUE_END);

    run->picture_timer = 0;
    if (next != NULL && next != queue_current(run->queue))
        queue_run_start(run, next->id, NULL, NULL);
}

/* A picture that is held (paused) stays. */
static void
time_picture(QueueRun *run, const Screen *screen)
{
    const PlaybackStatus *status = &screen->status;
    bool is_shown = run->state == RUN_PLAYING && status->state == PLAYBACK_PLAYING &&
                    status->media != NULL && status->media->kind == MEDIA_IMAGE;

    if (!is_shown)
        clock_cancel(run->queues->clock, &run->picture_timer);
    else if (run->picture_timer == 0)
        run->picture_timer = clock_after(run->queues->clock, queue_picture_ms(run->queue),
                                         on_picture_seen, run);
}

/* -- What happens ------------------------------------------------------------------------------ */

typedef enum {
    EVENT_SHOWS,    /* the screen has what is current in the queue */
    EVENT_RAN_OVER, /* it has gone on with another entry by itself */
    EVENT_OTHER,    /* it plays what is not from here */
    EVENT_ENDED,    /* it has come to the end */
    EVENT_BROKE,    /* it could not go on */
    EVENT_STOPPED,  /* somebody stopped it */
    EVENT_AWAY,     /* nobody knows */
    EVENT_N
} RunEvent;

/* The entry after the current one, or any at all, that a screen says it plays; 0: none. */
static uint32_t
entry_shown(const QueueRun *run, const PlaybackMedia *media)
{
    const QueueEntry *next = queue_peek(run->queue, QUEUE_END);

    if (next != NULL && queue_run_is(run, next, media))
        return next->id;
    for (guint i = 0; i < queue_length(run->queue); i++)
        if (queue_run_is(run, queue_entry(run->queue, i), media))
            return queue_entry(run->queue, i)->id;
    return 0;
}

static bool
was_near_end(const QueueRun *run)
{
    int64_t gone_ms = run->was_moving ? clock_now_ms(run->queues->clock) - run->seen_at_ms : 0;

    if (run->duration_ms == 0)
        return run->state != RUN_LOST;
    return run->position_ms + gone_ms >= run->duration_ms - END_NEAR_MS &&
           run->position_ms + gone_ms <= run->duration_ms + END_LATE_MS;
}

/* What plays may have been taken out of the queue, which goes on after it all the same. */
static bool
is_still_shown(const QueueRun *run, const PlaybackMedia *media)
{
    return (run->state == RUN_PLAYING || run->state == RUN_LOST) &&
           queue_current(run->queue) == NULL && g_strcmp0(run->shown, media->uri) == 0;
}

static RunEvent
name_event(const QueueRun *run, const Screen *screen)
{
    const PlaybackStatus *status = &screen->status;
    const QueueEntry *current = queue_current(run->queue);
    bool is_active = status->state == PLAYBACK_PLAYING || status->state == PLAYBACK_PAUSED ||
                     status->state == PLAYBACK_LOADING;

    if (casts_is_mending(run->queues->casts, run->screen_id))
        return EVENT_N; /* it has what is current once more, or will say that it cannot */
    if (status->state == PLAYBACK_OFFLINE || (is_active && status->media == NULL))
        return EVENT_AWAY;
    if (is_active && ((current != NULL && queue_run_is(run, current, status->media)) ||
                      is_still_shown(run, status->media)))
        return EVENT_SHOWS;
    if (is_active)
        return entry_shown(run, status->media) != 0 ? EVENT_RAN_OVER : EVENT_OTHER;
    if (run->is_held)
        return EVENT_STOPPED;
    if (status->problem != NULL && g_strcmp0(status->problem, run->old_problem) != 0)
        return EVENT_BROKE;
    return was_near_end(run) ? EVENT_ENDED : EVENT_STOPPED;
}

static void
act_follow(QueueRun *run, const Screen *screen)
{
    run->position_ms = screen->status.position_ms;
    run->duration_ms = screen->status.duration_ms;
    run->was_moving = screen->status.state == PLAYBACK_PLAYING;
    run->seen_at_ms = clock_now_ms(run->queues->clock);
    run->failures = 0;
    run->is_held = false;
    g_free(run->shown);
    run->shown = g_strdup(screen->status.media->uri);
}

static void
act_run_over(QueueRun *run, const Screen *screen)
{
    queue_go(run->queue, entry_shown(run, screen->status.media));
    run->prepared = 0;
    act_follow(run, screen);
    queues_save(run);
    queue_run_tell(run);
}

static void
act_go_on(QueueRun *run, const Screen *screen G_GNUC_UNUSED)
{
    const QueueEntry *next = queue_peek(run->queue, QUEUE_END);

    if (next != NULL)
        queue_run_start(run, next->id, NULL, NULL);
}

/* Over what cannot be played, unless that is everything. */
static void
act_skip(QueueRun *run, const Screen *screen G_GNUC_UNUSED)
{
    const QueueEntry *next = queue_peek(run->queue, QUEUE_NEXT);

    if (next != NULL && ++run->failures < MIN(queue_length(run->queue), SKIPPED_MAX))
        queue_run_start(run, next->id, NULL, NULL);
}

/* What has no row is no news. An entry that was asked for is awaited, whatever the screen still
 * shows of before; acts that start the next one leave the run waiting for that. */
static const struct {
    RunState state;
    RunEvent event;
    RunState next;
    void (*act)(QueueRun *run, const Screen *screen);
} run_table[] = {
    { RUN_IDLE, EVENT_SHOWS, RUN_PLAYING, act_follow }, /* somebody started it again */
    { RUN_LOST, EVENT_SHOWS, RUN_PLAYING, act_follow },
    { RUN_LOST, EVENT_RAN_OVER, RUN_PLAYING, act_run_over },
    { RUN_LOST, EVENT_OTHER, RUN_IDLE, NULL },
    { RUN_LOST, EVENT_ENDED, RUN_IDLE, act_go_on },
    { RUN_LOST, EVENT_BROKE, RUN_IDLE, NULL },
    { RUN_LOST, EVENT_STOPPED, RUN_IDLE, NULL },
    { RUN_AWAITING, EVENT_SHOWS, RUN_PLAYING, act_follow },
    { RUN_AWAITING, EVENT_BROKE, RUN_IDLE, act_skip },
    { RUN_PLAYING, EVENT_SHOWS, RUN_PLAYING, act_follow },
    { RUN_PLAYING, EVENT_RAN_OVER, RUN_PLAYING, act_run_over },
    { RUN_PLAYING, EVENT_OTHER, RUN_IDLE, NULL },
    { RUN_PLAYING, EVENT_AWAY, RUN_LOST, NULL },
    { RUN_PLAYING, EVENT_ENDED, RUN_IDLE, act_go_on },
    { RUN_PLAYING, EVENT_BROKE, RUN_IDLE, act_skip },
    { RUN_PLAYING, EVENT_STOPPED, RUN_IDLE, NULL },
};

void
queue_run_set_state(QueueRun *run, RunState state)
{
    bool was_playing = run->state == RUN_PLAYING;

    if (state != RUN_AWAITING)
        clock_cancel(run->queues->clock, &run->patience);
    if (state != RUN_PLAYING)
        run->prepared = 0;
    run->state = state;
    if (was_playing != (state == RUN_PLAYING))
        queue_run_tell(run);
}

static void
happen(QueueRun *run, RunEvent event, const Screen *screen)
{
    for (guint i = 0; i < G_N_ELEMENTS(run_table); i++) {
        if (run_table[i].state != run->state || run_table[i].event != event)
            continue;
        queue_run_set_state(run, run_table[i].next);
        if (run_table[i].act != NULL)
            run_table[i].act(run, screen);
        break;
    }
    if (screen != NULL) {
        time_picture(run, screen);
        queue_run_prepare(run);
    }
}

void
queue_run_lose(QueueRun *run)
{
    happen(run, EVENT_AWAY, NULL);
    clock_cancel(run->queues->clock, &run->picture_timer);
}

void
queue_run_look(QueueRun *run, const Screen *screen)
{
    happen(run, name_event(run, screen), screen);
}

/* -- Starting an entry ------------------------------------------------------------------------- */

static void
on_not_shown(gpointer user_data)
{
    QueueRun *run = user_data;

    run->patience = 0;
    happen(run, EVENT_BROKE, NULL);
}

void
queue_run_await(QueueRun *run)
{
    const Screen *screen = queue_run_screen(run);

    queue_run_set_state(run, RUN_AWAITING);
    run->patience = clock_after(run->queues->clock, SHOW_PATIENCE_MS, on_not_shown, run);
    if (screen != NULL)
        queue_run_look(run, screen);
}

static void
on_started(const Cast *cast, const GError *error, gpointer user_data)
{
    Asked *asked = user_data;
    CastStarted started = asked->started;
    gpointer data = asked->user_data;
    QueueRun *run = NULL;

    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        run = g_hash_table_lookup(asked->queues->runs, asked->screen_id);
    bool is_awaited = run != NULL && run->state == RUN_STARTING && run->starting == asked->entry;
    if (is_awaited && cast != NULL &&
        queue_set_tracks(run->queue, asked->entry, cast->sound, cast->subtitle))
        queues_save(run);
    asked_free(asked);
    if (is_awaited && error == NULL) {
        queue_run_await(run);
    } else if (is_awaited) {
        const Screen *screen = queue_run_screen(run);
        queue_run_set_state(run, RUN_IDLE);
        if (started == NULL) {
            g_message("a queue leaves out what cannot be played: %s", error->message);
            act_skip(run, NULL);
        } else if (screen != NULL) {
            queue_run_look(run, screen); /* it may have what it had */
        }
    }
    if (started != NULL)
        started(cast, error, data);
}

void
queue_run_again(QueueRun *run, const CastWish *wish, CastStarted started, gpointer user_data)
{
    const QueueEntry *current = queue_current(run->queue);
    const Screen *screen = queue_run_screen(run);

    queue_run_set_state(run, RUN_STARTING);
    run->starting = current->id;
    g_free(run->old_problem);
    run->old_problem = g_strdup(screen != NULL ? screen->status.problem : NULL);
    casts_start(run->queues->casts, wish, on_started,
                asked_new(run, current->id, started, user_data));
}

/* started NULL: nobody asked for it, the queue goes on by itself. */
void
queue_run_start(QueueRun *run, uint32_t id, CastStarted started, gpointer user_data)
{
    const QueueEntry *entry = queue_find(run->queue, id);
    const Screen *screen = queue_run_screen(run);
    CastWish wish = wish_of(run, entry, CAST_NOW);

    clock_cancel(run->queues->clock, &run->picture_timer);
    queue_go(run->queue, id);
    queue_run_set_state(run, RUN_STARTING);
    run->starting = id;
    run->is_held = false;
    run->position_ms = run->duration_ms = 0;
    g_free(run->old_problem);
    run->old_problem = g_strdup(screen != NULL ? screen->status.problem : NULL);
    queues_save(run);
    queue_run_tell(run);
    casts_start(run->queues->casts, &wish, on_started, asked_new(run, id, started, user_data));
}
