/* remux.h -- the streams of a file as they are, in another container
 *
 * By libavformat, which does it with a fifth of the CPU of a GStreamer graph, begins as soon as the
 * file's header is read, and needs no library that is not loaded yet, so that its worker may open
 * nothing at all. */
#pragma once

#include "pipelines/conversion-order.h"

#include <glib.h>

/* Writes to output what order says of file, until all is written or nobody reads on. Both are
 * borrowed. DUO_ERROR_UNSUPPORTED, DUO_ERROR_NOT_FOUND. */
bool remux_run(int file, int output, const ConversionOrder *order, GError **error);

/* Likewise, for who converts them: from the key frame before the place that order names, and with
 * the times that they have in the file. */
bool remux_unpack(int file, int output, const ConversionOrder *order, GError **error);
