/* codec-header.c -- profile, level, bits, samples from the header that a container keeps of a codec
 *
 * avcC and hvcC (ISO 14496-15, 5.3.3.1 and 8.3.3.1), av1C (AV1 in ISOBMFF 2.3.3), the Audio
 * Specific Config of AAC (ISO 14496-3, 1.6.2.1), FLAC's STREAMINFO, ALAC's cookie, the sequence
 * headers of VC-1 (SMPTE 421M, 6.1.1 and annex J). libavformat leaves them to its decoders, which
 * stream info would open at a hundred times the price. */
#include "config.h"

#include "pipelines/probe-room.h"

#include <libavcodec/avcodec.h>
#include <string.h>

static void
read_avc(const uint8_t *data, size_t size, CodecHeader *header)
{
    static const uint8_t ten_bits[] = { 110, 122, 244 };

    if (size < 4 || data[0] != 1)
        return;
    header->profile = data[1];
    if (data[1] == FF_PROFILE_H264_BASELINE && (data[2] & 0x40) != 0)
        header->profile = FF_PROFILE_H264_CONSTRAINED_BASELINE; /* H.264 A.2.1.1 */
    header->level = data[3];
    header->bits = 8;
    for (guint i = 0; i < G_N_ELEMENTS(ten_bits); i++)
        if (data[1] == ten_bits[i])
            header->bits = 10;
}

static void
read_hevc(const uint8_t *data, size_t size, CodecHeader *header)
{
    if (size < 18 || data[0] != 1)
        return;
    header->profile = data[1] & 31;
    header->level = data[12];
    header->bits = 8 + (data[17] & 7);
}

static void
read_av1(const uint8_t *data, size_t size, CodecHeader *header)
{
    if (size < 3 || data[0] != 0x81)
        return;
    header->profile = data[1] >> 5;
    header->level = data[1] & 31;
    header->bits = (data[2] & 0x40) == 0 ? 8 : (data[2] & 0x20) != 0 ? 12 : 10;
}

/* The object type is one more than libavcodec's profile. */
static void
read_aac(const uint8_t *data, size_t size, CodecHeader *header)
{
    if (size >= 2 && data[0] >> 3 >= 1 && data[0] >> 3 <= 29)
        header->profile = (data[0] >> 3) - 1;
}

/* STREAMINFO (RFC 9639, 8.2). */
static void
read_flac(const uint8_t *data, size_t size, CodecHeader *header)
{
    if (size < 34)
        return;
    header->sample_rate = data[10] << 12 | data[11] << 4 | data[12] >> 4;
    header->channels = (data[12] >> 1 & 7) + 1;
    header->bits = ((data[12] & 1) << 4 | data[13] >> 4) + 1;
}

/* ALACSpecificConfig behind a box's head. */
static void
read_alac(const uint8_t *data, size_t size, CodecHeader *header)
{
    if (size >= 36 && data[17] <= 32)
        header->bits = data[17];
}

/* Of the advanced profile: a start code, two bits of profile, three of level. */
static void
read_vc1(const uint8_t *data, size_t size, CodecHeader *header)
{
    static const uint8_t start[] = { 0, 0, 1, 0x0f };

    for (size_t at = 0; at + sizeof start < size; at++) {
        if (memcmp(data + at, start, sizeof start) != 0)
            continue;
        header->profile = data[at + sizeof start] >> 6;
        header->level = data[at + sizeof start] >> 3 & 7;
        return;
    }
}

/* Of the simple and the main one: no level. */
static void
read_wmv3(const uint8_t *data, size_t size, CodecHeader *header)
{
    if (size >= 4)
        header->profile = data[0] >> 6;
}

typedef void (*HeaderReader)(const uint8_t *data, size_t size, CodecHeader *header);

static const struct {
    enum AVCodecID codec;
    HeaderReader read;
} readers[] = {
    { AV_CODEC_ID_H264, read_avc },  { AV_CODEC_ID_HEVC, read_hevc },
    { AV_CODEC_ID_AV1, read_av1 },   { AV_CODEC_ID_AAC, read_aac },
    { AV_CODEC_ID_FLAC, read_flac }, { AV_CODEC_ID_ALAC, read_alac },
    { AV_CODEC_ID_VC1, read_vc1 },   { AV_CODEC_ID_WMV3, read_wmv3 },
};

void
codec_header_read(enum AVCodecID codec, const uint8_t *data, size_t size, CodecHeader *header)
{
    *header = (CodecHeader){ .profile = -1 };
    for (guint i = 0; i < G_N_ELEMENTS(readers); i++)
        if (readers[i].codec == codec)
            readers[i].read(data, size, header);
}

void
probe_header(const AVStream *stream, CodecHeader *header)
{
    const AVCodecParameters *codec = stream->codecpar;

    codec_header_read(codec->codec_id, codec->extradata, (size_t)MAX(codec->extradata_size, 0),
                      header);
}
