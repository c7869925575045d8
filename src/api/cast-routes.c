/* cast-routes.c -- what is being cast, casting something, and where it could be cast */
#include "api/room.h"

#define BODY_MAX (16 * 1024)

static void
get_casts(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const GPtrArray *list = casts_list(api->parts.casts);
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    request_visitor(exchange, api, &visitor);
    json_init(&json, 4096);
    json_open(&json, NULL, '[');
    for (guint i = 0; i < list->len; i++) {
        const Cast *cast = list->pdata[i];
        if (may_tell(api, visitor.audience, cast->media))
            json_cast(&json, NULL, cast);
    }
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

static void
reply_cast(HttpExchange *exchange, unsigned status, const Cast *cast)
{
    JsonWriter json;

    json_init(&json, 1024);
    json_cast(&json, NULL, cast);
    reply_json(exchange, status, &json);
}

static void
get_cast(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *id = http_exchange_parameter(exchange, "id");
    const Cast *cast = casts_find(api->parts.casts, id);
    g_auto(Visitor) visitor = { 0 };

    request_visitor(exchange, api, &visitor);
    if (cast != NULL && may_tell(api, visitor.audience, cast->media))
        reply_cast(exchange, 200, cast);
    else
        http_exchange_reply_problem(exchange, 404, "id", "there is no cast %s, or it is long over",
                                    id);
}

static void
on_started(const Cast *cast, const GError *error, gpointer user_data)
{
    HttpExchange *exchange = user_data;

    if (error != NULL) {
        reply_screen_error(exchange, error);
        return;
    }
    g_autofree char *location = g_strconcat("/api/v1/casts/", cast->id, NULL);
    http_exchange_add_head(exchange, "Location", location);
    reply_cast(exchange, 201, cast);
}

static bool
read_wish(HttpExchange *exchange, const json_t *body, CastWish *wish)
{
    bool is_queued = false;

    if (!request_member_text(exchange, body, "screen", &wish->screen) ||
        !request_member_text(exchange, body, "item", &wish->item_id) ||
        !request_member_text(exchange, body, "server", &wish->server) ||
        !request_member_text(exchange, body, "path", &wish->path) ||
        !request_member_text(exchange, body, "url", &wish->url) ||
        !request_member_text(exchange, body, "upload", &wish->upload) ||
        !request_member_text(exchange, body, "feed", &wish->feed) ||
        !request_member_text(exchange, body, "title", &wish->title) ||
        !request_member_text(exchange, body, "profile", &wish->profile) ||
        !request_member_text(exchange, body, "audio", &wish->sound) ||
        !request_member_text(exchange, body, "subtitle", &wish->subtitle) ||
        !request_member_number(exchange, body, "position_ms", G_MAXINT32, &wish->position_ms) ||
        !request_member_flag(exchange, body, "resume", &wish->resumes) ||
        !request_member_text(exchange, body, "person", &wish->person) ||
        !request_member_flag(exchange, body, "live", &wish->is_live) ||
        !request_member_flag(exchange, body, "queue", &is_queued))
        return false;
    wish->when = is_queued ? CAST_LATER : CAST_NOW;
    if (wish->screen == NULL) {
        http_exchange_reply_problem(exchange, 400, "screen",
                                    "screen is needed: its id, or a part of "
                                    "its name");
        return false;
    }
    if ((wish->item_id != NULL) + (wish->path != NULL) + (wish->url != NULL) +
            (wish->upload != NULL) + (wish->feed != NULL) != 1) {
        http_exchange_reply_problem(exchange, 400, "item",
                                    "one of item, path, url, upload and feed is needed");
        return false;
    }
    if (wish->feed != NULL && is_queued) {
        http_exchange_reply_problem(exchange, 400, "queue", "what is live waits for nobody");
        return false;
    }
    if (wish->resumes && (wish->url != NULL || wish->upload != NULL || wish->feed != NULL ||
                          wish->server != NULL || is_queued ||
                          json_object_get(body, "position_ms") != NULL)) {
        http_exchange_reply_problem(exchange, 400, "resume",
                                    "only an item of this library can go on where it was left: say "
                                    "resume without position_ms, queue, url and server");
        return false;
    }
    if (wish->is_live && wish->url == NULL) {
        http_exchange_reply_problem(exchange, 400, "live", "only a url can be live");
        return false;
    }
    if (wish->server != NULL && wish->item_id == NULL) {
        http_exchange_reply_problem(exchange, 400, "item", "of a server an item is needed");
        return false;
    }
    return true;
}

static void
post_cast(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "screen",      "item",   "server",   "path",
                                           "url",         "title",  "profile",  "audio",
                                           "position_ms", "resume", "person",   "queue",
                                           "upload",      "feed",   "live",     "subtitle",
                                           NULL };
    const Api *api = user_data;
    CastWish wish = { 0 };
    json_t *body = request_object(exchange, members);

    if (body != NULL && read_wish(exchange, body, &wish) &&
        request_sees_wish(exchange, api, &wish)) {
        g_autofree char *person = request_person(exchange, api, wish.person);
        wish.person = person;
        queues_cast(api->parts.queues, &wish, QUEUES_IF_IDLE, on_started, exchange);
    }
    json_decref(body);
}

/* -- Where an item would play ------------------------------------------------------------------ */

static void
json_place(JsonWriter *json, const Api *api, const char *item_id, const Screen *screen)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *reason = NULL;
    const char *how = casts_judge(api->parts.casts, item_id, screen, &reason, &error);

    json_open(json, NULL, '{');
    json_text(json, "screen", screen->id);
    json_text(json, "how", how);
    json_text(json, "reason", how != NULL ? reason : error->message);
    json_close(json, '}');
}

static void
get_places(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const GPtrArray *list = screens_list(api->parts.screens);
    const char *id = http_exchange_parameter(exchange, "id");
    g_autoptr(GError) error = NULL;
    g_autoptr(MediaObject) item = request_find(exchange, api, id, &error);
    JsonWriter json;

    if (item == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    json_init(&json, 1024);
    json_open(&json, NULL, '[');
    for (guint i = 0; i < list->len; i++)
        json_place(&json, api, id, list->pdata[i]);
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

const HttpRoute cast_routes[] = {
    { "GET", "/api/v1/casts", HTTP_STATE, get_casts, 0 },
    { "POST", "/api/v1/casts", HTTP_STATE, post_cast, BODY_MAX },
    { "GET", "/api/v1/casts/{id}", HTTP_STATE, get_cast, 0 },
    { "GET", "/api/v1/library/items/{id}/screens", HTTP_STATE, get_places, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
