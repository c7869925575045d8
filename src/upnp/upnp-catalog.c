/* upnp-catalog.c -- see upnp-catalog.h; ContentDirectory:1 */
#include "upnp/upnp-catalog.h"

#include "net/remote-catalog.h"
#include "upnp/invoke.h"

#define SERVICE "ContentDirectory"
#define LOOK_MS 60000        /* whether it is still there */
#define LOOK_ALONE_MS 20000  /* and what is new, where it sends no events */

typedef struct {
    RemoteCatalog catalog; /* first */
    HttpClient *client;    /* borrowed, as are the next two */
    Clock *clock;
    UpnpEar *ear;
    UpnpRemote *remote;
    bool is_gone;
    UpnpSubscription *events; /* NULL: while it is gone */
    guint timer;
} UpnpCatalog;

static void
upnp_catalog_invoke(RemoteCatalog *base, SoapCall *call, SoapAnswered answered, gpointer user_data)
{
    const UpnpCatalog *catalog = (UpnpCatalog *)base;

    upnp_invoke(catalog->client, upnp_remote_service(catalog->remote, SERVICE), call,
                base->cancellable, answered, user_data);
}

static bool
upnp_catalog_is_announced(const RemoteCatalog *base)
{
    return !((const UpnpCatalog *)base)->is_gone;
}

static void
on_event(const char *name, const char *value, gpointer user_data)
{
    UpnpCatalog *catalog = user_data;

    remote_catalog_take_event(&catalog->catalog, name, value,
                              upnp_subscription_is_active(catalog->events));
}

static void look(gpointer data);

static void
look_later(UpnpCatalog *catalog)
{
    bool is_followed = upnp_subscription_is_active(catalog->events);

    clock_cancel(catalog->clock, &catalog->timer);
    catalog->timer =
        clock_after(catalog->clock, is_followed ? LOOK_MS : LOOK_ALONE_MS, look, catalog);
}

static void
look(gpointer data)
{
    UpnpCatalog *catalog = data;

    catalog->timer = 0;
    remote_catalog_look(&catalog->catalog);
    look_later(catalog);
}

/* At the place that remote names. */
static void
settle(UpnpCatalog *catalog)
{
    const UpnpRemote *remote = catalog->remote;

    catalog->is_gone = false;
    remote_catalog_set_place(&catalog->catalog, remote->name, remote->url);
    catalog->events = upnp_ear_subscribe(catalog->ear, upnp_remote_service(remote, SERVICE),
                                         remote->host, on_event, catalog);
    remote_catalog_look(&catalog->catalog);
    look_later(catalog);
}

void
upnp_catalog_set_remote(RemoteServer *server, const UpnpRemote *remote)
{
    UpnpCatalog *catalog = (UpnpCatalog *)server;

    g_clear_pointer(&catalog->events, upnp_subscription_free);
    upnp_remote_free(catalog->remote);
    catalog->remote = upnp_remote_copy(remote);
    settle(catalog);
}

void
upnp_catalog_set_gone(RemoteServer *server, const char *reason)
{
    UpnpCatalog *catalog = (UpnpCatalog *)server;

    g_clear_pointer(&catalog->events, upnp_subscription_free);
    clock_cancel(catalog->clock, &catalog->timer);
    catalog->is_gone = true;
    remote_catalog_set_gone(&catalog->catalog, reason);
}

/* -- Making ------------------------------------------------------------------------------------ */

static void
upnp_catalog_free(RemoteCatalog *base)
{
    UpnpCatalog *catalog = (UpnpCatalog *)base;

    clock_cancel(catalog->clock, &catalog->timer);
    upnp_subscription_free(catalog->events);
    remote_catalog_clear(base);
    upnp_remote_free(catalog->remote);
    g_free(catalog);
}

static const RemoteCatalogClass upnp_catalog_class = {
    upnp_catalog_invoke, upnp_catalog_is_announced, upnp_catalog_free,
};

bool
upnp_catalog_fits(const UpnpRemote *remote)
{
    return upnp_remote_service(remote, SERVICE) != NULL;
}

RemoteServer *
upnp_catalog_new(HttpClient *client, Clock *clock, UpnpEar *ear, const UpnpRemote *remote)
{
    UpnpCatalog *catalog = g_new0(UpnpCatalog, 1);
    g_autofree char *id = upnp_remote_id(remote);

    remote_catalog_init(&catalog->catalog, &upnp_catalog_class, clock, id, remote->name, "upnp");
    catalog->client = client;
    catalog->clock = clock;
    catalog->ear = ear;
    catalog->remote = upnp_remote_copy(remote);
    settle(catalog);
    return &catalog->catalog.server;
}
