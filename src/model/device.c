/* device.c -- see device.h */
#include "model/device.h"

static void
service_free(gpointer data)
{
    DeviceService *service = data;

    g_free(service->type);
    g_free(service->name);
    g_free(service);
}

Device *
device_new(const char *id)
{
    Device *device = g_new0(Device, 1);

    device->id = g_strdup(id);
    device->services = g_ptr_array_new_with_free_func(service_free);
    return device;
}

void
device_free(Device *device)
{
    if (device == NULL)
        return;
    g_free(device->id);
    g_free(device->type);
    g_free(device->name);
    g_free(device->location);
    g_ptr_array_unref(device->services);
    g_free(device);
}

DeviceService *
device_add_service(Device *device, uint32_t id, const char *type, const char *name)
{
    DeviceService *service = g_new(DeviceService, 1);

    *service = (DeviceService){ id, g_strdup(type), g_strdup(name) };
    g_ptr_array_add(device->services, service);
    return service;
}

const DeviceService *
device_find_service(const Device *device, const char *type)
{
    for (guint i = 0; i < device->services->len; i++) {
        const DeviceService *service = g_ptr_array_index(device->services, i);
        if (g_ascii_strcasecmp(service->type, type) == 0)
            return service;
    }
    return NULL;
}
