/* local-key.h -- how a program on the same computer shows the server that its user runs it
 *
 * duopingd writes a key into its state folder each time it starts, with the port that it holds for.
 * Who may read that folder (root, the user that the server runs as, the service's group) has the
 * operator's rights anyway, so the key opens everything. It never leaves this computer: it is shown
 * to that port of an address of ours alone, and one that somebody else got hold of while no server
 * ran is of no use to the next. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* folder: of the server's state. Errors: of files. */
bool  local_key_write(const char *folder, uint16_t port, const char *key, GError **error);
void  local_key_remove(const char *folder);
/* The key for that port of this computer, from where a duopingd keeps its state unless told; the
 * caller's. NULL: there is none, or it is not for us to read. */
char *local_key_find(uint16_t port);
