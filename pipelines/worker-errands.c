/* worker-errands.c -- see worker-errands.h
 *
 * One thread, a GThreadPool's, owns the worker and does one task after the other, blocking; tasks
 * go there and come back as GTasks, so nothing is shared. The worker leaves by itself when idle; a
 * last errand of the pool, some seconds after, buries it. */
#include "config.h"

#include "pipelines/worker-errands.h"

#include "base/error.h"
#include "pipelines/worker-channel.h"
#include "pipelines/worker-pool.h"
#include "pipelines/worker-process.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 2
#define BURY_AFTER_S 7 /* a worker leaves after 5 s without work */

typedef struct {
    char *path, *beside;
    WorkerJob job; /* but for id and name */
} Errand;

struct WorkerErrands {
    WorkerErrandsKind kind;
    GThreadPool *pool; /* one thread */
    GCancellable *stopping;
    guint bury_source;
    /* The pool's thread alone: */
    char *program;
    WorkerProcess process;
    uint32_t last_id;
};

static void
errand_free(gpointer data)
{
    Errand *errand = data;

    g_free(errand->path);
    g_free(errand->beside);
    g_free(errand);
}

static void
close_files(int *files, guint count)
{
    for (guint i = 0; i < count; i++)
        close(files[i]);
}

/* The media, a memory file for what is made, and perhaps what is beside: how many, 0 with error
 * set. */
static guint
open_files(const Errand *errand, int files[WORKER_FILES_MAX], GError **error)
{
    files[0] = worker_open_media(errand->path, error);
    if (files[0] < 0)
        return 0;
    files[1] = memfd_create("errand", MFD_CLOEXEC);
    if (files[1] < 0) {
        close(files[0]);
        g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "no memory file: %s", g_strerror(errno));
        return 0;
    }
    files[2] = errand->beside != NULL ? worker_open_media(errand->beside, NULL) : -1;
    return files[2] >= 0 ? 3 : 2;
}

static GBytes *
read_result(const WorkerErrands *errands, int file, GError **error)
{
    struct stat about;

    if (fstat(file, &about) == 0 && about.st_size > 0 &&
        (gsize)about.st_size <= errands->kind.size_max) {
        g_autofree uint8_t *data = g_malloc((gsize)about.st_size);
        if (pread(file, data, (size_t)about.st_size, 0) == about.st_size)
            return g_bytes_new_take(g_steal_pointer(&data), (gsize)about.st_size);
    }
    g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "the worker wrote no %s", errands->kind.noun);
    return NULL;
}

/* Waits for the answer; false when the worker is gone, hangs, is cancelled or makes no sense. */
static bool
wait_answer(WorkerErrands *errands, GCancellable *cancellable, uint8_t *message,
            WorkerAnswer *answer, GError **error)
{
    int64_t until_us = g_get_monotonic_time() + errands->kind.timeout_ms * 1000ll;
    GPollFD polls[] = { { errands->process.channel, G_IO_IN, 0 }, { -1, G_IO_IN, 0 },
                        { -1, G_IO_IN, 0 } };
    guint poll_count = 1;
    bool is_watched = g_cancellable_make_pollfd(cancellable, &polls[poll_count]);

    poll_count += is_watched;
    bool is_stop_watched = g_cancellable_make_pollfd(errands->stopping, &polls[poll_count]);
    poll_count += is_stop_watched;
    while (polls[0].revents == 0 && !g_cancellable_is_cancelled(cancellable) &&
           !g_cancellable_is_cancelled(errands->stopping)) {
        int64_t left_ms = (until_us - g_get_monotonic_time()) / 1000;
        if (left_ms <= 0)
            break;
        g_poll(polls, poll_count, (gint)left_ms);
    }
    if (is_watched)
        g_cancellable_release_fd(cancellable);
    if (is_stop_watched)
        g_cancellable_release_fd(errands->stopping);
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        g_cancellable_set_error_if_cancelled(errands->stopping, error)) {
        worker_process_end(&errands->process, true, NULL);
        return false;
    }
    if (polls[0].revents == 0) {
        worker_process_end(&errands->process, true, NULL);
        g_set_error(error, DUO_ERROR, DUO_ERROR_TIMEOUT, "its %s took too long",
                    errands->kind.noun);
        return false;
    }

    int files[WORKER_FILES_MAX];
    guint file_count;
    gssize size = worker_channel_receive(errands->process.channel, message, WORKER_MESSAGE_MAX,
                                         files, &file_count);
    close_files(files, file_count);
    if (size > 0 && worker_answer_decode(message, (size_t)size, answer) &&
        answer->id == errands->last_id)
        return true;
    g_autofree char *how = NULL;
    WorkerEnd end = worker_process_end(&errands->process, size > 0, &how);
    g_set_error(error, DUO_ERROR,
                end == WORKER_LEFT ? DUO_ERROR_UNAVAILABLE : DUO_ERROR_FAILED,
                "the worker %s over its %s", how, errands->kind.noun);
    return false;
}

/* Sends the errand to a worker that is there to hear it, starting one where needed. */
static bool
send_errand(WorkerErrands *errands, const Errand *errand, const int *files, guint file_count,
            GError **error)
{
    g_autofree char *name = g_path_get_basename(errand->path);
    g_autofree char *valid_name = g_utf8_make_valid(name, -1);
    WorkerJob job = errand->job;

    job.id = ++errands->last_id;
    job.name = valid_name;
    g_autoptr(GByteArray) message = worker_job_encode(&job);

    /* One that has left shows by an end of file before anything was asked. */
    if (errands->process.pid != 0) {
        struct pollfd channel = { errands->process.channel, POLLIN, 0 };
        if (poll(&channel, 1, 0) != 0)
            worker_process_end(&errands->process, true, NULL);
    }
    if (errands->process.pid == 0 &&
        !worker_process_start(&errands->process, errands->program, errands->kind.role,
                              error))
        return false;
    if (worker_channel_send(errands->process.channel, message, files, file_count))
        return true;
    worker_process_end(&errands->process, true, NULL);
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "no worker listens");
    return false;
}

/* One that leaves, idle, just as it is asked has heard nothing: another one is asked. */
static bool
ask(WorkerErrands *errands, const Errand *errand, const int *files, guint file_count,
    GCancellable *cancellable, uint8_t *message, WorkerAnswer *answer, GError **error)
{
    g_autoptr(GError) problem = NULL;

    for (unsigned tries = 0; tries < TRIES; tries++) {
        g_clear_error(&problem);
        if (send_errand(errands, errand, files, file_count, &problem) &&
            wait_answer(errands, cancellable, message, answer, &problem))
            return true;
        if (!g_error_matches(problem, DUO_ERROR, DUO_ERROR_UNAVAILABLE))
            break;
    }
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}

static GBytes *
run(WorkerErrands *errands, const Errand *errand, GCancellable *cancellable, GError **error)
{
    g_autofree uint8_t *message = g_malloc(WORKER_MESSAGE_MAX);
    int files[WORKER_FILES_MAX];
    guint file_count = open_files(errand, files, error);
    WorkerAnswer answer;
    GBytes *result = NULL;

    if (file_count == 0)
        return NULL;
    if (ask(errands, errand, files, file_count, cancellable, message, &answer, error)) {
        if (answer.outcome == WORKER_DONE)
            result = read_result(errands, files[1], error);
        else
            g_set_error_literal(error, DUO_ERROR,
                                answer.outcome == WORKER_NOTHING ? DUO_ERROR_NOT_FOUND
                                                                    : DUO_ERROR_FAILED,
                                answer.reason);
    }
    close_files(files, file_count);
    return result;
}

/* Stands for a task when the worker that left is to be buried. */
static char bury;

/* On the pool's thread. */
static void
on_work(gpointer data, gpointer user_data)
{
    WorkerErrands *errands = user_data;

    if (data == &bury) {
        struct pollfd channel = { errands->process.channel, POLLIN, 0 };
        if (errands->process.pid != 0 && poll(&channel, 1, 0) != 0)
            worker_process_end(&errands->process, true, NULL);
        return;
    }
    g_autoptr(GTask) task = data;
    g_autoptr(GError) error = NULL;
    GCancellable *cancellable = g_task_get_cancellable(task);
    GBytes *result = NULL;

    if (!g_cancellable_set_error_if_cancelled(cancellable, &error) &&
        !g_cancellable_set_error_if_cancelled(errands->stopping, &error))
        result = run(errands, g_task_get_task_data(task), cancellable, &error);
    if (result != NULL)
        g_task_return_pointer(task, result, (GDestroyNotify)g_bytes_unref);
    else
        g_task_return_error(task, g_steal_pointer(&error));
}

static gboolean
on_bury(gpointer data)
{
    WorkerErrands *errands = data;

    errands->bury_source = 0;
    g_thread_pool_push(errands->pool, &bury, NULL);
    return G_SOURCE_REMOVE;
}

WorkerErrands *
worker_errands_new(const WorkerErrandsKind *kind)
{
    WorkerErrands *errands = g_new0(WorkerErrands, 1);

    errands->kind = *kind;
    errands->program = kind->program != NULL ? g_strdup(kind->program) : worker_program();
    errands->process = (WorkerProcess)WORKER_PROCESS_INIT;
    errands->stopping = g_cancellable_new();
    /* Its own thread: the worker is to die with the one that started it. */
    errands->pool = g_thread_pool_new(on_work, errands, 1, TRUE, NULL);
    return errands;
}

void
worker_errands_free(WorkerErrands *errands)
{
    if (errands == NULL)
        return;
    g_clear_handle_id(&errands->bury_source, g_source_remove);
    g_cancellable_cancel(errands->stopping);
    g_thread_pool_free(errands->pool, FALSE, TRUE); /* the rest ends as cancelled */
    if (errands->process.pid != 0)
        worker_process_end(&errands->process, true, NULL);
    g_object_unref(errands->stopping);
    g_free(errands->program);
    g_free(errands);
}

void
worker_errands_run(WorkerErrands *errands, const char *path, const char *beside,
                   const WorkerJob *job, GCancellable *cancellable, GAsyncReadyCallback callback,
                   gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    Errand *errand = g_new(Errand, 1);

    *errand = (Errand){ g_strdup(path), g_strdup(beside), *job };
    g_task_set_task_data(task, errand, errand_free);
    g_task_set_source_tag(task, worker_errands_run);
    if (g_thread_pool_unprocessed(errands->pool) >= errands->kind.waiting_max) {
        g_task_return_new_error(task, DUO_ERROR, DUO_ERROR_BUSY,
                                "too many wait for their %s already", errands->kind.noun);
        g_object_unref(task);
        return;
    }
    g_clear_handle_id(&errands->bury_source, g_source_remove);
    errands->bury_source = g_timeout_add_seconds(BURY_AFTER_S, on_bury, errands);
    g_thread_pool_push(errands->pool, task, NULL);
}

GBytes *
worker_errands_finish(GAsyncResult *result, GError **error)
{
    g_assert(g_task_is_valid(result, NULL));
    return g_task_propagate_pointer(G_TASK(result), error);
}
