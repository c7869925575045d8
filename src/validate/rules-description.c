/* rules-description.c -- section 5, clauses 9.3 and 10.4: what device and services say they are */
#include "validate/rules.h"

#include <string.h>

#define NS_DEVICE IGRS_NS_DEVICE

static const char *
text_of(const Tester *t, const char *name)
{
    const char *text = xml_child_text(t->device, name);

    return text != NULL ? text : "";
}

static void
root_form(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    static const char *const order[] = { "deviceTemplateVersion", "device", "protocolVersion" };
    const XmlNode *root = xml_root(t->description), *child = xml_first(root, NULL);

    expect(t, strcmp(xml_name(root), "root") == 0 && g_strcmp0(xml_namespace(root), NS_DEVICE) == 0,
           "no root of " NS_DEVICE);
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        expect(t, child != NULL && strcmp(xml_name(child), order[i]) == 0, "%s is not in its place",
               order[i]);
        child = child != NULL ? xml_next(child, NULL) : NULL;
    }
}

static void
versions(Tester *t, const Rule *rule)
{
    const XmlNode *version = find_element(xml_root(t->description), rule->text);

    expect(t, version != NULL && g_strcmp0(xml_child_text(version, "major"), "1") == 0 &&
                  g_strcmp0(xml_child_text(version, "minor"), "0") == 0,
           "%s is not 1.0", rule->text);
}

static void
children_in_order(Tester *t, const XmlNode *parent, const char *const *order)
{
    guint place = 0;

    for (const XmlNode *child = xml_first(parent, NULL); child != NULL;
         child = xml_next(child, NULL)) {
        guint found = 0;
        while (order[found] != NULL && strcmp(order[found], xml_name(child)) != 0)
            found++;
        if (order[found] == NULL) {
            expect(t, g_strcmp0(xml_namespace(child), NS_DEVICE) != 0,
                   "%s is not of the template", xml_name(child));
            continue;
        }
        expect(t, found >= place, "%s stands too late", xml_name(child));
        place = found;
    }
}

static void
device_order(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    static const char *const order[] = {
        "deviceType", "deviceName", "manufacturer", "manufacturerURL", "modelDescription",
        "modelName", "modelNumber", "modelURL", "serialNumber", "UDN", "DeviceIconURL",
        "joinedGroupList", "deviceSecurityIdList", "serviceList", NULL };

    children_in_order(t, t->device, order);
}

static void
mandatory(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    static const char *const names[] = { "deviceType", "deviceName", "manufacturer", "modelName",
                                         "UDN", "DeviceIconURL", "deviceSecurityIdList" };

    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        expect(t, xml_first(t->device, names[i]) != NULL, "no %s", names[i]);
    expect(t, text_of(t, "deviceName")[0] != '\0', "deviceName is empty");
}

static void
udn(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    expect(t, is_device_id(text_of(t, "UDN")), "UDN is \"%s\"", text_of(t, "UDN"));
}

static void
device_type(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    IgrsType type;

    expect(t, igrs_type_parse(text_of(t, "deviceType"), &type) && !type.is_service,
           "deviceType is \"%s\"", text_of(t, "deviceType"));
}

static void
security_ids(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const XmlNode *list = xml_first(t->device, "deviceSecurityIdList");
    const XmlNode *id = list != NULL ? xml_first(list, "deviceSecurityId") : NULL;
    unsigned count = 0;

    for (; id != NULL; id = xml_next(id, "deviceSecurityId"), count++)
        expect(t, g_str_has_prefix(xml_text(id), IGRS_URN "DeviceSecurity:"), "\"%s\"",
               xml_text(id));
    expect(t, count <= IGRS_DEVICE_SECURITY_MAX, "%u of them", count);
}

static void
service_entries(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    static const char *const order[] = { "serviceType", "serviceId", "serviceName",
                                         "serviceSecurityIdList", NULL };
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    const XmlNode *list = xml_first(t->device, "serviceList");
    const XmlNode *service = list != NULL ? xml_first(list, "service") : NULL;

    for (; service != NULL; service = xml_next(service, "service")) {
        const char *id = xml_child_text(service, "serviceId");
        const char *type = xml_child_text(service, "serviceType");
        IgrsType parsed;
        children_in_order(t, service, order);
        expect(t, is_number(id), "serviceId \"%s\"", id != NULL ? id : "");
        expect(t, id == NULL || g_hash_table_add(ids, (gpointer)id), "serviceId %s twice", id);
        expect(t, type != NULL && igrs_type_parse(type, &parsed) && parsed.is_service,
               "serviceType \"%s\"", type != NULL ? type : "");
        expect(t, xml_child_text(service, "serviceName") != NULL, "no serviceName");
    }
}

static void
fixed_ids(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const XmlNode *list = xml_first(t->device, "serviceList");
    const XmlNode *service = list != NULL ? xml_first(list, "service") : NULL;

    for (; service != NULL; service = xml_next(service, "service")) {
        IgrsType type = { 0 };
        const char *urn = xml_child_text(service, "serviceType");
        if (urn == NULL || !igrs_type_parse(urn, &type))
            continue;
        g_autofree char *id = g_strdup_printf("%u", igrs_service_id(type.name));
        expect(t, strcmp(id, "0") == 0 || g_strcmp0(xml_child_text(service, "serviceId"), id) == 0,
               "%s has the serviceId %s", type.name, xml_child_text(service, "serviceId"));
    }
}

/* By message and by GET it is one document. */
static void
by_message(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Heard *reply = ask(t, IGRS_GET_DEVICE_DESCRIPTION_REQUEST);
    const XmlNode *root = find_element(payload(reply), "root");
    g_autofree char *one = root != NULL ? xml_outer(root) : NULL;
    g_autofree char *other = xml_outer(xml_root(t->description));

    expect_code(t, reply, 200);
    expect(t, g_strcmp0(one, other) == 0, "it differs from the document of GET");
}

/* -- WSDL -------------------------------------------------------------------------------------- */

/* The definitions of each service; each is called for the rule's question. */
static void
each_wsdl(Tester *t, void (*look)(Tester *t, const XmlNode *definitions, const XmlNode *service))
{
    const XmlNode *list = xml_first(t->device, "serviceList");
    const XmlNode *service = list != NULL ? xml_first(list, "service") : NULL;

    open_pipe(t);
    for (; service != NULL && t->failure == NULL; service = xml_next(service, "service")) {
        IgrsMessage *message = say(t, IGRS_GET_SERVICE_DESCRIPTION_REQUEST);
        message->service_id = (uint32_t)strtoul(xml_child_text(service, "serviceId"), NULL, 10);
        const Heard *reply = ask_message(t, message);
        const XmlNode *definitions = find_element(payload(reply), "definitions");
        expect_code(t, reply, 200);
        if (expect(t, definitions != NULL, "no definitions"))
            look(t, definitions, service);
    }
}

#define WSDL(name)                                                                               \
    static void name##_look(Tester *t, const XmlNode *definitions, const XmlNode *service);      \
    static void name(Tester *t, const Rule *rule G_GNUC_UNUSED)                                  \
    {                                                                                            \
        each_wsdl(t, name##_look);                                                               \
    }                                                                                            \
    static void name##_look(Tester *t, const XmlNode *definitions,                               \
                            const XmlNode *service G_GNUC_UNUSED)

WSDL(wsdl_root)
{
    expect(t, g_strcmp0(xml_namespace(definitions), "http://schemas.xmlsoap.org/wsdl/") == 0,
           "definitions is not of WSDL 1.1");
    expect(t, xml_attribute(definitions, "targetNamespace") != NULL, "it has no targetNamespace");
}

WSDL(wsdl_port_types)
{
    static const char *const names[] = { "findServiceAttributePortType",
                                         "subscribeServiceAttributePortType",
                                         "notifyServiceAttributePortType" };
    g_autofree char *text = xml_outer(definitions);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        expect(t, strstr(text, names[i]) != NULL, "no %s", names[i]);
    expect(t, strstr(text, "extends=") != NULL, "nothing extends them");
}

/* Every operation of the service's own portType is bound. */
WSDL(wsdl_operations)
{
    const XmlNode *type = xml_first(definitions, "portType");
    const XmlNode *binding = xml_first(definitions, "binding");
    const XmlNode *operation = type != NULL ? xml_first(type, "operation") : NULL;

    expect(t, operation != NULL && binding != NULL, "no operation, or no binding");
    for (; operation != NULL && binding != NULL; operation = xml_next(operation, "operation")) {
        const char *name = xml_attribute(operation, "name");
        const XmlNode *bound = xml_first(binding, "operation");
        while (bound != NULL && g_strcmp0(xml_attribute(bound, "name"), name) != 0)
            bound = xml_next(bound, "operation");
        expect(t, bound != NULL, "%s is not bound", name != NULL ? name : "an operation");
    }
}

WSDL(wsdl_binding)
{
    g_autofree char *text = xml_outer(definitions);

    expect(t, find_element(definitions, "binding") != NULL, "no binding");
    expect(t, strstr(text, "transport=\"" IGRS_TRANSPORT_PIPE "\"") != NULL,
           "its transport is not " IGRS_TRANSPORT_PIPE);
}

WSDL(wsdl_address)
{
    const XmlNode *address = find_element(definitions, "address");

    expect(t, address != NULL && g_strcmp0(xml_attribute(address, "location"), t->location) == 0,
           "the address is %s",
           address != NULL ? xml_attribute(address, "location") : "missing");
}

WSDL(wsdl_attributes)
{
    for (const XmlNode *type = xml_first(definitions, "portType"); type != NULL;
         type = xml_next(type, "portType"))
        for (const XmlNode *one = xml_first(type, "serviceAttribute"); one != NULL;
             one = xml_next(one, "serviceAttribute")) {
            const char *mutability = xml_attribute(one, "mutability");
            const char *notifiable = xml_attribute(one, "notifiable");
            expect(t, xml_attribute(one, "name") != NULL, "a serviceAttribute without a name");
            expect(t, mutability == NULL || strcmp(mutability, "static") == 0 ||
                          strcmp(mutability, "dynamic") == 0, "mutability %s", mutability);
            expect(t, notifiable == NULL || strcmp(notifiable, "true") == 0 ||
                          strcmp(notifiable, "false") == 0, "notifiable %s", notifiable);
        }
}

static void
wsdl_unknown(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    IgrsMessage *message;

    open_pipe(t);
    message = say(t, IGRS_GET_SERVICE_DESCRIPTION_REQUEST);
    message->service_id = 4000000007u;
    expect_code(t, ask_message(t, message), 404);
}

const Rule description_rules[] = {
    { "device-root", "5, C9.3", "root: template version, device, protocol version", root_form },
    { "device-template-version", "5", "deviceTemplateVersion is 1.0", versions,
      .text = "deviceTemplateVersion" },
    { "device-protocol-version", "5", "protocolVersion is 1.0", versions,
      .text = "protocolVersion" },
    { "device-order", "5", "children of device in their order, others in another namespace",
      device_order },
    { "device-mandatory", "5", "every mandatory child of device is there", mandatory },
    { "device-udn", "5", "UDN is the DeviceId", udn },
    { "device-type", "7", "deviceType is a type of the profile's form", device_type },
    { "device-security-ids", "5", "at most 5 DeviceSecurityIds, each a URN of its kind",
      security_ids },
    { "device-services", "5", "services with type, unique id, name, in order", service_entries },
    { "device-service-ids", "7", "services of the profile have their fixed ids", fixed_ids },
    { "device-by-message", "5, C9.3", "GetDeviceDescription gives the document of GET",
      by_message },
    { "wsdl-root", "5, C10.4", "definitions of WSDL 1.1 with a targetNamespace", wsdl_root,
      NEED_SERVICE },
    { "wsdl-port-types", "5", "the three base portTypes, extended by the service's",
      wsdl_port_types, NEED_SERVICE },
    { "wsdl-operations", "5", "every operation has a name and is bound", wsdl_operations,
      NEED_SERVICE },
    { "wsdl-binding", "5", "a binding to the IGRS pipe", wsdl_binding, NEED_SERVICE },
    { "wsdl-address", "5", "the address is LOCATION", wsdl_address, NEED_SERVICE },
    { "wsdl-attributes", "5", "service attributes are declared in form", wsdl_attributes,
      NEED_SERVICE },
    { "wsdl-unknown", "2, 5", "GetServiceDescription of an unknown service: 404", wsdl_unknown },
    { "wsdl-service-zero", "2, 5", "of ServiceId 0: 400", run_row,
      .send = IGRS_GET_SERVICE_DESCRIPTION_REQUEST,
      .edit = { { EDIT_BODY, "<TargetServiceId>", "<TargetServiceId>0</TargetServiceId><x>" },
                { EDIT_BODY, "</TargetServiceId>", "</x>" },
                { EDIT_BODY, "0</x><x>", "0</TargetServiceId><x>" } }, .code = 400 },
    { NULL },
};
