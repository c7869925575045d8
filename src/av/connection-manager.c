/* connection-manager.c -- ConnectionManager:1: which formats come and go here, and who prepared to
 *
 * Bytes travel by http-get alone, so a connection is an agreement: which of our formats will be
 * sent to whom, in which direction. It belongs to the session that prepared it and ends with it;
 * where a wire knows no sessions (UPnP) the oldest gives way. Connection 0 always is (2.4.4), for
 * the many who never prepare one. All share instance 0, the only player there is. */
#include "av/av.h"

#include "wire/protocol-info.h"

#include <string.h>

#define CONNECTIONS_MAX 64
#define CONNECTIONS_OF_SESSION_MAX 8
#define TEXT_MAX 1024 /* octets of what a peer says of itself */

/* ConnectionManager:1, 2.4.1.3 and its like */
enum {
    INCOMPATIBLE_PROTOCOL = 701,
    INCOMPATIBLE_DIRECTIONS = 702,
    LOCAL_RESTRICTIONS = 704,
    ACCESS_DENIED = 705,
    INVALID_CONNECTION = 706,
};

typedef struct {
    int32_t id;
    char *session; /* "": of nobody's */
    char *protocol_info;
    char *peer_manager;
    int64_t peer_id;
    bool is_input;
} Connection;

typedef struct {
    Service base;
    char *source, *sink;
    GPtrArray *connections; /* Connection, the oldest first; without that of id 0 */
    int32_t last_id;
} ConnectionManager;

static void
connection_free(gpointer data)
{
    Connection *connection = data;

    g_free(connection->session);
    g_free(connection->protocol_info);
    g_free(connection->peer_manager);
    g_free(connection);
}

/* -- The table of connections ------------------------------------------------------------------ */

static Connection *
find(const ConnectionManager *manager, int64_t id)
{
    for (guint i = 0; i < manager->connections->len; i++) {
        Connection *connection = manager->connections->pdata[i];
        if (connection->id == id)
            return connection;
    }
    return NULL;
}

static void
tell(ConnectionManager *manager)
{
    observers_notify(manager->base.observers, "CurrentConnectionIDs");
}

static char *
list_ids(const ConnectionManager *manager)
{
    GString *list = g_string_new("0");

    for (guint i = 0; i < manager->connections->len; i++)
        g_string_append_printf(list, ",%d",
                               ((const Connection *)manager->connections->pdata[i])->id);
    return g_string_free(list, FALSE);
}

/* False: that session, or all together, have as many as there may be. */
static bool
make_room(ConnectionManager *manager, const char *session)
{
    guint count = 0;
    Connection *oldest = NULL;

    for (guint i = 0; i < manager->connections->len; i++) {
        Connection *connection = manager->connections->pdata[i];
        if (strcmp(connection->session, session) != 0)
            continue;
        if (count++ == 0)
            oldest = connection;
    }
    if (*session == '\0' && count >= CONNECTIONS_OF_SESSION_MAX) {
        g_ptr_array_remove(manager->connections, oldest); /* nobody would ever end it */
        return true;
    }
    return count < CONNECTIONS_OF_SESSION_MAX && manager->connections->len < CONNECTIONS_MAX;
}

static int32_t
next_id(ConnectionManager *manager)
{
    do
        manager->last_id = manager->last_id == INT32_MAX ? 1 : manager->last_id + 1;
    while (find(manager, manager->last_id) != NULL);
    return manager->last_id;
}

static void
session_ended(Service *service, const char *session)
{
    ConnectionManager *manager = (ConnectionManager *)service;
    guint before = manager->connections->len;

    for (guint i = before; i > 0; i--) {
        const Connection *connection = manager->connections->pdata[i - 1];
        if (strcmp(connection->session, session) == 0)
            g_ptr_array_remove_index(manager->connections, i - 1);
    }
    if (manager->connections->len != before)
        tell(manager);
}

/* -- Actions ----------------------------------------------------------------------------------- */

static void
get_protocol_info(Service *service, ServiceCall *call)
{
    ConnectionManager *manager = (ConnectionManager *)service;

    service_call_put_text(call, "Source", manager->source);
    service_call_put_text(call, "Sink", manager->sink);
    service_call_return(call);
}

/* True when the peer's format is one of those that go that way; else the call has failed. */
static bool
check_wish(const ConnectionManager *manager, ServiceCall *call, bool is_input)
{
    const char *format = service_call_text(call, "RemoteProtocolInfo");
    const char *ours = is_input ? manager->sink : manager->source;

    if (*ours == '\0')
        service_call_fail(call, INCOMPATIBLE_DIRECTIONS, "nothing %s here",
                          is_input ? "is played" : "is served");
    else if (strlen(format) > TEXT_MAX || !protocol_info_list_takes(ours, format))
        service_call_fail(call, INCOMPATIBLE_PROTOCOL, "%.100s is none of the formats here",
                          format);
    else if (strlen(service_call_text(call, "PeerConnectionManager")) > TEXT_MAX)
        service_call_fail(call, SERVICE_INVALID_ARGS, "PeerConnectionManager is too long");
    else
        return true;
    return false;
}

/* Services that are not there have the id -1 (2.4.6); ours all have instance 0. */
static void
put_instances(const ConnectionManager *manager, ServiceCall *call)
{
    bool is_player = *manager->sink != '\0';

    service_call_put_number(call, "AVTransportID", is_player ? 0 : -1);
    service_call_put_number(call, "RcsID", is_player ? 0 : -1);
}

static void
prepare_for_connection(Service *service, ServiceCall *call)
{
    ConnectionManager *manager = (ConnectionManager *)service;
    const char *session = service_call_asker(call, ASKER_SESSION);
    bool is_input = strcmp(service_call_text(call, "Direction"), "Input") == 0;

    if (!check_wish(manager, call, is_input))
        return;
    if (!make_room(manager, session)) {
        service_call_fail(call, LOCAL_RESTRICTIONS, "there are as many connections as may be");
        return;
    }
    Connection *connection = g_new(Connection, 1);
    *connection = (Connection){
        .id = next_id(manager),
        .session = g_strdup(session),
        .protocol_info = g_strdup(service_call_text(call, "RemoteProtocolInfo")),
        .peer_manager = g_strdup(service_call_text(call, "PeerConnectionManager")),
        .peer_id = service_call_number(call, "PeerConnectionID"),
        .is_input = is_input,
    };
    g_ptr_array_add(manager->connections, connection);
    service_call_put_number(call, "ConnectionID", connection->id);
    put_instances(manager, call);
    tell(manager);
    service_call_return(call);
}

static void
connection_complete(Service *service, ServiceCall *call)
{
    ConnectionManager *manager = (ConnectionManager *)service;
    Connection *connection = find(manager, service_call_number(call, "ConnectionID"));

    if (connection == NULL) {
        service_call_fail(call, INVALID_CONNECTION, "no such connection was prepared");
    } else if (strcmp(connection->session, service_call_asker(call, ASKER_SESSION)) != 0) {
        service_call_fail(call, ACCESS_DENIED, "another session prepared it");
    } else {
        g_ptr_array_remove(manager->connections, connection);
        tell(manager);
        service_call_return(call);
    }
}

static void
get_current_connection_ids(Service *service, ServiceCall *call)
{
    service_call_take_text(call, "ConnectionIDs", list_ids((ConnectionManager *)service));
    service_call_return(call);
}

static void
get_current_connection_info(Service *service, ServiceCall *call)
{
    ConnectionManager *manager = (ConnectionManager *)service;
    int64_t id = service_call_number(call, "ConnectionID");
    const Connection usual = { .protocol_info = (char *)"", .peer_manager = (char *)"",
                               .peer_id = -1, .is_input = *manager->sink != '\0' };
    const Connection *connection = id == 0 ? &usual : find(manager, id);

    if (connection == NULL) {
        service_call_fail(call, INVALID_CONNECTION, "there is no such connection");
        return;
    }
    put_instances(manager, call);
    service_call_put_text(call, "ProtocolInfo", connection->protocol_info);
    service_call_put_text(call, "PeerConnectionManager", connection->peer_manager);
    service_call_put_number(call, "PeerConnectionID", connection->peer_id);
    service_call_put_text(call, "Direction", connection->is_input ? "Input" : "Output");
    service_call_put_text(call, "Status", "OK");
    service_call_return(call);
}

/* -- The table --------------------------------------------------------------------------------- */

static const char *const states[] = { "OK", "ContentFormatMismatch", "InsufficientBandwidth",
                                      "UnreliableChannel", "Unknown", NULL };
static const char *const directions[] = { "Input", "Output", NULL };

static const ServiceVariable variables[] = {
    { .name = "SourceProtocolInfo", .type = SERVICE_STRING, .is_evented = true },
    { .name = "SinkProtocolInfo", .type = SERVICE_STRING, .is_evented = true },
    { .name = "CurrentConnectionIDs", .type = SERVICE_STRING, .is_evented = true },
    { .name = "A_ARG_TYPE_ConnectionStatus", .type = SERVICE_STRING, .allowed = states },
    { .name = "A_ARG_TYPE_ConnectionManager", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Direction", .type = SERVICE_STRING, .allowed = directions,
      .refusal = INCOMPATIBLE_DIRECTIONS },
    { .name = "A_ARG_TYPE_ProtocolInfo", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_ConnectionID", .type = SERVICE_I4 },
    { .name = "A_ARG_TYPE_AVTransportID", .type = SERVICE_I4 },
    { .name = "A_ARG_TYPE_RcsID", .type = SERVICE_I4 },
    { .name = NULL },
};

static const ServiceAction actions[] = {
    { "GetProtocolInfo", true, get_protocol_info,
      { SERVICE_OUT("Source", "SourceProtocolInfo"), SERVICE_OUT("Sink", "SinkProtocolInfo") } },
    { "PrepareForConnection", false, prepare_for_connection,
      { SERVICE_IN("RemoteProtocolInfo", "A_ARG_TYPE_ProtocolInfo"),
        SERVICE_IN("PeerConnectionManager", "A_ARG_TYPE_ConnectionManager"),
        SERVICE_IN("PeerConnectionID", "A_ARG_TYPE_ConnectionID"),
        SERVICE_IN("Direction", "A_ARG_TYPE_Direction"),
        SERVICE_OUT("ConnectionID", "A_ARG_TYPE_ConnectionID"),
        SERVICE_OUT("AVTransportID", "A_ARG_TYPE_AVTransportID"),
        SERVICE_OUT("RcsID", "A_ARG_TYPE_RcsID") } },
    { "ConnectionComplete", false, connection_complete,
      { SERVICE_IN("ConnectionID", "A_ARG_TYPE_ConnectionID") } },
    { "GetCurrentConnectionIDs", false, get_current_connection_ids,
      { SERVICE_OUT("ConnectionIDs", "CurrentConnectionIDs") } },
    { "GetCurrentConnectionInfo", false, get_current_connection_info,
      { SERVICE_IN("ConnectionID", "A_ARG_TYPE_ConnectionID"),
        SERVICE_OUT("RcsID", "A_ARG_TYPE_RcsID"),
        SERVICE_OUT("AVTransportID", "A_ARG_TYPE_AVTransportID"),
        SERVICE_OUT("ProtocolInfo", "A_ARG_TYPE_ProtocolInfo"),
        SERVICE_OUT("PeerConnectionManager", "A_ARG_TYPE_ConnectionManager"),
        SERVICE_OUT("PeerConnectionID", "A_ARG_TYPE_ConnectionID"),
        SERVICE_OUT("Direction", "A_ARG_TYPE_Direction"),
        SERVICE_OUT("Status", "A_ARG_TYPE_ConnectionStatus") } },
    { .name = NULL },
};

static char *
value(Service *service, const char *variable)
{
    ConnectionManager *manager = (ConnectionManager *)service;

    if (g_str_equal(variable, "SourceProtocolInfo"))
        return g_strdup(manager->source);
    if (g_str_equal(variable, "SinkProtocolInfo"))
        return g_strdup(manager->sink);
    return list_ids(manager);
}

static void
connection_manager_free(Service *service)
{
    ConnectionManager *manager = (ConnectionManager *)service;

    service_clear(service);
    g_ptr_array_unref(manager->connections);
    g_free(manager->source);
    g_free(manager->sink);
    g_free(manager);
}

static const ServiceTable table = {
    .name = "AVConnectionManager",
    .version = 1,
    .variables = variables,
    .actions = actions,
    .value = value,
    .session_ended = session_ended,
    .free = connection_manager_free,
};

Service *
connection_manager_new(const char *source, const char *sink)
{
    ConnectionManager *manager = g_new0(ConnectionManager, 1);

    service_init(&manager->base, &table);
    manager->connections = g_ptr_array_new_with_free_func(connection_free);
    manager->source = g_strdup(source);
    manager->sink = g_strdup(sink);
    return &manager->base;
}
