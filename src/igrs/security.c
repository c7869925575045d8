/* security.c -- see security.h
 *
 * A peer has one seal; two when each began a pipe at the same moment, and neither can know which
 * of them the other holds for the pipe: both are good then, and the later one signs. */
#include "igrs/security.h"

#include "igrs/forgers.h"

#define SEALS 2

/* A device that proved itself. */
typedef struct {
    IgrsSeal *seals[SEALS]; /* the present one; one made at the same moment, or NULL */
    IgrsSecret key;         /* that it proved */
} Peer;

/* A pipe that somebody asks us for, from his CreatePipeRequest on. */
typedef struct {
    IgrsSecurity *security; /* borrowed */
    IgrsHandshake *handshake;
    char *name;    /* peer and address: nobody else can disturb it */
    char *address;
    char *location; /* 01-Location; NULL: none */
    guint timer;
} Asked;

/* A pipe that we ask for with a key; one a peer. */
typedef struct {
    IgrsHandshake *handshake;
    unsigned attempt;
    bool allows_null; /* the offer ends with it */
    bool is_crossed;  /* while its last answer was under way, the peer's own was finished */
} Asking;

struct IgrsSecurity {
    Clock *clock; /* borrowed */
    char *device_id;
    IgrsKeys *keys;
    IgrsForgers *forgers;
    GHashTable *peers;  /* DeviceId, owned -> Peer */
    GHashTable *asked;  /* name -> Asked */
    GHashTable *asking; /* DeviceId, owned -> Asking */
    GHashTable *refusing; /* a set of DeviceIds, owned, of which it was said that they lack our key */
    unsigned last_attempt;
};

/* -- Making and ending ------------------------------------------------------------------------- */

static void
peer_free(gpointer data)
{
    Peer *peer = data;

    for (guint i = 0; i < SEALS; i++)
        igrs_seal_unref(peer->seals[i]);
    explicit_bzero(peer, sizeof *peer);
    g_free(peer);
}

static void
asked_free(gpointer data)
{
    Asked *asked = data;

    clock_cancel(asked->security->clock, &asked->timer);
    igrs_handshake_free(asked->handshake);
    g_free(asked->name);
    g_free(asked->address);
    g_free(asked->location);
    g_free(asked);
}

static void
asking_free(gpointer data)
{
    Asking *asking = data;

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
    security->asked = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, asked_free);
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

void
igrs_security_read_keys(IgrsSecurity *security)
{
    igrs_keys_read(security->keys);
}

bool
igrs_security_is_current(const IgrsSecurity *security, const char *id)
{
    const Peer *peer = g_hash_table_lookup(security->peers, id);
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

/* is_beside: the present one stays good. */
static void
take_seal(IgrsSecurity *security, const char *id, const IgrsHandshake *handshake, bool is_beside)
{
    Peer *before = g_hash_table_lookup(security->peers, id);
    Peer *peer = g_new0(Peer, 1);

    peer->key = *igrs_handshake_key(handshake);
    peer->seals[0] = igrs_seal_ref(igrs_handshake_seal(handshake));
    if (is_beside && before != NULL)
        peer->seals[1] = igrs_seal_ref(before->seals[0]);
    g_hash_table_replace(security->peers, g_strdup(id), peer);
    igrs_keys_proved(security->keys, id);
    g_hash_table_remove(security->refusing, id);
    g_info("the pipe with %s is authenticated", id);
}

static char *
name_of(const char *peer, const char *address)
{
    g_autofree char *id = g_ascii_strdown(peer, -1);

    return g_strconcat(id, " ", address, NULL);
}

static Asked *
find_asked(const IgrsSecurity *security, const IgrsMessage *message, const char *address)
{
    g_autofree char *name = name_of(message->source_id, address);

    return g_hash_table_lookup(security->asked, name);
}

/* Those that a message of this peer from there may be signed with; the number of them. */
static guint
seals_of(const IgrsSecurity *security, const IgrsMessage *message, const char *address,
         IgrsSeal *seals[SEALS])
{
    const Peer *peer = g_hash_table_lookup(security->peers, message->source_id);
    guint count = 0;

    if (message->type == IGRS_CREATE_PIPE_RESULT_REQUEST) {
        const Asked *asked = find_asked(security, message, address);
        if (asked != NULL && igrs_handshake_seal(asked->handshake) != NULL) {
            seals[0] = igrs_handshake_seal(asked->handshake);
            return 1;
        }
    }
    for (guint i = 0; peer != NULL && i < SEALS; i++)
        if (peer->seals[i] != NULL)
            seals[count++] = peer->seals[i];
    return count;
}

/* A peer that was started again asks anew, and cannot sign that. */
static bool
may_be_unsigned(IgrsMessageType type)
{
    return type == IGRS_CREATE_PIPE_REQUEST || type == IGRS_AUTHENTICATE_REQUEST ||
           type == IGRS_AUTHENTICATE_RESULT_REQUEST;
}

uint32_t
igrs_security_judge(IgrsSecurity *security, const IgrsMessage *message, GBytes *body,
                    const char *address, IgrsSeal **seal)
{
    IgrsSeal *seals[SEALS];
    guint count = seals_of(security, message, address, seals);
    bool is_forged = count > 0 && message->signature != NULL;

    *seal = NULL;
    for (guint i = 0; is_forged && i < count; i++)
        if (igrs_seal_is_signed(seals[i], message, body)) {
            if (!igrs_seal_take_number(seals[i], message->sequence_id))
                break; /* a replay */
            *seal = igrs_seal_ref(seals[i]);
            return IGRS_OK;
        }
    if (igrs_forgers_is_shut_out(security->forgers, address))
        return IGRS_TOO_MANY;
    if (is_forged)
        igrs_forgers_add(security->forgers, address);
    return is_forged || (count > 0 && !may_be_unsigned(message->type)) ? IGRS_UNAUTHORISED
                                                                       : IGRS_OK;
}

/* -- Who asks us ------------------------------------------------------------------------------- */

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
    Asked *asked = data;

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
        count += g_str_equal(((Asked *)value)->address, address);
    return count;
}

static uint32_t
begin_asked(IgrsSecurity *security, const IgrsMessage *request, const char *address,
            const IgrsSecret *key, IgrsMessage *reply)
{
    g_autofree char *name = name_of(request->source_id, address);
    Asked *asked;
    uint32_t code;

    g_hash_table_remove(security->asked, name);
    if (count_of_address(security, address) >= IGRS_HANDSHAKES_PER_ADDRESS_MAX)
        return IGRS_TOO_MANY;
    if (g_hash_table_size(security->asked) >= IGRS_HANDSHAKES_MAX)
        return IGRS_BUSY;
    asked = g_new0(Asked, 1);
    *asked = (Asked){ .security = security, .name = g_steal_pointer(&name),
                      .address = g_strdup(address), .location = g_strdup(request->location) };
    asked->handshake = igrs_handshake_new(security->device_id, key);
    code = igrs_handshake_take(asked->handshake, request, reply);
    if (code != IGRS_OK) {
        asked_free(asked);
        return code;
    }
    asked->timer = clock_after(security->clock, IGRS_HANDSHAKE_MS, on_asked_too_long_ago, asked);
    g_hash_table_insert(security->asked, asked->name, asked);
    return IGRS_OK;
}

uint32_t
igrs_security_choose(IgrsSecurity *security, const IgrsMessage *request, const char *address,
                     bool allows_open, IgrsMessage *reply, bool *is_open)
{
    const IgrsSecret *key = igrs_keys_find(security->keys, request->source_id);

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
    Asked *asked = find_asked(security, request, address);
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
    Asked *asked = find_asked(security, request, address);
    Asking *ours = g_hash_table_lookup(security->asking, request->source_id);
    char *location = g_steal_pointer(&asked->location);

    g_assert(igrs_handshake_state(asked->handshake) == IGRS_HANDSHAKE_DONE);
    take_seal(security, request->source_id, asked->handshake, false);
    g_hash_table_remove(security->asked, asked->name);
    if (ours != NULL && igrs_handshake_state(ours->handshake) == IGRS_HANDSHAKE_CONFIRMING)
        ours->is_crossed = true; /* the peer may have taken it already */
    else
        g_hash_table_remove(security->asking, request->source_id);
    return location;
}

/* -- Whom we ask ------------------------------------------------------------------------------- */

IgrsSeal *
igrs_security_seal_for(const IgrsSecurity *security, const IgrsMessage *message)
{
    const Peer *peer;
    const Asking *asking;

    if (message->target_id == NULL || may_be_unsigned(message->type))
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
    Asking *asking = g_new0(Asking, 1);
    *asking = (Asking){ .attempt = *attempt, .allows_null = allows_null };
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
finish_asking(IgrsSecurity *security, const char *peer, const Asking *asking)
{
    take_seal(security, peer, asking->handshake, asking->is_crossed);
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
    Asking *asking = g_hash_table_lookup(security->asking, peer);

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
