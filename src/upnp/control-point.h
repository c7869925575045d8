/* control-point.h -- the devices of one type that are on the network, as they come and go
 *
 * Searches when it starts, when an interface comes and now and then; hears what is announced. A
 * description is fetched half a second after its device was heard first, only from the very
 * address that announced it, on the link, without redirects and up to a limit; as many devices are
 * known as a home may have, and no more. One that is announced at two places stays where it is
 * while it answers there. After a sleep of the machine everybody is searched for, and who does not
 * answer is forgotten; so is, when a network goes, who was on it. Main loop only. */
#pragma once

#include "base/clock.h"
#include "base/observers.h"
#include "net/http-client.h"
#include "net/interfaces.h"
#include "wire/upnp-remote.h"

typedef struct UpnpControlPoint UpnpControlPoint;

typedef struct {
    bool said_goodbye; /* when it is not online */
    bool is_online; /* true once more: it was started anew, or has moved */
    const UpnpRemote *remote; /* borrowed */
} UpnpRemoteEvent;

/* Texts are copied, the rest is borrowed. */
typedef struct {
    const char *type; /* "MediaRenderer" */
    const char *agent;
    uint16_t ssdp_port; /* 0: that of SSDP; tests take another */
    HttpClient *client;
    Clock *clock;
    NetInterfaces *interfaces;
} UpnpControlPointOptions;

/* Errors: no socket for SSDP. */
UpnpControlPoint *upnp_control_point_new(const UpnpControlPointOptions *options, GError **error);
void              upnp_control_point_free(UpnpControlPoint *point);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpnpControlPoint, upnp_control_point_free)
/* Event: a UpnpRemoteEvent. */
Observers        *upnp_control_point_observers(UpnpControlPoint *point);
