/* capture.c -- see capture.h; what makes little delay is in the recipes */
#include "pipelines/capture.h"

#include "pipelines/recipe.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Whether somebody listens there: a graph with a source that does not open would not run. */
static bool
has_sound(GstElement *chain)
{
    g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(chain), "source");
    bool is_there = gst_element_set_state(source, GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS;

    gst_element_set_state(source, GST_STATE_NULL);
    return is_there;
}

static void
add_sound(GstElement *pipeline, GstElement *mux)
{
    GstElement *chain = recipe_build("mirror-sound", NULL);
    g_autoptr(GstElement) ours = chain != NULL ? gst_object_ref_sink(chain) : NULL;

    if (ours == NULL || !has_sound(ours)) {
        fputs("there is no sound here: the picture goes alone\n", stderr);
        return;
    }
    gst_bin_add(GST_BIN(pipeline), ours);
    gst_element_link(ours, mux);
}

/* When it was taken, by the system's clock. */
static GstPadProbeReturn
on_first_picture(GstPad *pad, GstPadProbeInfo *info, gpointer told)
{
    g_autoptr(GstEvent) event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
    g_autoptr(GstElement) chain = gst_pad_get_parent_element(pad);
    const GstSegment *segment;

    if (event != NULL && chain != NULL) {
        gst_event_parse_segment(event, &segment);
        GstClockTime running = gst_segment_to_running_time(
            segment, GST_FORMAT_TIME, GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)));
        int64_t taken_us = (int64_t)((gst_element_get_base_time(chain) + running) / 1000);
        if (write(GPOINTER_TO_INT(told), &taken_us, sizeof taken_us) < 0)
            g_debug("nobody wants to know when it began");
    }
    return GST_PAD_PROBE_REMOVE;
}

/* All goes by the system's clock, also where there is sound: it is ours and theirs. */
static void
tell_beginning(GstElement *pipeline, GstElement *picture, int told)
{
    g_autoptr(GstClock) clock = gst_system_clock_obtain();
    g_autoptr(GstPad) pad = gst_element_get_static_pad(picture, "src");

    gst_pipeline_use_clock(GST_PIPELINE(pipeline), clock);
    if (told >= 0)
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_first_picture, GINT_TO_POINTER(told),
                          NULL);
}

static GstElement *
build(const char *form, int output, int told, GError **error)
{
    g_autofree char *container = g_strconcat("mirror-", form, NULL);
    g_autoptr(GstElement) pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
    GstElement *out = gst_element_factory_make("fdsink", "out");
    GstElement *mux = recipe_build(container, error);

    gst_bin_add(GST_BIN(pipeline), out);
    if (mux == NULL)
        return NULL;
    gst_bin_add(GST_BIN(pipeline), mux);
    gst_element_link(mux, out);
    GstElement *picture = recipe_build("mirror-picture", error);
    if (picture == NULL)
        return NULL;
    gst_bin_add(GST_BIN(pipeline), picture);
    gst_element_link(picture, mux);
    tell_beginning(pipeline, picture, told);
    add_sound(pipeline, mux);
    g_object_set(out, "fd", output, "sync", FALSE, NULL);
    return g_steal_pointer(&pipeline);
}

/* Runs until the reader leaves, which an fdsink takes for an error. */
static void
run(GstElement *pipeline, GError **error)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);

    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    g_autoptr(GstMessage) last = gst_bus_timed_pop_filtered(
        bus, GST_CLOCK_TIME_NONE, (GstMessageType)(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
    if (GST_MESSAGE_TYPE(last) == GST_MESSAGE_ERROR &&
        strcmp(GST_OBJECT_NAME(GST_MESSAGE_SRC(last)), "out") != 0)
        gst_message_parse_error(last, error, NULL);
    gst_element_set_state(pipeline, GST_STATE_NULL);
}

int
capture_run(const char *form, int output, int told)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GstElement) pipeline = NULL;

    if (gst_init_check(NULL, NULL, &error))
        pipeline = build(form, output, told, &error);
    if (pipeline != NULL)
        run(pipeline, &error);
    if (error != NULL)
        fprintf(stderr, "the screen cannot be taken: %s\n", error->message);
    return error != NULL;
}
