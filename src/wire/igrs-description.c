/* igrs-description.c -- the device description document; see igrs-description.h */
#include "wire/igrs-description.h"

#include "base/error.h"
#include "wire/xml-fields.h"

#include <string.h>

#define SERVICES_MAX 256
#define VERSION_MAJOR 1 /* of the template and of the protocol, "IGRS/1.0" */
#define VERSION_MINOR 0

#define AT(member) .offset = offsetof(IgrsDescription, member)
#define OF_SERVICE(member) .offset = offsetof(IgrsServiceEntry, member)
#define END { NULL, .offset = 0 }

static gpointer
make_service(void)
{
    return igrs_service_entry_new();
}

static const XmlField service_security_ids[] = {
    { "serviceSecurityId", XML_FIELD_TEXTS, OF_SERVICE(security_ids),
      .max = IGRS_SERVICE_SECURITY_MAX },
    END,
};

static const XmlField service[] = {
    { "serviceType", XML_FIELD_TEXT, OF_SERVICE(type), .is_required = true },
    { "serviceId", XML_FIELD_NUMBER, OF_SERVICE(id), .is_required = true },
    { "serviceName", XML_FIELD_TEXT, OF_SERVICE(name) },
    { "serviceSecurityIdList", XML_FIELD_GROUP, .is_required = true,
      .fields = service_security_ids },
    END,
};

static const XmlField services[] = {
    { "service", XML_FIELD_LIST, AT(services), .fields = service, .make = make_service,
      .max = SERVICES_MAX },
    END,
};

static const XmlField security_ids[] = {
    { "deviceSecurityId", XML_FIELD_TEXTS, AT(security_ids), .max = IGRS_DEVICE_SECURITY_MAX },
    END,
};

static const XmlField group[] = {
    { "deviceGroupId", XML_FIELD_TEXT, AT(group_id) },
    { "deviceGroupName", XML_FIELD_TEXT, AT(group_name) },
    END,
};

static const XmlField groups[] = {
    { "deviceGroup", XML_FIELD_GROUP, .fields = group },
    END,
};

/* FACTS.md 4.4; what the template calls mandatory is always sent, what we cannot do without is
 * asked for. */
static const XmlField device[] = {
    { "deviceType", XML_FIELD_TEXT, AT(type), .is_required = true },
    { "deviceName", XML_FIELD_TEXT, AT(name), .fallback = "" },
    { "manufacturer", XML_FIELD_TEXT, AT(manufacturer), .fallback = "" },
    { "manufacturerURL", XML_FIELD_TEXT, AT(manufacturer_url) },
    { "modelDescription", XML_FIELD_TEXT, AT(model_description) },
    { "modelName", XML_FIELD_TEXT, AT(model_name), .fallback = "" },
    { "modelNumber", XML_FIELD_TEXT, AT(model_number) },
    { "modelURL", XML_FIELD_TEXT, AT(model_url) },
    { "serialNumber", XML_FIELD_TEXT, AT(serial_number) },
    { "UDN", XML_FIELD_TEXT, AT(id), .is_required = true },
    { "DeviceIconURL", XML_FIELD_TEXT, AT(icon_url), .fallback = "" },
    { "joinedGroupList", XML_FIELD_GROUP, .fields = groups },
    { "deviceSecurityIdList", XML_FIELD_GROUP, .is_required = true, .fields = security_ids },
    { "serviceList", XML_FIELD_GROUP, .fields = services },
    { "entityType", XML_FIELD_TEXT, AT(entity_type), .namespace = IGRS_NS_EXTENSION },
    END,
};

IgrsDescription *
igrs_description_new(void)
{
    IgrsDescription *description = g_new0(IgrsDescription, 1);

    description->security_ids = g_ptr_array_new_with_free_func(g_free);
    description->services = g_ptr_array_new_with_free_func((GDestroyNotify)igrs_service_entry_free);
    return description;
}

void
igrs_description_free(IgrsDescription *description)
{
    if (description == NULL)
        return;
    for (const XmlField *field = device; field->element != NULL; field++)
        if (field->kind == XML_FIELD_TEXT)
            g_free(*(char **)((char *)description + field->offset));
    g_free(description->group_id);
    g_free(description->group_name);
    g_ptr_array_unref(description->security_ids);
    g_ptr_array_unref(description->services);
    g_free(description);
}

IgrsServiceEntry *
igrs_description_add_service(IgrsDescription *description, uint32_t id, const char *type,
                             const char *name)
{
    IgrsServiceEntry *entry = igrs_service_entry_new();

    entry->id = id;
    entry->type = g_strdup(type);
    entry->name = g_strdup(name);
    g_ptr_array_add(description->services, entry);
    return entry;
}

static void
write_version(XmlWriter *writer, const char *element)
{
    xml_write_start(writer, element);
    xml_write_leaf_number(writer, "major", VERSION_MAJOR);
    xml_write_leaf_number(writer, "minor", VERSION_MINOR);
    xml_write_end(writer);
}

char *
igrs_description_encode(const IgrsDescription *description)
{
    XmlWriter writer;

    xml_writer_init(&writer, g_string_sized_new(1024));
    xml_write_start(&writer, "root");
    xml_write_attribute(&writer, "xmlns", IGRS_NS_DEVICE);
    write_version(&writer, "deviceTemplateVersion");
    xml_write_start(&writer, "device");
    for (const XmlField *field = device; field->element != NULL; field++)
        xml_field_write(&writer, field, description);
    xml_write_end(&writer);
    write_version(&writer, "protocolVersion");
    xml_write_end(&writer);
    return g_string_free(writer.out, FALSE);
}

IgrsDescription *
igrs_description_decode(const char *data, size_t size, GError **error)
{
    g_autoptr(IgrsDescription) description = igrs_description_new();
    g_autoptr(XmlDocument) document = xml_parse(data, size, error);

    if (document == NULL)
        return NULL;
    const XmlNode *root = xml_root(document), *node = xml_first(root, "device");
    if (strcmp(xml_name(root), "root") != 0 || node == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "not an IGRS device description");
        return NULL;
    }
    if (!xml_fields_read(node, device, description, NULL, error))
        return NULL;
    if (igrs_device_id_uuid(description->id) == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "UDN is no DeviceId");
        return NULL;
    }
    return g_steal_pointer(&description);
}

Device *
igrs_description_device(const IgrsDescription *description, const char *location)
{
    Device *known = device_new(description->id);

    known->type = g_strdup(description->type);
    known->name = g_strdup(description->name);
    known->location = g_strdup(location);
    for (guint i = 0; i < description->services->len; i++) {
        const IgrsServiceEntry *entry = g_ptr_array_index(description->services, i);
        device_add_service(known, entry->id, entry->type, entry->name);
    }
    return known;
}
