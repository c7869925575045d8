/* queue-text.c -- a queue as a key file; see queue.h */
#include "appliance/session/queue-room.h"

#include "base/error.h"

#include <string.h>

#define HEAD "queue"

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
        const QueueRanked *ranked = queue->list->pdata[i];
        const QueueEntry *entry = &ranked->entry;
        char group[16];
        g_snprintf(group, sizeof group, "%u", entry->id);
        for (guint k = 0; k < QUEUE_TEXTS; k++)
            if (QUEUE_TEXT(entry, k) != NULL)
                g_key_file_set_string(file, group, queue_texts[k].name, QUEUE_TEXT(entry, k));
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

    for (guint i = 0; i < QUEUE_TEXTS; i++)
        QUEUE_TEXT(&entry, i) = g_key_file_get_string(file, group, queue_texts[i].name, NULL);
    if (id == 0 || id > queue->last_id || queue_find(queue, (uint32_t)id) != NULL ||
        (entry.item_id == NULL && entry.url == NULL && entry.upload_id == NULL) ||
        (class != NULL && !media_kind_from_name(class, &entry.kind)))
        return false;
    entry.duration_ms = MAX(g_key_file_get_int64(file, group, "duration-ms", NULL), 0);
    QueueRanked *ranked = queue_ranked_new(&entry);
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
    queue->picture_ms = picture_ms > 0 ? picture_ms : QUEUE_PICTURE_MS;
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
