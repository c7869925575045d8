/* http-host.c -- see http-host.h; uri-host [ ":" port ] (RFC 9110, 7.2; RFC 3986, 3.2.2; RFC
 * 6874) */
#include "net/http-host.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

#define HOST_MAX 255

/* An address in brackets, or one of IPv4 without. */
static bool
read_address(const char *name, bool is_bracketed, struct in6_addr *address)
{
    struct in_addr v4;

    if (is_bracketed)
        return inet_pton(AF_INET6, name, address) == 1;
    if (inet_pton(AF_INET, name, &v4) != 1)
        return false;
    *address = (struct in6_addr){ .s6_addr = { [10] = 0xff, [11] = 0xff } };
    memcpy(&address->s6_addr[12], &v4, sizeof v4);
    return true;
}

static bool
is_name_of_ours(char *name, const char *const *names)
{
    size_t length = strlen(name);

    if (length > 0 && name[length - 1] == '.')
        name[length - 1] = '\0'; /* the root */
    if (g_ascii_strcasecmp(name, "localhost") == 0)
        return true;
    for (; names != NULL && *names != NULL; names++)
        if (g_ascii_strcasecmp(name, *names) == 0)
            return true;
    return false;
}

bool
http_host_is_ours(const char *host, const struct in6_addr *local, uint16_t port,
                  const char *const *names)
{
    char name[HOST_MAX + 1];
    struct in6_addr address;
    uint32_t asked_port = port;
    bool is_bracketed = host[0] == '[';
    const char *start = host + is_bracketed;
    size_t length = strcspn(start, is_bracketed ? "]" : ":");
    const char *rest = start + length;

    if (length > HOST_MAX || (is_bracketed && *rest++ != ']'))
        return false;
    if (*rest == ':' && rest[1] != '\0' && !text_to_u32(rest + 1, 0, UINT16_MAX, &asked_port))
        return false;
    if ((*rest != ':' && *rest != '\0') || asked_port != port)
        return false;
    memcpy(name, start, length);
    name[length] = '\0';
    if (is_bracketed)
        name[strcspn(name, "%")] = '\0'; /* a zone means nothing to us */
    if (read_address(name, is_bracketed, &address))
        return memcmp(&address, local, sizeof address) == 0;
    return !is_bracketed && is_name_of_ours(name, names);
}
