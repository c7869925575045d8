/* fuzz-search.c -- search criteria that can be read ask the same when written and read again */
#include "tests/fuzz/fuzz.h"
#include "wire/search-criteria.h"

static void
assert_same(const Criteria *a, const Criteria *b)
{
    g_assert_cmpint(a->operator, ==, b->operator);
    g_assert_cmpstr(a->property, ==, b->property);
    g_assert_cmpstr(a->value, ==, b->value);
    g_assert_true((a->left != NULL) == (b->left != NULL));
    if (a->left != NULL) {
        assert_same(a->left, b->left);
        assert_same(a->right, b->right);
    }
}

FUZZ_TARGET("search")
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(Criteria) criteria = search_criteria_decode(text, NULL);

    if (criteria == NULL)
        return;
    g_autofree char *written = search_criteria_encode(criteria);
    g_autoptr(GError) error = NULL;
    g_autoptr(Criteria) again = search_criteria_decode(written, &error);
    if (again == NULL) { /* blanks added may cross the bound, nothing else may go wrong */
        g_assert_cmpuint(strlen(written), >, SEARCH_CRITERIA_MAX);
        return;
    }
    assert_same(criteria, again);
}
