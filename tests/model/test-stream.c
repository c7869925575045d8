/* test-stream.c -- what can be opened as a stream, and what it reads */
#include "model/stream.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_file(void)
{
    g_autofree char *folder = g_dir_make_tmp("duoping-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "a.bin", NULL);
    g_autofree char *fifo = g_build_filename(folder, "fifo", NULL);
    g_autofree char *away = g_build_filename(folder, "away", NULL);
    g_autoptr(GError) error = NULL;
    char buffer[8];

    g_assert_true(g_file_set_contents(path, "0123456789", -1, NULL));
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    {
        g_autoptr(Stream) stream = stream_new_file(path, "video/mp4", &error);
        g_assert_no_error(error);
        g_assert_cmpint(stream->length, ==, 10);
        g_assert_true(stream->is_seekable && stream->fd >= 0 && stream->etag != NULL);
        g_assert_cmpint(stream_read(stream, 8, buffer, sizeof buffer, NULL), ==, 2);
        g_assert_cmpmem(buffer, 2, "89", 2);
        g_assert_cmpint(stream_read(stream, 10, buffer, sizeof buffer, NULL), ==, 0);
        g_assert_cmpint(stream_read(stream, UINT64_MAX, buffer, sizeof buffer, NULL), ==, 0);
    }
    g_assert_null(stream_new_file(away, "", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_null(stream_new_file(folder, "", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(stream_new_file(fifo, "", &error)); /* and does not wait for a writer */
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);

    g_unlink(path);
    g_unlink(fifo);
    g_rmdir(folder);
}

static void
test_bytes(void)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static("hello", 5);
    g_autoptr(Stream) stream = stream_new_bytes(bytes, "text/plain");
    char buffer[8];

    g_assert_cmpint(stream->length, ==, 5);
    g_assert_cmpint(stream_read(stream, 1, buffer, 3, NULL), ==, 3);
    g_assert_cmpmem(buffer, 3, "ell", 3);
    g_assert_cmpint(stream_read(stream, 5, buffer, 3, NULL), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/stream/file", test_file);
    g_test_add_func("/model/stream/bytes", test_bytes);
    return g_test_run();
}
