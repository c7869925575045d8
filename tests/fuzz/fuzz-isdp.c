/* fuzz-isdp.c -- a datagram of discovery that was read is the same after one more trip */
#include "tests/fuzz/fuzz.h"
#include "wire/isdp.h"

FUZZ_TARGET("isdp")
{
    g_autoptr(Isdp) isdp = isdp_decode(data, size, NULL);

    if (isdp == NULL || isdp->message->flaw != NULL)
        return;
    g_autoptr(GBytes) bytes = isdp_encode(isdp, "239.255.255.250:3880");
    g_autoptr(Isdp) again =
        isdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL);
    if (again == NULL)
        return; /* escapes are longer than what they stand for: it may be too large */
    g_assert_cmpint(again->kind, ==, isdp->kind);
    g_assert_cmpint(again->message->type, ==, isdp->message->type);
    g_assert_cmpstr(again->target, ==, isdp->target);
    g_assert_cmpstr(again->message->source_id, ==, isdp->message->source_id);
}
