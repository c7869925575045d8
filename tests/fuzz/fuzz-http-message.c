/* fuzz-http-message.c -- a datagram that was read is the same after one more trip */
#include "tests/fuzz/fuzz.h"
#include "wire/http-message.h"

FUZZ_TARGET("http-message")
{
    g_autoptr(HttpMessage) message = http_message_decode(data, size, NULL);

    if (message == NULL)
        return;
    g_autoptr(GBytes) bytes = http_message_encode(message);
    g_autoptr(HttpMessage) again =
        http_message_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL);
    if (again == NULL) { /* replacement characters are longer than what they replace */
        g_assert_cmpuint(g_bytes_get_size(bytes), >, HTTP_MESSAGE_SIZE_MAX);
        return;
    }
    g_assert_cmpstr(again->method, ==, message->method);
    g_assert_cmpuint(again->status, ==, message->status);
    g_assert_cmpuint(again->heads->count, ==, message->heads->count);
    for (guint i = 0; i < again->heads->count; i++)
        g_assert_cmpstr(again->heads->items[i].value, ==, message->heads->items[i].value);
    g_assert_true((again->body == NULL) == (message->body == NULL));
    g_assert_true(again->body == NULL || g_bytes_equal(again->body, message->body));
}
