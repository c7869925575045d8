/* content-directory.c -- ContentDirectory:1 over the Catalog port
 *
 * Every action reads a snapshot and answers at once on whichever thread asked. What came as text
 * (sort criteria, search criteria) becomes a question of the Catalog; what the Catalog shows
 * becomes DIDL-Lite while it is shown. */
#include "av/av.h"
#include "av/moderator.h"
#include "base/error.h"
#include "wire/didl.h"
#include "wire/search-criteria.h"

#include <string.h>

/* A page ends here even when more was asked for: escaped into its envelope it stays below the 1 MiB
 * that IGRS peers take (igrs/PROFILE.md section 1). NumberReturned tells. */
#define RESULT_SIZE_MAX (768 * 1024)
#define SORT_LENGTH_MAX 1024
/* 2.5.20: SystemUpdateID is evented at most every two seconds. */
#define UPDATE_INTERVAL_MS 2000

/* ContentDirectory:1, 2.7.16 */
enum {
    NO_SUCH_OBJECT = 701,
    BAD_SEARCH = 708,
    BAD_SORT = 709,
    NO_SUCH_CONTAINER = 710,
    CANNOT_PROCESS = 720,
};

typedef struct {
    Service base;
    Catalog *catalog; /* borrowed */
    Moderator moderator;
} ContentDirectory;

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
} Page;

static void
page_begin(Page *page, ServiceCall *call)
{
    page->text = g_string_sized_new(4096);
    page->returned = 0;
    xml_writer_init(&page->writer, page->text);
    didl_encoder_init(&page->encoder, &page->writer, service_call_text(call, "Filter"),
                      service_call_base_url(call));
}

static bool
page_visit(const MediaObject *object, gpointer data)
{
    Page *page = data;

    didl_encoder_visit(object, &page->encoder);
    page->returned++;
    return page->text->len < RESULT_SIZE_MAX;
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
    if (read_sort(service_call_text(call, "SortCriteria"), range))
        return true;
    service_call_fail(call, BAD_SORT, "SortCriteria: cannot sort by \"%.100s\"",
                      service_call_text(call, "SortCriteria"));
    return false;
}

/* -- Actions ----------------------------------------------------------------------------------- */

static void
browse(Service *service, ServiceCall *call)
{
    Catalog *catalog = ((ContentDirectory *)service)->catalog;
    const char *id = service_call_text(call, "ObjectID");
    bool is_metadata = strcmp(service_call_text(call, "BrowseFlag"), "BrowseMetadata") == 0;
    CatalogResult result = { .total = 1 };
    CatalogRange range;
    Page page;
    g_autoptr(GError) error = NULL;

    if (!read_range(call, &range))
        return;
    page_begin(&page, call);
    if (is_metadata) {
        catalog_get(catalog, id, page_visit, &page, &error);
        result.update_id = catalog_update_id(catalog);
    } else {
        catalog_browse(catalog, id, &range, page_visit, &page, &result, &error);
    }
    if (error != NULL)
        page_fail(&page, call, error, NO_SUCH_OBJECT);
    else
        page_answer(&page, call, &result);
}

static void
search(Service *service, ServiceCall *call)
{
    Catalog *catalog = ((ContentDirectory *)service)->catalog;
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
        .container_id = service_call_text(call, "ContainerID"),
        .kind = MEDIA_ANY,
        .criteria = criteria,
    };
    page_begin(&page, call);
    if (catalog_search(catalog, &question, &range, page_visit, &page, &result, &error))
        page_answer(&page, call, &result);
    else
        page_fail(&page, call, error, NO_SUCH_CONTAINER);
}

static void
get_search_capabilities(Service *service, ServiceCall *call)
{
    service_call_put_text(call, "SearchCaps", SEARCH_CAPABILITIES);
    service_call_return(call);
}

static void
get_sort_capabilities(Service *service, ServiceCall *call)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(sort_properties); i++)
        g_string_append_printf(list, "%s%s", i > 0 ? "," : "", sort_properties[i].property);
    service_call_put_text(call, "SortCaps", list->str);
    service_call_return(call);
}

static void
get_system_update_id(Service *service, ServiceCall *call)
{
    service_call_put_number(call, "Id", catalog_update_id(((ContentDirectory *)service)->catalog));
    service_call_return(call);
}

/* -- The table --------------------------------------------------------------------------------- */

static const char *const browse_flags[] = { "BrowseMetadata", "BrowseDirectChildren", NULL };

static const ServiceVariable variables[] = {
    { .name = "A_ARG_TYPE_ObjectID", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Result", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_SearchCriteria", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_BrowseFlag", .type = SERVICE_STRING, .allowed = browse_flags },
    { .name = "A_ARG_TYPE_Filter", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_SortCriteria", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Index", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_Count", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_UpdateID", .type = SERVICE_UI4 },
    { .name = "SearchCapabilities", .type = SERVICE_STRING },
    { .name = "SortCapabilities", .type = SERVICE_STRING },
    { .name = "SystemUpdateID", .type = SERVICE_UI4, .is_evented = true },
    { .name = NULL },
};

#define PAGE_ARGUMENTS \
    SERVICE_IN("Filter", "A_ARG_TYPE_Filter"), SERVICE_IN("StartingIndex", "A_ARG_TYPE_Index"), \
    SERVICE_IN("RequestedCount", "A_ARG_TYPE_Count"), \
    SERVICE_IN("SortCriteria", "A_ARG_TYPE_SortCriteria"), \
    SERVICE_OUT("Result", "A_ARG_TYPE_Result"), SERVICE_OUT("NumberReturned", "A_ARG_TYPE_Count"), \
    SERVICE_OUT("TotalMatches", "A_ARG_TYPE_Count"), SERVICE_OUT("UpdateID", "A_ARG_TYPE_UpdateID")

static const ServiceAction actions[] = {
    { "GetSearchCapabilities", true, get_search_capabilities,
      { SERVICE_OUT("SearchCaps", "SearchCapabilities") } },
    { "GetSortCapabilities", true, get_sort_capabilities,
      { SERVICE_OUT("SortCaps", "SortCapabilities") } },
    { "GetSystemUpdateID", true, get_system_update_id, { SERVICE_OUT("Id", "SystemUpdateID") } },
    { "Browse", true, browse,
      { SERVICE_IN("ObjectID", "A_ARG_TYPE_ObjectID"),
        SERVICE_IN("BrowseFlag", "A_ARG_TYPE_BrowseFlag"), PAGE_ARGUMENTS } },
    { "Search", true, search,
      { SERVICE_IN("ContainerID", "A_ARG_TYPE_ObjectID"),
        SERVICE_IN("SearchCriteria", "A_ARG_TYPE_SearchCriteria"), PAGE_ARGUMENTS } },
    { .name = NULL },
};

static char *
value(Service *service, const char *variable)
{
    return g_strdup_printf("%" G_GUINT32_FORMAT,
                           catalog_update_id(((ContentDirectory *)service)->catalog));
}

static void
content_directory_free(Service *service)
{
    ContentDirectory *directory = (ContentDirectory *)service;

    moderator_clear(&directory->moderator);
    service_clear(service);
    g_free(directory);
}

static const ServiceTable table = {
    .name = "AVContentDirectory",
    .version = 1,
    .variables = variables,
    .actions = actions,
    .value = value,
    .free = content_directory_free,
};

static void
tell_update_id(gpointer data)
{
    observers_notify(((Service *)data)->observers, "SystemUpdateID");
}

Service *
content_directory_new(Catalog *catalog, Clock *clock)
{
    ContentDirectory *directory = g_new0(ContentDirectory, 1);

    service_init(&directory->base, &table);
    directory->catalog = catalog;
    moderator_init(&directory->moderator, clock, UPDATE_INTERVAL_MS, tell_update_id, directory);
    return &directory->base;
}

void
content_directory_changed(Service *service)
{
    moderator_poke(&((ContentDirectory *)service)->moderator);
}
