/* test-subtitles.c -- the words of a film, whoever wrote them, as players take them */
#include "wire/subtitles.h"

#include "base/error.h"

#include <string.h>

#define ASS_HEAD "[Script Info]\nTitle: x\n\n[Events]\n"

static const struct {
    const char *format, *text, *cues; /* "start-end text;" each */
} films[] = {
    { "srt", "1\n00:00:01,000 --> 00:00:02,500\nHello\nworld\n\n2\n01:02:03,4 --> 01:02:04\nBye\n",
      "1000-2500 Hello|world;3723400-3724000 Bye;" },
    { "srt", "\xef\xbb\xbf" "1\r\n00:00:01,000 --> 00:00:02,000\r\n你好\r\n\r\n", "1000-2000 你好;" },
    /* No empty line between them; a position; a point for a comma; out of order. */
    { "srt", "1\n00:00:05.000 --> 00:00:06.000 X1:5\nb\n2\n00:00:01,000-->00:00:02,000\na",
      "1000-2000 a;5000-6000 b;" },
    { "srt", "00:00:01,000 --> 00:00:02,000\n<font color=\"#fff\"><I>a</I></font> {\\an8}{\\b1}b\n",
      "1000-2000 <i>a</i> <b>b</b>;" },
    { "srt", "1\n00:00:01,000 --> 00:00:02,000\nI <3 you & 2 < 3 --> x\n",
      "1000-2000 I <3 you & 2 < 3 → x;" },
    { "srt", "1\n00:00:02,000 --> 00:00:01,000\nends before it begins\n\n"
             "2\n00:00:03,000 --> 00:00:04,000\n<i></i>\n\n3\n00:00:05,000 --> 00:00:06,000\nc\n",
      "5000-6000 c;" },
    { "vtt", "WEBVTT - x\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE no\n\n"
             "one\n00:01.000 --> 00:02.500 line:0 align:start\n<v Anna>Tom &amp; <c.red>Jerry</c>\n",
      "1000-2500 Tom & Jerry;" },
    { "ass", ASS_HEAD "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, "
             "Text\nDialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\i1}one{\\i0}\\Ntwo, three\n"
             "Comment: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,nobody says this\n",
      "1000-2500 <i>one</i>|two, three;" },
    { "ssa", ASS_HEAD "Format: Marked, Start, End, Text\n"
             "Dialogue: Marked=0,0:00:01.00,0:00:02.00,a\\hb{\\pos(1,2)}\n", "1000-2000 a b;" },
    { "smi", "<SAMI><BODY>\n<SYNC Start=1000><P Class=KRCC>하나<br>둘\n<SYNC Start=\"2500\"><P>&nbsp;\n"
             "<SYNC START=9000><P>셋</BODY></SAMI>", "1000-2500 하나|둘;9000-13000 셋;" },
    { "srt", "WEBVTT\n", NULL },
    { "srt", "1\n00:00:01,000 --> 00:00:02,000\n\xc4\xe3\n", NULL }, /* not UTF-8 */
    { "sub", "{1}{2}x", NULL },
};

static char *
print_cues(const Subtitles *subtitles)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < subtitles_count(subtitles); i++) {
        const SubtitleCue *cue = subtitles_get(subtitles, i);
        g_string_append_printf(out, "%d-%d %s;", (int)cue->start_ms, (int)cue->end_ms, cue->text);
    }
    return g_strdelimit(g_string_free(g_steal_pointer(&out), FALSE), "\n", '|');
}

static void
test_reading(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(films); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Subtitles) subtitles =
            subtitles_decode(films[i].text, strlen(films[i].text), films[i].format, &error);
        if (films[i].cues == NULL) {
            g_assert_null(subtitles);
            g_assert_nonnull(error);
            continue;
        }
        g_assert_no_error(error);
        g_autofree char *cues = print_cues(subtitles);
        g_assert_cmpstr(cues, ==, films[i].cues);
    }
}

static void
test_writing(void)
{
    static const char text[] = "1\n00:00:01,000 --> 00:00:02,500\n<i>Tom</i> & <3\n\n"
                               "2\n10:00:00,050 --> 10:00:01,000\na\nb\n\n";
    static const char vtt[] = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<i>Tom</i> &amp; &lt;3\n\n"
                              "10:00:00.050 --> 10:00:01.000\na\nb\n\n";
    g_autoptr(Subtitles) subtitles = subtitles_decode(text, strlen(text), "srt", NULL);
    g_autoptr(GString) as_srt = subtitles_encode(subtitles, "srt");
    g_autoptr(GString) as_vtt = subtitles_encode(subtitles, "vtt");

    g_assert_cmpstr(as_srt->str, ==, text);
    g_assert_cmpstr(as_vtt->str, ==, vtt);
    g_autoptr(Subtitles) again = subtitles_decode(vtt, strlen(vtt), "vtt", NULL);
    g_autoptr(GString) back = subtitles_encode(again, "srt");
    g_assert_cmpstr(back->str, ==, text);
    g_assert_true(subtitles_can_encode("vtt"));
    g_assert_false(subtitles_can_encode("ass"));
}

/* From the middle of a film on: what is over is left out, what is being said begins at once. */
static void
test_forward(void)
{
    static const char text[] = "00:00:01,000 --> 00:00:02,000\na\n\n"
                               "00:00:03,000 --> 00:00:05,000\nb\n\n"
                               "00:00:06,000 --> 00:00:07,000\nc\n\n";
    g_autoptr(Subtitles) subtitles = subtitles_decode(text, strlen(text), "srt", NULL);

    subtitles_bring_forward(subtitles, 4000);
    g_autofree char *cues = print_cues(subtitles);
    g_assert_cmpstr(cues, ==, "0-1000 b;2000-3000 c;");
    subtitles_bring_forward(subtitles, 4000);
    g_assert_cmpuint(subtitles_count(subtitles), ==, 0);
}

/* As libavformat hands them on. */
static const struct {
    const char *codec;
    gsize size;
    const char *data;
    int start_ms, end_ms;
    const char *cues;
} packets[] = {
#define PACKET(text) sizeof text - 1, text
    { "subrip", PACKET("<i>one</i>\r\ntwo"), 1000, 2000, "1000-2000 <i>one</i>|two;" },
    { "ass", PACKET("3,0,Default,,0,0,0,,{\\i1}one{\\i0}\\Ntwo, three"), 1000, 2000,
      "1000-2000 <i>one</i>|two, three;" },
    { "ass", PACKET("3,0,Default,,0,0,0"), 1000, 2000, "" },
    { "webvtt", PACKET("Tom &amp; <c.red>Jerry</c>"), 1000, 2000, "1000-2000 Tom & Jerry;" },
    { "mov_text", PACKET("\0\6\xe4\xbd\xa0\xe5\xa5\xbd\0\0\0\x16styl"), 1000, 2000,
      "1000-2000 你好;" },
    { "mov_text", PACKET("\0\0"), 1000, 2000, "" }, /* nobody speaks */
    { "mov_text", PACKET("\0\7short"), 1000, 2000, "" },
    { "mov_text", PACKET("\0"), 1000, 2000, "" },
    { "text", PACKET("ends with a nul\0and more"), 1000, 1000, "1000-5000 ends with a nul;" },
    { "subrip", PACKET("\xc4\xe3"), 1000, 2000, "" },
    { "subrip", PACKET("too early"), -1, 2000, "" },
    { "hdmv_pgs_subtitle", PACKET("picture"), 1000, 2000, "" },
};

static void
test_packets(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(packets); i++) {
        g_autoptr(Subtitles) subtitles = subtitles_new();
        subtitles_add_packet(subtitles, packets[i].codec, (const uint8_t *)packets[i].data,
                             packets[i].size, packets[i].start_ms, packets[i].end_ms);
        g_autofree char *cues = print_cues(subtitles);
        g_assert_cmpstr(cues, ==, packets[i].cues);
    }
    g_assert_true(subtitles_reads_codec("ass"));
    g_assert_false(subtitles_reads_codec("dvd_subtitle"));
    g_assert_false(subtitles_reads_codec(NULL));

    g_autoptr(Subtitles) late_first = subtitles_new();
    subtitles_add_packet(late_first, "text", (const uint8_t *)"b", 1, 2000, 3000);
    subtitles_add_packet(late_first, "text", (const uint8_t *)"a", 1, 1000, 3000);
    subtitles_sort(late_first);
    g_autofree char *cues = print_cues(late_first);
    g_assert_cmpstr(cues, ==, "1000-3000 a;2000-3000 b;");
}

/* However much there is of it, it can be written and is no more than a file may be. */
static void
test_limits(void)
{
    g_autoptr(Subtitles) subtitles = subtitles_new();
    g_autofree char *words = g_strnfill(1000, 'w');

    for (int i = 0; i < 200000; i++)
        subtitles_add_packet(subtitles, "text", (const uint8_t *)words, i < 5000 ? 1000 : 1, i,
                             i + 1);
    g_assert_cmpuint(subtitles_count(subtitles), <=, 100000);
    g_autoptr(GString) text = subtitles_encode(subtitles, "srt");
    g_assert_cmpuint(text->len, <=, SUBTITLES_SIZE_MAX);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/subtitles/reading", test_reading);
    g_test_add_func("/subtitles/writing", test_writing);
    g_test_add_func("/subtitles/forward", test_forward);
    g_test_add_func("/subtitles/packets", test_packets);
    g_test_add_func("/subtitles/limits", test_limits);
    return g_test_run();
}
