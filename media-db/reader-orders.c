/* reader-orders.c -- in which order a container's children, or what was found, are shown */
#include "media-db/reader-room.h"

#include "media-db/live-views.h"
#include "media-db/views.h"
#include "media-db/word-search.h"

#define ANSWER_TIME_US 5000000
#define FIRST_IDS 2000 /* of a long container, for its first pages */

/* How many ids of an order a page needs. */
static uint64_t
wanted_ids(const CatalogRange *range)
{
    return range->limit == 0 ? UINT64_MAX : (uint64_t)range->offset + range->limit;
}

static Order *
order_from(Reader *reader, sqlite3_stmt *statement, const char *question, int64_t version,
           GError **error)
{
    Order *order = order_new(question, version);
    GError *trouble = NULL;

    while (database_step(reader->database, statement, &trouble)) {
        int64_t id = sqlite3_column_int64(statement, 0);
        if (sight_sees(reader->sight, id))
            g_array_append_val(order->ids, id);
    }
    order->total = order->ids->len;
    if (trouble == NULL)
        return orders_keep(&reader->orders, order);
    g_propagate_error(error, trouble);
    order_free(order);
    return NULL;
}

static int
is_late(void *deadline_us)
{
    return g_get_monotonic_time() > *(int64_t *)deadline_us;
}

/* A question that is asked once; what nobody would wait for is refused. */
static Order *
order_from_sql(Reader *reader, const char *sql, GPtrArray *values, const char *question,
               int64_t version, GError **error)
{
    sqlite3_stmt *statement;
    Order *order;

    if (sqlite3_prepare_v2(reader->database->sqlite, sql, -1, &statement, NULL) != SQLITE_OK) {
        database_error(reader->database, error);
        return NULL;
    }
    for (guint i = 0; values != NULL && i < values->len; i++)
        sqlite3_bind_text(statement, (int)i + 1, values->pdata[i], -1, SQLITE_STATIC);
    int64_t deadline_us = g_get_monotonic_time() + ANSWER_TIME_US;
    sqlite3_progress_handler(reader->database->sqlite, 10000, is_late, &deadline_us);
    order = order_from(reader, statement, question, version, error);
    sqlite3_progress_handler(reader->database->sqlite, 0, NULL, NULL);
    sqlite3_finalize(statement);
    return order;
}

/* A container's own order: the first pages of a long one are not kept waiting for the rest. */
static Order *
natural_order(Reader *reader, int64_t parent, uint32_t total, const CatalogRange *range,
              const char *question, int64_t version, GError **error)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_CHILDREN, parent, error);
    bool is_first = range->limit != 0 && wanted_ids(range) <= FIRST_IDS && total > FIRST_IDS &&
                    reader->sight == NULL; /* who does not see all wants to know how much it is */

    if (statement == NULL)
        return NULL;
    sqlite3_bind_int(statement, 2, is_first ? FIRST_IDS : -1);
    Order *order = order_from(reader, statement, question, version, error);
    if (order != NULL && is_first)
        order->total = total;
    return order;
}

/* A live view's own order is that in which its question answers. */
static Order *
order_of_live(Reader *reader, const LiveView *live, const CatalogRange *range,
              const char *question, int64_t version, GError **error)
{
    g_auto(SearchSql) sql = { g_string_new(NULL), g_ptr_array_new_with_free_func(g_free), false };
    const char *sort = sort_sql(range->sort);

    if (sort != NULL)
        g_string_append(sql.sql, "SELECT o.id FROM object o WHERE o.id IN (");
    search_sql_live(&sql, live, reader->audience);
    if (sort != NULL)
        g_string_append_printf(sql.sql, ") ORDER BY %s %s, o.sort_key, o.id", sort,
                               range->is_descending ? "DESC" : "ASC");
    Order *order = order_from_sql(reader, sql.sql->str, sql.values, question, version, error);
    if (order != NULL && order->ids->len > LIVE_VIEW_MAX) {
        g_array_set_size(order->ids, LIVE_VIEW_MAX);
        order->total = LIVE_VIEW_MAX;
    }
    if (sort != NULL)
        return order;
    for (guint i = 0; order != NULL && range->is_descending && i < order->ids->len / 2; i++) {
        int64_t *ids = (int64_t *)order->ids->data, first = ids[i];
        ids[i] = ids[order->ids->len - 1 - i];
        ids[order->ids->len - 1 - i] = first;
    }
    return order;
}

/* What a folder shows of a kind. */
static Order *
order_of_kind(Reader *reader, int64_t folder, MediaKind kind, const CatalogRange *range,
              const char *question, int64_t version, GError **error)
{
    const char *sort = sort_sql(range->sort), *direction = range->is_descending ? "DESC" : "ASC";

    if (sort == NULL && !range->is_descending) {
        sqlite3_stmt *statement =
            database_ask(reader->database, QUERY_KIND_CHILDREN, folder, error);
        if (statement == NULL)
            return NULL;
        sqlite3_bind_int(statement, 2, (int)kind);
        return order_from(reader, statement, question, version, error);
    }
    g_autofree char *sql = g_strdup_printf(
        "SELECT iif(o.kind = 0, c.id | (%1$d << %2$d), c.id) FROM child c "
        "JOIN object o ON o.id = c.id LEFT JOIN folder f ON f.id = c.id "
        "WHERE c.parent = %3$" G_GINT64_FORMAT
        " AND (o.kind = %1$d OR (o.kind = 0 AND f.kinds & (1 << %1$d)))"
        " ORDER BY o.kind <> 0, %4$s %5$s, c.position %6$s, o.id",
        (int)kind, KIND_SHIFT, (gint64)folder, sort != NULL ? sort : "1",
        sort != NULL ? direction : "", sort == NULL ? direction : "");
    return order_from_sql(reader, sql, NULL, question, version, error);
}

Order *
reader_order_children(Reader *reader, int64_t parent, int64_t version, uint32_t total,
                      const CatalogRange *range, GError **error)
{
    const char *sort = sort_sql(range->sort);
    const char *direction = range->is_descending ? "DESC" : "ASC";
    g_autofree char *question =
        g_strdup_printf("%" G_GINT64_FORMAT " %d %s %u", (gint64)parent, (int)range->sort,
                        direction, audience_number(reader->audience));
    Order *order = orders_find(&reader->orders, question, version);

    if (order != NULL && MIN(wanted_ids(range), order->total) <= order->ids->len)
        return order;
    MediaKind kind;
    int64_t folder = view_folder(parent, &kind);
    if (kind != MEDIA_CONTAINER)
        return order_of_kind(reader, folder, kind, range, question, version, error);
    const LiveView *live = live_view_find(parent);
    if (live != NULL)
        return order_of_live(reader, live, range, question, version, error);
    if (sort == NULL && !range->is_descending)
        return natural_order(reader, parent, total, range, question, version, error);
    g_autofree char *sql = g_strdup_printf(
        "SELECT o.id FROM child c JOIN object o ON o.id = c.id WHERE c.parent = %" G_GINT64_FORMAT
        " ORDER BY o.kind <> 0, %s %s, c.position %s, o.id",
        (gint64)parent, sort != NULL ? sort : "1", sort != NULL ? direction : "",
        sort == NULL ? direction : "");
    return order_from_sql(reader, sql, NULL, question, version, error);
}

Order *
reader_order_search(Reader *reader, const CatalogSearch *search, const CatalogRange *range,
                    const SearchSql *sql, int64_t version, GError **error)
{
    g_autoptr(GString) question = g_string_new(sql->sql->str);
    const IdSet *hidden = reader->sight != NULL ? &reader->sight->hidden : NULL;
    GError *trouble = NULL;
    int64_t objects = 0;

    for (guint i = 0; i < sql->values->len; i++)
        g_string_append_printf(question, "\n%s", (const char *)sql->values->pdata[i]);
    g_string_append_printf(question, "\n%u", audience_number(reader->audience));
    Order *order = orders_find(&reader->orders, question->str, version);
    if (order != NULL && MIN(wanted_ids(range), order->total) <= order->ids->len)
        return order;
    if (word_search_fits(search, range)) {
        for (int kind = 0; kind < MEDIA_KIND_N; kind++)
            objects += reader_tally(reader, kind);
        order =
            word_search(reader->database, search, range, hidden, objects, question->str, version,
                        &trouble);
        if (order != NULL)
            return orders_keep(&reader->orders, order);
        if (trouble != NULL) {
            g_propagate_error(error, trouble);
            return NULL;
        }
    }
    return order_from_sql(reader, sql->sql->str, sql->values, question->str, version, error);
}
