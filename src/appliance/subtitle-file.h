/* subtitle-file.h -- files of subtitles as others can read them: in UTF-8, and in another format
 *
 * Any thread. */
#pragma once

#include "model/stream.h"

/* The words of file, which is taken over, in UTF-8; of one that is that already, the file itself.
 * format: as model/sidecar.h names it; as: what is made of it (wire/subtitles.h), NULL: what it is.
 * name is for messages. DUO_ERROR_INVALID, and those of stream_new_fd(). */
Stream *subtitle_file_open(int file, const char *name, const char *format, const char *as,
                           GError **error);
