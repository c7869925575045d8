/* media-url.c -- see media-url.h */
#include "appliance/media-url.h"

#include "base/text.h"

#include <string.h>

static const char prefix[] = "/media/";

static bool
is_own_address(const NetInterfaces *interfaces, GInetAddress *address)
{
    const GPtrArray *list = net_interfaces_list(interfaces);

    if (g_inet_address_get_is_loopback(address))
        return true;
    for (guint i = 0; i < list->len; i++) {
        const NetInterface *interface = list->pdata[i];
        for (guint j = 0; j < interface->addresses->len; j++)
            if (g_inet_address_equal(
                    g_inet_address_mask_get_address(interface->addresses->pdata[j]), address))
                return true;
    }
    return false;
}

char *
media_url_item(const char *url, const NetInterfaces *interfaces, uint16_t port)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    g_autoptr(GInetAddress) address =
        host != NULL ? g_inet_address_new_from_string(host) : NULL;

    if (address == NULL || g_uri_get_port(uri) != port || !is_own_address(interfaces, address) ||
        !g_str_has_prefix(g_uri_get_path(uri), prefix))
        return NULL;
    const char *id = g_uri_get_path(uri) + strlen(prefix), *end = strchr(id, '/');
    if (end == NULL || end == id)
        return NULL;
    g_autofree char *encoded = g_strndup(id, (gsize)(end - id));
    return text_percent_decode(encoded);
}

/* What a player can fetch from is an address without a zone: to a peer that is known by its
 * link-local address, our IPv4 address on that link comes first, and our link-local one last. */
static GInetAddress *
address_for_link(const NetInterfaces *interfaces, unsigned zone)
{
    const NetInterface *interface = net_interfaces_find(interfaces, zone);

    if (interface == NULL)
        return NULL;
    GInetAddress *address = net_interface_address(interface, G_SOCKET_FAMILY_IPV4);
    return address != NULL ? address : net_interface_address(interface, G_SOCKET_FAMILY_IPV6);
}

/* The address of ours that stands on the peer's link; else the first one of its family. */
static GInetAddress *
address_for_peer(const NetInterfaces *interfaces, GInetAddress *peer)
{
    const GPtrArray *list = net_interfaces_list(interfaces);
    GInetAddress *other = NULL;

    for (guint i = 0; i < list->len; i++) {
        const NetInterface *interface = list->pdata[i];
        GInetAddress *address = net_interface_address(interface, g_inet_address_get_family(peer));
        if (address != NULL && net_interface_is_on_link(interface, peer))
            return address;
        if (other == NULL)
            other = address;
    }
    return other;
}

char *
media_url_base(const NetInterfaces *interfaces, const char *peer, uint16_t port)
{
    g_auto(GStrv) parts = g_strsplit(peer != NULL ? peer : "127.0.0.1", "%", 2);
    g_autoptr(GInetAddress) there = g_inet_address_new_from_string(parts[0]);
    GInetAddress *here = NULL;
    uint32_t zone = 0;

    if (there == NULL)
        return NULL;
    if (g_inet_address_get_is_loopback(there))
        here = there;
    else if (parts[1] != NULL && text_to_u32(parts[1], 1, UINT32_MAX, &zone))
        here = address_for_link(interfaces, zone);
    if (here == NULL)
        here = address_for_peer(interfaces, there);
    if (here == NULL)
        return NULL;
    g_autofree char *text = g_inet_address_to_string(here);
    bool is_ipv6 = g_inet_address_get_family(here) == G_SOCKET_FAMILY_IPV6;
    return g_strdup_printf(is_ipv6 ? "http://[%s]:%u" : "http://%s:%u", text, port);
}
