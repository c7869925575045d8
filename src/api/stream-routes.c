/* stream-routes.c -- what is made of a file while it is sent, and in which forms it can be had
 *
 * A stream has no length; it is sought by time, with DLNA's TimeSeekRange or a start in the
 * address. */
#include "api/dlna-heads.h"
#include "api/room.h"
#include "base/text.h"
#include "wire/didl.h"
#include "wire/time-seek.h"

/* -- Forms ------------------------------------------------------------------------------------- */

static void
json_limit(JsonWriter *json, const char *name, int64_t limit)
{
    if (limit > 0)
        json_number(json, name, limit);
}

static void
json_profile(JsonWriter *json, const Profile *profile)
{
    json_open(json, NULL, '{');
    json_text(json, "name", profile->name);
    json_text(json, "class", media_kind_name(profile->kind));
    json_text(json, "container", profile->format);
    json_text(json, "video_codec", profile->video);
    json_text(json, "audio_codec", profile->audio);
    json_text(json, "mime", profile->mime);
    json_open(json, "limits", '{');
    json_limit(json, "width", profile->width);
    json_limit(json, "height", profile->height);
    json_limit(json, "frame_rate", profile->frame_rate);
    json_limit(json, "video_bitrate", profile->video_kbit * 1000);
    json_limit(json, "audio_bitrate", profile->audio_kbit * 1000);
    json_limit(json, "channels", profile->channels);
    json_limit(json, "sample_rate", profile->sample_rate);
    json_close(json, '}');
    json_close(json, '}');
}

static void
get_profiles(HttpExchange *exchange, gpointer user_data)
{
    JsonWriter json;

    json_init(&json, 4096);
    json_open(&json, NULL, '[');
    for (const Profile *profile = profiles; profile->name != NULL; profile++)
        json_profile(&json, profile);
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

static void
reply_delivery(HttpExchange *exchange, const Delivery *delivery, const MediaObject *object,
               int audio_track)
{
    JsonWriter json;

    json_init(&json, 1024);
    json_open(&json, NULL, '{');
    json_text(&json, "how", delivery_how_name(delivery->how));
    json_text(&json, "reason", delivery->reason);
    if (delivery->how == DELIVERY_DIRECT)
        didl_append_media_url(json_begin_plain(&json, "url"), "", &dialect_plain, object);
    else
        stream_append_url(json_begin_plain(&json, "url"), "", &dialect_plain,
                          &(StreamWish){ .profile = delivery->profile, .item_id = object->id,
                                         .audio_track = audio_track,
                                         .subtitle = delivery->subtitle },
                          object);
    json_end_plain(&json);
    json_text(&json, "mime", delivery->how == DELIVERY_DIRECT ? object->facts.mime
                                                              : delivery->profile->mime);
    json_close(&json, '}');
    reply_json(exchange, 200, &json);
}

/* How an item would reach a screen that takes one form alone. */
static void
get_delivery(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *name = http_exchange_query(exchange, "profile");
    g_auto(Delivery) delivery = { 0 };
    g_autoptr(GError) error = NULL;
    uint32_t track, subtitle;

    DeliveryWish wish = { .name = name, .profile = name != NULL ? profile_find(name) : NULL };
    if (wish.profile == NULL) {
        http_exchange_reply_problem(exchange, 400, "profile",
                                    "profile must be one of those /api/v1/profiles names");
        return;
    }
    if (!request_number(exchange, "audio", 0, 255, G_MAXUINT32, &track) ||
        !request_number(exchange, "subtitle", 0, 255, G_MAXUINT32, &subtitle))
        return;
    wish.audio_track = track == G_MAXUINT32 ? -1 : (int)track;
    wish.subtitle = subtitle == G_MAXUINT32 ? 0 : (int)subtitle + 1;
    wish.burns = true;
    g_autoptr(MediaObject) object =
        request_find(exchange, api, http_exchange_parameter(exchange, "id"), &error);
    if (object != NULL && object->kind == MEDIA_CONTAINER)
        http_exchange_reply_problem(exchange, 404, "id", "“%s” is a container", object->title);
    else if (object != NULL && delivery_decide(&delivery, object, &wish, &error))
        reply_delivery(exchange, &delivery, object, wish.audio_track);
    else
        http_exchange_reply_error(exchange, error);
}

/* -- Streams ----------------------------------------------------------------------------------- */

/* The stretch of time that is asked for, by head or address; false: replied already. */
static bool
read_start(HttpExchange *exchange, int64_t duration_ms, StreamWish *wish)
{
    const char *asked = http_exchange_head(exchange, "TimeSeekRange.dlna.org");
    const char *start = http_exchange_query(exchange, "t");
    TimeSeek seek = { 0, -1 };

    if (start != NULL && !text_to_duration_ms(start, &wish->start_ms)) {
        http_exchange_reply_problem(exchange, 400, "t", "t must be seconds or H:MM:SS");
        return false;
    }
    TimeSeekKind kind = asked != NULL ? time_seek_decode(asked, duration_ms, &seek)
                                      : TIME_SEEK_STRETCH;
    if (kind == TIME_SEEK_MALFORMED) {
        http_exchange_reply_problem(exchange, 400, "TimeSeekRange.dlna.org",
                                    "must be npt=START-END, END after START");
        return false;
    }
    wish->start_ms += seek.start_ms;
    if (kind == TIME_SEEK_OUTSIDE || (duration_ms > 0 && wish->start_ms >= duration_ms)) {
        http_exchange_reply_problem(exchange, 416, asked != NULL ? "TimeSeekRange.dlna.org" : "t",
                                    "it ends before that");
        return false;
    }
    if (asked != NULL) {
        TimeSeek sent = { wish->start_ms, -1 };
        g_autofree char *told = time_seek_encode(&sent, duration_ms, 0, 0, 0);
        http_exchange_add_head(exchange, "TimeSeekRange.dlna.org", told);
    }
    return true;
}

static bool
answer_heads(HttpExchange *exchange, const Api *api, const MediaObject *object,
             const Profile *profile, MediaOffer *offer)
{
    const Dialect *dialect = request_dialect(exchange, api);
    MediaForm form = delivery_form(profile, object);

    media_offer_form(offer, dialect, &form);
    return dlna_answer_transfer_mode(exchange, profile->kind == MEDIA_IMAGE,
                                     dialect->takes_any_transfer) &&
           dlna_answer_features(exchange, offer);
}

/* Somebody who waits for what a worker begins to make. */
typedef struct {
    HttpExchange *exchange; /* borrowed */
    char *mime;
} StreamAsker;

static void
on_opened(Stream *stream, const GError *error, gpointer user_data)
{
    StreamAsker *asker = user_data;

    if (stream != NULL)
        reply_stream_as(asker->exchange, stream, asker->mime);
    else
        http_exchange_reply_error(asker->exchange, error);
    g_free(asker->mime);
    g_free(asker);
}

static void
open_stream(HttpExchange *exchange, const Api *api, const StreamWish *wish, const char *mime)
{
    StreamAsker *asker = g_new0(StreamAsker, 1);

    asker->exchange = exchange;
    asker->mime = g_strdup(mime);
    streams_open(api->parts.streams, wish, on_opened, asker);
}

static void
get_stream(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *token = http_exchange_parameter(exchange, "token");
    g_autoptr(GError) error = NULL;
    MediaOffer offer;
    StreamWish wish;

    if (api->parts.fetches != NULL)
        fetches_note(api->parts.fetches, exchange);
    if (pushes_is_token(token)) {
        upload_reply_stream(exchange, api, token);
        return;
    }
    if (feeds_is_token(token)) {
        feed_reply_stream(exchange, api, token);
        return;
    }
    if (!stream_token_decode(token, &wish)) {
        http_exchange_reply_problem(exchange, 404, "token", "nothing is sent by that name");
        return;
    }
    g_autoptr(MediaObject) object =
        pushes_is_token(wish.item_id)
            ? pushes_find_object(api->parts.pushes, wish.item_id, &error)
            : request_find_octets(exchange, api, wish.item_id, &error);
    if (object == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    wish.item_id = object->id;
    if (!answer_heads(exchange, api, object, wish.profile, &offer))
        return;
    if (wish.profile->is_list) {
        segments_reply_list(exchange, api, &wish);
        return;
    }
    if (!read_start(exchange, object->facts.duration_ms, &wish))
        return;
    http_exchange_add_head(exchange, "Cache-Control", "no-store");
    if (g_strcmp0(http_exchange_method(exchange), "HEAD") == 0) {
        streams_expect(api->parts.streams);
        http_exchange_reply(exchange, 200, offer.mime, NULL); /* nothing runs for it */
    } else {
        open_stream(exchange, api, &wish, offer.mime);
    }
}

const HttpRoute stream_routes[] = {
    { "GET", "/api/v1/profiles", HTTP_READ, get_profiles, 0 },
    { "GET", "/api/v1/library/items/{id}/delivery", HTTP_READ, get_delivery, 0 },
    { "GET", "/stream/{token}/{name}", HTTP_STATE, get_stream, 0 },
    { "GET", "/stream/{token}/as/{dialect}/{name}", HTTP_STATE, get_stream, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
