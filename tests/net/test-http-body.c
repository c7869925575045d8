/* test-http-body.c -- conditions and ranges of streams: files, bytes, and streams of unknown
 * length */
#include "net/http-server.h"
#include "tests/net/talk.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE 1000
#define MODIFIED_S 784111777 /* Sun, 06 Nov 1994 08:49:37 GMT */
#define LARGE_SIZE (INT64_C(4250) << 20)
#define LONG_FIRST (INT64_C(100) << 20)
#define LONG_COUNT ((INT64_C(12) << 20) + 77)

typedef struct {
    HttpServer *server;
    HttpRouter *router;
    char *folder, *path, *large_path;
    StreamHub *hub;
} Fixture;

static Fixture fixture;

/* -- Streams ----------------------------------------------------------------------------------- */

static uint8_t
octet_at(uint64_t offset)
{
    return (uint8_t)('a' + offset % 26);
}

static void
reply_file(HttpExchange *exchange, gpointer user_data)
{
    g_autofree char *path =
        g_build_filename(fixture.folder, http_exchange_parameter(exchange, "name"), NULL);
    g_autoptr(GError) error = NULL;
    Stream *stream = stream_new_file(path, "video/mp4", &error);

    g_assert_no_error(error);
    g_free(stream->etag);
    stream->etag = g_strdup("tag-1");
    stream->modified_s = MODIFIED_S;
    http_exchange_reply_stream(exchange, stream);
}

/* The same without a descriptor. */
static void
reply_bytes(HttpExchange *exchange, gpointer user_data)
{
    g_autofree char *text = NULL;
    g_file_get_contents(fixture.path, &text, NULL, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new(text, SIZE);
    Stream *stream = stream_new_bytes(bytes, "video/mp4");

    stream->etag = g_strdup("tag-1");
    stream->modified_s = MODIFIED_S;
    http_exchange_reply_stream(exchange, stream);
}

/* As long as it lasts. */
static void
reply_live(HttpExchange *exchange, gpointer user_data)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static("live and short", 14);
    Stream *stream = stream_new_bytes(bytes, "video/mp2t");

    stream->length = -1;
    stream->is_seekable = false;
    http_exchange_reply_stream(exchange, stream);
}

/* Announces more than it has. */
static void
reply_cut(HttpExchange *exchange, gpointer user_data)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static("cut", 3);
    Stream *stream = stream_new_bytes(bytes, "video/mp2t");

    stream->length = 10;
    http_exchange_reply_stream(exchange, stream);
}

/* Announces what it has none of. */
static void
reply_nothing(HttpExchange *exchange, gpointer user_data)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static("", 0);
    Stream *stream = stream_new_bytes(bytes, "video/mp2t");

    stream->length = 10;
    http_exchange_reply_stream(exchange, stream);
}

/* Five octets, and five more once somebody says so. */
static struct {
    GMutex lock;
    bool is_whole;
    void (*wake)(gpointer user_data);
    gpointer user_data;
    int freed;
} late;

static gssize
late_read(Stream *stream, uint64_t offset, void *buffer, size_t size, GError **error)
{
    static const char octets[] = "earlylater";

    g_mutex_lock(&late.lock);
    size_t here = late.is_whole ? 10 : 5;
    g_mutex_unlock(&late.lock);
    if (offset >= 10)
        return 0;
    if (offset >= here)
        return STREAM_NOT_YET;
    size_t count = MIN(size, here - (size_t)offset);
    memcpy(buffer, octets + offset, count);
    return (gssize)count;
}

static void
late_wait(Stream *stream, void (*wake)(gpointer user_data), gpointer user_data)
{
    g_mutex_lock(&late.lock);
    late.wake = wake;
    late.user_data = user_data;
    if (late.is_whole)
        wake(user_data);
    g_mutex_unlock(&late.lock);
}

static void
late_free(Stream *stream)
{
    g_mutex_lock(&late.lock);
    late.wake = NULL;
    late.freed++;
    g_mutex_unlock(&late.lock);
    g_free(stream->mime);
    g_free(stream);
}

static void
reply_late(HttpExchange *exchange, gpointer user_data)
{
    static const StreamClass class = { late_read, late_free, late_wait };
    Stream *stream = g_new0(Stream, 1);

    *stream = (Stream){ .class = &class, .mime = g_strdup("video/mp2t"), .length = 10,
                        .is_seekable = true, .fd = -1 };
    http_exchange_reply_stream(exchange, stream);
}

/* What somebody makes while it is sent. */
static void
reply_hub(HttpExchange *exchange, gpointer user_data)
{
    http_exchange_reply_stream(exchange, stream_new_hub(hub_reader_new(fixture.hub, HUB_FILE),
                                                        "video/mp2t"));
}

static const HttpRoute routes[] = {
    { "GET", "/hub", HTTP_READ, reply_hub, 0 },
    { "GET", "/file/{name}", HTTP_READ, reply_file, 0 },
    { "GET", "/bytes", HTTP_READ, reply_bytes, 0 },
    { "GET", "/state/{name}", HTTP_STATE, reply_file, 0 },
    { "GET", "/live", HTTP_READ, reply_live, 0 },
    { "GET", "/cut", HTTP_READ, reply_cut, 0 },
    { "GET", "/nothing", HTTP_READ, reply_nothing, 0 },
    { "GET", "/late", HTTP_READ, reply_late, 0 },
    { 0 },
};

static void
make_hole(const char *path, int64_t size)
{
    int fd = g_open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    g_assert_no_errno(ftruncate(fd, size));
    close(fd);
}

/* -- Asking ------------------------------------------------------------------------------------ */

static GString *
ask(const char *method, const char *path, const char *heads)
{
    g_autofree char *request = g_strdup_printf(
        "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", method, path, heads);
    int fd = talk_open(http_server_port(fixture.server));

    talk_send(fd, request, -1);
    GString *heard = talk_hear_all(fd);
    close(fd);
    return heard;
}

static const char *
body_of(const GString *reply, size_t *size)
{
    const char *body = strstr(reply->str, "\r\n\r\n") + 4;

    *size = reply->len - (size_t)(body - reply->str);
    return body;
}

static bool
has_head(const GString *reply, const char *head)
{
    g_autofree char *line = g_strdup_printf("\r\n%s\r\n", head);
    const char *found = strstr(reply->str, line);

    return found != NULL && found < strstr(reply->str, "\r\n\r\n") + 2;
}

static void
assert_octets(const char *body, size_t size, uint64_t first, uint64_t count)
{
    g_assert_cmpuint(size, ==, count);
    for (size_t i = 0; i < size; i++)
        g_assert_cmpint((uint8_t)body[i], ==, octet_at(first + i));
}

static const struct {
    const char *heads, *status;
    uint64_t first, count;
    const char *head; /* that must be there; NULL: none */
} cases[] = {
    { "", "200", 0, SIZE, "Accept-Ranges: bytes" },
    { "", "200", 0, SIZE, "ETag: \"tag-1\"" },
    { "", "200", 0, SIZE, "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT" },
    { "", "200", 0, SIZE, "Content-Type: video/mp4" },
    { "Range: bytes=-500\r\n", "206", 500, 500, "Content-Range: bytes 500-999/1000" },
    { "Range: bytes=0-0\r\n", "206", 0, 1, "Content-Range: bytes 0-0/1000" },
    { "Range: bytes=0-\r\n", "206", 0, SIZE, "Content-Length: 1000" },
    { "Range: bytes=99999999999-\r\n", "416", 0, 0, "Content-Range: bytes */1000" },
    { "Range: bytes=10-5\r\n", "200", 0, SIZE, NULL },
    { "Range: bytes=abc\r\n", "200", 0, SIZE, NULL },
    { "If-None-Match: \"tag-1\"\r\n", "304", 0, 0, "ETag: \"tag-1\"" },
    { "If-None-Match: \"x\", W/\"tag-1\"\r\n", "304", 0, 0, NULL },
    { "If-None-Match: *\r\n", "304", 0, 0, NULL },
    { "If-None-Match: \"tag-2\"\r\n", "200", 0, SIZE, NULL },
    { "If-None-Match: tag-1\r\n", "200", 0, SIZE, NULL },
    { "If-None-Match: \"tag-2\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "200", 0,
      SIZE, NULL },
    { "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "304", 0, 0, NULL },
    { "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n", "304", 0, 0, NULL },
    { "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n", "200", 0, SIZE, NULL },
    { "If-Modified-Since: yesterday\r\n", "200", 0, SIZE, NULL },
    { "If-Match: \"tag-1\"\r\nRange: bytes=1-2\r\n", "206", 1, 2, NULL },
    { "If-Match: \"tag-2\"\r\n", "412", 0, 0, NULL },
    { "If-Match: W/\"tag-1\"\r\n", "412", 0, 0, NULL },
    { "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n", "412", 0, 0, NULL },
    { "If-Range: \"tag-1\"\r\nRange: bytes=1-2\r\n", "206", 1, 2, NULL },
    { "If-Range: \"tag-2\"\r\nRange: bytes=1-2\r\n", "200", 0, SIZE, NULL },
    { "If-Range: W/\"tag-1\"\r\nRange: bytes=1-2\r\n", "200", 0, SIZE, NULL },
    { "If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\nRange: bytes=1-2\r\n", "206", 1, 2, NULL },
    { "If-Range: Sun, 06 Nov 1994 08:49:38 GMT\r\nRange: bytes=1-2\r\n", "200", 0, SIZE, NULL },
    { "If-None-Match: \"tag-1\"\r\nRange: bytes=1-2\r\n", "304", 0, 0, NULL },
};

static void
test_single(gconstpointer path)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) reply = ask("GET", path, cases[i].heads);
        size_t size;
        const char *body = body_of(reply, &size);
        g_test_message("%s -> %.30s", cases[i].heads, reply->str);
        g_assert_cmpmem(reply->str + 9, 3, cases[i].status, 3);
        if (cases[i].status[0] == '2')
            assert_octets(body, size, cases[i].first, cases[i].count);
        if (cases[i].head != NULL)
            g_assert_true(has_head(reply, cases[i].head));
    }
    g_autoptr(GString) head = ask("HEAD", path, "Range: bytes=1-2\r\n"); /* Range is for GET */
    g_assert_true(g_str_has_prefix(head->str, "HTTP/1.1 200"));
    g_assert_true(has_head(head, "Content-Length: 1000"));
    g_assert_true(g_str_has_suffix(head->str, "\r\n\r\n"));
}

static void
test_parts(gconstpointer path)
{
    g_autoptr(GString) reply = ask("GET", path, "Range: bytes=0-9,20-29,-5\r\n");
    size_t size;
    const char *body = body_of(reply, &size), *mark = strstr(reply->str, "boundary=") + 9;
    g_autofree char *boundary = g_strndup(mark, strcspn(mark, "\r"));
    g_autofree char *expected = g_strdup_printf(
        "\r\n--%s\r\nContent-Type: video/mp4\r\nContent-Range: bytes 0-9/1000\r\n\r\nabcdefghij"
        "\r\n--%s\r\nContent-Type: video/mp4\r\nContent-Range: bytes 20-29/1000\r\n\r\nuvwxyzabcd"
        "\r\n--%s\r\nContent-Type: video/mp4\r\nContent-Range: bytes 995-999/1000\r\n\r\nhijkl"
        "\r\n--%s--\r\n", boundary, boundary, boundary, boundary);

    g_assert_true(g_str_has_prefix(reply->str, "HTTP/1.1 206"));
    g_assert_nonnull(strstr(reply->str, "Content-Type: multipart/byteranges; boundary="));
    g_assert_cmpmem(body, size, expected, strlen(expected));
}

static void
test_beyond_4_gib(void)
{
    g_autoptr(GString) reply = ask("GET", "/file/large", "Range: bytes=4456448000-4456448009\r\n");
    g_autoptr(GString) whole = ask("HEAD", "/file/large", "");
    size_t size;

    body_of(reply, &size);
    g_assert_true(g_str_has_prefix(reply->str, "HTTP/1.1 206"));
    g_assert_true(has_head(reply, "Content-Range: bytes 4456448000-4456448009/4456448010"));
    g_assert_cmpuint(size, ==, 10);
    g_assert_true(has_head(whole, "Content-Length: 4456448010"));
}

/* What begins at LONG_FIRST and is long enough to go out by a sendfile() of our own. */
static void
test_long_part(void)
{
    g_autofree char *heads = g_strdup_printf("Range: bytes=%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                                             "\r\n", LONG_FIRST, LONG_FIRST + LONG_COUNT - 1);
    g_autoptr(GString) reply = ask("GET", "/file/large", heads);
    g_autofree char *length = g_strdup_printf("Content-Length: %" G_GINT64_FORMAT, LONG_COUNT);
    size_t size;
    const char *body = body_of(reply, &size);

    g_assert_true(g_str_has_prefix(reply->str, "HTTP/1.1 206"));
    g_assert_true(has_head(reply, length));
    g_assert_true(has_head(reply, "Connection: close"));
    assert_octets(body, size, 0, LONG_COUNT);
}

/* The file loses its end while it is sent: the peer gets less than was announced. */
static void
test_file_is_cut(void)
{
    g_autofree char *path = g_build_filename(fixture.folder, "cut", NULL);
    const char *request = "GET /file/cut HTTP/1.1\r\nHost: localhost\r\n\r\n";

    make_hole(path, LARGE_SIZE);
    int fd = talk_open(http_server_port(fixture.server));
    talk_send(fd, request, -1);
    g_autoptr(GString) head = talk_hear(fd, "\r\n\r\n");
    g_assert_no_errno(truncate(path, 0));
    g_autoptr(GString) body = talk_hear_all(fd);
    g_assert_true(g_str_has_prefix(head->str, "HTTP/1.1 200"));
    g_assert_cmpuint(head->len + body->len, <, LARGE_SIZE);
    close(fd);
    g_unlink(path);
}

static void
test_unknown_length(void)
{
    g_autoptr(GString) reply = ask("GET", "/live", "Range: bytes=1-2\r\n");

    g_assert_true(g_str_has_prefix(reply->str, "HTTP/1.1 200"));
    g_assert_true(has_head(reply, "Transfer-Encoding: chunked"));
    g_assert_false(has_head(reply, "Accept-Ranges: bytes"));
    g_assert_true(g_str_has_suffix(reply->str, "live and short\r\n0\r\n\r\n"));
}

/* The peer can tell that octets are missing: the connection ends before the announced length. */
static void
test_broken_stream(void)
{
    g_autoptr(GString) reply = ask("GET", "/cut", "");
    g_autoptr(GString) empty = ask("GET", "/nothing", "");

    g_assert_true(g_str_has_suffix(empty->str, "\r\n\r\n"));
    g_assert_true(has_head(reply, "Content-Length: 10"));
    g_assert_true(g_str_has_suffix(reply->str, "\r\n\r\ncut") ||
                  g_str_has_suffix(reply->str, "\r\n\r\n"));
}

static void
produce(const char *text)
{
    size_t room;
    char *place = stream_hub_reserve(fixture.hub, &room);

    g_assert_cmpuint(room, >=, strlen(text));
    memcpy(place, text, strlen(text));
    stream_hub_commit(fixture.hub, strlen(text), false);
}

/* Its reader waits without a turn of any thread, and hears each word when it is said. */
static void
test_made_while_sent(void)
{
    const char *request = "GET /hub HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    fixture.hub = stream_hub_new(4096);
    int fd = talk_open(http_server_port(fixture.server));
    talk_send(fd, request, -1);
    produce("one");
    g_autoptr(GString) head = talk_hear(fd, "one");
    g_assert_true(g_str_has_prefix(head->str, "HTTP/1.1 200"));
    produce("two");
    g_autoptr(GString) more = talk_hear(fd, "two");
    stream_hub_end(fixture.hub, NULL);
    g_autoptr(GString) rest = talk_hear_all(fd);
    g_assert_true(g_str_has_suffix(rest->str, "0\r\n\r\n"));
    close(fd);
    g_clear_pointer(&fixture.hub, stream_hub_unref);
}

/* What cannot go on breaks off: no peer takes it for the whole. */
static void
test_made_and_failed(void)
{
    const char *request = "GET /hub HTTP/1.1\r\nHost: localhost\r\n\r\n";
    g_autoptr(GError) problem = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, "it crashed");

    fixture.hub = stream_hub_new(4096);
    int fd = talk_open(http_server_port(fixture.server));
    talk_send(fd, request, -1);
    produce("one");
    g_autoptr(GString) head = talk_hear(fd, "one");
    stream_hub_end(fixture.hub, problem);
    g_autoptr(GString) rest = talk_hear_all(fd);
    g_assert_false(g_str_has_suffix(rest->str, "0\r\n\r\n"));
    close(fd);
    g_clear_pointer(&fixture.hub, stream_hub_unref);
}

/* A peer that leaves while there is nothing to send: its reader goes when there is. */
static void
test_made_for_nobody(void)
{
    const char *request = "GET /hub HTTP/1.1\r\nHost: localhost\r\n\r\n";

    fixture.hub = stream_hub_new(1 << 20);
    int fd = talk_open(http_server_port(fixture.server));
    talk_send(fd, request, -1);
    produce("one");
    g_autoptr(GString) head = talk_hear(fd, "one");
    g_assert_cmpuint(stream_hub_readers(fixture.hub), ==, 1);
    close(fd);
    for (int i = 0; i < 3000 && stream_hub_readers(fixture.hub) > 0; i++) {
        produce("more");
        g_usleep(10000);
    }
    g_assert_cmpuint(stream_hub_readers(fixture.hub), ==, 0);
    stream_hub_end(fixture.hub, NULL);
    g_clear_pointer(&fixture.hub, stream_hub_unref);
}

static void
make_files(void)
{
    g_autofree uint8_t *content = g_malloc(LONG_COUNT);

    fixture.folder = g_dir_make_tmp("duoping-body-XXXXXX", NULL);
    fixture.path = g_build_filename(fixture.folder, "small", NULL);
    fixture.large_path = g_build_filename(fixture.folder, "large", NULL);
    for (guint i = 0; i < LONG_COUNT; i++)
        content[i] = octet_at(i);
    g_assert_true(g_file_set_contents(fixture.path, (char *)content, SIZE, NULL));
    make_hole(fixture.large_path, LARGE_SIZE + 10);
    int fd = g_open(fixture.large_path, O_WRONLY | O_CLOEXEC, 0600);
    g_assert_cmpint(pwrite(fd, content, LONG_COUNT, LONG_FIRST), ==, LONG_COUNT);
    close(fd);
}

/* -- Streams that are still arriving ----------------------------------------------------------- */

static int
begin_late(const char *heads)
{
    g_autofree char *request = g_strdup_printf(
        "GET /late HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", heads);
    int fd = talk_open(http_server_port(fixture.server));

    talk_send(fd, request, -1);
    return fd;
}

static void
late_await_reader(void)
{
    bool is_waiting = false;

    while (!is_waiting) {
        g_main_context_iteration(NULL, FALSE);
        g_mutex_lock(&late.lock);
        is_waiting = late.wake != NULL;
        g_mutex_unlock(&late.lock);
    }
}

static void
late_arrive(bool is_whole)
{
    g_mutex_lock(&late.lock);
    late.is_whole = is_whole;
    if (late.wake != NULL)
        late.wake(late.user_data);
    g_mutex_unlock(&late.lock);
}

static void
test_reader_waits(void)
{
    int fd = begin_late("");

    late.is_whole = false;
    g_autoptr(GString) heard = talk_hear(fd, "early");
    late_await_reader();
    late_arrive(false); /* in vain */
    late_arrive(true);
    g_autoptr(GString) rest = talk_hear_all(fd);
    g_assert_true(has_head(heard, "Content-Length: 10"));
    g_assert_cmpstr(rest->str, ==, "later");
    close(fd);
}

static void
test_range_waits(void)
{
    late.is_whole = false;
    int fd = begin_late("Range: bytes=7-8\r\n");
    late_await_reader();
    late_arrive(true);
    g_autoptr(GString) heard = talk_hear_all(fd);
    g_assert_true(has_head(heard, "Content-Range: bytes 7-8/10"));
    g_assert_true(g_str_has_suffix(heard->str, "\r\n\r\nte"));
    close(fd);
}

static void
test_waiting_reader_leaves(void)
{
    late.is_whole = false;
    int fd = begin_late("");
    g_autoptr(GString) heard = talk_hear(fd, "early");
    late_await_reader();
    int freed = late.freed;
    close(fd);
    while (g_atomic_int_get(&late.freed) == freed)
        g_main_context_iteration(NULL, TRUE); /* the server looks once a second */
}

/* The last: freeing the server must not wait for it. */
static void
test_server_stops_with_a_waiting_reader(void)
{
    late.is_whole = false;
    int fd = begin_late("");
    g_autoptr(GString) heard = talk_hear(fd, "early");
    late_await_reader();
    http_server_free(g_steal_pointer(&fixture.server));
    g_autoptr(GString) rest = talk_hear_all(fd);
    g_assert_cmpstr(rest->str, ==, "");
    close(fd);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    HttpServerOptions options = { .threads = 2 };

    g_test_init(&argc, &argv, NULL);
    make_files();
    fixture.router = http_router_new();
    http_router_add(fixture.router, routes, NULL);
    fixture.server = http_server_new(&options, fixture.router, &error);
    g_assert_no_error(error);
    g_test_add_data_func("/net/http-body/file", "/file/small", test_single);
    g_test_add_data_func("/net/http-body/bytes", "/bytes", test_single);
    g_test_add_data_func("/net/http-body/loop", "/state/small", test_single);
    g_test_add_data_func("/net/http-body/parts-of-file", "/file/small", test_parts);
    g_test_add_data_func("/net/http-body/parts-of-bytes", "/bytes", test_parts);
    g_test_add_func("/net/http-body/beyond-4-gib", test_beyond_4_gib);
    g_test_add_func("/net/http-body/long-part", test_long_part);
    g_test_add_func("/net/http-body/file-is-cut", test_file_is_cut);
    g_test_add_func("/net/http-body/unknown-length", test_unknown_length);
    g_test_add_func("/net/http-body/broken-stream", test_broken_stream);
    g_test_add_func("/net/http-body/reader-waits", test_reader_waits);
    g_test_add_func("/net/http-body/range-waits", test_range_waits);
    g_test_add_func("/net/http-body/waiting-reader-leaves", test_waiting_reader_leaves);
    g_test_add_func("/net/http-body/made-while-sent", test_made_while_sent);
    g_test_add_func("/net/http-body/made-and-failed", test_made_and_failed);
    g_test_add_func("/net/http-body/made-for-nobody", test_made_for_nobody);
    g_test_add_func("/net/http-body/server-stops-with-a-waiting-reader",
                    test_server_stops_with_a_waiting_reader);
    int result = g_test_run();
    http_server_free(fixture.server);
    http_router_free(fixture.router);
    g_unlink(fixture.path);
    g_unlink(fixture.large_path);
    g_rmdir(fixture.folder);
    g_free(fixture.path);
    g_free(fixture.large_path);
    g_free(fixture.folder);
    return result;
}
