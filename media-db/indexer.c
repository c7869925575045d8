/* indexer.c -- see indexer.h: the thread, its turns, and the batches in which it writes */
#include "media-db/indexer-room.h"

#include <malloc.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BATCH_TIME_US 300000   /* and how long one may stay open */
#define WAITING_MAX 2000       /* files found but not yet read: then the walk pauses */
#define LARGE_RUN 1000         /* files; what they took is given back */
#define NEWS_TIME_US 250000    /* between two news of progress */
#define RETRY_TIME_US 10000000 /* after trouble */
#define ROOTS_TIME_US 5000000  /* between looks at the roots */
#define RENEW_TIME_US 60000000 /* between two indexes begun anew */
#define CARE_REST_US 60000000  /* at rest, before the index is taken care of */
#define CARE_TIME_US 3600000000 /* and before it is looked at again */
#define CARE_STEP_US 20000     /* between two pieces of a copy */
#define WALK_TIME_US 600000000 /* between walks where watches do not reach */

static void
tell_scan(Indexer *indexer)
{
    int64_t now = g_get_monotonic_time();
    double seconds = (double)(now - indexer->run_began_us) / 1e6;

    indexer->told_us = now;
    mailbox_tell(indexer->mailbox, &(IndexerNews){
                                       .type = INDEXER_SCAN,
                                       .state = indexer->state,
                                       .done = indexer->done,
                                       .total = indexer->total,
                                       .folders = g_queue_get_length(&indexer->to_walk),
                                       .path = indexer->state == INDEXER_RUNNING
                                                   ? g_strdup(indexer->walked) : NULL,
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

/* Something cannot be written or asked: forget this run, say so, and walk again later. */
static void
forget_run(Indexer *indexer)
{
    writer_rollback(indexer->writer);
    g_queue_clear_full(&indexer->to_walk, g_free);
    g_queue_clear_full(&indexer->to_read, job_free);
    g_queue_clear_full(&indexer->to_settle, settling_free);
    g_hash_table_remove_all(indexer->gone);
    indexer->run++;
    indexer->batch = 0;
}

void
indexer_give_up(Indexer *indexer, GError *error)
{
    forget_run(indexer);
    indexer->retry_us = g_get_monotonic_time() + RETRY_TIME_US;
    if (!writer_is_damaged(indexer->writer)) { /* of that renew() speaks */
        g_warning("indexing waits: %s", error->message);
        set_state(indexer, INDEXER_WAITING, error->message);
    }
    g_error_free(error);
}

/* Opens the batch when none is; false when that cannot be. */
bool
indexer_begin_batch(Indexer *indexer)
{
    GError *error = NULL;

    if (indexer->batch++ == 0)
        indexer->batch_began_us = g_get_monotonic_time();
    if (writer_begin(indexer->writer, &error))
        return true;
    indexer_give_up(indexer, error);
    return false;
}

void
indexer_tell_changed(Indexer *indexer)
{
    const GArray *changed = writer_changed(indexer->writer);

    if (changed->len > 0)
        mailbox_tell(indexer->mailbox,
                     &(IndexerNews){ .type = INDEXER_CHANGED,
                                     .update_id = writer_update_id(indexer->writer),
                                     .containers = g_array_copy((GArray *)changed) });
}

void
indexer_end_batch(Indexer *indexer)
{
    GError *error = NULL;

    if (indexer->batch == 0)
        return;
    indexer->batch = 0;
    if (!writer_commit(indexer->writer, &error)) {
        indexer_give_up(indexer, error);
        return;
    }
    indexer_tell_changed(indexer);
}

static void
start_run(Indexer *indexer)
{
    indexer->retry_us = 0;
    indexer->walked_us = g_get_monotonic_time();
    indexer->is_timed_walk = false;
    indexer->is_full_walk = true;
    set_state(indexer, INDEXER_RUNNING, NULL);
    watcher_retry(indexer->watcher);
    g_hash_table_remove_all(indexer->unwatched);
    scan_drop_other_roots(indexer);
    disks_look(indexer, false);
}

/* Of what is not watched; the rest tells by itself. */
static void
start_timed_walk(Indexer *indexer)
{
    indexer->walked_us = g_get_monotonic_time();
    scan_unwatched(indexer);
}

static void
wait_for_work(Indexer *indexer)
{
    struct pollfd polled[] = { { indexer->wake_fd, POLLIN, 0 },
                               { watcher_fd(indexer->watcher), POLLIN, 0 },
                               { indexer->mounts_fd, POLLPRI, 0 } };
    int64_t now = g_get_monotonic_time();
    int64_t next = indexer->looked_us + ROOTS_TIME_US;
    uint64_t count;

    if (indexer->retry_us != 0)
        next = MIN(next, indexer->retry_us);
    if (indexer->state == INDEXER_IDLE)
        next = MIN(next, indexer->care_us);
    next = MIN(next, scan_settling_due(indexer));
    poll(polled, G_N_ELEMENTS(polled), (int)CLAMP((next - now) / 1000 + 1, 1, 60000));
    if ((polled[2].revents & (POLLPRI | POLLERR)) != 0 && disks_have_changed(indexer))
        g_atomic_int_set(&indexer->is_rescan_wanted, 1);
    if (read(indexer->wake_fd, &count, sizeof count) < 0)
        return; /* nobody called */
}

static bool
has_read_all(Indexer *indexer)
{
    return g_queue_is_empty(&indexer->to_walk) && g_queue_is_empty(&indexer->to_read) &&
           g_hash_table_size(indexer->in_flight) == 0;
}

/* All is read, but not all that is read makes sense together. */
static bool
must_settle(Indexer *indexer)
{
    return has_read_all(indexer) && indexer->retry_us == 0 &&
           writer_has_unsettled_charsets(indexer->writer);
}

static void
settle(Indexer *indexer)
{
    GError *error = NULL;

    if (indexer_begin_batch(indexer) && !writer_settle_charsets(indexer->writer, &error))
        indexer_give_up(indexer, error);
}

static bool
is_at_rest(Indexer *indexer)
{
    return has_read_all(indexer) && !must_settle(indexer);
}

/* What a large run took lies in pieces below what lives on. */
static void
give_memory_back(Indexer *indexer)
{
    writer_rest(indexer->writer, true);
    malloc_trim(0);
}

/* Who hears that it is done finds nothing more being written. */
static void
rest(Indexer *indexer)
{
    bool is_long_run = indexer->is_full_walk || indexer->done > LARGE_RUN;

    indexer->is_timed_walk = indexer->is_full_walk = false;
    indexer->care_us = MAX(indexer->care_us, g_get_monotonic_time() + CARE_REST_US);
    if (is_long_run)
        give_memory_back(indexer);
    else
        writer_rest(indexer->writer, false);
    set_state(indexer, INDEXER_IDLE, watcher_trouble(indexer->watcher));
}

/* What is done when there is nothing else to do: the index is copied once a day, piece by piece,
 * and what was removed long ago is forgotten. */
static void
take_care(Indexer *indexer)
{
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;
    g_autoptr(GError) error = NULL;
    BackupState state = BACKUP_DONE;
    bool is_due = writer_backup_is_due(indexer->writer, now_s);

    if (!writer_purge(indexer->writer, now_s, &error) ||
        (is_due && (state = writer_backup_step(indexer->writer, &error)) == BACKUP_FAILED))
        g_message("the index is not copied: %s", error->message);
    if (is_due && state != BACKUP_GOES_ON)
        give_memory_back(indexer);
    indexer->care_us =
        g_get_monotonic_time() + (state == BACKUP_GOES_ON ? CARE_STEP_US : CARE_TIME_US);
}

/* Nothing that was known of ids holds any more. */
static void
renew(Indexer *indexer)
{
    GError *error = NULL;
    int64_t now = g_get_monotonic_time();
    bool is_often = indexer->renewed_us != 0 && now - indexer->renewed_us < RENEW_TIME_US;

    check_stop(indexer);
    forget_run(indexer);
    if (is_often || !writer_renew(indexer->writer, &error)) {
        indexer->retry_us = now + RETRY_TIME_US;
        set_state(indexer, INDEXER_WAITING,
                  error != NULL ? error->message
                                : "the index is damaged again; is its disk sound?");
        g_clear_error(&error);
        return;
    }
    indexer->renewed_us = now;
    indexer->false_alarms = 0;
    writer_lift_words(indexer->writer, &indexer->is_stopping, NULL);
    g_hash_table_remove_all(indexer->disks);
    watcher_free(indexer->watcher);
    indexer->watcher = watcher_new();
    start_run(indexer);
    set_state(indexer, INDEXER_RUNNING, "the index was damaged and is built anew");
}

static void
look_for_damage(Indexer *indexer)
{
    if (indexer->checker == NULL &&
        g_atomic_int_compare_and_exchange(&indexer->is_damage_reported, 1, 0))
        check_start(indexer);
    if (writer_is_damaged(indexer->writer) || check_found_damage(indexer))
        renew(indexer);
}

/* One turn: hear, walk, read, write. */
static void
turn(Indexer *indexer)
{
    int64_t now = g_get_monotonic_time();

    look_for_damage(indexer);
    uses_write(indexer);
    if (g_atomic_int_compare_and_exchange(&indexer->is_rescan_wanted, 1, 0) ||
        (indexer->retry_us != 0 && now >= indexer->retry_us))
        start_run(indexer);
    if (g_hash_table_size(indexer->unwatched) > 0 && now - indexer->walked_us > WALK_TIME_US)
        start_timed_walk(indexer);
    if (indexer->retry_us == 0) {
        watcher_read(indexer->watcher, scan_name, indexer);
        scan_settling(indexer, now);
        if (now - indexer->looked_us > ROOTS_TIME_US)
            disks_look(indexer, true);
    }
    for (guint i = 0; i < 16 && g_queue_get_length(&indexer->to_read) < WAITING_MAX &&
                      !g_queue_is_empty(&indexer->to_walk);
         i++) {
        g_autofree int64_t *folder = g_queue_pop_head(&indexer->to_walk);
        scan_folder(indexer, *folder);
    }
    if (!is_at_rest(indexer) && indexer->state == INDEXER_IDLE)
        set_state(indexer, INDEXER_RUNNING, NULL);
    read_submit(indexer);
    bool may_walk =
        !g_queue_is_empty(&indexer->to_walk) && g_queue_get_length(&indexer->to_read) < WAITING_MAX;
    read_collect(indexer, may_walk ? 0 : 20);
    if (g_queue_is_empty(&indexer->to_walk))
        scan_remove_gone(indexer);

    if (must_settle(indexer))
        settle(indexer);
    now = g_get_monotonic_time();
    if (is_at_rest(indexer) || indexer->batch >= BATCH_MAX ||
        now - indexer->batch_began_us > BATCH_TIME_US)
        indexer_end_batch(indexer);
    if (is_at_rest(indexer) && indexer->checker == NULL && indexer->state == INDEXER_RUNNING)
        rest(indexer);
    else if (indexer->state == INDEXER_RUNNING && now - indexer->told_us > NEWS_TIME_US)
        tell_scan(indexer);
    if (indexer->state == INDEXER_IDLE && now >= indexer->care_us)
        take_care(indexer);
}

static gpointer
run(gpointer data)
{
    Indexer *indexer = data;
    GError *error = NULL;

    indexer->watcher = watcher_new();
    indexer->mounts_fd = disks_fd();
    disks_have_changed(indexer);
    check_start(indexer);
    if (!writer_lift_words(indexer->writer, &indexer->is_stopping, &error) ||
        !writer_set_charset(indexer->writer, indexer->charset, &error))
        indexer_give_up(indexer, error);
    start_run(indexer);
    while (!g_atomic_int_get(&indexer->is_stopping)) {
        turn(indexer);
        if (is_at_rest(indexer) && !g_atomic_int_get(&indexer->is_rescan_wanted))
            wait_for_work(indexer);
    }
    check_stop(indexer);
    indexer_end_batch(indexer);
    uses_write(indexer);
    if (indexer->probe != NULL)
        indexer->probe->class->free(indexer->probe);
    indexer->probe = NULL;
    g_hash_table_remove_all(indexer->in_flight);
    g_queue_clear_full(&indexer->to_walk, g_free);
    g_queue_clear_full(&indexer->to_read, job_free);
    g_queue_clear_full(&indexer->to_settle, settling_free);
    g_hash_table_remove_all(indexer->gone);
    g_clear_pointer(&indexer->watcher, watcher_free);
    g_clear_pointer(&indexer->mounts, g_free);
    if (indexer->mounts_fd >= 0)
        close(indexer->mounts_fd);
    return NULL;
}

Indexer *
indexer_new(Writer *writer, const char *const *folders, IndexerProbe make_probe,
            gpointer probe_data, IndexerFunc func, gpointer data)
{
    Indexer *indexer = g_new0(Indexer, 1);

    indexer->writer = writer;
    indexer->folders = g_strdupv((char **)folders);
    indexer->make_probe = make_probe;
    indexer->probe_data = probe_data;
    indexer->mailbox = mailbox_new(func, data);
    indexer->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    indexer->uses = g_async_queue_new();
    indexer->in_flight = g_hash_table_new_full(NULL, NULL, job_free, NULL);
    indexer->gone = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    indexer->disks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    indexer->unwatched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return indexer;
}

void
indexer_set_charset(Indexer *indexer, const char *name)
{
    g_free(indexer->charset);
    indexer->charset = g_strdup(name);
}

void
indexer_start(Indexer *indexer)
{
    if (indexer->thread != NULL)
        return;
    g_atomic_int_set(&indexer->is_stopping, 0);
    indexer->thread = g_thread_new("indexer", run, indexer);
}

void
indexer_wake(Indexer *indexer)
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
    indexer_wake(indexer);
    g_thread_join(g_steal_pointer(&indexer->thread));
}

void
indexer_rescan(Indexer *indexer)
{
    g_atomic_int_set(&indexer->is_rescan_wanted, 1);
    indexer_wake(indexer);
}

void
indexer_report_damage(Indexer *indexer)
{
    g_atomic_int_set(&indexer->is_damage_reported, 1);
    indexer_wake(indexer);
}

void
indexer_free(Indexer *indexer)
{
    if (indexer == NULL)
        return;
    indexer_stop(indexer);
    uses_write(indexer); /* of one that never ran */
    g_async_queue_unref(indexer->uses);
    mailbox_close(indexer->mailbox);
    writer_free(indexer->writer);
    g_hash_table_unref(indexer->in_flight);
    g_hash_table_unref(indexer->gone);
    g_hash_table_unref(indexer->disks);
    g_hash_table_unref(indexer->unwatched);
    g_strfreev(indexer->folders);
    g_free(indexer->charset);
    g_free(indexer->trouble);
    g_free(indexer->walked);
    if (indexer->wake_fd >= 0)
        close(indexer->wake_fd);
    g_free(indexer);
}
