/* test-didl.c -- DIDL-Lite: printed whole and filtered, read from friends and strangers */
#include "base/error.h"
#include "wire/didl.h"
#include "wire/protocol-info.h"

#include <string.h>

static const MediaObject song = {
    .id = "17", .parent_id = "4", .kind = MEDIA_AUDIO, .title = "Tom & \"Jerry\" <老歌>",
    .upnp_class = "object.item.audioItem.musicTrack", .path = "/srv/music/老 歌.mp3",
    .size_bytes = 4242, .has_art = true,
    .facts = { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .format = "mp3", .artist = "A & B",
               .album = "Best", .genre = "Pop", .date = "1999", .duration_ms = 3723456, .track = 7,
               .bitrate = 128000, .sample_rate = 44100, .channels = 2 },
};

static const MediaObject folder = {
    .id = "4", .parent_id = "0", .kind = MEDIA_CONTAINER, .title = "Music", .child_count = 12,
};

#define PROTOCOL \
    "http-get:*:audio/mpeg:DLNA.ORG_PN=MP3;DLNA.ORG_OP=01;DLNA.ORG_CI=0;" \
    "DLNA.ORG_FLAGS=01700000000000000000000000000000"
#define ITEM "<item id=\"17\" parentID=\"4\" restricted=\"1\">" \
    "<dc:title>Tom &amp; \"Jerry\" &lt;老歌&gt;</dc:title>" \
    "<upnp:class>object.item.audioItem.musicTrack</upnp:class>"
#define URL "http://[::1]:8380/media/17/%E8%80%81%20%E6%AD%8C.mp3"

/* What delivery would make: MP3 that is sought by time. */
static guint
make_mp3(const MediaObject *object, const Dialect *dialect G_GNUC_UNUSED,
         MediaForm forms[MEDIA_FORMS_MAX])
{
    forms[0] = (MediaForm){ .name = "mp3", .extension = "mp3",
                            .facts = { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .format = "mp3",
                                       .duration_ms = object->facts.duration_ms },
                            .delivery = { .by_time = true, .is_converted = true } };
    return 1;
}

/* What stands inside the DIDL-Lite element. */
static char *
encode(const MediaObject *object, const char *filter)
{
    GString *out = g_string_new(NULL);
    XmlWriter writer;
    DidlEncoder encoder;

    xml_writer_init(&writer, out);
    didl_encoder_init(&encoder, &writer, filter, "http://[::1]:8380", &dialect_plain);
    encoder.forms = media_is_part(&object->facts) ? make_mp3 : NULL;
    g_assert_true(didl_encoder_visit(object, &encoder));
    didl_encoder_finish(&encoder);
    g_autofree char *text = g_string_free(out, FALSE);
    const char *start = strchr(text, '>') + 1;
    const char *end = strstr(start, "</DIDL-Lite>");
    g_assert_nonnull(end);
    return g_strndup(start, (gsize)(end - start));
}

/* The addresses of every res and of every other element that has one, by protocolInfo or name, a
 * line each, without the server's. */
static char *
resources(const MediaObject *object, const Dialect *dialect)
{
    g_autofree char *text = didl_encode(object, "", dialect);
    g_autoptr(XmlDocument) document = xml_parse(text, strlen(text), NULL);
    GString *out = g_string_new(NULL);

    g_assert_nonnull(document);
    for (const XmlNode *node = xml_first(xml_first(xml_root(document), "item"), NULL); node != NULL;
         node = xml_next(node, NULL)) {
        const char *info = xml_attribute(node, "protocolInfo");
        if (*xml_text(node) == '/')
            g_string_append_printf(out, "%s %s\n", info != NULL ? info : xml_name(node),
                                   xml_text(node));
    }
    return g_string_free(out, FALSE);
}

#define PICTURE_FEATURES(pn, ci) \
    "http-get:*:image/jpeg:DLNA.ORG_PN=" pn ";DLNA.ORG_OP=01;DLNA.ORG_CI=" ci \
    ";DLNA.ORG_FLAGS=00F00000000000000000000000000000"
#define SMALLER \
    PICTURE_FEATURES("JPEG_TN", "1") " /thumb/9?w=160\n" \
    PICTURE_FEATURES("JPEG_SM", "1") " /thumb/9?w=320\n" \
    PICTURE_FEATURES("JPEG_MED", "1") " /thumb/9?w=640\n"
#define LARGE PICTURE_FEATURES("JPEG_LRG", "1") " /thumb/9?w=1280\n"

/* A photo in the sizes of DLNA; the largest where the file is not what a set knows, or lies on its
 * side. */
static void
test_pictures(void)
{
    static const struct {
        const char *format, *mime;
        int64_t width, height, rotation;
        const char *expected;
    } cases[] = {
        { "jpeg", "image/jpeg", 4000, 3000, 0,
          PICTURE_FEATURES("JPEG_LRG", "0") " /media/9/p\n" SMALLER },
        { "jpeg", "image/jpeg", 3000, 4000, 90,
          PICTURE_FEATURES("JPEG_LRG", "0") " /media/9/p\n" SMALLER LARGE },
        { "png", "image/png", 800, 600, 0,
          "http-get:*:image/png:DLNA.ORG_PN=PNG_LRG;DLNA.ORG_OP=01;DLNA.ORG_CI=0;"
          "DLNA.ORG_FLAGS=00F00000000000000000000000000000 /media/9/p\n" SMALLER LARGE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const MediaObject photo = {
            .id = "9", .kind = MEDIA_IMAGE, .title = "p", .path = "/p",
            .facts = { .kind = MEDIA_IMAGE, .mime = cases[i].mime, .format = cases[i].format,
                       .width = cases[i].width, .height = cases[i].height,
                       .rotation = cases[i].rotation },
        };
        g_autofree char *found = resources(&photo, &dialect_plain);
        g_assert_cmpstr(found, ==, cases[i].expected);
    }
}

static void
test_subtitles(void)
{
    g_autoptr(MediaDetails) details = media_details_new();
    static const MediaSidecar beside[] = {
        { .name = "f.lrc", .kind = "lyrics", .format = "lrc" },
        { .name = "f.idx", .kind = "subtitle", .format = "vobsub" },
        { .name = "f.zh.srt", .kind = "subtitle", .format = "srt", .language = "zh" },
        { .name = "f.ass", .kind = "subtitle", .format = "ass" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(beside); i++)
        media_details_add(details, MEDIA_SIDECARS, &beside[i]);
    const MediaObject film = {
        .id = "9", .kind = MEDIA_VIDEO, .title = "f", .path = "/f.mp4", .details = details,
        .facts = { .kind = MEDIA_VIDEO, .mime = "video/mp4" },
    };
    g_autofree char *found = resources(&film, &dialect_plain);
    g_autofree char *text = didl_encode(&film, "", &dialect_plain);

    g_assert_nonnull(strstr(found, "http-get:*:text/srt:* /media/9/beside/f.zh.srt\n"
                                   "http-get:*:text/x-ssa:* /media/9/beside/f.ass\n"
                                   "http-get:*:text/srt:* /media/9/beside/f.ass.srt\n"
                                   "CaptionInfo /media/9/beside/f.zh.srt\n"
                                   "CaptionInfoEx /media/9/beside/f.zh.srt\n"));
    g_assert_null(strstr(found, "lrc"));
    g_assert_null(strstr(found, "idx"));
    g_assert_nonnull(strstr(text, "pv:subtitleFileType=\"SRT\" "
                                  "pv:subtitleFileUri=\"/media/9/beside/f.zh.srt\""));
}

static void
test_encode(void)
{
    static const struct {
        const MediaObject *object;
        const char *filter, *inside;
    } cases[] = {
        { &song, "*",
          ITEM "<dc:creator>A &amp; B</dc:creator><upnp:artist>A &amp; B</upnp:artist>"
               "<upnp:album>Best</upnp:album><upnp:genre>Pop</upnp:genre>"
               "<upnp:originalTrackNumber>7</upnp:originalTrackNumber><dc:date>1999-01-01</dc:date>"
               "<upnp:albumArtURI dlna:profileID=\"JPEG_TN\">http://[::1]:8380/thumb/17?w=160"
               "</upnp:albumArtURI>"
               "<res protocolInfo=\"" PROTOCOL "\" size=\"4242\" duration=\"1:02:03.456\" "
               "bitrate=\"16000\" sampleFrequency=\"44100\" nrAudioChannels=\"2\">" URL "</res></item>" },
        { &song, "", ITEM "</item>" },
        { &song, "nonsense,,*x", ITEM "</item>" },
        { &song, " upnp:album , res ",
          ITEM "<upnp:album>Best</upnp:album><res protocolInfo=\"" PROTOCOL "\">" URL "</res></item>" },
        { &song, "res@size",
          ITEM "<res protocolInfo=\"" PROTOCOL "\" size=\"4242\">" URL "</res></item>" },
        { &folder, "*",
          "<container id=\"4\" parentID=\"0\" restricted=\"1\" childCount=\"12\">"
          "<dc:title>Music</dc:title><upnp:class>object.container</upnp:class></container>" },
        { &folder, "dc:title",
          "<container id=\"4\" parentID=\"0\" restricted=\"1\">"
          "<dc:title>Music</dc:title><upnp:class>object.container</upnp:class></container>" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *inside = encode(cases[i].object, cases[i].filter);
        g_assert_cmpstr(inside, ==, cases[i].inside);
    }
    MediaObject away = song;
    away.is_offline = true;
    g_autofree char *offline = encode(&away, "res");
    g_assert_cmpstr(offline, ==, ITEM "</item>");

    MediaObject foreign = song;
    foreign.path = NULL;
    foreign.resources = (MediaResource[]){ { "http://other/x.mp3?a=1&b=2", NULL }, { NULL, NULL } };
    g_autofree char *elsewhere = encode(&foreign, "res");
    g_assert_nonnull(strstr(elsewhere, ">http://other/x.mp3?a=1&amp;b=2</res>"));
}

/* Who fetches a part's file would get the whole: a page says where it is cut out of that. */
static void
test_part(void)
{
    const MediaObject part = {
        .id = "9", .parent_id = "4", .kind = MEDIA_AUDIO, .title = "p", .path = "/p.wav",
        .size_bytes = 4000, .facts = { .kind = MEDIA_AUDIO, .mime = "audio/wav", .format = "wav",
                                       .track = 2, .start_ms = 61040, .end_ms = 70000 },
    };
    g_autofree char *page = encode(&part, "*");
    g_autofree char *pushed = didl_encode(&part, "http://h", &dialect_plain);

    g_assert_nonnull(strstr(page, ">http://[::1]:8380/stream/mp3.a.9/p.mp3</res>"));
    g_assert_nonnull(strstr(page, "http-get:*:audio/mpeg:DLNA.ORG_OP=10;DLNA.ORG_CI=1;"));
    g_assert_null(strstr(page, "p.wav"));
    g_assert_nonnull(strstr(page, "<upnp:originalTrackNumber>2<"));
    g_assert_nonnull(strstr(pushed, ">http://h/media/9/p.wav#t=61.040,70.000</res>"));
    g_assert_null(strstr(pushed, "size="));
}

static void
test_round_trip(void)
{
    g_autofree char *text = didl_encode(&song, "http://h:1", &dialect_plain);
    g_autoptr(GError) error = NULL;
    g_autoptr(DidlItem) item = didl_decode(text, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(item->id, ==, song.id);
    g_assert_cmpstr(item->title, ==, song.title);
    g_assert_cmpstr(item->artist, ==, song.facts.artist);
    g_assert_cmpstr(item->art_uri, ==, "http://h:1/thumb/17?w=160");
    g_assert_cmpuint(item->resources->len, ==, 1);
    const DidlResource *resource = g_ptr_array_index(item->resources, 0);
    g_assert_cmpint(resource->duration_ms, ==, song.facts.duration_ms);
    g_assert_cmpint(resource->size_bytes, ==, song.size_bytes);
    g_assert_cmpstr(resource->protocol_info, ==, PROTOCOL);

    /* Escaped once more, as some controllers send it. */
    g_autofree char *twice = g_markup_escape_text(text, -1);
    g_autoptr(DidlItem) again = didl_decode(twice, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(again->title, ==, song.title);
}

static void
test_playback(void)
{
#define DIDL(inside) "<DIDL-Lite xmlns=\"urn:x\" xmlns:dc=\"urn:y\" xmlns:u=\"urn:z\">" inside "</DIDL-Lite>"
    static const struct {
        const char *uri, *metadata;
        const char *title, *mime;
        MediaKind kind;
        int64_t duration_ms;
    } cases[] = {
        { "http://h/a%20b.mp4?t=1", NULL, "a b.mp4", "video/mp4", MEDIA_VIDEO, 0 },
        { "http://h/", "", NULL, NULL, MEDIA_ANY, 0 },
        { "http://h/%zz", "not xml", "%zz", NULL, MEDIA_ANY, 0 },
        { "http://h/x", DIDL("<item><dc:title>片</dc:title><u:class>object.item.videoItem.movie</u:class>"
          "</item>"), "片", NULL, MEDIA_VIDEO, 0 },
        { "http://h/2", DIDL("<item><dc:title>T</dc:title>"
          "<res protocolInfo='http-get:*:image/png:*'>http://h/1</res>"
          "<res protocolInfo='http-get:*:audio/flac:*' duration='0:01:00'> http://h/2 </res></item>"),
          "T", "audio/flac", MEDIA_AUDIO, 60000 },
        { "http://h/3.mkv", DIDL("<item><res protocolInfo='http-get:*:*:*'>x</res></item>"),
          "3.mkv", "video/x-matroska", MEDIA_VIDEO, 0 },
        { "http://h/3.mkv", DIDL(""), "3.mkv", "video/x-matroska", MEDIA_VIDEO, 0 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlaybackMedia) media = didl_to_playback(cases[i].uri, cases[i].metadata);
        g_test_message("%s", cases[i].uri);
        g_assert_cmpstr(media->uri, ==, cases[i].uri);
        g_assert_cmpstr(media->title, ==, cases[i].title);
        g_assert_cmpstr(media->mime, ==, cases[i].mime);
        g_assert_cmpint(media->kind, ==, cases[i].kind);
        g_assert_cmpint(media->duration_ms, ==, cases[i].duration_ms);
    }

    PlaybackMedia media = { .uri = (char *)"http://h/a&b",
                            .mime = (char *)"video/mp4",
                            .duration_ms = 1500 };
    g_autofree char *text = didl_encode_media(&media);
    g_autoptr(PlaybackMedia) back = didl_to_playback("http://h/a&b", text);
    g_assert_cmpstr(back->protocol_info, ==, "http-get:*:video/mp4:*");
    g_assert_cmpint(back->duration_ms, ==, 1500);
    g_assert_cmpint(back->kind, ==, MEDIA_VIDEO);
}

static void
test_bad(void)
{
    static const char *const texts[] = {
        "", "x", "<DIDL-Lite/>", "<DIDL-Lite><item>", "&lt;DIDL-Lite", "&lt;&amp;lt;",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><DIDL-Lite><item>&b;</item></DIDL-Lite>",
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", texts[i]);
        g_assert_null(didl_decode(texts[i], &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    }
}

/* Under --perf: a page of 50 as Browse prints it. */
static void
test_speed(void)
{
    const int rounds = 2000;
    int64_t start = g_get_monotonic_time();
    gsize size = 0;

    for (int round = 0; round < rounds; round++) {
        GString *out = g_string_sized_new(64 * 1024);
        XmlWriter writer;
        DidlEncoder encoder;
        xml_writer_init(&writer, out);
        didl_encoder_init(&encoder, &writer, "*", "http://192.168.1.2:8380", &dialect_plain);
        for (int i = 0; i < 50; i++)
            didl_encoder_visit(&song, &encoder);
        didl_encoder_finish(&encoder);
        size = out->len;
        g_string_free(out, TRUE);
    }
    double page_us = (double)(g_get_monotonic_time() - start) / rounds;
    g_test_minimized_result(page_us, "%.1f us a page of 50 items, %zu octets", page_us, size);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/didl/encode", test_encode);
    g_test_add_func("/wire/didl/pictures", test_pictures);
    g_test_add_func("/wire/didl/subtitles", test_subtitles);
    g_test_add_func("/wire/didl/part", test_part);
    g_test_add_func("/wire/didl/round-trip", test_round_trip);
    g_test_add_func("/wire/didl/playback", test_playback);
    g_test_add_func("/wire/didl/bad", test_bad);
    if (g_test_perf())
        g_test_add_func("/wire/didl/speed", test_speed);
    return g_test_run();
}
