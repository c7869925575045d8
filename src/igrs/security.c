/* security.c -- see security.h: keys, seals, and what a signature is worth */
#include "igrs/security-room.h"

const SecurityWay security_ways[SECURITY_WAYS] = {
    { IGRS_PIPE_SECURITY_TLS_PSK, true, true },
    { IGRS_PIPE_SECURITY_PSK, true, false },
    { IGRS_PIPE_SECURITY_TLS, false, true },
    { IGRS_PIPE_SECURITY_NULL, false, false },
};

/* -- Making and ending ------------------------------------------------------------------------- */

static void
peer_free(gpointer data)
{
    SecurityPeer *peer = data;

    for (guint i = 0; i < SECURITY_SEALS; i++)
        igrs_seal_unref(peer->seals[i]);
    igrs_place_clear(&peer->place);
    explicit_bzero(peer, sizeof *peer);
    g_free(peer);
}

static void
asking_free(gpointer data)
{
    SecurityAsking *asking = data;

    igrs_handshake_free(asking->handshake);
    g_free(asking->offer);
    igrs_place_clear(&asking->place);
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
    security->pins = igrs_pins_new(keys_folder);
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
    igrs_pins_free(security->pins);
    igrs_keys_free(security->keys);
    g_free(security->device_id);
    g_free(security);
}

/* -- Ways -------------------------------------------------------------------------------------- */

const SecurityWay *
igrs_security_find_way(const char *id)
{
    g_autofree char *wanted = g_strstrip(g_strdup(id != NULL ? id : IGRS_PIPE_SECURITY_NULL));

    for (guint i = 0; i < SECURITY_WAYS; i++)
        if (igrs_urn_equal(security_ways[i].id, wanted))
            return &security_ways[i];
    return NULL;
}

bool
igrs_security_offers(const char *list, const SecurityWay *way)
{
    g_auto(GStrv) ids = g_strsplit(list != NULL ? list : IGRS_PIPE_SECURITY_NULL, ",", 16);

    for (guint i = 0; ids[i] != NULL; i++)
        if (igrs_security_find_way(ids[i]) == way)
            return true;
    return false;
}

void
igrs_security_offer_tls(IgrsSecurity *security, const IgrsSecret *certificate)
{
    security->offers_tls = true;
    security->certificate = *certificate;
}

char *
igrs_security_list(const IgrsSecurity *security, bool allows_open)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < SECURITY_WAYS; i++)
        if ((allows_open || security_ways[i].has_key) &&
            (security->offers_tls || !security_ways[i].is_inside))
            g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", security_ways[i].id);
    return g_string_free(g_steal_pointer(&list), FALSE);
}

void
igrs_place_clear(IgrsPlace *place)
{
    g_clear_pointer(&place->location, g_free);
}

void
igrs_place_set(IgrsPlace *place, const char *location, const IgrsSecret *certificate)
{
    g_free(place->location);
    place->location = g_strdup(location);
    if (location != NULL)
        place->certificate = *certificate;
}

/* -- Keys -------------------------------------------------------------------------------------- */

IgrsKeys *
igrs_security_keys(const IgrsSecurity *security)
{
    return security->keys;
}

void
igrs_security_read(IgrsSecurity *security)
{
    igrs_keys_read(security->keys);
    igrs_pins_read(security->pins);
}

static bool
is_sealed(const SecurityPeer *peer)
{
    return peer != NULL && peer->seals[0] != NULL;
}

bool
igrs_security_is_current(const IgrsSecurity *security, const char *id)
{
    const SecurityPeer *peer = g_hash_table_lookup(security->peers, id);
    const IgrsSecret *key = igrs_keys_find(security->keys, id);

    if (!is_sealed(peer))
        return !igrs_keys_is_paired(security->keys, id);
    return key != NULL && igrs_secret_equal(key, &peer->key);
}

bool
igrs_security_is_paired(const IgrsSecurity *security, const char *id)
{
    return igrs_keys_is_paired(security->keys, id) ||
           is_sealed(g_hash_table_lookup(security->peers, id));
}

/* -- Seals ------------------------------------------------------------------------------------- */

void
igrs_security_forget(IgrsSecurity *security, const char *peer)
{
    g_hash_table_remove(security->peers, peer);
    g_hash_table_remove(security->asking, peer);
}

static void
take_seal(IgrsSecurity *security, const char *id, SecurityPeer *peer,
          const IgrsHandshake *handshake, bool is_beside)
{
    SecurityPeer *before = g_hash_table_lookup(security->peers, id);

    peer->key = *igrs_handshake_key(handshake);
    peer->seals[0] = igrs_seal_ref(igrs_handshake_seal(handshake));
    if (is_beside && is_sealed(before))
        peer->seals[1] = igrs_seal_ref(before->seals[0]);
    igrs_keys_proved(security->keys, id, &peer->key);
}

void
igrs_security_take_pipe(IgrsSecurity *security, const char *id, const IgrsHandshake *handshake,
                        const IgrsPlace *place, bool is_beside)
{
    SecurityPeer *peer = g_new0(SecurityPeer, 1);

    if (handshake != NULL)
        take_seal(security, id, peer, handshake, is_beside);
    if (place != NULL)
        igrs_place_set(&peer->place, place->location, &place->certificate);
    g_hash_table_remove(security->refusing, id);
    g_info("the pipe with %s is %s%s", id, handshake != NULL ? "authenticated" : "open",
           peer->place.location != NULL ? ", inside TLS" : "");
    g_hash_table_replace(security->peers, g_strdup(id), peer);
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

/* What belongs to a pipe inside TLS is worth nothing outside of it: anybody may have read it, and
 * whoever stands in the way may have said it. */
static bool
belongs_inside(const IgrsSecurity *security, const IgrsMessage *message, const char *address)
{
    const SecurityPeer *peer = g_hash_table_lookup(security->peers, message->source_id);
    const SecurityAsked *asked = igrs_security_find_asked(security, message, address);

    if (message->type == IGRS_CREATE_PIPE_REQUEST)
        return false;
    if (igrs_security_may_be_unsigned(message->type) ||
        (message->type == IGRS_CREATE_PIPE_RESULT_REQUEST && asked != NULL))
        return asked != NULL && asked->place.location != NULL;
    return peer != NULL && peer->place.location != NULL;
}

uint32_t
igrs_security_judge(IgrsSecurity *security, const IgrsMessage *message, GBytes *body,
                    const IgrsOrigin *origin, IgrsSeal **seal)
{
    const char *address = origin->address;
    IgrsSeal *seals[SECURITY_SEALS];
    guint count = seals_of(security, message, address, seals);
    bool is_signed = count > 0 && message->signature != NULL;

    *seal = NULL;
    if (!origin->is_inside && belongs_inside(security, message, address))
        return IGRS_UNAUTHORISED;
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
