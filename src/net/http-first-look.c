/* http-first-look.c -- what the first octets of a connection say that libmicrohttpd does not hear
 *
 * It takes a line that begins with NUL for an empty one and waits for another, and a chunk of many
 * tebioctets for one that will come. Whoever sends such things waits for an answer until the time
 * of a head or a body is over, so the first octets are looked at before they are read. The listener
 * hands over connections with them (TCP_DEFER_ACCEPT); what comes later has those times. */
#include "net/http-room.h"

#include <string.h>
#include <sys/socket.h>

#define LOOK_SIZE 4096
#define CHUNK_DIGITS_MAX 10 /* 1 TiB: no body is larger */

/* RFC 9110, 5.6.2; empty lines may come before (RFC 9112, 2.2). */
static bool
begins_with_method(const char *octets, size_t size)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    size_t at = 0;

    while (at < size && (octets[at] == '\r' || octets[at] == '\n'))
        at++;
    for (; at < size && octets[at] != ' '; at++)
        if (!g_ascii_isalnum(octets[at]) &&
            (octets[at] == '\0' || strchr(others, octets[at]) == NULL))
            return false;
    return true;
}

/* The size of the first chunk, when a head that announces chunks is here and some of the body. */
static bool
begins_with_endless_chunk(char *octets, size_t size)
{
    char *end = g_strstr_len(octets, (gssize)size, "\r\n\r\n");

    if (end == NULL)
        return false;
    const char *body = end + 4;
    g_autofree char *head = g_ascii_strdown(octets, end - octets);
    const char *coding = strstr(head, "\r\ntransfer-encoding:");
    if (coding == NULL || strstr(coding, "chunked") == NULL)
        return false;
    while (body < octets + size && *body == '0')
        body++;
    const char *digit = body;
    while (digit < octets + size && g_ascii_isxdigit(*digit))
        digit++;
    return digit - body > CHUNK_DIGITS_MAX;
}

bool
http_first_look(int socket, unsigned *status, const char **reason)
{
    char octets[LOOK_SIZE];
    ssize_t size = recv(socket, octets, sizeof octets, MSG_PEEK | MSG_DONTWAIT);

    if (size <= 0)
        return true;
    if (!begins_with_method(octets, (size_t)size)) {
        *status = 400;
        *reason = "this is not HTTP";
        return false;
    }
    if (begins_with_endless_chunk(octets, (size_t)size)) {
        *status = 413;
        *reason = "no body has a chunk of that size";
        return false;
    }
    return true;
}
