/* icons.h -- the picture of a device that sets show in their lists (DLNA guidelines 7.2.7)
 *
 * PNG for those who see through its corners, JPEG for those who know nothing else, small and
 * large. */
#pragma once

#include "net/http-router.h"
#include "wire/upnp-description.h"

extern const UpnpIcon upnp_icons[];       /* for a description */
extern const HttpRoute upnp_icon_routes[];
