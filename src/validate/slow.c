/* slow.c -- rules about patience: slow writers (section 1), idle pipes (section 4) */
#include "validate/slow.h"

#include <string.h>
#include <unistd.h>

#define HEAD_MS 10000
#define BODY_MS 30000
#define IDLE_MS 30000
#define GRACE_MS 8000

static void
begin_slow_head(Tester *t)
{
    static const char part[] = "M-POST /IGRS HTTP/1.1\r\nHost: validate\r\n";

    t->slow_head = wire_connect(t);
    if (t->slow_head >= 0)
        wire_write(t->slow_head, part, strlen(part));
}

static void
begin_slow_body(Tester *t)
{
    g_autoptr(GString) text = letter(t, say(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), NULL);

    t->slow_body = wire_connect(t);
    if (t->slow_body >= 0)
        wire_write(t->slow_body, text->str, text->len - 20);
}

static void
begin_idle_pipe(Tester *t)
{
    t->speaker = t->idle;
    ask(t, IGRS_CREATE_PIPE_REQUEST);
    t->speaker = t->self;
    t->idle_ms = wire_now_ms();
}

static void
judge_slow(Tester *t, int *fd, int64_t after_ms)
{
    int64_t left_ms = t->slow_ms + after_ms + GRACE_MS - wire_now_ms();

    if (!expect(t, *fd >= 0, "no connection"))
        return;
    const Heard *reply = wire_read(t, *fd, (unsigned)MAX(left_ms, 100));
    if (reply->is_empty)
        expect(t, reply->is_closed, "still open after %d s", (int)(after_ms + GRACE_MS) / 1000);
    else
        expect_http(t, reply, 408);
    expect(t, reply->is_closed || wire_closed(t, *fd, 1000), "not closed");
    close(*fd);
    *fd = -1;
}

static void
head_is_not_awaited(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    judge_slow(t, &t->slow_head, HEAD_MS);
}

static void
body_is_not_awaited(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    judge_slow(t, &t->slow_body, BODY_MS);
}

/* A device may ask before, when it has a reason to wonder; then silence counts from there. */
static void
idle_pipe_is_asked(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    int64_t until_ms = t->idle_ms + IDLE_MS + GRACE_MS;
    const Heard *request = NULL;
    guint since = 0;

    do {
        int64_t left_ms = until_ms - wire_now_ms();
        request = await_request(t, "DeviceOnlineDetectionRequest", t->idle, since,
                                (unsigned)MAX(left_ms, 100));
        for (since = 0; request != NULL && g_ptr_array_index(t->requests, since++) != request;)
            continue;
    } while (request != NULL && request->at_ms - t->idle_ms < IDLE_MS - 1000);
    if (!expect(t, request != NULL, "no DeviceOnlineDetectionRequest after 30 s of silence"))
        return;
    expect(t, strcmp(head_of(request, "01-SourceDeviceId"), t->id) == 0, "SourceDeviceId \"%s\"",
           head_of(request, "01-SourceDeviceId"));
    expect(t, is_number(head_of(request, "01-SequenceId")), "SequenceId \"%s\"",
           head_of(request, "01-SequenceId"));
}

const Rule slow_rules[] = {
    { "slow-head", "1", "a head that does not arrive in 10 s: 408, closed", head_is_not_awaited },
    { "slow-body", "1", "a body that does not move for 30 s: 408, closed", body_is_not_awaited },
    { "pipe-idle-detection", "4, C9.2", "30 s of silence are followed by a DeviceOnlineDetection",
      idle_pipe_is_asked },
    { NULL },
};

static const struct {
    const char *rule;
    void (*begin)(Tester *t);
} beginnings[] = {
    { "slow-head", begin_slow_head },
    { "slow-body", begin_slow_body },
    { "pipe-idle-detection", begin_idle_pipe },
};

void
slow_begin(Tester *t, const GPtrArray *rules)
{
    t->slow_ms = wire_now_ms();
    for (guint i = 0; i < rules->len; i++)
        for (guint k = 0; k < G_N_ELEMENTS(beginnings); k++)
            if (strcmp(((const Rule *)g_ptr_array_index(rules, i))->id, beginnings[k].rule) == 0)
                beginnings[k].begin(t);
}
