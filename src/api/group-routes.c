/* group-routes.c -- groups of devices: seen, made, joined, left (igrs/device-groups.h) */
#include "api/room.h"
#include "base/error.h"

#include <string.h>

#define BODY_MAX 4096

static void
json_member(JsonWriter *json, const Api *api, const char *id)
{
    bool is_self = strcmp(id, igrs_node_id(api->node)) == 0;
    const Device *device = is_self ? NULL : igrs_node_find_device(api->node, id);

    json_open(json, NULL, '{');
    json_text(json, "id", id);
    json_text(json, "name", is_self ? igrs_node_name(api->node)
                                    : device != NULL ? device->name : NULL);
    json_bool(json, "online", is_self || device != NULL);
    json_close(json, '}');
}

void
json_group(JsonWriter *json, const char *name, const Api *api, const IgrsGroup *group,
           bool is_removed)
{
    json_open(json, name, '{');
    json_text(json, "id", group->id);
    json_text(json, "name", group->name);
    json_text(json, "use", group->use);
    json_text(json, "kind", group->is_centralised ? "centralised" : "peer");
    json_bool(json, "ours", group->is_ours);
    json_text(json, "master", group->master_id);
    json_open(json, "members", '[');
    for (guint i = 0; i < group->members->len; i++)
        json_member(json, api, g_ptr_array_index(group->members, i));
    json_close(json, ']');
    if (is_removed)
        json_bool(json, "removed", true);
    json_close(json, '}');
}

static void
reply_group(HttpExchange *exchange, const Api *api, unsigned status, const IgrsGroup *group)
{
    JsonWriter json;

    json_init(&json, 1024);
    json_group(&json, NULL, api, group, false);
    reply_json(exchange, status, &json);
}

static void
get_groups(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    JsonWriter json;

    if (request_node(exchange, api) == NULL)
        return;
    g_autoptr(GPtrArray) groups = igrs_node_groups(api->node);
    json_init(&json, 4096);
    json_open(&json, NULL, '[');
    for (guint i = 0; i < groups->len; i++)
        json_group(&json, NULL, api, g_ptr_array_index(groups, i), false);
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

static void
get_group(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *id = http_exchange_parameter(exchange, "id");

    if (request_node(exchange, api) == NULL)
        return;
    const IgrsGroup *group = igrs_node_find_group(api->node, id);
    if (group != NULL)
        reply_group(exchange, api, 200, group);
    else
        http_exchange_reply_problem(exchange, 404, "id", "there is no group %s", id);
}

/* False: replied already. */
static bool
read_kind(HttpExchange *exchange, const json_t *body, bool *is_centralised)
{
    const char *kind = "centralised";

    if (!request_member_text(exchange, body, "kind", &kind))
        return false;
    *is_centralised = strcmp(kind, "centralised") == 0;
    if (*is_centralised || strcmp(kind, "peer") == 0)
        return true;
    http_exchange_reply_problem(exchange, 400, "kind", "kind is centralised or peer");
    return false;
}

static void
create_group(HttpExchange *exchange, const Api *api, const json_t *body)
{
    const char *name = NULL, *use = IGRS_USE_PLAIN;
    bool is_centralised;
    g_autoptr(GError) error = NULL;

    if (!request_member_text(exchange, body, "name", &name) ||
        !request_member_text(exchange, body, "use", &use) ||
        !read_kind(exchange, body, &is_centralised))
        return;
    if (name == NULL) {
        http_exchange_reply_problem(exchange, 400, "name", "name is needed: a word for people");
        return;
    }
    const IgrsGroup *group = igrs_node_create_group(api->node, name, use, is_centralised, &error);
    if (group == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    g_autofree char *location = g_strconcat("/api/v1/groups/", group->id, NULL);
    http_exchange_add_head(exchange, "Location", location);
    reply_group(exchange, api, 201, group);
}

static void
post_group(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "name", "use", "kind", NULL };
    const Api *api = user_data;
    json_t *body = request_object(exchange, members);

    if (body != NULL && request_node(exchange, api) != NULL)
        create_group(exchange, api, body);
    json_decref(body);
}

typedef struct {
    const Api *api; /* borrowed: the node answers before it goes */
    HttpExchange *exchange;
} Entry;

static void
on_joined(const IgrsGroup *group, const GError *error, gpointer user_data)
{
    g_autofree Entry *entry = user_data;

    if (error != NULL)
        http_exchange_reply_error(entry->exchange, error);
    else
        reply_group(entry->exchange, entry->api, 200, group);
}

static void
post_join(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { NULL };
    const Api *api = user_data;
    json_t *body = request_object(exchange, members);

    if (body != NULL && request_node(exchange, api) != NULL) {
        Entry *entry = g_new(Entry, 1);
        *entry = (Entry){ api, exchange };
        igrs_node_join_group(api->node, http_exchange_parameter(exchange, "id"), on_joined, entry);
    }
    json_decref(body);
}

static void
delete_group(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);

    if (!request_may_change(exchange) || request_node(exchange, api) == NULL)
        return;
    if (igrs_node_leave_group(api->node, http_exchange_parameter(exchange, "id"), &error))
        http_exchange_reply(exchange, 204, NULL, nothing);
    else
        http_exchange_reply_error(exchange, error);
}

const HttpRoute group_routes[] = {
    { "GET", "/api/v1/groups", HTTP_STATE, get_groups, 0 },
    { "POST", "/api/v1/groups", HTTP_STATE, post_group, BODY_MAX },
    { "GET", "/api/v1/groups/{id}", HTTP_STATE, get_group, 0 },
    { "DELETE", "/api/v1/groups/{id}", HTTP_STATE, delete_group, 0 },
    { "POST", "/api/v1/groups/{id}/join", HTTP_STATE, post_join, BODY_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
