/* test-sandbox.c -- what a worker cannot do, tried in a child that has walled itself in */
#include "config.h"

#include "pipelines/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
is_refused(long result)
{
    return result < 0 && (errno == EPERM || errno == EACCES || errno == ENOSYS);
}

static bool cannot_read_passwd(void) { return is_refused(open("/etc/passwd", O_RDONLY)); }
static bool cannot_create(void)
{
    return is_refused(open("/tmp/duoping-escaped", O_WRONLY | O_CREAT, 0600));
}
static bool cannot_make_folder(void) { return is_refused(mkdir("/tmp/duoping-escaped", 0700)); }
static bool cannot_remove(void) { return is_refused(unlink("/tmp/duoping-escaped")); }
static bool cannot_speak_ipv4(void) { return is_refused(socket(AF_INET, SOCK_STREAM, 0)); }
static bool cannot_speak_ipv6(void) { return is_refused(socket(AF_INET6, SOCK_DGRAM, 0)); }
static bool cannot_speak_locally(void) { return is_refused(socket(AF_UNIX, SOCK_STREAM, 0)); }
static bool cannot_fork(void) { return is_refused(fork()); }
static bool cannot_execute(void)
{
    return is_refused(execl("/bin/true", "true", (char *)NULL));
}
static bool cannot_trace(void) { return is_refused(ptrace(PTRACE_TRACEME, 0, 0, 0)); }
static bool cannot_signal(void) { return is_refused(kill(getppid(), 0)); }
#if !defined(__SANITIZE_ADDRESS__) /* which takes terabytes */
static bool cannot_eat_memory(void)
{
    return mmap(NULL, 5ul << 30, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED;
}
#endif
static bool can_still_compute(void)
{
    int pair[2];
    struct stat about;
    return pipe2(pair, O_CLOEXEC) == 0 && write(pair[1], "x", 1) == 1 && fstat(0, &about) == 0;
}

static const struct {
    const char *name;
    bool (*holds)(void);
} claims[] = {
    { "cannot-read-passwd", cannot_read_passwd }, { "cannot-create", cannot_create },
    { "cannot-make-folder", cannot_make_folder }, { "cannot-remove", cannot_remove },
    { "cannot-speak-ipv4", cannot_speak_ipv4 },   { "cannot-speak-ipv6", cannot_speak_ipv6 },
    { "cannot-speak-locally", cannot_speak_locally }, { "cannot-fork", cannot_fork },
    { "cannot-execute", cannot_execute },         { "cannot-trace", cannot_trace },
    { "cannot-signal", cannot_signal },           { "can-still-compute", can_still_compute },
#if !defined(__SANITIZE_ADDRESS__)
    { "cannot-eat-memory", cannot_eat_memory },
#endif
};

/* In a child, since there is no way out. */
static void
check_claim(gconstpointer data)
{
    guint row = GPOINTER_TO_UINT(data) / 2;
    SandboxKind kind = GPOINTER_TO_UINT(data) % 2;
    int status = 0;
    pid_t child = fork();

    g_assert_cmpint(child, >=, 0);
    if (child == 0)
        _exit(!sandbox_enter(kind, NULL) ? 2 : claims[row].holds() ? 0 : 1);
    waitpid(child, &status, 0);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

/* A job that never ends does. */
static void
test_time_is_up(void)
{
    int status = 0;
    pid_t child = fork();

    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        if (!sandbox_enter(SANDBOX_CLOSED, NULL))
            _exit(2);
        sandbox_allow_cpu(0);
        while (true)
            getpid();
    }
    waitpid(child, &status, 0);
    g_assert_true(WIFSIGNALED(status));
    g_assert_cmpint(WTERMSIG(status), ==, SIGXCPU);
}

int
main(int argc, char **argv)
{
    static const char *const kinds[] = { "closed", "library" };

    g_test_init(&argc, &argv, NULL);
    for (guint row = 0; row < G_N_ELEMENTS(claims); row++) {
        for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
            g_autofree char *path = g_strdup_printf("/sandbox/%s/%s", kinds[kind],
                                                    claims[row].name);
            g_test_add_data_func(path, GUINT_TO_POINTER(row * 2 + kind), check_claim);
        }
    }
    g_test_add_func("/sandbox/time-is-up", test_time_is_up);
    return g_test_run();
}
