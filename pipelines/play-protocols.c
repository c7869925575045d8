/* play-protocols.c -- what the installed decoders can play, as UPnP's protocolInfo (CMS:1 2.5.2) */
#include "pipelines/play.h"

#include "wire/protocol-info.h"

#include <gst/gst.h>

/* A MIME type and the caps, separated by ';', that each need an element which takes them. */
static const struct {
    const char *mime, *needs;
} types[] = {
    { "video/mp4", "video/quicktime;video/x-h264" },
    { "video/quicktime", "video/quicktime;video/x-h264" },
    { "video/3gpp", "application/x-3gp;video/x-h264" },
    { "video/x-matroska", "video/x-matroska;video/x-h264" },
    { "video/webm", "video/webm;video/x-vp8" },
    { "video/mp2t", "video/mpegts;video/x-h264" },
    { "video/vnd.dlna.mpeg-tts", "video/mpegts;video/x-h264" },
    { "video/mpeg", "video/mpeg,mpegversion=2,systemstream=true;video/mpeg,mpegversion=2,"
                    "systemstream=false" },
    { "video/x-msvideo", "video/x-msvideo;video/mpeg,mpegversion=4,systemstream=false" },
    { "video/avi", "video/x-msvideo;video/mpeg,mpegversion=4,systemstream=false" },
    { "video/x-flv", "video/x-flv;video/x-h264" },
    { "video/x-ms-wmv", "video/x-ms-asf;video/x-wmv,wmvversion=2" },
    { "video/ogg", "application/ogg;video/x-theora" },
    { MIME_HLS, "application/x-hls;video/mpegts;video/x-h264" },
    { "audio/mpeg", "audio/mpeg,mpegversion=1,layer=3" },
    { "audio/mp4", "video/quicktime;audio/mpeg,mpegversion=4,stream-format=raw" },
    { "audio/3gpp", "application/x-3gp;audio/mpeg,mpegversion=4,stream-format=raw" },
    { "audio/aac", "audio/mpeg,mpegversion=4,stream-format=adts" },
    { "audio/flac", "audio/x-flac" },
    { "audio/ogg", "application/ogg;audio/x-vorbis" },
    { "audio/wav", "audio/x-wav" },
    { "audio/aiff", "audio/x-aiff" },
    { "audio/ac3", "audio/x-ac3" },
    { "audio/x-wavpack", "audio/x-wavpack" },
    { "audio/x-matroska", "audio/x-matroska;audio/x-vorbis" },
    { "audio/webm", "audio/webm;audio/x-opus" },
    { "audio/x-ms-wma", "video/x-ms-asf;audio/x-wma,wmaversion=2" },
    { "image/jpeg", "image/jpeg" },
    { "image/png", "image/png" },
    { "image/gif", "image/gif" },
    { "image/webp", "image/webp" },
    { "image/bmp", "image/bmp" },
};

static bool
is_taken(GList *factories, const char *caps_text)
{
    g_autoptr(GstCaps) caps = gst_caps_from_string(caps_text);
    GList *takers = gst_element_factory_list_filter(factories, caps, GST_PAD_SINK, FALSE);
    bool is_any = takers != NULL;

    gst_plugin_feature_list_free(takers);
    return is_any;
}

char *
play_sink_protocols(void)
{
    GString *text = g_string_new(NULL);
    GList *factories = gst_element_factory_list_get_elements(
        GST_ELEMENT_FACTORY_TYPE_DECODABLE, GST_RANK_MARGINAL);

    for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
        g_auto(GStrv) needs = g_strsplit(types[i].needs, ";", -1);
        bool can_play = true;
        for (guint need = 0; needs[need] != NULL && can_play; need++)
            can_play = is_taken(factories, needs[need]);
        if (can_play)
            g_string_append_printf(text, "%shttp-get:*:%s:*", text->len > 0 ? "," : "",
                                   types[i].mime);
    }
    gst_plugin_feature_list_free(factories);
    g_string_append_printf(text, "%s" PROTOCOL_INFO_PARTS, text->len > 0 ? "," : "");
    if (gst_uri_protocol_is_supported(GST_URI_SRC, "rtsp"))
        g_string_append(text, "," PROTOCOL_INFO_RTSP);
    return g_string_free(text, FALSE);
}
