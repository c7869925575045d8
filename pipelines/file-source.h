/* file-source.h -- an open file as the source of a graph, read at any place
 *
 * GStreamer's fdsrc reads on and on; demuxers that may jump find an index at a file's end at once
 * and seek exactly. filesrc wants a path, which a walled-in worker has none of. */
#pragma once

#include <gst/gst.h>

/* file stays the caller's and outlives the element. Floating. */
GstElement *file_source_new(int file);
