/* subtitle-track.c -- see subtitle-track.h */
#include "config.h"

#include "pipelines/subtitle-track.h"

#include "base/error.h"
#include "pipelines/av-file.h"
#include "wire/subtitles.h"

#include <libavcodec/avcodec.h>

static const AVRational ms = { 1, 1000 };

/* The others' packets are not even looked at. */
static AVStream *
find_track(AVFormatContext *media, unsigned track)
{
    AVStream *found = NULL;

    for (unsigned i = 0; i < media->nb_streams; i++) {
        AVStream *stream = media->streams[i];
        bool is_wanted = stream->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE && track-- == 0;
        if (is_wanted)
            found = stream;
        else
            stream->discard = AVDISCARD_ALL;
    }
    return found;
}

static void
read_packets(AVFormatContext *media, const AVStream *stream, Subtitles *subtitles)
{
    const char *codec = avcodec_get_name(stream->codecpar->codec_id);
    AVPacket *packet = av_packet_alloc();

    while (av_read_frame(media, packet) >= 0) {
        if (packet->stream_index == stream->index && packet->pts != AV_NOPTS_VALUE) {
            int64_t start_ms = av_rescale_q(packet->pts, stream->time_base, ms);
            int64_t length_ms = av_rescale_q(packet->duration, stream->time_base, ms);
            subtitles_add_packet(subtitles, codec, packet->data, (gsize)packet->size, start_ms,
                                 length_ms < G_MAXINT32 ? start_ms + length_ms : 0);
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
}

static bool
write_track(AVFormatContext *media, unsigned track, int output, GError **error)
{
    const AVStream *stream = find_track(media, track);
    g_autoptr(Subtitles) subtitles = subtitles_new();

    if (stream == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "it has no subtitles of number %u",
                    track);
        return false;
    }
    if (!subtitles_reads_codec(avcodec_get_name(stream->codecpar->codec_id))) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                            "these subtitles are pictures, not words");
        return false;
    }
    read_packets(media, stream, subtitles);
    subtitles_sort(subtitles);
    if (subtitles_count(subtitles) == 0) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                            "nothing is said in these subtitles");
        return false;
    }
    GString *text = subtitles_encode(subtitles, "srt");
    bool is_done = av_file_write(output, text, error);
    g_string_free(text, TRUE);
    return is_done;
}

bool
subtitle_track_write(int file, unsigned track, int output, GError **error)
{
    AvFile source = { .file = file };
    AVFormatContext *media = av_file_open(&source, NULL, error);

    if (media == NULL)
        return false;
    bool is_done = write_track(media, track, output, error);
    av_file_close(media);
    return is_done;
}
