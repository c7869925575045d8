/* cast-plan-url.c -- an address that somebody names: whether a screen is sent there, and what we
 * fetch for it */
#include "appliance/session/cast-plan-room.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/didl.h"

#include <string.h>

#define URL_MAX 4096

/* A screen is not sent to where it must not look for anybody: to itself, to who only answers on its
 * own link (the metadata of a cloud's machines), to our API (FIELD-NOTES part 3). */
static bool
check_host(const char *url, const char *host, int port, const CastSources *sources,
           const Screen *screen, GError **error)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
    g_autoptr(GInetAddress) there =
        screen->address != NULL ? g_inet_address_new_from_string(screen->address) : NULL;
    bool is_here = there != NULL && g_inet_address_get_is_loopback(there); /* all on one computer */
    bool is_loopback = address != NULL ? g_inet_address_get_is_loopback(address)
                                       : g_ascii_strcasecmp(host, "localhost") == 0 ||
                                             g_str_has_suffix(host, ".localhost");

    if ((is_loopback && !is_here) ||
        (address != NULL && (g_inet_address_get_is_any(address) ||
                             g_inet_address_get_is_link_local(address) ||
                             g_inet_address_get_is_multicast(address)))) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "%s is no address that a screen could fetch something from", host);
        return false;
    }
    if (port == sources->port && address != NULL &&
        net_interfaces_has(sources->interfaces, address) && strstr(url, "/api/") != NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "the API of this server is nothing to play");
        return false;
    }
    return true;
}

PlaybackMedia *
cast_plan_url(const CastSources *sources, const CastWish *wish, const Screen *screen,
              GError **error)
{
    static const char *const schemes[] = { "http", "https", "rtsp", NULL };
    g_autoptr(GUri) uri = g_uri_parse(wish->url, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;

    if (strlen(wish->url) > URL_MAX || host == NULL || *host == '\0' ||
        !g_strv_contains(schemes, scheme)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "url must be a whole http, https or rtsp address of at most %d octets",
                    URL_MAX);
        return NULL;
    }
    if (!check_host(wish->url, host, g_uri_get_port(uri), sources, screen, error))
        return NULL;
    bool is_hls = g_str_has_suffix(g_uri_get_path(uri), ".m3u8");
    const char *mime = is_hls ? MIME_HLS : mime_from_name(g_uri_get_path(uri));
    PlaybackMedia *media = g_new0(PlaybackMedia, 1);
    g_autofree char *name = g_path_get_basename(g_uri_get_path(uri));
    g_autofree char *title = text_percent_decode(name);

    media->uri = g_strdup(wish->url);
    media->title = text_clean(wish->title != NULL ? wish->title : title != NULL ? title : name);
    media->kind = MEDIA_ANY;
    if (strcmp(scheme, "rtsp") == 0) {
        media->kind = MEDIA_VIDEO;
        media->protocol_info = g_strdup(PROTOCOL_INFO_RTSP);
    } else if (mime != NULL) {
        media->mime = g_strdup(mime);
        media->kind = is_hls ? MEDIA_VIDEO : mime_kind(mime);
        media->protocol_info =
            g_strdup_printf("http-get:*:%s:%s", mime, wish->is_live ? DLNA_LIVE : "*");
    }
    media->metadata = didl_encode_media(media);
    return media;
}

/* The same as it is fetched by us; NULL: it is not. */
static PlaybackMedia *
relayed(const PlaybackMedia *media, const CastSources *sources, const Screen *screen)
{
    g_autofree char *base_url = cast_plan_base_url(sources, screen, NULL);

    if (base_url == NULL || media->mime == NULL)
        return NULL;
    PlaybackMedia *copy = playback_media_copy(media);
    g_free(copy->uri);
    g_free(copy->metadata);
    copy->uri = relays_url(sources->relays, base_url, media->uri);
    copy->metadata = didl_encode_media(copy);
    return copy;
}

/* Sets of UPnP may know no TLS, and no names (FIELD-NOTES B1.6): what is inside TLS we fetch for
 * them, the rest when they could not. A list of HLS names others, which would be asked for here. */
void
cast_plan_offer_relay(CastPlan *plan, const CastSources *sources, const CastWish *wish,
                      const Screen *screen)
{
    PlaybackMedia *media = plan->media;
    bool is_secure = g_ascii_strncasecmp(wish->url, "https:", strlen("https:")) == 0;

    if (wish->is_live || strcmp(screen->kind, "upnp") != 0 ||
        g_strcmp0(media->mime, MIME_HLS) == 0 || g_str_has_prefix(media->uri, "rtsp:"))
        return;
    PlaybackMedia *ours = relayed(media, sources, screen);
    if (ours == NULL || !is_secure) {
        media->other = ours;
        return;
    }
    g_autofree char *reason = g_steal_pointer(&plan->reason);
    plan->reason = g_strdup_printf("%s, and this server fetches it: sets of UPnP may not know TLS",
                                   reason);
    plan->media = ours;
    playback_media_free(media);
}
