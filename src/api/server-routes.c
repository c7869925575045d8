/* server-routes.c -- the server itself: what it is, how it does, what it can be asked */
#include "api/room.h"
#include "appliance/people/qr.h"

#include <gio/gio.h>
#include <string.h>

GResource *api_description_get_resource(void); /* generated from openapi.json */

static int64_t
uptime_s(const Api *api)
{
    return (clock_now_ms(api->parts.clock) - api->started_ms) / 1000;
}

void
json_totals(JsonWriter *json, const char *name, Library *library, const LibraryCounts *counts)
{
    json_open(json, name, '{');
    if (counts != NULL) {
        json_number(json, "items", counts->items);
        json_number(json, "audio", counts->audio);
        json_number(json, "video", counts->video);
        json_number(json, "image", counts->image);
        json_number(json, "containers", counts->containers);
        json_number(json, "unreadable", counts->unreadable);
    }
    json_number(json, "update_id", catalog_update_id(library_catalog(library)));
    json_close(json, '}');
}

void
json_scan(JsonWriter *json, const char *name, const LibraryScan *scan, const Audience *audience)
{
    json_open(json, name, '{');
    json_text(json, "state", library_scan_state_name(scan->state));
    json_number(json, "done", scan->done);
    json_number(json, "total", scan->total);
    json_number(json, "left", scan->total - scan->done);
    json_number(json, "folders_left", scan->folders);
    json_number(json, "files_per_s", (int64_t)scan->files_per_s);
    if (scan->folder != NULL && audience_sees(audience, scan->folder))
        json_text(json, "folder", scan->folder);
    json_text(json, "trouble", scan->trouble);
    json_close(json, '}');
}

void
json_folder(JsonWriter *json, const LibraryRoot *root)
{
    json_open(json, NULL, '{');
    json_text(json, "id", root->id);
    json_text(json, "path", root->path);
    json_bool(json, "online", root->is_online);
    json_text(json, "reason", root->reason);
    json_close(json, '}');
}

void
json_folders(JsonWriter *json, Library *library, const Audience *audience)
{
    json_open(json, "folders", '[');
    for (const LibraryRoot *root = library_roots(library); root->path != NULL; root++)
        if (audience_sees(audience, root->path))
            json_folder(json, root);
    json_close(json, ']');
}

/* Nothing where it is off. */
static void
json_https(JsonWriter *json, const Api *api)
{
    if (api->https_port == 0)
        return;
    json_open(json, "https", '{');
    json_number(json, "port", api->https_port);
    json_text(json, "authority", api->https_authority);
    json_close(json, '}');
}

/* "http://HOST:PORT" of the plain page, as whoever asks calls us; the caller's. */
static char *
plain_base(HttpExchange *exchange, const Api *api)
{
    const char *host = http_exchange_head(exchange, "Host");
    const char *closing = strrchr(host, ']'), *colon = strrchr(host, ':');
    int length = colon != NULL && colon > closing ? (int)(colon - host) : (int)strlen(host);

    return g_strdup_printf("http://%.*s:%u", length, host, http_server_port(api->server));
}

/* For a phone that is to trust us: where the page tells how, as a picture that it can read. */
static void
get_trust(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    JsonWriter json;

    if (api->https_authority == NULL || api->server == NULL) {
        http_exchange_reply_problem(exchange, 404, NULL, "there is no authority of ours to trust");
        return;
    }
    g_autofree char *base = plain_base(exchange, api);
    g_autofree char *address = g_strconcat(base, "/#/trust", NULL);
    g_auto(GStrv) rows = qr_rows(address);
    json_init(&json, 4096);
    json_open(&json, NULL, '{');
    json_text(&json, "address", address);
    json_number(&json, "port", api->https_port);
    json_text(&json, "authority", api->https_authority);
    json_open(&json, "qr", '[');
    for (char **row = rows; *row != NULL; row++)
        json_text(&json, NULL, *row);
    json_close(&json, ']');
    json_close(&json, '}');
    reply_json(exchange, 200, &json);
}

/* Who asks what the server is, and how much of the library they see. */
typedef struct {
    const Api *api; /* borrowed */
    LibraryCounts counts;
} ServerAsker;

static void
get_server_on_loop(HttpExchange *exchange, gpointer user_data)
{
    const ServerAsker *asker = user_data;
    const Api *api = asker->api;
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    request_visitor(exchange, api, &visitor);
    json_init(&json, 512);
    json_open(&json, NULL, '{');
    json_text(&json, "name", api->parts.name);
    json_text(&json, "version", api->parts.version);
    json_text(&json, "device_id", api->parts.device_id);
    json_number(&json, "uptime_s", uptime_s(api));
    json_totals(&json, "library", api->parts.library, &asker->counts);
    json_scan(&json, "scan", library_scan(api->parts.library), visitor.audience);
    json_folders(&json, api->parts.library, visitor.audience);
    json_visitor(&json, "visitor", api, &visitor);
    json_https(&json, api);
    json_close(&json, '}');
    reply_json(exchange, 200, &json);
}

/* What one sees is counted here, on the http thread; the rest the loop knows. */
static void
get_server(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    ServerAsker *asker = http_exchange_keep(exchange, g_new(ServerAsker, 1));
    g_auto(Visitor) visitor = { 0 };

    request_visitor(exchange, api, &visitor);
    asker->api = api;
    asker->counts = library_counts_seen(api->parts.library, visitor.audience);
    http_exchange_cross(exchange, get_server_on_loop, asker);
}

/* -- For programs ------------------------------------------------------------------------------ */

static void
get_openapi(HttpExchange *exchange, gpointer user_data)
{
    GBytes *bytes = g_resource_lookup_data(api_description_get_resource(),
                                           "/duoping/api/openapi.json", 0, NULL);

    http_exchange_add_head(exchange, "Cache-Control", "no-cache");
    http_exchange_reply_stream(exchange, stream_new_bytes(bytes, "application/json"));
    g_bytes_unref(bytes);
}

static void
get_events(HttpExchange *exchange, gpointer user_data)
{
    Api *api = user_data;

    if (api->feed != NULL)
        event_feed_join(api->feed, exchange);
    else
        http_exchange_reply_problem(exchange, 503, NULL, "the server is stopping");
}

/* Prometheus text format 0.0.4. */
static void
put_metric(GString *text, const char *name, const char *type, const char *help, uint64_t value)
{
    g_string_append_printf(text,
                           "# HELP duoping_%s %s\n# TYPE duoping_%s %s\n"
                           "duoping_%s %" G_GUINT64_FORMAT "\n",
                           name, help, name, type, name, value);
}

static void
put_screens(GString *text, const Api *api)
{
    const GPtrArray *screens = screens_list(api->parts.screens);
    guint counts[PLAYBACK_STATE_N] = { 0 };

    for (guint i = 0; i < screens->len; i++)
        counts[((const Screen *)screens->pdata[i])->status.state]++;
    g_string_append(text, "# HELP duoping_screens Screens that are known, by state.\n"
                          "# TYPE duoping_screens gauge\n");
    for (guint i = 0; i < PLAYBACK_STATE_N; i++)
        g_string_append_printf(text, "duoping_screens{state=\"%s\"} %u\n", playback_state_name(i),
                               counts[i]);
}

static void
put_library(GString *text, const Api *api)
{
    LibraryCounts counts = library_counts(api->parts.library);

    g_string_append_printf(text, "# HELP duoping_library_items Items of the library, by class.\n"
                           "# TYPE duoping_library_items gauge\n"
                           "duoping_library_items{class=\"audio\"} %u\n"
                           "duoping_library_items{class=\"video\"} %u\n"
                           "duoping_library_items{class=\"image\"} %u\n",
                           counts.audio, counts.video, counts.image);
    put_metric(text, "library_unreadable_files", "gauge", "Files that could not be read.",
               counts.unreadable);
    put_metric(text, "scan_running", "gauge", "1 while folders are walked or files are read.",
               library_scan(api->parts.library)->state == LIBRARY_SCAN_RUNNING);
    put_metric(text, "probed_total", "counter", "Files whose media was read.",
               (uint64_t)g_atomic_int_get(api->parts.probed));
}

static void
get_metrics(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    GString *text = g_string_sized_new(4096);
    HttpServerCounts counts = { 0 };

    if (api->server != NULL)
        http_server_counts(api->server, &counts);
    put_metric(text, "uptime_seconds", "gauge", "Since the server started.",
               (uint64_t)uptime_s(api));
    put_metric(text, "http_requests_total", "counter", "Requests answered.", counts.requests);
    put_metric(text, "http_refused_total", "counter", "Requests refused before any handler.",
               counts.refused);
    put_metric(text, "http_sent_bytes_total", "counter", "Octets of bodies sent.",
               counts.bytes_sent);
    put_metric(text, "http_connections", "gauge", "Connections that are open.", counts.connections);
    put_metric(text, "event_streams", "gauge", "Listeners to events.", counts.event_streams);
    put_library(text, api);
    put_screens(text, api);
    http_exchange_reply_text(exchange, 200, "text/plain; version=0.0.4",
                             g_string_free(text, FALSE));
}

static void
get_health(HttpExchange *exchange, gpointer user_data)
{
    Api *api = user_data;
    bool is_stopping = g_atomic_int_get(&api->is_stopping) != 0;

    http_exchange_reply_text(exchange, is_stopping ? 503 : 200, "text/plain",
                             g_strdup(is_stopping ? "stopping\n" : "ok\n"));
}

const HttpRoute server_routes[] = {
    { "GET", "/api/v1/server", HTTP_READ, get_server, 0 },
    { "GET", "/api/v1/trust", HTTP_STATE, get_trust, 0 },
    { "GET", "/api/v1/events", HTTP_STATE, get_events, 0 },
    { "GET", "/api/v1/openapi.json", HTTP_READ, get_openapi, 0 },
    { "GET", "/metrics", HTTP_STATE, get_metrics, 0 },
    { "GET", "/healthz", HTTP_READ, get_health, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
