/* search-criteria.h -- ContentDirectory:1 SearchCriteria (2.5.5) as text
 *
 * searchCrit = "*" / searchExp; "and" binds closer than "or", parentheses closer still; values
 * stand in double quotes with \" and \\ escaped. Pure. */
#pragma once

#include "model/criteria.h"

#define SEARCH_CRITERIA_MAX 8192 /* octets */
#define SEARCH_DEPTH_MAX 32      /* parentheses inside each other */

/* DUO_ERROR_INVALID: the message says where and what was expected; DUO_ERROR_TOO_LARGE. */
Criteria *search_criteria_decode(const char *text, GError **error);
/* The caller's; decode(encode(x)) asks what x asks. */
char     *search_criteria_encode(const Criteria *criteria);
