/* catalog.h -- port: a tree of media that can be browsed and searched
 *
 * Implemented by the library (appliance/library/library over media-db); used by
 * av/content-directory and api. Every function answers on the calling thread, any thread, and waits
 * for nobody but a disk: another server's library is asked through model/remote-server.h instead.
 * Objects are shown one by one to a visitor, borrowed: a page is printed without being copied. */
#pragma once

#include "model/audience.h"
#include "model/criteria.h"
#include "model/media.h"

typedef struct Catalog Catalog;

/* Returns false to end the visit early. */
typedef bool (*MediaVisit)(const MediaObject *object, gpointer user_data);

typedef enum {
    CATALOG_SORT_NATURAL, /* the container's own order: folders first, albums by track, ... */
    CATALOG_SORT_TITLE,
    CATALOG_SORT_DATE,
    CATALOG_SORT_SIZE,
    CATALOG_SORT_DURATION,
    CATALOG_SORT_TRACK,
    CATALOG_SORT_ARTIST,
    CATALOG_SORT_ALBUM,
    CATALOG_SORT_N
} CatalogSort;

typedef struct {
    uint32_t offset;
    uint32_t limit; /* 0: as many as there are */
    CatalogSort sort;
    bool is_descending;
} CatalogRange;

/* What to search for; every part that is set must match. */
typedef struct {
    const char *container_id; /* anywhere below it; NULL or "0": everywhere */
    const char *words;        /* in title, artist, album, genre or file name, each of them */
    MediaKind kind;           /* MEDIA_ANY: whichever item */
    const Criteria *criteria; /* NULL: none */
} CatalogSearch;

typedef struct {
    uint32_t returned;
    uint32_t total;     /* without the range */
    uint32_t update_id; /* of the container: grows when its content changes */
} CatalogResult;

typedef struct {
    /* Shows the object with that id. DUO_ERROR_NOT_FOUND. */
    bool (*get)(Catalog *catalog, const char *id, MediaVisit visit, gpointer user_data,
                GError **error);
    /* Shows the children of a container. DUO_ERROR_NOT_FOUND; DUO_ERROR_INVALID for an item. */
    bool (*browse)(Catalog *catalog, const char *id, const CatalogRange *range, MediaVisit visit,
                   gpointer user_data, CatalogResult *result, GError **error);
    /* DUO_ERROR_UNSUPPORTED names the property or operator that is not known. */
    bool (*search)(Catalog *catalog, const CatalogSearch *search, const CatalogRange *range,
                   MediaVisit visit, gpointer user_data, CatalogResult *result, GError **error);
    /* UPnP SystemUpdateID: grows with every change, also over restarts. */
    uint32_t (*update_id)(Catalog *catalog);
} CatalogClass;

struct Catalog {
    const CatalogClass *class;
    gpointer owner;           /* the implementation's own */
    const Audience *audience; /* who asks; borrowed; NULL: sees everything */
};

/* The same catalog as an audience (borrowed) sees it: what it may not see is DUO_ERROR_NOT_FOUND,
 * and in no list and no total. A value, good for as long as both are. */
Catalog  catalog_seen_by(const Catalog *catalog, const Audience *audience);
/* False with DUO_ERROR_NOT_FOUND: nothing of that id is there for the audience. */
bool     catalog_sees(const Catalog *catalog, const Audience *audience, const char *id,
                      GError **error);

bool     catalog_get(Catalog *catalog, const char *id, MediaVisit visit, gpointer user_data,
                     GError **error);
bool catalog_browse(Catalog *catalog, const char *id, const CatalogRange *range, MediaVisit visit,
                    gpointer user_data, CatalogResult *result, GError **error);
bool catalog_search(Catalog *catalog, const CatalogSearch *search, const CatalogRange *range,
                    MediaVisit visit, gpointer user_data, CatalogResult *result, GError **error);
uint32_t catalog_update_id(Catalog *catalog);

/* A copy of the object with that id, the caller's; NULL with an error. */
MediaObject *catalog_find(Catalog *catalog, const char *id, GError **error);
