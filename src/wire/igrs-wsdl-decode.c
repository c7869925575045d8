/* igrs-wsdl-decode.c -- WSDL 1.1 (FACTS.md 4.5) read back into a service's table; see
 * igrs-description.h
 *
 * Names are compared without their prefixes. Documents of others may put an argument's type in
 * place instead of naming a variable, list the parts of a message one by one (rpc style), or print
 * the operations of the base port types instead of extending them: all of that is taken. */
#include "wire/igrs-description.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/xml.h"

#include <string.h>

#define ACTIONS_MAX 128
#define VARIABLES_MAX 512
#define ALLOWED_MAX 512 /* values of one variable */

struct IgrsServiceTexts {
    GStringChunk *texts; /* every name and value of the table */
    GArray *variables;   /* ServiceVariable; ends with zeros */
    GArray *actions;     /* ServiceAction; ends with zeros */
    GPtrArray *allowed;  /* char **: lists whose texts are in texts */
};

typedef struct {
    IgrsServiceDescription *description;
    struct IgrsServiceTexts *store;
    const XmlNode *definitions;
    GError **error;
} Reader;

/* What others call the types of XML Schema that a variable may have; the first of a type is how we
 * print it (igrs-wsdl.c). */
static const struct {
    const char *name;
    ServiceType type;
} xsd_types[] = {
    { "string", SERVICE_STRING },     { "anyURI", SERVICE_URI },    { "boolean", SERVICE_BOOLEAN },
    { "unsignedShort", SERVICE_UI2 }, { "unsignedByte", SERVICE_UI2 },
    { "unsignedInt", SERVICE_UI4 },   { "unsignedLong", SERVICE_UI4 },
    { "short", SERVICE_I2 },          { "byte", SERVICE_I2 },       { "int", SERVICE_I4 },
    { "long", SERVICE_I4 },           { "integer", SERVICE_I4 },
};

/* The base port types (FACTS.md 4.5), and the operation that stands for each. */
static const struct {
    const char *port_type;
    const char *operation;
    IgrsBasePortTypes bit;
} bases[] = {
    { IGRS_PORT_TYPE_FIND, IGRS_OP_FIND, IGRS_EXTENDS_FIND },
    { IGRS_PORT_TYPE_SUBSCRIBE, IGRS_OP_SUBSCRIBE, IGRS_EXTENDS_SUBSCRIBE },
    { IGRS_PORT_TYPE_NOTIFY, IGRS_OP_NOTIFY, IGRS_EXTENDS_NOTIFY },
    { NULL, IGRS_OP_RENEW, 0 },
    { NULL, IGRS_OP_UNSUBSCRIBE, 0 },
};

/* -- Finding ----------------------------------------------------------------------------------- */

/* A QName without its prefix; "" for NULL. */
static const char *
local_part(const char *name)
{
    const char *colon = name == NULL ? NULL : strrchr(name, ':');

    return name == NULL ? "" : colon != NULL ? colon + 1 : name;
}

static const char *
attribute(const XmlNode *node, const char *name)
{
    return local_part(xml_attribute(node, name));
}

/* The child of parent that is an element of that kind with that name. */
static const XmlNode *
find_named(const XmlNode *parent, const char *element, const char *name)
{
    for (const XmlNode *node = xml_first(parent, element); node != NULL;
         node = xml_next(node, element))
        if (strcmp(attribute(node, "name"), name) == 0)
            return node;
    return NULL;
}

/* The same over every schema of the document. */
static const XmlNode *
find_in_schemas(const Reader *reader, const char *element, const char *name)
{
    const XmlNode *types = xml_first(reader->definitions, "types");
    const XmlNode *schema = types == NULL ? NULL : xml_first(types, "schema"), *found = NULL;

    for (; schema != NULL && found == NULL; schema = xml_next(schema, "schema"))
        found = find_named(schema, element, name);
    return found;
}

static bool
refuse(Reader *reader, DuoError code, const char *what, const char *name)
{
    g_set_error(reader->error, DUO_ERROR, code, "service description: %s %s", what, name);
    return false;
}

/* -- Variables --------------------------------------------------------------------------------- */

static const char *
keep(Reader *reader, const char *text)
{
    return g_string_chunk_insert_const(reader->store->texts, text);
}

static ServiceVariable *
find_variable(Reader *reader, const char *name)
{
    for (guint i = 0; i < reader->store->variables->len; i++) {
        ServiceVariable *variable = &g_array_index(reader->store->variables, ServiceVariable, i);
        if (strcmp(variable->name, name) == 0)
            return variable;
    }
    return NULL;
}

static ServiceVariable *
add_variable(Reader *reader, const char *name, const ServiceVariable *like)
{
    ServiceVariable variable = *like;

    if (reader->store->variables->len == VARIABLES_MAX) {
        refuse(reader, DUO_ERROR_TOO_LARGE, "too many types at", name);
        return NULL;
    }
    variable.name = keep(reader, name);
    g_array_append_val(reader->store->variables, variable);
    return find_variable(reader, name);
}

static ServiceType
type_of(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(xsd_types); i++)
        if (strcmp(xsd_types[i].name, name) == 0)
            return xsd_types[i].type;
    return SERVICE_STRING;
}

static int64_t
read_bound(const XmlNode *restriction, const char *facet)
{
    const XmlNode *node = xml_first(restriction, facet);
    const char *value = node == NULL ? NULL : xml_attribute(node, "value");
    int64_t bound = 0;

    if (value != NULL)
        text_to_i64(value, INT64_MIN, INT64_MAX, &bound);
    return bound;
}

static bool
read_allowed(Reader *reader, const XmlNode *restriction, ServiceVariable *variable)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new();

    for (const XmlNode *node = xml_first(restriction, "enumeration"); node != NULL;
         node = xml_next(node, "enumeration")) {
        const char *value = xml_attribute(node, "value");
        if (values->len == ALLOWED_MAX)
            return refuse(reader, DUO_ERROR_TOO_LARGE, "too many values of", variable->name);
        g_ptr_array_add(values, (gpointer)keep(reader, value != NULL ? value : ""));
    }
    if (values->len == 0)
        return true;
    g_ptr_array_add(values, NULL);
    variable->allowed = (const char *const *)g_ptr_array_steal(values, NULL);
    g_ptr_array_add(reader->store->allowed, (gpointer)variable->allowed);
    return true;
}

static bool
read_variable(Reader *reader, const XmlNode *simple_type)
{
    const XmlNode *restriction = xml_first(simple_type, "restriction");
    const char *name = attribute(simple_type, "name");
    ServiceVariable variable = { .name = name };

    if (*name == '\0' || find_variable(reader, name) != NULL)
        return refuse(reader, DUO_ERROR_INVALID, "a type without a name of its own:", name);
    if (restriction != NULL) {
        variable.type = type_of(attribute(restriction, "base"));
        variable.min = read_bound(restriction, "minInclusive");
        variable.max = read_bound(restriction, "maxInclusive");
        if (!read_allowed(reader, restriction, &variable))
            return false;
    }
    return add_variable(reader, name, &variable) != NULL;
}

/* A named type that takes elements of whatever kind, and nothing else. */
static bool
is_open_type(const XmlNode *node)
{
    const XmlNode *sequence = xml_first(node, "sequence");
    const XmlNode *any = sequence == NULL ? NULL : xml_first(sequence, NULL);

    return *attribute(node, "name") != '\0' && any != NULL && strcmp(xml_name(any), "any") == 0 &&
           xml_next(any, NULL) == NULL;
}

static bool
read_schema_type(Reader *reader, const XmlNode *node)
{
    const char *name = attribute(node, "name");

    if (strcmp(xml_name(node), "simpleType") == 0)
        return read_variable(reader, node);
    return strcmp(xml_name(node), "complexType") != 0 || !is_open_type(node) ||
           find_variable(reader, name) != NULL ||
           add_variable(reader, name, &(ServiceVariable){ .name = name, .type = SERVICE_XML }) !=
               NULL;
}

static bool
read_variables(Reader *reader)
{
    const XmlNode *types = xml_first(reader->definitions, "types");
    const XmlNode *schema = types == NULL ? NULL : xml_first(types, "schema");

    for (; schema != NULL; schema = xml_next(schema, "schema"))
        for (const XmlNode *node = xml_first(schema, NULL); node != NULL;
             node = xml_next(node, NULL))
            if (!read_schema_type(reader, node))
                return false;
    return true;
}

/* The variable that a QName of a type means; one of XML Schema itself becomes a variable that is
 * named as otherwise says. */
static ServiceVariable *
variable_of_type(Reader *reader, const char *type, const char *otherwise)
{
    ServiceVariable *variable = find_variable(reader, type);

    if (variable == NULL)
        variable = find_variable(reader, otherwise);
    return variable != NULL
               ? variable
               : add_variable(reader, otherwise, &(ServiceVariable){ .type = type_of(type) });
}

/* -- Actions ----------------------------------------------------------------------------------- */

/* Takes the elements of a sequence, or the parts of a message, as arguments. */
static bool
read_arguments(Reader *reader, const XmlNode *list, const char *element, bool is_out,
               ServiceAction *action)
{
    guint count = 0;

    while (action->arguments[count].variable != NULL)
        count++;
    for (const XmlNode *node = xml_first(list, element); node != NULL;
         node = xml_next(node, element)) {
        const char *name = attribute(node, "name");
        if (*name == '\0')
            return refuse(reader, DUO_ERROR_INVALID, "an argument without a name in", action->name);
        if (count == SERVICE_ARGUMENTS_MAX)
            return refuse(reader, DUO_ERROR_TOO_LARGE, "too many arguments of", action->name);
        g_autofree char *otherwise = g_strconcat("A_ARG_TYPE_", name, NULL);
        const ServiceVariable *variable =
            variable_of_type(reader, attribute(node, "type"), otherwise);
        if (variable == NULL)
            return false;
        action->arguments[count++] =
            (ServiceArgument){ keep(reader, name), variable->name, is_out };
    }
    return true;
}

/* The sequence of an element's type, which is inside it or named. */
static const XmlNode *
find_sequence(const Reader *reader, const XmlNode *element)
{
    const XmlNode *type = xml_first(element, "complexType");

    if (type == NULL && xml_attribute(element, "type") != NULL)
        type = find_in_schemas(reader, "complexType", attribute(element, "type"));
    return type == NULL ? NULL : xml_first(type, "sequence");
}

static bool
read_direction(Reader *reader, const XmlNode *operation, bool is_out, ServiceAction *action)
{
    const XmlNode *direction = xml_first(operation, is_out ? "output" : "input");
    const XmlNode *message = direction == NULL ? NULL
                                               : find_named(reader->definitions, "message",
                                                            attribute(direction, "message"));
    const XmlNode *part = message == NULL ? NULL : xml_first(message, "part");

    if (direction == NULL || (message != NULL && part == NULL))
        return true; /* one-way, or nothing to say */
    if (message == NULL)
        return refuse(reader, DUO_ERROR_INVALID, "no such message in", action->name);
    if (xml_attribute(part, "element") == NULL)
        return read_arguments(reader, message, "part", is_out, action);
    const XmlNode *element = find_in_schemas(reader, "element", attribute(part, "element"));
    if (element == NULL)
        return refuse(reader, DUO_ERROR_INVALID, "no such element in", action->name);
    const XmlNode *sequence = find_sequence(reader, element);
    return sequence == NULL || read_arguments(reader, sequence, "element", is_out, action);
}

static bool
has_action(const Reader *reader, const char *name)
{
    for (guint i = 0; i < reader->store->actions->len; i++)
        if (strcmp(g_array_index(reader->store->actions, ServiceAction, i).name, name) == 0)
            return true;
    return false;
}

static bool
read_operation(Reader *reader, const XmlNode *operation)
{
    const char *name = attribute(operation, "name");
    ServiceAction action = { .name = keep(reader, name) };

    for (guint i = 0; i < G_N_ELEMENTS(bases); i++)
        if (strcmp(bases[i].operation, name) == 0) {
            reader->description->extends |= bases[i].bit;
            return true;
        }
    if (reader->store->actions->len == ACTIONS_MAX)
        return refuse(reader, DUO_ERROR_TOO_LARGE, "too many operations at", name);
    if (*name == '\0' || has_action(reader, name))
        return refuse(reader, DUO_ERROR_INVALID, "an operation without a name of its own:", name);
    if (!read_direction(reader, operation, false, &action) ||
        !read_direction(reader, operation, true, &action))
        return false;
    g_array_append_val(reader->store->actions, action);
    return true;
}

/* -- The port type ----------------------------------------------------------------------------- */

static void
read_extends(Reader *reader, const char *list)
{
    g_auto(GStrv) names = g_strsplit_set(list, " \t\r\n", 64);

    for (char **name = names; *name != NULL; name++)
        for (guint i = 0; i < G_N_ELEMENTS(bases); i++)
            if (g_strcmp0(bases[i].port_type, local_part(*name)) == 0)
                reader->description->extends |= bases[i].bit;
}

static bool
read_service_attribute(Reader *reader, const XmlNode *node)
{
    static const char *const yes[] = { "true", "1", NULL };
    const char *name = attribute(node, "name"), *notifiable = xml_attribute(node, "notifiable");
    ServiceVariable *variable = find_variable(reader, name), *like;

    if (*name == '\0')
        return refuse(reader, DUO_ERROR_INVALID, "an attribute without", "a name");
    if (variable == NULL) {
        like = find_variable(reader, attribute(node, "type"));
        ServiceVariable copy = { .type = type_of(attribute(node, "type")) };
        variable = add_variable(reader, name, like != NULL ? like : &copy);
    }
    if (variable != NULL)
        variable->is_evented = notifiable != NULL && g_strv_contains(yes, notifiable);
    return variable != NULL;
}

/* The port type of the service itself: the base ones may stand beside it. */
static const XmlNode *
find_port_type(const Reader *reader)
{
    const XmlNode *first = xml_first(reader->definitions, "portType");

    for (const XmlNode *node = first; node != NULL; node = xml_next(node, "portType"))
        if (xml_attribute(node, "extends") != NULL)
            return node;
    return first;
}

static bool
read_port_type(Reader *reader)
{
    const XmlNode *port_type = find_port_type(reader), *values;

    if (port_type == NULL)
        return refuse(reader, DUO_ERROR_INVALID, "no", "portType");
    if (xml_attribute(port_type, "extends") != NULL)
        read_extends(reader, xml_attribute(port_type, "extends"));
    for (const XmlNode *node = xml_first(port_type, "serviceAttribute"); node != NULL;
         node = xml_next(node, "serviceAttribute"))
        if (!read_service_attribute(reader, node))
            return false;
    for (const XmlNode *node = xml_first(port_type, "operation"); node != NULL;
         node = xml_next(node, "operation"))
        if (!read_operation(reader, node))
            return false;
    values = xml_first(port_type, "staticServiceAttributeValues");
    if (values != NULL) {
        const char *id = xml_child_text(values, "ServiceId");
        if (id != NULL && !text_to_u32(id, 1, UINT32_MAX, &reader->description->id))
            return refuse(reader, DUO_ERROR_INVALID, "no such ServiceId:", id);
        reader->description->name = text_clean(xml_child_text(values, "ServiceName"));
    }
    return true;
}

static void
read_location(Reader *reader)
{
    const XmlNode *service = xml_first(reader->definitions, "service");
    const XmlNode *port = service == NULL ? NULL : xml_first(service, "port");
    const XmlNode *address = port == NULL ? NULL : xml_first(port, "address");

    if (address != NULL)
        reader->description->location = g_strdup(xml_attribute(address, "location"));
}

/* The service type, and the table's name and version as it says them. */
static bool
read_type(Reader *reader)
{
    const char *type = xml_attribute(reader->definitions, "targetNamespace");
    IgrsType parsed;

    if (type == NULL || !igrs_type_parse(type, &parsed) || !parsed.is_service)
        return refuse(reader, DUO_ERROR_INVALID, "targetNamespace is no service type:",
                      type != NULL ? type : "missing");
    reader->description->type = g_strdup(type);
    reader->description->table.name = keep(reader, parsed.name);
    reader->description->table.version = parsed.version;
    return true;
}

/* -- Counter ----------------------------------------------------------------------------------- */

static IgrsServiceDescription *
service_description_new(void)
{
    IgrsServiceDescription *description = g_new0(IgrsServiceDescription, 1);

    description->store = g_new0(struct IgrsServiceTexts, 1);
    description->store->texts = g_string_chunk_new(1024);
    description->store->variables = g_array_new(TRUE, TRUE, sizeof(ServiceVariable));
    description->store->actions = g_array_new(TRUE, TRUE, sizeof(ServiceAction));
    description->store->allowed = g_ptr_array_new_with_free_func(g_free);
    return description;
}

void
igrs_service_description_free(IgrsServiceDescription *description)
{
    if (description == NULL)
        return;
    g_string_chunk_free(description->store->texts);
    g_array_unref(description->store->variables);
    g_array_unref(description->store->actions);
    g_ptr_array_unref(description->store->allowed);
    g_free(description->store);
    g_free(description->type);
    g_free(description->name);
    g_free(description->location);
    g_free(description);
}

IgrsServiceDescription *
igrs_service_description_decode(const char *data, size_t size, GError **error)
{
    g_autoptr(XmlDocument) document = xml_parse(data, size, error);

    if (document == NULL)
        return NULL;
    g_autoptr(IgrsServiceDescription) description = service_description_new();
    Reader reader = { description, description->store, xml_root(document), error };
    if (strcmp(xml_name(reader.definitions), "definitions") != 0) {
        refuse(&reader, DUO_ERROR_INVALID, "not WSDL 1.1:", xml_name(reader.definitions));
        return NULL;
    }
    if (!read_type(&reader) || !read_variables(&reader) || !read_port_type(&reader))
        return NULL;
    read_location(&reader);
    description->table.variables = (const ServiceVariable *)(void *)reader.store->variables->data;
    description->table.actions = (const ServiceAction *)(void *)reader.store->actions->data;
    return g_steal_pointer(&description);
}
