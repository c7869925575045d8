/* http-receive.c -- the body of a request while it comes
 *
 * Runs on the http thread. A route either wants its body whole, which is gathered up to the route's
 * body_max, or is an UPLOAD: then a sink takes the octets as they come, in pieces of at most one
 * connection's pool; while it writes nothing more is read, and TCP holds the sender back. */
#include "net/http-room.h"

#define DISCARD_MAX (256 * 1024) /* of a refused body we still take: so the peer reads why */
/* An upload must bring that much within the time that a body may stand still. */
#define PROGRESS_MIN (4 * 1024)

/* -- Bodies that are gathered ------------------------------------------------------------------ */

static enum MHD_Result
gather(HttpExchange *exchange, HttpConnection *via, const char *octets, size_t count)
{
    size_t room = exchange->is_answered ? 0 : exchange->match.route->body_max;

    http_connection_touch(via);
    if (exchange->incoming == NULL)
        exchange->incoming = g_byte_array_new();
    if (!exchange->is_answered && count > room - exchange->incoming->len)
        http_request_refuse(exchange, 413, "the body is larger than this path takes"); /* chunked */
    if (!exchange->is_answered) {
        g_byte_array_append(exchange->incoming, (const uint8_t *)octets, (guint)count);
        return MHD_YES;
    }
    exchange->discarded += count;
    if (exchange->discarded <= DISCARD_MAX)
        return MHD_YES;
    exchange->is_turned_away = true;
    http_connection_say_last(via, exchange->status,
                             exchange->problem != NULL ? exchange->problem
                                                       : "the body is too large");
    return MHD_YES;
}

bool
http_receive_may_wait(const HttpExchange *exchange)
{
    const HttpRoute *route = exchange->match.route;
    bool is_asking = http_exchange_head(exchange, "Expect") != NULL;
    bool is_upload = route != NULL && route->kind == HTTP_UPLOAD;

    return (is_upload || http_exchange_length(exchange) <= DISCARD_MAX) && !is_asking &&
           !exchange->is_unframed;
}

/* -- Bodies that a sink takes ------------------------------------------------------------------ */

void
http_exchange_receive(HttpExchange *exchange, const HttpSink *sink, gpointer user_data)
{
    g_assert(exchange->sink == NULL && !exchange->is_answered);
    exchange->sink = sink;
    exchange->sink_data = user_data;
}

void
http_receive_begin(HttpExchange *exchange)
{
    const HttpRoute *route = exchange->match.route;
    bool is_chunked = http_exchange_head(exchange, "Transfer-Encoding") != NULL;

    if (http_exchange_length(exchange) < 0 && !is_chunked) {
        http_request_refuse(exchange, 411, "say the length of the body, or send it in chunks");
        return;
    }
    route->handle(exchange, exchange->match.user_data);
    if (exchange->is_answered || exchange->sink != NULL)
        return;
    g_critical("%s %s: neither a reply nor a sink", exchange->method, route->pattern);
    http_request_refuse(exchange, 500, "nobody takes the body");
}

/* Tells the sender at once, who might go on for hours, and takes no notice of what still comes; the
 * connection ends when it stops or when its time is over. */
static void
turn_away(HttpExchange *exchange, HttpConnection *via, const GError *error)
{
    exchange->is_turned_away = true;
    http_receive_abort(exchange);
    http_connection_say_last(via, http_error_status(error), error->message);
}

static enum MHD_Result
pour(HttpExchange *exchange, HttpConnection *via, const char *octets, size_t count)
{
    g_autoptr(GError) error = NULL;

    exchange->untouched += count;
    if (exchange->untouched >= PROGRESS_MIN) {
        exchange->untouched = 0;
        http_connection_touch(via);
    }
    if (!exchange->sink->write(octets, count, exchange->sink_data, &error))
        turn_away(exchange, via, error);
    return MHD_YES;
}

enum MHD_Result
http_receive(HttpExchange *exchange, HttpConnection *via, const char *octets, size_t count)
{
    if (exchange->is_turned_away)
        return MHD_YES;
    return (exchange->sink != NULL ? pour : gather)(exchange, via, octets, count);
}

void
http_receive_end(HttpExchange *exchange)
{
    const HttpSink *sink = g_steal_pointer(&exchange->sink);

    sink->end(exchange, exchange->sink_data);
}

void
http_receive_abort(HttpExchange *exchange)
{
    const HttpSink *sink = g_steal_pointer(&exchange->sink);

    if (sink != NULL)
        sink->end(NULL, exchange->sink_data);
}
