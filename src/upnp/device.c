/* device.c -- a device put together: its services, its description, its voice; see upnp.h */
#include "upnp/device.h"

#include "upnp/icons.h"

#include <string.h>

static void
hosted_free(gpointer data)
{
    UpnpHosted *hosted = data;

    g_free(hosted->name);
    g_free(hosted->type);
    g_free(hosted->id);
    g_free(hosted->scpd_path);
    g_free(hosted->control_path);
    g_free(hosted->event_path);
    g_bytes_unref(hosted->scpd);
    g_free(hosted);
}

static void
copy_options(UpnpDevice *device, const UpnpDeviceOptions *options)
{
    device->options = *options;
    device->options.uuid = g_strdup(options->uuid);
    device->options.type = NULL; /* as a URN in device->type */
    device->options.name = g_strdup(options->name);
    device->options.manufacturer = g_strdup(options->manufacturer);
    device->options.model_name = g_strdup(options->model_name);
    device->options.model_number = g_strdup(options->model_number);
    device->options.model_description = g_strdup(options->model_description);
    device->options.presentation_url = g_strdup(options->presentation_url);
    device->options.server = g_strdup(options->server);
}

static void
clear_options(UpnpDeviceOptions *options)
{
    g_free((char *)options->uuid);
    g_free((char *)options->name);
    g_free((char *)options->manufacturer);
    g_free((char *)options->model_name);
    g_free((char *)options->model_number);
    g_free((char *)options->model_description);
    g_free((char *)options->presentation_url);
    g_free((char *)options->server);
}

UpnpDevice *
upnp_device_new(const UpnpDeviceOptions *options)
{
    UpnpDevice *device = g_new0(UpnpDevice, 1);

    copy_options(device, options);
    device->clock = options->clock;
    device->type = g_strdup_printf("urn:" UPNP_DOMAIN ":device:%s:%u", options->type,
                                   options->version);
    device->services = g_ptr_array_new_with_free_func(hosted_free);
    device->cache = http_reply_cache_new(options->clock);
    device->events = upnp_events_new(options->clock, options->server);
    return device;
}

void
upnp_device_free(UpnpDevice *device)
{
    if (device == NULL)
        return;
    upnp_device_stop(device);
    upnp_events_free(device->events);
    http_reply_cache_free(device->cache);
    g_clear_pointer(&device->description, g_bytes_unref);
    g_ptr_array_unref(device->services);
    g_free(device->type);
    clear_options(&device->options);
    g_free(device);
}

static GBytes *
bytes_of_text(char *text)
{
    return g_bytes_new_take(text, strlen(text));
}

void
upnp_device_add_service(UpnpDevice *device, Service *service, const char *domain, const char *name)
{
    /* The forum's own ids leave "schemas-" out (UDA 1.1, 2.3). */
    const char *id_domain = g_str_equal(domain, UPNP_DOMAIN) ? "upnp-org" : domain;
    UpnpHosted *hosted = g_new(UpnpHosted, 1);

    *hosted = (UpnpHosted){
        .service = service,
        .name = g_strdup(name),
        .type = g_strdup_printf("urn:%s:service:%s:%u", domain, name, service->table->version),
        .id = g_strdup_printf("urn:%s:serviceId:%s", id_domain, name),
        .scpd_path = g_strconcat("/upnp/scpd/", name, NULL),
        .control_path = g_strconcat("/upnp/control/", name, NULL),
        .event_path = g_strconcat("/upnp/events/", name, NULL),
        .scpd = bytes_of_text(upnp_scpd_encode(service->table)),
    };
    g_ptr_array_add(device->services, hosted);
    upnp_events_add_service(device->events, service);
}

UpnpHosted *
upnp_device_find(const UpnpDevice *device, const char *name)
{
    for (guint i = 0; i < device->services->len; i++) {
        UpnpHosted *hosted = device->services->pdata[i];
        if (g_str_equal(hosted->name, name))
            return hosted;
    }
    return NULL;
}

static const char *
or_plain(const char *text, const char *plain)
{
    return text != NULL ? text : plain;
}

/* Those that the family understands: Samsung's own are for its sets. */
static UpnpTag *
choose_tags(const UpnpTag *tags, const Dialect *dialect)
{
    GArray *chosen = g_array_new(TRUE, TRUE, sizeof(UpnpTag));

    for (; tags != NULL && tags->prefix != NULL; tags++)
        if (dialect->bookmarks != DIALECT_BOOKMARK_NONE || !g_str_equal(tags->prefix, "sec"))
            g_array_append_val(chosen, *tags);
    return (UpnpTag *)(void *)g_array_free(chosen, FALSE);
}

/* Addresses are paths: what we are called depends on who asks. */
GBytes *
upnp_device_describe(const UpnpDevice *device, const Dialect *dialect)
{
    const UpnpDeviceOptions *options = &device->options;
    g_autofree char *name = g_strconcat(options->name, or_plain(dialect->name_suffix, ""), NULL);
    g_autofree char *udn = g_strconcat("uuid:", options->uuid, NULL);
    g_autofree UpnpTag *tags = choose_tags(options->tags, dialect);
    g_autofree UpnpServiceEntry *services = g_new0(UpnpServiceEntry, device->services->len + 1);

    for (guint i = 0; i < device->services->len; i++) {
        const UpnpHosted *hosted = device->services->pdata[i];
        services[i] = (UpnpServiceEntry){ hosted->type, hosted->id, hosted->scpd_path,
                                          hosted->control_path, hosted->event_path };
    }
    return bytes_of_text(upnp_description_encode(&(UpnpDescription){
        .type = device->type,
        .name = name,
        .manufacturer = or_plain(dialect->manufacturer, options->manufacturer),
        .model_description = options->model_description,
        .model_name = or_plain(dialect->model_name, options->model_name),
        .model_number = options->model_number,
        .serial_number = options->uuid,
        .udn = udn,
        .presentation_url = options->presentation_url,
        .tags = tags,
        .icons = upnp_icons,
        .services = services,
    }));
}

void
upnp_device_add_routes(UpnpDevice *device, HttpRouter *router)
{
    device->description = upnp_device_describe(device, &dialect_plain);
    http_router_add(router, upnp_hosting_routes, device);
    http_router_add(router, upnp_subscribing_routes, device);
    http_router_add(router, upnp_icon_routes, NULL);
}

bool
upnp_device_start(UpnpDevice *device, uint16_t http_port, GError **error)
{
    g_autoptr(GPtrArray) types = g_ptr_array_new();

    g_ptr_array_add(types, device->type);
    for (guint i = 0; i < device->services->len; i++)
        g_ptr_array_add(types, ((UpnpHosted *)device->services->pdata[i])->type);
    g_ptr_array_add(types, NULL);
    device->ssdp = upnp_ssdp_new(&(UpnpSsdpOptions){
        .uuid = device->options.uuid,
        .types = (const char *const *)types->pdata,
        .path = UPNP_DESCRIPTION_PATH,
        .http_port = http_port,
        .server = device->options.server,
        .port = device->options.ssdp_port,
        .clock = device->clock,
        .interfaces = device->options.interfaces,
    }, error);
    return device->ssdp != NULL;
}

void
upnp_device_stop(UpnpDevice *device)
{
    g_clear_pointer(&device->ssdp, upnp_ssdp_free);
    upnp_events_forget(device->events);
}
