/* naming.h -- the one of several that people mean by a name
 *
 * Private to the registries of this room (screens, servers). */
#pragma once

#include <glib.h>

typedef struct {
    /* What a thing of the list is called; borrowed. */
    void (*show)(gconstpointer thing, const char **id, const char **name);
    const char *noun; /* "screen" */
    const char *hint; /* what to do when there is none at all */
} Naming;

/* By id, by whole name or by a part of the name that only one has, names without regard to case.
 * DUO_ERROR_NOT_FOUND, DUO_ERROR_CONFLICT (several fit); the message names those there are. */
gpointer naming_find(const Naming *naming, const GPtrArray *list, const char *wanted,
                     GError **error);
