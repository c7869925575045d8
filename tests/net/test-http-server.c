/* test-http-server.c -- what the server answers to peers good and bad, in time and when it stops */
#include "base/error.h"
#include "net/http-server.h"
#include "tests/net/talk.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    HttpServer *server;
    HttpRouter *router;
    Clock *clock;
    uint16_t port;
    GPtrArray *held;    /* exchanges nobody has answered */
    TalkEvents stream;
    bool is_held;
} Fixture;

/* -- Routes ------------------------------------------------------------------------------------ */

static void
hello(HttpExchange *exchange, gpointer user_data)
{
    g_autoptr(GBytes) body = g_bytes_new_static("hello", 5);

    http_exchange_add_head(exchange, "Ext", "");
    http_exchange_reply(exchange, 200, "text/plain", body);
}

static void
describe_head(const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf(user_data, "%s=%s;", name, value);
}

/* Says all it was told. */
static void
echo(HttpExchange *exchange, gpointer user_data)
{
    GString *text = g_string_new(NULL);
    GBytes *body = http_exchange_body(exchange);
    g_autofree char *peer = g_inet_address_to_string(
        g_inet_socket_address_get_address(http_exchange_peer(exchange)));
    g_autofree char *local = g_socket_connectable_to_string(
        G_SOCKET_CONNECTABLE(http_exchange_local(exchange)));

    g_string_printf(text,
                    "%s %s id=%s q=%s peer=%s local=%s heads:", http_exchange_method(exchange),
                    http_exchange_path(exchange), http_exchange_parameter(exchange, "id"),
                    http_exchange_query(exchange, "q"), peer, local);
    http_exchange_each_head(exchange, describe_head, text);
    g_string_append_printf(text, " body=%.*s", (int)g_bytes_get_size(body),
                           (const char *)g_bytes_get_data(body, NULL));
    http_exchange_reply_text(exchange, 200, "text/plain", g_string_free(text, FALSE));
}

static void
hold(HttpExchange *exchange, gpointer user_data)
{
    Fixture *fixture = user_data;

    g_ptr_array_add(fixture->held, exchange);
    fixture->is_held = true;
}

/* Says whether it runs on the loop. */
static void
tell_place(HttpExchange *exchange, gpointer user_data)
{
    bool is_loop = g_main_context_is_owner(NULL);

    http_exchange_reply_text(exchange, 200, "text/plain",
                             g_strdup_printf("%s, %s", is_loop ? "loop" : "http",
                                             user_data == NULL ? "crossed" : "stayed"));
}

static void
cross(HttpExchange *exchange, gpointer user_data)
{
    if (http_exchange_query(exchange, "stay") != NULL)
        tell_place(exchange, user_data);
    else
        http_exchange_cross(exchange, tell_place, NULL);
}

static void
fail(HttpExchange *exchange, gpointer user_data)
{
    g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_BUSY, "a \"quoted\"\nreason");

    http_exchange_reply_error(exchange, error);
}

#define LARGE (32 * 1024 * 1024) /* more than sockets hold */
#define BESIDE_HEAD (64 * 1024)  /* as much as is heard at once, with the head */

static void
large(HttpExchange *exchange, gpointer user_data)
{
    g_autofree char *octets = g_strnfill(LARGE, 'x');
    g_autoptr(GBytes) bytes = g_bytes_new_take(g_steal_pointer(&octets), LARGE);

    http_exchange_set_holder(exchange, http_exchange_query(exchange, "who"));
    http_exchange_reply_stream(exchange, stream_new_bytes(bytes, "text/plain"));
}

static const HttpRoute routes[] = {
    { "GET", "/large", HTTP_READ, large, 0 },
    { "GET", "/hello", HTTP_READ, hello, 0 },
    { "GET", "/state", HTTP_STATE, hello, 0 },
    { "POST", "/echo/{id}", HTTP_STATE, echo, 1000 },
    { "M-POST", "/IGRS", HTTP_STATE, echo, 1000 },
    { "POST", "/read/{id}", HTTP_READ, echo, 1000 },
    { "GET", "/hold", HTTP_STATE, hold, 0 },
    { "GET", "/fail", HTTP_READ, fail, 0 },
    { "GET", "/cross", HTTP_READ, cross, 0 },
    { 0 },
};

static const char *const names[] = { "nas.local", NULL };

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    fixture->router = http_router_new();
    http_router_add(fixture->router, routes, fixture);
    http_router_add(fixture->router, talk_events_routes, &fixture->stream);
    fixture->clock = clock_new_fake();
    fixture->held = g_ptr_array_new();
    HttpServerOptions options = { .server = "test/1", .hosts = names, .clock = fixture->clock,
                                  .threads = 2 };
    fixture->server = http_server_new(&options, fixture->router, &error);
    g_assert_no_error(error);
    fixture->port = http_server_port(fixture->server);
}

static void
stop(Fixture *fixture)
{
    g_clear_pointer(&fixture->server, http_server_free);
    while (g_main_context_iteration(NULL, FALSE))
        ; /* what was posted still */
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    stop(fixture);
    http_router_free(fixture->router);
    clock_free(fixture->clock);
    g_ptr_array_unref(fixture->held);
}

/* -- Requests ---------------------------------------------------------------------------------- */

#define LOCAL "Host: localhost\r\n"

static void
test_requests(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *what, *request, *status, *within; /* NULL: closed at once; anything */
    } cases[] = {
        { "read", "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", "200", "\r\n\r\nhello" },
        { "empty head value", "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", "200", "Ext:" },
        { "server", "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", "200", "Server: test/1\r\n" },
        { "state", "GET /state HTTP/1.1\r\n" LOCAL "\r\n", "200", "\r\n\r\nhello" },
        { "crosses", "GET /cross HTTP/1.1\r\n" LOCAL "\r\n", "200", "loop, crossed" },
        { "stays", "GET /cross?stay HTTP/1.1\r\n" LOCAL "\r\n", "200", "http, stayed" },
        { "absolute form", "GET http://localhost/hello HTTP/1.1\r\nHost: evil\r\n\r\n", "200", "hello" },
        { "absolute form, foreign", "GET http://evil/hello HTTP/1.1\r\n" LOCAL "\r\n", "421", NULL },
        { "HTTP/1.0", "GET /hello HTTP/1.0\r\n" LOCAL "\r\n", "200", "hello" },
        { "echo", "POST /echo/a%20b?x=1&q=c%20+d&q=e HTTP/1.1\r\n" LOCAL "A: 1\r\nB: 2\r\na: 3\r\n"
          "Content-Length: 4\r\n\r\nbody", "200",
          "POST /echo/a%20b id=a b q=c  d peer=127.0.0.1 local=127.0.0.1:" },
        { "heads repeat in order", "POST /read/1 HTTP/1.1\r\n" LOCAL "A: 1\r\nB: 2\r\nA: 3\r\n"
          "Content-Length: 4\r\n\r\nbody", "200", "A=1;B=2;A=3;Content-Length=4; body=body" },
        { "M-POST", "M-POST /IGRS HTTP/1.1\r\n" LOCAL "Content-Length: 4\r\n\r\nigrs", "200", "body=igrs" },
        { "no body", "M-POST /IGRS HTTP/1.1\r\n" LOCAL "\r\n", "200", "body=" },
        { "chunked", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Transfer-Encoding: chunked\r\n\r\n"
          "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "200", "body=abcde" },
        { "error", "GET /fail HTTP/1.1\r\n" LOCAL "\r\n", "429",
          "{\"title\":\"Too Many Requests\",\"status\":429,\"detail\":\"a \\\"quoted\\\"\\u000areason\"}" },
        { "no path", "GET /nope HTTP/1.1\r\n" LOCAL "\r\n", "404", "application/problem+json" },
        { "traversal", "GET /../../etc/passwd HTTP/1.1\r\n" LOCAL "\r\n", "404", NULL },
        { "no method", "PUT /hello HTTP/1.1\r\n" LOCAL "\r\n", "405", "Allow: GET, HEAD\r\n" },
        { "no Host", "GET /hello HTTP/1.1\r\n\r\n", "400", NULL },
        { "two Hosts", "GET /hello HTTP/1.1\r\n" LOCAL LOCAL "\r\n", "400", NULL },
        { "foreign Host", "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421", NULL },
        { "length -1", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Content-Length: -1\r\n\r\nx", "400", NULL },
        { "length abc", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Content-Length: abc\r\n\r\nx", "400", NULL },
        { "length 2^63", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Content-Length: 9223372036854775808\r\n\r\nx",
          "413", NULL },
        { "length 2^64", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Content-Length: 18446744073709551616\r\n\r\nx",
          "413", NULL },
        { "body too large", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Content-Length: 1001\r\n"
          "Expect: 100-continue\r\n\r\n", "413", NULL },
        { "body where none is taken", "GET /hello HTTP/1.1\r\n" LOCAL "Content-Length: 1\r\n\r\nx",
          "413", NULL },
        { "M-POST too large", "M-POST /IGRS HTTP/1.1\r\n" LOCAL "Content-Length: 9999999\r\n\r\n"
          "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", "413", "Connection: close" },
        { "two lengths", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
          "400", "Connection: close" },
        { "length and chunked", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Content-Length: 1\r\n"
          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400", "Connection: close" },
        { "another coding", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Transfer-Encoding: gzip\r\n\r\nx", "501",
          "Connection: close" },
        { "bad chunk", "POST /echo/1 HTTP/1.1\r\n" LOCAL "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
          "400", NULL },
        { "garbage", "\x01\x02\x03 garbage \xff\r\n\r\n", "400", NULL },
        { "more garbage", "garbage\r\n\r\n", "400", NULL },
        { "version 2", "GET /hello HTTP/2.0\r\n" LOCAL "\r\n", "505", NULL },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) heard = talk(fixture->port, cases[i].request, -1);
        g_test_message("%s: %s", cases[i].what, heard->str);
        if (cases[i].status == NULL) {
            g_assert_cmpuint(heard->len, ==, 0);
            continue;
        }
        g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.") && heard->len > 12);
        g_assert_cmpmem(heard->str + 9, 3, cases[i].status, 3);
        if (cases[i].within != NULL)
            g_assert_nonnull(strstr(heard->str, cases[i].within));
    }
}

static void
test_hosts(Fixture *fixture, gconstpointer data)
{
    const struct {
        const char *host;
        bool is_ours;
    } cases[] = {
        { "127.0.0.1", true },          { "127.0.0.1:PORT", true },    { "localhost", true },
        { "LocalHost:PORT", true },     { "nas.local", true },         { "NAS.local.:PORT", true },
        { "127.0.0.1:1", false },       { "127.0.0.2", false },        { "10.0.0.1", false },
        { "[::1]", false },             { "[::ffff:127.0.0.1]", true },{ "[::1", false },
        { "nas.local.evil.org", false },{ "evil.org", false },         { "127.0.0.1.evil.org", false },
        { "localhost:", true },         { "localhost:x", false },      { ":PORT", false },
        { "[localhost]", false },       { "localhost PORT", false },   { "user@localhost", false },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) request = g_string_new(NULL);
        g_autofree char *port = g_strdup_printf("%u", fixture->port);
        g_string_printf(request, "GET /hello HTTP/1.1\r\nHost: %s\r\n\r\n", cases[i].host);
        g_string_replace(request, "PORT", port, 0);
        g_autoptr(GString) heard = talk(fixture->port, request->str, -1);
        g_test_message("%s: %.20s", cases[i].host, heard->str);
        g_assert_cmpmem(heard->str + 9, 3, cases[i].is_ours ? "200" : "421", 3);
    }
}

static void
test_sizes(Fixture *fixture, gconstpointer data)
{
    static const struct {
        guint filler;
        const char *status;
    } cases[] = { { 15000, "200" }, { 17000, "431" }, { 65536, "431" }, { 1000000, "431" } };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *filler = g_strnfill(cases[i].filler, 'a');
        g_autofree char *request =
            g_strdup_printf("GET /hello HTTP/1.1\r\n" LOCAL "X: %s\r\n\r\n", filler);
        g_autoptr(GString) heard = talk(fixture->port, request, -1);
        g_test_message("%u: %.20s", cases[i].filler, heard->str);
        if (heard->len > 0 || cases[i].filler < 100000) /* the reset may be faster than the words */
            g_assert_cmpmem(heard->str + 9, 3, cases[i].status, 3);
    }
}

static bool
is_of(const char *holder, gpointer who)
{
    return g_str_equal(holder, who);
}

static int
ask_large(const Fixture *fixture, const char *who)
{
    g_autofree char *request = g_strdup_printf(
        "GET /large?who=%s HTTP/1.1\r\n" LOCAL "Connection: close\r\n\r\n", who);
    int fd = talk_open(fixture->port);

    talk_send(fd, request, -1);
    g_autoptr(GString) head = talk_hear(fd, "\r\n\r\n");
    g_assert_true(g_str_has_prefix(head->str, "HTTP/1.1 200"));
    return fd;
}

/* Whoever may not have it any more gets no more of it; others notice nothing. */
static void
test_end_held(Fixture *fixture, gconstpointer data)
{
    int eve = ask_large(fixture, "eve"), ann = ask_large(fixture, "ann");

    http_server_end_held(fixture->server, is_of, (gpointer) "eve");
    g_autoptr(GString) rest = talk_hear_all(eve);
    g_assert_cmpuint(rest->len, <, LARGE - BESIDE_HEAD);
    g_autoptr(GString) whole = talk_hear_all(ann);
    g_assert_cmpuint(whole->len, >=, LARGE - BESIDE_HEAD);
    close(eve);
    close(ann);
}

/* What the loop is answering then is given when it is short. */
static void
test_end_held_meanwhile(Fixture *fixture, gconstpointer data)
{
    int fds[2];

    for (guint i = 0; i < 2; i++) {
        fixture->is_held = false;
        fds[i] = talk_open(fixture->port);
        talk_send(fds[i], "GET /hold HTTP/1.1\r\n" LOCAL "Connection: close\r\n\r\n", -1);
        talk_wait(&fixture->is_held);
        http_exchange_set_holder(fixture->held->pdata[i], "eve");
    }
    http_server_end_held(fixture->server, is_of, (gpointer) "eve");
    g_autofree char *octets = g_strnfill(LARGE, 'x');
    g_autoptr(GBytes) bytes = g_bytes_new_take(g_steal_pointer(&octets), LARGE);
    hello(fixture->held->pdata[0], NULL);
    http_exchange_reply_stream(fixture->held->pdata[1], stream_new_bytes(bytes, "text/plain"));
    g_autoptr(GString) brief = talk_hear_all(fds[0]);
    g_assert_nonnull(strstr(brief->str, "hello"));
    g_autoptr(GString) nothing = talk_hear_all(fds[1]);
    g_assert_cmpuint(nothing->len, ==, 0);
    close(fds[0]);
    close(fds[1]);
}

/* Nothing of the unread body is taken for a request, and a small one does not cost the
 * connection. */
static void
test_kept_connection(Fixture *fixture, gconstpointer data)
{
    int fd = talk_open(fixture->port);

    for (int i = 0; i < 3; i++) {
        g_autofree char *large = g_strnfill(2000, 'a');
        g_autofree char *post = g_strdup_printf("POST /echo/1 HTTP/1.1\r\n" LOCAL
                                                "Content-Length: 2000\r\n\r\n%s", large);
        talk_send(fd, "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", -1);
        g_autoptr(GString) first = talk_hear_reply(fd);
        g_assert_true(g_str_has_suffix(first->str, "\r\n\r\nhello"));
        talk_send(fd, "HEAD /state HTTP/1.1\r\n" LOCAL "\r\n", -1);
        g_autoptr(GString) second = talk_hear(fd, "\r\n\r\n");
        g_assert_nonnull(strstr(second->str, "Content-Length: 5\r\n"));
        g_assert_true(g_str_has_suffix(second->str, "\r\n\r\n"));
        talk_send(fd, post, -1);
        g_autoptr(GString) third = talk_hear_reply(fd);
        g_assert_true(g_str_has_prefix(third->str, "HTTP/1.1 413"));
    }
    /* Two at once. */
    talk_send(fd, "GET /state HTTP/1.1\r\n" LOCAL "\r\nGET /hello HTTP/1.1\r\n" LOCAL "Connection: close\r\n\r\n", -1);
    g_autoptr(GString) both = talk_hear_all(fd);
    g_assert_nonnull(strstr(both->str, "helloHTTP/1.1 200"));
    close(fd);
}

static void
test_endless_chunks(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GString) request = g_string_new("POST /echo/1 HTTP/1.1\r\n" LOCAL
                                              "Transfer-Encoding: chunked\r\n\r\n");
    g_autofree char *filler = g_strnfill(0x8000, 'a');

    for (int i = 0; i < 100; i++)
        g_string_append_printf(request, "8000\r\n%s\r\n", filler);
    g_autoptr(GString) heard = talk(fixture->port, request->str, (gssize)request->len);
    if (heard->len > 0) /* the reset may be faster than the words */
        g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 413"));
    g_autoptr(GString) after = talk(fixture->port, "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", -1);
    g_assert_true(g_str_has_prefix(after->str, "HTTP/1.1 200"));
}

/* What is no HTTP, or can never end, is told so at once: the clock stands still. */
static void
test_first_octets(Fixture *fixture, gconstpointer data)
{
#define CHUNKS "POST /echo/1 HTTP/1.1\r\n" LOCAL "Transfer-Encoding: chunked\r\n\r\n"
    static const struct {
        const char *octets;
        gssize size;
        const char *status;
    } cases[] = {
        { "\0\1\2\3 garbage \xff\r\n\r\n", 17, "400" },
        { "\0", 1, "400" },
        { "\x16\x03\x01\x02", 4, "400" },
        { "\r\n\xff GET\r\n", -1, "400" },
        { CHUNKS "ffffffffffff\r\nabc", -1, "413" },
        { CHUNKS "fffffffffffffffffffffffffffffffffffffffffffffffffffffff", -1, "413" },
        { CHUNKS "0000000000000002\r\nhi\r\n0\r\n\r\n", -1, "200" },
        { "\r\n\r\nGET /hello HTTP/1.1\r\n" LOCAL "\r\n", -1, "200" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) heard = talk(fixture->port, cases[i].octets, cases[i].size);
        g_test_message("%u: %.60s", i, heard->str);
        g_assert_cmpmem(heard->str + 9, 3, cases[i].status, 3);
    }
}

/* -- Time -------------------------------------------------------------------------------------- */

static guint warnings;

/* Counts warnings, which GLib's own writer would make fatal in a test. */
static GLogWriterOutput
count_warning(GLogLevelFlags level, const GLogField *fields, gsize count, gpointer user_data)
{
    if ((level & G_LOG_LEVEL_WARNING) == 0)
        return g_log_writer_default(level, fields, count, user_data);
    warnings++;
    return G_LOG_WRITER_HANDLED;
}

static void
advance(Fixture *fixture, int64_t by_ms)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
    clock_advance(fixture->clock, by_ms);
}

/* Until the server has count connections. */
static void
await_connections(Fixture *fixture, unsigned count)
{
    HttpServerCounts counts;

    do {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(100);
        http_server_counts(fixture->server, &counts);
    } while (counts.connections != count);
}

static void
test_slow_head(Fixture *fixture, gconstpointer data)
{
    int fd = talk_open(fixture->port);

    talk_send(fd, "GET /hello HT", -1);
    await_connections(fixture, 1);
    advance(fixture, 9000);
    talk_send(fd, "TP/1", -1); /* a drop now and then does not help */
    advance(fixture, 2000);
    g_autoptr(GString) heard = talk_hear_all(fd);
    g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 408"));
    g_assert_nonnull(strstr(heard->str, "application/problem+json"));
    await_connections(fixture, 0);
    close(fd);
}

/* A kept connection may lie idle; the next head has its ten seconds from the first octet. */
static void
test_slow_second_head(Fixture *fixture, gconstpointer data)
{
    int fd = talk_open(fixture->port);

    talk_send(fd, "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", -1);
    g_autoptr(GString) first = talk_hear_reply(fd);
    advance(fixture, 25000);
    talk_send(fd, "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", -1);
    g_autoptr(GString) second = talk_hear_reply(fd);
    g_assert_true(g_str_has_prefix(second->str, "HTTP/1.1 200"));
    HttpServerCounts counts = { 0 };
    while (counts.bytes_sent < 2 * strlen("hello")) /* the second is over on their side too */
        http_server_counts(fixture->server, &counts);
    talk_send(fd, "GET /hel", -1);
    advance(fixture, 12000);
    g_autoptr(GString) third = talk_hear_all(fd);
    g_assert_true(g_str_has_prefix(third->str, "HTTP/1.1 408"));
    close(fd);
}

static void
test_slow_body(Fixture *fixture, gconstpointer data)
{
    int fd = talk_open(fixture->port);

    talk_send(fd, "POST /echo/1 HTTP/1.1\r\n" LOCAL
                  "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n", -1);
    char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n"; /* told when the head has been judged */
    g_assert_cmpint(recv(fd, go_on, sizeof go_on - 1, MSG_WAITALL), ==, sizeof go_on - 1);
    g_assert_cmpstr(go_on, ==, "HTTP/1.1 100 Continue\r\n\r\n");
    advance(fixture, 29000);
    g_assert_cmpint(recv(fd, (char[1]){ 0 }, 1, MSG_DONTWAIT), ==, -1);
    advance(fixture, 2000);
    g_autoptr(GString) heard = talk_hear_all(fd);
    g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 408"));
    close(fd);
}

/* The deadline answers; what the handler says later is lost, and does no harm. */
static void
test_late_answer(Fixture *fixture, gconstpointer data)
{
    int fd = talk_open(fixture->port);

    talk_send(fd, "GET /hold HTTP/1.1\r\n" LOCAL "\r\n", -1);
    talk_wait(&fixture->is_held);
    warnings = 0;
    advance(fixture, 31000);
    g_assert_cmpuint(warnings, ==, 1);
    g_autoptr(GString) heard = talk_hear_reply(fd);
    g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 504"));
    g_assert_cmpstr(http_exchange_path(fixture->held->pdata[0]), ==, "/hold");
    hello(fixture->held->pdata[0], NULL);
    talk_send(fd, "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", -1);
    g_autoptr(GString) next = talk_hear_reply(fd);
    g_assert_true(g_str_has_prefix(next->str, "HTTP/1.1 200"));
    close(fd);
}

/* -- Many, and the end ------------------------------------------------------------------------- */

static void
test_waiting_connections(Fixture *fixture, gconstpointer data)
{
    int fds[HTTP_WAITING_PER_ADDRESS_MAX], fd;

    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        fds[i] = talk_open(fixture->port);
    await_connections(fixture, G_N_ELEMENTS(fds));
    fd = talk_open(fixture->port);
    g_autoptr(GString) refused = talk_hear_all(fd);
    g_assert_cmpuint(refused->len, ==, 0);
    close(fd);
    close(fds[0]);
    await_connections(fixture, G_N_ELEMENTS(fds) - 1);
    g_autoptr(GString) taken = talk(fixture->port, "GET /hello HTTP/1.1\r\n" LOCAL "\r\n", -1);
    g_assert_true(g_str_has_prefix(taken->str, "HTTP/1.1 200"));
    for (guint i = 1; i < G_N_ELEMENTS(fds); i++)
        close(fds[i]);
    await_connections(fixture, 0);
}

static void
test_stop_answers(Fixture *fixture, gconstpointer data)
{
    int fd = talk_open(fixture->port), other = talk_open(fixture->port);

    talk_send(fd, "GET /hold HTTP/1.1\r\n" LOCAL "\r\n", -1);
    talk_wait(&fixture->is_held);
    /* perhaps never seen by the loop */
    talk_send(other, "GET /state HTTP/1.1\r\n" LOCAL "\r\n", -1);
    HttpServerCounts counts = { 0 };
    while (counts.crossed < 2)
        http_server_counts(fixture->server, &counts);
    stop(fixture);
    g_autoptr(GString) heard = talk_hear_all(fd);
    g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 503"));
    g_assert_nonnull(strstr(heard->str, "Connection: close"));
    g_autoptr(GString) also = talk_hear_all(other);
    g_assert_true(g_str_has_prefix(also->str, "HTTP/1.1 503"));
    hello(fixture->held->pdata[0], NULL); /* the handler need not know */
    close(fd);
    close(other);
}

static void
test_port_taken(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    HttpServerOptions options = { .port = fixture->port };

    g_assert_null(http_server_new(&options, fixture->router, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
}

static void
refuse_shortly(HttpExchange *exchange, unsigned status, const char *reason)
{
    http_exchange_reply_text(exchange, status, "text/plain", g_strdup_printf("no: %s", reason));
}

static void
test_own_refusals(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRouter) router = http_router_new();
    HttpServerOptions options = { .refuse = refuse_shortly, .threads = 1 };
    g_autoptr(HttpServer) server = http_server_new(&options, router, &error);

    g_assert_no_error(error);
    g_autoptr(GString) heard =
        talk(http_server_port(server), "GET / HTTP/1.1\r\n" LOCAL "\r\n", -1);
    g_assert_nonnull(strstr(heard->str, "\r\n\r\nno: "));
    HttpServerCounts counts;
    http_server_counts(server, &counts);
    g_assert_cmpuint(counts.refused, ==, 1);
}

/* -- Events ------------------------------------------------------------------------------------ */

static int
open_events(Fixture *fixture)
{
    int fd = talk_open(fixture->port);

    talk_send(fd, "GET /events HTTP/1.1\r\n" LOCAL "\r\n", -1);
    talk_wait(&fixture->stream.is_open);
    g_assert_nonnull(fixture->stream.events);
    return fd;
}

static void
test_events(Fixture *fixture, gconstpointer data)
{
    int fd = open_events(fixture);
    g_autoptr(GString) head = talk_hear(fd, ":\n\n");

    g_assert_nonnull(strstr(head->str, "Content-Type: text/event-stream\r\n"));
    http_events_send(fixture->stream.events, "screen", "{\"a\":1}");
    g_autoptr(GString) one = talk_hear(fd, "event: screen\ndata: {\"a\":1}\n\n");
    http_events_send(fixture->stream.events, "two", "line 1\nline 2");
    g_autoptr(GString) two = talk_hear(fd, "event: two\ndata: line 1\ndata: line 2\n\n");
    http_events_send(fixture->stream.events, NULL, "still here");
    g_autoptr(GString) comment = talk_hear(fd, ": still here\n\n");
    HttpServerCounts counts;
    http_server_counts(fixture->server, &counts);
    g_assert_cmpuint(counts.event_streams, ==, 1);
    http_events_free(fixture->stream.events);
    g_autoptr(GString) rest = talk_hear(fd, "0\r\n\r\n");
    await_connections(fixture, 1);
    g_assert_false(fixture->stream.is_closed); /* it was our own doing */
    close(fd);
}

static void
test_events_peer_leaves(Fixture *fixture, gconstpointer data)
{
    int fd = open_events(fixture);
    g_autoptr(GString) head = talk_hear(fd, ":\n\n");

    close(fd);
    while (!fixture->stream.is_closed)
        advance(fixture, 1000);
    http_events_send(fixture->stream.events, "into", "the void");
    http_events_free(fixture->stream.events);
    await_connections(fixture, 0);
}

static void
test_events_slow_reader(Fixture *fixture, gconstpointer data)
{
    int fd = open_events(fixture);
    g_autofree char *filler = g_strnfill(60000, 'x');

    /* Far more than the sockets of both sides hold. */
    for (int i = 0; i < 2000 && !fixture->stream.is_closed; i++) {
        http_events_send(fixture->stream.events, "flood", filler);
        g_main_context_iteration(NULL, FALSE);
    }
    talk_wait(&fixture->stream.is_closed);
    http_events_free(fixture->stream.events);
    close(fd);
}

static void
test_events_stop(Fixture *fixture, gconstpointer data)
{
    int fd = open_events(fixture);
    g_autoptr(GString) head = talk_hear(fd, ":\n\n");

    http_events_send(fixture->stream.events, "last", "words");
    stop(fixture);
    g_autoptr(GString) heard = talk_hear_all(fd);
    g_assert_nonnull(strstr(heard->str, "event: last\ndata: words\n\n"));
    g_assert_true(g_str_has_suffix(heard->str, "0\r\n\r\n"));
    g_assert_true(fixture->stream.is_closed);
    http_events_free(fixture->stream.events);
    close(fd);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(Fixture *fixture, gconstpointer data);
    } tests[] = {
        { "/net/http-server/requests", test_requests },
        { "/net/http-server/hosts", test_hosts },
        { "/net/http-server/sizes", test_sizes },
        { "/net/http-server/kept-connection", test_kept_connection },
        { "/net/http-server/end-held", test_end_held },
        { "/net/http-server/end-held-meanwhile", test_end_held_meanwhile },
        { "/net/http-server/endless-chunks", test_endless_chunks },
        { "/net/http-server/first-octets", test_first_octets },
        { "/net/http-server/slow-head", test_slow_head },
        { "/net/http-server/slow-second-head", test_slow_second_head },
        { "/net/http-server/slow-body", test_slow_body },
        { "/net/http-server/late-answer", test_late_answer },
        { "/net/http-server/waiting-connections", test_waiting_connections },
        { "/net/http-server/stop-answers", test_stop_answers },
        { "/net/http-server/port-taken", test_port_taken },
        { "/net/http-server/events", test_events },
        { "/net/http-server/events-peer-leaves", test_events_peer_leaves },
        { "/net/http-server/events-slow-reader", test_events_slow_reader },
        { "/net/http-server/events-stop", test_events_stop },
    };

    g_test_init(&argc, &argv, NULL);
    g_log_set_writer_func(count_warning, NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
    g_test_add_func("/net/http-server/own-refusals", test_own_refusals);
    return g_test_run();
}
