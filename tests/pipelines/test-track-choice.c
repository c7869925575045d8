/* test-track-choice.c -- who hears and reads what, by the languages that they know */
#include "pipelines/track-choice.h"

#include "model/language.h"

#include <string.h>

static void
test_languages(void)
{
    static const struct {
        const char *wanted, *told;
        LanguageMatch match;
    } cases[] = {
        { "zh", "chi", LANGUAGE_SAME },          { "zh", "zh-Hant", LANGUAGE_SAME },
        { "zh-Hant", "zh_TW", LANGUAGE_SAME },   { "zh-Hant", "cht", LANGUAGE_SAME },
        { "zh-Hans", "chs", LANGUAGE_SAME },     { "zh-Hans", "big5", LANGUAGE_SCRIPT },
        { "zh-Hant", "chi", LANGUAGE_SCRIPT },   { "en", "eng", LANGUAGE_SAME },
        { "eng", "en-US", LANGUAGE_SAME },       { "EN", "en", LANGUAGE_SAME },
        { "en", "es", LANGUAGE_OTHER },          { "xyz", "xyz", LANGUAGE_SAME },
        { "en", NULL, LANGUAGE_OTHER },          { NULL, "en", LANGUAGE_OTHER },
        { "", "", LANGUAGE_OTHER },              { "-", "-", LANGUAGE_OTHER },
        { "fr", "fre", LANGUAGE_SAME },          { "deu", "ger", LANGUAGE_SAME },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s %s", cases[i].wanted, cases[i].told);
        g_assert_cmpint(language_match(cases[i].wanted, cases[i].told), ==, cases[i].match);
    }
}

/* "a" a sound, "s" its own subtitles, "f" such a file; then the language or "-", "*" is the
 * default, "!" forced, "?" a comment. "a:eng* a:chi s:eng! f:zh". */
static MediaDetails *
film_of(const char *text)
{
    MediaDetails *details = media_details_new();
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    media_details_add(details, MEDIA_STREAMS, &(MediaStream){ .type = "video", .codec = "h264" });
    for (char **word = words; *word != NULL; word++) {
        gsize length = strcspn(*word + 2, "*!?");
        g_autofree char *told = g_strndup(*word + 2, length);
        const char *language = g_str_equal(told, "-") ? NULL : told;
        const char *title = strchr(*word, '?') != NULL ? "Director's Commentary" : NULL;
        bool is_default = strchr(*word, '*') != NULL, is_forced = strchr(*word, '!') != NULL;
        if (**word == 'a')
            media_details_add(details, MEDIA_STREAMS,
                              &(MediaStream){ .type = "audio", .codec = "aac",
                                              .language = language, .title = title,
                                              .is_default = is_default });
        else
            media_details_add(details, MEDIA_SIDECARS,
                              &(MediaSidecar){ .name = "n", .kind = "subtitle", .format = "srt",
                                               .language = language, .title = title,
                                               .track = **word == 's', .is_default = is_default,
                                               .is_forced = is_forced });
    }
    return details;
}

static const struct {
    const char *film, *audio, *subtitles;
    SubtitleHabit habit;
    int sound, subtitle;
} cases[] = {
    /* Nobody said anything: the film is as it is. */
    { "a:eng* a:chi s:eng f:zh", "", "", SUBTITLES_AUTO, -1, -1 },
    /* The language that is wanted most, of two alike the default, and no comments. */
    { "a:eng* a:chi", "zh", "", SUBTITLES_AUTO, 1, -1 },
    { "a:eng a:eng*", "en", "", SUBTITLES_AUTO, 1, -1 },
    { "a:eng? a:eng", "en", "", SUBTITLES_AUTO, 1, -1 },
    { "a:jpn* a:eng", "zh,en", "", SUBTITLES_AUTO, 1, -1 },
    { "a:chi a:eng", "zh,en", "", SUBTITLES_AUTO, 0, -1 },
    { "a:jpn", "zh,en", "", SUBTITLES_AUTO, -1, -1 },
    { "a:zh-Hans a:zh-Hant", "zh-Hant", "", SUBTITLES_AUTO, 1, -1 },
    /* What is not understood is read, */
    { "a:jpn s:eng s:chi", "zh", "zh,en", SUBTITLES_AUTO, -1, 1 },
    { "a:jpn s:eng s:fre", "zh", "zh,en", SUBTITLES_AUTO, -1, 0 },
    { "a:jpn s:fre", "zh", "zh,en", SUBTITLES_AUTO, -1, -1 },
    { "a:- s:chi", "zh", "zh", SUBTITLES_AUTO, -1, 0 },
    /* a file before the film's own, and what nobody says the language of when there is no other, */
    { "a:jpn s:chi f:zh", "zh", "zh", SUBTITLES_AUTO, -1, 1 },
    { "a:jpn f:- s:chi", "zh", "zh", SUBTITLES_AUTO, -1, 1 },
    { "a:jpn f:- s:eng", "zh", "zh", SUBTITLES_AUTO, -1, 0 },
    { "a:jpn s:- s:eng", "zh", "zh", SUBTITLES_AUTO, -1, -1 },
    { "a:jpn s:chi? s:chi", "zh", "zh", SUBTITLES_AUTO, -1, 1 },
    /* what is understood is not, but for what the film forces, in the language that is heard. */
    { "a:eng s:eng s:chi", "en", "zh,en", SUBTITLES_AUTO, 0, -1 },
    { "a:eng s:eng s:eng!", "en", "zh", SUBTITLES_AUTO, 0, 1 },
    { "a:eng s:chi!", "en", "zh", SUBTITLES_AUTO, 0, -1 },
    { "a:jpn s:chi! s:chi", "en", "zh", SUBTITLES_AUTO, -1, 1 },
    { "a:eng s:eng s:chi", "en", "zh,en", SUBTITLES_ALWAYS, 0, 1 },
    { "a:jpn s:chi", "en", "zh", SUBTITLES_NEVER, -1, -1 },
    { "", "en", "zh", SUBTITLES_ALWAYS, -1, -1 },
};

static void
test_choices(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(MediaDetails) film = film_of(cases[i].film);
        g_auto(GStrv) audio = g_strsplit(cases[i].audio, ",", -1);
        g_auto(GStrv) subtitles = g_strsplit(cases[i].subtitles, ",", -1);
        TrackTaste taste = { (const char *const *)audio, (const char *const *)subtitles,
                             cases[i].habit };
        g_test_message("%s; %s; %s", cases[i].film, cases[i].audio, cases[i].subtitles);
        int sound = track_choose_sound(film, &taste);
        g_assert_cmpint(sound, ==, cases[i].sound);
        g_assert_cmpint(track_choose_subtitle(film, &taste, sound), ==, cases[i].subtitle);
    }
    g_assert_cmpint(track_choose_sound(NULL, &(TrackTaste){ 0 }), ==, -1);
}

static void
test_names(void)
{
    g_autoptr(MediaDetails) film = film_of("a:eng a:chi s:eng! f:- s:chi s:eng");

    g_assert_cmpint(track_named_sound(film, "1"), ==, 1);
    g_assert_cmpint(track_named_sound(film, "2"), ==, -1);
    g_assert_cmpint(track_named_sound(film, "zh"), ==, 1);
    g_assert_cmpint(track_named_sound(film, "fr"), ==, -1);
    g_assert_cmpint(track_named_subtitle(film, "3"), ==, 3);
    g_assert_cmpint(track_named_subtitle(film, "4"), ==, -1);
    g_assert_cmpint(track_named_subtitle(film, "en"), ==, 3);
    g_assert_cmpint(track_named_subtitle(film, "zh"), ==, 2);
    g_assert_cmpint(track_named_subtitle(film, "fr"), ==, -1);
}

/* What is drawn is counted behind what is said, and is the film's own, one of all of those. */
static void
test_pictures(void)
{
    static const MediaStream streams[] = {
        { .type = "video", .codec = "h264" },
        { .type = "subtitle", .codec = "hdmv_pgs_subtitle", .language = "fr" },
        { .type = "subtitle", .codec = "subrip", .language = "en" },
        { .type = "subtitle", .codec = "dvd_subtitle", .language = "de" },
    };
    static const MediaSidecar words = { .kind = "subtitle", .name = "track-2.srt", .format = "srt",
                                        .language = "en", .track = 2 };
    g_autoptr(MediaDetails) film = media_details_new();
    int64_t track = 0;

    for (guint i = 0; i < G_N_ELEMENTS(streams); i++)
        media_details_add(film, MEDIA_STREAMS, &streams[i]);
    media_details_add(film, MEDIA_SIDECARS, &words);
    g_assert_null(track_picture(film, -1, &track));
    g_assert_null(track_picture(film, 0, &track));
    g_assert_cmpstr(track_picture(film, 1, &track)->codec, ==, "hdmv_pgs_subtitle");
    g_assert_cmpint(track, ==, 1);
    g_assert_cmpstr(track_picture(film, 2, &track)->codec, ==, "dvd_subtitle");
    g_assert_cmpint(track, ==, 3);
    g_assert_null(track_picture(film, 3, NULL));
    g_assert_cmpint(track_named_subtitle(film, "2"), ==, 2);
    g_assert_cmpint(track_named_subtitle(film, "3"), ==, -1);
    g_assert_cmpint(track_named_subtitle(film, "en"), ==, 0);
    g_assert_cmpint(track_named_subtitle(film, "de"), ==, 2);
    g_assert_cmpint(track_named_subtitle(film, "zh"), ==, -1);
}

static void
test_habits(void)
{
    SubtitleHabit habit = SUBTITLES_AUTO;

    for (guint i = 0; i < SUBTITLE_HABIT_N; i++) {
        g_assert_true(subtitle_habit_from_name(subtitle_habit_name((SubtitleHabit)i), &habit));
        g_assert_cmpuint(habit, ==, i);
    }
    g_assert_false(subtitle_habit_from_name("often", &habit));
    g_assert_false(subtitle_habit_from_name(NULL, &habit));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/track-choice/languages", test_languages);
    g_test_add_func("/track-choice/choices", test_choices);
    g_test_add_func("/track-choice/names", test_names);
    g_test_add_func("/track-choice/pictures", test_pictures);
    g_test_add_func("/track-choice/habits", test_habits);
    return g_test_run();
}
