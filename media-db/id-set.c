/* id-set.c -- see id-set.h */
#include "media-db/id-set.h"

#include <string.h>

#define ID_MAX 100000000

void
id_set_clear(IdSet *set)
{
    g_free(set->bits);
    *set = (IdSet){ 0 };
}

bool
id_set_has(const IdSet *set, int64_t id)
{
    return id >= 0 && id < set->end && (set->bits[id / 8] & 1 << id % 8) != 0;
}

void
id_set_add(IdSet *set, int64_t id)
{
    if (id < 0 || id >= ID_MAX)
        return;
    if (id >= set->end) {
        int64_t end = MAX(set->end * 2, (id / 1024 + 1) * 1024);
        set->bits = g_realloc(set->bits, (gsize)end / 8);
        memset(set->bits + set->end / 8, 0, (gsize)(end - set->end) / 8);
        set->end = end;
    }
    if (!id_set_has(set, id)) {
        set->bits[id / 8] |= (guint8)(1 << id % 8);
        set->count++;
    }
}

void
id_set_remove(IdSet *set, int64_t id)
{
    if (id_set_has(set, id)) {
        set->bits[id / 8] &= (guint8) ~(1 << id % 8);
        set->count--;
    }
}

void
id_set_subtract(IdSet *set, const IdSet *other)
{
    int64_t end = MIN(set->end, other->end) / 8;

    for (int64_t i = 0; i < end; i++) {
        guint8 both = set->bits[i] & other->bits[i];
        set->bits[i] ^= both;
        set->count -= (guint)__builtin_popcount(both);
    }
}
