/* library-file.c -- see library-file.h */
#define _GNU_SOURCE /* O_PATH */
#include "appliance/library-file.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
#define PASS (O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)

/* Name by name, where the kernel (before 5.6) or a sandbox does not know openat2(). */
static int
open_stepwise(int root, const char *below)
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
            next = openat(folder, names[i], is_last ? READ : PASS);
        int number = errno;
        if (folder != root)
            close(folder);
        errno = number;
        if (next < 0 || is_last)
            return next;
        folder = next;
    }
    g_assert_not_reached(); /* there is always a last name */
}

static int
open_below(int root, const char *below)
{
    struct open_how how = { .flags = READ,
                            .resolve =
                                RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
    int fd = (int)syscall(SYS_openat2, root, below, &how, sizeof how);

    return fd < 0 && (errno == ENOSYS || errno == EPERM) ? open_stepwise(root, below) : fd;
}

/* What follows the folder's name in path, or NULL. */
static const char *
name_below(const char *folder, const char *path)
{
    size_t length = strlen(folder);

    while (length > 0 && folder[length - 1] == '/')
        length--;
    return strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

int
library_file_open(const char *const *folders, const char *path, GError **error)
{
    const char *below = NULL;
    int root = -1;

    for (; *folders != NULL && below == NULL; folders++) {
        below = name_below(*folders, path);
        if (below != NULL)
            root = open(*folders, O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    errno = below == NULL ? ENOENT : errno;
    int fd = root >= 0 ? open_below(root, below) : -1;
    int number = errno;
    if (root >= 0)
        close(root);
    if (fd >= 0)
        return fd;

    bool is_denied = number == EACCES || number == EPERM;
    bool is_gone = number == ENOENT || number == ENOTDIR || number == ELOOP || number == EXDEV;
    g_set_error(error, DUO_ERROR,
                is_denied ? DUO_ERROR_DENIED
                : is_gone ? DUO_ERROR_NOT_FOUND
                          : DUO_ERROR_UNAVAILABLE,
                "%s: %s", path, g_strerror(number));
    return -1;
}
