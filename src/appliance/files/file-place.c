/* file-place.c -- from a visitor's path to a descriptor below its root; see files-room.h */
#define _GNU_SOURCE /* O_PATH */
#include "appliance/files/files-room.h"

#include "appliance/files/beneath.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PATH_LENGTH_MAX 4000
#define NAME_LENGTH_MAX 255

/* -- Errors ------------------------------------------------------------------------------------ */

static const struct {
    int number;
    DuoError code;
    const char *words; /* NULL: the system's own */
} reasons[] = {
    { ENOENT, DUO_ERROR_NOT_FOUND, "is not there" },
    { ENOTDIR, DUO_ERROR_NOT_FOUND, "is no folder" },
    { EXDEV, DUO_ERROR_DENIED, "leads out of its folder" },
    { ELOOP, DUO_ERROR_DENIED, "goes through a symbolic link, and none is followed" },
    { EACCES, DUO_ERROR_DENIED, "is closed to the server" },
    { EPERM, DUO_ERROR_DENIED, "is closed to the server" },
    { EROFS, DUO_ERROR_DENIED, "is on a disk that may only be read" },
    { ETXTBSY, DUO_ERROR_CONFLICT, "is a program that runs" },
    { EEXIST, DUO_ERROR_CONFLICT, "is there already" },
    { ENOTEMPTY, DUO_ERROR_CONFLICT, "is not empty" },
    { EBUSY, DUO_ERROR_CONFLICT, "is in use" },
    { EISDIR, DUO_ERROR_CONFLICT, "is a folder" },
    { ENOSPC, DUO_ERROR_NO_ROOM, "has no room: the disk is full" },
    { EDQUOT, DUO_ERROR_NO_ROOM, "has no room: the quota is used up" },
    { EFBIG, DUO_ERROR_TOO_LARGE, "is larger than its file system takes" },
    { ENAMETOOLONG, DUO_ERROR_INVALID, "is too long a name" },
    { EINVAL, DUO_ERROR_INVALID, "is no name that its file system takes" },
    { EILSEQ, DUO_ERROR_INVALID, "is no name that its file system takes" },
    { EMFILE, DUO_ERROR_BUSY, NULL },
    { ENFILE, DUO_ERROR_BUSY, NULL },
};

bool
file_fail(GError **error, int number, const char *what)
{
    DuoError code = DUO_ERROR_UNAVAILABLE;
    const char *words = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (reasons[i].number == number) {
            code = reasons[i].code;
            words = reasons[i].words;
        }
    }
    if (words != NULL)
        g_set_error(error, DUO_ERROR, (gint)code, "%s %s", what, words);
    else
        g_set_error(error, DUO_ERROR, (gint)code, "%s: %s", what, g_strerror(number));
    return false;
}

/* -- Paths ------------------------------------------------------------------------------------- */

static const FileRoot *
find_root(const Files *files, const char *name)
{
    for (const FileRoot *root = files->roots; root->name != NULL; root++)
        if (strcmp(root->name, name) == 0)
            return root;
    return NULL;
}

/* False: not a name that may stand in a path. */
static bool
check_name(const char *name, const char *path, GError **error)
{
    if (strcmp(name, "..") == 0)
        return file_fail(error, EXDEV, path);
    if (strlen(name) > NAME_LENGTH_MAX)
        return file_fail(error, ENAMETOOLONG, path);
    if (g_str_has_prefix(name, FILE_PART_PREFIX))
        return file_fail(error, ENOENT, path);
    return true;
}

bool
file_place_read(const Files *files, const char *path, FilePlace *place, GError **error)
{
    g_auto(GStrv) names = NULL;
    g_autoptr(GString) below = g_string_new(NULL);

    if (path[0] != '/') {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "\"%.100s\" does not begin with \"/\"",
                    path);
        return false;
    }
    if (strlen(path) > PATH_LENGTH_MAX)
        return file_fail(error, ENAMETOOLONG, "the path");
    names = g_strsplit(path, "/", -1);
    for (guint i = 0; names[i] != NULL; i++) {
        if (names[i][0] == '\0' || strcmp(names[i], ".") == 0)
            continue;
        if (!check_name(names[i], path, error))
            return false;
        if (place->root != NULL)
            g_string_append_printf(below, "%s%s", below->len > 0 ? "/" : "", names[i]);
        else if ((place->root = find_root(files, names[i])) == NULL)
            return file_fail(error, ENOENT, path);
    }
    place->below = g_string_free(g_steal_pointer(&below), FALSE);
    place->path = g_strdup(path);
    return true;
}

void
file_place_clear(FilePlace *place)
{
    g_free(place->below);
    g_free(place->path);
    *place = (FilePlace){ 0 };
}

/* -- Descriptors ------------------------------------------------------------------------------- */

static int
open_root(const FilePlace *place, GError **error)
{
    int fd = open(place->root->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "the folder of \"%s\" is away: %s",
                    place->root->name, g_strerror(errno));
    return fd;
}

static int
open_below(const FilePlace *place, const char *below, int flags, GError **error)
{
    int root = place->root != NULL ? open_root(place, error) : -1;

    if (place->root == NULL)
        file_fail(error, EISDIR, place->path);
    if (root < 0)
        return -1;
    int fd = beneath_open(root, below, flags);
    int number = errno;
    close(root);
    if (fd < 0)
        file_fail(error, number, place->path);
    return fd;
}

int
file_place_open(const FilePlace *place, int flags, GError **error)
{
    return open_below(place, place->below, flags, error);
}

bool
file_place_check_kind(const FilePlace *place, mode_t mode, GError **error)
{
    if (S_ISREG(mode) || S_ISDIR(mode))
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_DENIED, "%s is neither a file nor a folder",
                place->path);
    return false;
}

int
file_place_open_file(const FilePlace *place, int flags, GError **error)
{
    int fd = -1, seen = file_place_open(place, O_PATH, error);
    struct stat status;
    char self[64];

    if (seen < 0)
        return -1;
    g_snprintf(self, sizeof self, "/proc/self/fd/%d", seen); /* the very same file */
    if (fstat(seen, &status) < 0)
        file_fail(error, errno, place->path);
    else if (S_ISDIR(status.st_mode))
        file_fail(error, EISDIR, place->path);
    else if (file_place_check_kind(place, status.st_mode, error) &&
             (fd = open(self, flags | O_CLOEXEC | O_NONBLOCK)) < 0)
        file_fail(error, errno, place->path);
    close(seen);
    return fd;
}

int
file_place_open_folder_of(const FilePlace *place, const char **name, GError **error)
{
    const char *slash = strrchr(place->below, '/');
    g_autofree char *folder =
        slash == NULL ? g_strdup("") : g_strndup(place->below, (gsize)(slash - place->below));

    *name = slash != NULL ? slash + 1 : *place->below != '\0' ? place->below : ".";
    return open_below(place, folder, O_PATH | O_DIRECTORY, error);
}

int
file_place_open_parent(const FilePlace *place, const char **name, GError **error)
{
    if (place->root == NULL || *place->below == '\0') {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_DENIED,
                            "the folders at the top are set up by the owner");
        return -1;
    }
    if (!place->root->is_writable) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_DENIED, "what is in \"%s\" may only be read",
                    place->root->name);
        return -1;
    }
    return file_place_open_folder_of(place, name, error);
}

/* -- Folders ----------------------------------------------------------------------------------- */

DIR *
file_folder_open(int at, const char *name)
{
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);

    if (fd >= 0 && folder == NULL)
        close(fd);
    return folder;
}

const struct dirent *
file_folder_next(DIR *folder)
{
    const struct dirent *entry;

    do {
        entry = readdir(folder);
    } while (entry != NULL &&
             (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
              g_str_has_prefix(entry->d_name, FILE_PART_PREFIX)));
    return entry;
}
