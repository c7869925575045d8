/* fetches.c -- see fetches.h */
#include "appliance/delivery/fetches.h"

#include <string.h>

#define KEPT 256 /* a set asks for parts of a file again and again */

/* Hashes: what is noted on every fetch must cost nothing, and a chance meeting of two does no
 * harm. */
typedef struct {
    guint path, peer;
    int64_t at_ms;
} Fetch;

struct Fetches {
    GMutex lock; /* of all below */
    Fetch kept[KEPT];
    guint next;
};

Fetches *
fetches_new(void)
{
    Fetches *fetches = g_new0(Fetches, 1);

    g_mutex_init(&fetches->lock);
    return fetches;
}

void
fetches_free(Fetches *fetches)
{
    if (fetches == NULL)
        return;
    g_mutex_clear(&fetches->lock);
    g_free(fetches);
}

int64_t
fetches_now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

static guint
hash_peer(const char *peer)
{
    g_autofree char *host = g_strndup(peer, strcspn(peer, "%"));

    return g_str_hash(host);
}

void
fetches_note(Fetches *fetches, const HttpExchange *exchange)
{
    g_autofree char *peer = g_inet_address_to_string(
        g_inet_socket_address_get_address(http_exchange_peer(exchange)));
    Fetch fetch = { g_str_hash(http_exchange_path(exchange)), hash_peer(peer), fetches_now_ms() };

    g_mutex_lock(&fetches->lock);
    fetches->kept[fetches->next++ % KEPT] = fetch;
    g_mutex_unlock(&fetches->lock);
}

bool
fetches_saw(Fetches *fetches, const char *url, const char *peer, int64_t since_ms)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    bool was_seen = false;

    if (uri == NULL || peer == NULL)
        return false;
    guint path = g_str_hash(g_uri_get_path(uri)), host = hash_peer(peer);
    g_mutex_lock(&fetches->lock);
    for (guint i = 0; i < KEPT; i++)
        was_seen = was_seen || (fetches->kept[i].path == path && fetches->kept[i].peer == host &&
                                fetches->kept[i].at_ms >= since_ms);
    g_mutex_unlock(&fetches->lock);
    return was_seen;
}
