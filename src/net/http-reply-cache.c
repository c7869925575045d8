/* http-reply-cache.c -- see http-reply-cache.h */
#include "net/http-reply-cache.h"

#define SIZE_MAX_ALL (8 * 1024 * 1024) /* of all that is kept */
#define SIZE_MAX_ONE (4 * 1024 * 1024)
#define REPLIES_MAX 256
/* What an edition does not tell: a disk that left without a word. */
#define LIFE_MS 2000

typedef struct {
    GBytes *bytes;
    int64_t until_ms;
} Reply;

struct HttpReplyCache {
    Clock *clock; /* borrowed */
    GMutex lock;  /* for what follows */
    GHashTable *replies; /* GBytes -> Reply */
    size_t size;
};

static void
reply_free(gpointer data)
{
    Reply *reply = data;

    g_bytes_unref(reply->bytes);
    g_free(reply);
}

HttpReplyCache *
http_reply_cache_new(Clock *clock)
{
    HttpReplyCache *cache = g_new0(HttpReplyCache, 1);

    cache->clock = clock;
    cache->replies = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
                                           (GDestroyNotify)g_bytes_unref, reply_free);
    g_mutex_init(&cache->lock);
    return cache;
}

void
http_reply_cache_free(HttpReplyCache *cache)
{
    if (cache == NULL)
        return;
    g_hash_table_unref(cache->replies);
    g_mutex_clear(&cache->lock);
    g_free(cache);
}

GBytes *
http_reply_cache_get(HttpReplyCache *cache, GBytes *key)
{
    int64_t now_ms = clock_now_ms(cache->clock);
    GBytes *bytes = NULL;

    g_mutex_lock(&cache->lock);
    const Reply *reply = g_hash_table_lookup(cache->replies, key);
    if (reply != NULL && now_ms < reply->until_ms)
        bytes = g_bytes_ref(reply->bytes);
    g_mutex_unlock(&cache->lock);
    return bytes;
}

static gboolean
is_over(gpointer key, gpointer value, gpointer user_data)
{
    return ((Reply *)value)->until_ms <= *(int64_t *)user_data;
}

/* Under the lock: drops what is over, and all when that is not enough. */
static void
make_room(HttpReplyCache *cache, size_t size, int64_t now_ms)
{
    GHashTableIter iter;
    gpointer reply;

    if (cache->size + size <= SIZE_MAX_ALL && g_hash_table_size(cache->replies) < REPLIES_MAX)
        return;
    g_hash_table_foreach_remove(cache->replies, is_over, &now_ms);
    cache->size = 0;
    g_hash_table_iter_init(&iter, cache->replies);
    while (g_hash_table_iter_next(&iter, NULL, &reply))
        cache->size += g_bytes_get_size(((Reply *)reply)->bytes);
    if (cache->size + size > SIZE_MAX_ALL || g_hash_table_size(cache->replies) >= REPLIES_MAX) {
        g_hash_table_remove_all(cache->replies);
        cache->size = 0;
    }
}

void
http_reply_cache_put(HttpReplyCache *cache, GBytes *key, GBytes *bytes)
{
    int64_t now_ms = clock_now_ms(cache->clock);
    size_t size = g_bytes_get_size(bytes);

    if (size > SIZE_MAX_ONE)
        return;
    Reply *reply = g_new(Reply, 1);
    *reply = (Reply){ g_bytes_ref(bytes), now_ms + LIFE_MS };
    g_mutex_lock(&cache->lock);
    make_room(cache, size, now_ms);
    const Reply *former = g_hash_table_lookup(cache->replies, key);
    cache->size += size - (former != NULL ? g_bytes_get_size(former->bytes) : 0);
    g_hash_table_replace(cache->replies, g_bytes_ref(key), reply);
    g_mutex_unlock(&cache->lock);
}
