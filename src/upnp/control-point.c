/* control-point.c -- see control-point.h; UDA 1.1, clause 1.3: searching, and hearing what is said
 *
 * Who is known, and since when, is known-devices.c's. */
#include "upnp/control-point.h"

#include "base/sleep-watch.h"
#include "net/datagram.h"
#include "upnp/known-devices.h"
#include "wire/upnp-description.h"

#define TTL 2
#define SEARCH_MX 2
#define SEARCH_EVERY_MS (5 * 60 * 1000)
#define ANSWER_MS 10000 /* how long they have to say that they are there, when it is in doubt */

/* Three at first, should one be lost. */
static const int64_t search_again_ms[] = { 0, 500, 2000 };

struct UpnpControlPoint {
    Clock *clock;              /* borrowed, as is the next */
    NetInterfaces *interfaces;
    SleepWatch *watch;
    char *type;   /* "urn:...:device:MediaRenderer:" */
    char *target; /* the same with version 1 */
    char *agent;
    Datagram *ear, *mouth;
    GSocketAddress *group;
    KnownDevices *known;
    guint search_timer, search_round;
    guint observer;
    Observers *observers;
};

/* -- What is heard ----------------------------------------------------------------------------- */

static void
on_received(GBytes *bytes, GSocketAddress *from, unsigned interface_index, gpointer user_data)
{
    UpnpControlPoint *point = user_data;
    const NetInterface *interface = net_interfaces_find(point->interfaces, interface_index);
    GInetAddress *speaker = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(from));
    g_auto(Ssdp) said = { 0 };

    if (interface != NULL && net_interface_is_on_link(interface, speaker) &&
        ssdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &said, NULL))
        known_devices_heard(point->known, &said, speaker);
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

/* A cable that is pulled and put back within moments changes nothing. Lives that ran out while we
 * slept could not be extended. */
static void
look_anew(gpointer data)
{
    UpnpControlPoint *point = data;

    known_devices_expect(point->known, point->interfaces, ANSWER_MS);
    search_anew(point);
}

static void
on_interfaces(gconstpointer event, gpointer user_data)
{
    look_anew(user_data);
}

/* -- Beginning and end ------------------------------------------------------------------------- */

UpnpControlPoint *
upnp_control_point_new(const UpnpControlPointOptions *options, GError **error)
{
    uint16_t port = options->ssdp_port != 0 ? options->ssdp_port : SSDP_PORT;
    UpnpControlPoint *point = g_new0(UpnpControlPoint, 1);

    point->clock = options->clock;
    point->interfaces = options->interfaces;
    point->type = g_strdup_printf("urn:" UPNP_DOMAIN ":device:%s:", options->type);
    point->target = g_strconcat(point->type, "1", NULL);
    point->agent = g_strdup(options->agent);
    point->group = g_inet_socket_address_new_from_string(SSDP_GROUP, port);
    point->observers = observers_new();
    point->known =
        known_devices_new(point->type, options->client, point->clock, point->observers);
    point->ear = datagram_new(G_SOCKET_FAMILY_IPV4, port, on_received, point, error);
    point->mouth = point->ear == NULL ? NULL : datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_received,
                                                            point, error);
    if (point->mouth == NULL) {
        upnp_control_point_free(point);
        return NULL;
    }
    point->observer =
        observers_add(net_interfaces_observers(point->interfaces), on_interfaces, point);
    point->watch = sleep_watch_new(point->clock, look_anew, point);
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
    known_devices_free(point->known);
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
