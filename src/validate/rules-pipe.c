/* rules-pipe.c -- section 4: pipes without security, and what needs one */
#include "validate/rules.h"

#include <string.h>

#define CREATE .send = IGRS_CREATE_PIPE_REQUEST
#define OFFER(list) .edit = { { EDIT_SET, "01-DeviceSecurityId", list } }

static void
null_pipe(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Heard *reply = ask(t, IGRS_CREATE_PIPE_REQUEST);

    expect_code(t, reply, 200);
    expect(t, strcmp(head_of(reply, "01-DeviceSecurityId"), IGRS_PIPE_SECURITY_NULL) == 0,
           "the chosen DeviceSecurityId is \"%s\"", head_of(reply, "01-DeviceSecurityId"));
}

static void
foreign_location(Tester *t, const Rule *rule)
{
    IgrsMessage *message = say(t, IGRS_CREATE_PIPE_REQUEST);

    g_free(message->location);
    message->location = g_strdup(rule->text);
    expect_code(t, ask_message(t, message), 403);
}

static void
without_location(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Edit edits[] = { { EDIT_DROP, "01-Location", NULL }, { EDIT_NONE, NULL, NULL } };

    expect_code(t, ask_edited(t, say(t, IGRS_CREATE_PIPE_REQUEST), edits), 200);
}

/* The session of before is gone when its pipe began anew. */
static void
again_ends_sessions(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    open_session(t, &t->service);
    open_pipe(t);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 481);
}

static void
implicit(Tester *t, const Rule *rule)
{
    detach(t);
    expect_code(t, ask(t, rule->send), 200);
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 200);
}

static void
detached(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    detach(t);
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 482);
}

static void
detach_reply(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    const Heard *reply = ask(t, IGRS_DETACH_PIPE_NOTIFY);
    expect_http(t, reply, 200);
    expect(t, http_heads_count(reply->heads, "Ext") == 1, "no Ext");
    expect(t, reply->body_size == 0, "a body of %zu octets", reply->body_size);
}

static void
detach_ends_sessions(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    open_session(t, &t->service);
    detach(t);
    open_pipe(t);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 481);
}

/* One device's detach is nothing to another. */
static void
detach_is_own(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    t->speaker = t->other;
    open_pipe(t);
    detach(t);
    t->speaker = t->self;
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 200);
}

/* An offer that is refused leaves the pipe that stands. */
static void
refusal_leaves_pipe(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Edit edits[] = { { EDIT_SET, "01-DeviceSecurityId", IGRS_URN "DeviceSecurity:Other" },
                           { EDIT_NONE, NULL, NULL } };

    open_pipe(t);
    open_session(t, &t->service);
    expect_code(t, ask_edited(t, say(t, IGRS_CREATE_PIPE_REQUEST), edits), 401);
    expect_code(t, ask(t, IGRS_INVOKE_SERVICE_REQUEST), 200);
}

/* A step of the handshake without the one before: refused, whatever the code. */
static void
out_of_order(Tester *t, const Rule *rule)
{
    open_pipe(t);
    const Heard *reply = ask(t, rule->send);
    expect_http(t, reply, 200);
    expect(t, strcmp(head_of(reply, "01-ReturnCode"), "200") != 0, "it is accepted");
    expect(t, head_of(reply, "01-ReturnCode")[0] != '\0', "no ReturnCode");
    expect(t, head_of(reply, "01-AuthData")[0] == '\0', "AuthData for a challenge out of order");
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 200);
}

static void
detection(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    const Heard *reply = ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST);
    expect_code(t, reply, 200);
    expect(t, reply->took_ms < 2000, "answered after %d ms", (int)reply->took_ms);
}

/* What is kept for those who proved a key or show a token, before anything else of it is looked at;
 * text: the operation. */
static void
kept(Tester *t, const Rule *rule)
{
    TestedService content = { 1, (char *)IGRS_URN_SERVICE_TYPE "AVContentDirectory:1" };

    if (open_pipe(t) && open_session(t, &content))
        expect_code(t, invoke(t, &content, rule->text, ""), 401);
}

const Rule pipe_rules[] = {
    { "pipe-null", "4, C9.2", "a pipe without security opens and names NULL", null_pipe },
    { "pipe-null-among", "4, C9.2", "NULL among unknown ids is chosen", run_row, CREATE,
      OFFER(IGRS_URN "DeviceSecurity:Other, " IGRS_PIPE_SECURITY_NULL), .code = 200 },
    { "pipe-null-case", "2, 4", "urn:IGRS: of an offer compares without case", run_row, CREATE,
      OFFER("urn:igrs:DeviceSecurity:NULL"), .code = 200 },
    { "pipe-unknown-security", "4, C9.2", "an offer of unknown ids alone: 401", run_row_stranger,
      CREATE, OFFER(IGRS_URN "DeviceSecurity:Other"), .code = 401 },
    { "pipe-refusal-harmless", "4", "a refused offer leaves the pipe that stands",
      refusal_leaves_pipe, NEED_SERVICE },
    { "pipe-without-location", "4", "a pipe of a device without a server", without_location },
    { "pipe-location-forged", "4", "a Location of another host: 403", foreign_location,
      .text = "http://192.0.2.1:3880/IGRS" },
    { "pipe-location-name", "4", "a Location with a name instead of an address: 403",
      foreign_location, .text = "http://device.example.org:3880/IGRS" },
    { "pipe-location-scheme", "4", "a Location that is not HTTP: 403", foreign_location,
      .text = "file:///etc/passwd" },
    { "pipe-again", "4, C9.2", "a second CreatePipe begins anew: sessions end",
      again_ends_sessions, NEED_SERVICE },
    { "pipe-implicit-description", "4, C9.4", "GetDeviceDescription opens a pipe by itself",
      implicit, .send = IGRS_GET_DEVICE_DESCRIPTION_REQUEST },
    { "pipe-implicit-session", "4, C9.2", "CreateSession opens a pipe by itself", implicit,
      NEED_SERVICE, .send = IGRS_CREATE_SESSION_REQUEST },
    { "pipe-none-invoke", "4", "an invocation without a pipe: 482", run_row_stranger,
      NEED_SERVICE, .send = IGRS_INVOKE_SERVICE_REQUEST, .code = 482 },
    { "pipe-none-detection", "4", "a detection without a pipe: 482", run_row_stranger,
      .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST, .code = 482 },
    { "pipe-none-service-description", "4", "GetServiceDescription without a pipe: 482",
      run_row_stranger, NEED_SERVICE, .send = IGRS_GET_SERVICE_DESCRIPTION_REQUEST, .code = 482 },
    { "pipe-none-search", "4", "SearchDeviceOnDevice without a pipe: 482", run_row_stranger,
      .send = IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE, .code = 482 },
    { "pipe-none-subscribe", "4", "SubscribeDeviceEvent without a pipe: 482", run_row_stranger,
      .send = IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST, .code = 482 },
    { "pipe-none-key", "4", "ApplySessionKey without a pipe: 482", run_row_stranger, NEED_SERVICE,
      .send = IGRS_APPLY_SESSION_KEY_REQUEST, .code = 482 },
    { "pipe-none-join", "4", "JoinCentralisedDeviceGroup without a pipe: 482", run_row_stranger,
      .send = IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST, .code = 482 },
    { "pipe-detach", "4, C9.2", "a detached pipe is closed", detached },
    { "pipe-detach-reply", "2", "DetachPipeNotify: 200 with Ext and no body", detach_reply },
    { "pipe-detach-sessions", "4", "DetachPipe ends the sessions of the pipe",
      detach_ends_sessions, NEED_SERVICE },
    { "pipe-detach-own", "4", "and those of no other device", detach_is_own },
    { "pipe-detection", "4, C9.2", "DeviceOnlineDetection is answered at once", detection },
    { "pipe-authenticate-alone", "4, C9.2", "Authenticate without an offer is refused",
      out_of_order, .send = IGRS_AUTHENTICATE_REQUEST },
    { "pipe-result-alone", "4, C9.2", "AuthenticateResult without a challenge is refused",
      out_of_order, .send = IGRS_AUTHENTICATE_RESULT_REQUEST },
    { "pipe-create-result-alone", "4, C9.2", "CreatePipeResult without them is refused",
      out_of_order, .send = IGRS_CREATE_PIPE_RESULT_REQUEST },
    { "content-open-create", "4", "CreateObject by an open pipe: 401", kept, NEED_CONTENT,
      .text = "CreateObject" },
    { "content-open-destroy", "4", "DestroyObject by an open pipe: 401", kept, NEED_CONTENT,
      .text = "DestroyObject" },
    { "content-open-update", "4", "UpdateObject by an open pipe: 401", kept, NEED_CONTENT,
      .text = "UpdateObject" },
    { "content-open-import", "4", "ImportResource by an open pipe: 401", kept, NEED_CONTENT,
      .text = "ImportResource" },
    { NULL },
};
