/* soap.c -- see soap.h */
#include "wire/soap.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

bool
soap_is_envelope_namespace(const char *uri)
{
    static const char *const namespaces[] = { SOAP_NS_DRAFT, SOAP_NS_1_1, SOAP_NS_1_2, NULL };

    return g_strv_contains(namespaces, uri);
}

/* -- Operations ------------------------------------------------------------------------------- */

static void
argument_free(gpointer data)
{
    SoapArgument *argument = data;

    g_free(argument->name);
    g_free(argument->value);
    g_free(argument);
}

SoapCall *
soap_call_new(const char *namespace, const char *name)
{
    SoapCall *call = g_new(SoapCall, 1);

    *call = (SoapCall){ g_strdup(name), g_strdup(namespace),
                        g_ptr_array_new_with_free_func(argument_free) };
    return call;
}

void
soap_call_free(SoapCall *call)
{
    if (call == NULL)
        return;
    g_free(call->name);
    g_free(call->namespace);
    g_ptr_array_unref(call->arguments);
    g_free(call);
}

static void
take(SoapCall *call, const char *name, char *value, bool is_xml)
{
    SoapArgument *argument = g_new(SoapArgument, 1);

    *argument = (SoapArgument){ g_strdup(name), value, is_xml };
    g_ptr_array_add(call->arguments, argument);
}

void
soap_call_add(SoapCall *call, const char *name, const char *value)
{
    take(call, name, g_strdup(value == NULL ? "" : value), false);
}

void
soap_call_take(SoapCall *call, const char *name, char *value)
{
    take(call, name, value, false);
}

void
soap_call_take_xml(SoapCall *call, const char *name, char *xml)
{
    take(call, name, xml, true);
}

const SoapArgument *
soap_call_argument(const SoapCall *call, const char *name)
{
    for (guint i = 0; i < call->arguments->len; i++) {
        const SoapArgument *argument = g_ptr_array_index(call->arguments, i);
        if (strcmp(argument->name, name) == 0)
            return argument;
    }
    return NULL;
}

const char *
soap_call_value(const SoapCall *call, const char *name)
{
    const SoapArgument *argument = soap_call_argument(call, name);

    return argument == NULL ? NULL : argument->value;
}

void
soap_call_write(const SoapCall *call, XmlWriter *writer)
{
    g_autofree char *name = call->namespace == NULL ? NULL : g_strconcat("u:", call->name, NULL);

    xml_write_start(writer, name == NULL ? call->name : name);
    if (call->namespace != NULL)
        xml_write_attribute(writer, "xmlns:u", call->namespace);
    else
        xml_write_attribute(writer, "xmlns", ""); /* not that of what stands around it */
    for (guint i = 0; i < call->arguments->len; i++) {
        const SoapArgument *argument = g_ptr_array_index(call->arguments, i);
        if (!argument->is_xml) {
            xml_write_leaf(writer, argument->name, argument->value);
            continue;
        }
        xml_write_start(writer, argument->name);
        xml_write_raw(writer, argument->value);
        xml_write_end(writer);
    }
    xml_write_end(writer);
}

SoapCall *
soap_call_read(const XmlNode *node, GError **error)
{
    g_autoptr(SoapCall) call = soap_call_new(xml_namespace(node), xml_name(node));

    for (const XmlNode *child = xml_first(node, NULL); child != NULL;
         child = xml_next(child, NULL)) {
        bool is_xml = xml_first(child, NULL) != NULL;
        if (call->arguments->len == SOAP_ARGUMENTS_MAX) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "%s has more than %d arguments",
                        call->name, SOAP_ARGUMENTS_MAX);
            return NULL;
        }
        take(call, xml_name(child), is_xml ? xml_inner(child) : g_strdup(xml_text(child)), is_xml);
    }
    return g_steal_pointer(&call);
}

/* -- Envelopes -------------------------------------------------------------------------------- */

typedef struct {
    const char *envelope, *body, *prefix, *namespace, *encoding_style;
} Form;

static const Form igrs_form = { "SOAP-ENV:Envelope", "SOAP-ENV:Body", "xmlns:SOAP-ENV",
                                SOAP_NS_DRAFT, "SOAP-ENV:encodingStyle" };
static const Form upnp_form = { "s:Envelope", "s:Body", "xmlns:s", SOAP_NS_1_1, "s:encodingStyle" };

static void
write_start(XmlWriter *writer, const Form *form)
{
    xml_write_declaration(writer);
    xml_write_start(writer, form->envelope);
    xml_write_attribute(writer, form->prefix, form->namespace);
    xml_write_attribute(writer, form->encoding_style, SOAP_NS_ENCODING);
    xml_write_start(writer, form->body);
}

void
soap_write_start(XmlWriter *writer)
{
    write_start(writer, &igrs_form);
}

void
soap_write_end(XmlWriter *writer)
{
    xml_write_end(writer);
    xml_write_end(writer);
}

const XmlNode *
soap_body(const XmlDocument *document, GError **error)
{
    const XmlNode *envelope = xml_root(document);
    const XmlNode *body = xml_first(envelope, "Body");
    const XmlNode *child = body == NULL ? NULL : xml_first(body, NULL);

    if (strcmp(xml_name(envelope), "Envelope") != 0 || child == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "no SOAP envelope with something in its Body");
        return NULL;
    }
    return child;
}

/* -- UPnP ------------------------------------------------------------------------------------- */

#define UPNP_NS_CONTROL "urn:schemas-upnp-org:control-1-0"

void
soap_fault_clear(SoapFault *fault)
{
    g_free(fault->description);
    *fault = (SoapFault){ 0 };
}

GString *
soap_encode(const SoapCall *call)
{
    XmlWriter writer;

    xml_writer_init(&writer, g_string_sized_new(1024));
    write_start(&writer, &upnp_form);
    soap_call_write(call, &writer);
    soap_write_end(&writer);
    return writer.out;
}

GString *
soap_encode_fault(int code, const char *description)
{
    XmlWriter writer;

    xml_writer_init(&writer, g_string_sized_new(512));
    write_start(&writer, &upnp_form);
    xml_write_start(&writer, "s:Fault");
    xml_write_leaf(&writer, "faultcode", "s:Client");
    xml_write_leaf(&writer, "faultstring", "UPnPError");
    xml_write_start(&writer, "detail");
    xml_write_start(&writer, "UPnPError");
    xml_write_attribute(&writer, "xmlns", UPNP_NS_CONTROL);
    xml_write_leaf_number(&writer, "errorCode", code);
    xml_write_leaf(&writer, "errorDescription", description);
    xml_write_end(&writer);
    xml_write_end(&writer);
    xml_write_end(&writer);
    soap_write_end(&writer);
    return writer.out;
}

/* SOAP 1.2 spells it with a capital letter. */
static void
read_fault(const XmlNode *node, SoapFault *fault)
{
    const XmlNode *detail = xml_first(node, "detail");
    uint32_t code;

    if (detail == NULL)
        detail = xml_first(node, "Detail");
    const XmlNode *upnp = detail == NULL ? NULL : xml_first(detail, "UPnPError");
    const char *number = upnp == NULL ? NULL : xml_child_text(upnp, "errorCode");
    const char *words = upnp == NULL ? NULL : xml_child_text(upnp, "errorDescription");
    g_autofree char *digits = number == NULL ? NULL : g_strstrip(g_strdup(number));
    if (digits != NULL && text_to_u32(digits, 1, 9999, &code))
        fault->code = (int)code;
    fault->description = g_strdup(words != NULL ? words : xml_child_text(node, "faultstring"));
}

SoapCall *
soap_decode(const char *data, size_t size, SoapFault *fault, GError **error)
{
    g_autoptr(XmlDocument) document = xml_parse(data, size, error);
    const XmlNode *child = document == NULL ? NULL : soap_body(document, error);

    *fault = (SoapFault){ 0 };
    if (child == NULL)
        return NULL;
    if (strcmp(xml_name(child), "Fault") == 0) {
        read_fault(child, fault);
        return NULL;
    }
    return soap_call_read(child, error);
}
