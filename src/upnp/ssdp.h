/* ssdp.h -- a device's voice: who it is and where, said to each network in that network's own
 * address
 *
 * Announces the device on every interface when it starts, when an interface or its address comes or
 * changes, when the machine has slept, and now and then; answers searches of peers on the link, and
 * of nobody else. Says byebye when it is freed. Main loop only. */
#pragma once

#include "base/clock.h"
#include "net/interfaces.h"

#include <stdint.h>

typedef struct UpnpSsdp UpnpSsdp;

/* Texts are copied, Clock and NetInterfaces borrowed. */
typedef struct {
    const char *uuid;
    const char *const *types; /* URNs: the device, its services; end with NULL */
    const char *path;         /* of the description */
    uint16_t http_port;
    const char *server; /* the SERVER head */
    uint16_t port;      /* 0: SSDP_PORT */
    Clock *clock;
    NetInterfaces *interfaces;
} UpnpSsdpOptions;

/* Errors: the socket cannot be had. */
UpnpSsdp *upnp_ssdp_new(const UpnpSsdpOptions *options, GError **error);
void      upnp_ssdp_free(UpnpSsdp *ssdp);
