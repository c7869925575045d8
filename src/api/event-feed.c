/* event-feed.c -- see event-feed.h
 *
 * Each kind of event is one of our nouns as JSON. While nobody listens nothing is written. */
#include "api/room.h"

#define LIBRARY_EVERY_MS 500 /* a scan changes the library a thousand times a second */

struct EventFeed {
    Api *api;           /* borrowed */
    IgrsNode *node;     /* borrowed; NULL: none */
    GPtrArray *streams; /* Listener, owned */
    guint library_due;
    guint on_screens, on_servers, on_casts, on_queues, on_library, on_devices, on_groups;
};

typedef struct {
    EventFeed *feed; /* borrowed */
    HttpEvents *events;
    Audience *audience; /* who listens */
} Listener;

static void
listener_free(gpointer data)
{
    Listener *listener = data;

    http_events_free(listener->events);
    audience_unref(listener->audience);
    g_free(listener);
}

static void
on_closed(gpointer user_data)
{
    Listener *listener = user_data;

    g_ptr_array_remove_fast(listener->feed->streams, listener);
}

/* Takes what was written. */
static void
send_to(Listener *only, EventFeed *feed, const char *event, JsonWriter *json)
{
    g_autofree char *text = json_take(json);

    for (guint i = 0; i < feed->streams->len; i++) {
        Listener *listener = feed->streams->pdata[i];
        if (only == NULL || only == listener)
            http_events_send(listener->events, event, text);
    }
}

/* -- One function a kind of event; only: NULL for everybody ------------------------------------ */

static void
tell_screen(EventFeed *feed, Listener *only, const Screen *screen, bool is_removed)
{
    JsonWriter json;

    json_init(&json, 1024);
    json_screen(&json, NULL, feed->api, screen, is_removed);
    send_to(only, feed, "screen", &json);
}

static void
tell_server(EventFeed *feed, Listener *only, const RemoteServer *server, bool is_removed)
{
    JsonWriter json;

    json_init(&json, 512);
    json_server(&json, NULL, server, is_removed);
    send_to(only, feed, "server", &json);
}

static void
tell_group(EventFeed *feed, Listener *only, const IgrsGroup *group, bool is_removed)
{
    JsonWriter json;

    json_init(&json, 512);
    json_group(&json, NULL, feed->api, group, is_removed);
    send_to(only, feed, "group", &json);
}

static void
tell_cast(EventFeed *feed, Listener *only, const Cast *cast)
{
    JsonWriter json;

    json_init(&json, 1024);
    json_cast(&json, NULL, cast);
    send_to(only, feed, "cast", &json);
}

static void
tell_queue(EventFeed *feed, Listener *only, const QueuesEvent *event)
{
    JsonWriter json;

    json_init(&json, 256);
    json_open(&json, NULL, '{');
    json_queue_head(&json, event->screen_id, event->queue, event->is_playing);
    json_close(&json, '}');
    send_to(only, feed, "queue", &json);
}

static void
tell_library(EventFeed *feed, Listener *only)
{
    JsonWriter json;

    json_init(&json, 256);
    json_totals(&json, NULL, feed->api->parts.library);
    send_to(only, feed, "library", &json);
}

static void
tell_scan(EventFeed *feed, Listener *only, const LibraryScan *scan)
{
    for (guint i = 0; i < feed->streams->len; i++) {
        Listener *listener = feed->streams->pdata[i];
        JsonWriter json;
        if (only != NULL && only != listener)
            continue;
        json_init(&json, 256);
        json_scan(&json, NULL, scan, listener->audience);
        send_to(listener, feed, "scan", &json);
    }
}

static void
tell_device(EventFeed *feed, Listener *only, const Device *device, bool is_online)
{
    JsonWriter json;

    json_init(&json, 256);
    json_open(&json, NULL, '{');
    json_text(&json, "id", device->id);
    json_text(&json, "name", device->name);
    json_text(&json, "type", device->type);
    json_bool(&json, "online", is_online);
    json_close(&json, '}');
    send_to(only, feed, "device", &json);
}

/* To those who may see it. */
static void
tell_folder(EventFeed *feed, Listener *only, const LibraryRoot *root)
{
    for (guint i = 0; i < feed->streams->len; i++) {
        Listener *listener = feed->streams->pdata[i];
        JsonWriter json;
        if ((only != NULL && only != listener) || !audience_sees(listener->audience, root->path))
            continue;
        json_init(&json, 256);
        json_folder(&json, root);
        send_to(listener, feed, "folder", &json);
    }
}

/* -- What the rooms below tell ----------------------------------------------------------------- */

static void
on_screen_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;
    EventFeed *feed = user_data;

    if (feed->streams->len > 0)
        tell_screen(feed, NULL, event->screen, event->change == SCREENS_REMOVED);
}

static void
on_server_event(gconstpointer data, gpointer user_data)
{
    const ServersEvent *event = data;
    EventFeed *feed = user_data;

    if (feed->streams->len > 0)
        tell_server(feed, NULL, event->server, event->change == SERVERS_REMOVED);
}

static void
on_group_event(gconstpointer data, gpointer user_data)
{
    const IgrsGroupEvent *event = data;
    EventFeed *feed = user_data;

    if (feed->streams->len > 0)
        tell_group(feed, NULL, event->group, event->change == IGRS_GROUP_LOST);
}

static void
on_cast_event(gconstpointer cast, gpointer user_data)
{
    EventFeed *feed = user_data;

    if (feed->streams->len > 0)
        tell_cast(feed, NULL, cast);
}

static void
on_queues_event(gconstpointer event, gpointer user_data)
{
    EventFeed *feed = user_data;

    if (feed->streams->len > 0)
        tell_queue(feed, NULL, event);
}

static void
on_library_due(gpointer user_data)
{
    EventFeed *feed = user_data;

    feed->library_due = 0;
    if (feed->streams->len > 0)
        tell_library(feed, NULL);
}

static void
on_library_event(gconstpointer data, gpointer user_data)
{
    const LibraryEvent *event = data;
    EventFeed *feed = user_data;

    if (event->type == LIBRARY_EVENT_SCAN && feed->streams->len > 0)
        tell_scan(feed, NULL, &event->scan);
    if (event->type == LIBRARY_EVENT_ROOT)
        tell_folder(feed, NULL, &event->root);
    if (event->type != LIBRARY_EVENT_SCAN && feed->library_due == 0)
        feed->library_due =
            clock_after(feed->api->parts.clock, LIBRARY_EVERY_MS, on_library_due, feed);
}

static void
on_device_event(gconstpointer data, gpointer user_data)
{
    const IgrsDeviceEvent *event = data;
    EventFeed *feed = user_data;

    if (feed->streams->len > 0)
        tell_device(feed, NULL, event->device, event->change != IGRS_DEVICE_OFFLINE);
}

static void
tell_network(EventFeed *feed, Listener *listener)
{
    const GPtrArray *servers = servers_list(feed->api->parts.servers);

    for (guint i = 0; i < servers->len; i++)
        tell_server(feed, listener, servers->pdata[i], false);
    if (feed->node == NULL)
        return;
    g_autoptr(GPtrArray) devices = igrs_node_devices(feed->node);
    for (guint i = 0; i < devices->len; i++)
        tell_device(feed, listener, devices->pdata[i], true);
    g_autoptr(GPtrArray) groups = igrs_node_groups(feed->node);
    for (guint i = 0; i < groups->len; i++)
        tell_group(feed, listener, groups->pdata[i], false);
}

static void
tell_everything(EventFeed *feed, Listener *listener)
{
    const GPtrArray *screens = screens_list(feed->api->parts.screens);
    const GPtrArray *casts = casts_list(feed->api->parts.casts);
    Queues *queues = feed->api->parts.queues;

    tell_library(feed, listener);
    tell_scan(feed, listener, library_scan(feed->api->parts.library));
    for (const LibraryRoot *root = library_roots(feed->api->parts.library); root->path != NULL;
         root++)
        if (root->id != NULL) /* else it is looked at, and told of, in a moment */
            tell_folder(feed, listener, root);
    for (guint i = 0; i < screens->len; i++)
        tell_screen(feed, listener, screens->pdata[i], false);
    for (guint i = 0; i < screens->len; i++) {
        const char *id = ((const Screen *)screens->pdata[i])->id;
        const Queue *queue = queues_get(queues, id);
        if (queue_length(queue) > 0)
            tell_queue(feed, listener, &(QueuesEvent){ id, queue, queues_is_playing(queues, id) });
    }
    for (guint i = casts->len; i > 0; i--)
        tell_cast(feed, listener, casts->pdata[i - 1]);
    tell_network(feed, listener);
}

void
event_feed_join(EventFeed *feed, HttpExchange *exchange)
{
    Listener *listener = g_new0(Listener, 1);
    g_auto(Visitor) visitor = { 0 };

    request_visitor(exchange, feed->api, &visitor);
    listener->feed = feed;
    listener->events = http_exchange_reply_events(exchange, on_closed, listener);
    if (listener->events == NULL) { /* answered 503: too many */
        g_free(listener);
        return;
    }
    listener->audience = audience_ref(visitor.audience);
    g_ptr_array_add(feed->streams, listener);
    tell_everything(feed, listener);
}

EventFeed *
event_feed_new(Api *api)
{
    const ApiParts *parts = &api->parts;
    EventFeed *feed = g_new0(EventFeed, 1);

    feed->api = api;
    feed->streams = g_ptr_array_new_with_free_func(listener_free);
    feed->on_screens = observers_add(screens_observers(parts->screens), on_screen_event, feed);
    feed->on_servers = observers_add(servers_observers(parts->servers), on_server_event, feed);
    feed->on_casts = observers_add(casts_observers(parts->casts), on_cast_event, feed);
    feed->on_queues = observers_add(queues_observers(parts->queues), on_queues_event, feed);
    feed->on_library = library_observe(parts->library, on_library_event, feed);
    return feed;
}

void
event_feed_watch(EventFeed *feed, IgrsNode *node)
{
    feed->node = node;
    feed->on_devices = observers_add(igrs_node_observers(node), on_device_event, feed);
    feed->on_groups = observers_add(igrs_node_group_observers(node), on_group_event, feed);
}

void
event_feed_free(EventFeed *feed)
{
    if (feed == NULL)
        return;
    const ApiParts *parts = &feed->api->parts;

    clock_cancel(parts->clock, &feed->library_due);
    if (feed->node != NULL) {
        observers_remove(igrs_node_observers(feed->node), feed->on_devices);
        observers_remove(igrs_node_group_observers(feed->node), feed->on_groups);
    }
    observers_remove(servers_observers(parts->servers), feed->on_servers);
    library_unobserve(parts->library, feed->on_library);
    observers_remove(casts_observers(parts->casts), feed->on_casts);
    observers_remove(queues_observers(parts->queues), feed->on_queues);
    observers_remove(screens_observers(parts->screens), feed->on_screens);
    g_ptr_array_unref(feed->streams);
    g_free(feed);
}
