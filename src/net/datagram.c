/* datagram.c -- see datagram.h; ip(7), ipv6(7) */
#define _GNU_SOURCE /* struct in6_pktinfo */
#include "net/datagram.h"

#include "base/error.h"

#include <errno.h>
#include <glib-unix.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS_PER_DISPATCH 64 /* then the loop's other sources have their turn */

struct Datagram {
    int fd;
    GSocketFamily family;
    uint16_t port;
    GSource *source;
    DatagramReceived received;
    gpointer user_data;
    bool *is_gone; /* set by free() while received() runs; NULL: it does not */
    GPtrArray *memberships; /* Membership */
};

typedef struct {
    GInetAddress *group;
    unsigned interface_index;
} Membership;

typedef union {
    struct cmsghdr align;
    char octets[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int))];
} Control;

/* -- Receiving --------------------------------------------------------------------------------- */

static unsigned
interface_of(struct msghdr *message)
{
    struct cmsghdr *part = CMSG_FIRSTHDR(message);

    for (; part != NULL; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO)
            return (unsigned)((struct in_pktinfo *)(void *)CMSG_DATA(part))->ipi_ifindex;
        if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO)
            return ((struct in6_pktinfo *)(void *)CMSG_DATA(part))->ipi6_ifindex;
    }
    return 0;
}

/* One datagram, told when it is whole. False: none is left. */
static bool
receive(Datagram *datagram)
{
    uint8_t buffer[DATAGRAM_SIZE_MAX];
    struct sockaddr_storage from;
    Control control;
    struct iovec place = { buffer, sizeof buffer };
    struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &place,
                              .msg_iovlen = 1, .msg_control = &control,
                              .msg_controllen = sizeof control };
    ssize_t count = recvmsg(datagram->fd, &message, MSG_DONTWAIT);

    if (count < 0) /* errors of ICMP are told once each, and mean nothing here */
        return errno != EAGAIN && errno != EWOULDBLOCK;
    if ((message.msg_flags & MSG_TRUNC) != 0)
        return true;
    g_autoptr(GBytes) bytes = g_bytes_new(buffer, (gsize)count);
    g_autoptr(GSocketAddress) sender = g_socket_address_new_from_native(&from, message.msg_namelen);
    if (sender != NULL)
        datagram->received(bytes, sender, interface_of(&message), datagram->user_data);
    return true;
}

static gboolean
on_readable(int fd, GIOCondition condition, gpointer user_data)
{
    Datagram *datagram = user_data;
    bool is_gone = false;

    datagram->is_gone = &is_gone;
    for (int i = 0; i < READS_PER_DISPATCH; i++) {
        bool goes_on = receive(datagram);
        if (is_gone)
            return G_SOURCE_REMOVE;
        if (!goes_on)
            break;
    }
    datagram->is_gone = NULL;
    return G_SOURCE_CONTINUE;
}

/* -- The socket -------------------------------------------------------------------------------- */

static bool
set_on(int fd, int level, int option)
{
    const int on = 1;

    return setsockopt(fd, level, option, &on, sizeof on) == 0;
}

static bool
set_off(int fd, int level, int option)
{
    const int off = 0;

    return setsockopt(fd, level, option, &off, sizeof off) == 0;
}

/* The options that only groups we joined, and only on the interfaces we said, reach us by. */
static bool
set_options(int fd, GSocketFamily family)
{
    if (!set_on(fd, SOL_SOCKET, SO_REUSEADDR))
        return false;
    if (family == G_SOCKET_FAMILY_IPV6)
        return set_on(fd, IPPROTO_IPV6, IPV6_V6ONLY) &&
               set_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO) &&
               set_on(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP) &&
               set_off(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL);
    return set_on(fd, IPPROTO_IP, IP_PKTINFO) && set_on(fd, IPPROTO_IP, IP_MULTICAST_LOOP) &&
           set_off(fd, IPPROTO_IP, IP_MULTICAST_ALL);
}

static bool
bind_wildcard(int fd, GSocketFamily family, uint16_t port)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    bool is_v6 = family == G_SOCKET_FAMILY_IPV6;
    const void *address = is_v6 ? (const void *)&v6 : &v4;
    socklen_t size = is_v6 ? sizeof v6 : sizeof v4;

    if (bind(fd, address, size) == 0)
        return true;
    /* Some programs share their port by SO_REUSEPORT alone. */
    return errno == EADDRINUSE && set_on(fd, SOL_SOCKET, SO_REUSEPORT) &&
           bind(fd, address, size) == 0;
}

static uint16_t
bound_port(int fd)
{
    struct sockaddr_storage bound = { 0 };
    socklen_t size = sizeof bound;

    getsockname(fd, (struct sockaddr *)&bound, &size);
    return ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                             : ((struct sockaddr_in *)&bound)->sin_port);
}

static void
membership_free(gpointer data)
{
    Membership *membership = data;

    g_object_unref(membership->group);
    g_free(membership);
}

Datagram *
datagram_new(GSocketFamily family, uint16_t port, DatagramReceived received, gpointer user_data,
             GError **error)
{
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0 || !set_options(fd, family) || !bind_wildcard(fd, family, port)) {
        int number = errno;
        g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(number), "UDP port %u: %s", port,
                    g_strerror(number));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    Datagram *datagram = g_new0(Datagram, 1);
    datagram->fd = fd;
    datagram->family = family;
    datagram->port = bound_port(fd);
    datagram->received = received;
    datagram->user_data = user_data;
    datagram->memberships = g_ptr_array_new_with_free_func(membership_free);
    datagram->source = g_unix_fd_source_new(fd, G_IO_IN);
    g_source_set_callback(datagram->source, G_SOURCE_FUNC(on_readable), datagram, NULL);
    g_autoptr(GMainContext) context = g_main_context_ref_thread_default();
    g_source_attach(datagram->source, context);
    return datagram;
}

void
datagram_free(Datagram *datagram)
{
    if (datagram == NULL)
        return;
    if (datagram->is_gone != NULL)
        *datagram->is_gone = true;
    g_source_destroy(datagram->source);
    g_source_unref(datagram->source);
    close(datagram->fd);
    g_ptr_array_unref(datagram->memberships);
    g_free(datagram);
}

uint16_t
datagram_port(const Datagram *datagram)
{
    return datagram->port;
}

/* -- Groups ------------------------------------------------------------------------------------ */

static bool
set_membership(Datagram *datagram, GInetAddress *group, unsigned interface_index, bool is_member)
{
    if (g_inet_address_get_family(group) != datagram->family) {
        errno = EAFNOSUPPORT;
        return false;
    }
    if (datagram->family == G_SOCKET_FAMILY_IPV6) {
        struct ipv6_mreq v6 = { .ipv6mr_interface = interface_index };
        memcpy(&v6.ipv6mr_multiaddr, g_inet_address_to_bytes(group), sizeof v6.ipv6mr_multiaddr);
        int change = is_member ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP;
        return setsockopt(datagram->fd, IPPROTO_IPV6, change, &v6, sizeof v6) == 0;
    }
    struct ip_mreqn v4 = { .imr_ifindex = (int)interface_index };
    memcpy(&v4.imr_multiaddr, g_inet_address_to_bytes(group), sizeof v4.imr_multiaddr);
    int change = is_member ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP;
    return setsockopt(datagram->fd, IPPROTO_IP, change, &v4, sizeof v4) == 0;
}

static void
leave_at(Datagram *datagram, guint place)
{
    const Membership *membership = datagram->memberships->pdata[place];

    set_membership(datagram, membership->group, membership->interface_index, false);
    g_ptr_array_remove_index_fast(datagram->memberships, place);
}

/* The kernel goes on counting the groups of interfaces that are no more, and counts to twenty
 * (igmp_max_memberships): then nothing can be joined. */
static void
leave_gone(Datagram *datagram)
{
    char name[IF_NAMESIZE];

    for (guint i = datagram->memberships->len; i > 0; i--) {
        const Membership *membership = datagram->memberships->pdata[i - 1];
        if (if_indextoname(membership->interface_index, name) == NULL)
            leave_at(datagram, i - 1);
    }
}

static void
remember(Datagram *datagram, GInetAddress *group, unsigned interface_index)
{
    Membership *membership = g_new(Membership, 1);

    *membership = (Membership){ g_object_ref(group), interface_index };
    g_ptr_array_add(datagram->memberships, membership);
}

bool
datagram_join(Datagram *datagram, GInetAddress *group, unsigned interface_index, GError **error)
{
    leave_gone(datagram);
    if (set_membership(datagram, group, interface_index, true)) {
        remember(datagram, group, interface_index);
        return true;
    }
    if (errno == EADDRINUSE)
        return true;
    int number = errno;
    g_autofree char *text = g_inet_address_to_string(group);
    g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(number),
                "joining %s on interface %u: %s", text, interface_index, g_strerror(number));
    return false;
}

void
datagram_leave(Datagram *datagram, GInetAddress *group, unsigned interface_index)
{
    for (guint i = 0; i < datagram->memberships->len; i++) {
        const Membership *membership = datagram->memberships->pdata[i];
        if (membership->interface_index == interface_index &&
            g_inet_address_equal(membership->group, group)) {
            leave_at(datagram, i);
            return;
        }
    }
}

/* -- Sending ----------------------------------------------------------------------------------- */

static void
put_control(struct msghdr *message, int level, int type, const void *data, size_t size)
{
    char *end = (char *)message->msg_control + message->msg_controllen;
    struct cmsghdr *part = (struct cmsghdr *)(void *)end;

    part->cmsg_level = level;
    part->cmsg_type = type;
    part->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(part), data, size);
    message->msg_controllen += CMSG_SPACE(size);
}

bool
datagram_send(Datagram *datagram, GBytes *bytes, GSocketAddress *to, unsigned interface_index,
              GInetAddress *source, int ttl, GError **error)
{
    struct sockaddr_storage address;
    gsize size;
    struct iovec place = { .iov_base = (void *)g_bytes_get_data(bytes, &size) };
    Control control = { 0 };
    struct msghdr message = { .msg_name = &address,
                              .msg_namelen = (socklen_t)g_socket_address_get_native_size(to),
                              .msg_iov = &place, .msg_iovlen = 1, .msg_control = &control };
    bool is_v6 = datagram->family == G_SOCKET_FAMILY_IPV6;
    struct in_pktinfo v4 = { .ipi_ifindex = (int)interface_index };
    struct in6_pktinfo v6 = { .ipi6_ifindex = interface_index };

    place.iov_len = size;
    if (!g_socket_address_to_native(to, &address, sizeof address, error))
        return false;
    if (source != NULL && g_inet_address_get_family(source) == datagram->family)
        memcpy(is_v6 ? (void *)&v6.ipi6_addr : (void *)&v4.ipi_spec_dst,
               g_inet_address_to_bytes(source), g_inet_address_get_native_size(source));
    if ((interface_index != 0 || source != NULL) && is_v6)
        put_control(&message, IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof v6);
    else if (interface_index != 0 || source != NULL)
        put_control(&message, IPPROTO_IP, IP_PKTINFO, &v4, sizeof v4);
    put_control(&message, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP, is_v6 ? IPV6_HOPLIMIT : IP_TTL, &ttl,
                sizeof ttl);
    if (sendmsg(datagram->fd, &message, MSG_NOSIGNAL) >= 0)
        return true;
    int number = errno;
    g_autofree char *text = g_socket_connectable_to_string(G_SOCKET_CONNECTABLE(to));
    g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(number), "sending to %s: %s", text,
                g_strerror(number));
    return false;
}
