/* media-details.h -- what a file holds and what lies beside it: streams, chapters, sidecars
 *
 * Lists of records, each named field by field like the facts of media.h, so that whoever stores,
 * sends or prints them walks a table. They belong to one object that is looked at; in the pages of
 * a list films have their subtitles alone. They never change once they are made, and are shared by
 * counting. */
#pragma once

#include "model/media.h"

typedef enum { MEDIA_STREAMS, MEDIA_CHAPTERS, MEDIA_SIDECARS, MEDIA_TRACKS, MEDIA_LIST_N } MediaListKind;

typedef struct {
    const char *type;     /* "video", "audio", "subtitle" */
    const char *codec;    /* "h264", "aac", "ass", ... as libavcodec names them */
    const char *profile;  /* "High", "Main 10", "LC" */
    const char *language; /* as the file says it: "eng", "chi", "zh-Hant" */
    const char *title;
    const char *hdr; /* "hdr10", "hlg", "dolby-vision"; NULL for the plain range */
    int64_t level;   /* as the codec counts it: 40 is H.264's 4.0, 120 is H.265's 4.0 */
    int64_t bits;    /* of a sample */
    int64_t width, height; /* as stored */
    int64_t frame_rate;    /* frames in 1000 seconds */
    int64_t channels, sample_rate;
    int64_t bitrate;
    int64_t is_default, is_forced;
} MediaStream;

typedef struct {
    const char *title;
    int64_t start_ms, end_ms;
} MediaChapter;

/* What a cue sheet within the file tells of the songs in it. */
typedef struct {
    const char *title, *artist;
    int64_t number, start_ms;
} MediaTrack;

/* A file beside the item that belongs to it, or words within the item that can be had as one. */
typedef struct {
    const char *name;     /* in the item's folder, in valid UTF-8; of its own "track-1.srt" */
    const char *kind;     /* "subtitle", "lyrics" */
    const char *format;   /* "srt", "ass", "vtt", "vobsub", "lrc", ... */
    const char *language; /* as its name or the item says it, or NULL */
    const char *title;    /* as the item says it, or NULL */
    int64_t track;        /* among the item's own subtitles, from 1 on; 0: it is a file */
    int64_t is_default, is_forced; /* as the item says it */
} MediaSidecar;

typedef struct {
    const char *name;         /* of the list: the API's */
    const MediaField *fields; /* of a record; ends with a name of NULL */
    gsize record_size;
    guint max; /* records; more are left out */
} MediaListType;

extern const MediaListType media_list_types[MEDIA_LIST_N];

typedef struct MediaDetails MediaDetails;

MediaDetails *media_details_new(void);
/* A copy with lists of its own that may be added to; of NULL an empty one. */
MediaDetails *media_details_copy(const MediaDetails *details);
MediaDetails *media_details_ref(MediaDetails *details);   /* NULL stays NULL */
void          media_details_unref(MediaDetails *details);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MediaDetails, media_details_unref)

/* Copies record, its texts cut at 120 bytes; what is beyond the list's limit is left out. */
void          media_details_add(MediaDetails *details, MediaListKind kind, const void *record);
/* The records in their order; borrowed. details may be NULL: none. */
guint         media_details_count(const MediaDetails *details, MediaListKind kind);
const void   *media_details_get(const MediaDetails *details, MediaListKind kind, guint index);

/* At most 94 KiB, and 48 KiB of what a probe tells (no sidecars; tracks only where there are no
 * chapters and no more than two streams); decode(encode(x)) equals x. Fields and lists that a later
 * version added are 0 and empty when an earlier one wrote the bytes. NULL when they are no such
 * lists. */
void          media_details_encode(const MediaDetails *details, GByteArray *out);
MediaDetails *media_details_decode(const void *data, gsize size);
