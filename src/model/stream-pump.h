/* stream-pump.h -- a thread that reads a stream from its beginning to its end, and waits where it
 * has to */
#pragma once

#include "model/stream.h"

typedef struct StreamPump StreamPump;

/* On the thread. */
typedef struct {
    /* False, perhaps with an error: it is enough. */
    bool (*take)(const void *octets, size_t count, gpointer user_data, GError **error);
    /* Last; is_whole: all of the stream was taken; error: NULL when it was, or was not wanted. */
    void (*ended)(bool is_whole, const GError *error, gpointer user_data);
} StreamPumpSink;

/* Takes stream over, which goes before ended() is called; sink is borrowed until the end. */
StreamPump *stream_pump_new(Stream *stream, const StreamPumpSink *sink, gpointer user_data);
/* Gives up what is not read yet, and waits for the thread. */
void        stream_pump_free(StreamPump *pump);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StreamPump, stream_pump_free)
