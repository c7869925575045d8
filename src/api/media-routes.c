/* media-routes.c -- an item's bytes, and a picture of it
 *
 * The bytes come with the heads that DLNA players ask for (DLNA guidelines 7.4; FIELD-NOTES C2). */
#include "api/dlna-heads.h"
#include "api/room.h"
#include "appliance/library/subtitle-file.h"
#include "upnp/asker.h"

#define PICTURE_WIDTH_MIN 16
#define PICTURE_WIDTH_MAX 1920
#define PICTURE_WIDTH 320
#define MOMENT_MAX_S (100 * 3600)
#define MOMENT_STEP_S 5 /* so that what people point at is soon kept */

/* An item with bytes of its own; NULL: replied already. */
static MediaObject *
find_item(HttpExchange *exchange, const Api *api)
{
    g_autoptr(GError) error = NULL;
    const char *id = http_exchange_parameter(exchange, "id");
    MediaObject *object = request_find_octets(exchange, api, id, &error);

    if (object == NULL) {
        http_exchange_reply_error(exchange, error);
        return NULL;
    }
    if (object->kind != MEDIA_CONTAINER)
        return object;
    http_exchange_reply_problem(exchange, 404, "id", "%s is a container and has no bytes", id);
    media_object_free(object);
    return NULL;
}

/* -- Files ------------------------------------------------------------------------------------- */

static void
get_media(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(MediaObject) object = find_item(exchange, api);

    if (api->parts.fetches != NULL)
        fetches_note(api->parts.fetches, exchange);
    if (object == NULL)
        return;
    g_autoptr(Stream) stream = library_open_object(api->parts.library, object, &error);
    if (stream == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    const Dialect *dialect = request_dialect(exchange, api);
    MediaOffer offer;
    media_offer_file(&offer, dialect, &object->facts, dlna_file);
    if (!dlna_answer_transfer_mode(exchange, object->kind == MEDIA_IMAGE,
                                   dialect->takes_any_transfer) ||
        !dlna_answer_features(exchange, &offer) ||
        !dlna_answer_time_seek(exchange, object->facts.duration_ms, stream))
        return;
    dlna_answer_caption(exchange, dialect, object);
    reply_stream_as(exchange, g_steal_pointer(&stream), offer.mime);
}

/* -- Subtitles and lyrics ---------------------------------------------------------------------- */

static void
reply_words(HttpExchange *exchange, const Api *api, Stream *stream, const GError *error)
{
    if (stream != NULL)
        reply_stream_as(exchange, stream,
                        dialect_mime(request_dialect(exchange, api), stream->mime));
    else
        http_exchange_reply_error(exchange, error);
}

/* Somebody who waits for words that a worker takes out of a film. */
typedef struct {
    HttpExchange *exchange; /* borrowed, like the next */
    const Api *api;
    char *as; /* NULL: as they come */
} WordsAsker;

static void
on_words(GBytes *text, const GError *error, gpointer user_data)
{
    g_autofree WordsAsker *asker = user_data;
    g_autofree char *as = asker->as;
    g_autoptr(GError) problem = NULL;
    gsize size = 0;
    const char *octets = text != NULL ? g_bytes_get_data(text, &size) : NULL;
    Stream *stream =
        text != NULL ? subtitle_text_open(octets, size, "srt", as, &problem) : NULL;

    reply_words(asker->exchange, asker->api, stream, problem != NULL ? problem : error);
}

/* The words within a film, on the loop. */
static void
get_track(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *as = NULL;
    g_autoptr(MediaObject) object = find_item(exchange, api);
    const MediaSidecar *sidecar =
        object != NULL ? subtitle_find(object, http_exchange_parameter(exchange, "name"), &as)
                       : NULL;

    if (object == NULL)
        return;
    if (sidecar == NULL || sidecar->track == 0 || object->is_offline) {
        http_exchange_reply_problem(exchange, object->is_offline ? 503 : 404, "name",
                                    "“%s” has none of that name now", object->title);
        return;
    }
    WordsAsker *asker = g_new(WordsAsker, 1);
    *asker = (WordsAsker){ exchange, api, g_strdup(as) };
    subtitle_tracks_get(api->parts.subtitle_tracks, object, sidecar->track, on_words, asker);
}

/* What belongs to an item, beside it or within. */
static void
get_sidecar(HttpExchange *exchange, gpointer user_data)
{
    Api *api = user_data;
    const char *name = http_exchange_parameter(exchange, "name"), *as;
    g_autoptr(GError) error = NULL;
    g_autoptr(MediaObject) object = find_item(exchange, api);
    const MediaSidecar *sidecar = object != NULL ? subtitle_find(object, name, &as) : NULL;

    if (object == NULL)
        return;
    if (sidecar != NULL && sidecar->track != 0) {
        http_exchange_cross(exchange, get_track, api);
        return;
    }
    Stream *stream = library_open_sidecar(api->parts.library, object->id, name, &error);
    reply_words(exchange, api, stream, error);
}

/* -- Pictures ---------------------------------------------------------------------------------- */

static void
on_picture(Stream *picture, const GError *error, gpointer user_data)
{
    HttpExchange *exchange = user_data;

    if (picture == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    http_exchange_add_head(exchange, "Cache-Control", "max-age=300");
    http_exchange_reply_stream(exchange, picture);
}

/* Which moment of a film is wanted; 0: none in particular. False: replied already. */
static bool
read_moment(HttpExchange *exchange, uint32_t *moment_ms)
{
    uint32_t at;

    if (!request_number(exchange, "at", 0, MOMENT_MAX_S, 0, &at))
        return false;
    *moment_ms = http_exchange_query(exchange, "at") == NULL
                     ? 0 : MAX(at / MOMENT_STEP_S * MOMENT_STEP_S * 1000, 1);
    return true;
}

static void
get_picture(HttpExchange *exchange, gpointer user_data)
{
    Api *api = user_data;
    uint32_t width, moment_ms;

    if (!request_number(exchange, "w", PICTURE_WIDTH_MIN, PICTURE_WIDTH_MAX, PICTURE_WIDTH,
                        &width) ||
        !read_moment(exchange, &moment_ms))
        return;
    const DlnaPicture *picture = dlna_picture_of_width(width);
    const char *as = http_exchange_query(exchange, "as");
    const Dialect *dialect = as != NULL ? dialects_named(api->parts.dialects, as)
                                        : upnp_asker_dialect(api->parts.dialects, exchange);
    MediaOffer offer;
    if (picture != NULL)
        media_offer_picture(&offer, dialect, picture);
    if (!dlna_answer_transfer_mode(exchange, true, false) ||
        (picture != NULL && !dlna_answer_features(exchange, &offer)))
        return;
    g_auto(PictureSource) source = { 0 };
    g_auto(Visitor) visitor = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *id =
        request_id(exchange, api, http_exchange_parameter(exchange, "id"), &visitor);
    if (!library_picture(api->parts.library, visitor.audience, id, &source, &error)) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    source.moment_ms = source.kind == MEDIA_VIDEO ? moment_ms : 0;
    picture_cache_get(api->pictures, &source, width, on_picture, exchange);
}

const HttpRoute media_routes[] = {
    { "GET", "/media/{id}/{name}", HTTP_READ, get_media, 0 },
    { "GET", "/media/{id}/beside/{name}", HTTP_READ, get_sidecar, 0 },
    { "GET", "/media/{id}/as/{dialect}/{name}", HTTP_READ, get_media, 0 },
    { "GET", "/media/{id}/as/{dialect}/beside/{name}", HTTP_READ, get_sidecar, 0 },
    { "GET", "/thumb/{id}", HTTP_STATE, get_picture, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
