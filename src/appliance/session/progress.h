/* progress.h -- where each screen is by now, and how long it takes to begin
 *
 * A screen says where it is now and then; in between a position goes on by itself. From asking a
 * screen to play to its first picture some time goes by: it is learnt from time to time. Main loop
 * only. */
#pragma once

#include "base/clock.h"
#include "model/screen.h"

typedef struct Progress Progress;

/* clock: borrowed. */
Progress *progress_new(Clock *clock);
void      progress_free(Progress *progress);

/* The screen said something, perhaps of its position. */
void      progress_take_notice(Progress *progress, const Screen *screen);
/* Where it is by now, in milliseconds; never beyond the end of what it plays. */
int64_t   progress_position_ms(Progress *progress, const Screen *screen);

/* From asking it to its first picture, in milliseconds; of one not seen before a guess. */
int64_t   progress_lead_ms(Progress *progress, const Screen *screen);
/* It took lead_ms this time. */
void      progress_learn_lead(Progress *progress, const Screen *screen, int64_t lead_ms);
