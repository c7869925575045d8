/* push.c -- see push.h; lock guards everything but what never changes */
#define _GNU_SOURCE /* pipe2 */
#include "appliance/pushes/push.h"

#include "base/error.h"
#include "model/stream-waiters.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct Push {
    gatomicrefcount references;
    GMutex lock;
    PushFacts facts;
    char *path;
    int fd;
    guint writer, last_writer; /* 0: nobody writes */
    StreamWaiters *waiters;
    int gate[2]; /* a pipe: the first end hangs up when nothing follows; -1: nobody asked yet */
    bool is_gone;
};

void
push_facts_clear(PushFacts *facts)
{
    g_free(facts->id);
    g_free(facts->name);
    g_free(facts->mime);
    g_free(facts->kept);
    *facts = (PushFacts){ 0 };
}

static void
copy_facts(PushFacts *to, const PushFacts *from)
{
    PushFacts copy = *from;

    copy.id = g_strdup(from->id);
    copy.name = g_strdup(from->name);
    copy.mime = g_strdup(from->mime);
    copy.kept = g_strdup(from->kept);
    push_facts_clear(to);
    *to = copy;
}

static int64_t
now_s(void)
{
    return g_get_monotonic_time() / G_USEC_PER_SEC;
}

void
push_read_facts(Push *push, PushFacts *facts)
{
    g_mutex_lock(&push->lock);
    copy_facts(facts, &push->facts);
    g_mutex_unlock(&push->lock);
}

/* -- Making ------------------------------------------------------------------------------------ */

static bool
fail(GError **error, int number, const char *name)
{
    bool is_full = number == ENOSPC || number == EDQUOT;

    if (is_full)
        g_set_error(error, DUO_ERROR, DUO_ERROR_NO_ROOM,
                    "the server's disk is full: “%s” goes on when there is room again", name);
    else
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "“%s”: %s", name, g_strerror(number));
    return false;
}

Push *
push_new(const char *path, const PushFacts *facts, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) < 0) {
        fail(error, errno, facts->name);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    Push *push = g_new0(Push, 1);
    g_atomic_ref_count_init(&push->references);
    g_mutex_init(&push->lock);
    copy_facts(&push->facts, facts);
    push->facts.received = (uint64_t)status.st_size;
    push->facts.touched_s = now_s();
    push->facts.is_whole =
        facts->is_whole || (facts->size >= 0 && status.st_size >= facts->size);
    push->path = g_strdup(path);
    push->fd = fd;
    push->waiters = stream_waiters_new();
    push->gate[0] = push->gate[1] = -1;
    return push;
}

Push *
push_ref(Push *push)
{
    g_atomic_ref_count_inc(&push->references);
    return push;
}

static void
close_gate(Push *push)
{
    for (guint i = 0; i < G_N_ELEMENTS(push->gate); i++) {
        if (push->gate[i] >= 0)
            close(push->gate[i]);
        push->gate[i] = -1;
    }
}

void
push_unref(Push *push)
{
    if (push == NULL || !g_atomic_ref_count_dec(&push->references))
        return;
    close(push->fd);
    close_gate(push);
    push_facts_clear(&push->facts);
    stream_waiters_free(push->waiters);
    g_mutex_clear(&push->lock);
    g_free(push->path);
    g_free(push);
}

/* -- Writing ----------------------------------------------------------------------------------- */

/* With the lock held: something has changed that readers wait for. */
static void
wake_readers(Push *push)
{
    stream_waiters_wake(push->waiters);
    if (push->facts.is_whole || push->is_gone)
        close_gate(push);
}

/* With the lock held. */
static bool
check_begin(const Push *push, uint64_t offset, int64_t size, GError **error)
{
    const PushFacts *facts = &push->facts;

    if (push->is_gone)
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "“%s” is gone", facts->name);
    else if (facts->is_whole)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "“%s” is whole", facts->name);
    else if (offset != facts->received)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "“%s” goes on at %" G_GUINT64_FORMAT ", not at %" G_GUINT64_FORMAT, facts->name,
                    facts->received, offset);
    else if (size >= 0 && ((facts->size >= 0 && size != facts->size) || (uint64_t)size < offset))
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "“%s” was said to have another length",
                    facts->name);
    else
        return true;
    return false;
}

guint
push_begin(Push *push, uint64_t offset, int64_t size, GError **error)
{
    guint writer = 0;

    g_mutex_lock(&push->lock);
    if (check_begin(push, offset, size, error)) {
        writer = push->writer = ++push->last_writer;
        push->facts.size = size >= 0 ? size : push->facts.size;
        push->facts.touched_s = now_s();
    }
    g_mutex_unlock(&push->lock);
    return writer;
}

/* With the lock held. */
static bool
check_write(const Push *push, guint writer, size_t count, GError **error)
{
    const PushFacts *facts = &push->facts;

    if (push->is_gone)
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "“%s” is gone", facts->name);
    else if (writer != push->writer)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "another connection goes on with “%s”", facts->name);
    else if (facts->size >= 0 && count > (uint64_t)facts->size - facts->received)
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "more of “%s” came than was said",
                    facts->name);
    else
        return true;
    return false;
}

static bool
write_all(const Push *push, uint64_t offset, const uint8_t *octets, size_t count, GError **error)
{
    while (count > 0) {
        ssize_t written = pwrite(push->fd, octets, count, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail(error, errno, push->facts.name);
        octets += written;
        count -= (size_t)written;
        offset += (uint64_t)written;
    }
    return true;
}

bool
push_write(Push *push, guint writer, const void *octets, size_t count, GError **error)
{
    g_mutex_lock(&push->lock);
    bool is_good = check_write(push, writer, count, error);
    uint64_t offset = push->facts.received;
    g_mutex_unlock(&push->lock);
    if (!is_good || !write_all(push, offset, octets, count, error)) /* the disk takes its time */
        return false;
    g_mutex_lock(&push->lock);
    is_good = check_write(push, writer, 0, error);
    if (is_good) {
        push->facts.received = offset + count;
        push->facts.touched_s = now_s();
        wake_readers(push);
    }
    g_mutex_unlock(&push->lock);
    return is_good;
}

void
push_end(Push *push, guint writer, bool is_last)
{
    g_mutex_lock(&push->lock);
    PushFacts *facts = &push->facts;
    if (writer == push->writer && !push->is_gone) {
        push->writer = 0;
        facts->is_whole =
            (is_last && (facts->size < 0 || (uint64_t)facts->size == facts->received)) ||
            (facts->size >= 0 && facts->received == (uint64_t)facts->size);
        if (facts->is_whole)
            facts->size = (int64_t)facts->received;
        wake_readers(push);
    }
    g_mutex_unlock(&push->lock);
}

/* -- Reading ----------------------------------------------------------------------------------- */

typedef struct {
    Stream stream; /* first */
    Push *push;    /* a reference */
    uint64_t seen; /* how much there was when it was read last */
} PushStream;

static gssize
stream_gone(const Push *push, GError **error)
{
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "“%s” is gone", push->facts.name);
    return -1;
}

static gssize
push_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    Push *push = ((PushStream *)stream)->push;
    ssize_t count;

    g_mutex_lock(&push->lock);
    uint64_t received = push->facts.received;
    bool is_whole = push->facts.is_whole, is_gone = push->is_gone;
    push->facts.touched_s = now_s();
    ((PushStream *)stream)->seen = received;
    g_mutex_unlock(&push->lock);
    if (is_gone)
        return stream_gone(push, error);
    if (offset >= received)
        return is_whole ? 0 : STREAM_NOT_YET;
    do {
        count = pread(push->fd, buffer, MIN(size, received - offset), (off_t)offset);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        fail(error, errno, push->facts.name);
    return count;
}

/* More may have come since it was read: then nobody waits. */
static void
push_wait(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data)
{
    Push *push = ((PushStream *)stream)->push;

    g_mutex_lock(&push->lock);
    stream_waiters_add(push->waiters, stream, wake, user_data);
    if (push->facts.received != ((PushStream *)stream)->seen || push->facts.is_whole ||
        push->is_gone)
        wake_readers(push);
    g_mutex_unlock(&push->lock);
}

static void
push_stream_free(Stream *stream)
{
    Push *push = ((PushStream *)stream)->push;

    g_mutex_lock(&push->lock);
    stream_waiters_remove(push->waiters, stream);
    g_mutex_unlock(&push->lock);
    push_unref(push);
    g_free(stream->mime);
    g_free(stream->etag);
    g_free(stream);
}

static Stream *
stream_of_coming(Push *push)
{
    static const StreamClass class = { .read = push_read, .free = push_stream_free,
                                       .wait = push_wait };
    PushStream *stream = g_new0(PushStream, 1);

    stream->stream = (Stream){ .class = &class, .mime = g_strdup(push->facts.mime),
                               .length = push->facts.size, .is_seekable = push->facts.size >= 0,
                               .fd = -1, .etag = g_strdup(push->facts.id) };
    stream->push = push_ref(push);
    return &stream->stream;
}

Stream *
push_open(Push *push, GError **error)
{
    Stream *stream = NULL;

    g_mutex_lock(&push->lock);
    push->facts.touched_s = now_s();
    if (push->is_gone) {
        stream_gone(push, error);
    } else if (push->facts.is_whole) {
        stream = stream_new_file(push->path, push->facts.mime, error);
        if (stream != NULL) { /* the same as while it came */
            g_free(stream->etag);
            stream->etag = g_strdup(push->facts.id);
            stream->modified_s = 0;
        }
    } else {
        stream = stream_of_coming(push);
    }
    g_mutex_unlock(&push->lock);
    return stream;
}

/* With the lock held. */
static bool
open_gate(Push *push, int *more)
{
    if (push->facts.is_whole)
        return true;
    if (push->gate[0] < 0 && pipe2(push->gate, O_CLOEXEC) != 0)
        return false;
    *more = fcntl(push->gate[0], F_DUPFD_CLOEXEC, 0);
    return *more >= 0;
}

int
push_open_file(Push *push, int *more, GError **error)
{
    int file = -1;

    *more = -1;
    g_mutex_lock(&push->lock);
    push->facts.touched_s = now_s();
    if (push->is_gone)
        stream_gone(push, error);
    else if (!open_gate(push, more) ||
             (file = open(push->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0)
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "“%s”: %s", push->facts.name,
                    g_strerror(errno));
    g_mutex_unlock(&push->lock);
    if (file < 0 && *more >= 0)
        close(*more);
    return file;
}

/* -- The end ----------------------------------------------------------------------------------- */

void
push_set_kept(Push *push, const char *path)
{
    g_mutex_lock(&push->lock);
    g_free(push->path);
    g_free(push->facts.kept);
    push->path = g_strdup(path);
    push->facts.kept = g_strdup(path);
    g_mutex_unlock(&push->lock);
}

void
push_discard(Push *push)
{
    g_mutex_lock(&push->lock);
    push->is_gone = true;
    if (push->facts.kept == NULL)
        g_unlink(push->path);
    wake_readers(push);
    g_mutex_unlock(&push->lock);
}
