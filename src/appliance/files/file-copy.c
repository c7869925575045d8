/* file-copy.c -- moves and copies below the roots
 *
 * Everything is made under a hidden name beside its new place, or without a name, and shown when it
 * is whole. The kernel shares or copies the blocks where the file system lets it (reflink,
 * copy_file_range()). Links and devices are never carried along: a copy leaves them out, a move to
 * another disk, which would lose them, is refused. */
#define _GNU_SOURCE /* copy_file_range(), renameat2() */
#include "appliance/files/files-room.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PIECE_SIZE (8 * 1024 * 1024)
#define BUFFER_SIZE (256 * 1024)
#define DEPTH_MAX 64

typedef struct {
    const char *path; /* borrowed: for messages */
    GCancellable *cancellable;
    bool is_move; /* all must come along */
} Job;

/* -- Octets ------------------------------------------------------------------------------------ */

/* One piece; the count, 0 at the end, -1 with errno. */
static ssize_t
copy_piece(int from, int to, bool *by_kernel)
{
    if (*by_kernel) {
        ssize_t count = copy_file_range(from, NULL, to, NULL, PIECE_SIZE, 0);
        if (count >= 0 || (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP &&
                           errno != ENOSYS && errno != EPERM))
            return count;
        *by_kernel = false; /* nothing has moved */
    }
    g_autofree uint8_t *buffer = g_malloc(BUFFER_SIZE);
    ssize_t count = read(from, buffer, BUFFER_SIZE);
    for (ssize_t done = 0, written; done < count; done += written)
        if ((written = write(to, buffer + done, (size_t)(count - done))) < 0)
            return -1;
    return count;
}

static bool
copy_octets(int from, int to, const Job *job, GError **error)
{
    bool by_kernel = true;
    struct stat status;
    ssize_t count = 1;

    if (ioctl(to, FICLONE, from) < 0)
        while (count > 0 && !g_cancellable_is_cancelled(job->cancellable))
            if ((count = copy_piece(from, to, &by_kernel)) < 0 && errno == EINTR)
                count = 1;
    if (g_cancellable_set_error_if_cancelled(job->cancellable, error))
        return false;
    if (count < 0)
        return file_fail(error, errno, job->path);
    if (fstat(from, &status) == 0) /* the time of the original, as people expect of a copy */
        futimens(to, (struct timespec[]){ { .tv_nsec = UTIME_OMIT }, status.st_mtim });
    return true;
}

/* -- Folders ----------------------------------------------------------------------------------- */

static bool copy_folder(DIR *from, int to, const Job *job, unsigned depth, GError **error);

static bool
copy_file_at(int from, int to, const char *name, const Job *job, GError **error)
{
    int source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int target = source < 0 ? -1
                            : openat(to, name, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC,
                                     0666);
    bool is_copied = target >= 0 ? copy_octets(source, target, job, error)
                                 : file_fail(error, errno, job->path);

    if (source >= 0)
        close(source);
    if (target >= 0)
        close(target);
    return is_copied;
}

static bool
copy_folder_at(int from, int to, const char *name, const Job *job, unsigned depth, GError **error)
{
    DIR *source = file_folder_open(from, name);
    int target = source != NULL && mkdirat(to, name, 0777) == 0
                     ? openat(to, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                     : -1;
    bool is_copied = target >= 0 ? copy_folder(source, target, job, depth + 1, error)
                                 : file_fail(error, errno, job->path);

    if (source != NULL)
        closedir(source);
    if (target >= 0)
        close(target);
    return is_copied;
}

static bool
copy_entry(int from, int to, const char *name, const Job *job, unsigned depth, GError **error)
{
    struct stat status;

    if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT || file_fail(error, errno, job->path); /* it went: so be it */
    if (S_ISDIR(status.st_mode))
        return copy_folder_at(from, to, name, job, depth, error);
    if (S_ISREG(status.st_mode))
        return copy_file_at(from, to, name, job, error);
    if (!job->is_move)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_DENIED,
                "%s holds \"%s\", neither a file nor a folder, which would be lost on another disk",
                job->path, name);
    return false;
}

static bool
copy_folder(DIR *from, int to, const Job *job, unsigned depth, GError **error)
{
    const struct dirent *entry;

    if (depth > DEPTH_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE,
                    "%s: more than %d folders inside each other", job->path, DEPTH_MAX);
        return false;
    }
    while ((entry = file_folder_next(from)) != NULL)
        if (!copy_entry(dirfd(from), to, entry->d_name, job, depth, error))
            return false;
    return true;
}

/* The folder name in parent with all that is in it. shadow, when it is not -1, is a copy of it:
 * then only what is in there as well goes, and what came since stays. */
static void
remove_folder(int parent, const char *name, int shadow)
{
    DIR *folder = file_folder_open(shadow >= 0 ? shadow : parent, shadow >= 0 ? "." : name);
    int fd = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const struct dirent *entry;

    while (folder != NULL && fd >= 0 && (entry = file_folder_next(folder)) != NULL) {
        int below = shadow < 0 ? -1
                               : openat(shadow, entry->d_name,
                                        O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (unlinkat(fd, entry->d_name, 0) < 0 && (shadow < 0 || below >= 0))
            remove_folder(fd, entry->d_name, below);
        if (below >= 0)
            close(below);
    }
    if (folder != NULL)
        closedir(folder);
    if (fd >= 0)
        close(fd);
    unlinkat(parent, name, AT_REMOVEDIR);
}

/* -- From one place to another ----------------------------------------------------------------- */

typedef struct {
    int from, to; /* folders */
    const char *name, *new_name;
} Ends;

static void
ends_clear(Ends *ends)
{
    if (ends->from >= 0)
        close(ends->from);
    if (ends->to >= 0)
        close(ends->to);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ends, ends_clear)

/* A new place inside of what is carried there has no end. */
static bool
check_inside(const FilePlace *from, const FilePlace *to, GError **error)
{
    size_t length = strlen(from->below);
    bool is_below = length == 0 || (strncmp(from->below, to->below, length) == 0 &&
                                    to->below[length] == '/');

    if (from->root == NULL || from->root != to->root || !is_below)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "%s lies inside of %s", to->path, from->path);
    return false;
}

static bool
check_free(const Ends *ends, const FilePlace *to, GError **error)
{
    struct stat status;

    return (fstatat(ends->to, ends->new_name, &status, AT_SYMLINK_NOFOLLOW) < 0 &&
            errno == ENOENT) ||
           file_fail(error, EEXIST, to->path);
}

static bool
copy_whole_folder(const Ends *ends, const FilePlace *to, const Job *job, GError **error)
{
    g_autofree char *part =
        g_strdup_printf(FILE_PART_PREFIX "%08x%08x", g_random_int(), g_random_int());
    DIR *source = file_folder_open(ends->from, ends->name);
    int target = source != NULL && mkdirat(ends->to, part, 0777) == 0
                     ? openat(ends->to, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                     : -1;
    bool is_copied = target >= 0 ? copy_folder(source, target, job, 1, error)
                                 : file_fail(error, errno, job->path);

    if (is_copied && renameat2(ends->to, part, ends->to, ends->new_name, RENAME_NOREPLACE) < 0)
        is_copied = file_fail(error, errno, to->path);
    if (!is_copied && target >= 0)
        remove_folder(ends->to, part, -1);
    else if (is_copied && job->is_move)
        remove_folder(ends->from, ends->name, target);
    if (source != NULL)
        closedir(source);
    if (target >= 0)
        close(target);
    return is_copied;
}

static bool
copy_whole_file(const Ends *ends, const FilePlace *to, const Job *job, GError **error)
{
    int source = openat(ends->from, ends->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int folder = source < 0 ? -1 : fcntl(ends->to, F_DUPFD_CLOEXEC, 0);
    g_autoptr(FileWrite) write =
        folder < 0 ? NULL : file_write_new(folder, ends->new_name, false, error);
    bool is_copied = write != NULL && copy_octets(source, file_write_fd(write), job, error) &&
                     file_write_finish(write, error);

    if (folder < 0)
        file_fail(error, errno, job->path);
    if (source >= 0)
        close(source);
    return is_copied && (!job->is_move || unlinkat(ends->from, ends->name, 0) == 0 ||
                         file_fail(error, errno, job->path));
}

static bool
copy_whole(const Ends *ends, const FilePlace *from, const FilePlace *to, const Job *job,
           GError **error)
{
    struct stat status;

    if (fstatat(ends->from, ends->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return file_fail(error, errno, from->path);
    if (!file_place_check_kind(from, status.st_mode, error) || !check_free(ends, to, error))
        return false;
    return (S_ISDIR(status.st_mode) ? copy_whole_folder : copy_whole_file)(ends, to, job, error);
}

bool
file_copy(const FilePlace *from, const FilePlace *to, GCancellable *cancellable, GError **error)
{
    const Job job = { from->path, cancellable, false };
    g_auto(Ends) ends = { -1, -1, NULL, NULL };

    if (!check_inside(from, to, error))
        return false;
    ends.from = file_place_open_folder_of(from, &ends.name, error);
    ends.to = ends.from < 0 ? -1 : file_place_open_parent(to, &ends.new_name, error);
    return ends.to >= 0 && copy_whole(&ends, from, to, &job, error);
}

/* Within a file system in one step. */
static bool
rename_entry(const Ends *ends, const FilePlace *from, const FilePlace *to, const Job *job,
             GError **error)
{
    struct stat status;

    if (fstatat(ends->from, ends->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return file_fail(error, errno, from->path);
    if (!file_place_check_kind(from, status.st_mode, error))
        return false;
    if (renameat2(ends->from, ends->name, ends->to, ends->new_name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno == EXDEV)
        return copy_whole(ends, from, to, job, error);
    if (errno != EINVAL)
        return file_fail(error, errno, errno == EEXIST ? to->path : from->path);
    /* A file system that does not know the flag: look first. */
    return check_free(ends, to, error) &&
           (renameat(ends->from, ends->name, ends->to, ends->new_name) == 0 ||
            file_fail(error, errno, to->path));
}

bool
file_move(const FilePlace *from, const FilePlace *to, GCancellable *cancellable, GError **error)
{
    const Job job = { from->path, cancellable, true };
    g_auto(Ends) ends = { -1, -1, NULL, NULL };

    if (!check_inside(from, to, error))
        return false;
    ends.from = file_place_open_parent(from, &ends.name, error);
    ends.to = ends.from < 0 ? -1 : file_place_open_parent(to, &ends.new_name, error);
    return ends.to >= 0 && rename_entry(&ends, from, to, &job, error);
}
