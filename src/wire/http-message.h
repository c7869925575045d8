/* http-message.h -- HTTP-shaped datagrams and lists of heads; pure
 *
 * What SSDP and ISDP send by UDP: a start line, heads, an empty line, perhaps a body (RFC 9112
 * clause 2; UDA 1.1 clause 1). Lines may end in LF alone and the empty line may be missing, as
 * field devices do. Real HTTP is the business of net/. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define HTTP_MESSAGE_SIZE_MAX (64 * 1024) /* octets: the largest datagram */
#define HTTP_MESSAGE_HEADS_MAX 64

typedef struct {
    const char *name, *value;
} HttpHead;

/* A list of heads in their order; names may repeat and compare without case. */
typedef struct {
    HttpHead *items; /* ends with a name of NULL; owned, as are its texts */
    guint count;
    guint size; /* of items */
} HttpHeads;

HttpHeads  *http_heads_new(void);
void        http_heads_free(HttpHeads *heads);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpHeads, http_heads_free)
/* Line ends inside a value become blanks: nobody can smuggle in a head. */
void        http_heads_add(HttpHeads *heads, const char *name, const char *value);
/* The same as a visitor of http_exchange_each_head() and http_reply_each_head(); user_data is the
 * HttpHeads. */
void        http_heads_collect(const char *name, const char *value, gpointer user_data);
const char *http_heads_get(const HttpHeads *heads, const char *name); /* the first; NULL: none */
guint       http_heads_count(const HttpHeads *heads, const char *name);

typedef struct {
    char *method;    /* of a request; NULL in a response */
    char *target;    /* of a request */
    unsigned status; /* of a response */
    HttpHeads *heads; /* values are UTF-8, without blanks around */
    GBytes *body;     /* NULL: none */
} HttpMessage;

HttpMessage *http_message_new_request(const char *method, const char *target);
HttpMessage *http_message_new_response(unsigned status);
void         http_message_free(HttpMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpMessage, http_message_free)

/* Errors: DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE. */
HttpMessage *http_message_decode(const void *data, size_t size, GError **error);
/* As given; Content-Length is the caller's. */
GBytes      *http_message_encode(const HttpMessage *message);
