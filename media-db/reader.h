/* reader.h -- questions to the index, from one thread at a time
 *
 * A reader has its own connection. It remembers the order of the containers and searches it was
 * asked last, as ids, so that a page anywhere in a long list is a slice; an order is good until the
 * container (for a search: anything) changes. */
#pragma once

#include "model/audience.h"
#include "model/catalog.h"
#include "model/media-details.h"
#include "model/picture.h"

typedef struct Reader Reader;

Reader *reader_new(const char *path, GError **error);
void    reader_free(Reader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_free)

/* For whom all that is asked from now on is; borrowed until the next time. What it may not see is
 * DUO_ERROR_NOT_FOUND, in no list and in no total. At first, and of NULL, everything is seen. */
void    reader_serve(Reader *reader, const Audience *audience);

/* As the functions of the same name of model/catalog.h. */
bool    reader_get(Reader *reader, const char *id, MediaVisit visit, gpointer user_data,
                   GError **error);
bool    reader_browse(Reader *reader, const char *id, const CatalogRange *range, MediaVisit visit,
                      gpointer user_data, CatalogResult *result, GError **error);
bool    reader_search(Reader *reader, const CatalogSearch *search, const CatalogRange *range,
                      MediaVisit visit, gpointer user_data, CatalogResult *result, GError **error);

/* Of what files a picture of the object is made: of a container's it is one of those that it shows
 * first. DUO_ERROR_NOT_FOUND. */
bool    reader_picture(Reader *reader, const char *id, PictureSource *source, GError **error);
/* What one did with an item, or (person NULL) everybody; zeros when nothing. An id that is not
 * there has not been used. */
bool    reader_use(Reader *reader, const char *id, const char *person, MediaUse *use,
                   GError **error);

/* The index was found damaged, or is not the file any more that was opened: good for nothing
 * else. */
bool    reader_is_damaged(Reader *reader);
bool    reader_has_moved(Reader *reader);

/* One of the totals: a MediaKind, or these. */
enum { READER_UNREADABLE = MEDIA_KIND_N, READER_UPDATE_ID };
int64_t reader_tally(Reader *reader, int what);
