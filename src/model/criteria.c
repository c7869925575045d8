/* criteria.c -- see criteria.h */
#include "model/criteria.h"

Criteria *
criteria_new_all(void)
{
    return g_new0(Criteria, 1); /* CRITERIA_ALL is 0 */
}

Criteria *
criteria_new_pair(CriteriaOperator operator, Criteria *left, Criteria *right)
{
    Criteria *criteria = g_new0(Criteria, 1);

    g_assert(operator == CRITERIA_AND || operator == CRITERIA_OR);
    *criteria = (Criteria){ .operator = operator, .left = left, .right = right };
    return criteria;
}

Criteria *
criteria_new_test(CriteriaOperator operator, char *property, char *value)
{
    Criteria *criteria = g_new0(Criteria, 1);

    g_assert(operator >= CRITERIA_EQUAL);
    *criteria = (Criteria){ .operator = operator, .property = property, .value = value };
    return criteria;
}

void
criteria_free(Criteria *criteria)
{
    if (criteria == NULL)
        return;
    criteria_free(criteria->left);
    criteria_free(criteria->right);
    g_free(criteria->property);
    g_free(criteria->value);
    g_free(criteria);
}
