/* criteria-sql.h -- a search as SQL: every value is bound, no text of a peer becomes SQL */
#pragma once

#include "media-db/database.h"
#include "model/catalog.h"

typedef struct {
    GString *sql;      /* SELECT o.id ... */
    GPtrArray *values; /* char *, bound as texts in this order */
    bool is_nothing;   /* nothing can match */
} SearchSql;

/* Errors: DUO_ERROR_UNSUPPORTED names the property or operator; DUO_ERROR_INVALID a value. */
bool search_sql_init(SearchSql *sql, const CatalogSearch *search, const CatalogRange *range,
                     GError **error);
void search_sql_clear(SearchSql *sql);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SearchSql, search_sql_clear)

/* What to sort by, an SQL expression over o; NULL: the natural order. */
const char *sort_sql(CatalogSort sort);
