/* servers.h -- every other media server there is, whichever way it was found
 *
 * Finders (appliance/screens/igrs-finder and its like) add and remove; casts, the API and the
 * command line find. What is common with screens is so on purpose. Main loop only. */
#pragma once

#include "model/remote-server.h"

#define SERVERS_MAX 64

typedef struct Servers Servers;

typedef enum { SERVERS_ADDED, SERVERS_CHANGED, SERVERS_REMOVED } ServersChange;

/* What observers are told. A removed server is freed after they have been told. */
typedef struct {
    ServersChange change;
    RemoteServer *server;
} ServersEvent;

Servers         *servers_new(void);
void             servers_free(Servers *servers); /* and every server in it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Servers, servers_free)

/* Takes server over. One with the same id is removed first. False, and server is freed: there are
 * SERVERS_MAX already. */
bool             servers_add(Servers *servers, RemoteServer *server);
/* An id that is not there is ignored. */
void             servers_remove(Servers *servers, const char *id);
/* RemoteServer, in the order they came; borrowed until the loop runs again. */
const GPtrArray *servers_list(const Servers *servers);
/* By id, by whole name or by a part of the name that only one has, names without regard to case.
 * DUO_ERROR_NOT_FOUND, DUO_ERROR_CONFLICT (several fit); the message names those there are. */
RemoteServer     *servers_find(const Servers *servers, const char *name, GError **error);
/* Event: a ServersEvent. */
Observers       *servers_observers(Servers *servers);
