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
/* Nobody's life ends for so long. */
void          known_devices_spare(KnownDevices *all, int64_t time_ms);
