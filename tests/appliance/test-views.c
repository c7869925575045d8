/* test-views.c -- every way to an item, and away from it again */
#include "tests/appliance/library-home.h"

static const struct {
    const char *path, *titles;
} views[] = {
    { "Music/Artists", "Ann,Bob,Various" },
    { "Music/Album artists", "Bob,Various" },
    { "Music/Album artists/Various", "Hits" },
    { "Music/Composers/Bach", "One" },
    { "Music/Years", "2003,1999" },
    { "Music/Years/1999", "One" },
    { "Videos/Films", "Long Film" },
    { "Videos/Series", "Planet Earth" },
    { "Videos/Series/Planet Earth", "Season 1,Season 2" },
    { "Videos/Series/Planet Earth/Season 1", "Poles,Mountains" },
    { "Videos/Series/Planet Earth/Season 2", "Islands" },
    { "Videos/All videos", "Clip,Islands,Long Film,Mountains,Poles" },
    { "Folders/media", "m,p,v" },
    { "Videos/Folders/media", "v" },
    { "Videos/Folders/media/v", "Planet Earth,Clip,Long Film,Poles,Mountains" },
    { "Videos/Folders/media/v/Planet Earth/Season 2", "Islands" },
    { "Music/Folders/media", "m" },
    { "Music/Folders/media/m", "One,Two" },
    { "Pictures/Folders/media/p", "A,B,C" },
    { "Pictures/Days", "2024-05-02,2024-05-01" },
    { "Pictures/Days/2024-05-01", "B,A" },
    { "Pictures/2024/2024-05", "B,A,C" },
    { "Pictures/Cameras", "Canon,Nikon" },
    { "Pictures/Cameras/Canon", "A" },
    { "Pictures/Places", "St-Malo, France · 法国圣马洛" },
    { "Pictures/Places/St-Malo, France · 法国圣马洛", "A" },
};

static void
test_all(void)
{
    static const HomeFile files[] = {
        { "m/one.mp3", "title=One\nartist=Ann\nalbum_artist=Various\nalbum=Hits\ncomposer=Bach\n"
                       "date=1999-01-02\n" },
        { "m/two.mp3", "title=Two\nartist=Bob\nalbum=Own\ndate=2003\n" },
        { "v/Planet Earth S01E02.mkv", "title=Mountains\nduration_ms=3000000\n" },
        { "v/Planet Earth S01E01.mkv", "title=Poles\nduration_ms=3000000\n" },
        { "v/Planet Earth/Season 2/1 Islands.mkv", "title=Islands\nduration_ms=3000000\n" },
        { "v/Long Film.mkv", "title=Long Film\nduration_ms=6000000\n" },
        { "v/Clip.mkv", "title=Clip\nduration_ms=60000\n" },
        { "p/a.jpg",
          "title=A\ndate=2024-05-01T10:00:00\ncamera=Canon\nplace=48.858300,-2.294500\n" },
        { "p/b.jpg", "title=B\ndate=2024-05-01T09:00:00\ncamera=Nikon\n" },
        { "p/c.jpg", "title=C\ndate=2024-05-02T09:00:00\n" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    WAIT_UNTIL(library_counts(home.library).items == G_N_ELEMENTS(files));
    for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
        g_autofree char *got = titles(&home, views[i].path, CATALOG_SORT_NATURAL);
        g_test_message("%s: %s", views[i].path, got);
        g_assert_cmpstr(got, ==, views[i].titles);
    }

    /* another year, another series; and groups that show nothing are gone */
    put(&home, files[0].name, /* longer than before: what is written over is not cut off */
        "title=One\ndate=2003\nx=......................................................\n");
    rename_in(&home, "v/Planet Earth/Season 2/1 Islands.mkv", "v/Islands 3x01.mkv");
    WAIT_UNTIL(shows(&home, "Music/Years", "2003"));
    g_autofree char *year = titles(&home, "Music/Years/2003", CATALOG_SORT_NATURAL);
    g_assert_cmpstr(year, ==, "One,Two");
    WAIT_UNTIL(shows(&home, "Videos/Series", "Islands,Planet Earth"));
    g_assert_true(shows(&home, "Videos/Series/Planet Earth", "Season 1"));
    g_assert_true(shows(&home, "Videos/Series/Islands/Season 3", "Islands"));
    g_assert_true(shows(&home, "Music/Years", "2003"));
    g_assert_true(shows(&home, "Music/Composers", ""));
    g_assert_true(shows(&home, "Music/Album artists", "Bob"));
    g_assert_true(shows(&home, "Music/Artists", "Bob"));
}

/* Playlists name what is there, what comes, and what is there no more; and change themselves. */
static void
test_playlists(void)
{
    static const HomeFile files[] = {
        { "m/a.mp3", "title=A\n" },
        { "m/b.mp3", "title=B\n" },
        { "lists/Mine.m3u", "../m/b.mp3\n../m/late.mp3\n../m/a.mp3\nhttp://h/x.mp3\n" },
        { "lists/other/Mine.pls", "[playlist]\nFile1=../../m/a.mp3\n" },
        { "m/disc.cue", "FILE \"a.mp3\" MP3\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"
                          "TRACK 02 AUDIO\nINDEX 01 01:00:00\n" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    WAIT_UNTIL(shows(&home, "Music/Playlists", "disc,Mine,Mine"));
    g_assert_true(shows(&home, "Music/Playlists/Mine", "B,A"));
    g_assert_true(shows(&home, "Music/Playlists/disc", "A"));

    put(&home, "m/late.mp3", "title=Late\n");
    WAIT_UNTIL(shows(&home, "Music/Playlists/Mine", "B,Late,A"));
    put(&home, "lists/Mine.m3u", "../m/late.mp3\n../m/a.mp3\n#...............................\n");
    WAIT_UNTIL(shows(&home, "Music/Playlists/Mine", "Late,A"));
    g_autofree char *a = in_root(&home, "m/a.mp3"), *list = in_root(&home, "lists/Mine.m3u");
    g_assert_cmpint(g_unlink(a), ==, 0);
    WAIT_UNTIL(shows(&home, "Music/Playlists/Mine", "Late"));
    put(&home, "m/a.mp3", "title=A\n");
    WAIT_UNTIL(shows(&home, "Music/Playlists/Mine", "Late,A"));
    g_assert_cmpint(g_unlink(list), ==, 0);
    WAIT_UNTIL(shows(&home, "Music/Playlists", "disc,Mine"));
    rename_in(&home, "lists/other", "other"); /* its names lead nowhere from there */
    WAIT_UNTIL(shows(&home, "Music/Playlists", "disc"));
    rename_in(&home, "other", "lists/other");
    WAIT_UNTIL(shows(&home, "Music/Playlists", "disc,Mine"));
}

/* Lists of every kind, before and after somebody changed them. */
static void
test_playlist_formats(void)
{
    static const struct {
        const char *name, *before, *after;
    } lists[] = {
        { "m3u.m3u", "#EXTM3U\na.mp3\n", "#EXTM3U\nb.mp3\n#EXTINF:1,A\na.mp3\n" },
        { "m3u8.m3u8", "\xef\xbb\xbf" "a.mp3\n", "b.mp3\r\na.mp3\r\n# longer than before\r\n" },
        { "pls.pls", "[playlist]\nFile1=a.mp3\n", "[playlist]\nFile1=b.mp3\nFile2=a.mp3\n" },
        { "xspf.xspf", "<playlist><trackList><track><location>a.mp3</location></track></trackList></playlist>",
          "<playlist><trackList><track><location>b.mp3</location></track>"
          "<track><location>a.mp3</location></track></trackList></playlist>" },
        { "asx.asx", "<asx version=\"3\"><entry><ref href=\"a.mp3\"/></entry></asx>",
          "<asx version=\"3\"><entry><ref href=\"b.mp3\"/></entry><entry><ref href=\"a.mp3\"/></entry></asx>" },
    };
    g_auto(Home) home = { 0 };

    home_init(&home);
    put(&home, "a.mp3", "title=A\n");
    put(&home, "b.mp3", "title=B\n");
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
        put(&home, lists[i].name, lists[i].before);
    open_library(&home);
    WAIT_UNTIL(is_idle(&home) && shows(&home, "Music/Playlists", "asx,m3u,m3u8,pls,xspf"));
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *stem = g_strndup(lists[i].name, strcspn(lists[i].name, "."));
        g_autofree char *path = g_strconcat("Music/Playlists/", stem, NULL);
        g_test_message("%s", lists[i].name);
        g_assert_true(shows(&home, path, "A"));
        put(&home, lists[i].name, lists[i].after);
        WAIT_UNTIL(shows(&home, path, "B,A"));
    }
}

static bool
note_ids(const MediaObject *object, gpointer ids)
{
    g_string_append_printf(ids, "%s in %s;", object->title, object->parent_id);
    return true;
}

/* The folders of one kind show what is of it, and the way to it. */
static void
test_kinds(void)
{
    static const HomeFile files[] = {
        { "mixed/a.mp3", "title=A\n" },
        { "mixed/b.mkv", "title=B\n" },
        { "mixed/deep/er/c.jpg", "title=C\n" },
        { "pure/e.mp3", "title=E\n" },
        { "pure/d.mp3", "title=D\n" },
        { "none/x.txt", "" },
    };
    g_auto(Home) home = { 0 };
    CatalogResult result;

    home_start(&home, files);
    WAIT_UNTIL(library_counts(home.library).items == 5);
    g_assert_true(shows(&home, "Music/Folders/media", "mixed,pure"));
    g_assert_true(shows(&home, "Music/Folders/media/mixed", "A"));
    g_assert_true(shows(&home, "Videos/Folders/media", "mixed"));
    g_assert_true(shows(&home, "Videos/Folders/media/mixed", "B"));
    g_assert_true(shows(&home, "Pictures/Folders/media/mixed/deep/er", "C"));
    g_autofree char *folders = id_of(&home, "Music/Folders");
    g_assert_cmpstr(folders, ==, "music-folders");

    /* ids, counts, order, and what lies below */
    g_autofree char *id = id_of(&home, "Music/Folders/media/pure"),
                    *all = id_of(&home, "Folders/media/pure");
    g_autofree char *expected = g_strconcat(all, "-audio", NULL);
    g_assert_cmpstr(id, ==, expected);
    g_autoptr(MediaObject) pure = catalog_find(library_catalog(home.library), id, NULL);
    g_autofree char *root = id_of(&home, "Music/Folders/media");
    g_assert_cmpstr(pure->parent_id, ==, root);
    g_assert_cmpuint(pure->child_count, ==, 2);
    g_autoptr(MediaObject) top = catalog_find(library_catalog(home.library), root, NULL);
    g_assert_cmpstr(top->parent_id, ==, "music-folders");
    g_autofree char *mixed = id_of(&home, "Videos/Folders/media/mixed");
    g_autoptr(MediaObject) one = catalog_find(library_catalog(home.library), mixed, NULL);
    g_assert_cmpuint(one->child_count, ==, 1);
    g_autofree char *sorted = titles(&home, "Music/Folders/media/pure", CATALOG_SORT_TITLE);
    g_assert_cmpstr(sorted, ==, "D,E");
    CatalogRange turned = { .is_descending = true };
    g_autoptr(GString) down = g_string_new(NULL), found = g_string_new(NULL);
    g_assert_true(
        catalog_browse(library_catalog(home.library), id, &turned, note_ids, down, &result, NULL));
    g_autofree char *turned_round = g_strdup_printf("E in %s;D in %s;", id, id);
    g_assert_cmpstr(down->str, ==, turned_round);
    CatalogSearch search = { .container_id = root, .kind = MEDIA_ANY, .words = "a" };
    g_assert_true(catalog_search(library_catalog(home.library), &search, &(CatalogRange){ 0 },
                                 join_titles, found, &result, NULL));
    g_assert_cmpstr(found->str, ==, "A");
    static const char *const wrong[] = { "1000-", "1000-container", "1000-audio-audio", "0-audio",
                                         "music-audio", "99999999999999999999-audio" };
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_null(catalog_find(library_catalog(home.library), wrong[i], NULL));

    /* what comes, goes and moves */
    put(&home, "none/f.mkv", "title=F\n");
    WAIT_UNTIL(shows(&home, "Videos/Folders/media", "mixed,none"));
    g_autofree char *b = in_root(&home, "mixed/b.mkv"), *c = in_root(&home, "mixed/deep/er/c.jpg");
    g_assert_cmpint(g_unlink(b), ==, 0);
    WAIT_UNTIL(shows(&home, "Videos/Folders/media", "none"));
    rename_in(&home, "none", "mixed/deep/none");
    WAIT_UNTIL(shows(&home, "Videos/Folders/media", "mixed"));
    g_assert_true(shows(&home, "Videos/Folders/media/mixed/deep", "none"));
    g_assert_cmpint(g_unlink(c), ==, 0);
    WAIT_UNTIL(shows(&home, "Pictures/Folders", ""));
    g_assert_true(shows(&home, "Videos/Folders/media/mixed/deep/none", "F"));
}

static MediaObject *
object_at(Home *home, const char *path)
{
    g_autofree char *id = id_of(home, path);
    MediaObject *object =
        id != NULL ? catalog_find(library_catalog(home->library), id, NULL) : NULL;

    g_assert_nonnull(object);
    return object;
}

#define SHEET(second)                                                                       \
    "PERFORMER \"The Band\"\nTITLE \"Whole\"\nREM GENRE Rock\nREM DATE 1999\n"              \
    "FILE \"disc.wav\" WAVE\nTRACK 01 AUDIO\nTITLE \"First\"\nINDEX 01 00:00:00\n"          \
    "TRACK 02 AUDIO\nTITLE \"" second "\"\nPERFORMER \"A Guest\"\nINDEX 00 01:00:00\n"       \
    "INDEX 01 01:01:00\nTRACK 03 AUDIO\nINDEX 01 03:00:00\n"
#define DISC "title=Disc\nartist=Someone\nduration_ms=240000\ncomposer=Bach\nhas_art=1\n"

/* What a cue sheet tells of one file are songs of their own. */
static void
test_tracks(void)
{
    static const HomeFile files[] = {
        { "m/disc.wav", DISC },
        { "m/other.mp3", "title=Other\nartist=Bob\nalbum=Own\n" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    WAIT_UNTIL(shows(&home, "Music/All music", "Disc,Other"));
    put(&home, "m/disc.cue", SHEET("Second"));
    WAIT_UNTIL(shows(&home, "Music/All music", "First,Other,Second,Track 3"));
    g_assert_true(shows(&home, "Music/Albums", "Own,Whole"));
    g_assert_true(shows(&home, "Music/Albums/Whole", "First,Second,Track 3"));
    g_assert_true(shows(&home, "Music/Artists", "A Guest,Bob,The Band"));
    g_assert_true(shows(&home, "Music/Composers/Bach", "First,Second,Track 3"));
    g_assert_true(shows(&home, "Music/Genres/Rock", "First,Second,Track 3"));
    g_assert_true(shows(&home, "Music/Playlists/disc", "First,Second,Track 3"));
    g_assert_true(shows(&home, "Music/Recently added", "Track 3,Second,First,Other"));
    /* it lies there, and nowhere else */
    g_assert_true(shows(&home, "Folders/media/m", "Disc,Other"));
    g_assert_cmpuint(library_counts(home.library).audio, ==, 5);

    g_autoptr(MediaObject) second = object_at(&home, "Music/Albums/Whole/Second");
    g_assert_cmpint(second->facts.start_ms, ==, 61000);
    g_assert_cmpint(second->facts.end_ms, ==, 180000);
    g_assert_cmpint(second->facts.duration_ms, ==, 119000);
    g_assert_cmpint(second->facts.track, ==, 2);
    g_assert_cmpstr(second->facts.artist, ==, "A Guest");
    g_assert_cmpstr(second->facts.album_artist, ==, "The Band");
    g_assert_cmpstr(second->facts.date, ==, "1999");
    g_assert_true(second->has_art);
    g_autofree char *place = in_root(&home, "m/disc.wav");
    g_assert_cmpstr(second->path, ==, place);
    g_autoptr(MediaObject) third = object_at(&home, "Music/Albums/Whole/Track 3");
    g_assert_cmpint(third->facts.end_ms, ==, 240000);

    /* another word in the sheet: the same songs */
    put(&home, "m/disc.cue", SHEET("Later and longer"));
    WAIT_UNTIL(shows(&home, "Music/Albums/Whole", "First,Later and longer,Track 3"));
    g_autoptr(MediaObject) later = object_at(&home, "Music/Albums/Whole/Later and longer");
    g_assert_cmpstr(later->id, ==, second->id);
    /* the file goes elsewhere, and the sheet after it */
    rename_in(&home, "m/disc.wav", "disc.wav");
    WAIT_UNTIL(shows(&home, "Music/All music", "Disc,Other"));
    rename_in(&home, "m/disc.cue", "disc.cue");
    WAIT_UNTIL(shows(&home, "Music/All music", "First,Later and longer,Other,Track 3"));
    g_assert_true(shows(&home, "Folders/media", "m,Disc"));
    /* it cannot be read, is mended, is gone, and comes back */
    g_autofree char *disc = in_root(&home, "disc.wav"), *sheet = in_root(&home, "disc.cue");
    put(&home, "disc.wav",
        "broken and longer than it was before, so that what is there is all gone");
    WAIT_UNTIL(shows(&home, "Music/All music", "Other"));
    g_assert_cmpint(g_unlink(disc), ==, 0);
    WAIT_UNTIL(shows(&home, "Folders/media", "m"));
    put(&home, "disc.wav", DISC);
    WAIT_UNTIL(shows(&home, "Music/All music", "First,Later and longer,Other,Track 3"));
    /* without its sheet it is one song again */
    g_assert_cmpint(g_unlink(sheet), ==, 0);
    WAIT_UNTIL(shows(&home, "Music/All music", "Disc,Other"));
    g_assert_true(shows(&home, "Music/Playlists", ""));
    g_assert_true(shows(&home, "Music/Albums", "Own"));
    g_assert_cmpuint(library_counts(home.library).audio, ==, 2);
}

/* Sheets that say nothing sensible make no songs. */
static void
test_odd_sheets(void)
{
    g_auto(Home) home = { 0 };

    home_init(&home);
    put(&home, "a.wav", "title=A\nduration_ms=60000\n");
    put(&home, "a.cue", "FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"); /* all of it */
    put(&home, "b.wav", "title=B\nduration_ms=60000\n");
    put(&home, "b.cue", "FILE b.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 02:00:00\n" /* beyond its end */
                        "TRACK 02 AUDIO\nINDEX 01 03:00:00\n");
    put(&home, "c.wav", "title=C\nduration_ms=60000\n");
    put(&home, "c.cue", "FILE c.wav WAVE\nTRACK 01 AUDIO\nTITLE One\nINDEX 01 00:30:00\n"
                        "TRACK 02 AUDIO\nTITLE Back\nINDEX 01 00:10:00\n" /* back in time */
                        "TRACK 02 AUDIO\nTITLE Twice\nINDEX 01 00:40:00\n"
                        "TRACK 02 AUDIO\nTITLE Thrice\nINDEX 01 00:50:00\n");
    put(&home, "d.wav", "title=D\n"); /* nobody knows how long it is */
    put(&home, "d.cue", "FILE d.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"
                        "TRACK 02 AUDIO\nINDEX 01 00:20:00\n");
    open_library(&home);
    WAIT_UNTIL(is_idle(&home) && shows(&home, "Music/All music", "A,B,D,One,Twice"));
    g_assert_true(shows(&home, "Music/Albums", "C"));
    g_assert_true(shows(&home, "Folders/media", "A,B,C,D"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    g_test_add_func("/appliance/views/all", test_all);
    g_test_add_func("/appliance/views/playlist-formats", test_playlist_formats);
    g_test_add_func("/appliance/views/kinds", test_kinds);
    g_test_add_func("/appliance/views/playlists", test_playlists);
    g_test_add_func("/appliance/views/tracks", test_tracks);
    g_test_add_func("/appliance/views/odd-sheets", test_odd_sheets);
    return g_test_run();
}
