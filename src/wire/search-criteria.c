/* search-criteria.c -- see search-criteria.h
 *
 * A recursive descent over the grammar of ContentDirectory:1, 2.5.5, with its depth counted:
 *   or-expression  = and-expression { "or" and-expression }
 *   and-expression = term { "and" term }
 *   term           = "(" or-expression ")" / property operator value
 * Words between tokens are blanks of any kind; operators are taken in any case. */
#include "wire/search-criteria.h"

#include "base/error.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *name;
    CriteriaOperator operator;
} operators[] = {
    /* What begins alike stands with the longer one first. */
    { "!=", CRITERIA_NOT_EQUAL },         { "<=", CRITERIA_LESS_EQUAL },
    { ">=", CRITERIA_GREATER_EQUAL },     { "=", CRITERIA_EQUAL },
    { "<", CRITERIA_LESS },               { ">", CRITERIA_GREATER },
    { "contains", CRITERIA_CONTAINS },    { "doesNotContain", CRITERIA_NOT_CONTAINS },
    { "derivedfrom", CRITERIA_DERIVED_FROM }, { "exists", CRITERIA_EXISTS },
};

typedef struct {
    const char *text;
    const char *at;
    unsigned depth;
    GError **error;
} Reader;

static Criteria *read_or(Reader *reader);

static Criteria *
fail(Reader *reader, const char *expected)
{
    g_set_error(reader->error, DUO_ERROR, DUO_ERROR_INVALID,
                "search criteria, octet %td: %s expected", reader->at - reader->text + 1, expected);
    return NULL;
}

static void
skip_blanks(Reader *reader)
{
    reader->at += strspn(reader->at, " \t\n\v\f\r");
}

/* Takes the word when it stands here by itself. */
static bool
take_word(Reader *reader, const char *word)
{
    size_t length = strlen(word);

    skip_blanks(reader);
    if (g_ascii_strncasecmp(reader->at, word, length) != 0 || g_ascii_isalnum(reader->at[length]))
        return false;
    reader->at += length;
    return true;
}

/* "dc:title", "res@size", "@id"; NULL: none here. */
static char *
read_property(Reader *reader)
{
    const char *start;

    skip_blanks(reader);
    start = reader->at;
    while (g_ascii_isalnum(*reader->at) ||
           (*reader->at != '\0' && strchr(":@_-.", *reader->at) != NULL))
        reader->at++;
    return reader->at == start ? NULL : g_strndup(start, (gsize)(reader->at - start));
}

static bool
read_operator(Reader *reader, CriteriaOperator *operator)
{
    skip_blanks(reader);
    for (guint i = 0; i < G_N_ELEMENTS(operators); i++) {
        bool is_word = g_ascii_isalpha(operators[i].name[0]);
        if (is_word ? take_word(reader, operators[i].name)
                    : g_str_has_prefix(reader->at, operators[i].name)) {
            reader->at += is_word ? 0 : strlen(operators[i].name);
            *operator = operators[i].operator;
            return true;
        }
    }
    return false;
}

/* A quoted value, unescaped; NULL: none, or it has no end. */
static char *
read_value(Reader *reader)
{
    skip_blanks(reader);
    if (*reader->at != '"')
        return NULL;
    g_autoptr(GString) value = g_string_new(NULL);
    for (reader->at++; *reader->at != '"'; reader->at++) {
        if (*reader->at == '\\' && (reader->at[1] == '"' || reader->at[1] == '\\'))
            reader->at++;
        if (*reader->at == '\0')
            return NULL;
        g_string_append_c(value, *reader->at);
    }
    reader->at++;
    return g_string_free(g_steal_pointer(&value), FALSE);
}

/* "exists" takes a bare true or false, as the grammar says, or a quoted one. */
static char *
read_truth(Reader *reader)
{
    if (take_word(reader, "true"))
        return g_strdup("true");
    if (take_word(reader, "false"))
        return g_strdup("false");
    g_autofree char *value = read_value(reader);
    if (value == NULL || (strcmp(value, "true") != 0 && strcmp(value, "false") != 0))
        return NULL;
    return g_steal_pointer(&value);
}

static Criteria *
read_test(Reader *reader)
{
    CriteriaOperator operator;
    g_autofree char *property = read_property(reader);

    if (property == NULL)
        return fail(reader, "a property or \"(\"");
    if (!read_operator(reader, &operator))
        return fail(reader, "an operator");
    bool is_truth = operator == CRITERIA_EXISTS;
    char *value = is_truth ? read_truth(reader) : read_value(reader);
    if (value == NULL)
        return fail(reader, is_truth ? "true or false" : "a value in double quotes");
    return criteria_new_test(operator, g_steal_pointer(&property), value);
}

static Criteria *
read_term(Reader *reader)
{
    skip_blanks(reader);
    if (*reader->at != '(')
        return read_test(reader);
    if (reader->depth == SEARCH_DEPTH_MAX)
        return fail(reader, "fewer parentheses inside each other");
    reader->at++;
    reader->depth++;
    g_autoptr(Criteria) inside = read_or(reader);
    reader->depth--;
    if (inside == NULL)
        return NULL;
    skip_blanks(reader);
    if (*reader->at != ')')
        return fail(reader, "\")\", \"and\" or \"or\"");
    reader->at++;
    return g_steal_pointer(&inside);
}

/* One or more of what read gives, joined by word. */
static Criteria *
read_chain(Reader *reader, Criteria *(*read)(Reader *), const char *word, CriteriaOperator operator)
{
    g_autoptr(Criteria) left = read(reader);

    while (left != NULL && take_word(reader, word)) {
        Criteria *right = read(reader);
        if (right == NULL)
            return NULL;
        left = criteria_new_pair(operator, g_steal_pointer(&left), right);
    }
    return g_steal_pointer(&left);
}

static Criteria *
read_and(Reader *reader)
{
    return read_chain(reader, read_term, "and", CRITERIA_AND);
}

static Criteria *
read_or(Reader *reader)
{
    return read_chain(reader, read_and, "or", CRITERIA_OR);
}

Criteria *
search_criteria_decode(const char *text, GError **error)
{
    Reader reader = { .text = text, .at = text, .error = error };

    if (strlen(text) > SEARCH_CRITERIA_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "search criteria of more than %d octets",
                    SEARCH_CRITERIA_MAX);
        return NULL;
    }
    if (!g_utf8_validate(text, -1, NULL)) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "search criteria: not UTF-8");
        return NULL;
    }
    skip_blanks(&reader);
    g_autoptr(Criteria) criteria = NULL;
    if (*reader.at == '*') {
        reader.at++;
        criteria = criteria_new_all();
    } else {
        criteria = read_or(&reader);
    }
    if (criteria == NULL)
        return NULL;
    skip_blanks(&reader);
    if (*reader.at != '\0')
        return fail(&reader, "\"and\", \"or\" or the end");
    return g_steal_pointer(&criteria);
}

/* -- Writing ----------------------------------------------------------------------------------- */

static void
append_value(GString *out, const Criteria *criteria)
{
    if (criteria->operator == CRITERIA_EXISTS) {
        g_string_append(out, criteria->value);
        return;
    }
    g_string_append_c(out, '"');
    for (const char *at = criteria->value; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}

/* Chains lean to the left as they are read, so only an "or" below an "and", and a pair on the
 * right, need parentheses. */
static void
append(GString *out, const Criteria *criteria, bool is_grouped)
{
    if (criteria->operator == CRITERIA_ALL) {
        g_string_append_c(out, '*');
        return;
    }
    if (criteria->left == NULL) {
        const char *name = NULL;
        for (guint i = 0; i < G_N_ELEMENTS(operators); i++)
            if (operators[i].operator == criteria->operator)
                name = operators[i].name;
        g_string_append_printf(out, "%s %s ", criteria->property, name);
        append_value(out, criteria);
        return;
    }
    bool is_and = criteria->operator == CRITERIA_AND;
    g_string_append(out, is_grouped ? "(" : "");
    append(out, criteria->left, is_and && criteria->left->operator == CRITERIA_OR);
    g_string_append(out, is_and ? " and " : " or ");
    append(out, criteria->right, criteria->right->operator <= CRITERIA_OR);
    g_string_append(out, is_grouped ? ")" : "");
}

char *
search_criteria_encode(const Criteria *criteria)
{
    GString *out = g_string_new(NULL);

    append(out, criteria, false);
    return g_string_free(out, FALSE);
}
