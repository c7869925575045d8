/* stream-pump.c -- see stream-pump.h */
#include "model/stream-pump.h"

#define BLOCK_SIZE (64 * 1024)

struct StreamPump {
    Stream *stream; /* the thread's */
    const StreamPumpSink *sink;
    gpointer user_data;
    GThread *thread;
    GMutex lock;
    GCond woken;
    bool is_awake, is_stopped; /* under the lock */
};

static void
wake(gpointer user_data)
{
    StreamPump *pump = user_data;

    g_mutex_lock(&pump->lock);
    pump->is_awake = true;
    g_cond_signal(&pump->woken);
    g_mutex_unlock(&pump->lock);
}

/* Until there is more to read; false: it is given up. */
static bool
await(StreamPump *pump)
{
    pump->stream->class->wait(pump->stream, wake, pump);
    g_mutex_lock(&pump->lock);
    while (!pump->is_awake && !pump->is_stopped)
        g_cond_wait(&pump->woken, &pump->lock);
    pump->is_awake = false;
    bool goes_on = !pump->is_stopped;
    g_mutex_unlock(&pump->lock);
    return goes_on;
}

static bool
is_stopped(StreamPump *pump)
{
    g_mutex_lock(&pump->lock);
    bool is_stopped = pump->is_stopped;
    g_mutex_unlock(&pump->lock);
    return is_stopped;
}

/* All of it; false with an error, or when it is enough. */
static bool
read_all(StreamPump *pump, GError **error)
{
    g_autofree void *block = g_malloc(BLOCK_SIZE);
    uint64_t offset = 0;

    while (!is_stopped(pump)) {
        gssize got = stream_read(pump->stream, offset, block, BLOCK_SIZE, error);
        if (got == STREAM_NOT_YET) {
            if (!await(pump))
                return false;
        } else if (got <= 0) {
            return got == 0;
        } else {
            if (!pump->sink->take(block, (size_t)got, pump->user_data, error))
                return false;
            offset += (uint64_t)got;
        }
    }
    return false;
}

static gpointer
run(gpointer data)
{
    StreamPump *pump = data;
    g_autoptr(GError) error = NULL;
    bool is_whole = read_all(pump, &error);

    g_clear_pointer(&pump->stream, stream_free);
    pump->sink->ended(is_whole, error, pump->user_data);
    return NULL;
}

StreamPump *
stream_pump_new(Stream *stream, const StreamPumpSink *sink, gpointer user_data)
{
    StreamPump *pump = g_new0(StreamPump, 1);

    pump->stream = stream;
    pump->sink = sink;
    pump->user_data = user_data;
    g_mutex_init(&pump->lock);
    g_cond_init(&pump->woken);
    pump->thread = g_thread_new("pump", run, pump);
    return pump;
}

void
stream_pump_free(StreamPump *pump)
{
    if (pump == NULL)
        return;
    g_mutex_lock(&pump->lock);
    pump->is_stopped = true;
    g_cond_signal(&pump->woken);
    g_mutex_unlock(&pump->lock);
    g_thread_join(pump->thread);
    g_mutex_clear(&pump->lock);
    g_cond_clear(&pump->woken);
    g_free(pump);
}
