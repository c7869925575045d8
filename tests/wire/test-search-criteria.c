/* test-search-criteria.c -- the grammar of ContentDirectory:1, 2.5.5, and what does not follow
 * it */
#include "base/error.h"
#include "wire/search-criteria.h"

#include <string.h>

/* The tree as text with every pair in brackets. */
static void
show(GString *out, const Criteria *criteria)
{
    static const char *const names[] = { "*",  "and", "or", "=",  "!=", "<",  "<=",
                                         ">",  ">=",  "contains", "doesNotContain",
                                         "derivedfrom", "exists" };

    if (criteria->operator == CRITERIA_ALL) {
        g_string_append(out, "*");
    } else if (criteria->left != NULL) {
        g_string_append_c(out, '[');
        show(out, criteria->left);
        g_string_append_printf(out, " %s ", names[criteria->operator]);
        show(out, criteria->right);
        g_string_append_c(out, ']');
    } else {
        g_string_append_printf(out, "%s %s {%s}", criteria->property, names[criteria->operator],
                               criteria->value);
    }
}

static void
test_grammar(void)
{
    static const struct {
        const char *text;
        const char *tree; /* NULL: refused */
    } cases[] = {
        { "*", "*" },
        { " * ", "*" },
        { "dc:title contains \"a\"", "dc:title contains {a}" },
        { "dc:title=\"a\"", "dc:title = {a}" },
        { "@id != \"x y\"", "@id != {x y}" },
        { "res@size >= \"10\"", "res@size >= {10}" },
        { "res@size<\"10\"", "res@size < {10}" },
        { "dc:title = \"say \\\"hi\\\" \\\\ \\n\"", "dc:title = {say \"hi\" \\ \\n}" },
        { "dc:title = \"\"", "dc:title = {}" },
        { "dc:title = \"多屏\"", "dc:title = {多屏}" },
        { "upnp:class derivedfrom \"object.item\" and dc:title contains \"a\"",
          "[upnp:class derivedfrom {object.item} and dc:title contains {a}]" },
        { "a = \"1\" or b = \"2\" and c = \"3\"", "[a = {1} or [b = {2} and c = {3}]]" },
        { "(a = \"1\" or b = \"2\") and c = \"3\"", "[[a = {1} or b = {2}] and c = {3}]" },
        { "a=\"1\" AND b=\"2\" And c=\"3\"", "[[a = {1} and b = {2}] and c = {3}]" },
        { "((a = \"1\"))", "a = {1}" },
        { "upnp:artist exists true", "upnp:artist exists {true}" },
        { "upnp:artist exists \"false\"", "upnp:artist exists {false}" },
        { "a\t=\r\n\"1\"\vand\fb DOESNOTCONTAIN \"2\"", "[a = {1} and b doesNotContain {2}]" },
        { "and = \"1\"", "and = {1}" },
        { "", NULL },
        { "  ", NULL },
        { "* and a = \"1\"", NULL },
        { "**", NULL },
        { "dc:title", NULL },
        { "dc:title contains", NULL },
        { "dc:title contains a", NULL },
        { "dc:title contains \"a", NULL },
        { "dc:title contains \"a\\", NULL },
        { "dc:title contains \"a\\\"", NULL },
        { "dc:title contains 'a'", NULL },
        { "dc:title like \"a\"", NULL },
        { "dc:title == \"a\"", NULL },
        { "containsX \"a\"", NULL },
        { "a containsX \"a\"", NULL },
        { "a exists \"maybe\"", NULL },
        { "a exists truely", NULL },
        { "(a = \"1\"", NULL },
        { "a = \"1\")", NULL },
        { "()", NULL },
        { "a = \"1\" b = \"2\"", NULL },
        { "a = \"1\" and", NULL },
        { "or a = \"1\" or", NULL },
        { "a = \"\xff\"", NULL },
        { "0' OR '1'='1", NULL },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Criteria) criteria = search_criteria_decode(cases[i].text, &error);
        g_test_message("%s", cases[i].text);
        if (cases[i].tree == NULL) {
            g_assert_null(criteria);
            g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
            continue;
        }
        g_assert_no_error(error);
        g_autoptr(GString) tree = g_string_new(NULL);
        show(tree, criteria);
        g_assert_cmpstr(tree->str, ==, cases[i].tree);

        /* What is written asks the same. */
        g_autofree char *written = search_criteria_encode(criteria);
        g_autoptr(Criteria) again = search_criteria_decode(written, &error);
        g_assert_no_error(error);
        g_autoptr(GString) tree_again = g_string_new(NULL);
        show(tree_again, again);
        g_assert_cmpstr(tree_again->str, ==, cases[i].tree);
    }
}

static char *
nested(guint depth)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < depth; i++)
        g_string_append_c(text, '(');
    g_string_append(text, "a = \"1\"");
    for (guint i = 0; i < depth; i++)
        g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

static void
test_limits(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *deep_enough = nested(SEARCH_DEPTH_MAX);
    g_autofree char *too_deep = nested(SEARCH_DEPTH_MAX + 1);
    g_autofree char *much_too_deep = nested(2000);
    g_autofree char *long_value = g_strnfill(SEARCH_CRITERIA_MAX, 'x');
    g_autofree char *too_long = g_strdup_printf("a = \"%s\"", long_value);

    g_autoptr(Criteria) criteria = search_criteria_decode(deep_enough, &error);
    g_assert_no_error(error);
    g_assert_null(search_criteria_decode(too_deep, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(search_criteria_decode(much_too_deep, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(search_criteria_decode(too_long, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/search-criteria/grammar", test_grammar);
    g_test_add_func("/wire/search-criteria/limits", test_limits);
    return g_test_run();
}
