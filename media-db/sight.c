/* sight.c -- see sight.h */
#include "media-db/sight.h"

#include "media-db/views.h"

#define SIGHTS_MAX 4

static void
sight_free(gpointer data)
{
    Sight *sight = data;

    g_array_unref(sight->disks);
    id_set_clear(&sight->hidden);
    g_free(sight);
}

void
sights_clear(Sights *sights)
{
    g_queue_clear_full(&sights->kept, sight_free);
}

bool
sight_sees(const Sight *sight, int64_t id)
{
    MediaKind kind;

    return sight == NULL || !id_set_has(&sight->hidden, view_folder(id, &kind));
}

static bool
is_hidden_disk(const Sight *sight, int64_t disk)
{
    for (guint i = 0; i < sight->disks->len; i++)
        if (g_array_index(sight->disks, int64_t, i) == disk)
            return true;
    return false;
}

bool
sight_may_show(const Sight *sight, Database *database, int64_t id)
{
    MediaKind kind;

    if (sight == NULL || id < VIEW_OWN)
        return true;
    if (!sight_sees(sight, id))
        return false;
    sqlite3_stmt *statement = database_ask(database, QUERY_DISK_OF, view_folder(id, &kind), NULL);
    if (statement == NULL)
        return false;
    bool lies_somewhere = database_step(database, statement, NULL);
    bool is_hidden = lies_somewhere && is_hidden_disk(sight, sqlite3_column_int64(statement, 0));
    sqlite3_reset(statement);
    return !is_hidden;
}

/* -- What is hidden ---------------------------------------------------------------------------- */

static void
hide(Sight *sight, GArray *hidden, int64_t id)
{
    if (id_set_has(&sight->hidden, id))
        return;
    id_set_add(&sight->hidden, id);
    g_array_append_val(hidden, id);
}

static bool
find_disks(Sight *sight, Database *database, const Audience *audience, GError **error)
{
    sqlite3_stmt *statement = database_query(database, QUERY_DISKS, error);
    GError *trouble = NULL;

    while (statement != NULL && database_step(database, statement, &trouble)) {
        int64_t disk = sqlite3_column_int64(statement, 0);
        g_autofree char *path = g_strndup(sqlite3_column_blob(statement, 1),
                                          (gsize)sqlite3_column_bytes(statement, 1));
        if (!audience_sees(audience, path))
            g_array_append_val(sight->disks, disk);
    }
    if (trouble != NULL)
        g_propagate_error(error, trouble);
    return statement != NULL && trouble == NULL;
}

static bool
hide_disks(Sight *sight, Database *database, GArray *hidden, GError **error)
{
    GError *trouble = NULL;

    for (guint i = 0; i < sight->disks->len; i++) {
        sqlite3_stmt *statement = database_ask(
            database, QUERY_DISK_OBJECTS, g_array_index(sight->disks, int64_t, i), error);
        while (statement != NULL && database_step(database, statement, &trouble))
            hide(sight, hidden, sqlite3_column_int64(statement, 0));
        if (statement == NULL)
            return false;
        if (trouble != NULL) {
            g_propagate_error(error, trouble);
            return false;
        }
    }
    return true;
}

/* A playlist's name is its file's; what it names may lie elsewhere. */
static bool
hide_playlists(Sight *sight, Database *database, const Audience *audience, GArray *hidden,
               GError **error)
{
    sqlite3_stmt *statement = database_query(database, QUERY_PLAYLISTS, error);
    GError *trouble = NULL;

    while (statement != NULL && database_step(database, statement, &trouble)) {
        const char *folder = (const char *)sqlite3_column_text(statement, 1);
        if (folder == NULL || !audience_sees(audience, folder))
            hide(sight, hidden, sqlite3_column_int64(statement, 0));
    }
    if (trouble != NULL)
        g_propagate_error(error, trouble);
    return statement != NULL && trouble == NULL;
}

/* -- Groups ------------------------------------------------------------------------------------ */

/* The groups that show one of the hidden. */
static GHashTable *
find_groups(Database *database, const GArray *hidden)
{
    GHashTable *groups = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

    for (guint i = 0; i < hidden->len; i++) {
        sqlite3_stmt *statement =
            database_ask(database, QUERY_SHOWN_IN, g_array_index(hidden, int64_t, i), NULL);
        while (statement != NULL && database_step(database, statement, NULL)) {
            gint64 group = sqlite3_column_int64(statement, 0);
            if (group >= VIEW_OWN && !g_hash_table_contains(groups, &group))
                g_hash_table_add(groups, g_memdup2(&group, sizeof group));
        }
    }
    return groups;
}

/* A group of which all is hidden; folders are judged by where they lie. */
static bool
is_all_hidden(const Sight *sight, Database *database, int64_t group)
{
    sqlite3_stmt *statement = database_ask(database, QUERY_CONTAINER_COUNT, group, NULL);
    bool is_group = statement != NULL && database_step(database, statement, NULL) &&
                    sqlite3_column_int(statement, 1) != 0;

    if (statement != NULL)
        sqlite3_reset(statement);
    statement = is_group ? database_ask(database, QUERY_CHILDREN, group, NULL) : NULL;
    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 2, -1);
    while (database_step(database, statement, NULL)) {
        if (sight_sees(sight, sqlite3_column_int64(statement, 0))) {
            sqlite3_reset(statement);
            return false;
        }
    }
    return true;
}

/* Takes hidden over. An artist is hidden after the last of their albums is. */
static void
hide_groups(Sight *sight, Database *database, GArray *hidden)
{
    while (hidden->len > 0) {
        g_autoptr(GHashTable) groups = find_groups(database, hidden);
        GHashTableIter iter;
        gpointer group;

        g_array_set_size(hidden, 0);
        g_hash_table_iter_init(&iter, groups);
        while (g_hash_table_iter_next(&iter, &group, NULL))
            if (sight_sees(sight, *(gint64 *)group) &&
                is_all_hidden(sight, database, *(gint64 *)group))
                hide(sight, hidden, *(gint64 *)group);
    }
    g_array_unref(hidden);
}

const Sight *
sights_get(Sights *sights, Database *database, const Audience *audience, int64_t version,
           GError **error)
{
    for (GList *link = sights->kept.head; link != NULL; link = link->next) {
        Sight *sight = link->data;
        if (sight->audience != audience_number(audience))
            continue;
        g_queue_unlink(&sights->kept, link);
        if (sight->version == version) {
            g_queue_push_head_link(&sights->kept, link);
            return sight;
        }
        g_list_free_1(link);
        sight_free(sight);
        break;
    }
    Sight *sight = g_new0(Sight, 1);
    GArray *hidden = g_array_new(FALSE, FALSE, sizeof(int64_t));
    *sight = (Sight){ .audience = audience_number(audience), .version = version,
                      .disks = g_array_new(FALSE, FALSE, sizeof(int64_t)) };
    if (!find_disks(sight, database, audience, error) ||
        !hide_disks(sight, database, hidden, error) ||
        !hide_playlists(sight, database, audience, hidden, error)) {
        g_array_unref(hidden);
        sight_free(sight);
        return NULL;
    }
    hide_groups(sight, database, hidden);
    g_queue_push_head(&sights->kept, sight);
    while (g_queue_get_length(&sights->kept) > SIGHTS_MAX)
        sight_free(g_queue_pop_tail(&sights->kept));
    return sight;
}
