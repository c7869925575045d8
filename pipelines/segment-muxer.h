/* segment-muxer.h -- coded pictures and sound as MP4 in segments (ISO 23000-19), for HLS
 *
 * What it writes begins with the header that all segments share; each segment begins with a box
 * "styp", and is cut at the key frame that is due. Times are those of the film, so that the
 * segments of one worker follow on those of another. */
#pragma once

#include <glib.h>
#include <libavcodec/avcodec.h>
#include <stdbool.h>

typedef struct SegmentMuxer SegmentMuxer;

typedef enum { SEGMENT_VIDEO, SEGMENT_AUDIO, SEGMENT_TRACK_N } SegmentTrack;

typedef struct {
    const AVCodecParameters *tracks[SEGMENT_TRACK_N]; /* NULL: there is none */
    const char *cuts; /* ConversionOrder's */
    int output;       /* borrowed; a pipe */
} SegmentParts;

/* DUO_ERROR_UNSUPPORTED: the container cannot take it. */
SegmentMuxer *segment_muxer_new(const SegmentParts *parts, GError **error);
void          segment_muxer_free(SegmentMuxer *muxer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SegmentMuxer, segment_muxer_free)

/* Takes what packet holds, in the order of decoding; its times are in time_base. False with error
 * set: DUO_ERROR_TOO_LARGE (one track is too far ahead), or nobody reads on. */
bool          segment_muxer_add(SegmentMuxer *muxer, SegmentTrack track, AVPacket *packet,
                                AVRational time_base, GError **error);
/* Writes what is left. */
bool          segment_muxer_finish(SegmentMuxer *muxer, GError **error);

/* The times of cuts, in milliseconds; the caller's. */
GArray       *segment_cuts_decode(const char *cuts);
/* All is told so much later than in the film: no edit lists are needed then, which players of
 * segments read each in its own way, for what is decoded before it begins. */
#define SEGMENT_LEAD_US 1000000
/* A key frame that comes so much early is the one that is due: clocks of files are coarse. */
#define SEGMENT_EARLY_MS 20
