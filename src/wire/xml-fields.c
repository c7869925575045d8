/* xml-fields.c -- see xml-fields.h */
#include "wire/xml-fields.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define UNKNOWN_MAX 16

static void *
member(const void *record, const XmlField *field)
{
    return (char *)record + field->offset;
}

static uint32_t
field_max(const XmlField *field)
{
    return field->max == 0 ? UINT32_MAX : field->max;
}

/* -- Writing ---------------------------------------------------------------------------------- */

static bool
has_content(const XmlField *field, const void *record)
{
    const void *value = member(record, field);

    switch (field->kind) {
    case XML_FIELD_NUMBER:
        return *(const uint32_t *)value != 0;
    case XML_FIELD_TIME:
        return *(const int64_t *)value != 0;
    case XML_FIELD_TEXTS:
    case XML_FIELD_LIST:
        return (*(GPtrArray *const *)value)->len > 0;
    case XML_FIELD_GROUP:
        for (const XmlField *inner = field->fields; inner->element != NULL; inner++)
            if (has_content(inner, record))
                return true;
        return false;
    case XML_FIELD_TEXT:
        return *(char *const *)value != NULL || field->fallback != NULL;
    case XML_FIELD_DOCUMENT:
    case XML_FIELD_CALL:
        return *(void *const *)value != NULL;
    }
    return false;
}

static void
start(XmlWriter *writer, const XmlField *field)
{
    xml_write_start(writer, field->element);
    xml_write_attribute(writer, "xmlns", field->namespace);
}

static void
write_time(XmlWriter *writer, const XmlField *field, int64_t time_s)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_s);
    g_autofree char *text = time == NULL ? NULL : g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");

    xml_write_leaf(writer, field->element, text);
}

static void
write_text(XmlWriter *writer, const XmlField *field, const char *text)
{
    if (field->namespace == NULL) {
        xml_write_leaf(writer, field->element, text);
        return;
    }
    start(writer, field);
    xml_write_text(writer, text == NULL ? "" : text);
    xml_write_end(writer);
}

static void
write_list(XmlWriter *writer, const XmlField *field, const GPtrArray *records)
{
    for (guint i = 0; i < records->len; i++) {
        start(writer, field);
        for (const XmlField *inner = field->fields; inner->element != NULL; inner++)
            xml_field_write(writer, inner, g_ptr_array_index(records, i));
        xml_write_end(writer);
    }
}

static void
write_call(XmlWriter *writer, const XmlField *field, const SoapCall *call)
{
    start(writer, field);
    if (call != NULL)
        soap_call_write(call, writer);
    xml_write_end(writer);
}

void
xml_field_write(XmlWriter *writer, const XmlField *field, const void *record)
{
    const void *value = member(record, field);

    if (!field->is_required && !has_content(field, record))
        return;
    switch (field->kind) {
    case XML_FIELD_TEXT:
        write_text(writer, field,
                   *(char *const *)value == NULL ? field->fallback : *(char *const *)value);
        break;
    case XML_FIELD_NUMBER:
        xml_write_leaf_number(writer, field->element, *(const uint32_t *)value);
        break;
    case XML_FIELD_TIME:
        write_time(writer, field, *(const int64_t *)value);
        break;
    case XML_FIELD_TEXTS:
        for (guint i = 0; i < (*(GPtrArray *const *)value)->len; i++)
            xml_write_leaf(writer, field->element,
                           g_ptr_array_index(*(GPtrArray *const *)value, i));
        break;
    case XML_FIELD_LIST:
        write_list(writer, field, *(GPtrArray *const *)value);
        break;
    case XML_FIELD_GROUP:
        start(writer, field);
        for (const XmlField *inner = field->fields; inner->element != NULL; inner++)
            xml_field_write(writer, inner, record);
        xml_write_end(writer);
        break;
    case XML_FIELD_DOCUMENT:
        if (*(char *const *)value != NULL)
            xml_write_raw(writer, *(char *const *)value);
        break;
    case XML_FIELD_CALL:
        write_call(writer, field, *(SoapCall *const *)value);
        break;
    }
}

/* -- Reading ---------------------------------------------------------------------------------- */

static bool
refuse(const XmlField *field, const char *reason, GError **error)
{
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s %s", field->element, reason);
    return false;
}

static char *
stripped(const XmlNode *node)
{
    return g_strstrip(g_strdup(xml_text(node)));
}

static bool
read_text(const XmlNode *node, const XmlField *field, char **text, GError **error)
{
    g_autofree char *read = stripped(node);

    if (g_utf8_strlen(read, -1) > (glong)field_max(field))
        return refuse(field, "is too long", error);
    *text = g_steal_pointer(&read);
    return true;
}

static bool
read_number(const XmlNode *node, const XmlField *field, uint32_t *number, GError **error)
{
    g_autofree char *text = stripped(node);

    return text_to_u32(text, 1, field_max(field), number) ||
           refuse(field, "is no such number", error);
}

static bool
read_time(const XmlNode *node, const XmlField *field, int64_t *time_s, GError **error)
{
    g_autofree char *text = stripped(node);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, utc);

    if (time == NULL || g_date_time_to_unix(time) <= 0)
        return refuse(field, "is no such time", error);
    *time_s = g_date_time_to_unix(time);
    return true;
}

static bool
read_elements(const XmlNode *node, const XmlField *field, GPtrArray *list, GPtrArray *unknown,
              GError **error)
{
    bool is_good = true;

    for (; node != NULL; node = xml_next(node, field->element)) {
        if (list->len == field_max(field))
            return refuse(field, "comes too often", error);
        if (field->kind == XML_FIELD_TEXTS) {
            g_ptr_array_add(list, stripped(node));
            continue;
        }
        g_ptr_array_add(list, field->make());
        is_good &= xml_fields_read(node, field->fields, g_ptr_array_index(list, list->len - 1),
                                   unknown, is_good ? error : NULL);
    }
    return is_good;
}

/* An operation in the element, or as escaped text in it. An element with neither holds none. */
static bool
read_call(const XmlNode *node, const XmlField *field, SoapCall **call, GError **error)
{
    g_autoptr(XmlDocument) document = NULL;
    g_autofree char *text = stripped(node);
    const XmlNode *operation = xml_first(node, NULL);

    if (operation == NULL && *text != '\0') {
        document = xml_parse(text, strlen(text), error);
        if (document == NULL) {
            g_prefix_error(error, "%s: ", field->element);
            return false;
        }
        operation = xml_root(document);
    }
    if (operation != NULL)
        *call = soap_call_read(operation, error);
    if (*call == NULL && operation == NULL && field->is_required)
        return refuse(field, "is empty", error);
    return operation == NULL || *call != NULL;
}

bool
xml_field_read(const XmlNode *node, const XmlField *field, void *record, GPtrArray *unknown,
               GError **error)
{
    void *value = member(record, field);

    switch (field->kind) {
    case XML_FIELD_TEXT:
        return read_text(node, field, value, error);
    case XML_FIELD_NUMBER:
        return read_number(node, field, value, error);
    case XML_FIELD_TIME:
        return read_time(node, field, value, error);
    case XML_FIELD_TEXTS:
    case XML_FIELD_LIST:
        return read_elements(node, field, *(GPtrArray **)value, unknown, error);
    case XML_FIELD_GROUP:
        return xml_fields_read(node, field->fields, record, unknown, error);
    case XML_FIELD_DOCUMENT:
        *(char **)value = xml_outer(node);
        return true;
    case XML_FIELD_CALL:
        return read_call(node, field, value, error);
    }
    return false;
}

static const XmlField *
find_field(const XmlField *fields, const char *name)
{
    for (; fields->element != NULL; fields++)
        if (strcmp(fields->element, name) == 0)
            return fields;
    return NULL;
}

/* The first child without a row: an operation may stand beside the fields it should stand in. */
static const XmlNode *
find_stranger(const XmlNode *node, const XmlField *fields)
{
    for (const XmlNode *child = xml_first(node, NULL); child != NULL; child = xml_next(child, NULL))
        if (find_field(fields, xml_name(child)) == NULL)
            return child;
    return NULL;
}

static void
note_unknown(const XmlNode *node, const XmlField *fields, GPtrArray *unknown)
{
    for (const XmlNode *child = find_stranger(node, fields); child != NULL;
         child = xml_next(child, NULL))
        if (unknown->len < UNKNOWN_MAX && find_field(fields, xml_name(child)) == NULL)
            g_ptr_array_add(unknown, xml_outer(child));
}

/* A list may be empty, and so may a group: then its element is no loss. */
static bool
can_be_missed(const XmlField *field)
{
    return field->kind != XML_FIELD_LIST && field->kind != XML_FIELD_TEXTS &&
           field->kind != XML_FIELD_GROUP;
}

bool
xml_fields_read(const XmlNode *node, const XmlField *fields, void *record, GPtrArray *unknown,
                GError **error)
{
    bool is_good = true, takes_stranger = false;

    for (const XmlField *field = fields; field->element != NULL; field++) {
        const XmlNode *child = xml_first(node, field->element);
        GError **first = is_good ? error : NULL;
        if (child == NULL && field->kind == XML_FIELD_CALL && find_stranger(node, fields) != NULL) {
            SoapCall **call = member(record, field);
            *call = soap_call_read(find_stranger(node, fields), first);
            is_good &= *call != NULL;
            takes_stranger = true;
        } else if (child != NULL) {
            is_good &= xml_field_read(child, field, record, unknown, first);
        } else if (field->is_required && can_be_missed(field)) {
            is_good &= refuse(field, "is missing", first);
        }
    }
    if (unknown != NULL && !takes_stranger)
        note_unknown(node, fields, unknown);
    return is_good;
}
