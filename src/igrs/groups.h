/* groups.h -- the table of known groups, and how a device behaves in its own
 *
 * What it has to say is said by its owner through a hook, so it knows no wire. Bounded in all, for
 * each sender and in members; what strangers say never pushes out a group of ours. Owned by
 * IgrsNode. PROFILE section 6; clause 9.5. */
#pragma once

#include "base/clock.h"
#include "igrs/device-groups.h"
#include "wire/igrs-message.h"

#define IGRS_GROUP_RETURN_MS 4500  /* after a start, for who is master now to be heard */
#define IGRS_GROUP_RANK_MS 700     /* the lowest member takes over first, then the next... */
#define IGRS_GROUP_RANKS_MAX 6     /* ...all within five seconds */
#define IGRS_GROUP_PROBE_MS 900    /* between two questions to a master, is it there? */
#define IGRS_GROUP_PROBE_WAIT_MS 800 /* for its answer: one is under way at a time */
#define IGRS_GROUP_MISSES_MAX 3    /* that make a slave take over, a killed master's in 2.7 s */
#define IGRS_GROUP_ORPHAN_MS 10000 /* a foreign group without a master is remembered */

typedef enum {
    IGRS_GROUP_SAY_ALIVE,    /* to all: it is there, these are its members */
    IGRS_GROUP_SAY_QUIT,     /* to all: we leave the peer group */
    IGRS_GROUP_SAY_DISSOLVE, /* to all: the master ends it */
    IGRS_GROUP_ASK_JOIN,     /* its master; the answer comes back by igrs_groups_answered() */
    IGRS_GROUP_TELL_QUIT,    /* its master */
    IGRS_GROUP_SEARCH,       /* all: who is its master now? */
    IGRS_GROUP_PROBE,        /* its master; the answer comes back by igrs_groups_probed() */
} IgrsGroupWord;

typedef struct {
    void (*say)(const IgrsGroup *group, IgrsGroupWord word, gpointer user_data);
    void (*changed)(gpointer user_data); /* what is to be kept has changed */
} IgrsGroupHooks;

typedef struct IgrsGroups IgrsGroups;

/* device_id: our own, copied. hooks are borrowed. */
IgrsGroups *igrs_groups_new(Clock *clock, const char *device_id, const IgrsGroupHooks *hooks,
                            gpointer user_data);
void        igrs_groups_free(IgrsGroups *groups); /* says nothing; who joins is told: cancelled */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsGroups, igrs_groups_free)

/* -- For us: see device-groups.h -------------------------------------------------------------- */

Observers       *igrs_groups_observers(IgrsGroups *groups);
GPtrArray       *igrs_groups_list(const IgrsGroups *groups);
const IgrsGroup *igrs_groups_find(const IgrsGroups *groups, const char *id);
const IgrsGroup *igrs_groups_create(IgrsGroups *groups, const char *name, const char *use,
                                    bool is_centralised, GError **error);
void             igrs_groups_join(IgrsGroups *groups, const char *id, IgrsGroupJoined joined,
                                  gpointer user_data);
bool             igrs_groups_leave(IgrsGroups *groups, const char *id, GError **error);
bool             igrs_groups_admit(IgrsGroups *groups, const char *id, bool is_admitted);
/* True when the group is one that we answer for: a peer group of ours, or we are the master. */
bool             igrs_groups_speaks_for(const IgrsGroups *groups, const IgrsGroup *group);
/* Says that ours are there: our addresses changed. */
void             igrs_groups_announce(IgrsGroups *groups);

/* -- What others say --------------------------------------------------------------------------- */

/* sender says so of a group; life_s is the promise of its advertisement. */
void             igrs_groups_heard(IgrsGroups *groups, const char *sender,
                                   const IgrsGroupEntry *entry, uint32_t life_s);
/* A ReturnCode: 200; 404 not ours to admit to, 409 in it already, 403 closed, 429 full. */
uint32_t         igrs_groups_asked(IgrsGroups *groups, const char *id, const char *device_id);
/* The master's answer to ASK_JOIN: a ReturnCode; 0: none came. */
void             igrs_groups_answered(IgrsGroups *groups, const char *id, uint32_t return_code);
/* The master's answer to PROBE; false: none came. */
void             igrs_groups_probed(IgrsGroups *groups, const char *id, bool is_there);
/* A member leaves; a master's dissolves. */
void             igrs_groups_quit(IgrsGroups *groups, const char *id, const char *device_id);
void             igrs_groups_dissolved(IgrsGroups *groups, const char *id, const char *device_id);
/* A device is offline. */
void             igrs_groups_device_gone(IgrsGroups *groups, const char *device_id);

/* -- Kept over a restart (groups-store.c) ------------------------------------------------------ */

/* The memberships as a key file; the caller's. */
char            *igrs_groups_save(const IgrsGroups *groups);
/* Once, before anything is said: takes them up again. What cannot be read is left out. */
void             igrs_groups_restore(IgrsGroups *groups, const char *text);
