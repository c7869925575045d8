/* picture-box.c -- see picture-box.h */
#include "pipelines/picture-box.h"

#include <gst/video/video.h>

typedef struct {
    PictureBox box;
    GstElement *filter; /* borrowed */
} Keeper;

static int
whole(double size, int step)
{
    return MAX(2, (int)(size / step + 0.5) * step);
}

static void
fit(const Keeper *keeper, const GstVideoInfo *info)
{
    const PictureBox *box = &keeper->box;
    double width = (double)GST_VIDEO_INFO_WIDTH(info) * GST_VIDEO_INFO_PAR_N(info) /
                   MAX(GST_VIDEO_INFO_PAR_D(info), 1);
    double height = GST_VIDEO_INFO_HEIGHT(info), scale = 1;

    if (box->width > 0)
        scale = MIN(scale, (double)box->width / width);
    if (box->height > 0)
        scale = MIN(scale, (double)box->height / height);
    g_autoptr(GstCaps) caps = gst_caps_new_simple(
        "video/x-raw", "width", G_TYPE_INT, whole(width * scale, box->step), "height", G_TYPE_INT,
        whole(height * scale, box->step), "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
    g_object_set(keeper->filter, "caps", caps, NULL);
}

static GstPadProbeReturn
on_event(GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT(probe);
    GstVideoInfo info;
    GstCaps *caps;

    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS)
        return GST_PAD_PROBE_OK;
    gst_event_parse_caps(event, &caps);
    if (gst_video_info_from_caps(&info, caps))
        fit(user_data, &info);
    return GST_PAD_PROBE_OK;
}

void
picture_box_keep(const PictureBox *box, GstElement *scaler, GstElement *filter)
{
    g_autoptr(GstPad) pad = gst_element_get_static_pad(scaler, "sink");
    Keeper *keeper = g_new(Keeper, 1);

    *keeper = (Keeper){ *box, filter };
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, keeper, g_free);
}
