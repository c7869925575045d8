/* base-url.c -- see base-url.h; RFC 4007, clause 11 */
#include "net/base-url.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

/* The first address of the interface that others can use; NULL: there is none. The caller's. */
static GInetAddress *
find(const struct ifaddrs *all, const char *name, GSocketFamily family)
{
    size_t size = family == G_SOCKET_FAMILY_IPV6 ? sizeof(struct sockaddr_in6)
                                                 : sizeof(struct sockaddr_in);

    for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
        if (one->ifa_addr == NULL || one->ifa_addr->sa_family != family ||
            strcmp(one->ifa_name, name) != 0)
            continue;
        g_autoptr(GSocketAddress) socket = g_socket_address_new_from_native(one->ifa_addr, size);
        GInetAddress *address = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(socket));
        if (family == G_SOCKET_FAMILY_IPV4 || !g_inet_address_get_is_link_local(address))
            return g_object_ref(address);
    }
    return NULL;
}

/* The kernel is asked, since the list of interfaces is the main loop's. */
static GInetAddress *
address_on(unsigned interface_index)
{
    struct ifaddrs *all = NULL;
    char name[IF_NAMESIZE];

    if (if_indextoname(interface_index, name) == NULL || getifaddrs(&all) != 0)
        return NULL;
    GInetAddress *found = find(all, name, G_SOCKET_FAMILY_IPV4);
    if (found == NULL)
        found = find(all, name, G_SOCKET_FAMILY_IPV6);
    freeifaddrs(all);
    return found;
}

char *
base_url_of(GInetSocketAddress *local)
{
    GInetAddress *here = g_inet_socket_address_get_address(local);
    bool needs_zone = g_inet_address_get_family(here) == G_SOCKET_FAMILY_IPV6 &&
                      g_inet_address_get_is_link_local(here);
    g_autoptr(GInetAddress) other =
        needs_zone ? address_on(g_inet_socket_address_get_scope_id(local)) : NULL;

    here = other != NULL ? other : here;
    g_autofree char *text = g_inet_address_to_string(here);
    bool is_v6 = g_inet_address_get_family(here) == G_SOCKET_FAMILY_IPV6;
    return g_strdup_printf(is_v6 ? "http://[%s]:%u" : "http://%s:%u", text,
                           g_inet_socket_address_get_port(local));
}
