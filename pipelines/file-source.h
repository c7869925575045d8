/* file-source.h -- an open file as the source of a graph, read at any place, also while it grows
 *
 * GStreamer's fdsrc reads on and on; demuxers that may jump find an index at a file's end at once
 * and seek exactly. filesrc wants a path, which a walled-in worker has none of. */
#pragma once

#include <gst/gst.h>

/* Both descriptors stay the caller's and outlive the element. more: what lies beyond the end of the
 * file is waited for until it hangs up; -1: the file is whole. whole_size: what the file will have
 * then; 0: not known. Floating. */
GstElement *file_source_new(int file, int more, int64_t whole_size);
