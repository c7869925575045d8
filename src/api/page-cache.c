/* page-cache.c -- see page-cache.h */
#include "api/page-cache.h"

#define PAGES_MAX 64
#define PAGE_SIZE_MAX (64 * 1024) /* so at most 4 MiB in all */
#define PAGE_LIFE_MS 2000

typedef struct {
    GBytes *bytes;
    int64_t until_ms;
} Page;

struct PageCache {
    Library *library; /* borrowed */
    Clock *clock;     /* borrowed */
    guint observer;
    GMutex lock; /* for what follows */
    guint edition;
    GHashTable *pages; /* key -> Page */
};

static void
page_free(gpointer data)
{
    Page *page = data;

    g_bytes_unref(page->bytes);
    g_free(page);
}

static void
on_library_event(gconstpointer data, gpointer user_data)
{
    const LibraryEvent *event = data;
    PageCache *cache = user_data;

    if (event->type == LIBRARY_EVENT_SCAN)
        return;
    g_mutex_lock(&cache->lock);
    cache->edition++;
    g_hash_table_remove_all(cache->pages);
    g_mutex_unlock(&cache->lock);
}

PageCache *
page_cache_new(Library *library, Clock *clock)
{
    PageCache *cache = g_new0(PageCache, 1);

    cache->library = library;
    cache->clock = clock;
    cache->pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, page_free);
    g_mutex_init(&cache->lock);
    cache->observer = library_observe(library, on_library_event, cache);
    return cache;
}

void
page_cache_free(PageCache *cache)
{
    if (cache == NULL)
        return;
    library_unobserve(cache->library, cache->observer);
    g_hash_table_unref(cache->pages);
    g_mutex_clear(&cache->lock);
    g_free(cache);
}

GBytes *
page_cache_get(PageCache *cache, const char *key, guint *edition)
{
    int64_t now_ms = clock_now_ms(cache->clock);
    GBytes *bytes = NULL;

    g_mutex_lock(&cache->lock);
    *edition = cache->edition;
    const Page *page = g_hash_table_lookup(cache->pages, key);
    if (page != NULL && now_ms < page->until_ms)
        bytes = g_bytes_ref(page->bytes);
    g_mutex_unlock(&cache->lock);
    return bytes;
}

void
page_cache_put(PageCache *cache, const char *key, guint edition, GBytes *bytes)
{
    if (g_bytes_get_size(bytes) > PAGE_SIZE_MAX)
        return;
    Page *page = g_new(Page, 1);
    *page = (Page){ g_bytes_ref(bytes), clock_now_ms(cache->clock) + PAGE_LIFE_MS };

    g_mutex_lock(&cache->lock);
    if (edition != cache->edition) {
        page_free(page);
    } else {
        if (g_hash_table_size(cache->pages) >= PAGES_MAX)
            g_hash_table_remove_all(cache->pages);
        g_hash_table_replace(cache->pages, g_strdup(key), page);
    }
    g_mutex_unlock(&cache->lock);
}
