/* http-router.c -- see http-router.h
 *
 * Patterns are cut into segments once; a match walks the path beside them without allocating until
 * it fits. Of two routes that fit, the one added first answers. */
#include "net/http-router.h"

#include "base/text.h"

#include <string.h>

#define SEGMENTS_MAX 16 /* a pattern has fewer */

typedef struct {
    const HttpRoute *route; /* borrowed */
    gpointer user_data;     /* borrowed */
    /* "{name}", "{rest...}" or a literal; the first is "", before the '/' */
    char **segments;
} Entry;

struct HttpRouter {
    GArray *entries; /* Entry */
};

/* What lies between two slashes of the request's path. */
typedef struct {
    const char *start; /* borrowed from the path */
    size_t length;
} Segment;

static void
entry_clear(gpointer data)
{
    g_strfreev(((Entry *)data)->segments);
}

HttpRouter *
http_router_new(void)
{
    HttpRouter *router = g_new0(HttpRouter, 1);

    router->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(router->entries, entry_clear);
    return router;
}

void
http_router_free(HttpRouter *router)
{
    if (router == NULL)
        return;
    g_array_unref(router->entries);
    g_free(router);
}

void
http_router_add(HttpRouter *router, const HttpRoute *routes, gpointer user_data)
{
    for (const HttpRoute *route = routes; route->method != NULL; route++) {
        g_assert(route->pattern[0] == '/');
        Entry entry = { route, user_data, g_strsplit(route->pattern, "/", -1) };
        g_assert(g_strv_length(entry.segments) < SEGMENTS_MAX);
        g_array_append_val(router->entries, entry);
    }
}

const HttpRoute *
http_router_route(const HttpRouter *router, guint index)
{
    return index < router->entries->len ? g_array_index(router->entries, Entry, index).route : NULL;
}

/* The path's segments; what is beyond SEGMENTS_MAX stays in the last one, which only a
 * {rest...} reaches. */
static guint
path_split(const char *path, Segment *segments)
{
    guint count = 0;
    const char *start = path;

    for (;;) {
        const char *end = count == SEGMENTS_MAX - 1 ? start + strlen(start)
                                                   : start + strcspn(start, "/");
        segments[count++] = (Segment){ start, (size_t)(end - start) };
        if (*end == '\0')
            return count;
        start = end + 1;
    }
}

static bool
is_rest(const char *pattern)
{
    return pattern[0] == '{' && g_str_has_suffix(pattern, "...}");
}

/* NULL: does not decode. */
static char *
segment_decode(const char *start, size_t length)
{
    g_autofree char *copy = g_strndup(start, length);

    return text_percent_decode(copy);
}

static bool
literal_fits(const char *literal, const Segment *segment)
{
    if (memchr(segment->start, '%', segment->length) == NULL)
        return strncmp(literal, segment->start, segment->length) == 0 &&
               literal[segment->length] == '\0';
    g_autofree char *text = segment_decode(segment->start, segment->length);
    return g_strcmp0(text, literal) == 0;
}

static bool
shape_fits(const Entry *entry, const Segment *segments, guint count)
{
    guint i = 0;

    for (; entry->segments[i] != NULL; i++) {
        const char *pattern = entry->segments[i];
        if (i >= count)
            return false;
        if (is_rest(pattern))
            return true;
        if (pattern[0] == '{' ? segments[i].length == 0 : !literal_fits(pattern, &segments[i]))
            return false;
    }
    return i == count;
}

/* False when a parameter does not decode. NULL in parameters when the pattern has none. */
static bool
take_parameters(const Entry *entry, const Segment *segments, GHashTable **parameters)
{
    g_autoptr(GHashTable) table = NULL;

    for (guint i = 0; entry->segments[i] != NULL; i++) {
        const char *pattern = entry->segments[i];
        if (pattern[0] != '{')
            continue;
        bool rest = is_rest(pattern);
        char *text = segment_decode(segments[i].start,
                                    rest ? strlen(segments[i].start) : segments[i].length);
        if (text == NULL)
            return false;
        if (table == NULL)
            table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        size_t length = strlen(pattern) - (rest ? strlen("{...}") : strlen("{}"));
        g_hash_table_insert(table, g_strndup(pattern + 1, length), text);
    }
    *parameters = g_steal_pointer(&table);
    return true;
}

static bool
method_fits(const char *routed, const char *asked)
{
    return strcmp(routed, asked) == 0 || (strcmp(routed, "GET") == 0 && strcmp(asked, "HEAD") == 0);
}

static void
allow_add(GString *allow, const char *method)
{
    g_auto(GStrv) known = g_strsplit(allow->str, ", ", -1);

    if (g_strv_contains((const char *const *)known, method))
        return;
    g_string_append_printf(allow, "%s%s", allow->len > 0 ? ", " : "", method);
    if (strcmp(method, "GET") == 0)
        allow_add(allow, "HEAD");
}

void
http_router_match(const HttpRouter *router, const char *method, const char *path, HttpMatch *match)
{
    Segment segments[SEGMENTS_MAX];
    g_autoptr(GString) allow = NULL;

    *match = (HttpMatch){ 0 };
    if (path[0] != '/')
        return;
    guint count = path_split(path, segments);
    for (guint i = 0; i < router->entries->len; i++) {
        const Entry *entry = &g_array_index(router->entries, Entry, i);
        g_autoptr(GHashTable) parameters = NULL;
        if (!shape_fits(entry, segments, count) || !take_parameters(entry, segments, &parameters))
            continue;
        if (method_fits(entry->route->method, method)) {
            *match = (HttpMatch){ .route = entry->route, .user_data = entry->user_data,
                                  .parameters = g_steal_pointer(&parameters) };
            return;
        }
        if (allow == NULL)
            allow = g_string_new(NULL);
        allow_add(allow, entry->route->method);
    }
    if (allow != NULL)
        match->allow = g_string_free(g_steal_pointer(&allow), FALSE);
}

void
http_match_clear(HttpMatch *match)
{
    g_free(match->allow);
    g_clear_pointer(&match->parameters, g_hash_table_unref);
    *match = (HttpMatch){ 0 };
}
