/* subtitle-overlay.h -- subtitles into the picture of a chain that a recipe made
 *
 * DUO_ERROR_UNSUPPORTED: the chain has no element for them. */
#pragma once

#include <gst/gst.h>
#include <stdbool.h>

/* SubRip, which is read from file (borrowed). */
bool subtitles_put_words(GstElement *chain, int file, GError **error);
/* Pictures, which come from queue; NULL: there are none. */
bool subtitles_put_drawn(GstElement *chain, GstElement *queue, GError **error);
