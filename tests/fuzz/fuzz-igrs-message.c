/* fuzz-igrs-message.c -- the first octet says the way ('0', '1', '2'), then an HTTP-shaped message
 *
 * A message without flaw is the same after one more trip. */
#include "tests/fuzz/fuzz.h"
#include "wire/igrs-message.h"

FUZZ_TARGET("igrs-message")
{
    IgrsWay way = size == 0 ? IGRS_BY_PIPE : (IgrsWay)(data[0] % 3);
    g_autoptr(HttpMessage) http = size == 0 ? NULL : http_message_decode(data + 1, size - 1, NULL);
    size_t length = 0;

    if (http == NULL)
        return;
    const void *body = http->body == NULL ? NULL : g_bytes_get_data(http->body, &length);
    g_autoptr(IgrsMessage) message = igrs_message_decode(http->heads, body, length, way, NULL);
    if (message == NULL || message->flaw != NULL)
        return;
    g_autoptr(HttpHeads) heads = http_heads_new(), twice_heads = http_heads_new();
    g_autoptr(GBytes) text = igrs_message_encode_body(message);
    igrs_message_encode_heads(message, heads);
    length = 0;
    body = text == NULL ? NULL : g_bytes_get_data(text, &length);
    g_autoptr(GError) error = NULL;
    g_autoptr(IgrsMessage) again = igrs_message_decode(heads, body, length, way, &error);
    if (again == NULL && strstr(error->message, "too") != NULL)
        return; /* an envelope deeper may be one too deep */
    g_assert_no_error(error);
    g_autoptr(GBytes) twice = igrs_message_encode_body(again);
    igrs_message_encode_heads(again, twice_heads);
    g_assert_cmpuint(heads->count, ==, twice_heads->count);
    for (guint i = 0; i < heads->count; i++)
        g_assert_cmpstr(heads->items[i].value, ==, twice_heads->items[i].value);
    if (text != NULL && again->flaw == NULL)
        g_assert_cmpmem(body, length, g_bytes_get_data(twice, NULL), g_bytes_get_size(twice));
}
