/* live-parts.h -- what a browser records while it happens, taken apart into pieces that can be left
 * out
 *
 * WebM (Matroska, RFC 9559, over EBML, RFC 8794) and MP4 in fragments (ISO/IEC 14496-12, 8.8).
 * There is one head, and then part after part; who comes late, or has to leave some out, is given
 * the head and goes on with any part that is an entry: pictures begin anew there. Of WebM clusters
 * are told anew without their lengths, so that every entry begins one. Octets come in whatever
 * pieces; sizes are bounded. A pure codec. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LIVE_PART_MAX (4 * 1024 * 1024) /* a larger one is refused */

typedef struct LiveParts LiveParts;

typedef struct {
    GBytes *octets; /* of the whole; a reference */
    bool is_entry;
    int64_t time_ms; /* from the beginning of the recording */
} LivePart;

void live_part_clear(LivePart *part);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LivePart, live_part_clear)

/* mime: "video/webm" or "video/mp4", or audio; parameters do not matter. NULL: neither. */
LiveParts  *live_parts_new(const char *mime);
void        live_parts_free(LiveParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiveParts, live_parts_free)

/* What comes next. DUO_ERROR_INVALID: it is not that, and nothing more is taken. */
bool        live_parts_add(LiveParts *parts, const void *octets, size_t count, GError **error);
/* The next whole part; false: none yet. part is then the caller's to clear. */
bool        live_parts_next(LiveParts *parts, LivePart *part);

/* Borrowed; NULL until it is whole, which it is before the first part. */
GBytes     *live_parts_head(const LiveParts *parts);
/* Codecs as libavcodec names them; NULL: there is no such stream, or it is not known. */
const char *live_parts_video(const LiveParts *parts);
const char *live_parts_audio(const LiveParts *parts);
