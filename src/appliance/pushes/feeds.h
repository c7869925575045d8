/* feeds.h -- what is sent to us live: a tab, a window, a whole screen, a phone's camera
 *
 * Each lasts as long as its page sends: one that was silent for FEED_SILENCE_S is over, and gone.
 * Screens that take it as it is read it so; for others each reader gets a worker that makes another
 * form of it while it comes, and that leaves out what it is too slow for. Main loop only, but for
 * what says otherwise. */
#pragma once

#include "appliance/pushes/feed.h"
#include "base/clock.h"
#include "pipelines/delivery.h"

#define FEEDS_MAX 16
#define FEED_FORMS_MAX 4 /* workers at a time */
#define FEED_SILENCE_S 12  /* players give up after 15 */
#define FEED_PATIENCE_S 60 /* until the first picture */

typedef struct Feeds Feeds;

/* worker: NULL: worker_program(); clock is borrowed. */
Feeds *feeds_new(const char *worker, Clock *clock);
/* Ends them all; streams of them must have been freed. */
void   feeds_free(Feeds *feeds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Feeds, feeds_free)

/* A new one, empty; title: for people. A reference; any thread. DUO_ERROR_UNSUPPORTED (what mime
 * names is not taken), DUO_ERROR_BUSY (too many). */
Feed  *feeds_create(Feeds *feeds, const char *title, const char *mime, GError **error);
/* A reference; any thread. DUO_ERROR_NOT_FOUND. */
Feed  *feeds_find(Feeds *feeds, const char *id, GError **error);
/* It is over, and forgotten; any thread. */
void   feeds_remove(Feeds *feeds, Feed *feed);

typedef void (*FeedVisit)(Feed *feed, gpointer user_data);
void   feeds_each(Feeds *feeds, FeedVisit visit, gpointer user_data); /* any thread */

/* -- Reaching a screen ------------------------------------------------------------------------- */

/* How a feed reaches a screen that takes sinks, as delivery_decide(): never as a remux, since all
 * that is not direct has a worker. delivery is zeroed, and then the caller's to clear.
 * DUO_ERROR_UNSUPPORTED, DUO_ERROR_CONFLICT (nothing of it has come yet). */
bool   feed_decide(Delivery *delivery, const FeedFacts *facts, const char *screen,
                   const char *sinks, GError **error);
/* "feed-ID" and "feed-ID.PROFILE", as in "/stream/TOKEN/NAME". profile: NULL: as it is. */
void   feed_append_url(GString *out, const char *base_url, const FeedFacts *facts,
                       const Profile *profile);
/* The id in such an address, the caller's; NULL: it is none such. Pure. */
char  *feed_id_of_url(const char *url);
bool   feeds_is_token(const char *token); /* pure */
/* What the token names, from now on: as it is, or of a worker that begins. DUO_ERROR_NOT_FOUND,
 * DUO_ERROR_BUSY. */
Stream *feeds_open(Feeds *feeds, const char *token, GError **error);
/* Its MIME type, for who asks for the heads alone; the caller's. DUO_ERROR_NOT_FOUND. */
char   *feeds_mime(Feeds *feeds, const char *token, GError **error);
