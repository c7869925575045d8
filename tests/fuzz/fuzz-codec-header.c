/* fuzz-codec-header.c -- a header of any length says what it can, and nothing beyond its end; the
 * first octet chooses the codec */
#include "pipelines/probe-room.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET("codec-header")
{
    static const enum AVCodecID codecs[] = { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_AV1,
                                             AV_CODEC_ID_AAC,  AV_CODEC_ID_FLAC, AV_CODEC_ID_ALAC,
                                             AV_CODEC_ID_VC1,  AV_CODEC_ID_WMV3 };
    CodecHeader header;

    if (size == 0)
        return;
    /* a copy: what lies behind it is nobody's */
    g_autofree uint8_t *own = g_memdup2(data + 1, size - 1);
    codec_header_read(codecs[data[0] % G_N_ELEMENTS(codecs)], own, size - 1, &header);
    g_assert_cmpint(header.bits, >=, 0);
    g_assert_cmpint(header.bits, <=, 32);
}
