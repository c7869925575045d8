/* test-hosting.c -- a MediaRenderer over HTTP: its papers, its actions, its events, and who gets
 * them */
#include "av/av.h"
#include "net/http-server.h"
#include "support/paper-screen.h"
#include "tests/net/talk.h"
#include "upnp/upnp.h"
#include "wire/gena.h"

#include <string.h>
#include <unistd.h>

#define UUID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define AVT "urn:schemas-upnp-org:service:AVTransport:1"

/* A device that plays on paper; what it says to 127.0.0.1 is heard by the same server. */
typedef struct {
    Clock *clock;
    NetInterfaces *interfaces;
    Screen *screen;
    Service *transport, *rendering, *registrar;
    UpnpDevice *device;
    HttpRouter *router;
    HttpServer *server;
    uint16_t port;
    GString *heard; /* "SEQ name,name;" an event each */
    char *sid;      /* of the last event */
    char *value;    /* of LastChange in it */
    unsigned status; /* of the answer to an event; 0: none */
    GPtrArray *held; /* events that are not answered */
    bool is_heard;
} Fixture;

/* -- The subscriber ---------------------------------------------------------------------------- */

static void
on_notify(HttpExchange *exchange, gpointer user_data)
{
    Fixture *fixture = user_data;
    GBytes *body = http_exchange_body(exchange);
    g_autoptr(GHashTable) values =
        gena_decode(g_bytes_get_data(body, NULL), g_bytes_get_size(body), NULL);

    g_assert_nonnull(values);
    g_autofree char **names = (char **)g_hash_table_get_keys_as_array(values, NULL);
    g_autofree char *joined = g_strjoinv(",", names);
    g_string_append_printf(fixture->heard, "%s %s;", http_exchange_head(exchange, "SEQ"), joined);
    g_assert_cmpstr(http_exchange_head(exchange, "NT"), ==, GENA_NT);
    g_assert_cmpstr(http_exchange_head(exchange, "NTS"), ==, GENA_NTS);
    g_free(fixture->sid);
    fixture->sid = g_strdup(http_exchange_head(exchange, "SID"));
    g_free(fixture->value);
    fixture->value = g_strdup(g_hash_table_lookup(values, "LastChange"));
    fixture->is_heard = true;
    if (fixture->status != 0)
        http_exchange_reply(exchange, fixture->status, NULL, NULL);
    else
        g_ptr_array_add(fixture->held, exchange);
}

static const HttpRoute routes[] = {
    { "NOTIFY", "/heard", HTTP_STATE, on_notify, 65536 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};

static void
set_up(Fixture *fixture, gconstpointer data)
{
    static const char *const lo[] = { "lo", NULL };
    g_autoptr(GError) error = NULL;

    fixture->clock = clock_new_fake();
    fixture->interfaces = net_interfaces_new(lo, &error);
    g_assert_no_error(error);
    fixture->screen = paper_screen_new();
    fixture->transport = av_transport_new(fixture->screen, fixture->clock);
    fixture->rendering = rendering_control_new(fixture->screen, fixture->clock);
    fixture->registrar = media_receiver_registrar_new();
    fixture->device = upnp_device_new(&(UpnpDeviceOptions){
        .uuid = UUID, .type = "MediaRenderer", .version = 1, .name = "Paper", .manufacturer = "m",
        .model_name = "p", .server = "Linux/6 UPnP/1.0 test/1", .clock = fixture->clock,
        .interfaces = fixture->interfaces,
    });
    upnp_device_add_service(fixture->device, fixture->transport, UPNP_DOMAIN, "AVTransport");
    upnp_device_add_service(fixture->device, fixture->rendering, UPNP_DOMAIN, "RenderingControl");
    upnp_device_add_service(fixture->device, fixture->registrar, "microsoft.com",
                            "X_MS_MediaReceiverRegistrar");
    fixture->router = http_router_new();
    upnp_device_add_routes(fixture->device, fixture->router);
    http_router_add(fixture->router, routes, fixture);
    fixture->server = http_server_new(&(HttpServerOptions){ .clock = fixture->clock },
                                      fixture->router, &error);
    g_assert_no_error(error);
    fixture->port = http_server_port(fixture->server);
    fixture->heard = g_string_new(NULL);
    fixture->held = g_ptr_array_new();
    fixture->status = 200;
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    upnp_device_stop(fixture->device);
    for (guint i = 0; i < fixture->held->len; i++)
        http_exchange_reply(fixture->held->pdata[i], 200, NULL, NULL);
    g_ptr_array_unref(fixture->held);
    http_server_free(fixture->server);
    upnp_device_free(fixture->device);
    http_router_free(fixture->router);
    service_free(fixture->registrar);
    service_free(fixture->rendering);
    service_free(fixture->transport);
    screen_free(fixture->screen);
    net_interfaces_free(fixture->interfaces);
    clock_free(fixture->clock);
    g_string_free(fixture->heard, TRUE);
    g_free(fixture->sid);
    g_free(fixture->value);
}

/* -- Papers ------------------------------------------------------------------------------------ */

static void
test_papers(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *path, *status, *within;
    } papers[] = {
        { "/upnp/description.xml", "200", "<UDN>uuid:" UUID "</UDN>" },
        { "/upnp/description.xml", "200", "<controlURL>/upnp/control/AVTransport</controlURL>" },
        { "/upnp/description.xml", "200", "text/xml; charset=\"utf-8\"" },
        { "/upnp/description.xml", "200",
          "urn:microsoft.com:serviceId:X_MS_MediaReceiverRegistrar" },
        { "/upnp/description.xml", "200", "<url>/upnp/icons/icon-120.png</url>" },
        { "/upnp/icons/icon-120.png", "200", "image/png" },
        { "/upnp/icons/icon-48.jpg", "200", "image/jpeg" },
        { "/upnp/icons/icon-1.png", "404", NULL },
        { "/upnp/scpd/AVTransport", "200", "<name>SetAVTransportURI</name>" },
        { "/upnp/scpd/ContentDirectory", "404", "there is no service" },
        { "/upnp/scpd/../../etc", "404", NULL },
    };

    for (guint i = 0; i < G_N_ELEMENTS(papers); i++) {
        g_autofree char *request =
            g_strdup_printf("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", papers[i].path);
        g_autoptr(GString) heard = talk(fixture->port, request, -1);
        g_test_message("%s", papers[i].path);
        g_assert_cmpmem(heard->str + 9, 3, papers[i].status, 3);
        g_assert_true(papers[i].within == NULL || strstr(heard->str, papers[i].within) != NULL);
    }
}

/* -- Control ----------------------------------------------------------------------------------- */

#define ENVELOPE(content) \
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>" content \
    "</s:Body></s:Envelope>"
#define CALL(name, arguments) \
    ENVELOPE("<u:" name " xmlns:u=\"" AVT "\"><InstanceID>0</InstanceID>" arguments "</u:" name ">")
#define ACTION(name) "SOAPACTION: \"" AVT "#" name "\"\r\n"

#define SET_URI \
    CALL("SetAVTransportURI", "<CurrentURI>http://h/a.mp4</CurrentURI>" \
                              "<CurrentURIMetaData></CurrentURIMetaData>")

static GString *
post(const Fixture *fixture, const char *service, const char *heads, const char *body)
{
    g_autofree char *request =
        g_strdup_printf("POST /upnp/control/%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        "text/xml\r\n%sContent-Length: %zu\r\n\r\n%s",
                        service, heads, strlen(body), body);

    return talk(fixture->port, request, -1);
}

static void
test_control(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *what, *heads, *body, *within; /* a number: the UPnP error */
    } calls[] = {
        { "asks", ACTION("GetTransportInfo"), CALL("GetTransportInfo", ""), "NO_MEDIA_PRESENT" },
        { "form", ACTION("GetTransportInfo"), CALL("GetTransportInfo", ""),
          "<u:GetTransportInfoResponse xmlns:u=\"" AVT "\">" },
        { "EXT", ACTION("GetTransportInfo"), CALL("GetTransportInfo", ""), "EXT:" },
        { "no SOAPACTION", "", CALL("GetTransportInfo", ""), "NO_MEDIA_PRESENT" },
        { "bare SOAPACTION", "SOAPACTION: " AVT "#GetTransportInfo\r\n",
          CALL("GetTransportInfo", ""), "NO_MEDIA_PRESENT" },
        { "another version", "SOAPACTION: \"urn:schemas-upnp-org:service:AVTransport:2#GetTransportInfo\"\r\n",
          CALL("GetTransportInfo", ""), "NO_MEDIA_PRESENT" },
        { "not now", ACTION("Play"), CALL("Play", "<Speed>1</Speed>"), "701" },
        { "no such mode", ACTION("Seek"), CALL("Seek", "<Unit>X</Unit><Target>1</Target>"), "710" },
        { "other instance", ACTION("Stop"),
          ENVELOPE("<u:Stop xmlns:u=\"" AVT "\"><InstanceID>5</InstanceID></u:Stop>"), "718" },
        { "no such action", ACTION("Dance"), CALL("Dance", ""), "401" },
        { "two actions", ACTION("Pause"), CALL("GetTransportInfo", ""), "401" },
        { "another service", "SOAPACTION: \"urn:schemas-upnp-org:service:RenderingControl:1#Stop\"\r\n",
          CALL("Stop", ""), "401" },
        { "argument missing", ACTION("Play"), CALL("Play", ""), "402" },
        { "argument unknown", ACTION("Play"), CALL("Play", "<Speed>1</Speed><Colour/>"), "402" },
        { "argument twice", ACTION("Play"), CALL("Play", "<Speed>1</Speed><Speed>1</Speed>"), "402" },
        { "not a number", ACTION("Stop"),
          ENVELOPE("<u:Stop xmlns:u=\"" AVT "\"><InstanceID>x</InstanceID></u:Stop>"), "402" },
        { "empty", ACTION("Play"), "", "402" },
        { "no XML", ACTION("Play"), "hello", "402" },
        { "no envelope", ACTION("Play"), "<a/>", "402" },
        { "a fault", ACTION("Play"), ENVELOPE("<s:Fault/>"), "402" },
        { "entities", ACTION("Play"), "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"
          CALL("Play", "<Speed>&b;</Speed>"), "402" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_autoptr(GString) heard = post(fixture, "AVTransport", calls[i].heads, calls[i].body);
        bool is_fault = g_ascii_isdigit(calls[i].within[0]);
        g_autofree char *within =
            is_fault ? g_strdup_printf("<errorCode>%s</errorCode>", calls[i].within)
                     : g_strdup(calls[i].within);
        g_test_message("%s: %s", calls[i].what, heard->str);
        g_assert_cmpmem(heard->str + 9, 3, is_fault ? "500" : "200", 3);
        g_assert_nonnull(strstr(heard->str, within));
    }
    g_autoptr(GString) nobody = post(fixture, "Nothing", ACTION("Play"), CALL("Play", ""));
    g_assert_cmpmem(nobody->str + 9, 3, "404", 3);
}

/* What changes something reaches the screen; a read action is answered on its thread. */
static void
test_actions(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GString) set = post(fixture, "AVTransport", ACTION("SetAVTransportURI"), SET_URI);
    g_autoptr(GString) play = post(fixture, "AVTransport", ACTION("Play"),
                                   CALL("Play", "<Speed>1</Speed>"));
    g_autoptr(GString) may = post(
        fixture, "X_MS_MediaReceiverRegistrar", "",
        ENVELOPE(
            "<u:IsAuthorized xmlns:u=\"urn:microsoft.com:service:X_MS_MediaReceiverRegistrar:1\">"
            "<DeviceID></DeviceID></u:IsAuthorized>"));

    g_assert_cmpmem(set->str + 9, 3, "200", 3);
    g_assert_cmpmem(play->str + 9, 3, "200", 3);
    g_assert_nonnull(strstr(((PaperScreen *)fixture->screen)->trace->str, "open http://h/a.mp4@0"));
    g_assert_nonnull(strstr(may->str, "<Result>1</Result>"));
}

/* -- Events ------------------------------------------------------------------------------------ */

static GString *
ask(const Fixture *fixture, const char *method, const char *service, const char *heads)
{
    g_autofree char *request = g_strdup_printf(
        "%s /upnp/events/%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, service, heads);

    return talk(fixture->port, request, -1);
}

static char *
head_of(const GString *reply, const char *name)
{
    g_autofree char *start = g_strdup_printf("\r\n%s: ", name);
    const char *at = strstr(reply->str, start);

    g_assert_nonnull(at);
    at += strlen(start);
    return g_strndup(at, strcspn(at, "\r"));
}

/* The SID; the caller's. */
static char *
subscribe(const Fixture *fixture, const char *timeout)
{
    g_autofree char *heads =
        g_strdup_printf("CALLBACK: <http://127.0.0.1:%u/heard>\r\nNT: upnp:event\r\n%s",
                        fixture->port, timeout);
    g_autoptr(GString) reply = ask(fixture, "SUBSCRIBE", "AVTransport", heads);

    g_assert_cmpmem(reply->str + 9, 3, "200", 3);
    return head_of(reply, "SID");
}

/* While a test waits, time passes as it does outside. */
static gboolean
pass(gpointer clock)
{
    clock_advance(clock, 5);
    return G_SOURCE_CONTINUE;
}

static void
wait_event(Fixture *fixture)
{
    guint passing = g_timeout_add(5, pass, fixture->clock);

    fixture->is_heard = false;
    talk_wait(&fixture->is_heard);
    g_source_remove(passing);
}

static void
test_events(Fixture *fixture, gconstpointer data)
{
    g_autofree char *sid = subscribe(fixture, "TIMEOUT: Second-300\r\n");

    wait_event(fixture);
    g_assert_cmpstr(fixture->heard->str, ==, "0 LastChange;");
    g_assert_cmpstr(fixture->sid, ==, sid);
    g_assert_nonnull(strstr(fixture->value, "TransportState val=\"NO_MEDIA_PRESENT\""));
    g_autoptr(GString) set = post(fixture, "AVTransport", ACTION("SetAVTransportURI"), SET_URI);
    wait_event(fixture);
    g_assert_nonnull(strstr(fixture->value, "AVTransportURI val=\"http://h/a.mp4\""));
    g_assert_cmpstr(fixture->heard->str, ==, "0 LastChange;1 LastChange;");

    g_autofree char *with_sid = g_strdup_printf("SID: %s\r\nTIMEOUT: Second-60\r\n", sid);
    g_autoptr(GString) renewed = ask(fixture, "SUBSCRIBE", "AVTransport", with_sid);
    g_autofree char *granted = head_of(renewed, "TIMEOUT");
    g_assert_cmpstr(granted, ==, "Second-60");

    g_autoptr(GString) elsewhere = ask(fixture, "UNSUBSCRIBE", "RenderingControl", with_sid);
    g_assert_cmpmem(elsewhere->str + 9, 3, "412", 3);
    g_autoptr(GString) ended = ask(fixture, "UNSUBSCRIBE", "AVTransport", with_sid);
    g_assert_cmpmem(ended->str + 9, 3, "200", 3);
    g_autoptr(GString) again = ask(fixture, "UNSUBSCRIBE", "AVTransport", with_sid);
    g_assert_cmpmem(again->str + 9, 3, "412", 3);
}

/* A control point that never answers hears the next event all the same. */
static void
test_silent(Fixture *fixture, gconstpointer data)
{
    fixture->status = 0;
    g_autofree char *sid = subscribe(fixture, "");

    wait_event(fixture);
    g_autoptr(GString) set = post(fixture, "AVTransport", ACTION("SetAVTransportURI"), SET_URI);
    wait_event(fixture);
    g_assert_cmpstr(fixture->heard->str, ==, "0 LastChange;1 LastChange;");
}

static void
test_expiry(Fixture *fixture, gconstpointer data)
{
    g_autofree char *sid = subscribe(fixture, "TIMEOUT: Second-60\r\n");
    g_autofree char *with_sid = g_strdup_printf("SID: %s\r\n", sid);

    wait_event(fixture);
    clock_advance(fixture->clock, 61 * 1000);
    g_autoptr(GString) late = ask(fixture, "SUBSCRIBE", "AVTransport", with_sid);
    g_assert_cmpmem(late->str + 9, 3, "412", 3);
}

/* A subscriber that says it knows nothing of the subscription is not told again. */
static void
test_disowned(Fixture *fixture, gconstpointer data)
{
    fixture->status = 412;
    g_autofree char *sid = subscribe(fixture, "");
    g_autofree char *with_sid = g_strdup_printf("SID: %s\r\n", sid);

    wait_event(fixture);
    g_autoptr(GString) reply = NULL;
    do { /* its answer is on its way */
        if (reply != NULL)
            g_string_free(g_steal_pointer(&reply), TRUE);
        reply = ask(fixture, "SUBSCRIBE", "AVTransport", with_sid);
    } while (strncmp(reply->str + 9, "412", 3) != 0);
    g_assert_cmpstr(fixture->heard->str, ==, "0 LastChange;");
}

static void
test_refused_subscriptions(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *what, *heads, *status;
    } cases[] = {
        { "at home", "CALLBACK: <http://127.0.0.1:1/>\r\nNT: upnp:event\r\n", "200" },
        { "one of two at home", "CALLBACK: <http://10.1.1.1/><http://127.0.0.1:1/>\r\n"
          "NT: upnp:event\r\n", "200" },
        { "strange timeout", "CALLBACK: <http://127.0.0.1:1/>\r\nNT: upnp:event\r\n"
          "TIMEOUT: tomorrow\r\n", "200" },
        { "somebody else", "CALLBACK: <http://10.1.1.1/>\r\nNT: upnp:event\r\n", "412" },
        { "a name", "CALLBACK: <http://localhost:1/>\r\nNT: upnp:event\r\n", "412" },
        { "a user", "CALLBACK: <http://127.0.0.1@10.1.1.1/>\r\nNT: upnp:event\r\n", "412" },
        { "in disguise", "CALLBACK: <http://0x7f.1/>\r\nNT: upnp:event\r\n", "412" },
        { "another scheme", "CALLBACK: <ftp://127.0.0.1/>\r\nNT: upnp:event\r\n", "412" },
        { "nowhere", "CALLBACK: <http://>\r\nNT: upnp:event\r\n", "412" },
        { "no list", "CALLBACK: http://127.0.0.1/\r\nNT: upnp:event\r\n", "412" },
        { "no callback", "NT: upnp:event\r\n", "412" },
        { "no NT", "CALLBACK: <http://127.0.0.1:1/>\r\n", "412" },
        { "another NT", "CALLBACK: <http://127.0.0.1:1/>\r\nNT: upnp:all\r\n", "412" },
        { "both forms", "SID: uuid:1\r\nNT: upnp:event\r\n", "400" },
        { "no such SID", "SID: uuid:1\r\n", "412" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) reply = ask(fixture, "SUBSCRIBE", "AVTransport", cases[i].heads);
        g_test_message("%s", cases[i].what);
        g_assert_cmpmem(reply->str + 9, 3, cases[i].status, 3);
    }
}

static void
test_many_subscriptions(Fixture *fixture, gconstpointer data)
{
    guint taken = 0;
    bool is_full = false;

    while (!is_full) {
        g_autoptr(GString) reply =
            ask(fixture, "SUBSCRIBE", "AVTransport",
                "CALLBACK: <http://127.0.0.1:1/>\r\nNT: upnp:event\r\n");
        is_full = strncmp(reply->str + 9, "503", 3) == 0;
        g_assert_true(is_full || strncmp(reply->str + 9, "200", 3) == 0);
        taken += !is_full;
        g_assert_cmpuint(taken, <, 1000);
    }
    g_assert_cmpuint(taken, >=, 16);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(Fixture *fixture, gconstpointer data);
    } tests[] = {
        { "/upnp/hosting/papers", test_papers },
        { "/upnp/hosting/control", test_control },
        { "/upnp/hosting/actions", test_actions },
        { "/upnp/hosting/events", test_events },
        { "/upnp/hosting/silent", test_silent },
        { "/upnp/hosting/expiry", test_expiry },
        { "/upnp/hosting/disowned", test_disowned },
        { "/upnp/hosting/refused-subscriptions", test_refused_subscriptions },
        { "/upnp/hosting/many-subscriptions", test_many_subscriptions },
    };

    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
