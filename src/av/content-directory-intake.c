/* content-directory-intake.c -- what others bring: CreateObject and its like (ContentDirectory:1,
 * 2.7.10 to 2.7.15)
 *
 * Elements announces one item; its bytes go to the importUri of the answer, by POST or PUT, or are
 * fetched there by ImportResource. Only who made an object may take it away. */
#include "av/content-directory-room.h"
#include "base/error.h"
#include "wire/didl.h"
#include "wire/protocol-info.h"
#include "wire/xml.h"

#include <string.h>

#define ELEMENTS_LENGTH_MAX (64 * 1024)
/* A parent of the server's own choice (DLNA guidelines 7.3.128). */
#define ANY_CONTAINER "DLNA.ORG_AnyContainer"

/* An error of the Intake by the numbers of 2.7.16; what a code means depends on the action. */
typedef struct {
    int denied, not_found, conflict;
} Meaning;

static void
fail(ServiceCall *call, const GError *error, const Meaning *meaning)
{
    const int codes[DUO_ERROR_N] = {
        [DUO_ERROR_INVALID] = BAD_METADATA, [DUO_ERROR_DENIED] = meaning->denied,
        [DUO_ERROR_NOT_FOUND] = meaning->not_found, [DUO_ERROR_CONFLICT] = meaning->conflict,
        [DUO_ERROR_BUSY] = TRANSFER_BUSY,
    };
    int code = error->domain == DUO_ERROR && error->code < DUO_ERROR_N ? codes[error->code] : 0;

    service_call_fail(call, code != 0 ? code : CANNOT_PROCESS, "%s", error->message);
}

static Intake *
intake_of(Service *service, ServiceCall *call, int refusal)
{
    Intake *intake = ((ContentDirectory *)service)->intake;

    if (intake == NULL)
        service_call_fail(call, refusal,
                          "this library takes no uploads: its owner has not set a folder");
    return intake;
}

/* -- CreateObject ------------------------------------------------------------------------------ */

/* The type of the first resource, or what the title ends with; NULL: neither says. The caller's. */
static char *
mime_of(const DidlItem *item)
{
    for (guint i = 0; i < item->resources->len; i++) {
        const DidlResource *resource = item->resources->pdata[i];
        ProtocolInfo info;
        if (resource->protocol_info == NULL ||
            !protocol_info_decode(resource->protocol_info, &info, NULL))
            continue;
        char *mime = mime_kind(info.mime) != MEDIA_ANY ? g_strdup(info.mime) : NULL;
        protocol_info_clear(&info);
        if (mime != NULL)
            return mime;
    }
    return g_strdup(mime_from_name(item->title));
}

static uint64_t
size_of(const DidlItem *item)
{
    const DidlResource *resource = item->resources->len > 0 ? item->resources->pdata[0] : NULL;

    return resource != NULL ? (uint64_t)resource->size_bytes : 0;
}

static char *
print_created(const char *id, const char *parent, const IntakeWish *wish, const char *import_uri)
{
    g_autofree char *protocol_info = g_strdup_printf("*:*:%s:*", wish->mime);
    g_autoptr(GString) text = g_string_new(NULL);
    XmlWriter writer;

    xml_writer_init(&writer, text);
    xml_write_start(&writer, "DIDL-Lite");
    xml_write_attribute(&writer, "xmlns", "urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/");
    xml_write_attribute(&writer, "xmlns:dc", "http://purl.org/dc/elements/1.1/");
    xml_write_attribute(&writer, "xmlns:upnp", "urn:schemas-upnp-org:metadata-1-0/upnp/");
    xml_write_start(&writer, "item");
    xml_write_attribute(&writer, "id", id);
    xml_write_attribute(&writer, "parentID", parent);
    xml_write_attribute(&writer, "restricted", "0");
    xml_write_leaf(&writer, "dc:title", wish->title);
    xml_write_leaf(&writer, "upnp:class", mime_upnp_class(wish->mime));
    xml_write_start(&writer, "res");
    xml_write_attribute(&writer, "protocolInfo", protocol_info);
    xml_write_attribute(&writer, "importUri", import_uri);
    xml_write_end(&writer);
    xml_write_end(&writer);
    xml_write_end(&writer);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static bool
is_container(const MediaObject *object, gpointer data)
{
    *(bool *)data = object->kind == MEDIA_CONTAINER;
    return true;
}

static bool
check_parent(const ContentDirectory *directory, ServiceCall *call, const char *id)
{
    bool is_known = strcmp(id, ANY_CONTAINER) == 0;
    g_autoptr(Audience) audience = NULL;
    Catalog catalog = content_directory_seen(directory, call, &audience);

    if (!is_known)
        catalog_get(&catalog, id, is_container, &is_known, NULL);
    if (!is_known)
        service_call_fail(call, NO_SUCH_CONTAINER, "there is no container \"%.100s\"", id);
    return is_known;
}

static DidlItem *
read_elements(ServiceCall *call)
{
    const char *text = service_call_text(call, "Elements");
    g_autoptr(GError) error = NULL;
    DidlItem *item = strlen(text) <= ELEMENTS_LENGTH_MAX ? didl_decode(text, &error) : NULL;
    bool is_whole = item != NULL && item->title != NULL && *item->title != '\0';

    if (is_whole)
        return item;
    service_call_fail(call, BAD_METADATA, "Elements: %s",
                      error != NULL ? error->message : "one item with a title is needed");
    didl_item_free(item);
    return NULL;
}

void
content_directory_create_object(Service *service, ServiceCall *call)
{
    static const Meaning meaning = { RESTRICTED_PARENT, CANNOT_PROCESS, CANNOT_PROCESS };
    Intake *intake = intake_of(service, call, RESTRICTED_PARENT);
    g_autoptr(GError) error = NULL;
    g_autofree char *id = NULL, *address = NULL;

    if (intake == NULL)
        return; /* and the call is gone */
    const char *parent = service_call_text(call, "ContainerID");
    if (!check_parent((ContentDirectory *)service, call, parent))
        return;
    g_autoptr(DidlItem) item = read_elements(call);
    if (item == NULL)
        return;
    g_autofree char *mime = mime_of(item);
    const IntakeWish wish = { item->title, mime, size_of(item) };
    if (mime == NULL) {
        service_call_fail(call, BAD_METADATA, "protocolInfo of a res must say what it is");
        return;
    }
    if (!intake->class->announce(intake, &wish, service_call_asker(call, ASKER_ADDRESS), &id,
                                 &address, &error)) {
        fail(call, error, &meaning);
        return;
    }
    g_autofree char *import_uri = g_strconcat(service_call_base_url(call), address, NULL);
    service_call_put_text(call, "ObjectID", id);
    service_call_take_text(call, "Result", print_created(id, parent, &wish, import_uri));
    service_call_return(call);
}

/* -- The others -------------------------------------------------------------------------------- */

void
content_directory_destroy_object(Service *service, ServiceCall *call)
{
    static const Meaning meaning = { RESTRICTED_OBJECT, RESTRICTED_OBJECT, CANNOT_PROCESS };
    ContentDirectory *directory = (ContentDirectory *)service;
    Intake *intake = directory->intake;
    const char *id = service_call_text(call, "ObjectID");
    g_autoptr(Audience) audience = NULL;
    Catalog catalog = content_directory_seen(directory, call, &audience);
    g_autoptr(GError) error = NULL;
    bool is_known = false;

    if (intake != NULL &&
        intake->class->withdraw(intake, id, service_call_asker(call, ASKER_ADDRESS), &error)) {
        service_call_return(call);
        return;
    }
    if (error != NULL && error->code != DUO_ERROR_NOT_FOUND)
        fail(call, error, &meaning);
    else if (catalog_get(&catalog, id, is_container, &is_known, NULL))
        service_call_fail(call, RESTRICTED_OBJECT, "only who brought an object may take it away");
    else
        service_call_fail(call, NO_SUCH_OBJECT, "there is no object \"%.100s\"", id);
}

void
content_directory_import_resource(Service *service, ServiceCall *call)
{
    static const Meaning meaning = { SOURCE_DENIED, NO_SUCH_DESTINATION, DESTINATION_DENIED };
    Intake *intake = intake_of(service, call, DESTINATION_DENIED);
    g_autoptr(GError) error = NULL;

    if (intake == NULL)
        return;
    uint32_t transfer = intake->class->fetch(intake, service_call_text(call, "SourceURI"),
                                             service_call_text(call, "DestinationURI"),
                                             service_call_asker(call, ASKER_ADDRESS), &error);
    if (transfer == 0 && g_error_matches(error, DUO_ERROR, DUO_ERROR_INVALID)) {
        service_call_fail(call, NO_SUCH_SOURCE, "%s", error->message);
    } else if (transfer == 0) {
        fail(call, error, &meaning);
    } else {
        service_call_put_number(call, "TransferID", transfer);
        service_call_return(call);
    }
}

void
content_directory_get_transfer_progress(Service *service, ServiceCall *call)
{
    static const char *const states[INTAKE_STATE_N] = { "IN_PROGRESS", "COMPLETED", "STOPPED",
                                                        "ERROR" };
    static const Meaning meaning = { NO_SUCH_TRANSFER, NO_SUCH_TRANSFER, NO_SUCH_TRANSFER };
    Intake *intake = intake_of(service, call, NO_SUCH_TRANSFER);
    g_autoptr(GError) error = NULL;
    IntakeProgress progress;

    if (intake == NULL)
        return;
    if (!intake->class->progress(intake, (uint32_t)service_call_number(call, "TransferID"),
                                 &progress, &error)) {
        fail(call, error, &meaning);
        return;
    }
    service_call_put_text(call, "TransferStatus", states[progress.state]);
    service_call_put_number(call, "TransferLength", (int64_t)progress.done_bytes);
    service_call_put_number(call, "TransferTotal", (int64_t)progress.total_bytes);
    service_call_return(call);
}

void
content_directory_stop_transfer(Service *service, ServiceCall *call)
{
    static const Meaning meaning = { NO_SUCH_TRANSFER, NO_SUCH_TRANSFER, NO_SUCH_TRANSFER };
    Intake *intake = intake_of(service, call, NO_SUCH_TRANSFER);
    g_autoptr(GError) error = NULL;

    if (intake == NULL)
        return;
    if (intake->class->stop(intake, (uint32_t)service_call_number(call, "TransferID"),
                            service_call_asker(call, ASKER_ADDRESS), &error))
        service_call_return(call);
    else
        fail(call, error, &meaning);
}

char *
content_directory_transfers(const ContentDirectory *directory)
{
    Intake *intake = directory->intake;

    return intake != NULL ? intake->class->transfers(intake) : g_strdup("");
}
