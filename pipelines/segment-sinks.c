/* segment-sinks.c -- see segment-sinks.h */
#include "config.h"

#include "pipelines/segment-sinks.h"

#include "base/error.h"
#include "pipelines/segment-muxer.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>
#include <string.h>

#define SAMPLES_MAX 4 /* that wait in one sink */

static const AVRational ns = { 1, 1000000000 };

static const char *const forms[SEGMENT_TRACK_N] = {
    "video/x-h264,stream-format=avc,alignment=au",
    "audio/mpeg,mpegversion=4,stream-format=raw",
};

typedef struct {
    GstAppSink *sink;  /* a reference; NULL: there is none */
    GstSample *sample; /* the next; NULL: there is no other */
    int64_t time_ns;   /* its own */
} Source;

struct SegmentSinks {
    char *cuts;
    int output;
    Source sources[SEGMENT_TRACK_N];
    GstElement *pipeline; /* borrowed */
    GThread *thread;
    GError *error; /* the thread's, until it has ended */
};

/* -- Samples as packets ------------------------------------------------------------------------ */

static int64_t
stream_time(GstSample *sample, GstClockTime time)
{
    guint64 told = 0;
    int sign = gst_segment_to_stream_time_full(gst_sample_get_segment(sample), GST_FORMAT_TIME,
                                               time, &told);

    return sign * (int64_t)told;
}

static AVPacket *
packet_of(GstSample *sample)
{
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    AVPacket *packet = av_packet_alloc();
    gsize size = gst_buffer_get_size(buffer);

    if (size > G_MAXINT32 || av_new_packet(packet, (int)size) < 0) {
        av_packet_free(&packet);
        return NULL;
    }
    gst_buffer_extract(buffer, 0, packet->data, size);
    packet->pts = stream_time(sample, GST_BUFFER_PTS(buffer));
    packet->dts = stream_time(sample, GST_BUFFER_DTS_OR_PTS(buffer));
    if (GST_BUFFER_DURATION_IS_VALID(buffer))
        packet->duration = (int64_t)GST_BUFFER_DURATION(buffer);
    if (!GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT))
        packet->flags |= AV_PKT_FLAG_KEY;
    return packet;
}

/* The header of a codec in MP4: avcC, or AudioSpecificConfig. */
static void
set_header(AVCodecParameters *codec, const GstStructure *form)
{
    const GValue *value = gst_structure_get_value(form, "codec_data");
    GstBuffer *header = value != NULL ? gst_value_get_buffer(value) : NULL;
    gsize size = header != NULL ? gst_buffer_get_size(header) : 0;

    if (size == 0 || size > G_MAXINT16)
        return;
    codec->extradata = av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    codec->extradata_size = (int)size;
    gst_buffer_extract(header, 0, codec->extradata, size);
}

static AVCodecParameters *
codec_of(const Source *source, SegmentTrack track)
{
    if (source->sample == NULL)
        return NULL;
    const GstStructure *form = gst_caps_get_structure(gst_sample_get_caps(source->sample), 0);
    AVCodecParameters *codec = avcodec_parameters_alloc();
    int channels = 0;

    set_header(codec, form);
    if (track == SEGMENT_VIDEO) {
        codec->codec_type = AVMEDIA_TYPE_VIDEO;
        codec->codec_id = AV_CODEC_ID_H264;
        gst_structure_get_int(form, "width", &codec->width);
        gst_structure_get_int(form, "height", &codec->height);
        gst_structure_get_fraction(form, "pixel-aspect-ratio", &codec->sample_aspect_ratio.num,
                                   &codec->sample_aspect_ratio.den);
        return codec;
    }
    codec->codec_type = AVMEDIA_TYPE_AUDIO;
    codec->codec_id = AV_CODEC_ID_AAC;
    codec->frame_size = 1024;
    gst_structure_get_int(form, "rate", &codec->sample_rate);
    gst_structure_get_int(form, "channels", &channels);
    av_channel_layout_default(&codec->ch_layout, channels);
    return codec;
}

/* -- The thread -------------------------------------------------------------------------------- */

static void
take_next(Source *source)
{
    g_clear_pointer(&source->sample, gst_sample_unref);
    if (source->sink == NULL)
        return;
    source->sample = gst_app_sink_pull_sample(source->sink); /* NULL: its end, or it was stopped */
    if (source->sample != NULL)
        source->time_ns = stream_time(
            source->sample, GST_BUFFER_DTS_OR_PTS(gst_sample_get_buffer(source->sample)));
}

static SegmentMuxer *
muxer_new(SegmentSinks *sinks, GError **error)
{
    SegmentParts parts = { .cuts = sinks->cuts, .output = sinks->output };
    AVCodecParameters *codecs[SEGMENT_TRACK_N];

    for (SegmentTrack i = 0; i < SEGMENT_TRACK_N; i++)
        parts.tracks[i] = codecs[i] = codec_of(&sinks->sources[i], i);
    SegmentMuxer *muxer = segment_muxer_new(&parts, error);
    for (SegmentTrack i = 0; i < SEGMENT_TRACK_N; i++)
        avcodec_parameters_free(&codecs[i]);
    return muxer;
}

/* The track whose next sample is the earlier one; SEGMENT_TRACK_N: both have ended. */
static SegmentTrack
earlier(const SegmentSinks *sinks)
{
    const Source *video = &sinks->sources[SEGMENT_VIDEO], *audio = &sinks->sources[SEGMENT_AUDIO];

    if (video->sample == NULL)
        return audio->sample != NULL ? SEGMENT_AUDIO : SEGMENT_TRACK_N;
    return audio->sample == NULL || video->time_ns <= audio->time_ns ? SEGMENT_VIDEO
                                                                     : SEGMENT_AUDIO;
}

static bool
write_all(SegmentSinks *sinks, GError **error)
{
    SegmentTrack track;

    for (guint i = 0; i < SEGMENT_TRACK_N; i++)
        take_next(&sinks->sources[i]);
    if (earlier(sinks) == SEGMENT_TRACK_N)
        return true; /* it was stopped */
    g_autoptr(SegmentMuxer) muxer = muxer_new(sinks, error);
    if (muxer == NULL)
        return false;
    while ((track = earlier(sinks)) != SEGMENT_TRACK_N) {
        AVPacket *packet = packet_of(sinks->sources[track].sample);
        bool is_fine = packet != NULL && segment_muxer_add(muxer, track, packet, ns, error);
        av_packet_free(&packet);
        if (!is_fine)
            return false;
        take_next(&sinks->sources[track]);
    }
    return segment_muxer_finish(muxer, error);
}

static gpointer
run(gpointer data)
{
    SegmentSinks *sinks = data;

    if (!write_all(sinks, &sinks->error)) {
        if (sinks->error == NULL)
            g_set_error_literal(&sinks->error, DUO_ERROR, DUO_ERROR_FAILED, "there is no memory");
        gst_element_post_message(
            sinks->pipeline,
            gst_message_new_error(GST_OBJECT(sinks->pipeline), sinks->error, "segments"));
    }
    return NULL;
}

/* -- Key frames -------------------------------------------------------------------------------- */

typedef struct {
    GArray *cuts; /* int64_t, ms */
    guint next;
} Forcing;

static void
forcing_free(gpointer data)
{
    Forcing *forcing = data;

    g_array_unref(forcing->cuts);
    g_free(forcing);
}

/* On GStreamer's threads: a picture on its way to the encoder. */
static GstPadProbeReturn
on_picture(GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
    Forcing *forcing = user_data;
    GstClockTime time = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(probe));
    g_autoptr(GstEvent) sticky = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
    const GstSegment *segment;
    bool is_due = false;

    if (sticky == NULL || !GST_CLOCK_TIME_IS_VALID(time))
        return GST_PAD_PROBE_OK;
    gst_event_parse_segment(sticky, &segment);
    GstClockTime shown = gst_segment_to_stream_time(segment, GST_FORMAT_TIME, time);
    for (; forcing->next < forcing->cuts->len && GST_CLOCK_TIME_IS_VALID(shown) &&
           shown / GST_MSECOND + 1 >=
               (guint64)g_array_index(forcing->cuts, int64_t, forcing->next);
         forcing->next++)
        is_due = true;
    if (is_due)
        gst_pad_send_event(pad, gst_video_event_new_downstream_force_key_unit(
                                    time, shown,
                                    gst_segment_to_running_time(segment, GST_FORMAT_TIME, time),
                                    TRUE, forcing->next));
    return GST_PAD_PROBE_OK;
}

void
segment_force_keys(GstElement *chain, const char *cuts)
{
    g_autoptr(GstElement) encoder =
        GST_IS_BIN(chain) ? gst_bin_get_by_name(GST_BIN(chain), "encoder") : NULL;
    g_autoptr(GstPad) pad = encoder != NULL ? gst_element_get_static_pad(encoder, "sink") : NULL;

    if (pad == NULL)
        return;
    Forcing *forcing = g_new0(Forcing, 1);
    forcing->cuts = segment_cuts_decode(cuts);
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, forcing, forcing_free);
}

/* -- The object -------------------------------------------------------------------------------- */

SegmentSinks *
segment_sinks_new(const char *cuts, int output)
{
    SegmentSinks *sinks = g_new0(SegmentSinks, 1);

    sinks->cuts = g_strdup(cuts);
    sinks->output = output;
    return sinks;
}

GstElement *
segment_sinks_add(SegmentSinks *sinks, bool is_video)
{
    SegmentTrack track = is_video ? SEGMENT_VIDEO : SEGMENT_AUDIO;
    GstElement *sink = gst_element_factory_make("appsink", NULL);
    g_autoptr(GstCaps) caps = gst_caps_from_string(forms[track]);

    g_assert(sinks->sources[track].sink == NULL);
    g_assert(sink != NULL); /* GStreamer's base plugins are there: parsebin is one */
    g_object_set(sink, "caps", caps, "sync", FALSE, "async", FALSE, "max-buffers", SAMPLES_MAX,
                 NULL);
    sinks->sources[track].sink = gst_object_ref(GST_APP_SINK(sink));
    return sink;
}

void
segment_sinks_start(SegmentSinks *sinks, GstElement *pipeline)
{
    sinks->pipeline = pipeline;
    sinks->thread = g_thread_new("segments", run, sinks);
}

bool
segment_sinks_finish(SegmentSinks *sinks, GError **error)
{
    if (sinks->thread != NULL)
        g_thread_join(g_steal_pointer(&sinks->thread));
    if (sinks->error != NULL)
        g_propagate_error(error, g_error_copy(sinks->error));
    return sinks->error == NULL;
}

void
segment_sinks_free(SegmentSinks *sinks)
{
    if (sinks == NULL)
        return;
    segment_sinks_finish(sinks, NULL);
    for (guint i = 0; i < SEGMENT_TRACK_N; i++) {
        g_clear_pointer(&sinks->sources[i].sample, gst_sample_unref);
        g_clear_object(&sinks->sources[i].sink);
    }
    g_clear_error(&sinks->error);
    g_free(sinks->cuts);
    g_free(sinks);
}
