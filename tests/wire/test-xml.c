/* test-xml.c -- wire/xml: what is taken, what is refused, what is written */
#include "base/error.h"
#include "wire/xml.h"

#include <string.h>

static const struct {
    const char *text;
    int error; /* -1: taken */
} documents[] = {
    { "<a/>", -1 },
    { "<?xml version=\"1.0\" encoding=\"utf-8\"?><a>&lt;&#x4e2d;</a>", -1 },
    { "\xef\xbb\xbf<a/>", -1 },
    { "<!-- c --><a><!-- c --><?pi x?></a>", -1 },
    { "<u:a><u:b/></u:a>", -1 }, /* a prefix nobody declared */
    { "<a:/>", DUO_ERROR_INVALID },
    { "<a:b:c/>", DUO_ERROR_INVALID },
    { "<a b:c:d=''/>", DUO_ERROR_INVALID },
    { "", DUO_ERROR_INVALID },
    { "   ", DUO_ERROR_INVALID },
    { "plain", DUO_ERROR_INVALID },
    { "<a>", DUO_ERROR_INVALID },
    { "<a></b>", DUO_ERROR_INVALID },
    { "<a/><b/>", DUO_ERROR_INVALID },
    { "<a b='", DUO_ERROR_INVALID },
    { "<!-- ", DUO_ERROR_INVALID },
    { "<a><![CDATA[</a>", DUO_ERROR_INVALID },
    { "<?xml version='1.0' encoding='UTF-7'?><a>+ADw-</a>", -1 }, /* read as it stands */
    { "<a>&nbsp;</a>", DUO_ERROR_INVALID },
    { "<a>\x01</a>", DUO_ERROR_INVALID },
    { "<a>\xff</a>", DUO_ERROR_INVALID },
    { "<a b='1' b='2'/>", DUO_ERROR_INVALID },
    { "<!DOCTYPE a><a/>", DUO_ERROR_INVALID },
    { "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", DUO_ERROR_INVALID },
    { "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", DUO_ERROR_INVALID },
    { "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", DUO_ERROR_INVALID },
    { "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]><l>&c;</l>",
      DUO_ERROR_INVALID },
};

static void
test_documents(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(documents); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(XmlDocument) document =
            xml_parse(documents[i].text, strlen(documents[i].text), &error);
        g_test_message("%s", documents[i].text);
        g_assert_true((document != NULL) == (documents[i].error == -1));
        if (document == NULL)
            g_assert_error(error, DUO_ERROR, documents[i].error);
    }
}

/* count times text between before and after. */
static char *
repeat(const char *before, const char *text, guint count, const char *after)
{
    GString *out = g_string_new(before);

    for (guint i = 0; i < count; i++)
        g_string_append(out, text);
    g_string_append(out, after);
    return g_string_free(out, FALSE);
}

static void
test_bounds(void)
{
    static const struct {
        const char *before, *text, *between, *end, *after;
        guint count, end_count;
        bool ok;
    } cases[] = {
        { "", "<a>", "", "</a>", "", XML_DEPTH_MAX, XML_DEPTH_MAX, true },
        { "", "<a>", "", "</a>", "", XML_DEPTH_MAX + 1, XML_DEPTH_MAX + 1, false },
        { "", "<a>", "", "", "", 100000, 0, false },
        { "<r>", "<a/>", "", "", "</r>", XML_NODES_MAX - 1, 0, true },
        { "<r>", "<a/>", "", "", "</r>", XML_NODES_MAX, 0, false },
        { "<r>", "<a b='' c=''/>", "", "", "</r>", XML_NODES_MAX / 3 + 1, 0, false },
        { "<r>", "a=b ", "", "", "</r>", XML_ATTRIBUTES_MAX * 2, 0, true },
        { "<r a='", "b=", "", "", "'/>", XML_ATTRIBUTES_MAX * 2, 0, true },
        { "<r ", "a='' ", "", "", "/>", XML_ATTRIBUTES_MAX + 1, 0, false },
        { "<!-- '\" --><r a='>' ", "a='' ", "", "", "/>", XML_ATTRIBUTES_MAX, 0, false },
        { "", "<r xmlns:a='a' xmlns:b='b' xmlns:c='c' xmlns:d='d' xmlns:e='e'>", "", "</r>", "",
          XML_NAMESPACES_MAX / 5 + 1, XML_NAMESPACES_MAX / 5 + 1, false },
        { "<r>", "0123456789abcdef", "", "", "</r>", XML_SIZE_MAX / 16, 0, false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *head = repeat(cases[i].before, cases[i].text, cases[i].count, "");
        g_autofree char *all = repeat(head, cases[i].end, cases[i].end_count, cases[i].after);
        g_autoptr(GError) error = NULL;
        g_autoptr(XmlDocument) document = xml_parse(all, strlen(all), &error);
        g_assert_cmpint(document != NULL, ==, cases[i].ok);
        if (document == NULL)
            g_assert_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE);
    }
}

static void
test_navigation(void)
{
    static const char text[] =
        "<?xml version='1.0'?><r xmlns='urn:one' xmlns:t='urn:two' t:k='v &amp; w'>"
        " <a>1<!-- x -->2<![CDATA[<3>]]>&amp;</a><t:b/>tail<a><c>4</c>5</a></r>";
    g_autoptr(XmlDocument) document = xml_parse(text, strlen(text), NULL);
    const XmlNode *root = xml_root(document);
    const XmlNode *a = xml_first(root, "a"), *b = xml_next(a, NULL);

    g_assert_cmpstr(xml_name(root), ==, "r");
    g_assert_cmpstr(xml_namespace(root), ==, "urn:one");
    g_assert_cmpstr(xml_attribute(root, "k"), ==, "v & w");
    g_assert_null(xml_attribute(root, "j"));
    g_assert_cmpstr(xml_text(a), ==, "12<3>&");
    g_assert_cmpstr(xml_name(b), ==, "b");
    g_assert_cmpstr(xml_namespace(b), ==, "urn:two");
    g_assert_cmpstr(xml_text(b), ==, "");
    g_assert_true(xml_next(a, "a") == xml_next(b, NULL));
    g_assert_null(xml_next(xml_next(b, NULL), NULL));
    g_assert_cmpstr(xml_child_text(xml_next(b, "a"), "c"), ==, "4");
    g_assert_null(xml_child_text(root, "z"));
}

/* The child x of each root, by itself and from inside. */
static const struct {
    const char *text, *outer, *inner;
} parts[] = {
    { "<r><x>a &lt; b</x></r>", "<x>a &lt; b</x>", "a &lt; b" },
    { "<r xmlns='urn:d'><x><y z='\"&#10;'/>t</x></r>",
      "<x xmlns=\"urn:d\"><y z=\"&quot;&#10;\"/>t</x>", "<y z=\"&quot;&#10;\"/>t" },
    { "<r xmlns:p='urn:p' xmlns:q='urn:q'><p:x><p:y q:k='v'/></p:x></r>",
      "<p:x xmlns:p=\"urn:p\"><p:y xmlns:q=\"urn:q\" q:k=\"v\"/></p:x>",
      "<p:y xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" q:k=\"v\"/>" },
    { "<r xmlns:q='urn:q'><x q:a='1' q:b='2' w:c='3'/></r>",
      "<x xmlns:q=\"urn:q\" q:a=\"1\" q:b=\"2\"/>", "" },
    { "<r xmlns='urn:d'><x xmlns=''><y/></x></r>", "<x xmlns=\"\"><y/></x>", "<y/>" },
    { "<r><x xmlns='urn:e'><y xmlns='urn:f'/></x></r>",
      "<x xmlns=\"urn:e\"><y xmlns=\"urn:f\"/></x>", "<y xmlns=\"urn:f\"/>" },
    { "<r><x><bad:y/><y xml:lang='zh'/></x></r>", "<x><y/><y xml:lang=\"zh\"/></x>",
      "<y/><y xml:lang=\"zh\"/>" },
};

static void
test_parts(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(XmlDocument) document = xml_parse(parts[i].text, strlen(parts[i].text), NULL);
        const XmlNode *x = xml_first(xml_root(document), "x");
        g_autofree char *outer = xml_outer(x), *inner = xml_inner(x);
        g_assert_cmpstr(outer, ==, parts[i].outer);
        g_assert_cmpstr(inner, ==, parts[i].inner);
    }
}

static const struct {
    const char *text, *written;
} escapes[] = {
    { "", "" },
    { "a<b>&\"'", "a&lt;b&gt;&amp;\"'" },
    { "line\r\n\tend", "line&#13;\n\tend" },
    { "\x01\x08x\x0b\x1f", "x" },
    { "\xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x8e\xac", "\xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x8e\xac" },
    { "\xff\xc0\xaf ok \xe4\xb8", " ok " },         /* broken, overlong, cut */
    { "a\xed\xa0\x80z\xef\xbf\xbey", "azy" },        /* surrogate, U+FFFE */
    { "\xf4\x90\x80\x80\xf0\x80\x80\x80z", "z" },    /* above U+10FFFF, overlong */
    { "\xc3(", "(" },
};

static void
test_escape(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(escapes); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        xml_escape(out, escapes[i].text, strlen(escapes[i].text));
        g_assert_cmpstr(out->str, ==, escapes[i].written);
    }
}

static void
test_writer(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    XmlWriter writer;

    xml_writer_init(&writer, out);
    xml_write_declaration(&writer);
    xml_write_start(&writer, "r");
    xml_write_attribute(&writer, "a", "1\t<\"");
    xml_write_attribute(&writer, "none", NULL);
    xml_write_attribute_number(&writer, "n", INT64_MIN);
    xml_write_leaf(&writer, "x", "y&");
    xml_write_leaf(&writer, "empty", NULL);
    xml_write_leaf_number(&writer, "n", 50);
    xml_write_start(&writer, "z");
    xml_write_end(&writer);
    xml_write_raw(&writer, "<q/>");
    xml_write_text(&writer, "t");
    xml_write_end(&writer);
    g_assert_cmpstr(
        out->str, ==,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><r a=\"1&#9;&lt;&quot;\" "
        "n=\"-9223372036854775808\"><x>y&amp;</x><empty></empty><n>50</n><z/><q/>t</r>");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/xml/documents", test_documents);
    g_test_add_func("/wire/xml/bounds", test_bounds);
    g_test_add_func("/wire/xml/navigation", test_navigation);
    g_test_add_func("/wire/xml/parts", test_parts);
    g_test_add_func("/wire/xml/escape", test_escape);
    g_test_add_func("/wire/xml/writer", test_writer);
    return g_test_run();
}
