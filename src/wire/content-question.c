/* content-question.c -- see content-question.h */
#include "wire/content-question.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/didl.h"
#include "wire/search-criteria.h"

#include <string.h>

/* More than any library has: a server that says more, or begins anew for ever, is held to it. */
#define TOTAL_MAX 1000000

static const char *const sort_criteria[] = {
    [CATALOG_SORT_NATURAL] = NULL,
    [CATALOG_SORT_TITLE] = "dc:title",
    [CATALOG_SORT_DATE] = "dc:date",
    [CATALOG_SORT_SIZE] = "res@size",
    [CATALOG_SORT_DURATION] = "res@duration",
    [CATALOG_SORT_TRACK] = "upnp:originalTrackNumber",
    [CATALOG_SORT_ARTIST] = "upnp:artist",
    [CATALOG_SORT_ALBUM] = "upnp:album",
};
G_STATIC_ASSERT(G_N_ELEMENTS(sort_criteria) == CATALOG_SORT_N);

static char *
sort_of(const CatalogRange *range)
{
    const char *property = sort_criteria[range->sort];

    return property == NULL ? g_strdup("")
                            : g_strconcat(range->is_descending ? "-" : "+", property, NULL);
}

/* -- What is searched for ---------------------------------------------------------------------- */

/* Where words are looked for, as far as the server can. */
static const char *const word_properties[] = { "dc:title", "dc:creator", "upnp:artist",
                                               "upnp:album", "upnp:genre" };

static const char *const kind_classes[] = {
    [MEDIA_CONTAINER] = "object.container",
    [MEDIA_AUDIO] = "object.item.audioItem",
    [MEDIA_VIDEO] = "object.item.videoItem",
    [MEDIA_IMAGE] = "object.item.imageItem",
    [MEDIA_ANY] = "object.item",
};

static bool
can_search(const char *capabilities, const char *property)
{
    g_auto(GStrv) names = g_strsplit(capabilities, ",", 64);

    for (char **name = names; *name != NULL; name++)
        if (strcmp(g_strstrip(*name), "*") == 0 || strcmp(*name, property) == 0)
            return true;
    return false;
}

/* One word in any of the properties; NULL: the server knows none of them. */
static Criteria *
word_criteria(const char *word, const char *capabilities)
{
    Criteria *any = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(word_properties); i++) {
        if (!can_search(capabilities, word_properties[i]))
            continue;
        Criteria *test = criteria_new_test(CRITERIA_CONTAINS, g_strdup(word_properties[i]),
                                           g_strdup(word));
        any = any == NULL ? test : criteria_new_pair(CRITERIA_OR, any, test);
    }
    return any;
}

/* Every word, of the kind that is wanted. */
static char *
search_criteria_of(const CatalogSearch *search, const char *capabilities, GError **error)
{
    g_autoptr(Criteria) all =
        criteria_new_test(CRITERIA_DERIVED_FROM, g_strdup("upnp:class"),
                          g_strdup(kind_classes[search->kind]));
    g_auto(GStrv) words = g_strsplit_set(search->words != NULL ? search->words : "", " \t", 32);

    for (char **word = words; *word != NULL; word++) {
        if (**word == '\0')
            continue;
        Criteria *test = word_criteria(*word, capabilities);
        if (test == NULL) {
            g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                                "this server cannot be searched");
            return NULL;
        }
        all = criteria_new_pair(CRITERIA_AND, g_steal_pointer(&all), test);
    }
    g_autofree char *text = search_criteria_encode(all);
    if (search->criteria == NULL)
        return g_steal_pointer(&text);
    g_autofree char *more = search_criteria_encode(search->criteria);
    return g_strdup_printf("%s and (%s)", text, more);
}

/* -- Questions --------------------------------------------------------------------------------- */

SoapCall *
content_question_encode(const CatalogQuestion *question, const char *capabilities, GError **error)
{
    const CatalogRange *range = &question->range;
    bool is_search = question->verb == CATALOG_SEARCH;
    g_autoptr(SoapCall) call = soap_call_new(NULL, is_search ? "Search" : "Browse");

    if (is_search) {
        const char *container = question->search.container_id;
        char *criteria = search_criteria_of(&question->search, capabilities, error);
        if (criteria == NULL)
            return NULL;
        soap_call_add(call, "ContainerID", container != NULL ? container : "0");
        soap_call_take(call, "SearchCriteria", criteria);
    } else {
        soap_call_add(call, "ObjectID", question->id);
        soap_call_add(call, "BrowseFlag",
                      question->verb == CATALOG_GET ? "BrowseMetadata" : "BrowseDirectChildren");
    }
    soap_call_add(call, "Filter", "*");
    soap_call_take(call, "StartingIndex", g_strdup_printf("%u", range->offset));
    soap_call_take(call, "RequestedCount", g_strdup_printf("%u", range->limit));
    soap_call_take(call, "SortCriteria", sort_of(range));
    return g_steal_pointer(&call);
}

/* -- Answers ----------------------------------------------------------------------------------- */

typedef struct {
    CatalogPage *page;
    uint32_t limit;
    const char *host;
} Taking;

static bool
is_at(const char *address, const char *host)
{
    g_autoptr(GUri) uri = g_uri_parse(address, G_URI_FLAGS_NONE, NULL);

    return uri != NULL && g_strcmp0(g_uri_get_host(uri), host) == 0;
}

static bool
take(const MediaObject *shown, gpointer user_data)
{
    Taking *taking = user_data;
    MediaObject object = *shown;

    if (object.art_uri != NULL && !is_at(object.art_uri, taking->host))
        object.art_uri = NULL;
    object.has_art = object.art_uri != NULL;
    g_ptr_array_add(taking->page->objects, media_object_copy(&object));
    return taking->page->objects->len < taking->limit;
}

static uint32_t
number_of(const char *text, uint32_t max)
{
    uint32_t number = 0;

    if (text != NULL)
        text_to_u32(text, 0, UINT32_MAX, &number);
    return MIN(number, max);
}

/* A server that does not know how many there are says 0: then there are at least those that
 * came. */
/* Some servers show their root in place of what they do not have. */
static bool
is_what_was_asked(const CatalogQuestion *question, const CatalogPage *page)
{
    const MediaObject *object = page->objects->len > 0 ? page->objects->pdata[0] : NULL;

    return object != NULL && (strcmp(question->id, object->id) == 0 ||
                              strcmp(object->id, "0") != 0);
}

CatalogPage *
content_page_decode(const CatalogQuestion *question, const SoapCall *answer, const char *host,
                    GError **error)
{
    g_autoptr(CatalogPage) page = catalog_page_new();
    bool is_one = question->verb == CATALOG_GET;
    Taking taking = { page, is_one ? 1 : question->range.limit, host };
    const char *result = soap_call_value(answer, "Result");

    if (result == NULL) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "it answered without a result");
        return NULL;
    }
    if (*result != '\0' && !didl_decode_page(result, take, &taking, error))
        return NULL;
    if (is_one && !is_what_was_asked(question, page)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no %s", question->id);
        return NULL;
    }
    page->result.returned = page->objects->len;
    page->result.total = number_of(soap_call_value(answer, "TotalMatches"), TOTAL_MAX);
    page->result.update_id = number_of(soap_call_value(answer, "UpdateID"), UINT32_MAX);
    if (page->objects->len > 0) {
        guint end = question->range.offset + page->objects->len;
        bool may_be_more = page->result.total == 0 && page->objects->len == question->range.limit;
        page->result.total = MAX(page->result.total, end + may_be_more);
    }
    return g_steal_pointer(&page);
}

static const struct {
    int code;
    DuoError error;
} refusals[] = {
    { 402, DUO_ERROR_INVALID },     /* arguments */
    { 701, DUO_ERROR_NOT_FOUND },   /* no such object */
    { 708, DUO_ERROR_UNSUPPORTED }, /* search criteria */
    { 709, DUO_ERROR_UNSUPPORTED }, /* sort criteria */
    { 710, DUO_ERROR_NOT_FOUND },   /* no such container */
};

GError *
content_error_decode(int code, const char *description)
{
    DuoError error = DUO_ERROR_FAILED;

    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (refusals[i].code == code)
            error = refusals[i].error;
    g_autofree char *words = text_clean(description);
    return g_error_new(DUO_ERROR, (int)error, "%s (%d)",
                       words != NULL && *words != '\0' ? words : "it refuses", code);
}
