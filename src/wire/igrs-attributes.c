/* igrs-attributes.c -- see igrs-attributes.h */
#include "wire/igrs-attributes.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* How each operation is laid out. */
typedef enum {
    NAMES = 1,         /* an expression that lists names */
    VALUES = 2,        /* findServiceAttributeResponse: result with pairs */
    ATTRIBUTES = 4,    /* sendNotification: serviceAttribute */
    LOCATION = 8,
    EXPIRATION = 16,   /* expirationTime */
    TERMINATION = 32,  /* terminationTime */
    SUBSCRIPTION = 64, /* subscriptionId */
    CODE = 128,        /* returnCode */
} Part;

static const struct {
    const char *name;
    unsigned parts;
    unsigned needed;
    const char *outer, *inner; /* of NAMES */
} operations[] = {
    { IGRS_OP_FIND, NAMES, NAMES, "findExpression", "findServiceAttributeByNames" },
    { IGRS_OP_FIND IGRS_OP_RESPONSE, VALUES, 0, NULL, NULL },
    { IGRS_OP_SUBSCRIBE, NAMES | LOCATION | EXPIRATION, LOCATION, "subscribeExpression",
      "subscribeServiceAttributeByNames" },
    { IGRS_OP_SUBSCRIBE IGRS_OP_RESPONSE, SUBSCRIPTION | TERMINATION | CODE, 0, NULL, NULL },
    { IGRS_OP_RENEW, SUBSCRIPTION | LOCATION | EXPIRATION, SUBSCRIPTION, NULL, NULL },
    { IGRS_OP_RENEW IGRS_OP_RESPONSE, SUBSCRIPTION | TERMINATION | CODE, 0, NULL, NULL },
    { IGRS_OP_UNSUBSCRIBE, SUBSCRIPTION, SUBSCRIPTION, NULL, NULL },
    { IGRS_OP_UNSUBSCRIBE IGRS_OP_RESPONSE, CODE, 0, NULL, NULL },
    { IGRS_OP_NOTIFY, ATTRIBUTES, ATTRIBUTES, NULL, NULL },
};

static int
find_operation(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(operations); i++)
        if (strcmp(operations[i].name, name) == 0)
            return (int)i;
    return -1;
}

bool
igrs_attributes_has(const char *operation)
{
    return find_operation(operation) != -1;
}

static void
attribute_free(gpointer data)
{
    IgrsAttribute *attribute = data;

    g_free(attribute->name);
    g_free(attribute->value);
    g_free(attribute);
}

IgrsAttributes *
igrs_attributes_new(void)
{
    IgrsAttributes *attributes = g_new0(IgrsAttributes, 1);

    attributes->names = g_ptr_array_new_with_free_func(g_free);
    attributes->values = g_ptr_array_new_with_free_func(attribute_free);
    return attributes;
}

void
igrs_attributes_free(IgrsAttributes *attributes)
{
    if (attributes == NULL)
        return;
    g_ptr_array_unref(attributes->names);
    g_ptr_array_unref(attributes->values);
    g_free(attributes->location);
    g_free(attributes);
}

/* Takes value over. */
static IgrsAttribute *
add(IgrsAttributes *attributes, const char *name, char *value, bool is_xml)
{
    IgrsAttribute *attribute = g_new0(IgrsAttribute, 1);

    attribute->name = g_strstrip(g_strdup(name));
    attribute->value = value;
    attribute->is_xml = is_xml;
    g_ptr_array_add(attributes->values, attribute);
    return attribute;
}

void
igrs_attributes_add(IgrsAttributes *attributes, const char *name, const char *value,
                    uint32_t subscription_id)
{
    add(attributes, name, g_strdup(value), false)->subscription_id = subscription_id;
}

/* -- Encoding --------------------------------------------------------------------------------- */

static void
take_number(SoapCall *call, const char *name, uint32_t number)
{
    if (number != 0)
        soap_call_take(call, name, g_strdup_printf("%" G_GUINT32_FORMAT, number));
}

static void
take_time(SoapCall *call, const char *name, int64_t time_s)
{
    g_autoptr(GDateTime) time = time_s <= 0 ? NULL : g_date_time_new_from_unix_utc(time_s);

    if (time != NULL)
        soap_call_take(call, name, g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ"));
}

static void
take_names(SoapCall *call, const char *outer, const char *inner, const GPtrArray *names)
{
    XmlWriter writer;

    xml_writer_init(&writer, g_string_new(NULL));
    xml_write_start(&writer, inner);
    for (guint i = 0; i < names->len; i++)
        xml_write_leaf(&writer, "name", g_ptr_array_index(names, i));
    xml_write_end(&writer);
    soap_call_take_xml(call, outer, g_string_free(writer.out, FALSE));
}

static void
write_pair(XmlWriter *writer, const IgrsAttribute *attribute)
{
    xml_write_leaf(writer, "name", attribute->name);
    if (!attribute->is_xml) {
        xml_write_leaf(writer, "value", attribute->value);
        return;
    }
    xml_write_start(writer, "value");
    xml_write_raw(writer, attribute->value);
    xml_write_end(writer);
}

static void
take_values(SoapCall *call, const IgrsAttributes *attributes)
{
    XmlWriter writer;

    xml_writer_init(&writer, g_string_new(NULL));
    xml_write_start(&writer, "serviceAttributeValues");
    for (guint i = 0; i < attributes->values->len; i++)
        write_pair(&writer, g_ptr_array_index(attributes->values, i));
    xml_write_end(&writer);
    xml_write_leaf_number(&writer, "returnCode", attributes->return_code);
    soap_call_take_xml(call, "result", g_string_free(writer.out, FALSE));
}

static void
take_attributes(SoapCall *call, const GPtrArray *values)
{
    for (guint i = 0; i < values->len; i++) {
        const IgrsAttribute *attribute = g_ptr_array_index(values, i);
        XmlWriter writer;
        xml_writer_init(&writer, g_string_new(NULL));
        write_pair(&writer, attribute);
        xml_write_leaf_number(&writer, "subscriptionId", attribute->subscription_id);
        soap_call_take_xml(call, "serviceAttribute", g_string_free(writer.out, FALSE));
    }
}

SoapCall *
igrs_attributes_encode(const char *operation, const char *namespace,
                       const IgrsAttributes *attributes)
{
    int index = find_operation(operation);
    SoapCall *call = soap_call_new(namespace, operation);

    g_assert(index != -1);
    unsigned parts = operations[index].parts;
    if (parts & NAMES)
        take_names(call, operations[index].outer, operations[index].inner, attributes->names);
    if (parts & VALUES)
        take_values(call, attributes);
    if (parts & ATTRIBUTES)
        take_attributes(call, attributes->values);
    if (parts & SUBSCRIPTION)
        take_number(call, "subscriptionId", attributes->subscription_id);
    if ((parts & LOCATION) && attributes->location != NULL)
        soap_call_add(call, "location", attributes->location);
    if (parts & EXPIRATION)
        take_time(call, "expirationTime", attributes->expires_s);
    if (parts & TERMINATION)
        take_time(call, "terminationTime", attributes->expires_s);
    if (parts & CODE)
        take_number(call, "returnCode", attributes->return_code);
    return call;
}

/* -- Decoding --------------------------------------------------------------------------------- */

static bool
refuse(const SoapCall *call, const char *what, GError **error)
{
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: %s", call->name, what);
    return false;
}

/* The content of an argument as a document with an element of ours around it. */
static XmlDocument *
parse_argument(const SoapArgument *argument, GError **error)
{
    g_autofree char *xml =
        g_strconcat("<x>", argument->is_xml ? argument->value : "", "</x>", NULL);

    return xml_parse(xml, strlen(xml), error);
}

/* Every name in the expression, however it is wrapped; an empty expression asks for all. */
static void
read_names(const XmlNode *node, GPtrArray *names)
{
    for (const XmlNode *child = xml_first(node, NULL); child != NULL;
         child = xml_next(child, NULL)) {
        if (strcmp(xml_name(child), "name") == 0)
            g_ptr_array_add(names, g_strstrip(g_strdup(xml_text(child))));
        else
            read_names(child, names);
    }
}

static bool
read_number(const SoapCall *call, const char *name, const char *text, uint32_t *number,
            GError **error)
{
    g_autofree char *digits = g_strstrip(g_strdup(text));

    return text_to_u32(digits, 1, UINT32_MAX, number) || refuse(call, name, error);
}

/* name, value and perhaps subscriptionId, again and again: FACTS.md 4.5 has many in one element,
 * PROFILE.md section 5 an element for each. */
static bool
read_pairs(const SoapCall *call, const XmlNode *node, IgrsAttributes *attributes, GError **error)
{
    const char *name = NULL;
    IgrsAttribute *last = NULL;

    for (const XmlNode *child = xml_first(node, NULL); child != NULL;
         child = xml_next(child, NULL)) {
        if (strcmp(xml_name(child), "name") == 0) {
            name = xml_text(child);
        } else if (strcmp(xml_name(child), "value") == 0 && name != NULL) {
            bool is_xml = xml_first(child, NULL) != NULL;
            last = add(attributes, name, is_xml ? xml_inner(child) : g_strdup(xml_text(child)),
                       is_xml);
            name = NULL;
        } else if (strcmp(xml_name(child), "subscriptionId") == 0 && last != NULL) {
            if (!read_number(call, "subscriptionId", xml_text(child), &last->subscription_id,
                             error))
                return false;
        }
    }
    return true;
}

static bool
read_time(const SoapCall *call, const char *name, const char *text, int64_t *time_s, GError **error)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text));
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(stripped, utc);

    if (time == NULL || g_date_time_to_unix(time) <= 0)
        return refuse(call, name, error);
    *time_s = g_date_time_to_unix(time);
    return true;
}

/* One argument; what is not understood, or has no place in this operation, is passed over. */
static bool
read_argument(const SoapCall *call, const SoapArgument *argument, int operation,
              IgrsAttributes *attributes, GError **error)
{
    bool has_values = (operations[operation].parts & (VALUES | ATTRIBUTES)) != 0;
    const char *name = argument->name;
    g_autoptr(XmlDocument) document = NULL;

    if (strcmp(name, "subscriptionId") == 0)
        return read_number(call, name, argument->value, &attributes->subscription_id, error);
    if (strcmp(name, "returnCode") == 0)
        return read_number(call, name, argument->value, &attributes->return_code, error);
    if (strcmp(name, "expirationTime") == 0 || strcmp(name, "terminationTime") == 0)
        return read_time(call, name, argument->value, &attributes->expires_s, error);
    if (strcmp(name, "location") == 0) {
        g_free(attributes->location);
        attributes->location = g_strstrip(g_strdup(argument->value));
        return true;
    }
    document = parse_argument(argument, error);
    if (document == NULL)
        return false;
    const XmlNode *root = xml_root(document);
    if (g_strcmp0(name, operations[operation].outer) == 0)
        read_names(root, attributes->names);
    if (has_values && strcmp(name, "serviceAttribute") == 0)
        return read_pairs(call, root, attributes, error);
    if (has_values && strcmp(name, "result") == 0) {
        const XmlNode *values = xml_first(root, "serviceAttributeValues");
        const char *code = xml_child_text(root, "returnCode");
        return (values == NULL || read_pairs(call, values, attributes, error)) &&
               (code == NULL ||
                read_number(call, "returnCode", code, &attributes->return_code, error));
    }
    return true;
}

IgrsAttributes *
igrs_attributes_decode(const SoapCall *call, GError **error)
{
    g_autoptr(IgrsAttributes) attributes = igrs_attributes_new();
    int index = find_operation(call->name);

    if (index == -1) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s is not about attributes",
                    call->name);
        return NULL;
    }
    for (guint i = 0; i < call->arguments->len; i++)
        if (!read_argument(call, g_ptr_array_index(call->arguments, i), index, attributes, error))
            return NULL;
    unsigned needed = operations[index].needed;
    if (((needed & NAMES) && soap_call_argument(call, operations[index].outer) == NULL &&
         !refuse(call, "no expression", error)) ||
        ((needed & ATTRIBUTES) && attributes->values->len == 0 &&
         !refuse(call, "no attribute", error)) ||
        ((needed & LOCATION) && attributes->location == NULL &&
         !refuse(call, "no location", error)) ||
        ((needed & SUBSCRIPTION) && attributes->subscription_id == 0 &&
         !refuse(call, "no subscriptionId", error)))
        return NULL;
    return g_steal_pointer(&attributes);
}
