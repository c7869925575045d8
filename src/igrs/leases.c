/* leases.c -- see leases.h */
#include "igrs/leases.h"

#include "wire/igrs-names.h"

#define RETRY_MS 1000
#define FAILURES_MAX 2

struct IgrsLeases {
    Clock *clock;                /* borrowed */
    const IgrsLeaseHooks *hooks; /* borrowed */
    gpointer user_data;
    GHashTable *table; /* id -> IgrsLease, owned */
    uint32_t last_id;
};

static void
lease_free(gpointer data)
{
    IgrsLease *lease = data;

    clock_cancel(lease->all->clock, &lease->send_timer);
    clock_cancel(lease->all->clock, &lease->life_timer);
    g_free(lease->device_id);
    g_free(lease->location);
    lease->all->hooks->free(lease);
}

IgrsLeases *
igrs_leases_new(Clock *clock, const IgrsLeaseHooks *hooks, gpointer user_data)
{
    IgrsLeases *leases = g_new0(IgrsLeases, 1);

    *leases = (IgrsLeases){ .clock = clock, .hooks = hooks, .user_data = user_data };
    leases->table = g_hash_table_new_full(NULL, NULL, NULL, lease_free);
    leases->last_id = g_random_int() >> 1; /* ids of before a restart mean nothing after it */
    return leases;
}

void
igrs_leases_free(IgrsLeases *leases)
{
    if (leases == NULL)
        return;
    g_hash_table_unref(leases->table);
    g_free(leases);
}

guint
igrs_leases_count(const IgrsLeases *leases)
{
    return g_hash_table_size(leases->table);
}

/* -- Life -------------------------------------------------------------------------------------- */

bool
igrs_leases_have_room(const IgrsLeases *leases, const char *device_id)
{
    GHashTableIter iter;
    gpointer value;
    guint of_device = 0;

    g_hash_table_iter_init(&iter, leases->table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        of_device += igrs_device_id_equal(((IgrsLease *)value)->device_id, device_id);
    return of_device < IGRS_SUBSCRIPTIONS_PER_DEVICE_MAX &&
           g_hash_table_size(leases->table) < IGRS_SUBSCRIPTIONS_MAX;
}

static void
on_life_over(gpointer data)
{
    IgrsLease *lease = data;

    lease->life_timer = 0;
    g_hash_table_remove(lease->all->table, GUINT_TO_POINTER(lease->id));
}

void
igrs_lease_renew(IgrsLease *lease, const char *location, int64_t *life_s)
{
    Clock *clock = lease->all->clock;

    *life_s = CLAMP(*life_s, IGRS_SUBSCRIPTION_LIFE_MIN_S, IGRS_SUBSCRIPTION_LIFE_MAX_S);
    clock_cancel(clock, &lease->life_timer);
    lease->life_timer = clock_after(clock, *life_s * 1000, on_life_over, lease);
    if (location != NULL) {
        g_free(lease->location);
        lease->location = g_strdup(location);
    }
}

void
igrs_leases_add(IgrsLeases *leases, IgrsLease *lease, const char *device_id, const char *location,
                int64_t *life_s)
{
    while (++leases->last_id == 0 ||
           g_hash_table_contains(leases->table, GUINT_TO_POINTER(leases->last_id)))
        continue;
    *lease = (IgrsLease){ .all = leases, .id = leases->last_id, .device_id = g_strdup(device_id) };
    g_hash_table_insert(leases->table, GUINT_TO_POINTER(lease->id), lease);
    igrs_lease_renew(lease, location, life_s);
}

IgrsLease *
igrs_leases_find(const IgrsLeases *leases, uint32_t id, const char *device_id)
{
    IgrsLease *lease = g_hash_table_lookup(leases->table, GUINT_TO_POINTER(id));

    return lease != NULL &&
                   (device_id == NULL || igrs_device_id_equal(lease->device_id, device_id))
               ? lease
               : NULL;
}

bool
igrs_leases_remove(IgrsLeases *leases, uint32_t id, const char *device_id)
{
    return igrs_leases_find(leases, id, device_id) != NULL &&
           g_hash_table_remove(leases->table, GUINT_TO_POINTER(id));
}

void
igrs_leases_sift(IgrsLeases *leases, IgrsLeaseFunc func, gconstpointer data)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, leases->table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (func(value, data))
            g_hash_table_iter_remove(&iter);
}

/* -- Telling ----------------------------------------------------------------------------------- */

static void
on_send_due(gpointer data)
{
    IgrsLease *lease = data;

    lease->send_timer = 0;
    lease->is_sending = true;
    lease->all->hooks->send(lease, lease->all->user_data);
}

static void
send_after(IgrsLease *lease, int64_t delay_ms)
{
    if (!lease->is_sending && lease->send_timer == 0 && lease->all->hooks->has_more(lease))
        lease->send_timer = clock_after(lease->all->clock, delay_ms, on_send_due, lease);
}

void
igrs_lease_send(IgrsLease *lease)
{
    send_after(lease, 0);
}

IgrsLease *
igrs_leases_delivered(IgrsLeases *leases, uint32_t id, bool is_delivered)
{
    IgrsLease *lease = igrs_leases_find(leases, id, NULL);

    if (lease == NULL)
        return NULL;
    lease->is_sending = false;
    lease->failures = is_delivered ? 0 : lease->failures + 1;
    if (lease->failures < FAILURES_MAX)
        return lease;
    g_hash_table_remove(leases->table, GUINT_TO_POINTER(id));
    return NULL;
}

void
igrs_lease_go_on(IgrsLease *lease)
{
    send_after(lease, lease->failures > 0 ? RETRY_MS : 0);
}
