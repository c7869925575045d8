/* icons.c -- see icons.h */
#include "upnp/icons.h"

#include "net/http-server.h"

#include <gio/gio.h>

/* From the generated icons-resource.c. */
GResource *upnp_icons_get_resource(void);

#define ICON(name) "/upnp/icons/" name

const UpnpIcon upnp_icons[] = {
    { "image/png", 120, 120, 24, ICON("icon-120.png") },
    { "image/png", 48, 48, 24, ICON("icon-48.png") },
    { "image/jpeg", 120, 120, 24, ICON("icon-120.jpg") },
    { "image/jpeg", 48, 48, 24, ICON("icon-48.jpg") },
    { NULL, 0, 0, 0, NULL },
};

static void
get_icon(HttpExchange *exchange, gpointer user_data)
{
    const char *path = http_exchange_path(exchange);

    for (const UpnpIcon *icon = upnp_icons; icon->mime != NULL; icon++) {
        if (!g_str_equal(icon->url, path))
            continue;
        g_autofree char *within = g_strconcat("/duoping", path, NULL);
        g_autoptr(GBytes) bytes = g_resource_lookup_data(upnp_icons_get_resource(), within,
                                                         G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        http_exchange_add_head(exchange, "Cache-Control", "max-age=86400");
        http_exchange_reply(exchange, 200, icon->mime, bytes);
        return;
    }
    http_exchange_reply_problem(exchange, 404, NULL, "there is no such icon");
}

const HttpRoute upnp_icon_routes[] = {
    { "GET", "/upnp/icons/{name}", HTTP_READ, get_icon, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
