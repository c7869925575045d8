/* cast-plan-item.c -- an item of the library reaches the screen in one of the ways of
 * ARCHITECTURE.md, "Delivery" (pipelines/delivery), with the sound and the subtitles of somebody's
 * taste */
#include "appliance/session/cast-plan-room.h"

#include "appliance/delivery/streams.h"
#include "appliance/screens/web-screens.h"
#include "base/error.h"
#include "base/text.h"
#include "wire/didl.h"
#include "wire/media-offer.h"

#include <string.h>

/* -- Finding it -------------------------------------------------------------------------------- */

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
            "%s is not in the library: put it into one of its folders, or upload it",
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

PlaybackMedia *
cast_plan_media_of_stream(const MediaObject *object, const Delivery *delivery, int audio_track,
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

bool
cast_plan_read_form(const CastWish *wish, DeliveryWish *asked, GError **error)
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
        return lacks(object, "subtitles of that name", wish->subtitle, error);
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

/* comes: as they are, beside the film. */
static char *
reason_with_tracks(const MediaObject *object, const Delivery *delivery, const DeliveryWish *asked,
                   bool comes)
{
    const MediaSidecar *subtitle =
        asked->subtitle > 0 ? didl_subtitle(object->details, (guint)asked->subtitle - 1) : NULL;
    const char *language = subtitle != NULL && subtitle->language != NULL ? subtitle->language
                                                                          : "no known language";

    if (subtitle == NULL)
        return g_strdup(delivery->reason);
    return g_strdup_printf("%s; subtitles in %s (%s)%s", delivery->reason, language,
                           subtitle->name,
                           !comes && delivery->how != DELIVERY_DIRECT && delivery->subtitle == 0
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

/* Words that somebody insists on become a part of the picture where they would not come along. */
static bool
decide(Delivery *delivery, const MediaObject *object, const CastWish *wish, DeliveryWish *asked,
       GError **error)
{
    g_auto(Delivery) burnt = { 0 };

    if (!delivery_decide(delivery, object, asked, error))
        return false;
    if (wish->subtitle == NULL || asked->subtitle == 0 || delivery->subtitle > 0 ||
        delivery->how == DELIVERY_DIRECT)
        return true;
    asked->burns = true;
    if (delivery_decide(&burnt, object, asked, NULL) && burnt.subtitle > 0) {
        delivery_clear(delivery);
        *delivery = burnt;
        burnt = (Delivery){ 0 };
    }
    return true;
}

/* A page that is a screen shows them itself, whatever it is sent: they never go into its
 * picture. */
static bool
shows_words(const Screen *screen)
{
    return strcmp(screen->kind, WEB_SCREEN_KIND) == 0;
}

static char *
address_of_words(const MediaObject *object, int subtitle, const char *base_url)
{
    const MediaSidecar *words = didl_subtitle(object->details, (guint)subtitle - 1);
    GString *url = g_string_new(NULL);
    char name[DIDL_SIDECAR_NAME_MAX];

    if (words != NULL) {
        MediaSidecar srt = didl_subtitle_as_srt(words, name);
        didl_append_sidecar_url(url, base_url, &dialect_plain, object, &srt);
    }
    return g_string_free(url, words == NULL);
}

/* -- The plan ---------------------------------------------------------------------------------- */

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

bool
cast_plan_item(CastPlan *plan, const CastSources *sources, const CastWish *wish,
               const Screen *screen, const Dialect *dialect, GError **error)
{
    g_autoptr(MediaObject) object = wish->path != NULL
                                        ? find_path(sources->catalog, wish->path, error)
                                        : catalog_find(sources->catalog, wish->item_id, error);
    g_auto(Delivery) delivery = { 0 };

    if (object == NULL || !check_item(object, error) || !check_part(object, screen, error))
        return false;
    g_autofree char *base_url = cast_plan_base_url(sources, screen, error);
    if (base_url == NULL)
        return false;
    g_autofree char *id = g_strdup(object->id);
    put_pass(object, sources, screen);
    g_autoptr(PlaybackMedia) direct = media_of_item(object, base_url, dialect);
    DeliveryWish asked = { .name = screen->name, .sinks = screen->sink_protocols,
                           .direct_info = direct->protocol_info,
                           .is_unplayed = dialect_lies(dialect, object->facts.mime) };
    if (!cast_plan_read_form(wish, &asked, error) ||
        !choose_tracks(object, wish, sources, dialect, &asked, error))
        return false;
    bool is_aside = shows_words(screen);
    DeliveryWish sent = asked;
    sent.subtitle = is_aside ? 0 : asked.subtitle;
    if (!decide(&delivery, object, wish, &sent, error))
        return false;
    plan->how = delivery_how_name(delivery.how);
    plan->reason = reason_with_tracks(object, &delivery, &asked, is_aside);
    plan->heard = asked.audio_track + 1;
    plan->read = is_aside || delivery.how == DELIVERY_DIRECT ? asked.subtitle : delivery.subtitle;
    if (delivery.how != DELIVERY_DIRECT) {
        plan->media =
            cast_plan_media_of_stream(object, &delivery, asked.audio_track, base_url, dialect);
    } else {
        if (sent.subtitle > 1)
            put_first(object, sent.subtitle);
        plan->media = media_of_item(object, base_url, dialect);
    }
    if (is_aside && asked.subtitle > 0)
        plan->media->subtitle = address_of_words(object, asked.subtitle, base_url);
    g_free(plan->media->item_id);
    plan->media->item_id = g_steal_pointer(&id);
    return true;
}
