/* test-igrs-description.c -- wire/igrs-description: the device document both ways, WSDL from a
 * table */
#include "base/error.h"
#include "tests/wire/captures.h"
#include "wire/igrs-description.h"

#include <string.h>

#define TV "urn:IGRS:Device:DeviceId:6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"

static void
test_capture(void)
{
    g_autoptr(GError) error = NULL;
    size_t size;
    g_autofree char *text = capture_read("device.xml", &size);

    g_autoptr(IgrsDescription) description = igrs_description_decode(text, size, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(description->name, ==, "Living room store");
    g_assert_cmpstr(description->icon_url, ==, "http://192.168.7.20:8880/icon.png");
    g_assert_cmpuint(description->security_ids->len, ==, 0);
    g_assert_cmpuint(description->services->len, ==, 1);
    const IgrsServiceEntry *service = g_ptr_array_index(description->services, 0);
    g_assert_cmpuint(service->id, ==, 3);
    g_assert_cmpstr(service->name, ==, "Media library");
    g_assert_cmpstr(g_ptr_array_index(service->security_ids, 0), ==, IGRS_SERVICE_SECURITY_NULL);

    g_autoptr(Device) device =
        igrs_description_device(description, "http://192.168.7.20:3880/IGRS");
    g_assert_cmpstr(device->id, ==, TV);
    g_assert_cmpstr(device->location, ==, "http://192.168.7.20:3880/IGRS");
    g_assert_cmpuint(
        device_find_service(device, "urn:IGRS:Service:ServiceType:AVContentDirectory:1")->id, ==,
        3);
}

static void
test_round_trip(void)
{
    g_autoptr(IgrsDescription) description = igrs_description_new();
    g_autoptr(GError) error = NULL;
    char **texts[] = {
        &description->manufacturer, &description->manufacturer_url, &description->model_description,
        &description->model_name,   &description->model_number,     &description->model_url,
        &description->serial_number, &description->icon_url,        &description->group_id,
        &description->group_name,   &description->entity_type,      &description->name,
    };

    description->type = g_strdup(IGRS_MEDIA_CLIENT);
    description->id = g_strdup(TV);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup_printf("<%u> & \xe4\xb8\xad", i);
    g_ptr_array_add(description->security_ids, g_strdup(IGRS_PIPE_SECURITY_NULL));
    g_ptr_array_add(description->security_ids, g_strdup(IGRS_PIPE_SECURITY_PSK));
    igrs_description_add_service(description, 3, "urn:IGRS:Service:ServiceType:AVTransport:1",
                                 "Play");
    igrs_description_add_service(description, 4,
                                 "urn:IGRS:Service:ServiceType:AVRenderingControl:1", "Vol");
    g_autofree char *text = igrs_description_encode(description);
    g_autoptr(IgrsDescription) back = igrs_description_decode(text, strlen(text), &error);
    g_assert_no_error(error);
    g_autofree char *again = igrs_description_encode(back);
    g_assert_cmpstr(text, ==, again);
    g_assert_cmpstr(back->entity_type, ==, description->entity_type);
    g_assert_cmpstr(back->group_name, ==, description->group_name);
    g_assert_cmpuint(back->security_ids->len, ==, 2);
    g_assert_cmpuint(back->services->len, ==, 2);
}

static void
test_bad(void)
{
#define ROOT(device) "<root xmlns=\"" IGRS_NS_DEVICE "\"><device>" device "</device></root>"
#define TYPE "<deviceType>" IGRS_MEDIA_SERVER "</deviceType>"
#define UDN "<UDN>" TV "</UDN>"
    static const char *const bad[] = {
        "", "<root/>", "<device/>", ROOT(""), ROOT(TYPE), ROOT(UDN), ROOT(TYPE "<UDN>uuid:1</UDN>"),
        ROOT(TYPE UDN "<serviceList><service><serviceId>1</serviceId></service></serviceList>"),
        ROOT(TYPE UDN "<serviceList><service><serviceType>x</serviceType><serviceId>0</serviceId>"
             "</service></serviceList>"),
        "<!DOCTYPE root>" ROOT(TYPE UDN),
    };

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(igrs_description_decode(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    }
    g_autoptr(IgrsDescription) least =
        igrs_description_decode(ROOT(TYPE UDN), strlen(ROOT(TYPE UDN)), NULL);
    g_assert_nonnull(least);
}

/* -- WSDL ---------------------------------------------------------------------------------------
 */

static const char *const modes[] = { "NORMAL", "SHUFFLE", NULL };
static const ServiceVariable variables[] = {
    { "PlayMode", SERVICE_STRING, .allowed = modes },
    { "Volume", SERVICE_UI2, .is_evented = true, .max = 100, .step = 1 },
    { NULL, .min = 0 },
};
static const ServiceAction actions[] = {
    { "SetVolume", false, NULL, { { "Wanted", "Volume", false }, { "Was", "Volume", true } } },
    { "SetMode", false, NULL, { { "Mode", "PlayMode", false } } },
    { NULL, .invoke = NULL },
};
static const ServiceTable table = { "AVRenderingControl", 1, variables, actions, .free = NULL };

/* The one element at a path of names below node, told apart by its name attribute. */
static const XmlNode *
find(const XmlNode *node, const char *element, const char *name)
{
    for (node = xml_first(node, element); node != NULL; node = xml_next(node, element))
        if (name == NULL || g_strcmp0(xml_attribute(node, "name"), name) == 0)
            return node;
    return NULL;
}

static void
test_wsdl(void)
{
    g_autofree char *text = igrs_service_description_encode(&table, 4, "Volume & more",
                                                            "http://192.168.7.20:3880/IGRS");
    g_autoptr(GError) error = NULL;
    g_autoptr(XmlDocument) document = xml_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    const XmlNode *root = xml_root(document),
                  *schema = find(find(root, "types", NULL), "schema", NULL);
    g_assert_cmpstr(xml_name(root), ==, "definitions");
    g_assert_cmpstr(xml_attribute(root, "targetNamespace"), ==,
                    "urn:IGRS:Service:ServiceType:AVRenderingControl:1");
    const XmlNode *range = find(find(schema, "simpleType", "Volume"), "restriction", NULL);
    g_assert_cmpstr(xml_attribute(range, "base"), ==, "xsd:unsignedShort");
    g_assert_cmpstr(xml_attribute(find(range, "maxInclusive", NULL), "value"), ==, "100");
    const XmlNode *modes_node = find(find(schema, "simpleType", "PlayMode"), "restriction", NULL);
    g_assert_cmpstr(xml_attribute(find(modes_node, "enumeration", NULL), "value"), ==, "NORMAL");
    const XmlNode *response = find(schema, "element", "SetVolumeResponse");
    const XmlNode *sequence = find(find(response, "complexType", NULL), "sequence", NULL);
    g_assert_cmpstr(xml_attribute(find(sequence, "element", "Was"), "type"), ==, "tns:Volume");
    g_assert_null(find(sequence, "element", "Wanted"));

    const XmlNode *port_type = find(root, "portType", "AVRenderingControlPortType");
    g_assert_nonnull(find(port_type, "serviceAttribute", "Volume"));
    g_assert_null(find(port_type, "serviceAttribute", "PlayMode"));
    g_assert_nonnull(find(port_type, "operation", "SetMode"));
    const XmlNode *values = find(port_type, "staticServiceAttributeValues", NULL);
    g_assert_cmpstr(xml_child_text(values, "ServiceId"), ==, "4");
    g_assert_cmpstr(xml_child_text(values, "ServiceName"), ==, "Volume & more");

    /* every message an operation names is there */
    for (const XmlNode *operation = xml_first(port_type, "operation"); operation != NULL;
         operation = xml_next(operation, "operation")) {
        for (const XmlNode *side = xml_first(operation, NULL); side != NULL;
             side = xml_next(side, NULL))
            g_assert_nonnull(
                find(root, "message", xml_attribute(side, "message") + strlen("tns:")));
    }
    const XmlNode *binding = find(root, "binding", "AVRenderingControlBinding");
    g_assert_cmpstr(xml_attribute(find(binding, "binding", NULL), "transport"), ==,
                    IGRS_TRANSPORT_PIPE);
    const XmlNode *port = find(find(root, "service", NULL), "port", NULL);
    g_assert_cmpstr(xml_attribute(find(port, "address", NULL), "location"), ==,
                    "http://192.168.7.20:3880/IGRS");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/igrs-description/capture", test_capture);
    g_test_add_func("/wire/igrs-description/round-trip", test_round_trip);
    g_test_add_func("/wire/igrs-description/bad", test_bad);
    g_test_add_func("/wire/igrs-description/wsdl", test_wsdl);
    return g_test_run();
}
