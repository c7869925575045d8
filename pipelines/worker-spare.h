/* worker-spare.h -- a worker that has begun already when the next conversion does
 *
 * Its libraries are loaded and its walls stand, which is most of what a first octet waits for. Who
 * expects a conversion prepares it, and dismisses it when none came; it waits until then. Main loop
 * only. */
#pragma once

#include "pipelines/worker-process.h"

typedef struct WorkerSpare WorkerSpare;

/* program: NULL: worker_program(). */
WorkerSpare  *worker_spare_new(const char *program);
void          worker_spare_free(WorkerSpare *spare);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkerSpare, worker_spare_free)

/* One waits from now on, or whoever needs one finds out why there is none. */
void          worker_spare_prepare(WorkerSpare *spare);
void          worker_spare_dismiss(WorkerSpare *spare);
bool          worker_spare_waits(const WorkerSpare *spare);
/* The one that waits, for whoever takes it to end; WORKER_PROCESS_INIT: none does. */
WorkerProcess worker_spare_take(WorkerSpare *spare);
