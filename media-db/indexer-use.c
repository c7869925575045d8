/* indexer-use.c -- what people do with an item crosses from anywhere to the thread that writes */
#include "media-db/indexer-room.h"

#include "base/post.h"

struct Use {
    UseNote note; /* person is owned */
    UseFunc func;
    gpointer data;
    GError *error;
};

static void
deliver(gpointer data)
{
    Use *use = data;

    if (use->func != NULL)
        use->func(use->error, use->data);
    g_clear_error(&use->error);
    g_free((char *)use->note.person);
    g_free(use);
}

void
indexer_note_use(Indexer *indexer, const UseNote *note, UseFunc func, gpointer data)
{
    Use *use = g_new(Use, 1);

    *use = (Use){ *note, func, data, NULL };
    use->note.person = g_strdup(note->person != NULL ? note->person : "");
    g_async_queue_push(indexer->uses, use);
    indexer_wake(indexer);
}

/* Each is told when it is safe on the disk, or why it is not. */
void
uses_write(Indexer *indexer)
{
    g_autoptr(GPtrArray) written = g_ptr_array_new();
    GError *error = NULL;
    Use *use;

    if (g_async_queue_length(indexer->uses) <= 0)
        return;
    indexer_end_batch(indexer); /* what follows is written whatever becomes of files */
    bool is_begun = writer_begin(indexer->writer, &error);
    while ((use = g_async_queue_try_pop(indexer->uses)) != NULL) {
        g_ptr_array_add(written, use);
        if (is_begun && error == NULL &&
            !writer_note_use(indexer->writer, &use->note, &use->error) &&
            !g_error_matches(use->error, DUO_ERROR, DUO_ERROR_NOT_FOUND))
            error = g_steal_pointer(&use->error);
    }
    if (is_begun && error == NULL)
        writer_commit(indexer->writer, &error);
    else if (is_begun)
        writer_rollback(indexer->writer);
    if (error == NULL)
        indexer_tell_changed(indexer);
    for (guint i = 0; i < written->len; i++) {
        use = written->pdata[i];
        if (error != NULL && use->error == NULL)
            use->error = g_error_copy(error);
        post(NULL, deliver, use);
    }
    g_clear_error(&error);
}
