/* test-feeds.c -- a recording of a browser comes live; those who read it come late, are slow, or
 * leave */
#include "appliance/pushes/feeds.h"

#include "base/error.h"
#include "wire/live-parts.h"

#include <string.h>

typedef struct {
    Feed *feed;
    uint8_t *octets;
    gsize size;
} Recording;

static void
setup(Recording *recording, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "data", "live", "camera.webm", NULL);

    g_assert_true(g_file_get_contents(path, (char **)&recording->octets, &recording->size, NULL));
    recording->feed = feed_new("Garden", "video/webm;codecs=vp8,opus", NULL);
}

static void
teardown(Recording *recording, gconstpointer data G_GNUC_UNUSED)
{
    feed_unref(recording->feed);
    g_free(recording->octets);
}

static void
put(Recording *recording, size_t from, size_t to)
{
    guint writer = feed_begin(recording->feed, from, NULL);

    g_assert_cmpuint(writer, !=, 0);
    g_assert_true(feed_write(recording->feed, writer, recording->octets + from, to - from, NULL));
}

/* All that can be read now, handed to parts. */
static size_t
take_all(Stream *stream, LiveParts *parts)
{
    uint8_t block[1000];
    gssize count;
    size_t all = 0;

    while ((count = stream_read(stream, 0, block, sizeof block, NULL)) > 0) {
        g_assert_true(live_parts_add(parts, block, (size_t)count, NULL));
        all += (size_t)count;
    }
    return all;
}

static void
count_wake(gpointer user_data)
{
    ++*(guint *)user_data;
}

static void
test_who_waits_is_woken(Recording *recording, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Stream) stream = feed_open(recording->feed, NULL);
    g_autoptr(LiveParts) parts = live_parts_new("video/webm");
    guint woken = 0;
    uint8_t octet;

    g_assert_cmpint(stream_read(stream, 0, &octet, 1, NULL), ==, STREAM_NOT_YET);
    stream->class->wait(stream, count_wake, &woken);
    g_assert_cmpuint(woken, ==, 0);
    put(recording, 0, recording->size / 4);
    g_assert_cmpuint(woken, ==, 1);
    g_assert_cmpuint(take_all(stream, parts), >, 1000);
    put(recording, recording->size / 4, recording->size / 2);
    stream->class->wait(stream, count_wake, &woken); /* there is more already */
    g_assert_cmpuint(woken, ==, 2);
    feed_end(recording->feed);
    g_assert_cmpuint(take_all(stream, parts), >, 0);
    g_assert_cmpint(stream_read(stream, 0, &octet, 1, NULL), ==, 0);
}

/* What it gets is a recording with a gap. */
static void
test_who_is_slow_leaves_out(Recording *recording, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Stream) stream = feed_open(recording->feed, NULL);
    g_autoptr(LiveParts) parts = live_parts_new("video/webm");
    g_auto(FeedFacts) facts = { 0 };
    LivePart part;

    put(recording, 0, recording->size / 8);
    take_all(stream, parts);
    int64_t last_ms = 0;
    while (live_parts_next(parts, &part)) {
        last_ms = part.time_ms;
        live_part_clear(&part);
    }
    put(recording, recording->size / 8, recording->size);
    take_all(stream, parts);
    g_assert_true(live_parts_next(parts, &part));
    g_assert_true(part.is_entry);
    g_assert_cmpint(part.time_ms, >, last_ms + 500);
    live_part_clear(&part);
    feed_read_facts(recording->feed, &facts);
    g_assert_cmpuint(facts.left_out, >, 0);
    g_assert_cmpint(facts.newest_ms, >, part.time_ms);
}

static void
test_who_comes_late_begins_with_a_picture(Recording *recording, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(LiveParts) parts = live_parts_new("video/webm");
    g_auto(FeedFacts) facts = { 0 };
    Stream *readers[FEED_READERS_MAX];
    g_autoptr(GError) error = NULL;
    LivePart part;

    put(recording, 0, recording->size);
    for (guint i = 0; i < FEED_READERS_MAX; i++)
        readers[i] = feed_open(recording->feed, NULL);
    g_assert_null(feed_open(recording->feed, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_BUSY);
    g_assert_cmpuint(take_all(readers[0], parts), <, recording->size);
    g_assert_true(live_parts_next(parts, &part));
    g_assert_true(part.is_entry);
    g_assert_cmpint(part.time_ms, >, 1500);
    feed_read_facts(recording->feed, &facts);
    g_assert_cmpint(facts.entered_ms, ==, part.time_ms);
    g_assert_cmpuint(facts.readers, ==, FEED_READERS_MAX);
    live_part_clear(&part);
    for (guint i = 0; i < FEED_READERS_MAX; i++)
        stream_free(readers[i]);
    feed_read_facts(recording->feed, &facts);
    g_assert_cmpuint(facts.readers, ==, 0);
}

static void
test_pieces_come_in_order(Recording *recording, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    guint first = feed_begin(recording->feed, 0, NULL);
    guint second = feed_begin(recording->feed, 0, NULL);

    g_assert_false(feed_write(recording->feed, first, recording->octets, 10, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_true(feed_write(recording->feed, second, recording->octets, 10, NULL));
    g_assert_cmpuint(feed_begin(recording->feed, 5, &error), ==, 0);
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
    g_clear_error(&error);
    g_autoptr(Feed) nonsense = feed_new("Attic", "video/mp4", NULL);
    first = feed_begin(nonsense, 0, NULL);
    g_assert_false(feed_write(nonsense, first, "this is no film", 15, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_cmpuint(feed_begin(nonsense, 15, &error), ==, 0);
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
}

static void
test_how_it_reaches_a_screen(Recording *recording, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *sinks, *profile;
        DeliveryHow how;
    } screens[] = {
        { "http-get:*:video/webm:*,http-get:*:video/mp2t:*", NULL, DELIVERY_DIRECT },
        { "http-get:*:video/mp2t:*", "ts-h264-aac", DELIVERY_TRANSCODE },
        { "http-get:*:video/webm:*,http-get:*:video/mp4:*,http-get:*:codec/h264:*,"
          "http-get:*:codec/aac:*", "mp4-h264-aac", DELIVERY_TRANSCODE },
    };
    g_auto(FeedFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;

    feed_read_facts(recording->feed, &facts);
    g_auto(Delivery) nothing = { 0 };
    g_assert_false(feed_decide(&nothing, &facts, "Wall", screens[0].sinks, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
    put(recording, 0, recording->size);
    feed_read_facts(recording->feed, &facts);
    for (guint i = 0; i < G_N_ELEMENTS(screens); i++) {
        g_auto(Delivery) delivery = { 0 };
        g_assert_true(feed_decide(&delivery, &facts, "Wall", screens[i].sinks, NULL));
        g_assert_cmpint(delivery.how, ==, screens[i].how);
        g_assert_cmpstr(delivery.profile != NULL ? delivery.profile->name : NULL, ==,
                        screens[i].profile);
        g_autoptr(GString) url = g_string_new(NULL);
        feed_append_url(url, "http://192.0.2.1:8380", &facts, delivery.profile);
        g_autofree char *id = feed_id_of_url(url->str);
        g_assert_cmpstr(id, ==, facts.id);
    }
    g_assert_null(feed_id_of_url("http://192.0.2.1/stream/upload-00/a.webm"));
}

static void
test_who_falls_silent_is_over(void)
{
    g_autoptr(Clock) clock = clock_new_fake();
    g_autoptr(Feeds) feeds = feeds_new(NULL, clock);
    g_autoptr(Feed) feed = feeds_create(feeds, "Garden", "video/webm", NULL);
    g_auto(FeedFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;
    uint8_t octet;

    feed_read_facts(feed, &facts);
    g_autoptr(Stream) stream = feed_open(feed, NULL);
    for (int i = 0; i < 3; i++) {
        g_assert_cmpuint(feed_begin(feed, 0, NULL), !=, 0); /* it is heard of */
        clock_advance(clock, (FEED_PATIENCE_S - 1) * 1000);
    }
    g_autoptr(Feed) found = feeds_find(feeds, facts.id, NULL);
    g_assert_true(found == feed);
    g_assert_cmpint(stream_read(stream, 0, &octet, 1, NULL), ==, STREAM_NOT_YET);
    clock_advance(clock, 3000);
    g_assert_null(feeds_find(feeds, facts.id, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_assert_cmpint(stream_read(stream, 0, &octet, 1, NULL), ==, 0);
}

#define ADD(name, test) g_test_add("/feeds/" name, Recording, NULL, setup, test, teardown)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("woken", test_who_waits_is_woken);
    ADD("slow", test_who_is_slow_leaves_out);
    ADD("late", test_who_comes_late_begins_with_a_picture);
    ADD("order", test_pieces_come_in_order);
    ADD("screen", test_how_it_reaches_a_screen);
    g_test_add_func("/feeds/silent", test_who_falls_silent_is_over);
    return g_test_run();
}
