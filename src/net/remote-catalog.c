/* remote-catalog.c -- see remote-catalog.h
 *
 * That a server is there is known from its answers and events, that it is not from their
 * absence. */
#include "net/remote-catalog.h"

#include "base/error.h"
#include "base/text.h"
#include "model/service.h"
#include "wire/content-question.h"

#include <string.h>

#define LOOK_AWAY_MS 5000     /* whether it answers again */
#define CAPABILITIES_MAX 4096 /* octets; a longer list is not believed */

/* A question from its asking to its answer; the catalog is not looked at once it was cancelled. */
typedef struct {
    RemoteCatalog *catalog;
    CatalogQuestion question; /* texts are ours */
    CatalogAnswered answered;
    gpointer user_data;
} Question;

static Question *
question_new(RemoteCatalog *catalog, const CatalogQuestion *asked, CatalogAnswered answered,
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

static void
on_look_due(gpointer data)
{
    RemoteCatalog *catalog = data;

    catalog->look_timer = 0;
    remote_catalog_look(catalog);
}

/* What an answer, or none, says of the device. False: the catalog is gone. */
static bool
notice(RemoteCatalog *catalog, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return false;
    if (!g_error_matches(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE) &&
        !g_error_matches(error, DUO_ERROR, DUO_ERROR_TIMEOUT)) {
        remote_server_set_away(&catalog->server, NULL);
        return true;
    }
    if (catalog->server.is_online)
        remote_server_set_away(&catalog->server, "it does not answer");
    if (catalog->look_timer == 0 && catalog->class->is_announced(catalog))
        catalog->look_timer = clock_after(catalog->clock, LOOK_AWAY_MS, on_look_due, catalog);
    return true;
}

static void
take_update_id(RemoteCatalog *catalog, const char *text)
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

void
remote_catalog_look(RemoteCatalog *catalog)
{
    clock_cancel(catalog->clock, &catalog->look_timer);
    catalog->class->invoke(catalog, soap_call_new(NULL, "GetSystemUpdateID"), on_looked, catalog);
}

/* -- Questions --------------------------------------------------------------------------------- */

static void
on_answered(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Question *question = user_data;
    RemoteCatalog *catalog = question->catalog;
    g_autoptr(GError) problem = NULL;
    g_autoptr(CatalogPage) page = NULL;

    if (notice(catalog, error) && answer != NULL)
        page = content_page_decode(&question->question, answer, catalog->host, &problem);
    else if (error->domain == SERVICE_ERROR)
        problem = content_error_decode(error->code, error->message);
    else
        problem = g_error_copy(error);
    finish(question, page, problem);
}

static void
ask(Question *question)
{
    RemoteCatalog *catalog = question->catalog;
    g_autoptr(GError) error = NULL;
    SoapCall *call = content_question_encode(&question->question, catalog->capabilities, &error);

    if (call == NULL)
        finish(question, NULL, error);
    else
        catalog->class->invoke(catalog, call, on_answered, question);
}

/* A device without the action can search for nothing. */
static void
on_capabilities(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Question *question = user_data;
    RemoteCatalog *catalog = question->catalog;
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
remote_catalog_ask(RemoteServer *server, const CatalogQuestion *asked, CatalogAnswered answered,
                   gpointer user_data)
{
    RemoteCatalog *catalog = (RemoteCatalog *)server;
    Question *question = question_new(catalog, asked, answered, user_data);

    if (asked->verb == CATALOG_SEARCH && catalog->capabilities == NULL)
        catalog->class->invoke(catalog, soap_call_new(NULL, "GetSearchCapabilities"),
                               on_capabilities, question);
    else
        ask(question);
}

/* -- What the wire tells ----------------------------------------------------------------------- */

void
remote_catalog_set_place(RemoteCatalog *catalog, const char *name, const char *url)
{
    g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;

    g_clear_pointer(&catalog->capabilities, g_free);
    g_free(catalog->host);
    catalog->host = uri != NULL ? g_strdup(g_uri_get_host(uri)) : NULL;
    remote_server_set_face(&catalog->server, name, url);
}

void
remote_catalog_set_gone(RemoteCatalog *catalog, const char *reason)
{
    clock_cancel(catalog->clock, &catalog->look_timer);
    remote_server_set_away(&catalog->server, reason);
}

void
remote_catalog_take_event(RemoteCatalog *catalog, const char *name, const char *value,
                          bool is_followed)
{
    if (name != NULL) {
        if (strcmp(name, "SystemUpdateID") == 0)
            take_update_id(catalog, value);
        return;
    }
    remote_server_set_followed(&catalog->server, is_followed);
    if (is_followed)
        remote_server_set_away(&catalog->server, NULL);
    else if (catalog->class->is_announced(catalog))
        remote_catalog_look(catalog); /* is it still there? */
}

/* -- Making ------------------------------------------------------------------------------------ */

static void
remote_catalog_free(RemoteServer *server)
{
    RemoteCatalog *catalog = (RemoteCatalog *)server;

    catalog->class->free(catalog);
}

static const RemoteServerClass server_class = { remote_catalog_ask, remote_catalog_free };

void
remote_catalog_init(RemoteCatalog *catalog, const RemoteCatalogClass *class, Clock *clock,
                    const char *id, const char *name, const char *kind)
{
    *catalog = (RemoteCatalog){ .class = class, .clock = clock,
                                .cancellable = g_cancellable_new() };
    remote_server_init(&catalog->server, &server_class, clock, id, name, kind);
}

void
remote_catalog_clear(RemoteCatalog *catalog)
{
    clock_cancel(catalog->clock, &catalog->look_timer);
    g_cancellable_cancel(catalog->cancellable);
    g_object_unref(catalog->cancellable);
    remote_server_clear(&catalog->server);
    g_free(catalog->host);
    g_free(catalog->capabilities);
}
