/* test-use.c -- what people did with an item stays with it, wherever its file goes */
#include "appliance/session/use-recorder.h"
#include "media-db/writer.h"
#include "tests/appliance/library-home.h"
#include "tests/support/paper-screen.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

static void
on_used(const GError *error, gpointer data)
{
    g_assert_no_error(error);
    *(bool *)data = true;
}

static void
use(Home *home, const char *id, const char *person, int64_t position_ms, bool once_more)
{
    LibraryUse use = LIBRARY_USE_NOTHING;
    bool is_done = false;

    use.person = person;
    use.position_ms = position_ms;
    use.last_played_s = 1700000000 + position_ms;
    use.is_played_once_more = once_more;
    library_note_use(home->library, id, &use, on_used, &is_done);
    WAIT_UNTIL(is_done);
}

static MediaUse
use_of(Home *home, const char *id, const char *person)
{
    MediaUse use;

    g_assert_true(library_use(home->library, id, person, &use, NULL));
    return use;
}

static const HomeFile tree[] = {
    { "films/one.mkv", "title=One\nduration_ms=6000000\n" },
    { "films/two.mkv", "title=Two\nduration_ms=6000000\n" },
    { "songs/a.mp3", "title=A\n" },
    { "songs/b.mp3", "title=B\n" },
};

/* The titles of what is found below a container, by title. */
static bool
finds(Home *home, const char *container, const char *words, const char *wanted)
{
    CatalogSearch search = { .container_id = container, .words = words, .kind = MEDIA_ANY };
    g_autoptr(GString) found = g_string_new(NULL);

    g_assert_true(catalog_search(library_catalog(home->library), &search, &(CatalogRange){ 0 },
                                 join_titles, found, NULL, NULL));
    g_test_message("%s in %s: %s", words, container, found->str);
    return strcmp(found->str, wanted) == 0;
}

static void
test_persons(void)
{
    g_auto(Home) home = { 0 };

    home_start(&home, tree);
    g_autofree char *one = id_of(&home, "Videos/All videos/One"),
                    *two = id_of(&home, "Videos/All videos/Two");
    g_autofree char *a = id_of(&home, "Music/All music/A"), *b = id_of(&home, "Music/All music/B");
    use(&home, one, "ann", 1000, false);
    use(&home, one, "bob", 2000, true);
    use(&home, two, "ann", 500, false);
    g_assert_cmpint(use_of(&home, one, "ann").position_ms, ==, 1000);
    g_assert_cmpint(use_of(&home, one, "bob").position_ms, ==, 2000);
    g_assert_cmpint(use_of(&home, one, "eve").position_ms, ==, 0);
    g_assert_cmpint(use_of(&home, one, NULL).position_ms, ==, 2000); /* the latest */
    g_assert_cmpint(use_of(&home, one, NULL).play_count, ==, 1);
    g_autoptr(MediaObject) item = catalog_find(library_catalog(home.library), one, NULL);
    g_assert_cmpint(item->use.position_ms, ==, 2000);

    g_assert_true(shows(&home, "Videos/Continue watching", "One,Two"));
    use(&home, two, "bob", 3000, false);
    g_assert_true(shows(&home, "Videos/Continue watching", "Two,One"));
    use(&home, two, "bob", 0, true);
    use(&home, two, "ann", 0, true);
    g_assert_true(shows(&home, "Videos/Continue watching", "One"));
    use(&home, b, NULL, -1, true);
    use(&home, a, NULL, -1, true);
    use(&home, b, NULL, -1, true);
    g_assert_true(shows(&home, "Music/Most played", "B,A"));
    g_assert_true(shows(&home, "Music/Recently added", "B,A") ||
                  shows(&home, "Music/Recently added", "A,B"));
    g_autoptr(MediaObject) view = catalog_find(library_catalog(home.library), "music-often", NULL);
    g_assert_cmpuint(view->child_count, ==, 2);

    /* what is found when it is asked for can be sorted and searched, too */
    g_autofree char *by_title = titles(&home, "Music/Most played", CATALOG_SORT_TITLE);
    g_assert_cmpstr(by_title, ==, "A,B");
    g_assert_true(finds(&home, "music-often", "b", "B"));
    g_assert_true(finds(&home, "unfinished", "o", "One")); /* "two" was seen to its end */
    g_assert_true(finds(&home, "video-recent", "o", "One,Two"));
    g_assert_true(finds(&home, "unreadable", "o", ""));

    LibraryUse nothing = LIBRARY_USE_NOTHING;
    g_autoptr(GError) error = NULL;
    MediaUse none;
    library_note_use(home.library, "folders", &nothing, NULL, NULL); /* no item: nothing happens */
    g_assert_true(library_use(home.library, "424242", NULL, &none, &error));
    g_assert_cmpint(none.play_count, ==, 0);
}

/* The songs of one file are told apart by where they lie in it, and known again when it comes
 * back. */
static void
test_tracks(void)
{
    static const char disc[] = "title=Disc\nduration_ms=240000\n";
    static const char sheet[] = "FILE disc.wav WAVE\nTRACK 01 AUDIO\nTITLE One\nINDEX 01 00:00:00\n"
                                "TRACK 02 AUDIO\nTITLE Two\nINDEX 01 01:00:00\n";
    static const HomeFile files[] = {
        { "disc.wav", disc },
        { "disc.cue", sheet },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    WAIT_UNTIL(shows(&home, "Music/All music", "One,Two"));
    g_autofree char *one = id_of(&home, "Music/All music/One"),
                    *two = id_of(&home, "Music/All music/Two");
    g_autofree char *file = id_of(&home, "Folders/media/Disc");
    use(&home, two, NULL, -1, true);
    use(&home, two, NULL, -1, true);
    use(&home, one, NULL, -1, true);
    g_assert_cmpint(use_of(&home, one, NULL).play_count, ==, 1);
    g_assert_cmpint(use_of(&home, two, NULL).play_count, ==, 2);
    g_assert_cmpint(use_of(&home, file, NULL).play_count, ==, 0);
    g_assert_true(shows(&home, "Music/Most played", "Two,One"));

    g_autofree char *path = in_root(&home, "disc.wav");
    g_assert_cmpint(g_unlink(path), ==, 0);
    WAIT_UNTIL(shows(&home, "Music/All music", ""));
    put(&home, "disc.wav", disc);
    WAIT_UNTIL(shows(&home, "Music/All music", "One,Two"));
    g_autofree char *back = id_of(&home, "Music/All music/Two");
    g_assert_cmpint(use_of(&home, back, NULL).play_count, ==, 2);
}

/* Noise where the table of objects begins; the others are whole. */
static void
ruin_objects(const char *path)
{
    g_autofree char *noise = g_strnfill(4096, '\xa5');
    sqlite3 *sqlite;
    sqlite3_stmt *statement;

    g_assert_cmpint(sqlite3_open(path, &sqlite), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(sqlite,
                                       "SELECT rootpage FROM sqlite_schema WHERE name = 'object'",
                                       -1, &statement, NULL),
                    ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    off_t page = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(sqlite);
    int fd = g_open(path, O_WRONLY | O_CLOEXEC, 0);
    g_assert_cmpint(pwrite(fd, noise, 4096, (page - 1) * 4096), ==, 4096);
    close(fd);
}

/* Moved, renamed, copied, changed, deleted and restored: it is the same song. */
static void
test_content(void)
{
    g_auto(Home) home = { 0 };
    int done = 0;

    home_start(&home, tree);
    g_autofree char *id = id_of(&home, "Music/All music/A");
    use(&home, id, NULL, -1, true);
    rename_in(&home, "songs/a.mp3", "films/z.mp3");
    WAIT_UNTIL(shows(&home, "Folders/media/songs", "B"));
    WAIT_UNTIL(shows(&home, "Music/All music", "A,B"));
    g_autofree char *moved = id_of(&home, "Music/All music/A");
    g_assert_cmpint(use_of(&home, moved, NULL).play_count, ==, ++done);

    /* gone, and back under another name, at another time */
    g_autofree char *file = in_root(&home, "films/z.mp3");
    g_assert_cmpint(g_unlink(file), ==, 0);
    WAIT_UNTIL(shows(&home, "Music/All music", "B"));
    put(&home, "new name.mp3", "title=A\n");
    WAIT_UNTIL(shows(&home, "Music/All music", "A,B"));
    g_autofree char *back = id_of(&home, "Music/All music/A");
    g_assert_cmpstr(back, !=, id);
    g_assert_cmpint(use_of(&home, back, NULL).play_count, ==, done);

    /* other tags: still the same file */
    put(&home, "new name.mp3", "title=AA\nartist=Ann\n");
    WAIT_UNTIL(shows(&home, "Music/All music", "AA,B"));
    g_assert_cmpint(use_of(&home, back, NULL).play_count, ==, done);

    /* an index that is lost altogether: what people did is taken over from it */
    g_clear_pointer(&home.library, library_free);
    g_autofree char *path = g_build_filename(home.state, "media.db", NULL);
    ruin_objects(path);
    open_library(&home);
    WAIT_UNTIL(is_idle(&home) && shows(&home, "Music/All music", "AA,B"));
    g_autofree char *again = id_of(&home, "Music/All music/AA");
    g_assert_cmpint(use_of(&home, again, NULL).play_count, ==, done);
}

static void
on_done(Screen *screen, const GError *error, gpointer data)
{
    g_assert_no_error(error);
}

static void
begin(Screen *paper, const char *id, MediaKind kind)
{
    PlaybackMedia media = { .uri = (char *)"http://h/x",
                            .item_id = (char *)id,
                            .kind = kind,
                            .duration_ms = kind == MEDIA_VIDEO ? 6000000 : 200000 };

    screen_command(paper, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = &media }, NULL, on_done,
                   NULL);
}

static void
set(Screen *paper, PlaybackState state, int64_t position_ms)
{
    PlaybackStatus status = { 0 };

    playback_status_copy(&status, &paper->status);
    status.state = state;
    status.position_ms = position_ms;
    status.duration_ms = status.media->duration_ms;
    screen_set_status(paper, &status);
}

static void
test_recorded(void)
{
    g_auto(Home) home = { 0 };

    home_start(&home, tree);
    g_autofree char *one = id_of(&home, "Videos/All videos/One"),
                    *a = id_of(&home, "Music/All music/A");
    g_autoptr(Screens) screens = screens_new();
    g_autoptr(Servers) servers = servers_new();
    g_autoptr(NetInterfaces) interfaces =
        net_interfaces_new((const char *const[]){ "lo", NULL }, NULL);
    g_autoptr(Casts) casts =
        casts_new(screens, servers, library_catalog(home.library), interfaces);
    g_autoptr(UseRecorder) recorder = use_recorder_new(screens, casts, home.library);
    Screen *paper = paper_screen_new();
    screens_add(screens, paper);

    begin(paper, one, MEDIA_VIDEO);
    set(paper, PLAYBACK_PLAYING, 70000);
    WAIT_UNTIL(use_of(&home, one, NULL).position_ms == 70000);
    set(paper, PLAYBACK_PLAYING, 90000);
    set(paper, PLAYBACK_PAUSED, 90500);
    WAIT_UNTIL(use_of(&home, one, NULL).position_ms == 90500);
    g_assert_cmpint(use_of(&home, one, NULL).play_count, ==, 0);
    set(paper, PLAYBACK_PLAYING, 300000);
    WAIT_UNTIL(use_of(&home, one, NULL).play_count == 1);
    g_assert_true(shows(&home, "Videos/Continue watching", "One"));
    set(paper, PLAYBACK_PLAYING, 5900000);
    begin(paper, a, MEDIA_AUDIO); /* the next thing: the film is over */
    WAIT_UNTIL(use_of(&home, one, NULL).position_ms == 0);
    g_assert_true(shows(&home, "Videos/Continue watching", ""));
    set(paper, PLAYBACK_PLAYING, 101000);
    set(paper, PLAYBACK_PLAYING, 150000);
    set(paper, PLAYBACK_IDLE, 0);
    WAIT_UNTIL(use_of(&home, a, NULL).play_count == 1);
    g_assert_cmpint(use_of(&home, a, NULL).position_ms, ==, 0);
    g_assert_cmpint(use_of(&home, one, NULL).play_count, ==, 1); /* once, though seen to the end */
}

static void
on_started(const Cast *cast, const GError *error, gpointer data)
{
    g_assert_no_error(error);
}

/* What somebody casts is remembered for that person. */
static void
test_recorded_for(void)
{
    g_auto(Home) home = { 0 };

    home_start(&home, tree);
    g_autofree char *one = id_of(&home, "Videos/All videos/One");
    g_autoptr(Screens) screens = screens_new();
    g_autoptr(Servers) servers = servers_new();
    g_autoptr(NetInterfaces) interfaces =
        net_interfaces_new((const char *const[]){ "lo", NULL }, NULL);
    g_autoptr(Casts) casts =
        casts_new(screens, servers, library_catalog(home.library), interfaces);
    g_autoptr(UseRecorder) recorder = use_recorder_new(screens, casts, home.library);
    Screen *paper = paper_screen_new();
    g_clear_pointer(&paper->sink_protocols, g_free); /* it has not said what it plays */
    screens_add(screens, paper);

    casts_start(casts, &(CastWish){ .screen = paper->id, .item_id = one, .person = "ann" },
                on_started, NULL);
    set(paper, PLAYBACK_PLAYING, 70000);
    WAIT_UNTIL(use_of(&home, one, "ann").position_ms == 70000);
    g_assert_cmpint(use_of(&home, one, "bob").position_ms, ==, 0);
    g_assert_cmpint(use_of(&home, one, NULL).position_ms, ==, 70000); /* whoever was last */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    g_test_add_func("/appliance/use/persons", test_persons);
    g_test_add_func("/appliance/use/content", test_content);
    g_test_add_func("/appliance/use/tracks", test_tracks);
    g_test_add_func("/appliance/use/recorded", test_recorded);
    g_test_add_func("/appliance/use/recorded-for", test_recorded_for);
    return g_test_run();
}
