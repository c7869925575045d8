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
    igrs_place_clear(&asked->place);
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

/* Where the source of a request that came inside TLS serves there, too. */
static bool
place_of(const IgrsMessage *request, IgrsPlace *place)
{
    IgrsSecret certificate;

    if (request->location == NULL || g_ascii_strncasecmp(request->location, "https:", 6) != 0 ||
        !igrs_secret_from_base64(request->certificate, &certificate))
        return false;
    igrs_place_set(place, request->location, &certificate);
    return true;
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
            const IgrsSecret *key, bool is_inside, IgrsMessage *reply)
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
    code = is_inside && !place_of(request, &asked->place) ? IGRS_BAD_REQUEST : IGRS_OK;
    if (code == IGRS_OK && is_inside)
        igrs_handshake_bind(asked->handshake, &security->certificate, &asked->place.certificate);
    if (code == IGRS_OK)
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

static bool
offers_to_be_open(const char *list)
{
    for (guint i = 0; i < SECURITY_WAYS; i++)
        if (!security_ways[i].has_key && igrs_security_offers(list, &security_ways[i]))
            return true;
    return false;
}

/* Who was told our code offers nothing but the key, and may hold an older one of ours. */
static const IgrsSecret *
key_for(const IgrsSecurity *security, const IgrsMessage *request, const char *address)
{
    const IgrsSecret *own = igrs_keys_find(security->keys, request->source_id);
    const IgrsSecret *code = igrs_keys_code_key(security->keys);

    if (code == NULL || offers_to_be_open(request->device_security_ids))
        return own;
    return own == NULL || holds_another(security, request, address, own) ? code : own;
}

/* The first of our ways that is offered and will do for this peer; NULL: none. */
static const SecurityWay *
choose_way(const IgrsSecurity *security, const IgrsMessage *request, bool has_key, bool allows_open)
{
    bool is_open_enough = allows_open && !igrs_security_is_paired(security, request->source_id);

    for (guint i = 0; i < SECURITY_WAYS; i++) {
        const SecurityWay *way = &security_ways[i];
        if ((way->has_key ? has_key : is_open_enough) &&
            (security->offers_tls || !way->is_inside) &&
            igrs_security_offers(request->device_security_ids, way))
            return way;
    }
    return NULL;
}

uint32_t
igrs_security_choose(IgrsSecurity *security, const IgrsMessage *request, const IgrsOrigin *origin,
                     bool allows_open, IgrsMessage *reply, bool *is_open)
{
    const IgrsSecret *key = key_for(security, request, origin->address);
    const SecurityWay *way = choose_way(security, request, key != NULL, allows_open);

    *is_open = false;
    if (way == NULL)
        return IGRS_UNAUTHORISED;
    if (way->is_inside)
        reply->certificate = igrs_secret_to_base64(&security->certificate);
    bool is_elsewhere = way->is_inside && !origin->is_inside; /* it goes on inside TLS */
    if (way->has_key && !is_elsewhere)
        return begin_asked(security, request, origin->address, key, way->is_inside, reply);
    g_auto(IgrsPlace) place = { 0 };
    if (way->is_inside && !is_elsewhere && !place_of(request, &place))
        return IGRS_BAD_REQUEST;
    reply->device_security_ids = g_strdup(way->id);
    *is_open = !is_elsewhere;
    return IGRS_OK;
}

void
igrs_security_opened(IgrsSecurity *security, const IgrsMessage *request, const IgrsMessage *reply)
{
    g_auto(IgrsPlace) place = { 0 };

    if (igrs_security_find_way(reply->device_security_ids)->is_inside && place_of(request, &place))
        igrs_security_take_pipe(security, request->source_id, NULL, &place, false);
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
    igrs_security_take_pipe(security, request->source_id, asked->handshake, &asked->place, false);
    g_hash_table_remove(security->asked, asked->name);
    if (ours != NULL && igrs_handshake_state(ours->handshake) == IGRS_HANDSHAKE_CONFIRMING)
        ours->is_crossed = true; /* the peer may have taken it already */
    else
        g_hash_table_remove(security->asking, request->source_id);
    return location;
}
