/* segment-muxer.c -- see segment-muxer.h
 *
 * Packets wait until both tracks have come to the next cut; then the segment before it is written,
 * as one fragment. A place without a picture has its segment, too, so that counting finds each. */
#include "config.h"

#include "pipelines/segment-muxer.h"

#include "base/error.h"
#include "base/text.h"
#include "pipelines/av-file.h"

#include <errno.h>
#include <libavformat/avformat.h>
#include <unistd.h>

#define WRITE_SIZE (256 * 1024)
#define WAITING_MAX (128 * 1024 * 1024) /* octets of one segment, and of what runs ahead of it */
#define VIDEO_CLOCK 90000
#define FLAGS                                                                                      \
    "movflags=frag_custom+empty_moov+default_base_moof+frag_discont+skip_trailer:use_editlist=0"

static const AVRational us = { 1, 1000000 };

static const uint8_t segment_type[] = { 0, 0, 0, 24, 's', 't', 'y', 'p', 'm', 's', 'd', 'h',
                                        0, 0, 0, 0,  'm', 's', 'd', 'h', 'c', 'm', 'f', 's' };

typedef struct {
    AVStream *stream; /* NULL: there is none */
    GQueue packets;   /* AVPacket */
    int64_t decoded;  /* when the last one is that was written; AV_NOPTS_VALUE: there was none */
    int64_t early;    /* so long before it is shown in its place one is decoded */
    bool has_ended;
} Track;

struct SegmentMuxer {
    AVFormatContext *made;
    Track tracks[SEGMENT_TRACK_N];
    GArray *cuts; /* int64_t, ms */
    guint next;   /* the cut that is due */
    size_t waiting;
    int output;
};

GArray *
segment_cuts_decode(const char *cuts)
{
    g_auto(GStrv) words = g_strsplit(cuts, " ", -1);
    GArray *times = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t time;

    for (char **word = words; *word != NULL; word++)
        if (text_to_i64(*word, 0, INT64_MAX / 1000000, &time))
            g_array_append_val(times, time);
    return times;
}

/* -- Writing ----------------------------------------------------------------------------------- */

static int
on_write(void *opaque, uint8_t *data, int size)
{
    const SegmentMuxer *muxer = opaque;

    for (int written = 0; written < size;) {
        ssize_t count = write(muxer->output, data + written, (size_t)(size - written));
        if (count < 0 && errno != EINTR)
            return AVERROR(errno);
        written += count > 0 ? (int)count : 0;
    }
    return size;
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
    const int64_t *one = a, *other = b;

    return *one < *other ? -1 : *one > *other;
}

/* Pictures are decoded one after the other, each no later than it is shown: whatever their file
 * said of that, or did not, all workers say the same. */
static void
set_decoded(Track *track, guint count)
{
    g_autoptr(GArray) shown = g_array_sized_new(FALSE, FALSE, sizeof(int64_t), count);
    const GList *link = track->packets.head;

    for (guint i = 0; i < count; i++, link = link->next)
        g_array_append_val(shown, ((const AVPacket *)link->data)->pts);
    g_array_sort(shown, by_time);
    link = track->packets.head;
    for (guint i = 0; i < count; i++, link = link->next)
        track->early = MAX(track->early, g_array_index(shown, int64_t, i) -
                                             ((const AVPacket *)link->data)->pts);
    link = track->packets.head;
    for (guint i = 0; i < count; i++, link = link->next) {
        AVPacket *packet = link->data;
        packet->dts = g_array_index(shown, int64_t, i) - track->early;
        if (track->decoded != AV_NOPTS_VALUE && packet->dts <= track->decoded)
            packet->dts = track->decoded + 1;
        packet->pts = MAX(packet->pts, packet->dts); /* of damaged ones */
        track->decoded = packet->dts;
    }
}

static bool
write_packets(SegmentMuxer *muxer, Track *track, guint count, GError **error)
{
    for (guint i = 0; i < count; i++) {
        AVPacket *packet = g_queue_pop_head(&track->packets);
        muxer->waiting -= (size_t)packet->size;
        int failure = av_write_frame(muxer->made, packet);
        av_packet_free(&packet);
        if (failure < 0)
            return av_fail(error, failure, "it cannot be put into segments");
    }
    return true;
}

/* So many packets of each track. */
static bool
write_segment(SegmentMuxer *muxer, const guint counts[SEGMENT_TRACK_N], GError **error)
{
    avio_write(muxer->made->pb, segment_type, sizeof segment_type);
    for (guint i = 0; i < SEGMENT_TRACK_N; i++)
        set_decoded(&muxer->tracks[i], counts[i]);
    for (guint i = 0; i < SEGMENT_TRACK_N; i++)
        if (!write_packets(muxer, &muxer->tracks[i], counts[i], error))
            return false;
    if (counts[SEGMENT_VIDEO] + counts[SEGMENT_AUDIO] > 0)
        av_write_frame(muxer->made, NULL); /* a fragment of all that */
    avio_flush(muxer->made->pb);
    int failure = muxer->made->pb->error;
    return failure >= 0 || av_fail(error, failure, "nobody takes the segments");
}

/* -- Cutting ----------------------------------------------------------------------------------- */

static int64_t
time_of(const Track *track, const AVPacket *packet)
{
    return av_rescale_q(packet->pts, track->stream->time_base, us) - SEGMENT_LEAD_US;
}

/* How many packets are before the first (key: key frame) of time_us or later, which is found; all
 * of them where there is none yet. */
static guint
count_before(const Track *track, int64_t time_us, bool key, const AVPacket **found)
{
    guint count = 0;

    *found = NULL;
    for (const GList *link = track->packets.head; link != NULL; link = link->next, count++) {
        const AVPacket *packet = link->data;
        if ((!key || (packet->flags & AV_PKT_FLAG_KEY) != 0) &&
            time_of(track, packet) >= time_us) {
            *found = packet;
            break;
        }
    }
    return count;
}

static int64_t
cut_us(const SegmentMuxer *muxer, guint number)
{
    return number < muxer->cuts->len
               ? (g_array_index(muxer->cuts, int64_t, number) - SEGMENT_EARLY_MS) * 1000
               : INT64_MAX;
}

/* Whether all of the segment before the next cut is here, and how much of each track it is. */
static bool
is_complete(const SegmentMuxer *muxer, guint counts[SEGMENT_TRACK_N])
{
    const Track *video = &muxer->tracks[SEGMENT_VIDEO], *audio = &muxer->tracks[SEGMENT_AUDIO];
    int64_t end_us = cut_us(muxer, muxer->next);
    const AVPacket *picture, *sound;

    counts[SEGMENT_VIDEO] = count_before(video, end_us, true, &picture);
    if (picture == NULL && !video->has_ended)
        return false;
    if (picture != NULL && time_of(video, picture) < cut_us(muxer, muxer->next + 1))
        end_us = time_of(video, picture);
    counts[SEGMENT_AUDIO] = count_before(audio, end_us, false, &sound);
    return sound != NULL || audio->has_ended;
}

static bool
is_over(const SegmentMuxer *muxer)
{
    for (guint i = 0; i < SEGMENT_TRACK_N; i++)
        if (!muxer->tracks[i].has_ended || muxer->tracks[i].packets.length > 0)
            return false;
    return true;
}

static bool
write_complete(SegmentMuxer *muxer, GError **error)
{
    guint counts[SEGMENT_TRACK_N];

    for (; muxer->next < muxer->cuts->len && !is_over(muxer) && is_complete(muxer, counts);
         muxer->next++)
        if (!write_segment(muxer, counts, error))
            return false;
    return true;
}

bool
segment_muxer_add(SegmentMuxer *muxer, SegmentTrack which, AVPacket *packet, AVRational time_base,
                  GError **error)
{
    Track *track = &muxer->tracks[which];

    if (packet->pts == AV_NOPTS_VALUE)
        packet->pts = packet->dts;
    if (packet->pts == AV_NOPTS_VALUE) {
        av_packet_unref(packet); /* nobody knows when */
        return true;
    }
    packet->pts += av_rescale_q(SEGMENT_LEAD_US, us, time_base);
    if (packet->pts < 0) {
        av_packet_unref(packet);
        return true;
    }
    av_packet_rescale_ts(packet, time_base, track->stream->time_base);
    packet->stream_index = track->stream->index;
    packet->pos = -1;
    muxer->waiting += (size_t)packet->size;
    AVPacket *kept = av_packet_alloc();
    av_packet_move_ref(kept, packet);
    g_queue_push_tail(&track->packets, kept);
    if (muxer->waiting <= WAITING_MAX)
        return write_complete(muxer, error);
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_TOO_LARGE,
                        "its pictures and its sound are too far apart");
    return false;
}

bool
segment_muxer_finish(SegmentMuxer *muxer, GError **error)
{
    for (guint i = 0; i < SEGMENT_TRACK_N; i++)
        muxer->tracks[i].has_ended = true;
    if (!write_complete(muxer, error))
        return false;
    guint rest[] = { muxer->tracks[SEGMENT_VIDEO].packets.length,
                     muxer->tracks[SEGMENT_AUDIO].packets.length };
    return is_over(muxer) || write_segment(muxer, rest, error);
}

/* -- The object -------------------------------------------------------------------------------- */

static void
add_track(SegmentMuxer *muxer, SegmentTrack which, const AVCodecParameters *codec)
{
    Track *track = &muxer->tracks[which];

    g_queue_init(&track->packets);
    track->decoded = AV_NOPTS_VALUE;
    track->has_ended = codec == NULL;
    if (codec == NULL)
        return;
    track->stream = avformat_new_stream(muxer->made, NULL);
    avcodec_parameters_copy(track->stream->codecpar, codec);
    track->stream->codecpar->codec_tag = 0; /* the other container's */
    track->stream->time_base = (AVRational){
        1, which == SEGMENT_VIDEO || codec->sample_rate <= 0 ? VIDEO_CLOCK : codec->sample_rate };
    track->stream->sample_aspect_ratio = codec->sample_aspect_ratio;
}

SegmentMuxer *
segment_muxer_new(const SegmentParts *parts, GError **error)
{
    g_autoptr(SegmentMuxer) muxer = g_new0(SegmentMuxer, 1);
    AVDictionary *options = NULL;

    muxer->cuts = segment_cuts_decode(parts->cuts);
    muxer->output = parts->output;
    int failure = avformat_alloc_output_context2(&muxer->made, NULL, "mp4", NULL);
    if (failure < 0) {
        av_fail(error, failure, "MP4 cannot be made here");
        return NULL;
    }
    muxer->made->pb =
        avio_alloc_context(av_malloc(WRITE_SIZE), WRITE_SIZE, 1, muxer, NULL, on_write, NULL);
    muxer->made->flags |= AVFMT_FLAG_CUSTOM_IO;
    muxer->made->flags &= ~AVFMT_FLAG_FLUSH_PACKETS;
    muxer->made->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    for (SegmentTrack i = 0; i < SEGMENT_TRACK_N; i++)
        add_track(muxer, i, parts->tracks[i]);
    av_dict_parse_string(&options, FLAGS, "=", ":", 0);
    failure = avformat_write_header(muxer->made, &options);
    av_dict_free(&options);
    if (failure < 0) {
        av_fail(error, failure, "segments cannot take it");
        return NULL;
    }
    return g_steal_pointer(&muxer);
}

static void
packet_free(gpointer data)
{
    AVPacket *packet = data;

    av_packet_free(&packet);
}

void
segment_muxer_free(SegmentMuxer *muxer)
{
    if (muxer == NULL)
        return;
    for (guint i = 0; i < SEGMENT_TRACK_N; i++)
        g_queue_clear_full(&muxer->tracks[i].packets, packet_free);
    AVIOContext *output = muxer->made != NULL ? muxer->made->pb : NULL;
    avformat_free_context(muxer->made);
    if (output != NULL)
        av_freep(&output->buffer);
    avio_context_free(&output);
    g_array_unref(muxer->cuts);
    g_free(muxer);
}
