/* sleep-watch.h -- tells when the machine has slept
 *
 * Timers stand still while it is suspended, the time of a Clock goes on: a look that comes far too
 * late means a sleep. Whoever talks to other machines has been forgotten by them meanwhile. */
#pragma once

#include "base/clock.h"

typedef struct SleepWatch SleepWatch;

/* clock is borrowed. woke(data) is called on the loop, at most five seconds after waking. */
SleepWatch *sleep_watch_new(Clock *clock, ClockFunc woke, gpointer data);
void        sleep_watch_free(SleepWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SleepWatch, sleep_watch_free)
