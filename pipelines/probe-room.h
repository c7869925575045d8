/* probe-room.h -- what the files of the libavformat tier share, and nobody else sees
 *
 * probe-av.c opens a file and says what it is, demuxer.c who is to read it; probe-tags.c reads what
 * its tags say; probe-streams.c lists its streams and chapters;
 * probe-dlna.c finds the profile that sets know such a file by. */
#pragma once

#include "pipelines/probe.h"

#include <libavformat/avformat.h>

/* The first film and the first sound; a cover is neither. NULL: there is none. */
AVStream   *probe_first_stream(const AVFormatContext *media, enum AVMediaType type);
bool        probe_is_cover(const AVStream *stream);
/* How the picture must be turned, 0, 90, 180 or 270 degrees clockwise. */
int         probe_rotation(const AVStream *video);

/* Frames in 1000 seconds; 0: not known. */
int64_t     probe_frame_rate(const AVStream *stream);
/* Of a sample; 0 for a sound that is lossy, or where nothing says it. */
int64_t     probe_bits(const AVStream *stream);

/* The names of the containers that are read, as libavformat's format_whitelist; the caller's. */
char       *probe_containers(void);
/* libavformat's name for the demuxer of a file that begins like this one; NULL: that is to be found
 * out. */
const char *probe_demuxer(int file);

/* The header of a frame of MPEG-1, 2 or 2.5 sound (ISO 11172-3, 2.4.1.3). */
#define MPEG_FRAME_HEAD 4
typedef struct {
    const char *codec; /* "mp1", "mp2", "mp3" */
    int64_t sample_rate, channels, bitrate;
    int64_t size; /* of the frame, in bytes; 0: not known, or not Layer III */
} MpegFrame;

bool        mpeg_frame_read(const uint8_t *data, int size, MpegFrame *frame);

/* A tag of the whole; borrowed, NULL when there is none. */
const char *probe_tag(const AVFormatContext *media, const char *key);
void        probe_tags(const AVFormatContext *media, int file, ProbeReport *report);
/* The name of the first of DLNA's profiles that the file fits, by its header and facts; NULL: none
 * that is certain. */
const char *probe_dlna(const AVFormatContext *media, const MediaFacts *facts);
/* Adds the songs of a cue sheet that stands in the file; after probe_streams(). */
void        probe_tracks(const AVFormatContext *media, int file, ProbeReport *report);
/* Fills report->details where there is more than the facts say. */
void        probe_streams(const AVFormatContext *media, ProbeReport *report);

/* The header of a coded sound or film (avcC, hvcC, av1C, vpcC): what of profile, level, bits, and
 * of a sound its samples a second and channels it says; 0 and -1 (profile) for what it does not. */
typedef struct {
    int profile, level, bits;
    int sample_rate, channels;
} CodecHeader;

void        codec_header_read(enum AVCodecID codec, const uint8_t *data, size_t size,
                              CodecHeader *header);
/* That of a stream. */
void        probe_header(const AVStream *stream, CodecHeader *header);
