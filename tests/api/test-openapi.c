/* test-openapi.c -- openapi.json describes every route, and nothing that is no route */
#include "api/room.h"

#include <string.h>

static const HttpRoute *const tables[] = { library_routes, media_routes,      screen_routes,
                                           cast_routes,    group_routes,      device_routes,
                                           server_routes,  servers_routes,    site_routes,
                                           stream_routes,  web_screen_routes, queue_routes,
                                           upload_routes,  settings_routes,   backup_routes,
                                           screen_test_routes, people_routes,
                                           relay_routes, segment_routes, feed_routes };

static json_t *
load(void)
{
    g_autofree char *path = g_build_filename(g_getenv("TOP_SRCDIR"), "src/api/openapi.json", NULL);
    json_error_t where;
    json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &where);

    if (document == NULL)
        g_error("%s:%d: %s", path, where.line, where.text);
    return document;
}

/* The pages are no API. */
static bool
is_described(const HttpRoute *route)
{
    return strcmp(route->pattern, "/") != 0 && strcmp(route->pattern, "/tv") != 0 &&
           !g_str_has_prefix(route->pattern, "/web/");
}

static json_t *
operation(const json_t *document, const HttpRoute *route)
{
    g_autofree char *method = g_ascii_strdown(route->method, -1);

    return json_object_get(json_object_get(json_object_get(document, "paths"), route->pattern),
                           method);
}

static void
test_every_route_is_described(void)
{
    json_t *document = load();

    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (const HttpRoute *route = tables[i]; route->method != NULL; route++) {
            const json_t *described = operation(document, route);
            if (is_described(route) && described == NULL)
                g_error("%s %s is not described", route->method, route->pattern);
            bool has_body = json_object_get(described, "requestBody") != NULL;
            if (has_body && route->body_max == 0 && route->kind != HTTP_UPLOAD)
                g_error("%s %s takes no body", route->method, route->pattern);
        }
    }
    json_decref(document);
}

static bool
is_route(const char *method, const char *path)
{
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        for (const HttpRoute *route = tables[i]; route->method != NULL; route++)
            if (g_ascii_strcasecmp(route->method, method) == 0 && strcmp(route->pattern, path) == 0)
                return true;
    return false;
}

static void
test_every_description_is_a_route(void)
{
    json_t *document = load(), *methods, *described;
    const char *path, *method;

    json_object_foreach(json_object_get(document, "paths"), path, methods)
        json_object_foreach(methods, method, described)
            if (!is_route(method, path))
                g_error("%s %s is described and is no route", method, path);
    json_decref(document);
}

/* A parameter in braces is described, and one described as of the path is in it. */
static void
test_path_parameters(void)
{
    json_t *document = load(), *methods, *described, *parameter;
    const char *path, *method;
    size_t i;

    json_object_foreach(json_object_get(document, "paths"), path, methods) {
        json_object_foreach(methods, method, described) {
            guint braces = 0, named = 0;
            for (const char *c = path; *c != '\0'; c++)
                braces += *c == '{';
            json_array_foreach(json_object_get(described, "parameters"), i, parameter) {
                g_autofree char *name = g_strdup_printf(
                    "{%s}", json_string_value(json_object_get(parameter, "name")));
                if (strcmp(json_string_value(json_object_get(parameter, "in")), "path") != 0)
                    continue;
                g_assert_nonnull(strstr(path, name));
                named++;
            }
            g_assert_cmpuint(braces, ==, named);
        }
    }
    json_decref(document);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/openapi/every-route-is-described", test_every_route_is_described);
    g_test_add_func("/openapi/every-description-is-a-route", test_every_description_is_a_route);
    g_test_add_func("/openapi/path-parameters", test_path_parameters);
    return g_test_run();
}
