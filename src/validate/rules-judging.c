/* rules-judging.c -- section 2: what is answered in HTTP, and what with a ReturnCode */
#include "validate/rules.h"

#define DETECTION .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST
#define DESCRIBE .send = IGRS_GET_DEVICE_DESCRIPTION_REQUEST
#define SESSION .send = IGRS_CREATE_SESSION_REQUEST, .needs = NEED_SERVICE
#define INVOKE .send = IGRS_INVOKE_SERVICE_REQUEST, .needs = NEED_SERVICE
#define HEAD_ROW(id, title, kind, name, value, status) \
    { id, "2", title, run_row, DETECTION, .edit = { { kind, "01-" name, value } }, .http = status }
#define BODY_ROW(id, title, old, new, status) \
    { id, "2", title, run_row, DESCRIBE, .edit = { { EDIT_BODY, old, new } }, .http = status }
#define TYPE_ROW(id, title, name, status) \
    { id, "2", title, run_row, DETECTION, .edit = { { EDIT_SET, "01-IGRSMessageType", name } }, \
      .http = status }
#define SESSION_ROW(id, title, old, new) \
    { id, "2, 5", title, run_row, SESSION, .edit = { { EDIT_BODY, old, new } }, .code = 400 }

#define STRANGE_ID IGRS_URN_DEVICE_ID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define BOMB                                                                            \
    "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">" \
    "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]><a>&d;</a>"

static void
notify_dropped(Tester *t, const Rule *rule)
{
    open_pipe(t);
    const Heard *reply = ask_edited(t, say(t, rule->send), rule->edit);
    expect_http(t, reply, 200);
    expect(t, reply->body_size == 0, "a notify is answered with a body");
    expect(t, http_heads_count(reply->heads, "Ext") == 1, "no Ext");
    expect(t, head_of(reply, "01-ReturnCode")[0] == '\0', "a notify is answered with a ReturnCode");
}

static void
notify_without_pipe(Tester *t, const Rule *rule)
{
    detach(t);
    notify_dropped(t, &(const Rule){ .send = rule->send });
}

static void
nil_source(Tester *t, const Rule *rule)
{
    t->speaker = IGRS_DEVICE_ID_NIL;
    const Heard *reply = ask(t, rule->send);
    t->speaker = t->self;
    expect_code(t, reply, 401);
}

const Rule judging_rules[] = {
    HEAD_ROW("head-version-missing", "no IGRSVersion: 400", EDIT_DROP, "IGRSVersion", NULL, 400),
    HEAD_ROW("head-type-missing", "no IGRSMessageType: 400", EDIT_DROP, "IGRSMessageType", NULL,
             400),
    HEAD_ROW("head-target-missing", "no TargetDeviceId: 400", EDIT_DROP, "TargetDeviceId", NULL,
             400),
    HEAD_ROW("head-source-missing", "no SourceDeviceId: 400", EDIT_DROP, "SourceDeviceId", NULL,
             400),
    HEAD_ROW("head-sequence-missing", "no SequenceId: 400", EDIT_DROP, "SequenceId", NULL, 400),
    HEAD_ROW("head-version-doubled", "two IGRSVersion: 400", EDIT_TWICE, "IGRSVersion", NULL, 400),
    HEAD_ROW("head-type-doubled", "two IGRSMessageType: 400", EDIT_TWICE, "IGRSMessageType", NULL,
             400),
    HEAD_ROW("head-target-doubled", "two TargetDeviceId: 400", EDIT_TWICE, "TargetDeviceId", NULL,
             400),
    HEAD_ROW("head-source-doubled", "two SourceDeviceId: 400", EDIT_TWICE, "SourceDeviceId", NULL,
             400),
    HEAD_ROW("head-sequence-doubled", "two SequenceId: 400", EDIT_TWICE, "SequenceId", NULL, 400),
    HEAD_ROW("sequence-zero", "SequenceId 0: 400", EDIT_SET, "SequenceId", "0", 400),
    HEAD_ROW("sequence-beyond", "SequenceId 2^32: 400", EDIT_SET, "SequenceId", "4294967296", 400),
    HEAD_ROW("sequence-huge", "a SequenceId of 30 digits: 400", EDIT_SET, "SequenceId",
             "123456789012345678901234567890", 400),
    HEAD_ROW("sequence-negative", "SequenceId -1: 400", EDIT_SET, "SequenceId", "-1", 400),
    HEAD_ROW("sequence-letters", "a SequenceId of letters: 400", EDIT_SET, "SequenceId", "abc",
             400),
    HEAD_ROW("sequence-hexadecimal", "SequenceId 0x10: 400", EDIT_SET, "SequenceId", "0x10", 400),
    HEAD_ROW("sequence-empty", "an empty SequenceId: 400", EDIT_SET, "SequenceId", "", 400),
    HEAD_ROW("source-unreadable", "a SourceDeviceId that is no URN: 400", EDIT_SET,
             "SourceDeviceId", "device-one", 400),
    HEAD_ROW("source-short", "a SourceDeviceId with half a uuid: 400", EDIT_SET, "SourceDeviceId",
             IGRS_URN_DEVICE_ID "0f9b7c1e-3a44", 400),
    HEAD_ROW("target-unreadable", "a TargetDeviceId that is no URN: 400", EDIT_SET,
             "TargetDeviceId", "you", 400),
    HEAD_ROW("version-2", "IGRS/2.0: 505", EDIT_SET, "IGRSVersion", "IGRS/2.0", 505),
    HEAD_ROW("version-1-1", "IGRS/1.1: 505", EDIT_SET, "IGRSVersion", "IGRS/1.1", 505),
    TYPE_ROW("type-unknown", "an unknown message type: 501", "MakeCoffeeRequest", 501),
    TYPE_ROW("type-case", "message types compare with case: 501", "deviceonlinedetectionrequest",
             501),
    TYPE_ROW("type-response", "a response sent as a request: 400", "CreatePipeResponse", 400),
    TYPE_ROW("type-advertisement", "an advertisement sent by TCP: 400", "DeviceOnlineAdvertisement",
             400),
    TYPE_ROW("type-search", "a multicast search sent by TCP: 400", "SearchDeviceRequest", 400),
    { "man-missing", "2", "no Man of IGRS: 510", run_row, DETECTION,
      .edit = { { EDIT_DROP, "Man", NULL } }, .http = 510 },
    { "man-foreign", "2", "another Man instead of ours: 510", run_row, DETECTION,
      .edit = { { EDIT_SET, "Man", "\"http://example.org/other\";ns=01" } }, .http = 510 },
    { "man-unknown-beside", "2", "a mandatory Man that nobody knows beside ours: 510", run_row,
      DETECTION, .edit = { { EDIT_ADD, "Man", "\"http://example.org/other\";ns=09" } },
      .http = 510 },
    { "opt-unknown-beside", "2", "an optional extension beside ours is ignored", run_row,
      DETECTION, .edit = { { EDIT_ADD, "Opt", "\"http://example.org/other\";ns=09" } },
      .http = 200 },
    BODY_ROW("body-broken", "a body that is not well-formed: 400", "</SOAP-ENV:Envelope>", "", 400),
    BODY_ROW("body-doctype", "a body with a document type: 400", "<SOAP-ENV:Envelope",
             "<!DOCTYPE x><SOAP-ENV:Envelope", 400),
    BODY_ROW("body-bomb", "a body that expands: 400", NULL, BOMB, 400),
    BODY_ROW("body-entity", "a body with an entity of nobody: 400", "</SOAP-ENV:Body>",
             "&secret;</SOAP-ENV:Body>", 400),
    BODY_ROW("body-encoding", "a body that is not UTF-8: 400", "</SOAP-ENV:Body>",
             "<x>\xff\xfe</x></SOAP-ENV:Body>", 400),
    BODY_ROW("body-control", "a body with a control character: 400", "</SOAP-ENV:Body>",
             "<x>\x01</x></SOAP-ENV:Body>", 400),
    { "body-empty", "2", "no body where one belongs: 400", run_row_refused, SESSION,
      .edit = { { EDIT_BODY, NULL, "" } } },
    { "body-foreign", "2", "well-formed XML that is no envelope: 400", run_row_refused, SESSION,
      .edit = { { EDIT_BODY, NULL, "<html/>" } } },
    { "body-other-message", "2", "the body of another message: 400", run_row_refused, SESSION,
      .edit = { { EDIT_BODY, "Session", "DeviceDescription" } } },
    { "target-foreign", "2", "the TargetDeviceId of another device: 404", run_row, DETECTION,
      .edit = { { EDIT_SET, "01-TargetDeviceId", STRANGE_ID } }, .code = 404 },
    { "target-foreign-session", "2", "a session with another device: 404", run_row, SESSION,
      .edit = { { EDIT_SET, "01-TargetDeviceId", STRANGE_ID } }, .code = 404 },
    { "source-nil-pipe", "2", "the nil SourceDeviceId opens no pipe: 401", nil_source,
      .send = IGRS_CREATE_PIPE_REQUEST },
    { "source-nil-description", "2, 4", "nor an implicit one: 401", nil_source,
      .send = IGRS_GET_DEVICE_DESCRIPTION_REQUEST },
    { "source-nil-session", "2, 4", "nor by a session: 401", nil_source,
      .send = IGRS_CREATE_SESSION_REQUEST, .needs = NEED_SERVICE },
    SESSION_ROW("client-zero", "SourceClientId 0: 400", ">17<", ">0<"),
    SESSION_ROW("client-beyond", "SourceClientId 2^32: 400", ">17<", ">4294967296<"),
    SESSION_ROW("client-letters", "a SourceClientId of letters: 400", ">17<", ">me<"),
    SESSION_ROW("client-missing", "no SourceClientId: 400", "<SourceClientId>17</SourceClientId>",
                ""),
    SESSION_ROW("service-missing", "no TargetServiceId: 400", "TargetServiceId>", "Other>"),
    { "service-zero", "2, 5", "TargetServiceId 0: 400", run_row, SESSION,
      .edit = { { EDIT_BODY, "<TargetServiceId>", "<TargetServiceId>0</TargetServiceId><x>" },
                { EDIT_BODY, "</TargetServiceId><SequenceId>", "</x><SequenceId>" } },
      .code = 400 },
    { "service-beyond", "2, 5", "TargetServiceId 2^32: 400", run_row, SESSION,
      .edit = { { EDIT_BODY, "<TargetServiceId>",
                  "<TargetServiceId>4294967296</TargetServiceId><x>" },
                { EDIT_BODY, "</TargetServiceId><SequenceId>", "</x><SequenceId>" } },
      .code = 400 },
    { "user-long", "2, 5", "a SourceUserId of 128 characters: 400", run_row, SESSION,
      .edit = { { EDIT_BODY, "<SourceUserId>NULL",
                  "<SourceUserId>"
                  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } },
      .code = 400 },
    { "notify-session-unknown", "2", "a notify of an unknown session: 200, Ext, no body",
      notify_dropped, NEED_SERVICE, .send = IGRS_DESTROY_SESSION_NOTIFY },
    { "notify-target-foreign", "2", "a notify to another device: 200, Ext, no body",
      notify_dropped, .send = IGRS_DETACH_PIPE_NOTIFY,
      .edit = { { EDIT_SET, "01-TargetDeviceId", STRANGE_ID } } },
    { "notify-subscription-unknown", "2", "a notify of an unknown subscription: 200, Ext, no body",
      notify_dropped, .send = IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY },
    { "notify-no-pipe", "2", "a notify without a pipe: 200, Ext, no body", notify_without_pipe,
      NEED_SERVICE, .send = IGRS_DESTROY_SESSION_NOTIFY },
    { "notify-sequence-missing", "2", "a notify without SequenceId: 400", run_row,
      .send = IGRS_DETACH_PIPE_NOTIFY, .edit = { { EDIT_DROP, "01-SequenceId", NULL } },
      .http = 400 },
    { NULL },
};
