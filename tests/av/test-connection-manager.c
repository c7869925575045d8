/* test-connection-manager.c -- connections: prepared, told of, ended by who prepared them and with
 * their sessions, and not more of them than may be */
#include "av/av.h"
#include "support/service-client.h"

#include <string.h>

#define SINK "http-get:*:video/mp4:*,http-get:*:audio/mpeg:*"
#define MP4 "RemoteProtocolInfo=http-get:*:video/mp4:DLNA.ORG_PN=AVC"
#define PEER "PeerConnectionManager=urn:IGRS:Device:DeviceId:x/2", "PeerConnectionID=7"

typedef struct {
    Service *screen;
    guint told;
} Fixture;

static void
on_event(gconstpointer event, gpointer user_data)
{
    g_assert_cmpstr(event, ==, "CurrentConnectionIDs");
    ((Fixture *)user_data)->told++;
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->screen = connection_manager_new("", SINK);
    observers_add(fixture->screen->observers, on_event, fixture);
    service_client_session = "phone 1";
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    service_free(fixture->screen);
}

static int
prepare(Fixture *fixture)
{
    return service_client_call(fixture->screen, "PrepareForConnection", NULL, MP4, PEER,
                               "Direction=Input", NULL);
}

static int
complete(Fixture *fixture, const char *id)
{
    g_autofree char *argument = g_strconcat("ConnectionID=", id, NULL);

    return service_client_call(fixture->screen, "ConnectionComplete", NULL, argument, NULL);
}

static void
assert_ids(Fixture *fixture, const char *expected)
{
    g_autofree char *out = NULL;

    g_assert_cmpint(service_client_call(fixture->screen, "GetCurrentConnectionIDs", &out, NULL), ==,
                    0);
    g_autofree char *ids = service_client_value(out, "ConnectionIDs");
    g_assert_cmpstr(ids, ==, expected);
    g_autofree char *evented =
        fixture->screen->table->value(fixture->screen, "CurrentConnectionIDs");
    g_assert_cmpstr(evented, ==, expected);
}

static void
test_formats(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *out = NULL;

    g_assert_cmpint(service_client_call(fixture->screen, "GetProtocolInfo", &out, NULL), ==, 0);
    g_assert_cmpstr(out, ==, "Source=\nSink=" SINK "\n");
}

static void
test_life(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *made = NULL, *info = NULL, *usual = NULL;

    assert_ids(fixture, "0");
    g_assert_cmpint(service_client_call(fixture->screen, "PrepareForConnection", &made, MP4, PEER,
                                        "Direction=Input", NULL), ==, 0);
    g_assert_cmpstr(made, ==, "ConnectionID=1\nAVTransportID=0\nRcsID=0\n");
    g_assert_cmpint(prepare(fixture), ==, 0);
    assert_ids(fixture, "0,1,2");
    g_assert_cmpuint(fixture->told, ==, 2);
    g_assert_cmpint(service_client_call(fixture->screen, "GetCurrentConnectionInfo", &info,
                                        "ConnectionID=1", NULL), ==, 0);
    g_assert_cmpstr(info, ==,
                    "RcsID=0\nAVTransportID=0\nProtocolInfo=http-get:*:video/mp4:DLNA.ORG_PN=AVC\n"
                    "PeerConnectionManager=urn:IGRS:Device:DeviceId:x/2\nPeerConnectionID=7\n"
                    "Direction=Input\nStatus=OK\n");
    g_assert_cmpint(service_client_call(fixture->screen, "GetCurrentConnectionInfo", &usual,
                                        "ConnectionID=0", NULL), ==, 0);
    g_assert_nonnull(strstr(usual, "Direction=Input"));
    g_assert_cmpint(complete(fixture, "1"), ==, 0);
    g_assert_cmpint(complete(fixture, "1"), ==, 706);
    g_assert_cmpint(complete(fixture, "0"), ==, 706); /* it always is */
    g_assert_cmpint(service_client_call(fixture->screen, "GetCurrentConnectionInfo", NULL,
                                        "ConnectionID=1", NULL), ==, 706);
    assert_ids(fixture, "0,2");
    g_assert_cmpint(prepare(fixture), ==, 0);
    assert_ids(fixture, "0,2,3"); /* no number comes again soon */
}

static void
test_refusals(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *long_peer = g_strnfill(2000, 'x');
    g_autofree char *peer = g_strconcat("PeerConnectionManager=", long_peer, NULL);
    const struct {
        const char *format, *peer, *direction;
        int code;
    } cases[] = {
        { MP4, "PeerConnectionManager=", "Direction=Output", 702 },
        { MP4, "PeerConnectionManager=", "Direction=Sideways", 702 },
        { "RemoteProtocolInfo=http-get:*:image/png:*", "PeerConnectionManager=", "Direction=Input",
          701 },
        { "RemoteProtocolInfo=rtsp-rtp-udp:*:video/mp4:*",
          "PeerConnectionManager=", "Direction=Input", 701 },
        { "RemoteProtocolInfo=nonsense", "PeerConnectionManager=", "Direction=Input", 701 },
        { "RemoteProtocolInfo=", "PeerConnectionManager=", "Direction=Input", 701 },
        { MP4, peer, "Direction=Input", 402 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(service_client_call(fixture->screen, "PrepareForConnection", NULL,
                                            cases[i].format, cases[i].peer, "PeerConnectionID=-1",
                                            cases[i].direction, NULL), ==, cases[i].code);
    assert_ids(fixture, "0");
    g_assert_cmpuint(fixture->told, ==, 0);
}

static void
test_server_sends(void)
{
    g_autoptr(Service) server = connection_manager_new(SINK, "");
    g_autofree char *made = NULL;

    g_assert_cmpint(service_client_call(server, "PrepareForConnection", &made, MP4, PEER,
                                        "Direction=Output", NULL), ==, 0);
    g_assert_cmpstr(made, ==, "ConnectionID=1\nAVTransportID=-1\nRcsID=-1\n");
    g_assert_cmpint(service_client_call(server, "PrepareForConnection", NULL, MP4, PEER,
                                        "Direction=Input", NULL), ==, 702);
}

/* A connection is its session's: nobody else ends it, and it ends with it. */
static void
test_sessions(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_assert_cmpint(prepare(fixture), ==, 0);
    service_client_session = "tablet 1";
    g_assert_cmpint(prepare(fixture), ==, 0);
    g_assert_cmpint(complete(fixture, "1"), ==, 705);
    assert_ids(fixture, "0,1,2");
    fixture->screen->table->session_ended(fixture->screen, "phone 2");
    g_assert_cmpuint(fixture->told, ==, 2);
    fixture->screen->table->session_ended(fixture->screen, "phone 1");
    g_assert_cmpuint(fixture->told, ==, 3);
    assert_ids(fixture, "0,2");
}

static void
test_bounds(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < 8; i++)
        g_assert_cmpint(prepare(fixture), ==, 0);
    g_assert_cmpint(prepare(fixture), ==, 704);
    for (guint session = 0; session < 100; session++) {
        g_autofree char *name = g_strdup_printf("hostile %u", session);
        service_client_session = name;
        while (prepare(fixture) == 0)
            continue;
    }
    g_autofree char *ids = fixture->screen->table->value(fixture->screen, "CurrentConnectionIDs");
    g_auto(GStrv) each = g_strsplit(ids, ",", -1);
    g_assert_cmpuint(g_strv_length(each), ==, 1 + 64);
}

/* Where nobody knows who asks (UPnP) the oldest gives way. */
static void
test_without_sessions(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    service_client_session = NULL;
    for (guint i = 0; i < 20; i++)
        g_assert_cmpint(prepare(fixture), ==, 0);
    assert_ids(fixture, "0,13,14,15,16,17,18,19,20");
    g_assert_cmpint(complete(fixture, "14"), ==, 0);
}

#define TEST(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("/connection-manager/formats", test_formats);
    TEST("/connection-manager/life", test_life);
    TEST("/connection-manager/refusals", test_refusals);
    g_test_add_func("/connection-manager/server-sends", test_server_sends);
    TEST("/connection-manager/sessions", test_sessions);
    TEST("/connection-manager/bounds", test_bounds);
    TEST("/connection-manager/without-sessions", test_without_sessions);
    return g_test_run();
}
