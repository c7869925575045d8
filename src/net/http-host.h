/* http-host.h -- whether a Host head means us (DNS rebinding)
 *
 * A page of a foreign name whose address was turned to ours sends that name; an address or a name
 * of ours cannot be had that way. Pure. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* host: the value of Host, with or without a port. True when it is local (IPv4 as ::ffff:a.b.c.d),
 * localhost or one of names (ends with NULL; NULL: none), and its port, if any, is port. */
bool http_host_is_ours(const char *host, const struct in6_addr *local, uint16_t port,
                       const char *const *names);
