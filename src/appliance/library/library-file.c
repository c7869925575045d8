/* library-file.c -- see library-file.h */
#define _GNU_SOURCE /* O_PATH */
#include "appliance/library/library-file.h"

#include "appliance/files/beneath.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define READ (O_RDONLY | O_NONBLOCK)

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
    int fd = root >= 0 ? beneath_open(root, below, READ) : -1;
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
