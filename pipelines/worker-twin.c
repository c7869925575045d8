/* worker-twin.c -- see worker-twin.h; clone(2)
 *
 * No fork() of the C library's makes a brother. What it does beside the system call is for threads,
 * but for one thing: it has the kernel write the new number where the library looks for its own. */
#include "pipelines/worker-twin.h"

#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool
worker_twin(void)
{
    int *number = NULL; /* of the thread, in the C library */
    struct clone_args how = { .flags = CLONE_PARENT };

    if (prctl(PR_GET_TID_ADDRESS, &number) == 0 && number != NULL) {
        how.flags |= CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
        how.child_tid = (uintptr_t)number;
    }
    if (syscall(SYS_clone3, &how, sizeof how) != 0)
        return false;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return true;
}
