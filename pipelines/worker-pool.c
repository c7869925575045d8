/* worker-pool.c -- see worker-pool.h
 *
 * Each worker holds a window of jobs, so that it need not wait for us between two files; it answers
 * in order, so the first unanswered job is the file it was at when it died. What libavformat gives
 * up on goes to one more worker, the graph, which alone loads GStreamer. */
#include "pipelines/worker-pool.h"

#include "base/error.h"
#include "pipelines/worker-channel.h"
#include "pipelines/worker-process.h"
#include "pipelines/worker-protocol.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define WORKERS_MAX 8
#define WINDOW 8 /* jobs under way in one worker */
#define JOB_TIMEOUT_MS 30000
#define START_RETRIES 6      /* starts that may fail in a row before files are given up */
#define BACKOFF_FIRST_MS 100 /* doubled by each failure */

typedef struct {
    char *path;
    gpointer tag;
    uint32_t id;
    bool is_suspect; /* a worker died over it once */
} Job;

/* Jobs of one kind that wait for the workers of one role. */
typedef struct {
    const char *role;
    WorkerJobKind kind;
    GQueue waiting; /* Job */
} Line;

typedef struct {
    WorkerProcess process;
    Line *line;            /* borrowed from the pool */
    Job *suspect;          /* to be tried alone, in a fresh process */
    GQueue under_way;      /* Job, in the order sent */
    int64_t head_since_ms; /* when the first of them began */
} Worker;

/* A job that ended without a worker's answer. */
typedef struct {
    gpointer tag;
    char *reason;
} Failure;

typedef struct {
    Probe probe;
    char *program;
    int job_timeout_ms;
    Line files, deep;
    guint worker_count; /* the last of them is the graph */
    Worker workers[WORKERS_MAX + 1];
    GQueue failures; /* Failure */
    guint job_count; /* all there are, failures included */
    uint32_t last_id;
    guint turn;   /* the worker that was asked last for an answer */
    guint losses; /* workers that went, however */
    int failed_starts; /* in a row */
    int64_t start_not_before_ms;
    char *reason;                        /* lent to the last result */
    uint8_t message[WORKER_MESSAGE_MAX]; /* lent likewise */
} WorkerPool;

static int64_t
now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

static void
job_free(gpointer data)
{
    Job *job = data;

    g_free(job->path);
    g_free(job);
}

/* Takes job and reason over. */
static void
job_fail(WorkerPool *pool, Job *job, char *reason)
{
    Failure *failure = g_new(Failure, 1);

    *failure = (Failure){ job->tag, reason };
    g_queue_push_tail(&pool->failures, failure);
    job_free(job);
}

static void
failure_free(gpointer data)
{
    Failure *failure = data;

    g_free(failure->reason);
    g_free(failure);
}

/* Puts off the next start; after some in a row the files that wait are given up. */
static void
note_failed_start(WorkerPool *pool, Line *line, const char *why)
{
    Job *job;

    pool->start_not_before_ms = now_ms() + (BACKOFF_FIRST_MS << MIN(pool->failed_starts, 6));
    if (++pool->failed_starts < START_RETRIES)
        return;
    if (pool->failed_starts == START_RETRIES)
        g_warning("media files cannot be read: %s", why);
    while ((job = g_queue_pop_head(&line->waiting)) != NULL)
        job_fail(pool, job, g_strdup_printf("no worker could read it: %s", why));
}

/* Ends a worker and decides what becomes of its jobs: the first unanswered one is tried once more,
 * the others are as before. why_killed is NULL when it went by itself. */
static void
worker_gone(WorkerPool *pool, Worker *worker, const char *why_killed)
{
    g_autofree char *how = NULL;
    WorkerEnd end = worker_process_end(&worker->process, why_killed != NULL, &how);
    Job *head = end == WORKER_BROKEN ? g_queue_pop_head(&worker->under_way) : NULL;
    Job *job;

    pool->losses++;
    while ((job = g_queue_pop_tail(&worker->under_way)) != NULL)
        g_queue_push_head(&worker->line->waiting, job);
    if (end == WORKER_NEVER) {
        note_failed_start(pool, worker->line, "the sandbox cannot be made here");
    } else if (head != NULL && !head->is_suspect) {
        head->is_suspect = true;
        worker->suspect = head;
    } else if (head != NULL) {
        job_fail(pool, head, g_strdup_printf("the worker %s while reading it",
                                             why_killed != NULL ? why_killed : how));
    }
}

static bool
worker_ensure(WorkerPool *pool, Worker *worker)
{
    g_autoptr(GError) error = NULL;

    if (worker->process.pid != 0)
        return true;
    if (now_ms() < pool->start_not_before_ms)
        return false;
    if (worker_process_start(&worker->process, pool->program, worker->line->role, &error))
        return true;
    note_failed_start(pool, worker->line, error->message);
    return false;
}

/* Takes job over. */
static void
worker_send(WorkerPool *pool, Worker *worker, Job *job)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_path_get_basename(job->path);
    int file = worker_open_media(job->path, &error);

    if (file < 0) {
        job_fail(pool, job, g_strdup(error->message));
        return;
    }
    job->id = ++pool->last_id;
    g_autofree char *valid_name = g_utf8_make_valid(name, -1);
    g_autoptr(GByteArray) message = worker_job_encode(&(WorkerJob){
        .kind = worker->line->kind, .id = job->id, .name = valid_name, .media = MEDIA_ANY });
    if (g_queue_is_empty(&worker->under_way))
        worker->head_since_ms = now_ms();
    g_queue_push_tail(&worker->under_way, job);
    /* One that is gone meanwhile shows as such in collect(). */
    worker_channel_send(worker->process.channel, message, &file, 1);
    close(file);
}

/* The worker of line with most room, one that runs before one that must be started. */
static Worker *
worker_with_room(WorkerPool *pool, const Line *line)
{
    Worker *best = NULL;

    for (guint i = 0; i < pool->worker_count; i++) {
        Worker *worker = &pool->workers[i];
        const Job *head = g_queue_peek_head(&worker->under_way);
        if (worker->line != line || worker->suspect != NULL ||
            (head != NULL && head->is_suspect) || worker->under_way.length >= WINDOW)
            continue;
        if (best == NULL || worker->under_way.length < best->under_way.length ||
            (worker->under_way.length == best->under_way.length && best->process.pid == 0 &&
             worker->process.pid != 0))
            best = worker;
    }
    return best;
}

static void
dispatch(WorkerPool *pool)
{
    Line *lines[] = { &pool->files, &pool->deep };

    for (guint i = 0; i < pool->worker_count; i++) {
        Worker *worker = &pool->workers[i];
        if (worker->suspect != NULL && worker_ensure(pool, worker))
            worker_send(pool, worker, g_steal_pointer(&worker->suspect));
    }
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        while (!g_queue_is_empty(&lines[i]->waiting)) {
            Worker *worker = worker_with_room(pool, lines[i]);
            if (worker == NULL || !worker_ensure(pool, worker))
                break;
            worker_send(pool, worker, g_queue_pop_head(&lines[i]->waiting));
        }
    }
}

static bool
submit(Probe *probe, const char *path, gpointer tag)
{
    WorkerPool *pool = (WorkerPool *)probe;

    if (pool->job_count >= pool->worker_count * WINDOW * 2)
        return false;
    Job *job = g_new(Job, 1);
    *job = (Job){ .path = g_strdup(path), .tag = tag };
    g_queue_push_tail(&pool->files.waiting, job);
    pool->job_count++;
    dispatch(pool);
    return true;
}

/* What the worker's answer means; false when it is no result yet. */
static bool
take_answer(WorkerPool *pool, Worker *worker, const WorkerAnswer *answer, ProbeResult *result)
{
    Job *job = g_queue_pop_head(&worker->under_way);

    worker->head_since_ms = now_ms();
    pool->failed_starts = 0;
    if (answer->outcome == WORKER_DEEPER && worker->line == &pool->files) {
        job->is_suspect = false;
        g_queue_push_tail(&pool->deep.waiting, job);
        return false;
    }
    *result = (ProbeResult){ .tag = job->tag, .is_readable = answer->has_facts,
                             .facts = answer->facts, .details = answer->details,
                             .details_size = answer->details_size, .reason = answer->reason };
    job_free(job);
    pool->job_count--;
    return true;
}

static bool
read_worker(WorkerPool *pool, Worker *worker, ProbeResult *result)
{
    const Job *head = g_queue_peek_head(&worker->under_way);
    int files[WORKER_FILES_MAX];
    WorkerAnswer answer;
    guint file_count;
    gssize size = worker_channel_take(worker->process.channel, pool->message,
                                      sizeof pool->message, files, &file_count);

    if (size < 0 && errno == EAGAIN)
        return false; /* none is there */

    for (guint i = 0; i < file_count; i++)
        close(files[i]); /* a worker has none to give */
    if (size <= 0) {
        worker_gone(pool, worker, NULL);
        return false;
    }
    if (head == NULL || !worker_answer_decode(pool->message, (size_t)size, &answer) ||
        answer.id != head->id) {
        worker_gone(pool, worker, "gave an answer that makes no sense");
        return false;
    }
    return take_answer(pool, worker, &answer, result);
}

/* How long to wait before something must be done unasked. */
static int
patience_ms(const WorkerPool *pool, int64_t until_ms)
{
    int64_t now = now_ms(), wake_ms = until_ms;

    for (guint i = 0; i < pool->worker_count; i++) {
        const Worker *worker = &pool->workers[i];
        if (worker->under_way.length > 0)
            wake_ms = MIN(wake_ms, worker->head_since_ms + pool->job_timeout_ms);
        if (worker->suspect != NULL)
            wake_ms = MIN(wake_ms, pool->start_not_before_ms);
    }
    if (pool->failed_starts > 0)
        wake_ms = MIN(wake_ms, MAX(pool->start_not_before_ms, now + 1));
    return (int)CLAMP(wake_ms - now, 0, 60000);
}

static bool
next_failure(WorkerPool *pool, ProbeResult *result)
{
    Failure *failure = g_queue_pop_head(&pool->failures);

    if (failure == NULL)
        return false;
    g_free(pool->reason);
    pool->reason = g_steal_pointer(&failure->reason);
    *result = (ProbeResult){ .tag = failure->tag, .reason = pool->reason };
    failure_free(failure);
    pool->job_count--;
    return true;
}

/* An answer that is there already: where we are slower than the workers it always is, and nobody
 * need be asked for it. Each worker has its turn. */
static bool
take_ready(WorkerPool *pool, ProbeResult *result)
{
    for (guint i = 0; i < pool->worker_count; i++) {
        pool->turn = (pool->turn + 1) % pool->worker_count;
        Worker *worker = &pool->workers[pool->turn];
        if (worker->under_way.length > 0 && read_worker(pool, worker, result))
            return true;
    }
    return false;
}

static bool
wait_for_answer(WorkerPool *pool, int64_t until_ms, ProbeResult *result)
{
    struct pollfd channels[WORKERS_MAX + 1];

    for (guint i = 0; i < pool->worker_count; i++)
        channels[i] = (struct pollfd){ pool->workers[i].process.channel, POLLIN, 0 };
    poll(channels, pool->worker_count, patience_ms(pool, until_ms));
    for (guint i = 0; i < pool->worker_count; i++) {
        Worker *worker = &pool->workers[i];
        if (channels[i].revents != 0) {
            if (read_worker(pool, worker, result))
                return true;
        } else if (worker->under_way.length > 0 &&
                   now_ms() >= worker->head_since_ms + pool->job_timeout_ms) {
            worker_gone(pool, worker, "took too long and was ended");
        }
    }
    return false;
}

static bool
collect(Probe *probe, int timeout_ms, ProbeResult *result)
{
    WorkerPool *pool = (WorkerPool *)probe;
    int64_t until_ms = timeout_ms < 0 ? G_MAXINT64 : now_ms() + timeout_ms;

    do {
        guint losses = pool->losses;
        dispatch(pool);
        bool is_there = next_failure(pool, result) || take_ready(pool, result);
        if (!is_there && losses == pool->losses) /* else its jobs are seen to before a wait */
            is_there = wait_for_answer(pool, pool->job_count == 0 ? 0 : until_ms, result);
        if (is_there) {
            dispatch(pool);
            return true;
        }
    } while (pool->job_count > 0 && now_ms() < until_ms);
    return false;
}

static void
pool_free(Probe *probe)
{
    WorkerPool *pool = (WorkerPool *)probe;

    for (guint i = 0; i < pool->worker_count; i++) {
        Worker *worker = &pool->workers[i];
        if (worker->process.pid != 0)
            worker_process_end(&worker->process, true, NULL);
        g_queue_clear_full(&worker->under_way, job_free);
        g_clear_pointer(&worker->suspect, job_free);
    }
    g_queue_clear_full(&pool->files.waiting, job_free);
    g_queue_clear_full(&pool->deep.waiting, job_free);
    g_queue_clear_full(&pool->failures, failure_free);
    g_free(pool->reason);
    g_free(pool->program);
    g_free(pool);
}

Probe *
worker_pool_probe_new(const WorkerPoolOptions *options)
{
    static const ProbeClass class = { submit, collect, pool_free };
    WorkerPoolOptions wanted = options != NULL ? *options : (WorkerPoolOptions){ 0 };
    WorkerPool *pool = g_new0(WorkerPool, 1);
    guint workers = wanted.workers != 0 ? wanted.workers : g_get_num_processors();

    pool->probe.class = &class;
    pool->program = wanted.program != NULL ? g_strdup(wanted.program) : worker_program();
    pool->job_timeout_ms = wanted.job_timeout_ms != 0 ? wanted.job_timeout_ms : JOB_TIMEOUT_MS;
    pool->files = (Line){ WORKER_ROLE_PROBE, WORKER_PROBE, G_QUEUE_INIT };
    pool->deep = (Line){ WORKER_ROLE_GRAPH, WORKER_PROBE_DEEP, G_QUEUE_INIT };
    pool->worker_count = MIN(workers, WORKERS_MAX) + 1;
    for (guint i = 0; i < pool->worker_count; i++) {
        bool is_graph = i == pool->worker_count - 1;
        pool->workers[i] = (Worker){ .process = WORKER_PROCESS_INIT,
                                     .line = is_graph ? &pool->deep : &pool->files };
    }
    return &pool->probe;
}
