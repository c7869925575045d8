/* id-set.h -- a set of object ids, a bit each: ids grow slowly, and most are taken */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    guint8 *bits;
    int64_t end; /* ids are below it */
    guint count;
} IdSet; /* all 0 is empty */

void id_set_clear(IdSet *set);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IdSet, id_set_clear)

bool id_set_has(const IdSet *set, int64_t id);
void id_set_add(IdSet *set, int64_t id);
void id_set_remove(IdSet *set, int64_t id);
/* Takes away what is in other. */
void id_set_subtract(IdSet *set, const IdSet *other);
