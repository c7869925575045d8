/* devices.c -- see devices.h
 *
 * A record goes heard -> being described -> online. A fetch that fails is tried again after 1, 2, 4
 * and 8 seconds, then with the next advertisement; news of a device that is online fetch it again,
 * but no sooner than two seconds after the last fetch began.
 *
 * The place that answers holds. What the same address says of itself is believed at once; another
 * place (a second network, a new address, a forger) is kept aside until the one we have fails. */
#include "igrs/devices.h"

#include <string.h>

#define REFETCH_MS 2000
#define TRIES_MAX 4

typedef struct {
    char *location; /* NULL: none */
    char *address;
} Place;

typedef struct {
    IgrsDevices *devices; /* borrowed: the owner */
    char *id;
    Place place;
    Place other; /* said since, from another address */
    Device *device; /* NULL until described */
    bool is_fetching;
    bool is_stale;      /* heard news while being fetched: fetch once more */
    int64_t fetched_ms; /* when the last fetch began */
    unsigned failures;  /* in a row */
    guint fetch_timer;
    guint life_timer;
    int64_t life_due_ms;
} Record;

struct IgrsDevices {
    Clock *clock; /* borrowed */
    IgrsDescribe describe;
    IgrsHeld held;
    gpointer user_data;
    GHashTable *records; /* id -> Record, owned */
    Observers *observers;
};

static void
place_clear(Place *place)
{
    g_clear_pointer(&place->location, g_free);
    g_clear_pointer(&place->address, g_free);
}

static void
place_set(Place *place, const IgrsSighting *sighting)
{
    place_clear(place);
    place->location = g_strdup(sighting->location);
    place->address = g_strdup(sighting->address);
}

static void
record_free(gpointer data)
{
    Record *record = data;

    clock_cancel(record->devices->clock, &record->fetch_timer);
    clock_cancel(record->devices->clock, &record->life_timer);
    device_free(record->device);
    g_free(record->id);
    place_clear(&record->place);
    place_clear(&record->other);
    g_free(record);
}

IgrsDevices *
igrs_devices_new(Clock *clock, IgrsDescribe describe, IgrsHeld held, gpointer user_data)
{
    IgrsDevices *devices = g_new0(IgrsDevices, 1);

    *devices = (IgrsDevices){ .clock = clock, .describe = describe, .held = held,
                              .user_data = user_data };
    devices->records = g_hash_table_new_full(igrs_device_id_hash, igrs_device_id_equal, NULL,
                                             record_free);
    devices->observers = observers_new();
    return devices;
}

void
igrs_devices_free(IgrsDevices *devices)
{
    if (devices == NULL)
        return;
    g_hash_table_unref(devices->records);
    observers_free(devices->observers);
    g_free(devices);
}

Observers *
igrs_devices_observers(IgrsDevices *devices)
{
    return devices->observers;
}

static void
tell(IgrsDevices *devices, IgrsDeviceChange change, const Device *device, const Device *before)
{
    IgrsDeviceEvent event = { .change = change, .device = device, .before = before };

    observers_notify(devices->observers, &event);
}

static void
on_fetch_due(gpointer data)
{
    Record *record = data;

    record->fetch_timer = 0;
    record->is_fetching = true;
    record->is_stale = false;
    record->fetched_ms = clock_now_ms(record->devices->clock);
    record->devices->describe(record->id, record->place.location, record->devices->user_data);
}

static void
fetch_after(Record *record, int64_t delay_ms)
{
    clock_cancel(record->devices->clock, &record->fetch_timer);
    record->fetch_timer = clock_after(record->devices->clock, delay_ms, on_fetch_due, record);
}

/* At once when the last fetch is long ago, else when it will be. */
static void
fetch_soon(Record *record)
{
    int64_t now_ms = clock_now_ms(record->devices->clock);

    if (record->is_fetching)
        record->is_stale = true;
    else if (record->fetch_timer == 0)
        fetch_after(record, record->fetched_ms == 0
                                ? 0
                                : MAX(record->fetched_ms + REFETCH_MS - now_ms, 0));
}

static void
forget(IgrsDevices *devices, Record *record, bool said_goodbye)
{
    g_autoptr(Device) device = g_steal_pointer(&record->device);

    g_hash_table_remove(devices->records, record->id);
    if (device == NULL)
        return;
    IgrsDeviceEvent event = { .change = IGRS_DEVICE_OFFLINE, .device = device,
                              .said_goodbye = said_goodbye };
    observers_notify(devices->observers, &event);
}

static void
on_life_over(gpointer data)
{
    Record *record = data;

    record->life_timer = 0;
    forget(record->devices, record, false);
}

static void
live_for(Record *record, int64_t life_ms)
{
    Clock *clock = record->devices->clock;

    clock_cancel(clock, &record->life_timer);
    record->life_due_ms = clock_now_ms(clock) + life_ms;
    record->life_timer = clock_after(clock, life_ms, on_life_over, record);
}

void
igrs_devices_awoke(IgrsDevices *devices)
{
    int64_t now_ms = clock_now_ms(devices->clock);
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, devices->records);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Record *record = value;
        live_for(record, MAX(record->life_due_ms - now_ms, IGRS_AWAKE_MS));
    }
}

/* A full table, or an address that has its share, makes room by dropping one that never let itself
 * be described; what is online or has a pipe is never pushed out by strangers. */
static bool
make_room(IgrsDevices *devices, const char *address)
{
    GHashTableIter iter;
    gpointer value;
    Record *nobody = NULL, *nobody_there = NULL;
    guint of_address = 0;

    g_hash_table_iter_init(&iter, devices->records);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Record *record = value;
        bool is_there = strcmp(record->place.address, address) == 0;
        of_address += is_there;
        if (record->device == NULL && record->failures > 0 &&
            !devices->held(record->id, devices->user_data)) {
            nobody = record;
            nobody_there = is_there ? record : nobody_there;
        }
    }
    bool has_share = of_address >= IGRS_DEVICES_PER_ADDRESS_MAX;
    Record *victim = has_share ? nobody_there : nobody;
    if (!has_share && g_hash_table_size(devices->records) < IGRS_DEVICES_MAX)
        return true;
    if (victim != NULL)
        forget(devices, victim, false);
    return victim != NULL;
}

static Record *
record_new(IgrsDevices *devices, const IgrsSighting *sighting)
{
    Record *record = g_new0(Record, 1);

    *record = (Record){ .devices = devices, .id = g_strdup(sighting->id) };
    place_set(&record->place, sighting);
    g_hash_table_insert(devices->records, record->id, record);
    return record;
}

/* Returns true when the record's place changed. */
static bool
take_place(Record *record, const IgrsSighting *sighting)
{
    bool is_same_address = strcmp(record->place.address, sighting->address) == 0;

    if (strcmp(record->place.location, sighting->location) == 0)
        return false;
    if (!is_same_address && record->failures == 0) {
        place_set(&record->other, sighting);
        return false;
    }
    place_set(&record->place, sighting);
    return true;
}

bool
igrs_devices_heard(IgrsDevices *devices, const IgrsSighting *sighting)
{
    Record *record = g_hash_table_lookup(devices->records, sighting->id);
    bool is_moved = record != NULL && take_place(record, sighting);

    if (record == NULL) {
        if (!make_room(devices, sighting->address))
            return false;
        record = record_new(devices, sighting);
    }
    live_for(record, (int64_t)MIN(sighting->life_s, IGRS_LIFE_MAX_S) * 1000);
    if (is_moved || sighting->is_news)
        record->failures = 0;
    if (is_moved || sighting->is_news || record->device == NULL)
        fetch_soon(record);
    return true;
}

static bool
services_equal(const Device *a, const Device *b)
{
    if (a->services->len != b->services->len)
        return false;
    for (guint i = 0; i < a->services->len; i++) {
        const DeviceService *x = g_ptr_array_index(a->services, i);
        const DeviceService *y = g_ptr_array_index(b->services, i);
        if (x->id != y->id || g_strcmp0(x->type, y->type) != 0 || g_strcmp0(x->name, y->name) != 0)
            return false;
    }
    return true;
}

static bool
devices_equal(const Device *a, const Device *b)
{
    return g_strcmp0(a->type, b->type) == 0 && g_strcmp0(a->name, b->name) == 0 &&
           g_strcmp0(a->location, b->location) == 0 && services_equal(a, b);
}

/* The record whose fetch just ended; NULL when it is gone, or news came meanwhile and it is fetched
 * once more. */
static Record *
fetch_ended(IgrsDevices *devices, const char *id)
{
    Record *record = g_hash_table_lookup(devices->records, id);

    if (record == NULL || !record->is_fetching)
        return NULL;
    record->is_fetching = false;
    if (!record->is_stale)
        return record;
    record->is_stale = false;
    fetch_soon(record);
    return record->device == NULL ? record : NULL;
}

static size_t
text_size(const char *text)
{
    return text != NULL ? strlen(text) : 0;
}

static size_t
device_size(const Device *device)
{
    size_t size = text_size(device->name) + text_size(device->type) + text_size(device->location);

    for (guint i = 0; i < device->services->len; i++) {
        const DeviceService *service = g_ptr_array_index(device->services, i);
        size += sizeof *service + text_size(service->type) + text_size(service->name);
    }
    return size;
}

void
igrs_devices_described(IgrsDevices *devices, const char *id, Device *device)
{
    g_autoptr(Device) described = device;
    g_autoptr(Device) before = NULL;

    if (device_size(device) > IGRS_DEVICE_SIZE_MAX) {
        igrs_devices_failed(devices, id);
        return;
    }
    Record *record = fetch_ended(devices, id);
    if (record == NULL || !igrs_device_id_equal(device->id, id) ||
        g_strcmp0(device->location, record->place.location) != 0)
        return;
    record->failures = 0;
    if (record->device != NULL && devices_equal(record->device, device))
        return;
    before = g_steal_pointer(&record->device);
    record->device = g_steal_pointer(&described);
    tell(devices, before == NULL ? IGRS_DEVICE_ONLINE : IGRS_DEVICE_CHANGED, record->device,
         before);
}

void
igrs_devices_failed(IgrsDevices *devices, const char *id)
{
    Record *record = fetch_ended(devices, id);

    if (record == NULL)
        return;
    if (record->other.location != NULL) {
        place_clear(&record->place);
        record->place = record->other;
        record->other = (Place){ NULL, NULL };
        fetch_after(record, 0);
        return;
    }
    record->failures++;
    if (record->failures <= TRIES_MAX)
        fetch_after(record, (int64_t)1000 << (record->failures - 1));
}

void
igrs_devices_gone(IgrsDevices *devices, const char *id, const char *address)
{
    Record *record = g_hash_table_lookup(devices->records, id);

    if (record != NULL && strcmp(record->place.address, address) == 0)
        forget(devices, record, true);
}

const Device *
igrs_devices_find(const IgrsDevices *devices, const char *id)
{
    const Record *record = g_hash_table_lookup(devices->records, id);

    return record != NULL ? record->device : NULL;
}

const char *
igrs_devices_location(const IgrsDevices *devices, const char *id)
{
    const Record *record = g_hash_table_lookup(devices->records, id);

    return record != NULL ? record->place.location : NULL;
}

bool
igrs_devices_is_at(const IgrsDevices *devices, const char *id, const char *address)
{
    const Record *record = g_hash_table_lookup(devices->records, id);

    return record != NULL && (g_strcmp0(record->place.address, address) == 0 ||
                              g_strcmp0(record->other.address, address) == 0);
}

GPtrArray *
igrs_devices_list(const IgrsDevices *devices)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, devices->records);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Record *record = value;
        if (record->device != NULL)
            g_ptr_array_add(list, record->device);
    }
    return list;
}

guint
igrs_devices_count(const IgrsDevices *devices)
{
    return g_hash_table_size(devices->records);
}
