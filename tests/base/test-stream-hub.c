/* test-stream-hub.c -- who holds the producer back, who jumps, and what the end says */
#include "base/stream-hub.h"

#include "base/error.h"

#include <string.h>

#define RING 64

/* The octet at a position: so that a reader can tell where it is. */
static uint8_t
octet_at(uint64_t position)
{
    return (uint8_t)(position * 7 + position / 256);
}

/* Up to count octets, as many as there is room for without waiting. */
static size_t
produce(StreamHub *hub, size_t count, bool is_key)
{
    size_t room;
    uint8_t *place = stream_hub_reserve(hub, &room);
    uint64_t position = stream_hub_produced(hub);

    g_assert_nonnull(place);
    room = MIN(room, count);
    for (size_t i = 0; i < room; i++)
        place[i] = octet_at(position + i);
    stream_hub_commit(hub, room, is_key);
    return room;
}

static void
produce_all(StreamHub *hub, size_t count)
{
    while (count > 0)
        count -= produce(hub, count, false);
}

static void
check_read(HubReader *reader, uint64_t position, gssize count)
{
    uint8_t buffer[RING];
    g_autoptr(GError) error = NULL;
    gssize got = hub_reader_read(reader, buffer, sizeof buffer, &error);

    g_assert_no_error(error);
    g_assert_cmpint(got, ==, count);
    for (gssize i = 0; i < got; i++)
        g_assert_cmpuint(buffer[i], ==, octet_at(position + (uint64_t)i));
}

static void
test_file_readers_get_all(void)
{
    g_autoptr(StreamHub) hub = stream_hub_new(RING);
    g_autoptr(HubReader) first = hub_reader_new(hub, HUB_FILE);

    check_read(first, 0, HUB_LATER);
    produce_all(hub, 30);
    check_read(first, 0, 30);
    /* What was read stays for a while: another one begins at the beginning. */
    g_autoptr(HubReader) second = hub_reader_new(hub, HUB_FILE);
    g_assert_nonnull(second);
    check_read(second, 0, 30);
    for (uint64_t position = 30; position < 5000; position += 20) {
        produce_all(hub, 20);
        check_read(first, position, 20);
        check_read(second, position, 20);
    }
    g_assert_null(hub_reader_new(hub, HUB_FILE)); /* by now it is gone */
    stream_hub_end(hub, NULL);
    check_read(first, 0, 0);
}

typedef struct {
    StreamHub *hub;
    uint64_t total;
} Flood;

static gpointer
flood(gpointer data)
{
    Flood *task = data;
    size_t room;
    uint8_t *place;

    while (task->total > 0 && (place = stream_hub_reserve(task->hub, &room)) != NULL) {
        uint64_t position = stream_hub_produced(task->hub);
        room = (size_t)MIN(room, task->total);
        for (size_t i = 0; i < room; i++)
            place[i] = octet_at(position + i);
        stream_hub_commit(task->hub, room, false);
        task->total -= room;
    }
    stream_hub_end(task->hub, NULL);
    return NULL;
}

static void
on_wake(gpointer data)
{
    g_async_queue_push(data, data);
}

/* Reads from position to the end, waiting for each news; where that is, and all of it was right. */
static uint64_t
drain(HubReader *reader, uint64_t position)
{
    g_autoptr(GAsyncQueue) wakes = g_async_queue_new();
    uint8_t buffer[23];
    gssize got;

    while ((got = hub_reader_read(reader, buffer, sizeof buffer, NULL)) != 0) {
        if (got == HUB_LATER) {
            hub_reader_wait(reader, on_wake, wakes);
            g_async_queue_pop(wakes);
            continue;
        }
        g_assert_cmpint(got, >, 0);
        for (gssize i = 0; i < got; i++)
            g_assert_cmpuint(buffer[i], ==, octet_at(position + (uint64_t)i));
        position += (uint64_t)got;
    }
    return position;
}

static void
test_the_producer_waits(void)
{
    g_autoptr(StreamHub) hub = stream_hub_new(RING);
    HubReader *slow = hub_reader_new(hub, HUB_FILE);
    g_autoptr(HubReader) fast = hub_reader_new(hub, HUB_FILE);
    Flood task = { hub, 100000 };
    GThread *thread = g_thread_new("producer", flood, &task);

    /* Half a ring before the slowest and no further, which then leaves: the other gets the rest. */
    uint8_t octets[RING];
    uint64_t got = 0;
    while (got < RING / 2) {
        gssize count = hub_reader_read(fast, octets + got, RING - got, NULL);
        got += count > 0 ? (uint64_t)count : 0;
    }
    g_assert_cmpint(hub_reader_read(fast, octets, 1, NULL), ==, HUB_LATER);
    g_assert_cmpuint(stream_hub_produced(hub), ==, RING / 2);
    hub_reader_free(slow);
    g_assert_cmpuint(drain(fast, got), ==, 100000);
    g_thread_join(thread);
}

static void
test_a_reader_sees_every_octet(void)
{
    g_autoptr(StreamHub) hub = stream_hub_new(RING);
    g_autoptr(HubReader) reader = hub_reader_new(hub, HUB_FILE);
    Flood task = { hub, 100000 };
    GThread *thread = g_thread_new("producer", flood, &task);

    g_assert_cmpuint(drain(reader, 0), ==, 100000);
    g_thread_join(thread);
}

static void
test_lead(void)
{
    g_autoptr(StreamHub) hub = stream_hub_new(RING);
    g_autoptr(HubReader) live = hub_reader_new(hub, HUB_LIVE);

    produce_all(hub, RING / 4);
    g_assert_cmpuint(stream_hub_lead(hub), ==, 0);
    g_autoptr(HubReader) file = hub_reader_new(hub, HUB_FILE);
    g_assert_cmpuint(stream_hub_lead(hub), ==, 50);
    produce_all(hub, RING / 4);
    g_assert_cmpuint(stream_hub_lead(hub), ==, 100);
    check_read(file, 0, RING / 2);
    g_assert_cmpuint(stream_hub_lead(hub), ==, 0);
}

static void
test_live_readers_jump(void)
{
    g_autoptr(StreamHub) hub = stream_hub_new(RING);

    produce(hub, 10, false);
    produce(hub, 6, true); /* the key frame at 10 */
    produce(hub, 4, false);
    g_autoptr(HubReader) live = hub_reader_new(hub, HUB_LIVE);
    check_read(live, 10, 10);
    produce_all(hub, 60);
    g_assert_cmpuint(produce(hub, 4, true), ==, 4); /* the key frame at 80 */
    produce_all(hub, 12); /* 24 to 32 are written over */
    check_read(live, 80, 16);
    check_read(live, 0, HUB_LATER);
}

static void
test_nobody_listens(void)
{
    g_autoptr(StreamHub) hub = stream_hub_new(RING);

    produce_all(hub, RING); /* and would wait now */
    g_autoptr(HubReader) reader = hub_reader_new(hub, HUB_FILE);
    check_read(reader, 0, RING);
    g_assert_cmpuint(stream_hub_readers(hub), ==, 1);
    stream_hub_close(hub);
    size_t room;
    g_assert_null(stream_hub_reserve(hub, &room));
    g_autoptr(GError) error = NULL;
    uint8_t octet;
    g_assert_cmpint(hub_reader_read(reader, &octet, 1, &error), ==, -1);
    g_assert_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
}

/* Whoever has left may come back: until then the producer goes no further. */
static void
test_nobody_listens_any_more(void)
{
    g_autoptr(StreamHub) hub = stream_hub_new(RING);
    HubReader *first = hub_reader_new(hub, HUB_FILE);
    Flood task = { hub, 100000 };
    GThread *thread = g_thread_new("producer", flood, &task);

    while (stream_hub_produced(hub) < RING / 2)
        g_thread_yield();
    hub_reader_free(first);
    for (int i = 0; i < 1000; i++)
        g_thread_yield();
    g_assert_cmpuint(stream_hub_produced(hub), ==, RING / 2);
    g_autoptr(HubReader) second = hub_reader_new(hub, HUB_FILE);
    g_assert_cmpuint(drain(second, 0), ==, 100000);
    g_thread_join(thread);
}

static void
test_the_end_says_why(void)
{
    g_autoptr(StreamHub) hub = stream_hub_new(RING);
    g_autoptr(HubReader) reader = hub_reader_new(hub, HUB_FILE);
    g_autoptr(GAsyncQueue) wakes = g_async_queue_new();
    g_autoptr(GError) why = g_error_new_literal(DUO_ERROR, DUO_ERROR_FAILED, "no decoder");
    g_autoptr(GError) error = NULL;
    uint8_t octet;

    produce_all(hub, 3);
    hub_reader_wait(reader, on_wake, wakes); /* there is something: at once */
    g_assert_nonnull(g_async_queue_try_pop(wakes));
    check_read(reader, 0, 3);
    hub_reader_wait(reader, on_wake, wakes);
    g_assert_null(g_async_queue_try_pop(wakes));
    stream_hub_end(hub, why);
    g_assert_nonnull(g_async_queue_try_pop(wakes));
    g_assert_cmpint(hub_reader_read(reader, &octet, 1, &error), ==, -1);
    g_assert_error(error, DUO_ERROR, DUO_ERROR_FAILED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hub/file-readers-get-all", test_file_readers_get_all);
    g_test_add_func("/hub/the-producer-waits", test_the_producer_waits);
    g_test_add_func("/hub/every-octet", test_a_reader_sees_every_octet);
    g_test_add_func("/hub/lead", test_lead);
    g_test_add_func("/hub/live-readers-jump", test_live_readers_jump);
    g_test_add_func("/hub/nobody-listens", test_nobody_listens);
    g_test_add_func("/hub/nobody-listens-any-more", test_nobody_listens_any_more);
    g_test_add_func("/hub/the-end-says-why", test_the_end_says_why);
    return g_test_run();
}
