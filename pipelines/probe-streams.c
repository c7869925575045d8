/* probe-streams.c -- the streams of a song or a film one by one, and its chapters */
#include "config.h"

#include "pipelines/probe-room.h"

#include <libavcodec/avcodec.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

static const struct {
    enum AVMediaType type;
    const char *name;
} types[] = {
    { AVMEDIA_TYPE_VIDEO, "video" },
    { AVMEDIA_TYPE_AUDIO, "audio" },
    { AVMEDIA_TYPE_SUBTITLE, "subtitle" },
};

int
probe_rotation(const AVStream *video)
{
    size_t size = 0;
    const uint8_t *matrix = av_stream_get_side_data(video, AV_PKT_DATA_DISPLAYMATRIX, &size);
    double turned = matrix != NULL && size >= 9 * sizeof(int32_t)
        ? av_display_rotation_get((const int32_t *)matrix) : 0;

    return isnan(turned) ? 0 : ((int)lround(-turned / 90) & 3) * 90;
}

static const char *
type_name(const AVStream *stream)
{
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
        if (stream->codecpar->codec_type == types[i].type && !probe_is_cover(stream))
            return types[i].name;
    return NULL;
}

static const char *
hdr_of(const AVStream *stream)
{
    if (av_stream_get_side_data(stream, AV_PKT_DATA_DOVI_CONF, NULL) != NULL)
        return "dolby-vision";
    if (stream->codecpar->color_trc == AVCOL_TRC_SMPTE2084)
        return "hdr10";
    return stream->codecpar->color_trc == AVCOL_TRC_ARIB_STD_B67 ? "hlg" : NULL;
}

int64_t
probe_frame_rate(const AVStream *stream)
{
    AVRational rate = stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate
                                                     : stream->r_frame_rate;
    int64_t frames = rate.num > 0 && rate.den > 0
        ? av_rescale(1000, rate.num, rate.den) : 0;

    return frames <= 1000000 ? frames : 0; /* some containers guess their clock's */
}

int64_t
probe_bits(const AVStream *stream)
{
    const AVCodecParameters *codec = stream->codecpar;
    const AVPixFmtDescriptor *format = codec->codec_type == AVMEDIA_TYPE_VIDEO
        ? av_pix_fmt_desc_get((enum AVPixelFormat)codec->format) : NULL;
    CodecHeader header;

    probe_header(stream, &header);
    if (format != NULL)
        return format->comp[0].depth;
    if (header.bits > 0)
        return header.bits;
    return codec->bits_per_raw_sample > 0 ? codec->bits_per_raw_sample
                                          : av_get_bits_per_sample(codec->codec_id);
}

static const char *
stream_tag(const AVStream *stream, ProbeReport *report, const char *key)
{
    AVDictionaryEntry *entry = av_dict_get(stream->metadata, key, NULL, 0);

    return entry != NULL ? probe_report_text(report, entry->value) : NULL;
}

static void
add_stream(const AVStream *stream, const char *type, ProbeReport *report)
{
    const AVCodecParameters *codec = stream->codecpar;
    CodecHeader header;

    probe_header(stream, &header);
    int profile = codec->profile != FF_PROFILE_UNKNOWN ? codec->profile : header.profile;
    bool is_audio = codec->codec_type == AVMEDIA_TYPE_AUDIO;
    const char *language = stream_tag(stream, report, "language");
    MediaStream found = {
        .type = type,
        .codec = avcodec_get_name(codec->codec_id),
        .profile = profile >= 0 ? avcodec_profile_name(codec->codec_id, profile) : NULL,
        .language = g_strcmp0(language, "und") != 0 ? language : NULL,
        .title = stream_tag(stream, report, "title"),
        .hdr = hdr_of(stream),
        .level = codec->level > 0 ? codec->level : header.level,
        .bits = probe_bits(stream),
        .width = MAX(codec->width, 0),
        .height = MAX(codec->height, 0),
        .frame_rate = codec->codec_type == AVMEDIA_TYPE_VIDEO ? probe_frame_rate(stream) : 0,
        .channels = MAX(codec->ch_layout.nb_channels, 0),
        .sample_rate = MAX(codec->sample_rate, 0),
        .bitrate = MAX(codec->bit_rate, 0),
        .is_default = (stream->disposition & AV_DISPOSITION_DEFAULT) != 0,
        .is_forced = (stream->disposition & AV_DISPOSITION_FORCED) != 0,
    };
    if (is_audio && found.sample_rate == 0) { /* what only the first frame told */
        found.sample_rate = report->facts.sample_rate;
        found.channels = report->facts.channels;
        found.codec = report->facts.audio_codec;
    }
    media_details_add(report->details, MEDIA_STREAMS, &found);
}

static void
add_chapter(const AVChapter *chapter, ProbeReport *report)
{
    const AVRational ms = { 1, 1000 };
    AVDictionaryEntry *title = av_dict_get(chapter->metadata, "title", NULL, 0);

    media_details_add(report->details, MEDIA_CHAPTERS,
                      &(MediaChapter){
                          .title = title != NULL ? probe_report_text(report, title->value) : NULL,
                          .start_ms = MAX(av_rescale_q(chapter->start, chapter->time_base, ms), 0),
                          .end_ms = MAX(av_rescale_q(chapter->end, chapter->time_base, ms), 0),
                      });
}

/* libavformat tells the tracks of FLAC's own cue sheet as chapters, in samples and with codes for
 * names; chapters of its tags are in milliseconds. */
static bool
is_of_sheet(const AVFormatContext *media, const AVChapter *chapter)
{
    return g_str_equal(media->iformat->name, "flac") && chapter->time_base.den != 1000;
}

static unsigned
count_chapters(const AVFormatContext *media)
{
    unsigned count = 0;

    for (unsigned i = 0; i < media->nb_chapters; i++)
        count += !is_of_sheet(media, media->chapters[i]);
    return count;
}

/* One plain sound is told by the facts: most of a library needs no lists. */
static bool
is_plain(const AVFormatContext *media)
{
    unsigned streams = 0, sounds = 0;

    for (unsigned i = 0; i < media->nb_streams; i++) {
        const AVCodecParameters *codec = media->streams[i]->codecpar;
        CodecHeader header;
        if (type_name(media->streams[i]) == NULL)
            continue;
        probe_header(media->streams[i], &header);
        streams++;
        sounds += codec->codec_type == AVMEDIA_TYPE_AUDIO && header.profile <= FF_PROFILE_AAC_LOW;
    }
    return streams == 1 && sounds == 1 && count_chapters(media) == 0;
}

void
probe_streams(const AVFormatContext *media, ProbeReport *report)
{
    if (is_plain(media))
        return;
    report->details = media_details_new();
    for (unsigned i = 0; i < media->nb_streams; i++) {
        const char *type = type_name(media->streams[i]);
        if (type != NULL)
            add_stream(media->streams[i], type, report);
    }
    for (unsigned i = 0; i < media->nb_chapters; i++)
        if (!is_of_sheet(media, media->chapters[i]))
            add_chapter(media->chapters[i], report);
}
