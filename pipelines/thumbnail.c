/* thumbnail.c -- see thumbnail.h
 *
 * One graph: source, decoder, scaler, turner, and a sink that holds the picture raw, so that it can
 * be looked at before it is encoded. JPEG is decoded at a half or a quarter of its size where that
 * is enough. A film is looked into at several places until a frame is not black. */
#include "config.h"

#include "pipelines/thumbnail.h"

#include "base/error.h"
#include "pipelines/picture-box.h"
#include "pipelines/probe.h"

#include <errno.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIXELS_MAX (120ll * 1000 * 1000)
#define PATIENCE (15 * GST_SECOND)
#define BLACK_LUMA 9 /* of 255: a frame darker than this on average shows nothing */

#define GDK_PIXBUF "fdsrc name=in ! gdkpixbufdec name=decoder ! tail."

/* How a format is decoded; what has no row, or is not decoded so, by whatever decodebin finds.
 * avdec_mjpeg can halve while it decodes. Of the others decodebin would take FFmpeg's decoders,
 * which want a whole picture a buffer and have no parser in front that makes it so, or none, or
 * pngdec (1.22), which mixes up colours of 16 bits; GdkPixbuf has what other packages bring it,
 * heif-gdk-pixbuf and webp-pixbuf-loader. */
static const struct {
    const char *format, *launch;
    int lowres_max;
} fronts[] = {
    { "jpeg", "fdsrc name=in ! jpegparse ! avdec_mjpeg name=decoder ! tail.", 2 },
    { "png", GDK_PIXBUF, 0 },
    { "gif", GDK_PIXBUF, 0 },
    { "bmp", GDK_PIXBUF, 0 },
    { "tiff", GDK_PIXBUF, 0 },
    { "heif", GDK_PIXBUF, 0 },
    { "avif", GDK_PIXBUF, 0 },
    { "webp", GDK_PIXBUF, 0 },
    { NULL, "fdsrc name=in ! decodebin name=decoder", 0 },
};
#define FRONT_ANY (G_N_ELEMENTS(fronts) - 1)

static const char tail[] = " videoconvert name=tail ! videoscale ! capsfilter name=size ! "
                           "videoflip name=turn ! videoconvert ! video/x-raw,format=BGRx ! "
                           /* JFIF's range and matrix: jpegenc takes what comes for them, and
                            * videoconvert (1.22) changes no range where formats are the same. */
                           "videoconvert ! video/x-raw,format=I420,colorimetry=(string)1:4:7:1 ! "
                           "appsink name=out sync=false max-buffers=1";

typedef struct {
    GstElement *pipeline, *decoder, *tail, *turn;
    GstAppSink *out;
    const ThumbnailWish *wish; /* borrowed */
} Graph;

static bool
fail(GError **error, DuoError code, const char *why)
{
    g_set_error_literal(error, DUO_ERROR, code, why);
    return false;
}

static void
on_pad_added(GstElement *decoder, GstPad *pad, gpointer user_data)
{
    Graph *graph = user_data;
    g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
    g_autoptr(GstPad) sink = gst_element_get_static_pad(graph->tail, "sink");

    if (caps != NULL && !gst_pad_is_linked(sink) &&
        g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)), "video/x-raw"))
        gst_pad_link(pad, sink);
}

/* Sound is not decoded for the sake of a picture. */
static gboolean
on_autoplug_continue(GstElement *decoder, GstPad *pad, GstCaps *caps, gpointer user_data)
{
    return !g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)), "audio/");
}

static void
graph_clear(Graph *graph)
{
    if (graph->pipeline == NULL)
        return;
    gst_element_set_state(graph->pipeline, GST_STATE_NULL);
    gst_clear_object(&graph->decoder);
    gst_clear_object(&graph->tail);
    gst_clear_object(&graph->turn);
    gst_clear_object(&graph->out);
    gst_clear_object(&graph->pipeline);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Graph, graph_clear)

static const char *
turning(int64_t rotation)
{
    return rotation == 90 ? "90r" : rotation == 180 ? "180" : rotation == 270 ? "90l" : "identity";
}

static guint
front_of(const char *format)
{
    guint row = 0;

    while (row < FRONT_ANY && g_strcmp0(fronts[row].format, format) != 0)
        row++;
    return row;
}

static bool
graph_build(Graph *graph, guint row, int file, const ProbeReport *report, GError **error)
{
    g_autoptr(GError) problem = NULL;

    g_autofree char *text = g_strconcat(fronts[row].launch, tail, NULL);
    graph->pipeline = gst_parse_launch_full(text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &problem);
    if (graph->pipeline == NULL)
        return fail(error, DUO_ERROR_UNSUPPORTED, problem->message);
    GstBin *bin = GST_BIN(graph->pipeline);
    g_autoptr(GstElement) in = gst_bin_get_by_name(bin, "in");
    g_autoptr(GstElement) size = gst_bin_get_by_name(bin, "size");
    graph->decoder = gst_bin_get_by_name(bin, "decoder");
    graph->tail = gst_bin_get_by_name(bin, "tail");
    graph->turn = gst_bin_get_by_name(bin, "turn");
    graph->out = GST_APP_SINK(gst_bin_get_by_name(bin, "out"));
    g_object_set(in, "fd", file, NULL);
    gst_util_set_object_arg(G_OBJECT(graph->turn), "video-direction",
                            turning(report->facts.rotation));

    int lowres = 0;
    while (lowres < fronts[row].lowres_max &&
           MAX(report->facts.width, report->facts.height) >> (lowres + 1) >= graph->wish->width)
        lowres++;
    if (lowres > 0)
        g_object_set(graph->decoder, "lowres", lowres, NULL);
    if (row == FRONT_ANY) {
        g_signal_connect(graph->decoder, "pad-added", G_CALLBACK(on_pad_added), graph);
        g_signal_connect(graph->decoder, "autoplug-continue", G_CALLBACK(on_autoplug_continue),
                         NULL);
    }
    uint32_t width = graph->wish->width, height = graph->wish->height;
    picture_box_keep(&(PictureBox){ width, height > 0 ? height : width, 1 }, graph->tail, size);
    return true;
}

/* Waits until a picture lies at the sink; NULL with error set when none comes. */
static GstSample *
graph_preroll(Graph *graph, GError **error)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(graph->pipeline);
    g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(
        bus, PATIENCE, GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_ERROR | GST_MESSAGE_EOS);

    if (message == NULL) {
        fail(error, DUO_ERROR_TIMEOUT, "no picture came out of it in time");
        return NULL;
    }
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        g_autoptr(GError) problem = NULL;
        gst_message_parse_error(message, &problem, NULL);
        fail(error, DUO_ERROR_FAILED, problem->message);
        return NULL;
    }
    GstSample *sample = gst_app_sink_try_pull_preroll(graph->out, 0);
    if (sample == NULL)
        fail(error, DUO_ERROR_FAILED, "no picture came out of it");
    return sample;
}

static bool
is_black(GstSample *sample)
{
    GstVideoInfo info;
    GstVideoFrame frame;
    uint64_t sum = 0;

    if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
        !gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ))
        return false;
    const uint8_t *luma = GST_VIDEO_FRAME_PLANE_DATA(&frame, 0);
    int stride = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
    int width = GST_VIDEO_FRAME_WIDTH(&frame), height = GST_VIDEO_FRAME_HEIGHT(&frame);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            sum += luma[y * stride + x];
    gst_video_frame_unmap(&frame);
    return sum < (uint64_t)width * (uint64_t)height * BLACK_LUMA;
}

/* The key frame at or before a place of the film, instead of *shown; false: none is to be had. */
static bool
look_at(Graph *graph, int64_t place, GstSample **shown)
{
    if (!gst_element_seek_simple(graph->pipeline, GST_FORMAT_TIME,
                                 GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT |
                                     GST_SEEK_FLAG_SNAP_BEFORE,
                                 place))
        return false;
    GstSample *sample = graph_preroll(graph, NULL);
    if (sample == NULL)
        return false;
    gst_sample_unref(*shown);
    *shown = sample;
    return true;
}

/* The frame of the moment that is wished for, else one at some way into the film that is not black;
 * failing that, the one there is. */
static GstSample *
look_into_film(Graph *graph, GstSample *first)
{
    static const int percents[] = { 12, 20, 35, 60 };
    GstSample *best = first;
    gint64 duration;

    if (!gst_element_query_duration(graph->pipeline, GST_FORMAT_TIME, &duration) || duration <= 0)
        return best;
    if (graph->wish->moment_ms > 0) {
        look_at(graph, MIN(graph->wish->moment_ms * (gint64)GST_MSECOND, duration), &best);
        return best;
    }
    for (guint i = 0; i < G_N_ELEMENTS(percents); i++)
        if (!look_at(graph, duration / 100 * percents[i], &best) || !is_black(best))
            break;
    return best;
}

static bool
write_jpeg(GstSample *sample, int output, GError **error)
{
    g_autoptr(GstCaps) jpeg = gst_caps_new_empty_simple("image/jpeg");
    g_autoptr(GError) problem = NULL;
    g_autoptr(GstSample) encoded = gst_video_convert_sample(sample, jpeg, PATIENCE, &problem);
    GstMapInfo map;

    if (encoded == NULL)
        return fail(error, DUO_ERROR_FAILED, problem->message);
    if (!gst_buffer_map(gst_sample_get_buffer(encoded), &map, GST_MAP_READ))
        return fail(error, DUO_ERROR_FAILED, "no JPEG was made");
    size_t written = 0;
    while (written < map.size) {
        ssize_t count = write(output, map.data + written, map.size - written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        written += (size_t)count;
    }
    bool is_whole = written == map.size;
    gst_buffer_unmap(gst_sample_get_buffer(encoded), &map);
    return is_whole || fail(error, DUO_ERROR_FAILED, "the JPEG could not be written");
}

static GstSample *
decode_by(guint row, int file, const ProbeReport *report, const ThumbnailWish *wish, GError **error)
{
    g_auto(Graph) graph = { .wish = wish };

    lseek(file, 0, SEEK_SET);
    if (!graph_build(&graph, row, file, report, error))
        return NULL;
    gst_element_set_state(graph.pipeline, GST_STATE_PAUSED);
    GstSample *found = graph_preroll(&graph, error);
    bool is_film = report->facts.kind == MEDIA_VIDEO;
    return found != NULL && is_film ? look_into_film(&graph, found) : found;
}

static bool
make(int file, const ProbeReport *report, const ThumbnailWish *wish, int output, GError **error)
{
    guint row = front_of(report->facts.format);
    g_autoptr(GError) problem = NULL;

    if (report->facts.width * report->facts.height > PIXELS_MAX)
        return fail(error, DUO_ERROR_TOO_LARGE, "it has too many pixels");
    g_autoptr(GstSample) sample = decode_by(row, file, report, wish, &problem);
    if (sample == NULL && row != FRONT_ANY)
        sample = decode_by(FRONT_ANY, file, report, wish, NULL);
    if (sample != NULL)
        return write_jpeg(sample, output, error);
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}

/* A file in memory that holds them, or -1. */
static int
file_of(GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    int file = memfd_create("picture", MFD_CLOEXEC);

    if (file >= 0 && write(file, data, size) != (ssize_t)size) {
        close(file);
        return -1;
    }
    return file;
}

/* A camera's own small picture will do where it is large enough and shows the whole: many are
 * squeezed into 4:3 between black bars. */
static bool
make_of_own_thumbnail(const ProbeReport *whole, const ThumbnailWish *wish, int output)
{
    g_auto(ProbeReport) report;
    int file = whole->thumbnail != NULL ? file_of(whole->thumbnail) : -1;
    bool is_made = false;

    probe_report_init(&report);
    if (file < 0)
        return false;
    if (probe_image(file, &report, NULL)) {
        bool is_lying = whole->facts.rotation % 180 != 0;
        double width = (double)(is_lying ? whole->facts.height : whole->facts.width);
        double height = (double)(is_lying ? whole->facts.width : whole->facts.height);
        double own_width = (double)report.facts.width, own_height = (double)report.facts.height;
        bool is_alike = fabs(width / height - own_width / own_height) < 0.02 * width / height;
        report.facts.rotation = whole->facts.rotation;
        is_made = is_alike && MAX(own_width, own_height) >= wish->width &&
                  make(file, &report, wish, output, NULL);
    }
    close(file);
    return is_made;
}

/* A picture file: its EXIF says how it lies. */
static bool
make_of_picture(int file, const ThumbnailWish *wish, int output, GError **error)
{
    g_auto(ProbeReport) report;

    probe_report_init(&report);
    report.wants_thumbnail = true;
    return probe_image(file, &report, error) &&
           (make_of_own_thumbnail(&report, wish, output) ||
            make(file, &report, wish, output, error));
}

bool
picture_make(int file, uint32_t width, uint32_t height, int output, GError **error)
{
    ThumbnailWish wish = { .kind = MEDIA_IMAGE, .width = width, .height = height };
    g_auto(ProbeReport) report;

    probe_report_init(&report);
    return probe_image(file, &report, error) && make(file, &report, &wish, output, error);
}

/* The cover within file; false without error when it has none. */
static bool
make_of_cover(int file, const ThumbnailWish *wish, int output, GError **error)
{
    g_autoptr(GBytes) cover = probe_av_cover(file);

    if (cover == NULL)
        return false;
    int copy = file_of(cover);
    if (copy < 0)
        return fail(error, DUO_ERROR_FAILED, "its cover could not be kept");
    bool is_made = make_of_picture(copy, wish, output, error);
    close(copy);
    return is_made;
}

bool
thumbnail_make(int file, int beside, const ThumbnailWish *wish, int output, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (wish->kind == MEDIA_IMAGE)
        return make_of_picture(file, wish, output, error);
    bool is_moment = wish->kind == MEDIA_VIDEO && wish->moment_ms > 0;
    if (!is_moment && make_of_cover(file, wish, output, &problem))
        return true;
    if (wish->kind == MEDIA_VIDEO) {
        g_auto(ProbeReport) report;
        probe_report_init(&report);
        return probe_av(file, NULL, &report, error) && make(file, &report, wish, output, error);
    }
    if (beside >= 0)
        return make_of_picture(beside, wish, output, error);
    if (problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    return fail(error, DUO_ERROR_NOT_FOUND, "it has no cover");
}
