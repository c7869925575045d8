/* test-playlist.c -- lists as programs write them */
#include "wire/playlist.h"

#include <string.h>

static const struct {
    const char *name, *text, *entries; /* "path|title|artist|start;" */
} cases[] = {
    { "a.m3u", "#EXTM3U\n#EXTINF:1,Ann - One\r\none.mp3\n\n# a word\nsub/two.mp3\n",
      "one.mp3|Ann - One||0;sub/two.mp3|||0;" },
    { "b.M3U8", "\xef\xbb\xbf歌.mp3", "歌.mp3|||0;" },
    { "c.m3u", "\xb8\xe8.mp3\n", "歌.mp3|||0;" }, /* GB18030 */
    { "d.pls", "[playlist]\nfile1=a.mp3\nTitle1=A\nFile2=b.mp3\nVersion=2",
      "a.mp3|||0;b.mp3|||0;" },
    { "e.xspf",
      "<playlist><title>All</title><trackList><track><location>a.mp3</location><title>A &amp; "
      "B</title><creator>Ann</creator></track><track><location> b.mp3\n</location></track>",
      "a.mp3|A & B|Ann|0;b.mp3|||0;" },
    { "f.asx", "<asx><ENTRY><REF HREF='a.wma'/></ENTRY><ref href=\"b&#233;.wma\">",
      "a.wma|||0;bé.wma|||0;" },
    { "g.cue",
      "PERFORMER \"Ann\"\nFILE \"all of it.flac\" WAVE\n TRACK 01 AUDIO\n  TITLE \"One\"\n  INDEX "
      "01 00:00:00\n TRACK 02 AUDIO\n  PERFORMER Bob\n  INDEX 00 01:00:00\n  INDEX 01 01:02:15\n",
      "all of it.flac|One|Ann|0;all of it.flac||Bob|62200;" },
    { "h.m3u", "", "" },
    { "i.xspf", "<location>a<location", "a|||0;" },
    { "j.cue", "TRACK 01 AUDIO\nTITLE \"x", "" },
};

static void
test_formats(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        PlaylistFormat format;

        g_assert_true(playlist_format(cases[i].name, &format));
        g_autoptr(GPtrArray) entries =
            playlist_decode(format, cases[i].text, strlen(cases[i].text));
        for (guint k = 0; k < entries->len; k++) {
            const PlaylistEntry *entry = entries->pdata[k];
            g_string_append_printf(text, "%s|%s|%s|%d;", entry->path,
                                   entry->title ? entry->title : "",
                                   entry->artist ? entry->artist : "", (int)entry->start_ms);
        }
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(text->str, ==, cases[i].entries);
    }
}

static void
test_paths(void)
{
    static const struct {
        const char *path, *place; /* NULL: nowhere */
    } paths[] = {
        { "a.mp3", "/m/lists/a.mp3" },     { "../a.mp3", "/m/a.mp3" },
        { "/x/./a.mp3", "/x/a.mp3" },      { "sub\\a.mp3", "/m/lists/sub/a.mp3" },
        { "D:\\a.mp3", "/m/lists/a.mp3" }, { "file:///x/a%20b.mp3", "/x/a b.mp3" },
        { "http://h/a.mp3", NULL },        { "../../../../a", "/a" },
        { "a\\b/c.mp3", "/m/lists/a\\b/c.mp3" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *place = playlist_resolve(paths[i].path, "/m/lists");
        g_assert_cmpstr(place, ==, paths[i].place);
    }
}

/* More than anybody listens to is left out, not held. */
static void
test_limits(void)
{
    g_autofree char *many = g_strnfill(2 * (PLAYLIST_ENTRIES_MAX + 5), 'a');
    g_autofree char *longest = g_strnfill(10000, 'a');

    for (gsize i = 1; i < 2 * (PLAYLIST_ENTRIES_MAX + 5); i += 2)
        many[i] = '\n';
    g_autoptr(GPtrArray) entries = playlist_decode(PLAYLIST_M3U, many, strlen(many));
    g_assert_cmpuint(entries->len, ==, PLAYLIST_ENTRIES_MAX);
    g_autoptr(GPtrArray) none = playlist_decode(PLAYLIST_M3U, longest, strlen(longest));
    g_assert_cmpuint(none->len, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/playlist/formats", test_formats);
    g_test_add_func("/wire/playlist/paths", test_paths);
    g_test_add_func("/wire/playlist/limits", test_limits);
    return g_test_run();
}
