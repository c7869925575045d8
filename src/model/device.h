/* device.h -- a device on the home network, as discovery knows it */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint32_t id; /* IGRS ServiceId; 0: not known */
    char *type;  /* URN */
    char *name;
} DeviceService;

typedef struct {
    char *id;   /* e.g. "urn:IGRS:Device:DeviceId:<uuid>" */
    char *type; /* URN; NULL: not known yet */
    char *name; /* NULL: not known yet */
    char *location;      /* URL */
    GPtrArray *services; /* DeviceService, owned */
} Device;

Device              *device_new(const char *id);
void                 device_free(Device *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Device, device_free)

DeviceService *device_add_service(Device *device, uint32_t id, const char *type, const char *name);
/* The first service of that type, compared without case; NULL: none. */
const DeviceService *device_find_service(const Device *device, const char *type);
