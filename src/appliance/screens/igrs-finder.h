/* igrs-finder.h -- puts the screens and servers of the IGRS network into the registries
 *
 * A device that offers AVTransport is a screen, one that offers AVContentDirectory a server; it may
 * be both. One that goes offline stays listed as such for five minutes, so that a television that
 * is switched off and on keeps its place. Main loop only. */
#pragma once

#include "appliance/library/servers.h"
#include "appliance/screens/screens.h"
#include "base/clock.h"
#include "igrs/client.h"

typedef struct IgrsFinder IgrsFinder;

/* Everything is borrowed and outlives the finder. Devices that are online already are taken. */
IgrsFinder *igrs_finder_new(IgrsNode *node, IgrsClient *client, Screens *screens, Servers *servers,
                            Clock *clock);
/* Takes its screens and servers out of the registries. */
void        igrs_finder_free(IgrsFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsFinder, igrs_finder_free)
