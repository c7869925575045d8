/* client-watch.c -- following who comes and goes as another device sees it; see client.h
 *
 * Renewed at half of its life, and every ten minutes at least; made anew, after a pause that grows,
 * whenever it may have been lost (clauses 9.7 and 10.3). */
#include "igrs/node.h"

#define LIFE_S 1800
#define RENEW_MIN_S 30
#define RENEW_MAX_S 600
#define SETTLE_MS 1000 /* after our addresses changed */
#define RETRY_FIRST_MS 500
#define RETRY_MAX_MS 8000

struct IgrsWatch {
    IgrsClient *client; /* borrowed */
    char *device;
    bool is_of_services;
    char *type; /* NULL: all */
    IgrsWatched watched;
    gpointer user_data;
    uint32_t id; /* 0: not subscribed */
    int64_t retry_ms;
    guint timer;               /* to renew, or to subscribe */
    GCancellable *cancellable; /* of the question under way; NULL: none */
};

static void subscribe(gpointer data);

static void
wake_after(IgrsWatch *watch, int64_t delay_ms)
{
    Clock *clock = watch->client->node->clock;

    clock_cancel(clock, &watch->timer);
    watch->timer = clock_after(clock, delay_ms, subscribe, watch);
}

static void
drop_question(IgrsWatch *watch)
{
    if (watch->cancellable != NULL)
        g_cancellable_cancel(watch->cancellable);
    g_clear_object(&watch->cancellable);
}

static void
set_id(IgrsWatch *watch, uint32_t id)
{
    bool was_active = watch->id != 0;

    watch->id = id;
    if (was_active != (id != 0))
        watch->watched(NULL, watch->user_data);
}

static bool
is_online(const IgrsWatch *watch)
{
    return igrs_node_find_device(watch->client->node, watch->device) != NULL;
}

/* Tells last: whoever is told may free the watch. */
static void
retry_later(IgrsWatch *watch)
{
    if (is_online(watch))
        wake_after(watch, watch->retry_ms);
    watch->retry_ms = MIN(watch->retry_ms * 2, RETRY_MAX_MS);
    set_id(watch, 0);
}

static int64_t
now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

typedef struct {
    IgrsWatch *watch; /* borrowed; not looked at when the question was dropped */
    GCancellable *cancellable;
} Attempt;

static void
on_answered(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    g_autofree Attempt *attempt = user_data;
    g_autoptr(GCancellable) cancellable = attempt->cancellable;
    IgrsWatch *watch = attempt->watch;

    if (g_cancellable_is_cancelled(cancellable))
        return;
    g_clear_object(&watch->cancellable);
    if (reply == NULL || reply->subscription_id == 0) {
        g_info("no news from %s: %s", watch->device,
               error != NULL ? error->message : "it granted nothing");
        retry_later(watch);
        return;
    }
    watch->retry_ms = RETRY_FIRST_MS;
    wake_after(watch, CLAMP((reply->expires_s - now_s()) / 2, RENEW_MIN_S, RENEW_MAX_S) * 1000);
    set_id(watch, reply->subscription_id);
}

static IgrsMessageType
question(const IgrsWatch *watch)
{
    static const IgrsMessageType types[2][2] = {
        { IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST, IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST },
        { IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST,
          IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST },
    };

    return types[watch->id != 0][watch->is_of_services];
}

/* Or renews. */
static void
subscribe(gpointer data)
{
    IgrsWatch *watch = data;
    IgrsNode *node = watch->client->node;
    const char *peer = igrs_node_peer_location(node, watch->device);
    IgrsMessage *message = igrs_message_new(question(watch));
    Attempt *attempt;

    watch->timer = 0;
    message->location = peer != NULL ? igrs_node_location_for(node, peer) : NULL;
    if (message->location == NULL) {
        igrs_message_free(message);
        retry_later(watch);
        return;
    }
    message->expires_s = now_s() + LIFE_S;
    message->subscription_id = watch->id;
    if (watch->is_of_services)
        message->service_type = g_strdup(watch->type);
    else
        message->device_type = g_strdup(watch->type);
    drop_question(watch);
    watch->cancellable = g_cancellable_new();
    attempt = g_new(Attempt, 1);
    *attempt = (Attempt){ watch, g_object_ref(watch->cancellable) };
    igrs_client_send(watch->client, watch->device, message, watch->cancellable, on_answered,
                     attempt);
}

void
igrs_watch_on_pipe_ended(IgrsWatch *watch, gconstpointer peer)
{
    if (watch->id == 0 || !igrs_device_id_equal(watch->device, peer))
        return;
    drop_question(watch);
    watch->retry_ms = RETRY_FIRST_MS;
    retry_later(watch);
}

void
igrs_watch_on_device(IgrsWatch *watch, gconstpointer data)
{
    const IgrsDeviceEvent *event = data;

    if (!igrs_device_id_equal(watch->device, event->device->id))
        return;
    if (event->change == IGRS_DEVICE_OFFLINE) {
        drop_question(watch);
        clock_cancel(watch->client->node->clock, &watch->timer);
        set_id(watch, 0);
    } else if (watch->id == 0 && watch->cancellable == NULL) {
        watch->retry_ms = RETRY_FIRST_MS;
        wake_after(watch, 0);
    }
}

void
igrs_watch_on_news(IgrsWatch *watch, gconstpointer data)
{
    const IgrsMessage *message = data;
    bool is_of_services = message->type == IGRS_NOTIFY_SERVICE_EVENT;
    bool is_online = g_strcmp0(message->state, IGRS_STATE_ONLINE) == 0;

    if (watch->id == 0 || message->subscription_id != watch->id ||
        is_of_services != watch->is_of_services ||
        !igrs_device_id_equal(message->source_id, watch->device) ||
        (!is_online && g_strcmp0(message->state, IGRS_STATE_OFFLINE) != 0))
        return;
    const IgrsWatchNews news = {
        .device_id = message->device_id,
        .service_id = is_of_services ? message->service_id : 0,
        .type = is_of_services ? message->service_type : message->device_type,
        .is_online = is_online,
    };
    watch->watched(&news, watch->user_data);
}

/* The device tells its news to an address that may be gone: renewing says the present one. */
void
igrs_watch_renew(IgrsWatch *watch, gconstpointer nothing G_GNUC_UNUSED)
{
    if (watch->id != 0)
        wake_after(watch, SETTLE_MS);
}

IgrsWatch *
igrs_client_watch(IgrsClient *client, const char *device, bool is_of_services, const char *type,
                  IgrsWatched watched, gpointer user_data)
{
    IgrsWatch *watch = g_new0(IgrsWatch, 1);

    *watch = (IgrsWatch){ .client = client, .device = g_strdup(device),
                          .is_of_services = is_of_services, .type = g_strdup(type),
                          .watched = watched, .user_data = user_data,
                          .retry_ms = RETRY_FIRST_MS };
    g_ptr_array_add(client->watches, watch);
    if (is_online(watch))
        wake_after(watch, 0);
    return watch;
}

static void
on_unsubscribed(const IgrsMessage *reply G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
                gpointer user_data G_GNUC_UNUSED)
{
}

void
igrs_watch_free(IgrsWatch *watch)
{
    if (watch == NULL)
        return;
    g_ptr_array_remove(watch->client->watches, watch);
    clock_cancel(watch->client->node->clock, &watch->timer);
    drop_question(watch);
    if (watch->id != 0) {
        /* Of either kind: PROFILE section 5. */
        IgrsMessage *message = igrs_message_new(IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY);
        message->subscription_id = watch->id;
        igrs_client_send(watch->client, watch->device, message, NULL, on_unsubscribed, NULL);
    }
    g_free(watch->device);
    g_free(watch->type);
    g_free(watch);
}

bool
igrs_watch_is_active(const IgrsWatch *watch)
{
    return watch->id != 0;
}
