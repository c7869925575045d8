/* feed.h -- what happens before a camera or on a screen, sent to us while it happens
 *
 * A browser sends its recording piece by piece; it is taken apart (wire/live-parts.h) and the
 * newest few seconds are held. Who reads gets the head, and parts from the newest entry on; who
 * falls behind goes on with the newest entry then, so a slow screen leaves pictures out and nothing
 * grows. Nothing is written to a disk. Any thread. */
#pragma once

#include "model/media.h"
#include "model/stream.h"

#define FEED_READERS_MAX 8
#define FEED_HELD_MAX (16 * 1024 * 1024) /* octets */

typedef struct Feed Feed;

/* What never changes, and (a copy of) what does. */
typedef struct {
    char *id; /* of 32 hexadecimal digits */
    char *title;
    char *mime; /* without parameters */
    const char *video, *audio; /* codecs as libavcodec names them; NULL: none, or not known yet */
    bool has_begun;            /* somebody can read */
    bool is_over;
    uint64_t received;   /* octets */
    guint readers;       /* now */
    uint64_t left_out;   /* parts that some reader was too slow for */
    int64_t newest_ms;   /* in the recording: the newest part, */
    int64_t entered_ms;  /* and where the reader that came last began; -1: none has */
} FeedFacts;

void feed_facts_clear(FeedFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FeedFacts, feed_facts_clear)

/* DUO_ERROR_UNSUPPORTED: a container that is not taken. */
Feed *feed_new(const char *title, const char *mime, GError **error);
Feed *feed_ref(Feed *feed);
void  feed_unref(Feed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Feed, feed_unref)

void  feed_read_facts(Feed *feed, FeedFacts *facts); /* facts is cleared first */

/* It goes on at offset, which must be the number of octets that came (DUO_ERROR_CONFLICT): the
 * number to write with; who wrote before may not any more. 0 with an error, also
 * DUO_ERROR_NOT_FOUND when it is over. */
guint feed_begin(Feed *feed, uint64_t offset, GError **error);
/* DUO_ERROR_INVALID (no such recording; it is over then), DUO_ERROR_CONFLICT (another goes on). */
bool  feed_write(Feed *feed, guint writer, const void *octets, size_t count, GError **error);
/* How many times this was asked since something came. */
guint feed_count_silence(Feed *feed);
/* Nothing follows: who reads comes to an end. */
void  feed_end(Feed *feed);

/* From the newest entry on, without end until it is over. DUO_ERROR_NOT_FOUND (over),
 * DUO_ERROR_BUSY (FEED_READERS_MAX read). */
Stream *feed_open(Feed *feed, GError **error);
