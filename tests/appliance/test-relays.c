/* test-relays.c -- where we fetch for others, and what comes of it, against a server of ours */
#include "appliance/delivery/relay-rules.h"
#include "appliance/delivery/relay-stream.h"
#include "appliance/delivery/relays.h"
#include "base/error.h"
#include "net/http-server.h"

#include <string.h>

/* -- Rules ------------------------------------------------------------------------------------- */

static void
test_reach(void)
{
    static const struct {
        const char *address;
        RelayReach reach;
    } cases[] = {
        { "93.184.216.34", RELAY_OPEN },        { "2606:2800:220:1::1", RELAY_OPEN },
        { "::ffff:93.184.216.34", RELAY_OPEN }, { "10.0.0.1", RELAY_HOME },
        { "172.16.0.1", RELAY_HOME },           { "172.32.0.1", RELAY_OPEN },
        { "192.168.1.1", RELAY_HOME },          { "100.64.0.1", RELAY_HOME },
        { "fd00::1", RELAY_HOME },              { "::ffff:192.168.1.1", RELAY_HOME },
        { "127.0.0.1", RELAY_NEVER },           { "127.8.8.8", RELAY_NEVER },
        { "::1", RELAY_NEVER },                 { "::ffff:127.0.0.1", RELAY_NEVER },
        { "::", RELAY_NEVER },                  { "0.0.0.0", RELAY_NEVER },
        { "169.254.169.254", RELAY_NEVER },     { "::ffff:169.254.169.254", RELAY_NEVER },
        { "fe80::1", RELAY_NEVER },             { "224.0.0.251", RELAY_NEVER },
        { "255.255.255.255", RELAY_NEVER },     { "ff02::1", RELAY_NEVER },
        { "64:ff9b::7f00:1", RELAY_NEVER },     { "2002:7f00:1::", RELAY_NEVER },
        { "::7f00:1", RELAY_NEVER },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GInetAddress) address = g_inet_address_new_from_string(cases[i].address);
        g_test_message("%s", cases[i].address);
        g_assert_cmpint(relay_reach(address), ==, cases[i].reach);
    }
}

static void
test_follow(void)
{
    static const struct {
        const char *url, *location, *to; /* NULL: nowhere */
    } cases[] = {
        { "http://a/b/c", "d", "http://a/b/d" },
        { "http://a/b", "https://c/d", "https://c/d" },
        { "https://a/b", "/c", "https://a/c" },
        { "https://a/b", "http://a/b", NULL },
        { "http://a/b", "file:///etc/passwd", NULL },
        { "http://a/b", "ftp://a/b", NULL },
        { "http://a/b", NULL, NULL },
        { "http://a/b", "http://[", NULL },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *to = relay_follow(cases[i].url, cases[i].location, &error);
        g_assert_cmpstr(to, ==, cases[i].to);
        g_assert_cmpint(error == NULL, ==, to != NULL);
    }
}

static void
test_takes(void)
{
    static const struct {
        const char *mime;
        bool does;
    } cases[] = {
        { "video/mp4", true },           { "Audio/MPEG; x=y", true },
        { "image/jpeg", true },          { "application/octet-stream", true },
        { "image/svg+xml", false },      { "text/html", false },
        { "application/json", false },   { NULL, false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(relay_takes(cases[i].mime), ==, cases[i].does);
}

/* -- Who may be asked -------------------------------------------------------------------------- */

static bool
is_nobody(const char *address G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
    return false;
}

typedef struct {
    bool is_done;
    Stream *stream;
    GError *error;
} Answer;

static void
on_opened(Stream *stream, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;

    *answer = (Answer){ true, stream, error != NULL ? g_error_copy(error) : NULL };
}

static void
test_refusals(void)
{
    static const struct {
        const char *url;
        int code;
    } cases[] = {
        { "http://127.0.0.1:9/a.mp4", DUO_ERROR_DENIED },
        { "https://127.0.0.1/a.mp4", DUO_ERROR_DENIED },
        { "http://[::1]/a.mp4", DUO_ERROR_DENIED },
        { "http://localhost/a.mp4", DUO_ERROR_DENIED },
        { "http://169.254.169.254/a.mp4", DUO_ERROR_DENIED },
        { "http://10.99.99.99/a.mp4", DUO_ERROR_DENIED },
        { "http://me:word@192.0.2.1/a.mp4", DUO_ERROR_INVALID },
    };
    static const char *const names[] = { "lo", NULL };
    g_autoptr(NetInterfaces) interfaces = net_interfaces_new(names, NULL);
    g_autoptr(Relays) relays =
        relays_new(&(RelaysParts){ .interfaces = interfaces, .is_device = is_nobody });

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Answer answer = { 0 };
        g_autofree char *url = relays_url(relays, "http://192.0.2.9:8380", cases[i].url);
        g_autofree char *again = relays_url(relays, "http://192.0.2.9:8380", cases[i].url);
        g_autofree char *token = g_strndup(strstr(url, "/relay/") + 7, 32);
        g_assert_cmpstr(url, ==, again);
        g_assert_true(g_str_has_suffix(url, "/a.mp4"));
        g_assert_cmpstr(relays_original(relays, url), ==, cases[i].url);
        relays_open(relays, token, on_opened, &answer);
        while (!answer.is_done)
            g_main_context_iteration(NULL, TRUE);
        g_assert_error(answer.error, DUO_ERROR, cases[i].code);
        g_clear_error(&answer.error);
    }
    Answer answer = { 0 };
    relays_open(relays, "0123456789abcdef0123456789abcdef", on_opened, &answer);
    g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_clear_error(&answer.error);
    g_assert_null(relays_original(relays, "http://192.0.2.9:8380/media/1/a.mp4"));
}

/* -- Fetching ---------------------------------------------------------------------------------- */

#define SIZE (3 * 1024 * 1024)

typedef struct {
    GBytes *bytes;
    HttpRouter *router;
    HttpServer *server;
    GInetSocketAddress *address;
    gint streams;
    bool is_told;
    RelayFacts facts; /* shallow: of the last that told */
    Stream *stream;
    char *url;
} Fixture;

static void
get_film(HttpExchange *exchange, gpointer user_data)
{
    const Fixture *fixture = user_data;

    http_exchange_reply_stream(exchange, stream_new_bytes(fixture->bytes, "video/mp4"));
}

static void
get_plain(HttpExchange *exchange, gpointer user_data)
{
    const Fixture *fixture = user_data;

    http_exchange_reply(exchange, 200, "video/mp4", fixture->bytes);
}

static void
get_elsewhere(HttpExchange *exchange, gpointer user_data G_GNUC_UNUSED)
{
    http_exchange_add_head(exchange, "Location", "/film");
    http_exchange_reply(exchange, 302, NULL, NULL);
}

static const HttpRoute routes[] = {
    { "GET", "/film", HTTP_READ, get_film, 0 },
    { "GET", "/plain", HTTP_READ, get_plain, 0 },
    { "GET", "/elsewhere", HTTP_READ, get_elsewhere, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    uint8_t *octets = g_malloc(SIZE);

    for (guint i = 0; i < SIZE; i++)
        octets[i] = (uint8_t)(i * 2654435761u >> 24);
    fixture->bytes = g_bytes_new_take(octets, SIZE);
    fixture->router = http_router_new();
    http_router_add(fixture->router, routes, fixture);
    fixture->server =
        http_server_new(&(HttpServerOptions){ .threads = 1, .server = "test" }, fixture->router,
                        &error);
    g_assert_no_error(error);
    fixture->address = G_INET_SOCKET_ADDRESS(g_inet_socket_address_new_from_string(
        "127.0.0.1", http_server_port(fixture->server)));
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    stream_free(fixture->stream);
    g_assert_cmpint(fixture->streams, ==, 0);
    http_server_free(fixture->server);
    http_router_free(fixture->router);
    g_bytes_unref(fixture->bytes);
    g_object_unref(fixture->address);
    g_free(fixture->url);
}

static void
on_told(const RelayFacts *facts, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->is_told = true;
    fixture->facts = *facts;
}

/* Asks for path; the fetch is the caller's, or the fixture's stream's when it has begun. */
static RelayFetch *
fetch(Fixture *fixture, const char *path)
{
    g_free(fixture->url);
    fixture->url =
        g_strdup_printf("http://localhost:%u%s", http_server_port(fixture->server), path);
    RelayQuestion question = { .url = fixture->url, .address = fixture->address };
    RelayFetch *asked = relay_fetch_new(&question, on_told, fixture);

    fixture->is_told = false;
    while (!fixture->is_told)
        g_main_context_iteration(NULL, TRUE);
    if (fixture->facts.status / 100 != 2)
        return asked;
    fixture->stream = relay_stream_new(asked, &fixture->facts, &question, &fixture->streams);
    return NULL;
}

typedef struct {
    GMutex lock;
    GCond cond;
    bool is_awake;
} Sleeper;

static void
wake(gpointer user_data)
{
    Sleeper *sleeper = user_data;

    g_mutex_lock(&sleeper->lock);
    sleeper->is_awake = true;
    g_cond_signal(&sleeper->cond);
    g_mutex_unlock(&sleeper->lock);
}

static gssize
read_some(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    gssize got;

    while ((got = stream_read(stream, offset, buffer, size, error)) == STREAM_NOT_YET) {
        Sleeper sleeper = { 0 };
        g_mutex_init(&sleeper.lock);
        g_cond_init(&sleeper.cond);
        stream->class->wait(stream, wake, &sleeper);
        g_mutex_lock(&sleeper.lock);
        while (!sleeper.is_awake)
            g_cond_wait(&sleeper.cond, &sleeper.lock);
        g_mutex_unlock(&sleeper.lock);
        g_mutex_clear(&sleeper.lock);
        g_cond_clear(&sleeper.cond);
    }
    return got;
}

/* From offset on count octets come as they lie there, and no other. */
static void
check_part(Fixture *fixture, uint64_t offset, size_t count)
{
    const uint8_t *right = g_bytes_get_data(fixture->bytes, NULL);
    g_autoptr(GError) error = NULL;
    uint8_t block[50000];

    for (size_t done = 0; done < count;) {
        gssize got = read_some(fixture->stream, offset + done, block,
                               MIN(sizeof block, count - done), &error);
        g_assert_no_error(error);
        g_assert_cmpint(got, >, 0);
        g_assert_cmpmem(block, (size_t)got, right + offset + done, (size_t)got);
        done += (size_t)got;
    }
}

static void
test_whole_and_parts(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    uint8_t rest[8];

    g_assert_null(fetch(fixture, "/film"));
    g_assert_cmpint(fixture->stream->length, ==, SIZE);
    g_assert_true(fixture->stream->is_seekable);
    g_assert_cmpstr(fixture->stream->mime, ==, "video/mp4");
    check_part(fixture, 0, 100000); /* the rest is held back: more than the ring takes */
    check_part(fixture, 2 * 1024 * 1024, 70000);
    check_part(fixture, 5, 10);
    check_part(fixture, 0, SIZE);
    g_assert_cmpint(read_some(fixture->stream, SIZE, rest, sizeof rest, NULL), ==, 0);
}

static void
test_without_parts(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_assert_null(fetch(fixture, "/plain"));
    g_assert_cmpint(fixture->stream->length, ==, SIZE);
    g_assert_false(fixture->stream->is_seekable);
    check_part(fixture, 0, SIZE);
}

static void
test_no_media(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(RelayFetch) moved = fetch(fixture, "/elsewhere");

    g_assert_cmpint(fixture->facts.status, ==, 302);
    g_assert_cmpstr(fixture->facts.location, ==, "/film");
    g_autoptr(RelayFetch) missing = fetch(fixture, "/nothing");
    g_assert_cmpint(fixture->facts.status, ==, 404);
}

/* Its server goes away in the middle: an error, and no end. */
static void
test_broken_off(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    uint8_t block[65536];
    uint64_t offset;
    gssize got;

    g_assert_null(fetch(fixture, "/film"));
    check_part(fixture, 0, 1000);
    g_clear_pointer(&fixture->server, http_server_free);
    for (offset = 1000;
         (got = read_some(fixture->stream, offset, block, sizeof block, &error)) > 0;)
        offset += (uint64_t)got;
    g_assert_true(got < 0 || offset == SIZE); /* all of it may have been on its way */
    g_assert_cmpint(error != NULL, ==, got < 0);
    g_clear_error(&error);
    g_assert_cmpint(read_some(fixture->stream, 7, block, 1, &error), ==, -1); /* nobody is there */
    g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/appliance/relays/reach", test_reach);
    g_test_add_func("/appliance/relays/follow", test_follow);
    g_test_add_func("/appliance/relays/takes", test_takes);
    g_test_add_func("/appliance/relays/refusals", test_refusals);
    g_test_add("/appliance/relays/whole-and-parts", Fixture, NULL, set_up, test_whole_and_parts,
               tear_down);
    g_test_add("/appliance/relays/without-parts", Fixture, NULL, set_up, test_without_parts,
               tear_down);
    g_test_add("/appliance/relays/no-media", Fixture, NULL, set_up, test_no_media, tear_down);
    g_test_add("/appliance/relays/broken-off", Fixture, NULL, set_up, test_broken_off, tear_down);
    return g_test_run();
}
