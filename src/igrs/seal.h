/* seal.h -- the key of an authenticated pipe: signs what we say on it, checks what the peer says
 *
 * 01-Signature and the window of SequenceIds of PROFILE section 4. HMAC-SHA256 by GLib. One
 * IgrsSeal is one side's view of one pipe; shared by its pipe and by the answers that wait, on the
 * main loop only. Pure but for its own window. */
#pragma once

#include "wire/igrs-message.h"

#define IGRS_SECRET_SIZE 32   /* octets of a pairing key, a nonce, a pipe key and an HMAC */
#define IGRS_SEAL_WINDOW 64   /* SequenceIds behind the highest one that may still come */

typedef struct {
    uint8_t octets[IGRS_SECRET_SIZE];
} IgrsSecret;

/* HMAC-SHA256 over the parts, which end with data of NULL. */
typedef struct {
    const void *data;
    size_t size;
} IgrsPart;
void        igrs_secret_hmac(IgrsSecret *result, const IgrsSecret *key, const IgrsPart *parts);
/* In constant time. */
bool        igrs_secret_equal(const IgrsSecret *a, const IgrsSecret *b);
/* From the kernel (getrandom). */
void        igrs_secret_random(IgrsSecret *secret);
char       *igrs_secret_to_base64(const IgrsSecret *secret); /* the caller's */
/* False when text is NULL or not the padded base64 of as many octets, written the one way. */
bool        igrs_secret_from_base64(const char *text, IgrsSecret *secret);
/* The same as hexadecimal digits: two an octet, and no other letter. */
char       *igrs_secret_to_digits(const IgrsSecret *secret);
bool        igrs_secret_from_digits(const char *text, IgrsSecret *secret);

typedef struct IgrsSeal IgrsSeal;

/* pipe_key is copied. is_initiator: we began the pipe. */
IgrsSeal *igrs_seal_new(const IgrsSecret *pipe_key, bool is_initiator);
IgrsSeal *igrs_seal_ref(IgrsSeal *seal);
void      igrs_seal_unref(IgrsSeal *seal); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsSeal, igrs_seal_unref)

/* Sets the signature of a message of ours over its body (NULL: none). */
void      igrs_seal_sign(const IgrsSeal *seal, IgrsMessage *message, GBytes *body);
/* True when the peer signed this message and body. Says nothing of its number. */
bool      igrs_seal_is_signed(const IgrsSeal *seal, const IgrsMessage *message, GBytes *body);
/* Takes a SequenceId of the peer's; false, and nothing changes, when it came before or lies behind
 * the window. Ask igrs_seal_is_signed() first. */
bool      igrs_seal_take_number(IgrsSeal *seal, uint32_t sequence_id);
