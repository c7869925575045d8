/* test-http-router.c -- which route a request meets, and with which parameters */
#include "net/http-router.h"

static void
unused(HttpExchange *exchange, gpointer user_data)
{
    g_assert_not_reached();
}

enum { ROOT, ITEM, MEDIA, FILES, PIPE, PIPE_GET, HOME, EXACT };

static const HttpRoute routes[] = {
    [ROOT] = { "GET", "/", HTTP_READ, unused, 0 },
    [ITEM] = { "GET", "/items/{id}", HTTP_READ, unused, 0 },
    [MEDIA] = { "GET", "/media/{id}/{name}", HTTP_READ, unused, 0 },
    [FILES] = { "GET", "/files/{path...}", HTTP_READ, unused, 0 },
    [PIPE] = { "M-POST", "/IGRS", HTTP_STATE, unused, 100 },
    [PIPE_GET] = { "GET", "/IGRS", HTTP_READ, unused, 0 },
    [HOME] = { "POST", "/items/{id}", HTTP_STATE, unused, 100 },
    [EXACT] = { "GET", "/items/{id}/", HTTP_READ, unused, 0 },
    { 0 },
};

static void
test_match(void)
{
    static const struct {
        const char *method, *path;
        int route;                /* -1: none */
        const char *allow;
        const char *name, *value; /* of one parameter */
    } cases[] = {
        { "GET", "/", ROOT, NULL, NULL, NULL },
        { "HEAD", "/", ROOT, NULL, NULL, NULL },
        { "GET", "/items/7", ITEM, NULL, "id", "7" },
        { "POST", "/items/7", HOME, NULL, "id", "7" },
        { "GET", "/items/7/", EXACT, NULL, "id", "7" },
        { "GET", "/items/", -1, NULL, NULL, NULL },
        { "GET", "/items", -1, NULL, NULL, NULL },
        { "GET", "/items/7/8", -1, NULL, NULL, NULL },
        { "PUT", "/items/7", -1, "GET, HEAD, POST", NULL, NULL },
        { "get", "/", -1, "GET, HEAD", NULL, NULL },
        { "GET", "/media/a/%E5%A4%9A%20b.mp4", MEDIA, NULL, "name", "多 b.mp4" },
        { "GET", "/media/a/x%2Fy", MEDIA, NULL, "name", "x/y" },
        { "GET", "/media/a/%00", -1, NULL, NULL, NULL },
        { "GET", "/media/a/%ff", -1, NULL, NULL, NULL },
        { "GET", "/media/a/%4", -1, NULL, NULL, NULL },
        { "GET", "/m%65dia/a/b", MEDIA, NULL, "id", "a" },
        { "GET", "/files/", FILES, NULL, "path", "" },
        { "GET", "/files", -1, NULL, NULL, NULL },
        { "GET", "/files/a/b%20c/", FILES, NULL, "path", "a/b c/" },
        { "GET", "/files/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18", FILES, NULL, "path",
          "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18" },
        { "M-POST", "/IGRS", PIPE, NULL, NULL, NULL },
        { "POST", "/IGRS", -1, "M-POST, GET, HEAD", NULL, NULL },
        { "GET", "/igrs", -1, NULL, NULL, NULL },
        { "GET", "//", -1, NULL, NULL, NULL },
        { "OPTIONS", "*", -1, NULL, NULL, NULL },
        { "GET", "", -1, NULL, NULL, NULL },
    };
    g_autoptr(HttpRouter) router = http_router_new();
    int owner;

    http_router_add(router, routes, &owner);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        HttpMatch match;
        g_test_message("%s %s", cases[i].method, cases[i].path);
        http_router_match(router, cases[i].method, cases[i].path, &match);
        g_assert_true(match.route == (cases[i].route < 0 ? NULL : &routes[cases[i].route]));
        g_assert_true(match.user_data == (cases[i].route < 0 ? NULL : &owner));
        g_assert_cmpstr(match.allow, ==, cases[i].allow);
        if (cases[i].name != NULL)
            g_assert_cmpstr(g_hash_table_lookup(match.parameters, cases[i].name), ==,
                            cases[i].value);
        else
            g_assert_null(match.parameters);
        http_match_clear(&match);
    }
}

static void
test_walk(void)
{
    g_autoptr(HttpRouter) router = http_router_new();
    guint count = 0;

    http_router_add(router, routes, NULL);
    http_router_add(router, routes, NULL);
    while (http_router_route(router, count) != NULL)
        count++;
    g_assert_cmpuint(count, ==, 2 * (G_N_ELEMENTS(routes) - 1));
    g_assert_true(http_router_route(router, ITEM) == &routes[ITEM]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/http-router/match", test_match);
    g_test_add_func("/net/http-router/walk", test_walk);
    return g_test_run();
}
