/* replay.c -- runs every target over its corpus, a result each; see fuzz.h */
#include "tests/fuzz/fuzz.h"

static void
replay(gconstpointer user_data)
{
    const FuzzTarget *target = user_data;
    g_autofree char *folder =
        g_test_build_filename(G_TEST_DIST, "fuzz", "corpus", target->name, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    guint count = 0;

    g_assert_no_error(error);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
        size_t size;
        g_file_get_contents(path, &text, &size, &error);
        g_assert_no_error(error);
        /* to the octet, so that the sanitizer sees a read past the end */
        g_autofree uint8_t *data = size == 0 ? NULL : g_memdup2(text, size);
        g_test_message("%s", name);
        target->run(data, size);
        count++;
    }
    g_assert_cmpuint(count, >, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (const FuzzTarget *target = fuzz_targets(); target != NULL; target = target->next) {
        g_autofree char *path = g_strconcat("/fuzz/", target->name, NULL);
        g_test_add_data_func(path, target, replay);
    }
    return g_test_run();
}
