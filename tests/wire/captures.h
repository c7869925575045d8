/* captures.h -- for the tests of wire: the files of tests/wire/data */
#pragma once

#include <glib.h>

/* The caller's to free. */
static inline char *
capture_read(const char *name, size_t *size)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "wire", "data", name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(path, &text, size, &error);
    g_assert_no_error(error);
    return text;
}
