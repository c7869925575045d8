/* test-protocol-info.c -- MIME types and protocolInfo: read, matched, printed */
#include "base/error.h"
#include "wire/media-offer.h"

static void
test_mime(void)
{
    static const struct {
        const char *name, *mime;
        MediaKind kind;
    } names[] = {
        { "/srv/a.b/Film.MKV", "video/x-matroska", MEDIA_VIDEO }, { "x.m2ts", "video/mp2t", MEDIA_VIDEO },
        { "老歌.flac", "audio/flac", MEDIA_AUDIO },                { "a.jpeg", "image/jpeg", MEDIA_IMAGE },
        { "a.rmvb", "application/vnd.rn-realmedia", MEDIA_VIDEO }, { "a.oga", "audio/ogg", MEDIA_AUDIO },
    };

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_cmpstr(mime_from_name(names[i].name), ==, names[i].mime);
        g_assert_cmpint(mime_kind(names[i].mime), ==, names[i].kind);
    }
    g_assert_null(mime_from_name("README"));
    g_assert_null(mime_from_name("a.txt"));
    g_assert_null(mime_from_name("a."));
    g_assert_cmpint(mime_kind("text/plain"), ==, MEDIA_ANY);
    g_assert_cmpint(mime_kind("application/ogg"), ==, MEDIA_AUDIO);
    g_assert_cmpstr(mime_extension("audio/MP3"), ==, "mp3");
    g_assert_cmpstr(mime_extension("audio/L16;rate=44100"), ==, "l16");
    g_assert_null(mime_extension("text/plain"));
    g_assert_true(mime_equal("video/avi", "video/x-msvideo"));
    g_assert_true(mime_equal("text/x", "TEXT/X"));
    g_assert_false(mime_equal("text/x", "text/xy"));
    g_assert_false(mime_equal("audio/mp4", "video/mp4"));
    g_assert_cmpstr(mime_upnp_class("image/png"), ==, "object.item.imageItem.photo");
    g_assert_cmpstr(mime_upnp_class("text/plain"), ==, "object.item");
}

static void
test_matches(void)
{
    static const struct {
        const char *source, *sinks;
        bool takes;
    } cases[] = {
        { "http-get:*:video/mp4:*", "http-get:*:video/mp4:*", true },
        { "http-get:*:video/mp4:*", "http-get:*:video/quicktime:*", true },
        { "http-get:*:video/quicktime:*", "http-get:*:video/mp4:*", false },
        { "http-get:*:video/mp4:*", "http-get:*:audio/mpeg:*,http-get:*:VIDEO/MP4:*", true },
        { "http-get:*:video/mp4:*", "http-get:*:video/*:*", true },
        { "http-get:*:video/mp4:*", "http-get:*:*:*", true },
        { "http-get:*:video/mp4:*", "*:*:*:*", true },
        { "http-get:*:video/mp4:*", "http-get:*:video/mpeg:*", false },
        { "http-get:*:video/mp4:*", "rtsp-rtp-udp:*:video/mp4:*", false },
        { "http-get:*:video/mp4:*", "", false },
        { "http-get:*:video/mp4:*", "nonsense,,http-get:*:video/mp4", false },
        { "http-get:*:video/x-matroska:*", "http-get:*:video/x-mkv:*", true },
        { "http-get:*:audio/mpeg:DLNA.ORG_PN=MP3;DLNA.ORG_OP=01",
          "http-get:*:audio/mp3:DLNA.ORG_PN=MP3", true },
        { "http-get:*:audio/mpeg:DLNA.ORG_PN=MP3", "http-get:*:audio/mpeg:DLNA.ORG_PN=MP3X",
          false },
        { "http-get:*:audio/mpeg:*", "http-get:*:audio/mpeg:DLNA.ORG_PN=MP3X", true },
        { "http-get:*:audio/L16;rate=44100;channels=2:*", "http-get:*:audio/L16:*", true },
        { "http-get:*:text/a:*", "http-get:*:text/a:x\\,y,http-get:*:image/png:*", true },
        { "bad", "http-get:*:*:*", false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s in %s", cases[i].source, cases[i].sinks);
        g_assert_true(protocol_info_list_takes(cases[i].sinks, cases[i].source) == cases[i].takes);
    }
}

static void
test_decode(void)
{
    static const char *const bad[] = { "", "http-get", "http-get:*:video/mp4", "::::", "a:b::d" };
    ProtocolInfo info = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_true(protocol_info_decode("http-get:*:video/mp4:a=b:c", &info, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(info.mime, ==, "video/mp4");
    g_assert_cmpstr(info.extra, ==, "a=b:c");
    g_autofree char *text = protocol_info_encode(&info);
    g_assert_cmpstr(text, ==, "http-get:*:video/mp4:a=b:c");
    protocol_info_clear(&info);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_false(protocol_info_decode(bad[i], &info, &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
        g_clear_error(&error);
    }
}

static void
test_facts(void)
{
    static const struct {
        MediaFacts facts;
        DlnaDelivery delivery;
        const char *text;
    } cases[] = {
        { { .kind = MEDIA_VIDEO, .mime = "video/mp4", .format = "mp4" }, { .by_bytes = true },
          "http-get:*:video/mp4:DLNA.ORG_OP=01;DLNA.ORG_CI=0;"
          "DLNA.ORG_FLAGS=01700000000000000000000000000000" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .format = "mp3", .sample_rate = 44100, .channels = 2 },
          { .by_bytes = true },
          "http-get:*:audio/mpeg:DLNA.ORG_PN=MP3;DLNA.ORG_OP=01;DLNA.ORG_CI=0;"
          "DLNA.ORG_FLAGS=01700000000000000000000000000000" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .format = "mp3", .sample_rate = 22050 },
          { .by_time = true, .is_converted = true },
          "http-get:*:audio/mpeg:DLNA.ORG_OP=10;DLNA.ORG_CI=1;"
          "DLNA.ORG_FLAGS=01700000000000000000000000000000" },
        { { .kind = MEDIA_IMAGE, .mime = "image/jpeg", .format = "jpeg", .width = 480, .height = 640,
            .rotation = 90 }, { .by_bytes = true },
          "http-get:*:image/jpeg:DLNA.ORG_PN=JPEG_SM;DLNA.ORG_OP=01;DLNA.ORG_CI=0;"
          "DLNA.ORG_FLAGS=00F00000000000000000000000000000" },
        { { .kind = MEDIA_IMAGE, .mime = "image/png", .format = "png", .width = 1920, .height = 1080 },
          { .by_bytes = true },
          "http-get:*:image/png:DLNA.ORG_PN=PNG_LRG;DLNA.ORG_OP=01;DLNA.ORG_CI=0;"
          "DLNA.ORG_FLAGS=00F00000000000000000000000000000" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/mp4", .format = "mp4", .dlna_profile = "AAC_ISO" },
          { .by_bytes = true },
          "http-get:*:audio/mp4:DLNA.ORG_PN=AAC_ISO;DLNA.ORG_OP=01;DLNA.ORG_CI=0;"
          "DLNA.ORG_FLAGS=01700000000000000000000000000000" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .format = "mp3", .audio_codec = "mp2",
            .sample_rate = 44100, .channels = 2 }, { .by_bytes = true },
          "http-get:*:audio/mpeg:DLNA.ORG_OP=01;DLNA.ORG_CI=0;"
          "DLNA.ORG_FLAGS=01700000000000000000000000000000" },
        { { .kind = MEDIA_IMAGE, .mime = "image/jpeg", .format = "jpeg", .width = 6000, .height = 4000 },
          { .by_bytes = true },
          "http-get:*:image/jpeg:DLNA.ORG_OP=01;DLNA.ORG_CI=0;"
          "DLNA.ORG_FLAGS=00F00000000000000000000000000000" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        char text[PROTOCOL_INFO_MAX];
        MediaOffer offer;
        media_offer_file(&offer, &dialect_plain, &cases[i].facts, cases[i].delivery);
        media_offer_print(&offer, text);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

/* The sender's pace: the first of the flags (guidelines 7.4.1.3.24). */
static void
test_live(void)
{
    static const struct {
        const char *info;
        bool is_live;
    } cases[] = {
        { NULL, false },
        { "", false },
        { "http-get:*:video/mp2t:*", false },
        { "http-get:*:video/mp2t:" DLNA_LIVE, true },
        { "http-get:*:video/mp2t:DLNA.ORG_FLAGS=01700000000000000000000000000000", false },
        { "http-get:*:video/mp2t:DLNA.ORG_FLAGS=F", true },
        { "http-get:*:video/mp2t:DLNA.ORG_FLAGS=", false },
        { "http-get:*:video/mp2t:DLNA.ORG_FLAGS=x", false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(protocol_info_is_live(cases[i].info), ==, cases[i].is_live);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/protocol-info/mime", test_mime);
    g_test_add_func("/wire/protocol-info/matches", test_matches);
    g_test_add_func("/wire/protocol-info/decode", test_decode);
    g_test_add_func("/wire/protocol-info/facts", test_facts);
    g_test_add_func("/wire/protocol-info/live", test_live);
    return g_test_run();
}
