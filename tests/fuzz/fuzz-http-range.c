/* fuzz-http-range.c -- parts lie inside, cost no more than the whole, and survive one more trip
 *
 * The first two octets are the size, the rest is the head. */
#include "tests/fuzz/fuzz.h"
#include "wire/http-range.h"

static void
check_content_range(const char *text)
{
    HttpRange part, again;
    uint64_t size, size_again;

    if (!http_content_range_decode(text, &part, &size))
        return;
    g_assert_true(part.first <= part.last && part.last < size);
    if (size == UINT64_MAX) /* "*", which we do not print */
        return;
    g_autofree char *encoded = http_content_range_encode(&part, size);
    g_assert_true(http_content_range_decode(encoded, &again, &size_again));
    g_assert_true(again.first == part.first && again.last == part.last && size_again == size);
}

FUZZ_TARGET("http-range")
{
    HttpRange parts[HTTP_RANGES_MAX], again[HTTP_RANGES_MAX];
    guint count = 0, again_count = 0;
    uint64_t sum = 0;

    if (size < 2)
        return;
    uint64_t length = (uint64_t)data[0] << 8 | data[1];
    g_autofree char *text = g_strndup((const char *)data + 2, size - 2);
    check_content_range(text);
    if (http_range_decode(text, length, parts, &count) != HTTP_RANGE_PARTS)
        return;
    g_assert_true(count > 0 && count <= HTTP_RANGES_MAX);
    for (guint i = 0; i < count; i++) {
        g_assert_true(parts[i].first <= parts[i].last && parts[i].last < length);
        sum += parts[i].last - parts[i].first + 1;
    }
    g_assert_true(sum <= length);
    g_autofree char *encoded = http_range_encode(parts, count);
    g_assert_true(http_range_decode(encoded, length, again, &again_count) == HTTP_RANGE_PARTS);
    g_assert_cmpmem(again, again_count * sizeof *again, parts, count * sizeof *parts);
}
