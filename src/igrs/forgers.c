/* forgers.c -- see forgers.h */
#include "igrs/forgers.h"

#include <glib.h>
#include <string.h>

typedef struct {
    int64_t bad_ms[IGRS_FORGERIES_MAX]; /* when, a ring; the next one goes to at */
    guint at, count;
    int64_t until_ms; /* shut out; 0: not */
} Forger;

struct IgrsForgers {
    Clock *clock;      /* borrowed */
    GHashTable *table; /* address, owned -> Forger, owned */
};

IgrsForgers *
igrs_forgers_new(Clock *clock)
{
    IgrsForgers *forgers = g_new0(IgrsForgers, 1);

    forgers->clock = clock;
    forgers->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return forgers;
}

void
igrs_forgers_free(IgrsForgers *forgers)
{
    if (forgers == NULL)
        return;
    g_hash_table_unref(forgers->table);
    g_free(forgers);
}

static int64_t
last_ms(const Forger *forger)
{
    return forger->bad_ms[(forger->at + IGRS_FORGERIES_MAX - 1) % IGRS_FORGERIES_MAX];
}

static void
make_room(IgrsForgers *forgers)
{
    const char *oldest = NULL;
    int64_t oldest_ms = INT64_MAX;
    GHashTableIter iter;
    gpointer key, value;

    if (g_hash_table_size(forgers->table) < IGRS_FORGERS_MAX)
        return;
    g_hash_table_iter_init(&iter, forgers->table);
    while (g_hash_table_iter_next(&iter, &key, &value))
        if (last_ms(value) < oldest_ms) {
            oldest = key;
            oldest_ms = last_ms(value);
        }
    g_hash_table_remove(forgers->table, oldest);
}

void
igrs_forgers_add(IgrsForgers *forgers, const char *address)
{
    Forger *forger = g_hash_table_lookup(forgers->table, address);
    int64_t now_ms = clock_now_ms(forgers->clock);

    if (forger == NULL) {
        make_room(forgers);
        forger = g_new0(Forger, 1);
        g_hash_table_insert(forgers->table, g_strdup(address), forger);
    }
    forger->bad_ms[forger->at] = now_ms;
    forger->at = (forger->at + 1) % IGRS_FORGERIES_MAX;
    forger->count = MIN(forger->count + 1, IGRS_FORGERIES_MAX);
    if (forger->count == IGRS_FORGERIES_MAX &&
        now_ms - forger->bad_ms[forger->at] < IGRS_FORGERIES_MS) {
        forger->until_ms = now_ms + IGRS_FORGERIES_MS;
        forger->count = 0; /* after it, five more */
        g_message("%s sent %d messages with bad signatures: not heard for a minute", address,
                  IGRS_FORGERIES_MAX);
    }
}

bool
igrs_forgers_is_shut_out(const IgrsForgers *forgers, const char *address)
{
    const Forger *forger = g_hash_table_lookup(forgers->table, address);

    return forger != NULL && clock_now_ms(forgers->clock) < forger->until_ms;
}
