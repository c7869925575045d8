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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/subtitles/reading", test_reading);
    g_test_add_func("/subtitles/writing", test_writing);
    return g_test_run();
}
