/* igrs-device.c -- see igrs-device.h */
#include "daemon/igrs-device.h"

#include "av/av.h"
#include "config.h"
#include "net/certificates.h"

#define ICON "/web/favicon.svg"

/* By which other devices know this one inside TLS; NULL: it goes without. */
static Certificate *
device_certificate(const IgrsDeviceParts *parts)
{
    g_autoptr(GError) error = NULL;
    Certificate *certificate =
        parts->options->https_port != 0
            ? certificate_of_device(parts->state->keys, parts->options->name, &error)
            : NULL;

    if (error != NULL)
        g_warning("no pipe runs inside TLS: %s", error->message);
    return certificate;
}

static IgrsNode *
make_node(const IgrsDeviceParts *parts, const Certificate *own)
{
    const Options *options = parts->options;
    const char *const types[] = { "MediaServer", "MediaController",
                                  parts->file_access != NULL ? "FileServer" : NULL, NULL };

    return igrs_node_new(&(IgrsNodeOptions){
        .uuid = parts->state->uuid,
        .name = options->name,
        .types = types,
        .manufacturer = "duoping",
        .model_name = "duopingd",
        .model_number = PACKAGE_VERSION,
        .model_description = "Media server and controller of screens",
        .http_port = parts->http_port,
        .icon_path = ICON,
        .software = "duoping/" PACKAGE_VERSION,
        .port = options->igrs_port,
        .repeats_iana = options->repeats_iana,
        .repeats_ssdp = options->repeats_ssdp,
        .kept_services = (const char *const *)options->kept_services,
        .keys_folder = parts->state->keys,
        .groups_file = parts->state->groups,
        .certificate = own != NULL ? own->certificate : NULL,
        .certificate_key = own != NULL ? own->key : NULL,
        .clock = parts->clock,
        .interfaces = parts->interfaces,
    });
}

IgrsNode *
igrs_device_new(const IgrsDeviceParts *parts)
{
    g_autoptr(Certificate) own = device_certificate(parts);
    IgrsNode *node = make_node(parts, own);

    igrs_node_add_service(node, AV_CONTENT_DIRECTORY_ID, parts->content_directory, "Library");
    igrs_node_add_service(node, AV_CONNECTION_MANAGER_ID, parts->connection_manager,
                          "Connections");
    igrs_node_add_service(node, HANDOVER_ID, parts->handover, "Handover");
    if (parts->file_access != NULL)
        igrs_node_add_service(node, FILE_ACCESS_ID, parts->file_access, "Files");
    return node;
}
