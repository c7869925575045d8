/* media-renderer.h -- duoping-tv as a UPnP MediaRenderer:1 (INTERFACE.md, "UPnP")
 *
 * What it says of itself; the services are those that the IGRS node hosts as well. */
#pragma once

#include "upnp/upnp.h"

/* Texts are copied; the rest is borrowed and outlives the device. */
typedef struct {
    const char *uuid, *name, *server;
    Service *transport, *rendering, *connection_manager;
    Clock *clock;
    NetInterfaces *interfaces;
} MediaRendererParts;

UpnpDevice *media_renderer_new(const MediaRendererParts *parts);
