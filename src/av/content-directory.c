/* content-directory.c -- ContentDirectory:1 over the Catalog port
 *
 * Every action reads a snapshot and answers at once on whichever thread asked. What came as text
 * (sort criteria, search criteria) becomes a question of the Catalog; what the Catalog shows
 * becomes DIDL-Lite while it is shown. */
#include "av/content-directory-private.h"
#include "base/error.h"
#include "wire/didl.h"
#include "wire/search-criteria.h"

#include <string.h>

/* A page ends here even when more was asked for, unless the asker takes more: escaped into its
 * envelope it stays below the 1 MiB that IGRS peers take (igrs/PROFILE.md section 1).
 * NumberReturned tells. */
#define RESULT_SIZE_MAX (768 * 1024)
#define SORT_LENGTH_MAX 1024
/* 2.5.20, 2.5.21: SystemUpdateID and ContainerUpdateIDs are evented at most every two seconds. */
#define UPDATE_INTERVAL_MS 2000
#define CONTAINERS_TOLD_MAX 200

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
page_begin(Page *page, ServiceCall *call)
{
    page->text = g_string_sized_new(4096);
    page->returned = 0;
    page->size_max = MAX(service_call_reply_max(call), RESULT_SIZE_MAX);
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
    if (read_sort(service_call_text(call, "SortCriteria"), range))
        return true;
    service_call_fail(call, BAD_SORT, "SortCriteria: cannot sort by \"%.100s\"",
                      service_call_text(call, "SortCriteria"));
    return false;
}

/* -- Actions ----------------------------------------------------------------------------------- */

/* An id of CreateObject leads to what became of it. */
static void
get_object(const ContentDirectory *directory, const char *id, MediaVisit visit, gpointer user_data,
           GError **error)
{
    Intake *intake = directory->intake;

    if (intake == NULL || !intake->class->get(intake, id, visit, user_data, NULL))
        catalog_get(directory->catalog, id, visit, user_data, error);
}

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
        get_object((ContentDirectory *)service, id, page_visit, &page, &error);
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

/* -- What Samsung sets ask ---------------------------------------------------------------------- */

/* Where a set begins in each kind, of the library's lasting ids (appliance/library.h). */
static const struct {
    const char *id, *upnp_class;
} basic_views[] = {
    { "music", "object.item.audioItem" },
    { "videos", "object.item.videoItem" },
    { "pictures", "object.item.imageItem" },
};

static bool
do_not_look(const MediaObject *object, gpointer user_data)
{
    return false;
}

/* Ids that Browse does not know would show an empty server (FIELD-NOTES B1), so only those there
 * are. */
static void
get_feature_list(Service *service, ServiceCall *call)
{
    Catalog *catalog = ((ContentDirectory *)service)->catalog;
    XmlWriter writer;
    GString *text = g_string_new(NULL);

    xml_writer_init(&writer, text);
    xml_write_declaration(&writer);
    xml_write_start(&writer, "Features");
    xml_write_attribute(&writer, "xmlns", "urn:schemas-upnp-org:av:avs");
    xml_write_start(&writer, "Feature");
    xml_write_attribute(&writer, "name", "samsung.com_BASICVIEW");
    xml_write_attribute(&writer, "version", "1");
    for (guint i = 0; i < G_N_ELEMENTS(basic_views); i++) {
        if (!catalog_get(catalog, basic_views[i].id, do_not_look, NULL, NULL))
            continue;
        xml_write_start(&writer, "container");
        xml_write_attribute(&writer, "id", basic_views[i].id);
        xml_write_attribute(&writer, "type", basic_views[i].upnp_class);
        xml_write_end(&writer);
    }
    xml_write_end(&writer);
    xml_write_end(&writer);
    service_call_take_text(call, "FeatureList", g_string_free(text, FALSE));
    service_call_return(call);
}

static void
set_bookmark(Service *service, ServiceCall *call)
{
    ContentDirectory *directory = (ContentDirectory *)service;
    const char *id = service_call_text(call, "ObjectID");
    g_autoptr(GError) error = NULL;
    g_autoptr(MediaObject) object = catalog_find(directory->catalog, id, &error);

    if (object == NULL || object->kind == MEDIA_CONTAINER) {
        service_call_fail(call, NO_SUCH_OBJECT, "%s is no item", id);
        return;
    }
    if (directory->bookmark == NULL) {
        service_call_fail(call, CANNOT_PROCESS, "bookmarks are not kept here");
        return;
    }
    directory->bookmark(id, service_call_number(call, "PosSecond") * 1000,
                        directory->bookmark_data);
    service_call_return(call);
}

/* -- The table --------------------------------------------------------------------------------- */

static const char *const browse_flags[] = { "BrowseMetadata", "BrowseDirectChildren", NULL };

static const char *const transfer_states[] = { "IN_PROGRESS", "COMPLETED", "STOPPED", "ERROR",
                                               NULL };

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
    { .name = "ContainerUpdateIDs", .type = SERVICE_STRING, .is_evented = true },
    { .name = "A_ARG_TYPE_Featurelist", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_CategoryType", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_RID", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_PosSec", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_URI", .type = SERVICE_URI },
    { .name = "A_ARG_TYPE_TransferID", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_TransferStatus", .type = SERVICE_STRING, .allowed = transfer_states },
    { .name = "A_ARG_TYPE_TransferLength", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_TransferTotal", .type = SERVICE_STRING },
    { .name = "TransferIDs", .type = SERVICE_STRING, .is_evented = true },
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
    { "X_GetFeatureList", true, get_feature_list,
      { SERVICE_OUT("FeatureList", "A_ARG_TYPE_Featurelist") } },
    { "X_SetBookmark", false, set_bookmark,
      { SERVICE_IN("CategoryType", "A_ARG_TYPE_CategoryType"), SERVICE_IN("RID", "A_ARG_TYPE_RID"),
        SERVICE_IN("ObjectID", "A_ARG_TYPE_ObjectID"),
        SERVICE_IN("PosSecond", "A_ARG_TYPE_PosSec") } },
    { "CreateObject", false, content_directory_create_object,
      { SERVICE_IN("ContainerID", "A_ARG_TYPE_ObjectID"), SERVICE_IN("Elements", "A_ARG_TYPE_Result"),
        SERVICE_OUT("ObjectID", "A_ARG_TYPE_ObjectID"), SERVICE_OUT("Result", "A_ARG_TYPE_Result") } },
    { "DestroyObject", false, content_directory_destroy_object,
      { SERVICE_IN("ObjectID", "A_ARG_TYPE_ObjectID") } },
    { "ImportResource", false, content_directory_import_resource,
      { SERVICE_IN("SourceURI", "A_ARG_TYPE_URI"), SERVICE_IN("DestinationURI", "A_ARG_TYPE_URI"),
        SERVICE_OUT("TransferID", "A_ARG_TYPE_TransferID") } },
    { "GetTransferProgress", false, content_directory_get_transfer_progress,
      { SERVICE_IN("TransferID", "A_ARG_TYPE_TransferID"),
        SERVICE_OUT("TransferStatus", "A_ARG_TYPE_TransferStatus"),
        SERVICE_OUT("TransferLength", "A_ARG_TYPE_TransferLength"),
        SERVICE_OUT("TransferTotal", "A_ARG_TYPE_TransferTotal") } },
    { "StopTransferResource", false, content_directory_stop_transfer,
      { SERVICE_IN("TransferID", "A_ARG_TYPE_TransferID") } },
    { .name = NULL },
};

static char *
value(Service *service, const char *variable)
{
    ContentDirectory *directory = (ContentDirectory *)service;

    if (strcmp(variable, "ContainerUpdateIDs") == 0)
        return g_strdup(directory->told);
    if (strcmp(variable, "TransferIDs") == 0)
        return content_directory_transfers(directory);
    return g_strdup_printf("%" G_GUINT32_FORMAT, catalog_update_id(directory->catalog));
}

static unsigned
edition(Service *service)
{
    return (unsigned)g_atomic_int_get(&((ContentDirectory *)service)->edition);
}

static void
content_directory_free(Service *service)
{
    ContentDirectory *directory = (ContentDirectory *)service;

    if (directory->intake != NULL)
        observers_remove(directory->intake->observers, directory->intake_observer);
    moderator_clear(&directory->moderator);
    g_hash_table_unref(directory->changed);
    g_free(directory->told);
    service_clear(service);
    g_free(directory);
}

static const ServiceTable table = {
    .name = "AVContentDirectory",
    .version = 1,
    .variables = variables,
    .actions = actions,
    .value = value,
    .edition = edition,
    .free = content_directory_free,
};

/* "id,update id,id,update id": the containers that changed since the last time; nothing where they
 * are too many, which SystemUpdateID then tells alone. */
static char *
print_changed(const ContentDirectory *directory)
{
    GString *text = g_string_new(NULL);
    GHashTableIter iter;
    gpointer id, update_id;

    g_hash_table_iter_init(&iter, directory->changed);
    while (!directory->has_too_many && g_hash_table_iter_next(&iter, &id, &update_id))
        g_string_append_printf(text, "%s%s,%u", text->len > 0 ? "," : "", (char *)id,
                               GPOINTER_TO_UINT(update_id));
    return g_string_free(text, FALSE);
}

static void
tell_update_ids(gpointer data)
{
    ContentDirectory *directory = data;

    g_free(directory->told);
    directory->told = print_changed(directory);
    g_hash_table_remove_all(directory->changed);
    directory->has_too_many = false;
    observers_notify(directory->base.observers, "SystemUpdateID");
    if (*directory->told != '\0')
        observers_notify(directory->base.observers, "ContainerUpdateIDs");
}

Service *
content_directory_new(Catalog *catalog, Clock *clock)
{
    ContentDirectory *directory = g_new0(ContentDirectory, 1);

    service_init(&directory->base, &table);
    directory->catalog = catalog;
    directory->changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    directory->told = g_strdup("");
    moderator_init(&directory->moderator, clock, UPDATE_INTERVAL_MS, tell_update_ids, directory);
    return &directory->base;
}

void
content_directory_set_bookmark(Service *service, ContentDirectoryBookmark bookmark, gpointer data)
{
    ContentDirectory *directory = (ContentDirectory *)service;

    directory->bookmark = bookmark;
    directory->bookmark_data = data;
}

void
content_directory_changed(Service *service, uint32_t update_id, const char *const *containers)
{
    ContentDirectory *directory = (ContentDirectory *)service;

    g_atomic_int_inc(&directory->edition);
    directory->has_too_many = directory->has_too_many || containers == NULL;
    for (; containers != NULL && *containers != NULL; containers++) {
        if (g_hash_table_size(directory->changed) >= CONTAINERS_TOLD_MAX)
            directory->has_too_many = true;
        else
            g_hash_table_replace(directory->changed, g_strdup(*containers),
                                 GUINT_TO_POINTER(update_id));
    }
    moderator_poke(&directory->moderator);
}

static void
on_transfers(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    observers_notify(((Service *)user_data)->observers, "TransferIDs");
}

void
content_directory_set_intake(Service *service, Intake *intake)
{
    ContentDirectory *directory = (ContentDirectory *)service;

    directory->intake = intake;
    directory->intake_observer = observers_add(intake->observers, on_transfers, service);
}
