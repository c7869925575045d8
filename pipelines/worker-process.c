/* worker-process.c -- see worker-process.h */
#include "pipelines/worker-process.h"

#include "base/error.h"
#include "pipelines/worker-channel.h"
#include "pipelines/worker-pool.h"
#include "pipelines/worker-protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "duoping-worker"
#define CHANNEL_IN_WORKER 3
#define TWIN_MS 10000       /* of one that is loading a library just now, on a busy computer */
#define END_PATIENCE_MS 200 /* of one that closed its channel, to be gone */

extern char **environ;

char *
worker_program(void)
{
    const char *named = g_getenv("DUOPING_WORKER");
    if (named != NULL && *named != '\0')
        return g_strdup(named);

    /* Beside us; in the build tree the programs stand at its top or one or two folders below. */
    static const char *const places[] = { ".", "pipelines", "../pipelines", "../../pipelines" };
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    for (guint i = 0; self != NULL && i < G_N_ELEMENTS(places); i++) {
        g_autofree char *folder = g_path_get_dirname(self);
        g_autofree char *path = g_build_filename(folder, places[i], PROGRAM, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    return g_build_filename(LIBEXECDIR, PROGRAM, NULL);
}

bool
worker_process_start(WorkerProcess *process, const char *program, const char *role,
                     GError **error)
{
    g_autofree char *serve = g_strconcat("--serve=", role, NULL);
    char *arguments[] = { (char *)program, serve, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int pair[2];
    pid_t pid;

    if (!worker_channel_pair(pair, error))
        return false;
    /* dup2() of a descriptor onto itself keeps it closed on exec: keep ours off the place. */
    int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, CHANNEL_IN_WORKER + 1);
    close(pair[1]);

    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, theirs, CHANNEL_IN_WORKER);
    int failure = posix_spawn(&pid, program, &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(theirs);
    if (failure != 0) {
        close(pair[0]);
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s cannot be started: %s", program,
                    g_strerror(failure));
        return false;
    }
    *process = (WorkerProcess){ .pid = pid, .channel = pair[0] };
    return true;
}

bool
worker_process_twin(WorkerProcess *process, int spare)
{
    g_autoptr(GByteArray) wish =
        worker_job_encode(&(WorkerJob){ .kind = WORKER_TWIN, .name = "", .media = MEDIA_ANY });
    uint8_t message[256];
    int pair[2], files[WORKER_FILES_MAX];
    guint file_count;
    WorkerAnswer answer;

    if (!worker_channel_pair(pair, NULL))
        return false;
    bool is_asked = worker_channel_send(spare, wish, &pair[1], 1);
    close(pair[1]); /* so that we hear when nobody has the other end */
    struct pollfd twin = { pair[0], POLLIN, 0 };
    if (is_asked && poll(&twin, 1, TWIN_MS) > 0) {
        gssize size =
            worker_channel_receive(pair[0], message, sizeof message, files, &file_count);
        if (size > 0 && worker_answer_decode(message, (size_t)size, &answer) &&
            answer.outcome == WORKER_DONE) {
            *process = (WorkerProcess){ .pid = (pid_t)answer.id, .channel = pair[0] };
            return true;
        }
    }
    close(pair[0]);
    return false;
}

WorkerEnd
worker_process_end(WorkerProcess *process, bool kill_it, char **how)
{
    int status = 0;
    pid_t gone = 0;

    close(process->channel);
    for (int waited_ms = 0; !kill_it && waited_ms < END_PATIENCE_MS; waited_ms++) {
        gone = waitpid(process->pid, &status, WNOHANG);
        if (gone != 0)
            break;
        g_usleep(1000);
    }
    if (gone == 0) {
        kill(process->pid, SIGKILL);
        while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
            ;
    }
    *process = (WorkerProcess)WORKER_PROCESS_INIT;

    char *words = WIFSIGNALED(status)
        ? g_strdup_printf("was ended by signal %d", WTERMSIG(status))
        : g_strdup_printf("ended with status %d", WEXITSTATUS(status));
    if (how != NULL)
        *how = words;
    else
        g_free(words);
    if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_EXIT_IDLE)
        return WORKER_LEFT;
    return WIFEXITED(status) && WEXITSTATUS(status) == WORKER_EXIT_SETUP ? WORKER_NEVER
                                                                         : WORKER_BROKEN;
}

/* setpriority() means one thread; those to come inherit it. */
void
worker_process_calm(const WorkerProcess *process, int niceness)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task", (int)process->pid);
    g_autoptr(GDir) threads = g_dir_open(path, 0, NULL);
    const char *thread;

    while (threads != NULL && (thread = g_dir_read_name(threads)) != NULL)
        setpriority(PRIO_PROCESS, (id_t)g_ascii_strtoull(thread, NULL, 10), niceness);
}

int
worker_open_media(const char *path, GError **error)
{
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (file < 0 || fstat(file, &facts) != 0) {
        g_set_error(error, DUO_ERROR, errno == ENOENT ? DUO_ERROR_NOT_FOUND : DUO_ERROR_UNAVAILABLE,
                    "it cannot be opened: %s", g_strerror(errno));
    } else if (!S_ISREG(facts.st_mode)) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "it is not a file");
    } else if (facts.st_size == 0) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "it is empty");
    } else {
        return file;
    }
    if (file >= 0)
        close(file);
    return -1;
}
