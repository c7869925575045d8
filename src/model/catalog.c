/* catalog.c -- the port's doors; see catalog.h */
#include "model/catalog.h"

bool
catalog_get(Catalog *catalog, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    return catalog->class->get(catalog, id, visit, user_data, error);
}

bool
catalog_browse(Catalog *catalog, const char *id, const CatalogRange *range, MediaVisit visit,
               gpointer user_data, CatalogResult *result, GError **error)
{
    return catalog->class->browse(catalog, id, range, visit, user_data, result, error);
}

bool
catalog_search(Catalog *catalog, const CatalogSearch *search, const CatalogRange *range,
               MediaVisit visit, gpointer user_data, CatalogResult *result, GError **error)
{
    return catalog->class->search(catalog, search, range, visit, user_data, result, error);
}

uint32_t
catalog_update_id(Catalog *catalog)
{
    return catalog->class->update_id(catalog);
}

static bool
keep(const MediaObject *object, gpointer user_data)
{
    MediaObject **kept = user_data;

    *kept = media_object_copy(object);
    return true;
}

MediaObject *
catalog_find(Catalog *catalog, const char *id, GError **error)
{
    g_autoptr(MediaObject) object = NULL;

    return catalog_get(catalog, id, keep, &object, error) ? g_steal_pointer(&object) : NULL;
}

Catalog
catalog_seen_by(const Catalog *catalog, const Audience *audience)
{
    return (Catalog){ catalog->class, catalog->owner, audience };
}

static bool
do_not_look(const MediaObject *object G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
    return true; /* that it is there is enough */
}

bool
catalog_sees(const Catalog *catalog, const Audience *audience, const char *id, GError **error)
{
    Catalog seen = catalog_seen_by(catalog, audience);

    return !audience_is_limited(audience) || catalog_get(&seen, id, do_not_look, NULL, error);
}
