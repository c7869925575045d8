/* relays.c -- see relays.h
 *
 * An inquiry goes from address to address until one has the media: resolved and judged here, asked
 * on the thread of a relay-fetch. */
#include "appliance/delivery/relays-room.h"

#include "appliance/delivery/hls-relay.h"
#include "appliance/delivery/relay-rules.h"
#include "appliance/delivery/relay-stream.h"
#include "base/chance.h"
#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define KNOWN_MAX 256
#define PATH "/relay/"

/* An address that was named. */
typedef struct {
    char *token, *url;
} Known;

struct Relays {
    RelaysParts parts;
    GPtrArray *known;     /* Known, the oldest first */
    GPtrArray *inquiries; /* Inquiry */
    GPtrArray *lists;     /* HlsRelay, those that are sent on */
    gint streams;         /* atomic; of all that are open */
};

/* Somebody who waits for a stream. */
typedef struct {
    Relays *relays; /* borrowed: the owner */
    char *url;      /* where it is now */
    unsigned redirects;
    GCancellable *cancellable; /* of the resolver, which looks at nothing else afterwards */
    GInetSocketAddress *address;
    RelayFetch *fetch;
    RelayGot got;
    gpointer user_data;
} Inquiry;

static void
known_free(gpointer data)
{
    Known *known = data;

    g_free(known->token);
    g_free(known->url);
    g_free(known);
}

static void
inquiry_free(gpointer data)
{
    Inquiry *inquiry = data;

    g_cancellable_cancel(inquiry->cancellable);
    g_object_unref(inquiry->cancellable);
    relay_fetch_free(inquiry->fetch);
    g_clear_object(&inquiry->address);
    g_free(inquiry->url);
    g_free(inquiry);
}

/* -- An inquiry -------------------------------------------------------------------------------- */

/* The end of it; stream is handed over, NULL with an error. */
static void
answer(Inquiry *inquiry, Stream *stream, bool is_list, const GError *error)
{
    RelayGot got = inquiry->got;
    gpointer user_data = inquiry->user_data;
    g_autofree char *url = g_strdup(inquiry->url);
    RelayFound found = { stream, url, is_list };

    if (error != NULL)
        g_info("%s is not fetched: %s", inquiry->url, error->message);
    g_ptr_array_remove_fast(inquiry->relays->inquiries, inquiry);
    got(stream != NULL ? &found : NULL, error, user_data);
}

static void
refuse(Inquiry *inquiry, DuoError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
refuse(Inquiry *inquiry, DuoError code, const char *format, ...)
{
    va_list words;

    va_start(words, format);
    g_autoptr(GError) error = g_error_new_valist(DUO_ERROR, (gint)code, format, words);
    va_end(words);
    answer(inquiry, NULL, false, error);
}

static bool
is_on_link(const NetInterfaces *interfaces, GInetAddress *address)
{
    const GPtrArray *list = net_interfaces_list(interfaces);

    for (guint i = 0; i < list->len; i++)
        if (net_interface_is_on_link(list->pdata[i], address))
            return true;
    return false;
}

static bool
may_fetch_from(const Relays *relays, GInetAddress *address)
{
    const RelaysParts *parts = &relays->parts;
    g_autofree char *numbers = g_inet_address_to_string(address);
    RelayReach reach = relay_reach(address);

    return !net_interfaces_has(parts->interfaces, address) &&
           (reach == RELAY_OPEN ||
            (reach == RELAY_HOME && is_on_link(parts->interfaces, address) &&
             parts->is_device(numbers, parts->data)));
}

static void ask(Inquiry *inquiry);

static void
follow(Inquiry *inquiry, const char *location)
{
    g_autoptr(GError) error = NULL;
    char *next = relay_follow(inquiry->url, location, &error);

    if (next != NULL && ++inquiry->redirects > RELAY_REDIRECTS_MAX) {
        g_free(next);
        refuse(inquiry, DUO_ERROR_UNAVAILABLE, "its server sends us on and on");
        return;
    }
    if (next == NULL) {
        answer(inquiry, NULL, false, error);
        return;
    }
    g_free(inquiry->url);
    inquiry->url = next;
    ask(inquiry);
}

static void
serve(Inquiry *inquiry, const RelayFacts *facts)
{
    RelayQuestion question = { .url = inquiry->url, .address = inquiry->address };

    bool is_list = relay_is_list(facts->mime, inquiry->url);

    if (!is_list && !relay_takes(facts->mime)) {
        refuse(inquiry, DUO_ERROR_UNSUPPORTED, "it is %s, nothing to play",
               facts->mime != NULL ? facts->mime : "of no type");
        return;
    }
    answer(inquiry,
           relay_stream_new(g_steal_pointer(&inquiry->fetch), facts, &question,
                            &inquiry->relays->streams), is_list, NULL);
}

static void
on_told(const RelayFacts *facts, gpointer user_data)
{
    Inquiry *inquiry = user_data;

    if (facts->error != NULL) {
        g_autoptr(GError) error = g_error_copy(facts->error);
        answer(inquiry, NULL, false, error);
    } else if (facts->status / 100 == 3) {
        g_autofree char *location = g_strdup(facts->location);
        g_clear_pointer(&inquiry->fetch, relay_fetch_free);
        follow(inquiry, location);
    } else if (facts->status == 200 || facts->status == 206) {
        serve(inquiry, facts);
    } else {
        refuse(inquiry, facts->status / 100 == 4 ? DUO_ERROR_NOT_FOUND : DUO_ERROR_UNAVAILABLE,
               "its server answered with HTTP status %u", facts->status);
    }
}

/* The first that may be; where none may, nothing is said of what there is. */
static void
on_resolved(GObject *resolver, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    GList *addresses =
        g_resolver_lookup_by_name_finish(G_RESOLVER(resolver), result, &error);
    GInetAddress *chosen = NULL;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the inquiry is gone */
    Inquiry *inquiry = user_data;
    for (GList *link = addresses; link != NULL && chosen == NULL; link = link->next)
        if (may_fetch_from(inquiry->relays, link->data))
            chosen = link->data;
    if (chosen != NULL) {
        g_autoptr(GUri) uri = g_uri_parse(inquiry->url, G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
        g_clear_object(&inquiry->address);
        inquiry->address = G_INET_SOCKET_ADDRESS(
            g_inet_socket_address_new(chosen, (guint16)g_uri_get_port(uri)));
        inquiry->fetch = relay_fetch_new(
            &(RelayQuestion){ .url = inquiry->url, .address = inquiry->address }, on_told, inquiry);
    } else if (error != NULL) {
        refuse(inquiry, DUO_ERROR_UNAVAILABLE, "%s", error->message);
    } else {
        refuse(inquiry, DUO_ERROR_DENIED, "its address is not one that is fetched from");
    }
    g_resolver_free_addresses(addresses);
}

static void
ask(Inquiry *inquiry)
{
    g_autoptr(GResolver) resolver = g_resolver_get_default();
    g_autoptr(GUri) uri = g_uri_parse(inquiry->url, G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;

    if (host == NULL || *host == '\0' || g_uri_get_userinfo(uri) != NULL)
        refuse(inquiry, DUO_ERROR_INVALID, "it is no address that is fetched from");
    else
        g_resolver_lookup_by_name_async(resolver, host, inquiry->cancellable, on_resolved, inquiry);
}

/* -- The object -------------------------------------------------------------------------------- */

static const Known *
find_token(const Relays *relays, const char *token)
{
    const Known *found = NULL;

    for (guint i = 0; i < relays->known->len; i++) {
        const Known *known = relays->known->pdata[i];
        if (text_equal_secret(known->token, token))
            found = known;
    }
    return found;
}

void
relays_open(Relays *relays, const char *token, RelayOpened opened, gpointer user_data)
{
    const Known *known = find_token(relays, token);

    if (known != NULL) {
        relays_fetch(relays, known->url, opened, user_data);
        return;
    }
    g_autoptr(GError) error =
        g_error_new(DUO_ERROR, DUO_ERROR_NOT_FOUND, "nothing is fetched by that name");
    opened(NULL, error, user_data);
}

void
relays_get(Relays *relays, const char *url, RelayGot got, gpointer user_data)
{
    guint count = (guint)g_atomic_int_get(&relays->streams) + relays->inquiries->len;

    if (count >= RELAY_STREAMS_MAX) {
        g_autoptr(GError) error =
            g_error_new(DUO_ERROR, DUO_ERROR_BUSY, "%u are fetched already", count);
        got(NULL, error, user_data);
        return;
    }
    Inquiry *inquiry = g_new0(Inquiry, 1);
    *inquiry = (Inquiry){ .relays = relays, .url = g_strdup(url),
                          .cancellable = g_cancellable_new(), .got = got,
                          .user_data = user_data };
    g_ptr_array_add(relays->inquiries, inquiry);
    ask(inquiry);
}

/* Somebody who wants to read it as one stream, whatever it is. */
typedef struct {
    Relays *relays; /* borrowed */
    RelayOpened opened;
    gpointer user_data;
} Reader;

static void
on_list_over(HlsRelay *list, gpointer relays)
{
    g_ptr_array_remove_fast(((Relays *)relays)->lists, list);
}

static void
on_got(const RelayFound *found, const GError *error, gpointer user_data)
{
    g_autofree Reader *reader = user_data;

    if (found != NULL && found->is_list && reader->relays->lists->len >= RELAY_STREAMS_MAX) {
        g_autoptr(GError) busy = g_error_new_literal(DUO_ERROR, DUO_ERROR_BUSY,
                                                     "too many lists are fetched already");
        stream_free(found->stream);
        reader->opened(NULL, busy, reader->user_data);
    } else if (found != NULL && found->is_list)
        g_ptr_array_add(reader->relays->lists, hls_relay_new(reader->relays, found, on_list_over,
                                                             reader->opened, reader->user_data));
    else
        reader->opened(found != NULL ? found->stream : NULL, error, reader->user_data);
}

void
relays_fetch(Relays *relays, const char *url, RelayOpened opened, gpointer user_data)
{
    Reader *reader = g_new(Reader, 1);

    *reader = (Reader){ relays, opened, user_data };
    relays_get(relays, url, on_got, reader);
}

static const Known *
know(Relays *relays, const char *url)
{
    for (guint i = 0; i < relays->known->len; i++) {
        const Known *known = relays->known->pdata[i];
        if (strcmp(known->url, url) == 0)
            return known;
    }
    if (relays->known->len >= KNOWN_MAX)
        g_ptr_array_remove_index(relays->known, 0);
    Known *known = g_new(Known, 1);
    known->token = chance_token();
    known->url = g_strdup(url);
    g_ptr_array_add(relays->known, known);
    return known;
}

char *
relays_url(Relays *relays, const char *base_url, const char *url)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    g_autofree char *name = g_path_get_basename(g_uri_get_path(uri));
    bool has_name = *name != '\0' && *name != '/' && *name != '.';

    return g_strconcat(base_url, PATH, know(relays, url)->token, "/", has_name ? name : "media",
                       NULL);
}

const char *
relays_original(const Relays *relays, const char *url)
{
    const char *path = url != NULL ? strstr(url, PATH) : NULL;

    if (path == NULL)
        return NULL;
    g_autofree char *token = g_strndup(path + strlen(PATH), strcspn(path + strlen(PATH), "/"));
    const Known *known = find_token(relays, token);
    return known != NULL ? known->url : NULL;
}

Relays *
relays_new(const RelaysParts *parts)
{
    Relays *relays = g_new(Relays, 1);

    *relays = (Relays){ *parts, g_ptr_array_new_with_free_func(known_free),
                        g_ptr_array_new_with_free_func(inquiry_free),
                        g_ptr_array_new_with_free_func((GDestroyNotify)hls_relay_free), 0 };
    return relays;
}

void
relays_free(Relays *relays)
{
    if (relays == NULL)
        return;
    g_autoptr(GError) error = g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the server stops");

    while (relays->lists->len > 0)
        hls_relay_free(g_ptr_array_steal_index_fast(relays->lists, 0));
    while (relays->inquiries->len > 0)
        answer(relays->inquiries->pdata[0], NULL, false, error);
    g_ptr_array_unref(relays->lists);
    g_ptr_array_unref(relays->inquiries);
    g_ptr_array_unref(relays->known);
    g_free(relays);
}
