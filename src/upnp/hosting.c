/* hosting.c -- a device's papers, and its services as peers invoke them (UDA 1.1, clauses 2 and 3)
 *
 * A Service knows nothing of UPnP: its table is printed as SCPD and walked for each call. Read
 * actions are answered on the http thread that asked, others on the loop. */
#include "net/base-url.h"
#include "net/http-server.h"
#include "upnp/asker.h"
#include "upnp/device.h"
#include "wire/soap.h"

#include <string.h>

#define XML_MIME "text/xml; charset=\"utf-8\""
#define REQUEST_SIZE_MAX (256 * 1024)
#define REPLY_SIZE_MAX (4 * 1024 * 1024)

/* -- Papers ------------------------------------------------------------------------------------ */

static void
get_description(HttpExchange *exchange, gpointer user_data)
{
    const UpnpDevice *device = user_data;
    const Dialect *dialect = upnp_asker_dialect(device->options.dialects, exchange);
    g_autoptr(GBytes) own = dialect->name != NULL ? upnp_device_describe(device, dialect) : NULL;

    http_exchange_reply(exchange, 200, XML_MIME, own != NULL ? own : device->description);
}

/* NULL: replied already. */
static UpnpHosted *
find_hosted(HttpExchange *exchange, const UpnpDevice *device)
{
    const char *name = http_exchange_parameter(exchange, "service");
    UpnpHosted *hosted = upnp_device_find(device, name);

    if (hosted == NULL)
        http_exchange_reply_problem(exchange, 404, NULL, "there is no service %s", name);
    return hosted;
}

static void
get_scpd(HttpExchange *exchange, gpointer user_data)
{
    const UpnpHosted *hosted = find_hosted(exchange, user_data);

    if (hosted != NULL)
        http_exchange_reply(exchange, 200, XML_MIME, hosted->scpd);
}

/* -- Control ----------------------------------------------------------------------------------- */

/* A call on its way through the service. */
typedef struct {
    HttpExchange *exchange;
    char *type; /* of the service */
    HttpReplyCache *cache;
    GBytes *key; /* NULL: the answer is not kept */
} Call;

static void
reply_soap(HttpExchange *exchange, unsigned status, GBytes *reply)
{
    http_exchange_add_head(exchange, "EXT", "");
    http_exchange_reply(exchange, status, XML_MIME, reply);
}

static void
reply_fault(HttpExchange *exchange, int code, const char *description)
{
    g_autoptr(GBytes) reply = g_string_free_to_bytes(soap_encode_fault(code, description));

    reply_soap(exchange, 500, reply);
}

/* May run on either thread, and after device and server are gone: the reply then goes nowhere. */
static void
on_answered(const ServiceCall *answered, gpointer user_data)
{
    g_autofree Call *call = user_data;
    g_autofree char *type = g_steal_pointer(&call->type);
    g_autoptr(GBytes) key = g_steal_pointer(&call->key);
    const ServiceAction *action = service_call_action(answered);
    const GError *error = service_call_error(answered);

    if (error != NULL) {
        reply_fault(call->exchange, error->code, error->message);
        return;
    }
    g_autofree char *name = g_strconcat(action->name, "Response", NULL);
    g_autoptr(SoapCall) told = soap_call_new(type, name);
    for (const ServiceArgument *argument = action->arguments; argument->variable != NULL;
         argument++)
        if (argument->is_out)
            soap_call_add(told, argument->name, service_call_out(answered, argument->name));
    g_autoptr(GBytes) reply = g_string_free_to_bytes(soap_encode(told));
    if (key != NULL)
        http_reply_cache_put(call->cache, key, reply);
    reply_soap(call->exchange, 200, reply);
}

/* The asker's address in numbers; the caller's. */
static char *
asker_of(const HttpExchange *exchange)
{
    return g_inet_address_to_string(
        g_inet_socket_address_get_address(http_exchange_peer(exchange)));
}

/* Everything the answer depends on; NULL: it is not to be kept. The caller's. */
static GBytes *
key_of(const HttpExchange *exchange, const UpnpHosted *hosted, const char *base_url,
       const Dialect *dialect)
{
    uint64_t (*edition)(Service *, const char *) = hosted->service->table->edition;
    const char *action = http_exchange_head(exchange, "SOAPACTION");
    GBytes *body = http_exchange_body(exchange);

    if (edition == NULL)
        return NULL;
    GByteArray *key = g_byte_array_new();
    g_autofree char *asker = asker_of(exchange);
    g_autofree char *head = g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n%s\n%s\n", hosted->name,
                                            edition(hosted->service, asker), base_url,
                                            dialect->name != NULL ? dialect->name : "",
                                            action != NULL ? action : "");
    g_byte_array_append(key, (const guint8 *)head, (guint)strlen(head));
    g_byte_array_append(key, g_bytes_get_data(body, NULL), (guint)g_bytes_get_size(body));
    return g_byte_array_free_to_bytes(key);
}

/* SOAPACTION: "urn:DOMAIN:service:NAME:VERSION#ACTION". Domains and versions differ between peers
 * that mean the same (Microsoft's own clients do not agree on theirs); some do not send the
 * head. */
static bool
action_fits(const HttpExchange *exchange, const UpnpHosted *hosted, const SoapCall *asked)
{
    const char *head = http_exchange_head(exchange, "SOAPACTION");

    if (head == NULL)
        return true;
    g_autofree char *text = g_strdelimit(g_strdup(head), "\"'", ' ');
    g_auto(GStrv) parts = g_strsplit(g_strstrip(text), "#", 2);
    g_auto(GStrv) fields = g_strsplit(parts[0] != NULL ? parts[0] : "", ":", 6);

    return g_strv_length(parts) == 2 && g_str_equal(parts[1], asked->name) &&
           g_strv_length(fields) == 5 && g_str_equal(fields[3], hosted->name);
}

/* The call that is asked for, with its arguments; NULL with a SERVICE_ERROR. */
static ServiceCall *
read_call(const HttpExchange *exchange, const UpnpHosted *hosted, GError **error)
{
    GBytes *body = http_exchange_body(exchange);
    g_auto(SoapFault) fault = { 0 };
    g_autoptr(GError) reason = NULL;
    g_autoptr(SoapCall) asked =
        soap_decode(g_bytes_get_data(body, NULL), g_bytes_get_size(body), &fault, &reason);

    if (asked == NULL) {
        g_set_error(error, SERVICE_ERROR, SERVICE_INVALID_ARGS, "no action can be read: %s",
                    reason != NULL ? reason->message : "it is a fault");
        return NULL;
    }
    if (!action_fits(exchange, hosted, asked)) {
        g_set_error(error, SERVICE_ERROR, SERVICE_INVALID_ACTION,
                    "SOAPACTION does not name %s of %s", asked->name, hosted->name);
        return NULL;
    }
    g_autoptr(ServiceCall) call = service_call_new(hosted->service, asked->name, error);
    for (guint i = 0; call != NULL && i < asked->arguments->len; i++) {
        const SoapArgument *argument = asked->arguments->pdata[i];
        if (!service_call_set_in(call, argument->name, argument->value, error))
            return NULL;
    }
    return g_steal_pointer(&call);
}

static void
invoke(HttpExchange *exchange, const UpnpDevice *device, UpnpHosted *hosted, ServiceCall *asked,
       const Dialect *dialect, GBytes *key)
{
    g_autofree char *base_url = base_url_of(http_exchange_local(exchange));
    g_autofree char *asker = asker_of(exchange);
    Call *call = g_new(Call, 1);

    *call = (Call){ exchange, g_strdup(hosted->type), device->cache,
                     key != NULL ? g_bytes_ref(key) : NULL };
    service_call_set_base_url(asked, base_url);
    service_call_set_asker(asked, ASKER_ADDRESS, asker);
    service_call_set_dialect(asked, dialect);
    service_call_set_reply_max(asked, REPLY_SIZE_MAX);
    service_call_invoke(asked, on_answered, call);
}

/* On the loop: an action that changes something, read once more. */
static void
control_on_loop(HttpExchange *exchange, gpointer user_data)
{
    const UpnpDevice *device = user_data;
    UpnpHosted *hosted = upnp_device_find(device, http_exchange_parameter(exchange, "service"));
    g_autoptr(GError) error = NULL;
    ServiceCall *asked = read_call(exchange, hosted, &error);

    if (asked != NULL)
        invoke(exchange, device, hosted, asked,
               upnp_asker_dialect(device->options.dialects, exchange), NULL);
    else
        reply_fault(exchange, error->code, error->message);
}

static void
control(HttpExchange *exchange, gpointer user_data)
{
    UpnpDevice *device = user_data;
    UpnpHosted *hosted = find_hosted(exchange, device);
    g_autoptr(GError) error = NULL;

    if (hosted == NULL)
        return;
    g_autofree char *base_url = base_url_of(http_exchange_local(exchange));
    const Dialect *dialect = upnp_asker_dialect(device->options.dialects, exchange);
    g_autoptr(GBytes) key = key_of(exchange, hosted, base_url, dialect);
    g_autoptr(GBytes) kept = key != NULL ? http_reply_cache_get(device->cache, key) : NULL;
    if (kept != NULL) {
        reply_soap(exchange, 200, kept);
        return;
    }
    g_autoptr(ServiceCall) asked = read_call(exchange, hosted, &error);
    if (asked == NULL)
        reply_fault(exchange, error->code, error->message);
    else if (!service_call_action(asked)->is_read)
        http_exchange_cross(exchange, control_on_loop, device);
    else
        invoke(exchange, device, hosted, g_steal_pointer(&asked), dialect, key);
}

const HttpRoute upnp_hosting_routes[] = {
    { "GET", UPNP_DESCRIPTION_PATH, HTTP_READ, get_description, 0 },
    { "GET", "/upnp/scpd/{service}", HTTP_READ, get_scpd, 0 },
    { "POST", "/upnp/control/{service}", HTTP_READ, control, REQUEST_SIZE_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
