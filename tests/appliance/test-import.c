/* test-import.c -- what a device may have us fetch, on the interfaces that are here */
#include "appliance/library/import.h"

#include "base/error.h"

#include <string.h>

/* The asker is on the loopback link: the one that every machine has. */
static void
test_allowed(void)
{
    static const struct {
        const char *url, *asker;
        int code; /* -1: allowed */
    } cases[] = {
        { "http://127.0.0.1:9/x", "127.0.0.1", -1 },
        { "http://192.0.2.7/x", "192.0.2.7", -1 },
        { "http://[2001:db8::7]:80/x", "2001:db8::7", -1 },
        { "http://127.0.0.2/x", "127.0.0.1", DUO_ERROR_DENIED }, /* one of ours */
        { "http://192.0.2.8/x", "192.0.2.7", DUO_ERROR_DENIED },
        { "http://127.0.0.1/x", "192.0.2.7", DUO_ERROR_DENIED },
        { "http://[::1]/x", "192.0.2.7", DUO_ERROR_DENIED },
        { "http://[::ffff:192.0.2.7]/x", "192.0.2.7", DUO_ERROR_DENIED },
        { "http://3221225991/x", "192.0.2.7", DUO_ERROR_DENIED }, /* the same, as one number */
        { "http://localhost/x", "127.0.0.1", DUO_ERROR_DENIED },
        { "http://0.0.0.0/x", "127.0.0.1", DUO_ERROR_DENIED },
        { "http://239.255.255.250/x", "127.0.0.1", DUO_ERROR_DENIED },
        { "http://192.0.2.7/x", "", DUO_ERROR_DENIED }, /* nobody knows who asks */
        { "http:///x", "192.0.2.7", DUO_ERROR_DENIED },
        { "https://192.0.2.7/x", "192.0.2.7", DUO_ERROR_INVALID },
        { "http://me@192.0.2.7/x", "192.0.2.7", DUO_ERROR_INVALID },
        { "file:///etc/passwd", "192.0.2.7", DUO_ERROR_INVALID },
        { "/etc/passwd", "192.0.2.7", DUO_ERROR_INVALID },
        { "", "192.0.2.7", DUO_ERROR_INVALID },
    };
    static const char *const names[] = { "lo", NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(NetInterfaces) interfaces = net_interfaces_new(names, &error);

    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s for %s", cases[i].url, cases[i].asker);
        g_assert_cmpint(import_allows(interfaces, cases[i].url, cases[i].asker, &error), ==,
                        cases[i].code < 0);
        if (cases[i].code >= 0)
            g_assert_error(error, DUO_ERROR, cases[i].code);
        g_clear_error(&error);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/appliance/import/allowed", test_allowed);
    return g_test_run();
}
