/* events.c -- see events.h */
#include "igrs/events.h"

#include "igrs/leases.h"
#include "wire/igrs-names.h"

/* One piece of news that waits; owns its texts. */
typedef struct {
    IgrsNews news;
    char *device_id, *type;
} Pending;

typedef struct {
    IgrsLease lease; /* first */
    IgrsNewsKind kind;
    char *type;      /* NULL: every one */
    GQueue *pending; /* Pending; the first is under way while the lease sends */
} Reader;

struct IgrsEvents {
    IgrsTellNews tell;
    gpointer user_data;
    IgrsLeases *readers;
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

/* -- Readers ----------------------------------------------------------------------------------- */

static bool
has_more(const IgrsLease *lease)
{
    return ((const Reader *)lease)->pending->length > 0;
}

static void
send_first(IgrsLease *lease, gpointer user_data)
{
    const Reader *reader = (const Reader *)lease;
    const IgrsEvents *events = user_data;
    const Pending *pending = g_queue_peek_head(reader->pending);
    const IgrsNewsReader told = { lease->id, reader->kind, lease->device_id, lease->location };

    events->tell(&told, &pending->news, events->user_data);
}

static void
reader_free(IgrsLease *lease)
{
    Reader *reader = (Reader *)lease;

    g_queue_free_full(reader->pending, pending_free);
    g_free(reader->type);
    g_free(reader);
}

static const IgrsLeaseHooks hooks = { has_more, send_first, reader_free };

IgrsEvents *
igrs_events_new(Clock *clock, IgrsTellNews tell, gpointer user_data)
{
    IgrsEvents *events = g_new(IgrsEvents, 1);

    *events = (IgrsEvents){ tell, user_data, igrs_leases_new(clock, &hooks, events) };
    return events;
}

void
igrs_events_free(IgrsEvents *events)
{
    if (events == NULL)
        return;
    igrs_leases_free(events->readers);
    g_free(events);
}

uint32_t
igrs_events_add(IgrsEvents *events, IgrsNewsKind kind, const char *device_id, const char *location,
                const char *type, int64_t *life_s)
{
    if (!igrs_leases_have_room(events->readers, device_id))
        return 0;
    Reader *reader = g_new0(Reader, 1);
    *reader = (Reader){ .kind = kind, .type = g_strdup(type), .pending = g_queue_new() };
    igrs_leases_add(events->readers, &reader->lease, device_id, location, life_s);
    return reader->lease.id;
}

bool
igrs_events_renew(IgrsEvents *events, uint32_t id, IgrsNewsKind kind, const char *device_id,
                  const char *location, int64_t *life_s)
{
    IgrsLease *lease = igrs_leases_find(events->readers, id, device_id);

    if (lease == NULL || ((Reader *)lease)->kind != kind)
        return false;
    igrs_lease_renew(lease, location, life_s);
    return true;
}

bool
igrs_events_remove(IgrsEvents *events, uint32_t id, const char *device_id)
{
    return igrs_leases_remove(events->readers, id, device_id);
}

static bool
is_of_device(IgrsLease *lease, gconstpointer device_id)
{
    return igrs_device_id_equal(lease->device_id, device_id);
}

void
igrs_events_end_device(IgrsEvents *events, const char *device_id)
{
    igrs_leases_sift(events->readers, is_of_device, device_id);
}

/* -- Telling ----------------------------------------------------------------------------------- */

/* The entry of the same device or service that is not on its way yet. */
static Pending *
find_pending(const Reader *reader, const IgrsNews *news)
{
    GList *link = reader->pending->head;

    if (link != NULL && reader->lease.is_sending)
        link = link->next;
    for (; link != NULL; link = link->next) {
        Pending *pending = link->data;
        if (pending->news.service_id == news->service_id &&
            igrs_device_id_equal(pending->device_id, news->device_id))
            return pending;
    }
    return NULL;
}

typedef struct {
    IgrsNewsKind kind;
    const IgrsNews *news;
} Happening;

static bool
wants(const Reader *reader, const Happening *happening)
{
    const IgrsNews *news = happening->news;

    return reader->kind == happening->kind &&
           !igrs_device_id_equal(reader->lease.device_id, news->device_id) &&
           (reader->type == NULL || igrs_type_matches(reader->type, news->type));
}

/* True: it has fallen behind, and learns so when it renews. */
static bool
take_news(IgrsLease *lease, gconstpointer data)
{
    const Happening *happening = data;
    Reader *reader = (Reader *)lease;

    if (!wants(reader, happening))
        return false;
    Pending *pending = find_pending(reader, happening->news);
    if (pending == NULL && reader->pending->length >= IGRS_NEWS_PENDING_MAX)
        return true;
    if (pending != NULL)
        pending->news.is_online = happening->news->is_online;
    else
        g_queue_push_tail(reader->pending, pending_new(happening->news));
    igrs_lease_send(lease);
    return false;
}

void
igrs_events_happened(IgrsEvents *events, IgrsNewsKind kind, const IgrsNews *news)
{
    const Happening happening = { kind, news };

    igrs_leases_sift(events->readers, take_news, &happening);
}

void
igrs_events_delivered(IgrsEvents *events, uint32_t id, bool is_delivered)
{
    IgrsLease *lease = igrs_leases_delivered(events->readers, id, is_delivered);

    if (lease == NULL)
        return;
    if (is_delivered)
        pending_free(g_queue_pop_head(((Reader *)lease)->pending));
    igrs_lease_go_on(lease);
}

guint
igrs_events_count(const IgrsEvents *events)
{
    return igrs_leases_count(events->readers);
}
