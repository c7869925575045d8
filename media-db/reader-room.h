/* reader-room.h -- what the files of the reader share, and nobody else sees */
#pragma once

#include "media-db/database.h"
#include "media-db/orders.h"
#include "media-db/reader.h"
#include "media-db/search-sql.h"
#include "media-db/sight.h"
#include "model/sidecar.h"

struct Reader {
    Database *database;
    Orders orders;
    const Audience *audience; /* that is served; borrowed */
    const Sight *sight;       /* its, within a transaction; NULL: it sees all */
    Sights sights;
    GString *path; /* scratch */
};

/* reader-details.c. What the object of that row holds and what lies beside it; the caller's. */
MediaDetails *reader_details(Reader *reader, int64_t id, int64_t folder, const char *name,
                             const MediaFacts *facts);
/* The subtitles beside and within a film, which players want to know in lists, too; the caller's,
 * NULL: none. */
MediaDetails *reader_subtitles(Reader *reader, int64_t id, int64_t folder, const char *name);
/* The sidecars of that kind in the folder whose names begin so: name, size_bytes, modified_ns. */
sqlite3_stmt *reader_ask_sidecars(Reader *reader, int64_t folder, SidecarKind kind,
                                  const char *stem, gsize length);
/* One snapshot, and what its audience may not see, for all the questions of an answer. */
bool          reader_begin(Reader *reader, GError **error);
void          reader_end(Reader *reader);
/* reader_get(), in a transaction of the caller's. */
bool          reader_look(Reader *reader, const char *id, MediaVisit visit, gpointer user_data,
                          GError **error);
/* DUO_ERROR_NOT_FOUND, unless there is an error already; false. */
bool          reader_not_found(const char *id, GError **error);

#define READER_ALONE (-2)
/* reader-objects.c. Shows one object. within: the container it is shown in, -1 for the one it lies
 * in, READER_ALONE for that and with its details. *found is false when there is none. Returns what
 * the visitor said. */
bool          reader_show(Reader *reader, int64_t id, int64_t within, MediaVisit visit,
                          gpointer user_data, bool *found, GError **error);

/* reader-orders.c. What the container shows, at least as far as range reaches: total is what the
 * container says that it holds. Borrowed until the next question. */
Order        *reader_order_children(Reader *reader, int64_t parent, int64_t version,
                                    uint32_t total, const CatalogRange *range, GError **error);
/* What a search finds, sql being its question. */
Order        *reader_order_search(Reader *reader, const CatalogSearch *search,
                                  const CatalogRange *range, const SearchSql *sql,
                                  int64_t version, GError **error);

/* reader-pictures.c. Has one of the first things that the container shows a picture? */
bool          reader_has_picture(Reader *reader, int64_t container);
