/* device.h -- what the files behind a UpnpDevice share; private to the room */
#pragma once

#include "upnp/events.h"
#include "net/http-reply-cache.h"
#include "upnp/ssdp.h"
#include "upnp/upnp.h"

/* Made before the HTTP server and not changed after that: http threads read it. */
typedef struct UpnpHosted {
    Service *service; /* borrowed */
    char *name;       /* in our addresses */
    char *type;       /* URN */
    char *id;         /* URN */
    char *scpd_path, *control_path, *event_path;
    GBytes *scpd;
} UpnpHosted;

struct UpnpDevice {
    Clock *clock; /* borrowed */
    char *type;   /* URN */
    GPtrArray *services; /* UpnpHosted */
    GBytes *description; /* the plain one; made by upnp_device_add_routes() */
    HttpReplyCache *cache;
    UpnpEvents *events;
    UpnpSsdp *ssdp; /* NULL: not started */
    UpnpDeviceOptions options; /* texts are owned */
};

#define UPNP_DESCRIPTION_PATH "/upnp/description.xml"

/* NULL: none of that name. */
UpnpHosted *upnp_device_find(const UpnpDevice *device, const char *name);

/* What the device says of itself in a dialect; any thread. */
GBytes     *upnp_device_describe(const UpnpDevice *device, const Dialect *dialect);

/* hosting.c: description, SCPD and control; their user_data is the device. */
extern const HttpRoute upnp_hosting_routes[];
/* subscribing.c: SUBSCRIBE and UNSUBSCRIBE; the same. */
extern const HttpRoute upnp_subscribing_routes[];
