/* security.h -- who may speak on which pipe: keys, handshakes, seals and those who forge
 *
 * PROFILE section 4. Every message passes here: one from a peer is judged by its signature and by
 * the way it came, one of ours gets the seal it is signed with and the place inside TLS it goes to.
 * Knows the peers' seals and the handshakes under way, not the pipes' states (pipe.h) nor any wire.
 * Owned by IgrsNode. */
#pragma once

#include "base/clock.h"
#include "igrs/handshake.h"
#include "igrs/keys.h"
#include "igrs/pins.h"

#define IGRS_HANDSHAKES_MAX 256           /* begun by others and not finished */
#define IGRS_HANDSHAKES_PER_ADDRESS_MAX 32
#define IGRS_HANDSHAKE_MS 10000           /* life of one that does not go on */

typedef struct IgrsSecurity IgrsSecurity;

/* device_id: our own. keys_folder: see keys.h. */
IgrsSecurity *igrs_security_new(Clock *clock, const char *device_id, const char *keys_folder);
void          igrs_security_free(IgrsSecurity *security);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsSecurity, igrs_security_free)

/* From now on we offer TLS; certificate is the fingerprint of ours, and copied. */
void          igrs_security_offer_tls(IgrsSecurity *security, const IgrsSecret *certificate);
/* Everything we offer, the best first: a comma list, the caller's. allows_open: policy. */
char         *igrs_security_list(const IgrsSecurity *security, bool allows_open);

/* Reads keys and certificates again. */
void          igrs_security_read(IgrsSecurity *security);

/* Seals of keys that are no more stay until igrs_security_forget(). Borrowed. */
IgrsKeys     *igrs_security_keys(const IgrsSecurity *security);
/* True when the pipe to peer is as the keys want it: sealed with its present key, or open when they
 * ask for no seal. */
bool          igrs_security_is_current(const IgrsSecurity *security, const char *peer);
/* True when nothing but a sealed pipe will do for peer. */
bool          igrs_security_is_paired(const IgrsSecurity *security, const char *peer);

/* -- What peers send --------------------------------------------------------------------------- */

/* Where a message came from. */
typedef struct {
    const char *address;
    bool is_inside; /* TLS */
} IgrsOrigin;

/* Judges the signature of a message with that body from there. IGRS_OK: go on; seal is then the
 * one it was signed with, a reference, or NULL. Else IGRS_UNAUTHORISED or IGRS_TOO_MANY. */
uint32_t      igrs_security_judge(IgrsSecurity *security, const IgrsMessage *message, GBytes *body,
                                  const IgrsOrigin *origin, IgrsSeal **seal);
/* A CreatePipeRequest: chooses of its offer and says so in reply. IGRS_OK: is_open tells whether
 * the pipe is open by that, without a key; call igrs_security_opened() when it is. Else the
 * handshake goes on; with a certificate in reply it does so inside TLS, where the place of ours is
 * to be told. allows_open: policy. */
uint32_t      igrs_security_choose(IgrsSecurity *security, const IgrsMessage *request,
                                   const IgrsOrigin *origin, bool allows_open, IgrsMessage *reply,
                                   bool *is_open);
void          igrs_security_opened(IgrsSecurity *security, const IgrsMessage *request,
                                   const IgrsMessage *reply);
/* The other requests of the handshake. With the last of them both are proved; call
 * igrs_security_establish() then. */
uint32_t      igrs_security_take(IgrsSecurity *security, const IgrsMessage *request,
                                 const char *address, IgrsMessage *reply);
/* From now on the pipe to the source of the CreatePipeResultRequest is sealed as it proved. Returns
 * its 01-Location (NULL: it said none); the caller's. */
char         *igrs_security_establish(IgrsSecurity *security, const IgrsMessage *request,
                                      const char *address);
/* The pipe ended, or is opened anew: what it was sealed with is worth nothing any more. */
void          igrs_security_forget(IgrsSecurity *security, const char *peer);

/* -- What we send ------------------------------------------------------------------------------ */

/* The seal of a message of ours to its target; NULL: none. Borrowed. */
IgrsSeal     *igrs_security_seal_for(const IgrsSecurity *security, const IgrsMessage *message);
/* Where a message of ours to its target goes whatever else is known of it. NULL: the pipe is not
 * inside TLS. Borrowed. */
const IgrsPlace *igrs_security_place_for(const IgrsSecurity *security, const IgrsMessage *message);
/* Fills in the offer of our CreatePipeRequest and the number of the attempt. False: we are paired
 * with the target but have lost the key, and cannot offer anything. */
bool          igrs_security_begin(IgrsSecurity *security, IgrsMessage *request, unsigned *attempt);

typedef enum {
    IGRS_STEP_OPEN,    /* the pipe is open, sealed where it has to be */
    IGRS_STEP_NEXT,    /* *next is to be sent, the caller's; its target is set */
    IGRS_STEP_REFUSED,
    IGRS_STEP_OVER,    /* nobody waits for this attempt any more */
} IgrsStep;
/* reply answers a request of the attempt to open a pipe to peer at location (of its first request),
 * its signature checked where it has to have one; NULL: there was none. A *next that is a
 * CreatePipeRequest again goes inside TLS, and our place there is to be told in it. */
IgrsStep      igrs_security_answered(IgrsSecurity *security, const char *peer, unsigned attempt,
                                     const char *location, const IgrsMessage *reply,
                                     IgrsMessage **next);
