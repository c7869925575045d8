/* ear.c -- see ear.h */
#include "upnp/ear.h"

#include "base/sleep-watch.h"
#include "net/http-server.h"
#include "wire/gena.h"

#include <string.h>

#define PATH "/upnp/heard/"
#define LIFE_S 1800
#define LIFE_MIN_S 20          /* who grants less is asked every ten seconds all the same */
#define RETRY_MS (60 * 1000)   /* of a device that refused or did not answer */
#define ANSWER_MS (10 * 1000)
#define EVENT_SIZE_MAX (256 * 1024)

struct UpnpEar {
    HttpClient *client;
    Clock *clock;              /* borrowed */
    NetInterfaces *interfaces; /* borrowed */
    guint observer;
    SleepWatch *watch;
    uint16_t port;            /* 0: not known yet */
    GPtrArray *subscriptions; /* UpnpSubscription, borrowed */
};

struct UpnpSubscription {
    UpnpEar *ear; /* borrowed */
    char *url, *host;
    char *token;    /* of the address that it is told */
    char *callback; /* that address; NULL: not asked yet */
    char *sid;      /* NULL: not granted */
    uint32_t next_seq;
    bool is_active;
    guint timer;               /* till it is renewed, or asked again */
    GCancellable *cancellable; /* of what it is asked; NULL: nothing */
    UpnpNotified notified;
    gpointer user_data;
};

static void begin(gpointer data);

/* -- Asking ------------------------------------------------------------------------------------ */

static void
set_active(UpnpSubscription *subscription, bool is_active)
{
    if (subscription->is_active == is_active)
        return;
    subscription->is_active = is_active;
    subscription->notified(NULL, NULL, subscription->user_data);
}

static void
be_silent(UpnpSubscription *subscription)
{
    clock_cancel(subscription->ear->clock, &subscription->timer);
    g_cancellable_cancel(subscription->cancellable);
    g_clear_object(&subscription->cancellable);
}

static void
ask(UpnpSubscription *subscription, const HttpHead *heads, HttpReplied replied)
{
    be_silent(subscription);
    subscription->cancellable = g_cancellable_new();
    http_client_send(subscription->ear->client,
                     &(HttpRequest){ .method = "SUBSCRIBE", .url = subscription->url,
                                     .heads = heads, .timeout_ms = ANSWER_MS, .body_max = 4096 },
                     subscription->cancellable, replied, subscription);
}

static void on_renewed(const HttpReply *reply, const GError *error, gpointer user_data);

static void
renew(gpointer data)
{
    UpnpSubscription *subscription = data;
    char timeout[32];
    const HttpHead heads[] = { { "SID", subscription->sid }, { "TIMEOUT", timeout },
                               { NULL, NULL } };

    g_snprintf(timeout, sizeof timeout, "Second-%d", LIFE_S);
    ask(subscription, heads, on_renewed);
}

/* Half of what was granted from now. */
static void
renew_in_time(UpnpSubscription *subscription, const HttpReply *reply)
{
    const char *text = http_reply_head(reply, "TIMEOUT");
    int seconds = LIFE_S;

    if (text != NULL)
        gena_timeout_decode(text, &seconds);
    subscription->timer =
        clock_after(subscription->ear->clock,
                    CLAMP(seconds, LIFE_MIN_S, LIFE_S) * INT64_C(1000) / 2, renew, subscription);
}

static bool
is_granted(const HttpReply *reply)
{
    return reply != NULL && http_reply_status(reply) / 100 == 2;
}

static void
on_renewed(const HttpReply *reply, const GError *error, gpointer user_data)
{
    UpnpSubscription *subscription = user_data;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* it may be gone */
    if (is_granted(reply)) {
        renew_in_time(subscription, reply);
        return;
    }
    g_clear_pointer(&subscription->sid, g_free);
    begin(subscription); /* it forgot us, or is away */
}

static void
on_answered(const HttpReply *reply, const GError *error, gpointer user_data)
{
    UpnpSubscription *subscription = user_data;
    const char *sid = is_granted(reply) ? http_reply_head(reply, "SID") : NULL;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (sid != NULL) {
        g_free(subscription->sid); /* its first event may have come before */
        subscription->sid = g_strdup(sid);
        renew_in_time(subscription, reply);
        return;
    }
    g_debug("%s sends no events: %s", subscription->host,
            error != NULL ? error->message : "it refused");
    g_clear_pointer(&subscription->sid, g_free);
    subscription->timer = clock_after(subscription->ear->clock, RETRY_MS, begin, subscription);
    set_active(subscription, false);
}

/* The address of ours that the device reaches now; the caller's, NULL: none. */
static char *
callback_of(const UpnpSubscription *subscription)
{
    const UpnpEar *ear = subscription->ear;
    g_autofree char *base =
        ear->port != 0 ? net_interfaces_base_url(ear->interfaces, subscription->host, ear->port)
                       : NULL;

    return base != NULL ? g_strconcat(base, PATH, subscription->token, NULL) : NULL;
}

static void
begin(gpointer data)
{
    UpnpSubscription *subscription = data;
    char timeout[32];

    be_silent(subscription);
    g_clear_pointer(&subscription->sid, g_free);
    g_free(subscription->callback);
    subscription->callback = callback_of(subscription);
    if (subscription->url == NULL || subscription->callback == NULL)
        return; /* the port, or an interface, will come */
    g_autofree char *within = g_strdup_printf("<%s>", subscription->callback);
    const HttpHead heads[] = { { "CALLBACK", within }, { "NT", GENA_NT }, { "TIMEOUT", timeout },
                               { NULL, NULL } };
    g_snprintf(timeout, sizeof timeout, "Second-%d", LIFE_S);
    subscription->next_seq = 0;
    ask(subscription, heads, on_answered);
}

/* -- Hearing ----------------------------------------------------------------------------------- */

static UpnpSubscription *
find(const UpnpEar *ear, const char *token)
{
    for (guint i = 0; i < ear->subscriptions->len; i++) {
        UpnpSubscription *subscription = ear->subscriptions->pdata[i];
        if (strcmp(subscription->token, token) == 0)
            return subscription;
    }
    return NULL;
}

/* The event is the device's own, and of this subscription. An event may overtake the answer that
 * names the subscription. */
static bool
is_meant(const UpnpSubscription *subscription, const HttpExchange *exchange)
{
    GInetAddress *teller = g_inet_socket_address_get_address(http_exchange_peer(exchange));
    g_autofree char *host = g_inet_address_to_string(teller);
    const char *sid = http_exchange_head(exchange, "SID");

    return strcmp(host, subscription->host) == 0 && sid != NULL &&
           (subscription->sid != NULL ? g_ascii_strcasecmp(sid, subscription->sid) == 0
                                      : subscription->cancellable != NULL);
}

/* True when events before this one did not come. Who does not count is not reckoned with. */
static bool
misses_some(UpnpSubscription *subscription, const HttpExchange *exchange)
{
    const char *text = http_exchange_head(exchange, "SEQ");
    guint64 seq;

    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, UINT32_MAX, &seq, NULL))
        return false;
    bool is_missing = seq > subscription->next_seq;
    subscription->next_seq = seq == UINT32_MAX ? 1 : (uint32_t)seq + 1;
    return is_missing;
}

/* Whoever hears may end the subscription. */
static void
tell(const UpnpEar *ear, const char *token, GHashTable *values, bool is_missing)
{
    GHashTableIter iter;
    gpointer name, value;
    UpnpSubscription *subscription = find(ear, token);

    g_hash_table_iter_init(&iter, values);
    while (subscription != NULL && g_hash_table_iter_next(&iter, &name, &value)) {
        subscription->notified(name, value, subscription->user_data);
        subscription = find(ear, token);
    }
    if (subscription != NULL && !subscription->is_active)
        set_active(subscription, true);
    else if (subscription != NULL && is_missing)
        subscription->notified(NULL, NULL, subscription->user_data);
}

static void
on_event(HttpExchange *exchange, gpointer user_data)
{
    UpnpEar *ear = user_data;
    g_autofree char *token = g_strdup(http_exchange_parameter(exchange, "token"));
    UpnpSubscription *subscription = find(ear, token);
    g_autoptr(GError) error = NULL;

    if (subscription == NULL || !is_meant(subscription, exchange)) {
        http_exchange_reply_problem(exchange, 412, "SID", "nobody here asked for this");
        return;
    }
    GBytes *body = http_exchange_body(exchange);
    g_autoptr(GHashTable) values =
        gena_decode(g_bytes_get_data(body, NULL), g_bytes_get_size(body), &error);
    if (values == NULL) {
        g_debug("%s sent an event that cannot be read: %s", subscription->host, error->message);
        http_exchange_reply_error(exchange, error);
        return;
    }
    bool is_missing = misses_some(subscription, exchange);
    http_exchange_reply(exchange, 200, NULL, NULL);
    tell(ear, token, values, is_missing);
}

static const HttpRoute routes[] = {
    { "NOTIFY", PATH "{token}", HTTP_STATE, on_event, EVENT_SIZE_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};

/* -- Subscriptions ----------------------------------------------------------------------------- */

UpnpSubscription *
upnp_ear_subscribe(UpnpEar *ear, const UpnpRemoteService *service, const char *host,
                   UpnpNotified notified, gpointer user_data)
{
    UpnpSubscription *subscription = g_new(UpnpSubscription, 1);

    *subscription = (UpnpSubscription){
        .ear = ear, .url = g_strdup(service->event_url), .host = g_strdup(host),
        .token = g_uuid_string_random(), .notified = notified, .user_data = user_data,
    };
    g_ptr_array_add(ear->subscriptions, subscription);
    begin(subscription);
    return subscription;
}

static void
ignore_reply(const HttpReply *reply, const GError *error, gpointer user_data)
{
}

void
upnp_subscription_free(UpnpSubscription *subscription)
{
    if (subscription == NULL)
        return;
    be_silent(subscription);
    if (subscription->sid != NULL) {
        const HttpHead heads[] = { { "SID", subscription->sid }, { NULL, NULL } };
        http_client_send(subscription->ear->client,
                         &(HttpRequest){ .method = "UNSUBSCRIBE", .url = subscription->url,
                                         .heads = heads, .timeout_ms = ANSWER_MS,
                                         .body_max = 4096 },
                         NULL, ignore_reply, NULL);
    }
    g_ptr_array_remove_fast(subscription->ear->subscriptions, subscription);
    g_free(subscription->url);
    g_free(subscription->host);
    g_free(subscription->token);
    g_free(subscription->callback);
    g_free(subscription->sid);
    g_free(subscription);
}

bool
upnp_subscription_is_active(const UpnpSubscription *subscription)
{
    return subscription->is_active;
}

/* -- The ear ----------------------------------------------------------------------------------- */

/* Those whose address of ours is another now begin anew; the others ask whether they are known. */
static void
refresh(gpointer data)
{
    UpnpEar *ear = data;

    for (guint i = 0; i < ear->subscriptions->len; i++) {
        UpnpSubscription *subscription = ear->subscriptions->pdata[i];
        g_autofree char *callback = callback_of(subscription);
        if (subscription->sid != NULL && g_strcmp0(callback, subscription->callback) == 0)
            renew(subscription);
        else
            begin(subscription);
    }
}

static void
on_interfaces(gconstpointer event, gpointer user_data)
{
    refresh(user_data);
}

UpnpEar *
upnp_ear_new(const char *agent, Clock *clock, NetInterfaces *interfaces)
{
    UpnpEar *ear = g_new0(UpnpEar, 1);

    ear->client = http_client_new(agent);
    ear->clock = clock;
    ear->interfaces = interfaces;
    ear->subscriptions = g_ptr_array_new();
    ear->observer = observers_add(net_interfaces_observers(interfaces), on_interfaces, ear);
    ear->watch = sleep_watch_new(clock, refresh, ear);
    return ear;
}

void
upnp_ear_free(UpnpEar *ear)
{
    if (ear == NULL)
        return;
    g_assert(ear->subscriptions->len == 0);
    observers_remove(net_interfaces_observers(ear->interfaces), ear->observer);
    sleep_watch_free(ear->watch);
    http_client_free(ear->client);
    g_ptr_array_unref(ear->subscriptions);
    g_free(ear);
}

void
upnp_ear_add_routes(UpnpEar *ear, HttpRouter *router)
{
    http_router_add(router, routes, ear);
}

void
upnp_ear_set_port(UpnpEar *ear, uint16_t port)
{
    ear->port = port;
    refresh(ear);
}
