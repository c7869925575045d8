/* queues.c -- see queues.h; how one queue plays is in queue-run.c, how it is kept in
 * queues-store.c */
#include "appliance/session/queues-room.h"

#include "base/error.h"

#include <string.h>

/* -- Playing ----------------------------------------------------------------------------------- */

static void
refuse(CastStarted started, gpointer user_data, DuoError code, const char *reason)
{
    g_autoptr(GError) error = g_error_new_literal(DUO_ERROR, code, reason);

    started(NULL, error, user_data);
}

void
queues_play(Queues *queues, const char *screen_id, uint32_t entry, CastStarted started,
            gpointer user_data)
{
    QueueRun *run = queues_run(queues, screen_id);

    if (queue_find(run->queue, entry) == NULL)
        refuse(started, user_data, DUO_ERROR_NOT_FOUND, "the queue has no such entry");
    else
        queue_run_start(run, entry, started, user_data);
}

void
queues_step(Queues *queues, const char *screen_id, QueueStep step, CastStarted started,
            gpointer user_data)
{
    QueueRun *run = queues_run(queues, screen_id);
    const QueueEntry *entry = queue_peek(run->queue, step);

    if (entry != NULL)
        queue_run_start(run, entry->id, started, user_data);
    else
        refuse(started, user_data, DUO_ERROR_CONFLICT,
               step == QUEUE_PREVIOUS ? "nothing came before this in the queue"
                                      : "nothing follows in the queue");
}

void
queues_hold(Queues *queues, const char *screen_id)
{
    QueueRun *run = g_hash_table_lookup(queues->runs, screen_id);

    casts_hold(queues->casts, screen_id);
    if (run != NULL)
        run->is_held = true;
}

/* Casts are forgotten over a restart of ours, queues are not. */
void
queues_recall(Queues *queues, const char *screen_id, const PlaybackMedia *media,
              const char *item_id, CastWish *wish)
{
    const Cast *cast = casts_on(queues->casts, screen_id, media);
    const QueueEntry *entry = queues_is_playing(queues, screen_id)
                                  ? queue_current(queues_get(queues, screen_id)) : NULL;

    wish->person = casts_person(queues->casts, screen_id, item_id);
    if (cast != NULL) {
        wish->sound = cast->sound;
        wish->subtitle = cast->subtitle;
    } else if (entry != NULL && g_strcmp0(entry->item_id, item_id) == 0) {
        wish->person = entry->person;
        wish->sound = entry->sound;
        wish->subtitle = entry->subtitle;
    }
}

void
queues_hand_over(Queues *queues, const char *from, const char *to)
{
    QueueRun *old = queues_run(queues, from), *new = queues_run(queues, to);
    Queue *queue = new->queue;
    Screen *screen = queue_run_screen(new);

    new->queue = old->queue;
    old->queue = queue;
    queue_clear(old->queue);
    queue_run_set_state(old, RUN_IDLE);
    queue_run_set_state(new, RUN_IDLE);
    queues_edited(queues, from);
    if (screen != NULL)
        queue_run_look(new, screen);
    queues_edited(queues, to);
}

/* -- Casting ----------------------------------------------------------------------------------- */

typedef struct {
    Queues *queues; /* not looked at when it was cancelled */
    char *screen_id; /* NULL: there is no such screen */
    CastWhen when;
    QueuesBegin begin;
    CastStarted started;
    gpointer user_data;
} CastAsked;

static void
cast_asked_free(CastAsked *asked)
{
    g_free(asked->screen_id);
    g_free(asked);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CastAsked, cast_asked_free)

static bool
add_cast(QueueRun *run, const Cast *cast, bool is_next, uint32_t *id)
{
    const PlaybackMedia *media = cast->media;
    g_autofree char *upload = push_id_of_url(media->uri);
    const char *url = media->item_id == NULL && upload == NULL
                          ? casts_given_url(run->queues->casts, media->uri) : NULL;
    QueueEntry entry = { .item_id = media->item_id, .server_id = media->server_id,
                         .upload_id = upload,
                         .url = (char *)url,
                         .title = media->title, .person = cast->person, .sound = cast->sound,
                         .subtitle = cast->subtitle, .kind = media->kind,
                         .duration_ms = media->duration_ms };

    *id = queue_add(run->queue, &entry, is_next);
    return *id != 0;
}

static bool
is_busy(const QueueRun *run)
{
    const Screen *screen = queue_run_screen(run);
    PlaybackState state = screen != NULL ? screen->status.state : PLAYBACK_OFFLINE;

    return run->state != RUN_IDLE || state == PLAYBACK_PLAYING || state == PLAYBACK_PAUSED ||
           state == PLAYBACK_LOADING;
}

/* The queue is this alone. */
static void
begin_anew(QueueRun *run, const Cast *cast)
{
    uint32_t id;

    queue_clear(run->queue);
    add_cast(run, cast, false, &id);
    queue_go(run->queue, id);
    run->is_held = false;
    run->position_ms = run->duration_ms = 0;
    run->failures = 0;
    queue_run_await(run);
}

/* The screen has answered. One that refused plays on what it had. */
static void
settle(const CastAsked *asked, const GError *error)
{
    QueueRun *run = NULL;

    if (asked->screen_id != NULL && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        run = g_hash_table_lookup(asked->queues->runs, asked->screen_id);
    if (run == NULL || error == NULL || run->state != RUN_STARTING || run->starting != 0)
        return;
    const Screen *screen = queue_run_screen(run);
    queue_run_set_state(run, RUN_IDLE);
    if (screen != NULL)
        queue_run_look(run, screen);
}

static void
on_cast(const Cast *cast, const GError *error, gpointer user_data)
{
    g_autoptr(CastAsked) asked = user_data;
    QueueRun *run = cast != NULL ? queues_run(asked->queues, cast->screen_id) : NULL;
    g_autoptr(GError) problem = NULL;
    uint32_t id = 0;

    if (asked->when == CAST_NOW)
        settle(asked, error);
    if (run != NULL && asked->when == CAST_NOW)
        begin_anew(run, cast);
    else if (run != NULL && !add_cast(run, cast, asked->when == CAST_NEXT, &id))
        problem = g_error_new(DUO_ERROR, DUO_ERROR_BUSY, "the queue is full: it has %d entries",
                              QUEUE_MAX);
    else if (run != NULL && (asked->begin == QUEUES_AT_ONCE ||
                             (asked->begin == QUEUES_IF_IDLE && !is_busy(run))))
        queue_run_start(run, id, NULL, NULL);
    if (run != NULL)
        queues_edited(asked->queues, run->screen_id);
    asked->started(problem == NULL ? cast : NULL, problem != NULL ? problem : error,
                   asked->user_data);
}

void
queues_cast(Queues *queues, const CastWish *wish, QueuesBegin begin, CastStarted started,
            gpointer user_data)
{
    const Screen *screen = screens_find(queues->screens, wish->screen, NULL);
    CastAsked *asked = g_new(CastAsked, 1);
    CastWish now = *wish;

    *asked = (CastAsked){ queues, g_strdup(screen != NULL ? screen->id : NULL), wish->when, begin,
                          started, user_data };
    if (wish->when != CAST_NOW) {
        now.when = CAST_LATER;
    } else if (screen != NULL) { /* what the screen shows meanwhile is no news of the queue */
        QueueRun *run = queues_run(queues, screen->id);
        queue_run_set_state(run, RUN_STARTING);
        run->starting = 0;
    }
    casts_start(queues->casts, &now, on_cast, asked);
}

static bool
is_current(QueueRun *run, const PlaybackMedia *media)
{
    const QueueEntry *current = queue_current(run->queue);

    return run->state == RUN_PLAYING && current != NULL && queue_run_is(run, current, media);
}

void
queues_retune(Queues *queues, const char *screen_name, const char *sound, const char *subtitle,
              CastStarted started, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    const Screen *screen = screens_find(queues->screens, screen_name, &error);
    const PlaybackMedia *media = screen != NULL ? screen->status.media : NULL;
    g_autofree char *own = media != NULL ? casts_own_item(queues->casts, media) : NULL;

    if (screen != NULL && own == NULL)
        error = g_error_new(DUO_ERROR, DUO_ERROR_CONFLICT, "%s plays nothing of this library",
                            screen->name);
    if (error != NULL) {
        started(NULL, error, user_data);
        return;
    }
    CastWish wish = { .screen = screen->id, .item_id = own,
                      .position_ms = screen->status.position_ms };
    queues_recall(queues, screen->id, media, own, &wish);
    wish.sound = sound != NULL ? sound : wish.sound;
    wish.subtitle = subtitle != NULL ? subtitle : wish.subtitle;
    QueueRun *run = queues_run(queues, screen->id);
    if (is_current(run, media))
        queue_run_again(run, &wish, started, user_data);
    else
        queues_cast(queues, &wish, QUEUES_AT_ONCE, started, user_data);
}

/* -- Adding ------------------------------------------------------------------------------------- */

static void
clear_entry(gpointer entry)
{
    queue_entry_clear(entry);
}

/* user_data: an array of QueueEntry. */
static bool
collect(const MediaObject *object, gpointer user_data)
{
    GArray *entries = user_data;

    if (object->kind == MEDIA_CONTAINER || object->unreadable != NULL)
        return true;
    QueueEntry entry = { .item_id = g_strdup(object->id), .title = g_strdup(object->title),
                         .kind = object->kind, .duration_ms = object->facts.duration_ms };
    g_array_append_val(entries, entry);
    return entries->len < QUEUE_MAX;
}

/* The first one's id; 0: there is no room for all. Each "next" goes before those of before it. */
static uint32_t
add_entries(Queue *queue, const GArray *entries, bool is_next)
{
    uint32_t first = 0;

    if (entries->len > QUEUE_MAX - queue_length(queue))
        return 0;
    for (guint i = 0; i < entries->len; i++) {
        guint at = is_next ? entries->len - 1 - i : i;
        uint32_t id = queue_add(queue, &g_array_index(entries, QueueEntry, at), is_next);
        first = at == 0 ? id : first;
    }
    return first;
}

uint32_t
queues_add(Queues *queues, const char *screen_id, const char *object_id, bool is_next,
           GError **error)
{
    g_autoptr(MediaObject) object = catalog_find(queues->catalog, object_id, error);
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(QueueEntry));
    CatalogRange all = { .limit = QUEUE_MAX };
    CatalogResult result;

    g_array_set_clear_func(entries, clear_entry);
    if (object == NULL)
        return 0;
    if (object->kind != MEDIA_CONTAINER)
        collect(object, entries);
    else if (!catalog_browse(queues->catalog, object_id, &all, collect, entries, &result, error))
        return 0;
    if (entries->len == 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "“%s” has nothing to play",
                    object->title);
        return 0;
    }
    uint32_t first = add_entries(queues_run(queues, screen_id)->queue, entries, is_next);
    if (first == 0)
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY,
                    "the queue has no room for it: at most %d entries", QUEUE_MAX);
    return first;
}

/* -- Changing ---------------------------------------------------------------------------------- */

Queue *
queues_edit(Queues *queues, const char *screen_id)
{
    return queues_run(queues, screen_id)->queue;
}

void
queues_edited(Queues *queues, const char *screen_id)
{
    QueueRun *run = queues_run(queues, screen_id);

    casts_end_queued(queues->casts, screen_id, queue_run_has, run);
    queues_save(run);
    queue_run_tell(run);
    queue_run_prepare(run);
}

const Queue *
queues_get(Queues *queues, const char *screen_id)
{
    return queues_run(queues, screen_id)->queue;
}

bool
queues_has(const Queues *queues, const char *screen_id)
{
    const QueueRun *run = g_hash_table_lookup(queues->runs, screen_id);

    return run != NULL && queue_length(run->queue) > 0;
}

bool
queues_is_playing(const Queues *queues, const char *screen_id)
{
    const QueueRun *run = g_hash_table_lookup(queues->runs, screen_id);

    return run != NULL && run->state == RUN_PLAYING;
}

bool
queues_is_busy(const Queues *queues, const char *screen_id)
{
    const QueueRun *run = g_hash_table_lookup(queues->runs, screen_id);

    return run != NULL && (run->state == RUN_STARTING || run->state == RUN_AWAITING ||
                           run->state == RUN_PLAYING);
}

Observers *
queues_observers(Queues *queues)
{
    return queues->observers;
}

/* -- The object -------------------------------------------------------------------------------- */

static void
on_screens_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;
    Queues *queues = user_data;
    QueueRun *run = g_hash_table_lookup(queues->runs, event->screen->id);

    if (run == NULL)
        return;
    if (event->change != SCREENS_REMOVED)
        queue_run_look(run, event->screen);
    else
        queue_run_lose(run);
}

/* What was being mended is not: the queue goes on after it. */
static void
on_cast_event(gconstpointer data, gpointer user_data)
{
    const Cast *cast = data;
    Queues *queues = user_data;
    QueueRun *run = g_hash_table_lookup(queues->runs, cast->screen_id);
    const Screen *screen = run != NULL ? queue_run_screen(run) : NULL;

    if (cast->state == CAST_FAILED && screen != NULL)
        queue_run_look(run, screen);
}

Queues *
queues_new(Screens *screens, Casts *casts, Catalog *catalog, const char *folder, Clock *clock)
{
    Queues *queues = g_new0(Queues, 1);

    queues->screens = screens;
    queues->casts = casts;
    queues->catalog = catalog;
    queues->folder = g_strdup(folder);
    queues->clock = clock;
    queues->runs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, queues_run_free);
    queues->observers = observers_new();
    queues_load(queues);
    queues->observer = observers_add(screens_observers(screens), on_screens_event, queues);
    queues->cast_observer = observers_add(casts_observers(casts), on_cast_event, queues);
    return queues;
}

void
queues_free(Queues *queues)
{
    if (queues == NULL)
        return;
    observers_remove(screens_observers(queues->screens), queues->observer);
    observers_remove(casts_observers(queues->casts), queues->cast_observer);
    g_hash_table_unref(queues->runs);
    observers_free(queues->observers);
    g_free(queues->folder);
    g_free(queues);
}
