/* stream.c -- streams of a file, of bytes and of a hub; see stream.h */
#include "model/stream.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Stream *
stream_new(const StreamClass *class, size_t size, const char *mime)
{
    Stream *stream = g_malloc0(size);

    stream->class = class;
    stream->mime = g_strdup(mime);
    stream->is_seekable = true;
    stream->fd = -1;
    return stream;
}

static void
stream_clear(Stream *stream)
{
    g_free(stream->mime);
    g_free(stream->etag);
    if (stream->fd >= 0)
        close(stream->fd);
    g_free(stream);
}

static DuoError
error_of_errno(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return DUO_ERROR_NOT_FOUND;
    case EACCES:
    case EPERM:
        return DUO_ERROR_DENIED;
    default:
        return DUO_ERROR_UNAVAILABLE;
    }
}

static gssize
file_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    ssize_t count;

    if (offset > INT64_MAX)
        return 0;
    do {
        count = pread(stream->fd, buffer, size, (off_t)offset);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "reading: %s", g_strerror(errno));
    return count;
}

static const StreamClass file_class = { .read = file_read, .free = stream_clear };

Stream *
stream_new_file(const char *path, const char *mime, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hold us */

    if (fd >= 0)
        return stream_new_fd(fd, path, mime, error);
    int number = errno;
    g_set_error(error, DUO_ERROR, error_of_errno(number), "%s: %s", path, g_strerror(number));
    return NULL;
}

Stream *
stream_new_fd(int fd, const char *name, const char *mime, GError **error)
{
    struct stat status;

    if (fstat(fd, &status) < 0) {
        int number = errno;
        g_set_error(error, DUO_ERROR, error_of_errno(number), "%s: %s", name, g_strerror(number));
        close(fd);
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: not a regular file", name);
        close(fd);
        return NULL;
    }
    Stream *stream = stream_new(&file_class, sizeof *stream, mime);
    stream->fd = fd;
    stream->length = status.st_size;
    stream->modified_s = status.st_mtime;
    stream->etag = g_strdup_printf(
        "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x.%lx",
        (guint64)status.st_ino, (guint64)status.st_size, (guint64)status.st_mtim.tv_sec,
        (unsigned long)status.st_mtim.tv_nsec);
    return stream;
}

typedef struct {
    Stream stream;
    GBytes *bytes;
} BytesStream;

static gssize
bytes_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(((BytesStream *)stream)->bytes, &length);

    if (offset >= length)
        return 0;
    size_t count = MIN(size, length - (size_t)offset);
    memcpy(buffer, data + offset, count);
    return (gssize)count;
}

static void
bytes_free(Stream *stream)
{
    g_bytes_unref(((BytesStream *)stream)->bytes);
    stream_clear(stream);
}

static const StreamClass bytes_class = { .read = bytes_read, .free = bytes_free };

Stream *
stream_new_bytes(GBytes *bytes, const char *mime)
{
    BytesStream *self = (BytesStream *)stream_new(&bytes_class, sizeof *self, mime);

    self->bytes = g_bytes_ref(bytes);
    self->stream.length = (int64_t)g_bytes_get_size(bytes);
    return &self->stream;
}

typedef struct {
    Stream stream;
    HubReader *reader;
} HubStream;

static gssize
hub_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    return hub_reader_read(((HubStream *)stream)->reader, buffer, size, error);
}

static void
hub_wait(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data)
{
    hub_reader_wait(((HubStream *)stream)->reader, wake, user_data);
}

static void
hub_free(Stream *stream)
{
    hub_reader_free(((HubStream *)stream)->reader);
    stream_clear(stream);
}

static const StreamClass hub_class = { .read = hub_read, .free = hub_free, .wait = hub_wait };

Stream *
stream_new_hub(HubReader *reader, const char *mime)
{
    HubStream *self = (HubStream *)stream_new(&hub_class, sizeof *self, mime);

    self->reader = reader;
    self->stream.length = -1;
    self->stream.is_seekable = false;
    return &self->stream;
}

gssize
stream_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    return stream->class->read(stream, offset, buffer, size, error);
}

void
stream_free(Stream *stream)
{
    if (stream != NULL)
        stream->class->free(stream);
}
