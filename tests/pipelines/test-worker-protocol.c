/* test-worker-protocol.c -- jobs and answers survive the way, and nothing else is taken for one */
#include "pipelines/worker-protocol.h"

#include <string.h>

static void
test_job(void)
{
    const WorkerJob job = { .kind = WORKER_THUMBNAIL, .id = 7, .name = "歌 & song.mp3",
                            .media = MEDIA_AUDIO, .width = 320, .moment_ms = 65000 };
    g_autoptr(GByteArray) data = worker_job_encode(&job);
    WorkerJob back;

    g_assert_true(worker_job_decode(data->data, data->len, &back));
    g_assert_cmpint(back.kind, ==, job.kind);
    g_assert_cmpuint(back.id, ==, 7);
    g_assert_cmpstr(back.name, ==, job.name);
    g_assert_cmpint(back.media, ==, MEDIA_AUDIO);
    g_assert_cmpuint(back.width, ==, 320);
    g_assert_cmpuint(back.moment_ms, ==, 65000);
}

static void
test_conversion(void)
{
    const WorkerJob job = {
        .kind = WORKER_CONVERT, .name = "film.mkv",
        .order = { .mux = "ts", .video = "h264", .cuts = "4000 8000", .copies_video = 1, .start_ms = 5000000000,
                   .gain_cdb = -750 },
    };
    g_autoptr(GByteArray) data = worker_job_encode(&job);
    WorkerJob back;

    g_assert_true(worker_job_decode(data->data, data->len, &back));
    g_assert_cmpstr(back.order.mux, ==, "ts");
    g_assert_cmpstr(back.order.video, ==, "h264");
    g_assert_null(back.order.audio);
    g_assert_cmpstr(back.order.cuts, ==, "4000 8000");
    g_assert_cmpint(back.order.copies_video, ==, 1);
    g_assert_cmpint(back.order.start_ms, ==, 5000000000);
    g_assert_cmpint(back.order.gain_cdb, ==, -750);
}

static void
test_answer(void)
{
    const WorkerAnswer answer = {
        .id = 9, .has_facts = true,
        .facts = { .kind = MEDIA_VIDEO, .mime = "video/mp4", .width = 1920, .height = 1080 },
    };
    g_autoptr(GByteArray) data = worker_answer_encode(&answer);
    WorkerAnswer back;

    g_assert_true(worker_answer_decode(data->data, data->len, &back));
    g_assert_cmpuint(back.id, ==, 9);
    g_assert_cmpint(back.outcome, ==, WORKER_DONE);
    g_assert_true(back.has_facts);
    g_assert_cmpstr(back.facts.mime, ==, "video/mp4");
    g_assert_cmpint(back.facts.height, ==, 1080);
    g_assert_null(back.facts.title);
}

static void
test_long_text_is_cut(void)
{
    GString *title = g_string_new("a");
    while (title->len < 100000)
        g_string_append(title, "长");
    const WorkerAnswer answer = {
        .has_facts = true, .facts = { .kind = MEDIA_AUDIO, .title = title->str, .genre = "Pop" },
    };
    g_autoptr(GByteArray) data = worker_answer_encode(&answer);
    WorkerAnswer back;

    g_assert_cmpuint(data->len, <, WORKER_MESSAGE_MAX);
    g_assert_true(worker_answer_decode(data->data, data->len, &back));
    g_assert_true(g_utf8_validate(back.facts.title, -1, NULL));
    g_assert_cmpuint(strlen(back.facts.title), >, 1000);
    g_assert_cmpstr(back.facts.genre, ==, "Pop");
    g_string_free(title, TRUE);
}

/* No beginning of a message, and no message with more behind it, is a message. */
static void
test_cut_short(void)
{
    const WorkerJob job = { .kind = WORKER_CONVERT, .id = 1, .name = "x.mkv", .media = MEDIA_ANY,
                            .order = { .mux = "ts", .video = "h264" } };
    const WorkerAnswer answer = { .id = 1, .outcome = WORKER_UNREADABLE, .reason = "it is empty" };
    g_autoptr(GByteArray) asked = worker_job_encode(&job);
    g_autoptr(GByteArray) said = worker_answer_encode(&answer);
    WorkerJob job_back;
    WorkerAnswer answer_back;

    for (guint size = 0; size < asked->len; size++)
        g_assert_false(worker_job_decode(asked->data, size, &job_back));
    for (guint size = 0; size < said->len; size++)
        g_assert_false(worker_answer_decode(said->data, size, &answer_back));
    bytes_put_u8(asked, 0);
    g_assert_false(worker_job_decode(asked->data, asked->len, &job_back));
    asked->data[0] = WORKER_JOB_N;
    g_assert_false(worker_job_decode(asked->data, asked->len - 1, &job_back));
    said->data[4] = WORKER_DONE; /* done, and yet a reason */
    g_assert_false(worker_answer_decode(said->data, said->len, &answer_back));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/worker-protocol/job", test_job);
    g_test_add_func("/worker-protocol/answer", test_answer);
    g_test_add_func("/worker-protocol/long-text-is-cut", test_long_text_is_cut);
    g_test_add_func("/worker-protocol/cut-short", test_cut_short);
    g_test_add_func("/worker-protocol/conversion", test_conversion);
    return g_test_run();
}
