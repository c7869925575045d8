/* test-ssdp.c -- the voice of a device: when it announces, what it answers, and whom
 *
 * On lo, and a port of the test's own in the place of SSDP's. */
#include "net/datagram.h"
#include "tests/net/talk.h"
#include "upnp/ssdp.h"
#include "wire/ssdp.h"

#include <net/if.h>
#include <string.h>

#define UUID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define SERVER_TYPE "urn:schemas-upnp-org:device:MediaServer:1"
#define DIRECTORY_TYPE "urn:schemas-upnp-org:service:ContentDirectory:1"
#define TARGETS 4 /* the root, the UUID, and the two above */

typedef struct {
    Clock *clock;
    NetInterfaces *interfaces;
    Datagram *ear;   /* in the group, like any control point */
    Datagram *mouth; /* asks, and hears answers */
    UpnpSsdp *ssdp;
    guint alive, byebye, answers;
    GString *targets; /* of the answers: "target;" each */
    char *location;   /* the last that was said */
} Fixture;

static void
on_received(GBytes *bytes, GSocketAddress *from, unsigned interface_index, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_auto(Ssdp) ssdp = { 0 };

    if (!ssdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &ssdp, NULL) ||
        ssdp.kind == SSDP_SEARCH)
        return;
    g_assert_true(g_str_has_prefix(ssdp.usn, "uuid:" UUID));
    fixture->alive += ssdp.kind == SSDP_ALIVE;
    fixture->byebye += ssdp.kind == SSDP_BYEBYE;
    fixture->answers += ssdp.kind == SSDP_RESPONSE;
    if (ssdp.kind == SSDP_RESPONSE)
        g_string_append_printf(fixture->targets, "%s;", ssdp.target);
    if (ssdp.location != NULL) {
        g_free(fixture->location);
        fixture->location = g_strdup(ssdp.location);
    }
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    static const char *const lo[] = { "lo", NULL };
    static const char *const types[] = { SERVER_TYPE, DIRECTORY_TYPE, NULL };
    g_autoptr(GInetAddress) group = g_inet_address_new_from_string(SSDP_GROUP);
    g_autoptr(GError) error = NULL;

    fixture->targets = g_string_new(NULL);
    fixture->clock = clock_new_fake();
    fixture->interfaces = net_interfaces_new(lo, &error);
    g_assert_no_error(error);
    fixture->ear = datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_received, fixture, &error);
    g_assert_no_error(error);
    datagram_join(fixture->ear, group, if_nametoindex("lo"), &error);
    g_assert_no_error(error);
    fixture->mouth = datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_received, fixture, &error);
    g_assert_no_error(error);
    fixture->ssdp = upnp_ssdp_new(&(UpnpSsdpOptions){
        .uuid = UUID, .types = types, .path = "/d.xml", .http_port = 8380,
        .server = "Linux/6 UPnP/1.0 test/1", .port = datagram_port(fixture->ear),
        .clock = fixture->clock, .interfaces = fixture->interfaces,
    }, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    upnp_ssdp_free(fixture->ssdp);
    datagram_free(fixture->mouth);
    datagram_free(fixture->ear);
    net_interfaces_free(fixture->interfaces);
    clock_free(fixture->clock);
    g_string_free(fixture->targets, TRUE);
    g_free(fixture->location);
}

static void
hear(guint *count, guint expected)
{
    while (*count < expected)
        g_main_context_iteration(NULL, TRUE);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpuint(*count, ==, expected);
}

static void
test_announcements(Fixture *fixture, gconstpointer data)
{
    clock_advance(fixture->clock, 0);
    hear(&fixture->alive, TARGETS);
    g_assert_cmpstr(fixture->location, ==, "http://127.0.0.1:8380/d.xml");
    clock_advance(fixture->clock, 1200); /* two more, should one have been lost */
    hear(&fixture->alive, 3 * TARGETS);
    clock_advance(fixture->clock, SSDP_MAX_AGE_S / 4 * 1000 - 1);
    hear(&fixture->alive, 3 * TARGETS);
    clock_advance(fixture->clock, SSDP_MAX_AGE_S / 4 * 1000 + 1); /* before half its life is over */
    hear(&fixture->alive, 4 * TARGETS);
    g_clear_pointer(&fixture->ssdp, upnp_ssdp_free);
    hear(&fixture->byebye, TARGETS);
}

static void
test_sleep(Fixture *fixture, gconstpointer data)
{
    clock_advance(fixture->clock, 1200);
    hear(&fixture->alive, 3 * TARGETS);
    clock_suspend(fixture->clock, 8 * 60 * 60 * 1000);
    clock_advance(fixture->clock, 31 * 1000);
    hear(&fixture->alive, 6 * TARGETS);
}

static void
search(Fixture *fixture, const char *target, unsigned mx)
{
    g_autoptr(GBytes) bytes =
        ssdp_encode(&(Ssdp){ .kind = SSDP_SEARCH, .target = target, .mx = mx });
    g_autoptr(GSocketAddress) to =
        g_inet_socket_address_new_from_string(SSDP_GROUP, datagram_port(fixture->ear));
    g_autoptr(GInetAddress) source = g_inet_address_new_from_string("127.0.0.1");
    g_autoptr(GError) error = NULL;

    datagram_send(fixture->mouth, bytes, to, if_nametoindex("lo"), source, 1, &error);
    g_assert_no_error(error);
}

static void
test_searches(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *target;
        const char *answers;
    } searches[] = {
        { SSDP_ROOT, SSDP_ROOT ";" },
        { "uuid:" UUID, "uuid:" UUID ";" },
        { SERVER_TYPE, SERVER_TYPE ";" },
        { SSDP_ALL, SSDP_ROOT ";uuid:" UUID ";" SERVER_TYPE ";" DIRECTORY_TYPE ";" },
        { "urn:schemas-upnp-org:device:Printer:1", "" },
        { "uuid:another", "" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(searches); i++) {
        /* What is asked after it is answered too; so nothing more is to come. */
        g_autofree char *expected = g_strconcat(searches[i].answers, "uuid:" UUID ";", NULL);
        g_test_message("%s", searches[i].target);
        g_string_truncate(fixture->targets, 0);
        search(fixture, searches[i].target, 0);
        search(fixture, "uuid:" UUID, 0);
        while (fixture->targets->len < strlen(expected)) {
            g_main_context_iteration(NULL, FALSE);
            clock_advance(fixture->clock, 0);
        }
        g_assert_cmpstr(fixture->targets->str, ==, expected);
    }
}

/* Who waits is answered within a moment all the same. */
static void
test_patience(Fixture *fixture, gconstpointer data)
{
    int64_t start_ms = clock_now_ms(fixture->clock);

    search(fixture, SERVER_TYPE, 5);
    while (fixture->answers == 0) {
        clock_advance(fixture->clock, 1);
        g_main_context_iteration(NULL, clock_now_ms(fixture->clock) - start_ms > 1000);
    }
    hear(&fixture->answers, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/upnp/ssdp/announcements", Fixture, NULL, set_up, test_announcements, tear_down);
    g_test_add("/upnp/ssdp/sleep", Fixture, NULL, set_up, test_sleep, tear_down);
    g_test_add("/upnp/ssdp/searches", Fixture, NULL, set_up, test_searches, tear_down);
    g_test_add("/upnp/ssdp/patience", Fixture, NULL, set_up, test_patience, tear_down);
    return g_test_run();
}
