/* worker-main.c -- duoping-worker: reads media files so that the server need not
 *
 *   duoping-worker --serve=probe|graph       as duopingd starts it, jobs at descriptor 3
 *   duoping-worker probe FILE...             prints what it finds, for people
 *   duoping-worker thumbnail FILE JPEG [WIDTH]
 *
 * Serving, it walls itself in before the first file (sandbox.h), takes one job after the other and
 * leaves when there was none for 5 s. It is silent unless DUOPING_LOG names a level. By hand, it
 * starts such a worker itself: same walls, same answers. */
#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "pipelines/probe.h"
#include "pipelines/sandbox.h"
#include "pipelines/thumbnail.h"
#include "pipelines/thumbnailer.h"
#include "pipelines/worker-channel.h"
#include "pipelines/worker-pool.h"
#include "pipelines/worker-process.h"
#include "pipelines/worker-protocol.h"

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
#define CPU_SECONDS_PER_JOB 60

static const struct {
    const char *name;
    SandboxKind sandbox;
    int niceness;
    bool has_gstreamer;
} roles[] = {
    { WORKER_ROLE_PROBE, SANDBOX_CLOSED, 10, false },
    { WORKER_ROLE_GRAPH, SANDBOX_LIBRARY, 15, true },
};

/* Fills answer; texts live in report or error. */
static void
do_job(const WorkerJob *job, const int *files, guint file_count, ProbeReport *report,
       GError **error, WorkerAnswer *answer)
{
    bool is_done = false;

    if (file_count < (job->kind == WORKER_THUMBNAIL ? 2 : 1))
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "no file came with the job");
    else if (job->kind == WORKER_PROBE)
        is_done = probe_file(files[0], job->name, report, error);
    else if (job->kind == WORKER_PROBE_DEEP)
        is_done = probe_gst(files[0], report, error);
    else
        is_done = thumbnail_make(files[0], file_count > 2 ? files[2] : -1, job->media, job->width,
                                 files[1], error);

    answer->has_facts = is_done && job->kind != WORKER_THUMBNAIL;
    answer->facts = report->facts;
    if (is_done)
        return;
    bool may_deepen = g_error_matches(*error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
    bool has_none = g_error_matches(*error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    answer->outcome = job->kind == WORKER_PROBE && may_deepen     ? WORKER_DEEPER
                      : job->kind == WORKER_THUMBNAIL && has_none ? WORKER_NO_PICTURE
                                                                  : WORKER_UNREADABLE;
    answer->reason = (*error)->message;
}

static bool
serve_one(void)
{
    static uint8_t message[WORKER_MESSAGE_MAX];
    int files[WORKER_FILES_MAX];
    guint file_count;
    WorkerJob job;
    gssize size = worker_channel_receive(CHANNEL, message, sizeof message, files, &file_count);

    if (size <= 0 || !worker_job_decode(message, (size_t)size, &job))
        return false;
    g_auto(ProbeReport) report;
    g_autoptr(GError) error = NULL;
    WorkerAnswer answer = { .id = job.id };
    probe_report_init(&report);
    sandbox_allow_cpu(CPU_SECONDS_PER_JOB);
    do_job(&job, files, file_count, &report, &error, &answer);
    for (guint i = 0; i < file_count; i++)
        close(files[i]);
    g_autoptr(GByteArray) details = g_byte_array_new();
    if (answer.has_facts && report.details != NULL) {
        media_details_encode(report.details, details);
        answer.details = details->data;
        answer.details_size = details->len;
    }
    g_autoptr(GByteArray) out = worker_answer_encode(&answer);
    return worker_channel_send(CHANNEL, out, NULL, 0);
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
    close_range(CHANNEL + 1, ~0u, 0);
    fcntl(CHANNEL, F_SETFD, FD_CLOEXEC); /* GStreamer may run its plugin scanner */
    setpriority(PRIO_PROCESS, 0, roles[row].niceness);
    if (roles[row].has_gstreamer && !gst_init_check(NULL, NULL, &error)) {
        g_warning("GStreamer cannot be used: %s", error->message);
        return WORKER_EXIT_SETUP;
    }
    if (!sandbox_enter(roles[row].sandbox, &error)) {
        g_warning("%s", error->message);
        return WORKER_EXIT_SETUP;
    }
    if (g_getenv("DUOPING_LOG") == NULL)
        dup2(STDOUT_FILENO, STDERR_FILENO); /* /dev/null: broken media must not flood the log */
    struct pollfd channel = { CHANNEL, POLLIN, 0 };
    int ready;
    while ((ready = poll(&channel, 1, IDLE_MS)) > 0 || (ready < 0 && errno == EINTR))
        if (ready > 0 && !serve_one())
            break;
    return WORKER_EXIT_IDLE;
}

static void
print_fields(const char *indent, const MediaField *fields, const void *record)
{
    for (const MediaField *field = fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_TEXT) {
            const char *text = media_field_text(record, field);
            if (text != NULL)
                printf("%s%s: %s\n", indent, field->name, text);
        } else if (media_field_number(record, field) != 0) {
            printf("%s%s: %" G_GINT64_FORMAT "\n", indent, field->name,
                   media_field_number(record, field));
        }
    }
}

static void
print_result(const ProbeResult *result)
{
    const char *path = result->tag;

    if (!result->is_readable) {
        printf("%s\n  unreadable: %s\n", path, result->reason);
        return;
    }
    printf("%s\n  kind: %s\n", path, media_kind_name(result->facts.kind));
    print_fields("  ", media_fields, &result->facts);
    g_autoptr(MediaDetails) details =
        result->details != NULL ? media_details_decode(result->details, result->details_size) : NULL;
    for (MediaListKind kind = 0; kind < MEDIA_LIST_N; kind++) {
        for (guint i = 0; i < media_details_count(details, kind); i++) {
            printf("  %s %u\n", media_list_types[kind].name, i + 1);
            print_fields("    ", media_list_types[kind].fields,
                         media_details_get(details, kind, i));
        }
    }
}

/* Exit code 1 when a file was unreadable. */
static int
probe_by_hand(int count, char **paths)
{
    Probe *probe = worker_pool_probe_new(&(WorkerPoolOptions){ .program = "/proc/self/exe" });
    int submitted = 0, code = 0;
    ProbeResult result;

    for (int collected = 0; collected < count; collected++) {
        while (submitted < count && probe->class->submit(probe, paths[submitted], paths[submitted]))
            submitted++;
        if (!probe->class->collect(probe, -1, &result))
            break;
        print_result(&result);
        if (!result.is_readable)
            code = 1;
    }
    probe->class->free(probe);
    return code;
}

typedef struct {
    GMainLoop *loop;
    Thumbnailer *thumbnailer;
    const char *to;
    int code;
} Errand;

static void
on_thumbnail(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Errand *errand = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) jpeg = thumbnailer_make_finish(errand->thumbnailer, result, &error);
    gsize size = 0;
    const char *data = jpeg != NULL ? g_bytes_get_data(jpeg, &size) : NULL;

    if (jpeg == NULL || !g_file_set_contents(errand->to, data, (gssize)size, &error)) {
        fprintf(stderr, "duoping-worker: %s\n", error->message);
        errand->code = 1;
    }
    g_main_loop_quit(errand->loop);
}

/* What the library would hold path for, asked of a worker; MEDIA_ANY when it is unreadable. */
static MediaKind
kind_of(const char *path)
{
    Probe *probe = worker_pool_probe_new(&(WorkerPoolOptions){ .program = "/proc/self/exe" });
    ProbeResult result;
    MediaKind kind = MEDIA_ANY;

    if (probe->class->submit(probe, path, NULL) && probe->class->collect(probe, -1, &result) &&
        result.is_readable)
        kind = result.facts.kind;
    probe->class->free(probe);
    return kind;
}

static int
thumbnail_by_hand(const char *path, const char *to, const char *width_text)
{
    uint32_t width = 0;

    if (width_text != NULL && !text_to_u32(width_text, 1, 4096, &width)) {
        fprintf(stderr, "duoping-worker: %s is no width\n", width_text);
        return 2;
    }
    MediaKind kind = kind_of(path);
    Errand errand = { g_main_loop_new(NULL, FALSE), thumbnailer_new("/proc/self/exe"), to, 0 };
    thumbnailer_make(errand.thumbnailer,
                     &(PictureSource){ .path = (char *)path,
                                       .kind = kind == MEDIA_ANY ? MEDIA_IMAGE : kind },
                     thumbnailer_width(width), NULL, on_thumbnail, &errand);
    g_main_loop_run(errand.loop);
    thumbnailer_free(errand.thumbnailer);
    g_main_loop_unref(errand.loop);
    return errand.code;
}

int
main(int argc, char **argv)
{
    const char *level = g_getenv("DUOPING_LOG");

    log_start(level != NULL ? level : "message");
    if (argc == 2 && g_str_has_prefix(argv[1], "--serve="))
        _exit(serve(argv[1] + strlen("--serve="))); /* no handlers at exit within the walls */
    if (argc >= 3 && strcmp(argv[1], "probe") == 0)
        return probe_by_hand(argc - 2, argv + 2);
    if ((argc == 4 || argc == 5) && strcmp(argv[1], "thumbnail") == 0)
        return thumbnail_by_hand(argv[2], argv[3], argv[4]);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("duoping-worker " PACKAGE_VERSION);
        return 0;
    }
    fputs("usage: duoping-worker probe FILE...\n"
          "       duoping-worker thumbnail FILE JPEG [WIDTH]\n", stderr);
    return 2;
}
