/* xml-reader.c -- the reading half of xml.h, over libxml2's SAX2 tree builder
 *
 * The builder's own handlers are wrapped: they count and stop. Without a document type there is no
 * entity to expand and nothing to fetch, so a document's cost is bounded by its size. */
#include "wire/xml.h"

#include "base/error.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* What a parser carries in _private. */
typedef struct {
    unsigned depth;
    unsigned nodes;
    unsigned namespaces;                   /* in scope */
    unsigned declared[XML_DEPTH_MAX + 1]; /* at each depth */
    const char *refusal; /* ours; NULL: none */
    int refusal_code;
} Bounds;

/* An XmlDocument is an xmlDoc, an XmlNode an xmlNode of type element. */
static const xmlNode *
raw(const XmlNode *node)
{
    return (const xmlNode *)node;
}

static void
refuse(xmlParserCtxt *parser, int code, const char *reason)
{
    Bounds *bounds = parser->_private;

    if (bounds->refusal == NULL) {
        bounds->refusal = reason;
        bounds->refusal_code = code;
    }
    xmlStopParser(parser);
}

static void
on_doctype(void *user_data, const xmlChar *name, const xmlChar *external_id,
           const xmlChar *system_id)
{
    refuse(user_data, DUO_ERROR_INVALID, "a document type is not taken");
}

/* What is left of names that are not Namespaces in XML 1.0, such as "a:b:c" or "a:". */
static bool
has_stray_colon(const xmlChar *name, const xmlChar **attributes, int attribute_count)
{
    if (xmlStrchr(name, ':') != NULL)
        return true;
    for (int i = 0; i < attribute_count; i++) /* five pointers each, the local name first */
        if (xmlStrchr(attributes[5 * i], ':') != NULL)
            return true;
    return false;
}

static void
on_start(void *user_data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
         int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted_count,
         const xmlChar **attributes)
{
    xmlParserCtxt *parser = user_data;
    Bounds *bounds = parser->_private;

    bounds->nodes += 1 + (unsigned)namespace_count + (unsigned)attribute_count;
    if (++bounds->depth > XML_DEPTH_MAX) {
        refuse(parser, DUO_ERROR_TOO_LARGE, "elements are nested too deep");
        return;
    }
    bounds->declared[bounds->depth] = (unsigned)namespace_count;
    bounds->namespaces += (unsigned)namespace_count;
    if (bounds->namespaces > XML_NAMESPACES_MAX)
        refuse(parser, DUO_ERROR_TOO_LARGE, "too many namespaces");
    else if (bounds->nodes > XML_NODES_MAX)
        refuse(parser, DUO_ERROR_TOO_LARGE, "too many elements");
    else if (has_stray_colon(name, attributes, attribute_count))
        refuse(parser, DUO_ERROR_INVALID, "a colon that parts no prefix from a name");
    else
        xmlSAX2StartElementNs(parser, name, prefix, uri, namespace_count, namespaces,
                              attribute_count, defaulted_count, attributes);
}

static void
on_end(void *user_data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xmlParserCtxt *parser = user_data;
    Bounds *bounds = parser->_private;

    bounds->namespaces -= bounds->declared[bounds->depth--];
    xmlSAX2EndElementNs(parser, name, prefix, uri);
}

static xmlParserCtxt *
parser_new(Bounds *bounds)
{
    static gsize is_ready;

    if (g_once_init_enter(&is_ready)) { /* libxml2 wants its first use on one thread */
        xmlInitParser();
        g_once_init_leave(&is_ready, 1);
    }
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (parser == NULL)
        g_error("out of memory");
    parser->_private = bounds;
    parser->sax->internalSubset = on_doctype;
    parser->sax->startElementNs = on_start;
    parser->sax->endElementNs = on_end;
    parser->sax->comment = NULL;
    parser->sax->processingInstruction = NULL;
    return parser;
}

static void
set_error(const xmlParserCtxt *parser, const Bounds *bounds, GError **error)
{
    const xmlError *last = xmlCtxtGetLastError((void *)parser);

    if (bounds->refusal != NULL) {
        g_set_error(error, DUO_ERROR, bounds->refusal_code, "XML: %s", bounds->refusal);
        return;
    }
    g_autofree char *reason = g_utf8_make_valid(
        last != NULL && last->message != NULL ? last->message : "not well-formed", -1);
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "XML, line %d: %s",
                last == NULL ? 0 : last->line, g_strchomp(reason));
}

/* -- Before the parser ------------------------------------------------------------------------
 * libxml2 compares each attribute of an element with each other before it tells us of any. So they
 * are counted first, by the grammar of XML 1.0 clause 3.1; what it would refuse is left to it. */

/* Where end is found from at on, behind it; NULL: nowhere. */
static const char *
skip_past(const char *at, const char *limit, const char *end)
{
    const char *found = g_strstr_len(at, limit - at, end);

    return found == NULL ? NULL : found + strlen(end);
}

/* Behind the start tag at at, whose '=' outside quotes are counted; NULL when it does not end. */
static const char *
count_attributes(const char *at, const char *limit, unsigned *count)
{
    *count = 0;
    for (; at < limit && *at != '>'; at++) {
        if (*at == '=')
            ++*count;
        if (*at == '"' || *at == '\'')
            at = memchr(at + 1, *at, (size_t)(limit - at - 1));
        if (at == NULL)
            return NULL;
    }
    return at;
}

static bool
is_countable(const char *data, size_t size, GError **error)
{
    const char *limit = data + size;
    unsigned count;

    for (const char *at = data; at != NULL && at < limit;) {
        at = memchr(at, '<', (size_t)(limit - at));
        if (at == NULL)
            break;
        size_t left = (size_t)(limit - at);
        if (left >= 4 && memcmp(at, "<!--", 4) == 0)
            at = skip_past(at + 4, limit, "-->");
        else if (left >= 9 && memcmp(at, "<![CDATA[", 9) == 0)
            at = skip_past(at + 9, limit, "]]>");
        else if (left >= 2 && at[1] == '?')
            at = skip_past(at + 2, limit, "?>");
        else if ((at = count_attributes(at + 1, limit, &count)) != NULL &&
                 count > XML_ATTRIBUTES_MAX) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "XML: too many attributes");
            return false;
        }
    }
    return true;
}

XmlDocument *
xml_parse(const char *data, size_t size, GError **error)
{
    Bounds bounds = { 0 };

    if (size > XML_SIZE_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "XML: a document of %zu octets", size);
        return NULL;
    }
    if (size == 0 || !g_utf8_validate_len(data, size, NULL)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "XML: %s",
                    size == 0 ? "nothing" : "not UTF-8");
        return NULL;
    }
    if (!is_countable(data, size, error))
        return NULL;
    xmlParserCtxt *parser = parser_new(&bounds);
    xmlDoc *document = xmlCtxtReadMemory(parser, data, (int)size, NULL, "UTF-8",
                                         XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOCDATA |
                                             XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                             XML_PARSE_COMPACT);
    if (document != NULL && (bounds.refusal != NULL || xmlDocGetRootElement(document) == NULL))
        g_clear_pointer(&document, xmlFreeDoc);
    if (document == NULL)
        set_error(parser, &bounds, error);
    xmlFreeParserCtxt(parser);
    return (XmlDocument *)document;
}

void
xml_document_free(XmlDocument *document)
{
    xmlFreeDoc((xmlDoc *)document);
}

const XmlNode *
xml_root(const XmlDocument *document)
{
    return (const XmlNode *)xmlDocGetRootElement((const xmlDoc *)document);
}

/* A prefix that nobody declared stays in the name. Field devices do it. */
static const char *
local_name(const xmlChar *name)
{
    const char *colon = strchr((const char *)name, ':');

    return colon == NULL ? (const char *)name : colon + 1;
}

const char *
xml_name(const XmlNode *node)
{
    return local_name(raw(node)->name);
}

/* The first of node and what follows it that is an element of that name. */
static const XmlNode *
seek(const xmlNode *node, const char *name)
{
    for (; node != NULL; node = node->next) {
        const XmlNode *found = (const XmlNode *)node;
        if (node->type == XML_ELEMENT_NODE && (name == NULL || strcmp(xml_name(found), name) == 0))
            return found;
    }
    return NULL;
}

const XmlNode *
xml_first(const XmlNode *parent, const char *name)
{
    return seek(raw(parent)->children, name);
}

const XmlNode *
xml_next(const XmlNode *node, const char *name)
{
    return seek(raw(node)->next, name);
}

const char *
xml_namespace(const XmlNode *node)
{
    return raw(node)->ns == NULL ? NULL : (const char *)raw(node)->ns->href;
}

/* The builder leaves text as one node, also in attributes. */
static const char *
first_text(const xmlNode *node)
{
    return node != NULL && node->type == XML_TEXT_NODE && node->content != NULL
               ? (const char *)node->content
               : "";
}

const char *
xml_attribute(const XmlNode *node, const char *name)
{
    for (const xmlAttr *attribute = raw(node)->properties; attribute != NULL;
         attribute = attribute->next)
        if (strcmp(local_name(attribute->name), name) == 0)
            return first_text(attribute->children);
    return NULL;
}

const char *
xml_text(const XmlNode *node)
{
    return first_text(raw(node)->children);
}

const char *
xml_child_text(const XmlNode *parent, const char *name)
{
    const XmlNode *child = xml_first(parent, name);

    return child == NULL ? NULL : xml_text(child);
}

/* -- Back to text ----------------------------------------------------------------------------- */

static bool
same(const xmlChar *a, const char *b)
{
    return g_strcmp0((const char *)a, b) == 0;
}

/* The namespace that prefix means among the elements from node up to top, as they are written; NULL
 * when none of them says. */
static const char *
find_written(const xmlNode *node, const xmlNode *top, const char *prefix)
{
    for (; node != top; node = node->parent) {
        for (const xmlNs *ns = node->nsDef; ns != NULL; ns = ns->next)
            if (same(ns->prefix, prefix))
                return (const char *)ns->href;
        if (node->ns != NULL && same(node->ns->prefix, prefix))
            return (const char *)node->ns->href;
    }
    return NULL;
}

static void
write_declaration(XmlWriter *writer, const char *prefix, const char *uri)
{
    g_autofree char *name =
        prefix == NULL ? g_strdup("xmlns") : g_strconcat("xmlns:", prefix, NULL);

    xml_write_attribute(writer, name, uri == NULL ? "" : uri);
}

/* Declares ns on the element being written unless it or an element around it does. top is the node
 * that surrounds what is written, fallback the default namespace there. */
static void
declare(XmlWriter *writer, const xmlNode *node, const xmlNs *ns, const xmlNode *top,
        const char *fallback)
{
    const char *prefix = (const char *)ns->prefix;

    if (g_strcmp0(prefix, "xml") == 0)
        return;
    for (const xmlNs *own = node->nsDef; own != NULL; own = own->next)
        if (same(own->prefix, prefix))
            return;
    const char *written = find_written(node->parent, top, prefix);
    if (written == NULL && prefix == NULL)
        written = fallback;
    if (!same(ns->href, written))
        write_declaration(writer, prefix, (const char *)ns->href);
}

static char *
qualified(const xmlNs *ns, const xmlChar *name)
{
    if (ns == NULL || ns->prefix == NULL)
        return g_strdup(local_name(name));
    return g_strconcat((const char *)ns->prefix, ":", (const char *)name, NULL);
}

/* By the element itself or an attribute that stands before. */
static bool
is_declared_before(const xmlNode *node, const xmlAttr *attribute)
{
    bool is_declared = attribute->ns == node->ns;

    for (const xmlAttr *other = node->properties; other != attribute; other = other->next)
        is_declared |= other->ns == attribute->ns;
    return is_declared;
}

/* All declarations stand before what uses them, as they are read: so a copy of a copy is the
 * same. */
static void
declare_attributes(XmlWriter *writer, const xmlNode *node, const xmlNode *top,
                   const char *fallback)
{
    for (const xmlAttr *attribute = node->properties; attribute != NULL;
         attribute = attribute->next)
        if (attribute->ns != NULL && !is_declared_before(node, attribute))
            declare(writer, node, attribute->ns, top, fallback);
}

/* An attribute whose prefix nobody declared means nothing, and without it may be there twice. */
static void
write_attributes(XmlWriter *writer, const xmlNode *node)
{
    for (const xmlAttr *attribute = node->properties; attribute != NULL;
         attribute = attribute->next) {
        g_autofree char *label = qualified(attribute->ns, attribute->name);
        if (attribute->ns != NULL || xmlStrchr(attribute->name, ':') == NULL)
            xml_write_attribute(writer, label, first_text(attribute->children));
    }
}

/* As deep as a document may be: XML_DEPTH_MAX. */
static void
write_node(XmlWriter *writer, const xmlNode *node, const xmlNode *top, const char *fallback)
{
    g_autofree char *name = NULL;

    if (node->type == XML_TEXT_NODE && node->content != NULL)
        xml_write_text(writer, (const char *)node->content);
    if (node->type != XML_ELEMENT_NODE)
        return;
    name = qualified(node->ns, node->name);
    xml_write_start(writer, name);
    for (const xmlNs *ns = node->nsDef; ns != NULL; ns = ns->next)
        write_declaration(writer, (const char *)ns->prefix, (const char *)ns->href);
    if (node->ns != NULL)
        declare(writer, node, node->ns, top, fallback);
    declare_attributes(writer, node, top, fallback);
    write_attributes(writer, node);
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        write_node(writer, child, top, fallback);
    xml_write_end(writer);
}

char *
xml_outer(const XmlNode *node)
{
    XmlWriter writer;

    xml_writer_init(&writer, g_string_new(NULL));
    write_node(&writer, raw(node), raw(node)->parent, NULL);
    return g_string_free(writer.out, FALSE);
}

char *
xml_inner(const XmlNode *node)
{
    XmlWriter writer;
    const xmlNs *ns = xmlSearchNs(raw(node)->doc, (xmlNode *)node, NULL);

    xml_writer_init(&writer, g_string_new(NULL));
    for (const xmlNode *child = raw(node)->children; child != NULL; child = child->next)
        write_node(&writer, child, raw(node), ns == NULL ? NULL : (const char *)ns->href);
    return g_string_free(writer.out, FALSE);
}
