/* probe-gst.c -- what no cheaper tier can read, by GstDiscoverer: a graph for each file */
#include "pipelines/probe.h"

#include "base/error.h"

#include <gst/pbutils/pbutils.h>

/* A good file takes a tenth of a second; some demuxers wait for ever on a broken one. */
#define PATIENCE_NS (6 * GST_SECOND)

static const char *
tag_text(ProbeReport *report, const GstTagList *tags, const char *name)
{
    g_autofree char *text = NULL;

    if (tags != NULL)
        gst_tag_list_get_string(tags, name, &text);
    return probe_report_text(report, text);
}

static const char *
codec_name(ProbeReport *report, GstDiscovererStreamInfo *stream)
{
    g_autoptr(GstCaps) caps = gst_discoverer_stream_info_get_caps(stream);
    const char *name = caps != NULL && gst_caps_get_size(caps) > 0
        ? gst_structure_get_name(gst_caps_get_structure(caps, 0)) : NULL;
    const char *slash = name != NULL ? strchr(name, '/') : NULL;

    return probe_report_text(report, slash != NULL ? slash + 1 : name);
}

static void
read_tags(ProbeReport *report, const GstTagList *tags)
{
    MediaFacts *facts = &report->facts;
    GstDateTime *when = NULL;
    guint number;

    facts->title = tag_text(report, tags, GST_TAG_TITLE);
    facts->artist = tag_text(report, tags, GST_TAG_ARTIST);
    facts->album = tag_text(report, tags, GST_TAG_ALBUM);
    facts->album_artist = tag_text(report, tags, GST_TAG_ALBUM_ARTIST);
    facts->genre = tag_text(report, tags, GST_TAG_GENRE);
    facts->composer = tag_text(report, tags, GST_TAG_COMPOSER);
    if (tags == NULL)
        return;
    if (gst_tag_list_get_uint(tags, GST_TAG_TRACK_NUMBER, &number))
        facts->track = number;
    if (gst_tag_list_get_uint(tags, GST_TAG_ALBUM_VOLUME_NUMBER, &number))
        facts->disc = number;
    if (gst_tag_list_get_date_time(tags, GST_TAG_DATE_TIME, &when)) {
        g_autofree char *text = gst_date_time_to_iso8601_string(when);
        facts->date = probe_report_date(report, text);
        gst_date_time_unref(when);
    }
}

static void
read_streams(ProbeReport *report, GstDiscovererInfo *info)
{
    MediaFacts *facts = &report->facts;
    GList *videos = gst_discoverer_info_get_video_streams(info);
    GList *audios = gst_discoverer_info_get_audio_streams(info);

    if (videos != NULL) {
        GstDiscovererVideoInfo *video = videos->data;
        facts->kind = gst_discoverer_video_info_is_image(video) ? MEDIA_IMAGE : MEDIA_VIDEO;
        facts->video_codec = codec_name(report, videos->data);
        facts->width = gst_discoverer_video_info_get_width(video);
        facts->height = gst_discoverer_video_info_get_height(video);
    }
    if (audios != NULL) {
        GstDiscovererAudioInfo *audio = audios->data;
        if (videos == NULL)
            facts->kind = MEDIA_AUDIO;
        facts->audio_codec = codec_name(report, audios->data);
        facts->sample_rate = gst_discoverer_audio_info_get_sample_rate(audio);
        facts->channels = gst_discoverer_audio_info_get_channels(audio);
        facts->bitrate = gst_discoverer_audio_info_get_bitrate(audio);
    }
    gst_discoverer_stream_info_list_free(videos);
    gst_discoverer_stream_info_list_free(audios);
}

static bool
read_info(ProbeReport *report, GstDiscovererInfo *info, GError **error)
{
    MediaFacts *facts = &report->facts;

    if (gst_discoverer_info_get_result(info) != GST_DISCOVERER_OK) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                            "no decoder understands it: it is broken, or no media");
        return false;
    }
    read_streams(report, info);
    if (facts->kind == MEDIA_CONTAINER) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                            "it holds neither sound, film nor picture");
        return false;
    }
    GstClockTime duration = gst_discoverer_info_get_duration(info);
    if (GST_CLOCK_TIME_IS_VALID(duration))
        facts->duration_ms = (int64_t)GST_TIME_AS_MSECONDS(duration);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    read_tags(report, gst_discoverer_info_get_tags(info));
    G_GNUC_END_IGNORE_DEPRECATIONS
    g_autoptr(GstDiscovererStreamInfo) top = gst_discoverer_info_get_stream_info(info);
    facts->format = top != NULL ? codec_name(report, top) : NULL;
    g_autoptr(GstCaps) caps = top != NULL ? gst_discoverer_stream_info_get_caps(top) : NULL;
    if (caps != NULL && gst_caps_get_size(caps) > 0)
        facts->mime = probe_report_text(
            report, gst_structure_get_name(gst_caps_get_structure(caps, 0)));
    return true;
}

bool
probe_gst(int file, ProbeReport *report, GError **error)
{
    g_autofree char *uri = g_strdup_printf("fd://%d", file);
    g_autoptr(GstDiscoverer) discoverer = gst_discoverer_new(PATIENCE_NS, error);

    if (discoverer == NULL)
        return false;
    g_autoptr(GError) problem = NULL;
    g_autoptr(GstDiscovererInfo) info = gst_discoverer_discover_uri(discoverer, uri, &problem);
    if (info == NULL || problem != NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "no decoder understands it: %s",
                    problem != NULL ? problem->message : "no answer");
        return false;
    }
    return read_info(report, info, error);
}
