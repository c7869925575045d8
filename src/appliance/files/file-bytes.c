/* file-bytes.c -- what is in the files: reading, writing, and the addresses for both */
#include "appliance/files/files-room.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

Stream *
files_read(Files *files, const char *path, GError **error)
{
    g_auto(FilePlace) place = { 0 };

    if (!file_place_read(files, path, &place, error))
        return NULL;
    int fd = file_place_open_file(&place, O_RDONLY, error);
    if (fd < 0)
        return NULL;
    g_autofree char *type = g_content_type_guess(path, NULL, 0, NULL);
    g_autofree char *mime = g_content_type_get_mime_type(type);
    return stream_new_fd(fd, path, mime != NULL ? mime : "application/octet-stream", error);
}

/* A sender that says how much is to come need not send it to hear that there is no room. */
static bool
check_room(int fd, int64_t size, const char *path, GError **error)
{
    struct statvfs room;

    return size <= 0 || fstatvfs(fd, &room) < 0 ||
           (uint64_t)size <= (uint64_t)room.f_bavail * room.f_frsize ||
           file_fail(error, ENOSPC, path);
}

FileWrite *
files_write(Files *files, const char *path, bool may_replace, int64_t size, GError **error)
{
    g_auto(FilePlace) place = { 0 };
    const char *name;

    if (!file_place_read(files, path, &place, error))
        return NULL;
    int parent = file_place_open_parent(&place, &name, error);
    if (parent < 0)
        return NULL;
    if (check_room(parent, size, path, error))
        return file_write_new(parent, name, may_replace, error);
    close(parent);
    return NULL;
}

FileWrite *
files_patch(Files *files, const char *path, uint64_t offset, int64_t size, GError **error)
{
    g_auto(FilePlace) place = { 0 };
    struct stat status;
    const char *name;

    if (!file_place_read(files, path, &place, error))
        return NULL;
    int parent = file_place_open_parent(&place, &name, error); /* says whether it may be changed */
    int fd = parent < 0 ? -1 : file_place_open_file(&place, O_RDWR, error);
    if (parent >= 0)
        close(parent);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &status) < 0) {
        file_fail(error, errno, path);
    } else if (offset > (uint64_t)status.st_size) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "%s has %" G_GINT64_FORMAT " octets: a part cannot begin beyond", path,
                    (gint64)status.st_size);
    } else if (check_room(fd, size - (status.st_size - (int64_t)offset), path, error)) {
        return file_write_new_patch(fd, path, offset);
    }
    close(fd);
    return NULL;
}

/* Whether it may be used so, now; later it is looked at again. */
static bool
check_use(Files *files, const char *path, FileUse use, GError **error)
{
    if (use != FILE_READ) {
        g_autoptr(FileWrite) trial = use == FILE_CREATE ? files_write(files, path, false, -1, error)
                                                        : files_patch(files, path, 0, -1, error);
        return trial != NULL;
    }
    g_autoptr(Stream) stream = files_read(files, path, error);
    return stream != NULL;
}

char *
file_open(FileTree *tree, const char *path, FileUse use, const char *peer, GError **error)
{
    Files *files = (Files *)tree;

    return check_use(files, path, use, error)
               ? file_tickets_issue(files->tickets, files, path, use, peer, error)
               : NULL;
}
