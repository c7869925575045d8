/* indexer-check.c -- is the index damaged?
 *
 * A bad page shows when it is met, by the writer or a reader. Besides all are looked at when the
 * server starts, and when a reader reports what cannot be: by a thread of its own, so that neither
 * the walk waits for that nor that for the walk. It touches nothing of the indexer's but the fields
 * below. */
#include "media-db/indexer-room.h"

enum { CHECK_GOES_ON, CHECK_SOUND, CHECK_DAMAGED };

static gpointer
read_index(gpointer data)
{
    Indexer *indexer = data;
    bool is_sound = writer_check(indexer->writer, &indexer->is_check_stopping);

    g_atomic_int_set(&indexer->check, is_sound ? CHECK_SOUND : CHECK_DAMAGED);
    indexer_wake(indexer);
    return NULL;
}

void
check_start(Indexer *indexer)
{
    g_atomic_int_set(&indexer->check, CHECK_GOES_ON);
    indexer->checker = g_thread_new("index-check", read_index, indexer);
}

void
check_stop(Indexer *indexer)
{
    if (indexer->checker == NULL)
        return;
    g_atomic_int_set(&indexer->is_check_stopping, 1);
    g_thread_join(g_steal_pointer(&indexer->checker));
    g_atomic_int_set(&indexer->is_check_stopping, 0);
}

/* A reader that saw a bad page twice is believed: SQLite's check does not know what FTS keeps in
 * pages. */
bool
check_found_damage(Indexer *indexer)
{
    if (indexer->checker == NULL || g_atomic_int_get(&indexer->check) == CHECK_GOES_ON)
        return false;
    g_thread_join(g_steal_pointer(&indexer->checker));
    return g_atomic_int_get(&indexer->check) == CHECK_DAMAGED || indexer->false_alarms++ > 1;
}
