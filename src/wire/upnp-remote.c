/* upnp-remote.c -- see upnp-remote.h */
#include "wire/upnp-remote.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/xml.h"

#include <string.h>

#define SERVICES_MAX 32
#define TEXT_MAX 256
#define UDN_PREFIX "uuid:"

static void
service_free(gpointer data)
{
    UpnpRemoteService *service = data;

    g_free(service->type);
    g_free(service->control_url);
    g_free(service->event_url);
    g_free(service->scpd_url);
    g_free(service);
}

void
upnp_remote_free(UpnpRemote *remote)
{
    if (remote == NULL)
        return;
    g_free(remote->uuid);
    g_free(remote->type);
    g_free(remote->name);
    g_free(remote->model);
    g_free(remote->host);
    g_free(remote->url);
    g_ptr_array_unref(remote->services);
    g_free(remote);
}

static gpointer
service_copy(gconstpointer data, gpointer user_data)
{
    const UpnpRemoteService *service = data;
    UpnpRemoteService *copy = g_new(UpnpRemoteService, 1);

    *copy = (UpnpRemoteService){ g_strdup(service->type), g_strdup(service->control_url),
                                 g_strdup(service->event_url), g_strdup(service->scpd_url) };
    return copy;
}

UpnpRemote *
upnp_remote_copy(const UpnpRemote *remote)
{
    UpnpRemote *copy = g_new(UpnpRemote, 1);

    *copy = (UpnpRemote){
        g_strdup(remote->uuid), g_strdup(remote->type), g_strdup(remote->name),
        g_strdup(remote->model), g_strdup(remote->host), g_strdup(remote->url),
        g_ptr_array_copy(remote->services, (GCopyFunc)service_copy, NULL),
    };
    g_ptr_array_set_free_func(copy->services, service_free);
    return copy;
}

/* The text of a child, cut and without control characters; NULL when it is empty. The caller's. */
static char *
child_words(const XmlNode *node, const char *name)
{
    const char *text = xml_child_text(node, name);
    g_autofree char *clean = text_clean(text != NULL ? text : "");

    g_strstrip(clean);
    return *clean != '\0' ? g_utf8_substring(clean, 0, MIN(g_utf8_strlen(clean, -1), TEXT_MAX))
                          : NULL;
}

/* The address of a child against base; NULL when there is none, or it is on another host. */
static char *
child_url(const XmlNode *node, const char *name, const char *base, const char *host)
{
    const char *text = xml_child_text(node, name);
    g_autofree char *clean = text != NULL ? g_strstrip(g_strdup(text)) : NULL;
    g_autofree char *whole = clean != NULL && *clean != '\0'
                                 ? g_uri_resolve_relative(base, clean, G_URI_FLAGS_ENCODED, NULL)
                                 : NULL;
    g_autoptr(GUri) uri = whole != NULL ? g_uri_parse(whole, G_URI_FLAGS_ENCODED, NULL) : NULL;

    if (uri == NULL || g_strcmp0(g_uri_get_scheme(uri), "http") != 0 ||
        g_strcmp0(g_uri_get_host(uri), host) != 0 || g_uri_get_userinfo(uri) != NULL)
        return NULL;
    return g_steal_pointer(&whole);
}

static void
read_services(UpnpRemote *remote, const XmlNode *device, const char *base)
{
    const XmlNode *list = xml_first(device, "serviceList");

    for (const XmlNode *node = list != NULL ? xml_first(list, "service") : NULL;
         node != NULL && remote->services->len < SERVICES_MAX; node = xml_next(node, "service")) {
        UpnpRemoteService service = { child_words(node, "serviceType"),
                                      child_url(node, "controlURL", base, remote->host),
                                      child_url(node, "eventSubURL", base, remote->host),
                                      child_url(node, "SCPDURL", base, remote->host) };
        if (service.type != NULL && service.control_url != NULL) {
            g_ptr_array_add(remote->services, g_memdup2(&service, sizeof service));
            continue;
        }
        g_free(service.type);
        g_free(service.control_url);
        g_free(service.event_url);
        g_free(service.scpd_url);
    }
}

/* The device itself or one inside it. */
static const XmlNode *
find_device(const XmlNode *device, const char *type)
{
    const char *own = xml_child_text(device, "deviceType");
    const XmlNode *list = xml_first(device, "deviceList");
    const XmlNode *found = NULL;

    if (own != NULL && g_str_has_prefix(own + strspn(own, " \t\r\n"), type))
        return device;
    for (const XmlNode *node = list != NULL ? xml_first(list, "device") : NULL;
         node != NULL && found == NULL; node = xml_next(node, "device"))
        found = find_device(node, type);
    return found;
}

static char *
model_of(const XmlNode *device)
{
    g_autofree char *maker = child_words(device, "manufacturer");
    g_autofree char *name = child_words(device, "modelName");
    g_autofree char *number = child_words(device, "modelNumber");

    return g_strdup_printf("%s/%s/%s", maker != NULL ? maker : "", name != NULL ? name : "",
                           number != NULL ? number : "");
}

UpnpRemote *
upnp_remote_decode(const char *data, size_t size, const char *location, const char *type,
                   GError **error)
{
    g_autoptr(GUri) place = g_uri_parse(location, G_URI_FLAGS_ENCODED, error);
    g_autoptr(XmlDocument) document = place != NULL ? xml_parse(data, size, error) : NULL;

    if (document == NULL)
        return NULL;
    const XmlNode *root = xml_first(xml_root(document), "device");
    const XmlNode *device = root != NULL ? find_device(root, type) : NULL;
    if (device == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "%s describes no %s", location, type);
        return NULL;
    }
    g_autofree char *udn = child_words(device, "UDN");
    g_autofree char *base = child_words(xml_root(document), "URLBase");
    if (udn == NULL || !g_str_has_prefix(udn, UDN_PREFIX) || g_uri_get_host(place) == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: a device without an identity",
                    location);
        return NULL;
    }
    UpnpRemote *remote = g_new0(UpnpRemote, 1);
    *remote = (UpnpRemote){
        .uuid = g_strdup(udn + strlen(UDN_PREFIX)),
        .type = child_words(device, "deviceType"),
        .name = child_words(device, "friendlyName"),
        .model = model_of(device),
        .host = g_strdup(g_uri_get_host(place)),
        .services = g_ptr_array_new_with_free_func(service_free),
    };
    if (remote->name == NULL)
        remote->name = g_strdup(remote->host);
    remote->url =
        child_url(device, "presentationURL", base != NULL ? base : location, remote->host);
    if (remote->url == NULL)
        remote->url = g_strdup(location);
    read_services(remote, device, base != NULL ? base : location);
    return remote;
}

char *
upnp_remote_id(const UpnpRemote *remote)
{
    g_autofree char *lower = g_ascii_strdown(remote->uuid, -1);

    return g_strdup(g_strcanon(lower, "abcdefghijklmnopqrstuvwxyz0123456789-_.", '_'));
}

const UpnpRemoteService *
upnp_remote_service(const UpnpRemote *remote, const char *name)
{
    g_autofree char *within = g_strdup_printf(":service:%s:", name);

    for (guint i = 0; i < remote->services->len; i++) {
        const UpnpRemoteService *service = remote->services->pdata[i];
        if (strstr(service->type, within) != NULL)
            return service;
    }
    return NULL;
}
