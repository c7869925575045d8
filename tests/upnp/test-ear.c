/* test-ear.c -- events of another device: asked for, heard, renewed, asked for again, and whose
 *
 * On lo: one HTTP server is the device, which plays on paper, and the ear. */
#include "av/av.h"
#include "net/http-server.h"
#include "support/paper-screen.h"
#include "tests/net/talk.h"
#include "upnp/ear.h"
#include "upnp/upnp.h"

#include <string.h>

typedef struct {
    Clock *clock;
    NetInterfaces *interfaces;
    Screen *screen;
    Service *transport;
    UpnpDevice *device;
    HttpRouter *router;
    HttpServer *server;
    UpnpEar *ear;
    UpnpSubscription *subscription;
    char *event_url;
    char *path;         /* of the last NOTIFY */
    guint events;       /* values that came */
    guint turns;        /* times that activity changed, or some were missed */
    guint asked;        /* of the device that forgets */
    unsigned refusal;   /* what it answers to a renewal; 0: it grants */
} Fixture;

/* -- A device that forgets --------------------------------------------------------------------- */

static void
grant(HttpExchange *exchange, gpointer user_data)
{
    Fixture *fixture = user_data;
    const char *sid = http_exchange_head(exchange, "SID");

    fixture->asked++;
    if (sid == NULL) {
        const char *callback = http_exchange_head(exchange, "CALLBACK");
        g_free(fixture->path);
        fixture->path =
            g_strndup(strstr(callback, "/upnp/"), strcspn(strstr(callback, "/upnp/"), ">"));
    }
    if (sid != NULL && fixture->refusal != 0) {
        http_exchange_reply(exchange, fixture->refusal, NULL, NULL);
        return;
    }
    http_exchange_add_head(exchange, "SID", "uuid:it");
    http_exchange_add_head(exchange, "TIMEOUT", "Second-300");
    http_exchange_reply(exchange, 200, NULL, NULL);
}

static const HttpRoute routes[] = {
    { "SUBSCRIBE", "/forgetful", HTTP_STATE, grant, 0 },
    { "UNSUBSCRIBE", "/forgetful", HTTP_STATE, grant, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};

/* -- The fixture ------------------------------------------------------------------------------- */

static void
on_notified(const char *name, const char *value, gpointer user_data)
{
    Fixture *fixture = user_data;

    if (name == NULL)
        fixture->turns++;
    else
        fixture->events++;
}

static void
set_up(Fixture *fixture, gconstpointer path)
{
    static const char *const lo[] = { "lo", NULL };
    g_autoptr(GError) error = NULL;

    fixture->clock = clock_new_fake();
    fixture->interfaces = net_interfaces_new(lo, &error);
    g_assert_no_error(error);
    fixture->screen = paper_screen_new();
    fixture->transport = av_transport_new(fixture->screen, fixture->clock);
    fixture->device = upnp_device_new(&(UpnpDeviceOptions){
        .uuid = "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5", .type = "MediaRenderer", .version = 1,
        .name = "Paper", .manufacturer = "m", .model_name = "p", .server = "test/1",
        .clock = fixture->clock, .interfaces = fixture->interfaces });
    upnp_device_add_service(fixture->device, fixture->transport, UPNP_DOMAIN, "AVTransport");
    fixture->ear = upnp_ear_new("test/1", fixture->clock, fixture->interfaces);
    fixture->router = http_router_new();
    upnp_device_add_routes(fixture->device, fixture->router);
    upnp_ear_add_routes(fixture->ear, fixture->router);
    http_router_add(fixture->router, routes, fixture);
    fixture->server = http_server_new(&(HttpServerOptions){ .clock = fixture->clock },
                                      fixture->router, &error);
    g_assert_no_error(error);
    fixture->event_url = g_strdup_printf("http://127.0.0.1:%u%s", http_server_port(fixture->server),
                                         (const char *)path);
    fixture->subscription =
        upnp_ear_subscribe(fixture->ear, &(UpnpRemoteService){ .event_url = fixture->event_url },
                           "127.0.0.1", on_notified, fixture);
    upnp_ear_set_port(fixture->ear, http_server_port(fixture->server));
}

static void
tear_down(Fixture *fixture, gconstpointer path)
{
    upnp_subscription_free(fixture->subscription);
    upnp_device_stop(fixture->device);
    http_server_free(fixture->server);
    upnp_ear_free(fixture->ear);
    upnp_device_free(fixture->device);
    http_router_free(fixture->router);
    service_free(fixture->transport);
    screen_free(fixture->screen);
    net_interfaces_free(fixture->interfaces);
    clock_free(fixture->clock);
    g_free(fixture->event_url);
    g_free(fixture->path);
}

static bool
is_active(const Fixture *fixture)
{
    return upnp_subscription_is_active(fixture->subscription);
}

static void
wait_count(const guint *count, guint wanted)
{
    while (*count < wanted)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(*count, ==, wanted);
}

/* The clock moves until the count is reached: what waits does so by the clock, what crosses the
 * network does not, and must not be left far behind. */
static void
wait_by_clock(Fixture *fixture, const guint *count, guint wanted)
{
    while (*count < wanted) {
        clock_advance(fixture->clock, 100);
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(1000);
    }
}

/* -- A device of ours -------------------------------------------------------------------------- */

static void
on_opened(Screen *screen, const GError *error, gpointer user_data)
{
    g_assert_no_error(error);
}

static void
test_hears(Fixture *fixture, gconstpointer path)
{
    const PlaybackMedia film = { .uri = (char *)"http://10.0.0.9/film.mp4" };

    wait_by_clock(fixture, &fixture->turns, 1);
    g_assert_true(is_active(fixture));
    g_assert_cmpuint(fixture->events, ==, 1);
    screen_command(fixture->screen, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = &film }, NULL,
                   on_opened, NULL);
    wait_by_clock(fixture, &fixture->events, 2);
    upnp_device_stop(fixture->device); /* it is started again, and knows us no more */
    wait_by_clock(fixture, &fixture->events, 3);
    g_assert_true(is_active(fixture));
}

static void
test_refused(Fixture *fixture, gconstpointer path)
{
    for (guint i = 0; i < 200; i++) {
        clock_advance(fixture->clock, 1000);
        g_main_context_iteration(NULL, FALSE);
    }
    g_assert_false(is_active(fixture));
    g_assert_cmpuint(fixture->turns, ==, 0);
}

/* -- The device that forgets ------------------------------------------------------------------- */

static bool
is_told(const Fixture *fixture, const char *path, const char *sid, guint seq, const char *status)
{
    static const char body[] =
        "<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\"><e:property><A>1</A>"
        "</e:property></e:propertyset>";
    g_autofree char *event = g_strdup_printf("NOTIFY %s HTTP/1.1\r\nHost: localhost\r\nNT: "
                                             "upnp:event\r\nNTS: upnp:propchange\r\nSID: %s\r\n"
                                             "SEQ: %u\r\nContent-Length: %u\r\n\r\n%s",
                                             path, sid, seq, (guint)sizeof body - 1, body);
    g_autoptr(GString) heard = talk(http_server_port(fixture->server), event, -1);

    g_assert_cmpuint(heard->len, >, 12);
    return strncmp(heard->str + 9, status, 3) == 0;
}

static void
tell(const Fixture *fixture, const char *path, const char *sid, guint seq, const char *status)
{
    g_assert_true(is_told(fixture, path, sid, seq, status));
}

/* The first event: it is not known before the answer that grants it was read. */
static void
tell_first(const Fixture *fixture)
{
    gint64 until_us = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;

    while (!is_told(fixture, fixture->path, "uuid:it", 0, "200"))
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
}

/* What is granted has been read as well, by and large. */
static void
settle(void)
{
    for (guint turn = 0; turn < 1000; turn++) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(500);
    }
}

/* Granted is not heard: it stays silent, so it is as one that refuses. Then it tells. */
static void
test_trust(Fixture *fixture, gconstpointer path)
{
    wait_count(&fixture->asked, 1);
    settle();
    g_assert_false(is_active(fixture));
    tell(fixture, "/upnp/heard/guessed", "uuid:it", 0, "412");
    tell_first(fixture);
    g_assert_true(is_active(fixture));
    tell(fixture, fixture->path, "uuid:other", 1, "412");
    g_assert_cmpuint(fixture->events, ==, 1);
    g_assert_cmpuint(fixture->turns, ==, 1);
    tell(fixture, fixture->path, "uuid:it", 5, "200"); /* some were lost */
    g_assert_cmpuint(fixture->events, ==, 2);
    g_assert_cmpuint(fixture->turns, ==, 2);
}

static void
test_renewed(Fixture *fixture, gconstpointer path)
{
    wait_count(&fixture->asked, 1);
    settle();
    tell_first(fixture);
    clock_advance(fixture->clock, 149 * 1000);
    g_assert_cmpuint(fixture->asked, ==, 1);
    clock_advance(fixture->clock, 1000); /* half of what it granted */
    wait_count(&fixture->asked, 2);
    settle();
    g_autofree char *before = g_strdup(fixture->path);
    fixture->refusal = 412;
    clock_suspend(fixture->clock, 3600 * 1000); /* after a sleep nobody waits for the half */
    clock_advance(fixture->clock, 30 * 1000);
    wait_count(&fixture->asked, 4); /* it had forgotten, and is asked anew */
    settle();
    g_assert_true(is_active(fixture));
    tell_first(fixture);
    g_assert_cmpuint(fixture->turns, ==, 1);
}

#define ADD(name, path, test) g_test_add("/upnp/ear/" name, Fixture, path, set_up, test, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("hears", "/upnp/events/AVTransport", test_hears);
    ADD("refused", "/upnp/events/NoSuch", test_refused);
    ADD("trust", "/forgetful", test_trust);
    ADD("renewed", "/forgetful", test_renewed);
    return g_test_run();
}
