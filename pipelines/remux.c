/* remux.c -- see remux.h
 *
 * A film begins with a key frame, the nearest one to the place that is asked for, and its sound
 * with what is heard at that picture; both then lose the same time, so that the stream begins at 0
 * and they keep together. */
#include "config.h"

#include "pipelines/remux.h"

#include "base/error.h"
#include "pipelines/av-file.h"
#include "pipelines/probe-room.h"
#include "pipelines/segment-muxer.h"

#include <errno.h>
#include <libavcodec/bsf.h>
#include <string.h>
#include <unistd.h>

#define WRITE_SIZE (256 * 1024)
#define DECODED_US 130000 /* so long before it is shown a picture may be decoded */

/* Containers: the recipe's name, libavformat's, and what that is told. */
static const struct {
    const char *mux, *name, *options;
} muxers[] = {
    { "ts", "mpegts", "" },
    /* In fragments that begin with a key frame; the header waits for what only packets tell. */
    { "mp4", "mp4", "movflags=frag_keyframe+empty_moov+default_base_moof+delay_moov:"
                    "frag_size=4194304" },
    { "webm", "webm", "" },
    { "mkv", "matroska", "" },
};

/* One stream on its way. */
typedef struct {
    AVStream *in, *out; /* NULL: it is not wanted */
    AVBSFContext *filter; /* NULL: its packets go as they are */
    bool has_begun, has_ended;
} Track;

typedef struct {
    const ConversionOrder *order; /* borrowed */
    AVFormatContext *media;
    AVFormatContext *made;  /* NULL: segments are */
    SegmentMuxer *segments; /* NULL: none are made */
    Track video, audio;
    int output;
    int64_t first_us; /* where the file's time begins */
    int64_t begin_us; /* in the file; AV_NOPTS_VALUE: not known yet */
    int64_t end_us;   /* INT64_MAX: its end */
    bool is_unpacked; /* remux_unpack() */
} Remux;

/* -- Where it goes ----------------------------------------------------------------------------- */

static int
on_write(void *opaque, uint8_t *data, int size)
{
    const Remux *remux = opaque;

    for (int written = 0; written < size;) {
        ssize_t count = write(remux->output, data + written, (size_t)(size - written));
        if (count < 0 && errno != EINTR)
            return AVERROR(errno);
        written += count > 0 ? (int)count : 0;
    }
    return size;
}

/* AAC of a transport stream has its header before each packet, of MP4 once; libavformat sees to
 * that by itself but for MP4 in fragments. */
static int
add_filter(Track *track, const char *mux)
{
    const AVCodecParameters *codec = track->in->codecpar;

    if (strcmp(mux, "mp4") != 0 || codec->codec_id != AV_CODEC_ID_AAC || codec->extradata_size > 0)
        return 0;
    int failure = av_bsf_alloc(av_bsf_get_by_name("aac_adtstoasc"), &track->filter);
    if (failure < 0)
        return failure;
    track->filter->time_base_in = track->in->time_base;
    avcodec_parameters_copy(track->filter->par_in, codec);
    return av_bsf_init(track->filter);
}

static AVStream *
add_stream(Remux *remux, const AVStream *in)
{
    AVStream *out = avformat_new_stream(remux->made, NULL);

    avcodec_parameters_copy(out->codecpar, in->codecpar);
    out->codecpar->codec_tag = 0; /* the other container's */
    out->time_base = in->time_base;
    out->avg_frame_rate = in->avg_frame_rate;
    out->sample_aspect_ratio = in->sample_aspect_ratio;
    out->duration = in->duration;
    return out;
}

static bool
open_segments(Remux *remux, GError **error)
{
    const Track *video = &remux->video, *audio = &remux->audio;

    remux->segments = segment_muxer_new(
        &(SegmentParts){ .cuts = remux->order->cuts, .output = remux->output,
                         .tracks = { video->in != NULL ? video->in->codecpar : NULL,
                                     audio->in != NULL ? audio->in->codecpar : NULL } },
        error);
    return remux->segments != NULL;
}

static bool
open_output(Remux *remux, GError **error)
{
    if (remux->order->cuts != NULL)
        return open_segments(remux, error);
    const char *mux = remux->order->mux;
    guint row = 0;

    while (row < G_N_ELEMENTS(muxers) && g_strcmp0(muxers[row].mux, mux) != 0)
        row++;
    if (row == G_N_ELEMENTS(muxers) ||
        avformat_alloc_output_context2(&remux->made, NULL, muxers[row].name, NULL) < 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                    "%s cannot be made here: nobody knows how",
                    mux != NULL ? mux : "a stream alone");
        return false;
    }
    remux->made->pb =
        avio_alloc_context(av_malloc(WRITE_SIZE), WRITE_SIZE, 1, remux, NULL, on_write, NULL);
    remux->made->flags |= AVFMT_FLAG_CUSTOM_IO;
    remux->made->flags &= ~AVFMT_FLAG_FLUSH_PACKETS;
    remux->made->avoid_negative_ts = remux->is_unpacked ? AVFMT_AVOID_NEG_TS_DISABLED
                                                        : AVFMT_AVOID_NEG_TS_MAKE_ZERO;
    if (remux->video.in != NULL)
        remux->video.out = add_stream(remux, remux->video.in);
    if (remux->audio.in != NULL)
        remux->audio.out = add_stream(remux, remux->audio.in);
    int failure = remux->audio.in != NULL ? add_filter(&remux->audio, mux) : 0;
    if (failure < 0)
        return av_fail(error, failure, "its sound cannot be put into it");
    AVDictionary *options = NULL;
    av_dict_parse_string(&options, muxers[row].options, "=", ":", 0);
    failure = avformat_write_header(remux->made, &options);
    av_dict_free(&options);
    return failure >= 0 || av_fail(error, failure, "the container cannot take it");
}

/* -- Where it comes from ----------------------------------------------------------------------- */

/* The index-th stream of a type that is no cover; NULL: there is none. */
static AVStream *
find_stream(const AVFormatContext *media, enum AVMediaType type, int64_t index)
{
    for (unsigned i = 0; i < media->nb_streams; i++) {
        AVStream *stream = media->streams[i];
        if (stream->codecpar->codec_type == type && !probe_is_cover(stream) && index-- == 0)
            return stream;
    }
    return NULL;
}

static bool
open_input(Remux *remux, AvFile *file, GError **error)
{
    const ConversionOrder *order = remux->order;

    remux->media = av_file_open(file, NULL, error);
    if (remux->media == NULL)
        return false;
    remux->media->flags |= AVFMT_FLAG_GENPTS;
    int failure = avformat_find_stream_info(remux->media, NULL);
    if (failure < 0)
        return av_fail(error, failure, "its streams cannot be read");
    if (order->video != NULL)
        remux->video.in = find_stream(remux->media, AVMEDIA_TYPE_VIDEO, 0);
    if (order->audio != NULL)
        remux->audio.in = find_stream(remux->media, AVMEDIA_TYPE_AUDIO, order->audio_track);
    for (unsigned i = 0; i < remux->media->nb_streams; i++) {
        AVStream *stream = remux->media->streams[i];
        if (stream != remux->video.in && stream != remux->audio.in)
            stream->discard = AVDISCARD_ALL;
    }
    if (remux->video.in != NULL || remux->audio.in != NULL)
        return true;
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is nothing in it to play");
    return false;
}

/* To the key frame that is nearest to place, or, where no index tells, the one behind it. Some
 * files' index is only read by a seek. */
static int
seek_key(AVFormatContext *media, AVStream *stream, int64_t place)
{
    /* Transport and program streams have no index: they are sought by when a picture is decoded. */
    bool is_indexed = (media->iformat->flags & AVFMT_TS_DISCONT) == 0;
    int64_t decoded = av_rescale_q(DECODED_US, AV_TIME_BASE_Q, stream->time_base);
    int failure = av_seek_frame(media, stream->index, is_indexed ? place : place - decoded,
                                AVSEEK_FLAG_BACKWARD);
    const AVIndexEntry *before =
        avformat_index_get_entry_from_timestamp(stream, place, AVSEEK_FLAG_BACKWARD);
    const AVIndexEntry *after = avformat_index_get_entry_from_timestamp(stream, place, 0);

    if (!is_indexed || before == NULL || after == NULL ||
        after->timestamp - place >= place - before->timestamp)
        return failure;
    return av_seek_frame(media, stream->index, after->timestamp, AVSEEK_FLAG_BACKWARD);
}

static bool
seek(Remux *remux, GError **error)
{
    const ConversionOrder *order = remux->order;
    AVStream *stream = remux->video.in != NULL ? remux->video.in : remux->audio.in;
    remux->first_us = remux->media->start_time != AV_NOPTS_VALUE ? remux->media->start_time : 0;
    int64_t start_us = remux->first_us + order->start_ms * 1000;

    remux->begin_us = order->start_ms > 0 && remux->video.in == NULL ? start_us : AV_NOPTS_VALUE;
    remux->end_us = order->length_ms > 0 ? start_us + order->length_ms * 1000 : INT64_MAX;
    if (order->start_ms == 0)
        return true;
    int64_t place = av_rescale_q(start_us, AV_TIME_BASE_Q, stream->time_base);
    int failure = remux->is_unpacked
                      ? av_seek_frame(remux->media, stream->index, place, AVSEEK_FLAG_BACKWARD)
                      : seek_key(remux->media, stream, place);
    return failure >= 0 || av_fail(error, failure, "it cannot be sought by time");
}

/* -- On the way -------------------------------------------------------------------------------- */

static Track *
track_of(Remux *remux, const AVPacket *packet)
{
    const AVStream *stream = remux->media->streams[packet->stream_index];

    return stream == remux->video.in   ? &remux->video
           : stream == remux->audio.in ? &remux->audio
                                       : NULL;
}

/* What is before the first picture, or behind the end, stays away. */
static bool
is_wanted(Remux *remux, Track *track, const AVPacket *packet)
{
    int64_t time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    int64_t time_us = time == AV_NOPTS_VALUE
                          ? remux->begin_us
                          : av_rescale_q(time, track->in->time_base, AV_TIME_BASE_Q);
    bool is_film = track == &remux->video;
    bool is_cut = remux->order->start_ms > 0 && !remux->is_unpacked;

    if (time_us >= remux->end_us) {
        track->has_ended = true;
        return false;
    }
    if (is_film && !track->has_begun && (packet->flags & AV_PKT_FLAG_KEY) == 0)
        return false;
    if (is_film && !track->has_begun && is_cut)
        remux->begin_us = time_us;
    bool must_wait = !is_film && !track->has_begun && is_cut &&
                     (remux->begin_us == AV_NOPTS_VALUE || time_us < remux->begin_us);
    track->has_begun |= !must_wait;
    return !must_wait;
}

static bool
is_over(const Remux *remux)
{
    return (remux->video.in == NULL || remux->video.has_ended) &&
           (remux->audio.in == NULL || remux->audio.has_ended);
}

/* The file's time may begin anywhere. */
static void
count_from_begin(const Remux *remux, const Track *track, AVPacket *packet)
{
    int64_t first = av_rescale_q(remux->first_us, AV_TIME_BASE_Q, track->in->time_base);

    packet->pts -= packet->pts != AV_NOPTS_VALUE ? first : 0;
    packet->dts -= packet->dts != AV_NOPTS_VALUE ? first : 0;
}

static int
pass(Remux *remux, AVPacket *packet)
{
    Track *track = track_of(remux, packet);

    if (track == NULL || track->has_ended || !is_wanted(remux, track, packet)) {
        av_packet_unref(packet);
        return 0;
    }
    if (track->filter != NULL) { /* one in, one out; what it does not know is no sound */
        int failure = av_bsf_send_packet(track->filter, packet);
        if (failure >= 0)
            failure = av_bsf_receive_packet(track->filter, packet);
        if (failure < 0) {
            av_packet_unref(packet);
            return failure == AVERROR(EAGAIN) ? 0 : failure;
        }
    }
    if (remux->is_unpacked)
        count_from_begin(remux, track, packet);
    av_packet_rescale_ts(packet, track->in->time_base, track->out->time_base);
    packet->stream_index = track->out->index;
    packet->pos = -1;
    return av_interleaved_write_frame(remux->made, packet);
}

/* Of its own time the film keeps all. */
static bool
pass_to_segments(Remux *remux, AVPacket *packet, GError **error)
{
    Track *track = track_of(remux, packet);

    if (track == NULL || track->has_ended || !is_wanted(remux, track, packet)) {
        av_packet_unref(packet);
        return true;
    }
    count_from_begin(remux, track, packet);
    return segment_muxer_add(remux->segments,
                             track == &remux->video ? SEGMENT_VIDEO : SEGMENT_AUDIO, packet,
                             track->in->time_base, error);
}

static bool
pass_all_to_segments(Remux *remux, GError **error)
{
    AVPacket *packet = av_packet_alloc();
    bool is_fine = true;

    while (is_fine && !is_over(remux) && av_read_frame(remux->media, packet) >= 0)
        is_fine = pass_to_segments(remux, packet, error);
    av_packet_free(&packet);
    return is_fine && segment_muxer_finish(remux->segments, error);
}

static bool
pass_all(Remux *remux, GError **error)
{
    if (remux->segments != NULL)
        return pass_all_to_segments(remux, error);
    AVPacket *packet = av_packet_alloc();
    int failure = 0;

    while (failure >= 0 && !is_over(remux) && av_read_frame(remux->media, packet) >= 0)
        failure = pass(remux, packet);
    av_packet_free(&packet);
    if (failure >= 0)
        failure = av_write_trailer(remux->made);
    return failure >= 0 || av_fail(error, failure, "it cannot be put into the other container");
}

static void
clear(Remux *remux)
{
    AVIOContext *output = remux->made != NULL ? remux->made->pb : NULL;

    av_bsf_free(&remux->audio.filter);
    segment_muxer_free(remux->segments);
    avformat_free_context(remux->made);
    if (output != NULL)
        av_freep(&output->buffer);
    avio_context_free(&output);
    if (remux->media != NULL)
        av_file_close(remux->media);
}

static bool
run(int file, int output, const ConversionOrder *order, bool is_unpacked, GError **error)
{
    AvFile source = { .file = file };
    Remux remux = { .order = order, .output = output, .is_unpacked = is_unpacked };
    bool is_done = open_input(&remux, &source, error) && seek(&remux, error) &&
                   open_output(&remux, error) && pass_all(&remux, error);

    clear(&remux);
    return is_done;
}

bool
remux_run(int file, int output, const ConversionOrder *order, GError **error)
{
    return run(file, output, order, false, error);
}

bool
remux_unpack(int file, int output, const ConversionOrder *order, GError **error)
{
    return run(file, output, order, true, error);
}
