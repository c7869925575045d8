/* stream.h -- port: bytes that can be sent to a peer
 *
 * Implemented by files, byte strings, what is still arriving and what is made while it is sent;
 * used by net/http-body. A stream belongs to one reader at a time and may be read on any thread. */
#pragma once

#include "base/stream-hub.h"

typedef struct Stream Stream;

/* What read() answers when the bytes are still to come: the reader waits. */
#define STREAM_NOT_YET HUB_LATER

typedef struct {
    /* Up to size bytes from offset on; 0 at the end; -1 with an error; STREAM_NOT_YET. */
    gssize (*read)(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error);
    void (*free)(Stream *stream);
    /* After STREAM_NOT_YET: wake(user_data) is called once reading may go on, on any thread,
     * perhaps before this returns, perhaps in vain, and not after free(). NULL: read() never says
     * so. */
    void (*wait)(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data);
} StreamClass;

struct Stream {
    const StreamClass *class;
    char *mime;
    int64_t length;     /* -1: not known */
    bool is_seekable;   /* read() takes any offset; else offsets come in order */
    int fd;             /* a file's descriptor, sent without copying; -1: read() */
    char *etag;         /* a strong entity tag without quotes; NULL: none */
    int64_t modified_s; /* Unix time; 0: not known */
};

/* A regular file, opened for reading. DUO_ERROR_NOT_FOUND, DUO_ERROR_DENIED, DUO_ERROR_UNAVAILABLE
 * (the disk), DUO_ERROR_INVALID (not a regular file). The tag is made of inode, size and time. */
Stream *stream_new_file(const char *path, const char *mime, GError **error);
/* The same of an open file, which is taken over, also on failure; name is for messages. */
Stream *stream_new_fd(int fd, const char *name, const char *mime, GError **error);
Stream *stream_new_bytes(GBytes *bytes, const char *mime);
/* What a reader of a hub gets, once and in order, its length unknown. Takes reader over. */
Stream *stream_new_hub(HubReader *reader, const char *mime);
/* As the class' read(); never STREAM_NOT_YET of a stream without wait(). */
gssize  stream_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error);
void    stream_free(Stream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stream, stream_free)
