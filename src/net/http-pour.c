/* http-pour.c -- a long part of a file as the body of a reply, by sendfile() of our own
 *
 * libmicrohttpd sends 128 KiB of a file between two looks at its sockets, which costs a sixth of
 * the CPU of a stream. So a long part is poured past it: each time it asks for octets the socket is
 * given by sendfile() all that it takes, and libmicrohttpd a drop, with which it waits until more
 * fits. It never learns how much went out, and therefore closes the connection at the end. Till
 * then the kernel sends full segments alone (tcp(7), TCP_CORK): for each that is not the sender
 * waits, a fifth of the time of a single stream. */
#include "net/http-exchange.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define LONG_SIZE (8 * 1024 * 1024) /* worth a connection of its own */
#define FIRST_TURN_SIZE (128 * 1024) /* so that many streams begin at once */
#define TURN_SIZE (16 * 1024 * 1024) /* more than the buffer of a socket: it ends a turn */
#define DROP_SIZE 4096

typedef struct {
    int socket; /* borrowed: the connection asks for octets while it is open */
    int fd;
    off_t offset;
    uint64_t left;
    size_t turn_size;
} Pour;

/* False: the file is shorter by now, or the peer has left. */
static bool
give(Pour *pour, size_t most)
{
    ssize_t sent = sendfile(pour->socket, pour->fd, &pour->offset, most);

    if (sent > 0)
        pour->left -= (uint64_t)sent;
    pour->turn_size = TURN_SIZE;
    return sent > 0 || (sent < 0 && (errno == EAGAIN || errno == EINTR));
}

/* The position is libmicrohttpd's own, of drops alone. */
static ssize_t
on_wanted(void *data, uint64_t position G_GNUC_UNUSED, char *drop, size_t size)
{
    Pour *pour = data;

    if (pour->left == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (pour->left > size && !give(pour, (size_t)MIN(pour->left - size, pour->turn_size)))
        return http_body_break_off(pour->socket);
    ssize_t got = pread(pour->fd, drop, (size_t)MIN(size, pour->left), pour->offset);
    if (got <= 0)
        return http_body_break_off(pour->socket);
    pour->offset += got;
    pour->left -= (uint64_t)got;
    return got;
}

static void
pour_free(void *data)
{
    close(((Pour *)data)->fd);
    g_free(data);
}

/* What is encrypted cannot go past libmicrohttpd. */
bool
http_pour_suits(const HttpExchange *exchange, uint64_t length)
{
    return length >= LONG_SIZE && strcmp(exchange->method, "GET") == 0 &&
           MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION) ==
               NULL;
}

struct MHD_Response *
http_pour_new(int socket, int fd, uint64_t offset, uint64_t length)
{
    Pour *pour = g_new(Pour, 1);

    setsockopt(socket, IPPROTO_TCP, TCP_CORK, &(int){ 1 }, sizeof(int));
    *pour = (Pour){ socket, fd, (off_t)offset, length, FIRST_TURN_SIZE };
    struct MHD_Response *response =
        MHD_create_response_from_callback(length, DROP_SIZE, on_wanted, pour, pour_free);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    return response;
}
