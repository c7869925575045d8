/* security.c -- see security.h: keys, seals, and what a signature is worth */
#include "igrs/security-room.h"

/* -- Making and ending ------------------------------------------------------------------------- */

static void
peer_free(gpointer data)
{
    SecurityPeer *peer = data;

    for (guint i = 0; i < SECURITY_SEALS; i++)
        igrs_seal_unref(peer->seals[i]);
    explicit_bzero(peer, sizeof *peer);
    g_free(peer);
}

static void
asking_free(gpointer data)
{
    SecurityAsking *asking = data;

    igrs_handshake_free(asking->handshake);
    g_free(asking);
}

static GHashTable *
table_of_devices(GDestroyNotify value_free)
{
    return g_hash_table_new_full(igrs_device_id_hash, igrs_device_id_equal, g_free, value_free);
}

IgrsSecurity *
igrs_security_new(Clock *clock, const char *device_id, const char *keys_folder)
{
    IgrsSecurity *security = g_new0(IgrsSecurity, 1);

    *security = (IgrsSecurity){ .clock = clock, .device_id = g_strdup(device_id) };
    security->keys = igrs_keys_new(keys_folder);
    security->forgers = igrs_forgers_new(clock);
    security->peers = table_of_devices(peer_free);
    security->asked = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                            (GDestroyNotify)igrs_security_asked_free);
    security->asking = table_of_devices(asking_free);
    security->refusing = table_of_devices(NULL);
    return security;
}

void
igrs_security_free(IgrsSecurity *security)
{
    if (security == NULL)
        return;
    g_hash_table_unref(security->refusing);
    g_hash_table_unref(security->asking);
    g_hash_table_unref(security->asked);
    g_hash_table_unref(security->peers);
    igrs_forgers_free(security->forgers);
    igrs_keys_free(security->keys);
    g_free(security->device_id);
    g_free(security);
}

/* -- Keys -------------------------------------------------------------------------------------- */

IgrsKeys *
igrs_security_keys(const IgrsSecurity *security)
{
    return security->keys;
}

bool
igrs_security_is_current(const IgrsSecurity *security, const char *id)
{
    const SecurityPeer *peer = g_hash_table_lookup(security->peers, id);
    const IgrsSecret *key = igrs_keys_find(security->keys, id);

    if (peer == NULL)
        return !igrs_keys_is_paired(security->keys, id);
    return key != NULL && igrs_secret_equal(key, &peer->key);
}

bool
igrs_security_is_paired(const IgrsSecurity *security, const char *id)
{
    return igrs_keys_is_paired(security->keys, id) || g_hash_table_contains(security->peers, id);
}

/* -- Seals ------------------------------------------------------------------------------------- */

void
igrs_security_forget(IgrsSecurity *security, const char *peer)
{
    g_hash_table_remove(security->peers, peer);
    g_hash_table_remove(security->asking, peer);
}

void
igrs_security_take_seal(IgrsSecurity *security, const char *id, const IgrsHandshake *handshake,
                        bool is_beside)
{
    SecurityPeer *before = g_hash_table_lookup(security->peers, id);
    SecurityPeer *peer = g_new0(SecurityPeer, 1);

    peer->key = *igrs_handshake_key(handshake);
    peer->seals[0] = igrs_seal_ref(igrs_handshake_seal(handshake));
    if (is_beside && before != NULL)
        peer->seals[1] = igrs_seal_ref(before->seals[0]);
    g_hash_table_replace(security->peers, g_strdup(id), peer);
    igrs_keys_proved(security->keys, id, &peer->key);
    g_hash_table_remove(security->refusing, id);
    g_info("the pipe with %s is authenticated", id);
}

/* Those that a message of this peer from there may be signed with; the number of them. */
static guint
seals_of(const IgrsSecurity *security, const IgrsMessage *message, const char *address,
         IgrsSeal *seals[SECURITY_SEALS])
{
    const SecurityPeer *peer = g_hash_table_lookup(security->peers, message->source_id);
    guint count = 0;

    if (message->type == IGRS_CREATE_PIPE_RESULT_REQUEST) {
        const SecurityAsked *asked = igrs_security_find_asked(security, message, address);
        if (asked != NULL && igrs_handshake_seal(asked->handshake) != NULL) {
            seals[0] = igrs_handshake_seal(asked->handshake);
            return 1;
        }
    }
    for (guint i = 0; peer != NULL && i < SECURITY_SEALS; i++)
        if (peer->seals[i] != NULL)
            seals[count++] = peer->seals[i];
    return count;
}

bool
igrs_security_may_be_unsigned(IgrsMessageType type)
{
    return type == IGRS_CREATE_PIPE_REQUEST || type == IGRS_AUTHENTICATE_REQUEST ||
           type == IGRS_AUTHENTICATE_RESULT_REQUEST;
}

/* The one of them that it is signed with; NULL: forged, or a number that came before. */
static IgrsSeal *
find_seal(IgrsSeal *const *seals, guint count, const IgrsMessage *message, GBytes *body)
{
    for (guint i = 0; i < count; i++)
        if (igrs_seal_is_signed(seals[i], message, body))
            return igrs_seal_take_number(seals[i], message->sequence_id) ? seals[i] : NULL;
    return NULL;
}

uint32_t
igrs_security_judge(IgrsSecurity *security, const IgrsMessage *message, GBytes *body,
                    const char *address, IgrsSeal **seal)
{
    IgrsSeal *seals[SECURITY_SEALS];
    guint count = seals_of(security, message, address, seals);
    bool is_signed = count > 0 && message->signature != NULL;
    IgrsSeal *found = is_signed ? find_seal(seals, count, message, body) : NULL;

    *seal = found != NULL ? igrs_seal_ref(found) : NULL;
    if (found != NULL)
        return IGRS_OK;
    if (igrs_forgers_is_shut_out(security->forgers, address))
        return IGRS_TOO_MANY;
    if (is_signed)
        igrs_forgers_add(security->forgers, address);
    else if (count == 0 || igrs_security_may_be_unsigned(message->type))
        return IGRS_OK;
    return IGRS_UNAUTHORISED;
}
