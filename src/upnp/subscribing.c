/* subscribing.c -- SUBSCRIBE, renewal and UNSUBSCRIBE (UDA 1.1, clause 4.1)
 *
 * Events go to the host that asked for them and to no other: who names somebody else's address
 * would have us talk to it in its place (CallStranger, CVE-2020-12695). */
#include "net/http-server.h"
#include "upnp/device.h"
#include "wire/gena.h"

#include <string.h>

#define LIFE_S 1800 /* when the peer does not say */
#define CALLBACK_SIZE_MAX 1024

/* The heads of a request that matter; borrowed. */
typedef struct {
    const char *sid, *nt, *callback;
    UpnpHosted *hosted;
    int seconds;
} Request;

/* Refuses what makes no sense whoever asks; false: replied. */
static bool
read_request(HttpExchange *exchange, const UpnpDevice *device, Request *request)
{
    const char *name = http_exchange_parameter(exchange, "service");
    const char *timeout = http_exchange_head(exchange, "TIMEOUT");

    *request = (Request){
        .sid = http_exchange_head(exchange, "SID"),
        .nt = http_exchange_head(exchange, "NT"),
        .callback = http_exchange_head(exchange, "CALLBACK"),
        .hosted = upnp_device_find(device, name),
        .seconds = LIFE_S,
    };
    if (timeout != NULL)
        gena_timeout_decode(timeout, &request->seconds); /* who says it wrongly gets the usual */
    if (request->hosted == NULL)
        http_exchange_reply_problem(exchange, 404, NULL, "there is no service %s", name);
    else if (request->sid != NULL && (request->nt != NULL || request->callback != NULL))
        http_exchange_reply_problem(exchange, 400, "SID",
                                    "a subscription that exists has no NT and no CALLBACK");
    else
        return true;
    return false;
}

static bool
is_at(const char *url, GInetAddress *address)
{
    g_autoptr(GUri) uri =
        strlen(url) <= CALLBACK_SIZE_MAX ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;

    if (uri == NULL || !g_str_equal(g_uri_get_scheme(uri), "http") || g_uri_get_host(uri) == NULL ||
        g_uri_get_userinfo(uri) != NULL)
        return false;
    g_autofree char *host = g_strdup(g_uri_get_host(uri));
    host[strcspn(host, "%")] = '\0'; /* the zone is ours, not the peer's */
    g_autoptr(GInetAddress) there = g_inet_address_new_from_string(host);
    return there != NULL && g_inet_address_equal(there, address);
}

/* The same with the zone by which we know the link that the asker is on; 0: it needs none. The
 * caller's. */
static char *
with_zone(const char *url, unsigned zone)
{
    const char *open = strchr(url, '['), *close = open != NULL ? strchr(open, ']') : NULL;

    if (zone == 0 || close == NULL)
        return g_strdup(url);
    size_t length = (size_t)(open - url) + strcspn(open, "%]");
    return g_strdup_printf("%.*s%%25%u%s", (int)length, url, zone, close); /* RFC 6874 */
}

/* Those callbacks that are at the asker's own address; NULL: none. The caller's. */
static char **
own_callbacks(const char *text, GInetSocketAddress *peer)
{
    GInetAddress *asker = g_inet_socket_address_get_address(peer);
    bool is_v6 = g_inet_address_get_family(asker) == G_SOCKET_FAMILY_IPV6;
    unsigned zone = is_v6 ? g_inet_socket_address_get_scope_id(peer) : 0;
    g_auto(GStrv) callbacks = gena_callbacks_decode(text);
    g_autoptr(GStrvBuilder) own = g_strv_builder_new();
    bool has_any = false;

    for (char **url = callbacks; url != NULL && *url != NULL; url++)
        if (is_at(*url, asker)) {
            g_autofree char *reached = with_zone(*url, zone);
            g_strv_builder_add(own, reached);
            has_any = true;
        }
    return has_any ? g_strv_builder_end(own) : NULL;
}

static void
reply_granted(HttpExchange *exchange, const char *sid, int seconds)
{
    g_autofree char *timeout = g_strdup_printf("Second-%d", seconds);

    http_exchange_add_head(exchange, "SID", sid);
    http_exchange_add_head(exchange, "TIMEOUT", timeout);
    http_exchange_reply(exchange, 200, NULL, NULL);
}

static void
begin(HttpExchange *exchange, UpnpEvents *events, Request *request)
{
    GInetAddress *asker = g_inet_socket_address_get_address(http_exchange_peer(exchange));
    g_autofree char *of = g_inet_address_to_string(asker);
    g_autoptr(GError) error = NULL;

    if (request->nt == NULL || !g_str_equal(request->nt, GENA_NT) || request->callback == NULL) {
        http_exchange_reply_problem(exchange, 412, request->callback == NULL ? "CALLBACK" : "NT",
                                    "a subscription needs NT: " GENA_NT " and a CALLBACK");
        return;
    }
    g_auto(GStrv) callbacks = own_callbacks(request->callback, http_exchange_peer(exchange));
    if (callbacks == NULL) {
        http_exchange_reply_problem(exchange, 412, "CALLBACK",
                                    "events go to the address that asks for them, %s, alone", of);
        return;
    }
    const char *sid =
        upnp_events_subscribe(events, request->hosted->service, (const char *const *)callbacks, of,
                              &request->seconds, &error);
    if (sid != NULL)
        reply_granted(exchange, sid, request->seconds);
    else
        http_exchange_reply_problem(exchange, 503, NULL, "%s", error->message);
}

static void
subscribe(HttpExchange *exchange, gpointer user_data)
{
    UpnpDevice *device = user_data;
    Request request;

    if (!read_request(exchange, device, &request))
        return;
    if (request.sid == NULL)
        begin(exchange, device->events, &request);
    else if (upnp_events_renew(device->events, request.hosted->service, request.sid,
                               &request.seconds))
        reply_granted(exchange, request.sid, request.seconds);
    else
        http_exchange_reply_problem(exchange, 412, "SID", "there is no such subscription");
}

static void
unsubscribe(HttpExchange *exchange, gpointer user_data)
{
    UpnpDevice *device = user_data;
    Request request;

    if (!read_request(exchange, device, &request))
        return;
    if (request.sid != NULL &&
        upnp_events_unsubscribe(device->events, request.hosted->service, request.sid))
        http_exchange_reply(exchange, 200, NULL, NULL);
    else
        http_exchange_reply_problem(exchange, 412, "SID", "there is no such subscription");
}

const HttpRoute upnp_subscribing_routes[] = {
    { "SUBSCRIBE", "/upnp/events/{service}", HTTP_STATE, subscribe, 0 },
    { "UNSUBSCRIBE", "/upnp/events/{service}", HTTP_STATE, unsubscribe, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
