/* people-routes.c -- who asks, entering by a code, and what the owner says of people
 * (appliance/people/people.h)
 *
 * A session is a cookie that no script reads and no other site sends along. */
#include "api/room.h"
#include "appliance/people/qr.h"

#define BODY_MAX (16 * 1024)
#define YEAR_S (365 * 24 * 3600)

/* NULL: replied already. */
static People *
request_people(HttpExchange *exchange, const Api *api)
{
    if (api->parts.people == NULL)
        http_exchange_reply_problem(exchange, 503, NULL, "there are no people here");
    return api->parts.people;
}

void
json_visitor(JsonWriter *json, const char *name, const Api *api, const Visitor *visitor)
{
    const Person *person = visitor->person[0] != '\0'
                               ? people_find(api->parts.people, visitor->person) : NULL;

    json_open(json, name, '{');
    json_text(json, "role", role_name(visitor->role));
    json_bool(json, "has_owner", !visitor->is_unowned);
    if (person != NULL) {
        json_text(json, "id", person->id);
        json_text(json, "name", person->name);
    }
    json_text(json, "session", visitor->session[0] != '\0' ? visitor->session : NULL);
    json_close(json, '}');
}

/* -- Sessions ---------------------------------------------------------------------------------- */

static void
add_cookie(HttpExchange *exchange, const char *token, int64_t life_s)
{
    bool is_secure = http_exchange_is_secure(exchange);
    g_autofree char *cookie = g_strdup_printf(
        "%s=%s; Path=/; Max-Age=%" G_GINT64_FORMAT "; HttpOnly; SameSite=Strict%s",
        is_secure ? SESSION_COOKIE_TLS : SESSION_COOKIE, token, (gint64)life_s,
        is_secure ? "; Secure" : "");

    http_exchange_add_head(exchange, "Set-Cookie", cookie);
    http_exchange_add_head(exchange, "Cache-Control", "no-store");
}

static void
enter(HttpExchange *exchange, const Api *api, const json_t *body)
{
    const char *code = NULL, *name = NULL, *device = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *token = NULL;
    g_autofree char *address = g_inet_address_to_string(
        g_inet_socket_address_get_address(http_exchange_peer(exchange)));
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    if (!request_member_text(exchange, body, "code", &code) ||
        !request_member_text(exchange, body, "name", &name) ||
        !request_member_text(exchange, body, "device", &device))
        return;
    if (code == NULL) {
        http_exchange_reply_problem(exchange, 400, "code", "code is needed");
        return;
    }
    if (people_enter(api->parts.people, code, name, device, address, &token, &error) == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    visitor_init(&visitor, api->parts.people, token, NULL, NULL);
    json_init(&json, 256);
    json_visitor(&json, NULL, api, &visitor);
    add_cookie(exchange, token, YEAR_S);
    reply_json(exchange, 201, &json);
}

static void
post_session(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "code", "name", "device", NULL };
    const Api *api = user_data;
    json_t *body = request_body(exchange, members);

    if (body != NULL && request_people(exchange, api) != NULL)
        enter(exchange, api, body);
    json_decref(body);
}

/* One's own, or by the owner. */
static void
delete_session(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *id = http_exchange_parameter(exchange, "id");
    g_auto(Visitor) visitor = { 0 };
    g_autoptr(GError) error = NULL;

    request_visitor(exchange, api, &visitor);
    bool is_own = g_str_equal(visitor.session, id) && *id != '\0';
    if (request_people(exchange, api) == NULL ||
        !(is_own ? request_is_own(exchange) : request_is_owner(exchange)))
        return;
    if (!people_end_session(api->parts.people, id, &error)) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    if (is_own)
        add_cookie(exchange, "", 0);
    http_exchange_reply(exchange, 204, NULL, NULL);
}

/* -- People ------------------------------------------------------------------------------------ */

static void
json_sessions(JsonWriter *json, const People *people, const char *person, const char *own)
{
    json_open(json, "sessions", '[');
    for (guint i = 0; i < people_session_count(people); i++) {
        const PersonSession *session = people_session(people, i);
        if (!g_str_equal(session->person, person))
            continue;
        json_open(json, NULL, '{');
        json_text(json, "id", session->id);
        json_text(json, "name", session->name);
        json_number(json, "made_ms", session->made_s * 1000);
        json_number(json, "seen_ms", session->seen_s * 1000);
        json_bool(json, "is_this", g_str_equal(session->id, own));
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void
json_texts(JsonWriter *json, const char *name, const char *const *texts)
{
    if (texts == NULL)
        return;
    json_open(json, name, '[');
    for (; *texts != NULL; texts++)
        json_text(json, NULL, *texts);
    json_close(json, ']');
}

static void
json_person(JsonWriter *json, const People *people, const Person *person, const char *own)
{
    json_open(json, NULL, '{');
    json_text(json, "id", person->id);
    json_text(json, "name", person->name);
    json_text(json, "role", role_name(person->role));
    if (person->until_s != 0)
        json_number(json, "until_ms", person->until_s * 1000);
    json_texts(json, "folders", person->folders);
    json_texts(json, "devices", person->devices);
    json_texts(json, "audio", person->audio);
    json_texts(json, "subtitles", person->subtitles);
    json_sessions(json, people, person->id, own);
    json_close(json, '}');
}

static void
get_people(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const People *people = request_people(exchange, api);
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    if (people == NULL || !request_is_owner(exchange))
        return;
    request_visitor(exchange, api, &visitor);
    json_init(&json, 2048);
    json_open(&json, NULL, '[');
    for (guint i = 0; i < people_count(people); i++)
        json_person(&json, people, people_get(people, i), visitor.session);
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

/* A list of texts, its own array borrowing them; NULL and true: it is not there. */
static bool
read_texts(HttpExchange *exchange, const json_t *body, const char *name, GPtrArray **list)
{
    const json_t *array = json_object_get(body, name);
    size_t i;
    json_t *text;

    *list = NULL;
    if (array == NULL || json_is_null(array))
        return true;
    *list = g_ptr_array_new();
    bool is_good = json_is_array(array);
    json_array_foreach(array, i, text) {
        is_good = is_good && json_is_string(text);
        g_ptr_array_add(*list, (gpointer)json_string_value(text));
    }
    g_ptr_array_add(*list, NULL);
    if (!is_good)
        http_exchange_reply_problem(exchange, 400, name, "%s must be a list of texts", name);
    return is_good;
}

/* What is not said stays as it was; null is none. */
static void
take_list(const json_t *body, const char *name, const GPtrArray *list, const char *const **texts)
{
    if (json_object_get(body, name) != NULL)
        *texts = list != NULL ? (const char *const *)list->pdata : NULL;
}

static void
put(HttpExchange *exchange, const Api *api, const json_t *body, const char *id)
{
    const Person *former = id != NULL ? people_find(api->parts.people, id) : NULL;
    Person person = former != NULL ? *former : (Person){ .role = ROLE_FAMILY };
    g_autoptr(GPtrArray) folders = NULL, devices = NULL, audio = NULL, subtitles = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(Visitor) visitor = { 0 };
    const char *role = NULL;
    int64_t until_ms = person.until_s * 1000;
    JsonWriter json;

    person.id = id;
    if (!request_member_text(exchange, body, "name", &person.name) ||
        !request_member_text(exchange, body, "role", &role) ||
        !request_member_number(exchange, body, "until_ms", G_MAXINT64 / 1000000, &until_ms) ||
        !read_texts(exchange, body, "folders", &folders) ||
        !read_texts(exchange, body, "devices", &devices) ||
        !read_texts(exchange, body, "audio", &audio) ||
        !read_texts(exchange, body, "subtitles", &subtitles))
        return;
    if (role != NULL && !role_from_name(role, &person.role)) {
        http_exchange_reply_problem(exchange, 400, "role", "role must be owner, family or guest");
        return;
    }
    person.until_s = until_ms / 1000;
    take_list(body, "folders", folders, &person.folders);
    take_list(body, "audio", audio, &person.audio);
    take_list(body, "subtitles", subtitles, &person.subtitles);
    if (devices != NULL)
        person.devices = (const char *const *)devices->pdata;
    const Person *told = people_put(api->parts.people, &person, &error);
    if (told == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    request_visitor(exchange, api, &visitor);
    json_init(&json, 512);
    json_person(&json, api->parts.people, told, visitor.session);
    reply_json(exchange, id == NULL ? 201 : 200, &json);
}

static void
put_person(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "name", "role", "until_ms", "folders", "devices",
                                           "audio", "subtitles", NULL };
    const Api *api = user_data;
    json_t *body = request_is_owner(exchange) ? request_body(exchange, members) : NULL;

    if (body != NULL && request_people(exchange, api) != NULL)
        put(exchange, api, body, http_exchange_parameter(exchange, "id"));
    json_decref(body);
}

static void
delete_person(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;

    if (!request_is_owner(exchange) || request_people(exchange, api) == NULL)
        return;
    if (people_remove(api->parts.people, http_exchange_parameter(exchange, "id"), &error))
        http_exchange_reply(exchange, 204, NULL, NULL);
    else
        http_exchange_reply_error(exchange, error);
}

/* A code for a phone of theirs, in letters and as the page that enters with it. */
static void
post_code(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *host = http_exchange_head(exchange, "Host");
    g_autoptr(GError) error = NULL;
    JsonWriter json;

    if (!request_is_owner(exchange) || request_people(exchange, api) == NULL)
        return;
    g_autofree char *code =
        people_code(api->parts.people, http_exchange_parameter(exchange, "id"), &error);
    if (code == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    g_autofree char *address =
        g_strdup_printf("%s://%s/#/people?code=%s",
                        http_exchange_is_secure(exchange) ? "https" : "http", host, code);
    g_auto(GStrv) rows = qr_rows(address);
    json_init(&json, 4096);
    json_open(&json, NULL, '{');
    json_text(&json, "code", code);
    json_text(&json, "address", address);
    json_number(&json, "life_ms", PEOPLE_CODE_LIFE_S * 1000);
    json_texts(&json, "qr", (const char *const *)rows);
    json_close(&json, '}');
    http_exchange_add_head(exchange, "Cache-Control", "no-store");
    http_exchange_reply_text(exchange, 201, "application/json", json_take(&json));
}

const HttpRoute people_routes[] = {
    { "GET", "/api/v1/people", HTTP_STATE, get_people, 0 },
    { "POST", "/api/v1/people", HTTP_STATE, put_person, BODY_MAX },
    { "PUT", "/api/v1/people/{id}", HTTP_STATE, put_person, BODY_MAX },
    { "DELETE", "/api/v1/people/{id}", HTTP_STATE, delete_person, 0 },
    { "POST", "/api/v1/people/{id}/code", HTTP_STATE, post_code, BODY_MAX },
    { "POST", "/api/v1/sessions", HTTP_STATE, post_session, BODY_MAX },
    { "DELETE", "/api/v1/sessions/{id}", HTTP_STATE, delete_session, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
