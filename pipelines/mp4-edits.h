/* mp4-edits.h -- when each track of a fragmented MP4 begins (ISO 14496-12, 8.6.5 and 8.6.6)
 *
 * Pure. GStreamer's mp4mux counts the samples of each track from its own first one and writes no
 * edit list into a file in fragments: a sound that begins later than the picture, and pictures
 * whose order is not that of decoding, would then be told early or late by as much. */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct {
    int64_t lead_ns; /* nothing is shown for so long */
    /* then the media from there on: how far the first sample is told after it is decoded */
    int64_t skip_ns;
} Mp4Edit;

/* The box "moov" with an edit list in each of its tracks, of the kind that names it; NULL: it is no
 * such box. */
GBytes *mp4_add_edits(const uint8_t *moov, size_t size, const Mp4Edit *video, const Mp4Edit *audio);
