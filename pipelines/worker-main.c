/* worker-main.c -- duoping-worker: reads media files so that the server need not
 *
 *   duoping-worker --serve=probe|graph|remux|convert      as duopingd starts it, jobs at descriptor 3
 *   duoping-worker probe FILE...             prints what it finds, for people
 *   duoping-worker thumbnail FILE JPEG [WIDTH]
 *   duoping-worker convert FILE PROFILE TO [START_MS]
 *   duoping-worker mirror ts|mp4             the screen of this computer, to standard output
 *
 * Serving, it walls itself in before the first file (sandbox.h), takes one job after the other and
 * leaves when there was none for 5 s; one that converts is told to, and makes others like itself
 * for whoever asks, as long as it has seen no file. It is silent unless DUOPING_LOG names a level.
 * By hand, it starts such a worker itself: same walls, same answers. */
#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "pipelines/by-hand.h"
#include "pipelines/capture.h"
#include "pipelines/convert.h"
#include "pipelines/film-keys.h"
#include "pipelines/probe.h"
#include "pipelines/remux.h"
#include "pipelines/sandbox.h"
#include "pipelines/subtitle-track.h"
#include "pipelines/thumbnail.h"
#include "pipelines/unpack.h"
#include "pipelines/worker-channel.h"
#include "pipelines/worker-process.h"
#include "pipelines/worker-protocol.h"
#include "pipelines/worker-twin.h"

#include <errno.h>
#include <fcntl.h>
#include <gst/gst.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define CHANNEL 3
#define IDLE_MS 5000
#define WARM_LATER_MS 300 /* after somebody came too early */
#define CPU_SECONDS_PER_JOB 60
#define CPU_SECONDS_PER_CONVERSION (24 * 3600) /* its reader holds it back; a film may be long */

static const struct {
    const char *name;
    SandboxKind sandbox;
    int niceness;
    bool has_gstreamer;
    int patience_ms; /* without a job; -1: until it is told to go */
    bool has_twins;  /* it forbids itself system calls with its first file, not before */
    /* What shortens its first job, a step at a time while there is none; false: that was all. */
    bool (*warm)(guint step);
} roles[] = {
    { WORKER_ROLE_PROBE, SANDBOX_CLOSED, 10, false, IDLE_MS, false, NULL },
    { WORKER_ROLE_GRAPH, SANDBOX_LIBRARY, 15, true, IDLE_MS, false, NULL },
    /* Somebody waits for these: until they give something, nothing goes before them. */
    { WORKER_ROLE_REMUX, SANDBOX_CLOSED, 0, false, IDLE_MS, false, NULL },
    { WORKER_ROLE_CONVERT, SANDBOX_LIBRARY, 0, true, -1, true, convert_warm },
};

typedef struct {
    guint row;
    bool is_walled_in; /* all that is to be forbidden is */
    guint warmed;      /* steps */
    bool is_warm, was_asked;
} Serving;

/* How many come with it at least. */
static guint
files_of(const WorkerJob *job)
{
    if (job->kind <= WORKER_PROBE_DEEP)
        return 1;
    return job->kind == WORKER_CONVERT ? 2u + !!job->order.has_words + !!job->order.is_growing : 2;
}

/* A picture is decoded once all of it is there. */
static void
await_whole(int more)
{
    struct pollfd gate = { more, 0, 0 };

    while (more >= 0 && poll(&gate, 1, -1) < 0 && errno == EINTR)
        ;
}

/* In each of the ways in which something is made for a screen. */
static bool
convert(const WorkerJob *job, const int *files, GError **error)
{
    const ConversionOrder *order = &job->order;
    ConvertFiles in_graph = { files[0], files[1], -1, -1 };
    guint next = 2;

    if (order->has_words)
        in_graph.words = files[next++];
    if (order->is_growing)
        in_graph.more = files[next++];
    if (order->is_remux)
        return remux_run(files[0], files[1], order, error);
    if (order->is_picture) {
        await_whole(in_graph.more);
        return picture_make(files[0], (uint32_t)order->width, (uint32_t)order->height, files[1],
                            error);
    }
    return order->is_unpacked && !order->is_growing ? unpack_convert(&in_graph, order, error)
                                                    : convert_run(&in_graph, order, error);
}

/* Fills answer; texts live in report or error. */
static void
do_job(const WorkerJob *job, const int *files, guint file_count, ProbeReport *report,
       GError **error, WorkerAnswer *answer)
{
    bool is_done = false;

    if (file_count < files_of(job))
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "no file came with the job");
    else if (job->kind == WORKER_PROBE)
        is_done = probe_file(files[0], job->name, report, error);
    else if (job->kind == WORKER_PROBE_DEEP)
        is_done = probe_gst(files[0], report, error);
    else if (job->kind == WORKER_CONVERT)
        is_done = convert(job, files, error);
    else if (job->kind == WORKER_SUBTITLES)
        is_done = subtitle_track_write(files[0], job->track, files[1], error);
    else if (job->kind == WORKER_KEYS)
        is_done = film_keys_write(files[0], files[1], error);
    else
        is_done = thumbnail_make(files[0], file_count > 2 ? files[2] : -1,
                                 &(ThumbnailWish){ .kind = job->media, .width = job->width,
                                                   .moment_ms = job->moment_ms },
                                 files[1], error);

    answer->has_facts = is_done && job->kind <= WORKER_PROBE_DEEP;
    answer->facts = report->facts;
    if (is_done)
        return;
    bool may_deepen = g_error_matches(*error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
    bool has_none = g_error_matches(*error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    answer->outcome = job->kind == WORKER_PROBE && may_deepen       ? WORKER_DEEPER
                      : job->kind > WORKER_PROBE_DEEP && has_none ? WORKER_NOTHING
                                                                  : WORKER_UNREADABLE;
    answer->reason = (*error)->message;
}

static bool
wall_in(Serving *serving, GError **error)
{
    serving->is_walled_in =
        serving->is_walled_in || sandbox_enter_calls(roles[serving->row].sandbox, error);
    return serving->is_walled_in;
}

/* False: nobody listens any more. */
static bool
answer_job(Serving *serving, const WorkerJob *job, const int *files, guint file_count)
{
    g_auto(ProbeReport) report;
    g_autoptr(GError) error = NULL;
    WorkerAnswer answer = { .id = job->id };

    probe_report_init(&report);
    sandbox_allow_cpu(job->kind == WORKER_CONVERT ? CPU_SECONDS_PER_CONVERSION
                                                  : CPU_SECONDS_PER_JOB);
    if (wall_in(serving, &error))
        do_job(job, files, file_count, &report, &error, &answer);
    else
        answer = (WorkerAnswer){ job->id, .outcome = WORKER_UNREADABLE, .reason = error->message };
    g_autoptr(GByteArray) details = g_byte_array_new();
    if (answer.has_facts && report.details != NULL) {
        media_details_encode(report.details, details);
        answer.details = details->data;
        answer.details_size = details->len;
    }
    g_autoptr(GByteArray) out = worker_answer_encode(&answer);
    return worker_channel_send(CHANNEL, out, NULL, 0);
}

/* The twin serves at channel, and says there who it is; we go on as we were. */
static bool
make_twin(Serving *serving, int channel)
{
    if (serving->is_walled_in || !worker_twin())
        return true;
    *serving = (Serving){ .row = serving->row, .is_warm = true };
    g_autoptr(GByteArray) out = worker_answer_encode(&(WorkerAnswer){ .id = (uint32_t)getpid() });
    return dup3(channel, CHANNEL, O_CLOEXEC) == CHANNEL &&
           worker_channel_send(CHANNEL, out, NULL, 0);
}

static bool
serve_one(Serving *serving)
{
    static uint8_t message[WORKER_MESSAGE_MAX];
    int files[WORKER_FILES_MAX];
    guint file_count;
    WorkerJob job;
    gssize size = worker_channel_receive(CHANNEL, message, sizeof message, files, &file_count);

    if (size <= 0 || !worker_job_decode(message, (size_t)size, &job))
        return false;
    serving->was_asked = true;
    bool goes_on = job.kind != WORKER_TWIN ? answer_job(serving, &job, files, file_count)
                                           : file_count == 1 && make_twin(serving, files[0]);
    for (guint i = 0; i < file_count; i++)
        close(files[i]);
    return goes_on;
}

/* Until there is nothing to do. */
static void
serve_all(Serving *serving)
{
    struct pollfd channel = { CHANNEL, POLLIN, 0 };
    int ready;

    do {
        int warm_ms = serving->was_asked ? WARM_LATER_MS : 0;
        ready = poll(&channel, 1, serving->is_warm ? roles[serving->row].patience_ms : warm_ms);
        if (ready > 0 && !serve_one(serving))
            return;
        if (ready == 0 && serving->is_warm)
            return;
        if (ready == 0)
            serving->is_warm = !roles[serving->row].warm(serving->warmed++);
        serving->was_asked &= ready > 0;
    } while (ready >= 0 || errno == EINTR);
}

static int
serve(const char *role)
{
    g_autoptr(GError) error = NULL;
    guint row = 0;

    while (row < G_N_ELEMENTS(roles) && strcmp(roles[row].name, role) != 0)
        row++;
    if (row == G_N_ELEMENTS(roles)) {
        fprintf(stderr, "duoping-worker: no such role: %s\n", role);
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN); /* whoever took what is made may leave */
    close_range(CHANNEL + 1, ~0u, 0);
    fcntl(CHANNEL, F_SETFD, FD_CLOEXEC); /* GStreamer may run its plugin scanner */
    setpriority(PRIO_PROCESS, 0, roles[row].niceness);
    if (roles[row].has_gstreamer && !gst_init_check(NULL, NULL, &error)) {
        g_warning("GStreamer cannot be used: %s", error->message);
        return WORKER_EXIT_SETUP;
    }
    bool is_fine = roles[row].has_twins ? sandbox_enter_files(roles[row].sandbox, &error)
                                        : sandbox_enter(roles[row].sandbox, &error);
    if (!is_fine) {
        g_warning("%s", error->message);
        return WORKER_EXIT_SETUP;
    }
    if (g_getenv("DUOPING_LOG") == NULL)
        dup2(STDOUT_FILENO, STDERR_FILENO); /* /dev/null: broken media must not flood the log */
    serve_all(&(Serving){ .row = row, .is_walled_in = !roles[row].has_twins,
                          .is_warm = roles[row].warm == NULL });
    return WORKER_EXIT_IDLE;
}

int
main(int argc, char **argv)
{
    const char *level = g_getenv("DUOPING_LOG");

    log_start(level != NULL ? level : "message");
    if (argc == 2 && g_str_has_prefix(argv[1], "--serve="))
        _exit(serve(argv[1] + strlen("--serve="))); /* no handlers at exit within the walls */
    if (argc >= 3 && strcmp(argv[1], "probe") == 0)
        return by_hand_probe(argc - 2, argv + 2);
    if ((argc == 4 || argc == 5) && strcmp(argv[1], "thumbnail") == 0)
        return by_hand_thumbnail(argv[2], argv[3], argv[4]);
    if ((argc == 5 || argc == 6) && strcmp(argv[1], "convert") == 0)
        return by_hand_convert(argv[2], argv[3], argv[4], argv[5]);
    if ((argc == 3 || argc == 4) && strcmp(argv[1], "mirror") == 0) {
        signal(SIGPIPE, SIG_IGN);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        return capture_run(argv[2], STDOUT_FILENO, argc == 4 ? atoi(argv[3]) : -1);
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("duoping-worker " PACKAGE_VERSION);
        return 0;
    }
    fputs("usage: duoping-worker probe FILE...\n"
          "       duoping-worker thumbnail FILE JPEG [WIDTH]\n"
          "       duoping-worker convert FILE PROFILE TO [START_MS]\n"
          "       duoping-worker mirror ts|mp4\n", stderr);
    return 2;
}
