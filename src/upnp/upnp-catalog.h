/* upnp-catalog.h -- the RemoteServer port over the ContentDirectory of a UPnP MediaServer
 *
 * Browses and searches one device and follows its SystemUpdateID where it sends events. Main loop
 * only. */
#pragma once

#include "base/clock.h"
#include "model/remote-server.h"
#include "net/http-client.h"
#include "upnp/ear.h"

/* True when the device offers what a server needs: ContentDirectory. */
bool          upnp_catalog_fits(const UpnpRemote *remote);

/* Its id is upnp_remote_id(), its kind "upnp". remote is copied; the rest is borrowed and outlives
 * it. Free by remote_server_free(). */
RemoteServer *upnp_catalog_new(HttpClient *client, Clock *clock, UpnpEar *ear,
                               const UpnpRemote *remote);
/* It was described anew, elsewhere perhaps. */
void          upnp_catalog_set_remote(RemoteServer *server, const UpnpRemote *remote);
/* It has left the network; reason for people. */
void          upnp_catalog_set_gone(RemoteServer *server, const char *reason);
