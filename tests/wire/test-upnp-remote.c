/* test-upnp-remote.c -- wire/upnp-remote: the descriptions of other people's devices */
#include "base/error.h"
#include "wire/upnp-remote.h"

#include <string.h>

#define LOCATION "http://10.0.0.9:49152/d/description.xml"
#define RENDERER "urn:schemas-upnp-org:device:MediaRenderer:"
#define DEVICE(inside) "<root xmlns='urn:schemas-upnp-org:device-1-0'><device>" inside "</device></root>"
#define IS_RENDERER "<deviceType>" RENDERER "1</deviceType><UDN>uuid:1-2</UDN>"
#define SERVICE(control) "<serviceList><service><serviceType>urn:schemas-upnp-org:service:AVTransport:1" \
    "</serviceType><controlURL>" control "</controlURL></service></serviceList>"

static const struct {
    const char *what, *text;
    int error;           /* -1: taken */
    const char *control; /* of AVTransport; NULL: it has none */
} descriptions[] = {
    { "whole", DEVICE(IS_RENDERER SERVICE("/ctl")), -1, "http://10.0.0.9:49152/ctl" },
    { "beside itself", DEVICE(IS_RENDERER SERVICE("ctl?a=1")), -1, "http://10.0.0.9:49152/d/ctl?a=1" },
    { "absolute", DEVICE(IS_RENDERER SERVICE("http://10.0.0.9:80/ctl")), -1, "http://10.0.0.9:80/ctl" },
    { "another version", DEVICE("<deviceType>" RENDERER "3</deviceType><UDN>uuid:1-2</UDN>"
      SERVICE("/ctl")), -1, "http://10.0.0.9:49152/ctl" },
    { "a base", "<root><URLBase>http://10.0.0.9:8080/x/</URLBase><device>" IS_RENDERER SERVICE("ctl")
      "</device></root>", -1, "http://10.0.0.9:8080/x/ctl" },
    { "inside another", DEVICE("<deviceType>urn:x:device:TV:1</deviceType><UDN>uuid:9</UDN><deviceList>"
      "<device><deviceType>urn:x:device:Lamp:1</deviceType></device><device>" IS_RENDERER SERVICE("/ctl")
      "</device></deviceList>"), -1, "http://10.0.0.9:49152/ctl" },
    /* Nobody sends us elsewhere. */
    { "another host", DEVICE(IS_RENDERER SERVICE("http://10.0.0.1/ctl")), -1, NULL },
    { "a base elsewhere", "<root><URLBase>http://10.0.0.1/</URLBase><device>" IS_RENDERER SERVICE("ctl")
      "</device></root>", -1, NULL },
    { "another scheme", DEVICE(IS_RENDERER SERVICE("file:///etc/passwd")), -1, NULL },
    { "a user", DEVICE(IS_RENDERER SERVICE("http://10.0.0.1@10.0.0.9/ctl")), -1, NULL },
    { "no address", DEVICE(IS_RENDERER SERVICE("")), -1, NULL },
    { "no renderer", DEVICE("<deviceType>urn:x:device:Lamp:1</deviceType><UDN>uuid:1</UDN>"),
      DUO_ERROR_NOT_FOUND, NULL },
    { "no identity", DEVICE("<deviceType>" RENDERER "1</deviceType>"), DUO_ERROR_INVALID, NULL },
    { "no device", "<root/>", DUO_ERROR_NOT_FOUND, NULL },
    { "entities", "<!DOCTYPE root [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><root>&e;</root>",
      DUO_ERROR_INVALID, NULL },
    { "no XML", "hello", DUO_ERROR_INVALID, NULL },
};

static void
test_decode(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(descriptions); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(UpnpRemote) remote = upnp_remote_decode(
            descriptions[i].text, strlen(descriptions[i].text), LOCATION, RENDERER, &error);
        g_test_message("%s: %s", descriptions[i].what, error != NULL ? error->message : "taken");
        if (descriptions[i].error != -1) {
            g_assert_error(error, DUO_ERROR, descriptions[i].error);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpstr(remote->uuid, ==, "1-2");
        g_assert_cmpstr(remote->host, ==, "10.0.0.9");
        g_assert_cmpstr(remote->name, ==, "10.0.0.9"); /* none was given */
        const UpnpRemoteService *service = upnp_remote_service(remote, "AVTransport");
        g_assert_cmpstr(service != NULL ? service->control_url : NULL, ==, descriptions[i].control);
    }
}

static void
test_copy(void)
{
    const char *text =
        DEVICE(IS_RENDERER "<friendlyName> Front &#9; room </friendlyName>"
                           "<manufacturer>M</manufacturer><modelName>N</modelName>" SERVICE("/c"));
    g_autoptr(UpnpRemote) remote = upnp_remote_decode(text, strlen(text), LOCATION, RENDERER, NULL);
    g_autoptr(UpnpRemote) copy = upnp_remote_copy(remote);

    g_clear_pointer(&remote, upnp_remote_free);
    g_assert_cmpstr(copy->name, ==, "Front   room");
    g_assert_cmpstr(copy->model, ==, "M/N/");
    g_assert_nonnull(upnp_remote_service(copy, "AVTransport"));
    g_assert_null(upnp_remote_service(copy, "RenderingControl"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/upnp-remote/decode", test_decode);
    g_test_add_func("/wire/upnp-remote/copy", test_copy);
    return g_test_run();
}
