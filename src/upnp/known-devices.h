/* known-devices.h -- the devices of one type that announced themselves: lives and descriptions
 *
 * For control-point.c, whose header tells the rules; main loop only. */
#pragma once

#include "upnp/control-point.h"
#include "wire/ssdp.h"

typedef struct KnownDevices KnownDevices;

/* type: "urn:...:device:MediaRenderer:", copied; the rest is borrowed. Observers are told each
 * UpnpRemoteEvent. */
KnownDevices *known_devices_new(const char *type, HttpClient *client, Clock *clock,
                                Observers *observers);
void          known_devices_free(KnownDevices *all); /* nobody is told */
/* Whatever was heard on the link, and by whom. */
void          known_devices_heard(KnownDevices *all, const Ssdp *said, GInetAddress *speaker);
/* The network is not what it was, and they have so long to say that they are there: nobody's life
 * ends before, and who is on no link of ours lives no longer. */
void          known_devices_expect(KnownDevices *all, const NetInterfaces *interfaces,
                                   int64_t time_ms);
