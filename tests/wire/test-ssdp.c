/* test-ssdp.c -- wire/ssdp: what devices say, what we say, and that the two are one */
#include "base/error.h"
#include "wire/ssdp.h"

#include <string.h>

#define NOTIFY "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
#define SEARCH "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
#define MAN "MAN: \"ssdp:discover\"\r\n"
#define USN "USN: uuid:1::upnp:rootdevice\r\n"

static const struct {
    const char *what, *text;
    bool is_taken;
    SsdpKind kind;
    unsigned mx, max_age_s;
} datagrams[] = {
    { "alive", NOTIFY "NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nLOCATION: http://10.0.0.9/d\r\n"
      "CACHE-CONTROL: max-age=1800\r\n" USN "\r\n", true, SSDP_ALIVE, 0, 1800 },
    { "age among others", NOTIFY "NT: a\r\nNTS: ssdp:alive\r\nLOCATION: http://10.0.0.9/d\r\n"
      "Cache-Control: no-cache=\"Ext\", Max-Age = 60 \r\n" USN "\r\n", true, SSDP_ALIVE, 0, 60 },
    { "age of a fool", NOTIFY "NT: a\r\nNTS: ssdp:alive\r\nLOCATION: http://10.0.0.9/d\r\n"
      "CACHE-CONTROL: max-age=4000000000\r\n" USN "\r\n", true, SSDP_ALIVE, 0, 604800 },
    { "alive, nowhere", NOTIFY "NT: a\r\nNTS: ssdp:alive\r\n" USN "\r\n", false, 0, 0, 0 },
    { "alive, nobody", NOTIFY "NT: a\r\nNTS: ssdp:alive\r\nLOCATION: http://h/\r\n\r\n", false, 0, 0, 0 },
    { "byebye", NOTIFY "NT: a\r\nNTS: ssdp:byebye\r\n" USN "\r\n", true, SSDP_BYEBYE, 0, 0 },
    { "an update", NOTIFY "NT: a\r\nNTS: ssdp:update\r\n" USN "\r\n", false, 0, 0, 0 },
    { "search", SEARCH MAN "MX: 3\r\nST: ssdp:all\r\n\r\n", true, SSDP_SEARCH, 3, 0 },
    { "no empty line", SEARCH MAN "MX: 0\r\nST: ssdp:all\r\n", true, SSDP_SEARCH, 0, 0 },
    { "patient", SEARCH MAN "MX: 120\r\nST: ssdp:all\r\n\r\n", true, SSDP_SEARCH, SSDP_MX_MAX, 0 },
    { "no MX", SEARCH MAN "ST: ssdp:all\r\n\r\n", false, 0, 0, 0 },
    { "MX is a word", SEARCH MAN "MX: soon\r\nST: ssdp:all\r\n\r\n", false, 0, 0, 0 },
    { "no MAN", SEARCH "MX: 3\r\nST: ssdp:all\r\n\r\n", false, 0, 0, 0 },
    { "no ST", SEARCH MAN "MX: 3\r\n\r\n", false, 0, 0, 0 },
    { "response", "HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: http://h/\r\n" USN "\r\n", true,
      SSDP_RESPONSE, 0, 0 },
    { "refusal", "HTTP/1.1 404 No\r\nST: a\r\nLOCATION: http://h/\r\n" USN "\r\n", false, 0, 0, 0 },
    { "another method", "GET * HTTP/1.1\r\nST: a\r\n\r\n", false, 0, 0, 0 },
    { "nothing", "", false, 0, 0, 0 },
};

static void
test_decode(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(datagrams); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(Ssdp) ssdp = { 0 };
        bool is_taken = ssdp_decode(datagrams[i].text, strlen(datagrams[i].text), &ssdp, &error);

        g_test_message("%s: %s", datagrams[i].what, error != NULL ? error->message : "taken");
        g_assert_true(is_taken == datagrams[i].is_taken);
        g_assert_true(is_taken == (error == NULL));
        if (!is_taken)
            continue;
        g_assert_cmpint(ssdp.kind, ==, datagrams[i].kind);
        g_assert_cmpuint(ssdp.mx, ==, datagrams[i].mx);
        g_assert_cmpuint(ssdp.max_age_s, ==, datagrams[i].max_age_s);
    }
}

static void
test_both_ways(void)
{
    for (SsdpKind kind = SSDP_ALIVE; kind <= SSDP_RESPONSE; kind++) {
        const Ssdp said = {
            .kind = kind, .target = "upnp:rootdevice", .usn = "uuid:1::upnp:rootdevice",
            .location = "http://10.0.0.9:8380/d", .server = "Linux/6 UPnP/1.0 test/1", .mx = 2,
            .max_age_s = 1800, .boot_id = 7,
        };
        bool is_here = kind == SSDP_ALIVE || kind == SSDP_RESPONSE;
        g_autoptr(GBytes) bytes = ssdp_encode(&said);
        g_auto(Ssdp) heard = { 0 };

        g_assert_true(
            ssdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &heard, NULL));
        g_assert_cmpint(heard.kind, ==, kind);
        g_assert_cmpstr(heard.target, ==, said.target);
        g_assert_cmpstr(heard.usn, ==, kind == SSDP_SEARCH ? NULL : said.usn);
        g_assert_cmpstr(heard.location, ==, is_here ? said.location : NULL);
        g_assert_cmpstr(heard.server, ==, kind == SSDP_BYEBYE ? NULL : said.server);
        g_assert_cmpuint(heard.mx, ==, kind == SSDP_SEARCH ? 2 : 0);
        g_assert_cmpuint(heard.max_age_s, ==, is_here ? 1800 : 0);
        g_assert_cmpuint(heard.boot_id, ==, kind == SSDP_SEARCH ? 0 : 7);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/ssdp/decode", test_decode);
    g_test_add_func("/wire/ssdp/both-ways", test_both_ways);
    return g_test_run();
}
