/* worker-spare.h -- a worker that is there before the next conversion, and makes others of itself
 *
 * Its libraries are loaded, which is most of what a first octet waits for; a conversion gets a twin
 * of it, which exists within milliseconds, shares its memory and walls itself in. Who expects a
 * conversion prepares it, and dismisses it when none is to be expected any more. Main loop only. */
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
/* A channel to it, for worker_process_twin() on any thread; the caller closes it. -1: none
 * waits. */
int           worker_spare_lend(const WorkerSpare *spare);
