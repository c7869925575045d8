/* interfaces.c -- see interfaces.h; rtnetlink(7), RFC 3549
 *
 * What the kernel announces is only heard as a bell: after each burst the whole table is asked for
 * anew and compared. So there is one way to learn it, and a lost announcement (ENOBUFS) is one more
 * bell. */
#include "net/interfaces.h"

#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <glib-unix.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE (32 * 1024)
#define ANSWER_MS 1000
#define READS_PER_DISPATCH 64

struct NetInterfaces {
    char **wanted; /* NULL: no names were given */
    GPtrArray *list; /* NetInterface */
    Observers *observers;
    GMainContext *context;
    int fd; /* hears the bell */
    GSource *bell;
    GSource *refresh; /* NULL: none is due */
};

static void
interface_free(gpointer data)
{
    NetInterface *interface = data;

    g_free(interface->name);
    g_ptr_array_unref(interface->addresses);
    g_free(interface);
}

/* -- Asking the kernel for its table ----------------------------------------------------------- */

typedef void (*Take)(const struct nlmsghdr *message, GPtrArray *list);

static int
netlink_open(unsigned groups, GError **error)
{
    struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int number = errno;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "netlink: %s", g_strerror(number));
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool
fail_with(GError **error, const char *what)
{
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "asking for the network interfaces: %s",
                what);
    return false;
}

/* One answer may hold many messages. *is_done at the last one. */
static bool
take_answer(const struct nlmsghdr *message, size_t size, Take take, GPtrArray *list, bool *is_done,
            GError **error)
{
    for (; NLMSG_OK(message, size); message = NLMSG_NEXT(message, size)) {
        if (message->nlmsg_type == NLMSG_DONE) {
            *is_done = true;
            return true;
        }
        if (message->nlmsg_type == NLMSG_ERROR)
            return fail_with(error, "refused");
        take(message, list);
    }
    return true;
}

static bool
dump(int fd, uint16_t type, Take take, GPtrArray *list, GError **error)
{
    struct {
        struct nlmsghdr head;
        struct rtgenmsg body;
    } question = {
        .head = { .nlmsg_len = sizeof question, .nlmsg_type = type,
                  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
        .body = { .rtgen_family = AF_UNSPEC },
    };
    g_autofree struct nlmsghdr *buffer = g_malloc(BUFFER_SIZE);
    bool is_done = false;

    if (send(fd, &question, sizeof question, 0) < 0)
        return fail_with(error, g_strerror(errno));
    while (!is_done) {
        ssize_t count = recv(fd, buffer, BUFFER_SIZE, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail_with(error, count < 0 ? g_strerror(errno) : "no answer");
        if (!take_answer(buffer, (size_t)count, take, list, &is_done, error))
            return false;
    }
    return true;
}

static NetInterface *
find(const GPtrArray *list, unsigned index)
{
    for (guint i = 0; i < list->len; i++) {
        NetInterface *interface = list->pdata[i];
        if (interface->index == index)
            return interface;
    }
    return NULL;
}

static void
take_link(const struct nlmsghdr *message, GPtrArray *list)
{
    const struct ifinfomsg *info = NLMSG_DATA(message);
    size_t size = message->nlmsg_len - MIN(message->nlmsg_len, NLMSG_LENGTH(sizeof *info));
    bool is_loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;

    if (message->nlmsg_type != RTM_NEWLINK || (info->ifi_flags & IFF_UP) == 0 ||
        (info->ifi_flags & IFF_RUNNING) == 0 ||
        (!is_loopback && (info->ifi_flags & IFF_MULTICAST) == 0))
        return;
    const struct rtattr *part = IFLA_RTA(info);
    for (; RTA_OK(part, size); part = RTA_NEXT(part, size)) {
        if (part->rta_type != IFLA_IFNAME)
            continue;
        NetInterface *interface = g_new0(NetInterface, 1);
        interface->index = (unsigned)info->ifi_index;
        interface->name = g_strndup(RTA_DATA(part), RTA_PAYLOAD(part));
        interface->is_loopback = is_loopback;
        interface->addresses = g_ptr_array_new_with_free_func(g_object_unref);
        g_ptr_array_add(list, interface);
        return;
    }
}

/* An address whose uniqueness is not yet shown (RFC 4862) cannot be used: its turn comes. */
static bool
is_usable(const struct ifaddrmsg *info)
{
    return (info->ifa_family == AF_INET || info->ifa_family == AF_INET6) &&
           (info->ifa_flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
}

static void
take_address(const struct nlmsghdr *message, GPtrArray *list)
{
    const struct ifaddrmsg *info = NLMSG_DATA(message);
    size_t size = message->nlmsg_len - MIN(message->nlmsg_len, NLMSG_LENGTH(sizeof *info));
    const struct rtattr *found = NULL;

    if (message->nlmsg_type != RTM_NEWADDR || !is_usable(info))
        return;
    NetInterface *interface = find(list, info->ifa_index);
    if (interface == NULL)
        return;
    for (const struct rtattr *part = IFA_RTA(info); RTA_OK(part, size); part = RTA_NEXT(part, size))
        if (part->rta_type == IFA_LOCAL || (part->rta_type == IFA_ADDRESS && found == NULL))
            found = part; /* on a point-to-point link IFA_ADDRESS is the other side's */
    if (found == NULL || RTA_PAYLOAD(found) < (info->ifa_family == AF_INET6 ? 16 : 4))
        return;
    g_autoptr(GInetAddress) address = g_inet_address_new_from_bytes(
        RTA_DATA(found),
        info->ifa_family == AF_INET6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4);
    GInetAddressMask *mask =
        g_object_new(G_TYPE_INET_ADDRESS_MASK, "address", address, "length",
                     (guint)info->ifa_prefixlen, NULL);
    g_ptr_array_add(interface->addresses, mask);
}

/* -- The list ---------------------------------------------------------------------------------- */

static bool
is_wanted(const NetInterfaces *interfaces, const NetInterface *interface, bool is_lo_alone)
{
    if (interface->addresses->len == 0)
        return false;
    if (interfaces->wanted != NULL)
        return g_strv_contains((const char *const *)interfaces->wanted, interface->name);
    return !interface->is_loopback || is_lo_alone;
}

static void
keep_wanted(const NetInterfaces *interfaces, GPtrArray *list)
{
    bool is_lo_alone = true;

    for (guint i = 0; i < list->len; i++) {
        const NetInterface *interface = list->pdata[i];
        if (!interface->is_loopback && interface->addresses->len > 0)
            is_lo_alone = false;
    }
    for (guint i = list->len; i > 0; i--)
        if (!is_wanted(interfaces, list->pdata[i - 1], is_lo_alone))
            g_ptr_array_remove_index(list, i - 1);
}

/* NULL with error set: the kernel did not tell. */
static GPtrArray *
read_table(const NetInterfaces *interfaces, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(interface_free);
    const struct timeval patience = { .tv_sec = ANSWER_MS / 1000 };
    int fd = netlink_open(0, error);

    if (fd < 0)
        return NULL;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    bool is_good = dump(fd, RTM_GETLINK, take_link, list, error) &&
                   dump(fd, RTM_GETADDR, take_address, list, error);
    close(fd);
    if (!is_good)
        return NULL;
    keep_wanted(interfaces, list);
    return g_steal_pointer(&list);
}

static bool
interface_equal(const NetInterface *a, const NetInterface *b)
{
    if (a->index != b->index || strcmp(a->name, b->name) != 0 ||
        a->addresses->len != b->addresses->len)
        return false;
    for (guint i = 0; i < a->addresses->len; i++)
        if (!g_inet_address_mask_equal(a->addresses->pdata[i], b->addresses->pdata[i]))
            return false;
    return true;
}

static bool
list_equal(const GPtrArray *a, const GPtrArray *b)
{
    if (a->len != b->len)
        return false;
    for (guint i = 0; i < a->len; i++)
        if (!interface_equal(a->pdata[i], b->pdata[i]))
            return false;
    return true;
}

static gboolean
on_refresh(gpointer user_data)
{
    NetInterfaces *interfaces = user_data;
    g_autoptr(GError) error = NULL;

    g_clear_pointer(&interfaces->refresh, g_source_unref);
    g_autoptr(GPtrArray) list = read_table(interfaces, &error);
    if (list == NULL) {
        g_warning("%s; the interfaces known so far are kept", error->message);
    } else if (!list_equal(list, interfaces->list)) {
        GPtrArray *old = interfaces->list;
        interfaces->list = g_steal_pointer(&list);
        g_ptr_array_unref(old);
        g_info("%u network interfaces", interfaces->list->len);
        observers_notify(interfaces->observers, interfaces);
    }
    return G_SOURCE_REMOVE;
}

/* The bell. The table is read when the loop has nothing more urgent, which ends the burst. */
static gboolean
on_bell(int fd, GIOCondition condition, gpointer user_data)
{
    NetInterfaces *interfaces = user_data;
    char buffer[4096];

    for (int i = 0; i < READS_PER_DISPATCH; i++)
        if (recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) < 0)
            break;
    if (interfaces->refresh == NULL) {
        interfaces->refresh = g_idle_source_new();
        g_source_set_priority(interfaces->refresh, G_PRIORITY_LOW);
        g_source_set_callback(interfaces->refresh, on_refresh, interfaces, NULL);
        g_source_attach(interfaces->refresh, interfaces->context);
    }
    return G_SOURCE_CONTINUE;
}

NetInterfaces *
net_interfaces_new(const char *const *wanted, GError **error)
{
    /* The bell first: what changes while the table is read rings it. */
    int fd = netlink_open(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR, error);

    if (fd < 0)
        return NULL;
    NetInterfaces *interfaces = g_new0(NetInterfaces, 1);
    interfaces->fd = fd;
    interfaces->wanted = wanted == NULL || *wanted == NULL ? NULL : g_strdupv((char **)wanted);
    interfaces->observers = observers_new();
    interfaces->context = g_main_context_ref_thread_default();
    interfaces->bell = g_unix_fd_source_new(fd, G_IO_IN);
    g_source_set_callback(interfaces->bell, G_SOURCE_FUNC(on_bell), interfaces, NULL);
    g_source_attach(interfaces->bell, interfaces->context);
    interfaces->list = read_table(interfaces, error);
    if (interfaces->list == NULL) {
        net_interfaces_free(interfaces);
        return NULL;
    }
    return interfaces;
}

void
net_interfaces_free(NetInterfaces *interfaces)
{
    if (interfaces == NULL)
        return;
    g_source_destroy(interfaces->bell);
    g_source_unref(interfaces->bell);
    if (interfaces->refresh != NULL) {
        g_source_destroy(interfaces->refresh);
        g_source_unref(interfaces->refresh);
    }
    close(interfaces->fd);
    g_clear_pointer(&interfaces->list, g_ptr_array_unref);
    observers_free(interfaces->observers);
    g_main_context_unref(interfaces->context);
    g_strfreev(interfaces->wanted);
    g_free(interfaces);
}

/* -- Questions --------------------------------------------------------------------------------- */

const GPtrArray *
net_interfaces_list(const NetInterfaces *interfaces)
{
    return interfaces->list;
}

const NetInterface *
net_interfaces_find(const NetInterfaces *interfaces, unsigned index)
{
    return find(interfaces->list, index);
}

Observers *
net_interfaces_observers(NetInterfaces *interfaces)
{
    return interfaces->observers;
}

GInetAddress *
net_interface_address(const NetInterface *interface, GSocketFamily family)
{
    GInetAddress *link_local = NULL;

    for (guint i = 0; i < interface->addresses->len; i++) {
        GInetAddress *address = g_inet_address_mask_get_address(interface->addresses->pdata[i]);
        if (g_inet_address_get_family(address) != family)
            continue;
        if (!g_inet_address_get_is_link_local(address))
            return address;
        if (link_local == NULL)
            link_local = address;
    }
    return link_local;
}

static bool
prefix_matches(const GInetAddressMask *mask, GInetAddress *address)
{
    GInetAddress *own = g_inet_address_mask_get_address((GInetAddressMask *)mask);
    guint bits = g_inet_address_mask_get_length((GInetAddressMask *)mask);
    const uint8_t *a = g_inet_address_to_bytes(own), *b = g_inet_address_to_bytes(address);

    if (g_inet_address_get_family(own) != g_inet_address_get_family(address))
        return false;
    if (memcmp(a, b, bits / 8) != 0)
        return false;
    return bits % 8 == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8) == 0;
}

bool
net_interface_is_on_link(const NetInterface *interface, GInetAddress *address)
{
    if (interface->is_loopback && g_inet_address_get_is_loopback(address))
        return true;
    for (guint i = 0; i < interface->addresses->len; i++)
        if (prefix_matches(interface->addresses->pdata[i], address))
            return true;
    return false;
}

/* -- Ours as others reach it -------------------------------------------------------------------- */

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

/* Of an interface, the address whose network the peer is in; NULL: none. */
static GInetAddress *
address_beside(const NetInterface *interface, GInetAddress *peer)
{
    for (guint i = 0; i < interface->addresses->len; i++) {
        GInetAddressMask *mask = interface->addresses->pdata[i];
        if (g_inet_address_mask_get_family(mask) == g_inet_address_get_family(peer) &&
            g_inet_address_mask_matches(mask, peer))
            return g_inet_address_mask_get_address(mask);
    }
    return NULL;
}

/* The address of ours that stands on the peer's link; else the first one of its family. */
static GInetAddress *
address_for_peer(const NetInterfaces *interfaces, GInetAddress *peer)
{
    const GPtrArray *list = net_interfaces_list(interfaces);
    GInetAddress *other = NULL;

    for (guint i = 0; i < list->len; i++) {
        GInetAddress *beside = address_beside(list->pdata[i], peer);
        if (beside != NULL)
            return beside;
        if (other == NULL)
            other = net_interface_address(list->pdata[i], g_inet_address_get_family(peer));
    }
    return other;
}

bool
net_interfaces_has(const NetInterfaces *interfaces, GInetAddress *address)
{
    for (guint i = 0; i < interfaces->list->len; i++) {
        const GPtrArray *own = ((const NetInterface *)interfaces->list->pdata[i])->addresses;
        for (guint k = 0; k < own->len; k++)
            if (g_inet_address_equal(g_inet_address_mask_get_address(own->pdata[k]), address))
                return true;
    }
    return g_inet_address_get_is_loopback(address);
}

char *
net_interfaces_base_url(const NetInterfaces *interfaces, const char *peer, uint16_t port)
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
