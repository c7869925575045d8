/* av-file.h -- an open file, for libavformat
 *
 * What is read comes through an AVIOContext over the descriptor: no path, no protocol and no
 * network can be asked for, and no container but those of probe_containers(). */
#pragma once

#include <glib.h>
#include <libavformat/avformat.h>
#include <stdbool.h>

typedef struct {
    int file; /* borrowed */
    int64_t offset, size;
} AvFile;

/* Opens the header of file, which outlives the media; close with av_file_close(). name: for people;
 * may be NULL. DUO_ERROR_UNSUPPORTED. */
AVFormatContext *av_file_open(AvFile *file, const char *name, GError **error);
void             av_file_close(AVFormatContext *media);

/* All of text, to a file or a pipe. DUO_ERROR_FAILED. */
bool             av_file_write(int output, const GString *text, GError **error);

/* Sets DUO_ERROR_UNSUPPORTED: what, and what libavformat says against it; always false. */
bool             av_fail(GError **error, int failure, const char *what);
