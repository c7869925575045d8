/* test-http-upload.c -- bodies of any size while they come: whole, refused, broken off, too slow */
#include "base/error.h"
#include "net/http-server.h"
#include "tests/net/talk.h"

#include <string.h>
#include <unistd.h>

#define LOCAL "Host: localhost\r\n"
#define DISK_SIZE (64 * 1024)
#define LARGE (8 * 1024 * 1024)

/* What became of the last upload; written by http threads. */
typedef struct {
    HttpServer *server;
    HttpRouter *router;
    Clock *clock;
    uint16_t port;
    gint octets, sum, largest; /* atomic */
    gint begun, whole, aborted; /* atomic: uploads */
} Fixture;

static bool
write_any(const void *octets, size_t count, gpointer user_data, GError **error)
{
    Fixture *fixture = user_data;
    gint sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += ((const uint8_t *)octets)[i];
    g_atomic_int_add(&fixture->sum, sum);
    g_atomic_int_add(&fixture->octets, (gint)count);
    g_atomic_int_set(&fixture->largest, MAX((gint)count, g_atomic_int_get(&fixture->largest)));
    return true;
}

/* A disk that is soon full. */
static bool
write_some(const void *octets, size_t count, gpointer user_data, GError **error)
{
    Fixture *fixture = user_data;

    if (g_atomic_int_get(&fixture->octets) + count > DISK_SIZE) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NO_ROOM, "the disk is full");
        return false;
    }
    return write_any(octets, count, user_data, error);
}

static void
end(HttpExchange *exchange, gpointer user_data)
{
    Fixture *fixture = user_data;

    if (exchange == NULL) {
        g_atomic_int_inc(&fixture->aborted);
        return;
    }
    http_exchange_reply_text(exchange, 201, "text/plain",
                             g_strdup_printf("%d octets, sum %d", fixture->octets, fixture->sum));
    g_atomic_int_inc(&fixture->whole);
}

static const HttpSink any_sink = { write_any, end }, some_sink = { write_some, end };

static void
take(HttpExchange *exchange, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->octets = fixture->sum = 0;
    http_exchange_receive(exchange,
                          g_str_has_suffix(http_exchange_path(exchange), "some") ? &some_sink
                                                                                 : &any_sink,
                          fixture);
    g_atomic_int_inc(&fixture->begun);
}

static void
deny(HttpExchange *exchange, gpointer user_data)
{
    http_exchange_reply_problem(exchange, 403, NULL, "not you");
}

static const HttpRoute routes[] = {
    { "PUT", "/any", HTTP_UPLOAD, take, 0 },
    { "PUT", "/some", HTTP_UPLOAD, take, 0 },
    { "PUT", "/denied", HTTP_UPLOAD, deny, 0 },
    { 0 },
};

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    fixture->router = http_router_new();
    http_router_add(fixture->router, routes, fixture);
    fixture->clock = clock_new_fake();
    HttpServerOptions options = { .clock = fixture->clock, .threads = 2 };
    fixture->server = http_server_new(&options, fixture->router, &error);
    g_assert_no_error(error);
    fixture->port = http_server_port(fixture->server);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    http_server_free(fixture->server);
    http_router_free(fixture->router);
    clock_free(fixture->clock);
}

static void
await(const gint *count, gint wanted)
{
    gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;

    while (g_atomic_int_get(count) < wanted) {
        g_assert_cmpint(g_get_monotonic_time(), <, until);
        g_main_context_iteration(NULL, FALSE);
        g_thread_yield();
    }
}

static void
advance(Fixture *fixture, unsigned seconds)
{
    for (unsigned i = 0; i < seconds; i++)
        clock_advance(fixture->clock, 1000);
}

/* -- Whole ------------------------------------------------------------------------------------- */

static void
test_whole(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *what, *request, *answer;
    } cases[] = {
        { "length", "PUT /any HTTP/1.1\r\n" LOCAL "Content-Length: 3\r\n\r\n\1\2\3", "3 octets, sum 6" },
        { "empty", "PUT /any HTTP/1.1\r\n" LOCAL "Content-Length: 0\r\n\r\n", "0 octets, sum 0" },
        { "chunks",
          "PUT /any HTTP/1.1\r\n" LOCAL
          "Transfer-Encoding: chunked\r\n\r\n2\r\n\1\2\r\n1\r\n\3\r\n0\r\n\r\n", "3 octets, sum 6" },
        { "nothing said", "PUT /any HTTP/1.1\r\n" LOCAL "\r\n", "HTTP/1.1 411" },
        { "refused", "PUT /denied HTTP/1.1\r\n" LOCAL "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 403" },
        { "refused before it is sent",
          "PUT /denied HTTP/1.1\r\n" LOCAL "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n",
          "HTTP/1.1 403" },
        { "wrong method", "POST /any HTTP/1.1\r\n" LOCAL "Content-Length: 3\r\n\r\nabc",
          "Allow: PUT" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].what);
        g_autoptr(GString) heard = talk(fixture->port, cases[i].request, -1);
        if (strstr(heard->str, cases[i].answer) == NULL)
            g_error("%s: %s", cases[i].what, heard->str);
    }
    g_assert_cmpint(fixture->whole, ==, 3);
    g_assert_cmpint(fixture->aborted, ==, 0);
}

static void
test_large(Fixture *fixture, gconstpointer data)
{
    g_autofree char *body = g_strnfill(LARGE, '\1');
    int fd = talk_open(fixture->port);

    for (int round = 0; round < 2; round++) { /* the connection is kept */
        g_autofree char *head = g_strdup_printf(
            "PUT /any HTTP/1.1\r\n" LOCAL "Content-Length: %d\r\nExpect: 100-continue\r\n\r\n",
            LARGE);
        g_autofree char *wanted = g_strdup_printf("%d octets, sum %d", LARGE, LARGE);
        talk_send(fd, head, -1);
        g_autoptr(GString) go_on = talk_hear(fd, "\r\n\r\n");
        g_assert_true(g_str_has_prefix(go_on->str, "HTTP/1.1 100"));
        talk_send(fd, body, LARGE);
        g_autoptr(GString) heard = talk_hear_reply(fd);
        g_assert_nonnull(strstr(heard->str, wanted));
    }
    g_assert_cmpint(fixture->largest, <=, 64 * 1024); /* never the body as a whole */
    close(fd);
}

/* -- Not whole --------------------------------------------------------------------------------- */

/* The sender hears why while it still sends, and once. */
static void
test_full(Fixture *fixture, gconstpointer data)
{
    g_autofree char *body = g_strnfill(LARGE, '\1');
    int fd = talk_open(fixture->port);

    talk_send(fd, "PUT /some HTTP/1.1\r\n" LOCAL "Content-Length: 99999999999\r\n\r\n", -1);
    talk_send(fd, body, LARGE);
    g_autoptr(GString) heard = talk_hear_all(fd);
    g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 507"));
    g_assert_nonnull(strstr(heard->str, "the disk is full"));
    g_assert_null(strstr(heard->str + 1, "HTTP/1.1"));
    g_assert_cmpint(fixture->octets, <=, DISK_SIZE);
    await(&fixture->aborted, 1);
    close(fd);
}

/* The same for one that is not wanted from the first octet on. */
static void
test_denied(Fixture *fixture, gconstpointer data)
{
    g_autofree char *body = g_strnfill(LARGE, '\1');
    int fd = talk_open(fixture->port);

    talk_send(fd, "PUT /denied HTTP/1.1\r\n" LOCAL "Content-Length: 99999999999\r\n\r\n", -1);
    talk_send(fd, body, LARGE);
    g_autoptr(GString) heard = talk_hear_all(fd);
    g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 403"));
    g_assert_nonnull(strstr(heard->str, "not you"));
    close(fd);
}

static void
test_gone(Fixture *fixture, gconstpointer data)
{
    int fd = talk_open(fixture->port);

    talk_send(fd, "PUT /any HTTP/1.1\r\n" LOCAL "Content-Length: 10\r\n\r\nabc", -1);
    await(&fixture->octets, 3);
    close(fd);
    await(&fixture->aborted, 1);
    g_assert_cmpint(fixture->whole, ==, 0);
}

/* 408 for who stands still, and for who sends an octet now and then. */
static void
test_slow(Fixture *fixture, gconstpointer data)
{
    const unsigned step_s = GPOINTER_TO_UINT(data);
    int fd = talk_open(fixture->port);
    int sent = 1;

    talk_send(fd, "PUT /any HTTP/1.1\r\n" LOCAL "Content-Length: 100000\r\n\r\na", -1);
    await(&fixture->octets, 1);
    for (unsigned s = step_s; s < 29; s += step_s) {
        advance(fixture, step_s);
        talk_send(fd, "b", 1);
        await(&fixture->octets, ++sent);
    }
    g_assert_cmpint(fixture->aborted, ==, 0);
    advance(fixture, 32);
    g_autoptr(GString) heard = talk_hear_all(fd);
    g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 408"));
    await(&fixture->aborted, 1);
    close(fd);
}

/* Who goes on is given its time. */
static void
test_steady(Fixture *fixture, gconstpointer data)
{
    g_autofree char *piece = g_strnfill(5000, 'x');
    int fd = talk_open(fixture->port);

    talk_send(fd, "PUT /any HTTP/1.1\r\n" LOCAL "Content-Length: 50000\r\n\r\n", -1);
    for (int i = 1; i <= 10; i++) {
        talk_send(fd, piece, 5000);
        await(&fixture->octets, i * 5000);
        if (i < 10)
            advance(fixture, 20);
    }
    g_autoptr(GString) heard = talk_hear_reply(fd);
    g_assert_true(g_str_has_prefix(heard->str, "HTTP/1.1 201"));
    close(fd);
}

static void
test_stop(Fixture *fixture, gconstpointer data)
{
    int fd = talk_open(fixture->port);

    talk_send(fd, "PUT /any HTTP/1.1\r\n" LOCAL "Content-Length: 10\r\n\r\nabc", -1);
    await(&fixture->octets, 3);
    g_clear_pointer(&fixture->server, http_server_free);
    g_assert_cmpint(fixture->aborted, ==, 1);
    close(fd);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function, argument) \
    g_test_add("/net/http-upload/" path, Fixture, argument, set_up, function, tear_down)
    ADD("whole", test_whole, NULL);
    ADD("large", test_large, NULL);
    ADD("full", test_full, NULL);
    ADD("denied", test_denied, NULL);
    ADD("gone", test_gone, NULL);
    ADD("still", test_slow, GUINT_TO_POINTER(30));
    ADD("crawling", test_slow, GUINT_TO_POINTER(5));
    ADD("steady", test_steady, NULL);
    ADD("stop", test_stop, NULL);
    return g_test_run();
}
