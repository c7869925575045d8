/* node.c -- an IGRS device: makes its parts and plugs them together; see igrs.h and node.h */
#include "igrs/node.h"

#include "base/error.h"
#include "base/text.h"
#include "igrs/location.h"

#include <sys/utsname.h>

#define STOP_MS 500 /* for the last words to get out */

/* -- Pipes: what they have to say, and what ends with them ------------------------------------- */

typedef struct {
    IgrsNode *node; /* borrowed: its courier answers before it goes */
    char *peer;
    IgrsPipeWord word;
} Word;

static const struct {
    IgrsMessageType type;
    IgrsPipeEvent yes, no;
} words[] = {
    [IGRS_PIPE_SAY_CREATE] = { IGRS_CREATE_PIPE_REQUEST, IGRS_PIPE_ACCEPTED, IGRS_PIPE_REFUSED },
    [IGRS_PIPE_SAY_DETECT] = { IGRS_DEVICE_ONLINE_DETECTION_REQUEST, IGRS_PIPE_ALIVE,
                               IGRS_PIPE_MISSED },
    [IGRS_PIPE_SAY_DETACH] = { IGRS_DETACH_PIPE_NOTIFY, IGRS_PIPE_ALIVE, IGRS_PIPE_ALIVE },
};

static void
on_word_answered(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    g_autofree Word *word = user_data;
    g_autofree char *peer = word->peer;
    bool is_yes = reply != NULL && reply->return_code == IGRS_OK;
    bool is_unknown = reply != NULL && reply->return_code == IGRS_NO_PIPE;

    if (word->word == IGRS_PIPE_SAY_DETACH ||
        g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!is_yes)
        g_debug("%s: %s", peer, error != NULL ? error->message : "refuses");
    igrs_pipes_event(word->node->pipes, peer, NULL,
                     is_yes       ? words[word->word].yes
                     : is_unknown ? IGRS_PIPE_UNKNOWN
                                  : words[word->word].no);
}

const char *
igrs_node_peer_location(const IgrsNode *node, const char *peer)
{
    const char *location = igrs_devices_location(node->devices, peer);

    return location != NULL ? location : igrs_pipes_location(node->pipes, peer);
}

static bool
say_word(const char *peer, const char *pipe_location, IgrsPipeWord kind, gpointer user_data)
{
    IgrsNode *node = user_data;
    const char *location = igrs_devices_location(node->devices, peer);
    g_autoptr(IgrsMessage) message = igrs_message_new(words[kind].type);
    Word *word;

    if (location == NULL)
        location = pipe_location;
    if (location == NULL)
        return false;
    message->target_id = g_strdup(peer);
    if (kind == IGRS_PIPE_SAY_CREATE) {
        message->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_NULL);
        message->location = igrs_node_location_for(node, location);
    }
    word = g_new(Word, 1);
    *word = (Word){ node, g_strdup(peer), kind };
    igrs_courier_send(node->courier, location, message, 0, NULL, on_word_answered, word);
    return true;
}

static void
tell_pipe(IgrsNode *node, const char *peer, bool is_open)
{
    IgrsPipeChange change = { peer, is_open };

    observers_notify(node->pipe_observers, &change);
}

static void
on_pipe_opened(const char *peer, gpointer user_data)
{
    g_debug("pipe to %s is open", peer);
    tell_pipe(user_data, peer, true);
}

static void
on_pipe_ended(const char *peer, gpointer user_data)
{
    IgrsNode *node = user_data;

    g_debug("pipe to %s ended", peer);
    igrs_sessions_end_device(node->sessions, peer);
    tell_pipe(node, peer, false);
}

static const IgrsPipeHooks pipe_hooks = { say_word, on_pipe_opened, on_pipe_ended };

static void
on_session_ended(const IgrsSession *session, gpointer user_data)
{
    igrs_subscriptions_end_session(((IgrsNode *)user_data)->subscriptions, session);
}

/* -- The other devices ------------------------------------------------------------------------- */

typedef struct {
    IgrsNode *node; /* borrowed: its courier answers before it goes */
    char *id, *location;
} Fetch;

static Device *
read_description(GBytes *document, const Fetch *fetch, GError **error)
{
    g_autoptr(IgrsDescription) description = igrs_description_decode(
        g_bytes_get_data(document, NULL), g_bytes_get_size(document), error);

    if (description == NULL)
        return NULL;
    if (!igrs_device_id_equal(description->id, fetch->id)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "it describes another device, %s",
                    description->id);
        return NULL;
    }
    return igrs_description_device(description, fetch->location);
}

static void
on_fetched(GBytes *document, const GError *fetch_error, gpointer user_data)
{
    g_autofree Fetch *fetch = user_data;
    g_autofree char *id = fetch->id;
    g_autofree char *location = fetch->location;
    g_autoptr(GError) error = NULL;
    Device *device = NULL;

    if (g_error_matches(fetch_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (document != NULL)
        device = read_description(document, fetch, &error);
    if (device != NULL) {
        igrs_devices_described(fetch->node->devices, id, device);
        return;
    }
    g_info("no description from %s: %s", location,
           error != NULL ? error->message : fetch_error->message);
    igrs_devices_failed(fetch->node->devices, id);
}

static void
describe(const char *id, const char *location, gpointer user_data)
{
    IgrsNode *node = user_data;
    Fetch *fetch = g_new(Fetch, 1);

    *fetch = (Fetch){ node, g_strdup(id), g_strdup(location) };
    igrs_courier_fetch(node->courier, location, on_fetched, fetch);
}

/* News of a device that we have a pipe with may mean that it was started again and forgot us. */
static bool
on_heard(const IgrsSighting *sighting, gpointer user_data)
{
    IgrsNode *node = user_data;
    bool is_known = igrs_devices_heard(node->devices, sighting);

    if (is_known && sighting->is_news)
        igrs_pipes_event(node->pipes, sighting->id, NULL, IGRS_PIPE_PROBE);
    return is_known;
}

static void
on_gone(const char *device_id, const char *address, gpointer user_data)
{
    igrs_devices_gone(((IgrsNode *)user_data)->devices, device_id, address);
}

static uint32_t
next_sequence(gpointer user_data)
{
    return igrs_courier_sequence(((IgrsNode *)user_data)->courier);
}

static const IgrsDiscoveryHooks discovery_hooks = { on_heard, on_gone, next_sequence };

static void
on_device_event(gconstpointer data, gpointer user_data)
{
    static const char *const words_for[] = { "is online", "changed", "is offline" };
    IgrsNode *node = user_data;
    const IgrsDeviceEvent *event = data;

    g_info("%s (%s) %s", event->device->name, event->device->id, words_for[event->change]);
    if (event->change == IGRS_DEVICE_OFFLINE)
        igrs_pipes_event(node->pipes, event->device->id, NULL, IGRS_PIPE_BYEBYE);
}

/* -- Making and ending ------------------------------------------------------------------------- */

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
    node->refuses_open = options->refuses_open;
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
    node->devices = igrs_devices_new(node->clock, describe, node);
    node->devices_observer =
        observers_add(igrs_devices_observers(node->devices), on_device_event, node);
    node->pipes = igrs_pipes_new(node->clock, &pipe_hooks, node);
    node->pipe_observers = observers_new();
    node->sessions = igrs_sessions_new(on_session_ended, node);
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
    g_assert(g_hash_table_size(node->clients) == 0);
    clock_cancel(node->clock, &node->stop_timer);
    igrs_incoming_abandon(node);
    http_server_free(node->server);
    igrs_discovery_free(node->discovery);
    igrs_courier_free(node->courier);
    igrs_subscriptions_free(node->subscriptions);
    igrs_sessions_free(node->sessions);
    igrs_pipes_free(node->pipes);
    observers_free(node->pipe_observers);
    igrs_devices_free(node->devices);
    http_router_free(node->router);
    g_hash_table_unref(node->incoming);
    g_hash_table_unref(node->clients);
    g_ptr_array_unref(node->hosted);
    g_ptr_array_unref(node->presence_services);
    g_ptr_array_unref(node->types);
    g_free(node->server_head);
    g_free(node->software);
    g_free(node->icon_path);
    g_free(node->model_description);
    g_free(node->model_number);
    g_free(node->model_name);
    g_free(node->manufacturer);
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

static bool
start_server(IgrsNode *node, GError **error)
{
    HttpServerOptions options = { .port = node->wanted_port, .server = node->server_head };
    g_autoptr(GError) problem = NULL;

    node->server = http_server_new(&options, node->router, &problem);
    if (node->server == NULL && options.port != 0 &&
        g_error_matches(problem, DUO_ERROR, DUO_ERROR_CONFLICT)) {
        g_warning("%s; taking another port, which others learn by discovery", problem->message);
        g_clear_error(&problem);
        options.port = 0;
        node->server = http_server_new(&options, node->router, &problem);
    }
    if (node->server == NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    return node->server != NULL;
}

bool
igrs_node_start(IgrsNode *node, GError **error)
{
    g_assert(node->server == NULL);
    if (!start_server(node, error))
        return false;
    node->presence = (IgrsPresence){ .device_id = node->id, .name = node->name,
                                     .server = node->server_head, .types = node->types,
                                     .services = node->presence_services,
                                     .http_port = http_server_port(node->server),
                                     .port = node->discovery_port };
    node->discovery = igrs_discovery_new(node->clock, node->interfaces, &node->presence,
                                         &discovery_hooks, node, error);
    if (node->discovery == NULL)
        g_clear_pointer(&node->server, http_server_free);
    return node->discovery != NULL;
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
    igrs_pipes_leave(node->pipes);
    clock_cancel(node->clock, &node->stop_timer);
    node->stop_timer = clock_after(node->clock, STOP_MS, on_stopped, node);
}

/* -- Questions --------------------------------------------------------------------------------- */

uint16_t
igrs_node_port(const IgrsNode *node)
{
    return node->server != NULL ? http_server_port(node->server) : 0;
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
    g_ptr_array_add(description->security_ids, g_strdup(IGRS_PIPE_SECURITY_NULL));
    for (guint i = 0; i < node->hosted->len; i++) {
        const IgrsHosted *hosted = g_ptr_array_index(node->hosted, i);
        igrs_description_add_service(description, hosted->id, hosted->type, hosted->name);
    }
    return igrs_description_encode(description);
}

/* The peer's own interface, else any: it may be a network behind a router. */
char *
igrs_node_location_for(const IgrsNode *node, const char *peer_location)
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
    return ours != NULL ? igrs_location_new(ours, igrs_node_port(node)) : NULL;
}
