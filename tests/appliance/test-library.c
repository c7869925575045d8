/* test-library.c -- real trees, real inotify: what lies on the disk is what the library shows */
#include "appliance/library/library.h"

#include "base/error.h"
#include "media-db/writer.h"
#include "tests/appliance/library-home.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
found(Home *home, const CatalogSearch *search)
{
    g_autoptr(GError) error = NULL;
    GString *joined = g_string_new(NULL);
    CatalogRange range = { 0 };
    CatalogResult result = { 0 };

    catalog_search(library_catalog(home->library), search, &range, join_titles, joined, &result,
                   &error);
    g_assert_no_error(error);
    return g_string_free(joined, FALSE);
}

static const HomeFile tree[] = {
    { "music/10 b.mp3",
      "title=Bravo\nartist=Ann\nalbum=One\ngenre=Pop\ntrack=10\ndate=1999\n" },
    { "music/2 a.mp3",
      "title=Alpha\nartist=Ann\nalbum=One\ngenre=Pop\ntrack=2\ndate=1999\n" },
    { "music/北京.flac", "title=北京欢迎你\nartist=群星\n" },
    { "music/阿.flac", "title=阿里山\nartist=群星\n" },
    { "films/Café Éclair.mkv", "duration_ms=1000\n" },
    { "films/Война и мир.mp4", "title=Война и мир\n" },
    { "films/bad.avi", "broken" },
    { "pictures/x.jpg", "date=2024-05-01T10:20:30\n" },
    { "pictures/y.jpg", "date=2023-01-01T10:20:30\n" },
    { "pictures/.hidden.jpg", "" },
    { "pictures/late.jpg.part", "" },
    { "pictures/notes.txt", "" },
    { "@eaDir/z.jpg", "" },
};

static void
test_views(void)
{
    static const struct { const char *path, *titles; } cases[] = {
        { "Folders/media", "films,music,pictures" },
        { "Folders/media/music", "Alpha,Bravo,阿里山,北京欢迎你" },
        { "Music", "Artists,Album artists,Albums,Genres,Composers,Years,All music,Playlists,"
                   "Recently added,Most played,Folders" },
        { "Music/Albums/One", "Alpha,Bravo" },
        { "Music/Artists/Ann", "One" },
        { "Music/Genres/Pop", "Alpha,Bravo" },
        { "Videos", "Continue watching,Recently added,Films,Series,All videos,Folders" },
        { "Videos/All videos", "Война и мир,Café Éclair" },
        { "Pictures", "All pictures,Days,Cameras,Places,Folders,2024,2023" },
        { "Pictures/2024/2024-05", "x" },
        { "Pictures/All pictures", "x,y" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, tree);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = titles(&home, cases[i].path, CATALOG_SORT_NATURAL);
        if (strcmp(cases[i].path, "Videos/All videos") == 0) /* scripts' order is ICU's affair */
            continue;
        g_test_message("%s: %s", cases[i].path, got);
        g_assert_cmpstr(got, ==, cases[i].titles);
    }
    LibraryCounts counts = library_counts(home.library);
    g_assert_cmpuint(counts.audio, ==, 4);
    g_assert_cmpuint(counts.video, ==, 3);
    g_assert_cmpuint(counts.image, ==, 2);
    g_assert_cmpuint(counts.unreadable, ==, 1);
    g_autofree char *id = id_of(&home, "Folders/media/films/bad");
    g_autoptr(MediaObject) bad = catalog_find(library_catalog(home.library), id, NULL);
    g_assert_cmpstr(bad->unreadable, ==, "broken on purpose");
    g_autoptr(GPtrArray) unreadable =
        g_ptr_array_new_with_free_func((GDestroyNotify)media_object_free);
    CatalogRange all = { 0 };
    CatalogResult result;
    g_assert_true(catalog_browse(library_catalog(home.library), "unreadable", &all, join_ids,
                                 unreadable, &result, NULL));
    g_assert_cmpuint(unreadable->len, ==, 1);
    g_assert_cmpstr(((MediaObject *)unreadable->pdata[0])->unreadable, ==, "broken on purpose");
    g_assert_null(library_scan(home.library)->folder); /* at rest */
    g_autoptr(MediaObject) root = catalog_find(library_catalog(home.library), "0", NULL);
    g_assert_cmpstr(root->parent_id, ==, "-1");
    g_autofree char *song = id_of(&home, "Music/Albums/One/Alpha");
    g_autofree char *path = library_item_path(home.library, song, NULL);
    g_assert_true(g_str_has_suffix(path, "/music/2 a.mp3"));
}

static void
test_search(void)
{
    static const struct { const char *words; MediaKind kind; const char *titles; } cases[] = {
        { "alp", MEDIA_ANY, "Alpha" },   { "one ALPHA", MEDIA_ANY, "Alpha" },
        { "北", MEDIA_ANY, "北京欢迎你" }, { "迎你", MEDIA_ANY, "北京欢迎你" },
        { "京欢迎", MEDIA_ANY, "北京欢迎你" }, { "cafe eclair", MEDIA_ANY, "Café Éclair" },
        { "ВОЙНА", MEDIA_ANY, "Война и мир" }, { "ｏｎｅ", MEDIA_ANY, "Alpha,Bravo" },
        { "alpha", MEDIA_VIDEO, "" },    { "\" OR 1", MEDIA_ANY, "" },
        { "   ", MEDIA_ANY, "" },        { "%", MEDIA_ANY, "" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, tree);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        CatalogSearch search = { .words = cases[i].words, .kind = cases[i].kind };
        g_autofree char *got = found(&home, &search);
        g_assert_cmpstr(got, ==, cases[i].titles);
    }

    static const struct { CriteriaOperator op; const char *property, *value, *titles; } tests[] = {
        { CRITERIA_CONTAINS, "dc:title", "LPH", "Alpha" },
        { CRITERIA_CONTAINS, "upnp:artist", "ann", "Alpha,Bravo,One" },
        { CRITERIA_EQUAL, "dc:title", "alpha", "Alpha" },
        { CRITERIA_DERIVED_FROM, "upnp:class", "object.item.imageItem", "x,y" },
        { CRITERIA_EQUAL, "dc:title", "' OR 1=1 --", "" },
        { CRITERIA_CONTAINS, "dc:title", "') OR 1=1 --", "" },
        { CRITERIA_EQUAL, "@id", "1; DROP TABLE object", "" },
        { CRITERIA_GREATER, "res@duration", "0:00:00.500", "Café Éclair" },
        { CRITERIA_EXISTS, "@refID", "true", "" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autoptr(Criteria) criteria = criteria_new_test(tests[i].op, g_strdup(tests[i].property),
                                                         g_strdup(tests[i].value));
        CatalogSearch search = { .kind = MEDIA_ANY, .criteria = criteria };
        g_autofree char *got = found(&home, &search);
        g_assert_cmpstr(got, ==, tests[i].titles);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Criteria) odd =
        criteria_new_test(CRITERIA_EQUAL, g_strdup("av:mediaClass"), g_strdup("V"));
    CatalogSearch search = { .kind = MEDIA_ANY, .criteria = odd };
    g_autofree char *none = found(&home, &search);
    g_assert_cmpstr(none, ==, ""); /* what a maker thought of, nothing has */
    g_autoptr(Criteria) class = criteria_new_test(CRITERIA_DERIVED_FROM, g_strdup("dc:title"),
                                                  g_strdup("object"));
    CatalogSearch derived = { .kind = MEDIA_ANY, .criteria = class };
    CatalogRange range = { 0 };
    CatalogResult result;
    g_assert_false(catalog_search(library_catalog(home.library), &derived, &range, join_titles,
                                  NULL, &result, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
}

static void
test_live(void)
{
    g_auto(Home) home = { 0 };

    home_start(&home, tree);
    uint32_t before = catalog_update_id(library_catalog(home.library));

    put(&home, "new/deep/c.mp3", "title=Charlie\n"); /* folders made, then watched, then walked */
    WAIT_UNTIL(shows(&home, "Folders/media/new/deep", "Charlie") && is_idle(&home));
    int probed = g_atomic_int_get(&name_probe_count);
    g_assert_cmpuint(catalog_update_id(library_catalog(home.library)), >, before);

    g_autofree char *id = id_of(&home, "Folders/media/new/deep/Charlie");
    rename_in(&home, "new/deep/c.mp3", "music/moved.mp3");
    WAIT_UNTIL(shows(&home, "Folders/media/music", "Alpha,Bravo,阿里山,北京欢迎你,Charlie"));
    WAIT_UNTIL(shows(&home, "Folders/media/new/deep", ""));
    g_autofree char *moved = id_of(&home, "Folders/media/music/Charlie");
    g_assert_cmpstr(moved, ==, id);

    g_autofree char *folder_id = id_of(&home, "Folders/media/music");
    rename_in(&home, "music", "songs");
    WAIT_UNTIL(shows(&home, "Folders/media/songs", "Alpha,Bravo,阿里山,北京欢迎你,Charlie"));
    g_autofree char *folder_now = id_of(&home, "Folders/media/songs");
    g_assert_cmpstr(folder_now, ==, folder_id);
    g_autofree char *path = library_item_path(home.library, id, NULL);
    g_assert_true(g_str_has_suffix(path, "/songs/moved.mp3"));
    g_assert_cmpint(g_atomic_int_get(&name_probe_count), ==, probed); /* moves are not read again */

    put(&home, "songs/moved.mp3", "title=Changed song\n");
    WAIT_UNTIL(shows(&home, "Folders/media/songs", "Alpha,Bravo,阿里山,北京欢迎你,Changed song"));
    put(&home, "films/bad.avi", "title=Good now\n");
    WAIT_UNTIL(library_counts(home.library).unreadable == 0);

    g_autofree char *songs = in_root(&home, "songs");
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", songs);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    WAIT_UNTIL(library_counts(home.library).audio == 0);
    WAIT_UNTIL(shows(&home, "Music/Artists", "") && shows(&home, "Music/Albums", ""));
}

static void
test_reopen(void)
{
    g_auto(Home) home = { 0 };

    home_start(&home, tree);
    g_autofree char *id = id_of(&home, "Music/All music/Alpha");
    uint32_t before = catalog_update_id(library_catalog(home.library));
    g_clear_pointer(&home.library, library_free);

    int probed = g_atomic_int_get(&name_probe_count);
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    g_assert_cmpint(g_atomic_int_get(&name_probe_count), ==, probed);
    g_autofree char *again = id_of(&home, "Music/All music/Alpha");
    g_assert_cmpstr(again, ==, id);
    g_assert_cmpuint(catalog_update_id(library_catalog(home.library)), >=, before);
    g_clear_pointer(&home.library, library_free);

    /* the root is gone, then empty, then back: nothing was forgotten */
    g_autofree char *away = g_strconcat(home.root, "-away", NULL);
    g_assert_cmpint(g_rename(home.root, away), ==, 0);
    for (int is_made = 0; is_made < 2; is_made++) {
        if (is_made)
            g_assert_cmpint(g_mkdir(home.root, 0700), ==, 0);
        open_library(&home);
        WAIT_UNTIL(is_idle(&home));
        g_assert_false(library_roots(home.library)[0].is_online);
        g_assert_nonnull(library_roots(home.library)[0].reason);
        g_assert_cmpuint(library_counts(home.library).items, ==, 9);
        g_autoptr(MediaObject) item = catalog_find(library_catalog(home.library), id, NULL);
        g_assert_true(item->is_offline);
        g_clear_pointer(&home.library, library_free);
    }
    g_assert_cmpint(g_rmdir(home.root), ==, 0);
    g_assert_cmpint(g_rename(away, home.root), ==, 0);
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    g_assert_true(library_roots(home.library)[0].is_online);
    g_assert_cmpint(g_atomic_int_get(&name_probe_count), ==, probed);
}

static void
test_odd_files(void)
{
    g_auto(Home) home = { 0 };

    home_init(&home);
    put(&home, "\xff\xfe odd.mp3", "title=Odd\x01\xff title\n");
    put(&home, "a%b&c'\"<>.mp3", "");
    g_autofree char *outside = g_build_filename(home.top, "secret.mp3", NULL);
    g_autofree char *link = in_root(&home, "link.mp3"), *loop = in_root(&home, "loop");
    g_assert_true(g_file_set_contents(outside, "title=Secret\n", -1, NULL));
    g_assert_cmpint(symlink(outside, link), ==, 0);
    g_assert_cmpint(symlink(home.root, loop), ==, 0);
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    g_assert_cmpuint(library_counts(home.library).audio, ==, 2);
    g_autofree char *got = titles(&home, "Folders/media", CATALOG_SORT_NATURAL);
    g_assert_true(g_utf8_validate(got, -1, NULL));
}

static int
opening(Home *home, const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Stream) stream = library_open_stream(home->library, id, &error);

    g_assert_true((stream == NULL) == (error != NULL));
    return error != NULL ? error->code : -1;
}

/* A link put in a file's place, or its folder's, after we looked leads nowhere. */
static void
test_links(void)
{
    static const HomeFile files[] = {
        { "a/song.mp3", "title=Song\n" },
        { "../secret/song.mp3", "title=Secret\n" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    g_autofree char *id = id_of(&home, "Music/All music/Song");
    g_assert_cmpint(opening(&home, id), ==, -1);
    library_stop(home.library); /* the disk changes, and nobody looks */

    g_autofree char *song = in_root(&home, "a/song.mp3"), *folder = in_root(&home, "a");
    g_autofree char *secret = g_build_filename(home.top, "secret", NULL);
    g_autofree char *secret_song = g_build_filename(secret, "song.mp3", NULL);
    g_assert_cmpint(g_unlink(song), ==, 0);
    g_assert_cmpint(opening(&home, id), ==, DUO_ERROR_NOT_FOUND);
    g_assert_cmpint(symlink(secret_song, song), ==, 0);
    g_assert_cmpint(opening(&home, id), ==, DUO_ERROR_NOT_FOUND);
    g_assert_cmpint(g_unlink(song), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_assert_cmpint(symlink(secret, folder), ==, 0);
    g_assert_cmpint(opening(&home, id), ==, DUO_ERROR_NOT_FOUND);
    g_assert_null(library_item_path(home.library, id, NULL));
    g_assert_cmpint(g_unlink(folder), ==, 0);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_cmpint(mkfifo(song, 0600), ==, 0);
    g_assert_cmpint(opening(&home, id), ==, DUO_ERROR_INVALID); /* at once */
}

/* The same on a kernel that does not know openat2(). */
static void
test_links_stepwise(void)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = { G_N_ELEMENTS(steps), steps };

    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
        g_test_trap_assert_passed();
        return;
    }
    g_assert_cmpint(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), ==, 0);
    g_assert_cmpint(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), ==, 0);
    test_links();
}

static void
test_bad_index(void)
{
    g_auto(Home) home = { 0 };
    g_autoptr(GError) error = NULL;
    const char *folders[] = { home.root, NULL };

    home_init_with(&home, tree);
    folders[0] = home.root;
    g_assert_cmpint(g_mkdir(home.state, 0700), ==, 0);
    g_autofree char *path = g_build_filename(home.state, "media.db", NULL);
    g_autofree char *noise = g_strnfill(40000, 'x');
    g_assert_true(g_file_set_contents(path, noise, -1, NULL));
    open_library(&home);
    g_autofree char *aside = g_strconcat(path, ".damaged-1", NULL);
    g_assert_true(g_file_test(aside, G_FILE_TEST_EXISTS));
    WAIT_UNTIL(is_idle(&home));
    g_assert_cmpuint(library_counts(home.library).items, ==, 9);
    g_clear_pointer(&home.library, library_free);

    g_autoptr(Writer) writer = writer_new(path, NULL);
    g_assert_nonnull(writer);
    g_assert_null(library_new(home.state, folders, name_probe_new, NULL, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_BUSY);
    g_clear_error(&error);
    g_clear_pointer(&writer, writer_free);
    g_autofree char *command =
        g_strdup_printf("python3 -c \"import sqlite3;c=sqlite3.connect('%s');"
                        "c.execute('PRAGMA user_version=99');c.commit()\"", path);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_assert_null(library_new(home.state, folders, name_probe_new, NULL, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
}

/* Garbage over the middle of the index, as a bad disk leaves it. */
static void
damage(const char *path)
{
    g_autofree char *noise = g_strnfill(4096, '\xa5');
    GStatBuf status;
    int fd = g_open(path, O_WRONLY | O_CLOEXEC, 0);

    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_size, >, 200000);
    for (off_t at = status.st_size / 4096 / 4 * 4096; at < status.st_size / 4 * 3; at += 4096)
        g_assert_cmpint(pwrite(fd, noise, 4096, at), ==, 4096);
    close(fd);
}

static void
damage_words(const char *path)
{
    sqlite3 *sqlite;

    g_assert_cmpint(sqlite3_open(path, &sqlite), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(sqlite,
                                 "UPDATE words_data SET block = x'ffffffffffffffff' WHERE id > 10",
                                 NULL, NULL, NULL),
                    ==, SQLITE_OK);
    sqlite3_close(sqlite);
}

/* Asks what reads pages all over the index; whether it is answered, or refused in words. */
static bool
is_whole(Home *home, guint items)
{
    CatalogSearch search = { .words = "song", .kind = MEDIA_ANY };
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) joined = g_string_new(NULL);
    CatalogRange range = { 0 };
    CatalogResult result = { 0 };
    bool is_answered = catalog_search(library_catalog(home->library), &search, &range, join_titles,
                                      joined, &result, &error);

    g_assert_true(is_answered == (error == NULL));
    if (error != NULL)
        g_assert_nonnull(strstr(error->message, "the index"));
    return is_answered && result.total == items;
}

static void
test_damaged_pages(void)
{
    enum { SONGS = 400 };
    g_auto(Home) home = { 0 };

    home_init(&home);
    for (int i = 0; i < SONGS; i++) {
        g_autofree char *name = g_strdup_printf("%d/%d.mp3", i % 7, i);
        g_autofree char *text =
            g_strdup_printf("title=Song %d\nartist=Ann %d\nalbum=%d\n", i, i, i);
        put(&home, name, text);
    }
    open_library(&home);
    WAIT_UNTIL(is_idle(&home) && is_whole(&home, SONGS));
    g_autofree char *id = id_of(&home, "Music/All music/Song 7");
    uint32_t update_id = catalog_update_id(library_catalog(home.library));
    g_clear_pointer(&home.library, library_free);

    g_autofree char *path = g_build_filename(home.state, "media.db", NULL);
    for (int round = 1; round <= 3; round++) {
        g_autofree char *aside = g_strdup_printf("%s.damaged-%d", path, round);
        if (round == 1) /* while nobody looks */
            damage(path);
        if (round == 3) /* where only a search sees it: the pages are whole, the words are not */
            damage_words(path);
        open_library(&home);
        if (round == 2) { /* under our feet */
            WAIT_UNTIL(is_idle(&home));
            damage(path);
        }
        WAIT_UNTIL(is_whole(&home, SONGS) && g_file_test(aside, G_FILE_TEST_EXISTS) &&
                   is_idle(&home));
        g_assert_cmpuint(library_counts(home.library).items, ==, SONGS);
        g_assert_cmpuint(catalog_update_id(library_catalog(home.library)), >, update_id);
        g_autoptr(MediaObject) old = catalog_find(library_catalog(home.library), id, NULL);
        g_assert_null(old); /* its id is not another's now */
        g_clear_pointer(&home.library, library_free);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    g_test_add_func("/appliance/library/views", test_views);
    g_test_add_func("/appliance/library/search", test_search);
    g_test_add_func("/appliance/library/live", test_live);
    g_test_add_func("/appliance/library/reopen", test_reopen);
    g_test_add_func("/appliance/library/odd-files", test_odd_files);
    g_test_add_func("/appliance/library/links", test_links);
    g_test_add_func("/appliance/library/links-stepwise", test_links_stepwise);
    g_test_add_func("/appliance/library/bad-index", test_bad_index);
    g_test_add_func("/appliance/library/damaged-pages", test_damaged_pages);
    return g_test_run();
}
