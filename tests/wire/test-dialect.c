/* test-dialect.c -- who is recognised by what, and what key files may say */
#include "wire/dialect.h"

#include "base/error.h"

#include <string.h>

/* Words that sets of the families really say. */
static void
test_find(void)
{
    static const struct {
        DialectSign sign;
        const char *words, *name;
    } cases[] = {
        { DIALECT_USER_AGENT, "DLNADOC/1.50 SEC_HHP_[TV]UE40D7000/1.0", "samsung" },
        { DIALECT_USER_AGENT, "DLNADOC/1.50 SEC_HHP_ Family TV/1.0", "samsung" },
        { DIALECT_USER_AGENT, "SEC_HHP_[TV]UN55ES6100/1.0 DLNADOC/1.50", "samsung" },
        { DIALECT_USER_AGENT, "DLNADOC/1.50 SEC_HHP_[TV] Samsung Q7 Series (49)/1.0", "samsung-q" },
        { DIALECT_USER_AGENT, "DLNADOC/1.50 SEC_HHP_[PC]LPC001/1.0  MS-DeviceCaps/1024",
          "samsung-pc" },
        { DIALECT_MODEL, "Samsung Electronics QE55Q9FNA AllShare1.0", "samsung-q" },
        { DIALECT_MODEL, "Samsung Electronics UE88KS9810 AllShare1.0", "samsung" },
        { DIALECT_USER_AGENT,
          "Linux/3.0.13 UPnP/1.0 LGE_DLNA_SDK/1.6.0 [TV][LG]42UB820V-ZH/04.02.00 DLNADOC/1.50",
          "lg" },
        { DIALECT_MODEL, "LG Electronics LG TV 1.0", "lg" },
        { DIALECT_CLIENT_INFO,
          "av=5.0; cn=\"Sony Corporation\"; mn=\"BRAVIA KDL-48W600B\"; mv=\"1.7\";", "sony-kdl" },
        { DIALECT_CLIENT_INFO,
          "av=5.0; cn=\"Sony Corporation\"; mn=\"BRAVIA XR-55X90K\"; mv=\"3.0\";", "sony-xr" },
        { DIALECT_CLIENT_INFO, "av=5.0; cn=\"Sony Corporation\"; mn=\"UBP-X800M2\"; mv=\"2.0\";",
          "sony" },
        { DIALECT_CLIENT_INFO,
          "av=5.0; cn=\"Sony Computer Entertainment Inc.\"; mn=\"PLAYSTATION 3\"; mv=\"1.0\";",
          "playstation-3" },
        { DIALECT_USER_AGENT, "PS4Application libhttp/1.000 (PS4) libhttp/2.51 (PlayStation 4)",
          "playstation-4" },
        { DIALECT_USER_AGENT, "Panasonic MIL DLNA CP UPnP/1.0 DLNADOC/1.50", "panasonic" },
        { DIALECT_USER_AGENT, "Windows2000/0.0 UPnP/1.0 PhilipsIntelSDK/1.4 DLNADOC/1.50",
          "philips" },
        { DIALECT_USER_AGENT, "IPI/1.0 UPnP/1.0 DLNADOC/1.50", "philips" },
        { DIALECT_USER_AGENT, "49PUS8503/12", "philips" },
        { DIALECT_FRIENDLY_NAME, "LTDN42K680XWSEU3D4742", "hisense" },
        { DIALECT_FRIENDLY_NAME, "TCL 55C735", "tcl" },
        { DIALECT_USER_AGENT, "Dalvik/2.1.0 (Linux; U; Android 9; MiTV-MSSP3 Build/PI)", "xiaomi" },
        { DIALECT_FRIENDLY_NAME, "XboxOne", "xbox-one" },
        { DIALECT_USER_AGENT, "NSPlayer/12.00.11636.0000 WMFSDK/12.00.11636.0000", "xbox-one" },
        { DIALECT_USER_AGENT, "Xbox/2.0.17559.0 UPnP/1.0 Xbox/2.0.17559.0", "xbox-360" },
        { DIALECT_USER_AGENT, "Microsoft-Windows/10.0 UPnP/1.0 Microsoft-DLNA DLNADOC/1.50",
          "windows" },
        { DIALECT_USER_AGENT, "Kodi/20.1 (X11; Linux x86_64) App_Bitness/64 Version/20.1", "kodi" },
        { DIALECT_USER_AGENT, "VLC/3.0.19 LibVLC/3.0.19", "vlc" },
        { DIALECT_USER_AGENT, "Android/8.0.0 UPnP/1.0 BubbleUPnP/3.4.4", "bubbleupnp" },
        { DIALECT_USER_AGENT, "KnOS/3.2 UPnP/1.0 DMP/3.5", "yamaha" },
        { DIALECT_USER_AGENT, "FSL DLNADOC/1.50 UPnP Stack/1.0", "frontier" },
        { DIALECT_USER_AGENT, "Universum UPnP/1.0", "universum" },
        { DIALECT_MODEL, "Ivo Clarysse, Henner Zeller gmediarender 0.1", "gmediarender" },
        { DIALECT_MODEL, "Rygel Developers Rygel 0.42.1", "rygel" },
        { DIALECT_USER_AGENT, "curl/8.5.0", NULL },
        { DIALECT_MODEL, "SEC_HHP_", NULL }, /* said in another place */
    };
    g_autoptr(Dialects) dialects = dialects_new();

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        DialectSpeaker speaker = { { NULL } };
        speaker.words[cases[i].sign] = cases[i].words;
        g_assert_cmpstr(dialects_find(dialects, &speaker)->name, ==, cases[i].name);
    }
    g_assert_true(dialects_find(dialects, &(DialectSpeaker){ { NULL } }) == &dialect_plain);
    g_assert_true(dialects_find(NULL, &(DialectSpeaker){ { "VLC" } }) == &dialect_plain);
}

/* A set behind the name of another's software says its own in another head. */
static void
test_order(void)
{
    g_autoptr(Dialects) dialects = dialects_new();
    const DialectSpeaker hisense = {
        .words = { [DIALECT_USER_AGENT] = "IPI/1.0 UPnP/1.0 DLNADOC/1.50",
                   [DIALECT_FRIENDLY_NAME] = "LTDN42K680XWSEU3D4742" },
    };

    g_assert_cmpstr(dialects_find(dialects, &hisense)->name, ==, "hisense");
}

/* Names stand in addresses; each is there once. */
static void
test_table(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    for (const Dialect *row = dialect_table; row->name != NULL; row++) {
        g_assert_cmpuint(strspn(row->name, "abcdefghijklmnopqrstuvwxyz0123456789-"), ==,
                         strlen(row->name));
        g_assert_true(g_hash_table_add(names, (gpointer)row->name));
        g_assert_true(row->signs[0][0] != NULL || row->signs[1][0] != NULL ||
                      row->signs[2][0] != NULL || row->signs[3][0] != NULL);
    }
}

static void
test_read(void)
{
    static const char text[] =
        "# the set in the kitchen\n"
        "[kitchen]\n"
        "user-agent = Kitchen/ ; KITCHEN TV\n"
        "like=samsung\n"
        "mimes=video/x-matroska=video/mkv;audio/flac = audio/x-flac\n"
        "captions=res;head\n"
        "pictures=none\n"
        "unplayed=audio/ape;video/x-matroska\n"
        "art=JPEG_MED\n"
        "bookmarks=none\n"
        "ascii-titles=yes\n"
        "name-suffix= (kitchen)\n"
        "[vlc]\n"
        "features=none\n";
    g_autoptr(Dialects) dialects = dialects_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(dialects_read(dialects, text, strlen(text), "10-kitchen.conf", &error));
    g_assert_no_error(error);
    const Dialect *kitchen = dialects_find(dialects, &(DialectSpeaker){ { "x KITCHEN TV/2" } });
    g_assert_cmpstr(kitchen->name, ==, "kitchen");
    g_assert_cmpstr(dialect_mime(kitchen, "video/x-matroska"), ==, "video/mkv");
    g_assert_cmpstr(dialect_mime(kitchen, "audio/flac"), ==, "audio/x-flac");
    g_assert_cmpstr(dialect_mime(kitchen, "video/quicktime"), ==, "video/quicktime");
    g_assert_true(dialect_has_caption(kitchen, DIALECT_CAPTION_HEAD));
    g_assert_false(dialect_has_caption(kitchen, DIALECT_CAPTION_SAMSUNG));
    g_assert_false(dialect_has_picture(kitchen, 0));
    g_assert_cmpuint(kitchen->art, ==, 3);
    g_assert_true(dialect_lies(kitchen, "audio/x-ape")); /* the same by another name */
    g_assert_false(dialect_lies(kitchen, "video/mp4"));
    g_assert_cmpuint(kitchen->bookmarks, ==, DIALECT_BOOKMARK_NONE);
    g_assert_true(kitchen->has_ascii_titles);
    g_assert_true(kitchen->takes_any_transfer); /* as Samsung's */
    g_assert_cmpstr(kitchen->name_suffix, ==, "(kitchen)");
    const Dialect *vlc = dialects_find(dialects, &(DialectSpeaker){ { "VLC/3" } });
    g_assert_cmpuint(vlc->features, ==, DIALECT_FEATURES_NONE);
    g_assert_cmpuint(vlc->captions, ==, DIALECT_CAPTION_RES); /* as it was */
    g_assert_true(dialects_named(dialects, "vlc") == vlc);

    g_autoptr(Dialects) others = dialects_new();
    g_assert_false(dialects_equal(dialects, others));
    g_assert_true(dialects_read(others, text, strlen(text), "10-kitchen.conf", NULL));
    g_assert_true(dialects_equal(dialects, others));
}

static void
test_mistakes(void)
{
    static const struct {
        const char *text, *told;
    } cases[] = {
        { "[a]\nfeatures=some\n",
          "x.conf:2: features=some: full, no-profile or none is needed" },
        { "[a]\nuser_agent=x\n", "x.conf:2: there is no key user_agent" },
        { "user-agent=x\n", "x.conf:1: expected a [family] before the first key" },
        { "[a]\nuser-agent\n", "x.conf:2: expected key=value" },
        { "[A b]\n", "x.conf:1: [A b]: a family is called by small letters, digits and '-', at "
                     "most 32" },
        { "[a]\n\nmimes=video/mp4\n", "x.conf:3: mimes: \"video/mp4\" is no pair FROM=TO" },
        { "[a]\nascii-titles=maybe\n",
          "x.conf:2: ascii-titles=maybe: no, yes, false or true is needed" },
        { "[a]\ncaptions=res;pv\n",
          "x.conf:2: captions=pv: res, samsung, panasonic, head or none is needed" },
        { "[a]\nlike=b\n", "x.conf:2: like=b: there is no such family" },
        { "[a]\nuser-agent=1;2;3;4;5;6;7;8;9\n", "x.conf:2: user-agent: at most 8 texts" },
        { "[a]\nname-suffix=\xff\n", "x.conf: not a text in UTF-8" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Dialects) dialects = dialects_new();
        g_autoptr(GError) error = NULL;
        g_assert_false(dialects_read(dialects, cases[i].text, strlen(cases[i].text), "x.conf",
                                     &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
        g_assert_cmpstr(error->message, ==, cases[i].told);
        g_assert_true(dialects_named(dialects, "a") == &dialect_plain);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/dialect/find", test_find);
    g_test_add_func("/wire/dialect/order", test_order);
    g_test_add_func("/wire/dialect/table", test_table);
    g_test_add_func("/wire/dialect/read", test_read);
    g_test_add_func("/wire/dialect/mistakes", test_mistakes);
    return g_test_run();
}
