/* http-reply-cache.h -- bodies of replies, kept while they hold
 *
 * A list is asked for by many screens in the same words, and printing it twice costs more than
 * reading it. A body is kept under everything it depends on (the words of the request, the address
 * it came in at, the edition of what was read), so nothing need be forgotten when the library
 * changes; and for two seconds at most, should a disk come or go without a word. Any thread. */
#pragma once

#include "base/clock.h"

typedef struct HttpReplyCache HttpReplyCache;

HttpReplyCache *http_reply_cache_new(Clock *clock); /* borrowed */
void            http_reply_cache_free(HttpReplyCache *cache);

/* The caller's; NULL: none. */
GBytes *http_reply_cache_get(HttpReplyCache *cache, GBytes *key);
void    http_reply_cache_put(HttpReplyCache *cache, GBytes *key, GBytes *reply);
