/* test-igrs-message.c -- wire/igrs-message: captures, every type there and back, bad input */
#include "tests/wire/captures.h"
#include "wire/igrs-message.h"

#include <string.h>

#define TV "urn:IGRS:Device:DeviceId:6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define PHONE "urn:IGRS:Device:DeviceId:0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define MAN "Man: \"http://www.igrs.org/spec1.0\";ns=01\r\n"
#define ENVELOPE(ns, body) "<e:Envelope xmlns:e=\"" ns "\"><e:Body>" body "</e:Body></e:Envelope>"

static HttpMessage *
read_capture(const char *name)
{
    g_autoptr(GError) error = NULL;
    size_t size;
    g_autofree char *text = capture_read(name, &size);
    HttpMessage *message = http_message_decode(text, size, &error);
    g_assert_no_error(error);
    return message;
}

static IgrsMessage *
decode(const HttpMessage *http, IgrsWay way, GError **error)
{
    size_t size = 0;
    const void *body = http->body == NULL ? NULL : g_bytes_get_data(http->body, &size);

    return igrs_message_decode(http->heads, body, size, way, error);
}

/* The captures come out again as they are, but for what the HTTP library adds. */
static void
test_captures(void)
{
    static const struct {
        const char *name;
        IgrsWay way;
        IgrsMessageType type;
    } captures[] = {
        { "create-session.http", IGRS_BY_PIPE, IGRS_CREATE_SESSION_REQUEST },
        { "create-pipe.http", IGRS_BY_PIPE, IGRS_CREATE_PIPE_REQUEST },
        { "create-pipe-response.http", IGRS_BY_REPLY, IGRS_CREATE_PIPE_RESPONSE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(captures); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(HttpMessage) http = read_capture(captures[i].name);
        g_autoptr(IgrsMessage) message = decode(http, captures[i].way, &error);
        g_autoptr(HttpHeads) heads = http_heads_new();
        g_assert_no_error(error);
        g_assert_cmpint(message->type, ==, captures[i].type);
        g_assert_null(message->flaw);
        g_assert_null(message->unknown);
        g_autoptr(GBytes) body = igrs_message_encode_body(message);
        igrs_message_encode_heads(message, heads);
        if (http->body == NULL)
            g_assert_null(body);
        else
            g_assert_true(g_bytes_equal(body, http->body));
        guint at = 0;
        for (guint k = 0; k < http->heads->count; k++) {
            const HttpHead *head = &http->heads->items[k];
            if (g_str_equal(head->name, "Host") || g_str_has_prefix(head->name, "Content-"))
                continue;
            g_assert_cmpstr(heads->items[at].name, ==, head->name);
            g_assert_cmpstr(heads->items[at].value, ==, head->value);
            at++;
        }
        g_assert_cmpuint(at, ==, heads->count);
    }
}

static void
test_session(void)
{
    g_autoptr(HttpMessage) http = read_capture("create-session.http");
    g_autoptr(IgrsMessage) message = decode(http, IGRS_BY_PIPE, NULL);

    g_assert_cmpstr(message->target_id, ==, TV);
    g_assert_cmpstr(message->source_id, ==, PHONE);
    g_assert_cmpuint(message->sequence_id, ==, 4001);
    g_assert_cmpuint(message->client_id, ==, 17);
    g_assert_cmpuint(message->service_id, ==, 3);
    g_assert_cmpstr(message->user_id, ==, "NULL");
    g_assert_cmpstr(message->service_security_id, ==, IGRS_SERVICE_SECURITY_NULL);
    g_assert_cmpstr(message->token, ==, "");

    g_autoptr(IgrsMessage) reply = igrs_message_new_reply(message, IGRS_OK);
    g_assert_cmpint(reply->type, ==, IGRS_CREATE_SESSION_RESPONSE);
    g_assert_cmpstr(reply->target_id, ==, PHONE);
    g_assert_cmpuint(reply->acknowledge_id, ==, 4001);
    g_assert_cmpuint(reply->client_id, ==, 17);
}

/* FACTS.md 2.3: a peer that says in the body alone what it answers. */
static void
test_reply_in_body(void)
{
    g_autoptr(HttpMessage) http = read_capture("invoke-response.http");
    g_autoptr(GError) error = NULL;
    g_autoptr(IgrsMessage) message = decode(http, IGRS_BY_REPLY, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(message->acknowledge_id, ==, 4002);
    g_assert_cmpuint(message->return_code, ==, 200);
    g_assert_null(message->call);
    g_assert_null(message->flaw);
}

/* -- There and back ---------------------------------------------------------------------------- */

/* Everything that can be said, in every member. */
static IgrsMessage *
full_message(IgrsMessageType type)
{
    IgrsMessage *message = igrs_message_new(type);

    message->target_id = g_strdup(TV);
    message->source_id = g_strdup(PHONE);
    message->sequence_id = 4294967295;
    message->acknowledge_id = 7;
    message->return_code = 701;
    message->location = g_strdup("http://192.168.7.31:3880/IGRS?a=1&b=2");
    message->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_PSK "," IGRS_PIPE_SECURITY_NULL);
    message->challenge = g_strdup("Y2hhbGxlbmdl");
    message->auth_data = g_strdup("YXV0aA==");
    message->signature = g_strdup("c2ln");
    message->device_type = g_strdup(IGRS_MEDIA_SERVER);
    message->device_name = g_strdup("\xe5\xae\xa2\xe5\x8e\x85 TV");
    message->service_type = g_strdup("urn:IGRS:Service:ServiceType:AVTransport:1");
    message->service_name = g_strdup("50% & more");
    message->service_id = 3;
    message->group_id = g_strdup(IGRS_URN_GROUP_ID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5");
    message->group_name = g_strdup("\xe5\xae\xb6");
    message->client_id = 17;
    message->user_id = g_strdup("anna");
    message->service_security_id = g_strdup(IGRS_SERVICE_SECURITY_TOKEN);
    message->token = g_strdup("t<o>&k");
    message->call = soap_call_new("urn:IGRS:Service:ServiceType:AVTransport:1", "Seek");
    soap_call_add(message->call, "InstanceID", "0");
    soap_call_add(message->call, "Target", " <not> markup & \"quoted\" ");
    soap_call_take_xml(message->call, "Any", g_strdup("<a b=\"c\">d<e/></a>"));
    message->fault_code = 711;
    message->fault_description = g_strdup("illegal seek target");
    message->subscription_id = 9;
    message->expires_s = 1900000000;
    message->device_id = g_strdup(TV);
    message->state = g_strdup(IGRS_STATE_OFFLINE);
    message->session_key_id = g_strdup("key");
    igrs_message_add_device(message, TV, IGRS_MEDIA_CLIENT, "TV <1>",
                            "http://192.168.7.20:3880/IGRS");
    igrs_message_add_device(message, PHONE, IGRS_MEDIA_CONTROLLER, NULL, NULL);
    IgrsServiceEntry *service = igrs_message_add_service(message, TV, 3, "urn:x:y:z:1", "Service");
    g_ptr_array_add(service->security_ids, g_strdup(IGRS_SERVICE_SECURITY_NULL));
    g_ptr_array_add(service->security_ids, g_strdup(IGRS_SERVICE_SECURITY_TOKEN));
    IgrsGroupEntry *group = igrs_message_add_group(message, message->group_id, "group", "Plain");
    group->master_id = g_strdup(TV);
    g_ptr_array_add(group->members, g_strdup(TV));
    g_ptr_array_add(group->members, g_strdup(PHONE));
    message->document =
        type == IGRS_GET_DEVICE_DESCRIPTION_RESPONSE
            ? g_strdup("<root xmlns=\"" IGRS_NS_DEVICE "\"><device>x</device></root>")
            : g_strdup("<definitions xmlns=\"urn:w\"><a xmlns:t=\"urn:t\" t:b=\"c\"/>"
                       "</definitions>");
    return message;
}

static IgrsWay
way_of(IgrsMessageType type)
{
    if ((igrs_message_transports(type) & IGRS_PIPE) == 0)
        return IGRS_BY_DATAGRAM;
    return igrs_message_role(type) == IGRS_RESPONSE ? IGRS_BY_REPLY : IGRS_BY_PIPE;
}

static void
check_round_trip(IgrsMessageType type, bool is_from_service)
{
    g_autoptr(IgrsMessage) message = full_message(type);
    g_autoptr(HttpHeads) heads = http_heads_new(), again = http_heads_new();
    g_autoptr(GError) error = NULL;
    size_t size = 0;

    g_test_message("%s", igrs_message_name(type));
    message->is_from_service = is_from_service;
    g_autoptr(GBytes) body = igrs_message_encode_body(message);
    igrs_message_encode_heads(message, heads);
    const void *data = body == NULL ? NULL : g_bytes_get_data(body, &size);
    g_autoptr(IgrsMessage) back = igrs_message_decode(heads, data, size, way_of(type), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(back->flaw, ==, NULL);
    g_assert_null(back->unknown);
    g_assert_cmpint(back->type, ==, type);
    g_autoptr(GBytes) body_again = igrs_message_encode_body(back);
    igrs_message_encode_heads(back, again);
    /* each member that a type carries is in its text: the same text is the same message */
    g_assert_cmpuint(heads->count, ==, again->count);
    for (guint i = 0; i < heads->count; i++) {
        g_assert_cmpstr(heads->items[i].name, ==, again->items[i].name);
        g_assert_cmpstr(heads->items[i].value, ==, again->items[i].value);
    }
    g_assert_true((body == NULL) == (body_again == NULL));
    if (body != NULL)
        g_assert_cmpmem(data, size, g_bytes_get_data(body_again, NULL),
                        g_bytes_get_size(body_again));
}

static void
test_round_trip(void)
{
    guint bodies = 0;

    for (IgrsMessageType type = IGRS_NO_MESSAGE + 1; type < IGRS_MESSAGE_N; type++) {
        check_round_trip(type, type == IGRS_DESTROY_SESSION_NOTIFY);
        g_autoptr(IgrsMessage) message = full_message(type);
        g_autoptr(GBytes) body = igrs_message_encode_body(message);
        bodies += body != NULL;
    }
    check_round_trip(IGRS_DESTROY_SESSION_NOTIFY, false);
    g_assert_cmpint(IGRS_MESSAGE_N - 1, ==, 57);
    g_assert_cmpuint(bodies, ==, 34); /* the SOAPActions of FACTS.md section 3 */
}

/* The members themselves, of one message that has many. */
static void
test_members(void)
{
    g_autoptr(IgrsMessage) message = full_message(IGRS_INVOKE_SERVICE_RESPONSE);
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GBytes) body = igrs_message_encode_body(message);
    size_t size;

    igrs_message_encode_heads(message, heads);
    const void *data = g_bytes_get_data(body, &size);
    g_autoptr(IgrsMessage) back = igrs_message_decode(heads, data, size, IGRS_BY_REPLY, NULL);
    g_assert_cmpuint(back->return_code, ==, 701);
    g_assert_cmpuint(back->fault_code, ==, 711);
    g_assert_cmpstr(back->fault_description, ==, "illegal seek target");
    g_assert_cmpstr(back->call->name, ==, "Seek");
    g_assert_cmpstr(soap_call_value(back->call, "Target"), ==, " <not> markup & \"quoted\" ");
    g_assert_cmpstr(soap_call_value(back->call, "Any"), ==, "<a b=\"c\">d<e/></a>");
    g_assert_cmpstr(back->signature, ==, "c2ln");

    g_autoptr(IgrsMessage) alive = full_message(IGRS_DEVICE_ONLINE_ADVERTISEMENT);
    g_autoptr(HttpHeads) alive_heads = http_heads_new();
    igrs_message_encode_heads(alive, alive_heads);
    g_assert_cmpstr(http_heads_get(alive_heads, "01-DeviceName"), ==, "%E5%AE%A2%E5%8E%85%20TV");
    g_autoptr(IgrsMessage) heard =
        igrs_message_decode(alive_heads, NULL, 0, IGRS_BY_DATAGRAM, NULL);
    g_assert_cmpstr(heard->device_name, ==, alive->device_name);

    /* a name is for people: no line ends, no broken text */
    g_autoptr(HttpHeads) odd = http_heads_new();
    http_heads_add(odd, "Man", "\"" IGRS_MAN "\";ns=01");
    http_heads_add(odd, "01-IGRSVersion", IGRS_VERSION);
    http_heads_add(odd, "01-IGRSMessageType", "DeviceOnlineAdvertisement");
    http_heads_add(odd, "01-SourceDeviceId", TV);
    http_heads_add(odd, "01-DeviceName", "a%0Ab%07c");
    g_autoptr(IgrsMessage) named = igrs_message_decode(odd, NULL, 0, IGRS_BY_DATAGRAM, NULL);
    g_assert_cmpstr(named->device_name, ==, "a bc");
    http_heads_add(odd, "01-DeviceType", "\xff");
    g_autoptr(GError) error = NULL;
    g_assert_null(igrs_message_decode(odd, NULL, 0, IGRS_BY_DATAGRAM, &error));
    g_assert_error(error, IGRS_MESSAGE_ERROR, IGRS_ERROR_BAD_REQUEST);
}

/* -- What is taken and what is refused --------------------------------------------------------- */

#define TYPE(type) "01-IGRSVersion: IGRS/1.0\r\n01-IGRSMessageType: " type "\r\n"
#define IDS "01-TargetDeviceId: " TV "\r\n01-SourceDeviceId: " PHONE "\r\n01-SequenceId: 1\r\n"
#define DETECT TYPE("DeviceOnlineDetectionRequest") IDS

static const struct {
    const char *heads;
    IgrsWay way;
    int status; /* 0: taken */
} framings[] = {
    { MAN DETECT, IGRS_BY_PIPE, 0 },
    { "MAN: \"http://www.igrs.org/session\"; ns=01\r\n" DETECT, IGRS_BY_PIPE, 0 },
    { "man: \"http://www.w3.org/2003/05/soap-envelope\";ns=02 , \"http://www.igrs.org/spec1.0\" ; "
      "ns=\"01\"\r\n" DETECT,
      IGRS_BY_PIPE, 0 },
    { "Man: \"http://www.igrs.org/spec1.0\";ns=77\r\n77-igrsversion: IGRS/1.0\r\n"
      "77-IGRSMESSAGETYPE: DetachPipeNotify\r\n77-TargetDeviceId: " TV
      "\r\n77-SourceDeviceId: " PHONE "\r\n77-SequenceId: 1\r\n",
      IGRS_BY_PIPE, 0 },
    { MAN TYPE(
          "DetachPipeNotify") "01-TargetDeviceId: URN:igrs:Device:DeviceId:"
                              "6A1C2F70-0D5E-4C53-9A41-52D3F3F0A9B1\r\n01-SourceDeviceId: " PHONE
                              "\r\n01-SequenceId: 1\r\n",
      IGRS_BY_PIPE, 0 },
    { MAN DETECT "01-Novelty: x\r\n", IGRS_BY_PIPE, 0 },
    { DETECT, IGRS_BY_PIPE, 510 },
    { "Man: \"http://www.w3.org/2002/12/soap-envelope\";ns=02\r\n" DETECT, IGRS_BY_PIPE, 510 },
    { MAN "Man: \"http://example.org/x\";ns=03\r\n" DETECT, IGRS_BY_PIPE, 510 },
    { "Man: \"http://www.igrs.org/spec1.0;ns=01\r\n" DETECT, IGRS_BY_PIPE, 400 },
    { "Man: \"http://www.igrs.org/spec1.0\";ns=x\r\n" DETECT, IGRS_BY_PIPE, 400 },
    { MAN TYPE("Dance") IDS, IGRS_BY_PIPE, 501 },
    { MAN TYPE("deviceonlinedetectionrequest") IDS, IGRS_BY_PIPE, 501 },
    { MAN "01-IGRSVersion: IGRS/2.0\r\n01-IGRSMessageType: DetachPipeNotify\r\n" IDS, IGRS_BY_PIPE,
      505 },
    { MAN "01-IGRSVersion: one\r\n01-IGRSMessageType: DetachPipeNotify\r\n" IDS, IGRS_BY_PIPE,
      400 },
    { MAN "01-IGRSMessageType: DetachPipeNotify\r\n" IDS, IGRS_BY_PIPE, 400 },
    { MAN "01-IGRSVersion: IGRS/1.0\r\n" IDS, IGRS_BY_PIPE, 400 },
    { MAN DETECT "01-SequenceId: 1\r\n", IGRS_BY_PIPE, 400 }, /* twice */
    { MAN TYPE("DetachPipeNotify") "01-SourceDeviceId: " PHONE "\r\n01-SequenceId: 1\r\n",
      IGRS_BY_PIPE, 400 },
    { MAN TYPE("DetachPipeNotify") "01-TargetDeviceId: " TV "\r\n01-SourceDeviceId: " PHONE "\r\n",
      IGRS_BY_PIPE, 400 },
    { MAN TYPE("DetachPipeNotify") "01-TargetDeviceId: " TV "\r\n01-SourceDeviceId: " PHONE
                                   "\r\n01-SequenceId: 0\r\n",
      IGRS_BY_PIPE, 400 },
    { MAN TYPE("DetachPipeNotify") "01-TargetDeviceId: " TV "\r\n01-SourceDeviceId: " PHONE
                                   "\r\n01-SequenceId: 4294967296\r\n",
      IGRS_BY_PIPE, 400 },
    { MAN TYPE("DetachPipeNotify") "01-TargetDeviceId: tv\r\n01-SourceDeviceId: " PHONE
                                   "\r\n01-SequenceId: 1\r\n",
      IGRS_BY_PIPE, 400 },
    { MAN TYPE("DeviceOnlineAdvertisement") IDS, IGRS_BY_PIPE, 400 },
    { MAN TYPE("CreatePipeResponse") IDS, IGRS_BY_PIPE, 400 },
    { MAN DETECT, IGRS_BY_REPLY, 400 },
    { MAN DETECT, IGRS_BY_DATAGRAM, 400 },
    { MAN TYPE("CreatePipeResponse") IDS "01-AcknowledgeId: 1\r\n", IGRS_BY_REPLY,
      400 }, /* no code */
    { MAN TYPE("CreatePipeResponse") IDS "01-AcknowledgeId: 1\r\n01-ReturnCode: 200\r\n",
      IGRS_BY_REPLY, 0 },
    { MAN TYPE("SearchServiceRequest") "01-SourceDeviceId: " PHONE "\r\n", IGRS_BY_DATAGRAM, 0 },
    { MAN TYPE("QuitPeerDeviceGroupNotify") IDS, IGRS_BY_DATAGRAM, 0 },
    { MAN TYPE("QuitPeerDeviceGroupNotify") IDS, IGRS_BY_PIPE, 0 },
};

static IgrsMessage *
decode_text(const char *heads, const char *body, IgrsWay way, GError **error)
{
    g_autofree char *text = g_strconcat("M-POST /IGRS HTTP/1.1\r\n", heads, "\r\n", body, NULL);
    g_autoptr(HttpMessage) http = http_message_decode(text, strlen(text), error);

    g_assert_nonnull(http);
    return decode(http, way, error);
}

static void
test_framings(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(framings); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", framings[i].heads);
        g_autoptr(IgrsMessage) message =
            decode_text(framings[i].heads, "", framings[i].way, &error);
        if (framings[i].status == 0)
            g_assert_no_error(error);
        else
            g_assert_error(error, IGRS_MESSAGE_ERROR, framings[i].status);
        g_assert_cmpint(message != NULL, ==, framings[i].status == 0);
    }
    g_autoptr(IgrsMessage) message = decode_text(framings[5].heads, "", IGRS_BY_PIPE, NULL);
    g_assert_cmpuint(message->unknown->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(message->unknown, 0), ==, "01-Novelty: x");
}

#define INVOKE_HEADS MAN TYPE("InvokeServiceRequest") IDS
#define INVOKE_BODY(ids, payload)                                                               \
    ENVELOPE(SOAP_NS_DRAFT, "<Session xmlns=\"" IGRS_NS_SPEC "\">" ids payload "</Session>")
#define SESSION "<SourceClientId> 17\n</SourceClientId><TargetServiceId>3</TargetServiceId>" \
                "<SequenceId>1</SequenceId>"
#define PLAY "<u:Play xmlns:u=\"urn:x\"><Speed>1</Speed></u:Play>"
#define ESCAPED_PLAY "&lt;Play xmlns=\"urn:x\"&gt;&lt;Speed&gt;1&lt;/Speed&gt;&lt;/Play&gt;"

static const struct {
    const char *body;
    int status;     /* 0: taken */
    bool has_flaw;
} invocations[] = {
    { INVOKE_BODY(SESSION, "<InvokeArguments>" PLAY "</InvokeArguments>"), 0, false },
    { INVOKE_BODY(SESSION, PLAY), 0, false },
    { INVOKE_BODY(SESSION, "<InvokeArguments> " ESCAPED_PLAY " </InvokeArguments>"), 0, false },
    { INVOKE_BODY(SESSION, "<InvokeArguments><![CDATA[" PLAY "]]></InvokeArguments>"), 0, false },
    { ENVELOPE(SOAP_NS_1_1, "<s:Session xmlns:s=\"urn:any\">" SESSION PLAY "</s:Session>"), 0,
      false },
    { ENVELOPE(SOAP_NS_1_2, "<Session>" SESSION PLAY "</Session>"), 0, false },
    { INVOKE_BODY(SESSION, ""), 0, true },
    { INVOKE_BODY(SESSION, "<InvokeArguments/>"), 0, true },
    { INVOKE_BODY(SESSION, "<InvokeArguments>Play</InvokeArguments>"), 0, true },
    { INVOKE_BODY("<SourceClientId>17</SourceClientId>", PLAY), 0, true },
    { INVOKE_BODY("<SourceClientId>0</SourceClientId><TargetServiceId>3</TargetServiceId>", PLAY),
      0, true },
    { INVOKE_BODY("<SourceClientId>x</SourceClientId><TargetServiceId>3</TargetServiceId>", PLAY),
      0, true },
    { INVOKE_BODY("<SourceClientId>17</SourceClientId><TargetServiceId>3</TargetServiceId>"
                  "<SequenceId>2</SequenceId>",
                  PLAY),
      0, true },
    { ENVELOPE(SOAP_NS_DRAFT, "<SearchDevice/>"), 0, true },
    { "", 400, false },
    { "text", 400, false },
    { "<Session/>", 400, false },
    { ENVELOPE(SOAP_NS_DRAFT, ""), 400, false },
    { INVOKE_BODY(SESSION, "<InvokeArguments>"), 400, false },
    { "<!DOCTYPE x>" INVOKE_BODY(SESSION, PLAY), 400, false },
};

static void
test_invocations(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(invocations); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", invocations[i].body);
        g_autoptr(IgrsMessage) message =
            decode_text(INVOKE_HEADS, invocations[i].body, IGRS_BY_PIPE, &error);
        if (invocations[i].status != 0) {
            g_assert_error(error, IGRS_MESSAGE_ERROR, invocations[i].status);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpint(message->flaw != NULL, ==, invocations[i].has_flaw);
        g_assert_cmpuint(message->sequence_id, ==, 1);
        if (invocations[i].has_flaw)
            continue;
        g_assert_cmpuint(message->client_id, ==, 17);
        g_assert_cmpstr(message->call->name, ==, "Play");
        g_assert_cmpstr(message->call->namespace, ==, "urn:x");
        g_assert_cmpstr(soap_call_value(message->call, "Speed"), ==, "1");
    }
}

static void
test_service_unsubscribe(void)
{
    static const char body[] =
        ENVELOPE(SOAP_NS_DRAFT, "<Subscription><subscriptionId>4</subscriptionId></Subscription>");
    g_autoptr(IgrsMessage) message =
        decode_text(MAN TYPE("UnSubscribeServiceEventNotify") IDS, body, IGRS_BY_PIPE, NULL);

    g_assert_cmpint(message->type, ==, IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY);
    g_assert_cmpuint(message->subscription_id, ==, 4);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/igrs-message/captures", test_captures);
    g_test_add_func("/wire/igrs-message/session", test_session);
    g_test_add_func("/wire/igrs-message/reply-in-body", test_reply_in_body);
    g_test_add_func("/wire/igrs-message/round-trip", test_round_trip);
    g_test_add_func("/wire/igrs-message/members", test_members);
    g_test_add_func("/wire/igrs-message/framings", test_framings);
    g_test_add_func("/wire/igrs-message/invocations", test_invocations);
    g_test_add_func("/wire/igrs-message/service-unsubscribe", test_service_unsubscribe);
    return g_test_run();
}
