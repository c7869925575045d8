/* recipe.h -- the recipes of pipelines/recipes as elements, with their knobs
 *
 * A recipe is text: one element a line, as one would type it after gst-launch-1.0; "#" begins a
 * remark, and a line behind "+words " or "+drawn " is there alone where the picture gets subtitles
 * of that kind. What varies are
 * properties of elements with a name, set here: no word from outside ever becomes a part of that
 * text. */
#pragma once

#include "pipelines/conversion-order.h"

#include <gst/gst.h>

/* The elements of one recipe, linked: a single element, or a bin with the pads that are left over.
 * Floating. DUO_ERROR_UNSUPPORTED: there is no such recipe, or an element is not installed. */
GstElement *recipe_build(const char *name, GError **error);

/* The chain from a parsed stream to what the container takes, as the order says; the first of its
 * codec's recipes, hardware before software, that works here. */
GstElement *recipe_build_video(const ConversionOrder *order, GError **error);
GstElement *recipe_build_audio(const ConversionOrder *order, GError **error);
