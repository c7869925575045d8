/* live-delay.h -- how long after it happened a screen shows what is live, by the places that it tells
 *
 * A screen counts from the first picture that it shows, which is the first that it was sent: when
 * that was taken is known to who sends it. What then is missing in the screen's place is its delay,
 * to its decoder: what the glass takes comes on top. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LIVE_DELAY_PLACES 5

/* A zeroed one is a good beginning. */
typedef struct {
    int64_t began_ms, place_ms;
    int64_t found[LIVE_DELAY_PLACES]; /* the newest, round and round */
    guint count;                      /* of all that were found, */
    guint strange;                    /* and of what cannot be */
    bool is_fine;                     /* it counts parts of seconds */
} LiveDelay;

/* A screen told place_ms at now_ms, and what it was sent last began to be taken at began_ms, by the
 * same clock. What it told before is nothing new, and is passed over. */
void live_delay_take(LiveDelay *delay, int64_t now_ms, int64_t began_ms, int64_t place_ms);

/* By the newest places, and how far it may be off: 50 ms, half a second where the screen
 * tells whole ones. False: too few are known yet. */
bool live_delay_is_known(const LiveDelay *delay, int64_t *delay_ms, int64_t *within_ms);
/* Its places are not those of what it is sent. */
bool live_delay_is_untold(const LiveDelay *delay);
