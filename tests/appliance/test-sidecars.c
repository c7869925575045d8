/* test-sidecars.c -- subtitles, lyrics and covers belong to what lies beside them, and pictures of
 * containers are those of what they show */
#include "appliance/library/library.h"

#include "model/media-details.h"
#include "model/sidecar.h"
#include "tests/appliance/library-home.h"

#include <string.h>

static MediaObject *
object_at(Home *home, const char *path)
{
    g_autofree char *id = id_of(home, path);
    MediaObject *object =
        id != NULL ? catalog_find(library_catalog(home->library), id, NULL) : NULL;

    g_assert_nonnull(object);
    return object;
}

/* "name kind format language;..." in the order of names. */
static char *
sidecars_of(Home *home, const char *path)
{
    g_autoptr(MediaObject) object = object_at(home, path);
    GString *list = g_string_new(NULL);

    for (guint i = 0; i < media_details_count(object->details, MEDIA_SIDECARS); i++) {
        const MediaSidecar *sidecar = media_details_get(object->details, MEDIA_SIDECARS, i);
        g_string_append_printf(list, "%s %s %s %s;", sidecar->name, sidecar->kind, sidecar->format,
                               sidecar->language != NULL ? sidecar->language : "-");
    }
    return g_string_free(list, FALSE);
}

/* The file names that a picture is made of, "song.mp3+cover.jpg"; NULL: there is none. */
static char *
picture_of(Home *home, const char *path)
{
    g_autofree char *id = id_of(home, path);
    g_auto(PictureSource) source = { 0 };
    g_autoptr(MediaObject) object = object_at(home, path);
    bool is_found = library_picture(home->library, NULL, id, &source, NULL);

    g_assert_true(is_found == object->has_art);
    if (!is_found)
        return NULL;
    g_assert_nonnull(source.digest);
    g_autofree char *name = g_path_get_basename(source.path);
    g_autofree char *beside = source.beside != NULL ? g_path_get_basename(source.beside) : NULL;
    return g_strjoin("+", name, beside, NULL);
}

static void
assert_picture(Home *home, const char *path, const char *expected)
{
    g_autofree char *picture = picture_of(home, path);

    g_test_message("%s", path);
    g_assert_cmpstr(picture, ==, expected);
}

static void
test_subtitles(void)
{
    static const HomeFile files[] = {
        { "f/Film.mkv", "video_codec=h264\naudio_codec=aac\nwidth=640\n" },
        { "f/Film 2.mkv", "" },
        { "f/Film.srt", "1" },
        { "f/Film.zh-Hant.ass", "1" },
        { "f/Film_en.vtt", "1" },
        { "f/Film.idx", "1" },
        { "f/Film.sub", "1" },
        { "f/Film 2.ssa", "1" },
        { "f/Filmed.srt", "1" },
        { "s/Song.mp3", "" },
        { "s/Song.lrc", "1" },
        { "s/Song.txt", "1" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    g_assert_cmpuint(library_counts(home.library).items, ==, 3);
    g_autofree char *film = sidecars_of(&home, "Folders/media/f/Film");
    g_assert_cmpstr(film, ==,
                    "Film.idx subtitle vobsub -;Film.srt subtitle srt -;Film.sub subtitle sub -;"
                    "Film.zh-Hant.ass subtitle ass zh-Hant;Film_en.vtt subtitle vtt en;");
    g_autofree char *second = sidecars_of(&home, "Folders/media/f/Film 2");
    g_assert_cmpstr(second, ==, "Film 2.ssa subtitle ssa -;");
    g_autofree char *song = sidecars_of(&home, "Folders/media/s/Song");
    g_assert_cmpstr(song, ==, "Song.lrc lyrics lrc -;");

    g_autoptr(MediaObject) object = object_at(&home, "Folders/media/f/Film");
    g_assert_cmpuint(media_details_count(object->details, MEDIA_STREAMS), ==, 2);
    const MediaStream *stream = media_details_get(object->details, MEDIA_STREAMS, 0);
    g_assert_cmpstr(stream->codec, ==, "h264");

    /* they come, go and move while it is watched */
    put(&home, "s/Song.zh.lrc", "1");
    g_autofree char *gone = in_root(&home, "s/Song.lrc");
    g_assert_cmpint(g_unlink(gone), ==, 0);
    rename_in(&home, "f/Film.srt", "f/Film 2.srt");
    put(&home, "s/Last.mp3", "");
    WAIT_UNTIL(library_counts(home.library).items == 4 && is_idle(&home));
    g_autofree char *later = sidecars_of(&home, "Folders/media/s/Song");
    g_assert_cmpstr(later, ==, "Song.zh.lrc lyrics lrc zh;");
    g_autofree char *moved = sidecars_of(&home, "Folders/media/f/Film 2");
    g_assert_cmpstr(moved, ==, "Film 2.srt subtitle srt -;Film 2.ssa subtitle ssa -;");
}

static void
test_covers(void)
{
    static const HomeFile files[] = {
        { "m/one/1.mp3", "title=Bare\nartist=Ann\nalbum=One\ntrack=1\n" },
        { "m/one/2.mp3", "title=Own\nartist=Ann\nalbum=One\ntrack=2\nhas_art=1\n" },
        { "m/one/Folder.JPG", "" },
        { "m/one/cover.png", "" },
        { "m/one/AlbumArt_{1}_Small.jpg", "" },
        { "m/one/coverage.jpg", "" },
        { "m/two/1.mp3", "title=None\nartist=Bob\nalbum=Two\n" },
        { "m/set/Disc 1/1.mp3", "title=First\nartist=Cem\nalbum=Set\n" },
        { "m/set/Bonus/1.mp3", "title=Bonus\n" },
        { "m/set/cover.jpg", "" },
        { "f/Film.mkv", "" },
        { "f/bad.mkv", "broken" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    g_assert_cmpuint(library_counts(home.library).image, ==, 1); /* "coverage" */
    assert_picture(&home, "Folders/media/m/one/Bare", "1.mp3+cover.png");
    assert_picture(&home, "Folders/media/m/one/Own", "2.mp3");
    assert_picture(&home, "Folders/media/m/one", "cover.png");
    assert_picture(&home, "Music/Albums/One", "1.mp3+cover.png");
    assert_picture(&home, "Music/Artists/Ann", "1.mp3+cover.png");
    assert_picture(&home, "Folders/media/m/two/None", NULL);
    assert_picture(&home, "Music/Albums/Two", NULL);
    assert_picture(&home, "Folders/media/m/set/Disc 1/First", "1.mp3+cover.jpg");
    assert_picture(&home, "Music/Albums/Set", "1.mp3+cover.jpg");
    assert_picture(&home, "Folders/media/m/set/Bonus/Bonus", NULL);
    assert_picture(&home, "Folders/media/f", "Film.mkv");
    assert_picture(&home, "Folders/media/f/bad", NULL);
    assert_picture(&home, "Music", NULL);

    g_autofree char *cover = in_root(&home, "m/one/cover.png");
    g_assert_cmpint(g_unlink(cover), ==, 0);
    put(&home, "m/two/front.webp", "");
    put(&home, "m/two/2.mp3", "title=Later\nartist=Bob\nalbum=Two\n");
    WAIT_UNTIL(library_counts(home.library).audio == 6 && is_idle(&home));
    assert_picture(&home, "Music/Albums/One", "1.mp3+Folder.JPG");
    assert_picture(&home, "Music/Albums/Two", "2.mp3+front.webp");
}

/* Beside a film: its own poster, its namesake, or its folder's cover when it lies there alone. */
static void
test_posters(void)
{
    static const HomeFile files[] = {
        { "a/Own.mkv", "" },
        { "a/Own-fanart.jpg", "" },
        { "a/Own-Poster.png", "" },
        { "a/Other.mkv", "" },
        { "a/Other.jpg", "" },
        { "a/Bare.mkv", "" },
        { "a/Bare 2-poster.jpg", "" },
        { "a/poster.jpg", "" }, /* of the folder, where three films lie */
        { "b/Alone.mkv", "" },
        { "b/folder.jpg", "" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    g_assert_cmpuint(library_counts(home.library).image, ==, 1); /* Other.jpg */
    assert_picture(&home, "Folders/media/a/Own", "Own-Poster.png");
    assert_picture(&home, "Folders/media/a/Bare", "Bare.mkv");
    assert_picture(&home, "Folders/media/a", "poster.jpg");
    assert_picture(&home, "Videos/All videos/Other", "Other.jpg");
    assert_picture(&home, "Videos/All videos/Alone", "folder.jpg");

    /* they come and go while it is watched */
    put(&home, "a/Bare-poster.jpg", "");
    g_autofree char *gone = in_root(&home, "b/folder.jpg"),
                    *own = in_root(&home, "a/Own-Poster.png");
    g_assert_cmpint(g_unlink(gone), ==, 0);
    g_assert_cmpint(g_unlink(own), ==, 0);
    put(&home, "b/Last.mkv", "");
    WAIT_UNTIL(library_counts(home.library).video == 5 && is_idle(&home));
    assert_picture(&home, "Videos/All videos/Bare", "Bare-poster.jpg");
    assert_picture(&home, "Videos/All videos/Alone", "Alone.mkv");
    assert_picture(&home, "Videos/All videos/Own", "Own-fanart.jpg");
}

static char *
digest_of(Home *home, const char *id)
{
    g_auto(PictureSource) source = { 0 };

    library_picture(home->library, NULL, id, &source, NULL);
    return g_strdup(source.digest);
}

static bool
has_digest(Home *home, const char *id, const char *digest, bool is_this)
{
    g_autofree char *now = digest_of(home, id);

    return (g_strcmp0(now, digest) == 0) == is_this;
}

/* An album's cover is its discs', from the moment it is there. */
static void
test_disc_covers_change(void)
{
    static const HomeFile files[] = {
        { "set/CD1/1.mp3", "title=A\nalbum=Set\n" },
        { "set/CD2/1.mp3", "title=B\nalbum=Set\n" },
        { "set/Bonus/1.mp3", "title=C\n" },
    };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    g_autofree char *a = id_of(&home, "Music/All music/A"), *b = id_of(&home, "Music/All music/B");
    g_autofree char *c = id_of(&home, "Music/All music/C"), *none = digest_of(&home, a);
    g_assert_null(none);
    put(&home, "set/cover.jpg", "small");
    WAIT_UNTIL(has_digest(&home, a, NULL, false) && has_digest(&home, b, NULL, false));
    g_autofree char *first = digest_of(&home, a), *bonus = digest_of(&home, c);
    g_assert_null(bonus);
    put(&home, "set/cover.jpg", "larger than before");
    WAIT_UNTIL(has_digest(&home, a, first, false));
    g_autofree char *gone = in_root(&home, "set/cover.jpg");
    g_assert_cmpint(g_unlink(gone), ==, 0);
    WAIT_UNTIL(has_digest(&home, a, NULL, true) && has_digest(&home, b, NULL, true));
}

static void
test_names(void)
{
    static const struct {
        const char *folder;
        bool is_disc;
    } folders[] = { { "CD1", true },   { "cd 02", true },  { "Disc 1 - Live", true },
                    { "Disk_2", true }, { "CD", false },    { "Discography", false },
                    { "CD100", false }, { "Disc 1st", false } };

    for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
        g_assert_true(sidecar_is_disc(folders[i].folder) == folders[i].is_disc);
    g_assert_cmpint(sidecar_compare_covers("cover.jpg", "folder.jpg"), <, 0);
    g_assert_cmpint(sidecar_compare_covers("../cover.jpg", "banner.png"), >, 0);
}

/* A cover that is replaced is another picture. */
static void
test_cover_changes(void)
{
    static const HomeFile files[] = {
        { "1.mp3", "title=A\nalbum=One\n" },
        { "cover.jpg", "small" },
    };
    g_auto(Home) home = { 0 };
    g_auto(PictureSource) before = { 0 }, after = { 0 };

    home_start(&home, files);
    g_autofree char *id = id_of(&home, "Music/Albums/One");
    g_assert_true(library_picture(home.library, NULL, id, &before, NULL));
    put(&home, "cover.jpg", "larger than before");
    put(&home, "2.mp3", "title=B\nalbum=One\n");
    WAIT_UNTIL(library_counts(home.library).audio == 2 && is_idle(&home));
    g_assert_true(library_picture(home.library, NULL, id, &after, NULL));
    g_assert_cmpstr(before.digest, !=, after.digest);
}

/* All of what a sidecar is sent as; the caller's, NULL: it is not there. */
static char *
sent(Home *home, const char *item, const char *name, char **mime)
{
    g_autofree char *id = id_of(home, item);
    g_autoptr(GError) error = NULL;
    g_autoptr(Stream) stream = library_open_sidecar(home->library, id, name, &error);
    char buffer[4096];

    if (stream == NULL)
        return NULL;
    *mime = g_strdup(stream->mime);
    gssize got = stream_read(stream, 0, buffer, sizeof buffer, &error);
    g_assert_no_error(error);
    g_assert_cmpint(got, ==, stream->length);
    return g_strndup(buffer, (gsize)got);
}

#define SAID "第一句话，我们今天去看电影。"
#define SRT(text) "1\n00:00:01,000 --> 00:00:02,000\n" text "\n\n"
#define VTT(text) "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" text "\n\n"
#define ASS "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,{\\i1}" SAID "\n"

/* As the set takes them: in UTF-8, whatever they were written in, and in the format it asks for. */
static void
test_sent(void)
{
    static const struct {
        const char *name, *mime, *text;
    } cases[] = {
        { "Film.srt", "text/srt", SRT(SAID) },
        { "Film.srt.vtt", "text/vtt", VTT(SAID) },
        { "Film.zh.ass", "text/x-ssa", ASS },
        { "Film.zh.ass.srt", "text/srt", SRT("<i>" SAID "</i>") },
        { "Film.zh.ass.vtt", "text/vtt", VTT("<i>" SAID "</i>") },
        { "Film.sub", "text/plain", SRT(SAID) },
        { "Film.sub.srt", NULL, NULL },
        { "Film.srt.ass", NULL, NULL },
        { "Film.srt.srt.srt", NULL, NULL },
        { "Film.none", NULL, NULL },
        { "", NULL, NULL },
    };
    g_autofree char *old = g_convert(SRT(SAID), -1, "GB18030", "UTF-8", NULL, NULL, NULL);
    g_auto(Home) home = { 0 };

    home_init(&home);
    put(&home, "Film.mkv", "video_codec=h264\nwidth=640\n");
    put(&home, "Film.srt", old);
    put(&home, "Film.zh.ass", ASS);
    put(&home, "Film.sub", SRT(SAID));
    open_library(&home);
    WAIT_UNTIL(is_idle(&home));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *mime = NULL;
        g_autofree char *text = sent(&home, "Folders/media/Film", cases[i].name, &mime);
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(text, ==, cases[i].text);
        g_assert_cmpstr(mime, ==, cases[i].mime);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sidecars/subtitles", test_subtitles);
    g_test_add_func("/sidecars/sent", test_sent);
    g_test_add_func("/sidecars/covers", test_covers);
    g_test_add_func("/sidecars/cover-changes", test_cover_changes);
    g_test_add_func("/sidecars/disc-covers-change", test_disc_covers_change);
    g_test_add_func("/sidecars/posters", test_posters);
    g_test_add_func("/sidecars/names", test_names);
    return g_test_run();
}
