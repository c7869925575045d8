/* groups-room.h -- the inside of IgrsGroups, for the files named groups*.c alone */
#pragma once

#include "igrs/groups.h"

typedef enum {
    ROLE_OUTSIDE,   /* of a group of others */
    ROLE_PEER,      /* one of the members of a peer group */
    ROLE_MASTER,
    ROLE_SLAVE,     /* in a centralised group */
    ROLE_JOINING,   /* asked the master to be */
    ROLE_RETURNING, /* was the master before we were started again: is there another now? */
    ROLE_N
} Role;

typedef struct {
    IgrsGroupJoined joined;
    gpointer user_data;
} Joiner;

typedef struct {
    IgrsGroup face;     /* first: what visitors see */
    IgrsGroups *groups; /* borrowed: the owner */
    Role role;
    char *former;       /* the master before this one; NULL: none */
    char *sender;       /* who told us of it first; NULL: ours */
    bool is_closed;     /* as master: nobody is let in */
    bool is_asking;     /* ASK_JOIN is under way */
    GHashTable *heard;  /* peer group: DeviceId -> until when it is believed, int64_t ms */
    GArray *joiners;    /* Joiner */
    guint say_timer;    /* until we say again that it is there */
    guint life_timer;   /* of what another said */
    guint take_timer;   /* until we take over */
    guint probe_timer;  /* as slave: until the master is asked whether it is there */
    unsigned misses;    /* of its answers, one after the other */
    bool is_probing;    /* PROBE is under way */
} Group;

struct IgrsGroups {
    Clock *clock; /* borrowed */
    char *device_id;
    const IgrsGroupHooks *hooks; /* borrowed */
    gpointer user_data;
    GHashTable *table; /* id -> Group, owned */
    Observers *observers;
};

/* -- groups.c ---------------------------------------------------------------------------------- */

/* char *; the caller's. */
GPtrArray  *igrs_group_ids(const IgrsGroups *groups);
Group      *igrs_group_find(const IgrsGroups *groups, const char *id);
/* Into the table; sender NULL: ours. */
Group      *igrs_group_new(IgrsGroups *groups, const char *id, const char *name, const char *use,
                           bool is_centralised, const char *sender);
/* Out of the table, told and freed. */
void        igrs_group_lose(Group *group);
void        igrs_group_tell(Group *group, IgrsGroupChange change);
/* The same, and it is kept. */
void        igrs_group_changed(Group *group);
void        igrs_group_become(Group *group, Role role);
void        igrs_group_say(Group *group, IgrsGroupWord word);
/* Now, and again in the first half of its life. */
void        igrs_group_say_alive(Group *group);
bool        igrs_group_has_member(const Group *group, const char *device_id);
/* False: it was in already, or there is no room. */
bool        igrs_group_add_member(Group *group, const char *device_id);
bool        igrs_group_remove_member(Group *group, const char *device_id);
void        igrs_group_set_master(Group *group, const char *device_id); /* NULL: nobody */
void        igrs_group_live_for(Group *group, int64_t life_ms);
/* Takes over in our turn: lower members come first. wait_ms is added. */
void        igrs_group_take_over_later(Group *group, int64_t wait_ms);
/* As slave: the master was heard, and is asked from now on whether it still is there. */
void        igrs_group_watch_master(Group *group);
/* Peer group: forgets members that were not heard for a life (groups-heard.c). */
void        igrs_group_drop_silent(Group *group);
/* Answers who asked to join; error NULL: we are in. */
void        igrs_group_answer_joiners(Group *group, const GError *error);
