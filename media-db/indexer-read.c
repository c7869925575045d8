/* indexer-read.c -- probe -> write: what is new or changed is read by the probe and put down */
#include "media-db/indexer-room.h"

#include "media-db/walker.h"

/* A file to read. */
struct Job {
    DiskEntry entry; /* name is owned */
    guint run;       /* jobs of a run that was given up are dropped */
};

void
job_free(gpointer data)
{
    Job *job = data;

    g_free((char *)job->entry.name);
    g_free(job);
}

void
read_later(Indexer *indexer, const DiskEntry *entry, bool is_first)
{
    Job *job = g_new(Job, 1);

    *job = (Job){ *entry, indexer->run };
    job->entry.name = g_strdup(entry->name);
    if (is_first)
        g_queue_push_head(&indexer->to_read, job);
    else
        g_queue_push_tail(&indexer->to_read, job);
    indexer->total++;
}

/* Hands files to the probe while it takes them. */
void
read_submit(Indexer *indexer)
{
    Job *job;

    if (indexer->probe == NULL && !g_queue_is_empty(&indexer->to_read)) {
        GError *error = NULL;
        indexer->probe = indexer->make_probe(indexer->probe_data, &error);
        if (indexer->probe == NULL) {
            indexer_give_up(indexer, error);
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
        g_hash_table_add(indexer->in_flight, job);
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

    indexer->done++;
    g_autofree char *folder = writer_folder_path(indexer->writer, job->entry.parent, NULL, NULL);
    if (job->run != indexer->run || folder == NULL ||
        !walker_look(folder, job->entry.name, &now, NULL) || now.is_folder) {
        g_hash_table_remove(indexer->in_flight, job);
        return; /* gone meanwhile; whoever removed it told */
    }
    walker_kind(job->entry.name, &facts.kind);
    if (result->is_readable)
        facts = result->facts;
    /* read twice at once, or made and replaced: the row is the name's */
    listing_init(&found);
    if (indexer_begin_batch(indexer) && writer_find(indexer->writer, job->entry.parent,
                                                    job->entry.name, note_entry, &found, &error)) {
        job->entry.id = found.entries->len > 0 ? g_array_index(found.entries, DiskEntry, 0).id : 0;
        int64_t id = writer_put(
            indexer->writer, &job->entry, &facts,
            result->is_readable ? NULL : (result->reason != NULL ? result->reason : "unreadable"),
            &error);
        if (id != 0 && (result->details_size > 0 || job->entry.id != 0))
            writer_put_details(indexer->writer, id, result->details, result->details_size, &error);
    }
    if (error != NULL)
        indexer_give_up(indexer, error);
    g_hash_table_remove(indexer->in_flight, job);
}

void
read_collect(Indexer *indexer, int timeout_ms)
{
    ProbeResult result;

    while (g_hash_table_size(indexer->in_flight) > 0 && indexer->batch < BATCH_MAX &&
           indexer->probe->class->collect(indexer->probe, timeout_ms, &result)) {
        write_result(indexer, &result);
        timeout_ms = 0;
    }
}
