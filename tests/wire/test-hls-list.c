/* test-hls-list.c -- lists of HLS as servers write them: of lists, of parts, of parts of one
 * file */
#include "base/error.h"
#include "wire/hls-list.h"

#include <string.h>

static HlsList *
decode(const char *text)
{
    g_autoptr(GError) error = NULL;
    HlsList *list = hls_list_decode(text, strlen(text), &error);

    g_assert_no_error(error);
    return list;
}

static void
test_choice(void)
{
    static const struct {
        const char *text, *uri;
    } cases[] = {
        { "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100\na\n#EXT-X-STREAM-INF:BANDWIDTH=900\nb\n", "b" },
        { "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900,RESOLUTION=3840x2160\na\n"
          "#EXT-X-STREAM-INF:BANDWIDTH=400,RESOLUTION=1920x1080\nb\n", "b" },
        { "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900,RESOLUTION=3840x2160\na\n", "a" },
        /* The sound of the better one is elsewhere. */
        { "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900,CODECS=\"avc1.4d401f,mp4a.40.2\",AUDIO=\"x\"\na\n"
          "#EXT-X-STREAM-INF:BANDWIDTH=400\nb\n"
          "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"x\",NAME=\"a,b\",URI=\"x.m3u8\"\n", "b" },
        { "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"x\",URI=\"de.m3u8\"\n"
          "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"x\",DEFAULT=YES\n"
          "#EXT-X-STREAM-INF:BANDWIDTH=900,AUDIO=\"x\"\na\n", "a" },
        { "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"x\",URI=\"de.m3u8\"\n"
          "#EXT-X-STREAM-INF:BANDWIDTH=900,AUDIO=\"x\"\na\n", NULL },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HlsList) list = decode(cases[i].text);
        const HlsVariant *chosen = hls_list_choose(list);
        g_assert_cmpstr(chosen != NULL ? chosen->uri : NULL, ==, cases[i].uri);
        g_assert_cmpuint(list->parts->len, ==, 0);
    }
}

static void
test_parts(void)
{
    g_autoptr(HlsList) list = decode("#EXTM3U\r\n#EXT-X-TARGETDURATION:5\r\n"
                                     "#EXT-X-MEDIA-SEQUENCE:812\r\n#EXT-X-UNHEARD-OF:1\r\n"
                                     "#EXTINF:4.004,Title\r\na/1.ts?k=v\r\n\r\n"
                                     "#EXTINF:5\r\nhttps://cdn.example/2.ts\r\n");

    g_assert_cmpuint(list->first, ==, 812);
    g_assert_cmpint(list->target_ms, ==, 5000);
    g_assert_cmpint(list->duration_ms, ==, 9004);
    g_assert_false(list->is_over);
    g_assert_false(list->is_encrypted);
    g_assert_cmpuint(list->parts->len, ==, 2);
    const HlsPart *part = list->parts->pdata[0];
    g_assert_cmpstr(part->place.uri, ==, "a/1.ts?k=v");
    g_assert_cmpint(part->place.length, ==, -1);
    g_assert_cmpint(part->header, ==, -1);
}

static void
test_parts_of_one_file(void)
{
    static const struct {
        uint64_t offset;
        int64_t length;
        int header;
    } wanted[] = { { 719, 1000, 0 }, { 1719, 500, 0 }, { 50, 10, 1 }, { 0, -1, 1 } };
    g_autoptr(HlsList) list = decode(
        "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-MAP:URI=\"m.mp4\",BYTERANGE=\"719@0\"\n"
        "#EXTINF:6,\n#EXT-X-BYTERANGE:1000@719\nm.mp4\n#EXTINF:6,\n#EXT-X-BYTERANGE:500\nm.mp4\n"
        "#EXT-X-MAP:URI=\"n.mp4\"\n#EXTINF:1,\n#EXT-X-BYTERANGE:10@50\nn.mp4\n#EXTINF:1,\nn2.mp4\n"
        "#EXT-X-KEY:METHOD=SAMPLE-AES\n#EXT-X-ENDLIST\n");

    g_assert_true(list->is_over);
    g_assert_true(list->is_encrypted);
    g_assert_cmpuint(list->parts->len, ==, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        const HlsPart *part = list->parts->pdata[i];
        g_assert_cmpuint(part->place.offset, ==, wanted[i].offset);
        g_assert_cmpint(part->place.length, ==, wanted[i].length);
        g_assert_cmpint(part->header, ==, wanted[i].header);
    }
    g_assert_cmpint(((HlsPlace *)list->headers->pdata[0])->length, ==, 719);
}

static void
test_no_lists(void)
{
    static const char *const cases[] = { "", "a.mp3\nb.mp3\n", "#EXTM3U\n#EXTINF:3,Song\na.mp3\n",
                                         "#EXT-X-TARGETDURATION:5\n#EXTINF:5\na.ts\n",
                                         "<html>#EXTM3U</html>" };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(hls_list_decode(cases[i], strlen(cases[i]), &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/hls-list/choice", test_choice);
    g_test_add_func("/wire/hls-list/parts", test_parts);
    g_test_add_func("/wire/hls-list/parts-of-one-file", test_parts_of_one_file);
    g_test_add_func("/wire/hls-list/none", test_no_lists);
    return g_test_run();
}
