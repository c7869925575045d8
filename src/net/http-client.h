/* http-client.h -- HTTP/1.1 out, by libsoup; main loop only
 *
 * Connections persist. No redirect is followed, no proxy, cookie or credential used; what comes
 * back is bounded in size and time. */
#pragma once

#include "wire/http-message.h"

#include <gio/gio.h>
#include <stdbool.h>

#define HTTP_FINGERPRINT_SIZE 32

typedef struct HttpClient HttpClient;
typedef struct HttpReply HttpReply;

HttpClient *http_client_new(const char *user_agent);
/* One that connects nowhere but to address, whatever host an address names: that is only said to the
 * peer, and held against its certificate. For who has judged what the name leads to. */
HttpClient *http_client_new_to(const char *user_agent, GInetSocketAddress *address);
void        http_client_free(HttpClient *client); /* pending requests are cancelled and answered */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpClient, http_client_free)

typedef struct {
    const char *method;
    const char *url;           /* http or https */
    /* https: SHA-256 of the certificate (DER) that the peer must show, HTTP_FINGERPRINT_SIZE
     * octets, borrowed for the call; names and dates in it mean nothing then. NULL: one that this
     * system trusts. A peer that shows another is not told the request: DUO_ERROR_DENIED. */
    const uint8_t *fingerprint;
    const HttpHead *heads;     /* ends with a name of NULL; may repeat; NULL: none */
    const char *mime;          /* of the body; NULL: no body */
    GBytes *body;              /* borrowed for the call */
    unsigned timeout_ms;       /* for the whole exchange; 0: 30 s */
    size_t body_max;           /* of the answer; 0: 1 MiB */
    /* Takes the body of a 2xx answer as it comes, with the user_data of the request; then the reply
     * has none, and from its head on no limit of size or time holds. NULL: the reply has it. */
    void (*received)(const void *data, size_t size, gpointer user_data);
    /* With received: told before the first of it, when the heads are there; NULL: not told. The
     * reply has no body then. */
    void (*began)(const HttpReply *reply, gpointer user_data);
} HttpRequest;

unsigned            http_reply_status(const HttpReply *reply);
const char         *http_reply_head(const HttpReply *reply, const char *name); /* NULL: none */
typedef void (*HttpReplyHeadVisit)(const char *name, const char *value, gpointer user_data);
void http_reply_each_head(const HttpReply *reply, HttpReplyHeadVisit visit, gpointer user_data);
GBytes             *http_reply_body(const HttpReply *reply); /* never NULL */
/* Where the answer came from; NULL when not known. */
GInetSocketAddress *http_reply_peer(const HttpReply *reply);

/* Called once, later. reply is NULL and error set when no whole answer came: DUO_ERROR_TIMEOUT,
 * DUO_ERROR_UNAVAILABLE (the message names host and port), DUO_ERROR_TOO_LARGE, DUO_ERROR_INVALID
 * (the URL, the answer), G_IO_ERROR_CANCELLED: that and nothing else once cancellable is cancelled,
 * whatever had come by then. Both are borrowed; any status is a reply. */
typedef void (*HttpReplied)(const HttpReply *reply, const GError *error, gpointer user_data);
void http_client_send(HttpClient *client, const HttpRequest *request, GCancellable *cancellable,
                      HttpReplied replied, gpointer user_data);
