/* events.c -- see events.h */
#include "igrs/events.h"

#include "igrs/subscriptions.h"
#include "wire/igrs-names.h"

#define RETRY_MS 1000
#define FAILURES_MAX 2

/* One piece of news that waits; owns its texts. */
typedef struct {
    IgrsNews news;
    char *device_id, *type;
} Pending;

typedef struct {
    IgrsEvents *events; /* borrowed: the owner */
    IgrsNewsReader reader;
    char *device_id, *location;
    char *type;      /* NULL: every one */
    GQueue *pending; /* Pending; the first is under way while is_sending */
    bool is_sending;
    unsigned failures; /* in a row */
    guint send_timer;
    guint life_timer;
} Reader;

struct IgrsEvents {
    Clock *clock; /* borrowed */
    IgrsTellNews tell;
    gpointer user_data;
    GHashTable *readers; /* id -> Reader, owned */
    uint32_t last_id;
};

static void
pending_free(gpointer data)
{
    Pending *pending = data;

    g_free(pending->device_id);
    g_free(pending->type);
    g_free(pending);
}

static Pending *
pending_new(const IgrsNews *news)
{
    Pending *pending = g_new(Pending, 1);

    *pending = (Pending){ *news, g_strdup(news->device_id), g_strdup(news->type) };
    pending->news.device_id = pending->device_id;
    pending->news.type = pending->type;
    return pending;
}

static void
reader_free(gpointer data)
{
    Reader *reader = data;

    clock_cancel(reader->events->clock, &reader->send_timer);
    clock_cancel(reader->events->clock, &reader->life_timer);
    g_queue_free_full(reader->pending, pending_free);
    g_free(reader->device_id);
    g_free(reader->location);
    g_free(reader->type);
    g_free(reader);
}

IgrsEvents *
igrs_events_new(Clock *clock, IgrsTellNews tell, gpointer user_data)
{
    IgrsEvents *events = g_new0(IgrsEvents, 1);

    *events = (IgrsEvents){ .clock = clock, .tell = tell, .user_data = user_data };
    events->readers = g_hash_table_new_full(NULL, NULL, NULL, reader_free);
    events->last_id = g_random_int() >> 1; /* ids of before a restart mean nothing after it */
    return events;
}

void
igrs_events_free(IgrsEvents *events)
{
    if (events == NULL)
        return;
    g_hash_table_unref(events->readers);
    g_free(events);
}

/* -- Life -------------------------------------------------------------------------------------- */

static void
on_life_over(gpointer data)
{
    Reader *reader = data;

    reader->life_timer = 0;
    g_hash_table_remove(reader->events->readers, GUINT_TO_POINTER(reader->reader.id));
}

static void
live_for(Reader *reader, int64_t *life_s)
{
    *life_s = CLAMP(*life_s, IGRS_SUBSCRIPTION_LIFE_MIN_S, IGRS_SUBSCRIPTION_LIFE_MAX_S);
    clock_cancel(reader->events->clock, &reader->life_timer);
    reader->life_timer = clock_after(reader->events->clock, *life_s * 1000, on_life_over, reader);
}

static guint
count_of_device(const IgrsEvents *events, const char *device_id)
{
    GHashTableIter iter;
    gpointer value;
    guint count = 0;

    g_hash_table_iter_init(&iter, events->readers);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        count += igrs_device_id_equal(((Reader *)value)->device_id, device_id);
    return count;
}

static void
set_location(Reader *reader, const char *location)
{
    g_free(reader->location);
    reader->location = g_strdup(location);
    reader->reader.location = reader->location;
}

uint32_t
igrs_events_add(IgrsEvents *events, IgrsNewsKind kind, const char *device_id, const char *location,
                const char *type, int64_t *life_s)
{
    if (g_hash_table_size(events->readers) >= IGRS_SUBSCRIPTIONS_MAX ||
        count_of_device(events, device_id) >= IGRS_SUBSCRIPTIONS_PER_DEVICE_MAX)
        return 0;
    Reader *reader = g_new0(Reader, 1);
    while (++events->last_id == 0 ||
           g_hash_table_contains(events->readers, GUINT_TO_POINTER(events->last_id)))
        continue;
    *reader = (Reader){ .events = events, .device_id = g_strdup(device_id),
                        .type = g_strdup(type), .pending = g_queue_new() };
    reader->reader = (IgrsNewsReader){ .id = events->last_id, .kind = kind,
                                       .device_id = reader->device_id };
    set_location(reader, location);
    g_hash_table_insert(events->readers, GUINT_TO_POINTER(events->last_id), reader);
    live_for(reader, life_s);
    return events->last_id;
}

static Reader *
find(const IgrsEvents *events, uint32_t id, const char *device_id)
{
    Reader *reader = g_hash_table_lookup(events->readers, GUINT_TO_POINTER(id));

    return reader != NULL && igrs_device_id_equal(reader->device_id, device_id) ? reader : NULL;
}

bool
igrs_events_renew(IgrsEvents *events, uint32_t id, IgrsNewsKind kind, const char *device_id,
                  const char *location, int64_t *life_s)
{
    Reader *reader = find(events, id, device_id);

    if (reader == NULL || reader->reader.kind != kind)
        return false;
    live_for(reader, life_s);
    if (location != NULL)
        set_location(reader, location);
    return true;
}

bool
igrs_events_remove(IgrsEvents *events, uint32_t id, const char *device_id)
{
    return find(events, id, device_id) != NULL &&
           g_hash_table_remove(events->readers, GUINT_TO_POINTER(id));
}

void
igrs_events_end_device(IgrsEvents *events, const char *device_id)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, events->readers);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (igrs_device_id_equal(((Reader *)value)->device_id, device_id))
            g_hash_table_iter_remove(&iter);
}

/* -- Telling ----------------------------------------------------------------------------------- */

static void
on_send_due(gpointer data)
{
    Reader *reader = data;
    const Pending *pending = g_queue_peek_head(reader->pending);

    reader->send_timer = 0;
    reader->is_sending = true;
    reader->events->tell(&reader->reader, &pending->news, reader->events->user_data);
}

static void
send_after(Reader *reader, int64_t delay_ms)
{
    if (reader->pending->length > 0 && !reader->is_sending && reader->send_timer == 0)
        reader->send_timer = clock_after(reader->events->clock, delay_ms, on_send_due, reader);
}

/* The entry of the same device or service that is not on its way yet. */
static Pending *
find_pending(const Reader *reader, const IgrsNews *news)
{
    GList *link = reader->pending->head;

    if (link != NULL && reader->is_sending)
        link = link->next;
    for (; link != NULL; link = link->next) {
        Pending *pending = link->data;
        if (pending->news.service_id == news->service_id &&
            igrs_device_id_equal(pending->device_id, news->device_id))
            return pending;
    }
    return NULL;
}

static bool
wants(const Reader *reader, IgrsNewsKind kind, const IgrsNews *news)
{
    return reader->reader.kind == kind &&
           !igrs_device_id_equal(reader->device_id, news->device_id) &&
           (reader->type == NULL || igrs_type_matches(reader->type, news->type));
}

void
igrs_events_happened(IgrsEvents *events, IgrsNewsKind kind, const IgrsNews *news)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, events->readers);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Reader *reader = value;
        if (!wants(reader, kind, news))
            continue;
        Pending *pending = find_pending(reader, news);
        if (pending != NULL) {
            pending->news.is_online = news->is_online;
        } else if (reader->pending->length >= IGRS_NEWS_PENDING_MAX) {
            g_hash_table_iter_remove(&iter); /* it learns so when it renews */
            continue;
        } else {
            g_queue_push_tail(reader->pending, pending_new(news));
        }
        send_after(reader, 0);
    }
}

void
igrs_events_delivered(IgrsEvents *events, uint32_t id, bool is_delivered)
{
    Reader *reader = g_hash_table_lookup(events->readers, GUINT_TO_POINTER(id));

    if (reader == NULL)
        return;
    reader->is_sending = false;
    reader->failures = is_delivered ? 0 : reader->failures + 1;
    if (reader->failures >= FAILURES_MAX) {
        g_hash_table_remove(events->readers, GUINT_TO_POINTER(id));
        return;
    }
    if (is_delivered)
        pending_free(g_queue_pop_head(reader->pending));
    send_after(reader, is_delivered ? 0 : RETRY_MS);
}

guint
igrs_events_count(const IgrsEvents *events)
{
    return g_hash_table_size(events->readers);
}
