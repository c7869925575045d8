/* word-search.h -- what holds all the words, by title, as many as a page needs
 *
 * A word that most of the library holds (one letter) is not worth sorting its thousands of hits:
 * they are counted, and then all objects are walked by title until the page is full. */
#pragma once

#include "media-db/id-set.h"
#include "media-db/orders.h"
#include "media-db/search-sql.h"

/* Is that all that the search and its order ask for? */
bool   word_search_fits(const CatalogSearch *search, const CatalogRange *range);
/* Without what is in hidden (NULL: nothing). The caller's. NULL without an error when the hits are
 * few among objects: SQL sorts them sooner. */
Order *word_search(Database *database, const CatalogSearch *search, const CatalogRange *range,
                   const IdSet *hidden, int64_t objects, const char *question, int64_t version,
                   GError **error);
