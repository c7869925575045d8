/* control-point.c -- see control-point.h; UDA 1.1, clauses 1 and 2 */
#include "upnp/control-point.h"

#include "net/datagram.h"
#include "wire/ssdp.h"
#include "wire/upnp-description.h"

#include <string.h>

#define TTL 2
#define SEARCH_MX 2
#define DEVICES_MAX 64
#define FETCHES_MAX 8
#define FETCH_MS 10000
#define LIFE_MIN_S 60
#define SEARCH_EVERY_MS (5 * 60 * 1000)

/* Three at first, should one be lost. */
static const int64_t search_again_ms[] = { 0, 500, 2000 };

typedef struct {
    UpnpControlPoint *point; /* borrowed; NULL: forgotten while its description was fetched */
    char *usn_uuid;          /* as its announcements say */
    char *location;
    UpnpRemote *remote;      /* NULL: not described yet */
    bool is_fetching;
    int life_s;
    guint expiry;
} Known;

struct UpnpControlPoint {
    Clock *clock;              /* borrowed, as are the next two */
    NetInterfaces *interfaces;
    HttpClient *client;
    char *type;   /* "urn:...:device:MediaRenderer:" */
    char *target; /* the same with version 1 */
    char *agent;
    Datagram *ear, *mouth;
    GSocketAddress *group;
    GPtrArray *known; /* Known */
    guint fetches;
    guint search_timer, search_round;
    guint observer;
    Observers *observers;
};

static void
known_free(gpointer data)
{
    Known *known = data;

    clock_cancel(known->point->clock, &known->expiry);
    g_clear_pointer(&known->remote, upnp_remote_free);
    g_free(known->usn_uuid);
    g_free(known->location);
    known->point = NULL;
    if (!known->is_fetching) /* else its answer frees it */
        g_free(known);
}

static void
tell(UpnpControlPoint *point, const UpnpRemote *remote, bool is_online)
{
    const UpnpRemoteEvent event = { is_online, remote };

    observers_notify(point->observers, &event);
}

static void
forget(UpnpControlPoint *point, Known *known)
{
    if (known->remote != NULL)
        tell(point, known->remote, false);
    g_ptr_array_remove_fast(point->known, known);
}

static void
on_expired(gpointer data)
{
    Known *known = data;

    known->expiry = 0;
    forget(known->point, known);
}

static void
extend_life(Known *known, unsigned max_age_s)
{
    Clock *clock = known->point->clock;

    known->life_s = (int)MAX(max_age_s != 0 ? max_age_s : SSDP_MAX_AGE_S, LIFE_MIN_S);
    clock_cancel(clock, &known->expiry);
    known->expiry = clock_after(clock, known->life_s * INT64_C(1000), on_expired, known);
}

/* -- Descriptions ------------------------------------------------------------------------------ */

static void
on_described(const HttpReply *reply, const GError *failure, gpointer user_data)
{
    Known *known = user_data;
    UpnpControlPoint *point = known->point;
    g_autoptr(GError) error = NULL;

    known->is_fetching = false;
    if (point == NULL) {
        g_free(known);
        return;
    }
    point->fetches--;
    if (reply != NULL && http_reply_status(reply) == 200) {
        GBytes *body = http_reply_body(reply);
        known->remote = upnp_remote_decode(g_bytes_get_data(body, NULL), g_bytes_get_size(body),
                                           known->location, point->type, &error);
    }
    if (known->remote != NULL && g_ascii_strcasecmp(known->remote->uuid, known->usn_uuid) == 0) {
        tell(point, known->remote, true);
        return;
    }
    g_info("%s is no device we can use: %s", known->location,
           failure != NULL ? failure->message
           : error != NULL ? error->message
                           : "it is another one");
    g_clear_pointer(&known->remote, upnp_remote_free);
    forget(point, known); /* its next announcement is another chance */
}

static void
fetch(UpnpControlPoint *point, Known *known)
{
    point->fetches++;
    known->is_fetching = true;
    http_client_send(point->client,
                     &(HttpRequest){ .method = "GET", .url = known->location,
                                     .timeout_ms = FETCH_MS, .body_max = UPNP_REMOTE_SIZE_MAX },
                     NULL, on_described, known);
}

/* -- What is heard ----------------------------------------------------------------------------- */

/* "uuid:X::..." without the rest; the caller's. */
static char *
uuid_of(const char *usn)
{
    static const char prefix[] = "uuid:";

    if (!g_str_has_prefix(usn, prefix))
        return NULL;
    usn += sizeof prefix - 1;
    const char *end = strstr(usn, "::");
    return g_strndup(usn, end != NULL ? (gsize)(end - usn) : strlen(usn));
}

static Known *
find(const UpnpControlPoint *point, const char *uuid)
{
    for (guint i = 0; i < point->known->len; i++) {
        Known *known = point->known->pdata[i];
        if (g_ascii_strcasecmp(known->usn_uuid, uuid) == 0)
            return known;
    }
    return NULL;
}

/* A description is where its device is. */
static bool
is_at(const char *location, GInetAddress *speaker)
{
    g_autoptr(GUri) uri = g_uri_parse(location, G_URI_FLAGS_ENCODED, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    g_autoptr(GInetAddress) address =
        host != NULL && g_str_equal(g_uri_get_scheme(uri), "http") &&
                g_uri_get_userinfo(uri) == NULL
            ? g_inet_address_new_from_string(host)
            : NULL;

    return address != NULL && g_inet_address_equal(address, speaker);
}

static void
on_here(UpnpControlPoint *point, const Ssdp *said, const char *uuid, GInetAddress *speaker)
{
    Known *known = find(point, uuid);

    if (!is_at(said->location, speaker))
        return;
    if (known != NULL && g_str_equal(known->location, said->location)) {
        extend_life(known, said->max_age_s);
        return;
    }
    if (known != NULL) /* it moved */
        forget(point, known);
    if (point->known->len >= DEVICES_MAX || point->fetches >= FETCHES_MAX)
        return;
    known = g_new0(Known, 1);
    known->point = point;
    known->usn_uuid = g_strdup(uuid);
    known->location = g_strdup(said->location);
    g_ptr_array_add(point->known, known);
    extend_life(known, said->max_age_s);
    fetch(point, known);
}

static void
on_gone(UpnpControlPoint *point, const char *uuid, GInetAddress *speaker)
{
    Known *known = find(point, uuid);

    if (known != NULL && is_at(known->location, speaker)) /* nobody says it for another */
        forget(point, known);
}

static void
on_received(GBytes *bytes, GSocketAddress *from, unsigned interface_index, gpointer user_data)
{
    UpnpControlPoint *point = user_data;
    const NetInterface *interface = net_interfaces_find(point->interfaces, interface_index);
    GInetAddress *speaker = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(from));
    g_auto(Ssdp) said = { 0 };

    if (interface == NULL || !net_interface_is_on_link(interface, speaker) ||
        !ssdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &said, NULL) ||
        said.kind == SSDP_SEARCH || !g_str_has_prefix(said.target, point->type))
        return;
    g_autofree char *uuid = uuid_of(said.usn);
    if (uuid == NULL)
        return;
    if (said.kind == SSDP_BYEBYE)
        on_gone(point, uuid, speaker);
    else
        on_here(point, &said, uuid, speaker);
}

/* -- Searching --------------------------------------------------------------------------------- */

static void
search_on(const UpnpControlPoint *point, const NetInterface *interface)
{
    GInetAddress *source = net_interface_address(interface, G_SOCKET_FAMILY_IPV4);
    g_autoptr(GBytes) bytes = ssdp_encode(&(Ssdp){
        .kind = SSDP_SEARCH, .target = point->target, .mx = SEARCH_MX, .server = point->agent });
    GInetAddress *group = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(point->group));
    g_autoptr(GError) error = NULL;

    if (source == NULL)
        return;
    if (!datagram_join(point->ear, group, interface->index, &error) ||
        !datagram_send(point->mouth, bytes, point->group, interface->index, source, TTL, &error))
        g_debug("%s: not searched: %s", interface->name, error->message);
}

static void
on_search_due(gpointer data)
{
    UpnpControlPoint *point = data;
    const GPtrArray *list = net_interfaces_list(point->interfaces);

    for (guint i = 0; i < list->len; i++)
        search_on(point, list->pdata[i]);
    int64_t delay_ms = ++point->search_round < G_N_ELEMENTS(search_again_ms)
                           ? search_again_ms[point->search_round]
                           : SEARCH_EVERY_MS;
    point->search_timer = clock_after(point->clock, delay_ms, on_search_due, point);
}

static void
on_interfaces(gconstpointer event, gpointer user_data)
{
    UpnpControlPoint *point = user_data;

    clock_cancel(point->clock, &point->search_timer);
    point->search_round = 0;
    point->search_timer = clock_after(point->clock, search_again_ms[0], on_search_due, point);
}

/* -- Beginning and end ------------------------------------------------------------------------- */

UpnpControlPoint *
upnp_control_point_new(const UpnpControlPointOptions *options, GError **error)
{
    uint16_t port = options->ssdp_port != 0 ? options->ssdp_port : SSDP_PORT;
    UpnpControlPoint *point = g_new0(UpnpControlPoint, 1);

    point->clock = options->clock;
    point->interfaces = options->interfaces;
    point->client = options->client;
    point->type = g_strdup_printf("urn:" UPNP_DOMAIN ":device:%s:", options->type);
    point->target = g_strconcat(point->type, "1", NULL);
    point->agent = g_strdup(options->agent);
    point->group = g_inet_socket_address_new_from_string(SSDP_GROUP, port);
    point->known = g_ptr_array_new_with_free_func(known_free);
    point->observers = observers_new();
    point->ear = datagram_new(G_SOCKET_FAMILY_IPV4, port, on_received, point, error);
    point->mouth = point->ear == NULL ? NULL : datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_received,
                                                            point, error);
    if (point->mouth == NULL) {
        upnp_control_point_free(point);
        return NULL;
    }
    point->observer =
        observers_add(net_interfaces_observers(point->interfaces), on_interfaces, point);
    on_interfaces(NULL, point);
    return point;
}

void
upnp_control_point_free(UpnpControlPoint *point)
{
    if (point == NULL)
        return;
    observers_remove(net_interfaces_observers(point->interfaces), point->observer);
    clock_cancel(point->clock, &point->search_timer);
    g_clear_pointer(&point->ear, datagram_free);
    g_clear_pointer(&point->mouth, datagram_free);
    g_ptr_array_unref(point->known);
    observers_free(point->observers);
    g_object_unref(point->group);
    g_free(point->type);
    g_free(point->target);
    g_free(point->agent);
    g_free(point);
}

Observers *
upnp_control_point_observers(UpnpControlPoint *point)
{
    return point->observers;
}
