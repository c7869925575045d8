/* queue.c -- see queue.h
 *
 * Each entry has a rank, a number of chance: the shuffled order is that of the ranks, so that it
 * needs no list of its own, and what is added later finds its place among those yet to come. */
#include "appliance/session/queue-room.h"

#include <string.h>

static const char *const repeat_names[] = { "off", "one", "all" };
G_STATIC_ASSERT(G_N_ELEMENTS(repeat_names) == QUEUE_REPEAT_N);

const char *
queue_repeat_name(QueueRepeat repeat)
{
    g_assert(repeat < QUEUE_REPEAT_N);
    return repeat_names[repeat];
}

bool
queue_repeat_from_name(const char *name, QueueRepeat *repeat)
{
    for (guint i = 0; i < QUEUE_REPEAT_N; i++)
        if (strcmp(repeat_names[i], name) == 0) {
            *repeat = i;
            return true;
        }
    return false;
}

/* -- Entries ----------------------------------------------------------------------------------- */

const QueueText queue_texts[] = {
    { "item", offsetof(QueueEntry, item_id) },     { "server", offsetof(QueueEntry, server_id) },
    { "url", offsetof(QueueEntry, url) },          { "upload", offsetof(QueueEntry, upload_id) },
    { "title", offsetof(QueueEntry, title) },      { "person", offsetof(QueueEntry, person) },
    { "sound", offsetof(QueueEntry, sound) },      { "subtitle", offsetof(QueueEntry, subtitle) },
};
G_STATIC_ASSERT(G_N_ELEMENTS(queue_texts) == QUEUE_TEXTS);

void
queue_entry_clear(QueueEntry *entry)
{
    for (guint i = 0; i < QUEUE_TEXTS; i++)
        g_clear_pointer(&QUEUE_TEXT(entry, i), g_free);
}

static void
ranked_free(gpointer data)
{
    queue_entry_clear(data);
    g_free(data);
}

QueueRanked *
queue_ranked_new(const QueueEntry *entry)
{
    QueueRanked *copy = g_new0(QueueRanked, 1);

    for (guint i = 0; i < QUEUE_TEXTS; i++)
        QUEUE_TEXT(&copy->entry, i) = g_strdup(QUEUE_TEXT(entry, i));
    copy->entry.kind = entry->kind;
    copy->entry.duration_ms = entry->duration_ms;
    return copy;
}

/* -- Looking ----------------------------------------------------------------------------------- */

guint
queue_length(const Queue *queue)
{
    return queue->list->len;
}

const QueueEntry *
queue_entry(const Queue *queue, guint index)
{
    return index < queue->list->len ? queue->list->pdata[index] : NULL;
}

guint
queue_index(const Queue *queue, uint32_t id)
{
    guint i = 0;

    while (i < queue->list->len && queue_entry(queue, i)->id != id)
        i++;
    return i;
}

static QueueRanked *
find(const Queue *queue, uint32_t id)
{
    return (QueueRanked *)queue_entry(queue, queue_index(queue, id));
}

const QueueEntry *
queue_find(const Queue *queue, uint32_t id)
{
    return (const QueueEntry *)find(queue, id);
}

const QueueEntry *
queue_current(const Queue *queue)
{
    return queue_find(queue, queue->current);
}

QueueRepeat
queue_repeat(const Queue *queue)
{
    return queue->repeat;
}

bool
queue_is_shuffled(const Queue *queue)
{
    return queue->is_shuffled;
}

int64_t
queue_picture_ms(const Queue *queue)
{
    return queue->picture_ms;
}

/* -- What comes next --------------------------------------------------------------------------- */

/* Of two entries the one that is played first. */
static bool
is_before(const QueueRanked *a, const QueueRanked *b)
{
    return a->rank != b->rank ? a->rank < b->rank : a->entry.id < b->entry.id;
}

/* The neighbour of one (NULL: of neither end) in the shuffled order; NULL: there is none. */
static QueueRanked *
shuffled_neighbour(const Queue *queue, const QueueRanked *one, bool is_forward)
{
    QueueRanked *nearest = NULL;

    for (guint i = 0; i < queue->list->len; i++) {
        QueueRanked *other = queue->list->pdata[i];
        bool is_beyond = one == NULL ||
                         (is_forward ? is_before(one, other) : is_before(other, one));
        if (is_beyond && (nearest == NULL || (is_forward ? is_before(other, nearest)
                                                         : is_before(nearest, other))))
            nearest = other;
    }
    return nearest;
}

static QueueRanked *
listed_neighbour(const Queue *queue, const QueueRanked *one, bool is_forward)
{
    guint last = queue->list->len; /* and 0 - 1 is beyond it, too */
    guint index = one == NULL ? (is_forward ? 0 : last - 1)
                              : queue_index(queue, one->entry.id) + (is_forward ? 1 : -1);

    return (QueueRanked *)queue_entry(queue, index);
}

static QueueRanked *
neighbour(const Queue *queue, const QueueRanked *one, bool is_forward)
{
    return (queue->is_shuffled ? shuffled_neighbour : listed_neighbour)(queue, one, is_forward);
}

/* Where each step leads, by how the queue repeats. */
static const struct {
    bool stays, is_forward, goes_round;
} steps[QUEUE_REPEAT_N][QUEUE_STEP_N] = {
    [QUEUE_REPEAT_OFF] = { [QUEUE_END] = { false, true, false },
                           [QUEUE_NEXT] = { false, true, false },
                           [QUEUE_PREVIOUS] = { false, false, false } },
    [QUEUE_REPEAT_ONE] = { [QUEUE_END] = { true, true, false },
                           [QUEUE_NEXT] = { false, true, false },
                           [QUEUE_PREVIOUS] = { false, false, false } },
    [QUEUE_REPEAT_ALL] = { [QUEUE_END] = { false, true, true },
                           [QUEUE_NEXT] = { false, true, true },
                           [QUEUE_PREVIOUS] = { false, false, true } },
};

const QueueEntry *
queue_peek(const Queue *queue, QueueStep step)
{
    bool stays = steps[queue->repeat][step].stays;
    bool is_forward = steps[queue->repeat][step].is_forward;
    const QueueRanked *current = find(queue, queue->current);
    const QueueRanked *resume = find(queue, queue->resume);
    const QueueRanked *to;

    if (current != NULL)
        to = stays ? current : neighbour(queue, current, is_forward);
    else if (queue->resume == 0) /* it has not begun */
        to = is_forward ? neighbour(queue, NULL, true) : NULL;
    else
        to = is_forward ? resume : neighbour(queue, resume, false);
    if (to == NULL && steps[queue->repeat][step].goes_round)
        to = neighbour(queue, NULL, is_forward);
    return (const QueueEntry *)to;
}

/* -- Changing ---------------------------------------------------------------------------------- */

/* Among those yet to come. Right behind the current one ids break the tie, so that what is added
 * later is played later; where that was taken out, right before what follows. */
static uint32_t
new_rank(Queue *queue, bool is_next)
{
    const QueueRanked *current = find(queue, queue->current), *resume = find(queue, queue->resume);
    uint32_t after = current != NULL ? current->rank
                     : resume != NULL && resume->rank > 0 ? resume->rank - 1 : 0;

    if (is_next)
        return after;
    return after + (uint32_t)(g_rand_double(queue->chance) * (UINT32_MAX - after));
}

static guint
place_of_next(const Queue *queue)
{
    if (queue_current(queue) != NULL)
        return queue_index(queue, queue->current) + 1;
    return queue->resume != 0 ? queue_index(queue, queue->resume) : 0;
}

uint32_t
queue_add(Queue *queue, const QueueEntry *entry, bool is_next)
{
    guint at = is_next ? place_of_next(queue) : queue->list->len;

    if (queue->list->len >= QUEUE_MAX)
        return 0;
    QueueRanked *added = queue_ranked_new(entry);
    added->entry.id = ++queue->last_id;
    added->rank = new_rank(queue, is_next);
    if (queue->resume != 0 && (is_next || queue_find(queue, queue->resume) == NULL))
        queue->resume = added->entry.id;
    g_ptr_array_insert(queue->list, (gint)at, added);
    return added->entry.id;
}

bool
queue_remove(Queue *queue, uint32_t id)
{
    QueueRanked *entry = find(queue, id);

    if (entry == NULL)
        return false;
    if (id == queue->current || id == queue->resume) {
        const QueueRanked *next = neighbour(queue, entry, true);
        queue->resume = next != NULL ? next->entry.id : QUEUE_NOTHING;
        queue->current = id == queue->current ? 0 : queue->current;
    }
    g_ptr_array_remove(queue->list, entry);
    return true;
}

bool
queue_set_tracks(Queue *queue, uint32_t id, const char *sound, const char *subtitle)
{
    QueueRanked *known = find(queue, id);

    if (known == NULL || (g_strcmp0(known->entry.sound, sound) == 0 &&
                          g_strcmp0(known->entry.subtitle, subtitle) == 0))
        return false;
    g_free(known->entry.sound);
    g_free(known->entry.subtitle);
    known->entry.sound = g_strdup(sound);
    known->entry.subtitle = g_strdup(subtitle);
    return true;
}

bool
queue_move(Queue *queue, uint32_t id, guint index)
{
    guint from = queue_index(queue, id);

    if (from == queue->list->len)
        return false;
    gpointer entry = g_ptr_array_steal_index(queue->list, from);
    g_ptr_array_insert(queue->list, (gint)MIN(index, queue->list->len), entry);
    return true;
}

bool
queue_go(Queue *queue, uint32_t id)
{
    if (find(queue, id) == NULL)
        return false;
    queue->current = id;
    queue->resume = 0;
    return true;
}

void
queue_clear(Queue *queue)
{
    g_ptr_array_set_size(queue->list, 0);
    queue->current = queue->resume = 0;
}

void
queue_set_repeat(Queue *queue, QueueRepeat repeat)
{
    queue->repeat = repeat;
}

/* The current one is the first of the new order: all others are yet to come. */
void
queue_set_shuffled(Queue *queue, bool is_shuffled)
{
    for (guint i = 0; is_shuffled && i < queue->list->len; i++) {
        QueueRanked *entry = queue->list->pdata[i];
        entry->rank = entry->entry.id == queue->current
                          ? 0 : 1 + g_rand_int(queue->chance) % (UINT32_MAX / 2);
    }
    queue->is_shuffled = is_shuffled;
}

void
queue_set_picture_ms(Queue *queue, int64_t picture_ms)
{
    queue->picture_ms = picture_ms;
}

/* -- Making ------------------------------------------------------------------------------------ */

Queue *
queue_new(uint32_t seed)
{
    Queue *queue = g_new0(Queue, 1);

    queue->list = g_ptr_array_new_with_free_func(ranked_free);
    queue->picture_ms = QUEUE_PICTURE_MS;
    queue->chance = g_rand_new_with_seed(seed);
    return queue;
}

void
queue_free(Queue *queue)
{
    if (queue == NULL)
        return;
    g_ptr_array_unref(queue->list);
    g_rand_free(queue->chance);
    g_free(queue);
}
