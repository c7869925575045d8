/* criteria-sql.c -- see criteria-sql.h */
#include "media-db/criteria-sql.h"

#include "base/text.h"
#include "media-db/text-keys.h"
#include "media-db/views.h"

#include <string.h>

#define WORDS_MAX 16
#define DEPTH_MAX 32
#define TESTS_MAX 64
#define TITLE "coalesce(o.title, o.label)"

typedef enum { TEXT, NUMBER, DURATION, CLASS, ID, PARENT, NEVER } PropertyType;

/* ContentDirectory:1 properties and what they are here. */
static const struct {
    const char *name;
    const char *sql;
    PropertyType type;
} properties[] = {
    { "dc:title", TITLE, TEXT },
    { "upnp:artist", "o.artist", TEXT },
    { "dc:creator", "o.artist", TEXT },
    { "upnp:album", "o.album", TEXT },
    { "upnp:genre", "o.genre", TEXT },
    { "dc:date", "o.date", TEXT },
    { "res@size", "o.size_bytes", NUMBER },
    { "res@duration", "o.duration_ms", DURATION },
    { "res@bitrate", "(o.bitrate / 8)", NUMBER }, /* bytes a second, 2.8.9 */
    { "res@sampleFrequency", "o.sample_rate", NUMBER },
    { "res@nrAudioChannels", "o.channels", NUMBER },
    { "res@protocolInfo", "('http-get:*:' || o.mime || ':*')", TEXT },
    { "res", "o.name", TEXT },
    { "upnp:originalTrackNumber", "o.track", NUMBER },
    { "upnp:class", "o.class", CLASS },
    { "@id", "o.id", ID },
    { "@parentID", "o.parent", PARENT },
    { "@refID", "NULL", NEVER }, /* an object has one id wherever it is shown */
};

static const char *const comparisons[] = {
    [CRITERIA_EQUAL] = "=",  [CRITERIA_NOT_EQUAL] = "<>",   [CRITERIA_LESS] = "<",
    [CRITERIA_GREATER] = ">", [CRITERIA_LESS_EQUAL] = "<=", [CRITERIA_GREATER_EQUAL] = ">=",
};

static const char *const sorts[CATALOG_SORT_N] = {
    [CATALOG_SORT_TITLE] = "+o.sort_key",
    [CATALOG_SORT_DATE] = "coalesce(o.date, strftime('%Y-%m-%d', o.modified_ns / 1000000000, 'unixepoch'))",
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

static void
put_value(SearchSql *sql, char *value)
{
    g_ptr_array_add(sql->values, value);
    g_string_append_printf(sql->sql, "?%u", sql->values->len);
}

bool
word_is_phrase(const char *folded)
{
    return g_utf8_strlen(folded, -1) >= 3;
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
static void
put_word(SearchSql *sql, const char *folded)
{
    if (word_is_phrase(folded)) {
        g_string_append(sql->sql, "o.id IN (SELECT rowid FROM words WHERE words MATCH ");
        put_value(sql, word_phrase(folded));
    } else {
        g_string_append(sql->sql, "o.id IN (SELECT doc FROM word_part WHERE term >= ");
        put_value(sql, g_strdup(folded));
        g_string_append(sql->sql, " AND term < ");
        put_value(sql, word_end(folded));
    }
    g_string_append(sql->sql, ")");
}

/* class IN (those of the mask) */
static void
put_classes(SearchSql *sql, const char *column, guint mask)
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

static bool
put_class(SearchSql *sql, const Criteria *test, GError **error)
{
    guint mask = 0;

    if (test->operator != CRITERIA_DERIVED_FROM && test->operator != CRITERIA_EQUAL &&
        test->operator != CRITERIA_NOT_EQUAL && test->operator != CRITERIA_CONTAINS) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "upnp:class cannot be compared so");
        return false;
    }
    for (int i = 0; i < MEDIA_CLASS_N; i++) {
        const char *name = media_classes[i];
        bool is_one = test->operator == CRITERIA_DERIVED_FROM ? media_class_derives(name, test->value)
                      : test->operator == CRITERIA_CONTAINS   ? strstr(name, test->value) != NULL
                                                              : strcmp(name, test->value) == 0;
        if (is_one)
            mask |= 1u << i;
    }
    put_classes(sql, "o.class", test->operator == CRITERIA_NOT_EQUAL ? ~mask : mask);
    return true;
}

/* Where the words of an object are kept, the index narrows a text down: ... AND */
static void
put_narrowing(SearchSql *sql, const char *column, const char *value)
{
    static const char *const worded[] = { TITLE, "o.artist", "o.album", "o.genre" };

    for (guint i = 0; i < G_N_ELEMENTS(worded); i++) {
        if (strcmp(worded[i], column) == 0 && value[0] != '\0') {
            put_word(sql, value);
            g_string_append(sql->sql, " AND ");
        }
    }
}

static bool
put_text_test(SearchSql *sql, const Criteria *test, const char *column)
{
    g_autofree char *value = text_fold(test->value);

    switch (test->operator) {
    case CRITERIA_CONTAINS:
    case CRITERIA_NOT_CONTAINS:
        if (value[0] == '\0') {
            g_string_append_printf(sql->sql, "%s IS %s NULL", column,
                                   test->operator == CRITERIA_CONTAINS ? "NOT" : "");
            return true;
        }
        g_string_append(sql->sql, test->operator == CRITERIA_CONTAINS ? "(" : "NOT (");
        if (test->operator == CRITERIA_CONTAINS)
            put_narrowing(sql, column, value);
        g_string_append_printf(sql->sql, "holds(%s, ", column);
        put_value(sql, g_steal_pointer(&value));
        g_string_append(sql->sql, "))");
        return true;
    case CRITERIA_DERIVED_FROM:
        return false;
    default:
        g_string_append(sql->sql, "(");
        if (test->operator == CRITERIA_EQUAL)
            put_narrowing(sql, column, value);
        g_string_append_printf(sql->sql, "coalesce(folded(%s), '') %s ", column,
                               comparisons[test->operator]);
        put_value(sql, g_steal_pointer(&value));
        g_string_append(sql->sql, ")");
        return true;
    }
}

static bool
put_number_test(SearchSql *sql, const Criteria *test, const char *column, PropertyType type,
                GError **error)
{
    int64_t number = 0;
    bool is_good = type == ID || type == PARENT ? view_id_decode(test->value, &number) || (number = -2) != 0
                   : type == DURATION ? text_to_duration_ms(test->value, &number)
                                      : text_to_i64(test->value, INT64_MIN, INT64_MAX, &number);

    if (type == PARENT && test->operator == CRITERIA_EQUAL && is_good) {
        /* two indexes know it: of what lies on the disk, and of groups */
        g_string_append_printf(sql->sql, "(%1$s = %2$" G_GINT64_FORMAT " AND o.name IS NULL OR %1$s = "
                                         "%2$" G_GINT64_FORMAT " AND o.name IS NOT NULL)",
                               column, (gint64)number);
        return true;
    }
    if (test->operator > CRITERIA_GREATER_EQUAL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s is compared as a number",
                    test->property);
        return false;
    }
    if (!is_good) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: not a number: %.40s", test->property,
                    test->value);
        return false;
    }
    g_string_append_printf(sql->sql, "%s %s %" G_GINT64_FORMAT, column, comparisons[test->operator],
                           (gint64)number);
    return true;
}

static bool
put_test(SearchSql *sql, const Criteria *test, GError **error)
{
    guint i = 0;

    while (i < G_N_ELEMENTS(properties) && strcmp(properties[i].name, test->property) != 0)
        i++;
    if (i == G_N_ELEMENTS(properties)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "cannot search by %.60s", test->property);
        return false;
    }
    if (test->operator == CRITERIA_EXISTS) {
        bool is_wanted = strcmp(test->value, "true") == 0;
        g_string_append_printf(sql->sql, "%s IS %s NULL", properties[i].sql, is_wanted ? "NOT" : "");
        return true;
    }
    switch (properties[i].type) {
    case CLASS:
        return put_class(sql, test, error);
    case NEVER:
        g_string_append(sql->sql, "0");
        return true;
    case TEXT:
        if (put_text_test(sql, test, properties[i].sql))
            return true;
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "derivedfrom is for upnp:class");
        return false;
    default:
        return put_number_test(sql, test, properties[i].sql, properties[i].type, error);
    }
}

static bool
put_criteria(SearchSql *sql, const Criteria *criteria, int depth, int *tests, GError **error)
{
    if (depth > DEPTH_MAX || ++*tests > TESTS_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "the search is too large");
        return false;
    }
    if (criteria->operator == CRITERIA_ALL) {
        g_string_append(sql->sql, "1");
        return true;
    }
    if (criteria->operator != CRITERIA_AND && criteria->operator != CRITERIA_OR)
        return put_test(sql, criteria, error);
    g_string_append(sql->sql, "(");
    if (!put_criteria(sql, criteria->left, depth + 1, tests, error))
        return false;
    g_string_append(sql->sql, criteria->operator == CRITERIA_AND ? " AND " : " OR ");
    if (!put_criteria(sql, criteria->right, depth + 1, tests, error))
        return false;
    g_string_append(sql->sql, ")");
    return true;
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
        put_word(sql, words[i]);
    }
    sql->is_nothing = words[0] == NULL; /* to search for no word is to find nothing */
}

#define CLASS(name) (1u << MEDIA_CLASS_##name)

/* Views that show everything of some classes need no list of what is below them. */
static const struct {
    int64_t view;
    guint classes;
} wide_views[] = {
    { VIEW_ROOT, ALL_CLASSES },
    { VIEW_FOLDERS, ALL_CLASSES },
    { VIEW_MUSIC, CLASS(ARTIST) | CLASS(ALBUM) | CLASS(GENRE) | CLASS(TRACK) },
    { VIEW_TRACKS, CLASS(TRACK) },
    { VIEW_VIDEOS, CLASS(VIDEO) },
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

static bool
put_container(SearchSql *sql, const char *text, GError **error)
{
    int64_t id;

    if (!view_id_decode(text, &id)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "no container %.40s", text);
        return false;
    }
    g_string_append_printf(sql->sql,
                           " AND o.id IN (WITH RECURSIVE below(id) AS (SELECT id FROM child WHERE "
                           "parent = %" G_GINT64_FORMAT " UNION SELECT c.id FROM below b JOIN child c "
                           "ON c.parent = b.id) SELECT id FROM below)",
                           (gint64)id);
    return true;
}

bool
search_sql_init(SearchSql *sql, const CatalogSearch *search, const CatalogRange *range,
                GError **error)
{
    bool is_wide;
    guint classes = search_classes(search, &is_wide);
    const char *sort = sort_sql(range->sort);
    int tests = 0;

    *sql = (SearchSql){ g_string_new("SELECT o.id FROM object o WHERE "),
                        g_ptr_array_new_with_free_func(g_free), false };
    if (classes == ALL_CLASSES) /* all but the root */
        g_string_append(sql->sql, "o.parent <> -1");
    else /* words are the narrower index: + takes the other away */
        put_classes(sql, search->words != NULL ? "+o.class" : "o.class", classes);
    if (!is_wide && !put_container(sql, search->container_id, error))
        return false;
    if (search->words != NULL)
        put_words(sql, search->words);
    if (search->criteria != NULL) {
        g_string_append(sql->sql, " AND ");
        if (!put_criteria(sql, search->criteria, 0, &tests, error))
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
