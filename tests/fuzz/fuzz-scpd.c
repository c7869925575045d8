/* fuzz-scpd.c -- what another device says of its actions: questions of it have an answer in range */
#include "tests/fuzz/fuzz.h"
#include "wire/upnp-scpd.h"

FUZZ_TARGET("scpd")
{
    g_autoptr(XmlDocument) scpd = xml_parse((const char *)data, size, NULL);

    if (scpd == NULL)
        return;
    int64_t maximum = upnp_scpd_maximum(scpd, "Volume", 100);

    g_assert_cmpint(maximum, >, 0);
    g_assert_cmpint(maximum, <=, UINT16_MAX);
    upnp_scpd_has_action(scpd, "SetNextAVTransportURI");
}
