/* queue.c -- see queue.h
 *
 * Each entry has a rank, a number of chance: the shuffled order is that of the ranks, so that it needs
 * no list of its own, and what is added later finds its place among those yet to come. */
#include "appliance/queue.h"

#include "base/error.h"

#include <string.h>

#define PICTURE_MS 10000
#define HEAD "queue"
#define NOTHING UINT32_MAX /* no entry has that id */

typedef struct {
    QueueEntry entry; /* first */
    uint32_t rank;
} Ranked;

struct Queue {
    GPtrArray *list; /* Ranked, owned, in the order that people see */
    uint32_t last_id;
    uint32_t current; /* an id; 0: none */
    uint32_t resume;  /* what follows when the current one was taken out, NOTHING: nothing; 0: it was not */
    QueueRepeat repeat;
    bool is_shuffled;
    int64_t picture_ms;
    GRand *chance;
};

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

/* The texts of an entry, and their names in what is kept. */
static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    { "item", offsetof(QueueEntry, item_id) },     { "server", offsetof(QueueEntry, server_id) },
    { "url", offsetof(QueueEntry, url) },          { "upload", offsetof(QueueEntry, upload_id) },
    { "title", offsetof(QueueEntry, title) },      { "person", offsetof(QueueEntry, person) },
};
#define TEXT(entry, i) G_STRUCT_MEMBER(char *, entry, texts[i].offset)

void
queue_entry_clear(QueueEntry *entry)
{
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(&TEXT(entry, i), g_free);
}

static void
ranked_free(gpointer data)
{
    queue_entry_clear(data);
    g_free(data);
}

static Ranked *
ranked_copy(const QueueEntry *entry)
{
    Ranked *copy = g_new0(Ranked, 1);

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        TEXT(&copy->entry, i) = g_strdup(TEXT(entry, i));
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

static Ranked *
find(const Queue *queue, uint32_t id)
{
    return (Ranked *)queue_entry(queue, queue_index(queue, id));
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
is_before(const Ranked *a, const Ranked *b)
{
    return a->rank != b->rank ? a->rank < b->rank : a->entry.id < b->entry.id;
}

/* The neighbour of one (NULL: of neither end) in the shuffled order; NULL: there is none. */
static Ranked *
shuffled_neighbour(const Queue *queue, const Ranked *one, bool is_forward)
{
    Ranked *nearest = NULL;

    for (guint i = 0; i < queue->list->len; i++) {
        Ranked *other = queue->list->pdata[i];
        bool is_beyond = one == NULL ||
                         (is_forward ? is_before(one, other) : is_before(other, one));
        if (is_beyond && (nearest == NULL || (is_forward ? is_before(other, nearest)
                                                         : is_before(nearest, other))))
            nearest = other;
    }
    return nearest;
}

static Ranked *
listed_neighbour(const Queue *queue, const Ranked *one, bool is_forward)
{
    guint last = queue->list->len; /* and 0 - 1 is beyond it, too */
    guint index = one == NULL ? (is_forward ? 0 : last - 1)
                              : queue_index(queue, one->entry.id) + (is_forward ? 1 : -1);

    return (Ranked *)queue_entry(queue, index);
}

static Ranked *
neighbour(const Queue *queue, const Ranked *one, bool is_forward)
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
    const Ranked *current = find(queue, queue->current);
    const Ranked *resume = find(queue, queue->resume);
    const Ranked *to;

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

/* Among those yet to come. Right behind the current one ids break the tie, so that what is added later
 * is played later; where that was taken out, right before what follows. */
static uint32_t
new_rank(Queue *queue, bool is_next)
{
    const Ranked *current = find(queue, queue->current), *resume = find(queue, queue->resume);
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
    Ranked *added = ranked_copy(entry);
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
    Ranked *entry = find(queue, id);

    if (entry == NULL)
        return false;
    if (id == queue->current || id == queue->resume) {
        const Ranked *next = neighbour(queue, entry, true);
        queue->resume = next != NULL ? next->entry.id : NOTHING;
        queue->current = id == queue->current ? 0 : queue->current;
    }
    g_ptr_array_remove(queue->list, entry);
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
        Ranked *entry = queue->list->pdata[i];
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

/* -- Keeping ----------------------------------------------------------------------------------- */

/* A group "queue", and one an entry, named by its id, in the order of the list. */
char *
queue_encode(const Queue *queue)
{
    g_autoptr(GKeyFile) file = g_key_file_new();

    g_key_file_set_uint64(file, HEAD, "last", queue->last_id);
    g_key_file_set_uint64(file, HEAD, "current", queue->current);
    g_key_file_set_uint64(file, HEAD, "resume", queue->resume);
    g_key_file_set_string(file, HEAD, "repeat", queue_repeat_name(queue->repeat));
    g_key_file_set_boolean(file, HEAD, "shuffled", queue->is_shuffled);
    g_key_file_set_int64(file, HEAD, "picture-ms", queue->picture_ms);
    for (guint i = 0; i < queue->list->len; i++) {
        const Ranked *ranked = queue->list->pdata[i];
        const QueueEntry *entry = &ranked->entry;
        char group[16];
        g_snprintf(group, sizeof group, "%u", entry->id);
        for (guint k = 0; k < G_N_ELEMENTS(texts); k++)
            if (TEXT(entry, k) != NULL)
                g_key_file_set_string(file, group, texts[k].name, TEXT(entry, k));
        if (entry->kind < MEDIA_KIND_N)
            g_key_file_set_string(file, group, "class", media_kind_name(entry->kind));
        g_key_file_set_int64(file, group, "duration-ms", entry->duration_ms);
        g_key_file_set_uint64(file, group, "rank", ranked->rank);
    }
    return g_key_file_to_data(file, NULL, NULL);
}

static uint32_t
read_number(GKeyFile *file, const char *group, const char *name)
{
    return (uint32_t)MIN(g_key_file_get_uint64(file, group, name, NULL), UINT32_MAX);
}

/* False: an entry of nothing. */
static bool
read_entry(Queue *queue, GKeyFile *file, const char *group)
{
    guint64 id = g_ascii_strtoull(group, NULL, 10);
    g_auto(QueueEntry) entry = { .kind = MEDIA_ANY };
    g_autofree char *class = g_key_file_get_string(file, group, "class", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        TEXT(&entry, i) = g_key_file_get_string(file, group, texts[i].name, NULL);
    if (id == 0 || id > queue->last_id || find(queue, (uint32_t)id) != NULL ||
        (entry.item_id == NULL && entry.url == NULL && entry.upload_id == NULL) ||
        (class != NULL && !media_kind_from_name(class, &entry.kind)))
        return false;
    entry.duration_ms = MAX(g_key_file_get_int64(file, group, "duration-ms", NULL), 0);
    Ranked *ranked = ranked_copy(&entry);
    ranked->entry.id = (uint32_t)id;
    ranked->rank = read_number(file, group, "rank");
    g_ptr_array_add(queue->list, ranked);
    return true;
}

static void
read_head(Queue *queue, GKeyFile *file)
{
    g_autofree char *repeat = g_key_file_get_string(file, HEAD, "repeat", NULL);
    int64_t picture_ms = g_key_file_get_int64(file, HEAD, "picture-ms", NULL);

    queue->last_id = read_number(file, HEAD, "last");
    queue->current = read_number(file, HEAD, "current");
    queue->resume = read_number(file, HEAD, "resume");
    queue->is_shuffled = g_key_file_get_boolean(file, HEAD, "shuffled", NULL);
    queue->picture_ms = picture_ms > 0 ? picture_ms : PICTURE_MS;
    if (repeat != NULL)
        queue_repeat_from_name(repeat, &queue->repeat);
}

Queue *
queue_decode(const char *text, uint32_t seed, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(Queue) queue = queue_new(seed);

    if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL) ||
        !g_key_file_has_group(file, HEAD)) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "it is no queue");
        return NULL;
    }
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    read_head(queue, file);
    for (guint i = 0; groups[i] != NULL; i++) {
        if (strcmp(groups[i], HEAD) == 0)
            continue;
        if (queue->list->len >= QUEUE_MAX || !read_entry(queue, file, groups[i])) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "it has a bad entry \"%.20s\"",
                        groups[i]);
            return NULL;
        }
    }
    if (queue_current(queue) == NULL)
        queue->current = 0;
    return g_steal_pointer(&queue);
}

/* -- Making ------------------------------------------------------------------------------------ */

Queue *
queue_new(uint32_t seed)
{
    Queue *queue = g_new0(Queue, 1);

    queue->list = g_ptr_array_new_with_free_func(ranked_free);
    queue->picture_ms = PICTURE_MS;
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
