/* upnp-finder.c -- see upnp-finder.h */
#include "appliance/upnp-finder.h"

#include "upnp/control-point.h"
#include "upnp/upnp-screen.h"

#include <string.h>

struct UpnpFinder {
    Screens *screens; /* borrowed */
    Clock *clock;     /* borrowed */
    HttpClient *client;
    UpnpLadder *ladder;
    UpnpControlPoint *point;
    guint observer;
};

static Screen *
find(const UpnpFinder *finder, const char *id)
{
    const GPtrArray *list = screens_list(finder->screens);

    for (guint i = 0; i < list->len; i++) {
        Screen *screen = list->pdata[i];
        if (strcmp(screen->id, id) == 0)
            return screen;
    }
    return NULL;
}

static bool
is_ours(const Screen *screen)
{
    return strcmp(screen->kind, "upnp") == 0;
}

static void
on_remote(gconstpointer data, gpointer user_data)
{
    const UpnpRemoteEvent *event = data;
    UpnpFinder *finder = user_data;
    const UpnpRemote *remote = event->remote;
    const Screen *known = find(finder, remote->uuid);

    if (!event->is_online) {
        if (known == NULL || !is_ours(known))
            return;
        g_message("screen “%s” is gone", remote->name);
        screens_remove(finder->screens, remote->uuid);
    } else if (upnp_screen_fits(remote) && (known == NULL || is_ours(known))) {
        g_message("screen “%s” is here, by UPnP", remote->name);
        screens_add(finder->screens,
                    upnp_screen_new(finder->client, finder->clock, finder->ladder, remote));
    }
}

UpnpFinder *
upnp_finder_new(NetInterfaces *interfaces, Screens *screens, Clock *clock, const char *memory,
                const char *agent, GError **error)
{
    UpnpFinder *finder = g_new0(UpnpFinder, 1);

    finder->screens = screens;
    finder->clock = clock;
    finder->client = http_client_new(agent);
    finder->ladder = upnp_ladder_new(memory);
    finder->point = upnp_control_point_new(
        &(UpnpControlPointOptions){ .type = "MediaRenderer", .agent = agent,
                                    .client = finder->client, .clock = clock,
                                    .interfaces = interfaces },
        error);
    if (finder->point == NULL) {
        upnp_finder_free(finder);
        return NULL;
    }
    finder->observer =
        observers_add(upnp_control_point_observers(finder->point), on_remote, finder);
    return finder;
}

static void
remove_screens(UpnpFinder *finder)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    const GPtrArray *list = screens_list(finder->screens);

    for (guint i = 0; i < list->len; i++)
        if (is_ours(list->pdata[i]))
            g_ptr_array_add(ids, g_strdup(((Screen *)list->pdata[i])->id));
    for (guint i = 0; i < ids->len; i++)
        screens_remove(finder->screens, ids->pdata[i]);
}

void
upnp_finder_free(UpnpFinder *finder)
{
    if (finder == NULL)
        return;
    if (finder->point != NULL)
        observers_remove(upnp_control_point_observers(finder->point), finder->observer);
    upnp_control_point_free(finder->point);
    remove_screens(finder);
    upnp_ladder_free(finder->ladder);
    http_client_free(finder->client);
    g_free(finder);
}
