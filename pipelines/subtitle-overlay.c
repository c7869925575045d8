/* subtitle-overlay.c -- see subtitle-overlay.h */
#include "pipelines/subtitle-overlay.h"

#include "base/error.h"

bool
subtitles_put_words(GstElement *chain, int file, GError **error)
{
    g_autoptr(GstElement) overlay = gst_bin_get_by_name(GST_BIN(chain), "words");
    GstElement *source = gst_element_factory_make("fdsrc", NULL);
    GstElement *parser = gst_element_factory_make("subparse", NULL);

    if (overlay == NULL || source == NULL || parser == NULL) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                            "nothing here writes subtitles into this picture");
        g_clear_pointer(&source, gst_object_unref);
        g_clear_pointer(&parser, gst_object_unref);
        return false;
    }
    g_object_set(source, "fd", file, NULL);
    gst_bin_add_many(GST_BIN(chain), source, parser, NULL);
    return gst_element_link(source, parser) &&
           gst_element_link_pads(parser, "src", overlay, "text_sink");
}

bool
subtitles_put_drawn(GstElement *chain, GstElement *queue, GError **error)
{
    g_autoptr(GstElement) overlay = gst_bin_get_by_name(GST_BIN(chain), "drawn");
    g_autoptr(GstPad) in =
        overlay != NULL ? gst_element_get_static_pad(overlay, "subpicture") : NULL;

    if (in == NULL || queue == NULL) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                            in == NULL ? "nothing here draws subtitles into this picture"
                                       : "GStreamer finds no such subtitles in it");
        return false;
    }
    gst_element_add_pad(chain, gst_ghost_pad_new("drawn", in));
    return gst_element_link_pads(queue, "src", chain, "drawn");
}
