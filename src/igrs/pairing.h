/* pairing.h -- two devices come to share a key: one shows a code, the other is told it
 *
 * A device that is told a code holds it for the key of whoever showed it, opens a pipe with it at
 * once (PROFILE section 4) and keeps it when that succeeds; whoever showed the code keeps the key
 * for the device that proved it, and shows another code from then on. Main loop only. */
#pragma once

#include "igrs/igrs.h"

/* The code to be told to another device; borrowed until it is used or the keys are read again.
 * NULL: the node has no folder of keys, or cannot write there. */
const char *igrs_node_code(IgrsNode *node);

/* After start. code as people type it (pairing-code.h). done is called once, later; error NULL: the
 * device proved that it shows this code, and its key is kept. DUO_ERROR_INVALID: no code;
 * DUO_ERROR_NOT_FOUND: not online; DUO_ERROR_DENIED: it shows another; DUO_ERROR_BUSY: one at a
 * time; G_IO_ERROR_CANCELLED: the node was freed. */
typedef void (*IgrsPaired)(const GError *error, gpointer user_data);
void        igrs_node_pair(IgrsNode *node, const char *device_id, const char *code, IgrsPaired done,
                           gpointer user_data);
/* Forgets its key and ends the pipe. Errors: DUO_ERROR_NOT_FOUND, those of files. */
bool        igrs_node_unpair(IgrsNode *node, const char *device_id, GError **error);

/* DeviceIds that have a key of their own here; char *, the caller's. */
GPtrArray  *igrs_node_paired(const IgrsNode *node);
/* Told (NULL) when these, or the code, have changed. */
Observers  *igrs_node_pairing_observers(const IgrsNode *node);
