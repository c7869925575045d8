/* fuzz-subtitle-packets.c -- whatever a film's packets hold becomes words that can be written and
 * read; the first octet tells the codec, and each packet has two octets for its length and two for
 * its time */
#include "tests/fuzz/fuzz.h"
#include "wire/subtitles.h"

FUZZ_TARGET("subtitle-packets")
{
    static const char *const codecs[] = { "subrip", "ass", "webvtt", "mov_text" };
    g_autoptr(Subtitles) subtitles = subtitles_new();

    for (size_t at = 1; size >= 5 && at <= size - 4;) {
        size_t length = (size_t)data[at] << 8 | data[at + 1];
        int64_t start_ms = (data[at + 2] << 8 | data[at + 3]) - 16;
        length = MIN(length, size - at - 4);
        g_autofree uint8_t *packet = g_memdup2(data + at + 4, length); /* its end is an end */
        subtitles_add_packet(subtitles, codecs[data[0] % 4], packet, length, start_ms,
                             start_ms + data[at + 3]);
        at += 4 + length;
    }
    subtitles_sort(subtitles);
    g_autoptr(GString) text = subtitles_encode(subtitles, "srt");
    g_autoptr(Subtitles) again = subtitles_decode(text->str, text->len, "srt", NULL);
    g_assert_true((again != NULL) == (subtitles_count(subtitles) > 0));
    if (again != NULL)
        g_assert_cmpuint(subtitles_count(again), ==, subtitles_count(subtitles));
}
