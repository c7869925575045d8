/* probe-dlna.c -- which of DLNA's media profiles a file fits (guidelines part 2)
 *
 * A wrong name is worse than none (FIELD-NOTES C1), so a row says all that the guidelines ask of
 * its profile and that a header tells, and only profiles whose MIME type is the one we say have a
 * row: those of transport streams go by names that change from family to family (wire/dialect.h).
 * Pictures and MP3 follow from their facts alone (wire/protocol-info.c). */
#include "pipelines/probe-room.h"

#include <libavcodec/avcodec.h>

#define FPS_30 30001
#define FPS_60 60001

typedef enum { SIZES_NONE, SIZES_SD, SIZES_720P, SIZES_PAL, SIZES_NTSC, SIZES_CIF, SIZES_SMALL } Sizes;

/* The pictures that each allows. */
static const struct {
    Sizes sizes;
    int width, height;
} sizes[] = {
    { SIZES_SD, 720, 576 },   { SIZES_SD, 720, 480 },   { SIZES_SD, 640, 480 },
    { SIZES_SD, 640, 360 },   { SIZES_SD, 544, 576 },   { SIZES_SD, 544, 480 },
    { SIZES_SD, 480, 576 },   { SIZES_SD, 480, 480 },   { SIZES_SD, 480, 360 },
    { SIZES_SD, 480, 270 },   { SIZES_SD, 352, 576 },   { SIZES_SD, 352, 480 },
    { SIZES_SD, 352, 288 },   { SIZES_SD, 352, 240 },   { SIZES_SD, 320, 240 },
    { SIZES_SD, 320, 180 },   { SIZES_SD, 240, 180 },   { SIZES_SD, 208, 160 },
    { SIZES_SD, 176, 144 },   { SIZES_SD, 160, 120 },   { SIZES_SD, 160, 90 },
    { SIZES_SD, 128, 96 },    { SIZES_720P, 1280, 720 },
    { SIZES_PAL, 720, 576 },  { SIZES_PAL, 704, 576 },  { SIZES_PAL, 544, 576 },
    { SIZES_PAL, 480, 576 },  { SIZES_PAL, 352, 576 },  { SIZES_PAL, 352, 288 },
    { SIZES_NTSC, 720, 480 }, { SIZES_NTSC, 704, 480 }, { SIZES_NTSC, 544, 480 },
    { SIZES_NTSC, 480, 480 }, { SIZES_NTSC, 352, 480 }, { SIZES_NTSC, 352, 240 },
    { SIZES_CIF, 352, 288 },
    { SIZES_SMALL, 352, 288 }, { SIZES_SMALL, 352, 240 }, { SIZES_SMALL, 320, 240 },
    { SIZES_SMALL, 320, 180 }, { SIZES_SMALL, 240, 180 }, { SIZES_SMALL, 208, 160 },
    { SIZES_SMALL, 176, 144 }, { SIZES_SMALL, 160, 120 }, { SIZES_SMALL, 160, 90 },
    { SIZES_SMALL, 128, 96 },
};

/* H.264 that every decoder of the Main profile reads. */
#define MAIN \
    .video = AV_CODEC_ID_H264, \
    .video_profiles = { FF_PROFILE_H264_MAIN, FF_PROFILE_H264_CONSTRAINED_BASELINE }
#define MPEG_2 .video = AV_CODEC_ID_MPEG2VIDEO
/* What begins with fewer samples a second may be HE-AAC that does not say so. */
#define LOW_AAC .audio = AV_CODEC_ID_AAC, .audio_profile = FF_PROFILE_AAC_LOW

/* The narrowest of several that a file fits comes first: small devices know no other.
 * 0 stands for what a row does not ask; frames in 1000 seconds, bits in one. */
static const struct {
    const char *name, *mime;
    enum AVCodecID video;
    int video_profiles[2], level;
    Sizes sizes;
    int64_t frames_min, frames_max, video_bits;
    enum AVCodecID audio;
    int audio_profile, channels, rate_min, rate_max;
    int64_t audio_bits;
} rows[] = {
    { "AAC_ISO_320", "audio/mp4", LOW_AAC, .channels = 2, .rate_min = 32000, .rate_max = 48000,
      .audio_bits = 320000 },
    { "AAC_ISO", "audio/mp4", LOW_AAC, .channels = 2, .rate_min = 32000, .rate_max = 48000,
      .audio_bits = 576000 },
    { "AAC_MULT5_ISO", "audio/mp4", LOW_AAC, .channels = 6, .rate_min = 32000, .rate_max = 48000,
      .audio_bits = 1440000 },
    { "WMABASE", "audio/x-ms-wma", .audio = AV_CODEC_ID_WMAV2, .channels = 2, .rate_max = 48000,
      .audio_bits = 192999 },
    { "WMAFULL", "audio/x-ms-wma", .audio = AV_CODEC_ID_WMAV2, .channels = 2, .rate_max = 48000,
      .audio_bits = 385000 },
    { "AVC_MP4_BL_CIF30_AAC_940", "video/mp4", .video = AV_CODEC_ID_H264,
      .video_profiles = { FF_PROFILE_H264_CONSTRAINED_BASELINE }, .level = 13,
      .sizes = SIZES_SMALL, .frames_max = FPS_30, .video_bits = 812000, LOW_AAC, .channels = 2,
      .rate_max = 48000, .audio_bits = 128000 },
    { "AVC_MP4_MP_SD_AAC_MULT5", "video/mp4", MAIN, .level = 30, .sizes = SIZES_SD,
      .frames_max = FPS_30, .video_bits = 10000000, LOW_AAC, .channels = 6, .rate_max = 48000 },
    { "AVC_MP4_MP_SD_MPEG1_L3", "video/mp4", MAIN, .level = 30, .sizes = SIZES_SD,
      .frames_max = FPS_30, .video_bits = 10000000, .audio = AV_CODEC_ID_MP3, .channels = 2,
      .rate_min = 32000, .rate_max = 48000 },
    { "AVC_MP4_MP_SD_AC3", "video/mp4", MAIN, .level = 30, .sizes = SIZES_SD,
      .frames_max = FPS_30, .video_bits = 10000000, .audio = AV_CODEC_ID_AC3, .channels = 6,
      .rate_min = 32000, .rate_max = 48000 },
    { "AVC_MP4_MP_HD_720p_AAC", "video/mp4", MAIN, .level = 31, .sizes = SIZES_720P,
      .frames_max = FPS_30, .video_bits = 14000000, LOW_AAC, .channels = 2, .rate_max = 48000 },
    { "AVC_MP4_MP_HD_1080i_AAC", "video/mp4", MAIN, .level = 40, .sizes = SIZES_720P,
      .frames_max = FPS_60, .video_bits = 20000000, LOW_AAC, .channels = 2, .rate_max = 48000 },
    { "MPEG1", "video/mpeg", .video = AV_CODEC_ID_MPEG1VIDEO, .sizes = SIZES_CIF,
      .frames_min = 25000, .frames_max = 25000, .video_bits = 1152000, .audio = AV_CODEC_ID_MP2,
      .channels = 2, .rate_min = 44100, .rate_max = 44100 },
    { "MPEG_PS_PAL", "video/mpeg", MPEG_2, .sizes = SIZES_PAL, .frames_min = 25000,
      .frames_max = 25000, .video_bits = 9800000, .audio = AV_CODEC_ID_AC3, .channels = 6,
      .rate_min = 48000, .rate_max = 48000 },
    { "MPEG_PS_PAL", "video/mpeg", MPEG_2, .sizes = SIZES_PAL, .frames_min = 25000,
      .frames_max = 25000, .video_bits = 9800000, .audio = AV_CODEC_ID_MP2, .channels = 2,
      .rate_min = 48000, .rate_max = 48000 },
    { "MPEG_PS_NTSC", "video/mpeg", MPEG_2, .sizes = SIZES_NTSC, .frames_min = 23900,
      .frames_max = FPS_30, .video_bits = 9800000, .audio = AV_CODEC_ID_AC3, .channels = 6,
      .rate_min = 48000, .rate_max = 48000 },
    { "MPEG_PS_NTSC", "video/mpeg", MPEG_2, .sizes = SIZES_NTSC, .frames_min = 23900,
      .frames_max = FPS_30, .video_bits = 9800000, .audio = AV_CODEC_ID_MP2, .channels = 2,
      .rate_min = 48000, .rate_max = 48000 },
};

static bool
has_size(Sizes wanted, int width, int height)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        if (sizes[i].sizes == wanted && sizes[i].width == width && sizes[i].height == height)
            return true;
    return false;
}

/* What is not known fits nothing that is asked. */
static bool
within(int64_t value, int64_t min, int64_t max)
{
    return max == 0 || (value > 0 && value >= min && value <= max);
}

static int
profile_of(const AVStream *stream, int *level)
{
    CodecHeader header;

    probe_header(stream, &header);
    *level = stream->codecpar->level > 0 ? stream->codecpar->level : header.level;
    return stream->codecpar->profile != FF_PROFILE_UNKNOWN ? stream->codecpar->profile
                                                           : header.profile;
}

/* facts_bits: of the whole file, where a stream does not say its own. */
static bool
video_fits(guint row, const AVStream *video, int64_t facts_bits)
{
    if (video == NULL || rows[row].video == AV_CODEC_ID_NONE)
        return video == NULL && rows[row].video == AV_CODEC_ID_NONE;
    const AVCodecParameters *codec = video->codecpar;
    int level, profile = profile_of(video, &level);
    int64_t bits = codec->bit_rate > 0 ? codec->bit_rate : facts_bits;
    return codec->codec_id == rows[row].video &&
           (rows[row].video_profiles[0] == 0 || profile == rows[row].video_profiles[0] ||
            profile == rows[row].video_profiles[1]) &&
           within(level, 0, rows[row].level) &&
           has_size(rows[row].sizes, codec->width, codec->height) &&
           within(probe_frame_rate(video), rows[row].frames_min, rows[row].frames_max) &&
           within(bits, 0, rows[row].video_bits) && probe_rotation(video) == 0;
}

static bool
audio_fits(guint row, const AVStream *audio, int64_t facts_bits)
{
    if (audio == NULL)
        return false;
    const AVCodecParameters *codec = audio->codecpar;
    int level, profile = profile_of(audio, &level);
    int64_t bits = codec->bit_rate > 0 ? codec->bit_rate : facts_bits;
    return codec->codec_id == rows[row].audio &&
           (rows[row].audio_profile == 0 || profile == rows[row].audio_profile) &&
           within(codec->ch_layout.nb_channels, 0, rows[row].channels) &&
           within(codec->sample_rate, rows[row].rate_min, rows[row].rate_max) &&
           within(bits, 0, rows[row].audio_bits);
}

const char *
probe_dlna(const AVFormatContext *media, const MediaFacts *facts)
{
    const AVStream *video = probe_first_stream(media, AVMEDIA_TYPE_VIDEO);
    const AVStream *audio = probe_first_stream(media, AVMEDIA_TYPE_AUDIO);

    for (guint row = 0; row < G_N_ELEMENTS(rows); row++)
        if (g_strcmp0(rows[row].mime, facts->mime) == 0 &&
            video_fits(row, video, facts->bitrate) && audio_fits(row, audio, facts->bitrate))
            return rows[row].name;
    return NULL;
}
