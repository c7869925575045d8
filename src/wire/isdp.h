/* isdp.h -- ISDP: the datagrams of IGRS discovery (PROFILE.md section 3, FACTS.md section 6)
 *
 * SSDP-shaped: NOTIFY, M-SEARCH and its 200 OK, with the Man and 01- heads of an IgrsMessage in it.
 * Also taken: SSDP's own tokens, and M-POST-shaped datagrams. Pure. */
#pragma once

#include "wire/igrs-message.h"

typedef enum {
    ISDP_NOTIFY,   /* an advertisement */
    ISDP_SEARCH,   /* a Search...Request */
    ISDP_RESPONSE, /* a Search...Response */
} IsdpKind;

/* Texts are owned; NULL when not there. */
typedef struct {
    IsdpKind kind;
    char *location; /* where the device listens */
    char *target;   /* ST of a search and its response, NT of a NOTIFY */
    char *usn;
    char *server;
    bool is_alive;      /* NOTIFY: alive, else byebye */
    unsigned mx;        /* SEARCH: 1..ISDP_MX_MAX; 0: must not be answered */
    unsigned max_age_s; /* alive and RESPONSE */
    IgrsMessage *message; /* never NULL */
} Isdp;

/* Takes message over; kind and is_alive follow from its type, target, usn and location from its
 * fields where they say (device or service type, source_id, location); the rest is the caller's to
 * set. max_age_s is ISDP_MAX_AGE_S, mx 1, ST isdp:all. */
Isdp   *isdp_new(IgrsMessage *message);
void    isdp_free(Isdp *isdp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Isdp, isdp_free)

/* host: "239.255.255.250:3880" and its like; not used by a response. */
GBytes *isdp_encode(const Isdp *isdp, const char *host);
/* Whatever is not ISDP (SSDP shares the port): IGRS_ERROR_NOT_EXTENDED. Others: DUO_ERROR_INVALID,
 * DUO_ERROR_TOO_LARGE, IGRS_MESSAGE_ERROR. */
Isdp   *isdp_decode(const void *data, size_t size, GError **error);
