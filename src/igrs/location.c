/* location.c -- see location.h */
#include "igrs/location.h"

#include "wire/igrs-names.h"

#include <string.h>

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

GInetAddress *
igrs_address_plain(GInetAddress *address)
{
    const uint8_t *bytes = g_inet_address_to_bytes(address);

    if (g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6 &&
        memcmp(bytes, mapped_prefix, sizeof mapped_prefix) == 0)
        return g_inet_address_new_from_bytes(bytes + sizeof mapped_prefix, G_SOCKET_FAMILY_IPV4);
    return g_object_ref(address);
}

GInetAddress *
igrs_location_address(const char *location)
{
    g_autoptr(GUri) uri = NULL;
    g_autofree char *host = NULL;

    if (strlen(location) > IGRS_LOCATION_MAX)
        return NULL;
    uri = g_uri_parse(location, G_URI_FLAGS_NONE, NULL);
    if (uri == NULL || g_uri_get_host(uri) == NULL || g_uri_get_userinfo(uri) != NULL ||
        (strcmp(g_uri_get_scheme(uri), "http") != 0 && strcmp(g_uri_get_scheme(uri), "https") != 0))
        return NULL;
    host = g_strdup(g_uri_get_host(uri));
    host[strcspn(host, "%")] = '\0'; /* the zone of a link-local address is ours, not the peer's */
    return g_inet_address_new_from_string(host);
}

bool
igrs_location_is_at(const char *location, GInetAddress *address)
{
    g_autoptr(GInetAddress) of_location = igrs_location_address(location);
    g_autoptr(GInetAddress) plain = igrs_address_plain(address);

    return of_location != NULL && g_inet_address_equal(of_location, plain);
}

char *
igrs_location_on_link(const char *location, unsigned interface_index)
{
    g_autoptr(GInetAddress) address = igrs_location_address(location);
    g_autofree char *text = NULL, *host = NULL;

    if (address == NULL || g_inet_address_get_family(address) != G_SOCKET_FAMILY_IPV6 ||
        !g_inet_address_get_is_link_local(address))
        return g_strdup(location);
    g_autoptr(GUri) uri = g_uri_parse(location, G_URI_FLAGS_ENCODED, NULL);
    text = g_inet_address_to_string(address);
    host = g_strdup_printf("%s%%25%u", text, interface_index); /* RFC 6874 */
    return g_uri_join(G_URI_FLAGS_ENCODED, g_uri_get_scheme(uri), NULL, host, g_uri_get_port(uri),
                      g_uri_get_path(uri), g_uri_get_query(uri), NULL);
}

char *
igrs_location_host(GInetAddress *address)
{
    g_autofree char *text = g_inet_address_to_string(address);

    return g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6
               ? g_strdup_printf("[%s]", text)
               : g_steal_pointer(&text);
}

char *
igrs_location_inside(const char *location, const char *said)
{
    g_autoptr(GInetAddress) address = igrs_location_address(location);

    if (said == NULL || address == NULL || !igrs_location_is_at(said, address))
        return NULL;
    g_autoptr(GUri) there = g_uri_parse(location, G_URI_FLAGS_ENCODED, NULL);
    g_autoptr(GUri) inside = g_uri_parse(said, G_URI_FLAGS_ENCODED, NULL);
    if (there == NULL || inside == NULL || strcmp(g_uri_get_scheme(inside), "https") != 0)
        return NULL;
    g_autoptr(GString) host = g_string_new(g_uri_get_host(there));
    /* a zone: GLib takes it apart also where it is ENCODED */
    g_string_replace(host, "%", "%25", 0);
    return g_uri_join(G_URI_FLAGS_ENCODED, "https", NULL, host->str, g_uri_get_port(inside),
                      g_uri_get_path(inside), g_uri_get_query(inside), NULL);
}

static char *
location_new(const char *scheme, GInetAddress *address, uint16_t port)
{
    g_autofree char *host = igrs_location_host(address);

    return g_strdup_printf("%s://%s:%u" IGRS_PATH, scheme, host, port);
}

char *
igrs_location_new(GInetAddress *address, uint16_t port)
{
    return location_new("http", address, port);
}

char *
igrs_location_new_secure(GInetAddress *address, uint16_t port)
{
    return location_new("https", address, port);
}
