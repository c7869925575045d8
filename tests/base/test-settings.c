/* test-settings.c -- what a key file may hold, and what is said of one that holds something else */
#include "base/settings.h"

#include "base/error.h"

#include <string.h>

static const SettingRow rows[] = {
    { "server", "name", SETTING_TEXT, NULL, 0, 0 },
    { "server", "http-port", SETTING_NUMBER, "8380", 0, 65535 },
    { "library", "folders", SETTING_LIST, "/srv/media", 0, 0 },
    { "igrs", "open", SETTING_FLAG, "true", 0, 0 },
    { NULL, NULL, SETTING_TEXT, NULL, 0, 0 },
};

static bool
read_text(Settings *settings, const char *text, GError **error)
{
    return settings_read(settings, text, strlen(text), "duoping.conf", error);
}

static void
test_good(void)
{
    g_autoptr(Settings) settings = settings_new(rows);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(settings_number(settings, "server", "http-port"), ==, 8380);
    g_assert_null(settings_text(settings, "server", "name"));
    g_assert_true(read_text(settings,
                            "# a comment\n[server]\nname = 客厅 = 1\nhttp-port=0\r\n\n"
                            "[library]\nfolders=/a; /b c ;\n[igrs]\nopen=off\n", &error));
    g_assert_no_error(error);
    g_assert_cmpstr(settings_text(settings, "server", "name"), ==, "客厅 = 1");
    g_assert_cmpint(settings_number(settings, "server", "http-port"), ==, 0);
    g_assert_cmpstr(settings_list(settings, "library", "folders")[1], ==, "/b c");
    g_assert_null(settings_list(settings, "library", "folders")[2]);
    g_assert_cmpstr(settings_written(settings, "library", "folders"), ==, "/a; /b c ;");
    g_assert_nonnull(strstr(settings_origin(settings, "library", "folders"), ":"));
    g_assert_false(settings_flag(settings, "igrs", "open"));
    g_assert_null(settings_warnings(settings)[0]);
    g_assert_true(settings_set(settings, "server", "http-port", "81", "--http-port", &error));
    g_assert_cmpint(settings_number(settings, "server", "http-port"), ==, 81);
}

static void
test_bad(void)
{
    static const struct {
        const char *text;
        const char *says; /* part of the message */
    } cases[] = {
        { "[server]\n\nhttp-port=65536\n", "duoping.conf:3: http-port=65536" },
        { "[server]\nhttp-port=\n", "duoping.conf:2: http-port" },
        { "[igrs]\nopen=perhaps\n", "true or false" },
        { "name=x\n", "duoping.conf:1: expected a [group]" },
        { "[server]\nname\n", "duoping.conf:2: expected key=value" },
        { "[server]\nname=\xff\n", "not UTF-8" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Settings) settings = settings_new(rows);
        g_autoptr(GError) error = NULL;
        g_assert_false(read_text(settings, cases[i].text, &error));
        g_assert_nonnull(strstr(error->message, cases[i].says));
        g_assert_cmpint(settings_number(settings, "server", "http-port"), ==, 8380);
    }
    g_autoptr(Settings) settings = settings_new(rows);
    g_autoptr(GError) error = NULL;
    g_assert_false(settings_read(settings, "a\0b", 3, "x", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_false(settings_set(settings, "server", "http-port", "x", "--http-port", &error));
    g_assert_nonnull(strstr(error->message, "--http-port: "));
}

static void
test_warnings(void)
{
    g_autoptr(Settings) settings = settings_new(rows);
    g_autoptr(GError) error = NULL;

    g_assert_true(read_text(settings, "[server]\nfoo=1\n[bar]\nbaz=2\n", &error));
    g_assert_cmpstr(settings_warnings(settings)[0], ==,
                    "duoping.conf:2: unknown key foo in [server]");
    g_assert_cmpstr(settings_warnings(settings)[1], ==, "duoping.conf:3: unknown group [bar]");
    g_assert_null(settings_warnings(settings)[2]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/settings/good", test_good);
    g_test_add_func("/base/settings/bad", test_bad);
    g_test_add_func("/base/settings/warnings", test_warnings);
    return g_test_run();
}
