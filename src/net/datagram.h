/* datagram.h -- UDP sockets for discovery: multicast in and out on chosen interfaces
 *
 * Main loop only. Each datagram comes with its sender and the interface it arrived on (IP_PKTINFO,
 * IPV6_RECVPKTINFO). Beyond DATAGRAM_SIZE_MAX it is dropped whole. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

#define DATAGRAM_SIZE_MAX 4096 /* docs/igrs/PROFILE.md section 1 */

typedef struct Datagram Datagram;
typedef void (*DatagramReceived)(GBytes *bytes, GSocketAddress *from, unsigned interface_index,
                                 gpointer user_data);

/* Bound to the wildcard address of the family at port (0: any), shared with other programs
 * (SO_REUSEADDR; multicast of any port may be). Errors: GIO's; the message names the port. */
Datagram *datagram_new(GSocketFamily family, uint16_t port, DatagramReceived received,
                       gpointer user_data, GError **error);
void      datagram_free(Datagram *datagram);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Datagram, datagram_free)

uint16_t  datagram_port(const Datagram *datagram);
/* Joining what is joined, or leaving what is gone, is no error. */
bool datagram_join(Datagram *datagram, GInetAddress *group, unsigned interface_index,
                   GError **error);
void      datagram_leave(Datagram *datagram, GInetAddress *group, unsigned interface_index);
/* interface_index 0: as the routes say (unicast). source: the address it comes from, which peers
 * hold against the one they are told; NULL: as the kernel chooses. ttl is the multicast TTL or hop
 * limit. */
bool datagram_send(Datagram *datagram, GBytes *bytes, GSocketAddress *to, unsigned interface_index,
                   GInetAddress *source, int ttl, GError **error);
