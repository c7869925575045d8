/* play-live.c -- see play-live.h
 *
 * Everything is set when playbin makes the source of an address: what was loaded before has let go
 * of the sinks then. Sinks live longer than media, and get back what was set of them. Media threads
 * hold a reference each way they may come, and meet the loop in two numbers. */
#include "pipelines/play-live.h"

#include <gst/base/gstbasesink.h>
#include <string.h>

#define PLAYBIN_BUFFERING 0x100 /* of its flags: collect before playing */
#define KEPT "duoping-kept-sync" /* of a sink: it kept time before */
#define NOT_BEGUN (-1)

struct PlayLive {
    GstElement *pipeline; /* borrowed */
    gint is_live;         /* atomic */
    /* atomic: of the pictures' time the first and the last; NOT_BEGUN: none has come */
    gint first_ms, last_ms;
};

/* What makes a live stream late: each waits for more than it needs. */
static const struct {
    const char *factory, *property, *value;
} hasty[] = {
    { "souphttpsrc", "is-live", "true" },   { "souphttpsrc", "do-timestamp", "true" },
    { "souphttpsrc", "blocksize", "8192" }, { "tsdemux", "latency", "20" },
    { "avdec_h264", "max-threads", "1" },   { "avdec_h264", "thread-type", "slice" },
};

static void
make_hasty(GstElement *element)
{
    GstElementFactory *factory = gst_element_get_factory(element);

    for (guint i = 0; factory != NULL && i < G_N_ELEMENTS(hasty); i++)
        if (g_strcmp0(GST_OBJECT_NAME(factory), hasty[i].factory) == 0)
            gst_util_set_object_arg(G_OBJECT(element), hasty[i].property, hasty[i].value);
}

/* What is live begins with the first picture that is seen, whatever its clock stood at. */
static GstPadProbeReturn
on_picture(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    PlayLive *live = user_data;
    g_autoptr(GstEvent) event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
    const GstSegment *segment = NULL;

    if (g_atomic_int_get(&live->is_live) == 0)
        return GST_PAD_PROBE_REMOVE;
    if (event != NULL)
        gst_event_parse_segment(event, &segment);
    if (segment == NULL || segment->format != GST_FORMAT_TIME)
        return GST_PAD_PROBE_OK;
    guint64 place = gst_segment_to_stream_time(segment, GST_FORMAT_TIME,
                                               GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)));
    if (!GST_CLOCK_TIME_IS_VALID(place))
        return GST_PAD_PROBE_OK;
    gint place_ms = (gint)MIN(place / GST_MSECOND, G_MAXINT);
    g_atomic_int_compare_and_exchange(&live->first_ms, NOT_BEGUN, place_ms);
    g_atomic_int_set(&live->last_ms, place_ms);
    return GST_PAD_PROBE_OK;
}

/* Some are bins around one that does not know what it shows. */
static bool
shows_pictures(GstElement *sink)
{
    g_autoptr(GstObject) object = gst_object_ref(GST_OBJECT(sink));
    bool does = false;

    while (object != NULL && !does) {
        const char *class = gst_element_get_metadata(GST_ELEMENT(object),
                                                     GST_ELEMENT_METADATA_KLASS);
        GstObject *parent = gst_object_get_parent(object);
        does = class != NULL && strstr(class, "Sink") != NULL && strstr(class, "Video") != NULL;
        gst_object_unref(object);
        object = parent;
    }
    return does;
}

static void
set_sink(PlayLive *live, GstElement *sink, bool is_live)
{
    gboolean keeps_time = FALSE;

    if (!GST_IS_BASE_SINK(sink) || !shows_pictures(sink))
        return;
    g_object_get(sink, "sync", &keeps_time, NULL);
    if (is_live && keeps_time)
        g_object_set_data(G_OBJECT(sink), KEPT, sink);
    if (is_live || g_object_steal_data(G_OBJECT(sink), KEPT) != NULL)
        g_object_set(sink, "sync", !is_live, NULL);
    g_autoptr(GstPad) pad = gst_element_get_static_pad(sink, "sink");
    if (is_live && pad != NULL)
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture,
                          g_atomic_rc_box_acquire(live), g_atomic_rc_box_release);
}

static void
set_sinks(PlayLive *live, bool is_live)
{
    GstIterator *elements = gst_bin_iterate_recurse(GST_BIN(live->pipeline));
    g_auto(GValue) element = G_VALUE_INIT;
    GstIteratorResult result;

    while ((result = gst_iterator_next(elements, &element)) == GST_ITERATOR_OK ||
           result == GST_ITERATOR_RESYNC) {
        if (result == GST_ITERATOR_RESYNC) {
            gst_iterator_resync(elements);
            continue;
        }
        set_sink(live, g_value_get_object(&element), is_live);
        g_value_reset(&element);
    }
    gst_iterator_free(elements);
}

/* -- on media threads -- */

static void
on_source(GstElement *pipeline G_GNUC_UNUSED, GstElement *source, gpointer user_data)
{
    PlayLive *live = user_data;
    bool is_live = g_atomic_int_get(&live->is_live) != 0;

    g_atomic_int_set(&live->first_ms, NOT_BEGUN);
    set_sinks(live, is_live);
    if (is_live)
        make_hasty(source);
}

static void
on_element(GstElement *pipeline G_GNUC_UNUSED, GstElement *element, gpointer user_data)
{
    PlayLive *live = user_data;

    if (g_atomic_int_get(&live->is_live) == 0)
        return;
    make_hasty(element);
    set_sink(live, element, true);
}

/* -- on the loop -- */

static void
on_listener_gone(gpointer data, GClosure *closure G_GNUC_UNUSED)
{
    g_atomic_rc_box_release(data);
}

PlayLive *
play_live_new(GstElement *pipeline)
{
    PlayLive *live = g_atomic_rc_box_new0(PlayLive);

    live->pipeline = pipeline;
    live->first_ms = NOT_BEGUN;
    g_signal_connect_data(pipeline, "source-setup", G_CALLBACK(on_source),
                          g_atomic_rc_box_acquire(live), on_listener_gone, 0);
    g_signal_connect_data(pipeline, "element-setup", G_CALLBACK(on_element),
                          g_atomic_rc_box_acquire(live), on_listener_gone, 0);
    return live;
}

void
play_live_free(PlayLive *live)
{
    if (live != NULL)
        g_atomic_rc_box_release(live);
}

void
play_live_set(PlayLive *live, bool is_live)
{
    GParamSpec *flags = g_object_class_find_property(G_OBJECT_GET_CLASS(live->pipeline), "flags");
    g_auto(GValue) value = G_VALUE_INIT;

    g_atomic_int_set(&live->is_live, is_live);
    g_atomic_int_set(&live->first_ms, NOT_BEGUN);
    g_value_init(&value, flags->value_type);
    g_object_get_property(G_OBJECT(live->pipeline), "flags", &value);
    guint set = g_value_get_flags(&value);
    guint wanted = is_live ? set & ~(guint)PLAYBIN_BUFFERING : set | PLAYBIN_BUFFERING;
    if (wanted == set) /* else GLib 2.74 may abort: media threads set properties of it, too */
        return;
    g_value_set_flags(&value, wanted);
    g_object_set_property(G_OBJECT(live->pipeline), "flags", &value);
}

int64_t
play_live_place_ms(const PlayLive *live, int64_t told_ms)
{
    gint first_ms = g_atomic_int_get(&live->first_ms);

    if (g_atomic_int_get(&live->is_live) == 0 || first_ms == NOT_BEGUN)
        return told_ms;
    return MAX(g_atomic_int_get(&live->last_ms) - first_ms, 0);
}
