/* feed.c -- see feed.h; the lock guards everything but what never changes
 *
 * Held are the parts from the last entry but one on: who reads one that is dropped meanwhile has a
 * reference. Parts are counted from the first that came; a reader knows which is next. */
#include "appliance/pushes/feed.h"

#include "base/chance.h"
#include "base/error.h"
#include "model/stream-waiters.h"
#include "wire/live-parts.h"

#include <string.h>

struct Feed {
    gatomicrefcount references;
    GMutex lock;
    FeedFacts facts;
    LiveParts *parts;
    GBytes *head;            /* NULL: not yet */
    GQueue held;             /* LivePart, owned, the oldest first */
    uint64_t first;          /* number of the oldest that is held */
    uint64_t entry, entry_before; /* numbers of the newest entries; NO_ENTRY */
    size_t held_bytes;
    guint writer, last_writer, silence;
    StreamWaiters *waiters;
};

#define NO_ENTRY UINT64_MAX

/* Somebody who reads. */
typedef struct {
    Stream stream; /* first */
    Feed *feed;    /* a reference */
    GBytes *octets; /* what is being read: the head, or a part; NULL: the next is to be found */
    size_t at;      /* in them */
    bool has_head, has_entered;
    uint64_t next; /* number of the part that follows */
    uint64_t seen; /* how many parts there were when it was read last */
} FeedReader;

void
feed_facts_clear(FeedFacts *facts)
{
    g_free(facts->id);
    g_free(facts->title);
    g_free(facts->mime);
    *facts = (FeedFacts){ 0 };
}

void
feed_read_facts(Feed *feed, FeedFacts *facts)
{
    feed_facts_clear(facts);
    g_mutex_lock(&feed->lock);
    *facts = feed->facts;
    facts->id = g_strdup(feed->facts.id);
    facts->title = g_strdup(feed->facts.title);
    facts->mime = g_strdup(feed->facts.mime);
    g_mutex_unlock(&feed->lock);
}

/* -- Making ------------------------------------------------------------------------------------ */

Feed *
feed_new(const char *title, const char *mime, GError **error)
{
    LiveParts *parts = live_parts_new(mime);

    if (parts == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                    "“%.100s” is not taken live: it must be WebM, or MP4 in fragments", mime);
        return NULL;
    }
    Feed *feed = g_new0(Feed, 1);
    g_atomic_ref_count_init(&feed->references);
    g_mutex_init(&feed->lock);
    feed->facts = (FeedFacts){ .id = chance_token(), .title = g_strdup(title),
                               .mime = g_ascii_strdown(mime, (gssize)strcspn(mime, "; ")),
                               .entered_ms = -1 };
    feed->parts = parts;
    feed->entry = feed->entry_before = NO_ENTRY;
    feed->waiters = stream_waiters_new();
    return feed;
}

Feed *
feed_ref(Feed *feed)
{
    g_atomic_ref_count_inc(&feed->references);
    return feed;
}

static void
drop_first(Feed *feed)
{
    g_autofree LivePart *part = g_queue_pop_head(&feed->held);

    feed->held_bytes -= g_bytes_get_size(part->octets);
    feed->first++;
    live_part_clear(part);
}

void
feed_unref(Feed *feed)
{
    if (feed == NULL || !g_atomic_ref_count_dec(&feed->references))
        return;
    while (feed->held.length > 0)
        drop_first(feed);
    g_clear_pointer(&feed->head, g_bytes_unref);
    live_parts_free(feed->parts);
    feed_facts_clear(&feed->facts);
    stream_waiters_free(feed->waiters);
    g_mutex_clear(&feed->lock);
    g_free(feed);
}

/* -- Writing: all with the lock held but the doors at the end ---------------------------------- */

static void
hold(Feed *feed, LivePart *part)
{
    uint64_t number = feed->first + feed->held.length;

    if (part->is_entry) {
        feed->entry_before = feed->entry;
        feed->entry = number;
    }
    feed->facts.newest_ms = part->time_ms;
    feed->held_bytes += g_bytes_get_size(part->octets);
    g_queue_push_tail(&feed->held, part);
    while (feed->held.length > 0 &&
           (feed->held_bytes > FEED_HELD_MAX ||
            (feed->entry_before != NO_ENTRY && feed->first < feed->entry_before)))
        drop_first(feed);
}

static void
take_parts(Feed *feed)
{
    LivePart part;

    if (feed->head == NULL && live_parts_head(feed->parts) != NULL) {
        feed->head = g_bytes_ref(live_parts_head(feed->parts));
        feed->facts.video = live_parts_video(feed->parts);
        feed->facts.audio = live_parts_audio(feed->parts);
    }
    while (live_parts_next(feed->parts, &part))
        hold(feed, g_memdup2(&part, sizeof part));
    feed->facts.has_begun = feed->head != NULL && feed->entry != NO_ENTRY;
}

static bool
check_goes_on(const Feed *feed, GError **error)
{
    if (!feed->facts.is_over)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "“%s” is over", feed->facts.title);
    return false;
}

guint
feed_begin(Feed *feed, uint64_t offset, GError **error)
{
    guint writer = 0;

    g_mutex_lock(&feed->lock);
    if (!check_goes_on(feed, error)) {
    } else if (offset != feed->facts.received) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "“%s” goes on at %" G_GUINT64_FORMAT ", not at %" G_GUINT64_FORMAT,
                    feed->facts.title, feed->facts.received, offset);
    } else {
        writer = feed->writer = ++feed->last_writer;
        feed->silence = 0;
    }
    g_mutex_unlock(&feed->lock);
    return writer;
}

bool
feed_write(Feed *feed, guint writer, const void *octets, size_t count, GError **error)
{
    g_mutex_lock(&feed->lock);
    bool is_good = check_goes_on(feed, error);
    if (is_good && writer != feed->writer) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "another connection goes on with “%s”",
                    feed->facts.title);
        is_good = false;
    } else if (is_good) {
        is_good = live_parts_add(feed->parts, octets, count, error);
        feed->facts.is_over = !is_good;
        feed->facts.received += count;
        feed->silence = 0;
        take_parts(feed);
        stream_waiters_wake(feed->waiters);
    }
    g_mutex_unlock(&feed->lock);
    return is_good;
}

guint
feed_count_silence(Feed *feed)
{
    g_mutex_lock(&feed->lock);
    guint count = ++feed->silence;
    g_mutex_unlock(&feed->lock);
    return count;
}

void
feed_end(Feed *feed)
{
    g_mutex_lock(&feed->lock);
    feed->facts.is_over = true;
    stream_waiters_wake(feed->waiters);
    g_mutex_unlock(&feed->lock);
}

/* -- Reading: with the lock held but the Stream's own functions -------------------------------- */

/* What is read next; false: it has not come yet. */
static bool
find_next(FeedReader *reader)
{
    Feed *feed = reader->feed;

    if (!feed->facts.has_begun)
        return false;
    if (!reader->has_head) {
        reader->has_head = true;
        reader->octets = g_bytes_ref(feed->head);
        return true;
    }
    if (!reader->has_entered || reader->next < feed->first) {
        bool is_held = feed->entry >= feed->first && feed->entry >= reader->next;
        if (!is_held)
            return false; /* there will be another */
        if (reader->has_entered)
            feed->facts.left_out += feed->entry - reader->next;
        reader->next = feed->entry;
    }
    const LivePart *part = g_queue_peek_nth(&feed->held, (guint)(reader->next - feed->first));
    if (part == NULL)
        return false;
    if (!reader->has_entered)
        feed->facts.entered_ms = part->time_ms;
    reader->has_entered = true;
    reader->octets = g_bytes_ref(part->octets);
    reader->next++;
    return true;
}

static uint64_t
count_parts(const Feed *feed)
{
    return feed->first + feed->held.length;
}

static gssize
reader_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    FeedReader *reader = (FeedReader *)stream;
    Feed *feed = reader->feed;
    size_t filled = 0;

    g_mutex_lock(&feed->lock);
    reader->seen = count_parts(feed);
    while (filled < size && (reader->octets != NULL || find_next(reader))) {
        gsize whole;
        const uint8_t *octets = g_bytes_get_data(reader->octets, &whole);
        size_t count = MIN(size - filled, whole - reader->at);
        memcpy((uint8_t *)buffer + filled, octets + reader->at, count);
        filled += count;
        reader->at += count;
        if (reader->at < whole)
            break;
        g_clear_pointer(&reader->octets, g_bytes_unref);
        reader->at = 0;
    }
    bool is_over = feed->facts.is_over;
    g_mutex_unlock(&feed->lock);
    return filled > 0 ? (gssize)filled : is_over ? 0 : STREAM_NOT_YET;
}

/* More may have come since it was read: then nobody waits. */
static void
reader_wait(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data)
{
    FeedReader *reader = (FeedReader *)stream;
    Feed *feed = reader->feed;

    g_mutex_lock(&feed->lock);
    stream_waiters_add(feed->waiters, stream, wake, user_data);
    if (count_parts(feed) != reader->seen || feed->facts.is_over)
        stream_waiters_wake(feed->waiters);
    g_mutex_unlock(&feed->lock);
}

static void
reader_free(Stream *stream)
{
    FeedReader *reader = (FeedReader *)stream;
    Feed *feed = reader->feed;

    g_mutex_lock(&feed->lock);
    stream_waiters_remove(feed->waiters, stream);
    feed->facts.readers--;
    g_mutex_unlock(&feed->lock);
    g_clear_pointer(&reader->octets, g_bytes_unref);
    feed_unref(feed);
    g_free(stream->mime);
    g_free(reader);
}

Stream *
feed_open(Feed *feed, GError **error)
{
    static const StreamClass class = { .read = reader_read, .free = reader_free,
                                       .wait = reader_wait };
    FeedReader *reader = NULL;

    g_mutex_lock(&feed->lock);
    if (!check_goes_on(feed, error)) {
    } else if (feed->facts.readers >= FEED_READERS_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "%d watch “%s” already", FEED_READERS_MAX,
                    feed->facts.title);
    } else {
        reader = g_new0(FeedReader, 1);
        reader->stream = (Stream){ .class = &class, .mime = g_strdup(feed->facts.mime),
                                   .length = -1, .fd = -1 };
        reader->feed = feed_ref(feed);
        feed->facts.readers++;
    }
    g_mutex_unlock(&feed->lock);
    return reader != NULL ? &reader->stream : NULL;
}
