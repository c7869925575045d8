/* profiles.h -- the forms that delivery can make of a file: one table
 *
 * Pure, and without GStreamer: duopingd decides by it, duoping-worker builds what was decided. A
 * profile is what somebody else can count on: container, codecs and limits. How it is made is the
 * business of the recipes it names (pipelines/recipes). */
#pragma once

#include "model/media.h"

typedef struct {
    const char *name; /* "ts-h264-aac" */
    MediaKind kind;
    const char *mime;
    const char *format;    /* as in MediaFacts: "mpegts" */
    const char *extension; /* of an address */
    const char *dlna;      /* profile name; NULL: none that is certain */
    const char *mux;       /* recipe of the container; NULL: the stream is the file */
    /* codecs as libavcodec names them, and the recipes' names; NULL: none */
    const char *video, *audio;
    /* Limits; what is beyond is made smaller, nothing is ever made larger. */
    int64_t width, height;
    int64_t frame_rate; /* frames in 1000 seconds */
    int64_t level;      /* of the video codec; 0: any */
    int64_t video_kbit, audio_kbit; /* of a second, at most */
    int64_t channels, sample_rate;
    bool is_lossless;
    bool is_exact; /* channels and sample_rate are so, whatever the file has */
    bool is_usual; /* sets are told of it in lists */
    bool is_list;  /* what is sent is a list of segments (wire/hls.h) */
} Profile;

extern const Profile profiles[]; /* the nearest first; ends with a name of NULL */

/* NULL: no such profile. */
const Profile *profile_find(const char *name);
