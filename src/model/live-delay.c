/* live-delay.c -- see live-delay.h */
#include "model/live-delay.h"

#include <stdlib.h>
#include <string.h>

#define PLACES_NEEDED 3
#define STRANGE_MAX 3
#define EARLIEST_MS (-100)   /* of a place that came quicker than the clock was read */
#define LATEST_MS 60000      /* no set holds back more of it */
#define SECOND_MS 1000
#define WITHIN_MS 50         /* a picture's length, and the place's way to us */

/* Where the place falls back it began anew, with what was sent last then: others that fetch it
 * later are not it. */
static void
begin_anew(LiveDelay *delay, int64_t began_ms)
{
    *delay = (LiveDelay){ .began_ms = began_ms, .strange = delay->strange };
}

void
live_delay_take(LiveDelay *delay, int64_t now_ms, int64_t began_ms, int64_t place_ms)
{
    if (place_ms == delay->place_ms || place_ms <= 0)
        return;
    if (place_ms < delay->place_ms || delay->place_ms == 0)
        begin_anew(delay, began_ms);
    delay->place_ms = place_ms;
    delay->is_fine = delay->is_fine || place_ms % SECOND_MS != 0;
    int64_t found_ms = now_ms - delay->began_ms - place_ms;
    if (found_ms < EARLIEST_MS || found_ms > LATEST_MS)
        delay->strange++;
    else
        delay->found[delay->count++ % LIVE_DELAY_PLACES] = MAX(found_ms, 0);
}

static int
compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

/* A place's way to us, and how long its picture stands there already, only add to what is found:
 * the lower ones are nearer to the truth. Whole seconds leave half of one out on average. */
bool
live_delay_is_known(const LiveDelay *delay, int64_t *delay_ms, int64_t *within_ms)
{
    int64_t sorted[LIVE_DELAY_PLACES];
    guint count = MIN(delay->count, LIVE_DELAY_PLACES);

    if (count < PLACES_NEEDED || live_delay_is_untold(delay))
        return false;
    memcpy(sorted, delay->found, sizeof sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    *within_ms = delay->is_fine ? WITHIN_MS : SECOND_MS / 2;
    *delay_ms = delay->is_fine ? sorted[count / 4] : MAX(sorted[count / 2] - SECOND_MS / 2, 0);
    return true;
}

bool
live_delay_is_untold(const LiveDelay *delay)
{
    return delay->strange >= STRANGE_MAX;
}
