/* writer-groups.c -- the groups an item is shown in: artist, album, genre, year, month, season, ... */
#include "media-db/writer-parts.h"

#include "base/text.h"
#include "media-db/episode-name.h"

#include <string.h>

#define FILM_MS (40 * 60 * 1000) /* shorter videos are no films */

int64_t
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
group_by_date(Writer *writer, int64_t parent, MediaClass class, const char *label,
              GError **error)
{
    char turned[16] = { 1 };
    gsize size = 1;

    for (const char *p = label; *p != '\0' && size < sizeof turned; p++)
        turned[size++] = g_ascii_isdigit(*p) ? (char)('9' - (*p - '0')) : *p;
    g_autoptr(GBytes) position = g_bytes_new(turned, size);
    return group(writer, parent, class, label, NULL, position, NULL, error);
}

/* An album is one of its artist's: two of the same title are two. */
static int64_t
album_of(Writer *writer, const MediaFacts *facts, const char *artist, GError **error)
{
    int64_t owner = 0;

    if (artist != NULL) {
        g_autoptr(GBytes) named = position_new(writer, NULL, 0, artist);
        owner = group(writer, VIEW_ARTISTS, MEDIA_CLASS_ARTIST, artist, NULL, named, NULL, error);
        if (owner == 0 ||
            !writer_show_once(writer, owner, VIEW_ALBUM_ARTISTS, named, error))
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

/* -- Groups that one fact makes ---------------------------------------------------------------- */

/* Each writes the label of the group into buffer; false: the item is in none of that kind. */
typedef bool (*Label)(const MediaFacts *facts, char *buffer, gsize size);

static bool
label_text(const char *text, char *buffer, gsize size)
{
    if (text == NULL)
        return false;
    g_strlcpy(buffer, text, size);
    return g_utf8_validate(buffer, -1, NULL);
}

static bool
label_genre(const MediaFacts *facts, char *buffer, gsize size)
{
    return label_text(facts->genre, buffer, size);
}

static bool
label_composer(const MediaFacts *facts, char *buffer, gsize size)
{
    return label_text(facts->composer, buffer, size);
}

static bool
label_camera(const MediaFacts *facts, char *buffer, gsize size)
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
label_year(const MediaFacts *facts, char *buffer, gsize size)
{
    return label_date(facts, buffer, strlen("2024"));
}

static bool
label_day(const MediaFacts *facts, char *buffer, gsize size)
{
    return label_date(facts, buffer, strlen("2024-05-01"));
}

/* What was taken within some ten kilometers. */
static bool
label_place(const MediaFacts *facts, char *buffer, gsize size)
{
    char *end;

    if (facts->place == NULL)
        return false;
    double north = g_ascii_strtod(facts->place, &end);
    if (*end != ',')
        return false;
    double east = g_ascii_strtod(end + 1, NULL);
    g_snprintf(buffer, size, "%.1f° %c, %.1f° %c", ABS(north), north < 0 ? 'S' : 'N', ABS(east),
               east < 0 ? 'W' : 'E');
    return true;
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
        if (groupings[i].kind != facts->kind || !groupings[i].label(facts, label, sizeof label))
            continue;
        int64_t id = groupings[i].is_by_date
                         ? group_by_date(writer, groupings[i].view, groupings[i].class, label, error)
                         : group_by_title(writer, groupings[i].view, groupings[i].class, label,
                                          error);
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
    const char *title = facts->title;
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
            places_add(places, id, position_new(writer, "\2", 1, title));
    }
    if (facts->album != NULL) {
        char prefix[4] = { (char)CLAMP(facts->disc, 0, 127),
                           (char)(CLAMP(facts->track, 0, 32767) >> 8),
                           (char)(CLAMP(facts->track, 0, 32767) & 255), 0 };
        *album_group = album_of(writer, facts, owner, error);
        if (*album_group == 0)
            return false;
        places_add(places, *album_group, position_new(writer, prefix, 3, title));
    }
    return true;
}

bool
places_add_photo(Writer *writer, const DiskEntry *entry, const MediaFacts *given, GArray *places,
                 GError **error)
{
    MediaFacts facts = *given;
    g_autofree char *written = NULL;

    if (facts.date == NULL || strlen(facts.date) < 7 || !g_ascii_isdigit(facts.date[0])) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(entry->modified_ns / 1000000000);
        written = time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : g_strdup("1970-01");
        facts.date = written;
    }
    g_autofree char *year = g_strndup(facts.date, 4);
    g_autofree char *month = g_strndup(facts.date, 7);
    g_autoptr(GBytes) position =
        position_new(writer, facts.date, strlen(facts.date) + 1, facts.title);
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
    g_autoptr(GBytes) position = position_new(writer, number, 1, NULL);
    writer_touch(writer, series, 0); /* one that stays empty is looked at */
    return group(writer, series, MEDIA_CLASS_SERIES, label, NULL, position, NULL, error);
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
    places_add(places, season, position_new(writer, prefix, sizeof prefix, facts->title));
    return true;
}
