/* handshake.c -- see handshake.h; the transcript and the table read like PROFILE section 4 */
#include "igrs/handshake.h"

#include <string.h>

struct IgrsHandshake {
    char *own_id;
    IgrsSecret key; /* K */
    IgrsHandshakeState state;
    bool is_initiator;
    char *offer;             /* L, as A sent it */
    char *choice;            /* C, as B sent it */
    IgrsSecret na, nb;       /* nonces of A and of B */
    bool is_inside;          /* TLS; then: */
    IgrsSecret own_certificate, peer_certificate;
    IgrsSeal *seal;          /* NULL before both are proved */
};

static IgrsHandshake *
make(const char *own_id, const IgrsSecret *key, const char *offer)
{
    IgrsHandshake *handshake = g_new0(IgrsHandshake, 1);

    handshake->own_id = g_strdup(own_id);
    handshake->key = *key;
    handshake->offer = g_strdup(offer);
    handshake->is_initiator = offer != NULL;
    handshake->state = offer != NULL ? IGRS_HANDSHAKE_ASKING : IGRS_HANDSHAKE_IDLE;
    return handshake;
}

IgrsHandshake *
igrs_handshake_new(const char *own_id, const IgrsSecret *key)
{
    return make(own_id, key, NULL);
}

IgrsHandshake *
igrs_handshake_new_asking(const char *own_id, const IgrsSecret *key, const char *offer)
{
    return make(own_id, key, offer);
}

void
igrs_handshake_free(IgrsHandshake *handshake)
{
    if (handshake == NULL)
        return;
    g_free(handshake->own_id);
    g_free(handshake->offer);
    g_free(handshake->choice);
    igrs_seal_unref(handshake->seal);
    explicit_bzero(handshake, sizeof *handshake);
    g_free(handshake);
}

void
igrs_handshake_bind(IgrsHandshake *handshake, const IgrsSecret *own_certificate,
                    const IgrsSecret *peer_certificate)
{
    handshake->is_inside = true;
    handshake->own_certificate = *own_certificate;
    handshake->peer_certificate = *peer_certificate;
}

static const char *
choice_of(const IgrsHandshake *handshake)
{
    return handshake->is_inside ? IGRS_PIPE_SECURITY_TLS_PSK : IGRS_PIPE_SECURITY_PSK;
}

/* -- The transcript ---------------------------------------------------------------------------- */

/* HMAC(K, role | L | C | idA | idB | Na | Nb), inside TLS with | FA | FB */
static void
prove(IgrsSecret *proof, const IgrsHandshake *handshake, const char *role, const char *peer)
{
    const char *a = handshake->is_initiator ? handshake->own_id : peer;
    const char *b = handshake->is_initiator ? peer : handshake->own_id;
    const IgrsSecret *fa = handshake->is_initiator ? &handshake->own_certificate
                                                   : &handshake->peer_certificate;
    const IgrsSecret *fb = handshake->is_initiator ? &handshake->peer_certificate
                                                   : &handshake->own_certificate;
    const IgrsPart parts[] = {
        { role, strlen(role) },
        { handshake->offer, strlen(handshake->offer) },
        { handshake->choice, strlen(handshake->choice) },
        { a, strlen(a) },
        { b, strlen(b) },
        { handshake->na.octets, IGRS_SECRET_SIZE },
        { handshake->nb.octets, IGRS_SECRET_SIZE },
        { handshake->is_inside ? fa->octets : NULL, IGRS_SECRET_SIZE },
        { fb->octets, IGRS_SECRET_SIZE },
        { NULL, 0 },
    };

    igrs_secret_hmac(proof, &handshake->key, parts);
}

static bool
is_proof(const IgrsHandshake *handshake, const char *role, const IgrsMessage *message)
{
    IgrsSecret expected, given;

    if (!igrs_secret_from_base64(message->auth_data, &given))
        return false;
    prove(&expected, handshake, role, message->source_id);
    return igrs_secret_equal(&expected, &given);
}

static void
add_proof(const IgrsHandshake *handshake, const char *role, const char *peer, IgrsMessage *next)
{
    IgrsSecret proof;

    prove(&proof, handshake, role, peer);
    next->auth_data = igrs_secret_to_base64(&proof);
}

/* P = HMAC(K, "igrs-pipe" | Na | Nb) */
static void
make_seal(IgrsHandshake *handshake)
{
    IgrsSecret pipe_key;
    const IgrsPart parts[] = {
        { "igrs-pipe", strlen("igrs-pipe") },
        { handshake->na.octets, IGRS_SECRET_SIZE },
        { handshake->nb.octets, IGRS_SECRET_SIZE },
        { NULL, 0 },
    };

    igrs_secret_hmac(&pipe_key, &handshake->key, parts);
    handshake->seal = igrs_seal_new(&pipe_key, handshake->is_initiator);
    explicit_bzero(&pipe_key, sizeof pipe_key);
}

/* -- Who is asked ------------------------------------------------------------------------------ */

static uint32_t
choose(IgrsHandshake *handshake, const IgrsMessage *message, IgrsMessage *next)
{
    if (message->device_security_ids == NULL ||
        strlen(message->device_security_ids) > IGRS_OFFER_MAX)
        return IGRS_BAD_REQUEST;
    g_free(handshake->offer);
    g_free(handshake->choice);
    handshake->offer = g_strdup(message->device_security_ids);
    handshake->choice = g_strdup(choice_of(handshake));
    g_clear_pointer(&handshake->seal, igrs_seal_unref);
    next->device_security_ids = g_strdup(handshake->choice);
    return IGRS_OK;
}

static uint32_t
answer_challenge(IgrsHandshake *handshake, const IgrsMessage *message, IgrsMessage *next)
{
    if (!igrs_secret_from_base64(message->challenge, &handshake->na))
        return IGRS_BAD_REQUEST;
    igrs_secret_random(&handshake->nb);
    next->challenge = igrs_secret_to_base64(&handshake->nb);
    add_proof(handshake, "igrs-B", message->source_id, next);
    return IGRS_OK;
}

static uint32_t
judge_initiator(IgrsHandshake *handshake, const IgrsMessage *message,
                IgrsMessage *next G_GNUC_UNUSED)
{
    if (!is_proof(handshake, "igrs-A", message))
        return IGRS_UNAUTHORISED;
    make_seal(handshake);
    return IGRS_OK;
}

static uint32_t
agree(IgrsHandshake *handshake G_GNUC_UNUSED, const IgrsMessage *message G_GNUC_UNUSED,
      IgrsMessage *next G_GNUC_UNUSED)
{
    return IGRS_OK;
}

/* -- Who asks ---------------------------------------------------------------------------------- */

static uint32_t
challenge(IgrsHandshake *handshake, const IgrsMessage *message, IgrsMessage *next)
{
    if (message->device_security_ids == NULL ||
        !igrs_urn_equal(message->device_security_ids, choice_of(handshake)))
        return IGRS_UNAUTHORISED; /* it will not do what we offered first */
    handshake->choice = g_strdup(message->device_security_ids);
    igrs_secret_random(&handshake->na);
    next->type = IGRS_AUTHENTICATE_REQUEST;
    next->challenge = igrs_secret_to_base64(&handshake->na);
    return IGRS_OK;
}

static uint32_t
judge_responder(IgrsHandshake *handshake, const IgrsMessage *message, IgrsMessage *next)
{
    if (!igrs_secret_from_base64(message->challenge, &handshake->nb))
        return IGRS_BAD_REQUEST;
    if (!is_proof(handshake, "igrs-B", message))
        return IGRS_UNAUTHORISED;
    next->type = IGRS_AUTHENTICATE_RESULT_REQUEST;
    add_proof(handshake, "igrs-A", message->source_id, next);
    return IGRS_OK;
}

static uint32_t
ask_result(IgrsHandshake *handshake, const IgrsMessage *message G_GNUC_UNUSED, IgrsMessage *next)
{
    make_seal(handshake);
    next->type = IGRS_CREATE_PIPE_RESULT_REQUEST;
    return IGRS_OK;
}

/* -- Which message goes where ------------------------------------------------------------------ */

#define STATE(name) IGRS_HANDSHAKE_##name

static const struct {
    IgrsHandshakeState state;
    IgrsMessageType message;
    uint32_t (*act)(IgrsHandshake *handshake, const IgrsMessage *message, IgrsMessage *next);
    IgrsHandshakeState next;
} handshake_table[] = {
    { STATE(IDLE),        IGRS_CREATE_PIPE_REQUEST,          choose,           STATE(CHOSEN) },
    { STATE(CHOSEN),      IGRS_CREATE_PIPE_REQUEST,          choose,           STATE(CHOSEN) },
    { STATE(CHOSEN),      IGRS_AUTHENTICATE_REQUEST,         answer_challenge, STATE(CHALLENGED) },
    { STATE(CHALLENGED),  IGRS_CREATE_PIPE_REQUEST,          choose,           STATE(CHOSEN) },
    { STATE(CHALLENGED),  IGRS_AUTHENTICATE_RESULT_REQUEST,  judge_initiator,  STATE(PROVED) },
    { STATE(PROVED),      IGRS_CREATE_PIPE_REQUEST,          choose,           STATE(CHOSEN) },
    { STATE(PROVED),      IGRS_CREATE_PIPE_RESULT_REQUEST,   agree,            STATE(DONE) },

    { STATE(ASKING),      IGRS_CREATE_PIPE_RESPONSE,         challenge,        STATE(CHALLENGING) },
    { STATE(CHALLENGING), IGRS_AUTHENTICATE_RESPONSE,        judge_responder,  STATE(PROVING) },
    { STATE(PROVING),     IGRS_AUTHENTICATE_RESULT_RESPONSE, ask_result,       STATE(CONFIRMING) },
    { STATE(CONFIRMING),  IGRS_CREATE_PIPE_RESULT_RESPONSE,  agree,            STATE(DONE) },
};

uint32_t
igrs_handshake_take(IgrsHandshake *handshake, const IgrsMessage *message, IgrsMessage *next)
{
    bool is_refused =
        igrs_message_role(message->type) == IGRS_RESPONSE && message->return_code != IGRS_OK;
    guint row = 0;

    while (row < G_N_ELEMENTS(handshake_table) &&
           (handshake_table[row].state != handshake->state ||
            handshake_table[row].message != message->type))
        row++;
    if (row == G_N_ELEMENTS(handshake_table))
        return IGRS_NO_PIPE;
    uint32_t code = is_refused ? message->return_code
                               : handshake_table[row].act(handshake, message, next);
    handshake->state = code == IGRS_OK ? handshake_table[row].next : IGRS_HANDSHAKE_FAILED;
    return code;
}

/* -- Questions --------------------------------------------------------------------------------- */

IgrsHandshakeState
igrs_handshake_state(const IgrsHandshake *handshake)
{
    return handshake->state;
}

IgrsSeal *
igrs_handshake_seal(const IgrsHandshake *handshake)
{
    return handshake->seal;
}

const IgrsSecret *
igrs_handshake_key(const IgrsHandshake *handshake)
{
    return &handshake->key;
}
