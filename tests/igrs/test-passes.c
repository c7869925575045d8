/* test-passes.c -- whose reads are answered without the loop, and when no more */
#include "igrs/node.h"
#include "tests/igrs/two-nodes.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HERE "127.0.0.1"
#define PATIENCE_MS 60000
#define WHILE_MS 200 /* for what must not come */

static const IgrsSession ours = { REMOTE_ID, 17, LAMP_SERVICE_ID };

/* -- The passes themselves --------------------------------------------------------------------- */

static void
test_life(void)
{
    g_autoptr(Clock) clock = clock_new_fake();
    g_autoptr(IgrsPasses) passes = igrs_passes_new(clock);
    const IgrsSession other = { REMOTE_ID, 18, LAMP_SERVICE_ID };

    g_assert_false(igrs_passes_has(passes, &ours, HERE));
    igrs_passes_issue(passes, &ours, HERE);
    g_assert_true(igrs_passes_has(passes, &ours, HERE));
    g_assert_false(igrs_passes_has(passes, &ours, "127.0.0.2"));
    g_assert_false(igrs_passes_has(passes, &other, HERE));
    clock_advance(clock, IGRS_PASS_MS - 1);
    g_assert_true(igrs_passes_has(passes, &ours, HERE));
    igrs_passes_issue(passes, &ours, HERE);
    clock_advance(clock, IGRS_PASS_MS - 1);
    g_assert_true(igrs_passes_has(passes, &ours, HERE));
    clock_advance(clock, 1);
    g_assert_false(igrs_passes_has(passes, &ours, HERE));
    igrs_passes_issue(passes, &ours, HERE);
    igrs_passes_issue(passes, &other, HERE);
    igrs_passes_end(passes, &ours);
    g_assert_false(igrs_passes_has(passes, &ours, HERE));
    g_assert_true(igrs_passes_has(passes, &other, HERE));
    igrs_passes_end_all(passes);
    g_assert_false(igrs_passes_has(passes, &other, HERE));
}

/* -- Two devices: octets of our own, since the remote itself needs the loop --------------------- */

static IgrsMessage *
message_of(IgrsMessageType type, const char *operation)
{
    IgrsMessage *message = igrs_message_new(type);

    message->client_id = ours.client_id;
    message->service_id = ours.service_id;
    if (operation != NULL)
        message->call = soap_call_new("urn:IGRS:Service:ServiceType:Lamp:1", operation);
    return message;
}

static int
send_invocation(TwoNodes *two, const char *operation)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(igrs_node_port(two->lamp)) };
    g_autoptr(IgrsMessage) message = message_of(IGRS_INVOKE_SERVICE_REQUEST, operation);
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GString) octets = g_string_new("M-POST /IGRS HTTP/1.1\r\nHost: " HERE "\r\n");

    message->source_id = g_strdup(REMOTE_ID);
    message->target_id = g_strdup(LAMP_ID);
    message->sequence_id = 4711;
    g_autoptr(GBytes) body = igrs_message_encode_body(message);
    igrs_message_encode_heads(message, heads);
    for (guint i = 0; i < heads->count; i++)
        g_string_append_printf(octets, "%s: %s\r\n", heads->items[i].name, heads->items[i].value);
    g_string_append_printf(octets, "Content-Type: text/xml\r\nContent-Length: %zu\r\n\r\n",
                           g_bytes_get_size(body));
    g_string_append_len(octets, g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body));

    inet_pton(AF_INET, HERE, &to.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_no_errno(connect(fd, (struct sockaddr *)&to, sizeof to));
    g_assert_cmpint(send(fd, octets->str, octets->len, 0), ==, octets->len);
    return fd;
}

static bool
is_answered(int fd, int wait_ms)
{
    struct pollfd place = { .fd = fd, .events = POLLIN };

    return poll(&place, 1, wait_ms) == 1;
}

/* Takes fd over. */
static char *
hear(int fd)
{
    GString *heard = g_string_new(NULL);

    while (strstr(heard->str, "</SOAP-ENV:Envelope>") == NULL) {
        char buffer[4096];
        g_assert_true(is_answered(fd, PATIENCE_MS));
        ssize_t count = recv(fd, buffer, sizeof buffer, 0);
        g_assert_cmpint(count, >, 0);
        g_string_append_len(heard, buffer, count);
    }
    close(fd);
    return g_string_free(heard, FALSE);
}

/* The loop stands still. */
static void
assert_read_without_loop(TwoNodes *two)
{
    g_autofree char *answer = hear(send_invocation(two, "GetBrightness"));

    g_assert_nonnull(strstr(answer, "<ReturnCode>200<"));
    g_assert_nonnull(strstr(answer, "<CurrentBrightness>50<"));
}

/* It is not answered while the loop stands still, and then with that ReturnCode. */
static void
assert_needs_loop(TwoNodes *two, const char *operation, const char *code)
{
    int fd = send_invocation(two, operation);

    g_assert_false(is_answered(fd, WHILE_MS));
    while (!is_answered(fd, 0))
        g_main_context_iteration(NULL, TRUE);
    g_autofree char *answer = hear(fd);
    g_assert_nonnull(strstr(answer, code));
}

static uint32_t
ask(TwoNodes *two, IgrsMessageType type, const char *operation)
{
    return two_nodes_ask(two, message_of(type, operation), NULL);
}

/* A session whose first invocation went by the loop. */
static void
enter(TwoNodes *two)
{
    g_assert_cmpuint(ask(two, IGRS_CREATE_SESSION_REQUEST, NULL), ==, IGRS_OK);
    g_assert_false(igrs_passes_has(two->lamp->passes, &ours, HERE));
    g_assert_cmpuint(ask(two, IGRS_INVOKE_SERVICE_REQUEST, "GetBrightness"), ==, IGRS_OK);
    g_assert_true(igrs_passes_has(two->lamp->passes, &ours, HERE));
}

static void
test_reads(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    enter(two);
    assert_read_without_loop(two);
    assert_needs_loop(two, "GetPower", "<ReturnCode>200<");
    assert_needs_loop(two, "Fly", "<ReturnCode>405<");
}

static void
test_session_ends(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    enter(two);
    ask(two, IGRS_DESTROY_SESSION_NOTIFY, NULL);
    assert_needs_loop(two, "GetBrightness", "<ReturnCode>481<");
}

static void
test_pipe_ends(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    enter(two);
    ask(two, IGRS_DETACH_PIPE_NOTIFY, NULL);
    assert_needs_loop(two, "GetBrightness", "<ReturnCode>482<");
}

static void
test_keys_change(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    enter(two);
    igrs_node_read_keys(two->lamp);
    g_assert_false(igrs_passes_has(two->lamp->passes, &ours, HERE));
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(TwoNodes *two, gconstpointer data);
    } tests[] = {
        { "/igrs/passes/reads", test_reads },
        { "/igrs/passes/session-ends", test_session_ends },
        { "/igrs/passes/pipe-ends", test_pipe_ends },
        { "/igrs/passes/keys-change", test_keys_change },
    };

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/igrs/passes/life", test_life);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, TwoNodes, NULL, two_nodes_set_up, tests[i].test,
                   two_nodes_tear_down);
    return g_test_run();
}
