/* event-feed.h -- server-sent events: what happens, told to every page and program that listens
 *
 * Private to this room. Main loop only. */
#pragma once

#include "api/api.h"

typedef struct EventFeed EventFeed;

EventFeed *event_feed_new(Api *api); /* borrowed */
/* Tells of its devices too; borrowed until the feed is freed. */
void       event_feed_watch(EventFeed *feed, IgrsNode *node);
void       event_feed_free(EventFeed *feed); /* ends every stream */

/* Answers with a stream that begins with the present state. */
void       event_feed_join(EventFeed *feed, HttpExchange *exchange);
