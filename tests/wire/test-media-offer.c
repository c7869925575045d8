/* test-media-offer.c -- for every family and every kind of thing: what its res says is what is
 * offered
 *
 * The heads of the bytes and what is pushed to a screen are the same MediaOffer; here the third,
 * DIDL-Lite, is held against it. tests/upnp/test-families holds all three together on the wire. */
#include "wire/media-offer.h"

#include "wire/didl.h"

#include <string.h>

static const MediaFacts things[] = {
    { .kind = MEDIA_VIDEO, .mime = "video/x-matroska", .format = "matroska" },
    { .kind = MEDIA_VIDEO, .mime = "video/x-msvideo", .format = "avi" },
    { .kind = MEDIA_VIDEO, .mime = "video/quicktime", .format = "mov" },
    { .kind = MEDIA_VIDEO, .mime = "video/mp4", .format = "mp4", .video_codec = "h264" },
    { .kind = MEDIA_VIDEO, .mime = "video/mp2t", .format = "mpegts", .video_codec = "h264",
      .audio_codec = "ac3" },
    { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .format = "mp3", .sample_rate = 44100,
      .channels = 2 },
    { .kind = MEDIA_AUDIO, .mime = "audio/mp4", .format = "mp4" },
    { .kind = MEDIA_IMAGE, .mime = "image/jpeg", .format = "jpeg", .width = 800, .height = 600 },
};

/* The first res of an item with such facts, and the address of all. */
static void
check_thing(const Dialect *dialect, const MediaFacts *facts)
{
    const MediaObject object = { .id = "7", .kind = facts->kind, .title = "t", .path = "/t",
                                 .has_art = true, .facts = *facts };
    g_autofree char *text = didl_encode(&object, "http://h", dialect);
    g_autoptr(DidlItem) item = didl_decode(text, NULL);
    g_autofree char *place = dialect->name != NULL
                                 ? g_strdup_printf("http://h/media/7/as/%s/t", dialect->name)
                                 : g_strdup("http://h/media/7/t");
    char info[PROTOCOL_INFO_MAX];
    MediaOffer offer;

    media_offer_file(&offer, dialect, facts, dlna_file);
    media_offer_print(&offer, info);
    g_assert_nonnull(item);
    g_assert_cmpuint(item->resources->len, >=, 1);
    const DidlResource *first = item->resources->pdata[0];
    g_assert_cmpstr(first->protocol_info, ==, info);
    g_assert_cmpstr(first->uri, ==, place);
    for (guint i = 1; i < item->resources->len; i++) {
        const DidlResource *picture = item->resources->pdata[i];
        const char *width = strstr(picture->uri, "?w=");
        g_assert_nonnull(width);
        media_offer_picture(&offer, dialect,
                            dlna_picture_of_width((unsigned)g_ascii_strtoull(width + 3, NULL, 10)));
        media_offer_print(&offer, info);
        g_assert_cmpstr(picture->protocol_info, ==, info);
        g_assert_true(dialect->name == NULL || g_str_has_suffix(picture->uri, dialect->name));
    }
    g_assert_true(protocol_info_matches(((DidlResource *)item->resources->pdata[0])->protocol_info,
                                        "http-get:*:*:*"));
}

static void
test_agreement(void)
{
    g_autoptr(Dialects) dialects = dialects_new();
    const Dialect *dialect;

    for (guint n = 0; (dialect = dialects_get(dialects, n)) != NULL; n++)
        for (guint i = 0; i < G_N_ELEMENTS(things); i++)
            check_thing(dialect, &things[i]);
    for (guint i = 0; i < G_N_ELEMENTS(things); i++)
        check_thing(&dialect_plain, &things[i]);
}

#define FLAGS ";DLNA.ORG_FLAGS=01700000000000000000000000000000"

/* FIELD-NOTES C1, C4. */
static void
test_families(void)
{
    static const DlnaDelivery converted = { true, true, true };
    static const struct {
        const char *family;
        guint thing;
        const DlnaDelivery *delivery;
        const char *info;
    } cases[] = {
        { "samsung", 0, &dlna_file, "http-get:*:video/x-mkv:DLNA.ORG_OP=01;DLNA.ORG_CI=0" FLAGS },
        { "samsung-q", 2, &dlna_file, "http-get:*:video/mp4:DLNA.ORG_OP=01;DLNA.ORG_CI=0" FLAGS },
        { "samsung", 4, &dlna_file,
          "http-get:*:video/vnd.dlna.mpeg-tts:DLNA.ORG_OP=01;DLNA.ORG_CI=0" FLAGS },
        { "lg", 1, &dlna_file, "http-get:*:video/avi:DLNA.ORG_OP=01;DLNA.ORG_CI=0" FLAGS },
        { "lg", 5, &dlna_file,
          "http-get:*:audio/mpeg:DLNA.ORG_PN=MP3;DLNA.ORG_OP=01;DLNA.ORG_CI=0" FLAGS },
        { "sony-xr", 5, &dlna_file, "http-get:*:audio/mpeg:*" },
        { "sony-kdl", 4, &dlna_file,
          "http-get:*:video/"
          "mpeg:DLNA.ORG_PN=AVC_TS_HD_50_AC3_ISO;DLNA.ORG_OP=01;DLNA.ORG_CI=0" FLAGS },
        { "kodi", 6, &dlna_file, "http-get:*:audio/aac:DLNA.ORG_OP=01;DLNA.ORG_CI=0" FLAGS },
        { "playstation-3", 1, &dlna_file,
          "http-get:*:video/divx:DLNA.ORG_OP=01;DLNA.ORG_CI=0" FLAGS },
        { "lg", 3, &converted, "http-get:*:video/mp4:DLNA.ORG_OP=10;DLNA.ORG_CI=1" FLAGS },
        { "vlc", 3, &converted, "http-get:*:video/mp4:DLNA.ORG_OP=11;DLNA.ORG_CI=1" FLAGS },
    };
    g_autoptr(Dialects) dialects = dialects_new();

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        char info[PROTOCOL_INFO_MAX];
        MediaOffer offer;
        media_offer_file(&offer, dialects_named(dialects, cases[i].family), &things[cases[i].thing],
                         *cases[i].delivery);
        media_offer_print(&offer, info);
        g_assert_cmpstr(info, ==, cases[i].info);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/media-offer/agreement", test_agreement);
    g_test_add_func("/wire/media-offer/families", test_families);
    return g_test_run();
}
