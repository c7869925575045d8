/* test-discovery.c -- what a device says on the air and when, by a clock that the test turns
 *
 * Real datagrams on the loopback interface; another pair of ears writes down what it hears. */
#include "igrs/air.h"
#include "igrs/discovery.h"

#include <string.h>

#define LAMP_ID IGRS_URN_DEVICE_ID "6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define PHONE_ID IGRS_URN_DEVICE_ID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"

typedef struct {
    Clock *clock;
    NetInterfaces *interfaces;
    GPtrArray *types, *services;
    IgrsPresence presence;
    IgrsDiscovery *discovery;
    IgrsAir *ears;
    unsigned heard[IGRS_MESSAGE_N];   /* datagrams by type */
    GHashTable *numbers;              /* a set of SequenceIds */
    const char *speaker; /* whom the ears listen to */
    unsigned renewals;
    unsigned sightings, byebyes;      /* what the discovery told its owner */
    uint32_t sequence;
    bool is_forging; /* the test speaks in the lamp's name */
} Fixture;

static void
on_heard(const IgrsAirMessage *message, gpointer user_data)
{
    Fixture *fixture = user_data;
    const Isdp *isdp = message->isdp;

    if (!igrs_device_id_equal(isdp->message->source_id, fixture->speaker) || fixture->is_forging)
        return;
    if (g_inet_address_get_family(message->address) == G_SOCKET_FAMILY_IPV6)
        return; /* where lo carries it; journey c listens there */
    fixture->heard[isdp->message->type]++;
    g_hash_table_add(fixture->numbers, GUINT_TO_POINTER(isdp->message->sequence_id));
    if (isdp->message->type == IGRS_DEVICE_ONLINE_ADVERTISEMENT) {
        g_assert_cmpstr(isdp->location, ==, "http://127.0.0.1:4711/IGRS");
        g_assert_cmpstr(isdp->target, ==, IGRS_URN_DEVICE_TYPE "Lamp:1");
        g_autofree char *usn =
            g_strconcat(fixture->speaker, "::", IGRS_URN_DEVICE_TYPE "Lamp:1", NULL);
        g_assert_cmpstr(isdp->usn, ==, usn);
        g_assert_cmpstr(isdp->message->device_name, ==,
                        "走廊的灯"); /* percent-encoded on the way */
        g_assert_cmpuint(isdp->max_age_s, ==, 1800);
    }
}

static bool
on_sighting(const IgrsSighting *sighting, gpointer user_data)
{
    g_assert_cmpstr(sighting->address, ==, "127.0.0.1");
    ((Fixture *)user_data)->sightings++;
    return true;
}

static void
on_gone(const char *device_id G_GNUC_UNUSED, const char *address G_GNUC_UNUSED, gpointer user_data)
{
    ((Fixture *)user_data)->byebyes++;
}

static uint32_t
next_sequence(gpointer user_data)
{
    return ++((Fixture *)user_data)->sequence;
}

static void
on_group(const IgrsMessage *message G_GNUC_UNUSED, const char *address G_GNUC_UNUSED,
         uint32_t life_s G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
}

static GPtrArray *
groups_of_target(const char *target G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
    return g_ptr_array_new();
}

static void
on_renewed(gpointer user_data)
{
    ((Fixture *)user_data)->renewals++;
}

static const IgrsDiscoveryHooks hooks = { on_sighting, on_gone,          next_sequence,
                                          on_group,    groups_of_target, on_renewed };

/* What was sent on the loopback interface is there when sending returns. */
static void
listen_now(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static void
turn(Fixture *fixture, int64_t by_ms)
{
    clock_advance(fixture->clock, by_ms);
    listen_now();
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const loopback[] = { "lo", NULL };
    uint16_t port = (uint16_t)g_random_int_range(20000, 60000);
    IgrsServiceEntry *service = igrs_service_entry_new();
    g_autoptr(GError) error = NULL;

    fixture->clock = clock_new_fake();
    fixture->speaker = LAMP_ID;
    fixture->interfaces = net_interfaces_new(loopback, &error);
    g_assert_no_error(error);
    fixture->numbers = g_hash_table_new(NULL, NULL);
    fixture->types = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(fixture->types, g_strdup(IGRS_URN_DEVICE_TYPE "Lamp:1"));
    fixture->services = g_ptr_array_new_with_free_func((GDestroyNotify)igrs_service_entry_free);
    service->id = 7;
    service->type = g_strdup(IGRS_URN_SERVICE_TYPE "Lamp:1");
    service->name = g_strdup("Light");
    g_ptr_array_add(fixture->services, service);
    fixture->presence = (IgrsPresence){ .device_id = LAMP_ID,
                                        .name = "走廊的灯",
                                        .server = "test/1",
                                        .security_ids = IGRS_PIPE_SECURITY_NULL,
                                        .types = fixture->types,
                                        .services = fixture->services,
                                        .http_port = 4711,
                                        .port = port };
    fixture->ears = igrs_air_new(fixture->interfaces, port, on_heard, fixture, &error);
    g_assert_no_error(error);
    fixture->discovery = igrs_discovery_new(fixture->clock, fixture->interfaces, &fixture->presence,
                                            &hooks, fixture, &error);
    g_assert_no_error(error);
    listen_now();
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    igrs_discovery_free(fixture->discovery);
    igrs_air_free(fixture->ears);
    g_ptr_array_unref(fixture->types);
    g_ptr_array_unref(fixture->services);
    g_hash_table_unref(fixture->numbers);
    net_interfaces_free(fixture->interfaces);
    clock_free(fixture->clock);
}

static void
assert_heard(Fixture *fixture, unsigned devices, unsigned services)
{
    g_assert_cmpuint(fixture->heard[IGRS_DEVICE_ONLINE_ADVERTISEMENT], ==, devices);
    g_assert_cmpuint(fixture->heard[IGRS_SERVICE_ONLINE_ADVERTISEMENT], ==, services);
}

/* Three copies 100 ms apart with the same number, and once more in the first half of the life. */
static void
test_life(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    assert_heard(fixture, 1, 1);
    turn(fixture, 99);
    assert_heard(fixture, 1, 1);
    turn(fixture, 1);
    assert_heard(fixture, 2, 2);
    turn(fixture, 100);
    assert_heard(fixture, 3, 3);
    turn(fixture, 10000);
    assert_heard(fixture, 3, 3);
    /* One number each: device, service, and the searches so far for devices and for groups. */
    g_assert_cmpuint(fixture->heard[IGRS_SEARCH_DEVICE_REQUEST], ==, 6);
    g_assert_cmpuint(g_hash_table_size(fixture->numbers), ==, 14);
    turn(fixture, 1800 * 1000 / 2 - 10000);
    g_assert_cmpuint(fixture->heard[IGRS_DEVICE_ONLINE_ADVERTISEMENT], >=, 4);
    for (unsigned i = 0; i < 100; i++)
        turn(fixture, 900 * 1000);
    g_assert_cmpuint(fixture->heard[IGRS_DEVICE_ONLINE_ADVERTISEMENT], >=, 3 * 100);
    g_assert_cmpuint(fixture->heard[IGRS_DEVICE_ONLINE_ADVERTISEMENT], <=, 3 * 310);
    g_assert_cmpuint(fixture->heard[IGRS_SEARCH_DEVICE_REQUEST], ==, 7); /* and no more */
}

static void
test_byebye(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    igrs_discovery_leave(fixture->discovery);
    listen_now();
    g_assert_cmpuint(fixture->heard[IGRS_DEVICE_OFFLINE_ADVERTISEMENT], ==, 1); /* at once */
    turn(fixture, IGRS_BYEBYE_MS);
    g_assert_cmpuint(fixture->heard[IGRS_DEVICE_OFFLINE_ADVERTISEMENT], ==, 3);
    g_assert_cmpuint(fixture->heard[IGRS_SERVICE_OFFLINE_ADVERTISEMENT], ==, 3);
    turn(fixture, 3600 * 1000);
    assert_heard(fixture, 1, 1); /* the first copies of the beginning, and nothing since */
}

/* A burst of changes is one announcement, after which we ask who is there now. */
static void
test_interfaces_change(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    turn(fixture, 10000);
    assert_heard(fixture, 3, 3);
    for (unsigned i = 0; i < 5; i++) {
        observers_notify(net_interfaces_observers(fixture->interfaces), fixture->interfaces);
        turn(fixture, 50);
    }
    turn(fixture, 10000);
    assert_heard(fixture, 6, 6);
    g_assert_cmpuint(fixture->heard[IGRS_SEARCH_DEVICE_REQUEST], ==, 12);
}

static void
say(Fixture *fixture, IgrsMessageType type, const char *device_id, uint32_t sequence_id,
    const char *location)
{
    IgrsMessage *message = igrs_message_new(type);
    const NetInterface *lo = g_ptr_array_index(net_interfaces_list(fixture->interfaces), 0);

    message->source_id = g_strdup(device_id);
    message->sequence_id = sequence_id;
    message->device_type = g_strdup(IGRS_URN_DEVICE_TYPE "Phone:1");
    g_autoptr(Isdp) isdp = isdp_new(message);
    g_free(isdp->location);
    isdp->location = g_strdup(location);
    g_autoptr(GBytes) bytes = isdp_encode(isdp, igrs_air_host(fixture->ears, IGRS_AIR_MAIN));
    igrs_air_say(fixture->ears, IGRS_AIR_MAIN, bytes, lo->index);
    listen_now();
}

/* Copies count once; our own words and other people's places not at all. */
static void
test_sightings(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    for (unsigned i = 0; i < 3; i++)
        say(fixture, IGRS_DEVICE_ONLINE_ADVERTISEMENT, PHONE_ID, 1, "http://127.0.0.1:9/IGRS");
    g_assert_cmpuint(fixture->sightings, ==, 1);
    say(fixture, IGRS_DEVICE_ONLINE_ADVERTISEMENT, PHONE_ID, 2, "http://127.0.0.1:9/IGRS");
    g_assert_cmpuint(fixture->sightings, ==, 2);
    say(fixture, IGRS_DEVICE_ONLINE_ADVERTISEMENT, PHONE_ID, 3, "http://10.66.66.66:9/IGRS");
    say(fixture, IGRS_DEVICE_ONLINE_ADVERTISEMENT, PHONE_ID, 4, NULL);
    fixture->is_forging = true;
    say(fixture, IGRS_DEVICE_ONLINE_ADVERTISEMENT, LAMP_ID, 5, "http://127.0.0.1:9/IGRS");
    g_assert_cmpuint(fixture->sightings, ==, 2);
    /* A number comes back in another life of the sender. */
    turn(fixture, 11000);
    say(fixture, IGRS_DEVICE_ONLINE_ADVERTISEMENT, PHONE_ID, 1, "http://127.0.0.1:9/IGRS");
    g_assert_cmpuint(fixture->sightings, ==, 3);
    for (unsigned i = 0; i < 3; i++)
        say(fixture, IGRS_DEVICE_OFFLINE_ADVERTISEMENT, PHONE_ID, 6, NULL);
    g_assert_cmpuint(fixture->byebyes, ==, 1);
}

/* The machine sleeps for a night: everything is said and asked anew, once. */
static void
test_sleep(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    turn(fixture, 20000);
    assert_heard(fixture, 3, 3);
    clock_suspend(fixture->clock, 9000); /* too short to matter */
    turn(fixture, 10000);
    assert_heard(fixture, 3, 3);
    g_assert_cmpuint(fixture->renewals, ==, 0);
    clock_suspend(fixture->clock, 8 * 3600 * 1000);
    turn(fixture, 10000);
    assert_heard(fixture, 6, 6);
    g_assert_cmpuint(fixture->heard[IGRS_SEARCH_DEVICE_REQUEST], ==, 12);
    g_assert_cmpuint(fixture->renewals, ==, 1);
}

/* By option the same is said in other places, under the same numbers. */
static const struct {
    bool repeats_iana, repeats_ssdp;
    unsigned times;
} repeats[] = { { false, false, 1 }, { true, false, 2 }, { false, true, 2 }, { true, true, 3 } };

static void
test_repeats(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *uuid = g_uuid_string_random(); /* port 1900 is shared with other copies */
    g_autofree char *id = igrs_device_id_new(uuid);

    fixture->presence.device_id = id;
    fixture->speaker = id;
    for (guint i = 0; i < G_N_ELEMENTS(repeats); i++) {
        g_autoptr(GError) error = NULL;
        igrs_discovery_free(fixture->discovery);
        memset(fixture->heard, 0, sizeof fixture->heard);
        g_hash_table_remove_all(fixture->numbers);
        fixture->presence.repeats_iana = repeats[i].repeats_iana;
        fixture->presence.repeats_ssdp = repeats[i].repeats_ssdp;
        fixture->discovery = igrs_discovery_new(fixture->clock, fixture->interfaces,
                                                &fixture->presence, &hooks, fixture, &error);
        g_assert_no_error(error);
        turn(fixture, 10000);
        assert_heard(fixture, 3 * repeats[i].times, 3 * repeats[i].times);
        g_assert_cmpuint(g_hash_table_size(fixture->numbers), ==, 14);
    }
    igrs_discovery_free(fixture->discovery);
    fixture->discovery = NULL;
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/discovery/life", test_life);
    ADD("/igrs/discovery/byebye", test_byebye);
    ADD("/igrs/discovery/interfaces-change", test_interfaces_change);
    ADD("/igrs/discovery/sightings", test_sightings);
    ADD("/igrs/discovery/sleep", test_sleep);
    ADD("/igrs/discovery/repeats", test_repeats);
    return g_test_run();
}
