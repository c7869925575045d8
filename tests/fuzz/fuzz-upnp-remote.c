/* fuzz-upnp-remote.c -- nobody's description sends us to another host */
#include "tests/fuzz/fuzz.h"
#include "wire/upnp-remote.h"

FUZZ_TARGET("upnp-remote")
{
    g_autoptr(UpnpRemote) remote =
        upnp_remote_decode((const char *)data, size, "http://10.0.0.9:80/d.xml",
                           "urn:schemas-upnp-org:device:MediaRenderer:", NULL);

    if (remote == NULL)
        return;
    g_assert_nonnull(remote->uuid);
    for (guint i = 0; i < remote->services->len; i++) {
        const UpnpRemoteService *service = remote->services->pdata[i];
        g_autoptr(GUri) uri = g_uri_parse(service->control_url, G_URI_FLAGS_NONE, NULL);
        g_assert_cmpstr(g_uri_get_host(uri), ==, "10.0.0.9");
    }
    g_autoptr(UpnpRemote) copy = upnp_remote_copy(remote);
    g_assert_cmpuint(copy->services->len, ==, remote->services->len);
}
