/* asker.c -- see asker.h */
#include "upnp/asker.h"

#include "net/http-server.h"

const Dialect *
upnp_asker_dialect(const Dialects *dialects, const HttpExchange *exchange)
{
    DialectSpeaker speaker = { { NULL } };

    for (guint sign = 0; sign < DIALECT_SIGN_N; sign++)
        if (dialect_heads[sign] != NULL)
            speaker.words[sign] = http_exchange_head(exchange, dialect_heads[sign]);
    return dialects_find(dialects, &speaker);
}
