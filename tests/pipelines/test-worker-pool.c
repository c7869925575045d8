/* test-worker-pool.c -- real workers that read, die, hang and cannot start; thumbnails by them */
#include "pipelines/thumbnailer.h"
#include "pipelines/worker-pool.h"

#include "base/error.h"
#include "tests/pipelines/media-files.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A program that behaves badly in its own way, instead of a worker. */
static char *
bad_worker(const char *folder, const char *script)
{
    char *path = g_build_filename(folder, "worker.sh", NULL);
    g_autofree char *text = g_strconcat("#!/bin/sh\n", script, "\n", NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(chmod(path, 0700), ==, 0);
    return path;
}

static char *
text_file(const char *folder, const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

/* Probes path alone and gives the reason why not, the caller's; NULL when it was readable. */
static char *
reason_of(const WorkerPoolOptions *options, const char *path)
{
    Probe *probe = worker_pool_probe_new(options);
    ProbeResult result;
    int tag;

    g_assert_true(probe->class->submit(probe, path, &tag));
    g_assert_true(probe->class->collect(probe, 60000, &result));
    g_assert_true(result.tag == &tag);
    char *reason = result.is_readable ? NULL : g_strdup(result.reason);
    g_assert_false(probe->class->collect(probe, 0, &result));
    probe->class->free(probe);
    return reason;
}

static void
test_bad_workers(void)
{
    static const struct {
        const char *script, *reason;
    } cases[] = {
        { "kill -SEGV $$", "*was ended by signal 11 while reading it*" },
        { "exit 3", "*ended with status 3 while reading it*" },
        { "exec sleep 100", "*took too long*while reading it*" },
        { "echo nonsense >&3; exec sleep 100", "*makes no sense*" },
        { "exit 126", "*no worker could read it*" },
    };
    g_autofree char *folder = media_folder();
    g_autofree char *media = text_file(folder, "a.mp3", "some bytes");

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *program = bad_worker(folder, cases[i].script);
        WorkerPoolOptions options = { .workers = 1, .job_timeout_ms = 300, .program = program };
        g_autofree char *reason = reason_of(&options, media);
        g_test_message("%s: %s", cases[i].script, reason);
        g_assert_nonnull(reason);
        g_assert_true(g_pattern_match_simple(cases[i].reason, reason));
    }
    media_folder_remove(folder);
}

static void
test_no_worker(void)
{
    g_autofree char *folder = media_folder();
    g_autofree char *media = text_file(folder, "a.mp3", "some bytes");
    WorkerPoolOptions options = { .workers = 1, .program = "/nowhere/duoping-worker" };

    g_autofree char *reason = reason_of(&options, media);
    g_assert_nonnull(strstr(reason, "/nowhere/duoping-worker"));
    media_folder_remove(folder);
}

static void
test_unreadable(void)
{
    static const struct {
        const char *name, *text, *reason;
    } cases[] = {
        { "empty.mp3", "", "*empty*" },
        { "text.jpg", "this is no picture\n", "*" },
        { "garbage.mp4", "\1\2\3\4\5\6\7ftypnothing at all that could be a film", "*" },
    };
    g_autofree char *folder = media_folder();

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = text_file(folder, cases[i].name, cases[i].text);
        g_autofree char *reason = reason_of(NULL, path);
        g_test_message("%s: %s", cases[i].name, reason);
        g_assert_nonnull(reason);
        g_assert_true(g_pattern_match_simple(cases[i].reason, reason));
        g_assert_null(strstr(reason, "signal"));
    }
    g_autofree char *missing = reason_of(NULL, "/nowhere/a.mp3");
    g_assert_nonnull(missing);
    g_autofree char *not_a_file = reason_of(NULL, folder);
    g_assert_nonnull(not_a_file);
    media_folder_remove(folder);
}

/* The process id of one of our children, 0 when there is none. */
static pid_t
some_child(void)
{
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(processes)) != NULL) {
        g_autofree char *path = g_strdup_printf("/proc/%s/stat", name);
        g_autofree char *stat = NULL;
        int parent = 0;
        if (g_ascii_isdigit(*name) && g_file_get_contents(path, &stat, NULL, NULL) &&
            sscanf(strrchr(stat, ')') + 1, " %*c %d", &parent) == 1 && parent == getpid())
            return (pid_t)atoi(name);
    }
    return 0;
}

/* Kills workers all the while: each file is answered once, and given up only when both of its tries
 * were hit. */
static void
test_killed(void)
{
    if (!media_can_make()) {
        g_test_skip("no ffmpeg here");
        return;
    }
    g_autofree char *folder = media_folder();
    g_autofree char *song = media_make(folder, "a.mp3", MEDIA_SOUND MEDIA_TAGS);
    Probe *probe = worker_pool_probe_new(&(WorkerPoolOptions){ .workers = 2 });
    enum { FILES = 200, KILLS = 4 };
    guint answers[FILES] = { 0 }, submitted = 0, kills = 0, unreadable = 0;
    ProbeResult result;

    for (guint collected = 0; collected < FILES; collected++) {
        while (submitted < FILES && probe->class->submit(probe, song, &answers[submitted]))
            submitted++;
        if (collected % 40 == 20 && kills < KILLS) {
            pid_t child = some_child();
            g_assert_cmpint(child, >, 0);
            kill(child, SIGKILL);
            kills++;
        }
        g_assert_true(probe->class->collect(probe, 60000, &result));
        unreadable += !result.is_readable;
        ++*(guint *)result.tag;
        if (result.is_readable)
            g_assert_cmpstr(result.facts.artist, ==, "Ärtist");
    }
    for (guint i = 0; i < FILES; i++)
        g_assert_cmpuint(answers[i], ==, 1);
    g_assert_cmpuint(kills, ==, KILLS);
    g_assert_cmpuint(unreadable, <=, KILLS / 2);
    probe->class->free(probe);
    media_folder_remove(folder);
}

typedef struct {
    Thumbnailer *thumbnailer;
    GBytes *jpeg;
    GError *error;
    bool is_done;
    char *beside;
    uint32_t moment_ms;
} Answer;

static void
on_thumbnail(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Answer *answer = user_data;

    answer->jpeg = thumbnailer_make_finish(answer->thumbnailer, result, &answer->error);
    answer->is_done = true;
}

static void
ask(Answer *answer, const char *path, MediaKind kind, guint width)
{
    const PictureSource source = { .path = (char *)path, .kind = kind, .beside = answer->beside,
                                   .moment_ms = answer->moment_ms };

    thumbnailer_make(answer->thumbnailer, &source, width, NULL, on_thumbnail, answer);
    while (!answer->is_done)
        g_main_context_iteration(NULL, TRUE);
}

/* Width and height of a JPEG, from its frame header. */
static void
jpeg_size(GBytes *jpeg, guint *width, guint *height)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(jpeg, &size);

    g_assert_cmpuint(size, >, 20);
    for (gsize at = 2; at + 9 < size; at += 2u + (guint)(data[at + 2] << 8 | data[at + 3])) {
        g_assert_cmpuint(data[at], ==, 0xff);
        if (data[at + 1] == 0xc0) {
            *height = (guint)(data[at + 5] << 8 | data[at + 6]);
            *width = (guint)(data[at + 7] << 8 | data[at + 8]);
            return;
        }
    }
    g_assert_not_reached();
}

static void
test_thumbnails(void)
{
    static const struct {
        const char *name, *arguments;
        MediaKind kind;
        guint width, expected_width, expected_height;
    } cases[] = {
        { "big.jpg", "-f lavfi -i testsrc=size=3000x1000:rate=1:duration=1 -frames:v 1 -pix_fmt "
          "yuvj420p", MEDIA_IMAGE, 320, 320, 107 },
        { "small.png", "-f lavfi -i testsrc=size=100x60:rate=1:duration=1 -frames:v 1", MEDIA_IMAGE,
          320, 100, 60 },
        { "p.gif", MEDIA_PICTURE, MEDIA_IMAGE, 160, 160, 90 },
        { "p.bmp", MEDIA_PICTURE, MEDIA_IMAGE, 160, 160, 90 },
        { "v.mp4", MEDIA_FILM MEDIA_H264, MEDIA_VIDEO, 160, 160, 90 },
        { "turned.mp4", "-i %s/v.mp4 -c copy -metadata:s:v rotate=90", MEDIA_VIDEO, 160, 90, 160 },
        { "v.webm", MEDIA_FILM " -c:v libvpx -deadline realtime -c:a libvorbis", MEDIA_VIDEO, 160,
          160, 90 },
        { "covered.mp3", "-i %s/v.mp4 -i %s/p.bmp -map 0:a -map 1:v -c:v png -c:a libmp3lame "
          "-disposition:v attached_pic", MEDIA_AUDIO, 320, 320, 180 },
    };
    if (!media_can_make()) {
        g_test_skip("no ffmpeg here");
        return;
    }
    g_autofree char *folder = media_folder();
    g_autoptr(Thumbnailer) thumbnailer = thumbnailer_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) parts = g_strsplit(cases[i].arguments, "%s", -1);
        g_autofree char *arguments = g_strjoinv(folder, parts);
        g_autofree char *path = media_make(folder, cases[i].name, arguments);
        Answer answer = { .thumbnailer = thumbnailer };
        guint width = 0, height = 0;

        g_test_message("%s", cases[i].name);
        ask(&answer, path, cases[i].kind, cases[i].width);
        g_assert_no_error(answer.error);
        jpeg_size(answer.jpeg, &width, &height);
        g_assert_cmpuint(width, ==, cases[i].expected_width);
        g_assert_cmpuint(height, ==, cases[i].expected_height);
        g_bytes_unref(answer.jpeg);
    }

    /* A film that begins in the dark is shown where there is light: a black JPEG is far smaller. */
    g_autofree char *dark = media_make(
        folder, "dark.mp4", "-f lavfi -i color=black:size=320x180:rate=10:duration=2 -f lavfi -i "
        "testsrc=size=320x180:rate=10:duration=4 -filter_complex '[0][1]concat=n=2' "
        "-pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 5");
    Answer bright = { .thumbnailer = thumbnailer };
    ask(&bright, dark, MEDIA_VIDEO, 160);
    g_assert_no_error(bright.error);
    g_assert_cmpuint(g_bytes_get_size(bright.jpeg), >, 2500);
    g_bytes_unref(bright.jpeg);

    /* A moment is shown as it is, also beyond the end. */
    static const struct { uint32_t moment_ms; bool is_dark; } moments[] = {
        { 1, true }, { 1000, true }, { 4000, false }, { 60000, false },
    };
    for (guint i = 0; i < G_N_ELEMENTS(moments); i++) {
        Answer answer = { .thumbnailer = thumbnailer, .moment_ms = moments[i].moment_ms };
        ask(&answer, dark, MEDIA_VIDEO, 160);
        g_assert_no_error(answer.error);
        g_assert_cmpint(g_bytes_get_size(answer.jpeg) < 2500, ==, moments[i].is_dark);
        g_bytes_unref(answer.jpeg);
    }

    /* A song without a cover takes the one beside it. */
    g_autofree char *song = media_make(folder, "plain.mp3", MEDIA_SOUND);
    Answer bare = { .thumbnailer = thumbnailer }, covered = { .thumbnailer = thumbnailer };
    ask(&bare, song, MEDIA_AUDIO, 160);
    g_assert_error(bare.error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_error_free(bare.error);
    g_autofree char *cover = media_make(folder, "folder.jpg", MEDIA_PICTURE " -pix_fmt yuvj420p");
    covered.beside = cover;
    ask(&covered, song, MEDIA_AUDIO, 160);
    g_assert_no_error(covered.error);
    g_bytes_unref(covered.jpeg);
    media_folder_remove(folder);
}

static void
test_thumbnail_errors(void)
{
    g_autofree char *folder = media_folder();
    g_autofree char *text = text_file(folder, "text.jpg", "no picture");
    g_autofree char *cut = text_file(folder, "cut.jpg", "\xff\xd8\xff\xe0");
    g_autoptr(Thumbnailer) thumbnailer = thumbnailer_new(NULL);
    const struct {
        const char *path;
        int code;
    } cases[] = { { text, DUO_ERROR_FAILED },
                  { cut, DUO_ERROR_FAILED },
                  { "/nowhere/a.jpg", DUO_ERROR_NOT_FOUND } };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Answer answer = { .thumbnailer = thumbnailer };
        ask(&answer, cases[i].path, MEDIA_IMAGE, 160);
        g_assert_error(answer.error, DUO_ERROR, cases[i].code);
        g_error_free(answer.error);
    }
    media_folder_remove(folder);
}

/* A worker may leave, idle, at the moment that it is asked. */
static void
test_thumbnail_left(void)
{
    if (!media_can_make()) {
        g_test_skip("no ffmpeg here");
        return;
    }
    g_autofree char *folder = media_folder();
    g_autofree char *picture = media_make(folder, "p.png", "-f lavfi -i testsrc -frames:v 1");
    g_autofree char *real = worker_program();
    g_autofree char *script =
        g_strdup_printf("mkdir \"$0.left\" 2>/dev/null && exit 0\nexec \"%s\" \"$@\"", real);
    g_autofree char *program = bad_worker(folder, script);
    Answer answer = { .thumbnailer = thumbnailer_new(program) };

    ask(&answer, picture, MEDIA_IMAGE, 160);
    g_assert_no_error(answer.error);
    g_assert_nonnull(answer.jpeg);
    g_bytes_unref(answer.jpeg);
    thumbnailer_free(answer.thumbnailer);
    media_folder_remove(folder);
}

/* Freed while one is under way: the answer comes, as cancelled. */
static void
test_thumbnail_cancelled(void)
{
    g_autofree char *folder = media_folder();
    g_autofree char *text = text_file(folder, "a.jpg", "no picture");
    g_autofree char *program = bad_worker(folder, "exec sleep 100");
    Answer answer = { .thumbnailer = thumbnailer_new(program) };

    thumbnailer_make(answer.thumbnailer, &(PictureSource){ .path = text, .kind = MEDIA_IMAGE }, 160,
                     NULL, on_thumbnail, &answer);
    thumbnailer_free(answer.thumbnailer);
    while (!answer.is_done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_error(answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_error_free(answer.error);
    media_folder_remove(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* warnings are due here */
    g_test_add_func("/worker-pool/bad-workers", test_bad_workers);
    g_test_add_func("/worker-pool/no-worker", test_no_worker);
    g_test_add_func("/worker-pool/unreadable", test_unreadable);
    g_test_add_func("/worker-pool/killed", test_killed);
    g_test_add_func("/thumbnailer/made", test_thumbnails);
    g_test_add_func("/thumbnailer/errors", test_thumbnail_errors);
    g_test_add_func("/thumbnailer/left", test_thumbnail_left);
    g_test_add_func("/thumbnailer/cancelled", test_thumbnail_cancelled);
    return g_test_run();
}
