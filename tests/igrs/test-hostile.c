/* test-hostile.c -- what a peer may do wrong, by mistake or on purpose, and what it gets
 *
 * Against a real device on the loopback interface: bad messages by TCP, forged and flooding
 * datagrams by UDP. HTTP status or ReturnCode as PROFILE section 2 divides them. */
#include "tests/igrs/two-nodes.h"

#include "base/error.h"
#include "igrs/devices.h"
#include "igrs/discovery.h"
#include "net/datagram.h"
#include "net/http-client.h"
#include "wire/igrs-attributes.h"
#include "wire/isdp.h"

#include <string.h>

#define STRANGER_ID IGRS_URN_DEVICE_ID "11111111-2222-4333-8444-555555555555"

/* -- By TCP ------------------------------------------------------------------------------------ */

typedef struct {
    unsigned status;
    uint32_t return_code; /* 0: no head */
    char *ext;
    size_t body_size;
    bool is_there;
} Answer;

static void
on_replied(const HttpReply *reply, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    const char *code;

    g_assert_no_error(error);
    answer->status = http_reply_status(reply);
    code = http_reply_head(reply, "01-ReturnCode");
    answer->return_code = code != NULL ? (uint32_t)g_ascii_strtoull(code, NULL, 10) : 0;
    answer->ext = g_strdup(http_reply_head(reply, "Ext"));
    answer->body_size = g_bytes_get_size(http_reply_body(reply));
    answer->is_there = true;
}

typedef struct {
    HttpClient *client;
    char *location;
} Peer;

static void
peer_init(Peer *peer, TwoNodes *two)
{
    peer->client = http_client_new("test/1");
    peer->location = two_nodes_lamp_location(two);
}

static void
peer_clear(Peer *peer)
{
    http_client_free(peer->client);
    g_free(peer->location);
}

static Answer
post_heads(Peer *peer, const HttpHead *heads, const char *mime, GBytes *body)
{
    HttpRequest request = { .method = "M-POST", .url = peer->location, .heads = heads,
                            .mime = body != NULL ? mime : NULL, .body = body };
    Answer answer = { 0 };

    http_client_send(peer->client, &request, NULL, on_replied, &answer);
    two_nodes_wait(&answer.is_there);
    g_free(answer.ext);
    return answer;
}

static IgrsMessage *
message_new(IgrsMessageType type)
{
    static uint32_t sequence = 1;
    IgrsMessage *message = igrs_message_new(type);

    message->source_id = g_strdup(STRANGER_ID);
    message->target_id = g_strdup(LAMP_ID);
    message->sequence_id = sequence++;
    message->client_id = 17;
    message->service_id = LAMP_SERVICE_ID;
    return message;
}

/* Takes message over. */
static Answer
post_message(Peer *peer, IgrsMessage *message)
{
    g_autoptr(IgrsMessage) owned = message;
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GBytes) body = igrs_message_encode_body(message);

    igrs_message_encode_heads(message, heads);
    return post_heads(peer, heads->items, IGRS_MIME, body);
}

static uint32_t
code_of(Peer *peer, IgrsMessage *message)
{
    Answer answer = post_message(peer, message);

    g_assert_cmpuint(answer.status, ==, 200);
    return answer.return_code;
}

#define MAN_HEAD { "Man", "\"http://www.igrs.org/spec1.0\";ns=01" }
#define VERSION_HEAD { "01-IGRSVersion", "IGRS/1.0" }
#define TYPE_HEAD { "01-IGRSMessageType", "CreatePipeRequest" }
#define TARGET_HEAD { "01-TargetDeviceId", LAMP_ID }
#define SOURCE_HEAD { "01-SourceDeviceId", STRANGER_ID }
#define SEQUENCE_HEAD { "01-SequenceId", "7" }

static const struct {
    const char *what;
    HttpHead heads[8];
    const char *mime, *body;
    unsigned status;
} bad_requests[] = {
    { "all is well", { MAN_HEAD, VERSION_HEAD, TYPE_HEAD, TARGET_HEAD, SOURCE_HEAD, SEQUENCE_HEAD },
      NULL, NULL, 200 },
    { "no heads", { { NULL } }, NULL, NULL, 510 },
    { "another Man", { { "Man", "\"urn:x\";ns=01" }, VERSION_HEAD, TYPE_HEAD, TARGET_HEAD,
                       SOURCE_HEAD, SEQUENCE_HEAD }, NULL, NULL, 510 },
    { "a Man nobody knows beside", { MAN_HEAD, { "Man", "\"urn:x\";ns=09" }, VERSION_HEAD,
                                     TYPE_HEAD, TARGET_HEAD, SOURCE_HEAD, SEQUENCE_HEAD }, NULL, NULL,
      510 },
    { "another version", { MAN_HEAD, { "01-IGRSVersion", "IGRS/2.0" }, TYPE_HEAD, TARGET_HEAD,
                           SOURCE_HEAD, SEQUENCE_HEAD }, NULL, NULL, 505 },
    { "an unknown type", { MAN_HEAD, VERSION_HEAD, { "01-IGRSMessageType", "MakeTea" }, TARGET_HEAD,
                           SOURCE_HEAD, SEQUENCE_HEAD }, NULL, NULL, 501 },
    { "a response", { MAN_HEAD, VERSION_HEAD, { "01-IGRSMessageType", "CreatePipeResponse" },
                      TARGET_HEAD, SOURCE_HEAD, SEQUENCE_HEAD }, NULL, NULL, 400 },
    { "an advertisement", { MAN_HEAD, VERSION_HEAD,
                            { "01-IGRSMessageType", "DeviceOnlineAdvertisement" }, TARGET_HEAD,
                            SOURCE_HEAD, SEQUENCE_HEAD }, NULL, NULL, 400 },
    { "no SequenceId", { MAN_HEAD, VERSION_HEAD, TYPE_HEAD, TARGET_HEAD, SOURCE_HEAD }, NULL, NULL,
      400 },
    { "SequenceId 0", { MAN_HEAD, VERSION_HEAD, TYPE_HEAD, TARGET_HEAD, SOURCE_HEAD,
                        { "01-SequenceId", "0" } }, NULL, NULL, 400 },
    { "SequenceId 2^32", { MAN_HEAD, VERSION_HEAD, TYPE_HEAD, TARGET_HEAD, SOURCE_HEAD,
                           { "01-SequenceId", "4294967296" } }, NULL, NULL, 400 },
    { "two SequenceIds", { MAN_HEAD, VERSION_HEAD, TYPE_HEAD, TARGET_HEAD, SOURCE_HEAD,
                           SEQUENCE_HEAD, SEQUENCE_HEAD }, NULL, NULL, 400 },
    { "no target", { MAN_HEAD, VERSION_HEAD, TYPE_HEAD, SOURCE_HEAD, SEQUENCE_HEAD }, NULL, NULL,
      400 },
    { "no source", { MAN_HEAD, VERSION_HEAD, TYPE_HEAD, TARGET_HEAD, SEQUENCE_HEAD }, NULL, NULL,
      400 },
    { "not XML", { MAN_HEAD, VERSION_HEAD, { "01-IGRSMessageType", "CreateSessionRequest" },
                   TARGET_HEAD, SOURCE_HEAD, SEQUENCE_HEAD }, IGRS_MIME, "<Envelope><Body>", 400 },
    { "a doctype", { MAN_HEAD, VERSION_HEAD, { "01-IGRSMessageType", "CreateSessionRequest" },
                     TARGET_HEAD, SOURCE_HEAD, SEQUENCE_HEAD }, IGRS_MIME,
      "<!DOCTYPE a [<!ENTITY b \"c\">]><Envelope><Body>&b;</Body></Envelope>", 400 },
    { "another media type", { MAN_HEAD, VERSION_HEAD,
                              { "01-IGRSMessageType", "CreateSessionRequest" }, TARGET_HEAD,
                              SOURCE_HEAD, SEQUENCE_HEAD }, "application/json", "{}", 415 },
};

static void
test_bad_requests(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Peer peer;

    peer_init(&peer, two);
    for (guint i = 0; i < G_N_ELEMENTS(bad_requests); i++) {
        g_autoptr(GBytes) body = bad_requests[i].body != NULL
                                     ? g_bytes_new_static(bad_requests[i].body,
                                                          strlen(bad_requests[i].body))
                                     : NULL;
        g_test_message("%s", bad_requests[i].what);
        Answer answer = post_heads(&peer, bad_requests[i].heads, bad_requests[i].mime, body);
        g_assert_cmpuint(answer.status, ==, bad_requests[i].status);
    }
    peer_clear(&peer);
}

static void
replace(char **text, const char *with)
{
    g_free(*text);
    *text = g_strdup(with);
}

/* Readable, but wrong: a ReturnCode. */
static void
test_return_codes(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Peer peer;
    IgrsMessage *message;

    peer_init(&peer, two);
    message = message_new(IGRS_CREATE_PIPE_REQUEST);
    replace(&message->target_id, STRANGER_ID);
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_NOT_FOUND);
    message = message_new(IGRS_CREATE_PIPE_REQUEST);
    replace(&message->source_id, IGRS_DEVICE_ID_NIL);
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_UNAUTHORISED);
    message = message_new(IGRS_CREATE_PIPE_REQUEST);
    replace(&message->device_security_ids, IGRS_PIPE_SECURITY_PSK);
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_UNAUTHORISED);
    message = message_new(IGRS_CREATE_PIPE_REQUEST);
    replace(&message->location, "http://10.66.66.66:80/IGRS");
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_DENIED);
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_DEVICE_ONLINE_DETECTION_REQUEST)), ==,
                     IGRS_NO_PIPE);
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_INVOKE_SERVICE_REQUEST)), ==,
                     IGRS_BAD_REQUEST); /* nothing to invoke */
    message = message_new(IGRS_INVOKE_SERVICE_REQUEST);
    message->call = soap_call_new("urn:x", "GetPower");
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_NO_PIPE);
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE)), ==,
                     IGRS_NO_PIPE);

    message = message_new(IGRS_CREATE_PIPE_REQUEST);
    replace(&message->target_id, IGRS_DEVICE_ID_NIL); /* whoever answers here */
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_OK);
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_DEVICE_ONLINE_DETECTION_REQUEST)), ==,
                     IGRS_OK);
    message = message_new(IGRS_INVOKE_SERVICE_REQUEST);
    message->call = soap_call_new("urn:x", "GetPower");
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_NO_SESSION);
    message = message_new(IGRS_CREATE_SESSION_REQUEST);
    message->service_id = 99;
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_NOT_FOUND);
    message = message_new(IGRS_GET_SERVICE_DESCRIPTION_REQUEST);
    message->service_id = 99;
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_NOT_FOUND);
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_GET_SERVICE_DESCRIPTION_REQUEST)), ==,
                     IGRS_OK);
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_CREATE_SESSION_REQUEST)), ==, IGRS_OK);
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_CREATE_SESSION_REQUEST)), ==, IGRS_OK);
    peer_clear(&peer);
}

/* Not one of the requests that travel by pipe is answered 501. */
static void
test_every_request_is_served(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Peer peer;
    unsigned requests = 0;

    peer_init(&peer, two);
    for (IgrsMessageType type = IGRS_NO_MESSAGE + 1; type < IGRS_MESSAGE_N; type++) {
        if (igrs_message_role(type) != IGRS_REQUEST ||
            (igrs_message_transports(type) & IGRS_PIPE) == 0)
            continue;
        g_test_message("%s", igrs_message_name(type));
        g_assert_cmpuint(code_of(&peer, message_new(type)), !=, IGRS_NOT_IMPLEMENTED);
        requests++;
    }
    g_assert_cmpuint(requests, ==, 18);
    peer_clear(&peer);
}

/* A notify gets a bare 200, dropped or not; detaching ends the session with the pipe. */
static void
test_notifies(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    static const IgrsMessageType notifies[] = { IGRS_DETACH_PIPE_NOTIFY,
                                                IGRS_DESTROY_SESSION_NOTIFY, IGRS_SEND_NOTIFICATION,
                                                IGRS_UNREGISTER_SERVICE_NOTIFY };
    Peer peer;

    peer_init(&peer, two);
    for (guint i = 0; i < G_N_ELEMENTS(notifies); i++) {
        g_test_message("%s", igrs_message_name(notifies[i]));
        IgrsMessage *message = message_new(notifies[i]);
        if (notifies[i] == IGRS_UNREGISTER_SERVICE_NOTIFY)
            igrs_message_add_service(message, STRANGER_ID, 1, IGRS_URN_SERVICE_TYPE "Lamp:1",
                                     "Lamp");
        Answer answer = post_message(&peer, message);
        g_assert_cmpuint(answer.status, ==, 200);
        g_assert_cmpuint(answer.return_code, ==, 0);
        g_assert_cmpuint(answer.body_size, ==, 0);
    }
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_CREATE_SESSION_REQUEST)), ==, IGRS_OK);
    post_message(&peer, message_new(IGRS_DETACH_PIPE_NOTIFY));
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_CREATE_PIPE_REQUEST)), ==, IGRS_OK);
    IgrsMessage *message = message_new(IGRS_INVOKE_SERVICE_REQUEST);
    message->call = soap_call_new("urn:x", "GetPower");
    g_assert_cmpuint(code_of(&peer, message), ==, IGRS_NO_SESSION);
    peer_clear(&peer);
}

static IgrsMessage *
attribute_message(const char *operation, const char *location, uint32_t subscription_id)
{
    IgrsMessage *message = message_new(IGRS_INVOKE_SERVICE_REQUEST);
    g_autoptr(IgrsAttributes) wanted = igrs_attributes_new();

    wanted->location = g_strdup(location);
    wanted->expires_s = 1;
    wanted->subscription_id = subscription_id;
    message->call = igrs_attributes_encode(operation, "urn:x", wanted);
    return message;
}

/* Events go to whoever asked, never to a third party. */
static void
test_subscriptions(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    Peer peer;

    peer_init(&peer, two);
    g_assert_cmpuint(code_of(&peer, message_new(IGRS_CREATE_SESSION_REQUEST)), ==, IGRS_OK);
    g_assert_cmpuint(code_of(&peer, attribute_message(IGRS_OP_SUBSCRIBE,
                                                      "http://10.66.66.66:80/IGRS", 0)),
                     ==, IGRS_DENIED);
    g_assert_cmpuint(
        code_of(&peer, attribute_message(IGRS_OP_SUBSCRIBE, "http://127.0.0.1:9/IGRS", 0)), ==,
        IGRS_OK);
    g_assert_cmpuint(code_of(&peer, attribute_message(IGRS_OP_RENEW, NULL, 12345)), ==,
                     IGRS_NO_SUBSCRIPTION);
    g_assert_cmpuint(code_of(&peer, attribute_message(IGRS_OP_UNSUBSCRIBE, NULL, 12345)), ==,
                     IGRS_NO_SUBSCRIPTION);
    g_assert_cmpuint(code_of(&peer, attribute_message(IGRS_OP_FIND, NULL, 0)), ==, IGRS_OK);
    peer_clear(&peer);
}

static void
test_pipe_flood(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    unsigned made = 0;
    uint32_t code = IGRS_OK;
    Peer peer;

    peer_init(&peer, two);
    while (code == IGRS_OK) {
        IgrsMessage *message = message_new(IGRS_CREATE_PIPE_REQUEST);
        g_free(message->source_id);
        message->source_id = g_strdup_printf(
            IGRS_URN_DEVICE_ID "00000000-0000-0000-0000-%012x", ++made);
        code = code_of(&peer, message);
    }
    g_assert_cmpuint(code, ==, IGRS_TOO_MANY);
    g_assert_cmpuint(made, <=, 64);
    peer_clear(&peer);
}

/* -- By UDP ------------------------------------------------------------------------------------ */

static void
on_datagram(GBytes *bytes, GSocketAddress *from G_GNUC_UNUSED,
            unsigned interface_index G_GNUC_UNUSED, gpointer user_data)
{
    g_autoptr(Isdp) isdp =
        isdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL);

    g_assert_nonnull(isdp);
    g_assert_cmpint(isdp->kind, ==, ISDP_RESPONSE);
    g_assert_cmpstr(isdp->message->source_id, ==, LAMP_ID);
    ++*(unsigned *)user_data;
}

typedef struct {
    Datagram *datagram;
    GSocketAddress *group;
    char *host;
    const NetInterface *interface;
    unsigned answers;
} Air;

static void
air_init(Air *air, TwoNodes *two)
{
    *air = (Air){ 0 };
    air->datagram = datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_datagram, &air->answers, NULL);
    air->group = g_inet_socket_address_new_from_string(IGRS_GROUP, two->discovery_port);
    air->host = g_strdup_printf(IGRS_GROUP ":%u", two->discovery_port);
    air->interface = g_ptr_array_index(net_interfaces_list(two->interfaces), 0);
}

static void
air_clear(Air *air)
{
    datagram_free(air->datagram);
    g_object_unref(air->group);
    g_free(air->host);
}

static void
say_octets(Air *air, const void *octets, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(octets, size);

    datagram_send(air->datagram, bytes, air->group, air->interface->index,
                  net_interface_address(air->interface, G_SOCKET_FAMILY_IPV4), 1, NULL);
}

static void
say(Air *air, IgrsMessageType type, const char *device_id, uint32_t sequence_id,
    const char *location, const char *target)
{
    IgrsMessage *message = igrs_message_new(type);

    message->source_id = g_strdup(device_id);
    message->sequence_id = sequence_id;
    message->device_type = g_strdup(IGRS_URN_DEVICE_TYPE "Lamp:1");
    g_autoptr(Isdp) isdp = isdp_new(message);
    replace(&isdp->location, location);
    if (target != NULL)
        replace(&isdp->target, target);
    g_autoptr(GBytes) bytes = isdp_encode(isdp, air->host);
    say_octets(air, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* The description says who is there; a place that is not the sender's own is not even asked. */
static void
test_forged_location(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *of_lamp = two_nodes_lamp_location(two);
    Air air;

    two_nodes_wait_events(two, "o");
    air_init(&air, two);
    say(&air, IGRS_DEVICE_ONLINE_ADVERTISEMENT, STRANGER_ID, 1, "http://10.66.66.66/IGRS", NULL);
    say(&air, IGRS_DEVICE_ONLINE_ADVERTISEMENT, STRANGER_ID, 2, "http://localhost/IGRS", NULL);
    say(&air, IGRS_DEVICE_ONLINE_ADVERTISEMENT, STRANGER_ID, 3, "gopher://127.0.0.1/", NULL);
    /* This place answers, and says who it is. */
    say(&air, IGRS_DEVICE_ONLINE_ADVERTISEMENT, STRANGER_ID, 4, of_lamp, NULL);
    two_nodes_run(two, 500);
    g_autoptr(GPtrArray) devices = igrs_node_devices(two->remote);
    g_assert_cmpuint(devices->len, ==, 1);
    air_clear(&air);
}

static const char *const rubbish[] = {
    "",
    "NOTIFY",
    "NOTIFY * HTTP/1.1\r\n\r\n",
    "NOTIFY * HTTP/1.1\r\nMAN: \"http://www.igrs.org/spec1.0\";ns=01\r\n\r\n",
    "M-SEARCH * HTTP/1.1\r\nMAN: \"isdp:discover\"\r\n"
    "MAN: \"http://www.igrs.org/spec1.0\";ns=01\r\n01-IGRSVersion: IGRS/1.0\r\n"
    "01-IGRSMessageType: SearchDeviceRequest\r\nMX: 99999999999\r\n\r\n",
    "HTTP/1.1 200 OK\r\nMAN: \"http://www.igrs.org/spec1.0\";ns=01\r\n"
    "01-IGRSVersion: IGRS/1.0\r\n01-IGRSMessageType: SearchDeviceResponse\r\n\r\n<a><b>",
    "M-POST * HTTP/1.1\r\n01-IGRSMessageType: \xff\xfe\r\n\r\n",
};

/* Goes on working after a storm of anything. */
static void
test_flood(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GPtrArray) devices = NULL;
    Air air;

    two_nodes_wait_events(two, "o");
    air_init(&air, two);
    for (uint32_t i = 1; i <= 3000; i++) {
        g_autofree char *id =
            g_strdup_printf(IGRS_URN_DEVICE_ID "00000000-0000-0000-0000-%012x", i);
        uint8_t noise[64];
        say(&air, IGRS_DEVICE_ONLINE_ADVERTISEMENT, id, i, "http://127.0.0.1:9/IGRS", NULL);
        say_octets(&air, rubbish[i % G_N_ELEMENTS(rubbish)],
                   strlen(rubbish[i % G_N_ELEMENTS(rubbish)]));
        for (guint j = 0; j < sizeof noise; j++)
            noise[j] = (uint8_t)g_random_int();
        say_octets(&air, noise, sizeof noise);
        if (i % 100 == 0)
            g_main_context_iteration(NULL, FALSE);
    }
    two_nodes_run(two, 300);
    devices = igrs_node_devices(two->remote);
    g_assert_cmpuint(devices->len, ==, 1);
    g_assert_nonnull(igrs_node_find_device(two->remote, LAMP_ID));
    air_clear(&air);
}

static void
test_searches(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        IgrsMessageType type;
        const char *target;
        bool is_answered;
    } searches[] = {
        { IGRS_SEARCH_DEVICE_REQUEST, ISDP_ALL, true },
        { IGRS_SEARCH_DEVICE_REQUEST, LAMP_ID, true },
        { IGRS_SEARCH_DEVICE_REQUEST, IGRS_URN_DEVICE_TYPE "Lamp:1", true },
        { IGRS_SEARCH_DEVICE_REQUEST, IGRS_URN_DEVICE_TYPE "Lamp:2", false },
        { IGRS_SEARCH_DEVICE_REQUEST, IGRS_URN_SERVICE_TYPE "Lamp:1", true },
        { IGRS_SEARCH_DEVICE_REQUEST, STRANGER_ID, false },
        { IGRS_SEARCH_SERVICE_REQUEST, ISDP_ALL, true },
        { IGRS_SEARCH_SERVICE_REQUEST, IGRS_URN_SERVICE_TYPE "Lamp:1", true },
        { IGRS_SEARCH_SERVICE_REQUEST, IGRS_URN_SERVICE_TYPE "Toaster:1", false },
        { IGRS_SEARCH_DEVICE_GROUP_REQUEST, ISDP_ALL, false },
    };
    unsigned expected = 0;
    Air air;

    two_nodes_wait_events(two, "o");
    igrs_client_free(two->client); /* another device would answer as well */
    igrs_node_free(two->remote);
    two_nodes_run(two, 1200); /* a second in which nobody was served */
    air_init(&air, two);
    for (guint i = 0; i < G_N_ELEMENTS(searches); i++) {
        say(&air, searches[i].type, REMOTE_ID, 1000 + i, NULL, searches[i].target);
        say(&air, searches[i].type, REMOTE_ID, 1000 + i, NULL, searches[i].target); /* its copy */
        expected += searches[i].is_answered;
    }
    WAIT_UNTIL(air.answers >= expected);
    two_nodes_run(two, 1200); /* MX 1, and a second in which nobody was served */
    g_assert_cmpuint(air.answers, ==, expected);

    gint64 begun_us = g_get_monotonic_time();
    air.answers = 0;
    for (guint i = 0; i < 200; i++)
        say(&air, IGRS_SEARCH_DEVICE_REQUEST, REMOTE_ID, 2000 + i, NULL, ISDP_ALL);
    WAIT_UNTIL(air.answers >= 1);
    two_nodes_run(two, 1000);
    /* They may span a second more than have gone by. */
    gint64 seconds = (g_get_monotonic_time() - begun_us) / G_USEC_PER_SEC + 2;
    g_assert_cmpuint(air.answers, <=, (guint)seconds * IGRS_SEARCHES_PER_SECOND_MAX);
    air_clear(&air);
    two_nodes_start_remote(two);
}

#define ADD(path, function) \
    g_test_add(path, TwoNodes, NULL, two_nodes_set_up, function, two_nodes_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/hostile/bad-requests", test_bad_requests);
    ADD("/igrs/hostile/return-codes", test_return_codes);
    ADD("/igrs/hostile/every-request-is-served", test_every_request_is_served);
    ADD("/igrs/hostile/notifies", test_notifies);
    ADD("/igrs/hostile/subscriptions", test_subscriptions);
    ADD("/igrs/hostile/pipe-flood", test_pipe_flood);
    ADD("/igrs/hostile/forged-location", test_forged_location);
    ADD("/igrs/hostile/flood", test_flood);
    ADD("/igrs/hostile/searches", test_searches);
    return g_test_run();
}
