/* fuzz-settings.c -- a key file that is refused changes nothing */
#include "base/settings.h"
#include "tests/fuzz/fuzz.h"

static const SettingRow rows[] = {
    { "server", "name", SETTING_TEXT, "home", 0, 0 },
    { "server", "http-port", SETTING_NUMBER, "8380", 0, 65535 },
    { "server", "quiet", SETTING_FLAG, "no", 0, 0 },
    { "library", "folders", SETTING_LIST, "/srv/media", 0, 0 },
    { NULL, NULL, SETTING_TEXT, NULL, 0, 0 },
};

FUZZ_TARGET("settings")
{
    g_autoptr(Settings) settings = settings_new(rows);
    bool is_good = settings_read(settings, (const char *)data, size, "fuzz", NULL);

    g_assert_cmpint(settings_number(settings, "server", "http-port"), <=, 65535);
    g_assert_nonnull(settings_list(settings, "library", "folders"));
    g_assert_nonnull(settings_warnings(settings));
    if (!is_good) {
        g_assert_cmpstr(settings_text(settings, "server", "name"), ==, "home");
        g_assert_cmpint(settings_number(settings, "server", "http-port"), ==, 8380);
    }
}
