/* igrs-catalog.h -- the RemoteServer port over another device's AVContentDirectory
 *
 * Browses and searches one device (PROFILE section 7) and follows its SystemUpdateID. It goes away
 * with its device, or when that does not answer, says why, and comes back with it. Main loop
 * only. */
#pragma once

#include "igrs/client.h"
#include "model/remote-server.h"

/* True when the device offers what a server needs: AVContentDirectory. */
bool         igrs_catalog_fits(const Device *device);

/* Its id is the device's uuid, its kind "igrs". client and clock are borrowed and outlive it; the
 * device's facts are copied. Free by remote_server_free(). */
RemoteServer *igrs_catalog_new(IgrsClient *client, Clock *clock, const Device *device);
