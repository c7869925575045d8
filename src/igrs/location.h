/* location.h -- where a peer says it is, held against where it speaks from
 *
 * We fetch from, and notify, only the address that asked us to: nobody can point us at a third
 * party (PROFILE section 5; CVE-2020-12695 is what happens otherwise). Pure. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

#define IGRS_LOCATION_MAX 512 /* octets of a URL we are given */

/* True when location is an http or https URL whose host is the literal address. */
bool  igrs_location_is_at(const char *location, GInetAddress *address);
/* The literal address of its host; NULL when it has none. The caller's. */
GInetAddress *igrs_location_address(const char *location);
/* The same as it is reached by that interface: a link-local IPv6 address gets its zone (RFC 6874),
 * in place of one that the peer put there. The caller's. */
char *igrs_location_on_link(const char *location, unsigned interface_index);
/* http://address:port/IGRS; the caller's. */
char *igrs_location_new(GInetAddress *address, uint16_t port);
/* The same with https. */
char *igrs_location_new_secure(GInetAddress *address, uint16_t port);
/* Where the peer at location says that it serves inside TLS: said, in the words of location. NULL:
 * it is no https URL, or of another host. The caller's. */
char *igrs_location_inside(const char *location, const char *said);
/* "10.0.0.1" or "[fe80::1]", as it stands in a URL; the caller's. */
char *igrs_location_host(GInetAddress *address);
/* An IPv4 address that came dressed as IPv6 (::ffff:a.b.c.d), undressed; the caller's. */
GInetAddress *igrs_address_plain(GInetAddress *address);
