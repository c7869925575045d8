/* indexer-news.c -- news cross from the indexer's thread to whoever listens on the main loop */
#include "media-db/indexer-room.h"

#include "base/post.h"

/* Where news are delivered; outlives the indexer while some are on their way. */
struct Mailbox {
    gint references;
    IndexerFunc func; /* NULL: nobody listens any more; main loop only */
    gpointer data;
};

typedef struct {
    Mailbox *mailbox;
    IndexerNews news;
} Letter;

Mailbox *
mailbox_new(IndexerFunc func, gpointer data)
{
    Mailbox *mailbox = g_new(Mailbox, 1);

    *mailbox = (Mailbox){ 1, func, data };
    return mailbox;
}

static void
mailbox_unref(Mailbox *mailbox)
{
    if (g_atomic_int_dec_and_test(&mailbox->references))
        g_free(mailbox);
}

void
mailbox_close(Mailbox *mailbox)
{
    mailbox->func = NULL;
    mailbox_unref(mailbox);
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

void
mailbox_tell(Mailbox *mailbox, const IndexerNews *news)
{
    Letter *letter = g_new(Letter, 1);

    g_atomic_int_inc(&mailbox->references);
    *letter = (Letter){ mailbox, *news };
    post(NULL, deliver, letter);
}
