/* play-link.h -- how the media threads of a playbin reach its player, and the other way round
 *
 * For pipelines/play: what GstPlay hides of its pipeline. Media threads touch nothing but the link;
 * what they have to say is posted to the main loop, where alone these functions are called. */
#pragma once

#include <gst/gst.h>
#include <stdbool.h>

typedef struct PlayLink PlayLink;

/* uri, error: borrowed for the call. */
typedef struct {
    /* The stream that was offered as next has begun, without a gap. */
    void (*next_began)(const char *uri, gpointer user_data);
    /* Something went wrong with uri, in words for people: DUO_ERROR_UNSUPPORTED (a decoder is
     * missing), DUO_ERROR_NOT_FOUND or DUO_ERROR_UNAVAILABLE (its server refused, or is away),
     * DUO_ERROR_FAILED. Told before GstPlay tells of the error. */
    void (*trouble)(const char *uri, const GError *error, gpointer user_data);
} PlayLinkEvents;

/* pipeline: a playbin; events and user_data are borrowed. */
PlayLink *play_link_new(GstElement *pipeline, const PlayLinkEvents *events, gpointer user_data);
/* Nothing is told from here on, though the pipeline may live on for a moment. */
void      play_link_free(PlayLink *link);

/* What playbin may go on with by itself when its media ends; NULL: nothing. */
void      play_link_offer_next(PlayLink *link, const char *uri);
/* From here until play_link_let_go() playbin does not go on by itself: a seek that meets the change
 * is lost, or never ends (1.22). False when it has gone on already, though the new media has not
 * begun: a seek would be one in that. */
bool      play_link_hold(PlayLink *link);
void      play_link_let_go(PlayLink *link);
/* Another address is about to be loaded: what was offered or taken for the one before is forgotten,
 * and nothing is held. start_ms: from where on it is asked for, by DLNA's TimeSeekRange; 0: from
 * its beginning, and nothing is said. */
void      play_link_begin(PlayLink *link, int64_t start_ms);
