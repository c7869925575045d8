/* indexer.c -- see indexer.h */
#include "media-db/indexer.h"

#include "base/post.h"
#include "media-db/views.h"
#include "media-db/walker.h"
#include "media-db/watcher.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH_MAX 500           /* files written in one transaction */
#define BATCH_TIME_US 300000    /* and how long one may stay open */
#define WAITING_MAX 2000        /* files found but not yet read: then the walk pauses */
#define NEWS_TIME_US 250000     /* between two news of progress */
#define RETRY_TIME_US 10000000  /* after trouble */
#define ROOTS_TIME_US 5000000   /* between looks at the roots */
#define WALK_TIME_US 600000000  /* between walks where watches do not reach */

static const char root_is_empty[] = "it is empty; is its disk mounted?";

/* Where news are delivered; outlives the indexer while some are on their way. */
typedef struct {
    gint references;
    IndexerFunc func; /* NULL: nobody listens any more; main loop only */
    gpointer data;
} Mailbox;

typedef struct {
    Mailbox *mailbox;
    IndexerNews news;
} Letter;

/* A file to read. */
typedef struct {
    DiskEntry entry; /* name is owned */
    guint run;       /* jobs of a run that was given up are dropped */
} Job;

struct Indexer {
    char **folders;
    IndexerProbe make_probe;
    gpointer probe_data;
    Mailbox *mailbox;
    GThread *thread;
    int wake_fd;
    gint is_stopping, is_rescan_wanted;

    /* the thread's own */
    Writer *writer;
    Watcher *watcher;
    Probe *probe;
    GQueue to_walk;      /* int64_t *, folders */
    GQueue to_read;      /* Job */
    GHashTable *gone;    /* ids that were not where they used to be */
    GHashTable *roots;   /* id -> is it online, as far as was told */
    guint in_flight, batch, run;
    uint32_t done, total;
    int64_t run_began_us, batch_began_us, told_us, retry_us, looked_us, walked_us;
    IndexerState state;
    char *trouble;
};

static void
mailbox_unref(Mailbox *mailbox)
{
    if (g_atomic_int_dec_and_test(&mailbox->references))
        g_free(mailbox);
}

static void
deliver(gpointer data)
{
    Letter *letter = data;
    IndexerNews *news = &letter->news;

    if (letter->mailbox->func != NULL)
        letter->mailbox->func(news, letter->mailbox->data);
    mailbox_unref(letter->mailbox);
    g_clear_pointer(&news->containers, g_array_unref);
    g_free(news->trouble);
    g_free(news->path);
    g_free(letter);
}

static void
tell(Indexer *indexer, const IndexerNews *news)
{
    Letter *letter = g_new(Letter, 1);

    g_atomic_int_inc(&indexer->mailbox->references);
    *letter = (Letter){ indexer->mailbox, *news };
    post(NULL, deliver, letter);
}

static void
tell_scan(Indexer *indexer)
{
    int64_t now = g_get_monotonic_time();
    double seconds = (double)(now - indexer->run_began_us) / 1e6;

    indexer->told_us = now;
    tell(indexer, &(IndexerNews){
                      .type = INDEXER_SCAN,
                      .state = indexer->state,
                      .done = indexer->done,
                      .total = indexer->total,
                      .files_per_s = seconds > 0 ? indexer->done / seconds : 0,
                      .trouble = g_strdup(indexer->trouble),
                  });
}

static void
set_state(Indexer *indexer, IndexerState state, const char *trouble)
{
    if (indexer->state == state && g_strcmp0(indexer->trouble, trouble) == 0)
        return;
    if (state == INDEXER_RUNNING && indexer->state != INDEXER_RUNNING) {
        indexer->run_began_us = g_get_monotonic_time();
        indexer->done = indexer->total = 0;
    }
    indexer->state = state;
    g_free(indexer->trouble);
    indexer->trouble = g_strdup(trouble);
    tell_scan(indexer);
}

static void
job_free(gpointer data)
{
    Job *job = data;

    g_free((char *)job->entry.name);
    g_free(job);
}

/* Something cannot be written or asked: forget this run, say so, and walk again later. */
static void
give_up(Indexer *indexer, GError *error)
{
    writer_rollback(indexer->writer);
    g_queue_clear_full(&indexer->to_walk, g_free);
    g_queue_clear_full(&indexer->to_read, job_free);
    g_hash_table_remove_all(indexer->gone);
    indexer->run++;
    indexer->batch = 0;
    indexer->retry_us = g_get_monotonic_time() + RETRY_TIME_US;
    g_warning("indexing waits: %s", error->message);
    set_state(indexer, INDEXER_WAITING, error->message);
    g_error_free(error);
}

/* Opens the batch when none is; false when that cannot be. */
static bool
begin_batch(Indexer *indexer)
{
    GError *error = NULL;

    if (indexer->batch++ == 0)
        indexer->batch_began_us = g_get_monotonic_time();
    if (writer_begin(indexer->writer, &error))
        return true;
    give_up(indexer, error);
    return false;
}

static void
end_batch(Indexer *indexer)
{
    GError *error = NULL;

    if (indexer->batch == 0)
        return;
    indexer->batch = 0;
    if (!writer_commit(indexer->writer, &error)) {
        give_up(indexer, error);
        return;
    }
    const GArray *changed = writer_changed(indexer->writer);
    if (changed->len == 0)
        return;
    tell(indexer, &(IndexerNews){ .type = INDEXER_CHANGED,
                                  .update_id = writer_update_id(indexer->writer),
                                  .containers = g_array_copy((GArray *)changed) });
}

static void
walk_later(Indexer *indexer, int64_t folder)
{
    g_queue_push_head(&indexer->to_walk, g_memdup2(&folder, sizeof folder));
}

static void
read_later(Indexer *indexer, const DiskEntry *entry)
{
    Job *job = g_new(Job, 1);

    *job = (Job){ *entry, indexer->run };
    job->entry.name = g_strdup(entry->name);
    g_queue_push_tail(&indexer->to_read, job);
    indexer->total++;
}

typedef struct {
    Indexer *indexer;
    const DiskEntry *entry;
    DiskEntry found; /* its name is owned */
} Search;

static bool
note_same(const DiskEntry *known, gpointer data)
{
    Search *search = data;
    const DiskEntry *entry = search->entry;

    if (known->is_folder != entry->is_folder || known->parent == VIEW_FOLDERS ||
        (!known->is_folder && (known->size_bytes != entry->size_bytes ||
                               known->modified_ns != entry->modified_ns)))
        return true;
    search->found = *known;
    search->found.name = g_strdup(known->name);
    return false;
}

/* The id of what lay elsewhere and lies here now; 0 when it is new. */
static int64_t
find_moved(Indexer *indexer, const DiskEntry *entry)
{
    Search search = { indexer, entry, { 0 } };
    DiskEntry still;

    if (!writer_find_inode(indexer->writer, entry->inode, note_same, &search, NULL) ||
        search.found.id == 0)
        return 0;
    g_autofree char *name = (char *)search.found.name;
    g_autofree char *folder =
        writer_folder_path(indexer->writer, search.found.parent, NULL, NULL);
    bool is_still_there = folder != NULL && walker_look(folder, name, &still, NULL) &&
                          still.inode == entry->inode;
    return is_still_there ? 0 : search.found.id;
}

static void
add_new(Indexer *indexer, DiskEntry *entry)
{
    GError *error = NULL;
    int64_t moved = find_moved(indexer, entry);

    if (moved == 0 && !entry->is_folder) {
        read_later(indexer, entry);
        return;
    }
    if (!begin_batch(indexer))
        return;
    entry->id = moved;
    if (moved != 0) {
        g_hash_table_remove(indexer->gone, &moved);
        if (!writer_move(indexer->writer, entry, &error)) {
            if (error != NULL)
                give_up(indexer, error);
            return;
        }
    } else {
        entry->id = writer_add_folder(indexer->writer, entry, &error);
        if (entry->id == 0) {
            give_up(indexer, error);
            return;
        }
    }
    if (entry->is_folder)
        walk_later(indexer, entry->id);
}

/* entry lies on the disk; known is what the index has under its name, or NULL. */
static void
compare(Indexer *indexer, DiskEntry *entry, const DiskEntry *known, bool is_touched)
{
    if (known == NULL || known->is_folder != entry->is_folder) {
        if (known != NULL)
            g_hash_table_add(indexer->gone, g_memdup2(&known->id, sizeof known->id));
        add_new(indexer, entry);
        return;
    }
    entry->id = known->id;
    if (entry->is_folder) {
        walk_later(indexer, entry->id);
    } else if (known->size_bytes != entry->size_bytes || known->modified_ns != entry->modified_ns ||
               known->inode != entry->inode ||
               (is_touched && writer_is_unreadable(indexer->writer, known->id))) {
        read_later(indexer, entry);
    }
}

typedef struct {
    GArray *entries;     /* DiskEntry */
    GStringChunk *names;
} Listing;

static bool
note_entry(const DiskEntry *entry, gpointer data)
{
    Listing *listing = data;
    DiskEntry copy = *entry;

    copy.name = g_string_chunk_insert(listing->names, entry->name);
    g_array_append_val(listing->entries, copy);
    return true;
}

static void
listing_init(Listing *listing)
{
    listing->entries = g_array_new(FALSE, FALSE, sizeof(DiskEntry));
    listing->names = g_string_chunk_new(1024);
}

static void
listing_clear(Listing *listing)
{
    g_clear_pointer(&listing->entries, g_array_unref);
    g_clear_pointer(&listing->names, g_string_chunk_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listing, listing_clear)

static void
set_root(Indexer *indexer, int64_t root, const char *path, bool is_online, bool is_mount,
         const char *reason)
{
    bool was_online = true, was_mount = false, is_told;
    GError *error = NULL;

    is_told = g_hash_table_contains(indexer->roots, &root);
    writer_root_state(indexer->writer, root, &was_online, &was_mount);
    if (is_told && was_online == is_online)
        return;
    if (was_online != is_online || was_mount != is_mount) {
        if (!begin_batch(indexer))
            return;
        if (!writer_set_root(indexer->writer, root, is_online, is_mount, &error)) {
            give_up(indexer, error);
            return;
        }
    }
    g_hash_table_add(indexer->roots, g_memdup2(&root, sizeof root));
    if (!is_online)
        g_message("%s is offline: %s; what is known of it is kept", path, reason);
    else if (!was_online)
        g_message("%s is online again", path);
    tell(indexer, &(IndexerNews){ .type = INDEXER_ROOT,
                                  .root_id = root,
                                  .path = g_strdup(path),
                                  .is_online = is_online,
                                  .trouble = g_strdup(reason) });
}

static void
walk(Indexer *indexer, int64_t folder)
{
    g_auto(Listing) there = { 0 }, known = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    int64_t root;
    guint count, run = indexer->run;
    g_autofree char *path = writer_folder_path(indexer->writer, folder, &root, NULL);

    if (path == NULL)
        return;
    listing_init(&there);
    listing_init(&known);
    watcher_add(indexer->watcher, folder, path); /* before it is read: nothing falls between */
    if (!walker_list(path, note_entry, &there, &count, &error)) {
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            return; /* its parent tells */
        g_message("left as it was: %s", error->message);
        return;
    }
    if (!writer_list(indexer->writer, folder, note_entry, &known, &error)) {
        give_up(indexer, g_steal_pointer(&error));
        return;
    }
    if (folder == root && count == 0 && known.entries->len > 0) {
        set_root(indexer, root, path, false, false, root_is_empty);
        return;
    }
    for (guint i = 0; i < known.entries->len; i++) {
        DiskEntry *entry = &g_array_index(known.entries, DiskEntry, i);
        g_hash_table_insert(by_name, (char *)entry->name, entry);
    }
    for (guint i = 0; i < there.entries->len && run == indexer->run; i++) {
        DiskEntry *entry = &g_array_index(there.entries, DiskEntry, i);
        DiskEntry *before = g_hash_table_lookup(by_name, entry->name);
        entry->parent = folder;
        compare(indexer, entry, before, false);
        g_hash_table_remove(by_name, entry->name);
    }
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, by_name);
    while (g_hash_table_iter_next(&iter, NULL, &value) && run == indexer->run)
        g_hash_table_add(indexer->gone, g_memdup2(&((DiskEntry *)value)->id, sizeof(int64_t)));
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
        give_up(indexer, error);
        return 0;
    }
    if (found.entries->len > 0)
        return g_array_index(found.entries, DiskEntry, 0).id;
    if (!begin_batch(indexer))
        return 0;
    int64_t id = writer_add_folder(indexer->writer, &entry, &error);
    if (id == 0)
        give_up(indexer, error);
    return id;
}

/* Looks at every root; walks those that are there, or (only_returned) have come back. */
static void
look_at_roots(Indexer *indexer, bool only_returned)
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
            g_autoptr(GDir) dir = g_dir_open(*path, 0, NULL); /* back, and not just its mount point? */
            if (dir == NULL || g_dir_read_name(dir) == NULL)
                reason = root_is_empty;
        }
        set_root(indexer, root, *path, reason == NULL, is_mount, reason);
        if (reason == NULL && (!only_returned || !was_online))
            walk_later(indexer, root);
    }
}

/* Roots that are no longer configured are forgotten: somebody said so. */
static void
drop_other_roots(Indexer *indexer)
{
    g_auto(Listing) known = { 0 };

    listing_init(&known);
    writer_list(indexer->writer, VIEW_FOLDERS, note_entry, &known, NULL);
    for (guint i = 0; i < known.entries->len; i++) {
        const DiskEntry *entry = &g_array_index(known.entries, DiskEntry, i);
        if (!g_strv_contains((const char *const *)indexer->folders, entry->name))
            g_hash_table_add(indexer->gone, g_memdup2(&entry->id, sizeof entry->id));
    }
}

static void
start_run(Indexer *indexer)
{
    indexer->retry_us = 0;
    indexer->walked_us = g_get_monotonic_time();
    set_state(indexer, INDEXER_RUNNING, NULL);
    drop_other_roots(indexer);
    look_at_roots(indexer, false);
}

static void
on_watch(const WatchEvent *event, gpointer data)
{
    Indexer *indexer = data;
    g_auto(Listing) found = { 0 };
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
    g_autofree char *folder = writer_folder_path(indexer->writer, event->folder, NULL, NULL);
    if (folder == NULL)
        return;
    bool is_there = walker_look(folder, event->name, &entry, &links);
    if (is_there && event->is_new && links == 1)
        return; /* still being written: its closing is told */
    listing_init(&found);
    if (!writer_find(indexer->writer, event->folder, event->name, note_entry, &found, NULL))
        return;
    const DiskEntry *known =
        found.entries->len > 0 ? &g_array_index(found.entries, DiskEntry, 0) : NULL;
    if (is_there) {
        entry.parent = event->folder;
        compare(indexer, &entry, known, true);
        if (known != NULL)
            g_hash_table_remove(indexer->gone, &known->id);
    } else if (known != NULL) {
        g_hash_table_add(indexer->gone, g_memdup2(&known->id, sizeof known->id));
    }
}

static void
on_removed(int64_t folder, gpointer data)
{
    watcher_remove(((Indexer *)data)->watcher, folder);
}

/* What lay nowhere else when everything was looked at. */
static void
remove_gone(Indexer *indexer)
{
    GHashTableIter iter;
    gpointer id;
    GError *error = NULL;

    if (g_hash_table_size(indexer->gone) == 0)
        return;
    g_autoptr(GHashTable) gone = g_steal_pointer(&indexer->gone);
    indexer->gone = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_hash_table_iter_init(&iter, gone);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        if (!begin_batch(indexer))
            return;
        if (!writer_remove(indexer->writer, *(int64_t *)id, on_removed, indexer, &error)) {
            give_up(indexer, error);
            return;
        }
    }
}

/* Hands files to the probe while it takes them. */
static void
submit(Indexer *indexer)
{
    Job *job;

    if (indexer->probe == NULL && !g_queue_is_empty(&indexer->to_read)) {
        GError *error = NULL;
        indexer->probe = indexer->make_probe(indexer->probe_data, &error);
        if (indexer->probe == NULL) {
            give_up(indexer, error);
            return;
        }
    }
    while ((job = g_queue_peek_head(&indexer->to_read)) != NULL) {
        g_autofree char *folder =
            writer_folder_path(indexer->writer, job->entry.parent, NULL, NULL);
        if (folder == NULL) {
            job_free(g_queue_pop_head(&indexer->to_read)); /* gone meanwhile */
            indexer->done++;
            continue;
        }
        g_autofree char *path = g_build_filename(folder, job->entry.name, NULL);
        if (!indexer->probe->class->submit(indexer->probe, path, job))
            return;
        g_queue_pop_head(&indexer->to_read);
        indexer->in_flight++;
    }
}

static void
write_result(Indexer *indexer, const ProbeResult *result)
{
    g_auto(Listing) found = { 0 };
    Job *job = result->tag;
    MediaFacts facts = { .kind = MEDIA_ANY };
    GError *error = NULL;
    DiskEntry now;

    indexer->in_flight--;
    indexer->done++;
    g_autofree char *folder = writer_folder_path(indexer->writer, job->entry.parent, NULL, NULL);
    if (job->run != indexer->run || folder == NULL ||
        !walker_look(folder, job->entry.name, &now, NULL) || now.is_folder) {
        job_free(job);
        return; /* gone meanwhile; whoever removed it told */
    }
    walker_kind(job->entry.name, &facts.kind);
    if (result->is_readable)
        facts = result->facts;
    /* read twice at once, or made and replaced: the row is the name's */
    listing_init(&found);
    if (begin_batch(indexer) &&
        writer_find(indexer->writer, job->entry.parent, job->entry.name, note_entry, &found, &error)) {
        job->entry.id =
            found.entries->len > 0 ? g_array_index(found.entries, DiskEntry, 0).id : 0;
        writer_put(indexer->writer, &job->entry, &facts,
                   result->is_readable ? NULL
                                       : (result->reason != NULL ? result->reason : "unreadable"),
                   &error);
    }
    if (error != NULL)
        give_up(indexer, error);
    job_free(job);
}

static void
collect(Indexer *indexer, int timeout_ms)
{
    ProbeResult result;

    while (indexer->in_flight > 0 && indexer->batch < BATCH_MAX &&
           indexer->probe->class->collect(indexer->probe, timeout_ms, &result)) {
        write_result(indexer, &result);
        timeout_ms = 0;
    }
}

static void
wait_for_work(Indexer *indexer)
{
    struct pollfd polled[] = { { indexer->wake_fd, POLLIN, 0 },
                               { watcher_fd(indexer->watcher), POLLIN, 0 } };
    int64_t now = g_get_monotonic_time();
    int64_t next = indexer->looked_us + ROOTS_TIME_US;
    uint64_t count;

    if (indexer->retry_us != 0)
        next = MIN(next, indexer->retry_us);
    poll(polled, 2, (int)CLAMP((next - now) / 1000 + 1, 1, 60000));
    if (read(indexer->wake_fd, &count, sizeof count) < 0)
        return; /* nobody called */
}

static bool
is_at_rest(Indexer *indexer)
{
    return g_queue_is_empty(&indexer->to_walk) && g_queue_is_empty(&indexer->to_read) &&
           indexer->in_flight == 0;
}

/* All is done: the memory that a large run took is given back. */
static void
rest(Indexer *indexer)
{
    writer_rest(indexer->writer);
    set_state(indexer, INDEXER_IDLE, NULL);
}

/* One turn: hear, walk, read, write. */
static void
turn(Indexer *indexer)
{
    int64_t now = g_get_monotonic_time();

    if (g_atomic_int_compare_and_exchange(&indexer->is_rescan_wanted, 1, 0) ||
        (indexer->retry_us != 0 && now >= indexer->retry_us) ||
        (watcher_is_full(indexer->watcher) && now - indexer->walked_us > WALK_TIME_US))
        start_run(indexer);
    if (indexer->retry_us == 0) {
        watcher_read(indexer->watcher, on_watch, indexer);
        if (now - indexer->looked_us > ROOTS_TIME_US)
            look_at_roots(indexer, true);
    }
    for (guint i = 0; i < 16 && g_queue_get_length(&indexer->to_read) < WAITING_MAX &&
                      !g_queue_is_empty(&indexer->to_walk);
         i++) {
        g_autofree int64_t *folder = g_queue_pop_head(&indexer->to_walk);
        walk(indexer, *folder);
    }
    if (!is_at_rest(indexer) && indexer->state == INDEXER_IDLE)
        set_state(indexer, INDEXER_RUNNING, NULL);
    submit(indexer);
    bool may_walk = !g_queue_is_empty(&indexer->to_walk) &&
                    g_queue_get_length(&indexer->to_read) < WAITING_MAX;
    collect(indexer, may_walk ? 0 : 20);
    if (g_queue_is_empty(&indexer->to_walk))
        remove_gone(indexer);

    now = g_get_monotonic_time();
    if (is_at_rest(indexer) || indexer->batch >= BATCH_MAX ||
        now - indexer->batch_began_us > BATCH_TIME_US)
        end_batch(indexer);
    if (is_at_rest(indexer) && indexer->state == INDEXER_RUNNING)
        rest(indexer);
    else if (indexer->state == INDEXER_RUNNING && now - indexer->told_us > NEWS_TIME_US)
        tell_scan(indexer);
}

static gpointer
run(gpointer data)
{
    Indexer *indexer = data;
    ProbeResult result;

    indexer->watcher = watcher_new();
    start_run(indexer);
    while (!g_atomic_int_get(&indexer->is_stopping)) {
        turn(indexer);
        if (is_at_rest(indexer) && !g_atomic_int_get(&indexer->is_rescan_wanted))
            wait_for_work(indexer);
    }
    end_batch(indexer);
    while (indexer->in_flight > 0 && indexer->probe->class->collect(indexer->probe, 200, &result)) {
        indexer->in_flight--;
        job_free(result.tag);
    }
    if (indexer->probe != NULL)
        indexer->probe->class->free(indexer->probe);
    indexer->probe = NULL;
    indexer->in_flight = 0;
    g_queue_clear_full(&indexer->to_walk, g_free);
    g_queue_clear_full(&indexer->to_read, job_free);
    g_hash_table_remove_all(indexer->gone);
    g_clear_pointer(&indexer->watcher, watcher_free);
    return NULL;
}

Indexer *
indexer_new(Writer *writer, const char *const *folders, IndexerProbe make_probe, gpointer probe_data,
            IndexerFunc func, gpointer data)
{
    Indexer *indexer = g_new0(Indexer, 1);

    indexer->writer = writer;
    indexer->folders = g_strdupv((char **)folders);
    indexer->make_probe = make_probe;
    indexer->probe_data = probe_data;
    indexer->mailbox = g_new(Mailbox, 1);
    *indexer->mailbox = (Mailbox){ 1, func, data };
    indexer->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    indexer->gone = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    indexer->roots = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return indexer;
}

void
indexer_start(Indexer *indexer)
{
    if (indexer->thread != NULL)
        return;
    g_atomic_int_set(&indexer->is_stopping, 0);
    indexer->thread = g_thread_new("indexer", run, indexer);
}

static void
wake(Indexer *indexer)
{
    uint64_t one = 1;

    if (write(indexer->wake_fd, &one, sizeof one) < 0)
        return; /* full: it is awake */
}

void
indexer_stop(Indexer *indexer)
{
    if (indexer->thread == NULL)
        return;
    g_atomic_int_set(&indexer->is_stopping, 1);
    wake(indexer);
    g_thread_join(g_steal_pointer(&indexer->thread));
}

void
indexer_rescan(Indexer *indexer)
{
    g_atomic_int_set(&indexer->is_rescan_wanted, 1);
    wake(indexer);
}

void
indexer_free(Indexer *indexer)
{
    if (indexer == NULL)
        return;
    indexer_stop(indexer);
    indexer->mailbox->func = NULL;
    mailbox_unref(indexer->mailbox);
    writer_free(indexer->writer);
    g_hash_table_unref(indexer->gone);
    g_hash_table_unref(indexer->roots);
    g_strfreev(indexer->folders);
    g_free(indexer->trouble);
    if (indexer->wake_fd >= 0)
        close(indexer->wake_fd);
    g_free(indexer);
}
