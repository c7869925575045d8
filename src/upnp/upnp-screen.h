/* upnp-screen.h -- the Screen port over a UPnP MediaRenderer
 *
 * Its status is what the set says when it is asked: once a second while it plays or has been told
 * something, now and then else, since positions are never evented and many sets lose or refuse
 * events. It is offline while the set does not answer. Main loop only. */
#pragma once

#include "base/clock.h"
#include "model/screen.h"
#include "net/http-client.h"
#include "upnp/ladder.h"
#include "wire/upnp-remote.h"

/* True when the device offers what a screen needs: AVTransport. */
bool    upnp_screen_fits(const UpnpRemote *remote);

/* Its id is the device's uuid, its kind "upnp". remote is copied; the rest is borrowed and outlives
 * the screen. Free by screen_free(). */
Screen *upnp_screen_new(HttpClient *client, Clock *clock, UpnpLadder *ladder,
                        const UpnpRemote *remote);
