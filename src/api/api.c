/* api.c -- the object that owns what the routes share; see api.h */
#include "api/room.h"

static void
on_library_event(gconstpointer data, gpointer user_data)
{
    const LibraryEvent *event = data;

    if (event->type != LIBRARY_EVENT_SCAN)
        g_atomic_int_inc(&((Api *)user_data)->edition);
}

Api *
api_new(const ApiParts *parts)
{
    Api *api = g_new0(Api, 1);
    g_autofree char *pictures = g_build_filename(parts->cache, "pictures", NULL);

    api->parts = *parts;
    api->started_ms = clock_now_ms(parts->clock);
    api->site_tag = site_tag_new(parts->site, parts->site_prefix);
    api->pictures = picture_cache_new(parts->thumbnailer, pictures);
    api->observer = library_observe(parts->library, on_library_event, api);
    api->pages = http_reply_cache_new(parts->clock);
    api->feed = event_feed_new(api);
    api->tests = screen_tests_new(&(ScreenTestsParts){ .screens = parts->screens,
                                                       .casts = parts->casts,
                                                       .pushes = parts->pushes,
                                                       .fetches = parts->fetches,
                                                       .clock = parts->clock });
    return api;
}

void
api_add_routes(Api *api, HttpRouter *router)
{
    static const HttpRoute *const tables[] = { library_routes, media_routes,  file_routes,
                                               screen_routes,  cast_routes,   group_routes,
                                               device_routes,  server_routes, servers_routes,
                                               site_routes,    stream_routes, web_screen_routes,
                                               queue_routes,   upload_routes, relay_routes,
                                               segment_routes, feed_routes,
                                               settings_routes, backup_routes,
                                               screen_test_routes, people_routes };

    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        http_router_add(router, tables[i], api);
}

void
api_set_https(Api *api, uint16_t port, const char *authority)
{
    api->https_port = port;
    api->https_authority = authority;
}

void
api_serve(Api *api, HttpServer *server, IgrsNode *node)
{
    api->server = server;
    api->node = node;
    if (node != NULL)
        event_feed_watch(api->feed, node);
}

void
api_stop(Api *api)
{
    g_atomic_int_set(&api->is_stopping, 1);
    api->server = NULL;
    api->node = NULL;
    g_clear_pointer(&api->feed, event_feed_free);
    g_clear_pointer(&api->tests, screen_tests_free);
}

void
api_free(Api *api)
{
    if (api == NULL)
        return;
    event_feed_free(api->feed);
    screen_tests_free(api->tests);
    library_unobserve(api->parts.library, api->observer);
    http_reply_cache_free(api->pages);
    picture_cache_free(api->pictures);
    g_free(api->site_tag);
    g_free(api);
}
