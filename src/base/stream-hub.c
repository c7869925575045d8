/* stream-hub.c -- see stream-hub.h
 *
 * Positions count octets since the beginning; the ring holds those from `oldest` to `produced`. The
 * producer writes without the lock, into room that no reader may look at before the commit. */
#include "base/stream-hub.h"

#include "base/error.h"

#include <string.h>

#define ROOM_SHARE 16 /* of the ring */

struct StreamHub {
    gatomicrefcount references;
    GMutex lock;
    GCond room; /* the producer waits for it */
    uint8_t *ring;
    size_t capacity;
    uint64_t produced, oldest; /* of the room that is reserved, oldest knows already */
    uint64_t newest_key;       /* UINT64_MAX: none yet */
    GQueue readers;            /* HubReader, by their links */
    unsigned file_readers;
    bool is_ended, is_closed, was_read;
    GError *error; /* why it ended */
};

struct HubReader {
    StreamHub *hub; /* a reference */
    HubReaderKind kind;
    uint64_t position;
    GList link;
    void (*wake)(gpointer user_data); /* NULL: nobody waits */
    gpointer user_data;
};

StreamHub *
stream_hub_new(size_t capacity)
{
    StreamHub *hub = g_new0(StreamHub, 1);

    g_assert(capacity >= 2);
    g_atomic_ref_count_init(&hub->references);
    g_mutex_init(&hub->lock);
    g_cond_init(&hub->room);
    hub->capacity = capacity;
    hub->ring = g_malloc(capacity);
    hub->newest_key = UINT64_MAX;
    return hub;
}

StreamHub *
stream_hub_ref(StreamHub *hub)
{
    g_atomic_ref_count_inc(&hub->references);
    return hub;
}

void
stream_hub_unref(StreamHub *hub)
{
    if (hub == NULL || !g_atomic_ref_count_dec(&hub->references))
        return;
    g_clear_error(&hub->error);
    g_cond_clear(&hub->room);
    g_mutex_clear(&hub->lock);
    g_free(hub->ring);
    g_free(hub);
}

/* -- With the lock held ------------------------------------------------------------------------ */

/* Where the slowest file-like reader is; UINT64_MAX: there is none. */
static uint64_t
slowest(const StreamHub *hub)
{
    uint64_t position = UINT64_MAX;

    for (GList *at = hub->readers.head; at != NULL && hub->file_readers > 0; at = at->next) {
        const HubReader *reader = at->data;
        if (reader->kind == HUB_FILE)
            position = MIN(position, reader->position);
    }
    return position;
}

/* How far the producer may go. Nobody reads yet: until the ring is full; nobody any more: no
 * further; a file-like reader: half a ring before it; live ones hold nobody. */
static uint64_t
limit(const StreamHub *hub)
{
    if (hub->readers.length == 0)
        return hub->was_read ? hub->produced : hub->capacity;
    if (hub->file_readers == 0)
        return UINT64_MAX;
    return slowest(hub) + hub->capacity / 2;
}

static bool
has_news(const HubReader *reader)
{
    const StreamHub *hub = reader->hub;

    return hub->is_closed || hub->is_ended || reader->position < hub->produced;
}

static void
wake_readers(StreamHub *hub)
{
    for (GList *at = hub->readers.head; at != NULL; at = at->next) {
        HubReader *reader = at->data;
        if (reader->wake != NULL && has_news(reader)) {
            void (*wake)(gpointer) = g_steal_pointer(&reader->wake);
            wake(reader->user_data);
        }
    }
}

/* The producer is woken for a stretch of room, not for each step of a reader: it may be a process
 * that has to be woken in turn. Who has read all waits for whatever comes. */
static void
wake_producer(StreamHub *hub, const HubReader *reader)
{
    if (reader->position == hub->produced ||
        limit(hub) >= hub->produced + hub->capacity / ROOM_SHARE)
        g_cond_signal(&hub->room);
}

/* A live reader goes on where another picture begins. */
static void
jump(HubReader *reader)
{
    const StreamHub *hub = reader->hub;
    bool has_key = hub->newest_key != UINT64_MAX && hub->newest_key >= hub->oldest;

    reader->position = has_key ? hub->newest_key : hub->produced;
}

/* -- The producer ------------------------------------------------------------------------------ */

void *
stream_hub_reserve(StreamHub *hub, size_t *room)
{
    uint8_t *place = NULL;

    g_mutex_lock(&hub->lock);
    while (!hub->is_closed && limit(hub) <= hub->produced)
        g_cond_wait(&hub->room, &hub->lock);
    if (!hub->is_closed) {
        size_t start = (size_t)(hub->produced % hub->capacity);
        uint64_t free = MIN(limit(hub) - hub->produced, hub->capacity / 4);
        *room = (size_t)MIN(free, hub->capacity - start);
        place = hub->ring + start;
        if (hub->produced + *room > hub->capacity)
            hub->oldest = MAX(hub->oldest, hub->produced + *room - hub->capacity);
    }
    g_mutex_unlock(&hub->lock);
    return place;
}

void
stream_hub_commit(StreamHub *hub, size_t count, bool is_key)
{
    g_mutex_lock(&hub->lock);
    if (is_key)
        hub->newest_key = hub->produced;
    hub->produced += count;
    wake_readers(hub);
    g_mutex_unlock(&hub->lock);
}

void
stream_hub_end(StreamHub *hub, const GError *error)
{
    g_mutex_lock(&hub->lock);
    g_assert(!hub->is_ended);
    hub->is_ended = true;
    hub->error = error != NULL ? g_error_copy(error) : NULL;
    wake_readers(hub);
    g_mutex_unlock(&hub->lock);
}

/* -- The owner --------------------------------------------------------------------------------- */

void
stream_hub_close(StreamHub *hub)
{
    g_mutex_lock(&hub->lock);
    hub->is_closed = true;
    g_cond_signal(&hub->room);
    wake_readers(hub);
    g_mutex_unlock(&hub->lock);
}

unsigned
stream_hub_readers(StreamHub *hub)
{
    g_mutex_lock(&hub->lock);
    unsigned count = hub->readers.length;
    g_mutex_unlock(&hub->lock);
    return count;
}

bool
stream_hub_is_left(StreamHub *hub)
{
    g_mutex_lock(&hub->lock);
    bool is_left = hub->was_read && hub->readers.length == 0;
    g_mutex_unlock(&hub->lock);
    return is_left;
}

uint64_t
stream_hub_produced(StreamHub *hub)
{
    g_mutex_lock(&hub->lock);
    uint64_t count = hub->produced;
    g_mutex_unlock(&hub->lock);
    return count;
}

unsigned
stream_hub_lead(StreamHub *hub)
{
    g_mutex_lock(&hub->lock);
    uint64_t reader = slowest(hub);
    uint64_t lead = reader == UINT64_MAX ? 0 : hub->produced - reader;
    g_mutex_unlock(&hub->lock);
    return (unsigned)(100 * MIN(lead, hub->capacity / 2) / (hub->capacity / 2));
}

/* -- Readers ----------------------------------------------------------------------------------- */

HubReader *
hub_reader_new(StreamHub *hub, HubReaderKind kind)
{
    HubReader *reader = NULL;

    g_mutex_lock(&hub->lock);
    if (hub->error == NULL && (kind == HUB_LIVE || hub->oldest == 0)) {
        reader = g_new0(HubReader, 1);
        reader->hub = stream_hub_ref(hub);
        reader->kind = kind;
        reader->link.data = reader;
        if (kind == HUB_LIVE)
            jump(reader);
        else
            hub->file_readers++;
        g_queue_push_tail_link(&hub->readers, &reader->link);
        hub->was_read = true;
        g_cond_signal(&hub->room);
    }
    g_mutex_unlock(&hub->lock);
    return reader;
}

void
hub_reader_free(HubReader *reader)
{
    if (reader == NULL)
        return;
    StreamHub *hub = reader->hub;
    g_mutex_lock(&hub->lock);
    g_queue_unlink(&hub->readers, &reader->link);
    hub->file_readers -= reader->kind == HUB_FILE;
    g_cond_signal(&hub->room); /* perhaps it was the slowest */
    g_mutex_unlock(&hub->lock);
    g_free(reader);
    stream_hub_unref(hub);
}

/* At the end of what there is. */
static gssize
read_end(const StreamHub *hub, GError **error)
{
    if (hub->error != NULL) {
        g_propagate_error(error, g_error_copy(hub->error));
        return -1;
    }
    if (hub->is_ended)
        return 0;
    if (!hub->is_closed)
        return HUB_LATER;
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "the stream was ended");
    return -1;
}

gssize
hub_reader_read(HubReader *reader, void *buffer, size_t size, GError **error)
{
    StreamHub *hub = reader->hub;
    gssize result;

    g_mutex_lock(&hub->lock);
    if (reader->position < hub->oldest)
        jump(reader);
    if (reader->position == hub->produced) {
        result = read_end(hub, error);
    } else {
        size_t start = (size_t)(reader->position % hub->capacity);
        size_t count = (size_t)MIN(size, hub->produced - reader->position);
        size_t first = MIN(count, hub->capacity - start);
        memcpy(buffer, hub->ring + start, first);
        memcpy((uint8_t *)buffer + first, hub->ring, count - first);
        reader->position += count;
        result = (gssize)count;
        wake_producer(hub, reader);
    }
    g_mutex_unlock(&hub->lock);
    return result;
}

void
hub_reader_wait(HubReader *reader, void (*wake)(gpointer user_data), gpointer user_data)
{
    StreamHub *hub = reader->hub;

    g_mutex_lock(&hub->lock);
    reader->wake = NULL;
    if (has_news(reader)) {
        wake(user_data);
    } else {
        reader->wake = wake;
        reader->user_data = user_data;
    }
    g_mutex_unlock(&hub->lock);
}
