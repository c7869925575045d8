/* node.c -- an IGRS device: makes its parts and plugs them together; see igrs.h and node.h */
#include "igrs/directory.h"

#include "base/error.h"
#include "base/text.h"
#include "igrs/location.h"
#include "igrs/node-groups.h"

#include <string.h>
#include <sys/utsname.h>

#define STOP_MS 500 /* for the last words to get out */

/* -- Making and ending ------------------------------------------------------------------------- */

static void
on_session_ended(const IgrsSession *session, gpointer user_data)
{
    IgrsNode *node = user_data;

    igrs_passes_end(node->passes, session);
    igrs_session_keys_drop(node->session_keys, session);
    igrs_subscriptions_end_session(node->subscriptions, session);
    igrs_hosting_session_ended(node, session);
}

static void
hosted_free(gpointer data)
{
    IgrsHosted *hosted = data;

    observers_remove(hosted->service->observers, hosted->observer);
    g_free(hosted->type);
    g_free(hosted->name);
    g_free(hosted);
}

static char *
server_head(const char *software)
{
    struct utsname name;

    uname(&name);
    return g_strdup_printf("%s/%s IGRS/1.0 %s", name.sysname, name.release, software);
}

IgrsNode *
igrs_node_new(const IgrsNodeOptions *options)
{
    IgrsNode *node = g_new0(IgrsNode, 1);

    node->id = igrs_device_id_new(options->uuid);
    node->name = text_clean(options->name);
    node->manufacturer = g_strdup(options->manufacturer);
    node->model_name = g_strdup(options->model_name);
    node->model_number = g_strdup(options->model_number);
    node->model_description = g_strdup(options->model_description);
    node->http_port = options->http_port;
    node->icon_path = g_strdup(options->icon_path);
    node->software = g_strdup(options->software);
    node->server_head = server_head(options->software);
    node->wanted_port = options->port;
    node->discovery_port = options->discovery_port;
    node->certificate = g_strdup(options->certificate);
    node->certificate_key = g_strdup(options->certificate_key);
    node->refuses_open = options->refuses_open;
    node->repeats_iana = options->repeats_iana;
    node->repeats_ssdp = options->repeats_ssdp;
    node->kept_services = g_strdupv((char **)options->kept_services);
    node->clock = options->clock;
    node->interfaces = options->interfaces;
    node->types = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; options->types[i] != NULL && i < IGRS_DEVICE_TYPES_MAX; i++)
        g_ptr_array_add(node->types,
                        g_strdup_printf(IGRS_URN_DEVICE_TYPE "%s:1", options->types[i]));
    node->hosted = g_ptr_array_new_with_free_func(hosted_free);
    node->presence_services =
        g_ptr_array_new_with_free_func((GDestroyNotify)igrs_service_entry_free);
    node->router = http_router_new();
    http_router_add(node->router, igrs_routes, node);
    node->courier = igrs_courier_new(node->id, node->server_head);
    node->devices = igrs_devices_new(node->clock, igrs_node_fetch_description, igrs_node_has_pipe,
                                     node);
    node->devices_observer =
        observers_add(igrs_devices_observers(node->devices), igrs_node_on_device_event, node);
    node->security = igrs_security_new(node->clock, node->id, options->keys_folder);
    igrs_courier_set_seals(node->courier, igrs_node_seal_for, node);
    igrs_courier_set_places(node->courier, igrs_node_place_for, node);
    node->pipes = igrs_pipes_new(node->clock, &igrs_node_pipe_hooks, node);
    node->pipe_observers = observers_new();
    node->sessions = igrs_sessions_new(on_session_ended, node);
    node->passes = igrs_passes_new(node->clock);
    node->session_keys = igrs_session_keys_new(node->clock);
    node->tokens = igrs_tokens_new();
    node->groups = igrs_groups_new(node->clock, node->id, &igrs_node_group_hooks, node);
    node->groups_path = g_strdup(options->groups_file);
    node->registry = igrs_registry_new(igrs_directory_on_registry, node);
    node->events = igrs_events_new(node->clock, igrs_directory_tell, node);
    node->subscriptions = igrs_subscriptions_new(node->clock, igrs_hosting_notify, node);
    node->clients = g_hash_table_new(NULL, NULL);
    node->last_client = g_random_int() >> 1;
    node->incoming = g_hash_table_new(NULL, NULL);
    return node;
}

/* What may still call back goes first: the server's exchanges, then the courier's answers. */
void
igrs_node_free(IgrsNode *node)
{
    if (node == NULL)
        return;
    igrs_pairing_cancel(node->pairing);
    igrs_client_free(node->group_client);
    g_assert(g_hash_table_size(node->clients) == 0);
    clock_cancel(node->clock, &node->stop_timer);
    igrs_incoming_abandon(node);
    http_server_free(node->secure_server);
    http_server_free(node->server);
    igrs_discovery_free(node->discovery);
    igrs_courier_free(node->courier);
    igrs_subscriptions_free(node->subscriptions);
    igrs_registry_free(node->registry);
    igrs_groups_free(node->groups);
    igrs_session_keys_free(node->session_keys);
    igrs_tokens_free(node->tokens);
    igrs_events_free(node->events);
    igrs_sessions_free(node->sessions);
    igrs_passes_free(node->passes);
    igrs_pipes_free(node->pipes);
    igrs_security_free(node->security);
    observers_free(node->pipe_observers);
    igrs_devices_free(node->devices);
    http_router_free(node->router);
    g_hash_table_unref(node->incoming);
    g_hash_table_unref(node->clients);
    g_ptr_array_unref(node->hosted);
    g_ptr_array_unref(node->presence_services);
    g_ptr_array_unref(node->types);
    g_free(node->groups_path);
    g_free(node->groups_kept);
    g_free(node->server_head);
    g_free(node->software);
    g_free(node->icon_path);
    g_free(node->model_description);
    g_free(node->model_number);
    g_free(node->model_name);
    g_free(node->manufacturer);
    g_strfreev(node->kept_services);
    if (node->certificate_key != NULL)
        explicit_bzero(node->certificate_key, strlen(node->certificate_key));
    g_free(node->certificate_key);
    g_free(node->certificate);
    g_free(node->security_ids);
    g_free(node->name);
    g_free(node->id);
    g_free(node);
}

static void
on_variable_changed(gconstpointer event, gpointer user_data)
{
    IgrsHosted *hosted = user_data;

    igrs_subscriptions_changed(hosted->node->subscriptions, hosted->service, event);
}

void
igrs_node_add_service(IgrsNode *node, uint32_t id, Service *service, const char *name)
{
    IgrsHosted *hosted = g_new0(IgrsHosted, 1);

    g_assert(node->server == NULL && node->hosted->len < IGRS_SERVICES_MAX && id != 0);
    *hosted = (IgrsHosted){ .node = node, .id = id, .name = g_strdup(name), .service = service };
    hosted->type = igrs_service_type_new(service->table->name, service->table->version);
    hosted->observer = observers_add(service->observers, on_variable_changed, hosted);
    g_ptr_array_add(node->hosted, hosted);

    IgrsServiceEntry *entry = igrs_service_entry_new();
    entry->id = id;
    entry->device_id = g_strdup(node->id);
    entry->type = g_strdup(hosted->type);
    entry->name = g_strdup(name);
    g_ptr_array_add(node->presence_services, entry);
}

/* At the port of options, or any: others learn it. */
static HttpServer *
open_server(IgrsNode *node, HttpServerOptions options, GError **error)
{
    g_autoptr(GError) problem = NULL;
    HttpServer *server = http_server_new(&options, node->router, &problem);

    if (server == NULL && options.port != 0 &&
        g_error_matches(problem, DUO_ERROR, DUO_ERROR_CONFLICT)) {
        g_message("port %u is taken: IGRS takes another, which others learn by discovery",
                  options.port);
        g_clear_error(&problem);
        options.port = 0;
        server = http_server_new(&options, node->router, &problem);
    }
    if (server == NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    return server;
}

/* False with error: it is no certificate. Without TLS on this system it is not offered. */
static bool
offer_tls(IgrsNode *node, GError **error)
{
    g_autoptr(GError) problem = NULL;
    IgrsSecret fingerprint;

    if (node->certificate == NULL)
        return true;
    if (igrs_fingerprint(node->certificate, &fingerprint, &problem)) {
        igrs_security_offer_tls(node->security, &fingerprint);
        return true;
    }
    g_clear_pointer(&node->certificate, g_free);
    if (!g_error_matches(problem, DUO_ERROR, DUO_ERROR_UNSUPPORTED)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    g_warning("no pipe runs inside TLS: %s", problem->message);
    return true;
}

/* Inside TLS at the next port, so that a device that is started again is where it was. */
static bool
start_servers(IgrsNode *node, GError **error)
{
    HttpServerOptions options = { .port = node->wanted_port, .server = node->server_head };

    node->server = open_server(node, options, error);
    if (node->server == NULL || node->certificate == NULL)
        return node->server != NULL;
    uint16_t port = http_server_port(node->server);
    options.port = port < UINT16_MAX ? (uint16_t)(port + 1) : 0;
    options.certificate = node->certificate;
    options.key = node->certificate_key;
    node->secure_server = open_server(node, options, error);
    return node->secure_server != NULL;
}

static void
stop_servers(IgrsNode *node)
{
    g_clear_pointer(&node->secure_server, http_server_free);
    g_clear_pointer(&node->server, http_server_free);
}

bool
igrs_node_start(IgrsNode *node, GError **error)
{
    g_assert(node->server == NULL);
    if (!offer_tls(node, error))
        return false;
    node->security_ids = igrs_security_list(node->security, !node->refuses_open);
    if (!start_servers(node, error)) {
        stop_servers(node);
        return false;
    }
    node->presence = (IgrsPresence){ .device_id = node->id, .name = node->name,
                                     .server = node->server_head, .types = node->types,
                                     .security_ids = node->security_ids,
                                     .services = node->presence_services,
                                     .http_port = http_server_port(node->server),
                                     .port = node->discovery_port,
                                     .repeats_iana = node->repeats_iana,
                                     .repeats_ssdp = node->repeats_ssdp };
    node->discovery = igrs_discovery_new(node->clock, node->interfaces, &node->presence,
                                         &igrs_node_discovery_hooks, node, error);
    if (node->discovery == NULL) {
        stop_servers(node);
        return false;
    }
    igrs_node_restore_groups(node);
    return true;
}

static void
on_stopped(gpointer data)
{
    IgrsNode *node = data;

    node->stop_timer = 0;
    node->stopped(node->stopped_data);
}

void
igrs_node_stop(IgrsNode *node, IgrsNodeStopped stopped, gpointer user_data)
{
    node->stopped = stopped;
    node->stopped_data = user_data;
    if (node->discovery != NULL)
        igrs_discovery_leave(node->discovery);
    igrs_pipes_leave(node->pipes, NULL, NULL);
    clock_cancel(node->clock, &node->stop_timer);
    node->stop_timer = clock_after(node->clock, STOP_MS, on_stopped, node);
}

static bool
is_outdated(const char *peer, gpointer user_data)
{
    return !igrs_security_is_current(((IgrsNode *)user_data)->security, peer);
}

void
igrs_node_end_outdated(IgrsNode *node)
{
    igrs_passes_end_all(node->passes);
    igrs_pipes_leave(node->pipes, is_outdated, node);
}

void
igrs_node_read_keys(IgrsNode *node)
{
    igrs_security_read(node->security);
    igrs_node_end_outdated(node);
}

/* -- Questions --------------------------------------------------------------------------------- */

uint16_t
igrs_node_port(const IgrsNode *node)
{
    return node->server != NULL ? http_server_port(node->server) : 0;
}

uint16_t
igrs_node_secure_port(const IgrsNode *node)
{
    return node->secure_server != NULL ? http_server_port(node->secure_server) : 0;
}

const char *
igrs_node_id(const IgrsNode *node)
{
    return node->id;
}

const char *
igrs_node_name(const IgrsNode *node)
{
    return node->name;
}

Observers *
igrs_node_observers(IgrsNode *node)
{
    return igrs_devices_observers(node->devices);
}

GPtrArray *
igrs_node_devices(IgrsNode *node)
{
    return igrs_devices_list(node->devices);
}

const Device *
igrs_node_find_device(IgrsNode *node, const char *id)
{
    return igrs_devices_find(node->devices, id);
}

void
igrs_node_search(IgrsNode *node)
{
    if (node->discovery != NULL)
        igrs_discovery_search(node->discovery);
}

const IgrsHosted *
igrs_node_find_service(const IgrsNode *node, uint32_t id)
{
    for (guint i = 0; i < node->hosted->len; i++) {
        const IgrsHosted *hosted = g_ptr_array_index(node->hosted, i);
        if (hosted->id == id)
            return hosted;
    }
    return NULL;
}

char *
igrs_node_base_url(const IgrsNode *node, GInetAddress *address)
{
    g_autofree char *host = igrs_location_host(address);

    return node->http_port != 0 ? g_strdup_printf("http://%s:%u", host, node->http_port)
                                : g_strdup("");
}

char *
igrs_node_describe(const IgrsNode *node, GInetAddress *address)
{
    g_autoptr(IgrsDescription) description = igrs_description_new();
    g_autofree char *base_url = igrs_node_base_url(node, address);

    description->type = g_strdup(g_ptr_array_index(node->types, 0));
    description->name = g_strdup(node->name);
    description->manufacturer = g_strdup(node->manufacturer);
    description->model_description = g_strdup(node->model_description);
    description->model_name = g_strdup(node->model_name);
    description->model_number = g_strdup(node->model_number);
    description->id = g_strdup(node->id);
    if (node->icon_path != NULL)
        description->icon_url = g_strconcat(base_url, node->icon_path, NULL);
    g_auto(GStrv) security_ids = g_strsplit(node->security_ids, ",", -1);
    for (guint i = 0; security_ids[i] != NULL; i++)
        g_ptr_array_add(description->security_ids, g_strdup(security_ids[i]));
    for (guint i = 0; i < node->hosted->len; i++) {
        const IgrsHosted *hosted = g_ptr_array_index(node->hosted, i);
        IgrsServiceEntry *entry =
            igrs_description_add_service(description, hosted->id, hosted->type, hosted->name);
        if (hosted->needs_token)
            g_ptr_array_add(entry->security_ids, g_strdup(IGRS_SERVICE_SECURITY_TOKEN));
    }
    return igrs_description_encode(description);
}

/* Ours on the peer's own interface, else any: it may be a network behind a router. Borrowed. */
static GInetAddress *
address_for(const IgrsNode *node, const char *peer_location)
{
    g_autoptr(GInetAddress) peer = igrs_location_address(peer_location);
    const GPtrArray *list = net_interfaces_list(node->interfaces);
    GInetAddress *ours = NULL;

    for (guint i = 0; peer != NULL && i < list->len; i++) {
        const NetInterface *interface = g_ptr_array_index(list, i);
        GInetAddress *address =
            net_interface_address(interface, g_inet_address_get_family(peer));
        if (address != NULL && (ours == NULL || net_interface_is_on_link(interface, peer)))
            ours = address;
    }
    return ours;
}

char *
igrs_node_location_for(const IgrsNode *node, const char *peer_location)
{
    GInetAddress *ours = address_for(node, peer_location);

    return ours != NULL ? igrs_location_new(ours, igrs_node_port(node)) : NULL;
}

char *
igrs_node_secure_location_for(const IgrsNode *node, const char *peer_location)
{
    GInetAddress *ours = address_for(node, peer_location);

    return ours != NULL && node->secure_server != NULL
               ? igrs_location_new_secure(ours, igrs_node_secure_port(node))
               : NULL;
}
