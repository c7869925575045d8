/* relay-rules.h -- what we fetch for others, and from where: pure
 *
 * Whoever may cast names the address, so it must lead nowhere that they could not reach or read
 * themselves (FIELD-NOTES part 3). */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define RELAY_REDIRECTS_MAX 5

typedef enum {
    RELAY_OPEN,  /* the Internet: anybody may fetch there */
    RELAY_HOME,  /* of private networks: only from a device that was discovered on a link of ours */
    RELAY_NEVER, /* this computer, a link's own addresses, many at once, none at all */
} RelayReach;

/* Also of an IPv4 address that is wrapped in one of IPv6. */
RelayReach relay_reach(GInetAddress *address);

/* Where a redirect from url leads; the caller's. DUO_ERROR_DENIED: not to http or https, or out of
 * TLS. */
char      *relay_follow(const char *url, const char *location, GError **error);

/* Only media are passed on: pages, and what programs say to each other, are for who asks them
 * himself. mime: Content-Type as it came; NULL: none. */
bool       relay_takes(const char *mime);
/* A list of HLS, by its type or, where that says nothing, by its address. */
bool       relay_is_list(const char *mime, const char *url);
