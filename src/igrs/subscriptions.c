/* subscriptions.c -- see subscriptions.h */
#include "igrs/subscriptions.h"

#include "base/error.h"
#include "wire/igrs-names.h"

#include <string.h>

#define RETRY_MS 1000
#define FAILURES_MAX 2

typedef struct {
    IgrsSubscriptions *all; /* borrowed: the owner */
    IgrsSubscriber subscriber;
    char *device_id, *location;
    GPtrArray *names;   /* what it wants; const char * of the service's table */
    GPtrArray *pending; /* what is to be told next */
    bool is_sending;
    unsigned failures; /* in a row */
    guint send_timer;
    guint life_timer;
} Subscription;

struct IgrsSubscriptions {
    Clock *clock; /* borrowed */
    IgrsNotify notify;
    gpointer user_data;
    GHashTable *table; /* id -> Subscription, owned */
    uint32_t last_id;
};

static void
subscription_free(gpointer data)
{
    Subscription *subscription = data;

    clock_cancel(subscription->all->clock, &subscription->send_timer);
    clock_cancel(subscription->all->clock, &subscription->life_timer);
    g_ptr_array_unref(subscription->names);
    g_ptr_array_unref(subscription->pending);
    g_free(subscription->device_id);
    g_free(subscription->location);
    g_free(subscription);
}

IgrsSubscriptions *
igrs_subscriptions_new(Clock *clock, IgrsNotify notify, gpointer user_data)
{
    IgrsSubscriptions *all = g_new0(IgrsSubscriptions, 1);

    *all = (IgrsSubscriptions){ .clock = clock, .notify = notify, .user_data = user_data };
    all->table = g_hash_table_new_full(NULL, NULL, NULL, subscription_free);
    /* Ids of before a restart mean nothing after it. */
    all->last_id = g_random_int() >> 1;
    return all;
}

void
igrs_subscriptions_free(IgrsSubscriptions *all)
{
    if (all == NULL)
        return;
    g_hash_table_unref(all->table);
    g_free(all);
}

static void
on_send_due(gpointer data)
{
    Subscription *subscription = data;
    g_autoptr(GPtrArray) names = g_steal_pointer(&subscription->pending);

    subscription->send_timer = 0;
    subscription->pending = g_ptr_array_new();
    subscription->is_sending = true;
    g_ptr_array_add(names, NULL);
    subscription->all->notify(&subscription->subscriber, (const char *const *)names->pdata,
                              subscription->all->user_data);
}

static void
send_after(Subscription *subscription, int64_t delay_ms)
{
    if (subscription->pending->len > 0 && !subscription->is_sending &&
        subscription->send_timer == 0)
        subscription->send_timer =
            clock_after(subscription->all->clock, delay_ms, on_send_due, subscription);
}

static void
add_pending(Subscription *subscription, const char *name)
{
    if (!g_ptr_array_find(subscription->pending, name, NULL))
        g_ptr_array_add(subscription->pending, (gpointer)name);
}

static void
on_life_over(gpointer data)
{
    Subscription *subscription = data;

    subscription->life_timer = 0;
    g_hash_table_remove(subscription->all->table, GUINT_TO_POINTER(subscription->subscriber.id));
}

static void
live_for(Subscription *subscription, int64_t *life_s)
{
    *life_s = CLAMP(*life_s, IGRS_SUBSCRIPTION_LIFE_MIN_S, IGRS_SUBSCRIPTION_LIFE_MAX_S);
    clock_cancel(subscription->all->clock, &subscription->life_timer);
    subscription->life_timer =
        clock_after(subscription->all->clock, *life_s * 1000, on_life_over, subscription);
}

static guint
count_of_device(const IgrsSubscriptions *all, const char *device_id)
{
    GHashTableIter iter;
    gpointer value;
    guint count = 0;

    g_hash_table_iter_init(&iter, all->table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (igrs_device_id_equal(((Subscription *)value)->device_id, device_id))
            count++;
    return count;
}

static void
take_names(const ServiceTable *table, const char *const *wanted, GPtrArray *names)
{
    bool wants_all = wanted == NULL || wanted[0] == NULL;

    for (const ServiceVariable *variable = table->variables; variable->name != NULL; variable++)
        if (variable->is_evented && (wants_all || g_strv_contains(wanted, variable->name)))
            g_ptr_array_add(names, (gpointer)variable->name);
}

uint32_t
igrs_subscriptions_add(IgrsSubscriptions *all, Service *service, const IgrsSession *session,
                       const char *location, const char *const *names, int64_t *life_s,
                       GError **error)
{
    g_autoptr(GPtrArray) taken = g_ptr_array_new();

    take_names(service->table, names, taken);
    if (taken->len == 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "%s notifies of no such attribute",
                    service->table->name);
        return 0;
    }
    if (g_hash_table_size(all->table) >= IGRS_SUBSCRIPTIONS_MAX ||
        count_of_device(all, session->device_id) >= IGRS_SUBSCRIPTIONS_PER_DEVICE_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "too many subscriptions of %s",
                    session->device_id);
        return 0;
    }
    Subscription *subscription = g_new0(Subscription, 1);
    *subscription = (Subscription){ .all = all, .device_id = g_strdup(session->device_id),
                                    .location = g_strdup(location),
                                    .names = g_steal_pointer(&taken),
                                    .pending = g_ptr_array_new() };
    while (++all->last_id == 0 || g_hash_table_contains(all->table, GUINT_TO_POINTER(all->last_id)))
        continue;
    subscription->subscriber = (IgrsSubscriber){ .id = all->last_id, .session = *session,
                                                 .location = subscription->location,
                                                 .service = service };
    subscription->subscriber.session.device_id = subscription->device_id;
    g_hash_table_insert(all->table, GUINT_TO_POINTER(all->last_id), subscription);
    live_for(subscription, life_s);
    for (guint i = 0; i < subscription->names->len; i++)
        add_pending(subscription, g_ptr_array_index(subscription->names, i));
    send_after(subscription, 0);
    return all->last_id;
}

static Subscription *
find(const IgrsSubscriptions *all, uint32_t id, const char *device_id)
{
    Subscription *subscription = g_hash_table_lookup(all->table, GUINT_TO_POINTER(id));

    return subscription != NULL && igrs_device_id_equal(subscription->device_id, device_id)
               ? subscription
               : NULL;
}

bool
igrs_subscriptions_renew(IgrsSubscriptions *all, uint32_t id, const char *device_id,
                         const char *location, int64_t *life_s)
{
    Subscription *subscription = find(all, id, device_id);

    if (subscription == NULL)
        return false;
    live_for(subscription, life_s);
    if (location != NULL) {
        g_free(subscription->location);
        subscription->location = g_strdup(location);
        subscription->subscriber.location = subscription->location;
    }
    return true;
}

bool
igrs_subscriptions_remove(IgrsSubscriptions *all, uint32_t id, const char *device_id)
{
    return find(all, id, device_id) != NULL &&
           g_hash_table_remove(all->table, GUINT_TO_POINTER(id));
}

void
igrs_subscriptions_end_session(IgrsSubscriptions *all, const IgrsSession *session)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, all->table);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const IgrsSession *of = &((Subscription *)value)->subscriber.session;
        if (of->client_id == session->client_id && of->service_id == session->service_id &&
            igrs_device_id_equal(of->device_id, session->device_id))
            g_hash_table_iter_remove(&iter);
    }
}

void
igrs_subscriptions_changed(IgrsSubscriptions *all, const Service *service, const char *name)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, all->table);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Subscription *subscription = value;
        if (subscription->subscriber.service != service)
            continue;
        for (guint i = 0; i < subscription->names->len; i++)
            if (strcmp(g_ptr_array_index(subscription->names, i), name) == 0)
                add_pending(subscription, g_ptr_array_index(subscription->names, i));
        send_after(subscription, 0);
    }
}

/* What did not arrive is told again, with what changed since. */
void
igrs_subscriptions_delivered(IgrsSubscriptions *all, uint32_t id, bool is_delivered)
{
    Subscription *subscription = g_hash_table_lookup(all->table, GUINT_TO_POINTER(id));

    if (subscription == NULL)
        return;
    subscription->is_sending = false;
    subscription->failures = is_delivered ? 0 : subscription->failures + 1;
    if (subscription->failures >= FAILURES_MAX) {
        g_hash_table_remove(all->table, GUINT_TO_POINTER(id));
        return;
    }
    for (guint i = 0; !is_delivered && i < subscription->names->len; i++)
        add_pending(subscription, g_ptr_array_index(subscription->names, i));
    send_after(subscription, is_delivered ? 0 : RETRY_MS);
}

guint
igrs_subscriptions_count(const IgrsSubscriptions *all)
{
    return g_hash_table_size(all->table);
}
