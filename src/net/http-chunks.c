/* http-chunks.c -- what is made while it is sent, in large chunks of our own (RFC 9112, 7.1)
 *
 * libmicrohttpd copies what is made into what it has left of a connection's memory, some 12 KiB,
 * and sends each as a chunk: half the CPU of a stream that is made fast. So most of what is there
 * goes past it, from where it lies, as one chunk; the rest is libmicrohttpd's, which then waits
 * until the socket takes more. A chunk that was begun has to go out whole before that, therefore
 * none is begun but of a size that the socket takes. */
#include "net/http-exchange.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define LEAST_SIZE (32 * 1024)  /* worth a chunk */
#define MOST_SIZE (1024 * 1024) /* others have their turn */
#define DROP_SIZE 4096          /* what is left to libmicrohttpd, at least */
#define SHORTAGE_MS 1000        /* that the kernel may be short of memory in */

bool
http_chunks_suit(const HttpExchange *exchange, const Stream *stream)
{
    return stream->class->peek != NULL && stream->length < 0 && exchange->takes_chunks &&
           !exchange->is_secure && strcmp(exchange->method, "GET") == 0;
}

/* How much the socket takes at once, but where the kernel itself has no memory: it counts what it
 * keeps beside each octet, too, which is far less than the octets. */
static size_t
room_in(int socket)
{
    uint32_t counts[SK_MEMINFO_VARS] = { 0 };
    socklen_t size = sizeof counts;
    unsigned all_of_it = UINT_MAX; /* whatever the computer's tcp_notsent_lowat says */

    setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &all_of_it, sizeof all_of_it);
    if (getsockopt(socket, SOL_SOCKET, SO_MEMINFO, counts, &size) != 0)
        return 0; /* Linux before 4.12 */
    uint32_t most = counts[SK_MEMINFO_SNDBUF], queued = counts[SK_MEMINFO_WMEM_QUEUED];
    return most > queued ? (most - queued) / 2 : 0;
}

static bool
send_all(int socket, struct iovec *parts, size_t count)
{
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = count };
    struct pollfd room = { .fd = socket, .events = POLLOUT };

    while (message.msg_iovlen > 0) {
        ssize_t sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN && poll(&room, 1, SHORTAGE_MS) == 1)
            continue;
        if (sent < 0 && errno != EINTR)
            return false;
        for (size_t left = sent > 0 ? (size_t)sent : 0; message.msg_iovlen > 0; message.msg_iov++) {
            size_t taken = MIN(left, message.msg_iov->iov_len);
            message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + taken;
            message.msg_iov->iov_len -= taken;
            left -= taken;
            if (message.msg_iov->iov_len > 0)
                break;
            message.msg_iovlen--;
        }
    }
    return true;
}

bool
http_chunks_pour(int socket, Stream *stream)
{
    size_t there = 0;
    const void *octets = stream->class->peek(stream, &there);

    if (octets == NULL || there < LEAST_SIZE + DROP_SIZE)
        return true;
    size_t size = MIN(MIN(there - DROP_SIZE, MOST_SIZE), room_in(socket));
    if (size < LEAST_SIZE)
        return true;
    char head[16];
    int head_size = g_snprintf(head, sizeof head, "%zX\r\n", size);
    struct iovec parts[] = { { head, (size_t)head_size },
                             { (void *)octets, size }, /* the cast: sendmsg() reads */
                             { (char[]){ '\r', '\n' }, 2 } };
    bool is_sent = send_all(socket, parts, G_N_ELEMENTS(parts));
    if (is_sent)
        stream->class->skip(stream, size);
    return is_sent;
}
