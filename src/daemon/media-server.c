/* media-server.c -- see media-server.h */
#include "daemon/media-server.h"

#include "config.h"

#define NS_DLNA "urn:schemas-dlna-org:device-1-0"
#define NS_SAMSUNG "http://www.sec.co.kr/dlna"
/* Samsung sets ask for captions and keep bookmarks where they read this (FIELD-NOTES C4). */
#define SAMSUNG_CAPABILITIES "smi,DCM10,getMediaInfo.sec,getCaptionInfo.sec"

/* What control points may bring, where the owner names a folder for it. */
#define UPLOADS "av-upload,image-upload,audio-upload"

/* The first is left out where nothing is taken. */
static const UpnpTag tags[] = {
    { "dlna", NS_DLNA, "dlna:X_DLNACAP", UPLOADS },
    { "dlna", NS_DLNA, "dlna:X_DLNADOC", "DMS-1.50" },
    { "sec", NS_SAMSUNG, "sec:ProductCap", SAMSUNG_CAPABILITIES },
    { "sec", NS_SAMSUNG, "sec:X_ProductCap", SAMSUNG_CAPABILITIES },
    { NULL, NULL, NULL, NULL },
};

static const char *const formats[] = {
    "video/mp4",       "video/x-matroska", "video/webm",     "video/mp2t",     "video/mpeg",
    "video/quicktime", "video/x-msvideo",  "video/x-ms-wmv", "video/x-flv",    "video/ogg",
    "video/3gpp",      "audio/mpeg",       "audio/mp4",      "audio/flac",     "audio/ogg",
    "audio/opus",      "audio/x-wav",      "audio/x-aiff",   "audio/x-ms-wma", "image/jpeg",
    "image/png",       "image/gif",        "image/webp",     "image/bmp",      "image/tiff",
};

char *
media_server_sources(void)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
        g_string_append_printf(text, "%shttp-get:*:%s:*", i == 0 ? "" : ",", formats[i]);
    return g_string_free(text, FALSE);
}

UpnpDevice *
media_server_new(const MediaServerParts *parts)
{
    UpnpDevice *device = upnp_device_new(&(UpnpDeviceOptions){
        .uuid = parts->uuid,
        .type = "MediaServer",
        .version = 1,
        .name = parts->name,
        .manufacturer = "duoping",
        .model_name = "duopingd",
        .model_number = PACKAGE_VERSION,
        .model_description = "Media server and controller of screens",
        .presentation_url = "/",
        .tags = parts->takes_uploads ? tags : tags + 1,
        .dialects = parts->dialects,
        .server = parts->server,
        .clock = parts->clock,
        .interfaces = parts->interfaces,
    });

    upnp_device_add_service(device, parts->content_directory, UPNP_DOMAIN, "ContentDirectory");
    upnp_device_add_service(device, parts->connection_manager, UPNP_DOMAIN, "ConnectionManager");
    upnp_device_add_service(device, parts->registrar, "microsoft.com",
                            "X_MS_MediaReceiverRegistrar");
    return device;
}
