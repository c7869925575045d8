/* relay-routes.c -- what lies elsewhere, passed on to a screen that cannot fetch it itself */
#include "api/room.h"

static void
on_opened(Stream *stream, const GError *error, gpointer exchange)
{
    if (stream != NULL)
        reply_stream(exchange, stream);
    else
        http_exchange_reply_error(exchange, error);
}

static void
get_relay(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;

    http_exchange_add_head(exchange, "transferMode.dlna.org", "Streaming");
    relays_open(casts_relays(api->parts.casts), http_exchange_parameter(exchange, "token"),
                on_opened, exchange);
}

const HttpRoute relay_routes[] = {
    { "GET", "/relay/{token}/{name}", HTTP_STATE, get_relay, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
