/* files.c -- see files.h; the paths are read in file-place.c, bytes in file-bytes.c, and long work
 * is in file-copy.c */
#define _GNU_SOURCE /* O_PATH */
#include "appliance/files/files-room.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A page is cut out of all names, sorted: so many are held for it. */
#define ENTRIES_MAX (100 * 1000)

/* -- Looking ----------------------------------------------------------------------------------- */

typedef struct {
    char *name;
    bool is_folder;
} Name;

static void
name_clear(gpointer data)
{
    g_free(((Name *)data)->name);
}

static gint
name_compare(gconstpointer a, gconstpointer b)
{
    const Name *left = a, *right = b;

    if (left->is_folder != right->is_folder)
        return left->is_folder ? -1 : 1;
    return strcmp(left->name, right->name);
}

/* A name that a visitor can say: text, of characters that XML has. */
static bool
is_sayable(const char *name)
{
    if (!g_utf8_validate(name, -1, NULL))
        return false;
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20)
            return false;
    return true;
}

/* Regular file or folder, as readdir() says, or the file itself where it does not. */
static bool
judge(int folder, const struct dirent *entry, bool *is_folder)
{
    struct stat status;
    mode_t mode = DTTOIF(entry->d_type);

    if (entry->d_type == DT_UNKNOWN &&
        fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        mode = status.st_mode;
    *is_folder = S_ISDIR(mode);
    return S_ISREG(mode) || S_ISDIR(mode);
}

static GArray *
read_names(DIR *folder, const char *path, GError **error)
{
    g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(Name));
    const struct dirent *entry;
    bool is_folder;

    g_array_set_clear_func(names, name_clear);
    while ((entry = file_folder_next(folder)) != NULL) {
        if (!is_sayable(entry->d_name) || !judge(dirfd(folder), entry, &is_folder))
            continue;
        if (names->len == ENTRIES_MAX) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "%s has more than %d entries", path,
                        ENTRIES_MAX);
            return NULL;
        }
        Name name = { g_strdup(entry->d_name), is_folder };
        g_array_append_val(names, name);
    }
    g_array_sort(names, name_compare);
    return g_steal_pointer(&names);
}

static bool
show(const char *name, const struct stat *status, FileVisit visit, gpointer user_data)
{
    bool is_folder = S_ISDIR(status->st_mode);

    return visit(&(FileEntry){ name, is_folder, is_folder ? 0 : (uint64_t)status->st_size,
                               status->st_mtim.tv_sec }, user_data);
}

/* What went since its name was read is left out. */
static void
show_page(const GArray *names, int folder, uint32_t offset, uint32_t limit, FileVisit visit,
          gpointer user_data)
{
    guint end = limit == 0 ? names->len : MIN(names->len, (guint64)offset + limit);

    for (guint i = offset; i < end; i++) {
        const char *name = g_array_index(names, Name, i).name;
        struct stat status;
        if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) &&
            !show(name, &status, visit, user_data))
            return;
    }
}

/* A root whose folder is away is listed all the same. */
static void
show_root(const FileRoot *root, FileVisit visit, gpointer user_data)
{
    struct stat status = { 0 };

    if (stat(root->folder, &status) < 0)
        status = (struct stat){ 0 };
    visit(&(FileEntry){ root->name, true, 0, status.st_mtim.tv_sec }, user_data);
}

static void
list_roots(const Files *files, uint32_t offset, uint32_t limit, FileVisit visit, gpointer user_data,
           uint32_t *total)
{
    *total = 0;
    for (const FileRoot *root = files->roots; root->name != NULL; root++, ++*total)
        if (*total >= offset && (limit == 0 || *total - offset < limit))
            show_root(root, visit, user_data);
}

static bool
list(FileTree *tree, const char *path, uint32_t offset, uint32_t limit, FileVisit visit,
     gpointer user_data, uint32_t *total, GError **error)
{
    Files *files = (Files *)tree;
    g_auto(FilePlace) place = { 0 };

    if (!file_place_read(files, path, &place, error))
        return false;
    if (place.root == NULL) {
        list_roots(files, offset, limit, visit, user_data, total);
        return true;
    }
    int fd = file_place_open(&place, O_RDONLY | O_DIRECTORY, error);
    if (fd < 0)
        return false;
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        file_fail(error, errno, path);
        close(fd);
        return false;
    }
    g_autoptr(GArray) names = read_names(folder, path, error);
    if (names != NULL) {
        *total = names->len;
        show_page(names, fd, offset, limit, visit, user_data);
    }
    closedir(folder);
    return names != NULL;
}

static bool
info(FileTree *tree, const char *path, FileVisit visit, gpointer user_data, GError **error)
{
    g_auto(FilePlace) place = { 0 };
    struct stat status;

    if (!file_place_read((Files *)tree, path, &place, error))
        return false;
    if (place.root == NULL) {
        visit(&(FileEntry){ "/", true, 0, 0 }, user_data);
        return true;
    }
    if (*place.below == '\0') {
        show_root(place.root, visit, user_data);
        return true;
    }
    int fd = file_place_open(&place, O_PATH, error);
    if (fd < 0)
        return false;
    const char *slash = strrchr(place.below, '/');
    bool is_seen = fstat(fd, &status) == 0 ? file_place_check_kind(&place, status.st_mode, error)
                                           : file_fail(error, errno, path);
    if (is_seen)
        show(slash == NULL ? place.below : slash + 1, &status, visit, user_data);
    close(fd);
    return is_seen;
}

static bool
measure(const FilePlace *place, uint64_t *free_bytes, uint64_t *total_bytes, GError **error)
{
    struct statvfs room;
    int fd = file_place_open(place, O_PATH, error);

    if (fd < 0)
        return false;
    bool is_known = fstatvfs(fd, &room) == 0 || file_fail(error, errno, place->path);
    close(fd);
    if (is_known) {
        *free_bytes = (uint64_t)room.f_bavail * room.f_frsize;
        *total_bytes = (uint64_t)room.f_blocks * room.f_frsize;
    }
    return is_known;
}

static bool
space(FileTree *tree, const char *path, uint64_t *free_bytes, uint64_t *total_bytes, GError **error)
{
    g_auto(FilePlace) place = { 0 };

    if (!file_place_read((Files *)tree, path, &place, error))
        return false;
    if (place.root != NULL)
        return measure(&place, free_bytes, total_bytes, error);
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                        "each folder at the top has its own space: ask for one of them");
    return false;
}

/* -- Changing ---------------------------------------------------------------------------------- */

static bool
make_folder(FileTree *tree, const char *path, GError **error)
{
    g_auto(FilePlace) place = { 0 };
    const char *name;

    if (!file_place_read((Files *)tree, path, &place, error))
        return false;
    int parent = file_place_open_parent(&place, &name, error);
    if (parent < 0)
        return false;
    bool is_made = mkdirat(parent, name, 0777) == 0 || file_fail(error, errno, path);
    close(parent);
    return is_made;
}

static bool
remove_at(int parent, const char *name, const FilePlace *place, GError **error)
{
    struct stat status;

    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return file_fail(error, errno, place->path);
    return file_place_check_kind(place, status.st_mode, error) &&
           (unlinkat(parent, name, S_ISDIR(status.st_mode) ? AT_REMOVEDIR : 0) == 0 ||
            file_fail(error, errno, place->path));
}

static bool
remove_entry(FileTree *tree, const char *path, GError **error)
{
    g_auto(FilePlace) place = { 0 };
    const char *name;

    if (!file_place_read((Files *)tree, path, &place, error))
        return false;
    int parent = file_place_open_parent(&place, &name, error);
    if (parent < 0)
        return false;
    bool is_removed = remove_at(parent, name, &place, error);
    close(parent);
    return is_removed;
}

static bool
transfer(FileTree *tree, const char *path, const char *new_path, GCancellable *cancellable,
         bool (*carry)(const FilePlace *, const FilePlace *, GCancellable *, GError **),
         GError **error)
{
    g_auto(FilePlace) from = { 0 }, to = { 0 };

    return file_place_read((Files *)tree, path, &from, error) &&
           file_place_read((Files *)tree, new_path, &to, error) &&
           carry(&from, &to, cancellable, error);
}

static bool
move(FileTree *tree, const char *path, const char *new_path, GCancellable *cancellable,
     GError **error)
{
    return transfer(tree, path, new_path, cancellable, file_move, error);
}

static bool
copy(FileTree *tree, const char *path, const char *new_path, GCancellable *cancellable,
     GError **error)
{
    return transfer(tree, path, new_path, cancellable, file_copy, error);
}

bool
files_remove(Files *files, const char *path, GError **error)
{
    return remove_entry(&files->tree, path, error);
}

/* -- The room ---------------------------------------------------------------------------------- */

static const FileTreeClass class = { list,         info, space, make_folder,
                                     remove_entry, move, copy,  file_open };

Files *
files_new(const FileRoot *roots, FileTickets *tickets)
{
    Files *files = g_new0(Files, 1);
    guint count = 0;

    while (roots[count].name != NULL)
        count++;
    files->tree.class = &class;
    files->tickets = tickets;
    files->roots = g_new0(FileRoot, count + 1);
    for (guint i = 0; i < count; i++)
        files->roots[i] = (FileRoot){ g_strdup(roots[i].name), g_strdup(roots[i].folder),
                                      roots[i].is_writable };
    return files;
}

void
files_free(Files *files)
{
    if (files == NULL)
        return;
    for (FileRoot *root = files->roots; root->name != NULL; root++) {
        g_free((char *)root->name);
        g_free((char *)root->folder);
    }
    g_free(files->roots);
    g_free(files);
}

FileTree *
files_tree(Files *files)
{
    return &files->tree;
}
