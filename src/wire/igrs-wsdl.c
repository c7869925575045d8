/* igrs-wsdl.c -- a service's table printed as WSDL 1.1 (FACTS.md 4.5); see igrs-description.h
 *
 * Target namespace is the service type. The port type extends the three of every IGRS service;
 * evented variables are its service attributes; the binding is document/literal over a pipe. */
#include "wire/igrs-description.h"

#include "wire/xml.h"

#define NS_WSDL "http://schemas.xmlsoap.org/wsdl/"
#define NS_XSD "http://www.w3.org/2001/XMLSchema"
#define BASE_PORT_TYPES \
    "igrs:" IGRS_PORT_TYPE_FIND " igrs:" IGRS_PORT_TYPE_SUBSCRIBE " igrs:" IGRS_PORT_TYPE_NOTIFY

static const char *const xsd_types[] = {
    [SERVICE_STRING] = "xsd:string",         [SERVICE_URI] = "xsd:anyURI",
    [SERVICE_BOOLEAN] = "xsd:boolean",       [SERVICE_UI2] = "xsd:unsignedShort",
    [SERVICE_UI4] = "xsd:unsignedInt",       [SERVICE_I2] = "xsd:short",
    [SERVICE_I4] = "xsd:int",
};

static void
write_joined(XmlWriter *writer, const char *attribute, const char *a, const char *b, const char *c)
{
    g_autofree char *value = g_strconcat(a, b, c, NULL);

    xml_write_attribute(writer, attribute, value);
}

static void
write_bound(XmlWriter *writer, const char *facet, int64_t value)
{
    xml_write_start(writer, facet);
    xml_write_attribute_number(writer, "value", value);
    xml_write_end(writer);
}

/* Elements of whatever kind. */
static void
write_open_type(XmlWriter *writer, const char *name)
{
    xml_write_start(writer, "xsd:complexType");
    xml_write_attribute(writer, "name", name);
    xml_write_start(writer, "xsd:sequence");
    xml_write_start(writer, "xsd:any");
    xml_write_attribute(writer, "processContents", "skip");
    xml_write_attribute(writer, "minOccurs", "0");
    xml_write_attribute(writer, "maxOccurs", "unbounded");
    xml_write_end(writer);
    xml_write_end(writer);
    xml_write_end(writer);
}

static void
write_variable(XmlWriter *writer, const ServiceVariable *variable)
{
    if (variable->type == SERVICE_XML) {
        write_open_type(writer, variable->name);
        return;
    }
    xml_write_start(writer, "xsd:simpleType");
    xml_write_attribute(writer, "name", variable->name);
    xml_write_start(writer, "xsd:restriction");
    xml_write_attribute(writer, "base", xsd_types[variable->type]);
    for (const char *const *value = variable->allowed; value != NULL && *value != NULL; value++) {
        xml_write_start(writer, "xsd:enumeration");
        xml_write_attribute(writer, "value", *value);
        xml_write_end(writer);
    }
    if (variable->max > variable->min) {
        write_bound(writer, "xsd:minInclusive", variable->min);
        write_bound(writer, "xsd:maxInclusive", variable->max);
    }
    xml_write_end(writer);
    xml_write_end(writer);
}

/* The element of a request (is_out false) or a response. */
static void
write_element(XmlWriter *writer, const ServiceAction *action, bool is_out)
{
    xml_write_start(writer, "xsd:element");
    write_joined(writer, "name", action->name, is_out ? IGRS_OP_RESPONSE : "", "");
    xml_write_start(writer, "xsd:complexType");
    xml_write_start(writer, "xsd:sequence");
    for (const ServiceArgument *argument = action->arguments; argument->name != NULL; argument++) {
        if (argument->is_out != is_out)
            continue;
        xml_write_start(writer, "xsd:element");
        xml_write_attribute(writer, "name", argument->name);
        write_joined(writer, "type", "tns:", argument->variable, "");
        xml_write_end(writer);
    }
    xml_write_end(writer);
    xml_write_end(writer);
    xml_write_end(writer);
}

static void
write_types(XmlWriter *writer, const ServiceTable *table, const char *type)
{
    xml_write_start(writer, "types");
    xml_write_start(writer, "xsd:schema");
    xml_write_attribute(writer, "targetNamespace", type);
    for (const ServiceVariable *variable = table->variables; variable->name != NULL; variable++)
        write_variable(writer, variable);
    for (const ServiceAction *action = table->actions; action->name != NULL; action++) {
        write_element(writer, action, false);
        write_element(writer, action, true);
    }
    xml_write_end(writer);
    xml_write_end(writer);
}

static void
write_message(XmlWriter *writer, const char *action, const char *suffix, const char *element_suffix)
{
    xml_write_start(writer, "message");
    write_joined(writer, "name", action, suffix, "");
    xml_write_start(writer, "part");
    xml_write_attribute(writer, "name", "parameters");
    write_joined(writer, "element", "tns:", action, element_suffix);
    xml_write_end(writer);
    xml_write_end(writer);
}

static void
write_attributes(XmlWriter *writer, const ServiceTable *table, uint32_t id, const char *name,
                 const char *type)
{
    for (const ServiceVariable *variable = table->variables; variable->name != NULL; variable++) {
        if (!variable->is_evented)
            continue;
        xml_write_start(writer, "igrs:serviceAttribute");
        xml_write_attribute(writer, "name", variable->name);
        write_joined(writer, "type", "tns:", variable->name, "");
        xml_write_attribute(writer, "minOccurs", "1");
        xml_write_attribute(writer, "maxOccurs", "1");
        xml_write_attribute(writer, "mutability", "dynamic");
        xml_write_attribute(writer, "notifiable", "true");
        xml_write_end(writer);
    }
    xml_write_start(writer, "igrs:staticServiceAttributeValues");
    xml_write_leaf_number(writer, "igrs:ServiceId", id);
    xml_write_leaf(writer, "igrs:ServiceName", name);
    xml_write_leaf(writer, "igrs:ServiceType", type);
    xml_write_end(writer);
}

static void
write_port_type(XmlWriter *writer, const ServiceTable *table, uint32_t id, const char *name,
                const char *type)
{
    xml_write_start(writer, "portType");
    write_joined(writer, "name", table->name, "PortType", "");
    xml_write_attribute(writer, "igrs:extends", BASE_PORT_TYPES);
    write_attributes(writer, table, id, name, type);
    for (const ServiceAction *action = table->actions; action->name != NULL; action++) {
        xml_write_start(writer, "operation");
        xml_write_attribute(writer, "name", action->name);
        xml_write_start(writer, "input");
        write_joined(writer, "message", "tns:", action->name, "Input");
        xml_write_end(writer);
        xml_write_start(writer, "output");
        write_joined(writer, "message", "tns:", action->name, "Output");
        xml_write_end(writer);
        xml_write_end(writer);
    }
    xml_write_end(writer);
}

static void
write_literal(XmlWriter *writer, const char *direction)
{
    xml_write_start(writer, direction);
    xml_write_start(writer, "pipe:body");
    xml_write_attribute(writer, "use", "literal");
    xml_write_end(writer);
    xml_write_end(writer);
}

static void
write_binding(XmlWriter *writer, const ServiceTable *table, const char *type)
{
    xml_write_start(writer, "binding");
    write_joined(writer, "name", table->name, "Binding", "");
    write_joined(writer, "type", "tns:", table->name, "PortType");
    xml_write_start(writer, "pipe:binding");
    xml_write_attribute(writer, "transport", IGRS_TRANSPORT_PIPE);
    xml_write_attribute(writer, "style", "document");
    xml_write_end(writer);
    for (const ServiceAction *action = table->actions; action->name != NULL; action++) {
        xml_write_start(writer, "operation");
        xml_write_attribute(writer, "name", action->name);
        xml_write_start(writer, "pipe:operation");
        write_joined(writer, "soapAction", type, "#", action->name);
        xml_write_attribute(writer, "style", "document");
        xml_write_end(writer);
        write_literal(writer, "input");
        write_literal(writer, "output");
        xml_write_end(writer);
    }
    xml_write_end(writer);
}

static void
write_service(XmlWriter *writer, const ServiceTable *table, const char *location)
{
    xml_write_start(writer, "service");
    xml_write_attribute(writer, "name", table->name);
    xml_write_start(writer, "port");
    write_joined(writer, "name", table->name, "Port", "");
    write_joined(writer, "binding", "tns:", table->name, "Binding");
    xml_write_start(writer, "pipe:address");
    xml_write_attribute(writer, "location", location);
    xml_write_end(writer);
    xml_write_end(writer);
    xml_write_end(writer);
}

char *
igrs_service_description_encode(const ServiceTable *table, uint32_t service_id, const char *name,
                                const char *location)
{
    g_autofree char *type = igrs_service_type_new(table->name, table->version);
    XmlWriter writer;

    xml_writer_init(&writer, g_string_sized_new(16 * 1024));
    xml_write_start(&writer, "definitions");
    xml_write_attribute(&writer, "xmlns", NS_WSDL);
    xml_write_attribute(&writer, "xmlns:xsd", NS_XSD);
    xml_write_attribute(&writer, "xmlns:igrs", IGRS_NS_SERVICE);
    xml_write_attribute(&writer, "xmlns:pipe", IGRS_NS_BINDING);
    xml_write_attribute(&writer, "xmlns:tns", type);
    xml_write_attribute(&writer, "name", table->name);
    xml_write_attribute(&writer, "targetNamespace", type);
    write_types(&writer, table, type);
    for (const ServiceAction *action = table->actions; action->name != NULL; action++) {
        write_message(&writer, action->name, "Input", "");
        write_message(&writer, action->name, "Output", IGRS_OP_RESPONSE);
    }
    write_port_type(&writer, table, service_id, name, type);
    write_binding(&writer, table, type);
    write_service(&writer, table, location);
    xml_write_end(&writer);
    return g_string_free(writer.out, FALSE);
}
