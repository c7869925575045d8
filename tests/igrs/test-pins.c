/* test-pins.c -- the certificates that devices have shown: kept, read again, and what is no line */
#include "igrs/pins.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define UUID "6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define ID IGRS_URN_DEVICE_ID UUID
#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

typedef struct {
    char *folder, *path;
    IgrsPins *pins;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->folder = g_dir_make_tmp("pins-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, ".certificates", NULL);
    fixture->pins = igrs_pins_new(fixture->folder);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    igrs_pins_free(fixture->pins);
    g_unlink(fixture->path);
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
    g_free(fixture->path);
    g_free(fixture->folder);
}

static void
test_kept(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    IgrsSecret one, two;
    struct stat facts;

    memset(&one, 1, sizeof one);
    memset(&two, 2, sizeof two);
    g_assert_null(igrs_pins_find(fixture->pins, ID));
    igrs_pins_put(fixture->pins, ID, &one);
    igrs_pins_put(fixture->pins, ID, &two);
    g_assert_no_errno(stat(fixture->path, &facts));
    g_assert_cmpint(facts.st_mode & 0777, ==, 0600);
    g_autoptr(IgrsPins) again = igrs_pins_new(fixture->folder);
    g_assert_true(igrs_secret_equal(
        igrs_pins_find(again, "urn:igrs:Device:DeviceId:6A1C2F70-0D5E-4C53-9A41-52D3F3F0A9B1"),
        &two));
    g_assert_cmpint(g_unlink(fixture->path), ==, 0);
    igrs_pins_read(again);
    g_assert_null(igrs_pins_find(again, ID));
}

static void
test_lines(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *text;
        bool is_there;
    } cases[] = {
        { UUID " " DIGITS "\n", true },     { "\n\nnonsense\n" UUID " " DIGITS, true },
        { UUID " " DIGITS " more\n", false }, { UUID " 0011\n", false },
        { UUID "\n", false },               { "6a1c2f70 " DIGITS "\n", false },
        { "", false },                      { "\377\376 " DIGITS "\n", false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(g_file_set_contents(fixture->path, cases[i].text, -1, NULL));
        igrs_pins_read(fixture->pins);
        g_assert_cmpint(igrs_pins_find(fixture->pins, ID) != NULL, ==, cases[i].is_there);
    }
}

/* Those that are there hold; nobody pushes them out. */
static void
test_full(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(IgrsPins) pins = igrs_pins_new(NULL);
    IgrsSecret fingerprint = { { 0 } };

    for (guint i = 0; i < IGRS_PINS_MAX + 10; i++) {
        g_autofree char *id =
            g_strdup_printf(IGRS_URN_DEVICE_ID "00000000-0000-4000-8000-%012x", i);
        igrs_pins_put(pins, id, &fingerprint);
        g_assert_cmpint(igrs_pins_find(pins, id) != NULL, ==, i < IGRS_PINS_MAX);
    }
    g_assert_nonnull(
        igrs_pins_find(pins, IGRS_URN_DEVICE_ID "00000000-0000-4000-8000-000000000000"));
}

static void
test_no_certificate(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    IgrsSecret fingerprint;

    g_assert_false(igrs_fingerprint("-----BEGIN CERTIFICATE-----\nAAAA\n", &fingerprint, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/pins/kept", test_kept);
    ADD("/igrs/pins/lines", test_lines);
    ADD("/igrs/pins/full", test_full);
    ADD("/igrs/pins/no-certificate", test_no_certificate);
    return g_test_run();
}
