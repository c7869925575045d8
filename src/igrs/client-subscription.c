/* client-subscription.c -- following a service's attributes on another device; see client.h
 *
 * PROFILE section 5. Renewed at half of its life, and every minute at least. Whenever it may
 * have been lost (the pipe ended, the device came back, a renewal failed) it is made anew, after a
 * pause that grows while it stays silent. */
#include "base/error.h"
#include "igrs/node.h"
#include "wire/igrs-attributes.h"

#define LIFE_S 1800
#define RENEW_MIN_S 30
#define RENEW_MAX_S 60 /* for so long events may be lost unnoticed */
#define SETTLE_MS 1000 /* after our addresses changed */
#define RETRY_FIRST_MS 500
#define RETRY_MAX_MS 4000 /* a device that was started again is followed within ten seconds */

struct IgrsSubscription {
    IgrsClient *client; /* borrowed */
    char *device;
    char *service;
    IgrsNotified notified;
    gpointer user_data;
    uint32_t service_id; /* of the last attempt */
    uint32_t id;         /* 0: not subscribed */
    int64_t retry_ms;
    guint timer;               /* to renew, or to subscribe */
    GCancellable *cancellable; /* of the call under way; NULL: none */
};

static void subscribe(gpointer data);
static void renew(gpointer data);

static void
wake_after(IgrsSubscription *subscription, int64_t delay_ms, ClockFunc func)
{
    Clock *clock = subscription->client->node->clock;

    clock_cancel(clock, &subscription->timer);
    subscription->timer = clock_after(clock, delay_ms, func, subscription);
}

/* Forgets the answer that is under way. */
static void
drop_call(IgrsSubscription *subscription)
{
    if (subscription->cancellable != NULL)
        g_cancellable_cancel(subscription->cancellable);
    g_clear_object(&subscription->cancellable);
}

static void
set_id(IgrsSubscription *subscription, uint32_t id)
{
    bool was_active = subscription->id != 0;

    subscription->id = id;
    if (was_active != (id != 0))
        subscription->notified(NULL, NULL, subscription->user_data);
}

static bool
is_online(const IgrsSubscription *subscription)
{
    return igrs_node_find_device(subscription->client->node, subscription->device) != NULL;
}

/* Tells last: whoever is told may free the subscription. */
static void
retry_later(IgrsSubscription *subscription)
{
    if (is_online(subscription))
        wake_after(subscription, subscription->retry_ms, subscribe);
    subscription->retry_ms = MIN(subscription->retry_ms * 2, RETRY_MAX_MS);
    set_id(subscription, 0);
}

static int64_t
now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

typedef struct {
    IgrsSubscription *subscription; /* borrowed; not looked at when the call was dropped */
    GCancellable *cancellable;
} Attempt;

static void
on_answered(const SoapCall *call, const GError *error, gpointer user_data)
{
    g_autofree Attempt *attempt = user_data;
    g_autoptr(GCancellable) cancellable = attempt->cancellable;
    IgrsSubscription *subscription = attempt->subscription;
    g_autoptr(IgrsAttributes) granted = NULL;

    if (g_cancellable_is_cancelled(cancellable))
        return;
    g_clear_object(&subscription->cancellable);
    if (call != NULL)
        granted = igrs_attributes_decode(call, NULL);
    if (granted == NULL || granted->subscription_id == 0) {
        g_info("no events from %s of %s: %s", subscription->service, subscription->device,
               error != NULL ? error->message : "it granted nothing");
        retry_later(subscription);
        return;
    }
    subscription->retry_ms = RETRY_FIRST_MS;
    wake_after(subscription,
               CLAMP((granted->expires_s - now_s()) / 2, RENEW_MIN_S, RENEW_MAX_S) * 1000, renew);
    set_id(subscription, granted->subscription_id);
}

/* Our LOCATION towards the device; NULL and another attempt later when it went away. */
static char *
own_location(const IgrsSubscription *subscription)
{
    IgrsNode *node = subscription->client->node;
    const char *peer = igrs_node_peer_location(node, subscription->device);

    return peer != NULL ? igrs_node_location_for(node, peer) : NULL;
}

static void
ask(IgrsSubscription *subscription, const char *operation)
{
    g_autoptr(IgrsAttributes) wanted = igrs_attributes_new();
    g_autofree char *type = igrs_service_type_new(subscription->service, 1);
    Attempt *attempt;

    wanted->location = own_location(subscription);
    if (wanted->location == NULL) {
        retry_later(subscription);
        return;
    }
    wanted->expires_s = now_s() + LIFE_S;
    wanted->subscription_id = subscription->id;
    drop_call(subscription);
    subscription->cancellable = g_cancellable_new();
    attempt = g_new(Attempt, 1);
    *attempt = (Attempt){ subscription, g_object_ref(subscription->cancellable) };
    igrs_client_invoke(subscription->client, subscription->device, subscription->service,
                     igrs_attributes_encode(operation, type, wanted), 0, subscription->cancellable,
                     on_answered, attempt);
}

static void
subscribe(gpointer data)
{
    IgrsSubscription *subscription = data;

    subscription->timer = 0;
    subscription->service_id = igrs_client_service_id(subscription->client, subscription->device,
                                                      subscription->service);
    ask(subscription, IGRS_OP_SUBSCRIBE);
}

static void
renew(gpointer data)
{
    IgrsSubscription *subscription = data;

    subscription->timer = 0;
    ask(subscription, IGRS_OP_RENEW);
}

void
igrs_subscription_on_pipe_ended(IgrsSubscription *subscription, gconstpointer peer)
{
    if (subscription->id == 0 || !igrs_device_id_equal(subscription->device, peer))
        return;
    drop_call(subscription);
    subscription->retry_ms = RETRY_FIRST_MS;
    retry_later(subscription);
}

void
igrs_subscription_on_device(IgrsSubscription *subscription, gconstpointer data)
{
    const IgrsDeviceEvent *event = data;

    if (!igrs_device_id_equal(subscription->device, event->device->id))
        return;
    if (event->change == IGRS_DEVICE_OFFLINE) {
        drop_call(subscription);
        clock_cancel(subscription->client->node->clock, &subscription->timer);
        set_id(subscription, 0);
    } else if (subscription->id == 0 && subscription->cancellable == NULL) {
        subscription->retry_ms = RETRY_FIRST_MS;
        wake_after(subscription, 0, subscribe);
    }
}

/* The device tells its news to an address that may be gone: renewing says the present one. */
void
igrs_subscription_renew(IgrsSubscription *subscription, gconstpointer nothing G_GNUC_UNUSED)
{
    if (subscription->id != 0)
        wake_after(subscription, SETTLE_MS, renew);
}

/* The first notification may overtake the answer that says its id. */
void
igrs_subscription_on_notification(IgrsSubscription *subscription, gconstpointer data)
{
    const IgrsMessage *message = data;
    g_autoptr(IgrsAttributes) told = NULL;
    IgrsClient *client = subscription->client;

    if (message->service_id != subscription->service_id ||
        !igrs_device_id_equal(message->source_id, subscription->device))
        return;
    told = igrs_attributes_decode(message->call, NULL);
    for (guint i = 0; told != NULL && i < told->values->len; i++) {
        const IgrsAttribute *value = g_ptr_array_index(told->values, i);
        if (!g_ptr_array_find(client->subscriptions, subscription, NULL))
            return; /* freed by whoever was told */
        if (value->subscription_id == subscription->id || subscription->id == 0)
            subscription->notified(value->name, value->value, subscription->user_data);
    }
}

IgrsSubscription *
igrs_client_subscribe(IgrsClient *client, const char *device, const char *service,
                      IgrsNotified notified, gpointer user_data)
{
    IgrsSubscription *subscription = g_new0(IgrsSubscription, 1);

    *subscription = (IgrsSubscription){ .client = client, .device = g_strdup(device),
                                        .service = g_strdup(service), .notified = notified,
                                        .user_data = user_data, .retry_ms = RETRY_FIRST_MS };
    g_ptr_array_add(client->subscriptions, subscription);
    if (is_online(subscription))
        wake_after(subscription, 0, subscribe);
    return subscription;
}

static void
on_unsubscribed(const SoapCall *call G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
                gpointer user_data G_GNUC_UNUSED)
{
}

void
igrs_subscription_free(IgrsSubscription *subscription)
{
    if (subscription == NULL)
        return;
    g_ptr_array_remove(subscription->client->subscriptions, subscription);
    clock_cancel(subscription->client->node->clock, &subscription->timer);
    drop_call(subscription);
    if (subscription->id != 0) {
        g_autoptr(IgrsAttributes) ended = igrs_attributes_new();
        g_autofree char *type = igrs_service_type_new(subscription->service, 1);
        ended->subscription_id = subscription->id;
        igrs_client_invoke(subscription->client, subscription->device, subscription->service,
                         igrs_attributes_encode(IGRS_OP_UNSUBSCRIBE, type, ended), 0, NULL,
                         on_unsubscribed, NULL);
    }
    g_free(subscription->device);
    g_free(subscription->service);
    g_free(subscription);
}

bool
igrs_subscription_is_active(const IgrsSubscription *subscription)
{
    return subscription->id != 0;
}
