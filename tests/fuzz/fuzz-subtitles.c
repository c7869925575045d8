/* fuzz-subtitles.c -- whatever was read of subtitles is in order, is text, and is the same when it
 * was written and is read again; the first octet tells the format */
#include "tests/fuzz/fuzz.h"
#include "wire/subtitles.h"

static void
check_again(const Subtitles *subtitles, const char *format)
{
    GString *text = subtitles_encode(subtitles, format);
    g_autoptr(Subtitles) again = subtitles_decode(text->str, text->len, format, NULL);

    if (text->len <= SUBTITLES_SIZE_MAX) {
        g_assert_nonnull(again);
        g_assert_cmpuint(subtitles_count(again), ==, subtitles_count(subtitles));
        for (guint i = 0; i < subtitles_count(again); i++) {
            const SubtitleCue *one = subtitles_get(subtitles, i), *other = subtitles_get(again, i);
            g_assert_cmpint(one->start_ms, ==, other->start_ms);
            g_assert_cmpint(one->end_ms, ==, other->end_ms);
            g_assert_cmpstr(one->text, ==, other->text);
        }
    }
    g_string_free(text, TRUE);
}

FUZZ_TARGET("subtitles")
{
    static const char *const formats[] = { "srt", "vtt", "ass", "smi" };

    if (size == 0)
        return;
    g_autoptr(Subtitles) subtitles =
        subtitles_decode((const char *)data + 1, size - 1, formats[data[0] % 4], NULL);
    for (guint i = 0; subtitles != NULL && i < subtitles_count(subtitles); i++) {
        const SubtitleCue *cue = subtitles_get(subtitles, i);
        g_assert_true(cue->start_ms >= 0 && cue->end_ms > cue->start_ms);
        g_assert_true(g_utf8_validate(cue->text, -1, NULL));
        g_assert_true(i == 0 || subtitles_get(subtitles, i - 1)->start_ms <= cue->start_ms);
    }
    if (subtitles != NULL) {
        check_again(subtitles, "srt");
        check_again(subtitles, "vtt");
    }
}
