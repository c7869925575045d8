/* cast-plan.c -- see cast-plan.h
 *
 * An item of the library reaches the screen in one of the ways of ARCHITECTURE.md, "Delivery"
 * (pipelines/ delivery); what others hold goes as it is. */
#include "appliance/cast-plan.h"

#include "appliance/streams.h"
#include "base/error.h"
#include "base/text.h"
#include "wire/didl.h"
#include "wire/media-offer.h"

#include <string.h>

#define URL_MAX 4096

void
cast_plan_clear(CastPlan *plan)
{
    playback_media_free(plan->media);
    g_free(plan->reason);
    *plan = (CastPlan){ 0 };
}

static const char *
mime_of(const PlaybackMedia *media)
{
    return media->mime != NULL                         ? media->mime
           : g_str_has_prefix(media->uri, "rtsp://") ? "a stream of RTSP"
                                                      : "what it is";
}

/* What is not of our library: direct, or a refusal that names what is missing. */
static bool
decide(CastPlan *plan, const Screen *screen, GError **error)
{
    const PlaybackMedia *media = plan->media;

    plan->how = "direct";
    if (screen->sink_protocols == NULL || *screen->sink_protocols == '\0' ||
        media->protocol_info == NULL) {
        plan->reason = g_strdup_printf("%s has not said what it plays, so it is sent as it is",
                                       media->protocol_info == NULL ? "the address" : screen->name);
        return true;
    }
    if (protocol_info_list_takes(screen->sink_protocols, media->protocol_info)) {
        plan->reason = g_strdup_printf("%s plays %s as it is", screen->name, mime_of(media));
        return true;
    }
    g_autofree char *takes = delivery_describe_sinks(screen->sink_protocols);
    g_set_error(
        error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
        "“%s” is %s, which %s does not play (it plays %s), and only what is in the library can be "
        "converted",
        media->title != NULL ? media->title : media->uri, mime_of(media), screen->name, takes);
    return false;
}

/* -- Items of the library ---------------------------------------------------------------------- */

typedef struct {
    const char *path;
    MediaObject *found;
} PathSearch;

static bool
match_path(const MediaObject *object, gpointer user_data)
{
    PathSearch *search = user_data;

    if (object->path == NULL || strcmp(object->path, search->path) != 0)
        return true;
    search->found = media_object_copy(object);
    return false;
}

/* A file by its path: its name, but for the extension, is among the words that are searched. */
static MediaObject *
find_path(Catalog *catalog, const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    char *extension = strrchr(name, '.');
    if (extension != NULL && extension != name)
        *extension = '\0';
    CatalogSearch search = { .words = name, .kind = MEDIA_ANY };
    CatalogRange range = { 0 };
    PathSearch wanted = { .path = path };
    CatalogResult result;

    if (!catalog_search(catalog, &search, &range, match_path, &wanted, &result, error))
        return NULL;
    if (wanted.found == NULL)
        g_set_error(
            error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
            "%s is not in the library: put it into one of its folders first; sending files from "
            "elsewhere is not there yet",
            path);
    return wanted.found;
}

static bool
check_item(const MediaObject *object, GError **error)
{
    if (object->kind == MEDIA_CONTAINER) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                    "“%s” is a container: cast one of its items", object->title);
        return false;
    }
    if (object->is_offline) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE,
                    "the disk of “%s” is away: %s", object->title, object->path);
        return false;
    }
    if (object->unreadable != NULL || object->facts.mime == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "“%s” is unreadable: %s",
                    object->title,
                    object->unreadable != NULL ? object->unreadable : "its format is not known");
        return false;
    }
    return true;
}

/* A track of a cue sheet must not become the whole file on a screen that nobody knows. */
static bool
check_part(const MediaObject *object, const Screen *screen, GError **error)
{
    if (!media_is_part(&object->facts) ||
        (screen->sink_protocols != NULL && *screen->sink_protocols != '\0'))
        return true;
    g_autofree char *name = g_path_get_basename(object->path);
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE,
                "“%s” is a part of %s, and %s has not said yet whether it plays parts: try again "
                "in a moment", object->title, name, screen->name);
    return false;
}

/* What goes along with the address, as the screen's family takes it at the first try: without any,
 * it is made of title and type (upnp/ladder.h). */
static char *
metadata_of_item(const MediaObject *object, const char *base_url, const Dialect *dialect)
{
    switch (dialect->metadata) {
    case DIALECT_METADATA_MINIMAL:
        return NULL;
    case DIALECT_METADATA_NONE:
        return g_strdup("");
    default:
        return didl_encode(object, base_url, dialect);
    }
}

static PlaybackMedia *
media_of_item(const MediaObject *object, const char *base_url, const Dialect *dialect)
{
    PlaybackMedia *media = g_new0(PlaybackMedia, 1);
    g_autoptr(GString) url = g_string_new(NULL);
    char info[PROTOCOL_INFO_MAX];
    MediaOffer offer;

    didl_append_media_url(url, base_url, dialect, object);
    media_offer_file(&offer, dialect, &object->facts, dlna_file);
    media_offer_print(&offer, info);
    media->uri = g_strdup(url->str);
    media->mime = g_strdup(offer.mime);
    media->protocol_info = g_strdup(info);
    media->metadata = metadata_of_item(object, base_url, dialect);
    media->title = g_strdup(object->title);
    media->item_id = g_strdup(object->id);
    media->kind = object->kind;
    media->duration_ms = object->facts.duration_ms;
    return media;
}

/* What delivery makes of it. */
static PlaybackMedia *
media_of_stream(const MediaObject *object, const Delivery *delivery, int audio_track,
                const char *base_url, const Dialect *dialect)
{
    PlaybackMedia *media = g_new0(PlaybackMedia, 1);
    g_autoptr(GString) url = g_string_new(NULL);
    MediaForm form = delivery_form(delivery->profile, object);
    char info[PROTOCOL_INFO_MAX];
    MediaOffer offer;

    stream_append_url(url, base_url, dialect,
                      &(StreamWish){ .profile = delivery->profile, .audio_track = audio_track,
                                     .subtitle = delivery->subtitle, .item_id = object->id },
                      object);
    media_offer_form(&offer, dialect, &form);
    media_offer_print(&offer, info);
    media->uri = g_strdup(url->str);
    media->mime = g_strdup(offer.mime);
    media->protocol_info = g_strdup(info);
    media->title = g_strdup(object->title);
    media->item_id = g_strdup(object->id);
    media->kind = form.facts.kind;
    media->duration_ms = form.facts.duration_ms;
    media->metadata = didl_encode_media(media);
    return media;
}

/* The form that somebody insists on. */
static bool
read_form(const CastWish *wish, DeliveryWish *asked, GError **error)
{
    asked->profile = wish->profile != NULL ? profile_find(wish->profile) : NULL;
    asked->is_never_direct = wish->profile != NULL;
    if (wish->profile == NULL || asked->profile != NULL)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "there is no profile %s", wish->profile);
    return false;
}

/* -- Sound and subtitles ----------------------------------------------------------------------- */

static bool
lacks(const MediaObject *object, const char *what, const char *name, GError **error)
{
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                "“%s” has no %s: say its number, from 0 on, or its language, not “%.40s”",
                object->title, what, name);
    return false;
}

/* What is insisted on, or what the person likes to hear; players take the usual one by
 * themselves. */
static bool
choose_sound(const MediaObject *object, const CastWish *wish, const TrackTaste *taste,
             DeliveryWish *asked, GError **error)
{
    uint32_t number;

    asked->audio_track = -1;
    if (wish->sound != NULL && text_to_u32(wish->sound, 0, 255, &number)) {
        asked->audio_track = (int)number;
        return true;
    }
    int track = wish->sound != NULL ? track_named_sound(object->details, wish->sound)
                                    : track_choose_sound(object->details, taste);
    if (wish->sound != NULL && track < 0)
        return lacks(object, "sound of that name", wish->sound, error);
    if (track >= 0 && track_sound(object->details, track) != track_sound(object->details, -1))
        asked->audio_track = track;
    return true;
}

static bool
choose_subtitle(const MediaObject *object, const CastWish *wish, const TrackTaste *taste,
                DeliveryWish *asked, GError **error)
{
    if (object->kind != MEDIA_VIDEO || g_strcmp0(wish->subtitle, "none") == 0)
        return true;
    int chosen = wish->subtitle != NULL
                     ? track_named_subtitle(object->details, wish->subtitle)
                     : track_choose_subtitle(object->details, taste, asked->audio_track);
    if (wish->subtitle != NULL && chosen < 0)
        return lacks(object, "subtitles of that name that are words", wish->subtitle, error);
    asked->subtitle = chosen + 1;
    return true;
}

/* They come first, so that sets which show one alone show these. */
static void
put_first(MediaObject *object, int subtitle)
{
    const MediaSidecar *first = didl_subtitle(object->details, (guint)subtitle - 1);
    MediaDetails *details = media_details_new();

    media_details_add(details, MEDIA_SIDECARS, first);
    for (MediaListKind kind = 0; kind < MEDIA_LIST_N; kind++)
        for (guint i = 0; i < media_details_count(object->details, kind); i++) {
            const void *record = media_details_get(object->details, kind, i);
            if (record != first)
                media_details_add(details, kind, record);
        }
    media_details_unref(object->details);
    object->details = details;
}

static char *
reason_with_tracks(const MediaObject *object, const Delivery *delivery, const DeliveryWish *asked)
{
    const MediaSidecar *subtitle =
        asked->subtitle > 0 ? didl_subtitle(object->details, (guint)asked->subtitle - 1) : NULL;
    const char *language = subtitle != NULL && subtitle->language != NULL ? subtitle->language
                                                                          : "no known language";

    if (subtitle == NULL)
        return g_strdup(delivery->reason);
    return g_strdup_printf("%s; subtitles in %s (%s)%s", delivery->reason, language,
                           subtitle->name,
                           delivery->how != DELIVERY_DIRECT && delivery->subtitle == 0
                               ? " do not come along" : "");
}

static bool
choose_tracks(const MediaObject *object, const CastWish *wish, const CastSources *sources,
              const Dialect *dialect, DeliveryWish *asked, GError **error)
{
    TrackTaste taste = { 0 };

    if (sources->taste != NULL)
        sources->taste(wish->person, &taste, sources->taste_data);
    asked->burns = dialect->captions == DIALECT_CAPTION_NONE;
    return choose_sound(object, wish, &taste, asked, error) &&
           choose_subtitle(object, wish, &taste, asked, error);
}

/* ---------------------------------------------------------------------------------------------- */

/* Where the screen finds us; the caller's. */
static char *
base_url_for(const CastSources *sources, const Screen *screen, GError **error)
{
    char *base_url = net_interfaces_base_url(sources->interfaces, screen->address, sources->port);

    if (base_url == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE,
                    "no network yet: %s could not fetch it from here", screen->name);
    return base_url;
}

/* Who fetches may not see the item: a pass stands in its addresses. */
static void
put_pass(MediaObject *object, const CastSources *sources, const Screen *screen)
{
    char *pass = sources->pass != NULL
                     ? sources->pass(object->id, screen->address, sources->pass_data) : NULL;

    if (pass == NULL)
        return;
    g_free((char *)object->id);
    object->id = pass;
}

static bool
plan_item(CastPlan *plan, const CastWish *wish, const Screen *screen, const CastSources *sources,
          const Dialect *dialect, GError **error)
{
    g_autoptr(MediaObject) object = wish->path != NULL
                                        ? find_path(sources->catalog, wish->path, error)
                                        : catalog_find(sources->catalog, wish->item_id, error);
    g_auto(Delivery) delivery = { 0 };

    if (object == NULL || !check_item(object, error) || !check_part(object, screen, error))
        return false;
    g_autofree char *base_url = base_url_for(sources, screen, error);
    if (base_url == NULL)
        return false;
    g_autofree char *id = g_strdup(object->id);
    put_pass(object, sources, screen);
    g_autoptr(PlaybackMedia) direct = media_of_item(object, base_url, dialect);
    DeliveryWish asked = { .name = screen->name, .sinks = screen->sink_protocols,
                           .direct_info = direct->protocol_info };
    if (!read_form(wish, &asked, error) ||
        !choose_tracks(object, wish, sources, dialect, &asked, error) ||
        !delivery_decide(&delivery, object, &asked, error))
        return false;
    plan->how = delivery_how_name(delivery.how);
    plan->reason = reason_with_tracks(object, &delivery, &asked);
    if (delivery.how != DELIVERY_DIRECT) {
        plan->media = media_of_stream(object, &delivery, asked.audio_track, base_url, dialect);
    } else {
        if (asked.subtitle > 1)
            put_first(object, asked.subtitle);
        plan->media = media_of_item(object, base_url, dialect);
    }
    g_free(plan->media->item_id);
    plan->media->item_id = g_steal_pointer(&id);
    return true;
}

/* -- Items of other servers -------------------------------------------------------------------- */

static bool
check_foreign(const MediaObject *object, GError **error)
{
    if (object->kind == MEDIA_CONTAINER)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                    "“%s” is a container: cast one of its items", object->title);
    else if (object->unreadable != NULL || object->resources == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "“%s” cannot be played: %s",
                    object->title, object->unreadable != NULL ? object->unreadable : "no address");
    else
        return true;
    return false;
}

static PlaybackMedia *
media_of_resource(const MediaObject *object, const MediaResource *resource,
                  const RemoteServer *server)
{
    PlaybackMedia *media = didl_to_playback(resource->uri, NULL);
    ProtocolInfo info = { 0 };

    if (resource->protocol_info != NULL &&
        protocol_info_decode(resource->protocol_info, &info, NULL)) {
        media->protocol_info = g_strdup(resource->protocol_info);
        g_free(media->mime);
        media->mime = strchr(info.mime, '*') == NULL ? g_strdup(info.mime) : NULL;
        protocol_info_clear(&info);
    }
    g_free(media->title);
    media->title = g_strdup(object->title);
    media->item_id = g_strdup(object->id);
    media->server_id = g_strdup(server->id);
    media->kind = object->kind;
    media->duration_ms = object->facts.duration_ms;
    media->metadata = didl_encode_media(media);
    return media;
}

bool
cast_plan_make_foreign(CastPlan *plan, const MediaObject *object, const RemoteServer *server,
                       const Screen *screen, GError **error)
{
    g_autoptr(GError) problem = NULL; /* with the first: it is the nearest to the file as it is */
    PlaybackMedia **other = NULL;     /* where the next form goes */

    if (!check_foreign(object, error))
        return false;
    for (const MediaResource *resource = object->resources; resource->uri != NULL; resource++) {
        g_auto(CastPlan) form = { .media = media_of_resource(object, resource, server) };
        if (!decide(&form, screen, problem == NULL ? &problem : NULL))
            continue;
        if (other == NULL)
            *plan = (CastPlan){ .how = form.how, .reason = g_steal_pointer(&form.reason) };
        other = other == NULL ? &plan->media : other;
        *other = g_steal_pointer(&form.media);
        other = &(*other)->other;
    }
    if (plan->media == NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    return plan->media != NULL;
}

/* -- Addresses --------------------------------------------------------------------------------- */

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

static PlaybackMedia *
plan_url(const CastWish *wish, const CastSources *sources, const Screen *screen, GError **error)
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
    g_autofree char *base_url = base_url_for(sources, screen, NULL);

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
static void
offer_relay(CastPlan *plan, const CastWish *wish, const CastSources *sources, const Screen *screen)
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

/* -- What is pushed to us ---------------------------------------------------------------------- */

static PlaybackMedia *
plan_upload(const CastWish *wish, const CastSources *sources, const Screen *screen, GError **error)
{
    g_autoptr(Push) push = NULL;
    g_auto(PushFacts) facts = { 0 };

    if (sources->pushes == NULL)
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there are no uploads");
    else
        push = pushes_find(sources->pushes, wish->upload, error);
    g_autofree char *base_url = push != NULL ? base_url_for(sources, screen, error) : NULL;
    if (base_url == NULL)
        return NULL;
    g_autoptr(GString) url = g_string_new(NULL);
    PlaybackMedia *media = g_new0(PlaybackMedia, 1);
    push_read_facts(push, &facts);
    push_append_url(url, base_url, &facts);
    media->uri = g_strdup(url->str);
    media->title = g_strdup(wish->title != NULL ? wish->title : facts.name);
    media->mime = g_strdup(facts.mime);
    media->kind = mime_kind(facts.mime);
    media->protocol_info = g_strdup_printf("http-get:*:%s:*", facts.mime);
    media->metadata = didl_encode_media(media);
    return media;
}

bool
cast_plan_make(CastPlan *plan, const CastSources *sources, const CastWish *wish,
               const Screen *screen, const Dialect *dialect, GError **error)
{
    if ((wish->item_id != NULL) + (wish->path != NULL) + (wish->url != NULL) +
            (wish->upload != NULL) != 1) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "one of item, path, url and upload is needed");
        return false;
    }
    if (wish->item_id != NULL || wish->path != NULL)
        return plan_item(plan, wish, screen, sources, dialect, error);
    plan->media = wish->url != NULL ? plan_url(wish, sources, screen, error)
                                    : plan_upload(wish, sources, screen, error);
    if (plan->media == NULL || !decide(plan, screen, error))
        return false;
    if (wish->url != NULL)
        offer_relay(plan, wish, sources, screen);
    return true;
}
