/* upnp-screen.h -- the Screen port over a UPnP MediaRenderer
 *
 * Its status is what the set says: by events where it sends them, by being asked else, and of its
 * position always, which is never evented. It is offline while it does not answer. What is to
 * follow goes on by itself where the model has proven that it can, and is opened by us where not.
 * Main loop only. */
#pragma once

#include "base/clock.h"
#include "model/screen.h"
#include "net/http-client.h"
#include "upnp/ear.h"
#include "upnp/ladder.h"
#include "wire/upnp-remote.h"

/* True when the device offers what a screen needs: AVTransport. */
bool    upnp_screen_fits(const UpnpRemote *remote);

/* Borrowed; all of them outlive the screen. */
typedef struct {
    HttpClient *client;
    Clock *clock;
    UpnpLadder *ladder;
    UpnpEar *ear;
} UpnpScreenParts;

/* Its id is upnp_remote_id(), its kind "upnp". remote is copied. Free by screen_free(). */
Screen *upnp_screen_new(const UpnpScreenParts *parts, const UpnpRemote *remote);
/* It was described anew, elsewhere perhaps: it is asked again what it can and how it is. */
void    upnp_screen_set_remote(Screen *screen, const UpnpRemote *remote);
/* It has left the network. */
void    upnp_screen_set_gone(Screen *screen);
