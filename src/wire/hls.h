/* hls.h -- a film as a list of segments (RFC 8216), and what a worker makes of it taken apart
 *
 * Pure. All of the film is in the list from the beginning, so that players seek anywhere in it; its
 * segments are MP4 (ISO 23000-19) behind one header. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define HLS_SEGMENT_MS 4000
#define HLS_SEGMENTS_MAX 6000 /* six hours and more; a worker is told of all in one message */
#define MIME_SEGMENT "video/mp4"

/* When each segment begins, int64_t in milliseconds, the first at 0; the caller's. NULL: it is too
 * long for segments, or there are no keys that would do. */
GArray  *hls_cut_evenly(int64_t duration_ms);
/* At key frames: text names them, a time in milliseconds a line, ascending. */
GArray  *hls_cut_at_keys(const char *text, size_t size, int64_t duration_ms);

/* The times of cuts from number first on, as a worker is told them, at most so many; the
 * caller's. */
char    *hls_print_cuts(const GArray *cuts, guint first, guint most);

/* The list: its segments are "FOLDER/0.m4s" and so on, their header is "FOLDER/init.mp4". */
GString *hls_print_list(const GArray *cuts, int64_t duration_ms, const char *folder);

/* "0.m4s" -> 0, "init.mp4" -> HLS_HEADER. False: it is neither. */
#define HLS_HEADER G_MAXUINT
bool     hls_part_decode(const char *name, guint *number);

/* One box of MP4 at data (ISO 14496-12, 4.2): its whole size, 0 when there is too little of it to
 * tell. is_begin: with it a segment begins. False: it is none. */
bool     hls_box(const uint8_t *data, size_t size, uint64_t *box_size, bool *is_begin);
