/* sandbox.c -- see sandbox.h; landlock(7), seccomp(2)
 *
 * On kernels without Landlock a closed sandbox is as tight, since seccomp refuses it open(2)
 * altogether; the one that loads libraries then may read what its user may. */
#include "config.h"

#include "pipelines/sandbox.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SPACE(bytes) RLIM_INFINITY /* its shadow is terabytes */
#else
#define ADDRESS_SPACE(bytes) (bytes)
#endif

static const struct {
    int resource;
    rlim_t limit[2]; /* by SandboxKind */
} limits[] = {
    { RLIMIT_AS, { ADDRESS_SPACE(1ul << 30), ADDRESS_SPACE(4ul << 30) } },
    { RLIMIT_FSIZE, { 16 << 20, 16 << 20 } },
    { RLIMIT_NOFILE, { 64, 256 } },
    { RLIMIT_CORE, { 0, 0 } },
};

/* linux/landlock.h as of ABI 6; Debian 12's header stops at ABI 2. */
typedef struct {
    uint64_t handled_access_fs;
    uint64_t handled_access_net;
    uint64_t scoped;
} LandlockRules;

typedef struct {
    uint64_t allowed_access;
    int32_t parent_fd;
} __attribute__((packed)) LandlockBeneath;

#define LANDLOCK_RULE_BENEATH 1
#define LANDLOCK_VERSION 1u
#define LANDLOCK_READ_FILE (1ull << 2)
#define LANDLOCK_READ_DIR (1ull << 3)

/* What each ABI can forbid: rights on files; TCP (bind, connect); abstract sockets and signals. */
static const struct {
    int abi;
    size_t size;
    LandlockRules rules;
} landlock_abis[] = {
    { 6, 24, { (1ull << 16) - 1, 3, 3 } }, { 5, 16, { (1ull << 16) - 1, 3, 0 } },
    { 4, 16, { (1ull << 15) - 1, 3, 0 } }, { 3, 8, { (1ull << 15) - 1, 0, 0 } },
    { 2, 8, { (1ull << 14) - 1, 0, 0 } },  { 1, 8, { (1ull << 13) - 1, 0, 0 } },
};

/* Libraries, and the fonts of subtitles. */
static const char *const library_places[] = { "/usr", "/lib", "/lib64", "/etc/ld.so.cache",
                                              "/etc/fonts", "/var/cache/fontconfig" };

static void
allow_beneath(int ruleset, const char *path)
{
    int place = open(path, O_PATH | O_CLOEXEC);
    bool is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
    LandlockBeneath rule = {
        .allowed_access = LANDLOCK_READ_FILE | (is_folder ? LANDLOCK_READ_DIR : 0),
        .parent_fd = place,
    };

    if (place < 0)
        return;
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_BENEATH, &rule, 0);
    close(place);
}

static void
enter_landlock(SandboxKind kind)
{
    int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
    guint row = 0;

    while (row < G_N_ELEMENTS(landlock_abis) && landlock_abis[row].abi > abi)
        row++;
    if (row == G_N_ELEMENTS(landlock_abis)) {
        g_debug("this kernel has no Landlock: %s", g_strerror(errno));
        return;
    }
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &landlock_abis[row].rules,
                               landlock_abis[row].size, 0);
    if (ruleset < 0) {
        g_debug("Landlock cannot be used: %s", g_strerror(errno));
        return;
    }
    if (kind == SANDBOX_LIBRARY)
        for (guint i = 0; i < G_N_ELEMENTS(library_places); i++)
            allow_beneath(ruleset, library_places[i]);
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        g_debug("Landlock cannot be used: %s", g_strerror(errno));
    close(ruleset);
}

/* What reading, computing and answering need; names one libseccomp does not know are skipped. */
static const char *const calls[] = {
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "lseek", "_llseek",
    "close", "fstat", "fstat64", "ftruncate", "ftruncate64", "fcntl", "fcntl64", "dup", "dup3",
    "fadvise64", "fadvise64_64", "arm_fadvise64_64",
    "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise", "brk", "memfd_create", "membarrier",
    "futex", "futex_time64", "set_robust_list", "rseq", "get_robust_list", "sched_yield",
    "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler",
    "sched_get_priority_max", "sched_get_priority_min", "getpriority",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack",
    "restart_syscall", "exit", "exit_group", "getpid", "gettid", "getppid", "getuid", "geteuid",
    "getgid", "getegid", "getuid32", "geteuid32", "getgid32", "getegid32", "uname", "sysinfo",
    "getcpu", "getrandom", "getrusage", "getrlimit", "ugetrlimit", "times", "clock_gettime",
    "clock_gettime64", "clock_getres", "clock_nanosleep", "clock_nanosleep_time64", "nanosleep",
    "gettimeofday", "time", "poll", "ppoll", "ppoll_time64", "select", "pselect6", "epoll_create1",
    "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2", "pipe", "pipe2", "sendmsg", "recvmsg",
    "sendto", "recvfrom", "shutdown",
};

/* And what loading a library needs, within what Landlock allows. */
static const char *const library_calls[] = {
    "open", "openat", "stat", "stat64", "lstat", "newfstatat", "fstatat64", "statx", "access",
    "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "statfs",
    "fstatfs",
};

static void
allow_calls(scmp_filter_ctx filter, const char *const *names, guint count)
{
    for (guint i = 0; i < count; i++) {
        int number = seccomp_syscall_resolve_name(names[i]);
        if (number != __NR_SCMP_ERROR)
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
    }
}

bool
sandbox_enter_calls(SandboxKind kind, GError **error)
{
    const uint64_t thread = 0x10000 /* CLONE_THREAD */;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

    allow_calls(filter, calls, G_N_ELEMENTS(calls));
    if (kind == SANDBOX_LIBRARY)
        allow_calls(filter, library_calls, G_N_ELEMENTS(library_calls));
    else /* fstat() of glibc is an empty path at a descriptor */
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                         SCMP_A3(SCMP_CMP_MASKED_EQ, 0x1000, 0x1000 /* AT_EMPTY_PATH */));
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), 1,
                     SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
    /* Threads, not processes; glibc falls back to clone(), whose flags can be read. */
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                     SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread));
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    /* A thread's name; our own limits and signals, nobody else's. */
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                     SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    int failure = seccomp_load(filter);
    seccomp_release(filter);
    if (failure == 0)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "seccomp cannot be used: %s",
                g_strerror(-failure));
    return false;
}

bool
sandbox_enter_files(SandboxKind kind, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
        struct rlimit limit = { limits[i].limit[kind], limits[i].limit[kind] };
        struct rlimit now;
        if (getrlimit((__rlimit_resource_t)limits[i].resource, &now) == 0)
            limit.rlim_cur = limit.rlim_max = MIN(limit.rlim_max, now.rlim_max);
        setrlimit((__rlimit_resource_t)limits[i].resource, &limit);
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "privileges cannot be given up: %s",
                    g_strerror(errno));
        return false;
    }
    enter_landlock(kind);
    return true;
}

bool
sandbox_enter(SandboxKind kind, GError **error)
{
    return sandbox_enter_files(kind, error) && sandbox_enter_calls(kind, error);
}

void
sandbox_allow_cpu(guint seconds)
{
    struct rlimit limit;
    struct rusage used;

    if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0)
        return;
    limit.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + seconds + 1;
    limit.rlim_cur = MIN(limit.rlim_cur, limit.rlim_max);
    setrlimit(RLIMIT_CPU, &limit);
}
