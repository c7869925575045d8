/* stream-waiters.h -- those who wait to read on, where streams of several readers are of one thing
 *
 * For the wait() of their class. All of it with the lock of that thing held. */
#pragma once

#include "model/stream.h"

typedef struct StreamWaiters StreamWaiters;

StreamWaiters *stream_waiters_new(void);
void           stream_waiters_free(StreamWaiters *waiters);
void           stream_waiters_add(StreamWaiters *waiters, const Stream *stream,
                                  void (*wake)(gpointer user_data), gpointer user_data);
/* Before stream goes. */
void           stream_waiters_remove(StreamWaiters *waiters, const Stream *stream);
/* Wakes all, who are forgotten. */
void           stream_waiters_wake(StreamWaiters *waiters);
