/* segment-sinks.h -- the end of a graph whose film goes into segments
 *
 * A sink for each track, and one thread that takes from them into a SegmentMuxer, from the one that
 * is behind: so neither runs ahead of the other. */
#pragma once

#include <gst/gst.h>
#include <stdbool.h>

typedef struct SegmentSinks SegmentSinks;

/* cuts is borrowed, output too. */
SegmentSinks *segment_sinks_new(const char *cuts, int output);
/* Ends the thread; the sinks' pipeline must have stopped, or be at its end. */
void          segment_sinks_free(SegmentSinks *sinks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SegmentSinks, segment_sinks_free)

/* The sink of H.264, or of AAC. Floating; each at most once. */
GstElement   *segment_sinks_add(SegmentSinks *sinks, bool is_video);
/* Once all sinks are in the pipeline, which is told of errors on its bus. */
void          segment_sinks_start(SegmentSinks *sinks, GstElement *pipeline);
/* Waits until all is written that comes; the pipeline is at its end. */
bool          segment_sinks_finish(SegmentSinks *sinks, GError **error);

/* Makes chain's encoder begin anew at each of the cuts. */
void          segment_force_keys(GstElement *chain, const char *cuts);
