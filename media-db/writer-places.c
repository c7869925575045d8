/* writer-places.c -- where an object is shown, and its groups: artist, album, genre, month */
#include "media-db/writer-parts.h"

#include <string.h>

typedef struct {
    int64_t parent;
    GBytes *position;
} Place;

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

/* The group with that label, made when there is none: also_in is a second place to show it (0:
 * none). 0 with an error. */
static int64_t
group(Writer *writer, int64_t parent, MediaClass class, const char *label, const char *artist,
      GBytes *position, const Place *also_in, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_GROUP_BY_LABEL, parent, error);
    GError *trouble = NULL;

    if (statement == NULL)
        return 0;
    database_bind_text(statement, 2, label);
    database_bind_text(statement, 3, artist);
    if (database_step(writer->database, statement, &trouble)) {
        int64_t id = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
        return id;
    }
    if (trouble != NULL) {
        g_propagate_error(error, trouble);
        return 0;
    }
    int64_t id = row_add_container(writer, parent, class, label, artist, NULL, error);
    if (id == 0 || !writer_show(writer, id, parent, position, error) ||
        (also_in != NULL && also_in->parent != 0 &&
         !writer_show(writer, id, also_in->parent, also_in->position, error)))
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
    int64_t id = group(writer, VIEW_ALBUMS, MEDIA_CLASS_ALBUM, facts->album, artist, position,
                       &also_in, error);
    /* an artist whom only this looked up would stay empty: it is looked at when the batch ends */
    if (owner != 0)
        writer_touch(writer, owner, 0);
    return id;
}

bool
places_add_music(Writer *writer, const MediaFacts *facts, GBytes *key, GArray *places,
                 int64_t *artist_group, int64_t *album_group, GError **error)
{
    const char *title = facts->title;

    if (facts->genre != NULL) {
        int64_t genre = group_by_title(writer, VIEW_GENRES, MEDIA_CLASS_GENRE, facts->genre, error);
        if (genre == 0)
            return false;
        places_add(places, genre, g_bytes_ref(key));
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
        places_add(places, *album_group, position_new(writer, prefix, 3, title));
    }
    /* what the artist's own albums show is not shown beside them again */
    if (*artist_group != 0 &&
        (facts->album == NULL ||
         (facts->album_artist != NULL && strcmp(facts->album_artist, facts->artist) != 0)))
        places_add(places, *artist_group, position_new(writer, "\2", 1, title));
    return true;
}

bool
places_add_photo(Writer *writer, const DiskEntry *entry, const MediaFacts *facts, GArray *places,
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
    places_add(places, in_month, position_new(writer, date, strlen(date) + 1, facts->title));
    return true;
}
