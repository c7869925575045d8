/* igrs-finder.c -- see igrs-finder.h */
#include "appliance/screens/igrs-finder.h"

#include "igrs/igrs-catalog.h"
#include "igrs/igrs-screen.h"

#include <string.h>

#define OFFLINE_KEPT_MS (5 * 60 * 1000)

struct IgrsFinder {
    IgrsNode *node; /* borrowed, as are the next four */
    IgrsClient *client;
    Screens *screens;
    Servers *servers;
    Clock *clock;
    guint observer;
    GPtrArray *found; /* Found, owned */
};

typedef struct {
    IgrsFinder *finder; /* borrowed */
    char *device_id;
    Screen *screen;     /* the registry's; NULL: it is none */
    Screen *music;      /* likewise: what plays beside it */
    char *server_id;    /* in the other registry; NULL: it is none */
    guint farewell;     /* timer that runs while it is offline */
} Found;

static void
found_free(gpointer data)
{
    Found *found = data;

    clock_cancel(found->finder->clock, &found->farewell);
    g_free(found->device_id);
    g_free(found->server_id);
    g_free(found);
}

static Found *
find(IgrsFinder *finder, const char *device_id)
{
    for (guint i = 0; i < finder->found->len; i++) {
        Found *found = finder->found->pdata[i];
        if (strcmp(found->device_id, device_id) == 0)
            return found;
    }
    return NULL;
}

/* Where the device is: the host of its LOCATION when that is numbers. */
static void
set_address(Screen *screen, const Device *device)
{
    g_autoptr(GUri) uri = device->location == NULL ? NULL
                              : g_uri_parse(device->location, G_URI_FLAGS_NONE, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;

    if (host == NULL || !g_hostname_is_ip_address(host))
        return;
    g_free(screen->address);
    screen->address = g_strdup(host);
}

/* A device may learn to be something more; what it was it stays until it leaves. */
static void
take_screen(Found *found, const Device *device)
{
    const IgrsFinder *finder = found->finder;

    if (found->screen == NULL && igrs_screen_fits(device)) {
        found->screen = igrs_screen_new(finder->client, finder->clock, device);
        set_address(found->screen, device);
        g_message("screen “%s” is here", found->screen->name);
        screens_add(finder->screens, found->screen);
    } else if (found->screen != NULL) {
        set_address(found->screen, device);
    }
    if (found->screen != NULL && found->music == NULL && igrs_screen_has_music(device)) {
        found->music = igrs_screen_new_music(finder->client, finder->clock, device);
        set_address(found->music, device);
        screens_add(finder->screens, found->music);
    } else if (found->music != NULL) {
        set_address(found->music, device);
    }
}

static void
take_server(Found *found, const Device *device)
{
    const IgrsFinder *finder = found->finder;

    if (found->server_id != NULL || !igrs_catalog_fits(device))
        return;
    RemoteServer *server = igrs_catalog_new(finder->client, finder->clock, device);
    g_autofree char *id = g_strdup(server->id);
    g_message("media server “%s” is here", server->name);
    if (servers_add(finder->servers, server))
        found->server_id = g_steal_pointer(&id);
}

static void
on_online(IgrsFinder *finder, const Device *device)
{
    Found *found = find(finder, device->id);

    if (found == NULL) {
        if (!igrs_screen_fits(device) && !igrs_catalog_fits(device))
            return;
        found = g_new0(Found, 1);
        found->finder = finder;
        found->device_id = g_strdup(device->id);
        g_ptr_array_add(finder->found, found);
    }
    clock_cancel(finder->clock, &found->farewell);
    take_screen(found, device);
    take_server(found, device);
}

static void
let_go(const Found *found)
{
    if (found->music != NULL)
        screens_remove(found->finder->screens, found->music->id);
    if (found->screen != NULL)
        screens_remove(found->finder->screens, found->screen->id);
    if (found->server_id != NULL)
        servers_remove(found->finder->servers, found->server_id);
}

static void
on_farewell(gpointer data)
{
    Found *found = data;
    const RemoteServer *server =
        found->server_id != NULL
            ? servers_find(found->finder->servers, found->server_id, NULL) : NULL;

    found->farewell = 0;
    if (found->screen != NULL)
        g_message("screen “%s” is gone", found->screen->name);
    if (server != NULL)
        g_message("media server “%s” is gone", server->name);
    let_go(found);
    g_ptr_array_remove(found->finder->found, found);
}

static void
on_device_event(gconstpointer data, gpointer user_data)
{
    const IgrsDeviceEvent *event = data;
    IgrsFinder *finder = user_data;
    Found *found = find(finder, event->device->id);

    if (event->change != IGRS_DEVICE_OFFLINE)
        on_online(finder, event->device);
    else if (found != NULL && found->farewell == 0)
        found->farewell = clock_after(finder->clock, OFFLINE_KEPT_MS, on_farewell, found);
}

IgrsFinder *
igrs_finder_new(IgrsNode *node, IgrsClient *client, Screens *screens, Servers *servers,
                Clock *clock)
{
    IgrsFinder *finder = g_new0(IgrsFinder, 1);
    g_autoptr(GPtrArray) devices = igrs_node_devices(node);

    *finder = (IgrsFinder){
        .node = node,
        .client = client,
        .screens = screens,
        .servers = servers,
        .clock = clock,
        .found = g_ptr_array_new_with_free_func(found_free),
    };
    for (guint i = 0; i < devices->len; i++)
        on_online(finder, devices->pdata[i]);
    finder->observer = observers_add(igrs_node_observers(node), on_device_event, finder);
    return finder;
}

void
igrs_finder_free(IgrsFinder *finder)
{
    if (finder == NULL)
        return;
    observers_remove(igrs_node_observers(finder->node), finder->observer);
    for (guint i = 0; i < finder->found->len; i++)
        let_go(finder->found->pdata[i]);
    g_ptr_array_unref(finder->found);
    g_free(finder);
}
