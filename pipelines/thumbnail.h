/* thumbnail.h -- a JPEG of a media file, by GStreamer: small ones, and whole pictures for sets
 *
 * Runs inside duoping-worker, which has initialised GStreamer. */
#pragma once

#include "model/media.h"

typedef struct {
    MediaKind kind;         /* what the file is held for */
    uint32_t width, height; /* of the box that it must fit into; height 0: as width */
    /* of a film: what it shows then; 0: its cover, or a frame that is not black */
    uint32_t moment_ms;
} ThumbnailWish;

/* Writes to output the JPEG of what is open at file, upright, never enlarged. beside: a cover that
 * lies beside a song, or -1. The descriptors stay the caller's.
 * Errors: DUO_ERROR_NOT_FOUND (it has no picture), DUO_ERROR_TOO_LARGE (too many pixels),
 * DUO_ERROR_FAILED (it cannot be decoded: the reason, for people). */
bool thumbnail_make(int file, int beside, const ThumbnailWish *wish, int output, GError **error);

/* Likewise, of the picture file itself, and of no small one that lies within it. */
bool picture_make(int file, uint32_t width, uint32_t height, int output, GError **error);
