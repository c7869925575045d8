/* test-certificates.c -- what this computer makes for itself, kept, renewed, and what is wrong with
 * files */
#include "base/error.h"
#include "net/certificates.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define NOW_S INT64_C(1800000000)
#define DAY_S INT64_C(86400)

typedef struct {
    char *folder;
    GPtrArray *addresses;
    CertificateSubject subject;
} Fixture;

static const char *const names[] = { "nas", "nas.local", NULL };
static const char *const other_names[] = { "nas", "nas.local", "box.local", "example.org", NULL };

static void
add_address(Fixture *fixture, const char *text)
{
    g_ptr_array_add(fixture->addresses, g_inet_address_new_from_string(text));
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("certificates-XXXXXX", NULL);
    fixture->addresses = g_ptr_array_new_with_free_func(g_object_unref);
    add_address(fixture, "192.168.7.3");
    add_address(fixture, "fe80::7");
    fixture->subject = (CertificateSubject){ names, fixture->addresses, NOW_S };
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    static const char *const files[] = { "device.crt", "device.key", "server.crt", "server.key",
                                         "authority.crt", "authority.key" };

    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(fixture->folder, files[i], NULL);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
    g_ptr_array_unref(fixture->addresses);
    g_free(fixture->folder);
}

static Certificate *
server(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    Certificate *certificate = certificate_of_server(fixture->folder, &fixture->subject, &error);

    g_assert_no_error(error);
    return certificate;
}

static Certificate *
device(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    Certificate *certificate = certificate_of_device(fixture->folder, "Lamp 灯", &error);

    g_assert_no_error(error);
    return certificate;
}

static void
assert_private(Fixture *fixture, const char *name)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    struct stat facts;

    g_assert_no_errno(stat(path, &facts));
    g_assert_cmpint(facts.st_mode & 0777, ==, 0600);
}

static void
test_device_is_kept(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Certificate) one = device(fixture), two = device(fixture);

    g_assert_cmpstr(one->certificate, ==, two->certificate);
    g_assert_cmpstr(one->key, ==, two->key);
    assert_private(fixture, "device.key");
    g_assert_null(certificate_authority(fixture->folder));
}

static void
test_server_is_kept(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Certificate) one = server(fixture), two = server(fixture);
    g_autoptr(GBytes) authority = certificate_authority(fixture->folder);

    g_assert_cmpstr(one->certificate, ==, two->certificate);
    g_assert_cmpstr(one->key, ==, two->key);
    g_assert_nonnull(authority);
    assert_private(fixture, "authority.key");
    assert_private(fixture, "server.key");
}

static GTlsCertificateFlags
judge(const char *chain, const char *name, GBytes *authority)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GTlsCertificate) leaf = g_tls_certificate_new_from_pem(chain, -1, &error);
    g_assert_no_error(error);
    g_autoptr(GByteArray) der = g_byte_array_new();
    gsize size;
    const uint8_t *octets = g_bytes_get_data(authority, &size);
    g_byte_array_append(der, octets, (guint)size);
    g_autoptr(GTlsCertificate) root = g_initable_new(
        g_tls_backend_get_certificate_type(g_tls_backend_get_default()), NULL, &error,
        "certificate", der, NULL);
    g_assert_no_error(error);
    g_autoptr(GSocketConnectable) identity = g_network_address_new(name, 443);

    return g_tls_certificate_verify(leaf, identity, root);
}

/* By another implementation of the rules, at its own time: names that the authority may not vouch
 * for are left out. */
static void
test_names(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *name;
        bool is_good;
    } cases[] = {
        { "nas", true },         { "nas.local", true },   { "box.local", true },
        { "192.168.7.3", true }, { "fe80::7", true },     { "example.org", false },
        { "9.9.9.9", false },    { "other.local", false },
    };

    fixture->subject.now_s = g_get_real_time() / G_USEC_PER_SEC;
    g_autoptr(Certificate) one = server(fixture);
    add_address(fixture, "9.9.9.9");
    fixture->subject.names = other_names;
    g_autoptr(Certificate) two = server(fixture), three = server(fixture);
    g_assert_cmpstr(one->certificate, !=, two->certificate);
    g_assert_cmpstr(two->certificate, ==, three->certificate);
    g_autoptr(GBytes) authority = certificate_authority(fixture->folder);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(judge(two->certificate, cases[i].name, authority), ==,
                        cases[i].is_good ? 0 : G_TLS_CERTIFICATE_BAD_IDENTITY);
}

static void
test_renewed(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Certificate) one = server(fixture);
    g_autoptr(GBytes) authority = certificate_authority(fixture->folder);
    fixture->subject.now_s = NOW_S + 300 * DAY_S;
    g_autoptr(Certificate) later = server(fixture);
    g_assert_cmpstr(one->certificate, ==, later->certificate);
    fixture->subject.now_s = NOW_S + 340 * DAY_S;
    g_autoptr(Certificate) last = server(fixture);
    g_assert_cmpstr(one->certificate, !=, last->certificate);
    g_autoptr(GBytes) same = certificate_authority(fixture->folder);
    g_assert_true(g_bytes_equal(authority, same));
}

static void
put(Fixture *fixture, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* What was made once is never silently made anew; what is renewed anyway is. */
static void
test_spoilt(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Certificate) one = server(fixture), own = device(fixture);

    put(fixture, "server.crt", "-----BEGIN CERTIFICATE-----\nnonsense");
    g_autoptr(Certificate) two = server(fixture);
    g_assert_cmpstr(one->certificate, !=, two->certificate);
    put(fixture, "authority.key", "");
    g_assert_null(certificate_of_server(fixture->folder, &fixture->subject, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "authority.key"));
    g_clear_error(&error);
    put(fixture, "device.crt", "nonsense");
    g_assert_null(certificate_of_device(fixture->folder, "Lamp", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(certificate_of_device("/nowhere/at/all", "Lamp", &error));
    g_assert_nonnull(error);
}

static void
test_of_the_owner(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Certificate) own = server(fixture), other = device(fixture);
    g_autofree char *crt = g_build_filename(fixture->folder, "server.crt", NULL);
    g_autofree char *key = g_build_filename(fixture->folder, "server.key", NULL);
    g_autofree char *wrong = g_build_filename(fixture->folder, "device.key", NULL);
    g_autoptr(Certificate) read = certificate_read(crt, key, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(read->key, ==, own->key);
    g_assert_null(certificate_read(crt, wrong, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(certificate_read("/nowhere.crt", key, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/net/certificates/device", test_device_is_kept);
    ADD("/net/certificates/server", test_server_is_kept);
    ADD("/net/certificates/names", test_names);
    ADD("/net/certificates/renewed", test_renewed);
    ADD("/net/certificates/spoilt", test_spoilt);
    ADD("/net/certificates/owner", test_of_the_owner);
    return g_test_run();
}
