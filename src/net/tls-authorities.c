/* tls-authorities.c -- see tls-authorities.h
 *
 * A GTlsDatabase that hands every question on to the one that GLib would have had. */
#include "net/tls-authorities.h"

#include <gio/gio.h>

typedef struct {
    GTlsDatabase parent;
    GMutex lock;
    GTlsDatabase *system; /* NULL: not read yet */
} Deferred;

typedef struct {
    GTlsDatabaseClass parent;
} DeferredClass;

GType deferred_get_type(void);
G_DEFINE_TYPE(Deferred, deferred, G_TYPE_TLS_DATABASE)

/* Any thread; borrowed for as long as self. */
static GTlsDatabase *
system_of(GTlsDatabase *self)
{
    Deferred *deferred = (Deferred *)self;
    GTlsBackend *backend = g_tls_backend_get_default();

    g_mutex_lock(&deferred->lock);
    if (deferred->system == NULL) {
        g_tls_backend_set_default_database(backend, NULL);
        deferred->system = g_tls_backend_get_default_database(backend);
        g_tls_backend_set_default_database(backend, self);
    }
    g_mutex_unlock(&deferred->lock);
    return deferred->system;
}

static GTlsCertificateFlags
verify_chain(GTlsDatabase *self, GTlsCertificate *chain, const char *purpose,
             GSocketConnectable *identity, GTlsInteraction *interaction,
             GTlsDatabaseVerifyFlags flags, GCancellable *cancellable, GError **error)
{
    return g_tls_database_verify_chain(system_of(self), chain, purpose, identity, interaction,
                                       flags, cancellable, error);
}

static char *
create_handle(GTlsDatabase *self, GTlsCertificate *certificate)
{
    return g_tls_database_create_certificate_handle(system_of(self), certificate);
}

static GTlsCertificate *
lookup_for_handle(GTlsDatabase *self, const char *handle, GTlsInteraction *interaction,
                  GTlsDatabaseLookupFlags flags, GCancellable *cancellable, GError **error)
{
    return g_tls_database_lookup_certificate_for_handle(system_of(self), handle, interaction, flags,
                                                        cancellable, error);
}

static GTlsCertificate *
lookup_issuer(GTlsDatabase *self, GTlsCertificate *certificate, GTlsInteraction *interaction,
              GTlsDatabaseLookupFlags flags, GCancellable *cancellable, GError **error)
{
    return g_tls_database_lookup_certificate_issuer(system_of(self), certificate, interaction,
                                                    flags, cancellable, error);
}

static GList *
lookup_issued_by(GTlsDatabase *self, GByteArray *issuer, GTlsInteraction *interaction,
                 GTlsDatabaseLookupFlags flags, GCancellable *cancellable, GError **error)
{
    return g_tls_database_lookup_certificates_issued_by(system_of(self), issuer, interaction, flags,
                                                        cancellable, error);
}

static void
deferred_finalize(GObject *object)
{
    Deferred *deferred = (Deferred *)object;

    g_clear_object(&deferred->system);
    g_mutex_clear(&deferred->lock);
    G_OBJECT_CLASS(deferred_parent_class)->finalize(object);
}

static void
deferred_init(Deferred *deferred)
{
    g_mutex_init(&deferred->lock);
}

static void
deferred_class_init(DeferredClass *class)
{
    GTlsDatabaseClass *database = G_TLS_DATABASE_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = deferred_finalize;
    database->verify_chain = verify_chain;
    database->create_certificate_handle = create_handle;
    database->lookup_certificate_for_handle = lookup_for_handle;
    database->lookup_certificate_issuer = lookup_issuer;
    database->lookup_certificates_issued_by = lookup_issued_by;
}

void
tls_authorities_defer(void)
{
    GTlsBackend *backend = g_tls_backend_get_default();

    if (!g_tls_backend_supports_tls(backend))
        return;
    g_autoptr(GTlsDatabase) deferred = g_object_new(deferred_get_type(), NULL);
    g_tls_backend_set_default_database(backend, deferred);
}
