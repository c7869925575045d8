/* test-subtitle-tracks.c -- a film's own subtitles, read by a worker: each kind of them, once,
 * kept, given up */
#include "appliance/delivery/subtitle-tracks.h"

#include "base/error.h"
#include "tests/pipelines/media-files.h"
#include "tests/support/wait-until.h"

#include <string.h>

#define WORDS                                                                                      \
    "1\n00:00:00,200 --> 00:00:00,900\n<i>one</i>\ntwo\n\n2\n00:00:01,000 --> 00:00:01,500\n你好\n\n"
#define FILM "-f lavfi -i testsrc=size=64x64:rate=5:duration=2 -i '%s/words.srt' -map 0 "

typedef struct {
    char *text;
    GError *error;
    guint count;
} Answer;

static void
answer_clear_words(Answer *answer)
{
    g_clear_pointer(&answer->text, g_free);
    g_clear_error(&answer->error);
}

static void
on_ready(GBytes *text, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    gsize size = 0;
    const char *octets = text != NULL ? g_bytes_get_data(text, &size) : NULL;

    answer_clear_words(answer);
    answer->text = octets != NULL ? g_strndup(octets, size) : NULL;
    answer->error = error != NULL ? g_error_copy(error) : NULL;
    answer->count++;
}

static void
answer_clear(Answer *answer)
{
    answer_clear_words(answer);
    answer->count = 0;
}

static void
ask(SubtitleTracks *tracks, const char *path, int64_t track, Answer *answer)
{
    MediaObject object = { .path = path, .content_digest = path };

    subtitle_tracks_get(tracks, &object, track, on_ready, answer);
    WAIT_UNTIL(answer->count == 1);
}

static char *
make_film(const char *folder, const char *name, const char *arguments)
{
    g_autofree char *words = g_build_filename(folder, "words.srt", NULL);
    g_autofree char *line = g_strdup_printf(FILM "%s", folder, arguments);

    g_assert_true(g_file_set_contents(words, WORDS, -1, NULL));
    return media_make(folder, name, line);
}

static void
test_kinds(void)
{
    static const struct {
        const char *name, *arguments;
        int64_t track;
        const char *text;
        int code;
    } cases[] = {
        { "srt.mkv", "-map 1 -map 1 -c:s srt", 2, WORDS, 0 },
        { "ass.mkv", "-map 1 -c:s ass", 1, WORDS, 0 },
        { "vtt.webm", "-map 1 -c:v libvpx -deadline realtime -c:s webvtt", 1, WORDS, 0 },
        /* styles are in boxes of their own there, and are not kept */
        { "text.mp4", "-map 1 -c:v libx264 -preset ultrafast -c:s mov_text", 1,
          "1\n00:00:00,200 --> 00:00:00,900\none\ntwo\n\n2\n00:00:01,000 --> "
          "00:00:01,500\n你好\n\n",
          0 },
        { "none.mkv", "", 1, NULL, DUO_ERROR_NOT_FOUND },
        { "few.mkv", "-map 1 -c:s srt", 2, NULL, DUO_ERROR_NOT_FOUND },
    };
    g_autofree char *folder = media_folder();
    g_autoptr(SubtitleTracks) tracks = subtitle_tracks_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = make_film(folder, cases[i].name, cases[i].arguments);
        Answer answer = { 0 }, again = { 0 };
        g_test_message("%s", cases[i].name);
        ask(tracks, path, cases[i].track, &answer);
        g_assert_cmpstr(answer.text, ==, cases[i].text);
        if (cases[i].text == NULL)
            g_assert_error(answer.error, DUO_ERROR, cases[i].code);
        g_remove(path); /* it is kept, be it words or why there are none */
        ask(tracks, path, cases[i].track, &again);
        g_assert_cmpstr(again.text, ==, cases[i].text);
        answer_clear(&answer);
        answer_clear(&again);
    }
    media_folder_remove(folder);
}

/* What begins like a film, and is none. */
static void
test_none(void)
{
    g_autofree char *folder = media_folder();
    g_autofree char *path = g_build_filename(folder, "broken.mkv", NULL);
    g_autoptr(SubtitleTracks) tracks = subtitle_tracks_new(NULL);
    Answer answer = { 0 };

    g_assert_true(g_file_set_contents(path, "\x1a\x45\xdf\xa3 and then nothing", -1, NULL));
    ask(tracks, path, 1, &answer);
    g_assert_error(answer.error, DUO_ERROR, DUO_ERROR_FAILED);
    answer_clear(&answer);
    media_folder_remove(folder);
}

/* Two who ask at once have one worker's answer; freed under way, both hear of it. */
static void
test_freed(void)
{
    g_autofree char *folder = media_folder();
    g_autofree char *path = make_film(folder, "film.mkv", "-map 1 -c:s srt");
    SubtitleTracks *tracks = subtitle_tracks_new(NULL);
    MediaObject object = { .path = path, .content_digest = path };
    Answer answer = { 0 };

    subtitle_tracks_get(tracks, &object, 1, on_ready, &answer);
    subtitle_tracks_get(tracks, &object, 1, on_ready, &answer);
    subtitle_tracks_free(tracks);
    WAIT_UNTIL(answer.count == 2);
    answer_clear(&answer);
    media_folder_remove(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!media_can_make()) {
        g_print("1..0 # SKIP ffmpeg is not installed\n");
        return 0;
    }
    g_test_add_func("/subtitle-tracks/kinds", test_kinds);
    g_test_add_func("/subtitle-tracks/none", test_none);
    g_test_add_func("/subtitle-tracks/freed", test_freed);
    return g_test_run();
}
