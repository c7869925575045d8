/* subtitle-file.h -- files of subtitles as others can read them: in UTF-8, and in another format
 *
 * Any thread. */
#pragma once

#include "model/media-details.h"
#include "model/stream.h"

/* The words of file, which is taken over, in UTF-8; of one that is that already, the file itself.
 * format: as model/sidecar.h names it; as: what is made of it (wire/subtitles.h), NULL: what it is.
 * name is for messages. DUO_ERROR_INVALID, and those of stream_new_fd(). */
Stream *subtitle_file_open(int file, const char *name, const char *format, const char *as,
                           GError **error);

/* What belongs to the object and has the name that name begins with; *as: what is to be made of it,
 * the end of name ("film.ass.srt"), NULL: nothing else. Borrowed from object and name; NULL: there
 * is no such thing. */
const MediaSidecar *subtitle_find(const MediaObject *object, const char *name, const char **as);

/* text, in UTF-8 and of that format, as a stream of another, or (NULL) as it is.
 * DUO_ERROR_INVALID. */
Stream *subtitle_text_open(const char *text, gsize size, const char *format, const char *as,
                           GError **error);
