/* event-feed.c -- see event-feed.h
 *
 * Each kind of event is one of our nouns as JSON, as whoever listens may see it. While nobody
 * listens nothing is written. */
#include "api/room.h"

#define LIBRARY_EVERY_MS 500 /* a scan changes the library a thousand times a second */

struct EventFeed {
    Api *api;           /* borrowed */
    IgrsNode *node;     /* borrowed; NULL: none */
    GPtrArray *streams; /* Listener, owned; those of one audience side by side */
    guint library_due;
    guint on_screens, on_servers, on_casts, on_queues, on_library, on_devices, on_groups;
};

typedef struct {
    EventFeed *feed; /* borrowed */
    HttpEvents *events;
    Audience *audience; /* who listens; NULL: may see everything */
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

    g_ptr_array_remove(listener->feed->streams, listener);
}

/* -- What is said: one function a kind of event ------------------------------------------------- */

/* Writes what an audience is told of something; false: nothing. */
typedef bool (*Say)(JsonWriter *json, const Api *api, const Audience *audience, gconstpointer what);

static bool
say_screen(JsonWriter *json, const Api *api, const Audience *audience, gconstpointer what)
{
    const ScreensEvent *event = what;

    json_screen(json, NULL, api, event->screen, audience, event->change == SCREENS_REMOVED);
    return true;
}

static bool
say_server(JsonWriter *json, const Api *api G_GNUC_UNUSED, const Audience *audience G_GNUC_UNUSED,
           gconstpointer what)
{
    const ServersEvent *event = what;

    json_server(json, NULL, event->server, event->change == SERVERS_REMOVED);
    return true;
}

static bool
say_group(JsonWriter *json, const Api *api, const Audience *audience G_GNUC_UNUSED,
          gconstpointer what)
{
    const IgrsGroupEvent *event = what;

    json_group(json, NULL, api, event->group, event->change == IGRS_GROUP_LOST);
    return true;
}

static bool
say_cast(JsonWriter *json, const Api *api, const Audience *audience, gconstpointer what)
{
    const Cast *cast = what;
    bool is_told = may_tell(api, audience, cast->media);

    if (is_told)
        json_cast(json, NULL, cast);
    return is_told;
}

static bool
say_queue(JsonWriter *json, const Api *api G_GNUC_UNUSED, const Audience *audience G_GNUC_UNUSED,
          gconstpointer what)
{
    const QueuesEvent *event = what;

    json_open(json, NULL, '{');
    json_queue_head(json, event->screen_id, event->queue, event->is_playing);
    json_close(json, '}');
    return true;
}

static bool
say_library(JsonWriter *json, const Api *api, const Audience *audience,
            gconstpointer what G_GNUC_UNUSED)
{
    LibraryCounts counts;
    bool sees_all = !audience_is_limited(audience); /* for others they are counted when they ask */

    if (sees_all)
        counts = library_counts(api->parts.library);
    json_totals(json, NULL, api->parts.library, sees_all ? &counts : NULL);
    return true;
}

static bool
say_scan(JsonWriter *json, const Api *api G_GNUC_UNUSED, const Audience *audience,
         gconstpointer what)
{
    json_scan(json, NULL, what, audience);
    return true;
}

static bool
say_folder(JsonWriter *json, const Api *api G_GNUC_UNUSED, const Audience *audience,
           gconstpointer what)
{
    const LibraryRoot *root = what;
    bool is_told = audience_sees(audience, root->path);

    if (is_told)
        json_folder(json, root);
    return is_told;
}

static bool
say_device(JsonWriter *json, const Api *api G_GNUC_UNUSED, const Audience *audience G_GNUC_UNUSED,
           gconstpointer what)
{
    const IgrsDeviceEvent *event = what;

    json_open(json, NULL, '{');
    json_text(json, "id", event->device->id);
    json_text(json, "name", event->device->name);
    json_text(json, "type", event->device->type);
    json_bool(json, "online", event->change != IGRS_DEVICE_OFFLINE);
    json_close(json, '}');
    return true;
}

/* The caller's; NULL: this audience is not told. */
static char *
said(Say say, const Api *api, const Audience *audience, gconstpointer what)
{
    JsonWriter json;

    json_init(&json, 512);
    if (say(&json, api, audience, what))
        return json_take(&json);
    json_clear(&json);
    return NULL;
}

/* Only one, or (NULL) everybody. Listeners of one audience stand side by side: for all of them it
 * is written once. */
static void
tell(EventFeed *feed, const Listener *only, const char *event, Say say, gconstpointer what)
{
    g_autofree char *text = NULL;
    const Audience *audience = NULL;
    bool is_said = false;

    for (guint i = 0; i < feed->streams->len; i++) {
        const Listener *listener = feed->streams->pdata[i];
        if (only != NULL && only != listener)
            continue;
        if (!is_said || audience != listener->audience) {
            g_free(text);
            audience = listener->audience;
            text = said(say, feed->api, audience, what);
            is_said = true;
        }
        if (text != NULL)
            http_events_send(listener->events, event, text);
    }
}

/* -- What the rooms below tell ----------------------------------------------------------------- */

static void
on_screen_event(gconstpointer event, gpointer feed)
{
    if (!((const ScreensEvent *)event)->screen->is_beside)
        tell(feed, NULL, "screen", say_screen, event);
}

static void
on_server_event(gconstpointer event, gpointer feed)
{
    tell(feed, NULL, "server", say_server, event);
}

static void
on_group_event(gconstpointer event, gpointer feed)
{
    tell(feed, NULL, "group", say_group, event);
}

static void
on_cast_event(gconstpointer cast, gpointer feed)
{
    tell(feed, NULL, "cast", say_cast, cast);
}

static void
on_queues_event(gconstpointer event, gpointer feed)
{
    tell(feed, NULL, "queue", say_queue, event);
}

static void
on_device_event(gconstpointer event, gpointer feed)
{
    tell(feed, NULL, "device", say_device, event);
}

static void
on_library_due(gpointer user_data)
{
    EventFeed *feed = user_data;

    feed->library_due = 0;
    tell(feed, NULL, "library", say_library, NULL);
}

static void
on_library_event(gconstpointer data, gpointer user_data)
{
    const LibraryEvent *event = data;
    EventFeed *feed = user_data;

    if (event->type == LIBRARY_EVENT_SCAN)
        tell(feed, NULL, "scan", say_scan, &event->scan);
    if (event->type == LIBRARY_EVENT_ROOT)
        tell(feed, NULL, "folder", say_folder, &event->root);
    if (event->type != LIBRARY_EVENT_SCAN && feed->library_due == 0)
        feed->library_due =
            clock_after(feed->api->parts.clock, LIBRARY_EVERY_MS, on_library_due, feed);
}

static void
tell_network(EventFeed *feed, const Listener *listener)
{
    const GPtrArray *servers = servers_list(feed->api->parts.servers);

    for (guint i = 0; i < servers->len; i++)
        tell(feed, listener, "server", say_server,
             &(ServersEvent){ .change = SERVERS_CHANGED, .server = servers->pdata[i] });
    if (feed->node == NULL)
        return;
    g_autoptr(GPtrArray) devices = igrs_node_devices(feed->node);
    for (guint i = 0; i < devices->len; i++)
        tell(feed, listener, "device", say_device,
             &(IgrsDeviceEvent){ .change = IGRS_DEVICE_ONLINE, .device = devices->pdata[i] });
    g_autoptr(GPtrArray) groups = igrs_node_groups(feed->node);
    for (guint i = 0; i < groups->len; i++)
        tell(feed, listener, "group", say_group,
             &(IgrsGroupEvent){ .change = IGRS_GROUP_FOUND, .group = groups->pdata[i] });
}

static void
tell_everything(EventFeed *feed, const Listener *listener)
{
    const GPtrArray *screens = screens_list(feed->api->parts.screens);
    const GPtrArray *casts = casts_list(feed->api->parts.casts);
    Queues *queues = feed->api->parts.queues;

    tell(feed, listener, "library", say_library, NULL);
    tell(feed, listener, "scan", say_scan, library_scan(feed->api->parts.library));
    for (const LibraryRoot *root = library_roots(feed->api->parts.library); root->path != NULL;
         root++)
        if (root->id != NULL) /* else it is looked at, and told of, in a moment */
            tell(feed, listener, "folder", say_folder, root);
    for (guint i = 0; i < screens->len; i++)
        tell(feed, listener, "screen", say_screen,
             &(ScreensEvent){ .change = SCREENS_CHANGED, .screen = screens->pdata[i] });
    for (guint i = 0; i < screens->len; i++) {
        const char *id = ((const Screen *)screens->pdata[i])->id;
        const Queue *queue = queues_get(queues, id);
        if (queue_length(queue) > 0)
            tell(feed, listener, "queue", say_queue,
                 &(QueuesEvent){ id, queue, queues_is_playing(queues, id) });
    }
    for (guint i = casts->len; i > 0; i--)
        tell(feed, listener, "cast", say_cast, casts->pdata[i - 1]);
    tell_network(feed, listener);
}

/* Beside those of the same audience. */
static void
add(EventFeed *feed, Listener *listener)
{
    guint at = 0;

    while (at < feed->streams->len &&
           ((const Listener *)feed->streams->pdata[at])->audience != listener->audience)
        at++;
    g_ptr_array_insert(feed->streams, (int)at, listener);
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
    if (audience_is_limited(visitor.audience))
        listener->audience = audience_ref(visitor.audience);
    add(feed, listener);
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
