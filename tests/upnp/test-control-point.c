/* test-control-point.c -- whose description is fetched, how much of it, and how many are known
 *
 * On lo, and a port of the test's own in the place of SSDP's; one server is every device. */
#include "net/datagram.h"
#include "net/http-server.h"
#include "tests/support/wait-until.h"
#include "upnp/control-point.h"
#include "upnp/ladder.h"
#include "wire/ssdp.h"

#include <glib/gstdio.h>
#include <net/if.h>
#include <string.h>

#define TYPE "urn:schemas-upnp-org:device:MediaRenderer:1"

typedef struct {
    Clock *clock;
    NetInterfaces *interfaces;
    HttpRouter *router;
    HttpServer *server;
    HttpClient *client;
    Datagram *mouth, *place; /* place: keeps the port of the group for us */
    UpnpControlPoint *point;
    guint online, offline;
    guint searches; /* heard at that place */
    gint asked; /* atomic */
} Fixture;

/* -- The devices ------------------------------------------------------------------------------- */

static void
describe(HttpExchange *exchange, gpointer user_data)
{
    const char *uuid = http_exchange_parameter(exchange, "uuid");
    bool is_large = g_str_equal(uuid, "large");
    g_autofree char *filler = g_strnfill(is_large ? UPNP_REMOTE_SIZE_MAX : 0, ' ');

    g_atomic_int_inc(&((Fixture *)user_data)->asked);
    if (g_str_equal(uuid, "elsewhere")) {
        http_exchange_add_head(exchange, "Location", "/d/redirected");
        http_exchange_reply(exchange, 302, NULL, NULL);
        return;
    }
    http_exchange_reply_text(
        exchange, 200, "text/xml",
        g_strdup_printf("<root>%s<device><deviceType>" TYPE "</deviceType><UDN>uuid:%s</UDN>"
                        "</device></root>",
                        filler, g_str_equal(uuid, "another") ? "other" : uuid));
}

static const HttpRoute routes[] = {
    { "GET", "/d/{uuid}", HTTP_READ, describe, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};

static void
on_received(GBytes *bytes, GSocketAddress *from, unsigned interface_index, gpointer user_data)
{
    Fixture *fixture = user_data;
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);

    fixture->searches += g_strstr_len(text, (gssize)size, "M-SEARCH") == text;
}

static void
on_remote(gconstpointer data, gpointer user_data)
{
    const UpnpRemoteEvent *event = data;
    Fixture *fixture = user_data;

    g_assert_cmpstr(event->remote->uuid, !=, "redirected");
    fixture->online += event->is_online;
    fixture->offline += !event->is_online;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    static const char *const lo[] = { "lo", NULL };
    g_autoptr(GError) error = NULL;

    fixture->clock = clock_new_fake();
    fixture->interfaces = net_interfaces_new(lo, &error);
    fixture->router = http_router_new();
    http_router_add(fixture->router, routes, fixture);
    fixture->server = http_server_new(&(HttpServerOptions){ .clock = fixture->clock },
                                      fixture->router, &error);
    g_assert_no_error(error);
    fixture->client = http_client_new("test/1");
    fixture->place = datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_received, fixture, &error);
    fixture->mouth = datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_received, fixture, &error);
    g_assert_no_error(error);
    fixture->point = upnp_control_point_new(
        &(UpnpControlPointOptions){ .type = "MediaRenderer", .agent = "test/1",
                                    .ssdp_port = datagram_port(fixture->place),
                                    .client = fixture->client, .clock = fixture->clock,
                                    .interfaces = fixture->interfaces },
        &error);
    g_assert_no_error(error);
    observers_add(upnp_control_point_observers(fixture->point), on_remote, fixture);
    clock_advance(fixture->clock, 0); /* it joins the group when it searches */
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    upnp_control_point_free(fixture->point);
    http_client_free(fixture->client);
    datagram_free(fixture->mouth);
    datagram_free(fixture->place);
    http_server_free(fixture->server);
    http_router_free(fixture->router);
    net_interfaces_free(fixture->interfaces);
    clock_free(fixture->clock);
}

/* host NULL: where the devices are. */
static void
announce(Fixture *fixture, SsdpKind kind, const char *uuid, const char *host)
{
    g_autofree char *usn = g_strdup_printf("uuid:%s::" TYPE, uuid);
    g_autofree char *location =
        g_strdup_printf("http://%s:%u/d/%s", host != NULL ? host : "127.0.0.1",
                        http_server_port(fixture->server), uuid);
    g_autoptr(GBytes) bytes = ssdp_encode(&(Ssdp){ .kind = kind, .target = TYPE, .usn = usn,
                                                   .location = location, .max_age_s = 1800 });
    g_autoptr(GSocketAddress) to =
        g_inet_socket_address_new_from_string(SSDP_GROUP, datagram_port(fixture->place));
    g_autoptr(GInetAddress) source = g_inet_address_new_from_string("127.0.0.1");
    g_autoptr(GError) error = NULL;

    datagram_send(fixture->mouth, bytes, to, if_nametoindex("lo"), source, 1, &error);
    g_assert_no_error(error);
}

/* Time goes on until it is so, by less than a second where it is soon. */
#define GO_ON_UNTIL(fixture, is_so) WAIT_UNTIL((clock_advance((fixture)->clock, 5), (is_so)))

static void
wait_online(Fixture *fixture, guint count)
{
    GO_ON_UNTIL(fixture, fixture->online >= count);
    g_assert_cmpuint(fixture->online, ==, count);
}

/* Each of these is announced, then one that is good: when that is online the others were judged. */
static void
test_trust(Fixture *fixture, gconstpointer data)
{
    announce(fixture, SSDP_ALIVE, "stranger", "127.0.0.2");
    announce(fixture, SSDP_ALIVE, "name", "localhost");
    announce(fixture, SSDP_ALIVE, "elsewhere", NULL);
    announce(fixture, SSDP_ALIVE, "large", NULL);
    announce(fixture, SSDP_ALIVE, "another", NULL);
    GO_ON_UNTIL(fixture, g_atomic_int_get(&fixture->asked) == 3);
    announce(fixture, SSDP_ALIVE, "good", NULL);
    wait_online(fixture, 1);
    g_assert_cmpint(g_atomic_int_get(&fixture->asked), ==, 4);
}

static void
test_life(Fixture *fixture, gconstpointer data)
{
    announce(fixture, SSDP_ALIVE, "one", NULL);
    wait_online(fixture, 1);
    announce(fixture, SSDP_BYEBYE, "one", NULL);
    WAIT_UNTIL(fixture->offline == 1);
    announce(fixture, SSDP_ALIVE, "two", NULL);
    wait_online(fixture, 2);
    clock_advance(fixture->clock, 1801 * 1000); /* it was not heard of again */
    g_assert_cmpuint(fixture->offline, ==, 2);
}

/* The machine slept longer than any of them lives: they are asked, and those who do not say so are
 * gone. */
static void
test_sleep(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GInetAddress) group = g_inet_address_new_from_string(SSDP_GROUP);
    g_autoptr(GError) error = NULL;

    announce(fixture, SSDP_ALIVE, "one", NULL);
    announce(fixture, SSDP_ALIVE, "two", NULL);
    wait_online(fixture, 2);
    clock_advance(fixture->clock, 10 * 1000); /* it has searched as often as it does at first */
    datagram_join(fixture->place, group, if_nametoindex("lo"), &error);
    g_assert_no_error(error);
    clock_suspend(fixture->clock, 24 * 3600 * 1000);
    clock_advance(fixture->clock, 5 * 1000);
    WAIT_UNTIL(fixture->searches >= 1);
    g_assert_cmpuint(fixture->offline, ==, 0);
    announce(fixture, SSDP_ALIVE, "one", NULL);
    announce(fixture, SSDP_ALIVE, "three", NULL);
    wait_online(fixture, 3);
    clock_advance(fixture->clock, 60 * 1000);
    g_assert_cmpuint(fixture->offline, ==, 1);
}

/* Those who leave before they were described take no room from those who come. */
static void
test_gone_at_once(Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < 30; i++) {
        g_autofree char *uuid = g_strdup_printf("%u", i);
        announce(fixture, SSDP_ALIVE, uuid, NULL);
        GO_ON_UNTIL(fixture, (guint)g_atomic_int_get(&fixture->asked) > i);
        announce(fixture, SSDP_BYEBYE, uuid, NULL);
        while (g_main_context_iteration(NULL, FALSE))
            ;
        WAIT_UNTIL(fixture->online == fixture->offline);
    }
    announce(fixture, SSDP_ALIVE, "good", NULL);
    GO_ON_UNTIL(fixture, fixture->online == fixture->offline + 1);
}

static void
on_probed(const HttpReply *reply, const GError *failure, gpointer user_data)
{
    *(bool *)user_data = true;
}

/* A device that has just begun is left alone for a moment; where many come at once, all are
 * described. */
static void
test_settling(Fixture *fixture, gconstpointer data)
{
    g_autofree char *probe =
        g_strdup_printf("http://127.0.0.1:%u/d/probe", http_server_port(fixture->server));
    bool is_probed = false;

    for (guint i = 0; i < 16; i++) {
        g_autofree char *uuid = g_strdup_printf("%u", i);
        announce(fixture, SSDP_ALIVE, uuid, NULL);
    }
    while (g_main_context_iteration(NULL, FALSE))
        ;
    http_client_send(fixture->client, &(HttpRequest){ .method = "GET", .url = probe }, NULL,
                     on_probed, &is_probed);
    WAIT_UNTIL(is_probed);
    g_assert_cmpint(g_atomic_int_get(&fixture->asked), ==, 1);
    wait_online(fixture, 16);
}

/* A peer that says it is a thousand devices fills a table of a home's size. */
static void
test_crowd(Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *uuid = g_strdup_printf("%u", i);
        announce(fixture, SSDP_ALIVE, uuid, NULL);
        for (guint turn = 0; turn < 20; turn++)
            g_main_context_iteration(NULL, FALSE);
    }
    GO_ON_UNTIL(fixture, fixture->online >= 1);
    g_assert_cmpuint(fixture->online, <=, 64);
    g_assert_cmpint(g_atomic_int_get(&fixture->asked), <=, 64);
}

/* -- The ladder -------------------------------------------------------------------------------- */

static void
test_ladder(void)
{
    g_autofree char *folder = g_dir_make_tmp("duoping-test-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "renderers", NULL);
    PlaybackMedia media = { .uri = (char *)"http://h/a.mp4", .mime = (char *)"video/mp4",
                            .metadata = (char *)"<DIDL-Lite/>" };
    g_autofree char *full = upnp_ladder_metadata(UPNP_RUNG_FULL, &media);
    g_autofree char *minimal = upnp_ladder_metadata(UPNP_RUNG_MINIMAL, &media);
    g_autofree char *none = upnp_ladder_metadata(UPNP_RUNG_NONE, &media);

    g_assert_cmpstr(full, ==, "<DIDL-Lite/>");
    g_assert_nonnull(strstr(minimal, "http-get:*:video/mp4:*"));
    g_assert_cmpstr(none, ==, "");
    {
        g_autoptr(UpnpLadder) ladder = upnp_ladder_new(file);
        g_assert_cmpint(upnp_ladder_first(ladder, "M/N [1]=\n"), ==, UPNP_RUNG_FULL);
        upnp_ladder_learn(ladder, "M/N [1]=\n", UPNP_RUNG_NONE);
    }
    g_autoptr(UpnpLadder) again = upnp_ladder_new(file);
    g_assert_cmpint(upnp_ladder_first(again, "M/N [1]=\n"), ==, UPNP_RUNG_NONE);
    g_assert_cmpint(upnp_ladder_first(again, "M/O"), ==, UPNP_RUNG_FULL);
    g_unlink(file);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/upnp/control-point/trust", Fixture, NULL, set_up, test_trust, tear_down);
    g_test_add("/upnp/control-point/life", Fixture, NULL, set_up, test_life, tear_down);
    g_test_add("/upnp/control-point/sleep", Fixture, NULL, set_up, test_sleep, tear_down);
    g_test_add("/upnp/control-point/gone-at-once", Fixture, NULL, set_up, test_gone_at_once,
               tear_down);
    g_test_add("/upnp/control-point/settling", Fixture, NULL, set_up, test_settling, tear_down);
    g_test_add("/upnp/control-point/crowd", Fixture, NULL, set_up, test_crowd, tear_down);
    g_test_add_func("/upnp/ladder", test_ladder);
    return g_test_run();
}
