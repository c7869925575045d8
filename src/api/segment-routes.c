/* segment-routes.c -- films in segments, for players of HLS: their lists and their parts
 *
 * Who may see the film is asked for each of them, like for its bytes. */
#include "api/room.h"
#include "base/text.h"
#include "wire/hls.h"
#include "wire/protocol-info.h"

static void
reply_octets(HttpExchange *exchange, GBytes *octets, const char *mime, const GError *error)
{
    if (octets != NULL)
        reply_stream(exchange, stream_new_bytes(octets, mime));
    else
        http_exchange_reply_error(exchange, error);
}

static void
on_list(GBytes *octets, const GError *error, gpointer user_data)
{
    const Api *api = http_exchange_route_data(user_data);

    reply_octets(user_data, octets, dialect_mime(request_dialect(user_data, api), MIME_HLS),
                 error);
}

static void
on_part(GBytes *octets, const GError *error, gpointer user_data)
{
    reply_octets(user_data, octets, MIME_SEGMENT, error);
}

void
segments_reply_list(HttpExchange *exchange, const Api *api, const StreamWish *wish)
{
    g_autofree char *token = text_percent_encode(http_exchange_parameter(exchange, "token"));
    g_autofree char *folder = g_strdup_printf("/stream/%s/part", token);

    http_exchange_add_head(exchange, "Cache-Control", "no-store");
    segments_list(api->parts.segments, wish, folder, on_list, exchange);
}

static void
get_part(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    StreamWish wish;
    guint number;

    if (api->parts.fetches != NULL)
        fetches_note(api->parts.fetches, exchange);
    if (!stream_token_decode(http_exchange_parameter(exchange, "token"), &wish) ||
        !wish.profile->is_list) {
        http_exchange_reply_problem(exchange, 404, "token", "nothing in parts has that name");
        return;
    }
    if (!hls_part_decode(http_exchange_parameter(exchange, "name"), &number)) {
        http_exchange_reply_problem(exchange, 404, "name", "no part has that name");
        return;
    }
    g_autoptr(MediaObject) object = request_find_octets(exchange, api, wish.item_id, &error);
    if (object == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    wish.item_id = object->id;
    http_exchange_add_head(exchange, "Cache-Control", "no-store");
    if (g_strcmp0(http_exchange_method(exchange), "HEAD") == 0)
        http_exchange_reply(exchange, 200, MIME_SEGMENT, NULL); /* nothing runs for it */
    else
        segments_get(api->parts.segments, &wish, number, on_part, exchange);
}

const HttpRoute segment_routes[] = {
    { "GET", "/stream/{token}/part/{name}", HTTP_STATE, get_part, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
