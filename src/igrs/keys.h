/* keys.h -- the pairing keys this device holds, as they lie in a folder
 *
 * One file a peer, called by its uuid, or "any" for every peer without one of its own: 64
 * hexadecimal digits, mode 0600 (PROFILE section 4). Beside them ".proved" remembers which peers
 * proved that they hold "any", and ".code" the code that is shown to pair with us, both also over a
 * restart; certificates (.crt, .key) may lie there, too. Owned by IgrsSecurity. */
#pragma once

#include "base/observers.h"
#include "igrs/seal.h"

#define IGRS_KEYS_MAX 1024   /* files that are read, and peers that proved the key for any */

typedef struct IgrsKeys IgrsKeys;

/* folder NULL: there are no keys. Reads it. */
IgrsKeys         *igrs_keys_new(const char *folder);
void              igrs_keys_free(IgrsKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsKeys, igrs_keys_free)

/* Reads the folder again. A file that cannot be taken is told at warning level, and its peer is
 * then paired without a key: a mistake must not open the door. */
void              igrs_keys_read(IgrsKeys *keys);

/* The key to use with the device peer (a DeviceId); NULL: none. Borrowed until the next read. */
const IgrsSecret *igrs_keys_find(const IgrsKeys *keys, const char *peer);
/* True when the peer is known to hold the key that we hold: nothing less than it will do. The key
 * for any counts from the peer that proved it. */
bool              igrs_keys_is_paired(const IgrsKeys *keys, const char *peer);
/* The peer proved that it holds key, and will do with nothing less from now on. One that was tried,
 * or came by the code that is shown, is kept as the peer's own. */
void              igrs_keys_proved(IgrsKeys *keys, const char *peer, const IgrsSecret *key);

/* -- Pairing ----------------------------------------------------------------------------------- */

/* The code that pairs one peer with us; then it is another. Borrowed until the code changes; NULL:
 * there is no folder to keep it in. */
const char       *igrs_keys_code(IgrsKeys *keys);
/* Its key; NULL: no code was asked for. */
const IgrsSecret *igrs_keys_code_key(const IgrsKeys *keys);
/* The peer's key until the next read, and from its proof on for good. One at a time. */
void              igrs_keys_try(IgrsKeys *keys, const char *peer, const IgrsSecret *key);
/* Removes the peer's own key and its file. Errors: DUO_ERROR_NOT_FOUND, those of files. */
bool              igrs_keys_remove(IgrsKeys *keys, const char *peer, GError **error);
/* The DeviceIds with a key of their own; char *, the caller's. */
GPtrArray        *igrs_keys_peers(const IgrsKeys *keys);
/* Told (NULL) when the code or the peers with a key of their own have changed. */
Observers        *igrs_keys_observers(const IgrsKeys *keys);
