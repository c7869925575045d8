/* xml-embedded.c -- see xml-embedded.h */
#include "wire/xml-embedded.h"

#include <string.h>

XmlDocument *
xml_parse_embedded(const char *text, GError **error)
{
    text += strspn(text, " \t\r\n");
    if (!g_str_has_prefix(text, "&lt;"))
        return xml_parse(text, strlen(text), error);

    /* XML's own reader undoes the escape that is too many. */
    g_autofree char *wrapped = g_strconcat("<text>", text, "</text>", NULL);
    g_autoptr(XmlDocument) outer = xml_parse(wrapped, strlen(wrapped), error);
    if (outer == NULL)
        return NULL;
    const char *inner = xml_text(xml_root(outer));
    return xml_parse(inner, strlen(inner), error);
}
