/* air.h -- the sockets of discovery: what is sent and heard on every interface
 *
 * Listens where PROFILE section 1 says: UDP 3880 of both IPv4 groups and both IPv6 ones, and 1900
 * shared with SSDP. Hands on what is ISDP and comes from the link; sends from a port of its own, so
 * that answers find this program alone. Owned by IgrsDiscovery; main loop only. */
#pragma once

#include "net/interfaces.h"
#include "wire/isdp.h"

typedef struct IgrsAir IgrsAir;

/* Whereto one speaks to all. */
typedef enum {
    IGRS_AIR_MAIN, /* 239.255.255.250:3880 */
    IGRS_AIR_IANA, /* 224.0.0.110:3880, an option */
    IGRS_AIR_SSDP, /* 239.255.255.250:1900, an option */
    IGRS_AIR_LINK, /* [ff02::c]:3880 */
    IGRS_AIR_SITE, /* [ff05::c]:3880 */
    IGRS_AIR_WAY_N
} IgrsAirWay;

typedef struct {
    const Isdp *isdp;
    GSocketAddress *from;
    GInetAddress *address; /* of from */
    const NetInterface *interface;
} IgrsAirMessage;

/* Borrowed for the call. */
typedef void (*IgrsAirHeard)(const IgrsAirMessage *message, gpointer user_data);

/* port 0: IGRS_PORT. Errors: the sockets without which nothing is heard or said. */
IgrsAir *igrs_air_new(NetInterfaces *interfaces, uint16_t port, IgrsAirHeard heard,
                      gpointer user_data, GError **error);
void     igrs_air_free(IgrsAir *air);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsAir, igrs_air_free)

/* Joins the groups on interfaces that are new since. */
void     igrs_air_join(IgrsAir *air);
GSocketFamily igrs_air_family(IgrsAirWay way);
/* "239.255.255.250:3880": the Host of what is sent that way; borrowed. */
const char *igrs_air_host(const IgrsAir *air, IgrsAirWay way);
/* To all on one interface. What cannot be sent is lost, as any datagram may be. */
void     igrs_air_say(IgrsAir *air, IgrsAirWay way, GBytes *bytes, unsigned interface_index);
void     igrs_air_answer(IgrsAir *air, GBytes *bytes, GSocketAddress *to, unsigned interface_index);
