/* recipe.c -- see recipe.h */
#include "pipelines/recipe.h"

#include "base/error.h"
#include "pipelines/picture-box.h"
#include "pipelines/recipes-resource.h"

#include <math.h>
#include <string.h>

/* Several recipes for one codec, the best first; any other codec has the one of its name. */
static const struct {
    const char *codec, *recipe;
    bool is_hardware;
} choices[] = {
    { "h264", "h264-va", true },
    { "h264", "h264-v4l2", true },
    { "h264", "h264", false },
};

/* How encoders are told a rate: the property and its unit in bits a second. */
static const struct {
    const char *element, *property;
    int unit;
} rates[] = {
    { "x264enc", "bitrate", 1000 },      { "vah264enc", "bitrate", 1000 },
    { "vp8enc", "target-bitrate", 1 },   { "avenc_aac", "bitrate", 1 },
    { "lamemp3enc", "bitrate", 1000 },
};

/* -- Text to elements -------------------------------------------------------------------------- */

/* Behind what stands a line that is not always taken. */
static const char *const marks[] = { "+words ", "+drawn " };
enum { HAS_WORDS = 1 << 0, HAS_DRAWN = 1 << 1 }; /* in their order */

/* The element of a line; NULL: it is not taken. */
static const char *
read_line(const char *line, unsigned has)
{
    for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
        if (g_str_has_prefix(line, marks[i]))
            return (has & 1u << i) != 0 ? line + strlen(marks[i]) : NULL;
    return *line != '\0' && *line != '#' ? line : NULL;
}

/* What would be typed after gst-launch-1.0; NULL: there is no such recipe. */
static char *
recipe_text(const char *name, unsigned has)
{
    g_autofree char *path = g_strdup_printf("/duoping/recipes/%s.launch", name);
    g_autoptr(GBytes) data =
        g_resource_lookup_data(recipes_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    GString *text = g_string_new(NULL);

    if (data == NULL) {
        g_string_free(text, TRUE);
        return NULL;
    }
    g_auto(GStrv) lines = g_strsplit(g_bytes_get_data(data, NULL), "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        const char *element = read_line(*line, has);
        if (element != NULL)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " ! " : "", element);
    }
    return g_string_free(text, FALSE);
}

static GstElement *
knob(GstElement *chain, const char *name)
{
    return GST_IS_BIN(chain) ? gst_bin_get_by_name(GST_BIN(chain), name) : NULL;
}

/* A decoder is linked to what follows it when it knows what comes out, so until then a chain has
 * two ends that look like its beginning. */
static void
add_pads(GstElement *chain)
{
    g_autoptr(GstElement) decoder = knob(chain, "decoder");
    g_autoptr(GstPad) in = decoder != NULL
                               ? gst_element_get_static_pad(decoder, "sink")
                               : gst_bin_find_unlinked_pad(GST_BIN(chain), GST_PAD_SINK);
    g_autoptr(GstPad) out = gst_bin_find_unlinked_pad(GST_BIN(chain), GST_PAD_SRC);

    if (in != NULL) /* else it begins with a source */
        gst_element_add_pad(chain, gst_ghost_pad_new("sink", in));
    gst_element_add_pad(chain, gst_ghost_pad_new("src", out));
}

static GstElement *
build(const char *name, unsigned has, GError **error)
{
    g_autofree char *text = recipe_text(name, has);
    g_autoptr(GError) problem = NULL;
    GstElement *element = NULL;

    bool is_chain = text != NULL && strstr(text, " ! ") != NULL;

    if (is_chain)
        element = gst_parse_bin_from_description_full(text, FALSE, NULL,
                                                      GST_PARSE_FLAG_FATAL_ERRORS, &problem);
    else if (text != NULL)
        element = gst_parse_launch_full(text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &problem);
    if (element == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s cannot be made here: %s", name,
                    problem != NULL ? problem->message : "nobody knows how");
    else if (is_chain)
        add_pads(element);
    return element;
}

GstElement *
recipe_build(const char *name, GError **error)
{
    return build(name, 0, error);
}

/* -- Choosing ---------------------------------------------------------------------------------- */

/* Only opening a device tells whether there is one. */
static bool
works(GstElement *chain)
{
    bool is_fine = gst_element_set_state(chain, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;

    gst_element_set_state(chain, GST_STATE_NULL);
    return is_fine;
}

static GstElement *
build_best(const char *codec, const ConversionOrder *order, GError **error)
{
    unsigned has = (order->has_words != 0 ? HAS_WORDS : 0) |
                   (order->drawn_track > 0 ? HAS_DRAWN : 0);
    g_autofree char *own = g_strconcat(codec, "-live", NULL);
    GstElement *live = order->is_live ? build(own, 0, NULL) : NULL;

    if (live != NULL)
        return live;
    for (guint i = 0; i < G_N_ELEMENTS(choices); i++) {
        if (strcmp(choices[i].codec, codec) != 0 || (choices[i].is_hardware && order->is_software))
            continue;
        GstElement *chain = build(choices[i].recipe, has, NULL);
        if (chain != NULL && works(chain))
            return chain;
        if (chain != NULL)
            gst_object_unref(gst_object_ref_sink(chain));
    }
    return build(codec, has, error);
}

/* Some codecs are copied in a way of their own into some containers, or into none. */
static GstElement *
build_copy(const char *codec, const char *mux, GError **error)
{
    g_autofree char *name = g_strconcat("copy-", codec, NULL);
    g_autofree char *own = g_strdup_printf("%s-%s", name, mux != NULL ? mux : "alone");
    GstElement *chain = recipe_build(own, NULL);

    return chain != NULL ? chain : recipe_build(name, error);
}

/* -- Knobs ------------------------------------------------------------------------------------- */

static void
set_rate(GstElement *chain, int64_t kbit)
{
    g_autoptr(GstElement) encoder = knob(chain, "encoder");
    GstElementFactory *factory = encoder != NULL ? gst_element_get_factory(encoder) : NULL;

    for (guint i = 0; factory != NULL && kbit > 0 && i < G_N_ELEMENTS(rates); i++)
        if (strcmp(rates[i].element, GST_OBJECT_NAME(factory)) == 0)
            g_object_set(encoder, rates[i].property, (int)(kbit * 1000 / rates[i].unit), NULL);
}

static void
set_box(GstElement *chain, int64_t width, int64_t height)
{
    g_autoptr(GstElement) filter = knob(chain, "picture");
    g_autoptr(GstElement) scaler = knob(chain, "scaler");

    if (filter != NULL && scaler != NULL) /* encoders want it even */
        picture_box_keep(&(PictureBox){ width, height, 2 }, scaler, filter);
}

/* Sound at most as wide and as fast as the order says. */
static void
set_sound(GstElement *chain, const ConversionOrder *order)
{
    g_autoptr(GstElement) filter = knob(chain, "sound");
    g_autoptr(GstElement) gain = knob(chain, "gain");
    g_autoptr(GstCaps) caps = gst_caps_new_empty_simple("audio/x-raw");

    if (order->channels == 1)
        gst_caps_set_simple(caps, "channels", G_TYPE_INT, 1, NULL);
    else if (order->channels > 1)
        gst_caps_set_simple(caps, "channels", GST_TYPE_INT_RANGE, 1, (int)order->channels, NULL);
    if (order->sample_rate > 8000)
        gst_caps_set_simple(caps, "rate", GST_TYPE_INT_RANGE, 8000, (int)order->sample_rate, NULL);
    if (filter != NULL)
        g_object_set(filter, "caps", caps, NULL);
    if (gain != NULL)
        g_object_set(gain, "volume", CLAMP(pow(10, (double)order->gain_cdb / 2000), 0.01, 4), NULL);
}

/* A picture at the time of the one before it leaves x264enc (1.22) without any time, and no
 * container takes it then. Some files have such, some demuxers make them. */
static GstPadProbeReturn
on_picture(GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
    GstClockTime *last = user_data;
    GstClockTime time = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(probe));

    if (!GST_CLOCK_TIME_IS_VALID(time) ||
        (GST_CLOCK_TIME_IS_VALID(*last) && time <= *last))
        return GST_PAD_PROBE_DROP;
    *last = time;
    return GST_PAD_PROBE_OK;
}

static void
drop_twins(GstElement *chain)
{
    g_autoptr(GstElement) encoder = knob(chain, "encoder");
    g_autoptr(GstPad) pad = encoder != NULL ? gst_element_get_static_pad(encoder, "sink") : NULL;
    GstClockTime *last = g_new(GstClockTime, 1);

    *last = GST_CLOCK_TIME_NONE;
    if (pad != NULL)
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, last, g_free);
    else
        g_free(last);
}

GstElement *
recipe_build_video(const ConversionOrder *order, GError **error)
{
    if (order->copies_video)
        return build_copy(order->video, order->mux, error);
    GstElement *chain = build_best(order->video, order, error);
    if (chain == NULL)
        return NULL;
    set_box(chain, order->width, order->height);
    if (!order->is_live) /* its recipe says how much */
        set_rate(chain, order->video_kbit);
    drop_twins(chain);
    g_autoptr(GstElement) rate = knob(chain, "rate");
    if (rate != NULL && order->frame_rate > 0)
        g_object_set(rate, "max-rate", (int)((order->frame_rate + 999) / 1000), NULL);
    return chain;
}

GstElement *
recipe_build_audio(const ConversionOrder *order, GError **error)
{
    if (order->copies_audio)
        return build_copy(order->audio, order->mux, error);
    GstElement *chain = build_best(order->audio, order, error);
    if (chain == NULL)
        return NULL;
    set_sound(chain, order);
    set_rate(chain, order->audio_kbit);
    return chain;
}
