/* talk.c -- see talk.h */
#define _GNU_SOURCE /* strcasestr */
#include "tests/net/talk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)

int
talk_open(uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_assert_no_errno(connect(fd, (struct sockaddr *)&to, sizeof to));
    return fd;
}

void
talk_send(int fd, const char *octets, gssize size)
{
    size_t left = size < 0 ? strlen(octets) : (size_t)size;

    while (left > 0) {
        ssize_t count = send(fd, octets, left, MSG_NOSIGNAL);
        if (count < 0)
            return; /* refused before it was all read: the answer tells */
        octets += count;
        left -= (size_t)count;
    }
}

/* One piece more; false: the peer closed. */
static bool
hear_some(int fd, GString *heard, gint64 until)
{
    char buffer[65536];

    for (;;) {
        struct pollfd place = { .fd = fd, .events = POLLIN };
        while (g_main_context_iteration(NULL, FALSE))
            ;
        g_assert_cmpint(g_get_monotonic_time(), <, until);
        if (poll(&place, 1, 1) <= 0)
            continue;
        ssize_t count = recv(fd, buffer, sizeof buffer, 0);
        if (count > 0)
            g_string_append_len(heard, buffer, count);
        return count > 0;
    }
}

GString *
talk_hear_all(int fd)
{
    GString *heard = g_string_new(NULL);
    gint64 until = g_get_monotonic_time() + PATIENCE_US;

    while (hear_some(fd, heard, until))
        ;
    return heard;
}

GString *
talk_hear(int fd, const char *text)
{
    GString *heard = g_string_new(NULL);
    gint64 until = g_get_monotonic_time() + PATIENCE_US;

    while (strstr(heard->str, text) == NULL)
        if (!hear_some(fd, heard, until))
            g_error("closed before \"%s\"; heard: %s", text, heard->str);
    return heard;
}

GString *
talk_hear_reply(int fd)
{
    GString *heard = g_string_new(NULL);
    gint64 until = g_get_monotonic_time() + PATIENCE_US;

    for (;;) {
        const char *end = strstr(heard->str, "\r\n\r\n");
        const char *length = end == NULL ? NULL : strcasestr(heard->str, "\r\nContent-Length: ");
        if (length != NULL && length < end &&
            heard->len >= (size_t)(end - heard->str) + 4 + strtoul(length + 18, NULL, 10))
            return heard;
        if (!hear_some(fd, heard, until))
            return heard;
    }
}

GString *
talk(uint16_t port, const char *octets, gssize size)
{
    int fd = talk_open(port);

    talk_send(fd, octets, size);
    GString *heard = talk_hear_reply(fd);
    close(fd);
    return heard;
}

void
talk_wait(const bool *what)
{
    gint64 until = g_get_monotonic_time() + PATIENCE_US;

    while (!*(const volatile bool *)what) {
        g_assert_cmpint(g_get_monotonic_time(), <, until);
        if (!g_main_context_iteration(NULL, FALSE))
            poll(NULL, 0, 1);
    }
}

static void
on_events_closed(gpointer user_data)
{
    ((TalkEvents *)user_data)->is_closed = true;
}

static void
reply_events(HttpExchange *exchange, gpointer user_data)
{
    TalkEvents *stream = user_data;

    stream->events = http_exchange_reply_events(exchange, on_events_closed, stream);
    stream->is_open = true;
}

const HttpRoute talk_events_routes[] = {
    { "GET", "/events", HTTP_STATE, reply_events, 0 },
    { 0 },
};
