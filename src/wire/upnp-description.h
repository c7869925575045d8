/* upnp-description.h -- what a UPnP device and its services say of themselves (UDA 1.1, clause 2);
 * pure
 *
 * The device description, and the service description (SCPD) printed from the table that dispatches
 * the calls. */
#pragma once

#include "model/service.h"

#include <glib.h>

/* "urn:DOMAIN:service:NAME:VERSION", "urn:DOMAIN:device:NAME:VERSION" */
#define UPNP_DOMAIN "schemas-upnp-org"

/* A service in a device description. Texts are borrowed. */
typedef struct {
    const char *type; /* URN */
    const char *id;   /* URN */
    const char *scpd_url, *control_url, *event_url;
} UpnpServiceEntry;

typedef struct {
    const char *mime;
    unsigned width, height, depth;
    const char *url;
} UpnpIcon;

/* What a vendor or a forum adds: an element of a namespace of its own. */
typedef struct {
    const char *prefix, *namespace;
    const char *name; /* with the prefix */
    const char *value;
} UpnpTag;

/* Texts are borrowed; NULL: left out. */
typedef struct {
    const char *type; /* URN */
    const char *name; /* for people; the first 64 octets, whole letters (UDA 1.1, 2.3) */
    const char *manufacturer, *manufacturer_url;
    const char *model_description, *model_name, *model_number, *model_url;
    const char *serial_number;
    const char *udn; /* "uuid:..." */
    const char *presentation_url;
    const UpnpTag *tags;              /* end with a prefix of NULL; NULL: none */
    const UpnpIcon *icons;            /* end with a mime of NULL; NULL: none */
    const UpnpServiceEntry *services; /* end with a type of NULL; NULL: none */
} UpnpDescription;

/* The document; the caller's. */
char *upnp_description_encode(const UpnpDescription *description);
/* The service description; the caller's. */
char *upnp_scpd_encode(const ServiceTable *table);
