/* test-interfaces.c -- interfaces come, change and go, in a network namespace of the test's own */
#define _GNU_SOURCE /* unshare */
#include "net/interfaces.h"
#include "tests/net/talk.h"

#include <sched.h>
#include <string.h>

typedef struct {
    NetInterfaces *interfaces;
    guint count;
    bool is_told;
} Test;

static void
run(const char *command)
{
    g_autoptr(GError) error = NULL;
    gint status = 0;

    g_spawn_command_line_sync(command, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_test_message("%s", command);
    g_assert_cmpint(status, ==, 0);
}

static void
on_change(gconstpointer event, gpointer user_data)
{
    Test *test = user_data;

    g_assert_true(event == test->interfaces);
    test->count++;
    test->is_told = true;
}

/* "name:address/length,address/length;" each */
static char *
describe(const NetInterfaces *interfaces)
{
    GString *text = g_string_new(NULL);
    const GPtrArray *list = net_interfaces_list(interfaces);

    for (guint i = 0; i < list->len; i++) {
        const NetInterface *interface = list->pdata[i];
        g_string_append_printf(text, "%s:", interface->name);
        for (guint k = 0; k < interface->addresses->len; k++) {
            g_autofree char *address =
                g_inet_address_mask_to_string(interface->addresses->pdata[k]);
            g_string_append_printf(text, "%s%s", k > 0 ? "," : "", address);
        }
        g_string_append_c(text, ';');
    }
    return g_string_free(text, FALSE);
}

/* Iterates until the list reads so. */
static void
await(Test *test, const char *expected)
{
    for (;;) {
        g_autofree char *text = describe(test->interfaces);
        if (strcmp(text, expected) == 0)
            return;
        g_test_message("now %s", text);
        test->is_told = false;
        talk_wait(&test->is_told);
    }
}

static const NetInterface *
only(const NetInterfaces *interfaces)
{
    const GPtrArray *list = net_interfaces_list(interfaces);

    g_assert_cmpuint(list->len, ==, 1);
    return list->pdata[0];
}

static bool
is_on_link(const NetInterface *interface, const char *text)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(text);

    return net_interface_is_on_link(interface, address);
}

/* A namespace where nothing is but lo, and that is down. False: not allowed here. */
static bool
enter_namespace(void)
{
    g_autofree char *ip = g_find_program_in_path("ip");

    if (ip != NULL && unshare(CLONE_NEWNET) == 0)
        return true;
    g_test_skip("network namespaces are not allowed here");
    return false;
}

static void
test_come_and_go(void)
{
    if (!enter_namespace())
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(NetInterfaces) interfaces = net_interfaces_new(NULL, &error);
    Test test = { .interfaces = interfaces };
    g_assert_no_error(error);
    observers_add(net_interfaces_observers(interfaces), on_change, &test);
    g_assert_cmpuint(net_interfaces_list(interfaces)->len, ==, 0); /* none yet */

    run("ip link set lo up");
    await(&test, "lo:127.0.0.1/8,::1;");
    g_assert_true(only(interfaces)->is_loopback);
    g_assert_true(is_on_link(only(interfaces), "127.9.9.9"));
    g_assert_true(is_on_link(only(interfaces), "::1"));
    g_assert_false(is_on_link(only(interfaces), "10.1.2.3"));

    run("ip link add v0 type veth peer name v1");
    run("ip link set v0 addrgenmode none");
    run("ip link set v1 addrgenmode none");
    run("ip address add 10.1.2.3/22 dev v0");
    run("ip address add fd00::1/64 dev v0 nodad");
    run("ip address add fe80::1/64 dev v0 nodad");
    run("ip link set v0 up");
    run("ip link set v1 up");
    await(&test, "v0:10.1.2.3/22,fd00::1/64,fe80::1/64;"); /* and no longer lo */
    const NetInterface *v0 = only(interfaces);
    g_assert_true(net_interfaces_find(interfaces, v0->index) == v0);
    g_assert_null(net_interfaces_find(interfaces, v0->index + 100));
    g_assert_false(v0->is_loopback);
    g_autofree char *v4 = g_inet_address_to_string(net_interface_address(v0, G_SOCKET_FAMILY_IPV4));
    g_autofree char *v6 = g_inet_address_to_string(net_interface_address(v0, G_SOCKET_FAMILY_IPV6));
    g_assert_cmpstr(v4, ==, "10.1.2.3");
    g_assert_cmpstr(v6, ==, "fd00::1"); /* not the link-local one */
    g_assert_true(is_on_link(v0, "10.1.3.255"));
    g_assert_false(is_on_link(v0, "10.1.4.0"));
    g_assert_true(is_on_link(v0, "fd00::ffff"));
    g_assert_false(is_on_link(v0, "fd01::1"));
    g_assert_false(is_on_link(v0, "127.0.0.1"));

    /* A burst is one event. */
    test.count = 0;
    for (int i = 1; i <= 20; i++) {
        g_autofree char *command = g_strdup_printf("ip address add 10.9.%d.1/24 dev v0", i);
        run(command);
    }
    run("ip address delete 10.1.2.3/22 dev v0");
    while (test.count == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(test.count, ==, 1);
    g_assert_cmpuint(only(interfaces)->addresses->len, ==, 22);

    run("ip link set v1 down"); /* the cable is pulled: v0 is up, and does not run */
    await(&test, "lo:127.0.0.1/8,::1;");
    run("ip link delete v0");
    run("ip link set lo down");
    await(&test, "");
}

static void
test_wanted(void)
{
    if (!enter_namespace())
        return;
    run("ip link set lo up");
    run("ip link add v0 type veth peer name v1");
    run("ip link set v0 addrgenmode none");
    run("ip link set v1 addrgenmode none");
    run("ip address add 10.1.2.3/24 dev v0");
    run("ip address add 10.1.3.3/24 dev v1");
    run("ip link set v0 up");
    run("ip link set v1 up");
    static const struct {
        const char *wanted[3], *expected;
    } cases[] = {
        { { NULL }, "v1:10.1.3.3/24;v0:10.1.2.3/24;" },
        { { "v0", NULL }, "v0:10.1.2.3/24;" },
        { { "lo", "v1", NULL }, "lo:127.0.0.1/8,::1;v1:10.1.3.3/24;" },
        { { "wlan9", NULL }, "" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NetInterfaces) interfaces = net_interfaces_new(cases[i].wanted, NULL);
        Test test = { .interfaces = interfaces };
        observers_add(net_interfaces_observers(interfaces), on_change, &test);
        await(&test, cases[i].expected);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/interfaces/come-and-go", test_come_and_go);
    g_test_add_func("/net/interfaces/wanted", test_wanted);
    return g_test_run();
}
