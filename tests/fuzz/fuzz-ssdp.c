/* fuzz-ssdp.c -- a datagram of SSDP that was read is the same after one more trip */
#include "tests/fuzz/fuzz.h"
#include "wire/ssdp.h"

FUZZ_TARGET("ssdp")
{
    g_auto(Ssdp) ssdp = { 0 }, again = { 0 };

    if (!ssdp_decode(data, size, &ssdp, NULL))
        return;
    g_autoptr(GBytes) bytes = ssdp_encode(&ssdp);
    g_assert_true(
        ssdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &again, NULL));
    g_assert_cmpint(again.kind, ==, ssdp.kind);
    g_assert_cmpstr(again.target, ==, ssdp.target);
    g_assert_cmpstr(again.usn, ==, ssdp.usn);
    g_assert_cmpuint(again.mx, ==, ssdp.mx);
}
