/* beneath.c -- see beneath.h */
#define _GNU_SOURCE /* O_PATH */
#include "appliance/files/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PASS (O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
/* Somebody renames while the kernel resolves: it asks us to try again (openat2(2), EAGAIN). */
#define ATTEMPTS 64

/* Name by name, where the kernel (before 5.6) or a sandbox does not know openat2(). */
static int
open_stepwise(int root, const char *below, int flags)
{
    g_auto(GStrv) names = g_strsplit(below, "/", -1);
    int folder = root;

    for (guint i = 0; names[i] != NULL; i++) {
        bool is_last = names[i + 1] == NULL;
        if (names[i][0] == '\0' && !is_last)
            continue;
        int next = -1;
        if (strcmp(names[i], "..") == 0)
            errno = EXDEV; /* as openat2() says */
        else
            next = openat(folder, names[i], is_last ? flags | O_NOFOLLOW : PASS);
        bool is_link = next < 0 && errno == ENOTDIR &&
                       readlinkat(folder, names[i], (char[1]){ 0 }, 1) >= 0;
        int number = is_link ? ELOOP : errno; /* the same */
        if (folder != root)
            close(folder);
        errno = number;
        if (next < 0 || is_last)
            return next;
        folder = next;
    }
    g_assert_not_reached(); /* there is always a last name */
}

int
beneath_open(int root, const char *below, int flags)
{
    struct open_how how = { .flags = (uint64_t)(flags | O_CLOEXEC),
                            .resolve =
                                RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
    int fd = -1;

    if (*below == '\0')
        below = ".";
    for (int i = 0; i < ATTEMPTS && (i == 0 || (fd < 0 && errno == EAGAIN)); i++)
        fd = (int)syscall(SYS_openat2, root, below, &how, sizeof how);
    return fd < 0 && (errno == ENOSYS || errno == EPERM)
               ? open_stepwise(root, below, (int)how.flags)
               : fd;
}
