/* indexer-roots.c -- is a root there, and is it the disk it was?
 *
 * A root that is away, empty, or no longer a disk of its own is offline, and nothing of it is
 * forgotten. */
#include "media-db/indexer-parts.h"

#include "media-db/views.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

const char root_is_empty[] = "it is empty; is its disk mounted?";

void
roots_set(Indexer *indexer, int64_t root, const char *path, bool is_online, bool is_mount,
          const char *reason)
{
    bool was_online = true, was_mount = false, is_told;
    GError *error = NULL;

    is_told = g_hash_table_contains(indexer->roots, &root);
    writer_root_state(indexer->writer, root, &was_online, &was_mount);
    if (is_told && was_online == is_online)
        return;
    if (was_online != is_online || was_mount != is_mount) {
        if (!indexer_begin_batch(indexer))
            return;
        if (!writer_set_root(indexer->writer, root, is_online, is_mount, &error)) {
            indexer_give_up(indexer, error);
            return;
        }
    }
    g_hash_table_add(indexer->roots, g_memdup2(&root, sizeof root));
    if (!is_online)
        g_message("%s is offline: %s; what is known of it is kept", path, reason);
    else if (!was_online)
        g_message("%s is online again", path);
    mailbox_tell(indexer->mailbox, &(IndexerNews){ .type = INDEXER_ROOT,
                                                   .root_id = root,
                                                   .path = g_strdup(path),
                                                   .is_online = is_online,
                                                   .trouble = g_strdup(reason) });
}

/* Why the root cannot be used, or NULL. */
static const char *
root_trouble(const char *path, bool was_mount, bool *is_mount)
{
    struct stat own, above;
    g_autofree char *parent = g_path_get_dirname(path);

    *is_mount = was_mount;
    if (stat(path, &own) != 0)
        return errno == ENOENT ? "it is not there" : g_strerror(errno);
    if (!S_ISDIR(own.st_mode))
        return "it is not a folder";
    if (access(path, R_OK | X_OK) != 0)
        return "it may not be read; allow it to the user that duoping runs as";
    bool is_mounted = stat(parent, &above) == 0 && above.st_dev != own.st_dev;
    if (was_mount && !is_mounted)
        return "its disk is not mounted";
    *is_mount = is_mounted;
    return NULL;
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

/* Looks at every root; walks those that are there, or (only_returned) have come back. */
void
roots_look(Indexer *indexer, bool only_returned)
{
    indexer->looked_us = g_get_monotonic_time();
    for (char **path = indexer->folders; *path != NULL; path++) {
        bool was_online = true, was_mount = false, is_mount;
        int64_t root = root_of_path(indexer, *path);
        if (root == 0)
            return;
        writer_root_state(indexer->writer, root, &was_online, &was_mount);
        const char *reason = root_trouble(*path, was_mount, &is_mount);
        if (reason == NULL && !was_online) {
            g_autoptr(GDir) dir =
                g_dir_open(*path, 0, NULL); /* back, and not just its mount point? */
            if (dir == NULL || g_dir_read_name(dir) == NULL)
                reason = root_is_empty;
        }
        roots_set(indexer, root, *path, reason == NULL, is_mount, reason);
        if (reason == NULL && (!only_returned || !was_online))
            scan_later(indexer, root);
    }
}
