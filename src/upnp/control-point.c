/* control-point.c -- see control-point.h; UDA 1.1, clauses 1 and 2 */
#include "upnp/control-point.h"

#include "base/sleep-watch.h"
#include "net/datagram.h"
#include "wire/ssdp.h"
#include "wire/upnp-description.h"

#include <string.h>

#define TTL 2
#define SEARCH_MX 2
#define DEVICES_MAX 64
#define DEVICES_OF_HOST_MAX 16 /* so that one host does not take the room of all */
#define FETCHES_MAX 8
#define FETCH_MS 10000
#define LIFE_MIN_S 60
#define SEARCH_EVERY_MS (5 * 60 * 1000)
#define ANSWER_MS 10000        /* how long after a sleep they have to say that they are there */
#define DOUBT_MS 60000         /* how often we look whether one has moved */

/* Three at first, should one be lost. */
static const int64_t search_again_ms[] = { 0, 500, 2000 };

typedef struct {
    UpnpControlPoint *point; /* borrowed; NULL: forgotten while its description was fetched */
    char *usn_uuid;          /* as its announcements say */
    char *location;
    char *rumour;            /* where it may have moved to; NULL: nowhere */
    uint32_t boot_id;        /* 0: not said */
    UpnpRemote *remote;      /* NULL: not described yet */
    bool is_fetching;
    bool is_doubted;         /* fetched to see whether it is still there */
    int64_t doubted_ms, until_ms;
    guint expiry;
} Known;

struct UpnpControlPoint {
    Clock *clock;              /* borrowed, as are the next two */
    NetInterfaces *interfaces;
    HttpClient *client;
    SleepWatch *watch;
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
    g_free(known->rumour);
    known->point = NULL;
    if (!known->is_fetching) /* else its answer frees it */
        g_free(known);
}

static void
tell(UpnpControlPoint *point, const UpnpRemote *remote, bool is_online, bool said_goodbye)
{
    const UpnpRemoteEvent event = { said_goodbye, is_online, remote };

    observers_notify(point->observers, &event);
}

static void
forget(UpnpControlPoint *point, Known *known, bool said_goodbye)
{
    if (known->remote != NULL)
        tell(point, known->remote, false, said_goodbye);
    g_ptr_array_remove_fast(point->known, known);
}

static void
on_expired(gpointer data)
{
    Known *known = data;

    known->expiry = 0;
    forget(known->point, known, false);
}

static void
live_until(Known *known, int64_t until_ms)
{
    Clock *clock = known->point->clock;

    known->until_ms = until_ms;
    clock_cancel(clock, &known->expiry);
    known->expiry = clock_after(clock, until_ms - clock_now_ms(clock), on_expired, known);
}

static void
extend_life(Known *known, unsigned max_age_s)
{
    int64_t life_s = MAX(max_age_s != 0 ? max_age_s : SSDP_MAX_AGE_S, LIFE_MIN_S);

    live_until(known, clock_now_ms(known->point->clock) + life_s * 1000);
}

/* -- Descriptions ------------------------------------------------------------------------------ */

static void fetch(UpnpControlPoint *point, Known *known);

/* The device that is meant; NULL: it is none we can use, or another. */
static UpnpRemote *
read_description(const Known *known, const HttpReply *reply, GError **error)
{
    if (reply == NULL || http_reply_status(reply) != 200)
        return NULL;
    GBytes *body = http_reply_body(reply);
    g_autoptr(UpnpRemote) remote =
        upnp_remote_decode(g_bytes_get_data(body, NULL), g_bytes_get_size(body), known->location,
                           known->point->type, error);
    return remote != NULL && g_ascii_strcasecmp(remote->uuid, known->usn_uuid) == 0
               ? g_steal_pointer(&remote) : NULL;
}

/* It does not answer where it was: is it where it is said to be? */
static bool
follow_rumour(UpnpControlPoint *point, Known *known)
{
    if (known->rumour == NULL)
        return false;
    g_free(known->location);
    known->location = g_steal_pointer(&known->rumour);
    known->is_doubted = false;
    fetch(point, known);
    return true;
}

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
    g_autoptr(UpnpRemote) remote = read_description(known, reply, &error);
    if (remote == NULL) {
        g_info("%s is no device we can use: %s", known->location,
               failure != NULL ? failure->message
               : error != NULL ? error->message
                               : "it is another one");
        if (!follow_rumour(point, known))
            forget(point, known, false); /* its next announcement is another chance */
        return;
    }
    g_clear_pointer(&known->rumour, g_free);
    if (known->is_doubted)
        return; /* it is where it was */
    upnp_remote_free(known->remote);
    known->remote = g_steal_pointer(&remote);
    tell(point, known->remote, true, false);
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

/* One on two networks that we are on as well is announced twice. */
static void
doubt(UpnpControlPoint *point, Known *known, const char *location)
{
    int64_t now_ms = clock_now_ms(point->clock);

    if (known->is_fetching || point->fetches >= FETCHES_MAX ||
        (known->doubted_ms != 0 && now_ms - known->doubted_ms < DOUBT_MS))
        return;
    known->doubted_ms = now_ms;
    known->is_doubted = true;
    known->rumour = g_strdup(location);
    fetch(point, known);
}

static void
on_known_here(UpnpControlPoint *point, Known *known, const Ssdp *said)
{
    bool is_anew = said->boot_id != 0 && known->boot_id != 0 && said->boot_id != known->boot_id;

    if (!g_str_equal(known->location, said->location)) {
        doubt(point, known, said->location);
        return;
    }
    extend_life(known, said->max_age_s);
    if (said->boot_id == 0 || known->is_fetching || (is_anew && point->fetches >= FETCHES_MAX))
        return;
    known->boot_id = said->boot_id;
    known->is_doubted = false;
    if (is_anew)
        fetch(point, known);
}

static bool
has_room(const UpnpControlPoint *point, const char *location)
{
    const char *host = location + strlen("http://");
    size_t length = strcspn(host, ":/");
    guint count = 0;

    for (guint i = 0; i < point->known->len; i++) {
        const char *other = ((Known *)point->known->pdata[i])->location + strlen("http://");
        count += strcspn(other, ":/") == length && strncmp(other, host, length) == 0;
    }
    return count < DEVICES_OF_HOST_MAX && point->known->len < DEVICES_MAX &&
           point->fetches < FETCHES_MAX;
}

static void
on_here(UpnpControlPoint *point, const Ssdp *said, const char *uuid, GInetAddress *speaker)
{
    Known *known = find(point, uuid);

    if (!is_at(said->location, speaker))
        return;
    if (known != NULL) {
        on_known_here(point, known, said);
        return;
    }
    if (!has_room(point, said->location))
        return;
    known = g_new0(Known, 1);
    known->point = point;
    known->usn_uuid = g_strdup(uuid);
    known->location = g_strdup(said->location);
    known->boot_id = said->boot_id;
    g_ptr_array_add(point->known, known);
    extend_life(known, said->max_age_s);
    fetch(point, known);
}

static void
on_gone(UpnpControlPoint *point, const char *uuid, GInetAddress *speaker)
{
    Known *known = find(point, uuid);

    if (known != NULL && is_at(known->location, speaker)) /* nobody says it for another */
        forget(point, known, true);
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
search_anew(UpnpControlPoint *point)
{
    clock_cancel(point->clock, &point->search_timer);
    point->search_round = 0;
    point->search_timer = clock_after(point->clock, search_again_ms[0], on_search_due, point);
}

static void
on_interfaces(gconstpointer event, gpointer user_data)
{
    search_anew(user_data);
}

/* Lives that ran out meanwhile could not be extended. */
static void
on_woke(gpointer data)
{
    UpnpControlPoint *point = data;
    int64_t soon_ms = clock_now_ms(point->clock) + ANSWER_MS;

    for (guint i = 0; i < point->known->len; i++) {
        Known *known = point->known->pdata[i];
        live_until(known, MAX(known->until_ms, soon_ms));
    }
    search_anew(point);
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
    point->watch = sleep_watch_new(point->clock, on_woke, point);
    search_anew(point);
    return point;
}

void
upnp_control_point_free(UpnpControlPoint *point)
{
    if (point == NULL)
        return;
    observers_remove(net_interfaces_observers(point->interfaces), point->observer);
    sleep_watch_free(point->watch);
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
