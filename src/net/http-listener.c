/* http-listener.c -- the socket that the HTTP server takes connections from */
#include "net/http-room.h"

#include "base/error.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

static int
open_listener(sa_family_t family, uint16_t port)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
    bool is_v6 = family == AF_INET6;
    const int on = 1, off = 0, wait_s = 1; /* for the first octets: http-first-look.c */
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (!is_v6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0) &&
        bind(fd, is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4,
             is_v6 ? sizeof v6 : sizeof v4) == 0 &&
        setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &wait_s, sizeof wait_s) == 0 &&
        listen(fd, BACKLOG) == 0)
        return fd;
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

int
http_listener_open(uint16_t port, GError **error)
{
    int fd = open_listener(AF_INET6, port); /* takes IPv4 too */

    if (fd < 0 && errno != EADDRINUSE && errno != EACCES)
        fd = open_listener(AF_INET, port);
    if (fd >= 0)
        return fd;
    if (errno == EADDRINUSE)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "port %u is taken by another program: stop that one, or choose another port",
                    port);
    else
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "listening on port %u: %s", port,
                    g_strerror(errno));
    return -1;
}
