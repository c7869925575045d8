/* content-directory.c -- ContentDirectory:1 over the Catalog port: its table, and what it tells of
 * changes; the actions are in content-directory-read.c, -intake.c and -samsung.c */
#include "av/content-directory-room.h"

#include <string.h>

/* 2.5.20, 2.5.21: SystemUpdateID and ContainerUpdateIDs are evented at most every two seconds. */
#define UPDATE_INTERVAL_MS 2000
#define CONTAINERS_TOLD_MAX 200

static void
get_system_update_id(Service *service, ServiceCall *call)
{
    service_call_put_number(call, "Id", catalog_update_id(((ContentDirectory *)service)->catalog));
    service_call_return(call);
}

const Dialect *
content_directory_dialect(const ServiceCall *call)
{
    const Dialect *dialect = service_call_dialect(call);

    return dialect != NULL ? dialect : &dialect_plain;
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
    { .name = "A_ARG_TYPE_TagValueList", .type = SERVICE_STRING },
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
    { "GetSearchCapabilities", true, content_directory_get_search_capabilities,
      { SERVICE_OUT("SearchCaps", "SearchCapabilities") } },
    { "GetSortCapabilities", true, content_directory_get_sort_capabilities,
      { SERVICE_OUT("SortCaps", "SortCapabilities") } },
    { "GetSystemUpdateID", true, get_system_update_id, { SERVICE_OUT("Id", "SystemUpdateID") } },
    { "Browse", true, content_directory_browse,
      { SERVICE_IN("ObjectID", "A_ARG_TYPE_ObjectID"),
        SERVICE_IN("BrowseFlag", "A_ARG_TYPE_BrowseFlag"), PAGE_ARGUMENTS } },
    { "Search", true, content_directory_search,
      { SERVICE_IN("ContainerID", "A_ARG_TYPE_ObjectID"),
        SERVICE_IN("SearchCriteria", "A_ARG_TYPE_SearchCriteria"), PAGE_ARGUMENTS } },
    { "X_GetFeatureList", true, content_directory_get_feature_list,
      { SERVICE_OUT("FeatureList", "A_ARG_TYPE_Featurelist") } },
    { "X_SetBookmark", false, content_directory_keep_bookmark,
      { SERVICE_IN("CategoryType", "A_ARG_TYPE_CategoryType"), SERVICE_IN("RID", "A_ARG_TYPE_RID"),
        SERVICE_IN("ObjectID", "A_ARG_TYPE_ObjectID"),
        SERVICE_IN("PosSecond", "A_ARG_TYPE_PosSec") } },
    { "UpdateObject", false, content_directory_update_object,
      { SERVICE_IN("ObjectID", "A_ARG_TYPE_ObjectID"),
        SERVICE_IN("CurrentTagValue", "A_ARG_TYPE_TagValueList"),
        SERVICE_IN("NewTagValue", "A_ARG_TYPE_TagValueList") } },
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

static Audience *
audience_of(const ContentDirectory *directory, const char *device, const char *address)
{
    return directory->audience != NULL
               ? directory->audience(device, address, directory->audience_data) : NULL;
}

Catalog
content_directory_seen(const ContentDirectory *directory, const ServiceCall *call,
                       Audience **audience)
{
    *audience = audience_of(directory, service_call_asker(call, ASKER_DEVICE),
                            service_call_asker(call, ASKER_ADDRESS));
    return catalog_seen_by(directory->catalog, *audience);
}

/* Of each audience a number of its own. */
static uint64_t
edition(Service *service, const char *asker)
{
    ContentDirectory *directory = (ContentDirectory *)service;
    g_autoptr(Audience) audience = audience_of(directory, "", asker);

    return (uint64_t)audience_number(audience) << 32 |
           (guint)g_atomic_int_get(&directory->edition);
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
content_directory_set_audience(Service *service, ContentDirectoryAudience audience, gpointer data)
{
    ContentDirectory *directory = (ContentDirectory *)service;

    directory->audience = audience;
    directory->audience_data = data;
}

void
content_directory_set_use(Service *service, ContentDirectoryUse use, gpointer data)
{
    ContentDirectory *directory = (ContentDirectory *)service;

    directory->use = use;
    directory->use_data = data;
}

void
content_directory_set_forms(Service *service, MediaForms forms)
{
    ((ContentDirectory *)service)->forms = forms;
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
