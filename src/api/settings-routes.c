/* settings-routes.c -- how the server is set, and what it says */
#include "api/room.h"
#include "base/error.h"
#include "base/log.h"

#include <net/if.h>
#include <string.h>

#define BODY_MAX (64 * 1024)

static const char *const type_names[] = { [SETTING_TEXT] = "text", [SETTING_NUMBER] = "number",
                                          [SETTING_FLAG] = "flag", [SETTING_LIST] = "list" };

static bool
is_said_at_start(const char *origin)
{
    return origin != NULL && g_str_has_prefix(origin, "--");
}

static void
json_value(JsonWriter *json, const Settings *settings, const SettingRow *row)
{
    switch (row->type) {
    case SETTING_NUMBER:
        json_number(json, "value", settings_number(settings, row->group, row->key));
        return;
    case SETTING_FLAG:
        json_bool(json, "value", settings_flag(settings, row->group, row->key));
        return;
    case SETTING_LIST:
        json_open(json, "value", '[');
        for (const char *const *text = settings_list(settings, row->group, row->key); *text != NULL;
             text++)
            json_text(json, NULL, *text);
        json_close(json, ']');
        return;
    case SETTING_TEXT:
        json_text(json, "value", settings_text(settings, row->group, row->key));
        return;
    }
}

static void
json_setting(JsonWriter *json, const Settings *settings, const SettingRow *row)
{
    const char *origin = settings_origin(settings, row->group, row->key);
    g_autofree char *name = g_strconcat(row->group, ".", row->key, NULL);

    json_open(json, NULL, '{');
    json_text(json, "name", name);
    json_text(json, "type", type_names[row->type]);
    json_value(json, settings, row);
    json_text(json, "origin", origin);
    json_bool(json, "fixed", is_said_at_start(origin));
    if (row->type == SETTING_NUMBER) {
        json_number(json, "min", row->min);
        json_number(json, "max", row->max);
    }
    json_close(json, '}');
}

void
json_settings(JsonWriter *json, const char *name, const Api *api)
{
    json_open(json, name, '[');
    for (const SettingRow *row = api->parts.owner.rows; row != NULL && row->group != NULL; row++)
        json_setting(json, api->parts.owner.settings, row);
    json_close(json, ']');
}

void
json_interfaces(JsonWriter *json)
{
    struct if_nameindex *list = if_nameindex();

    json_open(json, "interfaces", '[');
    for (const struct if_nameindex *one = list; one != NULL && one->if_name != NULL; one++)
        json_text(json, NULL, one->if_name);
    json_close(json, ']');
    if (list != NULL)
        if_freenameindex(list);
}

static void
reply_settings(HttpExchange *exchange, const Api *api, bool restarts)
{
    JsonWriter json;

    json_init(&json, 2048);
    json_open(&json, NULL, '{');
    json_settings(&json, "settings", api);
    json_interfaces(&json);
    json_bool(&json, "restarts", restarts);
    json_close(&json, '}');
    reply_json(exchange, 200, &json);
}

static void
get_settings(HttpExchange *exchange, gpointer user_data)
{
    if (request_may_set(exchange))
        reply_settings(exchange, user_data, false);
}

/* -- Changing ---------------------------------------------------------------------------------- */

/* A member as it would stand in a file; the caller's. NULL: it cannot. */
static char *
written(const json_t *value)
{
    g_autoptr(GString) list = g_string_new(NULL);

    if (json_is_null(value))
        return g_strdup("");
    if (json_is_string(value))
        return g_strdup(json_string_value(value));
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_boolean(value))
        return g_strdup(json_is_true(value) ? "true" : "false");
    if (!json_is_array(value))
        return NULL;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *text = json_string_value(json_array_get(value, i));
        if (text == NULL || strchr(text, ';') != NULL)
            return NULL;
        g_string_append_printf(list, "%s%s", i > 0 ? ";" : "", text);
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

/* "group.key", value, ...; NULL: replied already. */
static char **
read_changes(HttpExchange *exchange, json_t *body)
{
    g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
    const char *name;
    json_t *value;

    json_object_foreach(body, name, value) {
        g_autofree char *text = written(value);
        if (text == NULL) {
            http_exchange_reply_problem(exchange, 400, name,
                                        "%s must be a text, a number, a list of texts without a "
                                        "';', or null to take it back", name);
            return NULL;
        }
        g_strv_builder_add(texts, name);
        g_strv_builder_add(texts, text);
    }
    return g_strv_builder_end(texts);
}

static const char **
setting_names(const Api *api)
{
    GPtrArray *names = g_ptr_array_new();

    for (const SettingRow *row = api->parts.owner.rows; row != NULL && row->group != NULL; row++)
        g_ptr_array_add(names, g_strconcat(row->group, ".", row->key, NULL));
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_free(names, FALSE);
}

static void
patch_settings(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const ApiOwner *owner = &api->parts.owner;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = (char **)setting_names(api);
    json_t *body = request_may_set(exchange)
                       ? request_object(exchange, (const char *const *)names) : NULL;
    g_auto(GStrv) changes = body != NULL ? read_changes(exchange, body) : NULL;
    const char *field = NULL;

    json_decref(body);
    if (changes == NULL)
        return;
    if (owner->change == NULL) {
        http_exchange_reply_problem(exchange, 422, NULL, "nothing can be set here");
    } else if (!owner->change((const char *const *)changes, &field, owner->data, &error)) {
        unsigned status = g_error_matches(error, DUO_ERROR, DUO_ERROR_CONFLICT) ? 409 : 422;
        http_exchange_reply_problem(exchange, status, field, "%s", error->message);
    } else {
        reply_settings(exchange, api, changes[0] != NULL);
        if (changes[0] != NULL)
            owner->restart(owner->data);
    }
}

/* -- What it says ------------------------------------------------------------------------------ */

void
json_log(JsonWriter *json)
{
    g_auto(GStrv) lines = log_recent();

    json_open(json, "lines", '[');
    for (guint i = 0; lines[i] != NULL; i++)
        json_text(json, NULL, lines[i]);
    json_close(json, ']');
}

static void
get_log(HttpExchange *exchange, gpointer user_data)
{
    JsonWriter json;

    if (!request_may_set(exchange))
        return;
    json_init(&json, 16 * 1024);
    json_open(&json, NULL, '{');
    json_log(&json);
    json_close(&json, '}');
    reply_json(exchange, 200, &json);
}

const HttpRoute settings_routes[] = {
    { "GET", "/api/v1/settings", HTTP_STATE, get_settings, 0 },
    { "PATCH", "/api/v1/settings", HTTP_STATE, patch_settings, BODY_MAX },
    { "GET", "/api/v1/log", HTTP_READ, get_log, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
