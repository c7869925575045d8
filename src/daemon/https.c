/* https.c -- see https.h */
#include "daemon/https.h"

#include "net/certificates.h"

#include <string.h>

#define LOOK_MS (12 * 3600 * 1000) /* often enough for CERTIFICATE_RENEWAL_S */

struct Https {
    HttpsParts parts;
    Certificate *certificate;
    GBytes *authority; /* DER; NULL: the certificate is the owner's */
    HttpServer *server; /* NULL: it does not serve */
    bool is_started;
    guint observer, timer;
};

/* -- The certificate --------------------------------------------------------------------------- */

static GPtrArray *
addresses_of(const NetInterfaces *interfaces)
{
    static const char *const always[] = { "127.0.0.1", "::1" };
    GPtrArray *addresses = g_ptr_array_new_with_free_func(g_object_unref);
    const GPtrArray *list = net_interfaces_list(interfaces);

    for (guint i = 0; i < G_N_ELEMENTS(always); i++)
        g_ptr_array_add(addresses, g_inet_address_new_from_string(always[i]));
    for (guint i = 0; i < list->len; i++) {
        const NetInterface *interface = g_ptr_array_index(list, i);
        for (guint a = 0; a < interface->addresses->len; a++)
            g_ptr_array_add(addresses, g_object_ref(g_inet_address_mask_get_address(
                                           g_ptr_array_index(interface->addresses, a))));
    }
    return addresses;
}

static Certificate *
find_certificate(const Https *https, GError **error)
{
    const HttpsParts *parts = &https->parts;

    if (parts->certificate != NULL)
        return certificate_read(parts->certificate, parts->key, error);
    g_autoptr(GPtrArray) addresses = addresses_of(parts->interfaces);
    return certificate_of_server(parts->folder,
                                 &(CertificateSubject){ parts->names, addresses,
                                                        g_get_real_time() / G_USEC_PER_SEC },
                                 error);
}

/* On an http thread; what it says never changes. */
static void
get_authority(HttpExchange *exchange, gpointer user_data)
{
    const Https *https = user_data;

    if (https->authority == NULL) {
        http_exchange_reply_problem(exchange, 404, NULL,
                                    "the certificate of this server is its owner's own");
        return;
    }
    http_exchange_add_head(exchange, "Content-Disposition",
                           "attachment; filename=\"duoping-authority.crt\"");
    http_exchange_reply(exchange, 200, "application/x-x509-ca-cert", https->authority);
}

#define AUTHORITY_PATH "/authority.crt"

static const HttpRoute routes[] = {
    { "GET", AUTHORITY_PATH, HTTP_READ, get_authority, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};

/* -- The server -------------------------------------------------------------------------------- */

static void
serve(Https *https)
{
    const HttpsParts *parts = &https->parts;
    const HttpServerOptions options = { .port = parts->port, .server = parts->software,
                                        .hosts = parts->names, .clock = parts->clock,
                                        .certificate = https->certificate->certificate,
                                        .key = https->certificate->key };
    g_autoptr(GError) error = NULL;

    https->server = http_server_new(&options, parts->router, &error);
    if (https->server == NULL)
        g_warning("the page is not served by HTTPS: %s", error->message);
}

void
https_refresh(Https *https)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Certificate) now = find_certificate(https, &error);

    if (now == NULL) {
        g_warning("the certificate stays as it was: %s", error->message);
        return;
    }
    if (strcmp(now->certificate, https->certificate->certificate) == 0 || !https->is_started)
        return;
    certificate_free(https->certificate);
    https->certificate = g_steal_pointer(&now);
    g_clear_pointer(&https->server, http_server_free);
    serve(https);
    g_info("HTTPS goes on with a new certificate");
}

static void
on_time(gpointer data)
{
    Https *https = data;

    https->timer = clock_after(https->parts.clock, LOOK_MS, on_time, https);
    https_refresh(https);
}

static void
on_interfaces_changed(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    https_refresh(user_data);
}

Https *
https_new(const HttpsParts *parts, GError **error)
{
    g_autoptr(Https) https = g_new0(Https, 1);

    https->parts = *parts;
    https->certificate = find_certificate(https, error);
    if (https->certificate == NULL)
        return NULL;
    if (parts->certificate == NULL)
        https->authority = certificate_authority(parts->folder);
    http_router_add(parts->router, routes, https);
    return g_steal_pointer(&https);
}

void
https_start(Https *https)
{
    https->is_started = true;
    serve(https);
    https->observer = observers_add(net_interfaces_observers(https->parts.interfaces),
                                    on_interfaces_changed, https);
    https->timer = clock_after(https->parts.clock, LOOK_MS, on_time, https);
}

void
https_stop(Https *https)
{
    if (!https->is_started)
        return;
    https->is_started = false;
    observers_remove(net_interfaces_observers(https->parts.interfaces), https->observer);
    clock_cancel(https->parts.clock, &https->timer);
    g_clear_pointer(&https->server, http_server_free);
}

void
https_free(Https *https)
{
    if (https == NULL)
        return;
    https_stop(https);
    certificate_free(https->certificate);
    g_clear_pointer(&https->authority, g_bytes_unref);
    g_free(https);
}

void
https_end_held(Https *https, HttpHolderTest is_over, gpointer user_data)
{
    if (https->server != NULL)
        http_server_end_held(https->server, is_over, user_data);
}

uint16_t
https_port(const Https *https)
{
    return https->server != NULL ? http_server_port(https->server) : 0;
}

const char *
https_authority_path(const Https *https)
{
    return https->authority != NULL ? AUTHORITY_PATH : NULL;
}
