/* igrs-finder.h -- puts the screens of the IGRS network into the registry
 *
 * A device that offers AVTransport is a screen. One that goes offline stays listed as such for five
 * minutes, so that a television that is switched off and on keeps its place. Main loop only. */
#pragma once

#include "appliance/screens.h"
#include "base/clock.h"
#include "igrs/client.h"

typedef struct IgrsFinder IgrsFinder;

/* Everything is borrowed and outlives the finder. Devices that are online already are taken. */
IgrsFinder *igrs_finder_new(IgrsNode *node, IgrsClient *client, Screens *screens, Clock *clock);
/* Takes its screens out of the registry. */
void        igrs_finder_free(IgrsFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsFinder, igrs_finder_free)
