/* upload-routes.c -- what is pushed from a phone or a PC: sent whole, or in parts that go on where
 * a connection broke off
 *
 * The protocol is that of the IETF's resumable uploads (draft-ietf-httpbis-resumable-upload, 4 to
 * 7) as far as a server without interim responses can speak it: POST makes an upload, HEAD or GET
 * tells Upload-Offset, PATCH goes on from there, DELETE ends it. A plain POST of the whole thing is
 * the simplest case. It can be cast from the moment that it is made. */
#include "api/room.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define BODY_MAX 4096
#define STRIDE (4 * 1024 * 1024) /* of what comes without a length, between two looks at the quota */

/* -- What an upload is ------------------------------------------------------------------------- */

static void
json_upload(JsonWriter *json, const char *name, const PushFacts *facts)
{
    json_open(json, name, '{');
    json_text(json, "id", facts->id);
    json_text(json, "name", facts->name);
    json_text(json, "mime", facts->mime);
    push_append_url(json_begin_plain(json, "url"), "", facts);
    json_end_plain(json);
    if (facts->size >= 0)
        json_number(json, "size", facts->size);
    json_number(json, "received", (int64_t)facts->received);
    json_bool(json, "complete", facts->is_whole);
    json_text(json, "kept", facts->kept);
    json_close(json, '}');
}

static void
add_heads(HttpExchange *exchange, const PushFacts *facts)
{
    g_autofree char *offset = g_strdup_printf("%" G_GUINT64_FORMAT, facts->received);

    http_exchange_add_head(exchange, "Upload-Offset", offset);
    http_exchange_add_head(exchange, "Upload-Complete", facts->is_whole ? "?1" : "?0");
    if (facts->size >= 0) {
        g_autofree char *size = g_strdup_printf("%" G_GINT64_FORMAT, facts->size);
        http_exchange_add_head(exchange, "Upload-Length", size);
    }
}

static void
reply_upload(HttpExchange *exchange, unsigned status, Push *push)
{
    g_auto(PushFacts) facts = { 0 };
    JsonWriter json;

    push_read_facts(push, &facts);
    g_autofree char *location = g_strconcat("/api/v1/uploads/", facts.id, NULL);
    add_heads(exchange, &facts);
    if (status == 201)
        http_exchange_add_head(exchange, "Location", location);
    json_init(&json, 512);
    json_upload(&json, NULL, &facts);
    reply_json(exchange, status, &json);
}

/* A reference; NULL: replied already. */
static Push *
find_upload(HttpExchange *exchange, const Api *api)
{
    g_autoptr(GError) error = NULL;
    Push *push = pushes_find(api->parts.pushes, http_exchange_parameter(exchange, "id"), &error);

    if (push == NULL)
        http_exchange_reply_error(exchange, error);
    return push;
}

/* -- Receiving --------------------------------------------------------------------------------- */

typedef struct {
    Pushes *pushes; /* borrowed */
    Push *push;     /* a reference */
    guint writer;
    bool is_last;       /* nothing follows this body */
    unsigned status;    /* of the reply */
    uint64_t allowance; /* that may be written before the quota is asked again */
} Receiving;

static bool
receive(const void *octets, size_t count, gpointer user_data, GError **error)
{
    Receiving *receiving = user_data;

    if (receiving->allowance < count) {
        if (!pushes_allow(receiving->pushes, count, error))
            return false;
        receiving->allowance = STRIDE;
    }
    receiving->allowance -= MIN(receiving->allowance, count);
    return push_write(receiving->push, receiving->writer, octets, count, error);
}

/* What has come of a body that broke off stays. */
static void
receive_end(HttpExchange *exchange, gpointer user_data)
{
    Receiving *receiving = user_data;

    push_end(receiving->push, receiving->writer, exchange != NULL && receiving->is_last);
    pushes_changed(receiving->pushes, receiving->push);
    if (exchange != NULL)
        reply_upload(exchange, receiving->status, receiving->push);
    push_unref(receiving->push);
    g_free(receiving);
}

static const HttpSink sink = { receive, receive_end };

/* What the heads say of the upload. */
typedef struct {
    uint64_t offset;
    int64_t size; /* -1: not said */
    bool is_last;
} UploadHeads;

/* False: replied already. */
static bool
read_heads(HttpExchange *exchange, bool needs_offset, UploadHeads *heads)
{
    const char *offset = http_exchange_head(exchange, "Upload-Offset");
    const char *complete = http_exchange_head(exchange, "Upload-Complete");
    const char *length = http_exchange_head(exchange, "Upload-Length");
    int64_t body = http_exchange_length(exchange);

    *heads = (UploadHeads){ 0, -1, complete == NULL || strcmp(complete, "?1") == 0 };
    if ((offset == NULL && needs_offset) ||
        (offset != NULL && !text_to_u64(offset, 0, INT64_MAX, &heads->offset))) {
        http_exchange_reply_problem(exchange, 400, "Upload-Offset",
                                    "Upload-Offset must say where the body goes on");
        return false;
    }
    if (complete != NULL && !heads->is_last && strcmp(complete, "?0") != 0) {
        http_exchange_reply_problem(exchange, 400, "Upload-Complete", "must be ?1 or ?0");
        return false;
    }
    if (length != NULL && !text_to_i64(length, 0, INT64_MAX, &heads->size)) {
        http_exchange_reply_problem(exchange, 400, "Upload-Length", "must be a number of octets");
        return false;
    }
    if (heads->size < 0 && heads->is_last && body >= 0)
        heads->size = (int64_t)heads->offset + body;
    return true;
}

/* Takes push over. */
static void
begin(HttpExchange *exchange, const Api *api, Push *push, const UploadHeads *heads, unsigned status)
{
    g_autoptr(GError) error = NULL;
    guint writer = push_begin(push, heads->offset, heads->size, &error);

    if (writer == 0) {
        g_auto(PushFacts) facts = { 0 };
        push_read_facts(push, &facts);
        add_heads(exchange, &facts);
        http_exchange_reply_error(exchange, error);
        push_unref(push);
        return;
    }
    Receiving *receiving = g_new(Receiving, 1);
    *receiving = (Receiving){ .pushes = api->parts.pushes, .push = push, .writer = writer,
                              .is_last = heads->is_last, .status = status,
                              .allowance = heads->size >= 0 ? UINT64_MAX : 0 };
    http_exchange_receive(exchange, &sink, receiving);
}

static void
post_upload(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const char *name = http_exchange_query(exchange, "name");
    g_autoptr(GError) error = NULL;
    UploadHeads heads;

    if (!request_may_change(exchange) || !read_heads(exchange, false, &heads))
        return;
    if (name == NULL || heads.offset != 0) {
        http_exchange_reply_problem(exchange, 400, name == NULL ? "name" : "Upload-Offset",
                                    name == NULL ? "name is needed, with its extension"
                                                 : "a new upload begins at 0");
        return;
    }
    Push *push = pushes_create(api->parts.pushes, name, heads.size, &error);
    if (push != NULL)
        begin(exchange, api, push, &heads, 201);
    else
        http_exchange_reply_error(exchange, error);
}

static void
patch_upload(HttpExchange *exchange, gpointer user_data)
{
    UploadHeads heads;

    if (!request_may_change(exchange) || !read_heads(exchange, true, &heads))
        return;
    Push *push = find_upload(exchange, user_data);
    if (push != NULL)
        begin(exchange, user_data, push, &heads, 200);
}

/* -- Seeing and ending ------------------------------------------------------------------------- */

static void
write_upload(Push *push, gpointer user_data)
{
    g_auto(PushFacts) facts = { 0 };

    push_read_facts(push, &facts);
    json_upload(user_data, NULL, &facts);
}

static void
get_uploads(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    JsonWriter json;

    json_init(&json, 1024);
    json_open(&json, NULL, '[');
    pushes_each(api->parts.pushes, write_upload, &json);
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

static void
get_upload(HttpExchange *exchange, gpointer user_data)
{
    g_autoptr(Push) push = find_upload(exchange, user_data);

    if (push != NULL)
        reply_upload(exchange, 200, push);
}

static void
delete_upload(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(Push) push = request_may_change(exchange) ? find_upload(exchange, api) : NULL;

    if (push == NULL)
        return;
    pushes_remove(api->parts.pushes, push);
    http_exchange_reply(exchange, 204, NULL, NULL);
}

/* On the http thread, since a library on another disk is copied to; the same thread sends other
 * things meanwhile in vain, as it does while it takes any file. */
static void
post_keep(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { NULL };
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    json_t *body = request_object(exchange, members);
    g_autoptr(Push) push = body != NULL ? find_upload(exchange, api) : NULL;
    g_autofree char *path = push != NULL ? pushes_keep(api->parts.pushes, push, &error) : NULL;

    json_decref(body);
    if (path != NULL)
        reply_upload(exchange, 200, push);
    else if (error != NULL)
        http_exchange_reply_error(exchange, error);
}

void
upload_reply_stream(HttpExchange *exchange, const Api *api, const char *token)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Push) push = pushes_find_token(api->parts.pushes, token, &error);
    Stream *stream = push != NULL ? push_open(push, &error) : NULL;

    if (stream == NULL)
        http_exchange_reply_error(exchange, error);
    else
        reply_stream(exchange, stream);
}

const HttpRoute upload_routes[] = {
    { "GET", "/api/v1/uploads", HTTP_READ, get_uploads, 0 },
    { "POST", "/api/v1/uploads", HTTP_UPLOAD, post_upload, 0 },
    { "GET", "/api/v1/uploads/{id}", HTTP_READ, get_upload, 0 },
    { "PATCH", "/api/v1/uploads/{id}", HTTP_UPLOAD, patch_upload, 0 },
    { "DELETE", "/api/v1/uploads/{id}", HTTP_READ, delete_upload, 0 },
    { "POST", "/api/v1/uploads/{id}/keep", HTTP_READ, post_keep, BODY_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
