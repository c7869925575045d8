/* indexer-roots.c -- is a disk there, and is it the one it was?
 *
 * Disks are the roots, and the folders below them where others are mounted. One that is away,
 * empty, no longer mounted, or another one than it was is offline, and nothing of it is
 * forgotten. */
#include "media-db/indexer-room.h"

#include "media-db/views.h"
#include "media-db/walker.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MOUNTS "/proc/self/mountinfo"

static const char is_empty[] = "it is empty; is its disk mounted?";
static const char is_not_mounted[] =
    "its disk is not mounted; if it is to be a plain folder from now on, give it another name";

static const char is_another[] =
    "another disk is in its place, and what is known of the former is kept; to have this one "
    "indexed, give it another name";

/* What tells a disk from another: its file system, and the folder on it. Not every file system
 * keeps its number over a restart, so another mark alone proves nothing. The caller's. */
static char *
mark_of(const char *path)
{
    struct statvfs disk;
    struct stat own;

    if (statvfs(path, &disk) != 0 || stat(path, &own) != 0)
        return NULL;
    return g_strdup_printf("%lx %" G_GUINT64_FORMAT, disk.f_fsid, (guint64)own.st_ino);
}

static bool
is_same_file_system(const char *a, const char *b)
{
    return strtoul(a, NULL, 16) == strtoul(b, NULL, 16);
}

/* Is nothing there of all that was? */
static bool
is_all_strange(Indexer *indexer, int64_t disk, const char *path)
{
    g_auto(Listing) known = { 0 };
    DiskEntry entry;

    listing_init(&known);
    if (!writer_list(indexer->writer, disk, note_entry, &known, NULL))
        return false;
    for (guint i = 0; i < known.entries->len; i++) {
        const DiskEntry *before = &g_array_index(known.entries, DiskEntry, i);
        if (walker_look(path, before->name, &entry, NULL) &&
            entry.is_folder == before->is_folder && entry.size_bytes == before->size_bytes)
            return false;
    }
    return known.entries->len > 0;
}

/* Is another disk where this one was? If not, it is marked. A plain folder that somebody made anew
 * on the same file system is that folder. */
static bool
is_another_disk(Indexer *indexer, int64_t disk, const char *path, bool was_mount)
{
    g_autofree char *mark = mark_of(path);
    g_autofree char *before = writer_disk_mark(indexer->writer, disk);
    GError *error = NULL;

    if (mark == NULL || g_strcmp0(mark, before) == 0)
        return false;
    if (before != NULL && (was_mount || !is_same_file_system(mark, before)) &&
        is_all_strange(indexer, disk, path))
        return true;
    if (indexer_begin_batch(indexer) &&
        !writer_set_disk_mark(indexer->writer, disk, mark, &error))
        indexer_give_up(indexer, error);
    return false;
}

/* Why the disk cannot be used, or NULL. */
static const char *
disk_trouble(const char *path, bool was_mount, bool was_online)
{
    struct stat own;

    if (stat(path, &own) != 0)
        return errno == ENOENT ? "it is not there" : g_strerror(errno);
    if (!S_ISDIR(own.st_mode))
        return "it is not a folder";
    if (access(path, R_OK | X_OK) != 0)
        return "it may not be read; allow it to the user that duoping runs as";
    if (was_mount && !walker_is_mount(AT_FDCWD, path))
        return is_not_mounted;
    if (!was_online) {
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL); /* back, and not just its mount point? */
        if (dir == NULL || g_dir_read_name(dir) == NULL)
            return is_empty;
    }
    return NULL;
}

/* Writes and tells what changed. */
static void
set_disk(Indexer *indexer, int64_t disk, const char *path, bool is_mount, const char *reason)
{
    bool was_online = true, was_mount = false, is_online = reason == NULL;
    GError *error = NULL;

    writer_disk_state(indexer->writer, disk, &was_online, &was_mount);
    if (was_online != is_online || was_mount != is_mount) {
        if (!indexer_begin_batch(indexer))
            return;
        if (!writer_set_disk(indexer->writer, disk, is_online, is_mount, &error)) {
            indexer_give_up(indexer, error);
            return;
        }
    }
    if (g_hash_table_contains(indexer->disks, &disk) && was_online == is_online)
        return;
    g_hash_table_add(indexer->disks, g_memdup2(&disk, sizeof disk));
    if (!is_online)
        g_message("%s is offline: %s; what is known of it is kept", path, reason);
    else if (!was_online)
        g_message("%s is online again", path);
    mailbox_tell(indexer->mailbox, &(IndexerNews){ .type = INDEXER_ROOT,
                                                   .root_id = disk,
                                                   .path = g_strdup(path),
                                                   .is_online = is_online,
                                                   .trouble = g_strdup(reason) });
}

bool
disk_look(Indexer *indexer, int64_t disk, bool only_returned)
{
    bool was_online = true, was_mount = false;
    g_autofree char *path = writer_folder_path(indexer->writer, disk, NULL, NULL);

    if (path == NULL || !writer_disk_state(indexer->writer, disk, &was_online, &was_mount))
        return false;
    const char *reason = disk_trouble(path, was_mount, was_online);
    if (reason == NULL && is_another_disk(indexer, disk, path, was_mount))
        reason = is_another;
    bool is_mount = reason == NULL ? walker_is_mount(AT_FDCWD, path) : was_mount;
    set_disk(indexer, disk, path, is_mount, reason);
    if (reason == NULL && walker_is_remote(path))
        watcher_note_remote(indexer->watcher);
    if (reason == is_empty)
        watcher_add(indexer->watcher, disk, path); /* its first file tells */
    if (reason == NULL && (!only_returned || !was_online))
        scan_later(indexer, disk);
    return reason == NULL;
}

bool
disk_is_lost(Indexer *indexer, int64_t disk, const char *path, bool is_found_empty)
{
    bool is_online, was_mount = false;
    const char *reason = is_found_empty ? is_empty : NULL;

    writer_disk_state(indexer->writer, disk, &is_online, &was_mount);
    if (was_mount && !walker_is_mount(AT_FDCWD, path))
        reason = is_not_mounted;
    else if (reason == NULL && is_another_disk(indexer, disk, path, was_mount))
        reason = is_another;
    if (reason != NULL)
        set_disk(indexer, disk, path, was_mount, reason);
    return reason != NULL;
}

static int64_t
root_of_path(Indexer *indexer, const char *path)
{
    g_auto(Listing) found = { 0 };
    GError *error = NULL;
    DiskEntry entry = { .parent = VIEW_FOLDERS, .name = path, .is_folder = true };

    listing_init(&found);
    if (!writer_find(indexer->writer, VIEW_FOLDERS, path, note_entry, &found, &error)) {
        indexer_give_up(indexer, error);
        return 0;
    }
    if (found.entries->len > 0)
        return g_array_index(found.entries, DiskEntry, 0).id;
    if (!indexer_begin_batch(indexer))
        return 0;
    int64_t id = writer_add_folder(indexer->writer, &entry, &error);
    if (id == 0)
        indexer_give_up(indexer, error);
    return id;
}

void
disks_look(Indexer *indexer, bool only_returned)
{
    indexer->looked_us = g_get_monotonic_time();
    for (char **path = indexer->folders; *path != NULL; path++) {
        int64_t root = root_of_path(indexer, *path);
        if (root == 0)
            return;
        disk_look(indexer, root, only_returned);
    }
    /* those inside are walked from above, unless they alone came back */
    g_autoptr(GArray) mounts = writer_mounts(indexer->writer, NULL);
    for (guint i = 0; i < mounts->len; i++)
        disk_look(indexer, g_array_index(mounts, int64_t, i), true);
}

/* Is the mount point, as the kernel escapes it, inside one of the roots? */
static bool
is_below_root(Indexer *indexer, const char *point)
{
    g_autofree char *path = g_strcompress(point);

    for (char **root = indexer->folders; *root != NULL; root++)
        if (g_str_has_prefix(path, *root))
            return true;
    return false;
}

bool
disks_have_changed(Indexer *indexer)
{
    g_autofree char *text = NULL;
    g_autoptr(GString) points = g_string_new(NULL);

    if (!g_file_get_contents(MOUNTS, &text, NULL, NULL))
        return false;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], " ", 6); /* id, parent, device, root, point */
        if (g_strv_length(fields) == 6 && is_below_root(indexer, fields[4]))
            g_string_append_printf(points, "%s %s\n", fields[0], fields[4]);
    }
    bool is_first = indexer->mounts == NULL;
    bool is_same = g_strcmp0(indexer->mounts, points->str) == 0;
    g_free(indexer->mounts);
    indexer->mounts = g_strdup(points->str);
    return !is_first && !is_same;
}

int
disks_fd(void)
{
    return open(MOUNTS, O_RDONLY | O_CLOEXEC);
}
