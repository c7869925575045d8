/* passes.h -- sessions whose reads the http threads answer without asking the loop
 *
 * All state is the loop's. What it found when it judged an invocation (the pipe stands and asks for
 * no signature, the session exists, the address forges nothing) holds until the loop itself changes
 * it: so it issues a pass, and takes it back with the change. While a session has one, its
 * operations that only read are answered on the http thread that asked. A pass ends by itself as
 * well: then the next invocation goes by the loop, and the pipe hears that its peer is there.
 *
 * Any thread may ask, the loop alone issues and takes back; a lock of its own. Owned by
 * IgrsNode. */
#pragma once

#include "base/clock.h"
#include "igrs/session.h"

#define IGRS_PASS_MS 5000 /* well below IGRS_PIPE_IDLE_MS */

typedef struct IgrsPasses IgrsPasses;

IgrsPasses *igrs_passes_new(Clock *clock); /* borrows clock */
void        igrs_passes_free(IgrsPasses *passes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsPasses, igrs_passes_free)

/* For invocations that come from that address. */
void        igrs_passes_issue(IgrsPasses *passes, const IgrsSession *session, const char *address);
void        igrs_passes_end(IgrsPasses *passes, const IgrsSession *session);
void        igrs_passes_end_all(IgrsPasses *passes);
/* Any thread. */
bool        igrs_passes_has(IgrsPasses *passes, const IgrsSession *session, const char *address);
