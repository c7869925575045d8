/* test-http-chunks.c -- what is made faster than it is read arrives whole, in large chunks, whoever
 * asks */
#include "net/http-server.h"
#include "tests/net/talk.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RING_SIZE (1024 * 1024)
#define ALL_SIZE (12 * 1024 * 1024)
#define LARGE_SIZE (32 * 1024) /* no chunk of libmicrohttpd's is as large */

static HttpServer *server;
static StreamHub *hub;

static uint8_t
octet_at(uint64_t position)
{
    return (uint8_t)(position * 7 + position / 256);
}

static void
reply_hub(HttpExchange *exchange, gpointer user_data)
{
    http_exchange_reply_stream(exchange,
                               stream_new_hub(hub_reader_new(hub, HUB_FILE), "video/mp2t"));
}

static const HttpRoute routes[] = {
    { "GET", "/hub", HTTP_READ, reply_hub, 0 },
    { 0 },
};

static gpointer
flood(gpointer data)
{
    uint64_t position = 0;
    uint8_t *place;
    size_t room;

    while (position < ALL_SIZE && (place = stream_hub_reserve(hub, &room)) != NULL) {
        room = (size_t)MIN(room, ALL_SIZE - position);
        for (size_t i = 0; i < room; i++)
            place[i] = octet_at(position + i);
        stream_hub_commit(hub, room, false);
        position += room;
    }
    stream_hub_end(hub, NULL);
    return NULL;
}

/* The octets of a body in chunks are moved together; the largest of them. */
static size_t
decode_chunks(GByteArray *body)
{
    size_t from = 0, to = 0, size, largest = 0;

    do {
        char *end;
        size = (size_t)g_ascii_strtoull((char *)body->data + from, &end, 16);
        g_assert_true(g_str_has_prefix(end, "\r\n"));
        from = (size_t)(end - (char *)body->data) + 2;
        g_assert_cmpuint(from + size + 2, <=, body->len);
        memmove(body->data + to, body->data + from, size);
        from += size;
        to += size;
        g_assert_cmpmem(body->data + from, 2, "\r\n", 2);
        from += 2;
        largest = MAX(largest, size);
    } while (size > 0);
    g_assert_cmpuint(from, ==, body->len);
    g_byte_array_set_size(body, (guint)to);
    return largest;
}

static const struct {
    const char *name, *version;
    int room; /* of the peer's, in octets; 0: as usual */
    bool has_chunks;
} cases[] = {
    { "fast", "1.1", 0, true },
    { "slow", "1.1", 128 * 1024, true },
    { "old", "1.0", 0, false },
};

static void
test_case(gconstpointer data)
{
    guint row = GPOINTER_TO_UINT(data);
    int fd = talk_open(http_server_port(server));
    g_autofree char *request =
        g_strdup_printf("GET /hub HTTP/%s\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                        cases[row].version);

    if (cases[row].room > 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &cases[row].room, sizeof cases[row].room);
    hub = stream_hub_new(RING_SIZE);
    GThread *thread = g_thread_new("producer", flood, NULL);
    talk_send(fd, request, -1);
    g_autoptr(GString) heard = talk_hear_all(fd);
    close(fd);
    const char *start = strstr(heard->str, "\r\n\r\n") + 4;
    bool has_chunks = strstr(heard->str, "Transfer-Encoding: chunked") != NULL;
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_byte_array_append(body, (const uint8_t *)start, (guint)(heard->str + heard->len - start));
    g_assert_cmpint(has_chunks, ==, cases[row].has_chunks);
    if (has_chunks)
        g_assert_cmpuint(decode_chunks(body), >=, LARGE_SIZE);
    g_assert_cmpuint(body->len, ==, ALL_SIZE);
    for (guint i = 0; i < body->len; i++)
        if (body->data[i] != octet_at(i))
            g_error("octet %u is another one", i);
    g_thread_join(thread);
    g_clear_pointer(&hub, stream_hub_unref);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    HttpRouter *router = http_router_new();
    HttpServerOptions options = { .threads = 2 };

    g_test_init(&argc, &argv, NULL);
    http_router_add(router, routes, NULL);
    server = http_server_new(&options, router, &error);
    g_assert_no_error(error);
    for (guint row = 0; row < G_N_ELEMENTS(cases); row++) {
        g_autofree char *path = g_strdup_printf("/net/http-chunks/%s", cases[row].name);
        g_test_add_data_func(path, GUINT_TO_POINTER(row), test_case);
    }
    int result = g_test_run();
    http_server_free(server);
    http_router_free(router);
    return result;
}
