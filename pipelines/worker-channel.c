/* worker-channel.c -- see worker-channel.h; cmsg(3) */
#include "pipelines/worker-channel.h"

#include "pipelines/worker-protocol.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef union {
    struct cmsghdr header;
    char room[CMSG_SPACE(WORKER_FILES_MAX * sizeof(int))];
} Ancillary;

bool
worker_channel_pair(int pair[2], GError **error)
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0)
        return true;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "no socket pair: %s",
                g_strerror(errno));
    return false;
}

bool
worker_channel_send(int channel, const GByteArray *message, const int *files, guint count)
{
    struct iovec part = { message->data, message->len };
    struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };
    Ancillary ancillary = { 0 };
    ssize_t sent;

    g_assert(count <= WORKER_FILES_MAX);
    if (count > 0) {
        ancillary.header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(count * sizeof(int)),
                                             .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
        memcpy(CMSG_DATA(&ancillary.header), files, count * sizeof(int));
        header.msg_control = &ancillary;
        header.msg_controllen = CMSG_SPACE(count * sizeof(int));
    }
    do
        sent = sendmsg(channel, &header, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

static gssize
receive(int channel, int flags, void *data, size_t size, int *files, guint *count)
{
    struct iovec part = { data, size };
    Ancillary ancillary;
    struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &ancillary,
                             .msg_controllen = sizeof ancillary };
    ssize_t got;

    do
        got = recvmsg(channel, &header, MSG_CMSG_CLOEXEC | flags);
    while (got < 0 && errno == EINTR);
    *count = 0;
    if (got <= 0)
        return got;
    for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at != NULL; at = CMSG_NXTHDR(&header, at)) {
        if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_RIGHTS)
            continue;
        *count = (guint)((at->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(files, CMSG_DATA(at), *count * sizeof(int));
    }
    return got;
}

gssize
worker_channel_receive(int channel, void *data, size_t size, int *files, guint *count)
{
    return receive(channel, 0, data, size, files, count);
}

gssize
worker_channel_take(int channel, void *data, size_t size, int *files, guint *count)
{
    return receive(channel, MSG_DONTWAIT, data, size, files, count);
}
