/* worker-spare.c -- see worker-spare.h */
#include "pipelines/worker-spare.h"

#include "pipelines/worker-pool.h"

#include <fcntl.h>
#include <poll.h>

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

/* It says nothing by itself. */
static bool
is_gone(const WorkerSpare *spare)
{
    struct pollfd channel = { spare->process.channel, POLLIN, 0 };

    return worker_spare_waits(spare) && poll(&channel, 1, 0) > 0;
}

void
worker_spare_prepare(WorkerSpare *spare)
{
    if (is_gone(spare))
        worker_spare_dismiss(spare);
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

int
worker_spare_lend(const WorkerSpare *spare)
{
    return worker_spare_waits(spare) ? fcntl(spare->process.channel, F_DUPFD_CLOEXEC, 0) : -1;
}
