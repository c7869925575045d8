/* test-https.c -- HTTP inside TLS: our client and our server, and peers that speak something else
 *
 * What every request goes through is test-http-server.c's; here is what TLS makes different. */
#include "base/error.h"
#include "net/certificates.h"
#include "net/http-client.h"
#include "net/http-server.h"
#include "net/tls-authorities.h"
#include "tests/net/talk.h"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE (10 * 1024 * 1024) /* long enough to be poured, were it not for TLS */
#define PATIENCE_US (60 * G_USEC_PER_SEC)

typedef struct {
    char *folder;
    HttpServer *server, *plain;
    HttpRouter *router;
    HttpClient *client;
    Clock *clock;
    GBytes *content;
    uint8_t fingerprint[HTTP_FINGERPRINT_SIZE], other[HTTP_FINGERPRINT_SIZE];
    guint handled;
    TalkEvents stream;
} Fixture;

/* -- Routes ------------------------------------------------------------------------------------ */

static void
tell(HttpExchange *exchange, gpointer user_data)
{
    g_atomic_int_inc(&((Fixture *)user_data)->handled);
    http_exchange_reply_text(exchange, 200, "text/plain",
                             g_strdup(http_exchange_is_secure(exchange) ? "secure" : "plain"));
}

static void
echo(HttpExchange *exchange, gpointer user_data)
{
    http_exchange_reply(exchange, 200, "text/plain", http_exchange_body(exchange));
}

static void
file(HttpExchange *exchange, gpointer user_data)
{
    g_autofree char *path = g_build_filename(((Fixture *)user_data)->folder, "long", NULL);
    g_autoptr(GError) error = NULL;
    Stream *stream = stream_new_file(path, "video/mp4", &error);

    g_assert_no_error(error);
    http_exchange_reply_stream(exchange, stream);
}

static const HttpRoute routes[] = {
    { "GET", "/tell", HTTP_READ, tell, 0 },
    { "GET", "/state", HTTP_STATE, tell, 0 },
    { "POST", "/echo", HTTP_STATE, echo, 1024 * 1024 },
    { "GET", "/file", HTTP_READ, file, 0 },
    { 0 },
};

/* -- The fixture ------------------------------------------------------------------------------- */

static void
take_fingerprint(const Certificate *certificate, uint8_t *fingerprint)
{
    g_autoptr(GTlsCertificate) parsed =
        g_tls_certificate_new_from_pem(certificate->certificate, -1, NULL);
    g_autoptr(GByteArray) der = NULL;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size = HTTP_FINGERPRINT_SIZE;

    g_object_get(parsed, "certificate", &der, NULL);
    g_checksum_update(sum, der->data, der->len);
    g_checksum_get_digest(sum, fingerprint, &size);
}

static HttpServer *
start(Fixture *fixture, const Certificate *certificate)
{
    g_autoptr(GError) error = NULL;
    HttpServerOptions options = {
        .server = "test/1", .clock = fixture->clock, .threads = 2,
        .certificate = certificate != NULL ? certificate->certificate : NULL,
        .key = certificate != NULL ? certificate->key : NULL,
    };
    HttpServer *server = http_server_new(&options, fixture->router, &error);

    g_assert_no_error(error);
    return server;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    uint8_t *content = g_malloc(FILE_SIZE);

    fixture->folder = g_dir_make_tmp("https-XXXXXX", NULL);
    g_autoptr(Certificate) certificate = certificate_of_device(fixture->folder, "Test", &error);
    g_assert_no_error(error);
    take_fingerprint(certificate, fixture->fingerprint);
    memcpy(fixture->other, fixture->fingerprint, sizeof fixture->other);
    fixture->other[7] ^= 1;
    for (guint i = 0; i < FILE_SIZE; i++)
        content[i] = (uint8_t)(i * 2654435761u >> 24);
    fixture->content = g_bytes_new_take(content, FILE_SIZE);
    g_autofree char *path = g_build_filename(fixture->folder, "long", NULL);
    g_assert_true(g_file_set_contents(path, (char *)content, FILE_SIZE, NULL));
    fixture->router = http_router_new();
    http_router_add(fixture->router, routes, fixture);
    http_router_add(fixture->router, talk_events_routes, &fixture->stream);
    fixture->clock = clock_new_fake();
    fixture->server = start(fixture, certificate);
    fixture->plain = start(fixture, NULL);
    fixture->client = http_client_new("test/1");
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    static const char *const files[] = { "device.crt", "device.key", "long" };

    http_client_free(fixture->client);
    http_server_free(fixture->server);
    http_server_free(fixture->plain);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    http_router_free(fixture->router);
    clock_free(fixture->clock);
    g_bytes_unref(fixture->content);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(fixture->folder, files[i], NULL);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
    g_free(fixture->folder);
}

static void
advance(Fixture *fixture, int64_t ms)
{
    for (; ms > 0; ms -= 1000) {
        clock_advance(fixture->clock, MIN(ms, 1000));
        while (g_main_context_iteration(NULL, FALSE))
            ;
    }
}

static void
await_connections(Fixture *fixture, unsigned count)
{
    gint64 until = g_get_monotonic_time() + PATIENCE_US;
    HttpServerCounts counts;

    do {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(100);
        http_server_counts(fixture->server, &counts);
        g_assert_cmpint(g_get_monotonic_time(), <, until);
    } while (counts.connections != count);
}

/* -- Our client -------------------------------------------------------------------------------- */

typedef struct {
    bool is_done;
    unsigned status;
    GBytes *body;
    GError *error;
} Answer;

static void
on_reply(const HttpReply *reply, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;

    answer->is_done = true;
    answer->error = error != NULL ? g_error_copy(error) : NULL;
    if (reply != NULL) {
        answer->status = http_reply_status(reply);
        answer->body = g_bytes_ref(http_reply_body(reply));
    }
}

static void
answer_clear(Answer *answer)
{
    g_clear_pointer(&answer->body, g_bytes_unref);
    g_clear_error(&answer->error);
    *answer = (Answer){ 0 };
}

static void
ask(Fixture *fixture, const char *path, GBytes *body, const uint8_t *fingerprint, Answer *answer)
{
    g_autofree char *url =
        g_strdup_printf("https://127.0.0.1:%u%s", http_server_port(fixture->server), path);
    HttpRequest request = { .method = body != NULL ? "POST" : "GET", .url = url, .body = body,
                            .mime = body != NULL ? "text/plain" : NULL,
                            .fingerprint = fingerprint, .body_max = 2 * FILE_SIZE };

    answer_clear(answer);
    http_client_send(fixture->client, &request, NULL, on_reply, answer);
    talk_wait(&answer->is_done);
}

static void
assert_text(const Answer *answer, const char *text)
{
    g_assert_no_error(answer->error);
    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_cmpmem(g_bytes_get_data(answer->body, NULL), g_bytes_get_size(answer->body), text,
                    strlen(text));
}

static void
test_requests(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GBytes) body = g_bytes_new_from_bytes(fixture->content, 0, 900 * 1024);
    Answer answer = { 0 };

    ask(fixture, "/tell", NULL, fixture->fingerprint, &answer);
    assert_text(&answer, "secure");
    ask(fixture, "/state", NULL, fixture->fingerprint, &answer);
    assert_text(&answer, "secure");
    ask(fixture, "/echo", body, fixture->fingerprint, &answer);
    g_assert_no_error(answer.error);
    g_assert_true(g_bytes_equal(answer.body, body));
    ask(fixture, "/file", NULL, fixture->fingerprint, &answer);
    g_assert_no_error(answer.error);
    g_assert_true(g_bytes_equal(answer.body, fixture->content));
    answer_clear(&answer);
    await_connections(fixture, 1); /* kept */
}

/* Whoever shows another certificate is not told the request, nor on a connection that is kept. */
static void
test_strangers(Fixture *fixture, gconstpointer data)
{
    guint before = fixture->handled;
    Answer answer = { 0 };

    ask(fixture, "/tell", NULL, fixture->other, &answer);
    g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_DENIED);
    ask(fixture, "/tell", NULL, NULL, &answer); /* no authority that this system knows */
    g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    g_assert_cmpuint(fixture->handled, ==, before);
    ask(fixture, "/tell", NULL, fixture->fingerprint, &answer);
    assert_text(&answer, "secure");
    ask(fixture, "/tell", NULL, fixture->other, &answer);
    g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_DENIED);
    g_assert_cmpuint(fixture->handled, ==, before + 1);
    ask(fixture, "/tell", NULL, fixture->fingerprint, &answer);
    assert_text(&answer, "secure");
    answer_clear(&answer);
}

/* -- Peers that speak something else ----------------------------------------------------------- */

static void
assert_serves(Fixture *fixture)
{
    Answer answer = { 0 };

    ask(fixture, "/tell", NULL, fixture->fingerprint, &answer);
    assert_text(&answer, "secure");
    answer_clear(&answer);
}

static void
test_plain_to_tls(Fixture *fixture, gconstpointer data)
{
    static const char *const words[] = { "GET /tell HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                         "\x16\x03\x01\xff\xff nonsense" };

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        int fd = talk_open(http_server_port(fixture->server));
        talk_send(fd, words[i], -1);
        g_autoptr(GString) heard = talk_hear_all(fd); /* a TLS alert, or nothing */
        g_assert_null(strstr(heard->str, "HTTP"));
        close(fd);
    }
    g_assert_cmpuint(fixture->handled, ==, 0);
    assert_serves(fixture);
}

/* A client that speaks these versions; 0: they are agreed on. */
static int
shake_hands(uint16_t port, const char *priorities)
{
    gnutls_session_t session;
    gnutls_certificate_credentials_t nobody;
    int fd = talk_open(port), code;

    gnutls_certificate_allocate_credentials(&nobody);
    gnutls_init(&session, GNUTLS_CLIENT);
    g_assert_cmpint(gnutls_priority_set_direct(session, priorities, NULL), ==, 0);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, nobody);
    gnutls_transport_set_int(session, fd);
    gnutls_handshake_set_timeout(session, PATIENCE_US / 1000);
    do
        code = gnutls_handshake(session);
    while (code < 0 && gnutls_error_is_fatal(code) == 0);
    gnutls_deinit(session);
    gnutls_certificate_free_credentials(nobody);
    close(fd);
    return code;
}

static void
test_versions(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *version;
        bool is_taken;
    } cases[] = {
        { "TLS1.3", true }, { "TLS1.2", true }, { "TLS1.1", false }, { "TLS1.0", false }
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *priorities =
            g_strdup_printf("NORMAL:-VERS-ALL:+VERS-%s:%%COMPAT", cases[i].version);
        int code = shake_hands(http_server_port(fixture->server), priorities);
        g_assert_cmpint(code == 0, ==, cases[i].is_taken);
    }
    assert_serves(fixture);
}

static void
test_tls_to_plain(Fixture *fixture, gconstpointer data)
{
    g_assert_cmpint(shake_hands(http_server_port(fixture->plain), "NORMAL"), !=, 0);
    g_autoptr(GString) heard = talk(http_server_port(fixture->plain),
                                    "GET /tell HTTP/1.1\r\nHost: localhost\r\n\r\n", -1);
    g_assert_nonnull(strstr(heard->str, "plain"));
}

/* As many as have begun no head, and for as long. */
static void
test_stalled_handshakes(Fixture *fixture, gconstpointer data)
{
    int fds[HTTP_WAITING_PER_ADDRESS_MAX];

    for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
        fds[i] = talk_open(http_server_port(fixture->server));
        if (i % 2 == 0)
            talk_send(fds[i], "\x16\x03\x01\x02\x80\x01", 6); /* a ClientHello begins */
    }
    await_connections(fixture, G_N_ELEMENTS(fds));
    int late = talk_open(http_server_port(fixture->server));
    g_autoptr(GString) refused = talk_hear_all(late);
    g_assert_cmpuint(refused->len, ==, 0);
    close(late);
    advance(fixture, 9000);
    await_connections(fixture, G_N_ELEMENTS(fds));
    advance(fixture, 2000);
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
        g_autoptr(GString) heard = talk_hear_all(fds[i]);
        g_assert_null(strstr(heard->str, "408"));
        close(fds[i]);
    }
    await_connections(fixture, 0);
    assert_serves(fixture);
}

/* -- Streams and the end ----------------------------------------------------------------------- */

static void
on_part(const void *data, size_t size, gpointer user_data)
{
    ((Answer *)user_data)->is_done = true;
}

static void
test_events(Fixture *fixture, gconstpointer data)
{
    g_autofree char *url =
        g_strdup_printf("https://127.0.0.1:%u/events", http_server_port(fixture->server));
    Answer answer = { 0 };
    HttpRequest request = { .method = "GET", .url = url, .fingerprint = fixture->fingerprint,
                            .received = on_part };

    http_client_send(fixture->client, &request, NULL, on_reply, &answer);
    talk_wait(&fixture->stream.is_open);
    http_events_send(fixture->stream.events, "screen", "{}");
    talk_wait(&answer.is_done);
    g_clear_pointer(&fixture->client, http_client_free);
    while (!fixture->stream.is_closed) { /* who is gone is seen at a beat after that */
        advance(fixture, 2000);
        g_main_context_iteration(NULL, FALSE);
        g_usleep(1000);
    }
    http_events_free(fixture->stream.events);
    answer_clear(&answer);
}

static void
test_bad_pair(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    HttpServerOptions options = { .clock = fixture->clock, .certificate = "nonsense", .key = "no" };

    g_assert_null(http_server_new(&options, fixture->router, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_FAILED);
}

/* Whoever names no certificate is still judged by the authorities of this system. */
static void
test_deferred(Fixture *fixture, gconstpointer data)
{
    tls_authorities_defer();
    test_requests(fixture, data);
    test_strangers(fixture, data);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/net/https/requests", test_requests);
    ADD("/net/https/strangers", test_strangers);
    ADD("/net/https/plain-to-tls", test_plain_to_tls);
    ADD("/net/https/versions", test_versions);
    ADD("/net/https/tls-to-plain", test_tls_to_plain);
    ADD("/net/https/stalled-handshakes", test_stalled_handshakes);
    ADD("/net/https/events", test_events);
    ADD("/net/https/bad-pair", test_bad_pair);
    ADD("/net/https/deferred-authorities", test_deferred);
    return g_test_run();
}
