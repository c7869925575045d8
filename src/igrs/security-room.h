/* security-room.h -- the inside of IgrsSecurity, for its files alone
 *
 * security.c owns it and judges signatures; security-asked.c is asked for pipes by others,
 * security-asking.c asks them.
 *
 * A peer has one seal; two when each began a pipe at the same moment, and neither can know which
 * of them the other holds for the pipe: both are good then, and the later one signs. */
#pragma once

#include "igrs/forgers.h"
#include "igrs/security.h"

#define SECURITY_SEALS 2

/* A device that proved itself. */
typedef struct {
    IgrsSeal *seals[SECURITY_SEALS]; /* the present one; one made at the same moment, or NULL */
    IgrsSecret key;                  /* that it proved */
} SecurityPeer;

/* A pipe that somebody asks us for, from his CreatePipeRequest on. */
typedef struct {
    IgrsSecurity *security; /* borrowed */
    IgrsHandshake *handshake;
    char *name;    /* peer and address: nobody else can disturb it */
    char *address;
    char *location; /* 01-Location; NULL: none */
    guint timer;
} SecurityAsked;

/* A pipe that we ask for with a key; one a peer. */
typedef struct {
    IgrsHandshake *handshake;
    unsigned attempt;
    bool allows_null; /* the offer ends with it */
    bool is_crossed;  /* while its last answer was under way, the peer's own was finished */
} SecurityAsking;

struct IgrsSecurity {
    Clock *clock; /* borrowed */
    char *device_id;
    IgrsKeys *keys;
    IgrsForgers *forgers;
    GHashTable *peers;    /* DeviceId, owned -> SecurityPeer */
    GHashTable *asked;    /* name -> SecurityAsked */
    GHashTable *asking;   /* DeviceId, owned -> SecurityAsking */
    GHashTable *refusing; /* a set of DeviceIds, owned: it was said that they lack our key */
    unsigned last_attempt;
};

/* The handshake is done: its seal is the peer's. is_beside: the present one stays good. */
void           igrs_security_take_seal(IgrsSecurity *security, const char *id,
                                       const IgrsHandshake *handshake, bool is_beside);
/* The pipe that the source of message asks us for from address; NULL: none. */
SecurityAsked *igrs_security_find_asked(const IgrsSecurity *security, const IgrsMessage *message,
                                        const char *address);
void           igrs_security_asked_free(SecurityAsked *asked);
/* A peer that was started again asks anew, and cannot sign that. */
bool           igrs_security_may_be_unsigned(IgrsMessageType type);
