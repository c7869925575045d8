/* worker-pool.h -- media files are read elsewhere: the server's side of duoping-worker for indexing
 *
 * A pool is a Probe (model/probe.h) that hands files, opened here and passed as descriptors, to
 * worker processes which can open nothing themselves. A worker that dies or hangs costs its one
 * file: that is tried once more, alone in a fresh worker, and then reported unreadable with the
 * reason. Idle workers leave by themselves after 5 s, and come back when there is work; a
 * collect() with nothing under way buries those that left. */
#pragma once

#include "model/probe.h"

typedef struct {
    guint workers;       /* 0: as many as there are cores, at most 8 */
    int job_timeout_ms;  /* how long one file may take; 0: 30 s */
    const char *program; /* NULL: worker_program(); borrowed for the call */
} WorkerPoolOptions;

/* options may be NULL. Never fails: a worker that cannot be started is a reason in each answer. */
Probe *worker_pool_probe_new(const WorkerPoolOptions *options);

/* Where duoping-worker is: $DUOPING_WORKER, else beside the running program or in the build tree it
 * stands in, else where `make install` puts it. The caller's. */
char  *worker_program(void);
