/* probe-parts.h -- what the files of the libavformat tier share, and nobody else sees
 *
 * probe-av.c opens a file and says what it is; probe-tags.c reads what its tags say; probe-streams.c
 * lists its streams and chapters. */
#pragma once

#include "pipelines/probe.h"

#include <libavformat/avformat.h>

/* The first film and the first sound; a cover is neither. NULL: there is none. */
AVStream   *probe_first_stream(const AVFormatContext *media, enum AVMediaType type);
bool        probe_is_cover(const AVStream *stream);
/* How the picture must be turned, 0, 90, 180 or 270 degrees clockwise. */
int         probe_rotation(const AVStream *video);

/* Of a sample; 0 for a sound that is lossy, or where nothing says it. */
int64_t     probe_bits(const AVStream *stream);

/* A tag of the whole; borrowed, NULL when there is none. */
const char *probe_tag(const AVFormatContext *media, const char *key);
void        probe_tags(const AVFormatContext *media, int file, ProbeReport *report);
/* Fills report->details where there is more than the facts say. */
void        probe_streams(const AVFormatContext *media, ProbeReport *report);

/* The header of a coded sound or film (avcC, hvcC, av1C, vpcC): what of profile, level and bits it
 * says; 0 and -1 (profile) for what it does not. */
typedef struct {
    int profile, level, bits;
} CodecHeader;

void        codec_header_read(enum AVCodecID codec, const uint8_t *data, size_t size,
                              CodecHeader *header);
