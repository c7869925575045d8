/* reply-cache.h -- answers of read actions, kept while they hold
 *
 * A list is asked for by many screens in the same words, and escaping it twice costs more than
 * reading it. An answer is kept under everything it depends on: the words of the request, the address
 * it came in at, and the edition of the service (model/service.h); so nothing need be forgotten when
 * the library changes. Any thread. */
#pragma once

#include "base/clock.h"

typedef struct UpnpReplyCache UpnpReplyCache;

UpnpReplyCache *upnp_reply_cache_new(Clock *clock); /* borrowed */
void            upnp_reply_cache_free(UpnpReplyCache *cache);

/* The caller's; NULL: none. */
GBytes *upnp_reply_cache_get(UpnpReplyCache *cache, GBytes *key);
void    upnp_reply_cache_put(UpnpReplyCache *cache, GBytes *key, GBytes *reply);
