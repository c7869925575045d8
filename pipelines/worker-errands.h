/* worker-errands.h -- small things that a worker process makes of media files when asked for
 *
 * One thread and one worker, which is started when there is work and leaves by itself without: one
 * errand after the other, each of some octets. Main loop only; nothing here blocks it. */
#pragma once

#include "pipelines/worker-protocol.h"

#include <gio/gio.h>

typedef struct WorkerErrands WorkerErrands;

typedef struct {
    const char *role;    /* pipelines/worker-process.h; borrowed, like the next */
    const char *noun;    /* what is made, for people: "picture" */
    int timeout_ms;      /* of one errand */
    guint waiting_max;
    gsize size_max;      /* of what is made */
    const char *program; /* the worker; NULL: worker_program() */
} WorkerErrandsKind;

WorkerErrands *worker_errands_new(const WorkerErrandsKind *kind);
void           worker_errands_free(WorkerErrands *errands); /* the rest ends as cancelled */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkerErrands, worker_errands_free)

/* The worker gets job with the file at path, a memory file for what it makes, and the file beside,
 * where there is one; beside may be NULL, job's texts are not kept. Errors: DUO_ERROR_BUSY (too
 * many wait), DUO_ERROR_NOT_FOUND (no such file, or there is no such thing in it), DUO_ERROR_FAILED
 * (the reason), DUO_ERROR_TIMEOUT, G_IO_ERROR_CANCELLED. callback runs on the caller's main
 * context. */
void    worker_errands_run(WorkerErrands *errands, const char *path, const char *beside,
                           const WorkerJob *job, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
/* What was made; the caller's. */
GBytes *worker_errands_finish(GAsyncResult *result, GError **error);
