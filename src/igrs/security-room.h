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

/* A way that a pipe can be secured, as PROFILE section 4 lists them. */
typedef struct {
    const char *id;
    bool has_key, is_inside; /* TLS */
} SecurityWay;
#define SECURITY_WAYS 4
extern const SecurityWay security_ways[SECURITY_WAYS]; /* the best first */

/* A device that proved itself, or has its pipe inside TLS. */
typedef struct {
    IgrsSeal *seals[SECURITY_SEALS]; /* the present one; one made at the same moment; or NULL */
    IgrsSecret key;                  /* that it proved, where there is a seal */
    IgrsPlace place;                 /* location NULL: not inside TLS */
} SecurityPeer;

/* A pipe that somebody asks us for, from his CreatePipeRequest on. */
typedef struct {
    IgrsSecurity *security; /* borrowed */
    IgrsHandshake *handshake;
    char *name;    /* peer and address: nobody else can disturb it */
    char *address;
    char *location; /* 01-Location; NULL: none */
    IgrsPlace place; /* the same inside TLS; location NULL: it is not */
    guint timer;
} SecurityAsked;

/* A pipe that we ask for, and offer more than NULL; one a peer. */
typedef struct {
    IgrsHandshake *handshake; /* NULL: we have no key */
    char *offer;
    unsigned attempt;
    IgrsPlace place; /* inside TLS; location NULL: we have not gone there */
    bool is_crossed; /* while its last answer was under way, the peer's own was finished */
} SecurityAsking;

struct IgrsSecurity {
    Clock *clock; /* borrowed */
    char *device_id;
    IgrsKeys *keys;
    IgrsPins *pins;
    bool offers_tls;
    IgrsSecret certificate; /* of ours, then */
    IgrsForgers *forgers;
    GHashTable *peers;    /* DeviceId, owned -> SecurityPeer */
    GHashTable *asked;    /* name -> SecurityAsked */
    GHashTable *asking;   /* DeviceId, owned -> SecurityAsking */
    GHashTable *refusing; /* a set of DeviceIds, owned: it was said that they lack our key */
    unsigned last_attempt;
};

/* What its id, or one of a list, means; NULL: none that we know. No id at all means NULL. */
const SecurityWay *igrs_security_find_way(const char *id);
bool           igrs_security_offers(const char *list, const SecurityWay *way);
/* The pipe is as it was agreed on: the handshake's seal is the peer's (NULL: it has none), place
 * where it serves inside TLS (NULL: it does not). is_beside: the present seal stays good. */
void           igrs_security_take_pipe(IgrsSecurity *security, const char *id,
                                       const IgrsHandshake *handshake, const IgrsPlace *place,
                                       bool is_beside);
void           igrs_place_clear(IgrsPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IgrsPlace, igrs_place_clear)
void igrs_place_set(IgrsPlace *place, const char *location, const IgrsSecret *certificate);
/* The pipe that the source of message asks us for from address; NULL: none. */
SecurityAsked *igrs_security_find_asked(const IgrsSecurity *security, const IgrsMessage *message,
                                        const char *address);
void           igrs_security_asked_free(SecurityAsked *asked);
/* A peer that was started again asks anew, and cannot sign that. */
bool           igrs_security_may_be_unsigned(IgrsMessageType type);
