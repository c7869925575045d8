/* upnp.h -- a UPnP device: what it is, the services it hosts, and how it is found
 *
 * A UpnpDevice is a root device of UDA 1.1 on the program's own HTTP server, under /upnp/. What it
 * offers are plain Services (model/service.h), the same objects that an IgrsNode hosts. Main loop
 * only; its routes run where net/http-router.h says.
 *
 * Order of things: new, add_service..., add_routes, start, stop, free; the HTTP server goes between
 * stop and free. */
#pragma once

#include "base/clock.h"
#include "model/service.h"
#include "net/http-router.h"
#include "net/interfaces.h"
#include "wire/dialect.h"
#include "wire/upnp-description.h"

typedef struct UpnpDevice UpnpDevice;

/* Texts are copied, tables, Clock and NetInterfaces borrowed; all of these outlive the device. */
typedef struct {
    const char *uuid; /* the 36 characters; kept for ever */
    const char *type; /* "MediaServer" */
    unsigned version;
    const char *name; /* for people */
    const char *manufacturer;
    const char *model_name;
    const char *model_number;      /* may be NULL */
    const char *model_description; /* may be NULL */
    const char *presentation_url;  /* path on our server; may be NULL */
    const UpnpTag *tags;           /* as in a UpnpDescription */
    const Dialects *dialects;      /* borrowed; NULL: everybody is spoken to plainly */
    const char *server; /* "Linux/6.1 UPnP/1.0 duoping/0.1" */
    uint16_t ssdp_port; /* 0: that of SSDP; tests take another */
    Clock *clock;
    NetInterfaces *interfaces;
} UpnpDeviceOptions;

UpnpDevice *upnp_device_new(const UpnpDeviceOptions *options);
void        upnp_device_free(UpnpDevice *device); /* stops it first */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpnpDevice, upnp_device_free)

/* service is borrowed and outlives the device; its type becomes "urn:DOMAIN:service:NAME:VERSION".
 * name may appear in an address as it is. */
void        upnp_device_add_service(UpnpDevice *device, Service *service, const char *domain,
                                    const char *name);
/* After the last service, before the server of router is made. */
void        upnp_device_add_routes(UpnpDevice *device, HttpRouter *router);

/* Announces the device at http_port of every interface, and answers searches. Errors: no socket for
 * SSDP; what is hosted is served all the same. */
bool        upnp_device_start(UpnpDevice *device, uint16_t http_port, GError **error);
/* Says byebye, forgets subscriptions. Until started again nobody is told anything. */
void        upnp_device_stop(UpnpDevice *device);
