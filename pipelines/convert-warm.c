/* convert-warm.c -- what most conversions need, loaded before there is one; see convert.h */
#include "pipelines/convert.h"

#include "pipelines/recipe.h"

#include <gst/gst.h>

static void
warm_plugin(const char *name)
{
    g_autoptr(GstPlugin) plugin = gst_plugin_load_by_name(name);

    if (plugin == NULL)
        g_debug("GStreamer's %s is not installed", name);
}

static void
let_go(GstElement *chain)
{
    if (chain != NULL)
        gst_object_unref(gst_object_ref_sink(chain));
}

static void
warm_picture(const char *recipe)
{
    let_go(recipe_build_video(&(ConversionOrder){ .video = recipe }, NULL));
}

static void
warm_sound(const char *recipe)
{
    let_go(recipe_build_audio(&(ConversionOrder){ .audio = recipe }, NULL));
}

static void
warm_container(const char *recipe)
{
    let_go(recipe_build(recipe, NULL));
}

bool
convert_warm(guint step)
{
    static const struct {
        void (*warm)(const char *name);
        const char *name;
    } steps[] = {
        { warm_plugin, "typefindfunctions" }, { warm_plugin, "playback" },
        { warm_plugin, "matroska" },          { warm_plugin, "isomp4" },
        { warm_plugin, "libav" },             { warm_picture, "h264" },
        { warm_sound, "aac" },                { warm_container, "ts" },
    };

    if (step >= G_N_ELEMENTS(steps))
        return false;
    steps[step].warm(steps[step].name);
    return true;
}
