/* certificates.c -- see certificates.h; X.509 by RFC 5280, keys of the curve P-256 */
#include "net/certificates.h"

#include "base/error.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/stat.h>

#define DAY_S (24 * 3600)
#define AUTHORITY_S (20 * 365 * (int64_t)DAY_S)
#define SERVER_S (365 * (int64_t)DAY_S) /* browsers refuse what lives longer than 398 days */
#define SERIAL_SIZE 16

/* What an authority may vouch for: what no name or address of somebody else's can be. */
static const char *const home_domains[] = { "local", "localhost", "lan", "home", "home.arpa",
                                            "internal" };
static const char *const home_networks[] = { "127.0.0.0/8", "10.0.0.0/8",  "172.16.0.0/12",
                                             "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
                                             "::1/128", "fc00::/7", "fe80::/10" };

/* A certificate and its key. */
typedef struct {
    gnutls_x509_crt_t crt;
    gnutls_x509_privkey_t key;
} Pair;

static void
pair_init(Pair *pair)
{
    gnutls_x509_crt_init(&pair->crt);
    gnutls_x509_privkey_init(&pair->key);
}

static void
pair_clear(Pair *pair)
{
    gnutls_x509_crt_deinit(pair->crt);
    gnutls_x509_privkey_deinit(pair->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

void
certificate_free(Certificate *certificate)
{
    if (certificate == NULL)
        return;
    if (certificate->key != NULL)
        explicit_bzero(certificate->key, strlen(certificate->key));
    g_free(certificate->key);
    g_free(certificate->certificate);
    g_free(certificate);
}

/* -- Files ------------------------------------------------------------------------------------- */

static void
text_free(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

static char *
path_of(const char *folder, const char *name, const char *suffix)
{
    g_autofree char *file = g_strconcat(name, suffix, NULL);

    return g_build_filename(folder, file, NULL);
}

static bool
read_text(const char *path, char **text, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (g_file_get_contents(path, text, NULL, &problem))
        return true;
    g_set_error(error, DUO_ERROR,
                g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? DUO_ERROR_NOT_FOUND
                                                                           : DUO_ERROR_FAILED,
                "%s", problem->message);
    return false;
}

static gnutls_datum_t
datum(const char *text)
{
    return (gnutls_datum_t){ (unsigned char *)text, (unsigned)strlen(text) };
}

/* DUO_ERROR_NOT_FOUND: one of the files is not there. */
static bool
pair_read(Pair *pair, const char *folder, const char *name, GError **error)
{
    g_autofree char *crt_path = path_of(folder, name, ".crt"), *crt = NULL;
    g_autofree char *key_path = path_of(folder, name, ".key");
    char *key = NULL;

    if (!read_text(crt_path, &crt, error) || !read_text(key_path, &key, error))
        return false;
    gnutls_datum_t crt_data = datum(crt), key_data = datum(key);
    bool is_crt = gnutls_x509_crt_import(pair->crt, &crt_data, GNUTLS_X509_FMT_PEM) == 0;
    bool is_key = gnutls_x509_privkey_import(pair->key, &key_data, GNUTLS_X509_FMT_PEM) == 0;
    text_free(key);
    if (!is_crt || !is_key)
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "%s cannot be read: put it right, or delete both %s and %s for new ones",
                    is_crt ? key_path : crt_path, crt_path, key_path);
    return is_crt && is_key;
}

static char *
crt_print(gnutls_x509_crt_t crt)
{
    gnutls_datum_t out = { NULL, 0 };

    gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &out);
    char *text = g_strndup((const char *)out.data, out.size);
    gnutls_free(out.data);
    return text;
}

static char *
key_print(gnutls_x509_privkey_t key)
{
    gnutls_datum_t out = { NULL, 0 };

    gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &out);
    char *text = g_strndup((const char *)out.data, out.size);
    explicit_bzero(out.data, out.size);
    gnutls_free(out.data);
    return text;
}

static bool
write_text(const char *path, const char *text, GError **error)
{
    return g_file_set_contents_full(path, text, -1,
                                    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                    0600, error);
}

static bool
pair_write(const Pair *pair, const char *folder, const char *name, GError **error)
{
    g_autofree char *crt_path = path_of(folder, name, ".crt"), *crt = crt_print(pair->crt);
    g_autofree char *key_path = path_of(folder, name, ".key");
    char *key = key_print(pair->key);
    bool is_written = write_text(key_path, key, error) && write_text(crt_path, crt, error);

    text_free(key);
    return is_written;
}

static Certificate *
certificate_new(const Pair *pair, const Pair *issuer)
{
    Certificate *certificate = g_new(Certificate, 1);
    g_autofree char *own = crt_print(pair->crt);
    g_autofree char *above = issuer != NULL ? crt_print(issuer->crt) : g_strdup("");

    *certificate = (Certificate){ g_strconcat(own, above, NULL), key_print(pair->key) };
    return certificate;
}

/* -- Making ------------------------------------------------------------------------------------ */

/* What every certificate has: a new key, a name, a number and a life. */
static int
begin(Pair *pair, const char *name, int64_t from_s, int64_t until_s)
{
    uint8_t serial[SERIAL_SIZE], id[64];
    size_t id_size = sizeof id;
    int code = gnutls_x509_privkey_generate(
        pair->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);

    gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
    serial[0] = (uint8_t)((serial[0] & 0x3f) | 0x40); /* positive, and of that size */
    gnutls_x509_crt_set_version(pair->crt, 3);
    gnutls_x509_crt_set_serial(pair->crt, serial, sizeof serial);
    gnutls_x509_crt_set_activation_time(pair->crt, (time_t)from_s);
    gnutls_x509_crt_set_expiration_time(pair->crt, (time_t)until_s);
    gnutls_x509_crt_set_dn_by_oid(pair->crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                  (unsigned)strnlen(name, 64)); /* RFC 5280, ub-common-name */
    if (code == 0)
        code = gnutls_x509_crt_set_key(pair->crt, pair->key);
    if (code == 0)
        code = gnutls_x509_crt_get_key_id(pair->crt, 0, id, &id_size);
    return code == 0 ? gnutls_x509_crt_set_subject_key_id(pair->crt, id, id_size) : code;
}

static int
end(Pair *pair, const Pair *issuer)
{
    return gnutls_x509_crt_sign2(pair->crt, issuer->crt, issuer->key, GNUTLS_DIG_SHA256, 0);
}

static bool
check(int code, const char *what, GError **error)
{
    if (code >= 0)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "making the certificate of %s: %s", what,
                gnutls_strerror(code));
    return false;
}

static bool
make_device(Pair *pair, const char *name, GError **error)
{
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;
    int code = begin(pair, name, now_s - DAY_S, GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION);

    if (code == 0)
        code = gnutls_x509_crt_set_key_usage(pair->crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
    return check(code == 0 ? end(pair, pair) : code, "this device", error);
}

/* Some of what may stand in a name constraint. */
static void
permit(gnutls_x509_name_constraints_t all, gnutls_x509_subject_alt_name_t kind, gnutls_datum_t name)
{
    /* The constraints copy it. */
    gnutls_x509_name_constraints_add_permitted(all, kind, &name);
}

static int
set_constraints(gnutls_x509_crt_t crt, const char *const *names)
{
    gnutls_x509_name_constraints_t all;
    int code = gnutls_x509_name_constraints_init(&all);

    if (code != 0)
        return code;
    for (guint i = 0; i < G_N_ELEMENTS(home_domains); i++)
        permit(all, GNUTLS_SAN_DNSNAME, datum(home_domains[i]));
    for (; *names != NULL; names++)
        permit(all, GNUTLS_SAN_DNSNAME, datum(*names));
    for (guint i = 0; i < G_N_ELEMENTS(home_networks); i++) {
        gnutls_datum_t network;
        if (gnutls_x509_cidr_to_rfc5280(home_networks[i], &network) != 0)
            continue;
        permit(all, GNUTLS_SAN_IPADDRESS, network);
        gnutls_free(network.data);
    }
    code = gnutls_x509_crt_set_name_constraints(crt, all, 1);
    gnutls_x509_name_constraints_deinit(all);
    return code;
}

static bool
make_authority(Pair *pair, const CertificateSubject *subject, GError **error)
{
    g_autofree char *name = g_strdup_printf("duoping at %s", subject->names[0]);
    int code = begin(pair, name, subject->now_s - DAY_S, subject->now_s + AUTHORITY_S);

    if (code == 0)
        code = gnutls_x509_crt_set_basic_constraints(pair->crt, 1, 0);
    if (code == 0)
        code = gnutls_x509_crt_set_key_usage(pair->crt, GNUTLS_KEY_KEY_CERT_SIGN);
    if (code == 0)
        code = set_constraints(pair->crt, subject->names);
    return check(code == 0 ? end(pair, pair) : code, "the authority", error);
}

/* -- Names and addresses of the server --------------------------------------------------------- */

/* One of them, if the authority may vouch for it; the number of octets is that of the kind. */
static bool
may_name(gnutls_x509_name_constraints_t permitted, gnutls_x509_subject_alt_name_t kind,
         const void *octets, size_t size)
{
    const gnutls_datum_t name = { (unsigned char *)octets, (unsigned)size };

    return gnutls_x509_name_constraints_check(permitted, kind, &name) != 0;
}

/* visit() of every name and address that the authority may vouch for. Negative: it failed. */
static int
each_name(gnutls_x509_crt_t authority, const CertificateSubject *subject,
          int (*visit)(gnutls_x509_crt_t crt, gnutls_x509_subject_alt_name_t kind,
                       const void *octets, size_t size),
          gnutls_x509_crt_t crt)
{
    gnutls_x509_name_constraints_t permitted;
    int code = gnutls_x509_name_constraints_init(&permitted);

    if (code != 0)
        return code;
    code = gnutls_x509_crt_get_name_constraints(authority, permitted, 0, NULL);
    for (guint i = 0; code >= 0 && subject->names[i] != NULL; i++)
        if (may_name(permitted, GNUTLS_SAN_DNSNAME, subject->names[i], strlen(subject->names[i])))
            code = visit(crt, GNUTLS_SAN_DNSNAME, subject->names[i], strlen(subject->names[i]));
    for (guint i = 0; code >= 0 && i < subject->addresses->len; i++) {
        GInetAddress *address = g_ptr_array_index(subject->addresses, i);
        const uint8_t *octets = g_inet_address_to_bytes(address);
        size_t size = g_inet_address_get_native_size(address);
        if (may_name(permitted, GNUTLS_SAN_IPADDRESS, octets, size))
            code = visit(crt, GNUTLS_SAN_IPADDRESS, octets, size);
    }
    gnutls_x509_name_constraints_deinit(permitted);
    return code;
}

static int
add_name(gnutls_x509_crt_t crt, gnutls_x509_subject_alt_name_t kind, const void *octets,
         size_t size)
{
    return gnutls_x509_crt_set_subject_alt_name(crt, kind, octets, (unsigned)size,
                                                GNUTLS_FSAN_APPEND);
}

/* Negative: it does not stand in the certificate. */
static int
find_name(gnutls_x509_crt_t crt, gnutls_x509_subject_alt_name_t kind, const void *octets,
          size_t size)
{
    bool is_there = kind == GNUTLS_SAN_DNSNAME
                        ? gnutls_x509_crt_check_hostname(crt, octets) != 0
                        : gnutls_x509_crt_check_ip(crt, octets, (unsigned)size, 0) != 0;

    return is_there ? 0 : -1;
}

static bool
is_good(const Pair *pair, const Pair *authority, const CertificateSubject *subject)
{
    unsigned flaws = 0;

    return gnutls_x509_crt_get_expiration_time(pair->crt) >
               subject->now_s + CERTIFICATE_RENEWAL_S &&
           gnutls_x509_crt_get_activation_time(pair->crt) <= subject->now_s &&
           gnutls_x509_crt_verify(pair->crt, &authority->crt, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS,
                                  &flaws) == 0 &&
           flaws == 0 && each_name(authority->crt, subject, find_name, pair->crt) >= 0;
}

static bool
make_server(Pair *pair, const Pair *authority, const CertificateSubject *subject, GError **error)
{
    int code = begin(pair, subject->names[0], subject->now_s - DAY_S, subject->now_s + SERVER_S);

    if (code == 0)
        code = gnutls_x509_crt_set_basic_constraints(pair->crt, 0, -1);
    if (code == 0)
        code = gnutls_x509_crt_set_key_usage(pair->crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (code == 0)
        code = gnutls_x509_crt_set_key_purpose_oid(pair->crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (code == 0)
        code = each_name(authority->crt, subject, add_name, pair->crt);
    return check(code >= 0 ? end(pair, authority) : code, "this server", error);
}

/* -- Asking ------------------------------------------------------------------------------------ */

Certificate *
certificate_of_device(const char *folder, const char *name, GError **error)
{
    g_auto(Pair) pair;
    g_autoptr(GError) problem = NULL;

    pair_init(&pair);
    if (!pair_read(&pair, folder, "device", &problem)) {
        if (!g_error_matches(problem, DUO_ERROR, DUO_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return NULL;
        }
        if (!make_device(&pair, name, error) || !pair_write(&pair, folder, "device", error))
            return NULL;
    }
    return certificate_new(&pair, NULL);
}

Certificate *
certificate_of_server(const char *folder, const CertificateSubject *subject, GError **error)
{
    g_auto(Pair) authority;
    g_auto(Pair) server;
    g_autoptr(GError) problem = NULL;

    pair_init(&authority);
    pair_init(&server);
    if (!pair_read(&authority, folder, "authority", &problem)) {
        if (!g_error_matches(problem, DUO_ERROR, DUO_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return NULL;
        }
        if (!make_authority(&authority, subject, error) ||
            !pair_write(&authority, folder, "authority", error))
            return NULL;
    }
    if (pair_read(&server, folder, "server", NULL) && is_good(&server, &authority, subject))
        return certificate_new(&server, &authority);
    pair_clear(&server);
    pair_init(&server);
    if (!make_server(&server, &authority, subject, error) ||
        !pair_write(&server, folder, "server", error))
        return NULL;
    return certificate_new(&server, &authority);
}

GBytes *
certificate_authority(const char *folder)
{
    g_auto(Pair) pair;
    gnutls_datum_t out = { NULL, 0 };

    pair_init(&pair);
    if (!pair_read(&pair, folder, "authority", NULL) ||
        gnutls_x509_crt_export2(pair.crt, GNUTLS_X509_FMT_DER, &out) != 0)
        return NULL;
    GBytes *bytes = g_bytes_new(out.data, out.size);
    gnutls_free(out.data);
    return bytes;
}

Certificate *
certificate_read(const char *certificate_path, const char *key_path, GError **error)
{
    g_autoptr(Certificate) certificate = g_new0(Certificate, 1);
    gnutls_certificate_credentials_t both;

    if (!read_text(certificate_path, &certificate->certificate, error) ||
        !read_text(key_path, &certificate->key, error))
        return NULL;
    gnutls_datum_t crt = datum(certificate->certificate), key = datum(certificate->key);
    gnutls_certificate_allocate_credentials(&both);
    int code = gnutls_certificate_set_x509_key_mem(both, &crt, &key, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(both);
    if (code >= 0)
        return g_steal_pointer(&certificate);
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s and %s are no certificate and its key: %s",
                certificate_path, key_path, gnutls_strerror(code));
    return NULL;
}
