/* http-body.c -- a stream as a reply: conditions (RFC 9110 clause 13) and ranges (clause 14)
 *
 * One part of a file goes out by sendfile(), a long one by our own (http-pour.c). Several parts,
 * and streams without a descriptor, are read piece by piece on the http thread; where the next
 * piece is still to come the body parks. */
#include "net/http-exchange.h"
#include "wire/http-range.h"

#include <libsoup/soup.h>
#include <string.h>
#include <sys/socket.h>

#define BLOCK_SIZE (64 * 1024)
/* A player that pauses stops reading, and goes on after the tea. */
#define PAUSE_MAX_S (30 * 60)

/* -- Conditions -------------------------------------------------------------------------------- */

/* True when the list of entity tags names etag, or is "*". */
static bool
tags_match(const char *list, const char *etag, bool is_weak_fine)
{
    if (strcmp(list, "*") == 0)
        return true;
    for (const char *c = list + strspn(list, " \t,"); *c != '\0'; c += strspn(c, " \t,")) {
        bool is_weak = g_str_has_prefix(c, "W/");
        c += is_weak ? 2 : 0;
        const char *end = *c == '"' ? strchr(c + 1, '"') : NULL;
        if (end == NULL)
            return false;
        size_t length = (size_t)(end - c) - 1;
        if (etag != NULL && (is_weak_fine || !is_weak) && strlen(etag) == length &&
            memcmp(etag, c + 1, length) == 0)
            return true;
        c = end + 1;
    }
    return false;
}

/* Unix time; false: absent or no date. */
static bool
head_date(const HttpExchange *exchange, const char *name, int64_t *seconds)
{
    const char *text = http_exchange_head(exchange, name);
    g_autoptr(GDateTime) date = text == NULL ? NULL : soup_date_time_new_from_http_string(text);

    if (date == NULL)
        return false;
    *seconds = g_date_time_to_unix(date);
    return true;
}

/* 200 to go on, or 304 or 412 (13.2.2). */
static unsigned
judge_conditions(const HttpExchange *exchange, const Stream *stream)
{
    const char *match = http_exchange_head(exchange, "If-Match");
    const char *none_match = http_exchange_head(exchange, "If-None-Match");
    bool has_date = stream->modified_s != 0;
    int64_t seconds;

    if (match != NULL) {
        if (!tags_match(match, stream->etag, false))
            return 412;
    } else if (has_date && head_date(exchange, "If-Unmodified-Since", &seconds)) {
        if (stream->modified_s > seconds)
            return 412;
    }
    if (none_match != NULL)
        return tags_match(none_match, stream->etag, true) ? 304 : 200;
    if (has_date && head_date(exchange, "If-Modified-Since", &seconds) &&
        stream->modified_s <= seconds)
        return 304;
    return 200;
}

/* If-Range (13.1.5): a strong tag, or the very date. */
static bool
range_is_wanted(const HttpExchange *exchange, const Stream *stream)
{
    const char *text = http_exchange_head(exchange, "If-Range");
    int64_t seconds;

    if (text == NULL)
        return true;
    if (text[0] == '"')
        return tags_match(text, stream->etag, false);
    return stream->modified_s != 0 && head_date(exchange, "If-Range", &seconds) &&
           seconds == stream->modified_s;
}

/* -- Bodies that are read piece by piece ------------------------------------------------------- */

/* One stretch of the body: text of ours, or octets of the stream. */
typedef struct {
    uint64_t start, length; /* in the body; length UINT64_MAX: until the stream ends */
    char *text;             /* NULL: of the stream */
    uint64_t offset;        /* in the stream */
} Stretch;

typedef struct {
    int socket; /* borrowed: the connection asks for octets while it is open */
    HttpParking *parking; /* a reference; NULL: the stream never waits */
    Stream *stream;
    GArray *stretches; /* Stretch, in order */
    guint current;     /* the one that was read last */
} Body;

static void
stretch_clear(gpointer data)
{
    g_free(((Stretch *)data)->text);
}

/* Takes stream over. */
static Body *
body_new(HttpExchange *exchange, Stream *stream)
{
    Body *body = g_new0(Body, 1);

    if (stream->class->wait != NULL && exchange->parking == NULL && !exchange->is_answered)
        exchange->parking = http_parking_new(exchange->connection, exchange->socket);
    if (exchange->parking != NULL)
        body->parking = http_parking_ref(exchange->parking);
    body->socket = exchange->socket;
    body->stream = stream;
    body->stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
    g_array_set_clear_func(body->stretches, stretch_clear);
    return body;
}

static void
body_free(void *data)
{
    Body *body = data;

    stream_free(body->stream); /* nobody wakes us any more */
    http_parking_unref(body->parking);
    g_array_unref(body->stretches);
    g_free(body);
}

static uint64_t
body_size(const Body *body)
{
    const Stretch *last = &g_array_index(body->stretches, Stretch, body->stretches->len - 1);

    return last->length == UINT64_MAX ? MHD_SIZE_UNKNOWN : last->start + last->length;
}

/* Takes text over; NULL: length octets of the stream from offset on. */
static void
body_add(Body *body, char *text, uint64_t offset, uint64_t length)
{
    uint64_t start = body->stretches->len == 0 ? 0 : body_size(body);
    Stretch stretch = { start, text == NULL ? length : strlen(text), text, offset };

    g_array_append_val(body->stretches, stretch);
}

/* libmicrohttpd takes no notice of an error before the first octet until something happens to the
 * socket. */
ssize_t
http_body_break_off(int socket)
{
    shutdown(socket, SHUT_RDWR);
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t
body_read(void *data, uint64_t position, char *buffer, size_t size)
{
    Body *body = data;
    const Stretch *stretch = &g_array_index(body->stretches, Stretch, body->current);
    g_autoptr(GError) error = NULL;

    while (position - stretch->start >= stretch->length) {
        if (++body->current == body->stretches->len)
            return MHD_CONTENT_READER_END_OF_STREAM;
        stretch++;
    }
    uint64_t into = position - stretch->start;
    size_t count = (size_t)MIN(size, stretch->length - into);
    if (stretch->text != NULL) {
        memcpy(buffer, stretch->text + into, count);
        return (ssize_t)count;
    }
    gssize got = stream_read(body->stream, stretch->offset + into, buffer, count, &error);
    if (got > 0)
        return got;
    if (got == STREAM_NOT_YET && http_parking_park(body->parking)) {
        body->stream->class->wait(body->stream, http_parking_wake, body->parking);
        return 0;
    }
    if (got == 0 && stretch->length == UINT64_MAX)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (error != NULL)
        g_info("a stream broke off: %s", error->message);
    return http_body_break_off(body->socket); /* shorter than announced */
}

static struct MHD_Response *
response_of_body(Body *body)
{
    return MHD_create_response_from_callback(body_size(body), BLOCK_SIZE, body_read, body,
                                             body_free);
}

/* Takes stream over. */
static struct MHD_Response *
response_of_part(HttpExchange *exchange, Stream *stream, uint64_t offset, uint64_t length)
{
    if (length == 0) {
        stream_free(stream);
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    }
    if (stream->fd >= 0 && length != UINT64_MAX) {
        int fd = stream->fd;
        stream->fd = -1; /* the response closes it */
        stream_free(stream);
        return http_pour_suits(exchange, length)
                   ? http_pour_new(exchange->socket, fd, offset, length)
                   : MHD_create_response_from_fd_at_offset64(length, fd, offset);
    }
    Body *body = body_new(exchange, stream);
    body_add(body, NULL, offset, length);
    return response_of_body(body);
}

/* multipart/byteranges (14.6). Takes stream over. */
static struct MHD_Response *
response_of_parts(HttpExchange *exchange, Stream *stream, const HttpRange *parts,
                  guint count, const char *boundary)
{
    Body *body = body_new(exchange, stream);

    for (guint i = 0; i < count; i++) {
        g_autofree char *range = http_content_range_encode(&parts[i], (uint64_t)stream->length);
        body_add(body, g_strdup_printf("\r\n--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n",
                                       boundary, stream->mime, range), 0, 0);
        body_add(body, NULL, parts[i].first, parts[i].last - parts[i].first + 1);
    }
    body_add(body, g_strdup_printf("\r\n--%s--\r\n", boundary), 0, 0);
    return response_of_body(body);
}

/* -- The reply --------------------------------------------------------------------------------- */

static void
add_validators(HttpExchange *exchange, const Stream *stream)
{
    if (stream->etag != NULL) {
        g_autofree char *quoted = g_strdup_printf("\"%s\"", stream->etag);
        http_exchange_add_head(exchange, "ETag", quoted);
    }
    if (stream->modified_s != 0) {
        g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(stream->modified_s);
        g_autofree char *text =
            date == NULL ? NULL : soup_date_time_to_string(date, SOUP_DATE_HTTP);
        if (text != NULL)
            http_exchange_add_head(exchange, "Last-Modified", text);
    }
}

static HttpRangeKind
choose_parts(const HttpExchange *exchange, const Stream *stream, HttpRange *parts, guint *count)
{
    bool has_ranges = stream->is_seekable && stream->length >= 0;

    if (!has_ranges || strcmp(exchange->method, "GET") != 0 || !range_is_wanted(exchange, stream))
        return HTTP_RANGE_WHOLE;
    return http_range_decode(http_exchange_head(exchange, "Range"), (uint64_t)stream->length, parts,
                             count);
}

static void
reply_part(HttpExchange *exchange, Stream *stream, const HttpRange *part)
{
    g_autofree char *range = http_content_range_encode(part, (uint64_t)stream->length);
    uint64_t size = part->last - part->first + 1;

    http_exchange_add_head(exchange, "Content-Type", stream->mime);
    http_exchange_add_head(exchange, "Content-Range", range);
    http_exchange_answer(exchange, 206, response_of_part(exchange, stream, part->first, size),
                         size);
}

static void
reply_parts(HttpExchange *exchange, Stream *stream, const HttpRange *parts, guint count)
{
    g_autofree char *boundary = g_strdup_printf("%08x%08x", g_random_int(), g_random_int());
    g_autofree char *mime = g_strdup_printf("multipart/byteranges; boundary=%s", boundary);

    http_exchange_add_head(exchange, "Content-Type", mime);
    http_exchange_answer(exchange, 206,
                         response_of_parts(exchange, stream, parts, count, boundary), 0);
}

static void
reply_outside(HttpExchange *exchange, Stream *stream)
{
    g_autofree char *range = http_content_range_encode(NULL, (uint64_t)stream->length);

    http_exchange_add_head(exchange, "Content-Range", range);
    http_exchange_reply_problem(exchange, 416, NULL, "there are %" G_GINT64_FORMAT " octets",
                                stream->length);
    stream_free(stream);
}

static void
reply_whole(HttpExchange *exchange, Stream *stream)
{
    bool is_known = stream->length >= 0;
    uint64_t length = (uint64_t)stream->length;

    http_exchange_add_head(exchange, "Content-Type", stream->mime);
    http_exchange_answer(
        exchange, 200, response_of_part(exchange, stream, 0, is_known ? length : UINT64_MAX),
        is_known ? length : 0);
}

void
http_exchange_reply_stream(HttpExchange *exchange, Stream *stream)
{
    HttpRange parts[HTTP_RANGES_MAX];
    guint count = 0;
    unsigned status = judge_conditions(exchange, stream);

    if (!exchange->is_answered)
        exchange->patience_s = PAUSE_MAX_S;
    add_validators(exchange, stream);
    if (status != 200) {
        http_exchange_reply(exchange, status, NULL, NULL);
        stream_free(stream);
        return;
    }
    if (stream->is_seekable && stream->length >= 0)
        http_exchange_add_head(exchange, "Accept-Ranges", "bytes");
    switch (choose_parts(exchange, stream, parts, &count)) {
    case HTTP_RANGE_WHOLE:
        reply_whole(exchange, stream);
        break;
    case HTTP_RANGE_PARTS:
        if (count == 1)
            reply_part(exchange, stream, &parts[0]);
        else
            reply_parts(exchange, stream, parts, count);
        break;
    case HTTP_RANGE_OUTSIDE:
        reply_outside(exchange, stream);
        break;
    }
}
