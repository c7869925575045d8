/* report.c -- what the rules found, for people, for TAP, for programs; see tester.h */
#include "validate/tester.h"

#include <stdio.h>

static char *
json_text(const char *text)
{
    GString *out = g_string_new("\"");

    for (const char *p = text; *p != '\0'; p++)
        if (*p == '"' || *p == '\\')
            g_string_append_printf(out, "\\%c", *p);
        else if ((guchar)*p < 0x20)
            g_string_append_printf(out, "\\u%04x", (guchar)*p);
        else
            g_string_append_c(out, *p);
    return g_string_free(g_string_append_c(out, '"'), FALSE);
}

void
report_begin(Report *report, unsigned count, const Tester *t)
{
    g_autofree char *id = json_text(t->id), *name = json_text(t->name);
    g_autofree char *location = json_text(t->location);

    if (report->form == REPORT_TAP)
        printf("TAP version 13\n1..%u\n", count);
    else if (report->form == REPORT_JSON)
        printf("{\"device\":{\"id\":%s,\"name\":%s,\"location\":%s},\"rules\":[", id, name,
               location);
    fflush(stdout);
}

static void
print_json(const Report *report, const Rule *rule, const char *result, const char *reason)
{
    g_autofree char *id = json_text(rule->id), *clause = json_text(rule->clause);
    g_autofree char *title = json_text(rule->title);
    g_autofree char *why = json_text(reason != NULL ? reason : "");

    printf("%s\n{\"id\":%s,\"clause\":%s,\"title\":%s,\"result\":\"%s\"",
           report->passed + report->failed + report->skipped > 1 ? "," : "", id, clause, title,
           result);
    if (reason != NULL)
        printf(",\"reason\":%s", why);
    printf("}");
}

static void
print_tap(const Report *report, const Rule *rule, const char *failure, const char *skip)
{
    printf("%s %u - %s %s (%s)", failure != NULL ? "not ok" : "ok",
           report->passed + report->failed + report->skipped, rule->id, rule->title, rule->clause);
    if (skip != NULL)
        printf(" # SKIP %s", skip);
    printf("\n");
    if (failure != NULL)
        printf("# %s\n", failure);
}

void
report_rule(Report *report, const Rule *rule, const char *failure, const char *skip)
{
    const char *result = failure != NULL ? "FAIL" : skip != NULL ? "SKIP" : "PASS";

    report->failed += failure != NULL;
    report->skipped += skip != NULL;
    report->passed += failure == NULL && skip == NULL;
    if (report->form == REPORT_JSON) {
        print_json(report, rule, result, failure != NULL ? failure : skip);
    } else if (report->form == REPORT_TAP) {
        print_tap(report, rule, failure, skip);
    } else {
        printf("%s %s %s (%s)\n", result, rule->id, rule->title, rule->clause);
        if (failure != NULL || skip != NULL)
            printf("     %s\n", failure != NULL ? failure : skip);
    }
    fflush(stdout);
}

void
report_end(Report *report)
{
    if (report->form == REPORT_JSON)
        printf("\n],\"passed\":%u,\"failed\":%u,\"skipped\":%u}\n", report->passed, report->failed,
               report->skipped);
    else if (report->form == REPORT_LINES)
        printf("%u passed, %u failed, %u skipped\n", report->passed, report->failed,
               report->skipped);
    fflush(stdout);
}
