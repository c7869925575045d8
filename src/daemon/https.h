/* https.h -- the page and the API inside TLS, beside the plain ones (INTERFACE.md, --https-port)
 *
 * With the owner's certificate, or one of a local authority that is made once: people's devices may
 * fetch that from /authority.crt and trust it. Names, addresses and time go by; the certificate
 * follows, and the server is started again with it. Owned by App; main loop only. */
#pragma once

#include "base/clock.h"
#include "net/http-server.h"
#include "net/interfaces.h"

typedef struct {
    uint16_t port;
    const char *folder;                 /* of keys, where certificates are kept */
    const char *certificate, *key;      /* the owner's files; NULL: the local authority's */
    const char *const *names;           /* DNS names of ours, the host's first; ends with NULL */
    const char *software;               /* the Server head */
    HttpRouter *router;                 /* of the plain server */
    NetInterfaces *interfaces;
    Clock *clock;
} HttpsParts;

typedef struct Https Https;

/* Everything is borrowed and outlives it. Reads or makes the certificate, and adds its route to the
 * router. Errors: the owner's files; the folder. */
Https   *https_new(const HttpsParts *parts, GError **error);
void     https_free(Https *https);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Https, https_free)
/* Serves, once the router is whole. A port that is taken is told at warning level, and the plain
 * server goes on alone. */
void     https_start(Https *https);
void     https_stop(Https *https);
/* Looks for another certificate: the owner may have renewed his. */
void     https_refresh(Https *https);
/* See http_server_end_held(). */
void     https_end_held(Https *https, HttpHolderTest is_over, gpointer user_data);
uint16_t https_port(const Https *https); /* 0: it does not serve */
/* Where people's devices find the authority; NULL: the certificate is the owner's. */
const char *https_authority_path(const Https *https);
