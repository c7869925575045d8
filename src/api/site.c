/* site.c -- the pages: files of a GResource, the first of them at /, that of a screen at /tv
 *
 * One entity tag for all: whichever file changed, browsers ask anew after an update. */
#include "api/room.h"

#include <string.h>

static const struct {
    const char *suffix, *mime;
} types[] = {
    { ".html", "text/html; charset=utf-8" },  { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" }, { ".mjs", "text/javascript; charset=utf-8" },
    { ".json", "application/json" },          { ".webmanifest", "application/manifest+json" },
    { ".svg", "image/svg+xml" },              { ".png", "image/png" },
    { ".jpg", "image/jpeg" },                 { ".ico", "image/x-icon" },
    { ".woff2", "font/woff2" },
};

static const char *
mime_of(const char *path)
{
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(path, types[i].suffix))
            return types[i].mime;
    return "application/octet-stream";
}

static void
reply_file(HttpExchange *exchange, const Api *api, const char *file)
{
    g_autofree char *path = g_strconcat(api->parts.site_prefix, file, NULL);
    g_autoptr(GBytes) bytes = api->parts.site == NULL ? NULL
                                  : g_resource_lookup_data(api->parts.site, path, 0, NULL);

    if (bytes == NULL) {
        http_exchange_reply_problem(exchange, 404, NULL, "there is no page %s",
                                    http_exchange_path(exchange));
        return;
    }
    Stream *stream = stream_new_bytes(bytes, mime_of(file));
    g_free(stream->etag);
    stream->etag = g_strdup(api->site_tag);
    http_exchange_add_head(exchange, "Cache-Control", "no-cache");
    http_exchange_add_head(exchange, "Content-Security-Policy", api->parts.site_policy);
    if (strcmp(file, "sw.js") == 0) /* it lies below what it serves */
        http_exchange_add_head(exchange, "Service-Worker-Allowed", "/");
    http_exchange_add_head(exchange, "X-Content-Type-Options", "nosniff");
    http_exchange_add_head(exchange, "Referrer-Policy", "no-referrer");
    http_exchange_reply_stream(exchange, stream);
}

static void
get_first_page(HttpExchange *exchange, gpointer user_data)
{
    reply_file(exchange, user_data, "index.html");
}

static void
get_screen_page(HttpExchange *exchange, gpointer user_data)
{
    reply_file(exchange, user_data, "tv.html");
}

/* Every file below folder, as a browser asks for it; for whoever keeps the pages. */
static void
json_files(JsonWriter *json, const Api *api, const char *folder)
{
    g_auto(GStrv) names = g_resource_enumerate_children(api->parts.site, folder, 0, NULL);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_strconcat(folder, names[i], NULL);
        g_autofree char *address =
            g_strconcat("/web/", path + strlen(api->parts.site_prefix), NULL);
        if (g_str_has_suffix(path, "/"))
            json_files(json, api, path);
        else
            json_text(json, NULL, address);
    }
}

static void
get_files(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    JsonWriter json;

    json_init(&json, 4096);
    json_open(&json, NULL, '[');
    if (api->parts.site != NULL)
        json_files(&json, api, api->parts.site_prefix);
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

static void
get_file(HttpExchange *exchange, gpointer user_data)
{
    reply_file(exchange, user_data, http_exchange_parameter(exchange, "rest"));
}

static void
add_to_sum(GResource *resource, const char *folder, GChecksum *sum)
{
    g_auto(GStrv) names = g_resource_enumerate_children(resource, folder, 0, NULL);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_strconcat(folder, names[i], NULL);
        g_autoptr(GBytes) bytes = g_resource_lookup_data(resource, path, 0, NULL);
        if (g_str_has_suffix(path, "/"))
            add_to_sum(resource, path, sum);
        else if (bytes != NULL)
            g_checksum_update(sum, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
    }
}

char *
site_tag_new(GResource *resource, const char *prefix)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    if (resource != NULL)
        add_to_sum(resource, prefix, sum);
    return g_strndup(g_checksum_get_string(sum), 16);
}

const HttpRoute site_routes[] = {
    { "GET", "/", HTTP_READ, get_first_page, 0 },
    { "GET", "/tv", HTTP_READ, get_screen_page, 0 },
    { "GET", "/web/files.json", HTTP_READ, get_files, 0 },
    { "GET", "/web/{rest...}", HTTP_READ, get_file, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
