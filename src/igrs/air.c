/* air.c -- see air.h */
#include "igrs/air.h"

#include "igrs/location.h"
#include "net/datagram.h"

enum { EAR_IGRS, EAR_SSDP, EAR_IPV6, MOUTH, MOUTH_IPV6, SOCKET_N };

/* Each socket: its family, its port and the groups it joins. */
static const struct {
    GSocketFamily family;
    enum { PORT_IGRS, PORT_SSDP, PORT_ANY } port;
    const char *groups[3];
    bool is_needed;
} sockets[SOCKET_N] = {
    [EAR_IGRS] = { G_SOCKET_FAMILY_IPV4, PORT_IGRS, { IGRS_GROUP, IGRS_GROUP_IANA }, true },
    [EAR_SSDP] = { G_SOCKET_FAMILY_IPV4, PORT_SSDP, { IGRS_GROUP }, false },
    [EAR_IPV6] = { G_SOCKET_FAMILY_IPV6, PORT_IGRS, { IGRS_GROUP_LINK, IGRS_GROUP_SITE }, false },
    [MOUTH] = { G_SOCKET_FAMILY_IPV4, PORT_ANY, { NULL }, true },
    [MOUTH_IPV6] = { G_SOCKET_FAMILY_IPV6, PORT_ANY, { NULL }, false },
};

static const struct {
    unsigned mouth;
    const char *group;
    bool is_ssdp; /* to its port */
    int ttl;
} ways[IGRS_AIR_WAY_N] = {
    [IGRS_AIR_MAIN] = { MOUTH, IGRS_GROUP, false, IGRS_TTL },
    [IGRS_AIR_IANA] = { MOUTH, IGRS_GROUP_IANA, false, IGRS_TTL_IANA },
    [IGRS_AIR_SSDP] = { MOUTH, IGRS_GROUP, true, IGRS_TTL },
    [IGRS_AIR_LINK] = { MOUTH_IPV6, IGRS_GROUP_LINK, false, IGRS_TTL },
    [IGRS_AIR_SITE] = { MOUTH_IPV6, IGRS_GROUP_SITE, false, IGRS_TTL },
};

struct IgrsAir {
    NetInterfaces *interfaces; /* borrowed */
    IgrsAirHeard heard;
    gpointer user_data;
    Datagram *sockets[SOCKET_N]; /* NULL: could not be had */
    GSocketAddress *groups[IGRS_AIR_WAY_N];
    char *hosts[IGRS_AIR_WAY_N];
};

static void
on_received(GBytes *bytes, GSocketAddress *from, unsigned interface_index, gpointer user_data)
{
    IgrsAir *air = user_data;
    const NetInterface *interface = net_interfaces_find(air->interfaces, interface_index);
    g_autoptr(GInetAddress) address =
        igrs_address_plain(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(from)));
    g_autoptr(GError) error = NULL;

    if (interface == NULL || !net_interface_is_on_link(interface, address))
        return;
    g_autoptr(Isdp) isdp =
        isdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
    if (isdp == NULL) {
        if (!g_error_matches(error, IGRS_MESSAGE_ERROR, IGRS_ERROR_NOT_EXTENDED)) /* plain SSDP */
            g_debug("a datagram that is not ISDP: %s", error->message);
        return;
    }
    IgrsAirMessage message = { isdp, from, address, interface };
    air->heard(&message, air->user_data);
}

static bool
open_sockets(IgrsAir *air, uint16_t igrs_port, GError **error)
{
    const uint16_t ports[] = {
        [PORT_IGRS] = igrs_port, [PORT_SSDP] = IGRS_SSDP_PORT, [PORT_ANY] = 0
    };

    for (guint i = 0; i < SOCKET_N; i++) {
        g_autoptr(GError) problem = NULL;
        air->sockets[i] = datagram_new(sockets[i].family, ports[sockets[i].port], on_received, air,
                                       &problem);
        if (air->sockets[i] == NULL && sockets[i].is_needed) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return false;
        }
        if (air->sockets[i] == NULL)
            g_warning("discovery goes on without one of its ways: %s", problem->message);
    }
    return true;
}

IgrsAir *
igrs_air_new(NetInterfaces *interfaces, uint16_t port, IgrsAirHeard heard, gpointer user_data,
             GError **error)
{
    g_autoptr(IgrsAir) air = g_new0(IgrsAir, 1);

    if (port == 0)
        port = IGRS_PORT;
    *air = (IgrsAir){ .interfaces = interfaces, .heard = heard, .user_data = user_data };
    for (guint i = 0; i < IGRS_AIR_WAY_N; i++) {
        uint16_t to = ways[i].is_ssdp ? IGRS_SSDP_PORT : port;
        bool is_ipv6 = sockets[ways[i].mouth].family == G_SOCKET_FAMILY_IPV6;
        air->groups[i] = g_inet_socket_address_new_from_string(ways[i].group, to);
        air->hosts[i] = g_strdup_printf(is_ipv6 ? "[%s]:%u" : "%s:%u", ways[i].group, to);
    }
    if (!open_sockets(air, port, error))
        return NULL;
    igrs_air_join(air);
    return g_steal_pointer(&air);
}

void
igrs_air_free(IgrsAir *air)
{
    if (air == NULL)
        return;
    for (guint i = 0; i < SOCKET_N; i++)
        datagram_free(air->sockets[i]);
    for (guint i = 0; i < IGRS_AIR_WAY_N; i++) {
        g_clear_object(&air->groups[i]);
        g_free(air->hosts[i]);
    }
    g_free(air);
}

static void
join(Datagram *datagram, const char *group, const NetInterface *interface)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(group);
    g_autoptr(GError) error = NULL;

    if (!datagram_join(datagram, address, interface->index, &error))
        g_info("%s does not carry %s: %s", interface->name, group, error->message);
}

void
igrs_air_join(IgrsAir *air)
{
    const GPtrArray *list = net_interfaces_list(air->interfaces);

    for (guint i = 0; i < list->len; i++)
        for (guint s = 0; s < SOCKET_N; s++)
            for (guint g = 0; sockets[s].groups[g] != NULL; g++)
                if (air->sockets[s] != NULL)
                    join(air->sockets[s], sockets[s].groups[g], g_ptr_array_index(list, i));
}

GSocketFamily
igrs_air_family(IgrsAirWay way)
{
    return sockets[ways[way].mouth].family;
}

const char *
igrs_air_host(const IgrsAir *air, IgrsAirWay way)
{
    return air->hosts[way];
}

/* The source is the interface's own address, which LOCATION names: peers hold one against the
 * other. */
static void
send_bytes(IgrsAir *air, unsigned mouth, GBytes *bytes, GSocketAddress *to,
           unsigned interface_index, int ttl)
{
    const NetInterface *via = net_interfaces_find(air->interfaces, interface_index);
    g_autoptr(GError) error = NULL;

    if (via != NULL && air->sockets[mouth] != NULL &&
        !datagram_send(air->sockets[mouth], bytes, to, interface_index,
                       net_interface_address(via, sockets[mouth].family), ttl, &error))
        g_debug("a datagram was not sent: %s", error->message);
}

void
igrs_air_say(IgrsAir *air, IgrsAirWay way, GBytes *bytes, unsigned interface_index)
{
    send_bytes(air, ways[way].mouth, bytes, air->groups[way], interface_index, ways[way].ttl);
}

void
igrs_air_answer(IgrsAir *air, GBytes *bytes, GSocketAddress *to, unsigned interface_index)
{
    bool is_ipv6 = g_socket_address_get_family(to) == G_SOCKET_FAMILY_IPV6;

    send_bytes(air, is_ipv6 ? MOUTH_IPV6 : MOUTH, bytes, to, interface_index, IGRS_TTL);
}
