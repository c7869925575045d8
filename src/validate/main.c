/* main.c -- igrs-validate: the tester of docs/igrs/PROFILE.md (section 9) as a program
 *
 * Exit codes: 0 every rule passed, 1 one failed, 2 a mistake in the command line, 3 no device. */
#include "base/error.h"
#include "base/program.h"
#include "config.h"
#include "validate/life.h"
#include "validate/rules.h"
#include "validate/slow.h"
#include "validate/tester.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define LOOK_MS 2500

enum { EXIT_PASSED = 0, EXIT_RULE_FAILED = 1, EXIT_USAGE = 2, EXIT_NO_DEVICE = 3 };

typedef struct {
    gboolean is_tap, is_json, is_list, with_life, is_version;
    char *interface;
    char *key; /* file; NULL: none */
    char *uuid; /* of the device that holds the key; NULL: any */
    char **rules;  /* NULL: all */
    char **wanted; /* URL, name or DeviceId; NULL: the only one there is */
} Options;

static bool
read_options(Options *options, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        { "interface", 'i', 0, G_OPTION_ARG_STRING, &options->interface,
          "Network interface (every one)", "IFACE" },
        { "rule", 'r', 0, G_OPTION_ARG_STRING_ARRAY, &options->rules,
          "Run this rule only; may be repeated", "ID" },
        { "list", 'l', 0, G_OPTION_ARG_NONE, &options->is_list, "List the rules", NULL },
        { "tap", 0, 0, G_OPTION_ARG_NONE, &options->is_tap, "Report as TAP", NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options->is_json, "Report as JSON", NULL },
        { "key", 'k', 0, G_OPTION_ARG_FILENAME, &options->key,
          "Pairing key that the device has for us, 64 hexadecimal digits", "FILE" },
        { "as", 0, 0, G_OPTION_ARG_STRING, &options->uuid,
          "The uuid that the device has that key for (any)", "UUID" },
        { "life", 0, 0, G_OPTION_ARG_NONE, &options->with_life,
          "Hear the device start and stop as well: start it after, stop it when told", NULL },
        { "version", 0, 0, G_OPTION_ARG_NONE, &options->is_version, "Print the version", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->wanted, NULL, NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new("[URL|NAME|DEVICEID]");

    g_option_context_set_summary(context, "Tests an IGRS device against the profile of duoping.");
    g_option_context_add_main_entries(context, entries, NULL);
    return g_option_context_parse(context, argc, argv, error);
}

static void
options_clear(Options *options)
{
    g_free(options->interface);
    g_free(options->key);
    g_free(options->uuid);
    g_strfreev(options->rules);
    g_strfreev(options->wanted);
}

/* -- Rules ------------------------------------------------------------------------------------- */

static const Rule *
find_rule(const char *id)
{
    for (guint i = 0; rule_tables[i] != NULL; i++)
        for (const Rule *rule = rule_tables[i]; rule->id != NULL; rule++)
            if (strcmp(rule->id, id) == 0)
                return rule;
    return NULL;
}

static GPtrArray *
choose_rules(char **ids)
{
    GPtrArray *rules = g_ptr_array_new();

    for (guint i = 0; ids == NULL && rule_tables[i] != NULL; i++)
        for (const Rule *rule = rule_tables[i]; rule->id != NULL; rule++)
            g_ptr_array_add(rules, (gpointer)rule);
    for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
        g_ptr_array_add(rules, (gpointer)find_rule(ids[i]));
    return rules;
}

static int
list_rules(const GPtrArray *rules)
{
    for (guint i = 0; i < rules->len; i++) {
        const Rule *rule = g_ptr_array_index(rules, i);
        printf("%-32s %-10s %s\n", rule->id, rule->clause, rule->title);
    }
    return EXIT_PASSED;
}

/* Why the device is not judged by it; NULL: it is. */
static const char *
why_skip(const Tester *t, const Rule *rule)
{
    static const struct {
        unsigned need;
        const char *words;
    } reasons[] = {
        { NEED_LIFE, "without --life" },
        { NEED_KEY, "without --key" },
        { NEED_TLS, "the device offers no TLS" },
        { NEED_LED, "the device leads no group" },
        { NEED_PEERS, "the device is in no peer group" },
    };
    unsigned missing = rule->needs & ~t->has;

    for (guint i = 0; i < G_N_ELEMENTS(reasons); i++)
        if ((missing & reasons[i].need) != 0)
            return reasons[i].words;
    return missing == 0 ? NULL : "this kind of device has no such service";
}

static void
run_rules(Tester *t, const GPtrArray *rules, Report *report)
{
    bool is_stopped = false;

    slow_begin(t, rules);
    report_begin(report, rules->len, t);
    for (guint i = 0; i < rules->len; i++) {
        const Rule *rule = g_ptr_array_index(rules, i);
        if ((rule->needs & (NEED_LED | NEED_PEERS)) != 0)
            groups_look(t);
        const char *skip = why_skip(t, rule);
        if (skip == NULL && (rule->needs & NEED_LIFE) != 0 && !is_stopped) {
            life_await_stop(t);
            is_stopped = true;
        }
        g_autofree char *failure = skip == NULL ? tester_run(t, rule) : NULL;
        report_rule(report, rule, failure, skip);
    }
    report_end(report);
}

/* -- Finding the device ------------------------------------------------------------------------ */

static bool
is_wanted(const char *line, const char *wanted)
{
    g_auto(GStrv) parts = g_strsplit(line, "\t", 3);

    return wanted == NULL || g_ascii_strcasecmp(parts[1], wanted) == 0 ||
           g_str_has_suffix(parts[1], wanted) || strcmp(parts[2], wanted) == 0;
}

/* The LOCATION, the caller's; NULL: none or several, which were told. */
static char *
find_device(const char *interface, const char *wanted)
{
    g_autoptr(GPtrArray) found = ether_look(interface, LOOK_MS);

    for (guint i = found->len; i > 0; i--)
        if (!is_wanted(g_ptr_array_index(found, i - 1), wanted))
            g_ptr_array_remove_index(found, i - 1);
    if (found->len == 1)
        return g_strndup(g_ptr_array_index(found, 0), strcspn(g_ptr_array_index(found, 0), "\t"));
    fprintf(stderr, found->len == 0 ? "igrs-validate: no device found\n"
                                    : "igrs-validate: several devices; which one?\n");
    for (guint i = 0; i < found->len; i++)
        fprintf(stderr, "  %s\n", (const char *)g_ptr_array_index(found, i));
    return NULL;
}

/* The LOCATION of what is to be tested, the caller's; NULL: nobody, which was told. */
static char *
settle_location(const Options *options, Tester *t, GError **error)
{
    const char *wanted = options->wanted != NULL ? options->wanted[0] : NULL;

    if (options->with_life)
        return ether_open_ear(t, error) ? life_await_start(t, wanted) : NULL;
    if (wanted != NULL && strstr(wanted, "://") != NULL)
        return g_strdup(wanted);
    return find_device(options->interface, wanted);
}

static bool
prepare_key(const Options *options, Tester *t, GError **error)
{
    if (options->uuid != NULL && !g_uuid_string_is_valid(options->uuid)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s is no uuid", options->uuid);
        return false;
    }
    if (options->uuid != NULL) {
        g_free(t->paired);
        t->paired = g_strconcat(IGRS_URN_DEVICE_ID, options->uuid, NULL);
    }
    return options->key == NULL || secure_read_key(t, options->key, error);
}

static int
validate(const Options *options, const GPtrArray *rules)
{
    g_autoptr(GError) error = NULL;
    Report report = { options->is_json  ? REPORT_JSON
                      : options->is_tap ? REPORT_TAP
                                        : REPORT_LINES,
                      0, 0, 0 };
    int exit_code = EXIT_NO_DEVICE;
    Tester tester;

    tester_init(&tester, options->interface);
    if (!prepare_key(options, &tester, &error)) {
        fprintf(stderr, "igrs-validate: %s\n", error->message);
        tester_clear(&tester);
        return EXIT_USAGE;
    }
    g_autofree char *location = settle_location(options, &tester, &error);
    if (location != NULL && tester_meet(&tester, location, &error)) {
        tester.has |= options->with_life ? NEED_LIFE : 0;
        run_rules(&tester, rules, &report);
        exit_code = report.failed > 0 ? EXIT_RULE_FAILED : EXIT_PASSED;
    }
    if (error != NULL)
        fprintf(stderr, "igrs-validate: %s\n", error->message);
    tester_clear(&tester);
    return exit_code;
}

static int
run(const Options *options)
{
    g_autoptr(GPtrArray) rules = NULL;

    for (guint i = 0; options->rules != NULL && options->rules[i] != NULL; i++)
        if (find_rule(options->rules[i]) == NULL) {
            fprintf(stderr, "igrs-validate: no rule %s; --list shows them\n", options->rules[i]);
            return EXIT_USAGE;
        }
    if (options->wanted != NULL && options->wanted[0] != NULL && options->wanted[1] != NULL) {
        fprintf(stderr, "igrs-validate: one device at a time, please\n");
        return EXIT_USAGE;
    }
    rules = choose_rules(options->rules);
    return options->is_list ? list_rules(rules) : validate(options, rules);
}

int
main(int argc, char **argv)
{
    Options options = { 0 };
    g_autoptr(GError) error = NULL;
    int exit_code = EXIT_USAGE;

    signal(SIGPIPE, SIG_IGN);
    if (!read_options(&options, &argc, &argv, &error)) {
        fprintf(stderr, "igrs-validate: %s\nTry igrs-validate --help.\n", error->message);
    } else if (options.is_version) {
        printf("igrs-validate " PACKAGE_VERSION "\n");
        exit_code = EXIT_PASSED;
    } else {
        exit_code = run(&options);
    }
    options_clear(&options);
    return exit_code;
}
