/* test-events.c -- news of devices and services, told by a clock that the test turns */
#include "igrs/events.h"

#include "igrs/subscriptions.h"
#include "wire/igrs-names.h"

#include <string.h>

#define ID(n) IGRS_URN_DEVICE_ID "00000000-0000-0000-0000-00000000000" n
#define READER ID("a")
#define OTHER ID("b")
#define LAMP IGRS_URN_DEVICE_TYPE "Lamp:1"
#define TV IGRS_URN_DEVICE_TYPE "TV:1"
#define PLACE "http://10.0.0.2:3880/IGRS"

typedef struct {
    Clock *clock;
    IgrsEvents *events;
    GString *told; /* "+b " for each */
    uint32_t last; /* reader that was told */
    bool answers;  /* says at once that it came */
} Fixture;

static void
tell(const IgrsNewsReader *reader, const IgrsNews *news, gpointer user_data)
{
    Fixture *fixture = user_data;

    g_assert_cmpstr(reader->location, ==, PLACE);
    g_string_append_printf(fixture->told, "%s%c ", news->is_online ? "+" : "-",
                           news->device_id[strlen(news->device_id) - 1]);
    fixture->last = reader->id;
    if (fixture->answers)
        igrs_events_delivered(fixture->events, reader->id, true);
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->clock = clock_new_fake();
    fixture->events = igrs_events_new(fixture->clock, tell, fixture);
    fixture->told = g_string_new(NULL);
    fixture->answers = true;
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    igrs_events_free(fixture->events);
    clock_free(fixture->clock);
    g_string_free(fixture->told, TRUE);
}

static uint32_t
subscribe(Fixture *fixture, IgrsNewsKind kind, const char *type)
{
    int64_t life_s = 300;

    return igrs_events_add(fixture->events, kind, READER, PLACE, type, &life_s);
}

static void
happen(Fixture *fixture, const char *device, bool is_online)
{
    const IgrsNews news = { device, 0, LAMP, is_online };

    igrs_events_happened(fixture->events, IGRS_NEWS_OF_DEVICES, &news);
}

static const struct {
    const char *wanted;
    IgrsNewsKind kind;
    const char *device;
    const char *told;
} filters[] = {
    { NULL, IGRS_NEWS_OF_DEVICES, OTHER, "+b " },
    { LAMP, IGRS_NEWS_OF_DEVICES, OTHER, "+b " },
    { TV, IGRS_NEWS_OF_DEVICES, OTHER, "" },
    { NULL, IGRS_NEWS_OF_SERVICES, OTHER, "" },
    { NULL, IGRS_NEWS_OF_DEVICES, READER, "" }, /* nobody is told of itself */
};

static void
test_filters(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < G_N_ELEMENTS(filters); i++) {
        uint32_t id = subscribe(fixture, filters[i].kind, filters[i].wanted);
        g_string_truncate(fixture->told, 0);
        happen(fixture, filters[i].device, true);
        clock_advance(fixture->clock, 0);
        g_assert_cmpstr(fixture->told->str, ==, filters[i].told);
        g_assert_true(igrs_events_remove(fixture->events, id, READER));
    }
    g_assert_cmpuint(igrs_events_count(fixture->events), ==, 0);
}

/* One at a time, in order; of what waits, the latest state counts. */
static void
test_queue(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    uint32_t id = subscribe(fixture, IGRS_NEWS_OF_DEVICES, NULL);

    fixture->answers = false;
    happen(fixture, OTHER, true);
    clock_advance(fixture->clock, 0);
    happen(fixture, OTHER, false);
    happen(fixture, ID("c"), true);
    happen(fixture, OTHER, true);
    clock_advance(fixture->clock, 10000);
    g_assert_cmpstr(fixture->told->str, ==, "+b ");
    fixture->answers = true;
    igrs_events_delivered(fixture->events, id, true);
    clock_advance(fixture->clock, 0);
    g_assert_cmpstr(fixture->told->str, ==, "+b +b +c ");
}

static void
test_dead_reader(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    uint32_t id = subscribe(fixture, IGRS_NEWS_OF_DEVICES, NULL);

    fixture->answers = false;
    happen(fixture, OTHER, true);
    clock_advance(fixture->clock, 0);
    igrs_events_delivered(fixture->events, id, false);
    clock_advance(fixture->clock, 1000);
    g_assert_cmpstr(fixture->told->str, ==, "+b +b "); /* once more */
    igrs_events_delivered(fixture->events, id, false);
    g_assert_cmpuint(igrs_events_count(fixture->events), ==, 0);
    igrs_events_delivered(fixture->events, id, false); /* late */
}

/* A reader that never answers is dropped before it costs too much. */
static void
test_slow_reader(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    subscribe(fixture, IGRS_NEWS_OF_DEVICES, NULL);
    fixture->answers = false;
    for (guint i = 0; i <= IGRS_NEWS_PENDING_MAX; i++) {
        g_autofree char *device = g_strdup_printf(ID("c") "%u", i);
        g_assert_cmpuint(igrs_events_count(fixture->events), ==, 1);
        happen(fixture, device, true);
    }
    g_assert_cmpuint(igrs_events_count(fixture->events), ==, 0);
}

static const struct {
    int64_t wanted_s, granted_s;
} lives[] = {
    { 0, IGRS_SUBSCRIPTION_LIFE_MIN_S },
    { -5, IGRS_SUBSCRIPTION_LIFE_MIN_S },
    { 300, 300 },
    { G_MAXINT32, IGRS_SUBSCRIPTION_LIFE_MAX_S },
};

static void
test_life(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < G_N_ELEMENTS(lives); i++) {
        int64_t life_s = lives[i].wanted_s;
        uint32_t id = igrs_events_add(fixture->events, IGRS_NEWS_OF_DEVICES, READER, PLACE, NULL,
                                      &life_s);
        g_assert_cmpint(life_s, ==, lives[i].granted_s);
        clock_advance(fixture->clock, life_s * 1000 - 1);
        life_s = lives[i].wanted_s;
        g_assert_true(igrs_events_renew(fixture->events, id, IGRS_NEWS_OF_DEVICES, READER, NULL,
                                        &life_s));
        clock_advance(fixture->clock, life_s * 1000 - 1);
        g_assert_cmpuint(igrs_events_count(fixture->events), ==, 1);
        clock_advance(fixture->clock, 1);
        g_assert_cmpuint(igrs_events_count(fixture->events), ==, 0);
        g_assert_false(igrs_events_renew(fixture->events, id, IGRS_NEWS_OF_DEVICES, READER, NULL,
                                         &life_s));
    }
}

static void
test_foreign(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    uint32_t id = subscribe(fixture, IGRS_NEWS_OF_DEVICES, NULL);
    int64_t life_s = 300;

    g_assert_false(igrs_events_renew(fixture->events, id, IGRS_NEWS_OF_DEVICES, OTHER, NULL,
                                     &life_s));
    g_assert_false(igrs_events_renew(fixture->events, id, IGRS_NEWS_OF_SERVICES, READER, NULL,
                                     &life_s));
    g_assert_false(igrs_events_remove(fixture->events, id, OTHER));
    igrs_events_end_device(fixture->events, OTHER);
    g_assert_cmpuint(igrs_events_count(fixture->events), ==, 1);
    igrs_events_end_device(fixture->events, READER);
    g_assert_cmpuint(igrs_events_count(fixture->events), ==, 0);
}

static void
test_bounds(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < 2 * IGRS_SUBSCRIPTIONS_PER_DEVICE_MAX; i++)
        g_assert_cmpint(subscribe(fixture, IGRS_NEWS_OF_DEVICES, NULL) != 0, ==,
                        i < IGRS_SUBSCRIPTIONS_PER_DEVICE_MAX);
    for (guint i = 0; i < IGRS_SUBSCRIPTIONS_MAX; i++) {
        g_autofree char *device = g_strdup_printf(ID("c") "%u", i);
        int64_t life_s = 300;
        igrs_events_add(fixture->events, IGRS_NEWS_OF_DEVICES, device, PLACE, NULL, &life_s);
    }
    g_assert_cmpuint(igrs_events_count(fixture->events), ==, IGRS_SUBSCRIPTIONS_MAX);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/events/filters", test_filters);
    ADD("/igrs/events/queue", test_queue);
    ADD("/igrs/events/dead-reader", test_dead_reader);
    ADD("/igrs/events/slow-reader", test_slow_reader);
    ADD("/igrs/events/life", test_life);
    ADD("/igrs/events/foreign", test_foreign);
    ADD("/igrs/events/bounds", test_bounds);
    return g_test_run();
}
