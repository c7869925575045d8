/* test-tags.c -- tags that are not Unicode: a folder agrees on a charset, and somebody may name
 * another */
#include "appliance/library/library.h"

#include "tests/appliance/library-home.h"

#include <string.h>

/* Text in a charset, each octet a letter. */
static char *
octets_of(const char *text, const char *charset)
{
    gsize size;
    g_autoptr(GError) error = NULL;
    g_autofree char *octets = g_convert(text, -1, charset, "UTF-8", NULL, &size, &error);
    GString *letters = g_string_new(NULL);

    g_assert_no_error(error);
    for (gsize i = 0; i < size; i++)
        g_string_append_unichar(letters, (guint8)octets[i]);
    return g_string_free(letters, FALSE);
}

static void
put_song(Home *home, const char *name, const char *charset, const char *title, const char *artist,
         const char *album)
{
    g_autofree char *title_octets = octets_of(title, charset);
    g_autofree char *artist_octets = octets_of(artist, charset);
    g_autofree char *album_octets = octets_of(album, charset);
    g_autofree char *facts =
        g_strdup_printf("charset=" MEDIA_OCTETS "\ntitle=%s\nartist=%s\nalbum=%s\n", title_octets,
                        artist_octets, album_octets);

    put(home, name, facts);
}

static MediaObject *
song_at(Home *home, const char *path)
{
    g_autofree char *id = id_of(home, path);

    return id != NULL ? catalog_find(library_catalog(home->library), id, NULL) : NULL;
}

static bool
is_shown(Home *home, const char *path)
{
    g_autofree char *id = id_of(home, path);

    return id != NULL;
}

/* What is ambiguous alone (four letters that are words in GBK and in Big5) is what its company is;
 * and a file of another script in the same folder keeps its own. */
static void
test_company(void)
{
    g_auto(Home) home = { 0 };

    home_init(&home);
    put_song(&home, "gbk/0.mp3", "GBK", "魔岩三杰", "许巍", "许巍");
    put_song(&home, "gbk/1.mp3", "GBK", "月亮代表我的心", "许巍", "许巍");
    put_song(&home, "gbk/2.mp3", "GBK", "故乡的云", "许巍", "许巍");
    put_song(&home, "gbk/3.mp3", "GBK", "我们的时光", "许巍", "许巍");
    put_song(&home, "gbk/9.mp3", "CP1251", "Группа крови", "Кино", "Группа крови");
    put_song(&home, "jp/1.mp3", "SHIFT_JIS", "夢", "花", "世界に一つだけの花");
    put_song(&home, "jp/2.mp3", "SHIFT_JIS", "さくら", "花", "世界に一つだけの花");
    put_song(&home, "named/魔岩三杰.mp3", "GBK", "魔岩三杰", "X", "Y"); /* its name says it */
    put(&home, "plain/1.mp3", "title=Ünder\nartist=周杰伦\n");
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    g_autofree char *gbk = titles(&home, "Folders/media/gbk", CATALOG_SORT_NATURAL);
    g_assert_cmpstr(gbk, ==, "魔岩三杰,月亮代表我的心,故乡的云,我们的时光,Группа крови");
    g_autofree char *jp = titles(&home, "Folders/media/jp", CATALOG_SORT_NATURAL);
    g_assert_cmpstr(jp, ==, "夢,さくら");
    g_autofree char *named = titles(&home, "Folders/media/named", CATALOG_SORT_NATURAL);
    g_assert_cmpstr(named, ==, "魔岩三杰");
    g_autofree char *artists = titles(&home, "Music/Artists/许巍/许巍", CATALOG_SORT_NATURAL);
    g_assert_cmpstr(artists, ==, "故乡的云,魔岩三杰,我们的时光,月亮代表我的心");

    g_autoptr(MediaObject) song = song_at(&home, "Folders/media/gbk/魔岩三杰");
    g_assert_cmpstr(song->facts.charset, ==, "GB18030");
    g_assert_cmpstr(song->facts.artist, ==, "许巍");
    g_autoptr(MediaObject) plain = song_at(&home, "Folders/media/plain/Ünder");
    g_assert_null(plain->facts.charset);
}

/* Another choice is followed without a file being read, and taken back likewise. */
static void
test_choice(void)
{
    static const struct {
        const char *charset, *title, *artist;
    } steps[] = {
        { NULL, "Группа крови", "Кино" },
        { "KOI8-R", "цПСООЮ ЙПНБХ", "йХМН" },
        { "KOI8-R", "цПСООЮ ЙПНБХ", "йХМН" },
        { NULL, "Группа крови", "Кино" },
    };
    g_auto(Home) home = { 0 };

    home_init(&home);
    put_song(&home, "a/1.mp3", "CP1251", "Группа крови", "Кино", "Кино");
    put(&home, "a/2.mp3", "title=Ünder\n");
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        int probed = g_atomic_int_get(&name_probe_count);
        const char *folders[] = { home.root, NULL };
        home.library = library_new(home.state, folders, name_probe_new, NULL, NULL);
        g_assert_nonnull(home.library);
        library_set_tag_charset(home.library, steps[i].charset);
        library_start(home.library);
        WAIT_UNTIL(is_idle(&home));
        g_autofree char *shown = titles(&home, "Music/Artists", CATALOG_SORT_NATURAL);
        g_assert_cmpstr(shown, ==, steps[i].artist);
        CatalogSearch search = { .words = steps[i].title, .kind = MEDIA_AUDIO };
        CatalogRange range = { 0 };
        CatalogResult result = { 0 };
        g_autoptr(GString) joined = g_string_new(NULL);
        catalog_search(library_catalog(home.library), &search, &range, join_titles, joined, &result,
                       NULL);
        g_assert_cmpstr(joined->str, ==, steps[i].title);
        g_assert_cmpint(g_atomic_int_get(&name_probe_count) - probed, ==, i == 0 ? 2 : 0);
        if (i + 1 < G_N_ELEMENTS(steps))
            g_clear_pointer(&home.library, library_free);
    }
}

/* Moved into other company, and then tagged anew in Unicode: nothing of the octets is left. */
static void
test_moved_and_mended(void)
{
    g_auto(Home) home = { 0 };

    home_init(&home);
    put_song(&home, "a/1.mp3", "CP1251", "Группа крови", "Кино", "Кино");
    put(&home, "b/2.mp3", "title=Ünder\n");
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    rename_in(&home, "a/1.mp3", "b/1.mp3");
    WAIT_UNTIL(is_shown(&home, "Folders/media/b/Группа крови"));
    put(&home, "b/1.mp3", "title=Mended\nartist=Кино\n");
    WAIT_UNTIL(is_shown(&home, "Folders/media/b/Mended"));
    g_autoptr(MediaObject) song = song_at(&home, "Folders/media/b/Mended");
    g_assert_null(song->facts.charset);
}

/* Words are found in any script, by a part, and Chinese by how it is read. */
static void
test_found(void)
{
    static const struct {
        const char *words, *titles;
    } cases[] = {
        { "zjl", "晴天" },           { "zhoujielun", "晴天" }, { "jielun", "晴天" },
        { "ZJL qt", "晴天" },        { "周", "晴天" },         { "杰伦", "晴天" },
        { "qingtian", "晴天" },      { "zy", "后来" },         { "ceng", "后来" },
        { "wf", "红豆" },            { "wangfei", "红豆" },    { "王 菲", "红豆" },
        { "yue", "音乐" },           { "yinyue", "音乐" },     { "yinle", "音乐" },
        { "rosenrot", "Rosenrôt" },  { "røyksopp", "Eple" },   { "royksopp", "Eple" },
        { "サク", "サクラ" },        { "ｻｸﾗ", "サクラ" },      { "ラ", "サクラ" },
        { "вар", "Самовар" },        { "сам", "Самовар" },     { "노래", "봄노래" },
        { "래", "봄노래" },          { "zzz", "" },            { "jz", "" },
    };
    static const HomeFile files[] = {
        { "1.mp3", "title=晴天\nartist=周杰伦\n" },
        { "2.mp3", "title=后来\nartist=曾轶可\n" },
        { "3.mp3", "title=红豆\nartist=王 菲\n" },
        { "4.mp3", "title=音乐\n" },
        { "5.mp3", "title=Rosenrôt\n" },
        { "6.mp3", "title=Eple\nartist=Røyksopp\n" },
        { "7.mp3", "title=サクラ\n" },
        { "8.mp3", "title=Самовар\n" },
        { "9.mp3", "title=봄노래\n" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        CatalogSearch search = { .words = cases[i].words, .kind = MEDIA_AUDIO };
        CatalogRange range = { 0 };
        CatalogResult result = { 0 };
        g_autoptr(GString) joined = g_string_new(NULL);
        catalog_search(library_catalog(home.library), &search, &range, join_titles, joined, &result,
                       NULL);
        g_test_message("%s: %s", cases[i].words, joined->str);
        g_assert_cmpstr(joined->str, ==, cases[i].titles);
    }
    g_autofree char *order = titles(&home, "Music/Artists", CATALOG_SORT_NATURAL);
    g_assert_cmpstr(order, ==, "曾轶可,王 菲,周杰伦,Røyksopp");
}

/* A song of several is with each of them, and its album with the first. */
static void
test_several_artists(void)
{
    static const struct {
        const char *path, *titles;
    } cases[] = {
        { "Music/Artists", "Ann,Bob" },
        { "Music/Artists/Ann", "One" },
        { "Music/Artists/Bob", "Both" },
        { "Music/Albums/One", "Alone,Both" },
    };
    g_auto(Home) home = { 0 };

    home_init(&home);
    put(&home, "1.mp3", "title=Alone\nartist=Ann\nalbum=One\ntrack=1\n");
    put(&home, "2.mp3", "title=Both\nartist=Ann; Bob\nalbum=One\ntrack=2\n");
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = titles(&home, cases[i].path, CATALOG_SORT_NATURAL);
        g_test_message("%s: %s", cases[i].path, got);
        g_assert_cmpstr(got, ==, cases[i].titles);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tags/company", test_company);
    g_test_add_func("/tags/choice", test_choice);
    g_test_add_func("/tags/moved-and-mended", test_moved_and_mended);
    g_test_add_func("/tags/found", test_found);
    g_test_add_func("/tags/several-artists", test_several_artists);
    return g_test_run();
}
