/* feed-routes.c -- what a page sends live: announced, sent piece by piece, ended
 *
 * Pieces follow each other as parts of an upload do (upload-routes.c): each says by Upload-Offset
 * where it goes on, so that none is lost or comes twice when a connection broke off. It can be cast
 * as soon as its first pictures are there. */
#include "api/room.h"

#include "base/text.h"

#define BODY_MAX 4096

/* -- What a feed is ---------------------------------------------------------------------------- */

static void
json_feed(JsonWriter *json, const FeedFacts *facts)
{
    json_open(json, NULL, '{');
    json_text(json, "id", facts->id);
    json_text(json, "title", facts->title);
    json_text(json, "mime", facts->mime);
    feed_append_url(json_begin_plain(json, "url"), "", facts, NULL);
    json_end_plain(json);
    json_number(json, "received", (int64_t)facts->received);
    json_bool(json, "begun", facts->has_begun);
    json_number(json, "readers", facts->readers);
    json_number(json, "left_out", (int64_t)facts->left_out);
    json_number(json, "newest_ms", facts->newest_ms);
    if (facts->entered_ms >= 0)
        json_number(json, "entered_ms", facts->entered_ms);
    json_close(json, '}');
}

static void
reply_feed(HttpExchange *exchange, unsigned status, Feed *feed)
{
    g_auto(FeedFacts) facts = { 0 };
    JsonWriter json;

    feed_read_facts(feed, &facts);
    json_init(&json, 512);
    json_feed(&json, &facts);
    reply_json(exchange, status, &json);
}

/* A reference; NULL: replied already. */
static Feed *
find_feed(HttpExchange *exchange, const Api *api)
{
    g_autoptr(GError) error = NULL;
    Feed *feed = feeds_find(api->parts.feeds, http_exchange_parameter(exchange, "id"), &error);

    if (feed == NULL)
        http_exchange_reply_error(exchange, error);
    return feed;
}

/* -- Announcing, seeing, ending ---------------------------------------------------------------- */

static void
post_feed(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "title", "mime", NULL };
    const Api *api = user_data;
    const char *title = NULL, *mime = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Feed) feed = NULL;
    json_t *body = request_object(exchange, members);

    if (body != NULL && request_member_text(exchange, body, "title", &title) &&
        request_member_text(exchange, body, "mime", &mime)) {
        if (mime == NULL || title == NULL)
            http_exchange_reply_problem(exchange, 400, mime == NULL ? "mime" : "title",
                                        "mime and title are needed");
        else if ((feed = feeds_create(api->parts.feeds, title, mime, &error)) != NULL)
            reply_feed(exchange, 201, feed);
        else
            http_exchange_reply_error(exchange, error);
    }
    json_decref(body);
}

static void
get_feed(HttpExchange *exchange, gpointer user_data)
{
    g_autoptr(Feed) feed = find_feed(exchange, user_data);

    if (feed != NULL)
        reply_feed(exchange, 200, feed);
}

static void
end_feed(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(Feed) feed = request_may_change(exchange) ? find_feed(exchange, api) : NULL;

    if (feed == NULL)
        return;
    feeds_remove(api->parts.feeds, feed);
    http_exchange_reply(exchange, 204, NULL, NULL);
}

/* -- Receiving --------------------------------------------------------------------------------- */

typedef struct {
    Feed *feed; /* a reference */
    guint writer;
} Receiving;

static bool
receive(const void *octets, size_t count, gpointer user_data, GError **error)
{
    const Receiving *receiving = user_data;

    return feed_write(receiving->feed, receiving->writer, octets, count, error);
}

static void
receive_end(HttpExchange *exchange, gpointer user_data)
{
    Receiving *receiving = user_data;

    if (exchange != NULL)
        reply_feed(exchange, 200, receiving->feed);
    feed_unref(receiving->feed);
    g_free(receiving);
}

static void
patch_feed(HttpExchange *exchange, gpointer user_data)
{
    static const HttpSink sink = { receive, receive_end };
    const char *said = http_exchange_head(exchange, "Upload-Offset");
    g_autoptr(GError) error = NULL;
    uint64_t offset;

    if (!request_may_change(exchange))
        return;
    if (said == NULL || !text_to_u64(said, 0, INT64_MAX, &offset)) {
        http_exchange_reply_problem(exchange, 400, "Upload-Offset",
                                    "Upload-Offset must say where the body goes on");
        return;
    }
    Feed *feed = find_feed(exchange, user_data);
    guint writer = feed != NULL ? feed_begin(feed, offset, &error) : 0;
    if (writer != 0) {
        Receiving *receiving = g_new(Receiving, 1);
        *receiving = (Receiving){ feed, writer };
        http_exchange_receive(exchange, &sink, receiving);
        return;
    }
    if (error != NULL)
        http_exchange_reply_error(exchange, error);
    feed_unref(feed);
}

/* -- Sending ----------------------------------------------------------------------------------- */

void
feed_reply_stream(HttpExchange *exchange, const Api *api, const char *token)
{
    g_autoptr(GError) error = NULL;
    bool is_head = g_strcmp0(http_exchange_method(exchange), "HEAD") == 0;
    g_autofree char *mime = feeds_mime(api->parts.feeds, token, &error);
    Stream *stream =
        mime != NULL && !is_head ? feeds_open(api->parts.feeds, token, &error) : NULL;

    http_exchange_add_head(exchange, "Cache-Control", "no-store");
    if (mime != NULL) {
        http_exchange_add_head(exchange, "transferMode.dlna.org", "Streaming");
        http_exchange_add_head(exchange, "contentFeatures.dlna.org", DLNA_LIVE);
    }
    if (error != NULL)
        http_exchange_reply_error(exchange, error);
    else if (is_head)
        http_exchange_reply(exchange, 200, mime, NULL);
    else
        reply_stream(exchange, stream);
}

const HttpRoute feed_routes[] = {
    { "POST", "/api/v1/feeds", HTTP_READ, post_feed, BODY_MAX },
    { "GET", "/api/v1/feeds/{id}", HTTP_READ, get_feed, 0 },
    { "PATCH", "/api/v1/feeds/{id}", HTTP_UPLOAD, patch_feed, 0 },
    { "DELETE", "/api/v1/feeds/{id}", HTTP_READ, end_feed, 0 },
    /* by which a page that goes can end it: it has no other method then (sendBeacon) */
    { "POST", "/api/v1/feeds/{id}/end", HTTP_READ, end_feed, BODY_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
