/* file-write.c -- see file-write.h */
#define _GNU_SOURCE /* O_TMPFILE, renameat2() */
#include "appliance/files/files-room.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MODE 0666 /* less the umask */

struct FileWrite {
    int folder;   /* -1: a patch, which has its place already */
    int fd;
    char *name;
    char *part;   /* the hidden name it has until it is whole; NULL: none */
    bool is_new, may_replace, is_finished;
    uint64_t offset;
};

static char *
part_name(void)
{
    return g_strdup_printf(FILE_PART_PREFIX "%08x%08x", g_random_int(), g_random_int());
}

/* Without a name where the file system can (not: FAT, some network disks), else hidden. */
static bool
open_part(FileWrite *write, GError **error)
{
    write->fd = openat(write->folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);
    if (write->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        write->part = part_name();
        write->fd = openat(write->folder, write->part, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, MODE);
    }
    return write->fd >= 0 || file_fail(error, errno, write->name);
}

/* What stands at the name now may be replaced. */
static bool
check_place(FileWrite *write, GError **error)
{
    struct stat status;

    write->is_new = fstatat(write->folder, write->name, &status, AT_SYMLINK_NOFOLLOW) < 0;
    if (write->is_new)
        return errno == ENOENT || file_fail(error, errno, write->name);
    if (S_ISDIR(status.st_mode))
        return file_fail(error, EISDIR, write->name);
    if (!write->may_replace)
        return file_fail(error, EEXIST, write->name);
    if (S_ISREG(status.st_mode))
        return true;
    return file_fail(error, ELOOP, write->name);
}

FileWrite *
file_write_new(int folder, const char *name, bool may_replace, GError **error)
{
    g_autoptr(FileWrite) write = g_new0(FileWrite, 1);

    write->folder = folder;
    write->fd = -1;
    write->name = g_strdup(name);
    write->may_replace = may_replace;
    return check_place(write, error) && open_part(write, error) ? g_steal_pointer(&write) : NULL;
}

FileWrite *
file_write_new_patch(int file, const char *name, uint64_t offset)
{
    FileWrite *write = g_new0(FileWrite, 1);

    write->folder = -1;
    write->fd = file;
    write->name = g_strdup(name);
    write->offset = offset;
    return write;
}

bool
file_write_add(FileWrite *write, const void *octets, size_t count, GError **error)
{
    const uint8_t *from = octets;

    while (count > 0) {
        ssize_t written = pwrite(write->fd, from, count, (off_t)write->offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return file_fail(error, errno, write->name);
        from += written;
        count -= (size_t)written;
        write->offset += (uint64_t)written;
    }
    return true;
}

/* Gives a nameless file the name; false with errno. */
static bool
link_part(FileWrite *write, const char *name)
{
    char self[64];

    g_snprintf(self, sizeof self, "/proc/self/fd/%d", write->fd);
    return linkat(AT_FDCWD, self, write->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

/* Into its place in one step; false with errno. */
static bool
rename_part(FileWrite *write)
{
    unsigned flags = write->may_replace ? 0 : RENAME_NOREPLACE;

    if (renameat2(write->folder, write->part, write->folder, write->name, flags) == 0)
        return true;
    /* A file system that does not know the flag: look first. */
    return errno == EINVAL &&
           faccessat(write->folder, write->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
           errno == ENOENT && renameat(write->folder, write->part, write->folder, write->name) == 0;
}

/* A nameless file gets a hidden name first: who watches the folder is told of what is moved there
 * that it is whole, and of what is linked there nothing but that it is new. */
bool
file_write_finish(FileWrite *write, GError **error)
{
    bool is_patch = write->folder < 0;

    if (!is_patch && write->part == NULL) {
        g_autofree char *part = part_name();
        if (!link_part(write, part))
            return file_fail(error, errno, write->name);
        write->part = g_steal_pointer(&part);
    }
    if (!is_patch && !rename_part(write))
        return file_fail(error, errno, write->name);
    write->is_finished = true;
    return true;
}

int
file_write_fd(const FileWrite *write)
{
    return write->fd;
}

bool
file_write_is_new(const FileWrite *write)
{
    return write->is_new;
}

void
file_write_free(FileWrite *write)
{
    if (write == NULL)
        return;
    if (write->part != NULL && !write->is_finished)
        unlinkat(write->folder, write->part, 0);
    if (write->fd >= 0)
        close(write->fd);
    if (write->folder >= 0)
        close(write->folder);
    g_free(write->name);
    g_free(write->part);
    g_free(write);
}
