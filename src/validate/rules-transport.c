/* rules-transport.c -- sections 1 and 2: HTTP itself, its sizes and its bad callers */
#include "validate/rules.h"

#include <string.h>
#include <unistd.h>

#define BODY_MAX (1024 * 1024)
#define WAITING_MAX 64

static GString *
get_text(const Tester *t, const char *method, const char *path)
{
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "%s %s HTTP/1.1\r\nHost: %s:%u\r\n\r\n", method, path, t->host,
                           t->port);
    return out;
}

static void
plain_request(Tester *t, const Rule *rule)
{
    g_autoptr(GString) text = get_text(t, rule->text, rule->more);

    expect_http(t, wire_exchange(t, text->str, text->len), rule->http);
}

static void
get_description(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autoptr(GString) text = get_text(t, "GET", "/IGRS");
    const Heard *reply = wire_exchange(t, text->str, text->len);

    expect_http(t, reply, 200);
    expect(t, g_str_has_prefix(head_of(reply, "Content-Type"), "text/xml"), "Content-Type \"%s\"",
           head_of(reply, "Content-Type"));
    expect(t, reply->document != NULL, "the body is not XML");
}

static void
location_form(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autofree char *wanted = g_strdup_printf("http://%s:%u/IGRS", t->host, t->port);

    expect(t, strcmp(t->location, wanted) == 0, "LOCATION is \"%s\"", t->location);
}

static void
raw_octets(Tester *t, const Rule *rule)
{
    const Heard *reply = wire_exchange(t, rule->text, strlen(rule->text));

    if (!reply->is_empty || !reply->is_closed)
        expect_http(t, reply, rule->http);
}

static void
still_answers(Tester *t)
{
    expect_http(t, ask(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), 200);
}

static void
garbage(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    char noise[4096];
    int fd = wire_connect(t);

    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * 167 + 13);
    if (expect(t, fd >= 0, "no connection")) {
        wire_write(fd, noise, sizeof noise);
        const Heard *reply = wire_read(t, fd, 12000);
        expect(t, reply->is_closed || reply->status >= 400, "noise is neither refused nor closed");
        close(fd);
    }
    still_answers(t);
}

static void
head_of_size(Tester *t, const Rule *rule)
{
    g_autofree char *filler = g_strnfill((gsize)atoi(rule->text), 'x');
    const Edit edits[] = { { EDIT_ADD, "X-Filler", filler }, { EDIT_NONE, NULL, NULL } };

    open_pipe(t);
    expect_http(t, ask_edited(t, say(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), edits), rule->http);
}

static void
body_of_size(Tester *t, const Rule *rule)
{
    g_autoptr(GString) text = letter(t, say(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), NULL);
    size_t body_size = strlen(strstr(text->str, "\r\n\r\n") + 4);
    g_autofree char *filler = g_strnfill((gsize)atoi(rule->text) - body_size, ' ');
    g_autofree char *end = g_strconcat(filler, "</SOAP-ENV:Body>", NULL);
    const Edit edits[] = { { EDIT_BODY, "</SOAP-ENV:Body>", end }, { EDIT_NONE, NULL, NULL } };
    const Heard *reply = ask_edited(t, say(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), edits);

    expect_http(t, reply, rule->http);
    if (rule->http == 413)
        expect(t, reply->is_closed, "the connection stays open");
}

/* A Content-Length alone, without the octets: refused before they are sent. */
static void
length_announced(Tester *t, const Rule *rule)
{
    const Edit edits[] = { { EDIT_SET, "Content-Length", rule->text }, { EDIT_NONE, NULL, NULL } };
    g_autoptr(GString) text = letter(t, say(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), edits);

    expect_http(t, wire_exchange(t, text->str, text->len), rule->http);
}

static void
persistent(Tester *t, const Rule *rule)
{
    g_autoptr(GString) one = letter(t, say(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), NULL);
    g_autoptr(GString) two = letter(t, say(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), NULL);
    int fd = wire_connect(t);

    if (!expect(t, fd >= 0, "no connection"))
        return;
    wire_write(fd, one->str, one->len);
    const Heard *first = wire_read(t, fd, 5000);
    expect_code(t, first, 200);
    expect(t, !first->is_closed, "closed after the first reply");
    if (t->failure == NULL) {
        wire_write(fd, two->str, two->len);
        expect_code(t, wire_read(t, fd, 5000), 200);
    }
    close(fd);
    (void)rule;
}

static void
byte_by_byte(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autoptr(GString) text = letter(t, say(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), NULL);
    int fd = wire_connect(t);

    if (!expect(t, fd >= 0, "no connection"))
        return;
    for (size_t i = 0; i < text->len; i += 7) {
        wire_write(fd, text->str + i, MIN((size_t)7, text->len - i));
        g_usleep(500);
    }
    expect_code(t, wire_read(t, fd, 5000), 200);
    close(fd);
}

static void
chunked(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Edit edits[] = { { EDIT_RENAME, "Content-Length", "X-Length" },
                           { EDIT_ADD, "Transfer-Encoding", "chunked" },
                           { EDIT_NONE, NULL, NULL } };
    g_autoptr(GString) text = letter(t, say(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST), edits);
    char *body = strstr(text->str, "\r\n\r\n") + 4;
    g_autofree char *chunks = g_strdup_printf("%zx\r\n%s\r\n0\r\n\r\n", strlen(body), body);

    g_string_truncate(text, (gsize)(body - text->str));
    g_string_append(text, chunks);
    expect_code(t, wire_exchange(t, text->str, text->len), 200);
}

/* Half-open connections: those beyond the share are closed, and others are served on. */
static void
many_waiting(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    enum { COUNT = WAITING_MAX + 32 };
    int fds[COUNT];
    bool is_closed[COUNT];
    unsigned closed = 0;

    for (unsigned i = 0; i < COUNT; i++) {
        fds[i] = wire_connect(t);
        is_closed[i] = false;
    }
    /* a busy device */
    for (unsigned tries = 0; tries < 25 && closed < COUNT - WAITING_MAX; tries++) {
        wire_pause(t, 300);
        for (unsigned i = 0; i < COUNT; i++)
            if (!is_closed[i] && (fds[i] < 0 || wire_closed(t, fds[i], 0))) {
                is_closed[i] = true;
                closed++;
            }
    }
    expect(t, closed >= COUNT - WAITING_MAX, "%u connections of one address wait, %d may",
           COUNT - closed, WAITING_MAX);
    for (unsigned i = 0; i < COUNT; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    wire_pause(t, 300);
    still_answers(t);
}

/* The pipe does not end with its TCP connection. */
static void
pipe_outlives_tcp(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    expect_code(t, ask(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), 200);
}

#define BLANK "\r\nHost: validate\r\nContent-Length: 0\r\n\r\n"

const Rule transport_rules[] = {
    { "location-form", "1", "LOCATION is http://host:port/IGRS", location_form },
    { "get-description", "1", "GET of LOCATION gives the description document", get_description },
    { "http-path-get", "2", "GET of another path: 404", plain_request, .text = "GET",
      .more = "/IGRS/none", .http = 404 },
    { "http-path-post", "2", "M-POST to another path: 404", run_row,
      .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST,
      .edit = { { EDIT_LINE, NULL, "M-POST /other HTTP/1.1" } }, .http = 404 },
    { "http-method-put", "2", "PUT to LOCATION: 405", plain_request, .text = "PUT",
      .more = "/IGRS", .http = 405 },
    { "http-method-delete", "2", "DELETE of LOCATION: 405", plain_request, .text = "DELETE",
      .more = "/IGRS", .http = 405 },
    { "http-method-post", "2", "POST without the M- of RFC 2774: 405", run_row,
      .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST,
      .edit = { { EDIT_LINE, NULL, "POST /IGRS HTTP/1.1" } }, .http = 405 },
    { "http-media-type", "2", "a body that is not XML by its Content-Type: 415", run_row,
      .send = IGRS_GET_DEVICE_DESCRIPTION_REQUEST,
      .edit = { { EDIT_SET, "Content-Type", "text/plain" } }, .http = 415 },
    { "http-media-type-json", "2", "a body of JSON: 415", run_row,
      .send = IGRS_GET_DEVICE_DESCRIPTION_REQUEST,
      .edit = { { EDIT_SET, "Content-Type", "application/json" }, { EDIT_BODY, NULL, "{}" } },
      .http = 415 },
    { "http-no-host", "1", "HTTP/1.1 without Host: 400, or closed", raw_octets,
      .text = "GET /IGRS HTTP/1.1\r\n\r\n", .http = 400 },
    { "http-start-line", "1", "a start line that is none: 400, or closed", raw_octets,
      .text = "HELLO" BLANK, .http = 400 },
    { "http-length-letters", "1", "a Content-Length of letters: 400", length_announced,
      .text = "many", .http = 400 },
    { "http-length-negative", "1", "a negative Content-Length: 400", length_announced,
      .text = "-5", .http = 400 },
    { "http-length-short", "2", "a Content-Length that cuts the body: 400", length_announced,
      .text = "40", .http = 400 },
    { "http-length-beyond", "1", "a Content-Length above 1 MiB: 413 before the octets come",
      length_announced, .text = "1048577", .http = 413 },
    { "http-length-huge", "1", "a Content-Length of 2^63-1: 413", length_announced,
      .text = "9223372036854775807", .http = 413 },
    { "http-head-large", "1", "a head of 12 KiB is taken", head_of_size, .text = "12000",
      .http = 200 },
    { "http-head-beyond", "1", "a head above 16 KiB: 431", head_of_size, .text = "20000",
      .http = 431 },
    { "http-body-large", "1", "a body of 1 MiB is taken", body_of_size, .text = "1048000",
      .http = 200 },
    { "http-body-beyond", "1", "a body above 1 MiB: 413, closed", body_of_size,
      .text = "1060000", .http = 413 },
    { "http-persistent", "1", "connections persist", persistent },
    { "http-slices", "1", "a message in slices of seven octets is one message", byte_by_byte },
    { "http-chunked", "1", "a body in chunks is taken", chunked },
    { "http-garbage", "1", "noise is refused, and harms nobody else", garbage },
    { "http-waiting", "1", "64 connections of one address wait; the next is closed at once",
      many_waiting },
    { "pipe-outlives-tcp", "4", "a pipe does not end with its TCP connection",
      pipe_outlives_tcp },
    { NULL },
};
