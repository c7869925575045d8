/* handshake.h -- two devices prove to each other that they hold the same key, and make the pipe's
 *
 * Clause 9.2; PSK-HMAC-SHA256 of PROFILE section 4, also inside TLS, in both roles: CreatePipe,
 * Authenticate, AuthenticateResult, CreatePipeResult. One IgrsHandshake is one side of one attempt;
 * it takes what the peer says and fills in what to say next. Knows no wire, time or table of peers.
 * Owned by IgrsSecurity. */
#pragma once

#include "igrs/seal.h"

#define IGRS_OFFER_MAX 512 /* octets of a DeviceSecurityId list that is signed */

typedef enum {
    /* who is asked */
    IGRS_HANDSHAKE_IDLE,
    IGRS_HANDSHAKE_CHOSEN,     /* of the offer the one with our key */
    IGRS_HANDSHAKE_CHALLENGED, /* our proof is out */
    IGRS_HANDSHAKE_PROVED,     /* so is theirs; the seal is there */
    /* who asks, by what is under way */
    IGRS_HANDSHAKE_ASKING,
    IGRS_HANDSHAKE_CHALLENGING,
    IGRS_HANDSHAKE_PROVING,
    IGRS_HANDSHAKE_CONFIRMING, /* the seal is there */
    IGRS_HANDSHAKE_DONE,
    IGRS_HANDSHAKE_FAILED, /* one guess an attempt */
    IGRS_HANDSHAKE_STATE_N
} IgrsHandshakeState;

typedef struct IgrsHandshake IgrsHandshake;

/* Asked by peer for a pipe. own_id and key are copied. */
IgrsHandshake *igrs_handshake_new(const char *own_id, const IgrsSecret *key);
/* Asks for one by a CreatePipeRequest that offers this list. */
IgrsHandshake *igrs_handshake_new_asking(const char *own_id, const IgrsSecret *key,
                                         const char *offer);
void           igrs_handshake_free(IgrsHandshake *handshake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsHandshake, igrs_handshake_free)

/* Before its first message: the pipe is inside TLS, and what is chosen TLS-PSK-HMAC-SHA256. The
 * proofs bind what our place and the peer's show of themselves there. Both copied. */
void           igrs_handshake_bind(IgrsHandshake *handshake, const IgrsSecret *own_certificate,
                                   const IgrsSecret *peer_certificate);

/* Runs one message of the peer's. 200: next, an answer made by igrs_message_new_reply() or a bare
 * request whose type and heads are set here, is to be sent; it is left alone when there is nothing
 * more to say (DONE of who asked). 482: the state knows no such message; nothing changes. Another
 * code, and it has failed: 401 the peer's proof is wrong, 400 it cannot be read, or what the peer
 * answered. Of a CreatePipeResult the signature is judged by whoever holds the seal. */
uint32_t       igrs_handshake_take(IgrsHandshake *handshake, const IgrsMessage *message,
                                   IgrsMessage *next);

IgrsHandshakeState igrs_handshake_state(const IgrsHandshake *handshake);
/* NULL before both are proved; borrowed. */
IgrsSeal          *igrs_handshake_seal(const IgrsHandshake *handshake);
const IgrsSecret  *igrs_handshake_key(const IgrsHandshake *handshake);
