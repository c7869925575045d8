/* relay-rules.c -- see relay-rules.h; the registries of special addresses are IANA's (RFC 6890) */
#include "appliance/delivery/relay-rules.h"

#include "base/error.h"

#include <string.h>

static const struct {
    const char *prefix;
    RelayReach reach;
} special[] = {
    { "0.0.0.0/8", RELAY_NEVER },      { "127.0.0.0/8", RELAY_NEVER },
    { "169.254.0.0/16", RELAY_NEVER }, { "192.0.0.0/24", RELAY_NEVER },
    { "198.18.0.0/15", RELAY_NEVER },  { "224.0.0.0/3", RELAY_NEVER },
    { "10.0.0.0/8", RELAY_HOME },      { "172.16.0.0/12", RELAY_HOME },
    { "192.168.0.0/16", RELAY_HOME },  { "100.64.0.0/10", RELAY_HOME },
    { "fc00::/7", RELAY_HOME },        { "64:ff9b::/96", RELAY_NEVER },
    { "64:ff9b:1::/48", RELAY_NEVER }, { "2002::/16", RELAY_NEVER },
    { "2001::/32", RELAY_NEVER },      { "2000::/3", RELAY_OPEN },
    { "0.0.0.0/0", RELAY_OPEN },       { "::/0", RELAY_NEVER },
};

/* ::ffff:a.b.c.d (RFC 4291, 2.5.5.2) */
static GInetAddress *
unwrap(GInetAddress *address)
{
    static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
    const guint8 *octets = g_inet_address_to_bytes(address);

    if (g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6 &&
        memcmp(octets, mapped, sizeof mapped) == 0)
        return g_inet_address_new_from_bytes(octets + sizeof mapped, G_SOCKET_FAMILY_IPV4);
    return g_object_ref(address);
}

RelayReach
relay_reach(GInetAddress *address)
{
    g_autoptr(GInetAddress) plain = unwrap(address);

    for (guint i = 0; i < G_N_ELEMENTS(special); i++) {
        g_autoptr(GInetAddressMask) mask =
            g_inet_address_mask_new_from_string(special[i].prefix, NULL);
        if (g_inet_address_mask_matches(mask, plain))
            return special[i].reach;
    }
    return RELAY_NEVER;
}

char *
relay_follow(const char *url, const char *location, GError **error)
{
    g_autofree char *next = location != NULL
                                ? g_uri_resolve_relative(url, location, G_URI_FLAGS_NONE, NULL)
                                : NULL;
    g_autofree char *scheme = next != NULL ? g_uri_parse_scheme(next) : NULL;
    bool was_secure = g_ascii_strncasecmp(url, "https:", 6) == 0;

    if (g_strcmp0(scheme, "https") == 0 || (g_strcmp0(scheme, "http") == 0 && !was_secure))
        return g_steal_pointer(&next);
    g_set_error(error, DUO_ERROR, DUO_ERROR_DENIED, "its server sends us on to %s",
                next == NULL ? "nowhere" : "where we do not follow");
    return NULL;
}

bool
relay_takes(const char *mime)
{
    static const char *const types[] = { "video/", "audio/", "image/", "application/ogg",
                                         "application/octet-stream",
                                         "binary/octet-stream", "application/mp4" };

    for (guint i = 0; mime != NULL && i < G_N_ELEMENTS(types); i++)
        if (g_ascii_strncasecmp(mime, types[i], strlen(types[i])) == 0)
            return g_ascii_strncasecmp(mime, "image/svg", strlen("image/svg")) != 0;
    return false;
}

bool
relay_is_list(const char *mime, const char *url)
{
    static const char *const types[] = { "application/vnd.apple.mpegurl", "application/x-mpegurl",
                                         "audio/mpegurl", "audio/x-mpegurl" };
    static const char *const vague[] = { "text/plain", "application/octet-stream",
                                         "binary/octet-stream" };
    g_autofree char *path = g_strndup(url, strcspn(url, "?#"));
    bool is_named = g_str_has_suffix(path, ".m3u8");

    for (guint i = 0; mime != NULL && i < G_N_ELEMENTS(types); i++)
        if (g_ascii_strncasecmp(mime, types[i], strlen(types[i])) == 0)
            return true;
    for (guint i = 0; mime != NULL && i < G_N_ELEMENTS(vague); i++)
        if (g_ascii_strncasecmp(mime, vague[i], strlen(vague[i])) == 0)
            return is_named;
    return false;
}
