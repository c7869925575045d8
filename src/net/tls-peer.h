/* tls-peer.h -- the client's side of TLS over a socket, with calls that block; for testers
 *
 * Trusts nobody: it tells what the server showed, and whoever uses it judges. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define TLS_PEER_FINGERPRINT_SIZE 32

typedef struct TlsPeer TlsPeer;

/* fd is taken over, and closed also on failure. NULL: no handshake in that time, why is in
 * error. */
TlsPeer *tls_peer_new(int fd, unsigned timeout_ms, GError **error);
void     tls_peer_free(TlsPeer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsPeer, tls_peer_free)
/* SHA-256 of the certificate shown (DER). */
void     tls_peer_fingerprint(const TlsPeer *peer, uint8_t fingerprint[TLS_PEER_FINGERPRINT_SIZE]);
bool     tls_peer_write(TlsPeer *peer, const void *data, size_t size);
/* Octets read; 0: the server closed, or said nothing in time. */
size_t   tls_peer_read(TlsPeer *peer, void *data, size_t size);
