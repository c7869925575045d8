/* security-asked.c -- pipes that others ask us for; see security.h and security-room.h */
#include "igrs/security-room.h"

/* -- Those under way --------------------------------------------------------------------------- */

void
igrs_security_asked_free(SecurityAsked *asked)
{
    clock_cancel(asked->security->clock, &asked->timer);
    igrs_handshake_free(asked->handshake);
    g_free(asked->name);
    g_free(asked->address);
    g_free(asked->location);
    g_free(asked);
}

static char *
name_of(const char *peer, const char *address)
{
    g_autofree char *id = g_ascii_strdown(peer, -1);

    return g_strconcat(id, " ", address, NULL);
}

SecurityAsked *
igrs_security_find_asked(const IgrsSecurity *security, const IgrsMessage *message,
                         const char *address)
{
    g_autofree char *name = name_of(message->source_id, address);

    return g_hash_table_lookup(security->asked, name);
}

/* -- The offer -------------------------------------------------------------------------------- */

static bool
offers(const char *list, const char *wanted)
{
    g_auto(GStrv) ids = g_strsplit(list != NULL ? list : IGRS_PIPE_SECURITY_NULL, ",", 16);

    for (guint i = 0; ids[i] != NULL; i++)
        if (igrs_urn_equal(g_strstrip(ids[i]), wanted))
            return true;
    return false;
}

static void
on_asked_too_long_ago(gpointer data)
{
    SecurityAsked *asked = data;

    asked->timer = 0;
    g_hash_table_remove(asked->security->asked, asked->name);
}

static guint
count_of_address(const IgrsSecurity *security, const char *address)
{
    GHashTableIter iter;
    gpointer value;
    guint count = 0;

    g_hash_table_iter_init(&iter, security->asked);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        count += g_str_equal(((SecurityAsked *)value)->address, address);
    return count;
}

static uint32_t
begin_asked(IgrsSecurity *security, const IgrsMessage *request, const char *address,
            const IgrsSecret *key, IgrsMessage *reply)
{
    g_autofree char *name = name_of(request->source_id, address);
    SecurityAsked *asked;
    uint32_t code;

    g_hash_table_remove(security->asked, name);
    if (count_of_address(security, address) >= IGRS_HANDSHAKES_PER_ADDRESS_MAX)
        return IGRS_TOO_MANY;
    if (g_hash_table_size(security->asked) >= IGRS_HANDSHAKES_MAX)
        return IGRS_BUSY;
    asked = g_new0(SecurityAsked, 1);
    *asked = (SecurityAsked){ .security = security, .name = g_steal_pointer(&name),
                      .address = g_strdup(address), .location = g_strdup(request->location) };
    asked->handshake = igrs_handshake_new(security->device_id, key);
    code = igrs_handshake_take(asked->handshake, request, reply);
    if (code != IGRS_OK) {
        igrs_security_asked_free(asked);
        return code;
    }
    asked->timer = clock_after(security->clock, IGRS_HANDSHAKE_MS, on_asked_too_long_ago, asked);
    g_hash_table_insert(security->asked, asked->name, asked);
    return IGRS_OK;
}

/* The peer gave up at our proof of this key: it holds another. Not while its pipe stands on it. */
static bool
holds_another(const IgrsSecurity *security, const IgrsMessage *request, const char *address,
              const IgrsSecret *key)
{
    const SecurityAsked *before = igrs_security_find_asked(security, request, address);
    const SecurityPeer *peer = g_hash_table_lookup(security->peers, request->source_id);

    return before != NULL && (peer == NULL || !igrs_secret_equal(&peer->key, key)) &&
           igrs_handshake_state(before->handshake) == IGRS_HANDSHAKE_CHALLENGED &&
           igrs_secret_equal(igrs_handshake_key(before->handshake), key);
}

/* Who was told our code offers nothing but the key, and may hold an older one of ours. */
static const IgrsSecret *
key_for(const IgrsSecurity *security, const IgrsMessage *request, const char *address)
{
    const IgrsSecret *own = igrs_keys_find(security->keys, request->source_id);
    const IgrsSecret *code = igrs_keys_code_key(security->keys);

    if (code == NULL || offers(request->device_security_ids, IGRS_PIPE_SECURITY_NULL))
        return own;
    return own == NULL || holds_another(security, request, address, own) ? code : own;
}

uint32_t
igrs_security_choose(IgrsSecurity *security, const IgrsMessage *request, const char *address,
                     bool allows_open, IgrsMessage *reply, bool *is_open)
{
    const IgrsSecret *key = key_for(security, request, address);

    *is_open = false;
    if (key != NULL && offers(request->device_security_ids, IGRS_PIPE_SECURITY_PSK))
        return begin_asked(security, request, address, key, reply);
    if (!allows_open || igrs_security_is_paired(security, request->source_id) ||
        !offers(request->device_security_ids, IGRS_PIPE_SECURITY_NULL))
        return IGRS_UNAUTHORISED;
    reply->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_NULL);
    *is_open = true;
    return IGRS_OK;
}

uint32_t
igrs_security_take(IgrsSecurity *security, const IgrsMessage *request, const char *address,
                   IgrsMessage *reply)
{
    SecurityAsked *asked = igrs_security_find_asked(security, request, address);
    uint32_t code;

    if (asked == NULL)
        return IGRS_NO_PIPE;
    code = igrs_handshake_take(asked->handshake, request, reply);
    if (igrs_handshake_state(asked->handshake) == IGRS_HANDSHAKE_FAILED) {
        g_info("%s at %s does not hold our key", request->source_id, address);
        g_hash_table_remove(security->asked, asked->name);
    }
    return code;
}

char *
igrs_security_establish(IgrsSecurity *security, const IgrsMessage *request, const char *address)
{
    SecurityAsked *asked = igrs_security_find_asked(security, request, address);
    SecurityAsking *ours = g_hash_table_lookup(security->asking, request->source_id);
    char *location = g_steal_pointer(&asked->location);

    g_assert(igrs_handshake_state(asked->handshake) == IGRS_HANDSHAKE_DONE);
    igrs_security_take_seal(security, request->source_id, asked->handshake, false);
    g_hash_table_remove(security->asked, asked->name);
    if (ours != NULL && igrs_handshake_state(ours->handshake) == IGRS_HANDSHAKE_CONFIRMING)
        ours->is_crossed = true; /* the peer may have taken it already */
    else
        g_hash_table_remove(security->asking, request->source_id);
    return location;
}
