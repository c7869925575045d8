/* media-renderer.c -- see media-renderer.h */
#include "tv/media-renderer.h"

#include "config.h"

#define NS_DLNA "urn:schemas-dlna-org:device-1-0"
#define NS_PNPX "http://schemas.microsoft.com/windows/pnpx/2005/11"
#define NS_FOUNDATION "http://schemas.microsoft.com/windows/2008/09/devicefoundation"

/* Windows offers "Cast to device" for what bears its own names (FIELD-NOTES C4). */
static const UpnpTag tags[] = {
    { "dlna", NS_DLNA, "dlna:X_DLNADOC", "DMR-1.50" },
    { "pnpx", NS_PNPX, "pnpx:X_compatibleId", "MS_DigitalMediaDeviceClass_DMR_V001" },
    { "pnpx", NS_PNPX, "pnpx:X_deviceCategory", "MediaDevices" },
    { "df", NS_FOUNDATION, "df:X_deviceCategory", "Multimedia.DMR" },
    { NULL, NULL, NULL, NULL },
};

UpnpDevice *
media_renderer_new(const MediaRendererParts *parts)
{
    UpnpDevice *device = upnp_device_new(&(UpnpDeviceOptions){
        .uuid = parts->uuid,
        .type = "MediaRenderer",
        .version = 1,
        .name = parts->name,
        .manufacturer = "duoping",
        .model_name = "duoping-tv",
        .model_number = PACKAGE_VERSION,
        .model_description = "Screen for films, music and pictures",
        .tags = tags,
        .server = parts->server,
        .clock = parts->clock,
        .interfaces = parts->interfaces,
    });

    upnp_device_add_service(device, parts->rendering, UPNP_DOMAIN, "RenderingControl");
    upnp_device_add_service(device, parts->connection_manager, UPNP_DOMAIN, "ConnectionManager");
    upnp_device_add_service(device, parts->transport, UPNP_DOMAIN, "AVTransport");
    return device;
}
