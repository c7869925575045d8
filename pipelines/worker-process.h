/* worker-process.h -- one duoping-worker: started, spoken to, ended
 *
 * For worker-pool and thumbnailer. One thread owns a process; the worker dies with that thread. */
#pragma once

#include "model/media.h"

#include <sys/types.h>

/* What a worker is for. A "probe" opens no file at all; a "graph" may also load decoders. */
#define WORKER_ROLE_PROBE "probe"
#define WORKER_ROLE_GRAPH "graph"
/* These may run as long as somebody takes what they make; one opens no file, the other decoders. */
#define WORKER_ROLE_REMUX "remux"
#define WORKER_ROLE_CONVERT "convert"

#define WORKER_EXIT_IDLE 0    /* nothing to do for 5 s */
#define WORKER_EXIT_SETUP 126 /* the sandbox could not be made: nothing was read */

typedef struct {
    pid_t pid;   /* 0: not running */
    int channel; /* -1: not running */
} WorkerProcess;

typedef enum {
    WORKER_LEFT,   /* by itself, idle: no file's fault */
    WORKER_NEVER,  /* it could not begin */
    WORKER_BROKEN, /* a crash, a limit, or killed by us */
} WorkerEnd;

#define WORKER_PROCESS_INIT { 0, -1 }

bool      worker_process_start(WorkerProcess *process, const char *program, const char *role,
                               GError **error);
/* The one at the other end of the channel spare, of a role that may (worker-main.c), makes another
 * like itself, a child of ours, within milliseconds. False: it is gone, or cannot. */
bool      worker_process_twin(WorkerProcess *process, int spare);
/* Waits for a worker that closed its channel, or kills it when it must; how says in words how it
 * ended ("was ended by signal 11"), the caller's; may be NULL. */
WorkerEnd worker_process_end(WorkerProcess *process, bool kill_it, char **how);

/* All that it does has this claim to the machine from now on: nice(2). */
void      worker_process_calm(const WorkerProcess *process, int niceness);

/* The file at path, open for reading without waiting, or -1 with error set: a folder, a pipe or an
 * empty file is none to be read. The caller closes it. */
int       worker_open_media(const char *path, GError **error);
