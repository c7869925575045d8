/* ssdp.h -- the datagrams of UPnP discovery (UDA 1.1, clause 1); pure
 *
 * NOTIFY, M-SEARCH and its 200 OK. Devices in the field forget heads and the empty line; what a
 * datagram cannot do without is asked for, the rest is not. */
#pragma once

#include "wire/http-message.h"

#define SSDP_GROUP "239.255.255.250"
#define SSDP_GROUP_LINK "ff02::c" /* annex A.3: the link, */
#define SSDP_GROUP_SITE "ff05::c" /* and the site */
#define SSDP_PORT 1900
#define SSDP_ALL "ssdp:all"
#define SSDP_ROOT "upnp:rootdevice"
#define SSDP_MX_MAX 5 /* 1.3.2: more is taken for this */
#define SSDP_MAX_AGE_S 1800

typedef enum {
    SSDP_ALIVE,
    SSDP_BYEBYE,
    SSDP_SEARCH,
    SSDP_RESPONSE,
} SsdpKind;

/* Texts are borrowed, after decoding from message. */
typedef struct {
    SsdpKind kind;
    const char *target;   /* NT, ST; never NULL */
    const char *usn;      /* not in a SEARCH */
    const char *location; /* ALIVE and RESPONSE */
    const char *server;   /* ALIVE and RESPONSE; of a SEARCH its USER-AGENT; NULL: none */
    unsigned mx;          /* SEARCH: 0 asks for an answer at once */
    unsigned max_age_s;   /* ALIVE and RESPONSE; 0: not said */
    uint32_t boot_id;     /* BOOTID.UPNP.ORG; 0: not said */
    const char *host;     /* HOST of what is encoded; NULL: SSDP_GROUP and SSDP_PORT */
    HttpMessage *message; /* owned; NULL in what is encoded */
} Ssdp;

GBytes *ssdp_encode(const Ssdp *ssdp);
/* False, and ssdp not set: DUO_ERROR_INVALID (also for a NOTIFY of another protocol),
 * DUO_ERROR_TOO_LARGE. */
bool    ssdp_decode(const void *data, size_t size, Ssdp *ssdp, GError **error);
void    ssdp_clear(Ssdp *ssdp);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ssdp, ssdp_clear)
