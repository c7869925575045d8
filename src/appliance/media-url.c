/* media-url.c -- see media-url.h */
#include "appliance/media-url.h"

#include "base/text.h"

#include <string.h>

static const char prefix[] = "/media/";

char *
media_url_item(const char *url, const NetInterfaces *interfaces, uint16_t port)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    g_autoptr(GInetAddress) address =
        host != NULL ? g_inet_address_new_from_string(host) : NULL;

    if (address == NULL || g_uri_get_port(uri) != port ||
        !net_interfaces_has(interfaces, address) || !g_str_has_prefix(g_uri_get_path(uri), prefix))
        return NULL;
    const char *id = g_uri_get_path(uri) + strlen(prefix), *end = strchr(id, '/');
    if (end == NULL || end == id)
        return NULL;
    g_autofree char *encoded = g_strndup(id, (gsize)(end - id));
    return text_percent_decode(encoded);
}
