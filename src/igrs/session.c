/* session.c -- see session.h */
#include "igrs/session.h"

#include "base/error.h"
#include "wire/igrs-names.h"

struct IgrsSessions {
    GHashTable *table; /* IgrsSession, owned -> number of its token */
    IgrsSessionEnded ended;
    gpointer user_data;
};

guint
igrs_session_hash(gconstpointer key)
{
    const IgrsSession *session = key;

    return igrs_device_id_hash(session->device_id) ^ (session->client_id * 2654435761u) ^
           session->service_id;
}

gboolean
igrs_session_equal(gconstpointer a, gconstpointer b)
{
    const IgrsSession *x = a, *y = b;

    return x->client_id == y->client_id && x->service_id == y->service_id &&
           igrs_device_id_equal(x->device_id, y->device_id);
}

static void
session_free(gpointer data)
{
    IgrsSession *session = data;

    g_free((char *)session->device_id); /* ours: copied by session_copy() */
    g_free(session);
}

static IgrsSession *
session_copy(const IgrsSession *session)
{
    IgrsSession *copy = g_new(IgrsSession, 1);

    *copy = *session;
    copy->device_id = g_strdup(session->device_id);
    return copy;
}

IgrsSessions *
igrs_sessions_new(IgrsSessionEnded ended, gpointer user_data)
{
    IgrsSessions *sessions = g_new0(IgrsSessions, 1);

    sessions->table =
        g_hash_table_new_full(igrs_session_hash, igrs_session_equal, session_free, NULL);
    sessions->ended = ended;
    sessions->user_data = user_data;
    return sessions;
}

void
igrs_sessions_free(IgrsSessions *sessions)
{
    if (sessions == NULL)
        return;
    g_hash_table_unref(sessions->table);
    g_free(sessions);
}

static guint
count_of_device(const IgrsSessions *sessions, const char *device_id)
{
    GHashTableIter iter;
    gpointer key;
    guint count = 0;

    g_hash_table_iter_init(&iter, sessions->table);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (igrs_device_id_equal(((IgrsSession *)key)->device_id, device_id))
            count++;
    return count;
}

bool
igrs_sessions_create(IgrsSessions *sessions, const IgrsSession *session, GError **error)
{
    if (igrs_sessions_has(sessions, session))
        return true;
    if (g_hash_table_size(sessions->table) >= IGRS_SESSIONS_MAX ||
        count_of_device(sessions, session->device_id) >= IGRS_SESSIONS_PER_DEVICE_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "too many sessions of %s",
                    session->device_id);
        return false;
    }
    g_hash_table_insert(sessions->table, session_copy(session), GUINT_TO_POINTER(0));
    return true;
}

bool
igrs_sessions_has(const IgrsSessions *sessions, const IgrsSession *session)
{
    return g_hash_table_contains(sessions->table, session);
}

bool
igrs_sessions_destroy(IgrsSessions *sessions, const IgrsSession *session)
{
    gpointer key = NULL;

    if (!g_hash_table_steal_extended(sessions->table, session, &key, NULL))
        return false;
    sessions->ended(key, sessions->user_data);
    session_free(key);
    return true;
}

/* Ends those of that device (NULL: any), by that token (0: any). Taken out first:
 * whoever is told may look. */
static void
end_where(IgrsSessions *sessions, const char *device_id, uint32_t token)
{
    g_autoptr(GPtrArray) ending = g_ptr_array_new_with_free_func(session_free);
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, sessions->table);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const IgrsSession *session = key;
        if ((device_id == NULL || igrs_device_id_equal(session->device_id, device_id)) &&
            (token == 0 || GPOINTER_TO_UINT(value) == token)) {
            g_hash_table_iter_steal(&iter);
            g_ptr_array_add(ending, key);
        }
    }
    for (guint i = 0; i < ending->len; i++)
        sessions->ended(g_ptr_array_index(ending, i), sessions->user_data);
}

void
igrs_sessions_end_device(IgrsSessions *sessions, const char *device_id)
{
    end_where(sessions, device_id, 0);
}

void
igrs_sessions_end_all(IgrsSessions *sessions)
{
    end_where(sessions, NULL, 0);
}

void
igrs_sessions_end_token(IgrsSessions *sessions, uint32_t token)
{
    end_where(sessions, NULL, token);
}

void
igrs_sessions_set_token(IgrsSessions *sessions, const IgrsSession *session, uint32_t token)
{
    if (igrs_sessions_has(sessions, session))
        g_hash_table_insert(sessions->table, session_copy(session), GUINT_TO_POINTER(token));
}

uint32_t
igrs_sessions_token(const IgrsSessions *sessions, const IgrsSession *session)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(sessions->table, session));
}

guint
igrs_sessions_count(const IgrsSessions *sessions)
{
    return g_hash_table_size(sessions->table);
}
