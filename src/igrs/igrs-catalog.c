/* igrs-catalog.c -- see igrs-catalog.h */
#include "igrs/igrs-catalog.h"

#include "net/remote-catalog.h"

#define SERVICE "AVContentDirectory"

typedef struct {
    RemoteCatalog catalog; /* first */
    IgrsClient *client;    /* borrowed */
    IgrsNode *node;        /* borrowed: the client's */
    char *device_id;
    IgrsSubscription *events;
    guint device_observer;
} IgrsCatalog;

static void
igrs_catalog_invoke(RemoteCatalog *base, SoapCall *call, SoapAnswered answered, gpointer user_data)
{
    const IgrsCatalog *catalog = (IgrsCatalog *)base;

    igrs_client_invoke(catalog->client, catalog->device_id, SERVICE, call, 0, base->cancellable,
                       answered, user_data);
}

static bool
igrs_catalog_is_announced(const RemoteCatalog *base)
{
    const IgrsCatalog *catalog = (const IgrsCatalog *)base;

    return igrs_node_find_device(catalog->node, catalog->device_id) != NULL;
}

static void
on_event(const char *name, const char *value, gpointer user_data)
{
    IgrsCatalog *catalog = user_data;

    remote_catalog_take_event(&catalog->catalog, name, value,
                              igrs_subscription_is_active(catalog->events));
}

/* Started anew it may be able to search for other things. */
static void
on_device_event(gconstpointer data, gpointer user_data)
{
    IgrsCatalog *catalog = user_data;
    const IgrsDeviceEvent *event = data;

    if (!igrs_device_id_equal(event->device->id, catalog->device_id))
        return;
    if (event->change == IGRS_DEVICE_OFFLINE) {
        remote_catalog_set_gone(&catalog->catalog, event->said_goodbye
                                                       ? "it has left the network"
                                                       : "it was not heard of for too long");
        return;
    }
    remote_catalog_set_place(&catalog->catalog, event->device->name, event->device->location);
    if (event->change == IGRS_DEVICE_ONLINE)
        remote_server_set_away(&catalog->catalog.server, NULL);
}

/* -- Making ------------------------------------------------------------------------------------ */

static void
igrs_catalog_free(RemoteCatalog *base)
{
    IgrsCatalog *catalog = (IgrsCatalog *)base;

    observers_remove(igrs_node_observers(catalog->node), catalog->device_observer);
    igrs_subscription_free(catalog->events);
    remote_catalog_clear(base);
    g_free(catalog->device_id);
    g_free(catalog);
}

static const RemoteCatalogClass igrs_catalog_class = {
    igrs_catalog_invoke, igrs_catalog_is_announced, igrs_catalog_free,
};

bool
igrs_catalog_fits(const Device *device)
{
    g_autofree char *type = igrs_service_type_new(SERVICE, 1);

    for (guint i = 0; i < device->services->len; i++)
        if (igrs_type_matches(type,
                              ((DeviceService *)g_ptr_array_index(device->services, i))->type))
            return true;
    return false;
}

RemoteServer *
igrs_catalog_new(IgrsClient *client, Clock *clock, const Device *device)
{
    IgrsCatalog *catalog = g_new0(IgrsCatalog, 1);
    const char *uuid = igrs_device_id_uuid(device->id);
    g_autofree char *id = g_ascii_strdown(uuid != NULL ? uuid : device->id, -1);

    remote_catalog_init(&catalog->catalog, &igrs_catalog_class, clock, id, device->name, "igrs");
    remote_catalog_set_place(&catalog->catalog, device->name, device->location);
    catalog->client = client;
    catalog->node = igrs_client_node(client);
    catalog->device_id = g_strdup(device->id);
    catalog->device_observer =
        observers_add(igrs_node_observers(catalog->node), on_device_event, catalog);
    catalog->events =
        igrs_client_subscribe(client, device->id, SERVICE, on_event, catalog);
    remote_catalog_look(&catalog->catalog);
    return &catalog->catalog.server;
}
