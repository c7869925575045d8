/* rules-session.c -- section 5, clause 10.5: sessions, and keys that move them */
#include "validate/rules.h"

#include <string.h>

#define SESSION .needs = NEED_SERVICE, .send = IGRS_CREATE_SESSION_REQUEST
#define USER_TOKEN                                                                         \
    { EDIT_BODY, "<ServiceSecurityId>" IGRS_SERVICE_SECURITY_NULL,                         \
      "<ServiceSecurityId>" IGRS_SERVICE_SECURITY_TOKEN }

static void
created(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    open_session(t, &t->service);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 200);
}

static void
created_twice(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    open_session(t, &t->service);
    open_session(t, &t->service);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 200);
}

static void
service_unknown(Tester *t, const Rule *rule)
{
    IgrsMessage *message = say(t, rule->send);

    open_pipe(t);
    message->service_id = 4000000007u;
    expect_code(t, ask_message(t, message), 404);
}

static void
destroyed(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    open_session(t, &t->service);
    expect_http(t, ask(t, IGRS_DESTROY_SESSION_NOTIFY), 200);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 481);
}

static void
never_created(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 481);
}

static void
other_client(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    IgrsMessage *message;

    open_pipe(t);
    open_session(t, &t->service);
    message = say(t, IGRS_INVOKE_SERVICE_REQUEST);
    message->client_id = 18;
    expect_code(t, ask_message(t, message), 481);
}

static void
other_device(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    open_session(t, &t->service);
    t->speaker = t->other;
    open_pipe(t);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 481);
    expect_http(t, ask(t, IGRS_DESTROY_SESSION_NOTIFY), 200);
    t->speaker = t->self;
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 200);
}

static void
client_max(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    IgrsMessage *message;

    open_pipe(t);
    message = say(t, IGRS_CREATE_SESSION_REQUEST);
    message->client_id = UINT32_MAX;
    const Heard *reply = ask_message(t, message);
    expect_code(t, reply, 200);
    expect(t, g_strcmp0(payload_text(reply, "TargetClientId"), "4294967295") == 0,
           "TargetClientId is not 4294967295");
}

/* A flood of sessions of one device ends in 429, and others still get theirs. */
static void
session_flood(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Heard *reply = NULL;

    open_pipe(t);
    for (uint32_t i = 0; i < 1100; i++) {
        IgrsMessage *message = say(t, IGRS_CREATE_SESSION_REQUEST);
        message->client_id = 1000 + i;
        reply = ask_message(t, message);
        if (strcmp(head_of(reply, "01-ReturnCode"), "200") != 0)
            break;
    }
    expect_code(t, reply, 429);
    t->speaker = t->other;
    open_pipe(t);
    open_session(t, &t->service);
    detach(t);
    t->speaker = t->self;
    detach(t);
}

/* -- Keys -------------------------------------------------------------------------------------- */

/* A SessionKeyId; NULL, and the rule failed, when there is none. Borrowed. */
static const char *
apply(Tester *t)
{
    open_pipe(t);
    open_session(t, &t->service);
    const Heard *reply = ask(t, IGRS_APPLY_SESSION_KEY_REQUEST);
    const char *key = payload_text(reply, "SessionKeyId");
    if (!expect_code(t, reply, 200) || !expect(t, key != NULL, "no SessionKeyId"))
        return NULL;
    return key;
}

static const Heard *
transfer(Tester *t, const char *token)
{
    IgrsMessage *message;

    t->speaker = t->other;
    open_pipe(t);
    message = say(t, IGRS_TRANSFER_SESSION_KEY_REQUEST);
    g_free(message->token);
    message->token = g_strdup(token);
    const Heard *reply = ask_message(t, message);
    return reply;
}

static void
key_applied(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const char *key = apply(t);

    if (key != NULL)
        expect(t, strlen(key) >= 22, "\"%s\" has less than 128 bits", key);
}

static void
keys_differ(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const char *one = apply(t), *two = one != NULL ? apply(t) : NULL;

    expect(t, two == NULL || strcmp(one, two) != 0, "the same key twice");
}

static void
key_without_session(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    expect_code(t, ask(t, IGRS_APPLY_SESSION_KEY_REQUEST), 481);
}

static void
key_forged(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (apply(t) != NULL)
        expect_code(t, transfer(t, "0123456789abcdef0123456789abcdef"), 401);
}

static void
key_moves_session(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const char *key = apply(t);

    if (key == NULL)
        return;
    expect_code(t, transfer(t, key), 200);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 200);
    t->speaker = t->self;
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 481);
}

static void
key_works_once(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const char *key = apply(t);

    if (key == NULL)
        return;
    expect_code(t, transfer(t, key), 200);
    expect_code(t, transfer(t, key), 401);
}

const Rule session_rules[] = {
    { "session-create", "5, C10.5", "a session opens, and an invocation in it is served", created,
      NEED_SERVICE },
    { "session-twice", "5", "creating a session that exists is 200, the same session",
      created_twice, NEED_SERVICE },
    { "session-service-unknown", "2, 5", "a session with an unknown service: 404",
      service_unknown, SESSION },
    { "session-token-missing", "5", "UserToken without a Token: 401", run_row, SESSION,
      .edit = { USER_TOKEN }, .code = 401 },
    { "session-token-forged", "5", "a forged UserToken: 401", run_row, SESSION,
      .edit = { USER_TOKEN, { EDIT_BODY, "<Token></Token>", "<Token>forged</Token>" } },
      .code = 401 },
    { "session-security-unknown", "5", "an unknown ServiceSecurityId: 401", run_row, SESSION,
      .edit = { { EDIT_BODY, "ServiceSecurity:NULL", "ServiceSecurity:Other" } }, .code = 401 },
    { "session-none", "2", "an invocation without a session: 481", never_created, NEED_SERVICE },
    { "session-destroy", "5, C10.5", "DestroySession ends it", destroyed, NEED_SERVICE },
    { "session-other-client", "5", "another client's session is not this one's: 481",
      other_client, NEED_SERVICE },
    { "session-other-device", "5", "another device neither uses nor ends it", other_device,
      NEED_SERVICE },
    { "session-client-max", "4.1", "ClientId 2^32-1 is one", client_max, NEED_SERVICE },
    { "session-flood", "2", "too many sessions of one device: 429; others still get theirs",
      session_flood, NEED_SERVICE },
    { "key-apply", "5, C10.5", "a session's holder gets a SessionKeyId of 128 bits", key_applied,
      NEED_SERVICE },
    { "key-differs", "5", "no SessionKeyId is given twice", keys_differ, NEED_SERVICE },
    { "key-no-session", "5", "no key without a session: 481", key_without_session, NEED_SERVICE },
    { "key-forged", "5", "a forged Token: 401", key_forged, NEED_SERVICE },
    { "key-transfer", "5, C10.5", "a Token moves the session; the old one ends",
      key_moves_session, NEED_SERVICE },
    { "key-once", "5", "a Token works once: 401", key_works_once, NEED_SERVICE },
    { NULL },
};
