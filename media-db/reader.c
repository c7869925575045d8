/* reader.c -- see reader.h: its questions, each of one snapshot; what is shown of an object is in
 * reader-objects.c, in which order in reader-orders.c */
#include "media-db/reader-room.h"

#include "media-db/views.h"

Reader *
reader_new(const char *path, GError **error)
{
    g_autoptr(Reader) reader = g_new0(Reader, 1);

    reader->path = g_string_new(NULL);
    reader->database = database_open_to_read(path, error);
    return reader->database != NULL ? g_steal_pointer(&reader) : NULL;
}

void
reader_free(Reader *reader)
{
    if (reader == NULL)
        return;
    orders_clear(&reader->orders);
    sights_clear(&reader->sights);
    g_string_free(reader->path, TRUE);
    database_free(reader->database);
    g_free(reader);
}

bool
reader_is_damaged(Reader *reader)
{
    return reader->database->is_damaged;
}

bool
reader_has_moved(Reader *reader)
{
    return database_has_moved(reader->database);
}

int64_t
reader_tally(Reader *reader, int what)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_TALLY, what, NULL);
    int64_t number = 0;

    if (statement != NULL && database_step(reader->database, statement, NULL)) {
        number = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    return number;
}

void
reader_serve(Reader *reader, const Audience *audience)
{
    reader->audience = audience;
}

bool
reader_begin(Reader *reader, GError **error)
{
    if (!database_run(reader->database, "BEGIN", error))
        return false;
    reader->sight = NULL;
    if (!audience_is_limited(reader->audience))
        return true;
    reader->sight = sights_get(&reader->sights, reader->database, reader->audience,
                               reader_tally(reader, READER_UPDATE_ID), error);
    if (reader->sight == NULL)
        reader_end(reader);
    return reader->sight != NULL;
}

void
reader_end(Reader *reader)
{
    reader->sight = NULL;
    sqlite3_exec(reader->database->sqlite, "COMMIT", NULL, NULL, NULL);
}

bool
reader_not_found(const char *id, GError **error)
{
    if (error != NULL && *error == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "nothing has the id %.40s", id);
    return false;
}

bool
reader_look(Reader *reader, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    bool found = false;
    int64_t number;

    if (!view_id_decode(id, &number))
        return reader_not_found(id, error);
    reader_show(reader, number, READER_ALONE, visit, user_data, &found, &trouble);
    if (found)
        return true;
    if (trouble == NULL)
        return reader_not_found(id, error);
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}

bool
reader_get(Reader *reader, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    if (!audience_is_limited(reader->audience)) /* one question needs no snapshot */
        return reader_look(reader, id, visit, user_data, error);
    if (!reader_begin(reader, error))
        return false;
    bool is_found = reader_look(reader, id, visit, user_data, error);
    reader_end(reader);
    return is_found;
}

static bool
show_range(Reader *reader, const Order *order, int64_t within, const CatalogRange *range,
           MediaVisit visit, gpointer user_data, CatalogResult *result, GError **error)
{
    guint begin_at = MIN(range->offset, order->ids->len);
    guint left = order->ids->len - begin_at;
    guint count = range->limit == 0 ? left : MIN(range->limit, left);
    GError *trouble = NULL;

    result->total = order->total;
    result->returned = 0;
    for (guint i = 0; i < count; i++) {
        bool found;
        bool goes_on = reader_show(reader, g_array_index(order->ids, int64_t, begin_at + i), within,
                                   visit, user_data, &found, &trouble);
        if (trouble != NULL) {
            g_propagate_error(error, trouble);
            return false;
        }
        result->returned += found;
        if (found && !goes_on)
            break;
    }
    return true;
}

static bool
browse(Reader *reader, const char *id, int64_t parent, const CatalogRange *range, MediaVisit visit,
       gpointer user_data, CatalogResult *result, GError **error)
{
    MediaKind of_kind;
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_CONTAINER_VERSION,
                                           view_folder(parent, &of_kind), error);
    GError *trouble = NULL;

    if (statement == NULL)
        return false;
    if (!database_step(reader->database, statement, &trouble)) {
        if (trouble == NULL)
            return reader_not_found(id, error);
        g_propagate_error(error, trouble);
        return false;
    }
    if (!sight_may_show(reader->sight, reader->database, parent)) {
        sqlite3_reset(statement);
        return reader_not_found(id, error);
    }
    bool is_container = sqlite3_column_int(statement, 0) == MEDIA_CONTAINER;
    int64_t version = sqlite3_column_int64(statement, 1);
    uint32_t total = (uint32_t)sqlite3_column_int64(statement, 2);
    sqlite3_reset(statement);
    if (!is_container) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%.40s is an item, not a container", id);
        return false;
    }
    Order *order = reader_order_children(reader, parent, version, total, range, error);
    result->update_id = (uint32_t)version;
    return order != NULL &&
           show_range(reader, order, parent, range, visit, user_data, result, error);
}

bool
reader_browse(Reader *reader, const char *id, const CatalogRange *range, MediaVisit visit,
              gpointer user_data, CatalogResult *result, GError **error)
{
    CatalogResult own = { 0 };
    int64_t parent;

    if (!view_id_decode(id, &parent))
        return reader_not_found(id, error);
    if (!reader_begin(reader, error))
        return false;
    bool is_done = browse(reader, id, parent, range, visit, user_data, &own, error);
    reader_end(reader);
    if (is_done && result != NULL)
        *result = own;
    return is_done;
}

bool
reader_search(Reader *reader, const CatalogSearch *search, const CatalogRange *range,
              MediaVisit visit, gpointer user_data, CatalogResult *result, GError **error)
{
    g_auto(SearchSql) sql = { 0 };
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(int64_t));
    Order nothing = { .ids = none };
    CatalogResult own = { 0 };

    if (!search_sql_init(&sql, search, range, reader->audience, error) ||
        !reader_begin(reader, error))
        return false;
    int64_t version = reader_tally(reader, READER_UPDATE_ID);
    const Order *order =
        sql.is_nothing ? &nothing
                       : reader_order_search(reader, search, range, &sql, version, error);
    bool is_done =
        order != NULL && show_range(reader, order, -1, range, visit, user_data, &own, error);
    reader_end(reader);
    own.update_id = (uint32_t)version;
    if (is_done && result != NULL)
        *result = own;
    return is_done;
}
