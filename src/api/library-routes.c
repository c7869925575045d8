/* library-routes.c -- the library as JSON, answered on the http thread that asked
 *
 * A page is written while its rows are read; nothing is copied between. */
#include "api/room.h"

#include <string.h>

/* A page of 50 songs with their tags is about 25 KB. */
#define PAGE_ROOM (32 * 1024)

static bool
write_child(const MediaObject *object, gpointer user_data)
{
    json_media(user_data, NULL, object);
    return true;
}

static bool
write_self(const MediaObject *object, gpointer user_data)
{
    JsonWriter *json = user_data;

    json_text(json, "id", object->id);
    json_text(json, "parent_id", object->parent_id);
    json_text(json, "title", object->title);
    return true;
}

static void
write_result(JsonWriter *json, const CatalogResult *result, const CatalogRange *range)
{
    json_number(json, "total", result->total);
    json_number(json, "update_id", result->update_id);
    json_number(json, "offset", range->offset);
    json_close(json, '}');
}

/* The page as JSON; NULL with an error. */
static GBytes *
print_container(Catalog *catalog, const char *id, const CatalogRange *range, GError **error)
{
    CatalogResult result;
    JsonWriter json;

    json_init(&json, PAGE_ROOM);
    json_open(&json, NULL, '{');
    json_open(&json, "children", '[');
    bool is_done = catalog_browse(catalog, id, range, write_child, &json, &result, error);
    json_close(&json, ']');
    if (!is_done || !catalog_get(catalog, id, write_self, &json, error)) {
        json_clear(&json);
        return NULL;
    }
    write_result(&json, &result, range);
    char *text = json_take(&json);
    return g_bytes_new_take(text, strlen(text));
}

/* Everything a page depends on; the caller's. */
static GBytes *
key_of(const Api *api, const Audience *audience, const char *id, const CatalogRange *range)
{
    char *key = g_strdup_printf("%s %u %d %u %u %d %d", id, audience_number(audience),
                                g_atomic_int_get(&api->edition), range->offset, range->limit,
                                (int)range->sort, range->is_descending);

    return g_bytes_new_take(key, strlen(key));
}

static void
get_container(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *id = http_exchange_parameter(exchange, "id");
    g_autoptr(GError) error = NULL;
    g_auto(Visitor) visitor = { 0 };
    CatalogRange range;

    if (!request_range(exchange, &range))
        return;
    request_visitor(exchange, api, &visitor);
    Catalog catalog = catalog_seen_by(library_catalog(api->parts.library), visitor.audience);
    g_autoptr(GBytes) key = key_of(api, visitor.audience, id, &range);
    g_autoptr(GBytes) page = http_reply_cache_get(api->pages, key);
    if (page == NULL) {
        page = print_container(&catalog, id, &range, &error);
        if (page == NULL) {
            http_exchange_reply_error(exchange, error);
            return;
        }
        http_reply_cache_put(api->pages, key, page);
    }
    http_exchange_add_head(exchange, "Cache-Control", "no-cache");
    http_exchange_reply(exchange, 200, "application/json", page);
}

static void
get_item(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    request_visitor(exchange, api, &visitor);
    Catalog catalog = catalog_seen_by(library_catalog(api->parts.library), visitor.audience);
    json_init(&json, 1024);
    if (catalog_get(&catalog, http_exchange_parameter(exchange, "id"), write_child, &json, &error))
        reply_json(exchange, 200, &json);
    else
        http_exchange_reply_error(exchange, error);
    json_clear(&json);
}

static void
get_search(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    g_auto(Visitor) visitor = { 0 };
    CatalogSearch search = { 0 };
    CatalogResult result;
    CatalogRange range;
    JsonWriter json;

    if (!request_range(exchange, &range) || !request_kind(exchange, &search.kind))
        return;
    search.words = http_exchange_query(exchange, "q");
    if (search.words != NULL && search.words[strspn(search.words, " ")] == '\0')
        search.words = NULL; /* no words: everything */
    search.container_id = http_exchange_query(exchange, "container");
    request_visitor(exchange, api, &visitor);
    Catalog catalog = catalog_seen_by(library_catalog(api->parts.library), visitor.audience);
    json_init(&json, PAGE_ROOM);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    bool is_done =
        catalog_search(&catalog, &search, &range, write_child, &json, &result, &error);
    json_close(&json, ']');
    if (is_done) {
        write_result(&json, &result, &range);
        reply_json(exchange, 200, &json);
    } else {
        http_exchange_reply_error(exchange, error);
    }
    json_clear(&json);
}

/* -- What people do with an item ---------------------------------------------------------------- */

static void
get_use(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *id = http_exchange_parameter(exchange, "id");
    g_autoptr(GError) error = NULL;
    g_autoptr(MediaObject) object = request_find(exchange, api, id, &error);
    g_autofree char *person =
        request_person(exchange, api, http_exchange_query(exchange, "person"));
    MediaUse use;
    JsonWriter json;

    if (object == NULL || !library_use(api->parts.library, object->id, person, &use, &error)) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    json_init(&json, 128);
    json_use(&json, NULL, &use);
    reply_json(exchange, 200, &json);
}

static void
on_used(const GError *error, gpointer user_data)
{
    HttpExchange *exchange = user_data;

    if (error != NULL)
        http_exchange_reply_error(exchange, error);
    else
        http_exchange_reply(exchange, 204, NULL, NULL);
}

static void
put_use(HttpExchange *exchange, gpointer user_data)
{
    static const char *const known[] = { "person", "position_ms", "play_count", "last_played_ms",
                                         NULL };
    const Api *api = user_data;
    LibraryUse use = LIBRARY_USE_NOTHING;
    int64_t last_played_ms = g_get_real_time() / 1000;
    json_t *body = request_object(exchange, known);
    g_autofree char *person = NULL;

    if (body == NULL)
        return;
    if (request_sees(exchange, api, http_exchange_parameter(exchange, "id")) &&
        request_member_text(exchange, body, "person", &use.person) &&
        request_member_number(exchange, body, "position_ms", G_MAXINT32, &use.position_ms) &&
        request_member_number(exchange, body, "play_count", G_MAXINT32, &use.play_count) &&
        request_member_number(exchange, body, "last_played_ms", G_MAXINT64 / 1000000,
                              &last_played_ms)) {
        use.last_played_s = last_played_ms / 1000;
        use.person = person = request_person(exchange, api, use.person);
        library_note_use(api->parts.library, http_exchange_parameter(exchange, "id"), &use,
                         on_used, exchange);
    }
    json_decref(body);
}

const HttpRoute library_routes[] = {
    { "GET", "/api/v1/library/containers/{id}", HTTP_READ, get_container, 0 },
    { "GET", "/api/v1/library/items/{id}", HTTP_READ, get_item, 0 },
    { "GET", "/api/v1/library/items/{id}/use", HTTP_READ, get_use, 0 },
    { "PUT", "/api/v1/library/items/{id}/use", HTTP_STATE, put_use, 4096 },
    { "GET", "/api/v1/library/search", HTTP_READ, get_search, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
