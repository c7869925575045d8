/* thumbnailer.c -- see thumbnailer.h
 *
 * One thread, a GThreadPool's, owns the worker and does one task after the other, blocking; tasks
 * go there and come back as GTasks, so nothing is shared. The worker leaves by itself when idle; a
 * last errand of the pool, some seconds after, buries it. */
#include "config.h"

#include "pipelines/thumbnailer.h"

#include "base/error.h"
#include "pipelines/worker-channel.h"
#include "pipelines/worker-pool.h"
#include "pipelines/worker-process.h"
#include "pipelines/worker-protocol.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAITING_MAX 64
#define JOB_TIMEOUT_MS 30000
#define JPEG_MAX (8 << 20)
#define BURY_AFTER_S 7 /* a worker leaves after 5 s without work */

static const guint widths[] = { 160, 320, 640, 1280 };
#define USUAL_WIDTH 320

typedef struct {
    char *path, *beside;
    MediaKind kind;
    guint width;
    uint32_t moment_ms;
} Order;

struct Thumbnailer {
    GThreadPool *pool; /* one thread */
    GCancellable *stopping;
    guint bury_source;
    /* The pool's thread alone: */
    char *program;
    WorkerProcess process;
    uint32_t last_id;
};

guint
thumbnailer_width(guint asked)
{
    if (asked == 0)
        return USUAL_WIDTH;
    for (guint i = 0; i < G_N_ELEMENTS(widths); i++)
        if (asked <= widths[i])
            return widths[i];
    return widths[G_N_ELEMENTS(widths) - 1];
}

static void
order_free(gpointer data)
{
    Order *order = data;

    g_free(order->path);
    g_free(order->beside);
    g_free(order);
}

static void
close_files(int *files, guint count)
{
    for (guint i = 0; i < count; i++)
        close(files[i]);
}

/* The media, a memory file for the JPEG, and perhaps a cover: how many, 0 with error set. */
static guint
open_files(const Order *order, int files[WORKER_FILES_MAX], GError **error)
{
    files[0] = worker_open_media(order->path, error);
    if (files[0] < 0)
        return 0;
    files[1] = memfd_create("thumbnail", MFD_CLOEXEC);
    if (files[1] < 0) {
        close(files[0]);
        g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "no memory file: %s", g_strerror(errno));
        return 0;
    }
    files[2] = order->beside != NULL ? worker_open_media(order->beside, NULL) : -1;
    return files[2] >= 0 ? 3 : 2;
}

static GBytes *
read_jpeg(int file, GError **error)
{
    struct stat about;

    if (fstat(file, &about) == 0 && about.st_size > 0 && about.st_size <= JPEG_MAX) {
        g_autofree uint8_t *data = g_malloc((gsize)about.st_size);
        if (pread(file, data, (size_t)about.st_size, 0) == about.st_size)
            return g_bytes_new_take(g_steal_pointer(&data), (gsize)about.st_size);
    }
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_FAILED, "the worker wrote no JPEG");
    return NULL;
}

/* Waits for the answer; false when the worker is gone, hangs, is cancelled or makes no sense. */
static bool
wait_answer(Thumbnailer *thumbnailer, GCancellable *cancellable, uint8_t *message,
            WorkerAnswer *answer, GError **error)
{
    int64_t until_us = g_get_monotonic_time() + JOB_TIMEOUT_MS * 1000ll;
    GPollFD polls[] = { { thumbnailer->process.channel, G_IO_IN, 0 }, { -1, G_IO_IN, 0 },
                        { -1, G_IO_IN, 0 } };
    guint poll_count = 1;
    bool is_watched = g_cancellable_make_pollfd(cancellable, &polls[poll_count]);

    poll_count += is_watched;
    bool is_stop_watched = g_cancellable_make_pollfd(thumbnailer->stopping, &polls[poll_count]);
    poll_count += is_stop_watched;
    while (polls[0].revents == 0 && !g_cancellable_is_cancelled(cancellable) &&
           !g_cancellable_is_cancelled(thumbnailer->stopping)) {
        int64_t left_ms = (until_us - g_get_monotonic_time()) / 1000;
        if (left_ms <= 0)
            break;
        g_poll(polls, poll_count, (gint)left_ms);
    }
    if (is_watched)
        g_cancellable_release_fd(cancellable);
    if (is_stop_watched)
        g_cancellable_release_fd(thumbnailer->stopping);
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        g_cancellable_set_error_if_cancelled(thumbnailer->stopping, error)) {
        worker_process_end(&thumbnailer->process, true, NULL);
        return false;
    }
    if (polls[0].revents == 0) {
        worker_process_end(&thumbnailer->process, true, NULL);
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_TIMEOUT, "its picture took too long");
        return false;
    }

    int files[WORKER_FILES_MAX];
    guint file_count;
    gssize size = worker_channel_receive(thumbnailer->process.channel, message, WORKER_MESSAGE_MAX,
                                         files, &file_count);
    close_files(files, file_count);
    if (size > 0 && worker_answer_decode(message, (size_t)size, answer) &&
        answer->id == thumbnailer->last_id)
        return true;
    g_autofree char *how = NULL;
    worker_process_end(&thumbnailer->process, size > 0, &how);
    g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "the worker %s over its picture", how);
    return false;
}

/* Sends the order to a worker that is there to hear it, starting one where needed. */
static bool
send_order(Thumbnailer *thumbnailer, const Order *order, const int *files, guint file_count,
           GError **error)
{
    g_autofree char *name = g_path_get_basename(order->path);
    g_autofree char *valid_name = g_utf8_make_valid(name, -1);
    g_autoptr(GByteArray) message = worker_job_encode(&(WorkerJob){
        .kind = WORKER_THUMBNAIL, .id = ++thumbnailer->last_id, .name = valid_name,
        .media = order->kind, .width = order->width, .moment_ms = order->moment_ms });

    /* One that has left shows by an end of file before anything was asked. */
    if (thumbnailer->process.pid != 0) {
        struct pollfd channel = { thumbnailer->process.channel, POLLIN, 0 };
        if (poll(&channel, 1, 0) != 0)
            worker_process_end(&thumbnailer->process, true, NULL);
    }
    if (thumbnailer->process.pid == 0 &&
        !worker_process_start(&thumbnailer->process, thumbnailer->program, WORKER_ROLE_GRAPH,
                              error))
        return false;
    if (worker_channel_send(thumbnailer->process.channel, message, files, file_count))
        return true;
    worker_process_end(&thumbnailer->process, true, NULL);
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "no worker listens");
    return false;
}

static GBytes *
fill_order(Thumbnailer *thumbnailer, const Order *order, GCancellable *cancellable, GError **error)
{
    g_autofree uint8_t *message = g_malloc(WORKER_MESSAGE_MAX);
    int files[WORKER_FILES_MAX];
    guint file_count = open_files(order, files, error);
    WorkerAnswer answer;
    GBytes *jpeg = NULL;

    if (file_count == 0)
        return NULL;
    if (send_order(thumbnailer, order, files, file_count, error) &&
        wait_answer(thumbnailer, cancellable, message, &answer, error)) {
        if (answer.outcome == WORKER_DONE)
            jpeg = read_jpeg(files[1], error);
        else
            g_set_error_literal(error, DUO_ERROR,
                                answer.outcome == WORKER_NO_PICTURE ? DUO_ERROR_NOT_FOUND
                                                                    : DUO_ERROR_FAILED,
                                answer.reason);
    }
    close_files(files, file_count);
    return jpeg;
}

/* Stands for a task when the worker that left is to be buried. */
static char bury;

/* On the pool's thread. */
static void
on_work(gpointer data, gpointer user_data)
{
    Thumbnailer *thumbnailer = user_data;

    if (data == &bury) {
        struct pollfd channel = { thumbnailer->process.channel, POLLIN, 0 };
        if (thumbnailer->process.pid != 0 && poll(&channel, 1, 0) != 0)
            worker_process_end(&thumbnailer->process, true, NULL);
        return;
    }
    g_autoptr(GTask) task = data;
    g_autoptr(GError) error = NULL;
    GCancellable *cancellable = g_task_get_cancellable(task);
    GBytes *jpeg = NULL;

    if (!g_cancellable_set_error_if_cancelled(cancellable, &error) &&
        !g_cancellable_set_error_if_cancelled(thumbnailer->stopping, &error))
        jpeg = fill_order(thumbnailer, g_task_get_task_data(task), cancellable, &error);
    if (jpeg != NULL)
        g_task_return_pointer(task, jpeg, (GDestroyNotify)g_bytes_unref);
    else
        g_task_return_error(task, g_steal_pointer(&error));
}

static gboolean
on_bury(gpointer data)
{
    Thumbnailer *thumbnailer = data;

    thumbnailer->bury_source = 0;
    g_thread_pool_push(thumbnailer->pool, &bury, NULL);
    return G_SOURCE_REMOVE;
}

Thumbnailer *
thumbnailer_new(const char *program)
{
    Thumbnailer *thumbnailer = g_new0(Thumbnailer, 1);

    thumbnailer->program = program != NULL ? g_strdup(program) : worker_program();
    thumbnailer->process = (WorkerProcess)WORKER_PROCESS_INIT;
    thumbnailer->stopping = g_cancellable_new();
    /* Its own thread: the worker is to die with the one that started it. */
    thumbnailer->pool = g_thread_pool_new(on_work, thumbnailer, 1, TRUE, NULL);
    return thumbnailer;
}

void
thumbnailer_free(Thumbnailer *thumbnailer)
{
    if (thumbnailer == NULL)
        return;
    g_clear_handle_id(&thumbnailer->bury_source, g_source_remove);
    g_cancellable_cancel(thumbnailer->stopping);
    g_thread_pool_free(thumbnailer->pool, FALSE, TRUE); /* the rest ends as cancelled */
    if (thumbnailer->process.pid != 0)
        worker_process_end(&thumbnailer->process, true, NULL);
    g_object_unref(thumbnailer->stopping);
    g_free(thumbnailer->program);
    g_free(thumbnailer);
}

void
thumbnailer_make(Thumbnailer *thumbnailer, const PictureSource *source, guint width,
                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    Order *order = g_new(Order, 1);

    *order = (Order){ g_strdup(source->path), g_strdup(source->beside), source->kind,
                      thumbnailer_width(width), source->moment_ms };
    g_task_set_task_data(task, order, order_free);
    g_task_set_source_tag(task, thumbnailer_make);
    if (g_thread_pool_unprocessed(thumbnailer->pool) >= WAITING_MAX) {
        g_task_return_new_error(task, DUO_ERROR, DUO_ERROR_BUSY, "too many pictures are waiting");
        g_object_unref(task);
        return;
    }
    g_clear_handle_id(&thumbnailer->bury_source, g_source_remove);
    thumbnailer->bury_source = g_timeout_add_seconds(BURY_AFTER_S, on_bury, thumbnailer);
    g_thread_pool_push(thumbnailer->pool, task, NULL);
}

GBytes *
thumbnailer_make_finish(Thumbnailer *thumbnailer, GAsyncResult *result, GError **error)
{
    g_assert(g_task_is_valid(result, NULL));
    return g_task_propagate_pointer(G_TASK(result), error);
}
