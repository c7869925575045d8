/* fuzz-protocol-info.c -- what can be read is the same after one more trip, and fits itself */
#include "tests/fuzz/fuzz.h"
#include "wire/protocol-info.h"

FUZZ_TARGET("protocol-info")
{
    g_autofree char *text = g_strndup((const char *)data, size);
    ProtocolInfo info = { 0 }, again = { 0 };

    protocol_info_list_takes(text, "http-get:*:video/mp4:DLNA.ORG_PN=AVC_MP4_MP_SD_AAC_MULT5");
    protocol_info_list_takes_parts(text);
    protocol_info_is_live(text);
    if (!protocol_info_decode(text, &info, NULL))
        return;
    g_autofree char *written = protocol_info_encode(&info);
    g_assert_true(protocol_info_decode(written, &again, NULL));
    g_assert_cmpstr(again.protocol, ==, info.protocol);
    g_assert_cmpstr(again.mime, ==, info.mime);
    g_assert_cmpstr(again.extra, ==, info.extra);
    g_assert_true(protocol_info_matches(written, written));
    g_assert_true(protocol_info_matches("*:*:*:*", written));
    g_assert_nonnull(mime_upnp_class(info.mime));
    protocol_info_clear(&again);
    protocol_info_clear(&info);
}
