/* page-cache.h -- pages of the library as they were printed, kept while it stays as it is
 *
 * Forgets everything when the library tells of a change, and each page after two seconds, should a
 * disk come or go without a word. Private to this room. Made and freed on the main loop, asked on any
 * thread. */
#pragma once

#include "appliance/library.h"
#include "base/clock.h"

typedef struct PageCache PageCache;

/* library and clock are borrowed and outlive the cache. */
PageCache *page_cache_new(Library *library, Clock *clock);
void       page_cache_free(PageCache *cache);

/* The page kept under key, the caller's; NULL: none. edition is for page_cache_put(): it must be taken
 * before the library is read, so that what changes meanwhile is not kept. */
GBytes    *page_cache_get(PageCache *cache, const char *key, guint *edition);
void       page_cache_put(PageCache *cache, const char *key, guint edition, GBytes *page);
