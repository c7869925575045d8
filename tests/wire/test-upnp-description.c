/* test-upnp-description.c -- wire/upnp-description: a device and a service on paper */
#include "wire/upnp-description.h"
#include "wire/xml.h"

#include <string.h>

static XmlDocument *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    XmlDocument *document = xml_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return document;
}

/* Names are cut below 64 octets, between letters (UDA 1.1, 2.3). */
static const struct {
    const char *unit;
    guint count, kept;
} names[] = { { "a", 10, 10 }, { "a", 63, 63 }, { "a", 64, 63 }, { "\xe5\xa4\x9a", 30, 21 } };

static void
test_names(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GString) name = g_string_new(NULL);
        g_autoptr(GString) expected = g_string_new(NULL);
        for (guint n = 0; n < names[i].count; n++)
            g_string_append(name, names[i].unit);
        for (guint n = 0; n < names[i].kept; n++)
            g_string_append(expected, names[i].unit);
        g_autofree char *text = upnp_description_encode(
            &(UpnpDescription){ .type = "t", .name = name->str, .udn = "uuid:1" });
        g_autoptr(XmlDocument) document = parse(text);
        const XmlNode *device = xml_first(xml_root(document), "device");
        g_assert_cmpstr(xml_child_text(device, "friendlyName"), ==, expected->str);
    }
}

static void
test_device(void)
{
    static const UpnpTag tags[] = {
        { "dlna", "urn:schemas-dlna-org:device-1-0", "dlna:X_DLNADOC", "DMS-1.50" },
        { NULL, NULL, NULL, NULL },
    };
    static const UpnpIcon icons[] = { { "image/png", 48, 48, 24, "/i.png" },
                                      { NULL, 0, 0, 0, NULL } };
    static const UpnpServiceEntry services[] = {
        { "urn:a:service:B:1", "urn:a:serviceId:B", "/s", "/c", "/e" },
        { NULL, NULL, NULL, NULL, NULL },
    };
    g_autofree char *text = upnp_description_encode(&(UpnpDescription){
        .type = "urn:schemas-upnp-org:device:MediaServer:1", .name = "<Nas>", .udn = "uuid:1",
        .manufacturer = "m", .presentation_url = "/", .tags = tags, .icons = icons,
        .services = services,
    });
    g_autoptr(XmlDocument) document = parse(text);
    const XmlNode *device = xml_first(xml_root(document), "device");
    const XmlNode *icon = xml_first(xml_first(device, "iconList"), "icon");
    const XmlNode *service = xml_first(xml_first(device, "serviceList"), "service");

    g_assert_cmpstr(xml_namespace(device), ==, "urn:schemas-upnp-org:device-1-0");
    g_assert_cmpstr(xml_child_text(device, "friendlyName"), ==, "<Nas>");
    g_assert_null(xml_child_text(device, "modelNumber")); /* not known, not said */
    g_assert_cmpstr(xml_namespace(xml_first(device, "X_DLNADOC")), ==, tags[0].namespace);
    g_assert_cmpstr(xml_child_text(icon, "width"), ==, "48");
    g_assert_cmpstr(xml_child_text(service, "controlURL"), ==, "/c");
    g_assert_cmpstr(xml_child_text(service, "eventSubURL"), ==, "/e");
}

static void
test_service(void)
{
    static const char *const modes[] = { "A", "B", NULL };
    static const ServiceVariable variables[] = {
        { .name = "Mode", .type = SERVICE_STRING, .allowed = modes },
        { .name = "Volume", .type = SERVICE_UI2, .is_evented = true, .min = 0, .max = 100, .step = 1 },
        { .name = NULL },
    };
    static const ServiceAction actions[] = {
        { "Set", false, NULL, { SERVICE_IN("NewMode", "Mode"), SERVICE_OUT("Now", "Volume") } },
        { "Rest", false, NULL, { { NULL, NULL, false } } },
        { .name = NULL },
    };
    static const ServiceTable table = { .name = "X", .version = 1, .variables = variables,
                                        .actions = actions };
    g_autofree char *text = upnp_scpd_encode(&table);
    g_autoptr(XmlDocument) document = parse(text);
    const XmlNode *action = xml_first(xml_first(xml_root(document), "actionList"), "action");
    const XmlNode *in = xml_first(xml_first(action, "argumentList"), "argument");
    const XmlNode *state = xml_first(xml_root(document), "serviceStateTable");
    const XmlNode *mode = xml_first(state, "stateVariable"),
                  *volume = xml_next(mode, "stateVariable");

    g_assert_cmpstr(xml_child_text(action, "name"), ==, "Set");
    g_assert_cmpstr(xml_child_text(in, "direction"), ==, "in");
    g_assert_cmpstr(xml_child_text(in, "relatedStateVariable"), ==, "Mode");
    g_assert_cmpstr(xml_child_text(xml_next(in, "argument"), "direction"), ==, "out");
    /* No empty list for an action without arguments: the schema has none. */
    g_assert_null(xml_first(xml_next(action, "action"), "argumentList"));
    g_assert_cmpstr(xml_attribute(mode, "sendEvents"), ==, "no");
    g_assert_cmpstr(xml_child_text(xml_first(mode, "allowedValueList"), "allowedValue"), ==, "A");
    g_assert_null(xml_first(mode, "allowedValueRange"));
    g_assert_cmpstr(xml_attribute(volume, "sendEvents"), ==, "yes");
    g_assert_cmpstr(xml_child_text(volume, "dataType"), ==, "ui2");
    g_assert_cmpstr(xml_child_text(xml_first(volume, "allowedValueRange"), "maximum"), ==, "100");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/upnp-description/names", test_names);
    g_test_add_func("/wire/upnp-description/device", test_device);
    g_test_add_func("/wire/upnp-description/service", test_service);
    return g_test_run();
}
