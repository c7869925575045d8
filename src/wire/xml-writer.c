/* xml-writer.c -- the writing half of xml.h: appends, escapes once, keeps nothing */
#include "wire/xml.h"

#include <string.h>

enum { PLAIN, ESCAPED, IN_ATTRIBUTE, LEAD, DROPPED };

/* What an octet asks for: IN_ATTRIBUTE is escaped there alone, LEAD begins or breaks a UTF-8
 * sequence. */
static const uint8_t octets[256] = {
    [0x00 ... 0x08] = DROPPED, ['\t'] = IN_ATTRIBUTE,  ['\n'] = IN_ATTRIBUTE,
    [0x0b ... 0x0c] = DROPPED, ['\r'] = ESCAPED,       [0x0e ... 0x1f] = DROPPED,
    ['"'] = IN_ATTRIBUTE,      ['&'] = ESCAPED,        ['<'] = ESCAPED,
    ['>'] = ESCAPED,           [0x80 ... 0xff] = LEAD,
};

/* The length of the UTF-8 sequence at the start of a text that is a character of XML 1.0 (2.2); 0
 * when there is none. */
static size_t
sequence_length(const char *text, size_t size)
{
    const guchar *at = (const guchar *)text;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    gunichar c = at[0] & (0x7f >> length);
    static const gunichar least[] = { 0, 0, 0x80, 0x800, 0x10000 };

    if (at[0] < 0xc2 || at[0] > 0xf4 || length > size)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (at[i] & 0x3f);
    }
    if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || c == 0xfffe ||
        c == 0xffff)
        return 0;
    return length;
}

static const char *
escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    default:
        return "&#13;";
    }
}

static void
escape(GString *out, const char *text, size_t size, bool in_attribute)
{
    const char *end = text + size, *plain = text;

    for (const char *at = text; at < end;) {
        int octet = octets[(guchar)*at];
        size_t length = octet == LEAD ? sequence_length(at, (size_t)(end - at)) : 1;
        if (octet == PLAIN || (octet == LEAD && length > 0) ||
            (octet == IN_ATTRIBUTE && !in_attribute)) {
            at += length;
            continue;
        }
        g_string_append_len(out, plain, at - plain);
        if (octet == ESCAPED || octet == IN_ATTRIBUTE)
            g_string_append(out, escape_of(*at));
        plain = ++at;
    }
    g_string_append_len(out, plain, end - plain);
}

void
xml_escape(GString *out, const char *text, size_t size)
{
    escape(out, text, size, false);
}

void
xml_writer_init(XmlWriter *writer, GString *out)
{
    writer->out = out; /* names need no beginning */
    writer->is_tag_open = false;
    writer->depth = 0;
}

static void
close_tag(XmlWriter *writer)
{
    if (writer->is_tag_open)
        g_string_append_c(writer->out, '>');
    writer->is_tag_open = false;
}

void
xml_write_declaration(XmlWriter *writer)
{
    g_string_append(writer->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>");
}

void
xml_write_start(XmlWriter *writer, const char *name)
{
    g_assert(writer->depth < XML_DEPTH_MAX);
    close_tag(writer);
    g_string_append_c(writer->out, '<');
    g_string_append(writer->out, name);
    writer->names[writer->depth++] = name;
    writer->is_tag_open = true;
}

void
xml_write_attribute(XmlWriter *writer, const char *name, const char *value)
{
    g_assert(writer->is_tag_open);
    if (value == NULL)
        return;
    g_string_append_c(writer->out, ' ');
    g_string_append(writer->out, name);
    g_string_append(writer->out, "=\"");
    escape(writer->out, value, strlen(value), true);
    g_string_append_c(writer->out, '"');
}

/* value as decimal text, somewhere in buffer. */
static const char *
decimal(int64_t value, char buffer[24])
{
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    char *at = buffer + 23;

    *at = '\0';
    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--at = '-';
    return at;
}

void
xml_write_attribute_number(XmlWriter *writer, const char *name, int64_t value)
{
    char buffer[24];

    xml_write_attribute(writer, name, decimal(value, buffer));
}

void
xml_write_text(XmlWriter *writer, const char *text)
{
    if (*text == '\0')
        return;
    close_tag(writer);
    escape(writer->out, text, strlen(text), false);
}

void
xml_write_raw(XmlWriter *writer, const char *xml)
{
    close_tag(writer);
    g_string_append(writer->out, xml);
}

void
xml_write_end(XmlWriter *writer)
{
    g_assert(writer->depth > 0);
    const char *name = writer->names[--writer->depth];

    if (writer->is_tag_open) {
        g_string_append(writer->out, "/>");
        writer->is_tag_open = false;
        return;
    }
    g_string_append(writer->out, "</");
    g_string_append(writer->out, name);
    g_string_append_c(writer->out, '>');
}

void
xml_write_leaf(XmlWriter *writer, const char *name, const char *text)
{
    xml_write_start(writer, name);
    close_tag(writer); /* <a></a>, not <a/>: there are readers that know the first form alone */
    if (text != NULL)
        xml_write_text(writer, text);
    xml_write_end(writer);
}

void
xml_write_leaf_number(XmlWriter *writer, const char *name, int64_t value)
{
    char buffer[24];

    xml_write_leaf(writer, name, decimal(value, buffer));
}
