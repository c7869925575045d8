/* events.c -- see events.h */
#include "upnp/events.h"

#include "base/error.h"
#include "net/http-client.h"
#include "wire/gena.h"

#include <string.h>

#define SUBSCRIPTIONS_MAX 256
#define PER_ADDRESS_MAX 32
#define LIFE_MIN_S 30
#define LIFE_MAX_S 3600
#define FIRST_MS 100     /* the answer to SUBSCRIBE must be there before the first event (4.1.2) */
#define GATHER_MS 10     /* variables that change together are told together */
#define TIMEOUT_MS 3000
#define FAILURES_MAX 3
/* Some control points never answer an event. They are waited for a moment, then told the next. */
#define PATIENCE_MS 500
#define UNDER_WAY_MAX 3
#define SID_PREFIX "uuid:"

typedef struct Subscription Subscription;

/* A message under way; it may outlive its subscription. */
typedef struct {
    Subscription *subscription; /* NULL: ended meanwhile */
} Delivery;

struct Subscription {
    UpnpEvents *events; /* borrowed */
    Service *service;   /* borrowed */
    char *sid;
    char *of;
    char **callbacks;
    guint callback; /* the one that works, as far as we know */
    uint32_t seq;
    GPtrArray *changed; /* names of variables, borrowed from the table */
    GPtrArray *under_way; /* Delivery, borrowed */
    bool is_patient;      /* the last one may still be answered before the next is sent */
    guint send_timer, patience_timer, expiry_timer;
    guint failures; /* running; an answer that does not come is none */
};

typedef struct {
    UpnpEvents *events; /* borrowed */
    Service *service;   /* borrowed */
    guint observer;
} Source;

struct UpnpEvents {
    Clock *clock; /* borrowed */
    HttpClient *client;
    GPtrArray *sources;       /* Source */
    GPtrArray *subscriptions; /* Subscription */
};

static void
subscription_free(gpointer data)
{
    Subscription *subscription = data;

    for (guint i = 0; i < subscription->under_way->len; i++)
        ((Delivery *)subscription->under_way->pdata[i])->subscription = NULL;
    g_ptr_array_unref(subscription->under_way);
    clock_cancel(subscription->events->clock, &subscription->send_timer);
    clock_cancel(subscription->events->clock, &subscription->patience_timer);
    clock_cancel(subscription->events->clock, &subscription->expiry_timer);
    g_ptr_array_unref(subscription->changed);
    g_strfreev(subscription->callbacks);
    g_free(subscription->sid);
    g_free(subscription->of);
    g_free(subscription);
}

/* -- Telling ----------------------------------------------------------------------------------- */

static void on_send_due(gpointer data);

static void
send_soon(Subscription *subscription, int64_t delay_ms)
{
    if (!subscription->is_patient && subscription->under_way->len < UNDER_WAY_MAX &&
        subscription->send_timer == 0 && subscription->changed->len > 0)
        subscription->send_timer =
            clock_after(subscription->events->clock, delay_ms, on_send_due, subscription);
}

static void
on_patience_over(gpointer data)
{
    Subscription *subscription = data;

    subscription->patience_timer = 0;
    subscription->is_patient = false;
    send_soon(subscription, 0);
}

static void
on_delivered(const HttpReply *reply, const GError *error, gpointer user_data)
{
    g_autofree Delivery *delivery = user_data;
    Subscription *subscription = delivery->subscription;
    bool is_taken = reply != NULL && http_reply_status(reply) / 100 == 2;
    bool is_unknown = reply != NULL && http_reply_status(reply) == 412;
    bool is_silent = g_error_matches(error, DUO_ERROR, DUO_ERROR_TIMEOUT);

    if (subscription == NULL)
        return;
    g_ptr_array_remove(subscription->under_way, delivery);
    if (is_taken) {
        subscription->failures = 0;
    } else if (is_unknown || (!is_silent && ++subscription->failures >= FAILURES_MAX)) {
        g_info("%s does not hear our events any more: %s", subscription->of,
               error != NULL ? error->message : "it refused them");
        g_ptr_array_remove(subscription->events->subscriptions, subscription);
        return;
    } else if (!is_silent) {
        subscription->callback =
            (subscription->callback + 1) % g_strv_length(subscription->callbacks);
    }
    if (subscription->under_way->len == 0) {
        clock_cancel(subscription->events->clock, &subscription->patience_timer);
        subscription->is_patient = false;
    }
    send_soon(subscription, GATHER_MS);
}

static GBytes *
print_changes(const Subscription *subscription)
{
    Service *service = subscription->service;
    guint count = subscription->changed->len;
    g_autofree GenaProperty *properties = g_new(GenaProperty, count);
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < count; i++) {
        const char *name = subscription->changed->pdata[i];
        char *value = service->table->value(service, name);
        g_ptr_array_add(values, value);
        properties[i] = (GenaProperty){ name, value != NULL ? value : "" };
    }
    return g_string_free_to_bytes(gena_encode(properties, count));
}

static void
on_send_due(gpointer data)
{
    Subscription *subscription = data;
    char seq[16];
    g_autoptr(GBytes) body = print_changes(subscription);
    const HttpHead heads[] = {
        { "NT", GENA_NT }, { "NTS", GENA_NTS }, { "SID", subscription->sid }, { "SEQ", seq },
        { NULL, NULL },
    };

    g_snprintf(seq, sizeof seq, "%" G_GUINT32_FORMAT, subscription->seq);
    /* 4.3.1: after the greatest comes 1, since 0 is the first of all. */
    subscription->seq = subscription->seq == UINT32_MAX ? 1 : subscription->seq + 1;
    subscription->send_timer = 0;
    g_ptr_array_set_size(subscription->changed, 0);
    Delivery *delivery = g_new(Delivery, 1);
    delivery->subscription = subscription;
    g_ptr_array_add(subscription->under_way, delivery);
    subscription->is_patient = true;
    clock_cancel(subscription->events->clock, &subscription->patience_timer);
    subscription->patience_timer =
        clock_after(subscription->events->clock, PATIENCE_MS, on_patience_over, subscription);
    http_client_send(subscription->events->client,
                     &(HttpRequest){
                         .method = "NOTIFY",
                         .url = subscription->callbacks[subscription->callback],
                         .heads = heads,
                         .mime = "text/xml; charset=\"utf-8\"",
                         .body = body,
                         .timeout_ms = TIMEOUT_MS,
                         .body_max = 4096,
                     },
                     NULL, on_delivered, delivery);
}

static void
add_change(Subscription *subscription, const char *name)
{
    if (!g_ptr_array_find(subscription->changed, name, NULL))
        g_ptr_array_add(subscription->changed, (gpointer)name);
}

static void
on_changed(gconstpointer event, gpointer user_data)
{
    const Source *source = user_data;
    const ServiceVariable *variable = service_find_variable(source->service->table, event);
    GPtrArray *all = source->events->subscriptions;

    for (guint i = 0; i < all->len; i++) {
        Subscription *subscription = all->pdata[i];
        if (subscription->service != source->service)
            continue;
        add_change(subscription, variable->name);
        send_soon(subscription, GATHER_MS);
    }
}

/* -- Subscriptions ----------------------------------------------------------------------------- */

static void
on_expired(gpointer data)
{
    Subscription *subscription = data;

    subscription->expiry_timer = 0;
    g_ptr_array_remove(subscription->events->subscriptions, subscription);
}

static void
live_for(Subscription *subscription, int *seconds)
{
    Clock *clock = subscription->events->clock;

    *seconds = CLAMP(*seconds, LIFE_MIN_S, LIFE_MAX_S);
    clock_cancel(clock, &subscription->expiry_timer);
    subscription->expiry_timer =
        clock_after(clock, *seconds * INT64_C(1000), on_expired, subscription);
}

static bool
is_full(const UpnpEvents *events, const char *of)
{
    guint count = 0;

    for (guint i = 0; i < events->subscriptions->len; i++)
        count += g_str_equal(((Subscription *)events->subscriptions->pdata[i])->of, of);
    return count >= PER_ADDRESS_MAX || events->subscriptions->len >= SUBSCRIPTIONS_MAX;
}

const char *
upnp_events_subscribe(UpnpEvents *events, Service *service, const char *const *callbacks,
                      const char *of, int *seconds, GError **error)
{
    if (is_full(events, of)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "%s: there are too many subscriptions", of);
        return NULL;
    }
    g_autofree char *uuid = g_uuid_string_random();
    Subscription *subscription = g_new(Subscription, 1);
    *subscription = (Subscription){
        .events = events,
        .service = service,
        .sid = g_strconcat(SID_PREFIX, uuid, NULL),
        .of = g_strdup(of),
        .callbacks = g_strdupv((char **)callbacks),
        .changed = g_ptr_array_new(),
        .under_way = g_ptr_array_new(),
    };
    for (const ServiceVariable *v = service->table->variables; v->name != NULL; v++)
        if (v->is_evented)
            add_change(subscription, v->name);
    g_ptr_array_add(events->subscriptions, subscription);
    live_for(subscription, seconds);
    send_soon(subscription, FIRST_MS);
    return subscription->sid;
}

static Subscription *
find(const UpnpEvents *events, const Service *service, const char *sid)
{
    for (guint i = 0; i < events->subscriptions->len; i++) {
        Subscription *subscription = events->subscriptions->pdata[i];
        if (subscription->service == service && g_ascii_strcasecmp(subscription->sid, sid) == 0)
            return subscription;
    }
    return NULL;
}

bool
upnp_events_renew(UpnpEvents *events, Service *service, const char *sid, int *seconds)
{
    Subscription *subscription = find(events, service, sid);

    if (subscription != NULL)
        live_for(subscription, seconds);
    return subscription != NULL;
}

bool
upnp_events_unsubscribe(UpnpEvents *events, Service *service, const char *sid)
{
    Subscription *subscription = find(events, service, sid);

    return subscription != NULL && g_ptr_array_remove(events->subscriptions, subscription);
}

/* -- The whole --------------------------------------------------------------------------------- */

static void
source_free(gpointer data)
{
    Source *source = data;

    observers_remove(source->service->observers, source->observer);
    g_free(source);
}

UpnpEvents *
upnp_events_new(Clock *clock, const char *agent)
{
    UpnpEvents *events = g_new0(UpnpEvents, 1);

    events->clock = clock;
    events->client = http_client_new(agent);
    events->sources = g_ptr_array_new_with_free_func(source_free);
    events->subscriptions = g_ptr_array_new_with_free_func(subscription_free);
    return events;
}

void
upnp_events_free(UpnpEvents *events)
{
    if (events == NULL)
        return;
    upnp_events_forget(events);
    http_client_free(events->client);
    g_ptr_array_unref(events->sources);
    g_ptr_array_unref(events->subscriptions);
    g_free(events);
}

void
upnp_events_add_service(UpnpEvents *events, Service *service)
{
    Source *source = g_new(Source, 1);

    *source = (Source){ events, service, 0 };
    source->observer = observers_add(service->observers, on_changed, source);
    g_ptr_array_add(events->sources, source);
}

void
upnp_events_forget(UpnpEvents *events)
{
    g_ptr_array_set_size(events->subscriptions, 0);
}
