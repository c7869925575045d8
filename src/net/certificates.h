/* certificates.h -- the certificates that this computer makes for itself
 *
 * PEM files in a folder of secrets, mode 0600, made when they are missing. GnuTLS lives here alone;
 * an archive of its own (src/net/local.mk), so that whoever brings certificates along needs none of
 * it. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

/* As HttpServerOptions wants it. */
typedef struct {
    char *certificate; /* PEM; its issuer's follows where there is one */
    char *key;         /* PEM */
} Certificate;

void         certificate_free(Certificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Certificate, certificate_free)

/* For devices that know it by its fingerprint: signed by itself, name is for people, and it never
 * changes while the files (device.crt, device.key) are there. */
Certificate *certificate_of_device(const char *folder, const char *name, GError **error);

/* For browsers: by a local authority (authority.crt, authority.key), which is made first and may
 * vouch for names and addresses of home networks alone, whoever gets hold of its key. */
typedef struct {
    const char *const *names;  /* DNS names of this computer; ends with NULL */
    /* GInetAddress; those that are not of a home network are left out */
    const GPtrArray *addresses;
    int64_t now_s;             /* since 1970 */
} CertificateSubject;
/* The one in the folder (server.crt, server.key) where it is still good, else a new one. */
Certificate *certificate_of_server(const char *folder, const CertificateSubject *subject,
                                   GError **error);
/* How long before its end a certificate is made anew, and so how often to ask at least. */
#define CERTIFICATE_RENEWAL_S (30 * 24 * 3600)
/* The authority's certificate, DER, for people's devices to trust; NULL: there is none yet. */
GBytes      *certificate_authority(const char *folder);

/* The owner's own, PEM files of a chain and its key. The error names the file. */
Certificate *certificate_read(const char *certificate_path, const char *key_path, GError **error);
