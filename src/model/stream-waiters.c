/* stream-waiters.c -- see stream-waiters.h */
#include "model/stream-waiters.h"

struct StreamWaiters {
    GArray *list; /* Waiter */
};

typedef struct {
    const Stream *stream;
    void (*wake)(gpointer user_data);
    gpointer user_data;
} Waiter;

StreamWaiters *
stream_waiters_new(void)
{
    StreamWaiters *waiters = g_new(StreamWaiters, 1);

    waiters->list = g_array_new(FALSE, FALSE, sizeof(Waiter));
    return waiters;
}

void
stream_waiters_free(StreamWaiters *waiters)
{
    g_array_unref(waiters->list);
    g_free(waiters);
}

void
stream_waiters_add(StreamWaiters *waiters, const Stream *stream, void (*wake)(gpointer user_data),
                   gpointer user_data)
{
    Waiter waiter = { stream, wake, user_data };

    g_array_append_val(waiters->list, waiter);
}

void
stream_waiters_remove(StreamWaiters *waiters, const Stream *stream)
{
    for (guint i = waiters->list->len; i > 0; i--)
        if (g_array_index(waiters->list, Waiter, i - 1).stream == stream)
            g_array_remove_index_fast(waiters->list, i - 1);
}

void
stream_waiters_wake(StreamWaiters *waiters)
{
    for (guint i = 0; i < waiters->list->len; i++) {
        const Waiter *waiter = &g_array_index(waiters->list, Waiter, i);
        waiter->wake(waiter->user_data);
    }
    g_array_set_size(waiters->list, 0);
}
