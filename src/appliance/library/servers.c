/* servers.c -- see servers.h */
#include "appliance/library/servers.h"

#include "appliance/library/naming.h"

#include <string.h>

struct Servers {
    GPtrArray *list; /* RemoteServer, owned */
    Observers *observers;
};

Servers *
servers_new(void)
{
    Servers *servers = g_new0(Servers, 1);

    servers->list = g_ptr_array_new();
    servers->observers = observers_new();
    return servers;
}

void
servers_free(Servers *servers)
{
    if (servers == NULL)
        return;
    for (guint i = 0; i < servers->list->len; i++)
        remote_server_free(servers->list->pdata[i]);
    g_ptr_array_unref(servers->list);
    observers_free(servers->observers);
    g_free(servers);
}

static void
tell(Servers *servers, ServersChange change, RemoteServer *server)
{
    observers_notify(servers->observers, &(ServersEvent){ change, server });
}

static void
on_server_changed(gconstpointer event, gpointer user_data)
{
    tell(user_data, SERVERS_CHANGED, (RemoteServer *)event);
}

bool
servers_add(Servers *servers, RemoteServer *server)
{
    servers_remove(servers, server->id);
    if (servers->list->len >= SERVERS_MAX) {
        remote_server_free(server);
        return false;
    }
    g_ptr_array_add(servers->list, server);
    observers_add(server->observers, on_server_changed, servers);
    tell(servers, SERVERS_ADDED, server);
    return true;
}

void
servers_remove(Servers *servers, const char *id)
{
    for (guint i = 0; i < servers->list->len; i++) {
        RemoteServer *server = servers->list->pdata[i];
        if (strcmp(server->id, id) != 0)
            continue;
        g_ptr_array_remove_index(servers->list, i);
        tell(servers, SERVERS_REMOVED, server);
        remote_server_free(server);
        return;
    }
}

const GPtrArray *
servers_list(const Servers *servers)
{
    return servers->list;
}

static void
show_name(gconstpointer thing, const char **id, const char **name)
{
    const RemoteServer *server = thing;

    *id = server->id;
    *name = server->name;
}

RemoteServer *
servers_find(const Servers *servers, const char *name, GError **error)
{
    static const Naming naming = {
        show_name, "server", "no other media server is on this network",
    };

    return naming_find(&naming, servers->list, name, error);
}

Observers *
servers_observers(Servers *servers)
{
    return servers->observers;
}
