/* test-bursts.c -- files that come slowly, and many that come at once */
#include "tests/appliance/library-home.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void
write_to(int fd, const char *text)
{
    g_assert_cmpint(write(fd, text, strlen(text)), ==, (ssize_t)strlen(text));
}

/* What is still being written is not shown half, whether a walk finds it or an event tells. */
static void
test_half_written(void)
{
    g_auto(Home) home = { 0 };

    home_init(&home);
    put(&home, "whole.mp3", "title=Whole\n");
    g_autofree char *early = in_root(&home, "early.mp3"), *late = in_root(&home, "late.mp3");
    int early_fd = open(early, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    write_to(early_fd, "title=Half\n");
    open_library(&home);
    WAIT_UNTIL(is_idle(&home) && shows(&home, "Music/All music", "Whole"));

    int late_fd = open(late, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    write_to(late_fd, "title=Half, too\n");
    g_assert_cmpint(fchmod(late_fd, 0640), ==, 0); /* an event, but not the last one */
    put(&home, "last.mp3", "title=Last\n");
    library_rescan(home.library);
    WAIT_UNTIL(is_idle(&home) && shows(&home, "Music/All music", "Last,Whole"));
    WAIT_UNTIL(is_idle(&home));
    g_assert_cmpuint(library_counts(home.library).audio, ==, 2);

    g_assert_cmpint(ftruncate(early_fd, 0), ==, 0);
    g_assert_cmpint(lseek(early_fd, 0, SEEK_SET), ==, 0);
    write_to(early_fd, "title=Early\n");
    g_assert_cmpint(ftruncate(late_fd, 0), ==, 0);
    g_assert_cmpint(lseek(late_fd, 0, SEEK_SET), ==, 0);
    write_to(late_fd, "title=Late\n");
    close(early_fd);
    close(late_fd);
    WAIT_UNTIL(shows(&home, "Music/All music", "Early,Last,Late,Whole"));
}

typedef struct {
    guint changes, pages;
} Seen;

static void
on_library_event(gconstpointer data, gpointer user_data)
{
    const LibraryEvent *event = data;
    Seen *seen = user_data;

    if (event->type == LIBRARY_EVENT_CHANGED)
        seen->changes++;
}

/* Is answered at once, whatever is being written. */
static bool
has_page(Home *home, Seen *seen)
{
    g_autoptr(GString) joined = g_string_new(NULL);
    CatalogRange range = { .limit = 50 };
    CatalogResult result = { 0 };

    g_assert_true(catalog_browse(library_catalog(home->library), "tracks", &range, join_titles,
                                 joined, &result, NULL));
    seen->pages += result.returned == 50;
    return true;
}

static void
test_many(void)
{
    enum { FILES = 10000 };
    g_auto(Home) home = { 0 };
    Seen seen = { 0 };

    home_init(&home);
    put(&home, "first.mp3", "title=First\n");
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    library_observe(home.library, on_library_event, &seen);
    for (int i = 0; i < FILES; i++) {
        g_autofree char *name = g_strdup_printf("%d/%d.mp3", i / 1000, i);
        g_autofree char *text = g_strdup_printf("title=Song %d\nalbum=%d\n", i, i / 100);
        put(&home, name, text);
        if (i % 100 == 99)
            has_page(&home, &seen);
    }
    WAIT_UNTIL(has_page(&home, &seen) && seen.changes > 1 &&
               library_counts(home.library).audio == FILES + 1 && is_idle(&home));
    g_assert_cmpuint(seen.pages, >, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    g_test_add_func("/appliance/bursts/half-written", test_half_written);
    g_test_add_func("/appliance/bursts/many", test_many);
    return g_test_run();
}
