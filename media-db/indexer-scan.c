/* indexer-scan.c -- walk -> compare: what lies on the disk against what the index has
 *
 * A whole folder at a time when it is walked, one name when the watcher tells of it. What is
 * missing is only noted: it is removed when everything was looked at and it lay nowhere else. */
#include "media-db/indexer-room.h"

#include "media-db/views.h"
#include "media-db/walker.h"

#include <sys/stat.h>

#define LONG_QUEUE 100    /* files that wait: one that just came goes before them */
#define SETTLE_US 1000000 /* between two looks at a file that is being written */

/* A file that is being written. */
struct Settling {
    int64_t folder, due_us;
    char *name;
};

typedef struct {
    Indexer *indexer;
    const DiskEntry *entry;
    DiskEntry found; /* its name is owned */
} Search;

void
scan_later(Indexer *indexer, int64_t folder)
{
    g_queue_push_head(&indexer->to_walk, g_memdup2(&folder, sizeof folder));
}

static void
gone_later(Indexer *indexer, int64_t id)
{
    g_hash_table_add(indexer->gone, g_memdup2(&id, sizeof id));
}

bool
note_entry(const DiskEntry *entry, gpointer data)
{
    Listing *listing = data;
    DiskEntry copy = *entry;

    copy.name = g_string_chunk_insert(listing->names, entry->name);
    g_array_append_val(listing->entries, copy);
    return true;
}

void
listing_init(Listing *listing)
{
    listing->entries = g_array_new(FALSE, FALSE, sizeof(DiskEntry));
    listing->names = g_string_chunk_new(1024);
}

void
listing_clear(Listing *listing)
{
    g_clear_pointer(&listing->entries, g_array_unref);
    g_clear_pointer(&listing->names, g_string_chunk_free);
}

static bool
note_same(const DiskEntry *known, gpointer data)
{
    Search *search = data;
    const DiskEntry *entry = search->entry;

    if (known->is_folder != entry->is_folder || known->parent == VIEW_FOLDERS ||
        (!known->is_folder &&
         (known->size_bytes != entry->size_bytes || known->modified_ns != entry->modified_ns)))
        return true;
    search->found = *known;
    search->found.name = g_strdup(known->name);
    return false;
}

/* Numbers of files mean something on their own disk alone: is it the one that entry lies on? */
static bool
is_same_disk(Indexer *indexer, int64_t disk, const DiskEntry *entry)
{
    bool is_online = false, is_mount;
    int64_t own = 0;
    struct stat status;
    g_autofree char *above = writer_folder_path(indexer->writer, entry->parent, &own, NULL);

    if (disk == own)
        return true;
    g_autofree char *path = writer_folder_path(indexer->writer, disk, NULL, NULL);
    return path != NULL && writer_disk_state(indexer->writer, disk, &is_online, &is_mount) &&
           is_online && stat(path, &status) == 0 && status.st_dev == entry->device;
}

/* The id of what lay elsewhere and lies here now; 0 when it is new. */
static int64_t
find_moved(Indexer *indexer, const DiskEntry *entry)
{
    Search search = { indexer, entry, { 0 } };
    DiskEntry still;
    int64_t root = 0;

    if (entry->is_mount ||
        !writer_find_inode(indexer->writer, entry->inode, note_same, &search, NULL) ||
        search.found.id == 0)
        return 0;
    g_autofree char *name = (char *)search.found.name;
    g_autofree char *folder = writer_folder_path(indexer->writer, search.found.parent, &root, NULL);
    if (!is_same_disk(indexer, root, entry))
        return 0;
    bool is_still_there =
        folder != NULL && walker_look(folder, name, &still, NULL) && still.inode == entry->inode;
    return is_still_there ? 0 : search.found.id;
}

void
settling_free(gpointer data)
{
    Settling *settling = data;

    g_free(settling->name);
    g_free(settling);
}

/* Has it read, now or when it is written. is_whole: somebody said that it is. */
static void
read_when_whole(Indexer *indexer, const DiskEntry *entry, bool is_whole)
{
    g_autofree char *folder =
        is_whole ? NULL : writer_folder_path(indexer->writer, entry->parent, NULL, NULL);

    if (folder == NULL || !walker_is_being_written(folder, entry->name, entry->modified_ns)) {
        read_later(indexer, entry,
                   is_whole && g_queue_get_length(&indexer->to_read) > LONG_QUEUE);
        return;
    }
    Settling *settling = g_new(Settling, 1);
    *settling =
        (Settling){ entry->parent, g_get_monotonic_time() + SETTLE_US, g_strdup(entry->name) };
    g_queue_push_tail(&indexer->to_settle, settling);
}

static void
add_new(Indexer *indexer, DiskEntry *entry, bool is_whole)
{
    GError *error = NULL;
    int64_t moved = find_moved(indexer, entry);

    if (moved == 0 && !entry->is_folder) {
        read_when_whole(indexer, entry, is_whole);
        return;
    }
    if (!indexer_begin_batch(indexer))
        return;
    entry->id = moved;
    if (moved != 0) {
        g_hash_table_remove(indexer->gone, &moved);
        if (!writer_move(indexer->writer, entry, &error)) {
            if (error != NULL)
                indexer_give_up(indexer, error);
            return;
        }
    } else {
        entry->id = writer_add_folder(indexer->writer, entry, &error);
        if (entry->id == 0) {
            indexer_give_up(indexer, error);
            return;
        }
        /* what is dropped into it is told, however long its walk waits */
        g_autofree char *path = writer_folder_path(indexer->writer, entry->id, NULL, NULL);
        if (path != NULL)
            watcher_add(indexer->watcher, entry->id, path);
    }
    if (entry->is_mount)
        disk_look(indexer, entry->id, false);
    else if (entry->is_folder)
        scan_later(indexer, entry->id);
}

typedef enum { SEEN_ON_WALK, SEEN_CHANGED, SEEN_WHOLE } Seen;

/* entry lies on the disk; known is what the index has under its name, or NULL. */
static void
compare(Indexer *indexer, DiskEntry *entry, const DiskEntry *known, Seen seen)
{
    bool is_online, was_mount = false;

    if (known == NULL || known->is_folder != entry->is_folder) {
        if (known != NULL)
            gone_later(indexer, known->id);
        add_new(indexer, entry, seen == SEEN_WHOLE);
        return;
    }
    entry->id = known->id;
    if (entry->is_folder) {
        writer_disk_state(indexer->writer, entry->id, &is_online, &was_mount);
        if (entry->is_mount || was_mount)
            disk_look(indexer, entry->id, false);
        else if (seen != SEEN_ON_WALK || !indexer->is_timed_walk)
            scan_later(indexer, entry->id);
    } else if (known->size_bytes != entry->size_bytes || known->modified_ns != entry->modified_ns ||
               known->inode != entry->inode ||
               (seen != SEEN_ON_WALK && writer_is_unreadable(indexer->writer, known->id))) {
        read_when_whole(indexer, entry, seen == SEEN_WHOLE);
    }
}

void
scan_folder(Indexer *indexer, int64_t folder)
{
    g_auto(Listing) there = { 0 }, known = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    int64_t root;
    guint count, run = indexer->run;
    g_autofree char *path = writer_folder_path(indexer->writer, folder, &root, NULL);

    if (path == NULL)
        return;
    g_free(indexer->walked);
    indexer->walked = g_strdup(path);
    listing_init(&there);
    listing_init(&known);
    /* before it is read: nothing falls between */
    if (!watcher_add(indexer->watcher, folder, path) || walker_is_remote(path))
        g_hash_table_add(indexer->unwatched, g_memdup2(&folder, sizeof folder));
    if (!walker_list(path, note_entry, &there, &count, &error)) {
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            return; /* its parent tells */
        g_message("left as it was: %s", error->message);
        return;
    }
    if (!writer_list(indexer->writer, folder, note_entry, &known, &error)) {
        indexer_give_up(indexer, g_steal_pointer(&error));
        return;
    }
    if (folder == root && disk_is_lost(indexer, root, path, count == 0 && known.entries->len > 0))
        return;
    for (guint i = 0; i < known.entries->len; i++) {
        DiskEntry *entry = &g_array_index(known.entries, DiskEntry, i);
        g_hash_table_insert(by_name, (char *)entry->name, entry);
    }
    for (guint i = 0; i < there.entries->len && run == indexer->run; i++) {
        DiskEntry *entry = &g_array_index(there.entries, DiskEntry, i);
        DiskEntry *before = g_hash_table_lookup(by_name, entry->name);
        if (entry->is_sidecar)
            continue;
        entry->parent = folder;
        compare(indexer, entry, before, SEEN_ON_WALK);
        g_hash_table_remove(by_name, entry->name);
    }
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, by_name);
    while (g_hash_table_iter_next(&iter, NULL, &value) && run == indexer->run)
        gone_later(indexer, ((DiskEntry *)value)->id);
    if (folder != root)
        sidecars_add_of_album(path, &there);
    if (run == indexer->run)
        sidecars_compare(indexer, folder, &there);
}

/* Roots that are no longer configured are forgotten: somebody said so. */
void
scan_drop_other_roots(Indexer *indexer)
{
    g_auto(Listing) known = { 0 };

    listing_init(&known);
    writer_list(indexer->writer, VIEW_FOLDERS, note_entry, &known, NULL);
    for (guint i = 0; i < known.entries->len; i++) {
        const DiskEntry *entry = &g_array_index(known.entries, DiskEntry, i);
        if (!g_strv_contains((const char *const *)indexer->folders, entry->name))
            gone_later(indexer, entry->id);
    }
}

/* entry: what lies there now; NULL: nothing. */
static void
look_at_name(Indexer *indexer, int64_t folder, const char *name, DiskEntry *entry, Seen seen)
{
    g_auto(Listing) found = { 0 };
    DiskEntry gone = { .parent = folder, .name = name };

    listing_init(&found);
    if (!writer_find(indexer->writer, folder, name, note_entry, &found, NULL))
        return;
    const DiskEntry *known =
        found.entries->len > 0 ? &g_array_index(found.entries, DiskEntry, 0) : NULL;
    bool is_sidecar = entry != NULL ? entry->is_sidecar : sidecar_kind(name, &gone.sidecar);
    if (entry != NULL)
        entry->parent = folder;
    if (is_sidecar)
        sidecar_look(indexer, entry != NULL ? entry : &gone, entry != NULL);
    if (entry != NULL && !is_sidecar) {
        compare(indexer, entry, known, seen);
        if (known != NULL)
            g_hash_table_remove(indexer->gone, &known->id);
    } else if (known != NULL) {
        gone_later(indexer, known->id);
    }
}

void
scan_name(const WatchEvent *event, gpointer data)
{
    Indexer *indexer = data;
    DiskEntry entry;
    guint links = 0;

    if (event->is_lost) {
        g_atomic_int_set(&indexer->is_rescan_wanted, 1);
        return;
    }
    if (event->name == NULL) {
        indexer->looked_us = 0; /* a root, perhaps; of others their parent tells */
        return;
    }
    int64_t disk = 0;
    bool is_online = true, is_mount;
    g_autofree char *folder = writer_folder_path(indexer->writer, event->folder, &disk, NULL);
    if (folder == NULL)
        return;
    if (writer_disk_state(indexer->writer, disk, &is_online, &is_mount) && !is_online) {
        indexer->looked_us = 0; /* what was empty is so no more, perhaps */
        return;
    }
    if (!walker_look(folder, event->name, &entry, &links)) {
        look_at_name(indexer, event->folder, event->name, NULL, SEEN_CHANGED);
        return;
    }
    if (event->is_new && links == 1)
        return; /* still being written: its closing is told */
    look_at_name(indexer, event->folder, event->name, &entry,
                 event->is_whole ? SEEN_WHOLE : SEEN_CHANGED);
}

int64_t
scan_settling_due(Indexer *indexer)
{
    const Settling *first = g_queue_peek_head(&indexer->to_settle);

    return first != NULL ? first->due_us : INT64_MAX;
}

void
scan_settling(Indexer *indexer, int64_t now_us)
{
    DiskEntry entry;

    while (scan_settling_due(indexer) <= now_us) {
        Settling *settling = g_queue_pop_head(&indexer->to_settle);
        g_autofree char *folder =
            writer_folder_path(indexer->writer, settling->folder, NULL, NULL);
        if (folder != NULL && walker_look(folder, settling->name, &entry, NULL))
            look_at_name(indexer, settling->folder, settling->name, &entry, SEEN_CHANGED);
        settling_free(settling);
    }
}

void
scan_unwatched(Indexer *indexer)
{
    GHashTableIter iter;
    gpointer id;

    indexer->is_timed_walk = true;
    g_hash_table_iter_init(&iter, indexer->unwatched);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        scan_later(indexer, *(int64_t *)id);
}

static void
on_removed(int64_t folder, gpointer data)
{
    watcher_remove(((Indexer *)data)->watcher, folder);
}

/* A folder that was renamed twice takes its files away for a moment only. */
static bool
is_back(Indexer *indexer, int64_t id)
{
    g_auto(Listing) found = { 0 };
    DiskEntry entry;

    listing_init(&found);
    if (!writer_look_up(indexer->writer, id, note_entry, &found, NULL) || found.entries->len == 0)
        return false;
    const DiskEntry *known = &g_array_index(found.entries, DiskEntry, 0);
    if (known->parent == VIEW_FOLDERS)
        return false; /* a root that somebody took away */
    g_autofree char *folder = writer_folder_path(indexer->writer, known->parent, NULL, NULL);
    if (folder == NULL || !walker_look(folder, known->name, &entry, NULL) ||
        entry.is_folder != known->is_folder)
        return false;
    scan_later(indexer, known->parent);
    return true;
}

/* What lay nowhere else when everything was looked at. */
void
scan_remove_gone(Indexer *indexer)
{
    GHashTableIter iter;
    gpointer id;
    GError *error = NULL;

    if (g_hash_table_size(indexer->gone) == 0)
        return;
    disks_look(indexer, true); /* is it gone, or is its disk? */
    g_autoptr(GHashTable) gone = g_steal_pointer(&indexer->gone);
    indexer->gone = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_hash_table_iter_init(&iter, gone);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        if (writer_is_kept(indexer->writer, *(int64_t *)id) || is_back(indexer, *(int64_t *)id))
            continue;
        if (!indexer_begin_batch(indexer))
            return;
        if (!writer_remove(indexer->writer, *(int64_t *)id, on_removed, indexer, &error)) {
            indexer_give_up(indexer, error);
            return;
        }
    }
}
