/* test-never-lost.c -- what the index holds survives: kills at any moment, damage, removal, disks
 *
 * DUOPING_KILLS: how often the indexer is killed, 15 unless told. */
#include "tests/appliance/library-home.h"

#include "media-db/writer.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#define FILES 120
#define FOLDERS 8

static const char *own_program;

/* -- Killed at any moment ---------------------------------------------------------------------- */

/* A library over root until somebody kills it. */
static int
run_child(char **argv)
{
    Home home = { .state = argv[2], .root = argv[3] };
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);

    open_library(&home);
    g_main_loop_run(loop);
    return 0;
}

static pid_t
start_child(Home *home)
{
    pid_t child = fork();

    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        execl(own_program, own_program, "--child", home->state, home->root, NULL);
        _exit(1);
    }
    return child;
}

static char *
some_name(void)
{
    return g_strdup_printf("%d/%d.mp3", g_test_rand_int_range(0, FOLDERS),
                           g_test_rand_int_range(0, FILES));
}

/* One thing that people do to files. */
static void
do_something(Home *home, int number)
{
    g_autofree char *a = some_name(), *b = some_name();
    g_autofree char *from = in_root(home, a), *to = in_root(home, b);
    g_autofree char *text =
        g_strdup_printf("title=Song %d\nartist=Ann %d\nalbum=%d\n", number, number % 9, number % 5);

    switch (g_test_rand_int_range(0, 5)) {
    case 0:
        g_unlink(from);
        break;
    case 1: { /* a folder and all that is in it */
        g_autofree char *folder = g_path_get_dirname(from);
        g_autofree char *other = g_strdup_printf("%s/%d", home->root, FOLDERS);
        if (g_rename(folder, other) == 0)
            g_assert_cmpint(g_rename(other, folder), ==, 0);
        break;
    }
    case 2:
        if (g_file_test(from, G_FILE_TEST_EXISTS))
            g_rename(from, to);
        break;
    default:
        put(home, a, text);
    }
}

static int64_t
ask(const char *path, const char *sql)
{
    sqlite3 *sqlite;
    sqlite3_stmt *statement;

    g_assert_cmpint(sqlite3_open(path, &sqlite), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(sqlite);
    return number;
}

static bool
note_path(const MediaObject *object, gpointer paths)
{
    g_test_message("%s", object->path);
    g_assert_true(g_hash_table_add(paths, g_strdup(object->path))); /* none is there twice */
    return true;
}

/* Every file of the disk once, and nothing else; counts that are true. */
static void
compare_with_disk(Home *home)
{
    g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    CatalogRange range = { 0 };
    CatalogResult result;
    guint files = 0;

    g_assert_true(catalog_browse(library_catalog(home->library), "tracks", &range, note_path, paths,
                                 &result, NULL));
    for (int folder = 0; folder < FOLDERS; folder++) {
        g_autofree char *path = g_strdup_printf("%s/%d", home->root, folder);
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        const char *name;
        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
            g_autofree char *file = g_build_filename(path, name, NULL);
            if (!g_hash_table_contains(paths, file))
                g_error("%s is lost", file);
            files++;
        }
    }
    g_assert_cmpuint(files, ==, g_hash_table_size(paths));
    g_assert_cmpuint(files, ==, library_counts(home->library).audio);
}

static void
check_index(const char *path)
{
    static const char *const wrongs[] = {
        "SELECT count(*) FROM pragma_integrity_check() WHERE integrity_check <> 'ok'",
        "SELECT count(*) FROM object o WHERE kind = 0 AND child_count <> "
        "(SELECT count(*) FROM child WHERE parent = o.id) AND id IN (SELECT parent FROM child)",
        "SELECT count(*) FROM child WHERE id NOT IN (SELECT id FROM object)",
        "SELECT count(*) FROM (SELECT 1 FROM object WHERE name IS NOT NULL GROUP BY parent, name "
        "HAVING count(*) > 1)",
        "SELECT count(*) FROM folder f, (SELECT 2 AS bit UNION SELECT 4 UNION SELECT 8) b "
        "WHERE ((f.kinds & b.bit) <> 0) <> EXISTS (SELECT 1 FROM object o "
        "LEFT JOIN folder g ON g.id = o.id WHERE o.parent = f.id AND o.name IS NOT NULL "
        "AND iif(o.kind = 0, g.kinds, 1 << o.kind) & b.bit)",
    };

    for (guint i = 0; i < G_N_ELEMENTS(wrongs); i++) {
        g_test_message("%s", wrongs[i]);
        g_assert_cmpint(ask(path, wrongs[i]), ==, 0);
    }
}

static void
test_killed(void)
{
    const char *wanted = g_getenv("DUOPING_KILLS");
    int rounds = wanted != NULL ? atoi(wanted) : 15;
    g_auto(Home) home = { 0 };

    home_init(&home);
    g_autofree char *path = g_build_filename(home.state, "media.db", NULL);
    for (int i = 0; i < FILES; i++)
        do_something(&home, i);
    for (int round = 0; round < rounds; round++) {
        pid_t child = start_child(&home);
        int acts = g_test_rand_int_range(1, 60), ended = 0;
        gint64 pause_us = g_test_rand_int_range(0, 8000); /* the whole takes up to half a second */
        for (int i = 0; i < acts; i++) {
            do_something(&home, round * 100 + i);
            g_usleep((gulong)pause_us);
        }
        g_assert_cmpint(kill(child, SIGKILL), ==, 0);
        g_assert_cmpint(waitpid(child, &ended, 0), ==, child);
        g_assert_true(WIFSIGNALED(ended));
        if (g_file_test(path, G_FILE_TEST_EXISTS) &&
            ask(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'tombstone'") == 1 &&
            ask(path, "PRAGMA user_version") >= 10)
            check_index(path);

        open_library(&home);
        WAIT_UNTIL(is_idle(&home));
        compare_with_disk(&home);
        g_clear_pointer(&home.library, library_free);
        check_index(path);
    }
    g_autofree char *aside = g_strconcat(path, ".damaged-1", NULL);
    g_assert_false(g_file_test(aside, G_FILE_TEST_EXISTS));
}

/* -- Removed, damaged -------------------------------------------------------------------------- */

/* A file that was deleted and comes back, elsewhere even, is the item that it was. */
static void
test_restored(void)
{
    g_auto(Home) home = { 0 };
    struct utimbuf time = { 1700000000, 1700000000 };

    home_init(&home);
    put(&home, "a/song.mp3", "title=Song\n");
    put(&home, "a/other.mp3", "title=Other\n");
    g_autofree char *file = in_root(&home, "a/song.mp3"), *back = in_root(&home, "b/song.mp3");
    g_assert_cmpint(utime(file, &time), ==, 0);
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    g_autofree char *id = id_of(&home, "Music/All music/Song");

    g_assert_cmpint(g_unlink(file), ==, 0);
    WAIT_UNTIL(shows(&home, "Music/All music", "Other"));
    g_autoptr(MediaObject) none = catalog_find(library_catalog(home.library), id, NULL);
    g_assert_null(none);

    put(&home, "restored.new", "title=Song\n"); /* under its own name when its time is right */
    g_autofree char *made = in_root(&home, "restored.new");
    g_assert_cmpint(utime(made, &time), ==, 0);
    g_autofree char *folder = g_path_get_dirname(back);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_cmpint(g_rename(made, back), ==, 0);
    WAIT_UNTIL(shows(&home, "Music/All music", "Other,Song"));
    g_autofree char *again = id_of(&home, "Music/All music/Song");
    g_assert_cmpstr(again, ==, id);

    /* a month later nobody remembers */
    g_assert_cmpint(g_unlink(back), ==, 0);
    WAIT_UNTIL(shows(&home, "Music/All music", "Other"));
    g_clear_pointer(&home.library, library_free);
    g_autofree char *path = g_build_filename(home.state, "media.db", NULL);
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC, day_s = 24 * 3600;
    g_autoptr(Writer) writer = writer_new(path, NULL);
    g_assert_true(writer_purge(writer, now_s + 29 * day_s, NULL));
    g_assert_cmpint(ask(path, "SELECT count(*) FROM tombstone"), ==, 1);
    g_assert_true(writer_purge(writer, now_s + 31 * day_s, NULL));
    g_assert_cmpint(ask(path, "SELECT count(*) FROM tombstone"), ==, 0);
}

static void
make_copy(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Writer) writer = writer_new(path, &error);
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;
    BackupState state = BACKUP_GOES_ON;

    g_assert_no_error(error);
    g_assert_true(writer_backup_is_due(writer, now_s));
    while (state == BACKUP_GOES_ON)
        state = writer_backup_step(writer, &error);
    g_assert_no_error(error);
    g_assert_cmpint(state, ==, BACKUP_DONE);
    g_assert_false(writer_backup_is_due(writer, now_s)); /* not yet */
    g_assert_false(writer_backup_is_due(writer, now_s + 48 * 3600)); /* nothing changed */
}

/* Noise from there to the end; whole: the file is not ours at all any more. */
static void
damage(const char *path, bool whole)
{
    g_autofree char *noise = g_strnfill(4096, '\xa5');
    FILE *file = fopen(path, "r+");
    struct stat status;

    g_assert_cmpint(stat(path, &status), ==, 0);
    fseek(file, whole ? 0 : status.st_size / 4096 / 2 * 4096, SEEK_SET);
    while (ftell(file) < status.st_size)
        g_assert_cmpint(fwrite(noise, 4096, 1, file), ==, 1);
    fclose(file);
}

/* Damage costs nothing of what was in yesterday's copy: ids are what they were. */
static void
test_copy(void)
{
    enum { SONGS = 200 };
    g_auto(Home) home = { 0 };

    home_init(&home);
    for (int i = 0; i < SONGS; i++) {
        g_autofree char *name = g_strdup_printf("%d/%d.mp3", i % 7, i);
        g_autofree char *text = g_strdup_printf("title=Song %d\nartist=Ann %d\n", i, i);
        put(&home, name, text);
    }
    open_library(&home);
    WAIT_UNTIL(is_idle(&home) && library_counts(home.library).audio == SONGS);
    g_autofree char *id = id_of(&home, "Music/All music/Song 7");
    g_clear_pointer(&home.library, library_free);
    g_autofree char *path = g_build_filename(home.state, "media.db", NULL);
    g_autofree char *copy = g_strconcat(path, ".backup", NULL);
    make_copy(path);
    put(&home, "late.mp3", "title=Late\n");

    int probed = g_atomic_int_get(&name_probe_count);
    int64_t newest = ask(path, "SELECT max(id) FROM object");
    for (int round = 0; round < 2; round++) {
        g_autofree char *file = in_root(&home, "6/6.mp3");
        damage(path, round == 0);
        g_unlink(file);
        open_library(&home);
        WAIT_UNTIL(library_counts(home.library).audio == SONGS && is_idle(&home) &&
                   shows(&home, "Folders/media", "0,1,2,3,4,5,6,Late"));
        g_autofree char *again = id_of(&home, "Music/All music/Song 7");
        g_assert_cmpstr(again, ==, id);
        g_autofree char *late = id_of(&home, "Music/All music/Late");
        g_assert_cmpint(atoll(late), >, newest); /* nobody else's before */
        newest = atoll(late);
        g_clear_pointer(&home.library, library_free);
    }
    g_assert_cmpint(g_atomic_int_get(&name_probe_count), <, probed + SONGS); /* but the late one */

    damage(copy, false); /* without a whole copy it is built anew */
    damage(path, true);
    open_library(&home);
    WAIT_UNTIL(library_counts(home.library).audio == SONGS && is_idle(&home));
}

/* -- Disks that may sleep, come and go --------------------------------------------------------- */

/* Everything in the state directory: sizes and times. */
static char *
state_of(Home *home)
{
    g_autoptr(GDir) dir = g_dir_open(home->state, 0, NULL);
    GString *text = g_string_new(NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(home->state, name, NULL);
        struct stat status;
        if (stat(path, &status) == 0 && !g_str_has_suffix(name, "-shm"))
            g_string_append_printf(text, "%s %ld %ld.%09ld\n", name, (long)status.st_size,
                                   status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    }
    return g_string_free(text, FALSE);
}

static void
note_running(gconstpointer data, gpointer runs)
{
    const LibraryEvent *event = data;

    if (event->type == LIBRARY_EVENT_SCAN && event->scan.state == LIBRARY_SCAN_IDLE)
        ++*(int *)runs;
}

static void
test_no_writes(void)
{
    g_auto(Home) home = { 0 };
    int runs = 0;

    home_init(&home);
    for (int i = 0; i < 50; i++)
        do_something(&home, i);
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    library_observe(home.library, note_running, &runs);
    g_autofree char *before = state_of(&home);
    for (int round = 1; round <= 3; round++) {
        library_rescan(home.library);
        WAIT_UNTIL(runs == round && is_idle(&home));
    }
    g_autofree char *after = state_of(&home);
    g_assert_cmpstr(after, ==, before);
}

/* An empty root is offline until its first file is there; that is told, not waited for. */
static void
test_emptied(void)
{
    g_auto(Home) home = { 0 };

    home_init(&home);
    put(&home, "song.mp3", "title=Song\n");
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    g_autofree char *id = id_of(&home, "Music/All music/Song");
    g_autofree char *file = in_root(&home, "song.mp3");
    g_clear_pointer(&home.library, library_free);
    g_assert_cmpint(g_unlink(file), ==, 0);
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    WAIT_UNTIL(!library_roots(home.library)[0].is_online);
    g_assert_cmpuint(library_counts(home.library).audio, ==, 1); /* kept, and shown as such */
    g_autoptr(MediaObject) kept = catalog_find(library_catalog(home.library), id, NULL);
    g_assert_true(kept->is_offline);
    put(&home, "other.mp3", "title=Other\n");
    WAIT_UNTIL(library_roots(home.library)[0].is_online &&
               shows(&home, "Music/All music", "Other"));
}

int
main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--child") == 0)
        return run_child(argv);
    own_program = "/proc/self/exe";
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    g_test_add_func("/appliance/never-lost/restored", test_restored);
    g_test_add_func("/appliance/never-lost/copy", test_copy);
    g_test_add_func("/appliance/never-lost/no-writes", test_no_writes);
    g_test_add_func("/appliance/never-lost/emptied", test_emptied);
    g_test_add_func("/appliance/never-lost/killed", test_killed);
    return g_test_run();
}
