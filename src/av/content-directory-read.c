/* content-directory-read.c -- Browse and Search: what came as text (sort criteria, search criteria)
 * becomes a question of the Catalog; what the Catalog shows becomes DIDL-Lite while it is shown.
 *
 * Every action reads a snapshot and answers at once on whichever thread asked. */
#include "av/content-directory-room.h"
#include "base/error.h"
#include "wire/didl.h"
#include "wire/search-criteria.h"

#include <string.h>

/* A page ends here even when more was asked for, unless the asker takes more: escaped into its
 * envelope it stays below the 1 MiB that IGRS peers take (docs/igrs/PROFILE.md section 1).
 * NumberReturned tells. */
#define RESULT_SIZE_MAX (768 * 1024)
#define SORT_LENGTH_MAX 1024

/* What may be sorted by; the catalog's own order stands in for upnp:class, which it begins with. */
static const struct {
    const char *property;
    CatalogSort sort;
} sort_properties[] = {
    { "dc:title", CATALOG_SORT_TITLE },
    { "dc:date", CATALOG_SORT_DATE },
    { "dc:creator", CATALOG_SORT_ARTIST },
    { "upnp:artist", CATALOG_SORT_ARTIST },
    { "upnp:album", CATALOG_SORT_ALBUM },
    { "upnp:originalTrackNumber", CATALOG_SORT_TRACK },
    { "upnp:class", CATALOG_SORT_NATURAL },
    { "res@size", CATALOG_SORT_SIZE },
    { "res@duration", CATALOG_SORT_DURATION },
};

#define SEARCH_CAPABILITIES \
    "@id,@parentID,dc:title,dc:creator,dc:date,upnp:class,upnp:artist,upnp:album,upnp:genre," \
    "upnp:originalTrackNumber,res,res@size,res@duration,res@bitrate,res@sampleFrequency," \
    "res@nrAudioChannels,res@protocolInfo"

/* -- Sort criteria (2.5.8) --------------------------------------------------------------------- */

/* One "+property". A missing sign is taken for "+", as old sets mean it. */
static bool
read_sort_key(const char *key, CatalogSort *sort, bool *is_descending)
{
    *is_descending = *key == '-';
    key += *key == '-' || *key == '+';
    for (guint i = 0; i < G_N_ELEMENTS(sort_properties); i++) {
        if (strcmp(sort_properties[i].property, key) == 0) {
            *sort = sort_properties[i].sort;
            return true;
        }
    }
    return false;
}

/* Every key must be known; the first that is not the natural order decides, and ties are the
 * catalog's. */
static bool
read_sort(const char *text, CatalogRange *range)
{
    if (strlen(text) > SORT_LENGTH_MAX)
        return false;
    g_auto(GStrv) keys = g_strsplit(text, ",", -1);
    for (char **key = keys; *key != NULL; key++) {
        CatalogSort sort;
        bool is_descending;
        if (*g_strstrip(*key) == '\0')
            continue;
        if (!read_sort_key(*key, &sort, &is_descending))
            return false;
        if (range->sort == CATALOG_SORT_NATURAL && sort != CATALOG_SORT_NATURAL) {
            range->sort = sort;
            range->is_descending = is_descending;
        }
    }
    return true;
}

/* -- Pages ------------------------------------------------------------------------------------- */

typedef struct {
    GString *text;
    XmlWriter writer;
    DidlEncoder encoder;
    uint32_t returned;
    size_t size_max;
} Page;

static void
page_begin(Page *page, const Service *service, ServiceCall *call)
{
    page->text = g_string_sized_new(4096);
    page->returned = 0;
    page->size_max = MAX(service_call_reply_max(call), RESULT_SIZE_MAX);
    xml_writer_init(&page->writer, page->text);
    didl_encoder_init(&page->encoder, &page->writer, service_call_text(call, "Filter"),
                      service_call_base_url(call), content_directory_dialect(call));
    page->encoder.forms = ((const ContentDirectory *)service)->forms;
}

static bool
page_visit(const MediaObject *object, gpointer data)
{
    Page *page = data;

    didl_encoder_visit(object, &page->encoder);
    page->returned++;
    return page->text->len < page->size_max;
}

/* Ends page and call. */
static void
page_answer(Page *page, ServiceCall *call, const CatalogResult *result)
{
    didl_encoder_finish(&page->encoder);
    service_call_take_text(call, "Result", g_string_free(page->text, FALSE));
    service_call_put_number(call, "NumberReturned", page->returned);
    service_call_put_number(call, "TotalMatches", result->total);
    service_call_put_number(call, "UpdateID", result->update_id);
    service_call_return(call);
}

/* What the Catalog said, in the service's numbers; what is missing depends on the action. */
static void
page_fail(Page *page, ServiceCall *call, const GError *error, int not_found)
{
    int code = CANNOT_PROCESS;

    didl_encoder_finish(&page->encoder);
    g_string_free(page->text, TRUE);
    if (g_error_matches(error, DUO_ERROR, DUO_ERROR_NOT_FOUND) ||
        g_error_matches(error, DUO_ERROR, DUO_ERROR_INVALID))
        code = not_found;
    else if (g_error_matches(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED) ||
             g_error_matches(error, DUO_ERROR, DUO_ERROR_TOO_LARGE))
        code = BAD_SEARCH;
    service_call_fail(call, code, "%s", error->message);
}

static bool
read_range(ServiceCall *call, CatalogRange *range)
{
    *range = (CatalogRange){
        .offset = (uint32_t)service_call_number(call, "StartingIndex"),
        .limit = (uint32_t)service_call_number(call, "RequestedCount"),
    };
    if (content_directory_dialect(call)->keeps_order ||
        read_sort(service_call_text(call, "SortCriteria"), range))
        return true;
    service_call_fail(call, BAD_SORT, "SortCriteria: cannot sort by \"%.100s\"",
                      service_call_text(call, "SortCriteria"));
    return false;
}

/* -- Actions ----------------------------------------------------------------------------------- */

/* What the asker's family calls a view of ours is that view. */
static const char *
object_id(const ServiceCall *call, const char *argument)
{
    return dialect_container(content_directory_dialect(call), service_call_text(call, argument));
}

/* An id of CreateObject leads to what became of it. */
static void
get_object(const ContentDirectory *directory, Catalog *catalog, const char *id, MediaVisit visit,
           gpointer user_data, GError **error)
{
    Intake *intake = directory->intake;

    if (intake == NULL || !intake->class->get(intake, id, visit, user_data, NULL))
        catalog_get(catalog, id, visit, user_data, error);
}

void
content_directory_browse(Service *service, ServiceCall *call)
{
    g_autoptr(Audience) audience = NULL;
    Catalog catalog = content_directory_seen((ContentDirectory *)service, call, &audience);
    const char *id = object_id(call, "ObjectID");
    bool is_metadata = strcmp(service_call_text(call, "BrowseFlag"), "BrowseMetadata") == 0;
    CatalogResult result = { .total = 1 };
    CatalogRange range;
    Page page;
    g_autoptr(GError) error = NULL;

    if (!read_range(call, &range))
        return;
    page_begin(&page, service, call);
    if (is_metadata) {
        get_object((ContentDirectory *)service, &catalog, id, page_visit, &page, &error);
        result.update_id = catalog_update_id(&catalog);
    } else {
        catalog_browse(&catalog, id, &range, page_visit, &page, &result, &error);
    }
    if (error != NULL)
        page_fail(&page, call, error, NO_SUCH_OBJECT);
    else
        page_answer(&page, call, &result);
}

void
content_directory_search(Service *service, ServiceCall *call)
{
    g_autoptr(Audience) audience = NULL;
    Catalog catalog = content_directory_seen((ContentDirectory *)service, call, &audience);
    CatalogResult result = { 0 };
    CatalogRange range;
    Page page;
    g_autoptr(GError) error = NULL;

    if (!read_range(call, &range))
        return;
    g_autoptr(Criteria) criteria =
        search_criteria_decode(service_call_text(call, "SearchCriteria"), &error);
    if (criteria == NULL) {
        service_call_fail(call, BAD_SEARCH, "%s", error->message);
        return;
    }
    CatalogSearch question = {
        .container_id = object_id(call, "ContainerID"),
        .kind = MEDIA_ANY,
        .criteria = criteria,
    };
    page_begin(&page, service, call);
    if (catalog_search(&catalog, &question, &range, page_visit, &page, &result, &error))
        page_answer(&page, call, &result);
    else
        page_fail(&page, call, error, NO_SUCH_CONTAINER);
}

void
content_directory_get_search_capabilities(Service *service, ServiceCall *call)
{
    service_call_put_text(call, "SearchCaps", SEARCH_CAPABILITIES);
    service_call_return(call);
}

void
content_directory_get_sort_capabilities(Service *service, ServiceCall *call)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(sort_properties); i++)
        g_string_append_printf(list, "%s%s", i > 0 ? "," : "", sort_properties[i].property);
    service_call_put_text(call, "SortCaps", list->str);
    service_call_return(call);
}
