/* writer-groups.c -- the groups an item is shown in: artist, album, genre, year, month, season,
 * ... */
#include "media-db/writer-room.h"

#include "base/text.h"
#include "media-db/episode-name.h"

#include <string.h>

#define FILM_MS (40 * 60 * 1000) /* shorter videos are no films */

/* -- Finding and making groups ----------------------------------------------------------------- */

/* A group that this transaction has met; owns its texts. */
typedef struct {
    Group group;
    int64_t id;
} Met;

static guint
group_hash(gconstpointer data)
{
    const Group *group = data;

    return g_str_hash(group->label) ^ (guint)group->parent;
}

static gboolean
group_equal(gconstpointer a, gconstpointer b)
{
    const Group *one = a, *other = b;

    return one->parent == other->parent && strcmp(one->label, other->label) == 0 &&
           g_strcmp0(one->artist, other->artist) == 0;
}

static void
met_free(gpointer data)
{
    Met *met = data;

    g_free((char *)met->group.label);
    g_free((char *)met->group.artist);
    g_free(met);
}

GHashTable *
groups_new(void)
{
    return g_hash_table_new_full(group_hash, group_equal, met_free, NULL);
}

static int64_t
group_met(Writer *writer, const Group *group)
{
    const Met *met = g_hash_table_lookup(writer->groups, group);

    return met != NULL ? met->id : 0;
}

static int64_t
meet(Writer *writer, const Group *group, int64_t id)
{
    Met *met = g_new(Met, 1);

    *met = (Met){ { .parent = group->parent, .label = g_strdup(group->label),
                    .artist = g_strdup(group->artist) }, id };
    g_hash_table_add(writer->groups, met);
    return id;
}

int64_t
group_get(Writer *writer, const Group *group, bool *is_new, GError **error)
{
    int64_t id = group_met(writer, group);
    GError *trouble = NULL;

    if (is_new != NULL)
        *is_new = false;
    if (id != 0)
        return id;
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_GROUP_BY_LABEL, group->parent, error);
    if (statement == NULL)
        return 0;
    database_bind_text(statement, 2, group->label);
    database_bind_text(statement, 3, group->artist);
    if (database_step(writer->database, statement, &trouble)) {
        id = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
        return meet(writer, group, id);
    }
    if (trouble != NULL) {
        g_propagate_error(error, trouble);
        return 0;
    }
    id = row_add_container(writer, group->parent, group->class, group->label, group->artist, NULL,
                           error);
    g_autoptr(GBytes) position = position_new(writer, group->prefix, group->prefix_size,
                                              group->is_by_prefix ? NULL : group->label);
    if (id == 0 || !writer_show(writer, id, group->parent, position, error))
        return 0;
    if (is_new != NULL)
        *is_new = true;
    return meet(writer, group, id);
}

static int64_t
group_by_title(Writer *writer, int64_t parent, MediaClass class, const char *label, GError **error)
{
    return group_get(writer, &(Group){ .parent = parent, .class = class, .label = label }, NULL,
                     error);
}

/* Newest first: the digits turned round. */
static int64_t
group_by_date(Writer *writer, int64_t parent, MediaClass class, const char *label,
              GError **error)
{
    char turned[16] = { 1 };
    gsize size = 1;

    for (const char *p = label; *p != '\0' && size < sizeof turned; p++)
        turned[size++] = g_ascii_isdigit(*p) ? (char)('9' - (*p - '0')) : *p;
    return group_get(writer, &(Group){ .parent = parent, .class = class, .label = label,
                                       .prefix = turned, .prefix_size = size,
                                       .is_by_prefix = true },
                     NULL, error);
}

/* An album is one of its artist's: two of the same title are two. */
static int64_t
album_of(Writer *writer, const MediaFacts *facts, const char *artist, GError **error)
{
    Group album = { .parent = VIEW_ALBUMS, .class = MEDIA_CLASS_ALBUM, .label = facts->album,
                    .artist = artist };
    int64_t owner = 0, id = group_met(writer, &album);
    bool is_new;

    if (id != 0)
        return id; /* and so was its artist */
    if (artist != NULL) {
        g_autoptr(GBytes) named = position_new(writer, NULL, 0, artist);
        owner = group_by_title(writer, VIEW_ARTISTS, MEDIA_CLASS_ARTIST, artist, error);
        if (owner == 0 ||
            !writer_show_once(writer, owner, VIEW_ALBUM_ARTISTS, named, error))
            return 0;
        /* one whom only this looked up would stay empty: it is looked at when the batch ends */
        writer_touch(writer, owner, 0);
    }
    id = group_get(writer, &album, &is_new, error);
    if (id == 0 || owner == 0 || !is_new)
        return id;
    char prefix[6] = { 1, '9', '9', '9', '9', 0 };
    if (facts->date != NULL && strlen(facts->date) >= 4)
        memcpy(prefix + 1, facts->date, 4);
    g_autoptr(GBytes) of_artist = position_new(writer, prefix, 5, facts->album);
    return writer_show(writer, id, owner, of_artist, error) ? id : 0;
}

/* -- Groups that one fact makes ---------------------------------------------------------------- */

/* Each writes the label of the group into buffer; false: the item is in none of that kind. */
typedef bool (*Label)(Writer *writer, const MediaFacts *facts, char *buffer, gsize size);

static bool
label_text(const char *text, char *buffer, gsize size)
{
    if (text == NULL)
        return false;
    g_strlcpy(buffer, text, size);
    return g_utf8_validate(buffer, -1, NULL);
}

static bool
label_genre(Writer *writer, const MediaFacts *facts, char *buffer, gsize size)
{
    return label_text(facts->genre, buffer, size);
}

static bool
label_composer(Writer *writer, const MediaFacts *facts, char *buffer, gsize size)
{
    return label_text(facts->composer, buffer, size);
}

static bool
label_camera(Writer *writer, const MediaFacts *facts, char *buffer, gsize size)
{
    return label_text(facts->camera, buffer, size);
}

/* Of a date the first so many letters, when it is known so far. */
static bool
label_date(const MediaFacts *facts, char *buffer, gsize letters)
{
    if (facts->date == NULL || strlen(facts->date) < letters || !g_ascii_isdigit(facts->date[0]))
        return false;
    g_strlcpy(buffer, facts->date, letters + 1);
    return true;
}

static bool
label_year(Writer *writer, const MediaFacts *facts, char *buffer, gsize size)
{
    return label_date(facts, buffer, strlen("2024"));
}

static bool
label_day(Writer *writer, const MediaFacts *facts, char *buffer, gsize size)
{
    return label_date(facts, buffer, strlen("2024-05-01"));
}

/* The town that it was taken in or near. */
static bool
label_place(Writer *writer, const MediaFacts *facts, char *buffer, gsize size)
{
    char *end;

    if (facts->place == NULL)
        return false;
    double north = g_ascii_strtod(facts->place, &end);
    if (*end != ',')
        return false;
    double east = g_ascii_strtod(end + 1, NULL);
    if (writer->places == NULL)
        writer->places = place_names_new();
    g_autofree char *name = place_names_find(writer->places, north, east);
    g_strlcpy(buffer, name, size);
    return g_utf8_validate(buffer, -1, NULL);
}

static const struct {
    MediaKind kind;
    int64_t view;
    MediaClass class;
    Label label;
    bool is_by_date; /* the groups are, newest first */
} groupings[] = {
    { MEDIA_AUDIO, VIEW_GENRES, MEDIA_CLASS_GENRE, label_genre, false },
    { MEDIA_AUDIO, VIEW_COMPOSERS, MEDIA_CLASS_ARTIST, label_composer, false },
    { MEDIA_AUDIO, VIEW_YEARS, MEDIA_CLASS_CONTAINER, label_year, true },
    { MEDIA_IMAGE, VIEW_DAYS, MEDIA_CLASS_PHOTO_ALBUM, label_day, true },
    { MEDIA_IMAGE, VIEW_CAMERAS, MEDIA_CLASS_PHOTO_ALBUM, label_camera, false },
    { MEDIA_IMAGE, VIEW_PLACES, MEDIA_CLASS_PHOTO_ALBUM, label_place, false },
};

/* key: the item's position in each of them. */
static bool
add_to_groups(Writer *writer, const MediaFacts *facts, GBytes *key, GArray *places, GError **error)
{
    char label[256];

    for (guint i = 0; i < G_N_ELEMENTS(groupings); i++) {
        if (groupings[i].kind != facts->kind ||
            !groupings[i].label(writer, facts, label, sizeof label))
            continue;
        int64_t id =
            groupings[i].is_by_date
                ? group_by_date(writer, groupings[i].view, groupings[i].class, label, error)
                : group_by_title(writer, groupings[i].view, groupings[i].class, label, error);
        if (id == 0)
            return false;
        places_add(places, id, g_bytes_ref(key));
    }
    return true;
}

/* -- Kinds of media ---------------------------------------------------------------------------- */

bool
places_add_music(Writer *writer, const MediaFacts *facts, GBytes *key, GArray *places,
                 int64_t *artist_group, int64_t *album_group, GError **error)
{
    g_auto(GStrv) artists = media_artists(facts->artist);
    const char *owner = facts->album_artist != NULL ? facts->album_artist
                        : artists != NULL           ? artists[0]
                                                    : NULL;

    if (!add_to_groups(writer, facts, key, places, error))
        return false;
    for (guint i = 0; artists != NULL && artists[i] != NULL; i++) {
        int64_t id = group_by_title(writer, VIEW_ARTISTS, MEDIA_CLASS_ARTIST, artists[i], error);
        if (id == 0)
            return false;
        if (i == 0)
            *artist_group = id;
        /* what the artist's own albums show is not shown beside them again */
        if (facts->album == NULL || strcmp(owner, artists[i]) != 0)
            places_add(places, id, position_after("\2", 1, key));
    }
    if (facts->album != NULL) {
        char prefix[4] = { (char)CLAMP(facts->disc, 0, 127),
                           (char)(CLAMP(facts->track, 0, 32767) >> 8),
                           (char)(CLAMP(facts->track, 0, 32767) & 255), 0 };
        *album_group = album_of(writer, facts, owner, error);
        if (*album_group == 0)
            return false;
        places_add(places, *album_group, position_after(prefix, 3, key));
    }
    return true;
}

bool
places_add_photo(Writer *writer, const DiskEntry *entry, const MediaFacts *given, GBytes *key,
                 GArray *places, GError **error)
{
    MediaFacts facts = *given;
    g_autofree char *written = NULL;

    if (facts.date == NULL || strlen(facts.date) < 7 || !g_ascii_isdigit(facts.date[0])) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(entry->modified_ns / 1000000000);
        written =
            time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : g_strdup("1970-01");
        facts.date = written;
    }
    g_autofree char *year = g_strndup(facts.date, 4);
    g_autofree char *month = g_strndup(facts.date, 7);
    g_autoptr(GBytes) position = position_after(facts.date, strlen(facts.date) + 1, key);
    int64_t in_year =
        group_by_date(writer, VIEW_PICTURES, MEDIA_CLASS_PHOTO_ALBUM, year, error);
    int64_t in_month =
        in_year != 0 ? group_by_date(writer, in_year, MEDIA_CLASS_PHOTO_ALBUM, month, error) : 0;
    if (in_month == 0)
        return false;
    places_add(places, in_month, g_bytes_ref(position));
    return add_to_groups(writer, &facts, position, places, error);
}

/* The season's group, in its series'. */
static int64_t
season_of(Writer *writer, const EpisodeName *name, GError **error)
{
    int64_t series = group_by_title(writer, VIEW_SERIES, MEDIA_CLASS_SERIES, name->series, error);
    char number[1] = { (char)name->season };
    g_autofree char *label =
        name->season == 0 ? g_strdup("Specials") : g_strdup_printf("Season %d", name->season);

    if (series == 0)
        return 0;
    writer_touch(writer, series, 0); /* one that stays empty is looked at */
    return group_get(writer, &(Group){ .parent = series, .class = MEDIA_CLASS_SERIES,
                                       .label = label, .prefix = number, .prefix_size = 1,
                                       .is_by_prefix = true },
                     NULL, error);
}

bool
places_add_video(Writer *writer, const DiskEntry *entry, const char *label,
                 const MediaFacts *facts, GBytes *key, GArray *places, GError **error)
{
    g_auto(EpisodeName) name = { 0 };
    g_autofree char *folder = writer_folder_path(writer, entry->parent, NULL, NULL);
    g_autofree char *clean = folder != NULL ? text_clean(folder) : g_strdup("/");

    if (!episode_name_decode(label, clean, &name)) {
        if (facts->duration_ms >= FILM_MS)
            places_add(places, VIEW_FILMS, g_bytes_ref(key));
        return true;
    }
    int64_t season = season_of(writer, &name, error);
    if (season == 0)
        return false;
    char prefix[2] = { (char)(name.episode >> 8), (char)(name.episode & 255) };
    places_add(places, season, position_after(prefix, sizeof prefix, key));
    return true;
}
