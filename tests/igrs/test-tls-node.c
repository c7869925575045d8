/* test-tls-node.c -- two real devices whose pipe runs inside TLS, with a key and without:
 * test-node.c where nobody can listen, and devices that do not show what they say */
#include "tests/igrs/two-nodes.h"

#include <glib/gstdio.h>

typedef struct {
    TwoNodes two;
    Certificate *lamp_certificate, *remote_certificate;
} Fixture;

/* The files of certificates do not lie among the keys here. */
static Certificate *
certificate_new(const char *name)
{
    g_autofree char *folder = g_dir_make_tmp("tls-XXXXXX", NULL);
    g_autofree char *crt = g_build_filename(folder, "device.crt", NULL);
    g_autofree char *key = g_build_filename(folder, "device.key", NULL);
    g_autoptr(GError) error = NULL;
    Certificate *certificate = certificate_of_device(folder, name, &error);

    g_assert_no_error(error);
    g_unlink(crt);
    g_unlink(key);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    return certificate;
}

/* data: the key of both. */
static void
set_up(Fixture *fixture, gconstpointer data)
{
    two_nodes_make_keys(&fixture->two);
    fixture->lamp_certificate = certificate_new("Lamp");
    fixture->remote_certificate = certificate_new("Remote");
    if (data != NULL)
        two_nodes_put_keys(&fixture->two, data, data);
    fixture->two.lamp_certificate = fixture->lamp_certificate;
    fixture->two.remote_certificate = fixture->remote_certificate;
    two_nodes_set_up(&fixture->two, NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_tear_down(&fixture->two, NULL);
    certificate_free(fixture->lamp_certificate);
    certificate_free(fixture->remote_certificate);
}

static bool
is_inside(IgrsNode *node, const char *peer)
{
    return igrs_security_place_for(node->security,
                                   &(IgrsMessage){ .type = IGRS_DETACH_PIPE_NOTIFY,
                                                   .target_id = (char *)peer }) != NULL;
}

/* What came to them outside of TLS. */
static uint64_t
plain_requests(TwoNodes *two)
{
    HttpServerCounts lamp, remote;

    http_server_counts(two->lamp->server, &lamp);
    http_server_counts(two->remote->server, &remote);
    return lamp.requests + remote.requests;
}

/* Sessions, invocations, events and the last word: once the pipe stands, nothing passes outside. */
static void
test_all_inside(Fixture *fixture, gconstpointer data)
{
    TwoNodes *two = &fixture->two;

    two_nodes_meet(two);
    two_nodes_turn_on(two);
    g_assert_true(is_inside(two->remote, LAMP_ID) && is_inside(two->lamp, REMOTE_ID));
    g_assert_cmpint(igrs_security_is_paired(two->remote->security, LAMP_ID), ==, data != NULL);
    uint64_t before;
    do { /* news of a device has its description fetched, two seconds after the last time */
        before = plain_requests(two);
        two_nodes_run(two, 2500);
    } while (plain_requests(two) != before);
    for (guint i = 0; i < 5; i++)
        two_nodes_turn_on(two);
    two_nodes_hear_events(two);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_PROBE);
    two_nodes_run(two, 200);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_LEAVE);
    WAIT_UNTIL(igrs_pipes_state(two->remote->pipes, LAMP_ID) == IGRS_PIPE_CLOSED);
    g_assert_cmpuint(plain_requests(two), ==, before);
    two_nodes_turn_on(two);
}

/* Each wants a pipe before it hears of the other's. */
static void
test_both_begin(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_meet(two);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_WANTED);
    igrs_pipes_event(two->remote->pipes, LAMP_ID, NULL, IGRS_PIPE_WANTED);
    WAIT_UNTIL(is_inside(two->remote, LAMP_ID) && is_inside(two->lamp, REMOTE_ID));
    two_nodes_turn_on(two);
    WAIT_UNTIL(is_inside(two->remote, LAMP_ID) && is_inside(two->lamp, REMOTE_ID));
}

static void
test_started_again(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    two_nodes_turn_on(two);
    igrs_node_free(two->lamp);
    two_nodes_start_lamp(two); /* its port inside TLS is another */
    two_nodes_wait_events(two, "oc");
    two_nodes_turn_on(two);
    g_assert_true(is_inside(two->remote, LAMP_ID));
}

/* What it says of its certificate is not what it shows. */
static void
test_shows_another(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;
    IgrsSecret other;

    two_nodes_wait_events(two, "o");
    igrs_secret_random(&other);
    igrs_security_offer_tls(two->lamp->security, &other);
    two_nodes_turn_on_fails(two, DUO_ERROR_UNAVAILABLE);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_CLOSED);
    g_assert_false(is_inside(two->remote, LAMP_ID));
}

/* It says that it serves inside TLS, and does not: nobody goes on outside. */
static void
test_does_not_listen(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    g_clear_pointer(&two->lamp->secure_server, http_server_free);
    two_nodes_turn_on_fails(two, DUO_ERROR_UNAVAILABLE);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_CLOSED);
}

/* A device that was set up anew under the same id: believed with the key, not without. */
static void
test_another_certificate(Fixture *fixture, gconstpointer data)
{
    TwoNodes *two = &fixture->two;
    g_autoptr(Certificate) other = certificate_new("Lamp");

    two_nodes_wait_events(two, "o");
    two_nodes_turn_on(two);
    igrs_node_free(two->lamp);
    two->lamp_certificate = other;
    two_nodes_start_lamp(two);
    two_nodes_wait_events(two, "oc");
    if (data != NULL)
        two_nodes_turn_on(two);
    else
        two_nodes_turn_on_fails(two, DUO_ERROR_UNAVAILABLE);
}

/* The other has none: they speak as ever. Once it had one, that is not enough. */
static void
test_without(Fixture *fixture, gconstpointer data)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    igrs_node_free(two->lamp);
    two->lamp_certificate = NULL;
    two_nodes_start_lamp(two);
    two_nodes_wait_events(two, "oc");
    two_nodes_turn_on(two);
    g_assert_false(is_inside(two->remote, LAMP_ID));
    igrs_node_free(two->lamp);
    two->lamp_certificate = fixture->lamp_certificate;
    two_nodes_start_lamp(two);
    two_nodes_wait_events(two, "occ");
    two_nodes_turn_on(two);
    g_assert_true(is_inside(two->remote, LAMP_ID));
    igrs_node_free(two->lamp);
    two->lamp_certificate = NULL;
    two_nodes_start_lamp(two);
    two_nodes_wait_events(two, "occc");
    if (data != NULL)
        two_nodes_turn_on(two);
    else
        two_nodes_turn_on_fails(two, DUO_ERROR_UNAVAILABLE);
}

static void
test_no_certificate(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const types[] = { "Lamp", NULL };
    TwoNodes *two = &fixture->two;
    const IgrsNodeOptions options = { .uuid = "6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b2",
                                      .name = "Lamp", .types = types, .manufacturer = "duoping",
                                      .model_name = "Test", .software = "test/1",
                                      .clock = two->clock, .interfaces = two->interfaces,
                                      .discovery_port = two->discovery_port,
                                      .certificate = "nonsense", .certificate_key = "nonsense" };
    g_autoptr(IgrsNode) node = igrs_node_new(&options);
    g_autoptr(GError) error = NULL;

    g_assert_false(igrs_node_start(node, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
}

#define ADD(path, key, function) g_test_add(path, Fixture, key, set_up, function, tear_down)
#define ADD_BOTH(path, function)            \
    ADD(path "/paired", KEY_DIGITS, function);  \
    ADD(path "/open", NULL, function)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_BOTH("/igrs/tls-node/all-inside", test_all_inside);
    ADD_BOTH("/igrs/tls-node/both-begin", test_both_begin);
    ADD_BOTH("/igrs/tls-node/started-again", test_started_again);
    ADD_BOTH("/igrs/tls-node/shows-another", test_shows_another);
    ADD_BOTH("/igrs/tls-node/does-not-listen", test_does_not_listen);
    ADD_BOTH("/igrs/tls-node/another-certificate", test_another_certificate);
    ADD_BOTH("/igrs/tls-node/without", test_without);
    ADD("/igrs/tls-node/no-certificate", NULL, test_no_certificate);
    return g_test_run();
}
