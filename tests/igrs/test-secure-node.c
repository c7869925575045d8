/* test-secure-node.c -- two real devices that share a key, or do not: test-node.c sealed */
#include "tests/igrs/two-nodes.h"

#include "base/error.h"
#include "igrs/node.h"

#include <glib/gstdio.h>
#include <string.h>

#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define OTHER_DIGITS "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

typedef struct {
    TwoNodes two;
    char *lamp_keys, *remote_keys;
} Fixture;

static void
put_key(const char *folder, const char *uuid, const char *digits)
{
    g_autofree char *path = g_build_filename(folder, uuid, NULL);

    if (digits == NULL)
        g_assert_cmpint(g_unlink(path), ==, 0);
    else
        g_assert_true(g_file_set_contents_full(path, digits, -1, G_FILE_SET_CONTENTS_NONE, 0600,
                                               NULL));
}

/* data: the key of the remote, the lamp's is DIGITS; NULL: neither has one. The lamp is kept for
 * those who have. */
static void
set_up(Fixture *fixture, gconstpointer data)
{
    static const char *const kept[] = { "Lamp", NULL };

    fixture->lamp_keys = g_dir_make_tmp("lamp-keys-XXXXXX", NULL);
    fixture->remote_keys = g_dir_make_tmp("remote-keys-XXXXXX", NULL);
    if (data != NULL) {
        put_key(fixture->lamp_keys, REMOTE_UUID, DIGITS);
        put_key(fixture->remote_keys, LAMP_UUID, data);
    }
    fixture->two.lamp_keys = fixture->lamp_keys;
    fixture->two.remote_keys = fixture->remote_keys;
    fixture->two.kept_services = kept;
    two_nodes_set_up(&fixture->two, NULL);
}

static void
remove_keys(char *folder, const char *uuid)
{
    g_autofree char *path = g_build_filename(folder, uuid, NULL);

    g_unlink(path);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_tear_down(&fixture->two, NULL);
    remove_keys(fixture->lamp_keys, REMOTE_UUID);
    remove_keys(fixture->remote_keys, LAMP_UUID);
}

typedef struct {
    bool is_there;
    GError *error;
} Result;

static void
on_answered(const SoapCall *answer G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Result *result = user_data;

    result->is_there = true;
    result->error = error != NULL ? g_error_copy(error) : NULL;
}

static void
invoke(TwoNodes *two, Result *result)
{
    SoapCall *call = soap_call_new(NULL, "SetPower");

    soap_call_add(call, "NewPower", "1");
    *result = (Result){ 0 };
    igrs_client_invoke(two->client, LAMP_ID, "Lamp", call, 0, NULL, on_answered, result);
    two_nodes_wait(&result->is_there);
}

static void
assert_done(TwoNodes *two)
{
    Result result;

    invoke(two, &result);
    g_assert_no_error(result.error);
}

static void
assert_fails(TwoNodes *two, DuoError code)
{
    Result result;

    invoke(two, &result);
    g_assert_error(result.error, DUO_ERROR, (int)code);
    g_clear_error(&result.error);
}

static bool
is_sealed(IgrsNode *node, const char *peer)
{
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_DETACH_PIPE_NOTIFY);

    message->target_id = g_strdup(peer);
    return igrs_security_seal_for(node->security, message) != NULL;
}

static void
test_invoke(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    assert_done(two);
    g_assert_true(is_sealed(two->remote, LAMP_ID));
    g_assert_true(is_sealed(two->lamp, REMOTE_ID));
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_OPEN);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_LEAVE); /* says it signed */
    two_nodes_run(two, 200);
    g_assert_false(is_sealed(two->remote, LAMP_ID));
    g_assert_cmpint(igrs_pipes_state(two->remote->pipes, LAMP_ID), ==, IGRS_PIPE_CLOSED);
    assert_done(two);
}

static void
on_notified(const char *name, const char *value G_GNUC_UNUSED, gpointer user_data)
{
    if (name != NULL)
        *(bool *)user_data = true;
}

static void
test_events(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;
    bool is_told = false;
    IgrsSubscription *subscription =
        igrs_client_subscribe(two->client, LAMP_ID, "Lamp", on_notified, &is_told);

    two_nodes_wait(&is_told);
    g_assert_true(is_sealed(two->lamp, REMOTE_ID));
    two_nodes_run(two, 200);
    is_told = false;
    lamp_turn(two->service, 80);
    two_nodes_wait(&is_told);
    igrs_subscription_free(subscription);
    two_nodes_run(two, 200);
}

/* Each wants a pipe before it hears of the other's. */
static void
test_both_begin(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    for (guint waited = 0; igrs_node_find_device(two->lamp, REMOTE_ID) == NULL; waited++) {
        g_assert_cmpuint(waited, <, 50);
        two_nodes_run(two, 100);
    }
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_WANTED);
    igrs_pipes_event(two->remote->pipes, LAMP_ID, NULL, IGRS_PIPE_WANTED);
    two_nodes_run(two, 300);
    g_assert_true(is_sealed(two->lamp, REMOTE_ID) && is_sealed(two->remote, LAMP_ID));
    assert_done(two);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_PROBE);
    two_nodes_run(two, 200);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_OPEN);
}

/* The lamp lost the seal but not the key: whoever invokes does not notice. */
static void
test_forgotten(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    assert_done(two);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_SILENT);
    assert_done(two);
    g_assert_true(is_sealed(two->lamp, REMOTE_ID));
    igrs_security_forget(two->lamp->security, REMOTE_ID); /* its pipe stands, unsealed */
    igrs_sessions_end_all(two->lamp->sessions);
    assert_done(two);
    g_assert_true(is_sealed(two->lamp, REMOTE_ID));
}

static void
test_started_again(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    assert_done(two);
    igrs_node_free(two->lamp);
    two_nodes_start_lamp(two);
    two_nodes_wait_events(two, "oc");
    assert_done(two);
    g_assert_true(is_sealed(two->lamp, REMOTE_ID));
}

static void
test_wrong_key(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    assert_fails(two, DUO_ERROR_UNAVAILABLE);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_CLOSED);
    put_key(fixture->remote_keys, LAMP_UUID, DIGITS);
    igrs_node_read_keys(two->remote);
    assert_done(two);
}

/* Without keys the pipe is open, and what is kept asks for pairing. */
static void
test_kept_service(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    two_nodes_wait_events(two, "o");
    assert_fails(two, DUO_ERROR_DENIED);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_OPEN);
    put_key(fixture->lamp_keys, REMOTE_UUID, DIGITS);
    put_key(fixture->remote_keys, LAMP_UUID, DIGITS);
    igrs_node_read_keys(two->lamp);
    igrs_node_read_keys(two->remote);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_CLOSED);
    assert_done(two);
    g_assert_true(is_sealed(two->lamp, REMOTE_ID));
}

#define ADD(path, key, function) g_test_add(path, Fixture, key, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/secure-node/invoke", DIGITS, test_invoke);
    ADD("/igrs/secure-node/events", DIGITS, test_events);
    ADD("/igrs/secure-node/both-begin", DIGITS, test_both_begin);
    ADD("/igrs/secure-node/forgotten", DIGITS, test_forgotten);
    ADD("/igrs/secure-node/started-again", DIGITS, test_started_again);
    ADD("/igrs/secure-node/wrong-key", OTHER_DIGITS, test_wrong_key);
    ADD("/igrs/secure-node/kept-service", NULL, test_kept_service);
    return g_test_run();
}
