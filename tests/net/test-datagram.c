/* test-datagram.c -- datagrams on loopback: groups, shared ports, interfaces, sizes
 *
 * IPv6 has no multicast on lo: that test makes a network namespace with a pair of interfaces. */
#define _GNU_SOURCE /* unshare */
#include "net/datagram.h"
#include "tests/net/talk.h"
#include "tests/support/wait-until.h"

#include <net/if.h>
#include <sched.h>
#include <string.h>

typedef struct {
    Datagram *datagram;
    GString *heard; /* "text@interface;" each */
    guint last_port;
    char *last_address;
    bool is_heard, is_freed_on_receipt;
} Ear;

static void
on_received(GBytes *bytes, GSocketAddress *from, unsigned interface_index, gpointer user_data)
{
    Ear *ear = user_data;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    g_string_append_printf(ear->heard, "%.*s@%u;", (int)MIN(size, 8), data, interface_index);
    ear->last_port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(from));
    g_free(ear->last_address);
    ear->last_address = g_inet_address_to_string(
        g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(from)));
    ear->is_heard = true;
    if (ear->is_freed_on_receipt)
        g_clear_pointer(&ear->datagram, datagram_free);
}

static void
ear_open(GSocketFamily family, uint16_t port, Ear *ear)
{
    g_autoptr(GError) error = NULL;

    *ear = (Ear){ .heard = g_string_new(NULL) };
    ear->datagram = datagram_new(family, port, on_received, ear, &error);
    g_assert_no_error(error);
}

static void
ear_close(Ear *ear)
{
    datagram_free(ear->datagram);
    g_string_free(ear->heard, TRUE);
    g_free(ear->last_address);
}

static bool
say(Datagram *datagram, const char *octets, gsize size, const char *host, guint port,
    unsigned interface, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(octets, size);
    g_autoptr(GSocketAddress) to = g_inet_socket_address_new_from_string(host, port);

    return datagram_send(datagram, bytes, to, interface, NULL, 1, error);
}

static void
test_unicast(void)
{
    Ear ear;
    ear_open(G_SOCKET_FAMILY_IPV4, 0, &ear);
    g_autoptr(Datagram) mouth = datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_received, &ear, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *large = g_strnfill(DATAGRAM_SIZE_MAX + 1, 'x');
    g_autofree char *expected = g_strdup_printf("one@%u;xxxxxxxx@%u;two@%u;", if_nametoindex("lo"),
                                                if_nametoindex("lo"), if_nametoindex("lo"));

    g_assert_true(say(mouth, "one", 3, "127.0.0.1", datagram_port(ear.datagram), 0, &error));
    g_assert_true(say(mouth, large, DATAGRAM_SIZE_MAX + 1, "127.0.0.1", datagram_port(ear.datagram),
                      0, &error));
    g_assert_true(
        say(mouth, large, DATAGRAM_SIZE_MAX, "127.0.0.1", datagram_port(ear.datagram), 0, &error));
    g_assert_true(say(mouth, "two", 3, "127.0.0.1", datagram_port(ear.datagram), 0, &error));
    while (strstr(ear.heard->str, "two") == NULL)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(ear.heard->str, ==, expected); /* the one too large is not there */
    g_assert_cmpuint(ear.last_port, ==, datagram_port(mouth));
    ear_close(&ear);
}

/* The interface to test on; 0: not allowed here. From here on the test is in its own namespace. */
static unsigned
make_interface(void)
{
    static const char *const commands[] = {
        "ip link add v0 type veth peer name v1",
        "ip address add fe80::1/64 dev v0 nodad",
        "ip link set v1 up",
        "ip link set v0 up",
    };
    if (unshare(CLONE_NEWNET) != 0)
        return 0;
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        gint status = -1;
        if (!g_spawn_command_line_sync(commands[i], NULL, NULL, &status, NULL) || status != 0)
            return 0;
    }
    return if_nametoindex("v0");
}

static void
test_multicast(gconstpointer data)
{
    bool is_v6 = GPOINTER_TO_INT(data) != 0;
    GSocketFamily family = is_v6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4;
    const char *name = is_v6 ? "ff02::c" : "239.255.255.250";
    g_autoptr(GInetAddress) group = g_inet_address_new_from_string(name);
    g_autoptr(GInetAddress) other =
        g_inet_address_new_from_string(is_v6 ? "239.255.255.250" : "ff02::c");
    unsigned interface = is_v6 ? make_interface() : if_nametoindex("lo");
    g_autoptr(GError) error = NULL;
    Ear a, b, deaf;

    if (interface == 0) {
        g_test_skip("network namespaces are not allowed here");
        return;
    }
    ear_open(family, 0, &a);
    uint16_t port = datagram_port(a.datagram);
    ear_open(family, port, &b); /* two programs share a port */
    ear_open(family, port, &deaf);
    g_assert_true(datagram_join(a.datagram, group, interface, &error));
    g_assert_true(datagram_join(a.datagram, group, interface, &error)); /* no error */
    g_assert_true(datagram_join(b.datagram, group, interface, &error));
    WAIT_UNTIL(say(a.datagram, "all", 3, name, port, interface, NULL)); /* new links take a moment */
    talk_wait(&a.is_heard); /* our own come back */
    talk_wait(&b.is_heard);
    g_autofree char *expected = g_strdup_printf("all@%u;", interface);
    g_assert_cmpstr(a.heard->str, ==, expected);
    g_assert_cmpstr(b.heard->str, ==, expected);

    datagram_leave(b.datagram, group, interface);
    datagram_leave(b.datagram, group, interface); /* no error */
    a.is_heard = b.is_heard = false;
    g_assert_true(say(a.datagram, "all", 3, name, port, interface, &error));
    talk_wait(&a.is_heard);
    g_assert_false(b.is_heard);
    g_assert_false(deaf.is_heard); /* it never joined */
    g_assert_false(datagram_join(a.datagram, other, interface, &error)); /* another family */
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_assert_false(datagram_join(a.datagram, group, 999999, &error)); /* no such interface */
    g_assert_nonnull(error);
    ear_close(&a);
    ear_close(&b);
    ear_close(&deaf);
}

/* Another address of ours than the one the routes would choose. */
static void
test_source(void)
{
    Ear ear;
    ear_open(G_SOCKET_FAMILY_IPV4, 0, &ear);
    g_autoptr(GBytes) bytes = g_bytes_new_static("one", 3);
    g_autoptr(GInetAddress) source = g_inet_address_new_from_string("127.0.0.9");
    g_autoptr(GSocketAddress) to =
        g_inet_socket_address_new_from_string("127.0.0.1", datagram_port(ear.datagram));
    g_autoptr(GError) error = NULL;

    g_assert_true(datagram_send(ear.datagram, bytes, to, 0, source, 1, &error));
    talk_wait(&ear.is_heard);
    g_assert_cmpstr(ear.last_address, ==, "127.0.0.9");
    ear_close(&ear);
}

static void
test_free_on_receipt(void)
{
    Ear ear;
    ear_open(G_SOCKET_FAMILY_IPV4, 0, &ear);
    g_autoptr(Datagram) mouth = datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_received, &ear, NULL);

    ear.is_freed_on_receipt = true;
    say(mouth, "one", 3, "127.0.0.1", datagram_port(ear.datagram), 0, NULL);
    say(mouth, "two", 3, "127.0.0.1", datagram_port(ear.datagram), 0, NULL);
    talk_wait(&ear.is_heard);
    g_assert_null(strstr(ear.heard->str, "two"));
    ear_close(&ear);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/datagram/unicast", test_unicast);
    g_test_add_data_func("/net/datagram/multicast-4", GINT_TO_POINTER(0), test_multicast);
    g_test_add_func("/net/datagram/source", test_source);
    g_test_add_func("/net/datagram/free-on-receipt", test_free_on_receipt);
    g_test_add_data_func("/net/datagram/multicast-6", GINT_TO_POINTER(1), test_multicast);
    return g_test_run();
}
