/* conversion.c -- see conversion.h */
#define _GNU_SOURCE /* F_SETPIPE_SZ, memfd_create, pipe2 */
#include "pipelines/conversion.h"

#include "base/error.h"
#include "base/post.h"
#include "pipelines/worker-channel.h"
#include "pipelines/worker-pool.h"
#include "pipelines/worker-protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PIPE_SIZE (1024 * 1024)
#define STALL_MS 30000  /* that long a worker may make nothing while there is room */
#define ANSWER_MS 5000  /* after the last octet, to say how it went */

/* Of a worker from the first octets on that somebody has: which one while it is so far ahead of who
 * reads, and the other while it is about to be overtaken; in percent of the lead that it may have. */
#define NICENESS 5
#define PATIENT_NICENESS 19
#define LONG_LEAD 60
#define SHORT_LEAD 30

struct Conversion {
    gatomicrefcount references; /* the owner's, the thread's, and one a letter to the loop */
    GThread *thread;
    GMainContext *context;
    GCancellable *stopping;
    /* The thread's: */
    char *program;
    const char *role;
    GByteArray *job;
    int file;
    int words, more; /* -1: none */
    StreamHub *hub;
    int spare; /* a channel to a worker that makes others; -1: none */
    WorkerProcess process;
    int niceness;      /* the worker's */
    int most_niceness; /* that it may be given */
    int pipe; /* our end */
    GError *error;
    /* The loop's: */
    const ConversionEvents *events; /* NULL: the owner let go */
    gpointer user_data;
};

static void
conversion_unref(gpointer data)
{
    Conversion *conversion = data;

    if (!g_atomic_ref_count_dec(&conversion->references))
        return;
    g_main_context_unref(conversion->context);
    g_object_unref(conversion->stopping);
    g_byte_array_unref(conversion->job);
    stream_hub_unref(conversion->hub);
    g_clear_error(&conversion->error);
    g_free(conversion->program);
    g_free(conversion);
}

/* -- Letters to the loop ----------------------------------------------------------------------- */

static void
tell_begun(gpointer data)
{
    Conversion *conversion = data;

    if (conversion->events != NULL)
        conversion->events->begun(conversion->user_data);
    conversion_unref(conversion);
}

static void
tell_ended(gpointer data)
{
    Conversion *conversion = data;

    if (conversion->events != NULL)
        conversion->events->ended(conversion->error, conversion->user_data);
    conversion_unref(conversion);
}

static void
send_letter(Conversion *conversion, PostFunc letter)
{
    g_atomic_ref_count_inc(&conversion->references);
    post(conversion->context, letter, conversion);
}

/* -- The thread -------------------------------------------------------------------------------- */

/* The job goes to a twin of the spare worker, or, where there is none, to a new one. */
static bool
hand_over(Conversion *conversion, const int *files, guint count, GError **error)
{
    WorkerProcess *process = &conversion->process;

    if (conversion->spare >= 0 && worker_process_twin(process, conversion->spare)) {
        if (worker_channel_send(process->channel, conversion->job, files, count))
            return true;
        worker_process_end(process, true, NULL);
    }
    if (!worker_process_start(process, conversion->program, conversion->role, error))
        return false;
    if (worker_channel_send(process->channel, conversion->job, files, count))
        return true;
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "no worker listens");
    return false;
}

static bool
start_worker(Conversion *conversion, GError **error)
{
    int ends[2], files[WORKER_FILES_MAX];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "no pipe: %s", g_strerror(errno));
        return false;
    }
    fcntl(ends[0], F_SETPIPE_SZ, PIPE_SIZE); /* or the usual size, where one has too many */
    conversion->pipe = ends[0];
    guint count = 0;
    files[count++] = conversion->file;
    files[count++] = ends[1];
    if (conversion->words >= 0)
        files[count++] = conversion->words;
    if (conversion->more >= 0)
        files[count++] = conversion->more;
    bool is_sent = hand_over(conversion, files, count, error);
    close(ends[1]);
    return is_sent;
}

/* Waits until there is something at descriptor; false when it is cancelled or takes too long. */
static bool
await(Conversion *conversion, int descriptor, int patience_ms, GError **error)
{
    GPollFD polls[] = { { descriptor, G_IO_IN, 0 }, { -1, G_IO_IN, 0 } };
    guint count = g_cancellable_make_pollfd(conversion->stopping, &polls[1]) ? 2 : 1;
    int ready;

    do
        ready = g_poll(polls, count, patience_ms);
    while (ready < 0 && errno == EINTR);
    if (count > 1)
        g_cancellable_release_fd(conversion->stopping);
    if (g_cancellable_set_error_if_cancelled(conversion->stopping, error))
        return false;
    if (ready <= 0)
        g_set_error(error, DUO_ERROR, DUO_ERROR_TIMEOUT, "nothing came out of it for %d s",
                    patience_ms / 1000);
    return ready > 0;
}

/* Room in the hub. While nobody reads, the worker rests at once, not when all is full that lies
 * between it and the hub: whoever left may be about to ask for another place, and that is made by
 * the same processors. */
static void *
reserve(Conversion *conversion, size_t *room)
{
    bool is_left = stream_hub_is_left(conversion->hub);

    if (is_left)
        kill(conversion->process.pid, SIGSTOP);
    void *place = stream_hub_reserve(conversion->hub, room);
    if (is_left)
        kill(conversion->process.pid, SIGCONT);
    return place;
}

/* Something came out of the worker; while the file still grows it may wait for that. */
static bool
await_octets(Conversion *conversion, GError **error)
{
    GPollFD gate = { conversion->more, 0, 0 };

    for (;;) {
        g_autoptr(GError) problem = NULL;
        if (await(conversion, conversion->pipe, STALL_MS, &problem))
            return true;
        if (!g_error_matches(problem, DUO_ERROR, DUO_ERROR_TIMEOUT) || conversion->more < 0 ||
            g_poll(&gate, 1, 0) != 0) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return false;
        }
    }
}

/* Patience is for who may take it back (setpriority(2)): our own thread tries it. */
static int
most_niceness(void)
{
    int own = getpriority(PRIO_PROCESS, 0);
    bool may_take_back =
        setpriority(PRIO_PROCESS, 0, own + 1) == 0 && setpriority(PRIO_PROCESS, 0, own) == 0;

    return may_take_back ? PATIENT_NICENESS : NICENESS;
}

/* A worker that is well ahead leaves the machine to who needs it now. */
static void
keep_pace(Conversion *conversion)
{
    unsigned lead = stream_hub_lead(conversion->hub);
    int niceness = lead < SHORT_LEAD  ? NICENESS
                   : lead > LONG_LEAD ? conversion->most_niceness
                                      : MAX(conversion->niceness, NICENESS);

    if (niceness == conversion->niceness)
        return;
    conversion->niceness = niceness;
    worker_process_calm(&conversion->process, niceness);
}

/* All that the worker makes goes into the hub. */
static bool
pump(Conversion *conversion, GError **error)
{
    size_t room;
    void *place;

    conversion->most_niceness = most_niceness();
    while ((place = reserve(conversion, &room)) != NULL) {
        if (!await_octets(conversion, error))
            return false;
        ssize_t got = read(conversion->pipe, place, room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true;
        stream_hub_commit(conversion->hub, (size_t)got, false);
        if (conversion->niceness == 0)
            send_letter(conversion, tell_begun);
        keep_pace(conversion);
    }
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "nobody wants it");
    return false;
}

/* After its last octet the worker says how it went, or is dead. */
static bool
hear_answer(Conversion *conversion, GError **error)
{
    g_autofree uint8_t *message = g_malloc(WORKER_MESSAGE_MAX);
    g_autofree char *how = NULL;
    int files[WORKER_FILES_MAX];
    guint file_count;
    WorkerAnswer answer;

    if (!await(conversion, conversion->process.channel, ANSWER_MS, error))
        return false;
    gssize size = worker_channel_receive(conversion->process.channel, message, WORKER_MESSAGE_MAX,
                                         files, &file_count);
    for (guint i = 0; i < file_count; i++)
        close(files[i]);
    if (size > 0 && worker_answer_decode(message, (size_t)size, &answer)) {
        if (answer.outcome == WORKER_DONE)
            return true;
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_FAILED, answer.reason);
        return false;
    }
    worker_process_end(&conversion->process, size > 0, &how);
    g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "the worker %s over it", how);
    return false;
}

static gpointer
run(gpointer data)
{
    Conversion *conversion = data;

    if (start_worker(conversion, &conversion->error) && pump(conversion, &conversion->error))
        hear_answer(conversion, &conversion->error);
    if (conversion->pipe >= 0)
        close(conversion->pipe);
    if (conversion->process.pid != 0)
        worker_process_end(&conversion->process, true, NULL);
    close(conversion->file);
    if (conversion->spare >= 0)
        close(conversion->spare);
    if (conversion->words >= 0)
        close(conversion->words);
    if (conversion->more >= 0)
        close(conversion->more);
    stream_hub_end(conversion->hub, conversion->error);
    send_letter(conversion, tell_ended);
    conversion_unref(conversion);
    return NULL;
}

/* A file in memory, at its beginning; -1: there are none, or there is no memory. */
static int
file_of(GBytes *words)
{
    gsize size = 0;
    const uint8_t *octets = words != NULL ? g_bytes_get_data(words, &size) : NULL;
    int file = octets != NULL ? memfd_create("words", MFD_CLOEXEC) : -1;

    if (file >= 0 && pwrite(file, octets, size, 0) != (ssize_t)size) {
        close(file);
        file = -1;
    }
    return file;
}

/* -- The object -------------------------------------------------------------------------------- */

Conversion *
conversion_start(const ConversionParts *parts, const ConversionOrder *order,
                 const ConversionEvents *events, gpointer user_data)
{
    Conversion *conversion = g_new0(Conversion, 1);
    g_autofree char *name = g_utf8_make_valid(parts->name, -1);

    g_atomic_ref_count_init(&conversion->references);
    g_atomic_ref_count_inc(&conversion->references); /* the thread's */
    conversion->context = g_main_context_ref_thread_default();
    conversion->stopping = g_cancellable_new();
    conversion->program = parts->program != NULL ? g_strdup(parts->program) : worker_program();
    conversion->role = order->is_remux ? WORKER_ROLE_REMUX : WORKER_ROLE_CONVERT;
    conversion->job = worker_job_encode(
        &(WorkerJob){ .kind = WORKER_CONVERT, .name = name, .media = MEDIA_ANY, .order = *order });
    conversion->file = parts->file;
    conversion->words = file_of(parts->words);
    conversion->more = order->is_growing ? parts->more : -1;
    conversion->hub = stream_hub_ref(parts->hub);
    conversion->spare = parts->spare != NULL ? worker_spare_lend(parts->spare) : -1;
    conversion->process = (WorkerProcess)WORKER_PROCESS_INIT;
    conversion->pipe = -1;
    conversion->events = events;
    conversion->user_data = user_data;
    conversion->thread = g_thread_new("conversion", run, conversion);
    return conversion;
}

void
conversion_free(Conversion *conversion)
{
    if (conversion == NULL)
        return;
    conversion->events = NULL;
    g_cancellable_cancel(conversion->stopping);
    stream_hub_close(conversion->hub);
    g_thread_join(conversion->thread);
    conversion_unref(conversion);
}
