/* screen-test-routes.c -- what is known of a screen, and whether it works */
#include "api/room.h"
#include "base/error.h"

#include <string.h>

#define BODY_MAX 4096

/* "http-get:*:video/mp4:*,..." as the formats in it, each once. */
static void
json_takes(JsonWriter *json, const char *protocols)
{
    g_auto(GStrv) parts = g_strsplit(protocols, ",", 1000);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    json_open(json, "takes", '[');
    for (guint i = 0; parts[i] != NULL; i++) {
        char *format = strstr(parts[i], ":*:");
        format = format != NULL ? format + 3 : NULL;
        if (format == NULL)
            continue;
        format[strcspn(format, ":")] = '\0';
        if (g_hash_table_add(seen, format))
            json_text(json, NULL, format);
    }
    json_close(json, ']');
}

void
json_close_look(JsonWriter *json, const char *name, const Api *api, const Screen *screen,
                const Audience *audience)
{
    const Dialect *dialect = dialects_find(
        api->parts.dialects, &(DialectSpeaker){ .words[DIALECT_MODEL] = screen->model });
    ScreenLesson lesson;

    json_open(json, name, '{');
    json_text(json, "id", screen->id);
    json_text(json, "name", screen->name);
    json_text(json, "kind", screen->kind);
    json_text(json, "address", screen->address);
    json_text(json, "model", screen->model);
    json_text(json, "state", playback_state_name(screen->status.state));
    json_text(json, "problem", problem_of(api, audience, screen));
    json_text(json, "dialect", dialect->name);
    if (screen->sink_protocols != NULL)
        json_takes(json, screen->sink_protocols);
    json_open(json, "learnt", '{');
    for (guint i = 0; screen_lesson(screen, i, &lesson); i++)
        json_text(json, lesson.about, lesson.word);
    json_close(json, '}');
    json_close(json, '}');
}

static void
get_screen_facts(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    const Screen *screen =
        screens_find(api->parts.screens, http_exchange_parameter(exchange, "id"), &error);
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    if (screen == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    request_visitor(exchange, api, &visitor);
    json_init(&json, 2048);
    json_close_look(&json, NULL, api, screen, visitor.audience);
    reply_json(exchange, 200, &json);
}

/* -- Trying it --------------------------------------------------------------------------------- */

/* What can be shown, among the pages. */
static const struct {
    const char *what, *file, *name;
} things[] = {
    { "picture", "test/card.jpg", "Test picture.jpg" },
    { "film", "test/clip.mp4", "Test film.mp4" },
};

static void
on_tested(const ScreenTestReport *report, const GError *error, gpointer user_data)
{
    HttpExchange *exchange = user_data;
    JsonWriter json;

    if (error != NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    json_init(&json, 512);
    json_open(&json, NULL, '{');
    json_bool(&json, "taken", report->was_taken);
    json_bool(&json, "fetched", report->was_fetched);
    json_bool(&json, "shown", report->was_shown);
    if (report->was_taken)
        json_number(&json, "taken_ms", report->taken_ms);
    if (report->was_shown)
        json_number(&json, "shown_ms", report->shown_ms);
    json_text(&json, "how", report->how);
    json_text(&json, "reason", report->reason);
    json_text(&json, "problem", report->problem);
    json_close(&json, '}');
    reply_json(exchange, 200, &json);
}

static void
test_screen(HttpExchange *exchange, const Api *api, const char *what)
{
    guint i = 0;

    while (i < G_N_ELEMENTS(things) && strcmp(things[i].what, what) != 0)
        i++;
    if (i == G_N_ELEMENTS(things)) {
        http_exchange_reply_problem(exchange, 400, "what", "what must be picture or film");
        return;
    }
    g_autofree char *path = g_strconcat(api->parts.site_prefix, things[i].file, NULL);
    g_autoptr(GBytes) octets = api->parts.site != NULL
                                   ? g_resource_lookup_data(api->parts.site, path, 0, NULL) : NULL;
    if (octets != NULL && api->tests != NULL)
        screen_tests_run(api->tests, http_exchange_parameter(exchange, "id"), things[i].name,
                         octets, on_tested, exchange);
    else
        http_exchange_reply_problem(exchange, 503, NULL, "there is nothing to show");
}

static void
post_test(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "what", NULL };
    const char *what = "picture";
    json_t *body = request_object(exchange, members);

    if (body != NULL && request_member_text(exchange, body, "what", &what))
        test_screen(exchange, user_data, what);
    json_decref(body);
}

const HttpRoute screen_test_routes[] = {
    { "GET", "/api/v1/screens/{id}/facts", HTTP_STATE, get_screen_facts, 0 },
    { "POST", "/api/v1/screens/{id}/test", HTTP_STATE, post_test, BODY_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
