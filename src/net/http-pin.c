/* http-pin.c -- see http-pin.h */
#include "net/http-pin.h"

#include <string.h>

static bool
is_certificate(const HttpPin *pin, GTlsCertificate *certificate)
{
    g_autoptr(GByteArray) der = NULL;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t digest[HTTP_FINGERPRINT_SIZE];
    gsize size = sizeof digest;

    if (certificate == NULL)
        return false;
    g_object_get(certificate, "certificate", &der, NULL);
    g_checksum_update(sum, der->data, der->len);
    g_checksum_get_digest(sum, digest, &size);
    return memcmp(digest, pin->fingerprint, sizeof digest) == 0;
}

/* Whose certificate is known needs no name, and servers refuse "fe80::1%2" for one. */
static void
on_network_event(SoupMessage *message, GSocketClientEvent event, GIOStream *connection,
                 gpointer user_data)
{
    if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING) {
        g_autoptr(GSocketConnectable) nobody = g_network_address_new("", 0);
        g_tls_client_connection_set_server_identity(G_TLS_CLIENT_CONNECTION(connection), nobody);
    }
}

/* A certificate that this system does not trust by itself. */
static gboolean
on_accept_certificate(SoupMessage *message, GTlsCertificate *certificate,
                      GTlsCertificateFlags flaws, gpointer user_data)
{
    HttpPin *pin = user_data;

    pin->is_stranger = !is_certificate(pin, certificate);
    return !pin->is_stranger;
}

/* The connection is there, and nothing was sent on it: it may be a kept one that was made for
 * another request, or show a certificate that this system trusts. */
static void
on_starting(SoupMessage *message, gpointer user_data)
{
    HttpPin *pin = user_data;

    if (is_certificate(pin, soup_message_get_tls_peer_certificate(message)))
        return;
    pin->is_stranger = true;
    g_cancellable_cancel(pin->cancellable);
}

void
http_pin_set(HttpPin *pin, SoupMessage *message, const uint8_t *fingerprint,
             GCancellable *cancellable)
{
    pin->is_set = true;
    pin->cancellable = cancellable;
    memcpy(pin->fingerprint, fingerprint, sizeof pin->fingerprint);
    g_signal_connect(message, "network-event", G_CALLBACK(on_network_event), pin);
    g_signal_connect(message, "accept-certificate", G_CALLBACK(on_accept_certificate), pin);
    g_signal_connect(message, "starting", G_CALLBACK(on_starting), pin);
}
