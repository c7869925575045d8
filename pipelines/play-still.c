/* play-still.c -- see play-still.h */
#include "pipelines/play-still.h"

#include <gst/gst.h>
#include <stdbool.h>
#include <string.h>

/* How a picture is decoded: by whatever uridecodebin finds, or by GdkPixbuf, which it passes by:
 * for GIF, BMP and WebP that moves it would take decoders that want what no parser gives them, and
 * for PNG one that mixes up colours of 16 bits. Where one does not know it, the other is asked. */
typedef enum { BY_DECODEBIN, BY_GDK_PIXBUF, WAY_N } Way;

static const char *const heads[WAY_N] = {
    [BY_DECODEBIN] = "uridecodebin name=in ! ",
    [BY_GDK_PIXBUF] = "gdkpixbufdec name=in ! ",
};

/* Scaled before it is held, so that holding a large photo costs little. */
static const char picture_launch[] =
    "videoconvert ! videoflip video-direction=auto ! videoscale ! "
    "video/x-raw,width=[1,3840],height=[1,2160],pixel-aspect-ratio=1/1 ! imagefreeze ! "
    "video/x-raw,framerate=2/1 ! videoconvert ! ";

static const char idle_launch[] =
    "videotestsrc pattern=black is-live=true ! video/x-raw,width=1280,height=720,framerate=2/1 ! "
    "textoverlay name=name valignment=center halignment=center font-desc=\"Sans 40\" ! "
    "textoverlay name=text valignment=bottom halignment=center font-desc=\"Sans 24\" ypad=80 ! "
    "clockoverlay valignment=top halignment=right font-desc=\"Sans 32\" time-format=\"%H:%M\" ! "
    /* plain frames: a GL sink would draw one of the overlays only */
    "video/x-raw ! videoconvert ! ";

struct Still {
    char *video_sink;
    StillShown shown;
    gpointer user_data; /* borrowed */
    GstElement *pipeline;
    guint bus_watch;
    bool is_picture;
    char *uri; /* of the picture that is loaded or shown */
    Way way;
    int ways_left;
};

Still *
still_new(const char *video_sink, StillShown shown, gpointer user_data)
{
    Still *still = g_new0(Still, 1);

    *still = (Still){ .video_sink = g_strdup(video_sink), .shown = shown, .user_data = user_data };
    return still;
}

void
still_hide(Still *still)
{
    if (still->pipeline == NULL)
        return;
    g_clear_handle_id(&still->bus_watch, g_source_remove);
    gst_element_set_state(still->pipeline, GST_STATE_NULL);
    gst_clear_object(&still->pipeline);
}

void
still_free(Still *still)
{
    if (still == NULL)
        return;
    still_hide(still);
    g_free(still->video_sink);
    g_free(still->uri);
    g_free(still);
}

static void show_by(Still *still, Way way);

static gboolean
on_message(GstBus *bus, GstMessage *message, gpointer user_data)
{
    Still *still = user_data;
    g_autoptr(GError) error = NULL;

    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        gst_message_parse_error(message, &error, NULL);
        if (!still->is_picture)
            g_warning("the idle picture cannot be shown: %s", error->message);
        bool was_picture = still->is_picture;
        still->bus_watch = 0;
        still_hide(still);
        if (was_picture && still->ways_left > 0)
            show_by(still, still->way == BY_DECODEBIN ? BY_GDK_PIXBUF : BY_DECODEBIN);
        else if (was_picture)
            still->shown(error->message, still->user_data);
        return G_SOURCE_REMOVE;
    }
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ASYNC_DONE && still->is_picture)
        still->shown(NULL, still->user_data);
    return G_SOURCE_CONTINUE;
}

/* False, told through shown for a picture, when the graph cannot be made. */
static bool
build(Still *still, const char *head, const char *launch, bool is_picture)
{
    g_autoptr(GError) error = NULL;

    still_hide(still);
    g_autofree char *text = g_strconcat(head, launch, still->video_sink, NULL);
    GstElement *pipeline = gst_parse_launch_full(text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
    if (pipeline == NULL) {
        if (is_picture)
            still->shown(error->message, still->user_data);
        else
            g_warning("the idle picture cannot be shown: %s", error->message);
        return false;
    }
    still->pipeline = pipeline;
    still->is_picture = is_picture;
    g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
    still->bus_watch = gst_bus_add_watch(bus, on_message, still);
    return true;
}

static void
set_property(Still *still, const char *element_name, const char *property, const char *value)
{
    g_autoptr(GstElement) element = gst_bin_get_by_name(GST_BIN(still->pipeline), element_name);

    g_object_set(element, property, value, NULL);
}

/* source -> the decoder. */
static bool
feed(const Still *still, GError **error)
{
    g_autoptr(GstElement) decoder = gst_bin_get_by_name(GST_BIN(still->pipeline), "in");
    GstElement *source = gst_element_make_from_uri(GST_URI_SRC, still->uri, NULL, error);

    return source != NULL && gst_bin_add(GST_BIN(still->pipeline), source) &&
           gst_element_link(source, decoder);
}

static void
show_by(Still *still, Way way)
{
    g_autoptr(GError) error = NULL;

    still->way = way;
    still->ways_left--;
    if (!build(still, heads[way], picture_launch, true))
        return;
    if (way == BY_DECODEBIN)
        set_property(still, "in", "uri", still->uri);
    else if (!feed(still, &error)) {
        still_hide(still);
        still->shown(error != NULL ? error->message : "nothing reads it", still->user_data);
        return;
    }
    gst_element_set_state(still->pipeline, GST_STATE_PLAYING);
}

void
still_show_picture(Still *still, const char *uri, const char *mime)
{
    bool is_usual = mime == NULL || !g_str_has_prefix(mime, "image/") ||
                    strcmp(mime, "image/jpeg") == 0;

    g_free(still->uri);
    still->uri = g_strdup(uri);
    still->ways_left = WAY_N;
    show_by(still, is_usual ? BY_DECODEBIN : BY_GDK_PIXBUF);
}

void
still_show_idle(Still *still, const char *name, const char *text)
{
    if (!build(still, "", idle_launch, false))
        return;
    g_autofree char *safe_name = g_markup_escape_text(name, -1);
    g_autofree char *safe_text = g_markup_escape_text(text != NULL ? text : "", -1);
    set_property(still, "name", "text", safe_name);
    set_property(still, "text", "text", safe_text);
    gst_element_set_state(still->pipeline, GST_STATE_PLAYING);
}
