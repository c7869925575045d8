/* device-groups.h -- groups of devices: found, made, joined, left (PROFILE section 6; clause 9.5)
 *
 * A peer group is of whoever says to be in it. A centralised one has a master, who admits; when the
 * master goes, the member with the lowest DeviceId takes over. Memberships are kept in the state
 * folder and taken up again on start. Main loop only. */
#pragma once

#include "igrs/igrs.h"

#define IGRS_GROUPS_MAX 64         /* known in all */
#define IGRS_GROUPS_OURS_MAX 16    /* that we are in */
#define IGRS_GROUPS_OF_SENDER_MAX 8
#define IGRS_GROUP_MEMBERS_MAX 32  /* of one; more do not fit into a datagram */
#define IGRS_GROUP_NAME_MAX 96     /* octets */

/* What a group is for. */
#define IGRS_USE_PLAIN "Plain"
#define IGRS_USE_AV_MULTICAST "AVMulticast"
#define IGRS_USE_CONTENT_INDEX "ContentIndex"

typedef struct {
    char *id;   /* urn:IGRS:DeviceGroup:DeviceGroupId:<uuid> */
    char *name; /* for people */
    char *use;  /* one of the above, or what another device says */
    bool is_centralised;
    bool is_ours;       /* we are in it */
    char *master_id;    /* of a centralised one; NULL while nobody is */
    GPtrArray *members; /* char *: DeviceIds, as far as known */
} IgrsGroup;

/* Borrowed until the loop runs again; the array is the caller's. */
GPtrArray       *igrs_node_groups(IgrsNode *node);
const IgrsGroup *igrs_node_find_group(IgrsNode *node, const char *id);

typedef enum { IGRS_GROUP_FOUND, IGRS_GROUP_CHANGED, IGRS_GROUP_LOST } IgrsGroupChange;

typedef struct {
    IgrsGroupChange change;
    const IgrsGroup *group; /* borrowed until the observer returns */
} IgrsGroupEvent;

/* Observers of IgrsGroupEvent. */
Observers       *igrs_node_group_observers(IgrsNode *node);

/* After start. name is for people, use one of the above; we are its first member, and its master
 * when it is centralised. Borrowed as above. Errors: DUO_ERROR_INVALID, DUO_ERROR_BUSY. */
const IgrsGroup *igrs_node_create_group(IgrsNode *node, const char *name, const char *use,
                                        bool is_centralised, GError **error);

/* Called once, later; error NULL: we are in. DUO_ERROR_NOT_FOUND, DUO_ERROR_CONFLICT (already in),
 * DUO_ERROR_DENIED, DUO_ERROR_BUSY (full), DUO_ERROR_UNAVAILABLE (its master is away). */
typedef void (*IgrsGroupJoined)(const IgrsGroup *group, const GError *error, gpointer user_data);
void igrs_node_join_group(IgrsNode *node, const char *id, IgrsGroupJoined joined,
                          gpointer user_data);

/* As its master: ends it for all. Errors: DUO_ERROR_NOT_FOUND, DUO_ERROR_CONFLICT (not in it). */
bool igrs_node_leave_group(IgrsNode *node, const char *id, GError **error);
/* Whether we, its master, let others in; at first yes. False: we are not its master. */
bool igrs_node_admit_to_group(IgrsNode *node, const char *id, bool is_admitted);
