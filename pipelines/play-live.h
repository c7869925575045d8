/* play-live.h -- what is sent as it happens is shown as it comes
 *
 * For pipelines/play: of a live address playbin collects nothing, what decodes it waits for nothing,
 * and each picture is shown when it is there rather than when its time comes. */
#pragma once

#include <gst/gst.h>
#include <stdbool.h>

typedef struct PlayLive PlayLive;

/* pipeline: a playbin, which outlives it. */
PlayLive *play_live_new(GstElement *pipeline);
void      play_live_free(PlayLive *live); /* media threads may be within it for a moment yet */

/* Whether the address that is loaded next is live; the main loop alone. */
void      play_live_set(PlayLive *live, bool is_live);
/* Where in what is live the picture is that is shown, from the first on; of anything else told_ms,
 * which is what the playbin counts: of what is live it counts on while it waits. */
int64_t   play_live_place_ms(const PlayLive *live, int64_t told_ms);
