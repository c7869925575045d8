/* xml.h -- XML in and out: libxml2's one home for reading, an appending writer for writing
 *
 * Reading trusts nobody: no document type, no entities but the five of XML 1.0, nothing fetched,
 * depth, size and number of nodes bounded. Comments and processing instructions are dropped. Nodes
 * are elements, borrowed from their document and found by local name, whatever the prefix. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define XML_SIZE_MAX (4 * 1024 * 1024) /* octets of a document */
#define XML_DEPTH_MAX 64               /* elements inside each other */
#define XML_NODES_MAX (128 * 1024)     /* elements and attributes */
#define XML_ATTRIBUTES_MAX 64          /* of one element, with what it declares */
#define XML_NAMESPACES_MAX 256         /* declared around one element */

typedef struct XmlDocument XmlDocument;
typedef struct XmlNode XmlNode;

/* Documents are UTF-8, whatever they declare. Errors: DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE. */
XmlDocument   *xml_parse(const char *data, size_t size, GError **error);
void           xml_document_free(XmlDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XmlDocument, xml_document_free)

const XmlNode *xml_root(const XmlDocument *document); /* never NULL */
/* The first child element, or the next sibling, of that local name (NULL: of any); NULL: none. */
const XmlNode *xml_first(const XmlNode *parent, const char *name);
const XmlNode *xml_next(const XmlNode *node, const char *name);
const char    *xml_name(const XmlNode *node);      /* local */
const char    *xml_namespace(const XmlNode *node); /* NULL: none */
/* The value of the attribute of that local name; NULL: none. */
const char    *xml_attribute(const XmlNode *node, const char *name);
/* The text of a node that holds text alone (of another: what stands before its first child); never
 * NULL. */
const char    *xml_text(const XmlNode *node);
/* The same of a child; NULL when there is no such child. */
const char    *xml_child_text(const XmlNode *parent, const char *name);

/* The node as XML that stands by itself: namespaces it uses are declared. The caller's. */
char          *xml_outer(const XmlNode *node);
/* What is inside the node as XML, text escaped; names without a prefix mean the namespace they
 * meant in the node, so the result fits into an element like it. The caller's. */
char          *xml_inner(const XmlNode *node);

/* -- Writing ------------------------------------------------------------------------------------
 * Appends to a text. What XML 1.0 cannot say (control characters, broken UTF-8) is dropped; what
 * must be escaped is. Names are literals and stay valid until their end is written. */
typedef struct {
    GString *out; /* borrowed */
    bool is_tag_open;
    unsigned depth;
    const char *names[XML_DEPTH_MAX];
} XmlWriter;

void xml_writer_init(XmlWriter *writer, GString *out);
void xml_write_declaration(XmlWriter *writer); /* <?xml version="1.0" encoding="utf-8"?> */
void xml_write_start(XmlWriter *writer, const char *name);
/* Right after a start; NULL writes nothing. */
void xml_write_attribute(XmlWriter *writer, const char *name, const char *value);
void xml_write_attribute_number(XmlWriter *writer, const char *name, int64_t value);
void xml_write_text(XmlWriter *writer, const char *text);
void xml_write_raw(XmlWriter *writer, const char *xml); /* as it is: well-formed already */
void xml_write_end(XmlWriter *writer);
/* An element with text alone; NULL is an empty one. */
void xml_write_leaf(XmlWriter *writer, const char *name, const char *text);
void xml_write_leaf_number(XmlWriter *writer, const char *name, int64_t value);
/* Escaped text without a writer. */
void xml_escape(GString *out, const char *text, size_t size);
