/* session-keys.h -- handing a session on to another device (clause 10.5; PROFILE section 5)
 *
 * The holder of a session gets a key; whoever brings it within a minute, once, takes the session
 * over. A session has one key at a time, and none after it ended. Owned by IgrsNode. */
#pragma once

#include "base/clock.h"
#include "igrs/session.h"

#define IGRS_SESSION_KEYS_MAX 64
#define IGRS_SESSION_KEY_LIFE_S 60

typedef struct IgrsSessionKeys IgrsSessionKeys;

IgrsSessionKeys *igrs_session_keys_new(Clock *clock);
void             igrs_session_keys_free(IgrsSessionKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsSessionKeys, igrs_session_keys_free)

/* A key of 256 random bits, in base64; one of before is void. NULL: too many are out. Borrowed. */
const char        *igrs_session_keys_apply(IgrsSessionKeys *keys, const IgrsSession *session);
/* The session that key (NULL: none) hands on; NULL: used, expired or never given. Borrowed. */
const IgrsSession *igrs_session_keys_find(const IgrsSessionKeys *keys, const char *key);
/* The session's key is void: it was used, or the session ended. */
void               igrs_session_keys_drop(IgrsSessionKeys *keys, const IgrsSession *session);
