/* http-router.h -- which handler answers which method and path
 *
 * A room states its routes as a table. A pattern is a path whose parts in braces match one segment,
 * e.g. "/media/{id}/{name}"; a last part "{rest...}" matches all that is left. Pure: knows no
 * socket. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct HttpExchange HttpExchange;
typedef void (*HttpHandler)(HttpExchange *exchange, gpointer user_data);

typedef enum {
    HTTP_READ,  /* the handler runs on the http thread that asked and replies before it returns */
    HTTP_STATE, /* the handler runs on the main loop and may reply later */
    /* The handler runs on the http thread when the head is here. It replies, or names who takes the
     * body while it comes: http_exchange_receive(). A request that says nothing of the length of
     * its body gets 411. */
    HTTP_UPLOAD,
} HttpRouteKind;

typedef struct {
    const char *method; /* "GET" answers HEAD too; "M-POST" and its like are methods as others */
    const char *pattern;
    HttpRouteKind kind;
    HttpHandler handle;
    size_t body_max; /* octets; 0: a request with a body gets 413. An UPLOAD has no use for it */
} HttpRoute;

typedef struct HttpRouter HttpRouter;

HttpRouter *http_router_new(void);
void        http_router_free(HttpRouter *router);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRouter, http_router_free)

/* routes are borrowed and end with a method of NULL; user_data goes to their handlers. */
void        http_router_add(HttpRouter *router, const HttpRoute *routes, gpointer user_data);

typedef struct {
    const HttpRoute *route; /* NULL: none */
    gpointer user_data;
    char *allow;            /* when only the method does not fit: the ones that do, for Allow */
    GHashTable *parameters; /* name -> text, percent-decoded; NULL when there are none */
} HttpMatch;

/* path is percent-encoded, without the query. A segment that does not decode matches nothing. */
void        http_router_match(const HttpRouter *router, const char *method, const char *path,
                              HttpMatch *match);
void        http_match_clear(HttpMatch *match);

/* Every route there is, for whoever describes them: NULL at the end. */
const HttpRoute *http_router_route(const HttpRouter *router, guint index);
