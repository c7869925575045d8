/* search-sql.c -- see search-sql.h */
#include "media-db/search-sql.h"

#include "media-db/text-keys.h"

#include <string.h>

#define WORDS_MAX 16
#define CLASS(name) (1u << MEDIA_CLASS_##name)

static const char *const sorts[CATALOG_SORT_N] = {
    [CATALOG_SORT_TITLE] = "+o.sort_key",
    [CATALOG_SORT_DATE] =
        "coalesce(o.date, strftime('%Y-%m-%d', o.modified_ns / 1000000000, 'unixepoch'))",
    [CATALOG_SORT_SIZE] = "o.size_bytes",
    [CATALOG_SORT_DURATION] = "coalesce(o.duration_ms, 0)",
    [CATALOG_SORT_TRACK] = "coalesce(o.disc, 0) * 100000 + coalesce(o.track, 0)",
    [CATALOG_SORT_ARTIST] = "(SELECT sort_key FROM object WHERE id = o.artist_group)",
    [CATALOG_SORT_ALBUM] = "(SELECT sort_key FROM object WHERE id = o.album_group)",
};

const char *
sort_sql(CatalogSort sort)
{
    return sort < CATALOG_SORT_N ? sorts[sort] : NULL;
}

void
search_sql_value(SearchSql *sql, char *value)
{
    g_ptr_array_add(sql->values, value);
    g_string_append_printf(sql->sql, "?%u", sql->values->len);
}

WordKind
word_kind(const char *folded)
{
    glong letters = g_utf8_strlen(folded, -1);
    bool is_letter = (guchar)folded[0] >= 0x80 || g_ascii_isalnum(folded[0]);

    return letters >= 3 ? WORD_PHRASE : letters == 1 && is_letter ? WORD_LETTER : WORD_BEGINNING;
}

char *
word_phrase(const char *folded)
{
    g_auto(GStrv) parts = g_strsplit(folded, "\"", -1);
    g_autofree char *quoted = g_strjoinv("\"\"", parts);

    return g_strconcat("\"", quoted, "\"", NULL);
}

char *
word_end(const char *folded)
{
    return g_strconcat(folded, "\xf4\x8f\xbf\xbf", NULL);
}

/* AND o.id IN those that hold the folded word. */
void
search_sql_word(SearchSql *sql, const char *folded)
{
    static const char *const lookups[] = {
        [WORD_PHRASE] = "o.id IN (SELECT rowid FROM words WHERE words MATCH ",
        [WORD_LETTER] = "o.id IN (SELECT rowid FROM letters WHERE letters MATCH ",
        [WORD_BEGINNING] = "o.id IN (SELECT doc FROM word_part WHERE term >= ",
    };
    WordKind kind = word_kind(folded);

    g_string_append(sql->sql, lookups[kind]);
    search_sql_value(sql, kind == WORD_BEGINNING ? g_strdup(folded) : word_phrase(folded));
    if (kind == WORD_BEGINNING) {
        g_string_append(sql->sql, " AND term < ");
        search_sql_value(sql, word_end(folded));
    }
    g_string_append(sql->sql, ")");
}

/* class IN (those of the mask) */
void
search_sql_classes(SearchSql *sql, const char *column, guint mask)
{
    const char *comma = "";

    g_string_append_printf(sql->sql, "%s IN (", column);
    for (int i = 0; i < MEDIA_CLASS_N; i++) {
        if ((mask & 1u << i) == 0)
            continue;
        g_string_append_printf(sql->sql, "%s%d", comma, i);
        comma = ",";
    }
    g_string_append(sql->sql, ")");
}

char **
search_words(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *folded = text_fold(valid);
    g_auto(GStrv) parts = g_strsplit_set(folded, " \t\r\n", -1);
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    guint count = 0;

    for (guint i = 0; parts[i] != NULL && count < WORDS_MAX; i++) {
        if (parts[i][0] == '\0')
            continue;
        g_strv_builder_add(words, parts[i]);
        count++;
    }
    return g_strv_builder_end(words);
}

static void
put_words(SearchSql *sql, const char *text)
{
    g_auto(GStrv) words = search_words(text);

    for (guint i = 0; words[i] != NULL; i++) {
        g_string_append(sql->sql, " AND ");
        search_sql_word(sql, words[i]);
    }
    sql->is_nothing = words[0] == NULL; /* to search for no word is to find nothing */
}

/* Views that show everything of some classes need no list of what is below them. */
static const struct {
    int64_t view;
    guint classes;
} wide_views[] = {
    { VIEW_ROOT, ALL_CLASSES },
    { VIEW_FOLDERS, ALL_CLASSES },
    { VIEW_MUSIC, CLASS(ARTIST) | CLASS(ALBUM) | CLASS(GENRE) | CLASS(TRACK) },
    { VIEW_TRACKS, CLASS(TRACK) },
    { VIEW_VIDEOS, CLASS(VIDEO) | CLASS(SERIES) },
    { VIEW_ALL_VIDEOS, CLASS(VIDEO) },
    { VIEW_PICTURES, CLASS(PHOTO_ALBUM) | CLASS(PHOTO) },
    { VIEW_PHOTOS, CLASS(PHOTO) },
};

guint
search_classes(const CatalogSearch *search, bool *is_wide)
{
    guint classes = search->criteria == NULL ? ITEM_CLASSES : ALL_CLASSES;
    int64_t id = VIEW_ROOT;

    if (search->kind == MEDIA_CONTAINER)
        classes = ALL_CLASSES & ~ITEM_CLASSES;
    else if (search->kind < MEDIA_KIND_N)
        classes = 1u << media_class_of_kind(search->kind);
    *is_wide = search->container_id == NULL;
    if (search->container_id == NULL || !view_id_decode(search->container_id, &id))
        return classes;
    for (guint i = 0; i < G_N_ELEMENTS(wide_views); i++) {
        if (wide_views[i].view == id) {
            *is_wide = true;
            classes &= wide_views[i].classes;
        }
    }
    return classes;
}

void
search_sql_live(SearchSql *sql, const LiveView *live, const Audience *audience)
{
    g_autofree char *text = database_query_text(live->query);
    char *limit = audience_is_limited(audience) ? g_strrstr(text, " LIMIT ") : NULL;

    if (limit != NULL)
        *limit = '\0';
    for (char *at = text, *person; at != NULL; at = person) {
        person = strstr(at, "?1");
        g_string_append_len(sql->sql, at, person != NULL ? person - at : -1);
        if (person == NULL)
            continue;
        search_sql_value(sql, g_strdup(audience_person(audience)));
        person += strlen("?1");
    }
}

static bool
put_container(SearchSql *sql, const char *text, const Audience *audience, GError **error)
{
    int64_t id;

    if (!view_id_decode(text, &id)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "no container %.40s", text);
        return false;
    }
    MediaKind kind;
    id = view_folder(id, &kind);
    if (kind != MEDIA_CONTAINER)
        g_string_append_printf(sql->sql, " AND o.kind = %d", (int)kind);
    const LiveView *live = live_view_find(id);
    if (live != NULL) {
        g_string_append(sql->sql, " AND o.id IN (");
        search_sql_live(sql, live, audience);
        g_string_append(sql->sql, ")");
        return true;
    }
    g_string_append_printf(sql->sql,
                           " AND o.id IN (WITH RECURSIVE below(id) AS (SELECT id FROM child WHERE "
                           "parent = %" G_GINT64_FORMAT
                           " UNION SELECT c.id FROM below b JOIN child c "
                           "ON c.parent = b.id) SELECT id FROM below)",
                           (gint64)id);
    return true;
}

bool
search_sql_init(SearchSql *sql, const CatalogSearch *search, const CatalogRange *range,
                const Audience *audience, GError **error)
{
    bool is_wide;
    guint classes = search_classes(search, &is_wide);
    const char *sort = sort_sql(range->sort);

    *sql = (SearchSql){ g_string_new("SELECT o.id FROM object o WHERE "),
                        g_ptr_array_new_with_free_func(g_free), false };
    if (classes == ALL_CLASSES) /* all but the root */
        g_string_append(sql->sql, "o.parent <> -1");
    else /* words are the narrower index: + takes the other away */
        search_sql_classes(sql, search->words != NULL ? "+o.class" : "o.class", classes);
    if (!is_wide && !put_container(sql, search->container_id, audience, error))
        return false;
    if (search->words != NULL)
        put_words(sql, search->words);
    if (search->criteria != NULL) {
        g_string_append(sql->sql, " AND ");
        if (!criteria_sql_put(sql, search->criteria, error))
            return false;
    }
    g_string_append(sql->sql, " ORDER BY ");
    if (sort != NULL)
        g_string_append_printf(sql->sql, "%s%s, ", sort, range->is_descending ? " DESC" : "");
    /* + for: sort what is found, do not walk all titles in the hope to find it */
    g_string_append_printf(sql->sql, "+o.sort_key%s, o.id",
                           sort == NULL && range->is_descending ? " DESC" : "");
    return true;
}

void
search_sql_clear(SearchSql *sql)
{
    if (sql->sql != NULL)
        g_string_free(g_steal_pointer(&sql->sql), TRUE);
    g_clear_pointer(&sql->values, g_ptr_array_unref);
}
