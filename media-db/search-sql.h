/* search-sql.h -- a search as SQL: every value is bound, no text of a peer becomes SQL */
#pragma once

#include "media-db/database.h"
#include "media-db/live-views.h"
#include "media-db/views.h"
#include "model/audience.h"
#include "model/catalog.h"

typedef struct {
    GString *sql;      /* SELECT o.id ... */
    GPtrArray *values; /* char *, bound as texts in this order */
    bool is_nothing;   /* nothing can match */
} SearchSql;

/* Errors: DUO_ERROR_UNSUPPORTED names the property or operator; DUO_ERROR_INVALID a value. */
bool search_sql_init(SearchSql *sql, const CatalogSearch *search, const CatalogRange *range,
                     const Audience *audience, GError **error);
void search_sql_clear(SearchSql *sql);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SearchSql, search_sql_clear)

/* What to sort by, an SQL expression over o; NULL: the natural order. */
const char *sort_sql(CatalogSort sort);

/* The words of a search, folded; the caller's. */
char **search_words(const char *text);
/* How a word is looked up: three letters and more are a phrase of trigrams, one is kept by itself,
 * both quoted as FTS5 wants it; two, and signs, are the beginning of some trigram, before
 * word_end(). The texts are the caller's. */
typedef enum { WORD_PHRASE, WORD_LETTER, WORD_BEGINNING } WordKind;

WordKind word_kind(const char *folded);
char  *word_phrase(const char *folded);
char  *word_end(const char *folded);

#define ALL_CLASSES ((1u << MEDIA_CLASS_N) - 1)
#define ITEM_CLASSES (1u << MEDIA_CLASS_TRACK | 1u << MEDIA_CLASS_VIDEO | 1u << MEDIA_CLASS_PHOTO)
/* A bit for each MediaClass that can be found. *is_wide: they alone say where. */
guint  search_classes(const CatalogSearch *search, bool *is_wide);

/* Parts of the SQL. A value is taken over and bound; a word narrows o.id; a column is IN
 * classes. */
void   search_sql_value(SearchSql *sql, char *value);
/* A live view's question, for the audience; beyond its first ones where it does not see them
 * all. */
void   search_sql_live(SearchSql *sql, const LiveView *live, const Audience *audience);
void   search_sql_word(SearchSql *sql, const char *folded);
void   search_sql_classes(SearchSql *sql, const char *column, guint classes);
/* criteria-sql.c. Errors as search_sql_init(). */
bool   criteria_sql_put(SearchSql *sql, const Criteria *criteria, GError **error);
