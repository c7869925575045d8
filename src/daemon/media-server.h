/* media-server.h -- duopingd as a UPnP MediaServer:1 (INTERFACE.md, "UPnP")
 *
 * What it says of itself; the services are those that the IGRS node hosts as well. */
#pragma once

#include "upnp/upnp.h"

/* Texts are copied; the rest is borrowed and outlives the device. */
typedef struct {
    const char *uuid, *name, *server;
    Service *content_directory, *connection_manager, *registrar;
    const Dialects *dialects;
    bool takes_uploads;
    Clock *clock;
    NetInterfaces *interfaces;
} MediaServerParts;

/* For ConnectionManager: every format we tell apart; the caller's. */
char       *media_server_sources(void);
UpnpDevice *media_server_new(const MediaServerParts *parts);
