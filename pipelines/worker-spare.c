/* worker-spare.c -- see worker-spare.h */
#include "pipelines/worker-spare.h"

#include "pipelines/worker-pool.h"

struct WorkerSpare {
    char *program;
    WorkerProcess process;
};

WorkerSpare *
worker_spare_new(const char *program)
{
    WorkerSpare *spare = g_new0(WorkerSpare, 1);

    spare->program = program != NULL ? g_strdup(program) : worker_program();
    spare->process = (WorkerProcess)WORKER_PROCESS_INIT;
    return spare;
}

void
worker_spare_free(WorkerSpare *spare)
{
    if (spare == NULL)
        return;
    worker_spare_dismiss(spare);
    g_free(spare->program);
    g_free(spare);
}

void
worker_spare_prepare(WorkerSpare *spare)
{
    if (!worker_spare_waits(spare))
        worker_process_start(&spare->process, spare->program, WORKER_ROLE_CONVERT, NULL);
}

void
worker_spare_dismiss(WorkerSpare *spare)
{
    if (worker_spare_waits(spare))
        worker_process_end(&spare->process, true, NULL);
}

bool
worker_spare_waits(const WorkerSpare *spare)
{
    return spare->process.pid != 0;
}

WorkerProcess
worker_spare_take(WorkerSpare *spare)
{
    WorkerProcess taken = spare->process;

    spare->process = (WorkerProcess)WORKER_PROCESS_INIT;
    return taken;
}
