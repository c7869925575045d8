/* cast-plan.c -- see cast-plan.h
 *
 * What others hold goes as it is; an item of the library as cast-plan-item.c says, what is pushed
 * to us as cast-plan-upload.c, an address as cast-plan-url.c does. */
#include "appliance/session/cast-plan-room.h"

#include "base/error.h"
#include "wire/didl.h"

#include <string.h>

void
cast_plan_clear(CastPlan *plan)
{
    playback_media_free(plan->media);
    g_free(plan->reason);
    *plan = (CastPlan){ 0 };
}

char *
cast_plan_base_url(const CastSources *sources, const Screen *screen, GError **error)
{
    char *base_url = net_interfaces_base_url(sources->interfaces, screen->address, sources->port);

    if (base_url == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE,
                    "no network yet: %s could not fetch it from here", screen->name);
    return base_url;
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
    bool is_rtsp = strcmp(media->protocol_info, PROTOCOL_INFO_RTSP) == 0;
    g_set_error(
        error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
        "“%s” is %s, which %s does not play (it plays %s)%s",
        media->title != NULL ? media->title : media->uri, mime_of(media), screen->name, takes,
        is_rtsp ? "; nothing else is made of one here, but a duoping-tv plays it" : "");
    return false;
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

/* -- What is sent to us live ------------------------------------------------------------------- */

static PlaybackMedia *
media_of_feed(const FeedFacts *facts, const Profile *profile, const char *base_url)
{
    const char *mime = profile != NULL ? profile->mime : facts->mime;
    g_autoptr(GString) url = g_string_new(NULL);
    PlaybackMedia *media = g_new0(PlaybackMedia, 1);

    feed_append_url(url, base_url, facts, profile);
    media->uri = g_strdup(url->str);
    media->title = g_strdup(facts->title);
    media->mime = g_strdup(mime);
    media->kind = mime_kind(mime);
    media->protocol_info = g_strdup_printf("http-get:*:%s:%s", mime, DLNA_LIVE);
    media->metadata = didl_encode_media(media);
    return media;
}

static bool
plan_feed(CastPlan *plan, const CastSources *sources, const CastWish *wish, const Screen *screen,
          GError **error)
{
    g_autoptr(Feed) feed = NULL;
    g_auto(FeedFacts) facts = { 0 };
    g_auto(Delivery) delivery = { 0 };

    if (sources->feeds == NULL)
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "nothing is sent live");
    else
        feed = feeds_find(sources->feeds, wish->feed, error);
    g_autofree char *base_url = feed != NULL ? cast_plan_base_url(sources, screen, error) : NULL;
    if (base_url == NULL)
        return false;
    feed_read_facts(feed, &facts);
    if (!feed_decide(&delivery, &facts, screen->name, screen->sink_protocols, error))
        return false;
    plan->how = delivery_how_name(delivery.how);
    plan->reason = g_steal_pointer(&delivery.reason);
    plan->media = media_of_feed(&facts, delivery.profile, base_url);
    return true;
}

/* -- Whatever it is ---------------------------------------------------------------------------- */

bool
cast_plan_make(CastPlan *plan, const CastSources *sources, const CastWish *wish,
               const Screen *screen, const Dialect *dialect, GError **error)
{
    if ((wish->item_id != NULL) + (wish->path != NULL) + (wish->url != NULL) +
            (wish->upload != NULL) + (wish->feed != NULL) != 1) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "one of item, path, url, upload and feed is needed");
        return false;
    }
    if (wish->feed != NULL)
        return plan_feed(plan, sources, wish, screen, error);
    if (wish->item_id != NULL || wish->path != NULL)
        return cast_plan_item(plan, sources, wish, screen, dialect, error);
    if (wish->upload != NULL)
        return cast_plan_upload(plan, sources, wish, screen, dialect, error);
    plan->media = cast_plan_url(sources, wish, screen, error);
    if (plan->media == NULL || !decide(plan, screen, error))
        return false;
    cast_plan_offer_relay(plan, sources, wish, screen);
    return true;
}
