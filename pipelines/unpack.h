/* unpack.h -- conversions of what GStreamer's demuxers (1.22) do not read, or not rightly
 *
 * Of Wave64 and CAF there is none, nor of WTV: what is found there is taken for a bare stream of
 * pictures, which has no sound. That of AVI does not tell that others are shown before a key frame:
 * of MPEG-4 with B-frames pictures come two too few, and early. Those of DV and of MPEG-1's program
 * streams show one stream before they know of the other. libavformat takes such a file apart on a
 * thread of its own and puts it into Matroska, which the graph reads from a pipe. */
#pragma once

#include "pipelines/convert.h"

#include <glib.h>

/* As convert_run(), of a file that is whole. */
bool unpack_convert(const ConvertFiles *files, const ConversionOrder *order, GError **error);
