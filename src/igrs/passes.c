/* passes.c -- see passes.h */
#include "igrs/passes.h"

#include <string.h>

typedef struct {
    IgrsSession session; /* its device_id is ours; first: it is its own key */
    char *address;
    int64_t until_ms;
} Pass;

struct IgrsPasses {
    Clock *clock; /* borrowed */
    GMutex lock;
    GHashTable *table; /* a set of Pass, owned: at most one a session */
};

static void
pass_free(gpointer data)
{
    Pass *pass = data;

    g_free((char *)pass->session.device_id);
    g_free(pass->address);
    g_free(pass);
}

IgrsPasses *
igrs_passes_new(Clock *clock)
{
    IgrsPasses *passes = g_new0(IgrsPasses, 1);

    passes->clock = clock;
    g_mutex_init(&passes->lock);
    passes->table =
        g_hash_table_new_full(igrs_session_hash, igrs_session_equal, pass_free, NULL);
    return passes;
}

void
igrs_passes_free(IgrsPasses *passes)
{
    if (passes == NULL)
        return;
    g_hash_table_unref(passes->table);
    g_mutex_clear(&passes->lock);
    g_free(passes);
}

void
igrs_passes_issue(IgrsPasses *passes, const IgrsSession *session, const char *address)
{
    Pass *pass = g_new(Pass, 1);

    *pass = (Pass){ *session, g_strdup(address), clock_now_ms(passes->clock) + IGRS_PASS_MS };
    pass->session.device_id = g_strdup(session->device_id);
    g_mutex_lock(&passes->lock);
    g_hash_table_add(passes->table, pass);
    g_mutex_unlock(&passes->lock);
}

void
igrs_passes_end(IgrsPasses *passes, const IgrsSession *session)
{
    g_mutex_lock(&passes->lock);
    g_hash_table_remove(passes->table, session);
    g_mutex_unlock(&passes->lock);
}

void
igrs_passes_end_all(IgrsPasses *passes)
{
    g_mutex_lock(&passes->lock);
    g_hash_table_remove_all(passes->table);
    g_mutex_unlock(&passes->lock);
}

bool
igrs_passes_has(IgrsPasses *passes, const IgrsSession *session, const char *address)
{
    int64_t now_ms = clock_now_ms(passes->clock);

    g_mutex_lock(&passes->lock);
    const Pass *pass = g_hash_table_lookup(passes->table, session);
    bool has = pass != NULL && now_ms < pass->until_ms && strcmp(pass->address, address) == 0;
    g_mutex_unlock(&passes->lock);
    return has;
}
