/* tls-peer.c -- see tls-peer.h */
#include "net/tls-peer.h"

#include "base/error.h"

#include <gnutls/gnutls.h>
#include <string.h>
#include <unistd.h>

struct TlsPeer {
    int fd;
    gnutls_session_t session;
    gnutls_certificate_credentials_t nobody; /* we show no certificate, and trust none */
};

void
tls_peer_free(TlsPeer *peer)
{
    if (peer == NULL)
        return;
    gnutls_bye(peer->session, GNUTLS_SHUT_WR);
    gnutls_deinit(peer->session);
    gnutls_certificate_free_credentials(peer->nobody);
    close(peer->fd);
    g_free(peer);
}

TlsPeer *
tls_peer_new(int fd, unsigned timeout_ms, GError **error)
{
    g_autoptr(TlsPeer) peer = g_new0(TlsPeer, 1);
    int code;

    peer->fd = fd;
    gnutls_certificate_allocate_credentials(&peer->nobody);
    gnutls_init(&peer->session, GNUTLS_CLIENT);
    gnutls_set_default_priority(peer->session);
    gnutls_credentials_set(peer->session, GNUTLS_CRD_CERTIFICATE, peer->nobody);
    gnutls_transport_set_int(peer->session, fd);
    gnutls_handshake_set_timeout(peer->session, timeout_ms);
    gnutls_record_set_timeout(peer->session, timeout_ms);
    do
        code = gnutls_handshake(peer->session);
    while (code < 0 && gnutls_error_is_fatal(code) == 0);
    if (code == 0)
        return g_steal_pointer(&peer);
    g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "%s", gnutls_strerror(code));
    return NULL;
}

void
tls_peer_fingerprint(const TlsPeer *peer, uint8_t fingerprint[TLS_PEER_FINGERPRINT_SIZE])
{
    unsigned count = 0;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(peer->session, &count);
    size_t size = TLS_PEER_FINGERPRINT_SIZE;

    memset(fingerprint, 0, TLS_PEER_FINGERPRINT_SIZE);
    if (count > 0)
        gnutls_fingerprint(GNUTLS_DIG_SHA256, &shown[0], fingerprint, &size);
}

bool
tls_peer_write(TlsPeer *peer, const void *data, size_t size)
{
    const uint8_t *next = data;

    while (size > 0) {
        ssize_t count = gnutls_record_send(peer->session, next, size);
        if (count <= 0 && gnutls_error_is_fatal((int)count) != 0)
            return false;
        next += MAX(count, 0);
        size -= (size_t)MAX(count, 0);
    }
    return true;
}

size_t
tls_peer_read(TlsPeer *peer, void *data, size_t size)
{
    ssize_t count;

    do
        count = gnutls_record_recv(peer->session, data, size);
    while (count == GNUTLS_E_INTERRUPTED || count == GNUTLS_E_AGAIN);
    return (size_t)MAX(count, 0);
}
