/* forgers.h -- addresses that sent bad signatures, and are not listened to for a while
 *
 * Five in a minute, then a minute of nothing (PROFILE section 4). Bounded: where too many forge,
 * the one silent longest is forgotten. Owned by IgrsSecurity. */
#pragma once

#include "base/clock.h"

#include <stdbool.h>

#define IGRS_FORGERIES_MAX 5    /* of one address in */
#define IGRS_FORGERIES_MS 60000 /* and as long it is shut out after them */
#define IGRS_FORGERS_MAX 256    /* addresses remembered */

typedef struct IgrsForgers IgrsForgers;

IgrsForgers *igrs_forgers_new(Clock *clock);
void         igrs_forgers_free(IgrsForgers *forgers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsForgers, igrs_forgers_free)

/* Remembers a bad signature from address. */
void         igrs_forgers_add(IgrsForgers *forgers, const char *address);
bool         igrs_forgers_is_shut_out(const IgrsForgers *forgers, const char *address);
