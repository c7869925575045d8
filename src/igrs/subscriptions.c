/* subscriptions.c -- see subscriptions.h */
#include "igrs/subscriptions.h"

#include "base/error.h"
#include "wire/igrs-names.h"

#include <string.h>

typedef struct {
    IgrsLease lease; /* first */
    uint32_t client_id, service_id;
    Service *service;   /* borrowed */
    GPtrArray *names;   /* what it wants; const char * of the service's table */
    GPtrArray *pending; /* what is to be told next */
} Subscription;

struct IgrsSubscriptions {
    IgrsNotify notify;
    gpointer user_data;
    IgrsLeases *leases;
};

static IgrsSession
session_of(const Subscription *subscription)
{
    return (IgrsSession){ subscription->lease.device_id, subscription->client_id,
                          subscription->service_id };
}

static bool
has_more(const IgrsLease *lease)
{
    return ((const Subscription *)lease)->pending->len > 0;
}

static void
send_pending(IgrsLease *lease, gpointer user_data)
{
    Subscription *subscription = (Subscription *)lease;
    const IgrsSubscriptions *all = user_data;
    g_autoptr(GPtrArray) names = g_steal_pointer(&subscription->pending);
    const IgrsSubscriber subscriber = { lease->id, session_of(subscription), lease->location,
                                        subscription->service };

    subscription->pending = g_ptr_array_new();
    g_ptr_array_add(names, NULL);
    all->notify(&subscriber, (const char *const *)names->pdata, all->user_data);
}

static void
subscription_free(IgrsLease *lease)
{
    Subscription *subscription = (Subscription *)lease;

    g_ptr_array_unref(subscription->names);
    g_ptr_array_unref(subscription->pending);
    g_free(subscription);
}

static const IgrsLeaseHooks hooks = { has_more, send_pending, subscription_free };

IgrsSubscriptions *
igrs_subscriptions_new(Clock *clock, IgrsNotify notify, gpointer user_data)
{
    IgrsSubscriptions *all = g_new(IgrsSubscriptions, 1);

    *all = (IgrsSubscriptions){ notify, user_data, igrs_leases_new(clock, &hooks, all) };
    return all;
}

void
igrs_subscriptions_free(IgrsSubscriptions *all)
{
    if (all == NULL)
        return;
    igrs_leases_free(all->leases);
    g_free(all);
}

/* -- Subscribing ------------------------------------------------------------------------------- */

static void
add_pending(Subscription *subscription, const char *name)
{
    if (!g_ptr_array_find(subscription->pending, name, NULL))
        g_ptr_array_add(subscription->pending, (gpointer)name);
}

static void
add_all_pending(Subscription *subscription)
{
    for (guint i = 0; i < subscription->names->len; i++)
        add_pending(subscription, g_ptr_array_index(subscription->names, i));
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
    if (!igrs_leases_have_room(all->leases, session->device_id)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "too many subscriptions of %s",
                    session->device_id);
        return 0;
    }
    Subscription *subscription = g_new0(Subscription, 1);
    *subscription = (Subscription){ .client_id = session->client_id,
                                    .service_id = session->service_id, .service = service,
                                    .names = g_steal_pointer(&taken),
                                    .pending = g_ptr_array_new() };
    igrs_leases_add(all->leases, &subscription->lease, session->device_id, location, life_s);
    add_all_pending(subscription);
    igrs_lease_send(&subscription->lease);
    return subscription->lease.id;
}

bool
igrs_subscriptions_renew(IgrsSubscriptions *all, uint32_t id, const char *device_id,
                         const char *location, int64_t *life_s)
{
    IgrsLease *lease = igrs_leases_find(all->leases, id, device_id);

    if (lease != NULL)
        igrs_lease_renew(lease, location, life_s);
    return lease != NULL;
}

bool
igrs_subscriptions_remove(IgrsSubscriptions *all, uint32_t id, const char *device_id)
{
    return igrs_leases_remove(all->leases, id, device_id);
}

static bool
is_of_session(IgrsLease *lease, gconstpointer session)
{
    IgrsSession of = session_of((Subscription *)lease);

    return igrs_session_equal(&of, session);
}

void
igrs_subscriptions_end_session(IgrsSubscriptions *all, const IgrsSession *session)
{
    igrs_leases_sift(all->leases, is_of_session, session);
}

/* -- Telling ----------------------------------------------------------------------------------- */

typedef struct {
    const Service *service;
    const char *name;
} Change;

static bool
take_change(IgrsLease *lease, gconstpointer data)
{
    Subscription *subscription = (Subscription *)lease;
    const Change *change = data;

    for (guint i = 0; subscription->service == change->service && i < subscription->names->len; i++)
        if (strcmp(g_ptr_array_index(subscription->names, i), change->name) == 0) {
            add_pending(subscription, g_ptr_array_index(subscription->names, i));
            igrs_lease_send(lease);
        }
    return false;
}

void
igrs_subscriptions_changed(IgrsSubscriptions *all, const Service *service, const char *name)
{
    const Change change = { service, name };

    igrs_leases_sift(all->leases, take_change, &change);
}

/* What did not arrive is told again, with what changed since. */
void
igrs_subscriptions_delivered(IgrsSubscriptions *all, uint32_t id, bool is_delivered)
{
    IgrsLease *lease = igrs_leases_delivered(all->leases, id, is_delivered);

    if (lease == NULL)
        return;
    if (!is_delivered)
        add_all_pending((Subscription *)lease);
    igrs_lease_go_on(lease);
}

guint
igrs_subscriptions_count(const IgrsSubscriptions *all)
{
    return igrs_leases_count(all->leases);
}
