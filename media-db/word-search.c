/* word-search.c -- see word-search.h */
#include "media-db/word-search.h"

#include "media-db/views.h"

#define MANY 8         /* hits are many when they are one object of so many */
#define AHEAD_MIN 1000 /* ids that are kept for the pages to come */

typedef void (*IdSetAct)(IdSet *set, int64_t id);

/* Adds or removes the ids that a question answers; of those also in within, or (NULL) all. */
static bool
collect(Database *database, sqlite3_stmt *statement, const IdSet *within, IdSetAct act, IdSet *set,
        GError **error)
{
    GError *trouble = NULL;

    if (statement == NULL)
        return false;
    while (database_step(database, statement, &trouble)) {
        int64_t id = sqlite3_column_int64(statement, 0);
        if (within == NULL || id_set_has(within, id))
            act(set, id);
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

static bool
collect_word(Database *database, const char *word, const IdSet *within, IdSet *set, GError **error)
{
    static const Query queries[] = { [WORD_PHRASE] = QUERY_BY_PHRASE,
                                     [WORD_LETTER] = QUERY_BY_LETTER,
                                     [WORD_BEGINNING] = QUERY_BY_LETTERS };
    WordKind kind = word_kind(word);
    g_autofree char *value = kind == WORD_BEGINNING ? g_strdup(word) : word_phrase(word);
    g_autofree char *end = kind == WORD_BEGINNING ? word_end(word) : NULL;
    sqlite3_stmt *statement = database_query(database, queries[kind], error);

    if (statement != NULL)
        database_bind_text(statement, 1, value);
    if (statement != NULL && end != NULL)
        database_bind_text(statement, 2, end);
    return collect(database, statement, within, id_set_add, set, error);
}

/* What holds every word. */
static bool
collect_words(Database *database, char **words, IdSet *hits, GError **error)
{
    for (guint i = 0; words[i] != NULL; i++) {
        g_auto(IdSet) held = { 0 };
        if (!collect_word(database, words[i], i > 0 ? hits : NULL, &held, error))
            return false;
        IdSet former = *hits;
        *hits = held;
        held = former;
    }
    return true;
}

/* Leaves what is of one of the classes. Other classes are removed, rather than these added, where
 * these are all items: most of the library is. */
static bool
keep_classes(Database *database, guint classes, IdSet *hits, GError **error)
{
    bool is_removing = (classes & ITEM_CLASSES) == ITEM_CLASSES;
    g_auto(IdSet) kept = { 0 };

    for (int class = 0; class < MEDIA_CLASS_N; class++) {
        if (((classes & 1u << class) == 0) != is_removing)
            continue;
        sqlite3_stmt *statement = database_ask(database, QUERY_BY_CLASS, class, error);
        if (!collect(database, statement, hits, is_removing ? id_set_remove : id_set_add,
                     is_removing ? hits : &kept, error))
            return false;
    }
    if (!is_removing) {
        IdSet all = *hits;
        *hits = kept;
        kept = all;
    }
    return true;
}

bool
word_search_fits(const CatalogSearch *search, const CatalogRange *range)
{
    bool is_wide;

    search_classes(search, &is_wide);
    return search->words != NULL && search->criteria == NULL && is_wide && !range->is_descending &&
           range->limit != 0 &&
           (range->sort == CATALOG_SORT_NATURAL || range->sort == CATALOG_SORT_TITLE);
}

Order *
word_search(Database *database, const CatalogSearch *search, const CatalogRange *range,
            const IdSet *hidden, int64_t objects, const char *question, int64_t version,
            GError **error)
{
    g_auto(GStrv) words = search_words(search->words);
    g_auto(IdSet) hits = { 0 };
    bool is_wide;
    guint classes = search_classes(search, &is_wide);
    uint64_t wanted = MAX(2 * ((uint64_t)range->offset + range->limit), AHEAD_MIN);

    if (!collect_words(database, words, &hits, error) || hits.count < objects / MANY ||
        !keep_classes(database, classes, &hits, error))
        return NULL;
    if (hidden != NULL)
        id_set_subtract(&hits, hidden);
    sqlite3_stmt *statement = database_query(database, QUERY_BY_TITLE, error);
    if (statement == NULL)
        return NULL;
    Order *order = order_new(question, version);
    order->total = hits.count;
    wanted = MIN(wanted, hits.count);
    while (order->ids->len < wanted && database_step(database, statement, error)) {
        int64_t id = sqlite3_column_int64(statement, 0);
        if (id_set_has(&hits, id))
            g_array_append_val(order->ids, id);
    }
    sqlite3_reset(statement);
    if (order->ids->len == wanted)
        return order;
    order_free(order); /* the index failed us, and said so */
    return NULL;
}
