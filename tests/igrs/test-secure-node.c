/* test-secure-node.c -- two real devices that share a key, or do not: test-node.c sealed */
#include "tests/igrs/two-nodes.h"

#define OTHER_DIGITS "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* data: the key of the remote, the lamp's is KEY_DIGITS; NULL: neither has one. The lamp is kept
 * for those who have. */
static void
set_up(TwoNodes *two, gconstpointer data)
{
    static const char *const kept[] = { "Lamp", NULL };

    two_nodes_make_keys(two);
    if (data != NULL)
        two_nodes_put_keys(two, KEY_DIGITS, data);
    two->kept_services = kept;
    two_nodes_set_up(two, NULL);
}

static void
test_invoke(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    two_nodes_turn_on(two);
    g_assert_true(two_nodes_is_sealed(two->remote, LAMP_ID));
    g_assert_true(two_nodes_is_sealed(two->lamp, REMOTE_ID));
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_OPEN);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_LEAVE); /* says it signed */
    WAIT_UNTIL(!two_nodes_is_sealed(two->remote, LAMP_ID) &&
               igrs_pipes_state(two->remote->pipes, LAMP_ID) == IGRS_PIPE_CLOSED);
    two_nodes_turn_on(two);
}

static void
test_events(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_hear_events(two);
    g_assert_true(two_nodes_is_sealed(two->lamp, REMOTE_ID));
    two_nodes_run(two, 200);
}

/* Each wants a pipe before it hears of the other's. */
static void
test_both_begin(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_WANTED);
    igrs_pipes_event(two->remote->pipes, LAMP_ID, NULL, IGRS_PIPE_WANTED);
    WAIT_UNTIL(two_nodes_is_sealed(two->lamp, REMOTE_ID) &&
               two_nodes_is_sealed(two->remote, LAMP_ID));
    two_nodes_turn_on(two);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_PROBE);
    two_nodes_run(two, 200);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_OPEN);
}

/* The lamp lost the seal but not the key: whoever invokes does not notice. */
static void
test_forgotten(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    two_nodes_turn_on(two);
    igrs_pipes_event(two->lamp->pipes, REMOTE_ID, NULL, IGRS_PIPE_SILENT);
    two_nodes_turn_on(two);
    g_assert_true(two_nodes_is_sealed(two->lamp, REMOTE_ID));
    igrs_security_forget(two->lamp->security, REMOTE_ID); /* its pipe stands, unsealed */
    igrs_sessions_end_all(two->lamp->sessions);
    two_nodes_turn_on(two);
    g_assert_true(two_nodes_is_sealed(two->lamp, REMOTE_ID));
}

static void
test_started_again(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    two_nodes_turn_on(two);
    igrs_node_free(two->lamp);
    two_nodes_start_lamp(two);
    two_nodes_wait_events(two, "oc");
    two_nodes_turn_on(two);
    g_assert_true(two_nodes_is_sealed(two->lamp, REMOTE_ID));
}

static void
test_wrong_key(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    two_nodes_turn_on_fails(two, DUO_ERROR_UNAVAILABLE);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_CLOSED);
    two_nodes_put_keys(two, KEY_DIGITS, KEY_DIGITS);
    igrs_node_read_keys(two->remote);
    two_nodes_turn_on(two);
}

/* Without keys the pipe is open, and what is kept asks for pairing. */
static void
test_kept_service(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_wait_events(two, "o");
    two_nodes_turn_on_fails(two, DUO_ERROR_DENIED);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_OPEN);
    two_nodes_put_keys(two, KEY_DIGITS, KEY_DIGITS);
    igrs_node_read_keys(two->lamp);
    igrs_node_read_keys(two->remote);
    g_assert_cmpint(igrs_pipes_state(two->lamp->pipes, REMOTE_ID), ==, IGRS_PIPE_CLOSED);
    two_nodes_turn_on(two);
    g_assert_true(two_nodes_is_sealed(two->lamp, REMOTE_ID));
}

#define ADD(path, key, function) \
    g_test_add(path, TwoNodes, key, set_up, function, two_nodes_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/secure-node/invoke", KEY_DIGITS, test_invoke);
    ADD("/igrs/secure-node/events", KEY_DIGITS, test_events);
    ADD("/igrs/secure-node/both-begin", KEY_DIGITS, test_both_begin);
    ADD("/igrs/secure-node/forgotten", KEY_DIGITS, test_forgotten);
    ADD("/igrs/secure-node/started-again", KEY_DIGITS, test_started_again);
    ADD("/igrs/secure-node/wrong-key", OTHER_DIGITS, test_wrong_key);
    ADD("/igrs/secure-node/kept-service", NULL, test_kept_service);
    return g_test_run();
}
