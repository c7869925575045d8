/* test-session.c -- sessions and the subscriptions that stand on them */
#include "base/error.h"
#include "igrs/location.h"
#include "igrs/subscriptions.h"

#include <string.h>

#define PHONE "urn:IGRS:Device:DeviceId:0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define TABLET "urn:IGRS:Device:DeviceId:6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define PLACE "http://10.0.0.2:3880/IGRS"

typedef struct {
    Clock *clock;
    IgrsSessions *sessions;
    IgrsSubscriptions *subscriptions;
    Service lamp;
    unsigned sessions_ended;
    unsigned told;    /* notifications */
    char *names;      /* of the last one, with blanks between */
    uint32_t told_id; /* its subscription */
} Fixture;

static const ServiceVariable variables[] = {
    { .name = "Power", .type = SERVICE_BOOLEAN, .is_evented = true },
    { .name = "Brightness", .type = SERVICE_UI2, .is_evented = true },
    { .name = "A_ARG_Level", .type = SERVICE_UI2 },
    { NULL },
};
static const ServiceTable lamp_table = { .name = "Lamp", .version = 1, .variables = variables };

static void
on_ended(const IgrsSession *session, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->sessions_ended++;
    igrs_subscriptions_end_session(fixture->subscriptions, session);
}

static void
on_notify(const IgrsSubscriber *subscriber, const char *const *names, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->told++;
    fixture->told_id = subscriber->id;
    g_free(fixture->names);
    fixture->names = g_strjoinv(" ", (char **)names);
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->clock = clock_new_fake();
    fixture->sessions = igrs_sessions_new(on_ended, fixture);
    fixture->subscriptions = igrs_subscriptions_new(fixture->clock, on_notify, fixture);
    service_init(&fixture->lamp, &lamp_table);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    igrs_subscriptions_free(fixture->subscriptions);
    igrs_sessions_free(fixture->sessions);
    service_clear(&fixture->lamp);
    clock_free(fixture->clock);
    g_free(fixture->names);
}

static void
test_identity(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    const IgrsSession one = { PHONE, 17, 3 }, others[] = { { TABLET, 17, 3 }, { PHONE, 18, 3 },
                                                           { PHONE, 17, 4 } };

    g_assert_true(igrs_sessions_create(fixture->sessions, &one, NULL));
    g_assert_true(igrs_sessions_create(fixture->sessions, &one, NULL));
    g_assert_cmpuint(igrs_sessions_count(fixture->sessions), ==, 1);
    g_assert_true(igrs_sessions_has(fixture->sessions, &one));
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        g_assert_false(igrs_sessions_has(fixture->sessions, &others[i]));
        g_assert_false(igrs_sessions_destroy(fixture->sessions, &others[i]));
    }
    g_assert_true(igrs_sessions_destroy(fixture->sessions, &one));
    g_assert_false(igrs_sessions_has(fixture->sessions, &one));
    g_assert_cmpuint(fixture->sessions_ended, ==, 1);
}

static void
test_bounds(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    IgrsSession session = { PHONE, 1, 1 };

    while (igrs_sessions_create(fixture->sessions, &session, &error))
        session.client_id++;
    g_assert_error(error, DUO_ERROR, DUO_ERROR_BUSY);
    g_assert_cmpuint(igrs_sessions_count(fixture->sessions), ==, IGRS_SESSIONS_PER_DEVICE_MAX);
    session.device_id = TABLET; /* another is not kept out */
    g_assert_true(igrs_sessions_create(fixture->sessions, &session, NULL));
    igrs_sessions_end_device(fixture->sessions, PHONE);
    g_assert_cmpuint(igrs_sessions_count(fixture->sessions), ==, 1);
    g_assert_cmpuint(fixture->sessions_ended, ==, IGRS_SESSIONS_PER_DEVICE_MAX);
}

static uint32_t
subscribe(Fixture *fixture, const char *const *names)
{
    const IgrsSession session = { PHONE, 17, 3 };
    int64_t life_s = 300;
    uint32_t id;

    igrs_sessions_create(fixture->sessions, &session, NULL);
    id = igrs_subscriptions_add(fixture->subscriptions, &fixture->lamp, &session, PLACE, names,
                                &life_s, NULL);
    g_assert_cmpint(life_s, ==, 300);
    return id;
}

static void
change(Fixture *fixture, const char *name)
{
    igrs_subscriptions_changed(fixture->subscriptions, &fixture->lamp, name);
    clock_advance(fixture->clock, 0);
}

/* All values at once; then what changed, gathered while the subscriber is slow. */
static void
test_events(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    uint32_t id = subscribe(fixture, NULL);

    g_assert_cmpuint(fixture->told, ==, 0); /* the answer to subscribe goes first */
    clock_advance(fixture->clock, 0);
    g_assert_cmpstr(fixture->names, ==, "Power Brightness");
    g_assert_cmpuint(fixture->told_id, ==, id);
    for (unsigned i = 0; i < 100; i++)
        change(fixture, "Brightness");
    g_assert_cmpuint(fixture->told, ==, 1);
    igrs_subscriptions_delivered(fixture->subscriptions, id, true);
    clock_advance(fixture->clock, 0);
    g_assert_cmpuint(fixture->told, ==, 2);
    g_assert_cmpstr(fixture->names, ==, "Brightness");
    igrs_subscriptions_delivered(fixture->subscriptions, id, true);
    change(fixture, "A_ARG_Level");
    g_assert_cmpuint(fixture->told, ==, 2);
}

static void
test_names(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const power[] = { "Power", NULL }, *const nothing[] = { "A_ARG_Level",
                                                                               NULL };
    uint32_t id = subscribe(fixture, power);

    g_assert_cmpuint(id, !=, 0);
    clock_advance(fixture->clock, 0);
    g_assert_cmpstr(fixture->names, ==, "Power");
    igrs_subscriptions_delivered(fixture->subscriptions, id, true);
    change(fixture, "Brightness");
    g_assert_cmpuint(fixture->told, ==, 1);
    g_assert_cmpuint(subscribe(fixture, nothing), ==, 0);
}

static void
test_dead_subscriber(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    uint32_t id = subscribe(fixture, NULL);

    clock_advance(fixture->clock, 0);
    igrs_subscriptions_delivered(fixture->subscriptions, id, false);
    g_assert_cmpuint(fixture->told, ==, 1);
    clock_advance(fixture->clock, 1000);
    g_assert_cmpuint(fixture->told, ==, 2);
    g_assert_cmpstr(fixture->names, ==, "Power Brightness"); /* what was lost is told again */
    igrs_subscriptions_delivered(fixture->subscriptions, id, false);
    g_assert_cmpuint(igrs_subscriptions_count(fixture->subscriptions), ==, 0);
    igrs_subscriptions_delivered(fixture->subscriptions, id, true); /* too late, no harm */
}

static void
test_life(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    uint32_t id = subscribe(fixture, NULL);
    int64_t life_s = 1;

    clock_advance(fixture->clock, 299 * 1000);
    g_assert_false(igrs_subscriptions_renew(fixture->subscriptions, id, TABLET, NULL, &life_s));
    g_assert_true(igrs_subscriptions_renew(fixture->subscriptions, id, PHONE, NULL, &life_s));
    g_assert_cmpint(life_s, ==, IGRS_SUBSCRIPTION_LIFE_MIN_S);
    clock_advance(fixture->clock, 59 * 1000);
    g_assert_cmpuint(igrs_subscriptions_count(fixture->subscriptions), ==, 1);
    clock_advance(fixture->clock, 1000);
    g_assert_cmpuint(igrs_subscriptions_count(fixture->subscriptions), ==, 0);
    g_assert_false(igrs_subscriptions_renew(fixture->subscriptions, id, PHONE, NULL, &life_s));
}

static void
test_ends_with_session(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    uint32_t id = subscribe(fixture, NULL);

    g_assert_false(igrs_subscriptions_remove(fixture->subscriptions, id, TABLET));
    igrs_sessions_end_device(fixture->sessions, PHONE);
    g_assert_cmpuint(igrs_subscriptions_count(fixture->subscriptions), ==, 0);
    clock_advance(fixture->clock, 10000);
    g_assert_cmpuint(fixture->told, ==, 0);
}

static void
test_too_many_subscriptions(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    unsigned count = 0;

    while (subscribe(fixture, NULL) != 0)
        count++;
    g_assert_cmpuint(count, ==, IGRS_SUBSCRIPTIONS_PER_DEVICE_MAX);
}

static const struct {
    const char *location;
    const char *address;
    bool is_at;
} locations[] = {
    { "http://10.0.0.2:3880/IGRS", "10.0.0.2", true },
    { "http://10.0.0.2/", "10.0.0.2", true },
    { "https://10.0.0.2:1/x", "10.0.0.2", true },
    { "http://10.0.0.2:3880/IGRS", "::ffff:10.0.0.2", true },
    { "http://[2001:db8::2]:3880/IGRS", "2001:db8::2", true },
    { "http://[fe80::2%25eth0]:3880/IGRS", "fe80::2", true },
    { "http://10.0.0.3:3880/IGRS", "10.0.0.2", false },
    { "http://10.0.0.2@10.0.0.3/", "10.0.0.2", false },
    { "http://10.0.0.2@10.0.0.2/", "10.0.0.2", false },
    { "http://10.0.0.2.evil.example/", "10.0.0.2", false },
    { "http://evil.example/10.0.0.2", "10.0.0.2", false },
    { "ftp://10.0.0.2/", "10.0.0.2", false },
    { "file:///10.0.0.2", "10.0.0.2", false },
    { "//10.0.0.2/", "10.0.0.2", false },
    { "10.0.0.2", "10.0.0.2", false },
    { "", "10.0.0.2", false },
    { "http://", "10.0.0.2", false },
    { "http://10.0.0.2:99999/", "10.0.0.2", false },
};

static void
test_locations(Fixture *fixture G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < G_N_ELEMENTS(locations); i++) {
        g_autoptr(GInetAddress) address = g_inet_address_new_from_string(locations[i].address);
        g_test_message("%s at %s", locations[i].location, locations[i].address);
        g_assert_cmpint(igrs_location_is_at(locations[i].location, address), ==,
                        locations[i].is_at);
    }
    g_autofree char *path = g_strnfill(IGRS_LOCATION_MAX, 'x');
    g_autofree char *endless = g_strconcat("http://10.0.0.2/", path, NULL);
    g_assert_null(igrs_location_address(endless));
}

static const struct {
    const char *location, *said, *expected; /* NULL: refused */
} insides[] = {
    { "http://10.0.0.2:3880/IGRS", "https://10.0.0.2:3881/IGRS", "https://10.0.0.2:3881/IGRS" },
    { "http://10.0.0.2:3880/IGRS", "https://10.0.0.2:1/a%20b?c=%26", "https://10.0.0.2:1/a%20b?c=%26" },
    { "http://[2001:db8::2]:1/IGRS", "https://[2001:db8::2]:2/IGRS", "https://[2001:db8::2]:2/IGRS" },
    { "http://[fe80::2%253]:1/IGRS", "https://[fe80::2]:2/IGRS", "https://[fe80::2%253]:2/IGRS" },
    { "http://[fe80::2%253]:1/IGRS", "https://[fe80::2%254]:2/IGRS", "https://[fe80::2%253]:2/IGRS" },
    { "http://10.0.0.2:3880/IGRS", "http://10.0.0.2:3881/IGRS", NULL },
    { "http://10.0.0.2:3880/IGRS", "https://10.0.0.3:3881/IGRS", NULL },
    { "http://10.0.0.2:3880/IGRS", "https://evil.example/IGRS", NULL },
    { "http://10.0.0.2:3880/IGRS", "https://x@10.0.0.2:3881/IGRS", NULL },
    { "http://10.0.0.2:3880/IGRS", "nonsense", NULL },
    { "http://10.0.0.2:3880/IGRS", NULL, NULL },
};

static void
test_inside(Fixture *fixture G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < G_N_ELEMENTS(insides); i++) {
        g_autofree char *inside = igrs_location_inside(insides[i].location, insides[i].said);
        g_assert_cmpstr(inside, ==, insides[i].expected);
    }
}

static const struct {
    const char *location, *expected; /* as interface 3 reaches it */
} links[] = {
    { "http://10.0.0.2:3880/IGRS", "http://10.0.0.2:3880/IGRS" },
    { "http://[fd00::2]:3880/IGRS", "http://[fd00::2]:3880/IGRS" },
    { "http://[fe80::2]:3880/IGRS", "http://[fe80::2%253]:3880/IGRS" },
    { "http://[fe80::2%25eth7]:3880/IGRS", "http://[fe80::2%253]:3880/IGRS" },
    { "https://[fe80::2]/a?b=c", "https://[fe80::2%253]/a?b=c" },
};

static void
test_links(Fixture *fixture G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *location = igrs_location_on_link(links[i].location, 3);
        g_assert_cmpstr(location, ==, links[i].expected);
        g_autoptr(GInetAddress) address = igrs_location_address(location);
        g_assert_true(igrs_location_is_at(location, address)); /* it can be read again */
    }
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/session/identity", test_identity);
    ADD("/igrs/session/bounds", test_bounds);
    ADD("/igrs/subscriptions/events", test_events);
    ADD("/igrs/subscriptions/names", test_names);
    ADD("/igrs/subscriptions/dead-subscriber", test_dead_subscriber);
    ADD("/igrs/subscriptions/life", test_life);
    ADD("/igrs/subscriptions/ends-with-session", test_ends_with_session);
    ADD("/igrs/subscriptions/too-many", test_too_many_subscriptions);
    ADD("/igrs/location/is-at", test_locations);
    ADD("/igrs/location/inside", test_inside);
    ADD("/igrs/location/on-link", test_links);
    return g_test_run();
}
