/* device-routes.c -- paired devices: who is, becoming it by a code, ceasing to be
 * (igrs/pairing.h) */
#include "api/room.h"
#include "appliance/people/qr.h"
#include "base/error.h"
#include "igrs/pairing-code.h"
#include "igrs/pairing.h"

#include <string.h>

#define BODY_MAX 4096

static void
json_device(JsonWriter *json, const Api *api, const char *id)
{
    const Device *device = igrs_node_find_device(api->node, id);

    json_open(json, NULL, '{');
    json_text(json, "id", id);
    json_text(json, "name", device != NULL ? device->name : NULL);
    json_bool(json, "online", device != NULL);
    json_close(json, '}');
}

static void
get_devices(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    JsonWriter json;

    if (request_node(exchange, api) == NULL)
        return;
    g_autoptr(GPtrArray) paired = igrs_node_paired(api->node);
    json_init(&json, 1024);
    json_open(&json, NULL, '[');
    for (guint i = 0; i < paired->len; i++)
        json_device(&json, api, g_ptr_array_index(paired, i));
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

/* A DeviceId, a uuid, or a screen by its name; the caller's. NULL: replied already. */
static char *
find_device(HttpExchange *exchange, const Api *api, const char *word)
{
    g_autofree char *id = igrs_device_id_new(word);
    g_autoptr(GError) error = NULL;

    if (igrs_device_id_uuid(word) != NULL)
        return g_strdup(word);
    if (igrs_device_id_uuid(id) != NULL)
        return g_steal_pointer(&id);
    const Screen *screen = screens_find(api->parts.screens, word, &error);
    if (screen != NULL) {
        g_autofree char *of_screen = igrs_device_id_new(screen->id);
        if (igrs_device_id_uuid(of_screen) != NULL)
            return g_steal_pointer(&of_screen);
        error = g_error_new(DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s does not speak IGRS",
                            screen->name);
    }
    http_exchange_reply_error(exchange, error);
    return NULL;
}

/* -- Pairing ----------------------------------------------------------------------------------- */

typedef struct {
    const Api *api; /* borrowed: the node answers before it goes */
    HttpExchange *exchange;
    char *id;
} Wish;

static void
on_paired(const GError *error, gpointer user_data)
{
    g_autofree Wish *wish = user_data;
    g_autofree char *id = wish->id;
    JsonWriter json;

    if (error != NULL) {
        http_exchange_reply_error(wish->exchange, error);
        return;
    }
    json_init(&json, 256);
    json_device(&json, wish->api, id);
    reply_json(wish->exchange, 201, &json);
}

static void
pair(HttpExchange *exchange, const Api *api, const json_t *body)
{
    const char *device = NULL, *code = NULL;

    if (!request_member_text(exchange, body, "device", &device) ||
        !request_member_text(exchange, body, "code", &code))
        return;
    if (device == NULL || code == NULL) {
        const char *missing = device == NULL ? "device" : "code";
        http_exchange_reply_problem(exchange, 400, missing, "%s is needed", missing);
        return;
    }
    char *id = find_device(exchange, api, device);
    if (id == NULL)
        return;
    Wish *wish = g_new(Wish, 1);
    *wish = (Wish){ api, exchange, id };
    igrs_node_pair(api->node, id, code, on_paired, wish);
}

static void
post_device(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "device", "code", NULL };
    const Api *api = user_data;
    json_t *body = request_is_owner(exchange) ? request_body(exchange, members) : NULL;

    if (body != NULL && request_node(exchange, api) != NULL)
        pair(exchange, api, body);
    json_decref(body);
}

static void
delete_device(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);

    if (!request_is_owner(exchange) || request_node(exchange, api) == NULL)
        return;
    g_autofree char *id = find_device(exchange, api, http_exchange_parameter(exchange, "id"));
    if (id == NULL)
        return;
    if (igrs_node_unpair(api->node, id, &error))
        http_exchange_reply(exchange, 204, NULL, nothing);
    else
        http_exchange_reply_error(exchange, error);
}

/* Our own code, for the other device to be told. It is a secret: nobody keeps a copy on the way. */
static void
get_code(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    JsonWriter json;

    if (!request_is_owner(exchange) || request_node(exchange, api) == NULL)
        return;
    const char *code = igrs_node_code(api->node);
    if (code == NULL) {
        http_exchange_reply_problem(exchange, 503, NULL,
                                    "the server cannot write into its folder of keys");
        return;
    }
    g_autofree char *address = igrs_code_address(code, igrs_node_id(api->node));
    g_auto(GStrv) rows = qr_rows(address);
    json_init(&json, 4096);
    json_open(&json, NULL, '{');
    json_text(&json, "code", code);
    json_text(&json, "address", address);
    json_open(&json, "qr", '[');
    for (guint i = 0; rows != NULL && rows[i] != NULL; i++)
        json_text(&json, NULL, rows[i]);
    json_close(&json, ']');
    json_close(&json, '}');
    http_exchange_add_head(exchange, "Cache-Control", "no-store");
    reply_json(exchange, 200, &json);
}

const HttpRoute device_routes[] = {
    { "GET", "/api/v1/devices", HTTP_STATE, get_devices, 0 },
    { "POST", "/api/v1/devices", HTTP_STATE, post_device, BODY_MAX },
    { "DELETE", "/api/v1/devices/{id}", HTTP_STATE, delete_device, 0 },
    { "GET", "/api/v1/code", HTTP_STATE, get_code, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
