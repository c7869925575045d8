/* play-still.c -- see play-still.h */
#include "pipelines/play-still.h"

#include <gst/gst.h>
#include <stdbool.h>

/* Scaled before it is held, so that holding a large photo costs little. */
static const char picture_launch[] =
    "uridecodebin name=in ! videoconvert ! videoflip video-direction=auto ! videoscale ! "
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
    g_free(still);
}

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
        if (was_picture)
            still->shown(error->message, still->user_data);
        return G_SOURCE_REMOVE;
    }
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ASYNC_DONE && still->is_picture)
        still->shown(NULL, still->user_data);
    return G_SOURCE_CONTINUE;
}

/* False, told through shown for a picture, when the graph cannot be made. */
static bool
build(Still *still, const char *launch, bool is_picture)
{
    g_autoptr(GError) error = NULL;

    still_hide(still);
    g_autofree char *text = g_strconcat(launch, still->video_sink, NULL);
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

void
still_show_picture(Still *still, const char *uri)
{
    if (!build(still, picture_launch, true))
        return;
    set_property(still, "in", "uri", uri);
    gst_element_set_state(still->pipeline, GST_STATE_PLAYING);
}

void
still_show_idle(Still *still, const char *name, const char *text)
{
    if (!build(still, idle_launch, false))
        return;
    g_autofree char *safe_name = g_markup_escape_text(name, -1);
    g_autofree char *safe_text = g_markup_escape_text(text != NULL ? text : "", -1);
    set_property(still, "name", "text", safe_name);
    set_property(still, "text", "text", safe_text);
    gst_element_set_state(still->pipeline, GST_STATE_PLAYING);
}
