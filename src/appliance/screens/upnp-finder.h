/* upnp-finder.h -- puts the MediaRenderers and MediaServers of the network into the registries
 *
 * A device that is a screen or a server by IGRS already stays that, and is not listed twice. One
 * that leaves stays listed as such for five minutes, so that a set that is switched off and on
 * keeps its place. Main loop only. */
#pragma once

#include "appliance/library/servers.h"
#include "appliance/screens/screens.h"
#include "base/clock.h"
#include "net/interfaces.h"
#include "upnp/ear.h"

typedef struct UpnpFinder UpnpFinder;

/* Texts are borrowed for the call; the rest is borrowed and outlives the finder. */
typedef struct {
    const char *uuid;   /* our own: nobody lists himself */
    const char *agent;  /* USER-AGENT */
    const char *memory; /* the file of what is learnt of sets */
    NetInterfaces *interfaces;
    Screens *screens;
    Servers *servers;
    UpnpEar *ear; /* whose port is set before the loop runs */
    Clock *clock;
} UpnpFinderParts;

/* Errors: no socket for SSDP. */
UpnpFinder *upnp_finder_new(const UpnpFinderParts *parts, GError **error);
/* Takes its screens and servers out of the registries. */
void        upnp_finder_free(UpnpFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpnpFinder, upnp_finder_free)
