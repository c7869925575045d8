/* writer-rows.c -- the row of one object: its facts, its words, its counting */
#include "media-db/writer-room.h"

#include "base/text.h"

#include <string.h>

void
row_clear(Row *row)
{
    media_object_free(row->object);
    g_free(row->label);
    g_free((char *)row->entry.name);
}

bool
row_read(Writer *writer, int64_t id, Row *row, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_OBJECT_BY_ID, id, error);
    MediaObject object = { 0 };

    if (statement == NULL || !database_step(writer->database, statement, error))
        return false;
    object.facts.kind = (MediaKind)sqlite3_column_int(statement, COL_KIND);
    for (int i = 0; i < MEDIA_FIELD_COUNT; i++) {
        const MediaField *field = &media_fields[i];
        if (field->type == MEDIA_FIELD_TEXT)
            media_field_set_text(&object.facts, field,
                                 (const char *)sqlite3_column_text(statement, COL_FACTS + i));
        else
            media_field_set_number(&object.facts, field,
                                   sqlite3_column_int64(statement, COL_FACTS + i));
    }
    object.unreadable = (const char *)sqlite3_column_text(statement, COL_UNREADABLE);
    row->object = media_object_copy(&object);
    row->label = g_strdup((const char *)sqlite3_column_text(statement, COL_LABEL));
    row->is_unreadable = object.unreadable != NULL;
    row->has_name = sqlite3_column_type(statement, COL_NAME) != SQLITE_NULL;
    row->is_offline = sqlite3_column_type(statement, COL_ONLINE) != SQLITE_NULL &&
                      sqlite3_column_int(statement, COL_ONLINE) == 0;
    row->file = sqlite3_column_int64(statement, COL_FILE);
    int name = row->file != 0 ? COL_FILE_NAME : COL_NAME;
    row->entry = (DiskEntry){
        .id = id,
        .parent = sqlite3_column_int64(statement, COL_PARENT),
        .name = g_strndup(sqlite3_column_blob(statement, name),
                          (gsize)sqlite3_column_bytes(statement, name)),
        .is_folder = object.facts.kind == MEDIA_CONTAINER,
        .size_bytes = sqlite3_column_int64(statement, COL_SIZE),
        .modified_ns = sqlite3_column_int64(statement, COL_MODIFIED),
        .inode = sqlite3_column_int64(statement, COL_INODE),
    };
    sqlite3_reset(statement);
    return true;
}

/* Forgets the one row; what it held is gone already. */
bool
row_forget(Writer *writer, int64_t id, GError **error)
{
    static const Query last[] = { QUERY_DETAIL_DELETE, QUERY_OCTETS_DELETE, QUERY_SIDECARS_DELETE,
                                  QUERY_FOLDER_DELETE, QUERY_OBJECT_DELETE };
    g_autoptr(GArray) nowhere = places_new();
    g_auto(Row) row = { 0 };
    GError *trouble = NULL;

    if (!row_read(writer, id, &row, &trouble)) {
        if (trouble == NULL)
            return true; /* gone already */
        g_propagate_error(error, trouble);
        return false;
    }
    writer_count(writer, row.object->facts.kind, row.is_unreadable, -1);
    if (row.has_name)
        kinds_left(writer, row.entry.parent);
    if (row.has_name && row.entry.is_folder && !playlists_forget(writer, id, error))
        return false;
    if (row.has_name && !row.entry.is_folder &&
        (!tombstone_set(writer, &row.entry, error) || !tracks_forget(writer, id, error)))
        return false;
    if ((row.has_name || row.file != 0) && !row.entry.is_folder && !use_forget(writer, id, error))
        return false;
    if (!row_forget_words(writer, &row, error) || !writer_show_in(writer, id, nowhere, error))
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(last); i++) {
        sqlite3_stmt *statement = database_ask(writer->database, last[i], id, error);
        if (statement == NULL || !database_finish(writer->database, statement, error))
            return false;
    }
    g_hash_table_remove(writer->touched, &id);
    writer_forget_path(writer);
    return true;
}

/* Adds a container; with a name a folder, else a group that artist may tell from its namesakes. */
int64_t
row_add_container(Writer *writer, int64_t parent, MediaClass class, const char *label,
                  const char *artist, const DiskEntry *entry, GError **error)
{
    g_autoptr(GBytes) key = position_new(writer, NULL, 0, label);
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_CONTAINER_INSERT, parent, error);
    const char *texts[] = { label, artist };
    gsize size;
    const void *data = g_bytes_get_data(key, &size);

    if (statement == NULL)
        return 0;
    sqlite3_bind_int(statement, 2, (int)class);
    database_bind_text(statement, 3, label);
    database_bind_text(statement, 4, artist);
    database_bind_bytes(statement, 5, data, size);
    if (entry != NULL)
        database_bind_bytes(statement, 6, entry->name, strlen(entry->name));
    sqlite3_bind_int64(statement, 7, entry != NULL ? entry->inode : 0);
    if (!database_finish(writer->database, statement, error))
        return 0;
    writer->tally[MEDIA_CONTAINER]++;

    int64_t id = sqlite3_last_insert_rowid(writer->database->sqlite);
    return row_set_words(writer, QUERY_WORDS_INSERT, id, texts, 2, error) ? id : 0;
}

char *
row_label(const char *name, bool is_folder)
{
    g_autofree char *base = g_path_get_basename(name);
    const char *dot = is_folder ? NULL : strrchr(base, '.');

    if (dot != NULL && dot != base)
        base[dot - base] = '\0';
    return text_clean(base);
}

static bool
is_clean(const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        if ((guchar)*p < 0x20 || *p == 0x7f)
            return false;
    return g_utf8_validate(text, -1, NULL);
}

/* Texts of the world become texts we may show; those replaced are kept in owned. */
static void
clean_facts(MediaFacts *facts, GPtrArray *owned)
{
    for (const MediaField *field = media_fields; field->name != NULL; field++) {
        if (field->type != MEDIA_FIELD_TEXT)
            continue;
        const char *text = media_field_text(facts, field);
        if (text != NULL && !is_clean(text)) {
            char *clean = text_clean(text);
            g_ptr_array_add(owned, clean);
            text = clean;
        }
        media_field_set_text(facts, field, text != NULL && text[0] != '\0' ? text : NULL);
    }
}

static void
bind_row(sqlite3_stmt *statement, const NewRow *row)
{
    const DiskEntry *entry = row->entry;
    const MediaFacts *facts = row->facts;
    gsize size;
    const void *data = g_bytes_get_data(row->key, &size);

    sqlite3_bind_int64(statement, 1, entry->parent);
    sqlite3_bind_int(statement, 2, (int)facts->kind);
    sqlite3_bind_int(statement, 3, (int)media_class_of_kind(facts->kind));
    database_bind_text(statement, 4, row->label);
    database_bind_bytes(statement, 5, data, size);
    if (row->file == 0)
        database_bind_bytes(statement, 6, entry->name, strlen(entry->name));
    sqlite3_bind_int64(statement, 7, entry->size_bytes);
    sqlite3_bind_int64(statement, 8, entry->modified_ns);
    sqlite3_bind_int64(statement, 9, entry->inode);
    database_bind_text(statement, 10, row->reason);
    for (int i = 0; i < 2; i++)
        if (row->groups[i] != 0)
            sqlite3_bind_int64(statement, 11 + i, row->groups[i]);
    for (int i = 0; i < MEDIA_FIELD_COUNT; i++) {
        const MediaField *field = &media_fields[i];
        if (field->type == MEDIA_FIELD_TEXT)
            database_bind_text(statement, VALUE_FACTS + i, media_field_text(facts, field));
        else if (media_field_number(facts, field) != 0)
            sqlite3_bind_int64(statement, VALUE_FACTS + i, media_field_number(facts, field));
    }
}

int64_t
row_put(Writer *writer, const NewRow *row, int64_t id, GError **error)
{
    bool is_known = row->entry->id != 0;
    sqlite3_stmt *statement = database_query(
        writer->database, is_known ? QUERY_OBJECT_UPDATE : QUERY_OBJECT_INSERT, error);

    if (statement == NULL)
        return 0;
    bind_row(statement, row);
    if (id != 0)
        sqlite3_bind_int64(statement, 13, id);
    if (!database_finish(writer->database, statement, error))
        return 0;
    if (!is_known)
        id = sqlite3_last_insert_rowid(writer->database->sqlite);
    if (!row_put_words(writer, QUERY_WORDS_INSERT, id, row->facts, row->label, error) ||
        !(is_known ? writer_show_in : writer_show_new)(writer, id, row->places, error) ||
        !use_follow(writer, id, row->entry->size_bytes, error))
        return 0;
    return id;
}

int64_t
writer_put(Writer *writer, const DiskEntry *entry, const MediaFacts *given, const char *reason,
           GError **error)
{
    g_autofree char *label = row_label(entry->name, false);
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) places = places_new();
    MediaFacts facts = *given;
    bool is_known = entry->id != 0, is_of_sheet = false;
    int64_t id = entry->id;

    clean_facts(&facts, owned);
    octets_read(writer, entry, &facts, owned);
    if (is_known) {
        g_auto(Row) row = { 0 };
        if (!row_read(writer, id, &row, error) || !row_forget_words(writer, &row, error))
            return 0;
        writer_count(writer, row.object->facts.kind, row.is_unreadable, -1);
        if (row.entry.parent != entry->parent || row.object->facts.kind != facts.kind)
            kinds_left(writer, row.entry.parent);
    }
    if (!kinds_add(writer, entry->parent, 1u << facts.kind, error))
        return 0;
    writer_count(writer, facts.kind, reason != NULL, 1);

    MediaFacts shown = facts;
    if (shown.title == NULL)
        shown.title = label;
    g_autoptr(GBytes) key = position_new(writer, NULL, 0, shown.title);
    NewRow row = { entry, &facts, label, reason, key, { 0, 0 }, 0, places };
    places_add(places, entry->parent, position_in_folder(writer, false, label));
    if (reason == NULL) {
        places_add(places, view_of_kind(facts.kind), g_bytes_ref(key));
        if (facts.kind == MEDIA_AUDIO &&
            !places_add_music(writer, &shown, key, places, &row.groups[0], &row.groups[1], error))
            return 0;
        if (!places_add_playlists(writer, entry, places, &is_of_sheet, error))
            return 0;
        if (facts.kind == MEDIA_VIDEO &&
            !places_add_video(writer, entry, label, &shown, key, places, error))
            return 0;
        if (facts.kind == MEDIA_IMAGE &&
            !places_add_photo(writer, entry, &shown, key, places, error))
            return 0;
    }

    if (!is_known && !tombstone_take(writer, entry, &id, error))
        return 0;
    id = row_put(writer, &row, id, error);
    if (id == 0 || ((is_known || given->charset != NULL) &&
                    !octets_keep(writer, id, entry->parent, given, error)))
        return 0;
    bool has_tracks =
        is_of_sheet || (is_known && facts.kind == MEDIA_AUDIO && tracks_exist(writer, id));
    return !has_tracks || tracks_put(writer, id, error) ? id : 0;
}

bool
writer_is_unreadable(Writer *writer, int64_t id)
{
    g_auto(Row) row = { 0 };

    return row_read(writer, id, &row, NULL) && row.is_unreadable;
}
