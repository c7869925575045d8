/* servers-routes.c -- other media servers: who there is, and what they have
 *
 * They are asked over the network, so everything here lives on the loop and answers when they do;
 * what is asked of our own library (library-routes.c) never waits for it. */
#include "api/room.h"
#include "base/error.h"

#include <string.h>

#define PAGE_ROOM (32 * 1024)

/* -- Who there is ------------------------------------------------------------------------------ */

void
json_server(JsonWriter *json, const char *name, const RemoteServer *server, bool is_removed)
{
    json_open(json, name, '{');
    json_text(json, "id", server->id);
    json_text(json, "name", server->name);
    json_text(json, "kind", server->kind);
    json_text(json, "url", server->url);
    json_bool(json, "online", server->is_online && !is_removed);
    json_text(json, "reason", server->reason);
    json_number(json, "update_id", server->update_id);
    if (is_removed)
        json_bool(json, "removed", true);
    json_close(json, '}');
}

static void
get_servers(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const GPtrArray *list = servers_list(api->parts.servers);
    JsonWriter json;

    json_init(&json, 2048);
    json_open(&json, NULL, '[');
    for (guint i = 0; i < list->len; i++)
        json_server(&json, NULL, list->pdata[i], false);
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

/* NULL: replied already. */
static RemoteServer *
find_server(HttpExchange *exchange, const Api *api)
{
    g_autoptr(GError) error = NULL;
    RemoteServer *server =
        servers_find(api->parts.servers, http_exchange_parameter(exchange, "server"), &error);

    if (server == NULL)
        http_exchange_reply_error(exchange, error);
    return server;
}

static void
get_server(HttpExchange *exchange, gpointer user_data)
{
    const RemoteServer *server = find_server(exchange, user_data);
    JsonWriter json;

    if (server == NULL)
        return;
    json_init(&json, 512);
    json_server(&json, NULL, server, false);
    reply_json(exchange, 200, &json);
}

/* -- What they have ---------------------------------------------------------------------------- */

/* "Attic: it does not answer": the asker sees that another server is meant. */
static void
reply_server_error(HttpExchange *exchange, const RemoteServer *server, const GError *error)
{
    g_autoptr(GError) named = g_error_copy(error);

    if (server != NULL)
        g_prefix_error(&named, "%s: ", server->name);
    http_exchange_reply_error(exchange, named);
}

static void
json_page(JsonWriter *json, const char *name, const CatalogPage *page, const CatalogRange *range)
{
    json_open(json, name, '[');
    for (guint i = 0; i < page->objects->len; i++)
        json_media(json, NULL, page->objects->pdata[i]);
    json_close(json, ']');
    json_number(json, "total", page->result.total);
    json_number(json, "update_id", page->result.update_id);
    json_number(json, "offset", range->offset);
}

/* A request on its way: what it asked, and the container while its children are fetched. */
typedef struct {
    HttpExchange *exchange;
    const Api *api; /* borrowed: servers answer before it goes */
    char *server_id;
    CatalogRange range;
    CatalogPage *self; /* NULL: not known yet */
} Visit;

static Visit *
visit_new(HttpExchange *exchange, const Api *api, const RemoteServer *server)
{
    Visit *visit = g_new0(Visit, 1);

    *visit = (Visit){ .exchange = exchange, .api = api, .server_id = g_strdup(server->id) };
    return visit;
}

static void
visit_free(Visit *visit)
{
    g_clear_pointer(&visit->self, catalog_page_unref);
    g_free(visit->server_id);
    g_free(visit);
}

/* It may be gone by now; NULL: error is set. */
static RemoteServer *
server_of(const Visit *visit, GError **error)
{
    return servers_find(visit->api->parts.servers, visit->server_id, error);
}

static void
fail(Visit *visit, const GError *error)
{
    reply_server_error(visit->exchange, server_of(visit, NULL), error);
    visit_free(visit);
}

static void
on_children(CatalogPage *page, const GError *error, gpointer user_data)
{
    Visit *visit = user_data;
    JsonWriter json;

    if (error != NULL) {
        fail(visit, error);
        return;
    }
    const MediaObject *self = visit->self->objects->pdata[0];
    json_init(&json, PAGE_ROOM);
    json_open(&json, NULL, '{');
    json_text(&json, "server", visit->server_id);
    json_text(&json, "id", self->id);
    json_text(&json, "parent_id", self->parent_id);
    json_text(&json, "title", self->title);
    json_page(&json, "children", page, &visit->range);
    json_close(&json, '}');
    reply_json(visit->exchange, 200, &json);
    visit_free(visit);
}

static void
on_self(CatalogPage *page, const GError *error, gpointer user_data)
{
    Visit *visit = user_data;
    g_autoptr(GError) problem = NULL;
    RemoteServer *server = error == NULL ? server_of(visit, &problem) : NULL;

    if (server == NULL) {
        fail(visit, error != NULL ? error : problem);
        return;
    }
    const MediaObject *self = page->objects->pdata[0];
    if (self->kind != MEDIA_CONTAINER) {
        problem = g_error_new(DUO_ERROR, DUO_ERROR_INVALID, "%s is no container", self->id);
        fail(visit, problem);
        return;
    }
    visit->self = catalog_page_ref(page);
    CatalogQuestion question = { .verb = CATALOG_BROWSE, .id = self->id, .range = visit->range };
    remote_server_ask(server, &question, on_children, visit);
}

static void
get_container(HttpExchange *exchange, gpointer user_data)
{
    CatalogQuestion question = { .verb = CATALOG_GET,
                                 .id = http_exchange_parameter(exchange, "id") };
    CatalogRange range;

    if (!request_range(exchange, &range))
        return;
    RemoteServer *server = find_server(exchange, user_data);
    if (server == NULL)
        return;
    Visit *visit = visit_new(exchange, user_data, server);
    visit->range = range;
    remote_server_ask(server, &question, on_self, visit);
}

static void
on_item(CatalogPage *page, const GError *error, gpointer user_data)
{
    Visit *visit = user_data;
    JsonWriter json;

    if (error != NULL) {
        fail(visit, error);
        return;
    }
    json_init(&json, 1024);
    json_media(&json, NULL, page->objects->pdata[0]);
    reply_json(visit->exchange, 200, &json);
    visit_free(visit);
}

static void
get_item(HttpExchange *exchange, gpointer user_data)
{
    CatalogQuestion question = { .verb = CATALOG_GET,
                                 .id = http_exchange_parameter(exchange, "id") };
    RemoteServer *server = find_server(exchange, user_data);

    if (server != NULL)
        remote_server_ask(server, &question, on_item, visit_new(exchange, user_data, server));
}

static void
on_found(CatalogPage *page, const GError *error, gpointer user_data)
{
    Visit *visit = user_data;
    JsonWriter json;

    if (error != NULL) {
        fail(visit, error);
        return;
    }
    json_init(&json, PAGE_ROOM);
    json_open(&json, NULL, '{');
    json_text(&json, "server", visit->server_id);
    json_page(&json, "items", page, &visit->range);
    json_close(&json, '}');
    reply_json(visit->exchange, 200, &json);
    visit_free(visit);
}

static void
get_search(HttpExchange *exchange, gpointer user_data)
{
    CatalogQuestion question = { .verb = CATALOG_SEARCH };

    if (!request_range(exchange, &question.range) ||
        !request_kind(exchange, &question.search.kind))
        return;
    question.search.words = http_exchange_query(exchange, "q");
    question.search.container_id = http_exchange_query(exchange, "container");
    RemoteServer *server = find_server(exchange, user_data);
    if (server == NULL)
        return;
    Visit *visit = visit_new(exchange, user_data, server);
    visit->range = question.range;
    remote_server_ask(server, &question, on_found, visit);
}

#define SERVER "/api/v1/servers/{server}"

const HttpRoute servers_routes[] = {
    { "GET", "/api/v1/servers", HTTP_STATE, get_servers, 0 },
    { "GET", SERVER, HTTP_STATE, get_server, 0 },
    { "GET", SERVER "/containers/{id}", HTTP_STATE, get_container, 0 },
    { "GET", SERVER "/items/{id}", HTTP_STATE, get_item, 0 },
    { "GET", SERVER "/search", HTTP_STATE, get_search, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
