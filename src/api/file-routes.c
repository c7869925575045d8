/* file-routes.c -- the bytes of files, under the addresses that FileAccess gives out
 *
 * GET with Range; PUT of a whole file, which takes its place when it has all come, or with
 * Content-Range of a part, which is written into the file as it is (docs/igrs/PROFILE.md section
 * 7). POST is taken as PUT: ContentDirectory:1 lets a control point post to an importUri. */
#include "api/room.h"

#include "appliance/files/files.h"
#include "base/error.h"
#include "wire/http-range.h"

typedef struct {
    FileWrite *write;
    FileTickets *tickets; /* borrowed */
    char *token;
    uint64_t left; /* octets of the part; UINT64_MAX: all that come */
} Upload;

/* The ticket that the address stands for; false: replied already. */
static bool
find_ticket(HttpExchange *exchange, const Api *api, FileTicket *ticket)
{
    g_autofree char *peer = g_inet_address_to_string(
        g_inet_socket_address_get_address(http_exchange_peer(exchange)));
    g_autoptr(GError) error = NULL;

    if (file_tickets_find(api->parts.file_tickets, http_exchange_parameter(exchange, "token"), peer,
                          ticket, &error))
        return true;
    http_exchange_reply_error(exchange, error);
    return false;
}

static void
get_file(HttpExchange *exchange, gpointer user_data)
{
    g_auto(FileTicket) ticket = { 0 };
    g_autoptr(GError) error = NULL;

    if (!find_ticket(exchange, user_data, &ticket))
        return;
    Stream *stream = files_read(ticket.files, ticket.path, &error);
    if (stream == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    reply_stream(exchange, stream);
}

/* -- Uploads ----------------------------------------------------------------------------------- */

static void
upload_free(Upload *upload)
{
    file_write_free(upload->write);
    g_free(upload->token);
    g_free(upload);
}

static bool
upload_write(const void *octets, size_t count, gpointer user_data, GError **error)
{
    Upload *upload = user_data;

    if (upload->left != UINT64_MAX && count > upload->left) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                            "more came than Content-Range says");
        return false;
    }
    upload->left -= upload->left != UINT64_MAX ? count : 0;
    return file_write_add(upload->write, octets, count, error);
}

static void
upload_end(HttpExchange *exchange, gpointer user_data)
{
    Upload *upload = user_data;
    g_autoptr(GError) error = NULL;

    if (exchange == NULL) {
        upload_free(upload);
        return;
    }
    if (upload->left != 0 && upload->left != UINT64_MAX) {
        http_exchange_reply_problem(exchange, 400, "Content-Range", "less came than it says");
    } else if (!file_write_finish(upload->write, &error)) {
        http_exchange_reply_error(exchange, error);
    } else {
        file_tickets_created(upload->tickets, upload->token);
        http_exchange_reply(exchange, file_write_is_new(upload->write) ? 201 : 204, NULL, NULL);
    }
    upload_free(upload);
}

static const HttpSink upload_sink = { upload_write, upload_end };

/* What Content-Range says; without one, the whole file. False: replied already. */
static bool
read_part(HttpExchange *exchange, HttpRange *part, bool *is_whole)
{
    const char *text = http_exchange_head(exchange, "Content-Range");
    int64_t length = http_exchange_length(exchange);
    uint64_t size;

    *is_whole = text == NULL;
    if (text == NULL)
        return true;
    if (!http_content_range_decode(text, part, &size) ||
        (length >= 0 && (uint64_t)length != part->last - part->first + 1)) {
        http_exchange_reply_problem(exchange, 400, "Content-Range",
                                    "must be bytes FIRST-LAST/SIZE of a body of that length");
        return false;
    }
    *is_whole = part->first == 0 && part->last + 1 == size;
    return true;
}

static FileWrite *
begin_write(const FileTicket *ticket, const HttpRange *part, bool is_whole, int64_t length,
            GError **error)
{
    bool may_replace = ticket->use == FILE_WRITE;

    if (is_whole || (!may_replace && part->first == 0)) /* the first part makes the file */
        return files_write(ticket->files, ticket->path, may_replace, length, error);
    return files_patch(ticket->files, ticket->path, part->first, length, error);
}

static void
put_file(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_auto(FileTicket) ticket = { 0 };
    g_autoptr(GError) error = NULL;
    HttpRange part = { 0 };
    bool is_whole;

    if (!find_ticket(exchange, api, &ticket) || !read_part(exchange, &part, &is_whole))
        return;
    if (ticket.use == FILE_READ) {
        http_exchange_reply_problem(exchange, 403, NULL, "this address was opened for reading");
        return;
    }
    FileWrite *write =
        begin_write(&ticket, &part, is_whole, http_exchange_length(exchange), &error);
    if (write == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    Upload *upload = g_new(Upload, 1);
    *upload = (Upload){ write, api->parts.file_tickets,
                        g_strdup(http_exchange_parameter(exchange, "token")),
                        is_whole ? UINT64_MAX : part.last - part.first + 1 };
    http_exchange_receive(exchange, &upload_sink, upload);
}

const HttpRoute file_routes[] = {
    { "GET", "/files/{token}/{name}", HTTP_READ, get_file, 0 },
    { "PUT", "/files/{token}/{name}", HTTP_UPLOAD, put_file, 0 },
    { "POST", "/files/{token}/{name}", HTTP_UPLOAD, put_file, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
