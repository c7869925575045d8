/* criteria-sql.c -- the search criteria of control points as SQL; see search-sql.h */
#include "media-db/search-sql.h"

#include "base/text.h"
#include "media-db/text-keys.h"
#include "media-db/views.h"

#include <string.h>

#define DEPTH_MAX 32
#define TESTS_MAX 64
#define TITLE "coalesce(o.title, o.label)"

typedef enum { TEXT, NUMBER, DURATION, CLASS, ID, PARENT, NEVER } PropertyType;

typedef struct {
    const char *name;
    const char *sql;
    PropertyType type;
} Property;

/* ContentDirectory:1 properties and what they are here. */
static const Property properties[] = {
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
    { "res@resolution", "(o.width || 'x' || o.height)", TEXT },
    { "@refID", "NULL", NEVER }, /* an object has one id wherever it is shown */
};
/* Sets ask for what their makers thought of (FIELD-NOTES C3): no object of ours has it. */
static const Property unknown = { NULL, "NULL", NEVER };

static const char *const comparisons[] = {
    [CRITERIA_EQUAL] = "=",   [CRITERIA_NOT_EQUAL] = "<>",  [CRITERIA_LESS] = "<",
    [CRITERIA_GREATER] = ">", [CRITERIA_LESS_EQUAL] = "<=", [CRITERIA_GREATER_EQUAL] = ">=",
};

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
        bool is_one = test->operator == CRITERIA_DERIVED_FROM
                          ? media_class_derives(name, test->value)
                      : test->operator == CRITERIA_CONTAINS ? strstr(name, test->value) != NULL
                                                           : strcmp(name, test->value) == 0;
        if (is_one)
            mask |= 1u << i;
    }
    search_sql_classes(sql, "o.class", test->operator == CRITERIA_NOT_EQUAL ? ~mask : mask);
    return true;
}

/* Where the words of an object are kept, the index narrows a text down: ... AND */
static void
put_narrowing(SearchSql *sql, const char *column, const char *value)
{
    static const char *const worded[] = { TITLE, "o.artist", "o.album", "o.genre" };

    for (guint i = 0; i < G_N_ELEMENTS(worded); i++) {
        if (strcmp(worded[i], column) == 0 && value[0] != '\0') {
            search_sql_word(sql, value);
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
        search_sql_value(sql, g_steal_pointer(&value));
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
        search_sql_value(sql, g_steal_pointer(&value));
        g_string_append(sql->sql, ")");
        return true;
    }
}

static bool
put_number_test(SearchSql *sql, const Criteria *test, const char *column, PropertyType type,
                GError **error)
{
    int64_t number = 0;
    bool is_good = type == ID || type == PARENT
                       ? view_id_decode(test->value, &number) || (number = -2) != 0
                   : type == DURATION ? text_to_duration_ms(test->value, &number)
                                      : text_to_i64(test->value, INT64_MIN, INT64_MAX, &number);

    if (type == PARENT && test->operator == CRITERIA_EQUAL && is_good) {
        /* two indexes know it: of what lies on the disk, and of groups */
        g_string_append_printf(sql->sql,
                               "(%1$s = %2$" G_GINT64_FORMAT " AND o.name IS NULL OR %1$s = "
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

static const Property *
find_property(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(properties); i++)
        if (strcmp(properties[i].name, name) == 0)
            return &properties[i];
    return &unknown;
}

static bool
put_test(SearchSql *sql, const Criteria *test, GError **error)
{
    const Property *property = find_property(test->property);

    if (test->operator == CRITERIA_EXISTS) {
        bool is_wanted = strcmp(test->value, "true") == 0;
        g_string_append_printf(sql->sql, "%s IS %s NULL", property->sql,
                               is_wanted ? "NOT" : "");
        return true;
    }
    switch (property->type) {
    case CLASS:
        return put_class(sql, test, error);
    case NEVER:
        g_string_append(sql->sql, "0");
        return true;
    case TEXT:
        if (put_text_test(sql, test, property->sql))
            return true;
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "derivedfrom is for upnp:class");
        return false;
    default:
        return put_number_test(sql, test, property->sql, property->type, error);
    }
}

static bool
put_branch(SearchSql *sql, const Criteria *criteria, int depth, int *tests, GError **error)
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
    if (!put_branch(sql, criteria->left, depth + 1, tests, error))
        return false;
    g_string_append(sql->sql, criteria->operator == CRITERIA_AND ? " AND " : " OR ");
    if (!put_branch(sql, criteria->right, depth + 1, tests, error))
        return false;
    g_string_append(sql->sql, ")");
    return true;
}

bool
criteria_sql_put(SearchSql *sql, const Criteria *criteria, GError **error)
{
    int tests = 0;

    return put_branch(sql, criteria, 0, &tests, error);
}
