/* security-asking.c -- pipes that we ask others for, and what we sign with; see security.h */
#include "igrs/security-room.h"

IgrsSeal *
igrs_security_seal_for(const IgrsSecurity *security, const IgrsMessage *message)
{
    const SecurityPeer *peer;
    const SecurityAsking *asking;

    if (message->target_id == NULL || igrs_security_may_be_unsigned(message->type))
        return NULL;
    if (message->type == IGRS_CREATE_PIPE_RESULT_REQUEST) {
        asking = g_hash_table_lookup(security->asking, message->target_id);
        return asking != NULL ? igrs_handshake_seal(asking->handshake) : NULL;
    }
    peer = g_hash_table_lookup(security->peers, message->target_id);
    return peer != NULL ? peer->seals[0] : NULL;
}

bool
igrs_security_begin(IgrsSecurity *security, IgrsMessage *request, unsigned *attempt)
{
    const char *peer = request->target_id;
    const IgrsSecret *key = igrs_keys_find(security->keys, peer);
    bool allows_null = !igrs_security_is_paired(security, peer);

    *attempt = 0;
    g_hash_table_remove(security->asking, peer);
    if (key == NULL && !allows_null)
        return false;
    request->device_security_ids =
        g_strconcat(key != NULL ? IGRS_PIPE_SECURITY_PSK : "",
                    key != NULL && allows_null ? "," : "",
                    key == NULL || allows_null ? IGRS_PIPE_SECURITY_NULL : "", NULL);
    if (key == NULL)
        return true;
    if (++security->last_attempt == 0)
        ++security->last_attempt;
    *attempt = security->last_attempt;
    SecurityAsking *asking = g_new0(SecurityAsking, 1);
    *asking = (SecurityAsking){ .attempt = *attempt, .allows_null = allows_null };
    asking->handshake = igrs_handshake_new_asking(security->device_id, key,
                                                  request->device_security_ids);
    g_hash_table_replace(security->asking, g_strdup(peer), asking);
    return true;
}

static bool
chooses_null(const IgrsMessage *reply)
{
    return reply->type == IGRS_CREATE_PIPE_RESPONSE && reply->return_code == IGRS_OK &&
           (reply->device_security_ids == NULL ||
            igrs_urn_equal(reply->device_security_ids, IGRS_PIPE_SECURITY_NULL));
}

static IgrsStep
finish_asking(IgrsSecurity *security, const char *peer, const SecurityAsking *asking)
{
    igrs_security_take_seal(security, peer, asking->handshake, asking->is_crossed);
    g_hash_table_remove(security->asking, peer);
    return IGRS_STEP_OPEN;
}

/* Once a device: it is asked again and again. */
static void
note_refusal(IgrsSecurity *security, const char *peer, uint32_t code)
{
    if (g_hash_table_contains(security->refusing, peer))
        return;
    if (g_hash_table_size(security->refusing) >= IGRS_KEYS_MAX)
        g_hash_table_remove_all(security->refusing);
    g_hash_table_add(security->refusing, g_strdup(peer));
    g_message("%s does not prove that it holds our key (%u)", peer, code);
}

IgrsStep
igrs_security_answered(IgrsSecurity *security, const char *peer, unsigned attempt,
                       const IgrsMessage *reply, IgrsMessage **next)
{
    SecurityAsking *asking = g_hash_table_lookup(security->asking, peer);

    if (attempt == 0) /* we offered NULL alone */
        return reply != NULL && chooses_null(reply) ? IGRS_STEP_OPEN : IGRS_STEP_REFUSED;
    if (asking == NULL || asking->attempt != attempt)
        return IGRS_STEP_OVER;
    if (reply == NULL || !igrs_device_id_equal(reply->source_id, peer))
        return IGRS_STEP_REFUSED;
    if (asking->allows_null && chooses_null(reply)) {
        g_hash_table_remove(security->asking, peer);
        return IGRS_STEP_OPEN;
    }
    *next = igrs_message_new(IGRS_NO_MESSAGE);
    uint32_t code = igrs_handshake_take(asking->handshake, reply, *next);
    if (code == IGRS_OK && igrs_handshake_state(asking->handshake) != IGRS_HANDSHAKE_DONE) {
        (*next)->target_id = g_strdup(peer);
        return IGRS_STEP_NEXT;
    }
    g_clear_pointer(next, igrs_message_free);
    if (code == IGRS_OK)
        return finish_asking(security, peer, asking);
    note_refusal(security, peer, code);
    g_hash_table_remove(security->asking, peer);
    return IGRS_STEP_REFUSED;
}
