/* discovery.h -- ISDP on the air: who we are, and who says to be there (PROFILE section 3)
 *
 * Sends our advertisements (clauses 9.1 and 10.1), answers searches (9.6, 9.8, 10.2), and hands
 * what others say to its owner after checking that it comes from the link and speaks for its own
 * address. Owned by IgrsNode from start to stop; main loop only. */
#pragma once

#include "igrs/devices.h"
#include "net/interfaces.h"
#include "wire/isdp.h"

#define IGRS_SEARCHES_PER_SECOND_MAX 10 /* of one address */
#define IGRS_ANSWERS_PENDING_MAX 256

typedef struct IgrsDiscovery IgrsDiscovery;

typedef struct {
    /* A device says it is there; the location's host is the address it spoke from. False: full. */
    bool (*heard)(const IgrsSighting *sighting, gpointer user_data);
    void (*gone)(const char *device_id, const char *address, gpointer user_data);
    uint32_t (*sequence)(gpointer user_data); /* the next SequenceId */
    /* A group advertisement, the answer to a search for groups, or a farewell to one, said at that
     * address; life_s is its promise. */
    void (*group_heard)(const IgrsMessage *message, const char *address, uint32_t life_s,
                        gpointer user_data);
    /* The groups we speak for which target means (a group id; isdp:all: every one), as replies'
     * entries: IgrsGroupEntry, owned by the array, which is the caller's. */
    GPtrArray *(*groups)(const char *target, gpointer user_data);
    /* Everything was said anew: our addresses changed, or the machine has slept. */
    void (*renewed)(gpointer user_data);
} IgrsDiscoveryHooks;

/* What is advertised; all borrowed and outlive the discovery. */
typedef struct {
    const char *device_id, *name, *server;
    const char *security_ids;  /* comma list, the best first */
    const GPtrArray *types;    /* char *: device type URNs */
    const GPtrArray *services; /* IgrsServiceEntry */
    uint16_t http_port;        /* of LOCATION */
    uint16_t port;             /* of UDP; 0: IGRS_PORT */
    bool repeats_iana, repeats_ssdp; /* say all on 224.0.0.110, on port 1900 as well */
} IgrsPresence;

/* Listens, announces and searches at once. Errors: no socket at port 3880; another that is missing
 * (1900, IPv6) is told at warning level. */
IgrsDiscovery *igrs_discovery_new(Clock *clock, NetInterfaces *interfaces,
                                  const IgrsPresence *presence, const IgrsDiscoveryHooks *hooks,
                                  gpointer user_data, GError **error);
void           igrs_discovery_free(IgrsDiscovery *discovery); /* without byebye */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsDiscovery, igrs_discovery_free)

/* To all, three copies: a message of groups (taken over) about one of them. */
void igrs_discovery_say(IgrsDiscovery *discovery, const char *group, IgrsMessage *message);
/* Asks who is there, and what groups. */
void           igrs_discovery_search(IgrsDiscovery *discovery);
/* Byebye, three copies; the last one is out IGRS_BYEBYE_MS later. Answers no more. */
#define IGRS_BYEBYE_MS 250
void           igrs_discovery_leave(IgrsDiscovery *discovery);
