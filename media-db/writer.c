/* writer.c -- see writer.h */
#include "media-db/writer.h"

#include "base/text.h"
#include "media-db/views.h"

#include <string.h>

#define DEPTH_MAX 64
#define ALL_CHANGED 1000 /* more containers than this are not told one by one */

enum { TALLY_UNREADABLE = MEDIA_KIND_N, TALLY_UPDATE_ID, TALLY_N };
enum { /* columns of object-by-id */
    COL_ID, COL_PARENT, COL_KIND, COL_CLASS, COL_LABEL, COL_CHILDREN, COL_UPDATE, COL_NAME, COL_SIZE,
    COL_MODIFIED, COL_INODE, COL_UNREADABLE, COL_PATH, COL_ONLINE, COL_FACTS
};

struct Writer {
    Database *database;
    TextSorter *sorter;
    GHashTable *touched; /* container id -> change of its child count */
    GArray *changed;     /* int64_t */
    int64_t tally[TALLY_N];
    int64_t update_id;
    bool is_begun;
    GByteArray *key; /* scratch */
};

/* One place where an object is shown. */
typedef struct {
    int64_t parent;
    GBytes *position;
} Place;

static void
place_clear(gpointer data)
{
    g_bytes_unref(((Place *)data)->position);
}

static GArray *
places_new(void)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(Place));

    g_array_set_clear_func(places, place_clear);
    return places;
}

static sqlite3_stmt *
ask(Writer *writer, Query query, int64_t first, GError **error)
{
    sqlite3_stmt *statement = database_query(writer->database, query, error);

    if (statement != NULL)
        sqlite3_bind_int64(statement, 1, first);
    return statement;
}

/* Runs a statement that answers nothing. */
static bool
finish(Writer *writer, sqlite3_stmt *statement, GError **error)
{
    GError *trouble = NULL;

    database_step(writer->database, statement, &trouble);
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

static void
bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

static void
bind_bytes(sqlite3_stmt *statement, int index, const void *data, gsize size)
{
    sqlite3_bind_blob(statement, index, data, (int)size, SQLITE_TRANSIENT);
}

Writer *
writer_new(const char *path, GError **error)
{
    g_autoptr(Writer) writer = g_new0(Writer, 1);

    writer->database = database_open_to_write(path, error);
    if (writer->database == NULL)
        return NULL;
    writer->sorter = text_sorter_new();
    writer->touched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    writer->changed = g_array_new(FALSE, FALSE, sizeof(int64_t));
    writer->key = g_byte_array_new();

    sqlite3_stmt *statement = ask(writer, QUERY_TALLY, TALLY_UPDATE_ID, error);
    if (statement == NULL || !database_step(writer->database, statement, error))
        return NULL;
    writer->update_id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return g_steal_pointer(&writer);
}

void
writer_free(Writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->is_begun)
        writer_rollback(writer);
    database_free(writer->database);
    text_sorter_free(writer->sorter);
    g_clear_pointer(&writer->touched, g_hash_table_unref);
    g_clear_pointer(&writer->changed, g_array_unref);
    g_clear_pointer(&writer->key, g_byte_array_unref);
    g_free(writer);
}

bool
writer_begin(Writer *writer, GError **error)
{
    if (writer->is_begun)
        return true;
    g_array_set_size(writer->changed, 0);
    writer->is_begun = database_run(writer->database, "BEGIN IMMEDIATE", error);
    return writer->is_begun;
}

void
writer_rollback(Writer *writer)
{
    g_hash_table_remove_all(writer->touched);
    memset(writer->tally, 0, sizeof writer->tally);
    g_array_set_size(writer->changed, 0);
    sqlite3_exec(writer->database->sqlite, "ROLLBACK", NULL, NULL, NULL);
    writer->is_begun = false;
}

void
writer_rest(Writer *writer)
{
    sqlite3_db_release_memory(writer->database->sqlite);
}

const GArray *
writer_changed(Writer *writer)
{
    return writer->changed;
}

int64_t
writer_update_id(Writer *writer)
{
    return writer->update_id;
}

static void
touch(Writer *writer, int64_t container, int change)
{
    gpointer sum = g_hash_table_lookup(writer->touched, &container);

    g_hash_table_insert(writer->touched, g_memdup2(&container, sizeof container),
                        GINT_TO_POINTER(GPOINTER_TO_INT(sum) + change));
}

static bool
show(Writer *writer, int64_t id, int64_t parent, GBytes *position, GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_CHILD_INSERT, parent, error);
    gsize size;
    const void *data = g_bytes_get_data(position, &size);

    if (statement == NULL)
        return false;
    bind_bytes(statement, 2, data, size);
    sqlite3_bind_int64(statement, 3, id);
    touch(writer, parent, 1);
    return finish(writer, statement, error);
}

static bool
hide(Writer *writer, int64_t id, int64_t parent, GBytes *position, GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_CHILD_DELETE, parent, error);
    gsize size;
    const void *data = g_bytes_get_data(position, &size);

    if (statement == NULL)
        return false;
    bind_bytes(statement, 2, data, size);
    sqlite3_bind_int64(statement, 3, id);
    touch(writer, parent, -1);
    return finish(writer, statement, error);
}

static GArray *
shown_in(Writer *writer, int64_t id, GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_SHOWN_IN, id, error);
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

/* Shows it where it was not and is now, and hides it where it was and is not. */
static bool
show_only_in(Writer *writer, int64_t id, const GArray *now, GError **error)
{
    g_autoptr(GArray) before = shown_in(writer, id, error);

    for (guint i = 0; i < now->len; i++) {
        const Place *place = &g_array_index(now, Place, i);
        if (has_place(before, place))
            touch(writer, place->parent, 0); /* what is shown there is not what it was */
        else if (!show(writer, id, place->parent, place->position, error))
            return false;
    }
    for (guint i = 0; i < before->len; i++) {
        const Place *place = &g_array_index(before, Place, i);
        if (!has_place(now, place) && !hide(writer, id, place->parent, place->position, error))
            return false;
    }
    return true;
}

/* Words: each text once, ended so that its last letters begin a group of three, too. */
static char *
words_of(const char *const *texts, guint count)
{
    GString *words = g_string_new(NULL);

    for (guint i = 0; i < count; i++) {
        g_autofree char *folded = texts[i] != NULL ? text_fold(texts[i]) : NULL;
        if (folded != NULL && strstr(words->str, folded) == NULL)
            g_string_append_printf(words, "%s\n\n", folded);
    }
    return g_string_free(words, FALSE);
}

static bool
set_words(Writer *writer, Query query, int64_t id, const char *const *texts, guint count,
          GError **error)
{
    g_autofree char *words = words_of(texts, count);
    sqlite3_stmt *statement = ask(writer, query, id, error);

    if (statement == NULL)
        return false;
    bind_text(statement, 2, words);
    return finish(writer, statement, error);
}

#define WORD_TEXTS 5

static void
words_of_facts(const MediaFacts *facts, const char *label, const char **texts)
{
    texts[0] = facts->title;
    texts[1] = label;
    texts[2] = facts->artist;
    texts[3] = facts->album;
    texts[4] = facts->genre;
}

/* What a row held; texts owned. */
typedef struct {
    MediaObject *object; /* facts alone */
    char *label;
    bool is_unreadable, has_name;
    DiskEntry entry; /* name is owned */
} Row;

static void
row_clear(Row *row)
{
    media_object_free(row->object);
    g_free(row->label);
    g_free((char *)row->entry.name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, row_clear)

static bool
row_read(Writer *writer, int64_t id, Row *row, GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_OBJECT_BY_ID, id, error);
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
    row->entry = (DiskEntry){
        .id = id,
        .parent = sqlite3_column_int64(statement, COL_PARENT),
        .name = g_strndup(sqlite3_column_blob(statement, COL_NAME),
                          (gsize)sqlite3_column_bytes(statement, COL_NAME)),
        .is_folder = object.facts.kind == MEDIA_CONTAINER,
        .size_bytes = sqlite3_column_int64(statement, COL_SIZE),
        .modified_ns = sqlite3_column_int64(statement, COL_MODIFIED),
        .inode = sqlite3_column_int64(statement, COL_INODE),
    };
    sqlite3_reset(statement);
    return true;
}

static GBytes *
position_new(Writer *writer, const char *prefix, gsize prefix_size, const char *text)
{
    g_byte_array_set_size(writer->key, 0);
    g_byte_array_append(writer->key, (const guint8 *)prefix, (guint)prefix_size);
    if (text != NULL)
        text_sorter_append(writer->sorter, text, writer->key);
    return g_bytes_new(writer->key->data, writer->key->len);
}

static void
add_place(GArray *places, int64_t parent, GBytes *position)
{
    Place place = { parent, position };
    g_array_append_val(places, place);
}

/* Adds a container; with a name a folder, else a group that artist may tell from its namesakes. */
static int64_t
add_container(Writer *writer, int64_t parent, MediaClass class, const char *label, const char *artist,
              const DiskEntry *entry, GError **error)
{
    g_autoptr(GBytes) key = position_new(writer, NULL, 0, label);
    sqlite3_stmt *statement = ask(writer, QUERY_CONTAINER_INSERT, parent, error);
    const char *texts[] = { label, artist };
    gsize size;
    const void *data = g_bytes_get_data(key, &size);

    if (statement == NULL)
        return 0;
    sqlite3_bind_int(statement, 2, (int)class);
    bind_text(statement, 3, label);
    bind_text(statement, 4, artist);
    bind_bytes(statement, 5, data, size);
    if (entry != NULL)
        bind_bytes(statement, 6, entry->name, strlen(entry->name));
    sqlite3_bind_int64(statement, 7, entry != NULL ? entry->inode : 0);
    if (!finish(writer, statement, error))
        return 0;
    writer->tally[MEDIA_CONTAINER]++;

    int64_t id = sqlite3_last_insert_rowid(writer->database->sqlite);
    return set_words(writer, QUERY_WORDS_INSERT, id, texts, 2, error) ? id : 0;
}

/* The group with that label, made when there is none: also_in is a second place to show it (0: none).
 * 0 with an error. */
static int64_t
group(Writer *writer, int64_t parent, MediaClass class, const char *label, const char *artist,
      GBytes *position, const Place *also_in, GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_GROUP_BY_LABEL, parent, error);
    GError *trouble = NULL;

    if (statement == NULL)
        return 0;
    bind_text(statement, 2, label);
    bind_text(statement, 3, artist);
    if (database_step(writer->database, statement, &trouble)) {
        int64_t id = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
        return id;
    }
    if (trouble != NULL) {
        g_propagate_error(error, trouble);
        return 0;
    }
    int64_t id = add_container(writer, parent, class, label, artist, NULL, error);
    if (id == 0 || !show(writer, id, parent, position, error) ||
        (also_in != NULL && also_in->parent != 0 &&
         !show(writer, id, also_in->parent, also_in->position, error)))
        return 0;
    return id;
}

static int64_t
group_by_title(Writer *writer, int64_t parent, MediaClass class, const char *label, GError **error)
{
    g_autoptr(GBytes) position = position_new(writer, NULL, 0, label);

    return group(writer, parent, class, label, NULL, position, NULL, error);
}

/* Newest first: the digits turned round. */
static int64_t
group_by_date(Writer *writer, int64_t parent, const char *label, GError **error)
{
    char turned[16] = { 1 };
    gsize size = 1;

    for (const char *p = label; *p != '\0' && size < sizeof turned; p++)
        turned[size++] = g_ascii_isdigit(*p) ? (char)('9' - (*p - '0')) : *p;
    g_autoptr(GBytes) position = g_bytes_new(turned, size);
    return group(writer, parent, MEDIA_CLASS_PHOTO_ALBUM, label, NULL, position, NULL, error);
}

/* An album is one of its artist's: two of the same title are two. */
static int64_t
album_of(Writer *writer, const MediaFacts *facts, GError **error)
{
    const char *artist = facts->album_artist != NULL ? facts->album_artist : facts->artist;
    int64_t owner = 0;

    if (artist != NULL) {
        owner = group_by_title(writer, VIEW_ARTISTS, MEDIA_CLASS_ARTIST, artist, error);
        if (owner == 0)
            return 0;
    }
    char prefix[6] = { 1, '9', '9', '9', '9', 0 };
    if (facts->date != NULL && strlen(facts->date) >= 4)
        memcpy(prefix + 1, facts->date, 4);
    g_autoptr(GBytes) position = position_new(writer, NULL, 0, facts->album);
    g_autoptr(GBytes) of_artist = position_new(writer, prefix, 5, facts->album);
    Place also_in = { owner, of_artist };
    int64_t id = group(writer, VIEW_ALBUMS, MEDIA_CLASS_ALBUM, facts->album, artist, position, &also_in,
                       error);
    /* an artist whom only this looked up would stay empty: it is looked at when the batch ends */
    if (owner != 0)
        touch(writer, owner, 0);
    return id;
}

static bool
add_music_places(Writer *writer, const MediaFacts *facts, GBytes *key, GArray *places,
                 int64_t *artist_group, int64_t *album_group, GError **error)
{
    const char *title = facts->title;

    if (facts->genre != NULL) {
        int64_t genre = group_by_title(writer, VIEW_GENRES, MEDIA_CLASS_GENRE, facts->genre, error);
        if (genre == 0)
            return false;
        add_place(places, genre, g_bytes_ref(key));
    }
    if (facts->artist != NULL) {
        *artist_group =
            group_by_title(writer, VIEW_ARTISTS, MEDIA_CLASS_ARTIST, facts->artist, error);
        if (*artist_group == 0)
            return false;
    }
    if (facts->album != NULL) {
        char prefix[4] = { (char)CLAMP(facts->disc, 0, 127),
                           (char)(CLAMP(facts->track, 0, 32767) >> 8),
                           (char)(CLAMP(facts->track, 0, 32767) & 255), 0 };
        *album_group = album_of(writer, facts, error);
        if (*album_group == 0)
            return false;
        add_place(places, *album_group, position_new(writer, prefix, 3, title));
    }
    /* what the artist's own albums show is not shown beside them again */
    if (*artist_group != 0 &&
        (facts->album == NULL ||
         (facts->album_artist != NULL && strcmp(facts->album_artist, facts->artist) != 0)))
        add_place(places, *artist_group, position_new(writer, "\2", 1, title));
    return true;
}

static bool
add_photo_places(Writer *writer, const DiskEntry *entry, const MediaFacts *facts, GArray *places,
                 GError **error)
{
    g_autofree char *date = g_strdup(facts->date);

    if (date == NULL || strlen(date) < 7 || !g_ascii_isdigit(date[0])) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(entry->modified_ns / 1000000000);
        g_free(date);
        date = time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : g_strdup("1970-01");
    }
    g_autofree char *year = g_strndup(date, 4);
    g_autofree char *month = g_strndup(date, 7);
    int64_t in_year = group_by_date(writer, VIEW_PICTURES, year, error);
    int64_t in_month = in_year != 0 ? group_by_date(writer, in_year, month, error) : 0;
    if (in_month == 0)
        return false;
    add_place(places, in_month, position_new(writer, date, strlen(date) + 1, facts->title));
    return true;
}

/* The file's place in its folder; folders come first. */
static GBytes *
position_in_folder(Writer *writer, bool is_folder, const char *label)
{
    return position_new(writer, is_folder ? "\1" : "\2", 1, label);
}

static char *
label_of(const char *name, bool is_folder)
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
bind_object(sqlite3_stmt *statement, const DiskEntry *entry, const MediaFacts *facts,
            const char *label, GBytes *key, const char *reason, const int64_t groups[2])
{
    gsize size;
    const void *data = g_bytes_get_data(key, &size);

    sqlite3_bind_int64(statement, 1, entry->parent);
    sqlite3_bind_int(statement, 2, (int)facts->kind);
    sqlite3_bind_int(statement, 3, (int)media_class_of_kind(facts->kind));
    bind_text(statement, 4, label);
    bind_bytes(statement, 5, data, size);
    bind_bytes(statement, 6, entry->name, strlen(entry->name));
    sqlite3_bind_int64(statement, 7, entry->size_bytes);
    sqlite3_bind_int64(statement, 8, entry->modified_ns);
    sqlite3_bind_int64(statement, 9, entry->inode);
    bind_text(statement, 10, reason);
    for (int i = 0; i < 2; i++)
        if (groups[i] != 0)
            sqlite3_bind_int64(statement, 11 + i, groups[i]);
    for (int i = 0; i < MEDIA_FIELD_COUNT; i++) {
        const MediaField *field = &media_fields[i];
        if (field->type == MEDIA_FIELD_TEXT)
            bind_text(statement, 101 + i, media_field_text(facts, field));
        else if (media_field_number(facts, field) != 0)
            sqlite3_bind_int64(statement, 101 + i, media_field_number(facts, field));
    }
}

static bool
forget_words(Writer *writer, const Row *row, GError **error)
{
    const char *texts[WORD_TEXTS];

    words_of_facts(&row->object->facts, row->label, texts);
    return set_words(writer, QUERY_WORDS_DELETE, row->entry.id, texts, WORD_TEXTS, error);
}

static void
count_item(Writer *writer, MediaKind kind, bool is_unreadable, int change)
{
    writer->tally[kind] += change;
    if (is_unreadable)
        writer->tally[TALLY_UNREADABLE] += change;
}

int64_t
writer_put(Writer *writer, const DiskEntry *entry, const MediaFacts *given, const char *reason,
           GError **error)
{
    g_autofree char *label = label_of(entry->name, false);
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) places = places_new();
    MediaFacts facts = *given;
    int64_t groups[2] = { 0, 0 }, id = entry->id;
    const char *texts[WORD_TEXTS];

    clean_facts(&facts, owned);
    if (id != 0) {
        g_auto(Row) row = { 0 };
        if (!row_read(writer, id, &row, error) || !forget_words(writer, &row, error))
            return 0;
        count_item(writer, row.object->facts.kind, row.is_unreadable, -1);
    }
    count_item(writer, facts.kind, reason != NULL, 1);

    MediaFacts shown = facts;
    if (shown.title == NULL)
        shown.title = label;
    g_autoptr(GBytes) key = position_new(writer, NULL, 0, shown.title);
    add_place(places, entry->parent, position_in_folder(writer, false, label));
    if (reason == NULL) {
        add_place(places, view_of_kind(facts.kind), g_bytes_ref(key));
        if (facts.kind == MEDIA_AUDIO &&
            !add_music_places(writer, &shown, key, places, &groups[0], &groups[1], error))
            return 0;
        if (facts.kind == MEDIA_IMAGE && !add_photo_places(writer, entry, &shown, places, error))
            return 0;
    }

    sqlite3_stmt *statement = database_query(
        writer->database, id != 0 ? QUERY_OBJECT_UPDATE : QUERY_OBJECT_INSERT, error);
    if (statement == NULL)
        return 0;
    bind_object(statement, entry, &facts, label, key, reason, groups);
    if (id != 0)
        sqlite3_bind_int64(statement, 13, id);
    if (!finish(writer, statement, error))
        return 0;
    if (id == 0)
        id = sqlite3_last_insert_rowid(writer->database->sqlite);
    words_of_facts(&facts, label, texts);
    if (!set_words(writer, QUERY_WORDS_INSERT, id, texts, WORD_TEXTS, error) ||
        !show_only_in(writer, id, places, error))
        return 0;
    return id;
}

char *
writer_folder_path(Writer *writer, int64_t folder, int64_t *root, GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_FOLDER_BY_ID, folder, error);

    if (statement == NULL || !database_step(writer->database, statement, error))
        return NULL;
    char *path = g_strndup(sqlite3_column_blob(statement, 0),
                           (gsize)sqlite3_column_bytes(statement, 0));
    if (root != NULL)
        *root = sqlite3_column_int64(statement, 1);
    sqlite3_reset(statement);
    return path;
}

/* The path of entry, and its root; a root is its own. NULL with an error. */
static char *
path_of(Writer *writer, const DiskEntry *entry, int64_t *root, GError **error)
{
    if (entry->parent == VIEW_FOLDERS) {
        *root = entry->id;
        return g_strdup(entry->name);
    }
    GError *trouble = NULL;
    g_autofree char *above = writer_folder_path(writer, entry->parent, root, &trouble);
    if (above != NULL)
        return g_build_filename(above, entry->name, NULL);
    if (trouble != NULL)
        g_propagate_error(error, trouble);
    else
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "the folder of %s is gone", entry->name);
    return NULL;
}

int64_t
writer_add_folder(Writer *writer, const DiskEntry *entry, GError **error)
{
    g_autofree char *label = label_of(entry->name, true);
    g_autoptr(GBytes) position = position_in_folder(writer, true, label);
    DiskEntry added = *entry;
    int64_t root;

    added.id =
        add_container(writer, entry->parent, MEDIA_CLASS_FOLDER, label, NULL, entry, error);
    g_autofree char *path = added.id != 0 ? path_of(writer, &added, &root, error) : NULL;
    if (path == NULL || !show(writer, added.id, entry->parent, position, error))
        return 0;
    sqlite3_stmt *statement = ask(writer, QUERY_FOLDER_INSERT, added.id, error);
    if (statement == NULL)
        return 0;
    sqlite3_bind_int64(statement, 2, root);
    bind_bytes(statement, 3, path, strlen(path));
    return finish(writer, statement, error) ? added.id : 0;
}

static void
entry_from_row(sqlite3_stmt *statement, DiskEntry *entry, GString *name)
{
    g_string_truncate(name, 0);
    g_string_append_len(name, sqlite3_column_blob(statement, 1), sqlite3_column_bytes(statement, 1));
    *entry = (DiskEntry){
        .id = sqlite3_column_int64(statement, 0),
        .name = name->str,
        .is_folder = sqlite3_column_int(statement, 2) == MEDIA_CONTAINER,
        .size_bytes = sqlite3_column_int64(statement, 3),
        .modified_ns = sqlite3_column_int64(statement, 4),
        .inode = sqlite3_column_int64(statement, 5),
    };
}

/* Shows each row of a question; visit may not ask the same question again. */
static bool
visit_rows(Writer *writer, sqlite3_stmt *statement, int64_t parent, DiskVisit visit, gpointer data,
           GError **error)
{
    g_autoptr(GString) name = g_string_new(NULL);
    GError *trouble = NULL;
    DiskEntry entry;

    if (statement == NULL)
        return false;
    while (database_step(writer->database, statement, &trouble)) {
        entry_from_row(statement, &entry, name);
        entry.parent = parent != 0 ? parent : sqlite3_column_int64(statement, 6);
        if (!visit(&entry, data)) {
            sqlite3_reset(statement);
            break;
        }
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

bool
writer_list(Writer *writer, int64_t folder, DiskVisit visit, gpointer data, GError **error)
{
    return visit_rows(writer, ask(writer, QUERY_ON_DISK, folder, error), folder, visit, data, error);
}

bool
writer_find(Writer *writer, int64_t folder, const char *name, DiskVisit visit, gpointer data,
            GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_ON_DISK_NAME, folder, error);

    if (statement != NULL)
        bind_bytes(statement, 2, name, strlen(name));
    return visit_rows(writer, statement, folder, visit, data, error);
}

bool
writer_find_inode(Writer *writer, int64_t inode, DiskVisit visit, gpointer data, GError **error)
{
    return visit_rows(writer, ask(writer, QUERY_BY_INODE, inode, error), 0, visit, data, error);
}

typedef struct {
    GArray *ids, *folders; /* int64_t */
    GPtrArray *names;      /* of folders */
} Below;

static void
below_clear(Below *below)
{
    g_clear_pointer(&below->ids, g_array_unref);
    g_clear_pointer(&below->folders, g_array_unref);
    g_clear_pointer(&below->names, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Below, below_clear)

static bool
note_below(const DiskEntry *entry, gpointer data)
{
    Below *below = data;

    g_array_append_val(below->ids, entry->id);
    if (entry->is_folder) {
        g_array_append_val(below->folders, entry->id);
        g_ptr_array_add(below->names, g_strdup(entry->name));
    }
    return true;
}

static bool
list_below(Writer *writer, int64_t folder, Below *below, GError **error)
{
    below->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    below->folders = g_array_new(FALSE, FALSE, sizeof(int64_t));
    below->names = g_ptr_array_new_with_free_func(g_free);
    return writer_list(writer, folder, note_below, below, error);
}

static bool
set_path(Writer *writer, int64_t folder, int64_t root, const char *path, int depth, GError **error)
{
    g_auto(Below) below = { 0 };
    sqlite3_stmt *statement = ask(writer, QUERY_FOLDER_PATH_UPDATE, folder, error);

    if (statement == NULL)
        return false;
    bind_bytes(statement, 2, path, strlen(path));
    sqlite3_bind_int64(statement, 3, root);
    if (!finish(writer, statement, error) || !list_below(writer, folder, &below, error))
        return false;
    for (guint i = 0; i < below.folders->len && depth < DEPTH_MAX; i++) {
        g_autofree char *inner = g_build_filename(path, below.names->pdata[i], NULL);
        if (!set_path(writer, g_array_index(below.folders, int64_t, i), root, inner, depth + 1, error))
            return false;
    }
    return true;
}

static bool
move_folder(Writer *writer, const DiskEntry *entry, const Row *row, GError **error)
{
    g_autofree char *label = label_of(entry->name, true);
    g_autoptr(GBytes) key = position_new(writer, NULL, 0, label);
    g_autoptr(GArray) places = places_new();
    const char *texts[] = { label };
    int64_t root;
    g_autofree char *path = path_of(writer, entry, &root, error);
    gsize size;
    const void *data = g_bytes_get_data(key, &size);

    if (path == NULL || !forget_words(writer, row, error))
        return false;
    sqlite3_stmt *statement = ask(writer, QUERY_CONTAINER_MOVE, entry->id, error);
    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, entry->parent);
    bind_bytes(statement, 3, entry->name, strlen(entry->name));
    bind_text(statement, 4, label);
    bind_bytes(statement, 5, data, size);
    add_place(places, entry->parent, position_in_folder(writer, true, label));
    return finish(writer, statement, error) &&
           set_words(writer, QUERY_WORDS_INSERT, entry->id, texts, 1, error) &&
           show_only_in(writer, entry->id, places, error) &&
           set_path(writer, entry->id, root, path, 0, error);
}

bool
writer_move(Writer *writer, const DiskEntry *entry, GError **error)
{
    g_auto(Row) row = { 0 };

    if (!row_read(writer, entry->id, &row, error))
        return false;
    if (row.entry.is_folder)
        return move_folder(writer, entry, &row, error);
    return writer_put(writer, entry, &row.object->facts, row.object->unreadable, error) != 0;
}

/* Forgets the one row; what it held is gone already. */
static bool
forget(Writer *writer, int64_t id, GError **error)
{
    static const Query last[] = { QUERY_FOLDER_DELETE, QUERY_OBJECT_DELETE };
    g_autoptr(GArray) nowhere = places_new();
    g_auto(Row) row = { 0 };
    GError *trouble = NULL;

    if (!row_read(writer, id, &row, &trouble)) {
        if (trouble == NULL)
            return true; /* gone already */
        g_propagate_error(error, trouble);
        return false;
    }
    count_item(writer, row.object->facts.kind, row.is_unreadable, -1);
    if (!forget_words(writer, &row, error) || !show_only_in(writer, id, nowhere, error))
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(last); i++) {
        sqlite3_stmt *statement = ask(writer, last[i], id, error);
        if (statement == NULL || !finish(writer, statement, error))
            return false;
    }
    g_hash_table_remove(writer->touched, &id);
    return true;
}

bool
writer_remove(Writer *writer, int64_t id, void (*removed)(int64_t folder, gpointer data),
              gpointer data, GError **error)
{
    g_auto(Below) below = { 0 };

    if (!list_below(writer, id, &below, error))
        return false;
    for (guint i = 0; i < below.ids->len; i++)
        if (!writer_remove(writer, g_array_index(below.ids, int64_t, i), removed, data, error))
            return false;
    if (removed != NULL)
        removed(id, data);
    return forget(writer, id, error);
}

bool
writer_set_root(Writer *writer, int64_t root, bool is_online, bool is_mount, GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_ROOT_UPDATE, root, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 2, is_online);
    sqlite3_bind_int(statement, 3, is_mount);
    touch(writer, root, 0);
    return finish(writer, statement, error);
}

bool
writer_root_state(Writer *writer, int64_t root, bool *is_online, bool *is_mount)
{
    sqlite3_stmt *statement = ask(writer, QUERY_FOLDER_BY_ID, root, NULL);

    if (statement == NULL || !database_step(writer->database, statement, NULL))
        return false;
    *is_online = sqlite3_column_int(statement, 2) != 0;
    *is_mount = sqlite3_column_int(statement, 3) != 0;
    sqlite3_reset(statement);
    return true;
}

bool
writer_is_unreadable(Writer *writer, int64_t id)
{
    g_auto(Row) row = { 0 };

    return row_read(writer, id, &row, NULL) && row.is_unreadable;
}

static bool
set_tally(Writer *writer, int what, int64_t change, GError **error)
{
    sqlite3_stmt *statement;

    if (change == 0)
        return true;
    statement = ask(writer, QUERY_TALLY_ADD, what, error);
    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, change);
    return finish(writer, statement, error);
}

/* Writes one container's new count and update id; a group that shows nothing more is forgotten. */
static bool
settle(Writer *writer, int64_t id, int change, int64_t update_id, GError **error)
{
    sqlite3_stmt *statement = ask(writer, QUERY_CONTAINER_TOUCH, id, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 2, change);
    sqlite3_bind_int64(statement, 3, update_id);
    if (!finish(writer, statement, error))
        return false;
    if (change <= 0) {
        statement = ask(writer, QUERY_CONTAINER_COUNT, id, error);
        if (statement == NULL)
            return false;
        if (database_step(writer->database, statement, error)) {
            bool is_empty_group = sqlite3_column_int64(statement, 0) <= 0 &&
                                  sqlite3_column_int(statement, 1) != 0;
            sqlite3_reset(statement);
            if (is_empty_group)
                return forget(writer, id, error);
        }
    }
    g_array_append_val(writer->changed, id);
    return true;
}

static bool
settle_all(Writer *writer, GError **error)
{
    int64_t update_id = writer->update_id + 1;

    while (g_hash_table_size(writer->touched) > 0) {
        g_autoptr(GHashTable) round = g_steal_pointer(&writer->touched);
        GHashTableIter iter;
        gpointer id, change;

        writer->touched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        g_hash_table_iter_init(&iter, round);
        while (g_hash_table_iter_next(&iter, &id, &change))
            if (!settle(writer, *(int64_t *)id, GPOINTER_TO_INT(change), update_id, error))
                return false;
    }
    for (int i = 0; i < TALLY_UPDATE_ID; i++)
        if (!set_tally(writer, i, writer->tally[i], error))
            return false;
    return set_tally(writer, TALLY_UPDATE_ID, writer->changed->len > 0 ? 1 : 0, error);
}

bool
writer_commit(Writer *writer, GError **error)
{
    if (!writer->is_begun)
        return true;
    if (!settle_all(writer, error) || !database_run(writer->database, "COMMIT", error)) {
        writer_rollback(writer);
        return false;
    }
    memset(writer->tally, 0, sizeof writer->tally);
    writer->is_begun = false;
    if (writer->changed->len > 0)
        writer->update_id++;
    return true;
}
