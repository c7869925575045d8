/* test-bytes.c -- the cursor stays inside its bytes and reads back what was written */
#include "base/bytes.h"

static void
test_round_trip(void)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    Bytes bytes;
    uint8_t small;
    uint32_t middle;
    uint64_t large;
    const char *text;

    bytes_put_u8(out, 0xfe);
    bytes_put_u32(out, 0x01020304);
    bytes_put_u64(out, G_GUINT64_CONSTANT(0x1122334455667788));
    bytes_put_text(out, "多屏");
    bytes_put_text(out, "");
    bytes_put_text(out, NULL);
    bytes_init(&bytes, out->data, out->len);
    g_assert_true(bytes_u8(&bytes, &small));
    g_assert_cmpuint(small, ==, 0xfe);
    g_assert_true(bytes_u32(&bytes, &middle));
    g_assert_cmphex(middle, ==, 0x01020304);
    g_assert_true(bytes_u64(&bytes, &large));
    g_assert_cmphex(large, ==, G_GUINT64_CONSTANT(0x1122334455667788));
    g_assert_true(bytes_text(&bytes, &text));
    g_assert_cmpstr(text, ==, "多屏");
    g_assert_true(bytes_text(&bytes, &text));
    g_assert_cmpstr(text, ==, "");
    g_assert_true(bytes_text(&bytes, &text));
    g_assert_null(text);
    g_assert_cmpuint(bytes_left(&bytes), ==, 0);
}

static void
test_orders(void)
{
    Bytes bytes;
    uint16_t big, little;
    uint32_t wide;

    bytes_init(&bytes, "\x01\x02\x01\x02\x01\x02\x03\x04", 8);
    g_assert_true(bytes_u16(&bytes, &big) && bytes_u16_le(&bytes, &little));
    g_assert_cmphex(big, ==, 0x0102);
    g_assert_cmphex(little, ==, 0x0201);
    g_assert_true(bytes_u32_le(&bytes, &wide));
    g_assert_cmphex(wide, ==, 0x04030201);
}

static void
test_short(void)
{
    static const struct {
        const char *data;
        size_t size;
    } texts[] = {
        { "", 0 },
        { "\0\0\0\5abcd\0", 9 },         /* says five, holds four */
        { "\0\0\0\3abcd", 8 },           /* no NUL after it */
        { "\0\0\0\3a\0c\0", 8 },         /* a NUL inside */
        { "\xff\xff\xff\xfe" "abcd", 8 }, /* far too long */
    };
    Bytes bytes;
    uint32_t number;
    const char *text;

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        bytes_init(&bytes, texts[i].data, texts[i].size);
        g_assert_false(bytes_text(&bytes, &text));
        g_assert_cmpuint(bytes.position, ==, 0);
    }
    bytes_init(&bytes, "abc", 3);
    g_assert_false(bytes_u32(&bytes, &number));
    g_assert_false(bytes_skip(&bytes, 4));
    g_assert_false(bytes_seek(&bytes, 4));
    g_assert_true(bytes_seek(&bytes, 3));
    g_assert_false(bytes_skip(&bytes, SIZE_MAX));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/bytes/round-trip", test_round_trip);
    g_test_add_func("/base/bytes/orders", test_orders);
    g_test_add_func("/base/bytes/short", test_short);
    return g_test_run();
}
