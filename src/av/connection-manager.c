/* connection-manager.c -- ConnectionManager:1: which formats come and go here
 *
 * Bytes travel by http-get alone, so there is no connection to prepare: the one of id 0 always is
 * (ConnectionManager:1, 2.4.4), and PrepareForConnection, which is optional, is not offered. */
#include "av/av.h"

#define INVALID_CONNECTION 706

typedef struct {
    Service base;
    char *source, *sink;
} ConnectionManager;

static void
get_protocol_info(Service *service, ServiceCall *call)
{
    ConnectionManager *manager = (ConnectionManager *)service;

    service_call_put_text(call, "Source", manager->source);
    service_call_put_text(call, "Sink", manager->sink);
    service_call_return(call);
}

static void
get_current_connection_ids(Service *service, ServiceCall *call)
{
    service_call_put_text(call, "ConnectionIDs", "0");
    service_call_return(call);
}

/* Services that are not there have the id -1 (2.4.6); ours all have instance 0. */
static void
get_current_connection_info(Service *service, ServiceCall *call)
{
    bool is_sink = *((ConnectionManager *)service)->sink != '\0';

    if (service_call_number(call, "ConnectionID") != 0) {
        service_call_fail(call, INVALID_CONNECTION, "there is no connection but 0");
        return;
    }
    service_call_put_number(call, "RcsID", is_sink ? 0 : -1);
    service_call_put_number(call, "AVTransportID", is_sink ? 0 : -1);
    service_call_put_text(call, "ProtocolInfo", "");
    service_call_put_text(call, "PeerConnectionManager", "");
    service_call_put_number(call, "PeerConnectionID", -1);
    service_call_put_text(call, "Direction", is_sink ? "Input" : "Output");
    service_call_put_text(call, "Status", "OK");
    service_call_return(call);
}

static const char *const states[] = { "OK", "ContentFormatMismatch", "InsufficientBandwidth",
                                      "UnreliableChannel", "Unknown", NULL };
static const char *const directions[] = { "Input", "Output", NULL };

static const ServiceVariable variables[] = {
    { .name = "SourceProtocolInfo", .type = SERVICE_STRING, .is_evented = true },
    { .name = "SinkProtocolInfo", .type = SERVICE_STRING, .is_evented = true },
    { .name = "CurrentConnectionIDs", .type = SERVICE_STRING, .is_evented = true },
    { .name = "A_ARG_TYPE_ConnectionStatus", .type = SERVICE_STRING, .allowed = states },
    { .name = "A_ARG_TYPE_ConnectionManager", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Direction", .type = SERVICE_STRING, .allowed = directions },
    { .name = "A_ARG_TYPE_ProtocolInfo", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_ConnectionID", .type = SERVICE_I4 },
    { .name = "A_ARG_TYPE_AVTransportID", .type = SERVICE_I4 },
    { .name = "A_ARG_TYPE_RcsID", .type = SERVICE_I4 },
    { .name = NULL },
};

static const ServiceAction actions[] = {
    { "GetProtocolInfo", true, get_protocol_info,
      { SERVICE_OUT("Source", "SourceProtocolInfo"), SERVICE_OUT("Sink", "SinkProtocolInfo") } },
    { "GetCurrentConnectionIDs", true, get_current_connection_ids,
      { SERVICE_OUT("ConnectionIDs", "CurrentConnectionIDs") } },
    { "GetCurrentConnectionInfo", true, get_current_connection_info,
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
    return g_strdup("0");
}

static void
connection_manager_free(Service *service)
{
    ConnectionManager *manager = (ConnectionManager *)service;

    service_clear(service);
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
    .free = connection_manager_free,
};

Service *
connection_manager_new(const char *source, const char *sink)
{
    ConnectionManager *manager = g_new0(ConnectionManager, 1);

    service_init(&manager->base, &table);
    manager->source = g_strdup(source);
    manager->sink = g_strdup(sink);
    return &manager->base;
}
