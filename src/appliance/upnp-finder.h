/* upnp-finder.h -- puts the MediaRenderers of the network into the registry of screens
 *
 * A device that is a screen by IGRS already stays that, and is not listed twice. Main loop only. */
#pragma once

#include "appliance/screens.h"
#include "base/clock.h"
#include "net/interfaces.h"

typedef struct UpnpFinder UpnpFinder;

/* memory: the file of what is learnt of sets. agent is the USER-AGENT. Everything is borrowed and
 * outlives the finder. Errors: no socket for SSDP. */
UpnpFinder *upnp_finder_new(NetInterfaces *interfaces, Screens *screens, Clock *clock,
                            const char *memory, const char *agent, GError **error);
/* Takes its screens out of the registry. */
void        upnp_finder_free(UpnpFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpnpFinder, upnp_finder_free)
