/* igrs-catalog.c -- see igrs-catalog.h
 *
 * A question is one action; before the first search the device is asked what it can search for. That
 * it is there is known from its answers and events, that it is not from their absence. */
#include "igrs/igrs-catalog.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/content-question.h"

#include <string.h>

#define SERVICE "AVContentDirectory"
#define LOOK_AWAY_MS 5000    /* whether it answers again */
#define CAPABILITIES_MAX 4096 /* octets; a longer list is not believed */

typedef struct {
    RemoteServer server; /* first */
    IgrsClient *client; /* borrowed */
    IgrsNode *node;     /* borrowed: the client's */
    Clock *clock;       /* borrowed */
    char *device_id;
    char *host;                /* of its LOCATION; NULL: not known */
    char *capabilities;        /* what it can search for; NULL: not asked yet */
    GCancellable *cancellable; /* of all our questions: cancelled when freed */
    IgrsSubscription *events;
    guint device_observer;
    guint look_timer; /* while it does not answer */
} IgrsCatalog;

/* A question from its asking to its answer; the catalog is not looked at once it was cancelled. */
typedef struct {
    IgrsCatalog *catalog;
    CatalogQuestion question; /* texts are ours */
    CatalogAnswered answered;
    gpointer user_data;
} Question;

static Question *
question_new(IgrsCatalog *catalog, const CatalogQuestion *asked, CatalogAnswered answered,
             gpointer user_data)
{
    Question *question = g_new(Question, 1);
    CatalogSearch *search = &question->question.search;

    *question = (Question){ catalog, *asked, answered, user_data };
    question->question.id = g_strdup(asked->id);
    search->container_id = g_strdup(search->container_id);
    search->words = g_strdup(search->words);
    return question;
}

static void
question_free(Question *question)
{
    CatalogSearch *search = &question->question.search;

    g_free((char *)question->question.id);
    g_free((char *)search->container_id);
    g_free((char *)search->words);
    g_free(question);
}

static void
finish(Question *question, CatalogPage *page, const GError *error)
{
    question->answered(page, error, question->user_data);
    question_free(question);
}

/* -- Here or away ------------------------------------------------------------------------------ */

static void look(gpointer data);

static bool
is_announced(const IgrsCatalog *catalog)
{
    return igrs_node_find_device(catalog->node, catalog->device_id) != NULL;
}

static void
look_later(IgrsCatalog *catalog)
{
    if (catalog->look_timer == 0 && is_announced(catalog))
        catalog->look_timer = clock_after(catalog->clock, LOOK_AWAY_MS, look, catalog);
}

/* What an answer, or none, says of the device. False: the catalog is gone. */
static bool
notice(IgrsCatalog *catalog, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return false;
    if (g_error_matches(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE) ||
        g_error_matches(error, DUO_ERROR, DUO_ERROR_TIMEOUT)) {
        if (catalog->server.is_online)
            remote_server_set_away(&catalog->server, "it does not answer");
        look_later(catalog);
    } else {
        remote_server_set_away(&catalog->server, NULL);
    }
    return true;
}

static void
take_update_id(IgrsCatalog *catalog, const char *text)
{
    uint32_t update_id;

    if (text != NULL && text_to_u32(text, 0, UINT32_MAX, &update_id))
        remote_server_set_update_id(&catalog->server, update_id);
}

static void
on_looked(const SoapCall *answer, const GError *error, gpointer user_data)
{
    if (notice(user_data, error) && answer != NULL)
        take_update_id(user_data, soap_call_value(answer, "Id"));
}

/* Takes call over. */
static void
invoke(IgrsCatalog *catalog, SoapCall *call, SoapAnswered answered, gpointer user_data)
{
    igrs_client_invoke(catalog->client, catalog->device_id, SERVICE, call, 0, catalog->cancellable,
                       answered, user_data);
}

static void
look(gpointer data)
{
    IgrsCatalog *catalog = data;

    clock_cancel(catalog->clock, &catalog->look_timer);
    invoke(catalog, soap_call_new(NULL, "GetSystemUpdateID"), on_looked, catalog);
}

/* -- Questions --------------------------------------------------------------------------------- */

static void
on_answered(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Question *question = user_data;
    IgrsCatalog *catalog = question->catalog;
    g_autoptr(GError) problem = NULL;
    g_autoptr(CatalogPage) page = NULL;

    if (notice(catalog, error) && answer != NULL) {
        page = content_page_decode(&question->question, answer, catalog->host, &problem);
    } else if (error->domain == SERVICE_ERROR) {
        problem = content_error_decode(error->code, error->message);
    } else {
        problem = g_error_copy(error);
    }
    finish(question, page, problem);
}

static void
ask(Question *question)
{
    IgrsCatalog *catalog = question->catalog;
    g_autoptr(GError) error = NULL;
    SoapCall *call = content_question_encode(&question->question, catalog->capabilities, &error);

    if (call == NULL)
        finish(question, NULL, error);
    else
        invoke(catalog, call, on_answered, question);
}

/* A device without the action can search for nothing. */
static void
on_capabilities(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Question *question = user_data;
    IgrsCatalog *catalog = question->catalog;
    const char *list = answer != NULL ? soap_call_value(answer, "SearchCaps") : NULL;

    if (!notice(catalog, error) || (error != NULL && error->domain != SERVICE_ERROR &&
                                    !g_error_matches(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED))) {
        finish(question, NULL, error);
        return;
    }
    g_free(catalog->capabilities);
    catalog->capabilities =
        g_strdup(list != NULL && strlen(list) <= CAPABILITIES_MAX ? list : "");
    ask(question);
}

static void
igrs_catalog_ask(RemoteServer *server, const CatalogQuestion *asked, CatalogAnswered answered,
                 gpointer user_data)
{
    IgrsCatalog *catalog = (IgrsCatalog *)server;
    Question *question = question_new(catalog, asked, answered, user_data);

    if (asked->verb == CATALOG_SEARCH && catalog->capabilities == NULL)
        invoke(catalog, soap_call_new(NULL, "GetSearchCapabilities"), on_capabilities, question);
    else
        ask(question);
}

/* -- Events ------------------------------------------------------------------------------------ */

static void
on_event(const char *name, const char *value, gpointer user_data)
{
    IgrsCatalog *catalog = user_data;

    if (name == NULL) {
        bool is_followed = igrs_subscription_is_active(catalog->events);
        remote_server_set_followed(&catalog->server, is_followed);
        if (is_followed)
            remote_server_set_away(&catalog->server, NULL);
        else if (is_announced(catalog))
            look(catalog); /* is it still there? */
    } else if (strcmp(name, "SystemUpdateID") == 0) {
        take_update_id(catalog, value);
    }
}

/* The host of its LOCATION, which is numbers. */
static void
set_host(IgrsCatalog *catalog, const char *location)
{
    g_autoptr(GUri) uri =
        location != NULL ? g_uri_parse(location, G_URI_FLAGS_NONE, NULL) : NULL;

    g_free(catalog->host);
    catalog->host = uri != NULL ? g_strdup(g_uri_get_host(uri)) : NULL;
}

/* Started anew it may be able to search for other things. */
static void
on_device_event(gconstpointer data, gpointer user_data)
{
    IgrsCatalog *catalog = user_data;
    const IgrsDeviceEvent *event = data;

    if (!igrs_device_id_equal(event->device->id, catalog->device_id))
        return;
    if (event->change == IGRS_DEVICE_OFFLINE) {
        clock_cancel(catalog->clock, &catalog->look_timer);
        remote_server_set_away(&catalog->server, event->said_goodbye
                                                    ? "it has left the network"
                                                    : "it was not heard of for too long");
        return;
    }
    g_clear_pointer(&catalog->capabilities, g_free);
    set_host(catalog, event->device->location);
    remote_server_set_face(&catalog->server, event->device->name, event->device->location);
    if (event->change == IGRS_DEVICE_ONLINE)
        remote_server_set_away(&catalog->server, NULL);
}

/* -- Making ------------------------------------------------------------------------------------ */

static void
igrs_catalog_free(RemoteServer *server)
{
    IgrsCatalog *catalog = (IgrsCatalog *)server;

    clock_cancel(catalog->clock, &catalog->look_timer);
    g_cancellable_cancel(catalog->cancellable);
    g_object_unref(catalog->cancellable);
    observers_remove(igrs_node_observers(catalog->node), catalog->device_observer);
    igrs_subscription_free(catalog->events);
    remote_server_clear(server);
    g_free(catalog->device_id);
    g_free(catalog->host);
    g_free(catalog->capabilities);
    g_free(catalog);
}

static const RemoteServerClass igrs_catalog_class = { igrs_catalog_ask, igrs_catalog_free };

bool
igrs_catalog_fits(const Device *device)
{
    g_autofree char *type = igrs_service_type_new(SERVICE, 1);

    for (guint i = 0; i < device->services->len; i++)
        if (igrs_type_matches(type,
                              ((DeviceService *)g_ptr_array_index(device->services, i))->type))
            return true;
    return false;
}

RemoteServer *
igrs_catalog_new(IgrsClient *client, Clock *clock, const Device *device)
{
    IgrsCatalog *catalog = g_new0(IgrsCatalog, 1);
    const char *uuid = igrs_device_id_uuid(device->id);
    g_autofree char *id = g_ascii_strdown(uuid != NULL ? uuid : device->id, -1);

    remote_server_init(&catalog->server, &igrs_catalog_class, clock, id, device->name, "igrs");
    remote_server_set_face(&catalog->server, device->name, device->location);
    catalog->client = client;
    catalog->clock = clock;
    catalog->node = igrs_client_node(client);
    catalog->device_id = g_strdup(device->id);
    set_host(catalog, device->location);
    catalog->cancellable = g_cancellable_new();
    catalog->device_observer =
        observers_add(igrs_node_observers(catalog->node), on_device_event, catalog);
    catalog->events =
        igrs_client_subscribe(client, device->id, SERVICE, on_event, catalog);
    look(catalog);
    return &catalog->server;
}
