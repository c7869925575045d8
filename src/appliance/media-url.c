/* media-url.c -- see media-url.h */
#include "appliance/media-url.h"

#include "base/text.h"

#include <string.h>

static const char prefix[] = "/media/";

char *
media_url_item(const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *path = scheme != NULL ? strchr(scheme + 3, '/') : url;

    if (path == NULL || !g_str_has_prefix(path, prefix))
        return NULL;
    const char *id = path + strlen(prefix), *end = strchr(id, '/');
    if (end == NULL || end == id)
        return NULL;
    g_autofree char *encoded = g_strndup(id, (gsize)(end - id));
    return text_percent_decode(encoded);
}

/* The address of ours that stands on the peer's link; else the first one of its family. */
static GInetAddress *
own_address(const NetInterfaces *interfaces, GInetAddress *peer)
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
    g_autoptr(GInetAddress) there =
        g_inet_address_new_from_string(peer != NULL ? peer : "127.0.0.1");

    if (there == NULL)
        return NULL;
    GInetAddress *here =
        g_inet_address_get_is_loopback(there) ? there : own_address(interfaces, there);
    if (here == NULL)
        return NULL;
    g_autofree char *text = g_inet_address_to_string(here);
    bool is_ipv6 = g_inet_address_get_family(here) == G_SOCKET_FAMILY_IPV6;
    return g_strdup_printf(is_ipv6 ? "http://[%s]:%u" : "http://%s:%u", text, port);
}
