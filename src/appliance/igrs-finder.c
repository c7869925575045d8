/* igrs-finder.c -- see igrs-finder.h */
#include "appliance/igrs-finder.h"

#include "igrs/igrs-screen.h"

#include <string.h>

#define OFFLINE_KEPT_MS (5 * 60 * 1000)

struct IgrsFinder {
    IgrsNode *node; /* borrowed, as are the next three */
    IgrsClient *client;
    Screens *screens;
    Clock *clock;
    guint observer;
    GPtrArray *found; /* Found, owned */
};

typedef struct {
    IgrsFinder *finder; /* borrowed */
    char *device_id;
    Screen *screen;     /* the registry's */
    guint farewell;     /* timer that runs while it is offline */
} Found;

static void
found_free(gpointer data)
{
    Found *found = data;

    clock_cancel(found->finder->clock, &found->farewell);
    g_free(found->device_id);
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

static void
on_online(IgrsFinder *finder, const Device *device)
{
    Found *found = find(finder, device->id);

    if (found != NULL) {
        clock_cancel(finder->clock, &found->farewell);
        set_address(found->screen, device);
        return;
    }
    if (!igrs_screen_fits(device))
        return;
    found = g_new0(Found, 1);
    found->finder = finder;
    found->device_id = g_strdup(device->id);
    found->screen = igrs_screen_new(finder->client, finder->clock, device);
    set_address(found->screen, device);
    g_ptr_array_add(finder->found, found);
    g_message("screen “%s” is here", found->screen->name);
    screens_add(finder->screens, found->screen);
}

static void
on_farewell(gpointer data)
{
    Found *found = data;
    IgrsFinder *finder = found->finder;

    found->farewell = 0;
    g_message("screen “%s” is gone", found->screen->name);
    screens_remove(finder->screens, found->screen->id);
    g_ptr_array_remove(finder->found, found);
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
igrs_finder_new(IgrsNode *node, IgrsClient *client, Screens *screens, Clock *clock)
{
    IgrsFinder *finder = g_new0(IgrsFinder, 1);
    g_autoptr(GPtrArray) devices = igrs_node_devices(node);

    *finder = (IgrsFinder){
        .node = node,
        .client = client,
        .screens = screens,
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
    for (guint i = 0; i < finder->found->len; i++) {
        const Found *found = finder->found->pdata[i];
        screens_remove(finder->screens, found->screen->id);
    }
    g_ptr_array_unref(finder->found);
    g_free(finder);
}
