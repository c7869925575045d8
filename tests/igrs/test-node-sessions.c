/* test-node-sessions.c -- sessions that need a token, and sessions handed on, between real
 * devices */
#include "tests/igrs/two-nodes.h"

static IgrsMessage *
session_message(IgrsMessageType type, uint32_t client_id, const char *token)
{
    IgrsMessage *message = igrs_message_new(type);

    message->client_id = client_id;
    message->service_id = LAMP_SERVICE_ID;
    message->token = g_strdup(token);
    return message;
}

static uint32_t
create(TwoNodes *two, uint32_t client_id, const char *security_id, const char *token)
{
    IgrsMessage *message = session_message(IGRS_CREATE_SESSION_REQUEST, client_id, token);

    message->service_security_id = g_strdup(security_id);
    return two_nodes_ask(two, message, NULL);
}

static bool
has_session(TwoNodes *two, uint32_t client_id)
{
    const IgrsSession session = { REMOTE_ID, client_id, LAMP_SERVICE_ID };

    return igrs_sessions_has(two->lamp->sessions, &session);
}

static char *
apply(TwoNodes *two, uint32_t client_id, uint32_t expected)
{
    g_autoptr(IgrsMessage) answer = NULL;
    uint32_t code = two_nodes_ask(
        two, session_message(IGRS_APPLY_SESSION_KEY_REQUEST, client_id, NULL), &answer);
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;

    g_assert_cmpuint(code, ==, expected);
    if (code != IGRS_OK)
        return NULL;
    g_assert_cmpint(answer->expires_s, >, now_s);
    g_assert_cmpint(answer->expires_s, <=, now_s + 61);
    return g_strdup(answer->session_key_id);
}

static uint32_t
transfer(TwoNodes *two, uint32_t client_id, const char *key)
{
    return two_nodes_ask(
        two, session_message(IGRS_TRANSFER_SESSION_KEY_REQUEST, client_id, key), NULL);
}

static void
test_transfer(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    g_assert_null(apply(two, 1, IGRS_NO_SESSION));
    g_assert_cmpuint(create(two, 1, NULL, NULL), ==, IGRS_OK);
    g_autofree char *first = apply(two, 1, IGRS_OK);
    g_assert_cmpuint(transfer(two, 2, NULL), ==, IGRS_UNAUTHORISED);
    g_assert_cmpuint(transfer(two, 2, "forged"), ==, IGRS_UNAUTHORISED);
    g_assert_false(has_session(two, 2));
    g_assert_cmpuint(transfer(two, 2, first), ==, IGRS_OK);
    g_assert_true(has_session(two, 2));
    g_assert_false(has_session(two, 1));                            /* the old one ends */
    g_assert_cmpuint(transfer(two, 3, first), ==, IGRS_UNAUTHORISED); /* it works once */
    g_autofree char *second = apply(two, 2, IGRS_OK);
    two_nodes_ask(two, session_message(IGRS_DESTROY_SESSION_NOTIFY, 2, NULL), NULL);
    g_assert_cmpuint(transfer(two, 3, second), ==, IGRS_UNAUTHORISED); /* gone with its session */
    g_assert_cmpuint(igrs_sessions_count(two->lamp->sessions), ==, 0);
}

/* -- Tokens ------------------------------------------------------------------------------------ */

static void
host_for_people(TwoNodes *two, IgrsNode *node)
{
    igrs_node_add_service(node, LAMP_SERVICE_ID, two->service, "Light");
    igrs_node_require_token(node, LAMP_SERVICE_ID);
}

static void
set_up_for_people(TwoNodes *two, gconstpointer data)
{
    two->host = host_for_people;
    two_nodes_set_up(two, data);
}

static const struct {
    const char *security_id;
    enum { NO_TOKEN, FORGED, OTHER_RIGHT, RIGHT, REVOKED } token;
    uint32_t code;
} entries[] = {
    { NULL, NO_TOKEN, IGRS_UNAUTHORISED },
    { IGRS_SERVICE_SECURITY_NULL, NO_TOKEN, IGRS_UNAUTHORISED },
    { IGRS_SERVICE_SECURITY_TOKEN, NO_TOKEN, IGRS_UNAUTHORISED },
    { IGRS_SERVICE_SECURITY_TOKEN, FORGED, IGRS_UNAUTHORISED },
    { IGRS_SERVICE_SECURITY_TOKEN, OTHER_RIGHT, IGRS_DENIED },
    { IGRS_SERVICE_SECURITY_NULL, RIGHT, IGRS_UNAUTHORISED },
    { "urn:IGRS:ServiceSecurity:Magic", RIGHT, IGRS_UNAUTHORISED },
    { IGRS_SERVICE_SECURITY_TOKEN, RIGHT, IGRS_OK },
    { IGRS_SERVICE_SECURITY_TOKEN, REVOKED, IGRS_UNAUTHORISED },
};

static void
test_tokens(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    static const uint32_t lamp[] = { LAMP_SERVICE_ID, 0 }, other[] = { 99, 0 };
    g_autofree char *right = igrs_node_issue_token(two->lamp, "小明", lamp, NULL);
    g_autofree char *other_right = igrs_node_issue_token(two->lamp, "小明", other, NULL);
    g_autofree char *revoked = igrs_node_issue_token(two->lamp, "小明", lamp, NULL);
    const char *const tokens[] = { NULL, "forged", other_right, right, revoked };

    g_assert_true(igrs_node_revoke_token(two->lamp, revoked));
    g_assert_false(igrs_node_revoke_token(two->lamp, revoked));
    two_nodes_meet(two);
    for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
        g_assert_cmpuint(create(two, i + 1, entries[i].security_id, tokens[entries[i].token]), ==,
                         entries[i].code);
    g_assert_cmpuint(igrs_sessions_count(two->lamp->sessions), ==, 1);
    /* What was handed on goes with the token as well. */
    g_autofree char *key = apply(two, 8, IGRS_OK);
    g_assert_cmpuint(transfer(two, 20, key), ==, IGRS_OK);
    g_assert_true(igrs_node_revoke_token(two->lamp, right));
    g_assert_cmpuint(igrs_sessions_count(two->lamp->sessions), ==, 0);
}

static void
test_client(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *token = igrs_node_issue_token(two->lamp, "小明", NULL, NULL);
    g_autoptr(GError) error = NULL;

    two_nodes_meet(two);
    two_nodes_invoke(two, soap_call_new(NULL, "GetPower"), &error);
    g_assert_error(error, DUO_ERROR, DUO_ERROR_DENIED);
    g_clear_error(&error);
    igrs_client_set_user(two->client, "小明", token);
    two_nodes_invoke(two, soap_call_new(NULL, "GetPower"), &error);
    g_assert_no_error(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/igrs/node-sessions/transfer", TwoNodes, NULL, two_nodes_set_up, test_transfer,
               two_nodes_tear_down);
    g_test_add("/igrs/node-sessions/tokens", TwoNodes, NULL, set_up_for_people, test_tokens,
               two_nodes_tear_down);
    g_test_add("/igrs/node-sessions/client", TwoNodes, NULL, set_up_for_people, test_client,
               two_nodes_tear_down);
    return g_test_run();
}
