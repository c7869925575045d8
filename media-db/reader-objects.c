/* reader-objects.c -- what a row of the index says, as the object that is shown */
#include "media-db/reader-room.h"

#include "media-db/live-views.h"
#include "media-db/views.h"

#include <string.h>

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
        return reader_not_found(id, error);
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

static const char *
read_title(sqlite3_stmt *row, const MediaFacts *facts)
{
    const char *label = (const char *)sqlite3_column_text(row, COL_LABEL);

    return facts->title != NULL ? facts->title : label != NULL ? label : "";
}

static bool
has_art(Reader *reader, sqlite3_stmt *row, int64_t base, const MediaObject *object)
{
    bool has_cover = sqlite3_column_int(row, COL_COVER) != 0;

    if (object->kind == MEDIA_CONTAINER)
        return has_cover || reader_has_picture(reader, base);
    return object->unreadable == NULL &&
           (object->kind != MEDIA_AUDIO || object->facts.has_art != 0 || has_cover);
}

/* Lists tell of a film's subtitles alone; the caller's, NULL: of nothing. */
static MediaDetails *
read_details(Reader *reader, sqlite3_stmt *row, int64_t id, bool is_alone,
             const MediaObject *object)
{
    const char *slash = object->path != NULL ? strrchr(object->path, '/') : NULL;
    int64_t folder = sqlite3_column_int64(row, COL_PARENT);

    if (slash == NULL || object->unreadable != NULL)
        return NULL;
    if (is_alone)
        return reader_details(reader, id, folder, slash + 1, &object->facts);
    return object->kind == MEDIA_VIDEO ? reader_subtitles(reader, id, folder, slash + 1)
                                     : NULL;
}

/* The row is open until the object has been shown: its texts are the row's. */
static bool
show_row(Reader *reader, sqlite3_stmt *row, int64_t id, int64_t within, MediaVisit visit,
         gpointer user_data)
{
    MediaKind of_kind; /* the folder is looked at for one kind alone */
    int64_t base = view_folder(id, &of_kind);
    char own_id[VIEW_ID_SIZE], parent_id[VIEW_ID_SIZE] = "-1", digest[64];
    int64_t parent = within >= 0 ? within : sqlite3_column_int64(row, COL_PARENT);
    MediaKind kind = (MediaKind)sqlite3_column_int(row, COL_KIND);
    int class = sqlite3_column_int(row, COL_CLASS);

    if (within < 0 && base >= VIEW_OWN)
        parent = view_for_kind(parent, of_kind);
    MediaObject object = {
        .id = view_id_encode(id, own_id),
        .parent_id = parent == -1 ? parent_id : view_id_encode(parent, parent_id),
        .kind = kind,
        .child_count = child_count(reader, row, base, of_kind),
        .upnp_class = media_classes[class >= 0 && class < MEDIA_CLASS_N ? class : 0],
        .size_bytes = sqlite3_column_int64(row, COL_SIZE),
        .modified_s = sqlite3_column_int64(row, COL_MODIFIED) / 1000000000,
        .unreadable = (const char *)sqlite3_column_text(row, COL_UNREADABLE),
        .is_offline = sqlite3_column_type(row, COL_ONLINE) != SQLITE_NULL &&
                      sqlite3_column_int(row, COL_ONLINE) == 0,
        .facts.kind = kind,
    };
    read_facts(row, &object.facts);
    object.title = read_title(row, &object.facts);
    if (sqlite3_column_type(row, COL_CONTENT) != SQLITE_NULL)
        read_use(reader, sqlite3_column_int64(row, COL_CONTENT),
                 audience_person(reader->audience), &object.use);
    if (kind != MEDIA_CONTAINER) {
        object.path = read_path(reader, row);
        g_snprintf(digest, sizeof digest,
                   "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x",
                   (guint64)sqlite3_column_int64(row, COL_INODE), (guint64)object.size_bytes,
                   (guint64)sqlite3_column_int64(row, COL_MODIFIED));
        object.content_digest = digest;
    }
    object.has_art = has_art(reader, row, base, &object);
    g_autoptr(MediaDetails) details =
        read_details(reader, row, id, within == READER_ALONE, &object);
    object.details = details;
    return visit(&object, user_data);
}

bool
reader_show(Reader *reader, int64_t id, int64_t within, MediaVisit visit, gpointer user_data,
            bool *found, GError **error)
{
    MediaKind of_kind;
    int64_t base = view_folder(id, &of_kind), row = base == VIEW_FOLDERS ? id : base;
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_OBJECT_BY_ID, row, error);

    *found = statement != NULL && sight_may_show(reader->sight, reader->database, id) &&
             database_step(reader->database, statement, error);
    if (!*found)
        return false;
    bool goes_on = show_row(reader, statement, id, within, visit, user_data);
    sqlite3_reset(statement);
    return goes_on;
}
