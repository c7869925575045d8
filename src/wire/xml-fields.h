/* xml-fields.h -- rows that say which element stands for which member of a struct, and in what
 * order
 *
 * One table writes a record and reads it back. Reading finds elements by local name in any order
 * and takes the first of each; writing follows the rows. */
#pragma once

#include "wire/soap.h"

typedef enum {
    XML_FIELD_TEXT,     /* char *: without blanks around; at most max characters */
    XML_FIELD_NUMBER,   /* uint32_t: 1..max; 0 is none */
    XML_FIELD_TIME,     /* int64_t, Unix time: xsd:dateTime; 0 is none */
    XML_FIELD_TEXTS,    /* GPtrArray of char *: an element each, at most max */
    XML_FIELD_LIST,     /* GPtrArray of records that make() makes: an element each, at most max */
    XML_FIELD_GROUP,    /* an element around more fields of the same record */
    XML_FIELD_DOCUMENT, /* char *: the element itself, as XML */
    XML_FIELD_CALL,     /* SoapCall *: the element around an operation (PROFILE.md section 5) */
} XmlFieldKind;

typedef struct XmlField XmlField;
struct XmlField {
    const char *element; /* NULL ends a list of rows */
    XmlFieldKind kind;
    size_t offset;          /* of the member; of a GROUP 0 */
    bool is_required;       /* written even when empty; reading misses it */
    uint32_t max;           /* 0: UINT32_MAX, or no limit but the document's */
    const char *fallback;   /* TEXT: what is written for NULL */
    const char *namespace;  /* what the element declares as its default */
    const XmlField *fields; /* of a GROUP or LIST */
    gpointer (*make)(void); /* of a LIST; its arrays know how to free what it makes */
};

/* The element of field itself and, for a group, what is in it. */
void xml_field_write(XmlWriter *writer, const XmlField *field, const void *record);
/* node is the element of field (of TEXTS or a LIST the first one). The record's members are empty
 * before. What can be read is read, also when something else is wrong; error tells the first such
 * thing (DUO_ERROR_INVALID). Elements without a row are added to unknown (char *; may be NULL), a
 * few of them. */
bool xml_field_read(const XmlNode *node, const XmlField *field, void *record, GPtrArray *unknown,
                    GError **error);
/* The same of the children of node. */
bool xml_fields_read(const XmlNode *node, const XmlField *fields, void *record, GPtrArray *unknown,
                     GError **error);
