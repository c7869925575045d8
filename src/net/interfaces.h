/* interfaces.h -- the network interfaces, as they come, go and change
 *
 * Told by rtnetlink (RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR); never polled. Main loop
 * only. An interface is listed while it is up, runs multicast (or is lo) and has an address. */
#pragma once

#include "base/observers.h"

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    unsigned index;
    char *name;
    bool is_loopback;
    GPtrArray *addresses; /* GInetAddressMask: the address itself with its prefix length */
} NetInterface;

typedef struct NetInterfaces NetInterfaces;

/* wanted: names, ends with NULL; NULL or empty: every one but lo, and lo when it is the only one.
 * Errors: what the netlink socket says. */
NetInterfaces      *net_interfaces_new(const char *const *wanted, GError **error);
void                net_interfaces_free(NetInterfaces *interfaces);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetInterfaces, net_interfaces_free)

/* NetInterface, borrowed until the loop runs again. */
const GPtrArray    *net_interfaces_list(const NetInterfaces *interfaces);
const NetInterface *net_interfaces_find(const NetInterfaces *interfaces, unsigned index);
/* Told once after each burst of changes; event is the NetInterfaces. */
Observers          *net_interfaces_observers(NetInterfaces *interfaces);

/* The first address of a family; NULL: none. For IPv6 a link-local one is taken last. */
GInetAddress       *net_interface_address(const NetInterface *interface, GSocketFamily family);
/* True when address is inside one of the interface's prefixes, or loopback on lo: on-link. */
bool                net_interface_is_on_link(const NetInterface *interface, GInetAddress *address);

/* True when address is one of ours, or loopback. */
bool                net_interfaces_has(const NetInterfaces *interfaces, GInetAddress *address);

/* "http://ADDRESS:PORT" with the address of ours that peer (numbers, with "%ZONE" when it is known
 * by a link-local address; NULL: this computer) reaches: on its own link where there is one. The
 * caller's; NULL: we have no address at all yet. */
char               *net_interfaces_base_url(const NetInterfaces *interfaces, const char *peer,
                                            uint16_t port);
