/* live-room.h -- what the files of live-parts share */
#pragma once

#include "base/bytes.h"
#include "wire/live-parts.h"

#define LIVE_TRACKS_MAX 8
#define LIVE_HEAD_MAX (256 * 1024)

typedef struct {
    uint64_t number;
    bool is_video;
    const char *codec;  /* static; NULL: not known */
    uint64_t timescale; /* MP4: of a second */
    uint32_t flags;     /* MP4: of its samples, unless they say so themselves */
} LiveTrack;

struct LiveParts {
    const struct LiveFormat *format;
    GByteArray *waiting; /* what is not yet a whole element */
    GByteArray *header;  /* what the head is made of, until it is whole */
    GBytes *head;        /* NULL: not yet */
    GQueue ready;        /* LivePart, owned */
    LiveTrack tracks[LIVE_TRACKS_MAX];
    guint track_count;
    bool is_spoiled;
    /* WebM: */
    uint64_t scale_ns; /* of a unit of time */
    uint64_t cluster_time;
    bool is_cluster_new; /* nothing of it was told yet */
    /* MP4: */
    GByteArray *fragment; /* a moof that waits for its mdat; NULL: none */
    bool is_entry;
    int64_t time_ms;
};

/* One of the containers. */
typedef struct LiveFormat {
    /* Length of the element that begins there, or of the head of one whose content follows as
     * elements of its own; 0: more octets are needed; -1: it is none, or (is_first) no recording
     * begins so. */
    gssize (*measure)(const uint8_t *octets, size_t count, bool is_first);
    bool (*take)(LiveParts *parts, const uint8_t *octets, size_t count);
} LiveFormat;

extern const LiveFormat live_webm, live_mp4;

/* The head grows; false: too large. */
bool       live_head_add(LiveParts *parts, const void *octets, size_t count);
/* Nothing of it follows. */
void       live_head_end(LiveParts *parts);
/* octets is taken over. */
void       live_part_add(LiveParts *parts, GByteArray *octets, bool is_entry, int64_t time_ms);
LiveTrack *live_track_add(LiveParts *parts);                          /* zeroed; NULL: too many */
LiveTrack *live_track_find(LiveParts *parts, uint64_t number);        /* NULL: none */
bool       live_has_video(const LiveParts *parts);
