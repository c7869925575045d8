/* test-conversion.c -- a worker makes a stream: all of it, held back, given up, killed */
#include "pipelines/conversion.h"

#include "base/error.h"
#include "pipelines/worker-process.h"
#include "pipelines/worker-spare.h"
#include "tests/pipelines/media-files.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define RING_SIZE (256 * 1024)
#define FILM "-f lavfi -i testsrc2=size=640x360:rate=25:duration=20 " \
    "-f lavfi -i sine=frequency=440:duration=20:sample_rate=48000 -ac 2"

static char *folder, *film;

typedef struct {
    StreamHub *hub;
    HubReader *reader;
    Conversion *conversion;
    bool has_begun, has_ended;
    GError *error;
} Run;

static void
on_begun(gpointer user_data)
{
    ((Run *)user_data)->has_begun = true;
}

static void
on_ended(const GError *error, gpointer user_data)
{
    Run *run = user_data;

    g_assert_false(run->has_ended);
    run->has_ended = true;
    run->error = error != NULL ? g_error_copy(error) : NULL;
}

static const ConversionEvents events = { on_begun, on_ended };

static const ConversionOrder to_ts = {
    .mux = "ts", .video = "h264", .audio = "aac", .copies_video = 1, .channels = 2,
    .sample_rate = 48000, .audio_kbit = 128,
};

/* Nothing is converted: libavformat does it. */
static const ConversionOrder as_it_is = {
    .mux = "ts", .video = "h264", .audio = "ac3", .copies_video = 1, .copies_audio = 1,
    .is_remux = 1,
};

static void
run_start(Run *run, const char *path, const ConversionOrder *order, const char *program)
{
    ConversionParts parts = { .program = program,
                              .name = "film",
                              .hub = stream_hub_new(RING_SIZE) };

    parts.file = worker_open_media(path, NULL);
    g_assert_cmpint(parts.file, >=, 0);
    *run = (Run){ .hub = parts.hub, .reader = hub_reader_new(parts.hub, HUB_FILE) };
    run->conversion = conversion_start(&parts, order, &events, run);
}

static void
run_clear(Run *run)
{
    conversion_free(run->conversion);
    hub_reader_free(run->reader);
    stream_hub_unref(run->hub);
    g_clear_error(&run->error);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1); /* no child is left, not even a dead one */
}

static void
await(const bool *what)
{
    while (!*what)
        g_main_context_iteration(NULL, TRUE);
}

/* All that is left, in a thread's stead. */
static GByteArray *
read_all(Run *run)
{
    GByteArray *all = g_byte_array_new();
    uint8_t block[65536];
    gssize got;

    while ((got = hub_reader_read(run->reader, block, sizeof block, NULL)) != 0 && got != -1) {
        if (got > 0)
            g_byte_array_append(all, block, (guint)got);
        else
            g_usleep(1000);
        g_main_context_iteration(NULL, FALSE);
    }
    return all;
}

static void
test_all_of_it(gconstpointer order)
{
    Run run;

    run_start(&run, film, order, NULL);
    g_autoptr(GByteArray) all = read_all(&run);
    await(&run.has_ended);
    g_assert_no_error(run.error);
    g_assert_true(run.has_begun);
    g_assert_cmpuint(all->len, >, RING_SIZE);
    g_assert_cmpuint(all->len % 188, ==, 0);
    for (guint at = 0; at < all->len; at += 188)
        /* each packet begins so (ISO 13818-1, 2.4.3.2) */
        g_assert_cmpuint(all->data[at], ==, 0x47);
    run_clear(&run);
}

/* Of the main thread of the one child that we have. */
static int
worker_niceness(void)
{
    g_autoptr(GDir) threads = g_dir_open("/proc/self/task", 0, NULL);
    const char *thread;
    int pid = 0;

    while (pid == 0 && (thread = g_dir_read_name(threads)) != NULL) {
        g_autofree char *path = g_strdup_printf("/proc/self/task/%s/children", thread);
        g_autofree char *text = NULL;
        if (g_file_get_contents(path, &text, NULL, NULL))
            pid = atoi(text);
    }
    g_assert_cmpint(pid, !=, 0);
    return getpriority(PRIO_PROCESS, (id_t)pid);
}

static void
test_patient_while_ahead(void)
{
    Run run;
    uint8_t block[RING_SIZE / 2];

    if (setpriority(PRIO_PROCESS, 0, 1) != 0 || setpriority(PRIO_PROCESS, 0, 0) != 0) {
        g_test_skip("a patience cannot be taken back here");
        return;
    }
    run_start(&run, film, &to_ts, NULL);
    await(&run.has_begun);
    while (worker_niceness() != 19)
        g_usleep(1000);
    while (worker_niceness() == 19) /* we are about to overtake it */
        if (hub_reader_read(run.reader, block, sizeof block, NULL) == HUB_LATER)
            g_usleep(1000);
    g_assert_cmpint(worker_niceness(), ==, 5);
    run_clear(&run);
}

static void
test_reader_holds_back(void)
{
    Run run;

    run_start(&run, film, &to_ts, NULL);
    await(&run.has_begun);
    while (stream_hub_produced(run.hub) < RING_SIZE / 2) /* as far as it may go */
        g_usleep(1000);
    g_assert_false(run.has_ended);
    g_assert_cmpuint(stream_hub_produced(run.hub), ==, RING_SIZE / 2);
    g_autoptr(GByteArray) all = read_all(&run);
    await(&run.has_ended);
    g_assert_no_error(run.error);
    g_assert_cmpuint(all->len, ==, stream_hub_produced(run.hub));
    run_clear(&run);
}

static void
test_nobody_wants_it(void)
{
    Run run;

    run_start(&run, film, &to_ts, NULL);
    await(&run.has_begun);
    run_clear(&run);
    g_assert_false(run.has_ended); /* who frees it is told nothing */
}

/* A later part is less, and begins where it is asked to. */
static void
test_a_part(gconstpointer of)
{
    ConversionOrder order = *(const ConversionOrder *)of;
    Run whole, part;

    order.start_ms = 10000;
    order.length_ms = 5000;
    run_start(&whole, film, of, NULL);
    g_autoptr(GByteArray) all = read_all(&whole);
    run_start(&part, film, &order, NULL);
    g_autoptr(GByteArray) some = read_all(&part);
    await(&part.has_ended);
    g_assert_no_error(part.error);
    g_assert_cmpuint(some->len, >, all->len / 8);
    g_assert_cmpuint(some->len, <, all->len / 2);
    conversion_free(g_steal_pointer(&whole.conversion));
    run_clear(&part);
    run_clear(&whole);
}

static void
test_no_media(gconstpointer order)
{
    g_autofree char *path = g_build_filename(folder, "noise", NULL);
    g_autofree char *noise = g_strnfill(100000, '?');
    Run run;

    g_assert_true(g_file_set_contents(path, noise, -1, NULL));
    run_start(&run, path, order, NULL);
    g_autoptr(GByteArray) all = read_all(&run);
    await(&run.has_ended);
    g_assert_cmpuint(all->len, ==, 0);
    g_assert_false(run.has_begun);
    g_assert_error(run.error, DUO_ERROR, DUO_ERROR_FAILED);
    run_clear(&run);
}

static void
test_no_recipe(gconstpointer of)
{
    ConversionOrder order = *(const ConversionOrder *)of;
    Run run;

    order.mux = order.audio = "../../etc/passwd";
    run_start(&run, film, &order, NULL);
    g_autoptr(GByteArray) all = read_all(&run);
    await(&run.has_ended);
    g_assert_cmpuint(all->len, ==, 0);
    g_assert_error(run.error, DUO_ERROR, DUO_ERROR_FAILED);
    g_assert_nonnull(strstr(run.error->message, "nobody knows how"));
    run_clear(&run);
}

static void
test_no_worker(void)
{
    Run run;

    run_start(&run, film, &to_ts, "/nowhere/duoping-worker");
    await(&run.has_ended);
    g_assert_error(run.error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    run_clear(&run);
}

/* The brightest point of each half second of the film, "0" to "9". */
static char *
brightness_of(const GByteArray *stream)
{
    g_autofree char *path = g_build_filename(folder, "made.ts", NULL);
    g_autofree char *arguments =
        g_strdup_printf("-i '%s' -vf fps=2,scale=160:90 -pix_fmt gray -f rawvideo", path);
    const gsize size = 160 * 90;
    g_autofree char *pictures = NULL;
    gsize length;

    g_assert_true(g_file_set_contents(path, (const char *)stream->data, stream->len, NULL));
    g_autofree char *raw = media_make(folder, "made.gray", arguments);
    g_assert_true(g_file_get_contents(raw, &pictures, &length, NULL));
    GString *bright = g_string_new(NULL);
    for (gsize at = 0; at + size <= length; at += size) {
        uint8_t most = 0;
        for (gsize i = 0; i < size; i++)
            most = MAX(most, (uint8_t)pictures[at + i]);
        g_string_append_c(bright, (char)('0' + most / 26));
    }
    return g_string_free(bright, FALSE);
}

/* Words go into a black picture while they are said, also where the stream begins later. */
static void
test_words(void)
{
    static const struct {
        const char *words;
        int64_t start_ms;
        const char *expected; /* "." dark, "#" words; of the first half seconds */
    } cases[] = {
        { "1\n00:00:01,000 --> 00:00:02,000\n<i>WORDS</i> &amp; 文字\n\n"
          "2\n00:00:03,000 --> 00:00:04,000\nWORDS\n\n", 0, "..##..##" },
        { "1\n00:00:00,000 --> 00:00:01,000\nWORDS\n\n", 2000, "##.." },
        { "no words at all", 0, NULL },
    };
    g_autofree char *dark =
        media_make(folder, "dark.mp4", "-f lavfi -i color=black:size=640x360:rate=10:duration=4 "
                                       "-pix_fmt yuv420p -c:v libx264 -preset ultrafast");

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        ConversionOrder order = { .mux = "ts", .video = "h264", .has_words = 1, .is_software = 1,
                                  .start_ms = cases[i].start_ms };
        g_autoptr(GBytes) words = g_bytes_new_static(cases[i].words, strlen(cases[i].words));
        ConversionParts parts = { .name = "film", .hub = stream_hub_new(RING_SIZE),
                                  .file = worker_open_media(dark, NULL), .words = words };
        Run run = { .hub = parts.hub, .reader = hub_reader_new(parts.hub, HUB_FILE) };
        run.conversion = conversion_start(&parts, &order, &events, &run);
        g_autoptr(GByteArray) all = read_all(&run);
        await(&run.has_ended);
        if (cases[i].expected == NULL) {
            g_assert_nonnull(run.error);
            run_clear(&run);
            continue;
        }
        g_assert_no_error(run.error);
        g_autofree char *bright = brightness_of(all);
        g_test_message("%s", bright);
        for (gsize at = 0; cases[i].expected[at] != '\0'; at++)
            g_assert_true((bright[at] >= '5') == (cases[i].expected[at] == '#'));
        run_clear(&run);
    }
}

/* The only child there is. */
static pid_t
child(void)
{
    g_autofree char *path = NULL, *text = NULL;
    g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
    const char *task;
    pid_t found = 0;

    while (found == 0 && (task = g_dir_read_name(tasks)) != NULL) {
        g_free(path);
        g_clear_pointer(&text, g_free);
        path = g_strdup_printf("/proc/self/task/%s/children", task);
        if (g_file_get_contents(path, &text, NULL, NULL))
            found = (pid_t)g_ascii_strtoll(text, NULL, 10);
    }
    return found;
}

/* 'T' is a process that was told to rest (proc(5)). */
static char
state_of(pid_t process)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)process);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return strrchr(text, ')')[2];
}

/* Whoever left costs nothing, and finds everything when he comes back. */
static void
test_rests_while_nobody_reads(void)
{
    ConversionParts parts = { .name = "film", .hub = stream_hub_new(RING_SIZE) };
    Run run = { .hub = parts.hub };

    hub_reader_free(hub_reader_new(parts.hub, HUB_FILE));
    parts.file = worker_open_media(film, NULL);
    run.conversion = conversion_start(&parts, &to_ts, &events, &run);
    while (child() == 0 || state_of(child()) != 'T')
        g_usleep(1000);
    g_assert_cmpuint(stream_hub_produced(run.hub), ==, 0);
    run.reader = hub_reader_new(run.hub, HUB_FILE);
    g_autoptr(GByteArray) all = read_all(&run);
    await(&run.has_ended);
    g_assert_no_error(run.error);
    g_assert_cmpuint(all->len, >, RING_SIZE);
    run_clear(&run);
}

/* One that waits already makes another of itself; one that died while it waited is not missed. */
static void
test_spare(gconstpointer is_dead)
{
    g_autoptr(WorkerSpare) spare = worker_spare_new(NULL);
    ConversionParts parts = { .name = "film", .hub = stream_hub_new(RING_SIZE) };
    Run run = { .hub = parts.hub, .reader = hub_reader_new(parts.hub, HUB_FILE) };

    g_assert_cmpint(worker_spare_lend(spare), ==, -1);
    worker_spare_prepare(spare);
    worker_spare_prepare(spare); /* the same one */
    g_assert_true(worker_spare_waits(spare));
    if (is_dead != NULL) {
        siginfo_t how;
        g_assert_no_errno(kill(child(), SIGKILL));
        g_assert_no_errno(waitid(P_ALL, 0, &how, WEXITED | WNOWAIT));
    }
    parts.spare = spare;
    parts.file = worker_open_media(film, NULL);
    run.conversion = conversion_start(&parts, &to_ts, &events, &run);
    g_autoptr(GByteArray) all = read_all(&run);
    await(&run.has_ended);
    g_assert_no_error(run.error);
    g_assert_cmpuint(all->len, >, RING_SIZE);
    g_assert_true(worker_spare_waits(spare));
    worker_spare_dismiss(spare);
    run_clear(&run);
}

static void
test_spare_goes(void)
{
    WorkerSpare *spare = worker_spare_new(NULL);

    worker_spare_prepare(spare);
    worker_spare_dismiss(spare);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    worker_spare_prepare(spare);
    worker_spare_free(spare);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
}

static void
test_killed(void)
{
    uint8_t octet;
    Run run;

    run_start(&run, film, &to_ts, NULL);
    await(&run.has_begun);
    g_assert_no_errno(kill(child(), SIGKILL));
    g_autoptr(GByteArray) all = read_all(&run);
    await(&run.has_ended);
    g_assert_error(run.error, DUO_ERROR, DUO_ERROR_FAILED);
    g_assert_nonnull(strstr(run.error->message, "signal 9"));
    g_autoptr(GError) error = NULL; /* the reader is told, too: it is not all */
    g_assert_cmpint(hub_reader_read(run.reader, &octet, 1, &error), ==, -1);
    run_clear(&run);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!media_can_make()) {
        g_printerr("ffmpeg is not installed\n");
        return 77;
    }
    folder = media_folder();
    film = media_make(folder, "film.mkv",
                      FILM " -c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p -c:a ac3");
    g_test_add_data_func("/conversion/all-of-it", &to_ts, test_all_of_it);
    g_test_add_data_func("/conversion/all-of-it/remux", &as_it_is, test_all_of_it);
    g_test_add_func("/conversion/words", test_words);
    g_test_add_func("/conversion/reader-holds-back", test_reader_holds_back);
    g_test_add_func("/conversion/patient-while-ahead", test_patient_while_ahead);
    g_test_add_func("/conversion/nobody-wants-it", test_nobody_wants_it);
    g_test_add_data_func("/conversion/a-part", &to_ts, test_a_part);
    g_test_add_data_func("/conversion/a-part/remux", &as_it_is, test_a_part);
    g_test_add_data_func("/conversion/no-media", &to_ts, test_no_media);
    g_test_add_data_func("/conversion/no-media/remux", &as_it_is, test_no_media);
    g_test_add_data_func("/conversion/no-recipe", &to_ts, test_no_recipe);
    g_test_add_data_func("/conversion/no-recipe/remux", &as_it_is, test_no_recipe);
    g_test_add_func("/conversion/no-worker", test_no_worker);
    g_test_add_func("/conversion/rests", test_rests_while_nobody_reads);
    g_test_add_data_func("/conversion/spare", NULL, test_spare);
    g_test_add_data_func("/conversion/spare/dead", "dead", test_spare);
    g_test_add_func("/conversion/spare/goes", test_spare_goes);
    g_test_add_func("/conversion/killed", test_killed);
    int result = g_test_run();
    media_folder_remove(folder);
    g_free(folder);
    g_free(film);
    return result;
}
