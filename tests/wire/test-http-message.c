/* test-http-message.c -- wire/http-message: HTTP-shaped datagrams, good and bad */
#include "base/error.h"
#include "wire/http-message.h"

#include <string.h>

static const struct {
    const char *text;
    const char *method, *target;
    unsigned status;
    guint heads;
    const char *a; /* the head A */
    const char *body;
} messages[] = {
    { "NOTIFY * HTTP/1.1\r\nHost: x\r\nA:  b c \r\n\r\n", "NOTIFY", "*", 0, 2, "b c", NULL },
    { "M-POST /IGRS HTTP/1.0\na: 1\nA: 2\n\nxyz", "M-POST", "/IGRS", 0, 2, "1", "xyz" },
    { "HTTP/1.1 200 OK\r\na:\r\n\r\n", NULL, NULL, 200, 1, "", NULL },
    { "HTTP/1.1 200\r\n\r\n", NULL, NULL, 200, 0, NULL, NULL },
    { "HTTP/1.1 404 Not Here\r\n", NULL, NULL, 404, 0, NULL, NULL },
    { "M-SEARCH * HTTP/1.1\r\nA: b", "M-SEARCH", "*", 0, 1, "b", NULL },
    { "N * HTTP/1.1\r\nContent-Length: 2\r\n\r\nabcd", "N", "*", 0, 1, NULL, "ab" },
    { "N * HTTP/1.1\r\nA: \xc3\xa4\xff\r\n\r\n", "N", "*", 0, 1, "\xc3\xa4\xef\xbf\xbd", NULL },
};

static void
test_messages(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(messages); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(HttpMessage) message =
            http_message_decode(messages[i].text, strlen(messages[i].text), &error);
        g_test_message("%s", messages[i].text);
        g_assert_no_error(error);
        g_assert_cmpstr(message->method, ==, messages[i].method);
        g_assert_cmpstr(message->target, ==, messages[i].target);
        g_assert_cmpuint(message->status, ==, messages[i].status);
        g_assert_cmpuint(message->heads->count, ==, messages[i].heads);
        g_assert_cmpstr(http_heads_get(message->heads, "A"), ==, messages[i].a);
        size_t size = 0;
        const char *body = message->body == NULL ? NULL : g_bytes_get_data(message->body, &size);
        g_assert_cmpmem(body, size, messages[i].body,
                        messages[i].body == NULL ? 0 : strlen(messages[i].body));
    }
}

static void
test_bad(void)
{
    static const char *const bad[] = {
        "",
        "\r\n\r\n",
        "NOTIFY\r\n\r\n",
        "NOTIFY * FTP/1.1\r\n\r\n",
        "NOTIFY * HTTP/2.0\r\n\r\n",
        "NO(TIFY * HTTP/1.1\r\n\r\n",
        "NOTIFY  HTTP/1.1\r\n\r\n",
        "HTTP/1.1 99 x\r\n\r\n",
        "HTTP/1.1 2000 x\r\n\r\n",
        "N * HTTP/1.1\r\nno colon\r\n\r\n",
        "N * HTTP/1.1\r\n: empty\r\n\r\n",
        "N * HTTP/1.1\r\nA : b\r\n\r\n",
        "N * HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        "N * HTTP/1.1\r\nA: b\x01\r\n\r\n",
        "N * HTTP/1.1\r\nA: b\rB: c\r\n\r\n",
        "N * HTTP/1.1\r\nContent-Length: 9\r\n\r\nabcd",
        "N * HTTP/1.1\r\nContent-Length: -1\r\n\r\nabcd",
    };

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", bad[i]);
        g_assert_null(http_message_decode(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    }
}

static void
test_bounds(void)
{
    g_autoptr(GString) text = g_string_new("N * HTTP/1.1\r\n");
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < HTTP_MESSAGE_HEADS_MAX; i++)
        g_string_append(text, "A: b\r\n");
    g_autoptr(HttpMessage) message = http_message_decode(text->str, text->len, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(http_heads_count(message->heads, "a"), ==, HTTP_MESSAGE_HEADS_MAX);
    g_string_append(text, "A: b\r\n");
    g_assert_null(http_message_decode(text->str, text->len, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE);
    g_clear_error(&error);
    g_string_set_size(text, HTTP_MESSAGE_SIZE_MAX + 1);
    g_assert_null(http_message_decode(text->str, text->len, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE);
    g_clear_error(&error);
    g_assert_null(http_message_decode("N\0* HTTP/1.1\r\n\r\n", 16, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
}

static void
test_encode(void)
{
    g_autoptr(HttpMessage) message = http_message_new_request("NOTIFY", "*");
    g_autoptr(HttpMessage) response = http_message_new_response(200);

    http_heads_add(message->heads, "HOST", "h:1");
    http_heads_add(message->heads, "X", "a\r\nInjected: b");
    http_heads_add(message->heads, "Ext", "");
    message->body = g_bytes_new_static("body", 4);
    g_autoptr(GBytes) bytes = http_message_encode(message);
    static const char wanted[] =
        "NOTIFY * HTTP/1.1\r\nHOST: h:1\r\nX: a  Injected: b\r\nExt:\r\n\r\nbody";
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), wanted,
                    sizeof wanted - 1);
    g_autoptr(GBytes) other = http_message_encode(response);
    g_assert_cmpmem(g_bytes_get_data(other, NULL), g_bytes_get_size(other),
                    "HTTP/1.1 200 OK\r\n\r\n", 19);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/http-message/messages", test_messages);
    g_test_add_func("/wire/http-message/bad", test_bad);
    g_test_add_func("/wire/http-message/bounds", test_bounds);
    g_test_add_func("/wire/http-message/encode", test_encode);
    return g_test_run();
}
