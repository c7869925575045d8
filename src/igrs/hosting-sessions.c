/* hosting-sessions.c -- sessions with our services: entered, left, handed on (clause 10.5)
 *
 * A service that is kept for people asks for a token (PROFILE section 5). */
#include "igrs/node.h"

static IgrsSession
session_of(const IgrsMessage *request)
{
    return (IgrsSession){ request->source_id, request->client_id, request->service_id };
}

static int64_t
now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

/* -- Entering ---------------------------------------------------------------------------------- */

/* The token's number, 0 when none is shown. A token that is no token is refused even where none is
 * needed. */
static uint32_t
check_token(const IgrsNode *node, const IgrsMessage *request, uint32_t *number)
{
    const char *id = request->service_security_id;
    bool has_token = id != NULL && igrs_urn_equal(id, IGRS_SERVICE_SECURITY_TOKEN);

    *number = 0;
    if (!has_token && id != NULL && *id != '\0' && !igrs_urn_equal(id, IGRS_SERVICE_SECURITY_NULL))
        return IGRS_UNAUTHORISED;
    if (has_token && request->token != NULL)
        *number = igrs_tokens_find(node->tokens, request->token);
    return has_token && *number == 0 ? IGRS_UNAUTHORISED : IGRS_OK;
}

static uint32_t
check_entry(const IgrsIncoming *incoming, uint32_t *number)
{
    const IgrsNode *node = incoming->node;
    const IgrsMessage *request = incoming->request;
    const IgrsHosted *hosted = igrs_node_find_service(node, request->service_id);

    if (hosted == NULL)
        return IGRS_NOT_FOUND;
    uint32_t code = check_token(node, request, number);
    if (code != IGRS_OK)
        return code;
    if (*number == 0 && !igrs_hosting_is_allowed(incoming, hosted, NULL))
        return IGRS_UNAUTHORISED;
    if (!hosted->needs_token)
        return IGRS_OK;
    if (*number == 0)
        return IGRS_UNAUTHORISED;
    return igrs_tokens_opens(node->tokens, *number, hosted->id) ? IGRS_OK : IGRS_DENIED;
}

void
igrs_hosting_create_session(IgrsIncoming *incoming)
{
    IgrsNode *node = incoming->node;
    IgrsSession session = session_of(incoming->request);
    uint32_t token;
    uint32_t code = check_entry(incoming, &token);

    if (code == IGRS_OK && !igrs_sessions_create(node->sessions, &session, NULL))
        code = IGRS_TOO_MANY;
    if (code == IGRS_OK)
        igrs_sessions_set_token(node->sessions, &session, token);
    igrs_incoming_answer(incoming, code);
}

void
igrs_hosting_destroy_session(IgrsIncoming *incoming)
{
    IgrsSession session = session_of(incoming->request);

    igrs_sessions_destroy(incoming->node->sessions, &session);
}

/* -- Handing on -------------------------------------------------------------------------------- */

void
igrs_hosting_apply_key(IgrsIncoming *incoming)
{
    IgrsNode *node = incoming->node;
    IgrsSession session = session_of(incoming->request);
    const char *key;

    if (!igrs_sessions_has(node->sessions, &session)) {
        igrs_incoming_answer(incoming, IGRS_NO_SESSION);
        return;
    }
    key = igrs_session_keys_apply(node->session_keys, &session);
    if (key == NULL) {
        igrs_incoming_answer(incoming, IGRS_TOO_MANY);
        return;
    }
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, IGRS_OK);
    reply->session_key_id = g_strdup(key);
    reply->expires_s = now_s() + IGRS_SESSION_KEY_LIFE_S;
    igrs_incoming_reply(incoming, reply);
}

static void
on_told(const IgrsMessage *reply G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
        gpointer user_data G_GNUC_UNUSED)
{
}

/* The one who had it learns that it ended. */
static void
tell_ended(IgrsNode *node, const IgrsSession *session)
{
    const char *location = igrs_node_peer_location(node, session->device_id);
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_DESTROY_SESSION_NOTIFY);

    if (location == NULL)
        return;
    message->is_from_service = true;
    message->target_id = g_strdup(session->device_id);
    message->client_id = session->client_id;
    message->service_id = session->service_id;
    igrs_courier_send(node->courier, location, message, 0, NULL, on_told, NULL);
}

/* The new session stands before the old one ends; what the old one's token opened, it opens. */
static uint32_t
transfer(IgrsNode *node, const IgrsMessage *request)
{
    IgrsSession to = session_of(request);
    const IgrsSession *from = igrs_session_keys_find(node->session_keys, request->token);

    if (from == NULL || from->service_id != to.service_id)
        return IGRS_UNAUTHORISED;
    if (!igrs_sessions_create(node->sessions, &to, NULL))
        return IGRS_TOO_MANY;
    if (igrs_session_equal(from, &to)) {
        igrs_session_keys_drop(node->session_keys, &to);
        return IGRS_OK;
    }
    igrs_sessions_set_token(node->sessions, &to, igrs_sessions_token(node->sessions, from));
    tell_ended(node, from);
    g_autofree char *device_id = g_strdup(from->device_id); /* the key goes with its session */
    IgrsSession ended = { device_id, from->client_id, from->service_id };
    igrs_sessions_destroy(node->sessions, &ended);
    return IGRS_OK;
}

void
igrs_hosting_transfer_key(IgrsIncoming *incoming)
{
    igrs_incoming_answer(incoming, transfer(incoming->node, incoming->request));
}

/* -- People: see igrs.h ------------------------------------------------------------------------ */

void
igrs_node_require_token(IgrsNode *node, uint32_t service_id)
{
    for (guint i = 0; i < node->hosted->len; i++) {
        IgrsHosted *hosted = g_ptr_array_index(node->hosted, i);
        IgrsServiceEntry *entry = g_ptr_array_index(node->presence_services, i);
        if (hosted->id != service_id || hosted->needs_token)
            continue;
        hosted->needs_token = true;
        g_ptr_array_set_size(entry->security_ids, 0);
        g_ptr_array_add(entry->security_ids, g_strdup(IGRS_SERVICE_SECURITY_TOKEN));
    }
}

char *
igrs_node_issue_token(IgrsNode *node, const char *user, const uint32_t *services, GError **error)
{
    return igrs_tokens_issue(node->tokens, user, services, error);
}

bool
igrs_node_revoke_token(IgrsNode *node, const char *token)
{
    uint32_t number = igrs_tokens_revoke(node->tokens, token);

    if (number != 0)
        igrs_sessions_end_token(node->sessions, number);
    return number != 0;
}
