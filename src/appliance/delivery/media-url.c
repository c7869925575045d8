/* media-url.c -- see media-url.h */
#include "appliance/delivery/media-url.h"

#include "appliance/delivery/streams.h"
#include "appliance/pushes/pushes.h"
#include "base/text.h"

#include <string.h>

/* What is left of path behind prefix, up to the next '/', in plain letters; NULL: it is no such
 * path, or nothing is left. The caller's. */
static char *
segment_after(const char *path, const char *prefix)
{
    const char *begin = g_str_has_prefix(path, prefix) ? path + strlen(prefix) : "";
    const char *end = strchr(begin, '/');

    if (end == NULL || end == begin)
        return NULL;
    g_autofree char *encoded = g_strndup(begin, (gsize)(end - begin));
    return text_percent_decode(encoded);
}

/* An id without the pass (people_pass()) that may stand behind it; takes id over. */
static char *
without_pass(char *id)
{
    char *mark = strchr(id, '~');

    if (mark != NULL)
        *mark = '\0';
    return id;
}

char *
media_url_item(const char *url, const NetInterfaces *interfaces, uint16_t port)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    g_autoptr(GInetAddress) address =
        host != NULL ? g_inet_address_new_from_string(host) : NULL;

    if (address == NULL || g_uri_get_port(uri) != port ||
        !net_interfaces_has(interfaces, address))
        return NULL;
    char *id = segment_after(g_uri_get_path(uri), "/media/");
    if (id != NULL)
        return without_pass(id);
    g_autofree char *token = segment_after(g_uri_get_path(uri), "/stream/");
    StreamWish wish;
    return token != NULL && stream_token_decode(token, &wish) && !pushes_is_token(wish.item_id)
               ? without_pass(g_strdup(wish.item_id)) : NULL;
}
