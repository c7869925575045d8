/* wire.c -- octets over TCP and those who call us meanwhile; see tester.h
 *
 * Replies are read by an own reader that holds heads to RFC 9112 and notes what breaks it. */
#define _GNU_SOURCE /* accept4() */
#include "validate/tester.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WRITE_MS 5000
#define READ_SIZE_MAX (8 * 1024 * 1024)

int64_t
wire_now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* -- What came --------------------------------------------------------------------------------- */

void
heard_free(Heard *heard)
{
    if (heard == NULL)
        return;
    g_free(heard->start);
    http_heads_free(heard->heads);
    g_free(heard->raw);
    g_free(heard->body);
    xml_document_free(heard->document);
    g_free(heard->flaw);
    g_free(heard->from);
    g_free(heard);
}

static void
note_flaw(Heard *heard, const char *what, const char *line)
{
    if (heard->flaw == NULL)
        heard->flaw = g_strdup_printf("%s: \"%s\"", what, line);
}

static void
read_head_line(Heard *heard, char *line)
{
    char *colon = strchr(line, ':');

    if (colon == NULL || colon == line) {
        note_flaw(heard, "a head without a name", line);
        return;
    }
    if (strcspn(line, " \t") < (size_t)(colon - line))
        note_flaw(heard, "a blank in the name of a head", line);
    *colon = '\0';
    http_heads_add(heard->heads, line, g_strstrip(colon + 1));
}

static size_t
read_head(Heard *heard, const char *data, size_t size)
{
    const char *end = g_strstr_len(data, (gssize)size, "\r\n\r\n");
    size_t head_size = end != NULL ? (size_t)(end - data) : size;
    g_autofree char *text = g_strndup(data, head_size);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);

    if (end == NULL)
        note_flaw(heard, "the head does not end", "");
    if (strlen(text) != head_size || !g_utf8_validate(text, -1, NULL))
        note_flaw(heard, "the head is not text", "");
    for (guint i = 0; lines[i] != NULL; i++) {
        if (strpbrk(lines[i], "\r\n") != NULL)
            note_flaw(heard, "a line does not end in CRLF", lines[i]);
        if (i == 0)
            heard->start = g_strdup(lines[0]);
        else
            read_head_line(heard, lines[i]);
    }
    return end != NULL ? head_size + 4 : size;
}

Heard *
heard_new(const char *data, size_t size)
{
    Heard *heard = g_new0(Heard, 1);

    heard->heads = http_heads_new();
    heard->raw = g_malloc(size + 1);
    memcpy(heard->raw, data, size);
    heard->raw[size] = '\0';
    heard->at_ms = wire_now_ms();
    heard->head_size = read_head(heard, data, size);
    heard->body_size = size - heard->head_size;
    heard->body = g_strndup(data + heard->head_size, heard->body_size);
    if (heard->start == NULL)
        heard->start = g_strdup("");
    if (strncmp(heard->start, "HTTP/1.", 7) == 0 && strlen(heard->start) > 11)
        heard->status = (unsigned)strtoul(heard->start + 9, NULL, 10);
    if (heard->body_size > 0 && strstr(heard->body, "<!DOCTYPE") == NULL)
        heard->document = xml_parse(heard->body, heard->body_size, NULL);
    return heard;
}

size_t
wire_message_size(const GString *data)
{
    const char *end = strstr(data->str, "\r\n\r\n");
    uint64_t length = 0;

    if (end == NULL)
        return 0;
    size_t head_size = (size_t)(end - data->str) + 4;
    g_autofree char *head = g_ascii_strdown(data->str, (gssize)head_size);
    const char *field = strstr(head, "\r\ncontent-length:");
    if (g_str_has_prefix(head, "http/1.1 100"))
        return head_size;
    if (field == NULL)
        return strncmp(head, "http/", 5) == 0 ? 0 : head_size;
    length = strtoull(field + strlen("\r\ncontent-length:"), NULL, 10);
    return data->len >= head_size + length ? head_size + (size_t)length : 0;
}

/* -- Those who call us ------------------------------------------------------------------------- */

/* We are here; signed where the pipe is sealed. */
static void
answer_detection(const Tester *t, const Heard *request, GString *out)
{
    const char *number = head_of(request, "01-SequenceId");
    const char *target = head_of(request, "01-TargetDeviceId");
    const char *type = "DeviceOnlineDetectionResponse";
    g_autofree char *signature = seal_text(t, "A", type, number, "", 0);

    g_string_append_printf(out, "Man: \"" IGRS_MAN "\";ns=01\r\n01-IGRSVersion: " IGRS_VERSION
                                "\r\n01-IGRSMessageType: %s\r\n01-TargetDeviceId: %s\r\n"
                                "01-SourceDeviceId: %s\r\n01-AcknowledgeId: %s\r\n"
                                "01-ReturnCode: 200\r\n",
                           type, head_of(request, "01-SourceDeviceId"), target, number);
    if (t->is_sealed && strcmp(target, t->paired) == 0)
        g_string_append_printf(out, "01-Signature: %s\r\n", signature);
}

static void
answer(const Tester *t, int fd, const Heard *request)
{
    const char *type = http_heads_get(request->heads, "01-IGRSMessageType");
    g_autoptr(GString) out = g_string_new("HTTP/1.1 200 OK\r\nExt: \r\nConnection: close\r\n");

    if (g_strcmp0(type, "DeviceOnlineDetectionRequest") == 0)
        answer_detection(t, request, out);
    g_string_append(out, "Content-Length: 0\r\n\r\n");
    wire_write(fd, out->str, out->len);
}

static bool
is_readable(int fd, int64_t until_ms)
{
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    int64_t left_ms = until_ms - wire_now_ms();

    return poll(&wait, 1, (int)MAX(left_ms, 0)) > 0;
}

/* Appends what is there; 0: the peer closed, or failed. */
static size_t
read_some(int fd, GString *data)
{
    char buffer[16384];
    ssize_t count = recv(fd, buffer, sizeof buffer, 0);

    if (count > 0)
        g_string_append_len(data, buffer, count);
    return count > 0 ? (size_t)count : 0;
}

static void
serve_one(Tester *t)
{
    struct sockaddr_in peer = { 0 };
    socklen_t peer_size = sizeof peer;
    int fd = accept4(t->listener, (struct sockaddr *)&peer, &peer_size, SOCK_CLOEXEC);
    g_autoptr(GString) data = g_string_new(NULL);
    int64_t until_ms = wire_now_ms() + 2000;
    size_t size = 0;

    if (fd < 0)
        return;
    while ((size = wire_message_size(data)) == 0 && data->len < READ_SIZE_MAX &&
           is_readable(fd, until_ms) && read_some(fd, data) > 0)
        continue;
    if (size > 0) {
        Heard *request = heard_new(data->str, size);
        char text[INET_ADDRSTRLEN] = "";
        inet_ntop(AF_INET, &peer.sin_addr, text, sizeof text);
        request->from = g_strdup(text);
        g_ptr_array_add(t->requests, request);
        answer(t, fd, request);
    }
    close(fd);
}

/* How long a datagram has waited for us: on a busy computer several are read at once. */
static int64_t
age_ms(const struct timespec *arrived)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (now.tv_sec - arrived->tv_sec) * 1000 + (now.tv_nsec - arrived->tv_nsec) / 1000000;
}

/* What the kernel says of a datagram. */
static void
read_control(Heard *heard, struct msghdr *message)
{
    struct timespec arrived;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
            memcpy(&heard->ttl, CMSG_DATA(c), sizeof heard->ttl);
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            memcpy(&arrived, CMSG_DATA(c), sizeof arrived);
            heard->at_ms -= age_ms(&arrived);
        }
    }
}

static void
take_datagram(Tester *t, int fd)
{
    char buffer[65536], control[256];
    struct sockaddr_in from = { 0 };
    struct iovec part = { buffer, sizeof buffer };
    struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part,
                              .msg_iovlen = 1, .msg_control = control,
                              .msg_controllen = sizeof control };
    ssize_t size = recvmsg(fd, &message, MSG_DONTWAIT);

    if (size <= 0)
        return;
    Heard *heard = heard_new(buffer, (size_t)size);
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &from.sin_addr, text, sizeof text);
    heard->from = g_strdup(text);
    read_control(heard, &message);
    g_ptr_array_add(t->datagrams, heard);
}

/* Waits for fd (-1: nothing) and takes what comes meanwhile; false: not in time. */
static bool
wait_for(Tester *t, int fd, int64_t until_ms)
{
    for (;;) {
        struct pollfd all[] = { { fd, POLLIN, 0 }, { t->listener, POLLIN, 0 },
                                { t->mouth, POLLIN, 0 }, { t->ear, POLLIN, 0 } };
        int64_t left_ms = until_ms - wire_now_ms();
        int count = poll(all, G_N_ELEMENTS(all), (int)MAX(left_ms, 0));

        if (all[1].revents != 0)
            serve_one(t);
        if (all[2].revents != 0)
            take_datagram(t, t->mouth);
        if (all[3].revents != 0)
            take_datagram(t, t->ear);
        if (all[0].revents != 0)
            return true;
        if (count <= 0 && left_ms <= 0)
            return false;
    }
}

void
wire_pause(Tester *t, unsigned ms)
{
    wait_for(t, -1, wire_now_ms() + ms);
}

Heard *
await_request(Tester *t, const char *type, const char *target, guint since, unsigned timeout_ms)
{
    int64_t until_ms = wire_now_ms() + timeout_ms;

    for (;;) {
        for (guint i = since; i < t->requests->len; i++) {
            Heard *request = g_ptr_array_index(t->requests, i);
            if (strcmp(head_of(request, "01-IGRSMessageType"), type) == 0 &&
                strcmp(head_of(request, "01-TargetDeviceId"), target) == 0)
                return request;
        }
        if (wire_now_ms() >= until_ms)
            return NULL;
        wire_pause(t, 20);
    }
}

/* -- Asking ------------------------------------------------------------------------------------ */

int
wire_connect(Tester *t)
{
    uint16_t port = t->inside_port != 0 ? t->inside_port : t->port;
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = { .tv_sec = WRITE_MS / 1000 };

    inet_pton(AF_INET, t->host, &to.sin_addr);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

bool
wire_write(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t count = send(fd, data, size, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        data += count;
        size -= (size_t)count;
    }
    return true;
}

Heard *
wire_read(Tester *t, int fd, unsigned timeout_ms)
{
    g_autoptr(GString) data = g_string_new(NULL);
    int64_t begin_ms = wire_now_ms(), until_ms = begin_ms + timeout_ms;
    bool is_closed = false;
    size_t size = 0;

    while (!is_closed && (size = wire_message_size(data)) == 0 && data->len < READ_SIZE_MAX &&
           wait_for(t, fd, until_ms))
        is_closed = read_some(fd, data) == 0;
    Heard *heard = heard_new(data->str, size > 0 ? size : data->len);
    heard->is_empty = data->len == 0;
    heard->is_closed =
        is_closed || g_ascii_strcasecmp(head_of(heard, "Connection"), "close") == 0;
    heard->took_ms = heard->at_ms - begin_ms;
    g_ptr_array_add(t->kept, heard);
    return heard;
}

Heard *
wire_exchange(Tester *t, const char *data, size_t size)
{
    if (t->inside_port != 0)
        return inside_exchange(t, data, size);
    int fd = wire_connect(t);

    if (fd >= 0)
        wire_write(fd, data, size); /* who does not read on still answers */
    Heard *heard = wire_read(t, fd, fd >= 0 ? 10000 : 0);
    if (fd >= 0)
        close(fd);
    return heard;
}

bool
wire_closed(Tester *t, int fd, unsigned timeout_ms)
{
    g_autoptr(GString) data = g_string_new(NULL);
    int64_t until_ms = wire_now_ms() + timeout_ms;

    while (wait_for(t, fd, until_ms))
        if (read_some(fd, data) == 0)
            return true;
    return false;
}
