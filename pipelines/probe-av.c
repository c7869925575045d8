/* probe-av.c -- sound and film, by libavformat without decoding
 *
 * Only the containers of the table below are opened (av-file.c). Stream info, which reads and
 * parses frames, is asked for only where the header leaves a question open. */
#include "config.h"

#include "pipelines/av-file.h"
#include "pipelines/probe-room.h"

#include "base/error.h"
#include "base/text.h"

#include <libavcodec/avcodec.h>
#include <string.h>
#include <unistd.h>

/* Containers, as libavformat names them. The MIME types are those renderers ask for. */
static const struct {
    const char *demuxer, *format, *audio_mime, *video_mime;
} containers[] = {
    { "mp3", "mp3", "audio/mpeg", NULL },
    { "flac", "flac", "audio/flac", NULL },
    { "ogg", "ogg", "audio/ogg", "video/ogg" },
    { "mov,mp4,m4a,3gp,3g2,mj2", "mp4", "audio/mp4", "video/mp4" },
    { "matroska,webm", "matroska", "audio/x-matroska", "video/x-matroska" },
    { "mpegts", "mpegts", "audio/mp2t", "video/mp2t" },
    { "mpeg", "mpeg", "audio/mpeg", "video/mpeg" },
    { "mpegvideo", "mpeg", NULL, "video/mpeg" },
    { "avi", "avi", "audio/x-msvideo", "video/x-msvideo" },
    { "asf", "asf", "audio/x-ms-wma", "video/x-ms-wmv" },
    { "flv", "flv", "audio/x-flv", "video/x-flv" },
    { "wav", "wav", "audio/wav", NULL },
    { "w64", "w64", "audio/x-w64", NULL },
    { "aiff", "aiff", "audio/aiff", NULL },
    { "caf", "caf", "audio/x-caf", NULL },
    { "aac", "aac", "audio/aac", NULL },
    { "ac3", "ac3", "audio/ac3", NULL },
    { "eac3", "eac3", "audio/eac3", NULL },
    { "dts", "dts", "audio/vnd.dts", NULL },
    { "wv", "wavpack", "audio/x-wavpack", NULL },
    { "ape", "ape", "audio/x-ape", NULL },
    { "mpc", "musepack", "audio/x-musepack", NULL },
    { "mpc8", "musepack", "audio/x-musepack", NULL },
    { "tta", "tta", "audio/x-tta", NULL },
    { "dsf", "dsf", "audio/x-dsf", NULL },
    { "amr", "amr", "audio/amr", NULL },
    { "rm", "rm", "audio/x-pn-realaudio", "video/vnd.rn-realvideo" },
    { "dv", "dv", NULL, "video/dv" },
    { "mxf", "mxf", "audio/mxf", "application/mxf" },
    { "wtv", "wtv", NULL, "video/x-ms-wtv" },
};

/* Where the container's name says less than its content: what then stands in its place. */
static const struct {
    const char *format, *brand; /* how mp4's major brand begins, or matroska's document type */
    const char *is_format, *audio_mime, *video_mime;
} variants[] = {
    { "mp4", "qt  ", "mov", "audio/mp4", "video/quicktime" },
    { "mp4", "3gp", "3gp", "audio/3gpp", "video/3gpp" },
    { "mp4", "3g2", "3gp", "audio/3gpp2", "video/3gpp2" },
    { "matroska", "webm", "webm", "audio/webm", "video/webm" },
};

char *
probe_containers(void)
{
    GString *names = g_string_new(containers[0].demuxer);

    for (guint i = 1; i < G_N_ELEMENTS(containers); i++)
        g_string_append_printf(names, ",%s", containers[i].demuxer);
    return g_string_free(names, FALSE);
}

/* What an MP3's header lacks, from its first frame (its parser, which stream info would run, costs
 * a hundred times as much): the rest of a file without a Xing header is taken for as dense as
 * that. */
static void
complete_mp3(AVFormatContext *media, const AvFile *source, MediaFacts *facts)
{
    AVPacket *packet = av_packet_alloc();
    MpegFrame frame;

    for (int tries = 0; tries < 8 && av_read_frame(media, packet) >= 0; tries++) {
        bool is_audio = media->streams[packet->stream_index]->codecpar->codec_type ==
                        AVMEDIA_TYPE_AUDIO;
        if (is_audio && mpeg_frame_read(packet->data, packet->size, &frame)) {
            facts->audio_codec = frame.codec;
            facts->sample_rate = frame.sample_rate;
            facts->channels = frame.channels;
            facts->bitrate = frame.bitrate;
            if (facts->duration_ms == 0 && facts->bitrate > 0 && packet->pos >= 0)
                facts->duration_ms = (source->size - packet->pos) * 8000 / facts->bitrate;
            break;
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
}

bool
probe_is_cover(const AVStream *stream)
{
    return (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

AVStream *
probe_first_stream(const AVFormatContext *media, enum AVMediaType type)
{
    for (unsigned i = 0; i < media->nb_streams; i++)
        if (media->streams[i]->codecpar->codec_type == type && !probe_is_cover(media->streams[i]))
            return media->streams[i];
    return NULL;
}

static bool
needs_stream_info(const AVFormatContext *media)
{
    const AVStream *video = probe_first_stream(media, AVMEDIA_TYPE_VIDEO);
    const AVStream *audio = probe_first_stream(media, AVMEDIA_TYPE_AUDIO);
    CodecHeader header = { 0 };

    if (audio != NULL)
        probe_header(audio, &header);
    if (audio != NULL && video == NULL && audio->codecpar->codec_id == AV_CODEC_ID_MP3)
        return false; /* complete_mp3() */
    return (media->ctx_flags & AVFMTCTX_NOHEADER) != 0 || (video == NULL && audio == NULL) ||
           (video != NULL && (video->codecpar->width == 0 ||
                              video->codecpar->codec_id == AV_CODEC_ID_NONE)) ||
           (audio != NULL && audio->codecpar->sample_rate == 0 && header.sample_rate == 0) ||
           (media->duration == AV_NOPTS_VALUE && (video == NULL || video->duration <= 0) &&
            (audio == NULL || audio->duration <= 0));
}

static int64_t
duration_ms(const AVFormatContext *media, const AVStream *stream)
{
    int64_t ms = 0;

    if (media->duration > 0)
        ms = (media->duration + 500) / 1000;
    else if (stream != NULL && stream->duration > 0)
        ms = av_rescale_q(stream->duration, stream->time_base, (AVRational){ 1, 1000 });
    return ms < (int64_t)10000 * 3600 * 1000 ? ms : 0;
}

static void
read_streams(AVFormatContext *media, const AvFile *source, MediaFacts *facts)
{
    const AVStream *video = probe_first_stream(media, AVMEDIA_TYPE_VIDEO);
    const AVStream *audio = probe_first_stream(media, AVMEDIA_TYPE_AUDIO);

    facts->kind = video != NULL ? MEDIA_VIDEO : MEDIA_AUDIO;
    facts->duration_ms = duration_ms(media, video != NULL ? video : audio);
    for (unsigned i = 0; i < media->nb_streams; i++)
        facts->has_art |= probe_is_cover(media->streams[i]);
    if (video != NULL) {
        facts->video_codec = avcodec_get_name(video->codecpar->codec_id);
        facts->width = MAX(video->codecpar->width, 0);
        facts->height = MAX(video->codecpar->height, 0);
        facts->rotation = probe_rotation(video);
        if (facts->rotation % 180 != 0) {
            int64_t width = facts->width;
            facts->width = facts->height;
            facts->height = width;
        }
    }
    if (audio != NULL) {
        CodecHeader header;
        probe_header(audio, &header);
        facts->audio_codec = avcodec_get_name(audio->codecpar->codec_id);
        facts->sample_rate = MAX(audio->codecpar->sample_rate, header.sample_rate);
        facts->channels = MAX(audio->codecpar->ch_layout.nb_channels, header.channels);
        facts->bits = probe_bits(audio);
        if (facts->sample_rate == 0 && audio->codecpar->codec_id == AV_CODEC_ID_MP3)
            complete_mp3(media, source, facts);
    }
    if (facts->duration_ms > 0)
        facts->bitrate = (int64_t)((double)source->size * 8000 / (double)facts->duration_ms);
}

/* Matroska's document type stands within its first bytes (RFC 9559, 11.1: the EBML header). */
static bool
says_webm(int file)
{
    uint8_t head[64];
    ssize_t size = pread(file, head, sizeof head, 0);

    return size > 0 && memmem(head, (size_t)size, "webm", 4) != NULL;
}

static bool
name_container(const AVFormatContext *media, int file, ProbeReport *report)
{
    MediaFacts *facts = &report->facts;
    bool has_video = facts->kind == MEDIA_VIDEO;
    const char *brand = probe_tag(media, "major_brand");

    for (guint i = 0; i < G_N_ELEMENTS(containers); i++) {
        if (strcmp(containers[i].demuxer, media->iformat->name) != 0)
            continue;
        facts->format = containers[i].format;
        facts->mime = has_video ? containers[i].video_mime : containers[i].audio_mime;
    }
    if (g_strcmp0(facts->format, "matroska") == 0)
        brand = says_webm(file) ? "webm" : NULL;
    for (guint i = 0; i < G_N_ELEMENTS(variants) && brand != NULL; i++) {
        if (g_strcmp0(variants[i].format, facts->format) != 0 ||
            !g_str_has_prefix(brand, variants[i].brand))
            continue;
        facts->format = variants[i].is_format;
        facts->mime = has_video ? variants[i].video_mime : variants[i].audio_mime;
        break;
    }
    return facts->mime != NULL;
}

static bool
read_media(AVFormatContext *media, const AvFile *source, ProbeReport *report, GError **error)
{
    if (needs_stream_info(media)) {
        int failure = avformat_find_stream_info(media, NULL);
        if (failure < 0)
            return av_fail(error, failure, "its streams cannot be read");
    }
    read_streams(media, source, &report->facts);
    bool is_empty = report->facts.video_codec == NULL && report->facts.audio_codec == NULL;
    if (is_empty || !name_container(media, source->file, report))
        return av_fail(error, AVERROR_INVALIDDATA, "it holds neither sound nor film");
    if (report->facts.kind == MEDIA_AUDIO && report->facts.sample_rate == 0)
        return av_fail(error, AVERROR_INVALIDDATA, "it holds no sound that can be made out");
    probe_tags(media, source->file, report);
    probe_streams(media, report);
    probe_tracks(media, source->file, report);
    report->facts.dlna_profile = probe_dlna(media, &report->facts);
    return true;
}

bool
probe_av(int file, const char *name, ProbeReport *report, GError **error)
{
    AvFile source = { .file = file };
    AVFormatContext *media = av_file_open(&source, name, error);

    if (media == NULL)
        return false;
    bool is_read = read_media(media, &source, report, error);
    av_file_close(media);
    return is_read;
}

GBytes *
probe_av_cover(int file)
{
    AvFile source = { .file = file };
    AVFormatContext *media = av_file_open(&source, NULL, NULL);
    GBytes *cover = NULL;

    for (unsigned i = 0; media != NULL && cover == NULL && i < media->nb_streams; i++)
        if (probe_is_cover(media->streams[i]) && media->streams[i]->attached_pic.size > 0)
            cover = g_bytes_new(media->streams[i]->attached_pic.data,
                                (gsize)media->streams[i]->attached_pic.size);
    if (media != NULL)
        av_file_close(media);
    return cover;
}
