/* test-devices.c -- known devices come, change, go, and never grow out of bounds */
#include "igrs/devices.h"

#include <malloc.h>
#include <string.h>

#define UUID "urn:IGRS:Device:DeviceId:0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define PLACE "http://10.0.0.2:3880/IGRS"

typedef struct {
    Clock *clock;
    IgrsDevices *devices;
    unsigned fetches;
    GString *events; /* one letter each: o(nline), c(hanged), f (offline) */
    const char *held; /* has a pipe */
    char *fetched;   /* the location of the last fetch */
} Fixture;

static void
describe(const char *id G_GNUC_UNUSED, const char *location, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->fetches++;
    g_free(fixture->fetched);
    fixture->fetched = g_strdup(location);
}

static bool
is_held(const char *id, gpointer user_data)
{
    return g_strcmp0(id, ((Fixture *)user_data)->held) == 0;
}

static void
on_event(gconstpointer data, gpointer user_data)
{
    const IgrsDeviceEvent *event = data;

    g_assert_nonnull(event->device->name);
    g_string_append_c(((Fixture *)user_data)->events, "ocf"[event->change]);
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->clock = clock_new_fake();
    fixture->devices = igrs_devices_new(fixture->clock, describe, is_held, fixture);
    fixture->events = g_string_new(NULL);
    observers_add(igrs_devices_observers(fixture->devices), on_event, fixture);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    igrs_devices_free(fixture->devices);
    clock_free(fixture->clock);
    g_string_free(fixture->events, TRUE);
    g_free(fixture->fetched);
}

static bool
hear_at(Fixture *fixture, const char *id, const char *location, const char *address)
{
    IgrsSighting sighting = { .id = id, .location = location, .address = address, .life_s = 1800,
                              .is_news = true };

    return igrs_devices_heard(fixture->devices, &sighting);
}

static bool
hear(Fixture *fixture, const char *id, const char *location, bool is_news)
{
    IgrsSighting sighting = { .id = id, .location = location, .address = "10.0.0.2", .life_s = 1800,
                              .is_news = is_news };

    return igrs_devices_heard(fixture->devices, &sighting);
}

static void
answer(Fixture *fixture, const char *name)
{
    Device *device = device_new(UUID);

    device->name = g_strdup(name);
    device->location = g_strdup(fixture->fetched);
    igrs_devices_described(fixture->devices, UUID, device);
}

static void
come_online(Fixture *fixture)
{
    hear(fixture, UUID, PLACE, true);
    clock_advance(fixture->clock, 0);
    answer(fixture, "Lamp");
    g_assert_cmpstr(fixture->events->str, ==, "o");
}

static void
test_online_when_described(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_assert_true(hear(fixture, UUID, PLACE, true));
    clock_advance(fixture->clock, 0);
    g_assert_cmpuint(fixture->fetches, ==, 1);
    g_assert_null(igrs_devices_find(fixture->devices, UUID));
    g_assert_cmpstr(igrs_devices_location(fixture->devices, UUID), ==, PLACE);
    answer(fixture, "Lamp");
    g_assert_cmpstr(fixture->events->str, ==, "o");
    /* Ids are one in any case. */
    g_autofree char *shouted = g_strdup(UUID);
    for (char *c = strrchr(shouted, ':'); *c != '\0'; c++)
        *c = g_ascii_toupper(*c);
    g_assert_cmpstr(igrs_devices_find(fixture->devices, shouted)->name, ==, "Lamp");
}

/* An advertisement may be of a second life: it is described again, and a difference is told. */
static void
test_news(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_online(fixture);
    for (unsigned i = 0; i < 50; i++)
        hear(fixture, UUID, PLACE, true);
    clock_advance(fixture->clock, 10000);
    g_assert_cmpuint(fixture->fetches, ==, 2);
    answer(fixture, "Lamp");
    g_assert_cmpstr(fixture->events->str, ==, "o");
    hear(fixture, UUID, PLACE, true);
    clock_advance(fixture->clock, 10000);
    answer(fixture, "Bright lamp");
    g_assert_cmpstr(fixture->events->str, ==, "oc");
    /* An answer to a search is no news. */
    hear(fixture, UUID, PLACE, false);
    clock_advance(fixture->clock, 10000);
    g_assert_cmpuint(fixture->fetches, ==, 3);
}

/* The same address at another port: it was started again. */
static void
test_another_port(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_online(fixture);
    hear(fixture, UUID, "http://10.0.0.2:41000/IGRS", true);
    clock_advance(fixture->clock, 10000);
    g_assert_cmpstr(fixture->fetched, ==, "http://10.0.0.2:41000/IGRS");
    answer(fixture, "Lamp");
    g_assert_cmpstr(fixture->events->str, ==, "oc");
}

/* A second network of the device, its new address, or somebody who says to be it: the place that
 * answers holds, and the other one is asked when it does not. */
static void
test_another_address(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_online(fixture);
    hear_at(fixture, UUID, "http://192.168.1.2:3880/IGRS", "192.168.1.2");
    clock_advance(fixture->clock, 10000);
    g_assert_cmpstr(fixture->fetched, ==, PLACE);
    answer(fixture, "Lamp");
    g_assert_cmpstr(igrs_devices_location(fixture->devices, UUID), ==, PLACE);
    g_assert_cmpstr(fixture->events->str, ==, "o");

    hear_at(fixture, UUID, "http://192.168.1.2:3880/IGRS", "192.168.1.2");
    clock_advance(fixture->clock, 10000);
    igrs_devices_failed(fixture->devices, UUID);
    clock_advance(fixture->clock, 0);
    g_assert_cmpstr(fixture->fetched, ==, "http://192.168.1.2:3880/IGRS");
    answer(fixture, "Lamp");
    g_assert_cmpstr(fixture->events->str, ==, "oc");
}

static void
test_life(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_online(fixture);
    clock_advance(fixture->clock, 1799 * 1000);
    hear(fixture, UUID, PLACE, false);
    clock_advance(fixture->clock, 1799 * 1000);
    g_assert_cmpstr(fixture->events->str, ==, "o");
    clock_advance(fixture->clock, 1000);
    g_assert_cmpstr(fixture->events->str, ==, "of");
    g_assert_cmpuint(igrs_devices_count(fixture->devices), ==, 0);
}

static void
test_byebye(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_online(fixture);
    igrs_devices_gone(fixture->devices, UUID, "10.0.0.66"); /* somebody else says so */
    g_assert_cmpstr(fixture->events->str, ==, "o");
    igrs_devices_gone(fixture->devices, UUID, "10.0.0.2");
    igrs_devices_gone(fixture->devices, UUID, "10.0.0.2");
    g_assert_cmpstr(fixture->events->str, ==, "of");
}

static void
test_retries(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    hear(fixture, UUID, PLACE, true);
    for (unsigned i = 0; i < 20; i++) {
        clock_advance(fixture->clock, 10000);
        igrs_devices_failed(fixture->devices, UUID);
    }
    g_assert_cmpuint(fixture->fetches, ==, 5);
    hear(fixture, UUID, PLACE, true);
    clock_advance(fixture->clock, 10000);
    answer(fixture, "Lamp");
    g_assert_cmpstr(fixture->events->str, ==, "o");
}

/* An answer that comes for a place it left is not believed. */
static void
test_late_description(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    Device *device = device_new(UUID);

    hear(fixture, UUID, PLACE, true);
    clock_advance(fixture->clock, 0);
    hear(fixture, UUID, "http://10.0.0.2:41000/IGRS", true);
    device->name = g_strdup("Old lamp");
    device->location = g_strdup(PLACE);
    igrs_devices_described(fixture->devices, UUID, device);
    g_assert_cmpstr(fixture->events->str, ==, "");
    clock_advance(fixture->clock, 10000);
    answer(fixture, "Lamp");
    g_assert_cmpstr(fixture->events->str, ==, "o");
}

static void
test_flood(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    unsigned taken = 0;

    come_online(fixture);
    for (unsigned i = 0; i < 20000; i++) {
        g_autofree char *id = g_strdup_printf(
            "urn:IGRS:Device:DeviceId:00000000-0000-0000-0000-%012x", i);
        g_autofree char *address = g_strdup_printf("10.0.%u.%u", i / 64 % 256, i % 64 + 1);
        IgrsSighting sighting = { .id = id, .location = PLACE, .address = address,
                                  .life_s = UINT32_MAX, .is_news = true };
        taken += igrs_devices_heard(fixture->devices, &sighting);
        g_assert_cmpuint(igrs_devices_count(fixture->devices), <=, IGRS_DEVICES_MAX);
    }
    g_assert_cmpuint(taken, <, 2 * IGRS_DEVICES_MAX);
    g_assert_nonnull(igrs_devices_find(fixture->devices, UUID));
    /* A life promised for ever ends in a day. */
    clock_advance(fixture->clock, (int64_t)IGRS_LIFE_MAX_S * 1000);
    g_assert_cmpuint(igrs_devices_count(fixture->devices), ==, 0);
}

/* Octets that are allocated now, by the sanitizer's count where it keeps one. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t
allocated(void)
{
    return __sanitizer_get_current_allocated_bytes != NULL
               ? __sanitizer_get_current_allocated_bytes()
               : mallinfo2().uordblks;
}

/* The largest description that is taken. */
static Device *
fat_device(const char *id, const char *location, size_t size)
{
    Device *device = device_new(id);

    device->type = g_strdup("urn:x");
    device->location = g_strdup(location);
    device->name = g_strnfill(size - strlen("urn:x") - strlen(location), 'x');
    return device;
}

/* 100,000 forged devices, each at its own address and eager to describe itself, cost at most 16 MB
 * and do not push out one that has a pipe, whether it is described or not. */
static void
test_forged(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    size_t before = allocated();

    fixture->held = UUID;
    hear(fixture, UUID, PLACE, true);
    clock_advance(fixture->clock, 0);
    igrs_devices_failed(fixture->devices, UUID); /* as one that never answers */
    for (unsigned i = 0; i < 100000; i++) {
        g_autofree char *id = g_strdup_printf(
            "urn:IGRS:Device:DeviceId:00000000-0000-0000-0000-%012x", i);
        g_autofree char *address = g_strdup_printf("10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
        g_autofree char *location = g_strdup_printf("http://%s:80/%0400u", address, i);
        IgrsSighting sighting = { .id = id, .location = location, .address = address,
                                  .life_s = UINT32_MAX, .is_news = true };
        if (igrs_devices_heard(fixture->devices, &sighting)) {
            clock_advance(fixture->clock, 0);
            igrs_devices_described(fixture->devices, id,
                                   fat_device(id, location, IGRS_DEVICE_SIZE_MAX));
        }
        if (i % 1000 == 0)
            g_assert_cmpuint(allocated() - before, <=, 16 * 1024 * 1024);
    }
    g_test_message("100000 forged devices: %zu octets", allocated() - before);
    g_assert_cmpuint(allocated() - before, <=, 16 * 1024 * 1024);
    g_assert_cmpuint(igrs_devices_count(fixture->devices), ==, IGRS_DEVICES_MAX);
    g_assert_nonnull(igrs_devices_location(fixture->devices, UUID));
}

/* One that says more of itself than fits is not taken. */
static void
test_too_fat(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    hear(fixture, UUID, PLACE, true);
    clock_advance(fixture->clock, 0);
    igrs_devices_described(fixture->devices, UUID,
                           fat_device(UUID, PLACE, IGRS_DEVICE_SIZE_MAX + 1));
    g_assert_null(igrs_devices_find(fixture->devices, UUID));
    clock_advance(fixture->clock, 1000);
    igrs_devices_described(fixture->devices, UUID, fat_device(UUID, PLACE, IGRS_DEVICE_SIZE_MAX));
    g_assert_nonnull(igrs_devices_find(fixture->devices, UUID));
}

/* We slept for longer than the device's life: it has time to be heard of, then it is gone. */
static void
test_sleep(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_online(fixture);
    clock_suspend(fixture->clock, 8 * 3600 * 1000);
    igrs_devices_awoke(fixture->devices);
    clock_advance(fixture->clock, IGRS_AWAKE_MS - 1);
    hear(fixture, UUID, PLACE, false);
    clock_advance(fixture->clock, IGRS_AWAKE_MS);
    g_assert_cmpstr(fixture->events->str, ==, "o");
    clock_suspend(fixture->clock, 8 * 3600 * 1000);
    igrs_devices_awoke(fixture->devices);
    clock_advance(fixture->clock, IGRS_AWAKE_MS);
    g_assert_cmpstr(fixture->events->str, ==, "of");
}

static void
test_flood_of_one_address(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    for (unsigned i = 0; i < 2 * IGRS_DEVICES_PER_ADDRESS_MAX; i++) {
        g_autofree char *id = g_strdup_printf(
            "urn:IGRS:Device:DeviceId:00000000-0000-0000-0000-%012x", i);
        hear(fixture, id, PLACE, true);
    }
    g_assert_cmpuint(igrs_devices_count(fixture->devices), ==, IGRS_DEVICES_PER_ADDRESS_MAX);
    /* Whoever cannot be described gives way to a device that may be real. */
    g_assert_false(hear(fixture, UUID, PLACE, true));
    clock_advance(fixture->clock, 0);
    igrs_devices_failed(fixture->devices,
                        "urn:IGRS:Device:DeviceId:00000000-0000-0000-0000-000000000001");
    g_assert_true(hear(fixture, UUID, PLACE, true));
    g_assert_cmpuint(igrs_devices_count(fixture->devices), ==, IGRS_DEVICES_PER_ADDRESS_MAX);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/devices/online-when-described", test_online_when_described);
    ADD("/igrs/devices/news", test_news);
    ADD("/igrs/devices/another-port", test_another_port);
    ADD("/igrs/devices/another-address", test_another_address);
    ADD("/igrs/devices/life", test_life);
    ADD("/igrs/devices/byebye", test_byebye);
    ADD("/igrs/devices/retries", test_retries);
    ADD("/igrs/devices/late-description", test_late_description);
    ADD("/igrs/devices/flood", test_flood);
    ADD("/igrs/devices/forged", test_forged);
    ADD("/igrs/devices/too-fat", test_too_fat);
    ADD("/igrs/devices/sleep", test_sleep);
    ADD("/igrs/devices/flood-of-one-address", test_flood_of_one_address);
    return g_test_run();
}
