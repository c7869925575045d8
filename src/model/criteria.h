/* criteria.h -- what a search asks for: a small tree of conditions
 *
 * The abstract form of ContentDirectory:1 SearchCriteria (2.5.5). wire/search-criteria reads the
 * text into it; a catalog answers it. */
#pragma once

#include <glib.h>

typedef enum {
    CRITERIA_ALL, /* "*": everything */
    CRITERIA_AND,
    CRITERIA_OR,
    CRITERIA_EQUAL,
    CRITERIA_NOT_EQUAL,
    CRITERIA_LESS,
    CRITERIA_LESS_EQUAL,
    CRITERIA_GREATER,
    CRITERIA_GREATER_EQUAL,
    CRITERIA_CONTAINS,
    CRITERIA_NOT_CONTAINS,
    CRITERIA_DERIVED_FROM,
    CRITERIA_EXISTS, /* value is "true" or "false" */
} CriteriaOperator;

typedef struct Criteria Criteria;
struct Criteria {
    CriteriaOperator operator;
    Criteria *left, *right; /* AND, OR; owned */
    char *property;         /* a comparison's, e.g. "dc:title", "upnp:class", "@id" */
    char *value;
};

/* Each takes over what it is given. */
Criteria *criteria_new_all(void);
Criteria *criteria_new_pair(CriteriaOperator operator, Criteria *left, Criteria *right);
Criteria *criteria_new_test(CriteriaOperator operator, char *property, char *value);
void      criteria_free(Criteria *criteria);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Criteria, criteria_free)
