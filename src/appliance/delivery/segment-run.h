/* segment-run.h -- segments of a film, one after the other, while a worker makes them
 *
 * It takes from the stream as many as are wanted, and a little more; what is not taken holds the
 * worker back. Some of the last are kept. Main loop only. */
#pragma once

#include "appliance/delivery/streams.h"

typedef struct SegmentRun SegmentRun;

/* Something new is there, or it has ended. */
typedef void (*SegmentRunNews)(SegmentRun *run, gpointer user_data);

/* Begins with the segment of number first. wish: from where that begins; borrowed for the call.
 * news is told from the loop, never from here; the run may be freed by it. */
SegmentRun   *segment_run_new(Streams *streams, const StreamWish *wish, guint first,
                              SegmentRunNews news, gpointer user_data);
void          segment_run_free(SegmentRun *run);

/* Makes go on until that segment is there, and some behind it. */
void          segment_run_want(SegmentRun *run, guint number);
/* One that is kept; borrowed; NULL: it is not here. */
GBytes       *segment_run_get(const SegmentRun *run, guint number);
/* What all segments need before them; borrowed; NULL: not here yet. */
GBytes       *segment_run_header(const SegmentRun *run);
/* The number of the one that is being made. */
guint         segment_run_next(const SegmentRun *run);
bool          segment_run_has_ended(const SegmentRun *run);
/* Why it ended; borrowed; NULL: that is all there is. */
const GError *segment_run_error(const SegmentRun *run);
