/* reader.c -- see reader.h */
#include "media-db/reader-room.h"

#include "media-db/live-views.h"
#include "media-db/search-sql.h"
#include "media-db/views.h"
#include "media-db/word-search.h"

#include <string.h>

#define ANSWER_TIME_US 5000000
#define FIRST_IDS 2000 /* of a long container, for its first pages */

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

static void
read_facts(sqlite3_stmt *statement, MediaFacts *facts)
{
    for (int i = 0; i < MEDIA_FIELD_COUNT; i++) {
        const MediaField *field = &media_fields[i];
        int column = COL_FACTS + i;
        if (sqlite3_column_type(statement, column) == SQLITE_NULL)
            continue;
        if (field->type == MEDIA_FIELD_TEXT)
            media_field_set_text(facts, field,
                                 (const char *)sqlite3_column_text(statement, column));
        else
            media_field_set_number(facts, field, sqlite3_column_int64(statement, column));
    }
}

static const char *
read_path(Reader *reader, sqlite3_stmt *statement)
{
    /* of a part it is its file's */
    int name = sqlite3_column_type(statement, COL_NAME) != SQLITE_NULL ? COL_NAME : COL_FILE_NAME;

    g_string_truncate(reader->path, 0);
    if (sqlite3_column_type(statement, name) == SQLITE_NULL)
        return NULL;
    if (sqlite3_column_type(statement, COL_PATH) != SQLITE_NULL) {
        g_string_append_len(reader->path, sqlite3_column_blob(statement, COL_PATH),
                            sqlite3_column_bytes(statement, COL_PATH));
        if (reader->path->len == 0 || reader->path->str[reader->path->len - 1] != '/')
            g_string_append_c(reader->path, '/');
    }
    g_string_append_len(reader->path, sqlite3_column_blob(statement, name),
                        sqlite3_column_bytes(statement, name));
    return reader->path->str;
}

static bool
not_found(const char *id, GError **error)
{
    if (error != NULL && *error == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "nothing has the id %.40s", id);
    return false;
}

static void
read_use(Reader *reader, int64_t content, const char *person, MediaUse *use)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_USE, content, NULL);

    if (statement == NULL)
        return;
    database_bind_text(statement, 2, person);
    if (database_step(reader->database, statement, NULL)) {
        *use = (MediaUse){ sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                           sqlite3_column_int64(statement, 2) };
        sqlite3_reset(statement);
    }
}

bool
reader_use(Reader *reader, const char *id, const char *person, MediaUse *use, GError **error)
{
    sqlite3_stmt *statement;
    int64_t number;

    *use = (MediaUse){ 0 };
    if (!view_id_decode(id, &number))
        return not_found(id, error);
    statement = database_ask(reader->database, QUERY_CONTENT_OF, number, error);
    if (statement == NULL)
        return false;
    if (database_step(reader->database, statement, NULL)) {
        int64_t content = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
        read_use(reader, content, person, use);
    }
    return true;
}

/* How much a container shows to who does not see all. */
static uint32_t
count_seen(Reader *reader, int64_t id, MediaKind kind)
{
    const LiveView *live = live_view_find(id);
    sqlite3_stmt *statement =
        live != NULL ? database_query(reader->database, live->query, NULL)
                     : database_ask(reader->database, kind != MEDIA_CONTAINER ? QUERY_KIND_CHILDREN
                                                                              : QUERY_CHILDREN,
                                    id, NULL);
    uint32_t count = 0;

    if (statement == NULL)
        return 0;
    if (live != NULL)
        database_bind_text(statement, 1, audience_person(reader->audience));
    else
        sqlite3_bind_int(statement, 2, kind != MEDIA_CONTAINER ? (int)kind : -1);
    while (database_step(reader->database, statement, NULL))
        count += sight_sees(reader->sight, sqlite3_column_int64(statement, 0));
    return count;
}

/* How much a folder shows of a kind. */
static uint32_t
count_of_kind(Reader *reader, int64_t folder, MediaKind kind)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_KIND_COUNT, folder, NULL);
    int64_t count = 0;

    if (statement == NULL)
        return 0;
    sqlite3_bind_int(statement, 2, (int)kind);
    if (database_step(reader->database, statement, NULL)) {
        count = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    return (uint32_t)MAX(count, 0);
}

#define ALONE -2

/* How many children the row's container has. */
static uint32_t
child_count(Reader *reader, sqlite3_stmt *row, int64_t base, MediaKind of_kind)
{
    bool is_own = base == VIEW_UNFINISHED && audience_person(reader->audience) != NULL;

    if ((reader->sight != NULL || is_own) && sqlite3_column_int(row, COL_KIND) == MEDIA_CONTAINER)
        return count_seen(reader, base, of_kind);
    if (of_kind != MEDIA_CONTAINER)
        return count_of_kind(reader, base, of_kind);
    return (uint32_t)MAX(sqlite3_column_int64(row, COL_CHILDREN), 0);
}

/* Shows one object. within: the container it is shown in, -1 for the one it lies in, ALONE for that
 * and with its details. *found is false when there is none. Returns what the visitor said. */
static bool
show(Reader *reader, int64_t id, int64_t within, MediaVisit visit, gpointer user_data, bool *found,
     GError **error)
{
    MediaKind of_kind; /* the folder is looked at for one kind alone */
    int64_t base = view_folder(id, &of_kind), row = base == VIEW_FOLDERS ? id : base;
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_OBJECT_BY_ID, row, error);
    char own_id[VIEW_ID_SIZE], parent_id[VIEW_ID_SIZE], digest[64];

    *found = statement != NULL && sight_may_show(reader->sight, reader->database, id) &&
             database_step(reader->database, statement, error);
    if (!*found)
        return false;

    int64_t parent = within >= 0 ? within : sqlite3_column_int64(statement, COL_PARENT);
    if (within < 0 && base >= VIEW_OWN)
        parent = view_for_kind(parent, of_kind);
    MediaKind kind = (MediaKind)sqlite3_column_int(statement, COL_KIND);
    int class = sqlite3_column_int(statement, COL_CLASS);
    MediaObject object = {
        .id = view_id_encode(id, own_id),
        .kind = kind,
        .child_count = child_count(reader, statement, base, of_kind),
        .upnp_class = media_classes[class >= 0 && class < MEDIA_CLASS_N ? class : 0],
        .size_bytes = sqlite3_column_int64(statement, COL_SIZE),
        .modified_s = sqlite3_column_int64(statement, COL_MODIFIED) / 1000000000,
        .unreadable = (const char *)sqlite3_column_text(statement, COL_UNREADABLE),
        .is_offline = sqlite3_column_type(statement, COL_ONLINE) != SQLITE_NULL &&
                      sqlite3_column_int(statement, COL_ONLINE) == 0,
        .facts.kind = kind,
    };
    if (parent == -1) {
        object.parent_id = "-1";
    } else {
        object.parent_id = view_id_encode(parent, parent_id);
    }
    read_facts(statement, &object.facts);
    object.title = object.facts.title;
    if (object.title == NULL)
        object.title = (const char *)sqlite3_column_text(statement, COL_LABEL);
    if (object.title == NULL)
        object.title = "";
    if (sqlite3_column_type(statement, COL_CONTENT) != SQLITE_NULL)
        read_use(reader, sqlite3_column_int64(statement, COL_CONTENT),
                 audience_person(reader->audience), &object.use);
    if (kind != MEDIA_CONTAINER) {
        object.path = read_path(reader, statement);
        g_snprintf(digest, sizeof digest,
                   "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x",
                   (guint64)sqlite3_column_int64(statement, COL_INODE), (guint64)object.size_bytes,
                   (guint64)sqlite3_column_int64(statement, COL_MODIFIED));
        object.content_digest = digest;
        object.has_art =
            object.unreadable == NULL && (kind != MEDIA_AUDIO || object.facts.has_art != 0 ||
                                          sqlite3_column_int(statement, COL_COVER) != 0);
    } else {
        object.has_art =
            sqlite3_column_int(statement, COL_COVER) != 0 || reader_has_picture(reader, base);
    }
    g_autoptr(MediaDetails) details = NULL;
    const char *slash = object.path != NULL ? strrchr(object.path, '/') : NULL;
    const char *name = slash != NULL && object.unreadable == NULL ? slash + 1 : NULL;
    int64_t folder = sqlite3_column_int64(statement, COL_PARENT);
    if (name != NULL && within == ALONE)
        object.details = details = reader_details(reader, id, folder, name, &object.facts);
    else if (name != NULL && kind == MEDIA_VIDEO)
        object.details = details = reader_subtitles(reader, folder, name);
    bool goes_on = visit(&object, user_data);
    sqlite3_reset(statement);
    return goes_on;
}

bool
reader_look(Reader *reader, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    bool found = false;
    int64_t number;

    if (!view_id_decode(id, &number))
        return not_found(id, error);
    show(reader, number, ALONE, visit, user_data, &found, &trouble);
    if (found)
        return true;
    if (trouble == NULL)
        return not_found(id, error);
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

static Order *
order_of_children(Reader *reader, int64_t parent, int64_t version, uint32_t total,
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
        bool goes_on = show(reader, g_array_index(order->ids, int64_t, begin_at + i), within, visit,
                            user_data, &found, &trouble);
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
            return not_found(id, error);
        g_propagate_error(error, trouble);
        return false;
    }
    if (!sight_may_show(reader->sight, reader->database, parent)) {
        sqlite3_reset(statement);
        return not_found(id, error);
    }
    bool is_container = sqlite3_column_int(statement, 0) == MEDIA_CONTAINER;
    int64_t version = sqlite3_column_int64(statement, 1);
    uint32_t total = (uint32_t)sqlite3_column_int64(statement, 2);
    sqlite3_reset(statement);
    if (!is_container) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%.40s is an item, not a container", id);
        return false;
    }
    Order *order = order_of_children(reader, parent, version, total, range, error);
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
        return not_found(id, error);
    if (!reader_begin(reader, error))
        return false;
    bool is_done = browse(reader, id, parent, range, visit, user_data, &own, error);
    reader_end(reader);
    if (is_done && result != NULL)
        *result = own;
    return is_done;
}

static Order *
order_of_search(Reader *reader, const CatalogSearch *search, const CatalogRange *range,
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
        sql.is_nothing ? &nothing : order_of_search(reader, search, range, &sql, version, error);
    bool is_done =
        order != NULL && show_range(reader, order, -1, range, visit, user_data, &own, error);
    reader_end(reader);
    own.update_id = (uint32_t)version;
    if (is_done && result != NULL)
        *result = own;
    return is_done;
}
