/* convert.c -- see convert.h
 *
 * parsebin takes the file apart. Each stream that is wanted waits behind a queue until all of them
 * are known; then the file is sought, so that nothing before the wanted place is decoded by the
 * encoders' chains, and the chains are put between queues and muxer. GStreamer's threads only touch
 * a Track before they tell the bus that all streams are known; from then on it is ours. */
#include "pipelines/convert.h"

#include "base/error.h"
#include "pipelines/file-source.h"
#include "pipelines/mp4-edits.h"
#include "pipelines/recipe.h"
#include "pipelines/segment-sinks.h"
#include "pipelines/subtitle-overlay.h"

#include <gst/gst.h>
#include <gst/pbutils/missing-plugins.h>
#include <string.h>
#include <unistd.h>

#define STREAM_FOUND "stream-found"
#define AHEAD_MS 1000   /* how far the file is read before the chains */
#define APART_MS 10000 /* how far one stream of a badly mixed file may be before the other */
#define AHEAD_SIZE (32 * 1024 * 1024)
#define LIVE_FRAGMENT_MS 100u

/* One stream on its way. */
typedef struct {
    const char *recipe; /* NULL: it is not wanted */
    GstStreamType type;
    int64_t index;      /* among the streams of its kind, in the order of the file */
    char *id;           /* of the stream, as GStreamer's threads heard; NULL: there is none */
    bool is_only;       /* of its kind in the file */
    bool is_found;      /* its queue is there */
    GstElement *queue;  /* borrowed from the pipeline; NULL: not found */
    gulong block;       /* probe at the queue's end */
    int64_t told_ns, decoded_ns; /* when its first sample is, in the time of the whole */
    GstElement *(*build)(const ConversionOrder *order, GError **error);
    int64_t begin_ns; /* of what comes through a pipe: what is before it stays away */
    bool is_copied;
} Track;

typedef struct {
    const ConversionOrder *order; /* borrowed */
    const ConvertFiles *files;    /* borrowed */
    /* the last two borrowed from the first; sink is NULL where segments are made */
    GstElement *pipeline, *parser, *sink;
    SegmentSinks *segments; /* NULL: none are made */
    Track video, audio;
    Track drawn; /* subtitles that are pictures */
    bool is_piped, is_counted, is_whole;
    char *missing; /* what no element here decodes; NULL: nothing */
} Graph;

/* -- Taking the file apart: on GStreamer's threads --------------------------------------------- */

static Track *
track_of(Graph *graph, GstPad *pad)
{
    g_autoptr(GstCaps) caps = gst_pad_query_caps(pad, NULL);
    const char *name = gst_caps_get_size(caps) > 0
                           ? gst_structure_get_name(gst_caps_get_structure(caps, 0)) : "";

    if (g_str_has_prefix(name, "video/") || g_str_has_prefix(name, "image/"))
        return &graph->video;
    if (g_str_has_prefix(name, "subpicture/"))
        return &graph->drawn;
    return g_str_has_prefix(name, "audio/") ? &graph->audio : NULL;
}

static GstPadProbeReturn
on_blocked(GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
    return GST_PAD_PROBE_OK; /* it waits */
}

/* Behind a tag a stream may be shown before its id is. */
static bool
is_wanted(const Track *track, GstPad *pad)
{
    g_autofree char *id = gst_pad_get_stream_id(pad);

    return track->recipe != NULL && track->queue == NULL && track->id != NULL &&
           (id != NULL ? strcmp(id, track->id) == 0 : track->is_only);
}

/* One stream has all that it may have, and the other nothing: the file is badly mixed. */
static void
let_apart(GstElement *full, GstElement *empty)
{
    guint64 most_ns, there_ns;
    guint left;

    g_object_get(full, "max-size-time", &most_ns, "current-level-time", &there_ns, NULL);
    g_object_get(empty, "current-level-buffers", &left, NULL);
    if (left == 0 && there_ns >= most_ns)
        g_object_set(full, "max-size-time", (guint64)APART_MS * GST_MSECOND, NULL);
}

static void
on_full(GstElement *queue, gpointer other)
{
    let_apart(queue, other);
}

static void
on_empty(GstElement *queue, gpointer other)
{
    let_apart(other, queue);
}

static void
watch_both(GstElement *one, GstElement *other)
{
    GstElement *queues[] = { one, other };

    for (guint i = 0; i < G_N_ELEMENTS(queues); i++) {
        g_signal_connect(queues[i], "overrun", G_CALLBACK(on_full), queues[1 - i]);
        g_signal_connect(queues[i], "underrun", G_CALLBACK(on_empty), queues[1 - i]);
    }
}

static void
on_stream(GstElement *parser, GstPad *pad, gpointer user_data)
{
    Graph *graph = user_data;
    Track *track = track_of(graph, pad);

    if (track == NULL || !is_wanted(track, pad))
        return;
    track->queue = gst_element_factory_make("queue", NULL);
    g_object_set(track->queue, "max-size-buffers", 0u, "max-size-bytes", (guint)AHEAD_SIZE,
                 "max-size-time", (guint64)AHEAD_MS * GST_MSECOND, NULL);
    gst_bin_add(GST_BIN(graph->pipeline), track->queue);
    if (graph->video.queue != NULL && graph->audio.queue != NULL)
        watch_both(graph->video.queue, graph->audio.queue);
    g_autoptr(GstPad) in = gst_element_get_static_pad(track->queue, "sink");
    g_autoptr(GstPad) out = gst_element_get_static_pad(track->queue, "src");
    track->block =
        gst_pad_add_probe(out, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, on_blocked, NULL, NULL);
    gst_element_sync_state_with_parent(track->queue);
    gst_pad_link(pad, in);
    gst_element_post_message(parser, gst_message_new_application(
                                         GST_OBJECT(parser), gst_structure_new(STREAM_FOUND, "type",
                                                                               GST_TYPE_STREAM_TYPE,
                                                                               track->type, NULL)));
}

/* "DIGEST/002:...": demuxers number the streams. */
static const char *
number_in(const char *id)
{
    const char *slash = strrchr(id, '/');

    return slash != NULL ? slash : id;
}

static gint
by_number(gconstpointer a, gconstpointer b)
{
    return strcmp(number_in(*(const char *const *)a), number_in(*(const char *const *)b));
}

static void
choose_stream(Track *track, GstStreamCollection *streams)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();

    for (guint n = 0; n < gst_stream_collection_get_size(streams); n++) {
        GstStream *stream = gst_stream_collection_get_stream(streams, n);
        if ((gst_stream_get_stream_type(stream) & track->type) != 0)
            g_ptr_array_add(ids, (gpointer)gst_stream_get_stream_id(stream));
    }
    g_ptr_array_sort(ids, by_number);
    g_free(track->id);
    track->id =
        track->index >= 0 && track->index < ids->len ? g_strdup(ids->pdata[track->index]) : NULL;
    track->is_only = ids->len == 1;
}

/* parsebin tells of the streams before it shows their pads. */
static GstBusSyncReply
on_message(GstBus *bus, GstMessage *message, gpointer user_data)
{
    Graph *graph = user_data;
    g_autoptr(GstStreamCollection) streams = NULL;

    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_STREAM_COLLECTION)
        return GST_BUS_PASS;
    gst_message_parse_stream_collection(message, &streams);
    choose_stream(&graph->video, streams);
    choose_stream(&graph->audio, streams);
    choose_stream(&graph->drawn, streams);
    return GST_BUS_PASS;
}

/* A file that grows is read from its beginning on, except where a demuxer must look elsewhere
 * first: behind a queue none can look at its end for good measure. */
static GstElement *
source_of(const Graph *graph)
{
    const ConvertFiles *files = graph->files;
    GstElement *source = graph->is_piped
                             ? gst_element_factory_make("fdsrc", NULL)
                             : file_source_new(files->file, files->more, graph->order->whole_size);
    GstElement *queue =
        files->more >= 0 ? gst_element_factory_make("queue", NULL) : NULL;

    if (graph->is_piped)
        g_object_set(source, "fd", files->file, "blocksize", 65536u, NULL);
    gst_bin_add(GST_BIN(graph->pipeline), source);
    if (queue == NULL)
        return source;
    gst_bin_add(GST_BIN(graph->pipeline), queue);
    gst_element_link(source, queue);
    return queue;
}

static bool
take_apart(Graph *graph, GError **error)
{
    GstElement *parser = gst_element_factory_make("parsebin", NULL);
    GstElement *sink =
        graph->segments == NULL ? gst_element_factory_make("fdsink", NULL) : NULL;

    graph->pipeline = gst_pipeline_new(NULL);
    if (parser == NULL || (sink == NULL && graph->segments == NULL)) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                            "GStreamer's base plugins are not installed");
        return false;
    }
    graph->parser = parser;
    graph->sink = sink;
    gst_bin_add(GST_BIN(graph->pipeline), parser);
    if (sink != NULL) {
        g_object_set(sink, "fd", graph->files->output, "sync", FALSE, "async", FALSE, NULL);
        gst_bin_add(GST_BIN(graph->pipeline), sink);
    }
    gst_element_link(source_of(graph), parser);
    g_signal_connect(parser, "pad-added", G_CALLBACK(on_stream), graph);
    g_autoptr(GstBus) bus = gst_element_get_bus(graph->pipeline);
    gst_bus_set_sync_handler(bus, on_message, graph, NULL);
    return true;
}

/* -- Which streams there are ------------------------------------------------------------------- */

static Track *
track_of_message(Graph *graph, GstMessage *message)
{
    GstStreamType type = GST_STREAM_TYPE_UNKNOWN;

    gst_structure_get(gst_message_get_structure(message), "type", GST_TYPE_STREAM_TYPE, &type,
                      NULL);
    return type == GST_STREAM_TYPE_VIDEO  ? &graph->video
           : type == GST_STREAM_TYPE_TEXT ? &graph->drawn
                                          : &graph->audio;
}

/* Nothing more is to be waited for. */
static bool
is_known(const Graph *graph)
{
    const Track *tracks[] = { &graph->video, &graph->audio, &graph->drawn };

    for (guint i = 0; i < G_N_ELEMENTS(tracks); i++)
        if (tracks[i]->recipe != NULL && !tracks[i]->is_found && tracks[i]->id != NULL)
            return false;
    return graph->is_counted;
}

/* -- Putting it together ----------------------------------------------------------------------- */

/* What comes through a pipe has no places: its time is told to begin later, so that decoders drop
 * what they only need for what follows. Packets that are copied are dropped here. */
static GstPadProbeReturn
on_piped(GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
    const Track *track = user_data;
    guint64 begin_ns = (guint64)track->begin_ns;

    if ((probe->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
        GstClockTime time = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(probe));
        return track->is_copied && GST_CLOCK_TIME_IS_VALID(time) && time < begin_ns
                   ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
    }
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT(probe);
    if (GST_EVENT_TYPE(event) != GST_EVENT_SEGMENT)
        return GST_PAD_PROBE_OK;
    GstSegment segment;
    gst_event_copy_segment(event, &segment);
    segment.start = segment.time = segment.position = begin_ns;
    segment.stop = GST_CLOCK_TIME_NONE;
    segment.base = 0;
    gst_event_unref(event);
    GST_PAD_PROBE_INFO_DATA(probe) = gst_event_new_segment(&segment);
    return GST_PAD_PROBE_OK;
}

static void
cut_piped(Graph *graph)
{
    Track *tracks[] = { &graph->video, &graph->audio };

    for (guint i = 0; i < G_N_ELEMENTS(tracks); i++) {
        if (!tracks[i]->is_found)
            continue;
        g_autoptr(GstPad) pad = gst_element_get_static_pad(tracks[i]->queue, "src");
        tracks[i]->begin_ns = graph->order->start_ms * GST_MSECOND;
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                          on_piped, tracks[i], NULL);
    }
}

static bool
seek(Graph *graph, GError **error)
{
    const ConversionOrder *order = graph->order;
    const Track *track =
        graph->video.is_found ? &graph->video : &graph->audio;
    gint64 start = order->start_ms * GST_MSECOND;
    gint64 stop = order->length_ms > 0 ? start + order->length_ms * GST_MSECOND : -1;

    if (order->start_ms == 0 && order->length_ms == 0)
        return true;
    if (graph->is_piped) {
        cut_piped(graph);
        return true;
    }
    g_autoptr(GstPad) pad = gst_element_get_static_pad(track->queue, "src");
    /* Pictures as they are begin with a key frame; others anywhere. */
    GstSeekFlags flags = GST_SEEK_FLAG_FLUSH | (track->is_copied ? GST_SEEK_FLAG_KEY_UNIT |
                                                                GST_SEEK_FLAG_SNAP_NEAREST
                                                          : GST_SEEK_FLAG_ACCURATE);
    GstEvent *event = gst_event_new_seek(1.0, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET, start,
                                         stop >= 0 ? GST_SEEK_TYPE_SET : GST_SEEK_TYPE_NONE, stop);
    if (gst_pad_send_event(pad, event))
        return true;
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "it cannot be sought by time");
    return false;
}

/* On GStreamer's threads: the first sample before the muxer. */
static GstPadProbeReturn
on_first_sample(GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
    Track *track = user_data;
    const GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(probe);
    g_autoptr(GstEvent) event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
    const GstSegment *segment;
    guint64 told = 0, decoded = 0;

    if (event == NULL)
        return GST_PAD_PROBE_OK;
    gst_event_parse_segment(event, &segment);
    int told_sign = gst_segment_to_running_time_full(segment, GST_FORMAT_TIME,
                                                     GST_BUFFER_PTS(buffer), &told);
    int decoded_sign = gst_segment_to_running_time_full(
        segment, GST_FORMAT_TIME, GST_BUFFER_DTS_OR_PTS(buffer), &decoded);
    track->told_ns = told_sign * (int64_t)told;
    track->decoded_ns = decoded_sign * (int64_t)decoded;
    return GST_PAD_PROBE_REMOVE;
}

/* On the muxer's thread, which has seen a sample of each track by now. */
static GstPadProbeReturn
on_mp4(GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
    const Graph *graph = user_data;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(probe);
    const Track *video = &graph->video, *audio = &graph->audio;
    int64_t begin_ns = !audio->is_found   ? video->told_ns
                       : !video->is_found ? audio->told_ns
                                          : MIN(video->told_ns, audio->told_ns);
    GstMapInfo map;

    if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
        return GST_PAD_PROBE_OK;
    g_autoptr(GBytes) moov = mp4_add_edits(
        map.data, map.size,
        &(Mp4Edit){ video->told_ns - begin_ns, MAX(video->told_ns - video->decoded_ns, 0) },
        &(Mp4Edit){ audio->told_ns - begin_ns, 0 });
    gst_buffer_unmap(buffer, &map);
    if (moov == NULL)
        return GST_PAD_PROBE_OK; /* what comes before it */
    GstBuffer *edited = gst_buffer_new_wrapped_bytes(moov);
    gst_buffer_copy_into(edited, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
    gst_buffer_unref(buffer);
    GST_PAD_PROBE_INFO_DATA(probe) = edited;
    return GST_PAD_PROBE_REMOVE;
}

static void
watch_mp4(Graph *graph, GstElement *mux)
{
    g_autoptr(GstPad) pad = gst_element_get_static_pad(mux, "src");

    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_mp4, graph, NULL);
}

/* queue -> chain -> target, running. */
static bool
put_in(Graph *graph, Track *track, GstElement *target, GError **error)
{
    GstElement *chain = track->build(graph->order, error);

    if (chain == NULL)
        return false;
    gst_bin_add(GST_BIN(graph->pipeline), chain);
    if (track == &graph->video && graph->order->has_words != 0 &&
        !subtitles_put_words(chain, graph->files->words, error))
        return false;
    if (track == &graph->video && graph->order->drawn_track > 0 &&
        !subtitles_put_drawn(chain, graph->drawn.is_found ? graph->drawn.queue : NULL, error))
        return false;
    if (track == &graph->video && graph->segments != NULL)
        segment_force_keys(chain, graph->order->cuts);
    g_autoptr(GstPad) end = gst_element_get_static_pad(chain, "src");
    gst_pad_add_probe(end, GST_PAD_PROBE_TYPE_BUFFER, on_first_sample, track, NULL);
    if (!gst_element_link(chain, target) ||
        !gst_element_link_pads(track->queue, "src", chain, "sink")) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s does not fit into %s",
                    track->recipe,
                    graph->order->mux != NULL ? graph->order->mux : "a stream alone");
        return false;
    }
    return true;
}

static void
release(Track *track)
{
    g_autoptr(GstPad) pad = gst_element_get_static_pad(track->queue, "src");

    gst_pad_remove_probe(pad, track->block);
}

static GstElement *
put_muxer(Graph *graph, GError **error)
{
    const char *mux = graph->order->mux;
    GstElement *muxer = recipe_build(mux, error);

    if (muxer == NULL)
        return NULL;
    gst_bin_add(GST_BIN(graph->pipeline), muxer);
    gst_element_link(muxer, graph->sink);
    if (strcmp(mux, "mp4") == 0)
        watch_mp4(graph, muxer);
    if (strcmp(mux, "mp4") == 0 && graph->order->is_live)
        g_object_set(muxer, "fragment-duration", LIVE_FRAGMENT_MS, NULL);
    return muxer;
}

static GstElement *
put_segment_sink(Graph *graph, const Track *track)
{
    GstElement *sink = segment_sinks_add(graph->segments, track == &graph->video);

    gst_bin_add(GST_BIN(graph->pipeline), sink);
    return sink;
}

static bool
put_together(Graph *graph, GError **error)
{
    Track *tracks[] = { &graph->video, &graph->audio };
    const ConversionOrder *order = graph->order;
    GstElement *target = graph->sink;

    if (graph->is_whole || !is_known(graph))
        return true;
    graph->is_whole = true;
    if (!graph->video.is_found && !graph->audio.is_found) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is nothing in it to play%s%s",
                    graph->missing != NULL ? "; nothing here reads " : "",
                    graph->missing != NULL ? graph->missing : "");
        return false;
    }
    if (!seek(graph, error))
        return false;
    if (graph->segments == NULL && order->mux != NULL) {
        target = put_muxer(graph, error);
        if (target == NULL)
            return false;
    }
    for (guint i = 0; i < G_N_ELEMENTS(tracks); i++)
        if (tracks[i]->is_found &&
            !put_in(graph, tracks[i],
                    target != NULL ? target : put_segment_sink(graph, tracks[i]), error))
            return false;
    gst_bin_sync_children_states(GST_BIN(graph->pipeline));
    if (graph->segments != NULL)
        segment_sinks_start(graph->segments, graph->pipeline);
    for (guint i = 0; i < G_N_ELEMENTS(tracks); i++)
        if (tracks[i]->is_found)
            release(tracks[i]);
    if (graph->drawn.is_found)
        release(&graph->drawn);
    return true;
}

/* -- Running ----------------------------------------------------------------------------------- */

static void
fail(Graph *graph, GstMessage *message, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *details = NULL;

    gst_message_parse_error(message, &problem, &details);
    g_debug("%s: %s", problem->message, details);
    if (graph->missing != NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "nothing here decodes %s",
                    graph->missing);
    else
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_FAILED, problem->message);
}

typedef enum { GOES_ON, IS_DONE, HAS_FAILED } Progress;

static Progress
hear(Graph *graph, GstMessage *message, GError **error)
{
    switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_STREAM_COLLECTION:
        graph->is_counted = true;
        return put_together(graph, error) ? GOES_ON : HAS_FAILED;
    case GST_MESSAGE_APPLICATION:
        track_of_message(graph, message)->is_found = true;
        return put_together(graph, error) ? GOES_ON : HAS_FAILED;
    case GST_MESSAGE_ELEMENT:
        if (gst_is_missing_plugin_message(message)) {
            g_free(graph->missing);
            graph->missing = gst_missing_plugin_message_get_description(message);
        }
        return GOES_ON;
    case GST_MESSAGE_ERROR:
        fail(graph, message, error);
        return HAS_FAILED;
    case GST_MESSAGE_EOS:
        return IS_DONE;
    default:
        return GOES_ON;
    }
}

bool
convert_run(const ConvertFiles *files, const ConversionOrder *order, GError **error)
{
    Graph graph = {
        .order = order,
        .files = files,
        .segments =
            order->cuts != NULL ? segment_sinks_new(order->cuts, files->output) : NULL,
        .is_piped = lseek(files->file, 0, SEEK_CUR) < 0,
        .video = { .recipe = order->video, .type = GST_STREAM_TYPE_VIDEO,
                   .build = recipe_build_video, .is_copied = order->copies_video },
        .audio = { .recipe = order->audio, .type = GST_STREAM_TYPE_AUDIO,
                   .index = order->audio_track, .build = recipe_build_audio,
                   .is_copied = order->copies_audio },
        .drawn = { .recipe = order->drawn_track > 0 ? "drawn" : NULL,
                   .type = GST_STREAM_TYPE_TEXT, .index = order->drawn_track - 1 },
    };
    Progress progress = GOES_ON;

    if (!take_apart(&graph, error))
        progress = HAS_FAILED;
    else
        gst_element_set_state(graph.pipeline, GST_STATE_PLAYING);
    g_autoptr(GstBus) bus = gst_element_get_bus(graph.pipeline);
    while (progress == GOES_ON) {
        g_autoptr(GstMessage) message = gst_bus_timed_pop(bus, GST_CLOCK_TIME_NONE);
        progress = hear(&graph, message, error);
    }
    if (progress == IS_DONE && graph.segments != NULL &&
        !segment_sinks_finish(graph.segments, error))
        progress = HAS_FAILED;
    gst_element_set_state(graph.pipeline, GST_STATE_NULL);
    segment_sinks_free(graph.segments);
    gst_object_unref(graph.pipeline);
    g_free(graph.video.id);
    g_free(graph.audio.id);
    g_free(graph.drawn.id);
    g_free(graph.missing);
    return progress == IS_DONE;
}
