/* fuzz-worker.c -- what a worker says, who read what strangers wrote, is an answer or none; and
 * answers are the same when written and read again */
#include "pipelines/worker-protocol.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET("worker")
{
    WorkerAnswer answer, again;

    if (!worker_answer_decode(data, size, &answer) ||
        (answer.reason != NULL && !g_utf8_validate(answer.reason, -1, NULL)))
        return;
    g_autoptr(GByteArray) written = worker_answer_encode(&answer);
    g_assert_cmpuint(written->len, <=, WORKER_MESSAGE_MAX);
    g_assert_true(worker_answer_decode(written->data, written->len, &again));
    g_autoptr(GByteArray) twice = worker_answer_encode(&again);
    g_assert_cmpmem(written->data, written->len, twice->data, twice->len);
}
