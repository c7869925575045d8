/* upnp-finder.c -- see upnp-finder.h */
#include "appliance/screens/upnp-finder.h"

#include "upnp/control-point.h"
#include "upnp/upnp-catalog.h"
#include "upnp/upnp-screen.h"

#include <string.h>

#define GONE_KEPT_MS (5 * 60 * 1000)
#define KIND "upnp" /* of screens and servers that are ours to remove */

enum { RENDERERS, SERVERS, POINTS_N };

typedef struct {
    UpnpFinder *finder; /* borrowed */
    guint number;       /* of the point */
    UpnpControlPoint *point;
    guint observer;
} Search;

/* Somebody who has left, and may come back. */
typedef struct {
    Search *search; /* borrowed */
    char *id;
    guint timer;
} Leaver;

struct UpnpFinder {
    Screens *screens; /* borrowed, as are the next three */
    Servers *servers;
    UpnpEar *ear;
    Clock *clock;
    char *uuid;
    HttpClient *client;
    UpnpLadder *ladder;
    Search searches[POINTS_N];
    GPtrArray *leavers; /* Leaver */
};

static void
leaver_free(gpointer data)
{
    Leaver *leaver = data;

    clock_cancel(leaver->search->finder->clock, &leaver->timer);
    g_free(leaver->id);
    g_free(leaver);
}

/* -- Screens ----------------------------------------------------------------------------------- */

static Screen *
find_screen(const UpnpFinder *finder, const char *id)
{
    const GPtrArray *list = screens_list(finder->screens);

    for (guint i = 0; i < list->len; i++) {
        Screen *screen = list->pdata[i];
        if (strcmp(screen->id, id) == 0)
            return screen;
    }
    return NULL;
}

static void
take_screen(UpnpFinder *finder, const UpnpRemote *remote, const char *id)
{
    Screen *known = find_screen(finder, id);
    const UpnpScreenParts parts = { finder->client, finder->clock, finder->ladder, finder->ear };

    if (!upnp_screen_fits(remote) || (known != NULL && strcmp(known->kind, KIND) != 0))
        return;
    if (known != NULL) {
        upnp_screen_set_remote(known, remote);
        return;
    }
    g_message("screen “%s” is here, by UPnP", remote->name);
    screens_add(finder->screens, upnp_screen_new(&parts, remote));
}

static bool
lose_screen(UpnpFinder *finder, const char *id, const char *reason)
{
    Screen *known = find_screen(finder, id);

    if (known == NULL || strcmp(known->kind, KIND) != 0)
        return false;
    upnp_screen_set_gone(known);
    return true;
}

static void
drop_screen(UpnpFinder *finder, const char *id)
{
    const Screen *known = find_screen(finder, id);

    if (known == NULL || strcmp(known->kind, KIND) != 0)
        return;
    g_message("screen “%s” is gone", known->name);
    screens_remove(finder->screens, id);
}

/* -- Servers ----------------------------------------------------------------------------------- */

static RemoteServer *
find_server(const UpnpFinder *finder, const char *id)
{
    const GPtrArray *list = servers_list(finder->servers);

    for (guint i = 0; i < list->len; i++) {
        RemoteServer *server = list->pdata[i];
        if (strcmp(server->id, id) == 0)
            return server;
    }
    return NULL;
}

static void
take_server(UpnpFinder *finder, const UpnpRemote *remote, const char *id)
{
    RemoteServer *known = find_server(finder, id);

    if (!upnp_catalog_fits(remote) || (known != NULL && strcmp(known->kind, KIND) != 0))
        return;
    if (known != NULL) {
        upnp_catalog_set_remote(known, remote);
        return;
    }
    g_message("media server “%s” is here, by UPnP", remote->name);
    servers_add(finder->servers,
                upnp_catalog_new(finder->client, finder->clock, finder->ear, remote));
}

static bool
lose_server(UpnpFinder *finder, const char *id, const char *reason)
{
    RemoteServer *known = find_server(finder, id);

    if (known == NULL || strcmp(known->kind, KIND) != 0)
        return false;
    upnp_catalog_set_gone(known, reason);
    return true;
}

static void
drop_server(UpnpFinder *finder, const char *id)
{
    const RemoteServer *known = find_server(finder, id);

    if (known == NULL || strcmp(known->kind, KIND) != 0)
        return;
    g_message("media server “%s” is gone", known->name);
    servers_remove(finder->servers, id);
}

/* -- Who is here ------------------------------------------------------------------------------- */

static const struct {
    const char *type;
    void (*take)(UpnpFinder *finder, const UpnpRemote *remote, const char *id);
    /* False: it is none of ours. */
    bool (*lose)(UpnpFinder *finder, const char *id, const char *reason);
    void (*drop)(UpnpFinder *finder, const char *id);
} kinds[POINTS_N] = {
    [RENDERERS] = { "MediaRenderer", take_screen, lose_screen, drop_screen },
    [SERVERS] = { "MediaServer", take_server, lose_server, drop_server },
};

static void
on_leaver_due(gpointer data)
{
    Leaver *leaver = data;
    UpnpFinder *finder = leaver->search->finder;

    leaver->timer = 0;
    kinds[leaver->search->number].drop(finder, leaver->id);
    g_ptr_array_remove_fast(finder->leavers, leaver);
}

static void
forget_leaver(UpnpFinder *finder, const Search *search, const char *id)
{
    for (guint i = finder->leavers->len; i > 0; i--) {
        const Leaver *leaver = finder->leavers->pdata[i - 1];
        if (leaver->search == search && strcmp(leaver->id, id) == 0)
            g_ptr_array_remove_index_fast(finder->leavers, i - 1);
    }
}

static void
on_remote(gconstpointer data, gpointer user_data)
{
    const UpnpRemoteEvent *event = data;
    Search *search = user_data;
    UpnpFinder *finder = search->finder;
    g_autofree char *id = upnp_remote_id(event->remote);
    const char *reason = event->said_goodbye ? "it has left the network"
                                             : "it was not heard of for too long";

    if (g_ascii_strcasecmp(event->remote->uuid, finder->uuid) == 0)
        return;
    forget_leaver(finder, search, id);
    if (event->is_online) {
        kinds[search->number].take(finder, event->remote, id);
    } else if (kinds[search->number].lose(finder, id, reason)) {
        Leaver *leaver = g_new(Leaver, 1);
        *leaver = (Leaver){ search, g_steal_pointer(&id), 0 };
        leaver->timer = clock_after(finder->clock, GONE_KEPT_MS, on_leaver_due, leaver);
        g_ptr_array_add(finder->leavers, leaver);
    }
}

/* -- Beginning and end ------------------------------------------------------------------------- */

static bool
start_search(UpnpFinder *finder, guint number, const UpnpFinderParts *parts, GError **error)
{
    Search *search = &finder->searches[number];

    *search = (Search){ .finder = finder, .number = number };
    search->point = upnp_control_point_new(
        &(UpnpControlPointOptions){ .type = kinds[number].type, .agent = parts->agent,
                                    .client = finder->client, .clock = parts->clock,
                                    .interfaces = parts->interfaces },
        error);
    if (search->point == NULL)
        return false;
    search->observer =
        observers_add(upnp_control_point_observers(search->point), on_remote, search);
    return true;
}

UpnpFinder *
upnp_finder_new(const UpnpFinderParts *parts, GError **error)
{
    UpnpFinder *finder = g_new0(UpnpFinder, 1);

    *finder = (UpnpFinder){ .screens = parts->screens, .servers = parts->servers,
                            .ear = parts->ear, .clock = parts->clock,
                            .uuid = g_strdup(parts->uuid),
                            .client = http_client_new(parts->agent),
                            .ladder = upnp_ladder_new(parts->memory),
                            .leavers = g_ptr_array_new_with_free_func(leaver_free) };
    for (guint number = 0; number < POINTS_N; number++)
        if (!start_search(finder, number, parts, error)) {
            upnp_finder_free(finder);
            return NULL;
        }
    return finder;
}

static void
drop_all(UpnpFinder *finder)
{
    for (guint i = screens_list(finder->screens)->len; i > 0; i--) {
        const Screen *screen = screens_list(finder->screens)->pdata[i - 1];
        if (strcmp(screen->kind, KIND) == 0)
            screens_remove(finder->screens, screen->id);
    }
    for (guint i = servers_list(finder->servers)->len; i > 0; i--) {
        const RemoteServer *server = servers_list(finder->servers)->pdata[i - 1];
        if (strcmp(server->kind, KIND) == 0)
            servers_remove(finder->servers, server->id);
    }
}

void
upnp_finder_free(UpnpFinder *finder)
{
    if (finder == NULL)
        return;
    for (guint number = 0; number < POINTS_N; number++) {
        Search *search = &finder->searches[number];
        if (search->point != NULL)
            observers_remove(upnp_control_point_observers(search->point), search->observer);
        upnp_control_point_free(search->point);
    }
    g_ptr_array_unref(finder->leavers);
    drop_all(finder);
    upnp_ladder_free(finder->ladder);
    http_client_free(finder->client);
    g_free(finder->uuid);
    g_free(finder);
}
