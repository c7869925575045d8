/* fuzz-xml.c -- what was read is written and read again: the same */
#include "tests/fuzz/fuzz.h"
#include "wire/xml.h"

FUZZ_TARGET("xml")
{
    g_autoptr(XmlDocument) document = xml_parse((const char *)data, size, NULL);

    if (document == NULL)
        return;
    g_autofree char *text = xml_outer(xml_root(document)), *inner = xml_inner(xml_root(document));
    g_autoptr(GError) error = NULL;
    g_autoptr(XmlDocument) again = xml_parse(text, strlen(text), &error);
    if (again == NULL) { /* declarations added may cross a bound, nothing else may go wrong */
        g_assert_nonnull(strstr(error->message, "too"));
        return;
    }
    g_autofree char *twice = xml_outer(xml_root(again)), *inner_twice = xml_inner(xml_root(again));
    g_assert_cmpstr(text, ==, twice);
    g_assert_cmpstr(inner, ==, inner_twice);
}
