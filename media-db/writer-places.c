/* writer-places.c -- where an object is shown */
#include "media-db/writer-room.h"

#include <string.h>

static void
place_clear(gpointer data)
{
    g_bytes_unref(((Place *)data)->position);
}

GArray *
places_new(void)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(Place));

    g_array_set_clear_func(places, place_clear);
    return places;
}

bool
writer_show(Writer *writer, int64_t id, int64_t parent, GBytes *position, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_CHILD_INSERT, parent, error);
    gsize size;
    const void *data = g_bytes_get_data(position, &size);

    if (statement == NULL)
        return false;
    database_bind_bytes(statement, 2, data, size);
    sqlite3_bind_int64(statement, 3, id);
    writer_touch(writer, parent, 1);
    return database_finish(writer->database, statement, error);
}

bool
writer_show_once(Writer *writer, int64_t id, int64_t parent, GBytes *position, GError **error)
{
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_CHILD_INSERT_ONCE, parent, error);
    gsize size;
    const void *data = g_bytes_get_data(position, &size);

    if (statement == NULL)
        return false;
    database_bind_bytes(statement, 2, data, size);
    sqlite3_bind_int64(statement, 3, id);
    if (!database_finish(writer->database, statement, error))
        return false;
    if (sqlite3_changes(writer->database->sqlite) > 0)
        writer_touch(writer, parent, 1);
    return true;
}

static bool
hide(Writer *writer, int64_t id, int64_t parent, GBytes *position, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_CHILD_DELETE, parent, error);
    gsize size;
    const void *data = g_bytes_get_data(position, &size);

    if (statement == NULL)
        return false;
    database_bind_bytes(statement, 2, data, size);
    sqlite3_bind_int64(statement, 3, id);
    writer_touch(writer, parent, -1);
    return database_finish(writer->database, statement, error);
}

static GArray *
shown_in(Writer *writer, int64_t id, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_SHOWN_IN, id, error);
    GArray *places = places_new();

    while (statement != NULL && database_step(writer->database, statement, error)) {
        Place place = { sqlite3_column_int64(statement, 0),
                        g_bytes_new(sqlite3_column_blob(statement, 1),
                                    (gsize)sqlite3_column_bytes(statement, 1)) };
        g_array_append_val(places, place);
    }
    return places;
}

static bool
has_place(const GArray *places, const Place *place)
{
    for (guint i = 0; i < places->len; i++) {
        const Place *other = &g_array_index(places, Place, i);
        if (other->parent == place->parent && g_bytes_equal(other->position, place->position))
            return true;
    }
    return false;
}

bool
writer_show_new(Writer *writer, int64_t id, const GArray *places, GError **error)
{
    for (guint i = 0; i < places->len; i++) {
        const Place *place = &g_array_index(places, Place, i);
        if (!writer_show(writer, id, place->parent, place->position, error))
            return false;
    }
    return true;
}

/* Shows it where it was not and is now, and hides it where it was and is not. */
bool
writer_show_in(Writer *writer, int64_t id, const GArray *now, GError **error)
{
    g_autoptr(GArray) before = shown_in(writer, id, error);

    for (guint i = 0; i < now->len; i++) {
        const Place *place = &g_array_index(now, Place, i);
        if (has_place(before, place))
            writer_touch(writer, place->parent, 0); /* what is shown there is not what it was */
        else if (!writer_show(writer, id, place->parent, place->position, error))
            return false;
    }
    for (guint i = 0; i < before->len; i++) {
        const Place *place = &g_array_index(before, Place, i);
        if (!has_place(now, place) && !hide(writer, id, place->parent, place->position, error))
            return false;
    }
    return true;
}

GBytes *
position_new(Writer *writer, const char *prefix, gsize prefix_size, const char *text)
{
    g_byte_array_set_size(writer->key, 0);
    g_byte_array_append(writer->key, (const guint8 *)prefix, (guint)prefix_size);
    if (text != NULL)
        text_sorter_append(writer->sorter, text, writer->key);
    return g_bytes_new(writer->key->data, writer->key->len);
}

GBytes *
position_after(const char *prefix, gsize prefix_size, GBytes *key)
{
    gsize size;
    const void *data = g_bytes_get_data(key, &size);
    guint8 *position = g_malloc(prefix_size + size);

    memcpy(position, prefix, prefix_size);
    memcpy(position + prefix_size, data, size);
    return g_bytes_new_take(position, prefix_size + size);
}

/* The file's place in its folder; folders come first. */
GBytes *
position_in_folder(Writer *writer, bool is_folder, const char *label)
{
    return position_new(writer, is_folder ? "\1" : "\2", 1, label);
}

void
places_add(GArray *places, int64_t parent, GBytes *position)
{
    Place place = { parent, position };
    g_array_append_val(places, place);
}
