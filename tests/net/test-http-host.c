/* test-http-host.c -- addresses and names that are ours, in every form, and those that are not */
#include "net/http-host.h"

#include <arpa/inet.h>
#include <glib.h>

static void
test_hosts(void)
{
    static const char *const names[] = { "nas", "nas.local", NULL };
    static const struct {
        const char *local, *host;
        bool is_ours;
    } cases[] = {
        { "::ffff:192.168.1.5", "192.168.1.5", true },
        { "::ffff:192.168.1.5", "192.168.1.5:8380", true },
        { "::ffff:192.168.1.5", "[::ffff:192.168.1.5]:8380", true },
        { "::ffff:192.168.1.5", "192.168.1.5:80", false },
        { "::ffff:192.168.1.5", "192.168.1.5:08380", true },
        { "::ffff:192.168.1.5", "192.168.1.5:99999", false },
        { "::ffff:192.168.1.5", "192.168.1.5:-1", false },
        { "::ffff:192.168.1.5", "192.168.1.6", false },
        { "::ffff:192.168.1.5", "127.0.0.1", false },
        { "::ffff:192.168.1.5", "192.168.261", false }, /* not an address, though some read it so */
        { "fd00::2", "[fd00::2]", true },
        { "fd00::2", "[FD00:0:0::0002]:8380", true },
        { "fd00::2", "[fd00::3]", false },
        { "fd00::2", "fd00::2", false },
        { "fd00::2", "[fd00::2]8380", false },
        { "fd00::2", "[nas]", false },
        { "fe80::1", "[fe80::1%25eth0]:8380", true },
        { "fd00::2", "nas", true },
        { "fd00::2", "NAS.Local.", true },
        { "fd00::2", "nas.local..", false },
        { "fd00::2", "localhost:8380", true },
        { "fd00::2", "nas.example", false },
        { "fd00::2", "", false },
        { "fd00::2", ".", false },
        { "fd00::2", "[]", false },
        { "fd00::2", "[", false },
        { "fd00::2", ":8380", false },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct in6_addr local;
        g_test_message("%s at %s", cases[i].host, cases[i].local);
        g_assert_cmpint(inet_pton(AF_INET6, cases[i].local, &local), ==, 1);
        g_assert_true(http_host_is_ours(cases[i].host, &local, 8380, names) == cases[i].is_ours);
    }
    g_autofree char *endless = g_strnfill(100000, 'a');
    g_assert_false(http_host_is_ours(endless, &in6addr_loopback, 8380, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/http-host/hosts", test_hosts);
    return g_test_run();
}
