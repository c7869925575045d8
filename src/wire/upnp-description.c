/* upnp-description.c -- see upnp-description.h */
#include "wire/upnp-description.h"

#include "wire/xml.h"

#include <string.h>

#define NS_DEVICE "urn:schemas-upnp-org:device-1-0"
#define NS_SERVICE "urn:schemas-upnp-org:service-1-0"
#define NAME_MAX_SIZE 63 /* octets: "short user-friendly title", less than 64 */

static void
write_optional(XmlWriter *writer, const char *name, const char *text)
{
    if (text != NULL)
        xml_write_leaf(writer, name, text);
}

static void
write_version(XmlWriter *writer)
{
    xml_write_start(writer, "specVersion");
    xml_write_leaf_number(writer, "major", 1);
    xml_write_leaf_number(writer, "minor", 0);
    xml_write_end(writer);
}

/* -- The device ------------------------------------------------------------------------------- */

/* Cut where a letter begins. */
static void
write_name(XmlWriter *writer, const char *name)
{
    size_t size = strlen(name);

    if (size > NAME_MAX_SIZE) {
        const char *end = g_utf8_find_prev_char(name, name + NAME_MAX_SIZE + 1);
        size = end != NULL ? (size_t)(end - name) : 0;
    }
    g_autofree char *text = g_strndup(name, size);
    xml_write_leaf(writer, "friendlyName", text);
}

static void
write_tag(XmlWriter *writer, const UpnpTag *tag)
{
    g_autofree char *declaration = g_strconcat("xmlns:", tag->prefix, NULL);

    xml_write_start(writer, tag->name);
    xml_write_attribute(writer, declaration, tag->namespace);
    xml_write_text(writer, tag->value);
    xml_write_end(writer);
}

static void
write_icons(XmlWriter *writer, const UpnpIcon *icons)
{
    if (icons == NULL)
        return;
    xml_write_start(writer, "iconList");
    for (const UpnpIcon *icon = icons; icon->mime != NULL; icon++) {
        xml_write_start(writer, "icon");
        xml_write_leaf(writer, "mimetype", icon->mime);
        xml_write_leaf_number(writer, "width", icon->width);
        xml_write_leaf_number(writer, "height", icon->height);
        xml_write_leaf_number(writer, "depth", icon->depth);
        xml_write_leaf(writer, "url", icon->url);
        xml_write_end(writer);
    }
    xml_write_end(writer);
}

static void
write_services(XmlWriter *writer, const UpnpServiceEntry *services)
{
    xml_write_start(writer, "serviceList");
    for (const UpnpServiceEntry *service = services; service != NULL && service->type != NULL;
         service++) {
        xml_write_start(writer, "service");
        xml_write_leaf(writer, "serviceType", service->type);
        xml_write_leaf(writer, "serviceId", service->id);
        xml_write_leaf(writer, "SCPDURL", service->scpd_url);
        xml_write_leaf(writer, "controlURL", service->control_url);
        xml_write_leaf(writer, "eventSubURL", service->event_url);
        xml_write_end(writer);
    }
    xml_write_end(writer);
}

char *
upnp_description_encode(const UpnpDescription *description)
{
    GString *out = g_string_sized_new(4096);
    XmlWriter writer;

    xml_writer_init(&writer, out);
    xml_write_declaration(&writer);
    xml_write_start(&writer, "root");
    xml_write_attribute(&writer, "xmlns", NS_DEVICE);
    write_version(&writer);
    xml_write_start(&writer, "device");
    xml_write_leaf(&writer, "deviceType", description->type);
    write_name(&writer, description->name);
    write_optional(&writer, "manufacturer", description->manufacturer);
    write_optional(&writer, "manufacturerURL", description->manufacturer_url);
    write_optional(&writer, "modelDescription", description->model_description);
    write_optional(&writer, "modelName", description->model_name);
    write_optional(&writer, "modelNumber", description->model_number);
    write_optional(&writer, "modelURL", description->model_url);
    write_optional(&writer, "serialNumber", description->serial_number);
    xml_write_leaf(&writer, "UDN", description->udn);
    for (const UpnpTag *tag = description->tags; tag != NULL && tag->prefix != NULL; tag++)
        write_tag(&writer, tag);
    write_icons(&writer, description->icons);
    write_services(&writer, description->services);
    write_optional(&writer, "presentationURL", description->presentation_url);
    xml_write_end(&writer);
    xml_write_end(&writer);
    return g_string_free(out, FALSE);
}

/* -- A service -------------------------------------------------------------------------------- */

static const char *const data_types[] = {
    [SERVICE_STRING] = "string", [SERVICE_URI] = "uri", [SERVICE_BOOLEAN] = "boolean",
    [SERVICE_UI2] = "ui2",       [SERVICE_UI4] = "ui4", [SERVICE_I2] = "i2",
    [SERVICE_I4] = "i4",
};

static void
write_action(XmlWriter *writer, const ServiceAction *action)
{
    xml_write_start(writer, "action");
    xml_write_leaf(writer, "name", action->name);
    if (action->arguments[0].variable != NULL) {
        xml_write_start(writer, "argumentList");
        for (const ServiceArgument *argument = action->arguments; argument->variable != NULL;
             argument++) {
            xml_write_start(writer, "argument");
            xml_write_leaf(writer, "name", argument->name);
            xml_write_leaf(writer, "direction", argument->is_out ? "out" : "in");
            xml_write_leaf(writer, "relatedStateVariable", argument->variable);
            xml_write_end(writer);
        }
        xml_write_end(writer);
    }
    xml_write_end(writer);
}

static void
write_values(XmlWriter *writer, const ServiceVariable *variable)
{
    if (variable->allowed != NULL) {
        xml_write_start(writer, "allowedValueList");
        for (const char *const *value = variable->allowed; *value != NULL; value++)
            xml_write_leaf(writer, "allowedValue", *value);
        xml_write_end(writer);
    }
    if (variable->max > variable->min) {
        xml_write_start(writer, "allowedValueRange");
        xml_write_leaf_number(writer, "minimum", variable->min);
        xml_write_leaf_number(writer, "maximum", variable->max);
        if (variable->step != 0)
            xml_write_leaf_number(writer, "step", variable->step);
        xml_write_end(writer);
    }
}

char *
upnp_scpd_encode(const ServiceTable *table)
{
    GString *out = g_string_sized_new(8192);
    XmlWriter writer;

    xml_writer_init(&writer, out);
    xml_write_declaration(&writer);
    xml_write_start(&writer, "scpd");
    xml_write_attribute(&writer, "xmlns", NS_SERVICE);
    write_version(&writer);
    xml_write_start(&writer, "actionList");
    for (const ServiceAction *action = table->actions; action->name != NULL; action++)
        write_action(&writer, action);
    xml_write_end(&writer);
    xml_write_start(&writer, "serviceStateTable");
    for (const ServiceVariable *variable = table->variables; variable->name != NULL; variable++) {
        xml_write_start(&writer, "stateVariable");
        xml_write_attribute(&writer, "sendEvents", variable->is_evented ? "yes" : "no");
        xml_write_leaf(&writer, "name", variable->name);
        xml_write_leaf(&writer, "dataType", data_types[variable->type]);
        write_values(&writer, variable);
        xml_write_end(&writer);
    }
    xml_write_end(&writer);
    xml_write_end(&writer);
    return g_string_free(out, FALSE);
}
