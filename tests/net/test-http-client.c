/* test-http-client.c -- the client against our own server, and against peers that misbehave */
#include "base/error.h"
#include "net/http-client.h"
#include "net/http-server.h"
#include "tests/net/talk.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -- What comes back --------------------------------------------------------------------------- */

typedef struct {
    bool is_done;
    unsigned status;
    char *body, *heads, *peer;
    GError *error;
    size_t parts_size;
} Answer;

static void
count_part(const void *data, size_t size, gpointer user_data)
{
    Answer *answer = user_data;

    g_assert_false(answer->is_done);
    answer->parts_size += size;
}

static void
note_head(const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf(user_data, "%s=%s;", name, value);
}

static void
on_reply(const HttpReply *reply, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;

    g_assert_false(answer->is_done);
    answer->is_done = true;
    if (error != NULL) {
        g_assert_null(reply);
        answer->error = g_error_copy(error);
        return;
    }
    gsize size;
    const char *data = g_bytes_get_data(http_reply_body(reply), &size);
    GString *heads = g_string_new(NULL);
    http_reply_each_head(reply, note_head, heads);
    answer->heads = g_string_free(heads, FALSE);
    answer->body = g_strndup(data, size);
    answer->status = http_reply_status(reply);
    if (http_reply_peer(reply) != NULL)
        answer->peer = g_inet_address_to_string(
            g_inet_socket_address_get_address(http_reply_peer(reply)));
}

static void
answer_clear(Answer *answer)
{
    g_free(answer->body);
    g_free(answer->heads);
    g_free(answer->peer);
    g_clear_error(&answer->error);
    *answer = (Answer){ 0 };
}

static void
ask(HttpClient *client, HttpRequest request, Answer *answer)
{
    if (request.method == NULL)
        request.method = "GET";
    http_client_send(client, &request, NULL, on_reply, answer);
    g_assert_false(answer->is_done); /* never from within */
    talk_wait(&answer->is_done);
}

/* -- Against our server ------------------------------------------------------------------------ */

static void
echo(HttpExchange *exchange, gpointer user_data)
{
    GString *text = g_string_new(http_exchange_method(exchange));
    gsize size;
    const char *body = g_bytes_get_data(http_exchange_body(exchange), &size);

    g_string_append_c(text, ' ');
    http_exchange_each_head(exchange, note_head, text);
    g_string_append_len(text, body, (gssize)size);
    http_exchange_add_head(exchange, "X", "1");
    http_exchange_add_head(exchange, "x", "2");
    http_exchange_reply_text(exchange, 200, "text/plain", g_string_free(text, FALSE));
}

static void
redirect(HttpExchange *exchange, gpointer user_data)
{
    http_exchange_add_head(exchange, "Location", "/echo");
    http_exchange_add_head(exchange, "Set-Cookie", "a=b");
    http_exchange_reply(exchange, 302, NULL, NULL);
}

static void
large(HttpExchange *exchange, gpointer user_data)
{
    http_exchange_reply_text(exchange, 200, "text/plain", g_strnfill(100000, 'x'));
}

static void
demand(HttpExchange *exchange, gpointer user_data)
{
    http_exchange_add_head(exchange, "WWW-Authenticate", "Basic realm=\"x\"");
    http_exchange_reply_problem(exchange, 401, NULL, "who are you");
}

static void
hold(HttpExchange *exchange, gpointer user_data)
{
    *(HttpExchange **)user_data = exchange;
}

static HttpExchange *held;

static const HttpRoute routes[] = {
    { "GET", "/echo", HTTP_READ, echo, 0 },     { "M-POST", "/IGRS", HTTP_STATE, echo, 1000 },
    { "GET", "/move", HTTP_READ, redirect, 0 }, { "GET", "/large", HTTP_READ, large, 0 },
    { "GET", "/key", HTTP_READ, demand, 0 },    { "GET", "/hold", HTTP_STATE, hold, 0 },
    { 0 },
};

static void
test_exchange(void)
{
    g_autoptr(HttpRouter) router = http_router_new();
    http_router_add(router, routes, &held);
    g_autoptr(HttpServer) server = http_server_new(&(HttpServerOptions){ 0 }, router, NULL);
    g_autoptr(HttpClient) client = http_client_new("duoping-test/1");
    g_autoptr(GBytes) body = g_bytes_new_static("<igrs/>", 7);
    g_autofree char *base = g_strdup_printf("http://127.0.0.1:%u", http_server_port(server));
    g_autofree char *url = g_strconcat(base, "/IGRS", NULL),
                    *move = g_strconcat(base, "/move", NULL);
    g_autofree char *echo_url = g_strconcat(base, "/echo", NULL),
                    *key = g_strconcat(base, "/key", NULL);
    g_autofree char *large_url = g_strconcat(base, "/large", NULL);
    g_autofree char *hold_url = g_strconcat(base, "/hold", NULL);
    const HttpHead heads[] = { { "01-A", "1" }, { "01-A", "2" }, { 0 } };
    Answer answer = { 0 };
    HttpServerCounts counts;

    ask(client, (HttpRequest){ .method = "M-POST", .url = url, .heads = heads, .mime = "text/xml",
                               .body = body }, &answer);
    g_assert_no_error(answer.error);
    g_assert_cmpuint(answer.status, ==, 200);
    g_assert_nonnull(strstr(answer.body, "M-POST "));
    g_assert_nonnull(strstr(answer.body, "01-A=1;01-A=2;"));
    g_assert_nonnull(strstr(answer.body, "User-Agent=duoping-test/1"));
    g_assert_true(g_str_has_suffix(answer.body, "<igrs/>"));
    g_assert_nonnull(strstr(answer.heads, "X=1;x=2;"));
    g_assert_cmpstr(answer.peer, ==, "127.0.0.1");
    answer_clear(&answer);

    ask(client, (HttpRequest){ .url = move }, &answer); /* not followed */
    g_assert_cmpuint(answer.status, ==, 302);
    answer_clear(&answer);
    ask(client, (HttpRequest){ .url = echo_url }, &answer); /* the cookie is forgotten */
    g_assert_cmpuint(answer.status, ==, 200);
    g_assert_null(strstr(answer.body, "Cookie"));
    g_assert_null(strstr(answer.body, "Accept-Encoding"));
    answer_clear(&answer);
    ask(client, (HttpRequest){ .url = key }, &answer);
    g_assert_cmpuint(answer.status, ==, 401);
    answer_clear(&answer);
    http_server_counts(server, &counts);
    g_assert_cmpuint(counts.connections, ==, 1); /* one connection served all of it */

    ask(client, (HttpRequest){ .url = large_url, .body_max = 100000 }, &answer);
    g_assert_no_error(answer.error);
    answer_clear(&answer);
    ask(client, (HttpRequest){ .url = large_url, .body_max = 99999 }, &answer);
    g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_TOO_LARGE);
    answer_clear(&answer);
    ask(client, (HttpRequest){ .url = large_url, .body_max = 1, .received = count_part }, &answer);
    g_assert_no_error(answer.error);
    g_assert_cmpuint(answer.parts_size, ==, 100000);
    g_assert_null(answer.body);
    answer_clear(&answer);
    ask(client, (HttpRequest){ .url = hold_url, .timeout_ms = 20 }, &answer);
    g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_TIMEOUT);
    g_assert_nonnull(strstr(answer.error->message, "127.0.0.1 port "));
    answer_clear(&answer);
    while (held == NULL)
        g_main_context_iteration(NULL, FALSE);
    http_exchange_reply_problem(held, 503, NULL, "nobody hears this");
}

/* One socket serves both families. */
static void
test_ipv6(void)
{
    g_autoptr(HttpRouter) router = http_router_new();
    http_router_add(router, routes, &held);
    g_autoptr(HttpServer) server = http_server_new(&(HttpServerOptions){ 0 }, router, NULL);
    g_autoptr(HttpClient) client = http_client_new("test");
    g_autofree char *url = g_strdup_printf("http://[::1]:%u/echo", http_server_port(server));
    Answer answer = { 0 };

    ask(client, (HttpRequest){ .url = url }, &answer);
    if (answer.error != NULL && answer.error->code == DUO_ERROR_UNAVAILABLE) {
        g_test_skip("no IPv6 here");
    } else {
        g_assert_no_error(answer.error);
        g_assert_cmpuint(answer.status, ==, 200);
        g_assert_cmpstr(answer.peer, ==, "::1");
    }
    answer_clear(&answer);
}

static void
test_refusals(void)
{
    static const char *const urls[] = { "", "nonsense", "ftp://localhost/", "http://", "http:///x",
                                        "file:///etc/passwd" };
    g_autoptr(HttpClient) client = http_client_new("test");

    for (guint i = 0; i < G_N_ELEMENTS(urls); i++) {
        Answer answer = { 0 };
        ask(client, (HttpRequest){ .url = urls[i] }, &answer);
        g_test_message("%s", urls[i]);
        g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_INVALID);
        answer_clear(&answer);
    }
}

/* -- Against others ---------------------------------------------------------------------------- */

static int
listen_somewhere(uint16_t *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_assert_no_errno(bind(fd, (struct sockaddr *)&at, sizeof at));
    g_assert_no_errno(listen(fd, 8));
    getsockname(fd, (struct sockaddr *)&at, &size);
    *port = ntohs(at.sin_port);
    return fd;
}

/* The next connection, while the loop runs. */
static int
accept_one(int listener)
{
    struct pollfd place = { .fd = listener, .events = POLLIN };

    do
        g_main_context_iteration(NULL, FALSE);
    while (poll(&place, 1, 1) <= 0);
    return accept(listener, NULL, NULL);
}

static void
test_nobody(void)
{
    uint16_t port;
    close(listen_somewhere(&port));
    g_autoptr(HttpClient) client = http_client_new("test");
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", port);
    Answer answer = { 0 };

    ask(client, (HttpRequest){ .url = url }, &answer);
    g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    g_assert_nonnull(strstr(answer.error->message, "127.0.0.1 port "));
    answer_clear(&answer);
}

static void
test_no_http(void)
{
    static const struct {
        const char *octets;
        int code;
    } cases[] = {
        { "SSH-2.0-x\r\n\r\n", DUO_ERROR_INVALID },
        { "", DUO_ERROR_UNAVAILABLE },
        { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", DUO_ERROR_UNAVAILABLE },
    };
    uint16_t port;
    int listener = listen_somewhere(&port);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", port);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HttpClient) client = http_client_new("test");
        Answer answer = { 0 };
        HttpRequest request = { .method = "GET", .url = url };
        http_client_send(client, &request, NULL, on_reply, &answer);
        int fd = accept_one(listener);
        g_string_free(talk_hear(fd, "\r\n\r\n"), TRUE);
        talk_send(fd, cases[i].octets, -1);
        close(fd);
        talk_wait(&answer.is_done);
        g_test_message("%s: %s", cases[i].octets,
                       answer.error != NULL ? answer.error->message : "");
        g_assert_error(answer.error, DUO_ERROR, cases[i].code);
        answer_clear(&answer);
    }
    close(listener);
}

/* The peer closed the kept connection on receipt of the second request: it is sent once more, and
 * only once. */
static void
test_stale_connection(void)
{
    uint16_t port;
    int listener = listen_somewhere(&port);
    g_autoptr(HttpClient) client = http_client_new("test");
    g_autoptr(GBytes) body = g_bytes_new_static("body", 4);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", port);
    HttpRequest request = { .method = "M-POST", .url = url, .mime = "text/xml", .body = body };
    const char *ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    for (int succeeds = 1; succeeds >= 0; succeeds--) {
        Answer first = { 0 }, second = { 0 };
        http_client_send(client, &request, NULL, on_reply, &first);
        int fd = accept_one(listener);
        g_string_free(talk_hear(fd, "\r\n\r\nbody"), TRUE);
        talk_send(fd, ok, -1);
        talk_wait(&first.is_done);
        http_client_send(client, &request, NULL, on_reply, &second);
        g_string_free(talk_hear(fd, "\r\n\r\nbody"), TRUE);
        close(fd);
        fd = accept_one(listener);
        g_string_free(talk_hear(fd, "\r\n\r\nbody"), TRUE);
        talk_send(fd, succeeds ? "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok" : "", -1);
        close(fd);
        talk_wait(&second.is_done);
        if (succeeds) {
            g_assert_no_error(second.error);
            g_assert_cmpstr(second.body, ==, "ok");
        } else {
            g_assert_error(second.error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
        }
        answer_clear(&first);
        answer_clear(&second);
    }
    close(listener);
}

static void
test_cancel_and_free(void)
{
    uint16_t port;
    int listener = listen_somewhere(&port);
    HttpClient *client = http_client_new("test");
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", port);
    HttpRequest request = { .method = "GET", .url = url };
    Answer cancelled = { 0 }, left = { 0 };

    http_client_send(client, &request, cancellable, on_reply, &cancelled);
    http_client_send(client, &request, NULL, on_reply, &left);
    int fd = accept_one(listener);
    g_cancellable_cancel(cancellable);
    talk_wait(&cancelled.is_done);
    g_assert_error(cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    http_client_free(client);
    g_assert_error(left.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    answer_clear(&cancelled);
    answer_clear(&left);
    close(fd);
    close(listener);
}

static gboolean
give_up(gpointer cancellable)
{
    g_cancellable_cancel(cancellable);
    return G_SOURCE_REMOVE;
}

/* Who gives up hears only that, also where something else has just gone wrong: what the answer was
 * for may be gone. */
static void
test_cancel_too_late(void)
{
    uint16_t port;
    int listener = listen_somewhere(&port);
    g_autoptr(HttpClient) client = http_client_new("test");
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", port);
    g_autoptr(GCancellable) late = g_cancellable_new(), at_once = g_cancellable_new();
    Answer first = { 0 }, second = { 0 };

    http_client_send(client, &(HttpRequest){ .method = "GET", .url = url, .timeout_ms = 1 }, late,
                     on_reply, &first);
    g_timeout_add(1, give_up, late);
    for (gint64 begin = g_get_monotonic_time(); g_get_monotonic_time() - begin < 3000;)
        ; /* both are due in the same turn */
    http_client_send(client, &(HttpRequest){ .method = "GET", .url = "nowhere" }, at_once, on_reply,
                     &second);
    g_cancellable_cancel(at_once);
    talk_wait(&first.is_done);
    talk_wait(&second.is_done);
    g_assert_error(first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_error(second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    answer_clear(&first);
    answer_clear(&second);
    close(listener);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/http-client/exchange", test_exchange);
    g_test_add_func("/net/http-client/ipv6", test_ipv6);
    g_test_add_func("/net/http-client/refusals", test_refusals);
    g_test_add_func("/net/http-client/nobody", test_nobody);
    g_test_add_func("/net/http-client/no-http", test_no_http);
    g_test_add_func("/net/http-client/stale-connection", test_stale_connection);
    g_test_add_func("/net/http-client/cancel-and-free", test_cancel_and_free);
    g_test_add_func("/net/http-client/cancel-too-late", test_cancel_too_late);
    return g_test_run();
}
