/* moderator.h -- tells of changes, but not too often
 *
 * The "moderated" of UPnP's evented variables: the first change is told at once, those that follow
 * within the interval together at its end. An embedded value; main loop only. */
#pragma once

#include "base/clock.h"

typedef struct {
    Clock *clock; /* borrowed */
    int64_t interval_ms;
    int64_t quiet_until_ms;
    guint timer;
    ClockFunc tell;
    gpointer data;
} Moderator;

void moderator_init(Moderator *moderator, Clock *clock, int64_t interval_ms, ClockFunc tell,
                    gpointer data);
void moderator_clear(Moderator *moderator); /* what was not told yet is dropped */
/* Something changed. */
void moderator_poke(Moderator *moderator);
