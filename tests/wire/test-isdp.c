/* test-isdp.c -- wire/isdp: captures, every kind there and back, the rules of MX, NTS and ST */
#include "base/error.h"
#include "tests/wire/captures.h"
#include "wire/isdp.h"

#include <string.h>

#define TV "urn:IGRS:Device:DeviceId:6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define IGRS(type) "MAN: \"http://www.igrs.org/spec1.0\";ns=01\r\n01-IGRSVersion: IGRS/1.0\r\n" \
                   "01-IGRSMessageType: " type "\r\n01-SourceDeviceId: " TV "\r\n"

static Isdp *
decode_capture(const char *name)
{
    g_autoptr(GError) error = NULL;
    size_t size;
    g_autofree char *text = capture_read(name, &size);
    Isdp *isdp = isdp_decode(text, size, &error);
    g_assert_no_error(error);
    return isdp;
}

static void
test_captures(void)
{
    g_autoptr(Isdp) search = decode_capture("search.http");
    g_assert_cmpint(search->kind, ==, ISDP_SEARCH);
    g_assert_cmpstr(search->target, ==, IGRS_MEDIA_SERVER);
    g_assert_cmpuint(search->mx, ==, 3);
    g_assert_cmpuint(search->message->sequence_id, ==, 12);

    g_autoptr(Isdp) alive = decode_capture("alive.http");
    g_assert_cmpint(alive->kind, ==, ISDP_NOTIFY);
    g_assert_true(alive->is_alive);
    g_assert_cmpuint(alive->max_age_s, ==, 1800);
    g_assert_cmpstr(alive->location, ==, "http://192.168.7.20:3880/IGRS");
    g_assert_cmpstr(alive->usn, ==, TV "::" IGRS_MEDIA_SERVER);
    g_assert_cmpstr(alive->message->device_type, ==, IGRS_MEDIA_SERVER); /* from NT */

    g_autoptr(Isdp) post = decode_capture("m-post-search.http");
    g_assert_cmpint(post->kind, ==, ISDP_SEARCH);
    g_assert_cmpstr(post->target, ==, ISDP_ALL);
    g_assert_cmpuint(post->mx, ==, 1);
}

static void
test_round_trip(void)
{
    guint count = 0;

    for (IgrsMessageType type = IGRS_NO_MESSAGE + 1; type < IGRS_MESSAGE_N; type++) {
        if ((igrs_message_transports(type) & (IGRS_MULTICAST | IGRS_UNICAST)) == 0)
            continue;
        g_test_message("%s", igrs_message_name(type));
        IgrsMessage *message = igrs_message_new(type);
        message->source_id = g_strdup(TV);
        message->sequence_id = 5;
        message->acknowledge_id = message->return_code = 200;
        if (g_str_has_prefix(igrs_message_name(type), "Service"))
            message->service_type = g_strdup("urn:IGRS:Service:ServiceType:AVTransport:1");
        else
            message->device_type = g_strdup(IGRS_MEDIA_SERVER);
        igrs_message_add_device(message, TV, IGRS_MEDIA_SERVER, "a", NULL);
        igrs_message_add_group(message, "urn:g", "g", "Plain");
        g_autoptr(Isdp) isdp = isdp_new(message);
        g_autoptr(GError) error = NULL;
        isdp->server = g_strdup("Linux/6.1 IGRS/1.0 duoping/0.1");
        g_free(isdp->location);
        isdp->location =
            isdp->is_alive && isdp->kind != ISDP_SEARCH ? g_strdup("http://h:1/IGRS") : NULL;
        g_autoptr(GBytes) bytes = isdp_encode(isdp, "239.255.255.250:3880");
        g_autoptr(Isdp) back =
            isdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
        g_assert_no_error(error);
        g_assert_cmpint(back->kind, ==, isdp->kind);
        g_assert_cmpstr(back->location, ==, isdp->location);
        g_assert_cmpstr(back->target, ==, isdp->target);
        g_assert_cmpstr(back->usn, ==, isdp->usn);
        g_assert_cmpint(back->is_alive, ==, isdp->is_alive);
        g_assert_cmpuint(back->max_age_s, ==, isdp->max_age_s);
        g_assert_cmpuint(back->mx, ==, isdp->mx);
        g_assert_null(back->message->flaw);
        g_autoptr(GBytes) again = isdp_encode(back, "239.255.255.250:3880");
        if (isdp->kind != ISDP_SEARCH) /* a search does not say its server */
            g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                            g_bytes_get_data(again, NULL), g_bytes_get_size(again));
        count++;
    }
    g_assert_cmpuint(count, ==, 14);
}

static void
test_exact(void)
{
    static const char wanted[] =
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:3880\r\nNT: " IGRS_MEDIA_SERVER "\r\n"
        "NTS: isdp:byebye\r\nUSN: " TV "::" IGRS_MEDIA_SERVER "\r\n"
        "Man: \"http://www.igrs.org/spec1.0\";ns=01\r\n01-IGRSVersion: IGRS/1.0\r\n"
        "01-IGRSMessageType: DeviceOfflineAdvertisement\r\n01-SourceDeviceId: " TV "\r\n"
        "01-SequenceId: 5\r\n01-DeviceType: " IGRS_MEDIA_SERVER "\r\n\r\n";
    IgrsMessage *message = igrs_message_new(IGRS_DEVICE_OFFLINE_ADVERTISEMENT);

    message->source_id = g_strdup(TV);
    message->sequence_id = 5;
    message->device_type = g_strdup(IGRS_MEDIA_SERVER);
    g_autoptr(Isdp) isdp = isdp_new(message);
    g_autoptr(GBytes) bytes = isdp_encode(isdp, "239.255.255.250:3880");
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_assert_cmpstr(text, ==, wanted);
}

static void
test_mx(void)
{
    static const struct {
        const char *head;
        unsigned mx;
    } cases[] = {
        { "MX: 1\r\n", 1 }, { "MX: 5\r\n", 5 },  { "MX: 6\r\n", 5 },  { "MX: 120\r\n", 5 },
        { "MX: 0\r\n", 0 }, { "MX: -1\r\n", 0 }, { "MX: x\r\n", 0 },  { "", 0 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strconcat("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n", cases[i].head,
                        IGRS("SearchDeviceRequest") "\r\n", NULL);
        g_autoptr(Isdp) isdp = isdp_decode(text, strlen(text), NULL);
        g_assert_cmpuint(isdp->mx, ==, cases[i].mx);
        g_assert_cmpstr(isdp->target, ==, ISDP_ALL);
    }
}

static void
test_bad(void)
{
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        { "NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n\r\n", 510 },
        { "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n", 510 },
        { "M-SEARCH * HTTP/1.1\r\nMX: 1\r\n" IGRS("SearchDeviceRequest") "\r\n", 400 },
        { "NOTIFY * HTTP/1.1\r\nMX: 1\r\nST: isdp:all\r\n" IGRS("SearchDeviceRequest") "\r\n",
          400 },
        { "M-SEARCH * HTTP/1.1\r\nNT: x\r\n" IGRS("DeviceOnlineAdvertisement") "\r\n", 400 },
        { "NOTIFY * HTTP/1.1\r\nNTS: ssdp:byebye\r\n" IGRS("DeviceOnlineAdvertisement") "\r\n",
          400 },
        { "NOTIFY /x HTTP/1.1\r\nNTS: ssdp:alive\r\n" IGRS("DeviceOnlineAdvertisement") "\r\n",
          400 },
        { "M-POST /x HTTP/1.1\r\nNTS: ssdp:alive\r\n" IGRS("DeviceOnlineAdvertisement") "\r\n",
          400 },
        { "HTTP/1.1 404 x\r\n" IGRS("SearchDeviceResponse") "\r\n", 400 },
        { "HTTP/1.1 200 OK\r\n" IGRS("DeviceOnlineAdvertisement") "\r\n", 400 },
        { "NOTIFY * HTTP/1.1\r\n" IGRS("CreatePipeRequest") "\r\n", 400 },
        { "NOTIFY * HTTP/1.1\r\n" IGRS("Hello") "\r\n", 501 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", cases[i].text);
        g_assert_null(isdp_decode(cases[i].text, strlen(cases[i].text), &error));
        g_assert_error(error, IGRS_MESSAGE_ERROR, cases[i].status);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(isdp_decode("\x00\x01", 2, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/isdp/captures", test_captures);
    g_test_add_func("/wire/isdp/round-trip", test_round_trip);
    g_test_add_func("/wire/isdp/exact", test_exact);
    g_test_add_func("/wire/isdp/mx", test_mx);
    g_test_add_func("/wire/isdp/bad", test_bad);
    return g_test_run();
}
