/* test-play.c -- the local player with real media and sinks that keep real time but show nothing
 *
 * Of the few tests that wait for real time: what is proven is that time passes in it. */
#include "pipelines/play.h"

#include "base/error.h"
#include "tests/pipelines/media-files.h"

#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

/* Suppressions (tests/lsan.supp) need to see through libraries without frame pointers. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0";
}

#define PATIENCE_US (60 * G_USEC_PER_SEC)

typedef struct {
    char *folder;
    Screen *screen;
    GString *story; /* the states it went through, with the title of what played */
    guint observer;
    GSubprocess *server; /* NULL: none */
} Stage;

static void
on_status(gconstpointer event, gpointer user_data)
{
    const Screen *screen = event;
    Stage *stage = user_data;
    g_autofree char *line = g_strdup_printf(
        "%s(%s) ", playback_state_name(screen->status.state),
        screen->status.media != NULL && screen->status.media->title != NULL
            ? screen->status.media->title : "");

    if (!g_str_has_suffix(stage->story->str, line))
        g_string_append(stage->story, line);
}

static void
stage_init(Stage *stage)
{
    const PlayOptions options = { "tv", "Living room", "fakevideosink sync=true",
                                  "fakeaudiosink sync=true", 50 };
    g_autoptr(GError) error = NULL;

    stage->server = NULL;
    stage->folder = media_folder();
    stage->screen = play_new(&options, &error);
    g_assert_no_error(error);
    stage->story = g_string_new(NULL);
    stage->observer = observers_add(stage->screen->observers, on_status, stage);
}

static void
stage_clear(Stage *stage)
{
    screen_free(stage->screen);
    g_string_free(stage->story, TRUE);
    if (stage->server != NULL)
        g_subprocess_force_exit(stage->server);
    g_clear_object(&stage->server);
    media_folder_remove(stage->folder);
    g_free(stage->folder);
}

typedef struct {
    bool is_done;
    GError *error;
} Outcome;

static void
on_done(Screen *screen, const GError *error, gpointer user_data)
{
    Outcome *outcome = user_data;

    g_assert_false(outcome->is_done);
    outcome->is_done = true;
    outcome->error = error != NULL ? g_error_copy(error) : NULL;
}

static void
await(const Outcome *outcome)
{
    int64_t until_us = g_get_monotonic_time() + PATIENCE_US;

    while (!outcome->is_done && g_get_monotonic_time() < until_us)
        g_main_context_iteration(NULL, FALSE) ? (void)0 : g_usleep(1000);
    g_assert_true(outcome->is_done);
}

/* Gives command and waits for its answer; its error is the caller's. */
static GError *
command(Stage *stage, ScreenCommand what)
{
    Outcome outcome = { 0 };

    screen_command(stage->screen, &what, NULL, on_done, &outcome);
    await(&outcome);
    return outcome.error;
}

static void
must(Stage *stage, ScreenCommand what)
{
    g_autoptr(GError) error = command(stage, what);

    g_assert_no_error(error);
}

static void
run_for(int64_t ms)
{
    int64_t until_us = g_get_monotonic_time() + ms * 1000;

    while (g_get_monotonic_time() < until_us)
        g_main_context_iteration(NULL, FALSE) ? (void)0 : g_usleep(1000);
}

static void
run_until_state(Stage *stage, PlaybackState state)
{
    int64_t until_us = g_get_monotonic_time() + PATIENCE_US;

    while (stage->screen->status.state != state && g_get_monotonic_time() < until_us)
        g_main_context_iteration(NULL, FALSE) ? (void)0 : g_usleep(1000);
    g_assert_cmpstr(playback_state_name(stage->screen->status.state), ==,
                    playback_state_name(state));
}

/* Plays it until it is beyond position_ms: the time that takes has passed since begun_us, when it
 * was at from_ms. */
static void
run_until_position(Stage *stage, int64_t position_ms, int64_t from_ms, int64_t begun_us)
{
    const PlaybackStatus *status = &stage->screen->status;
    int64_t until_us = g_get_monotonic_time() + PATIENCE_US;

    while (status->position_ms < position_ms && g_get_monotonic_time() < until_us)
        g_main_context_iteration(NULL, FALSE) ? (void)0 : g_usleep(1000);
    g_assert_cmpint(status->position_ms, >=, position_ms);
    g_assert_cmpint(status->position_ms, <=,
                    from_ms + (g_get_monotonic_time() - begun_us) / 1000 + 200);
}

static PlaybackMedia *
media_of(const char *path, const char *title)
{
    PlaybackMedia *media = g_new0(PlaybackMedia, 1);

    media->uri = strstr(path, "://") != NULL ? g_strdup(path) : g_filename_to_uri(path, NULL, NULL);
    media->title = g_strdup(title);
    media->kind = g_str_has_suffix(path, ".flac") || g_str_has_suffix(path, ".mp3") ? MEDIA_AUDIO
                                                                                     : MEDIA_ANY;
    return media;
}

static void
open_path(Stage *stage, const char *path, int64_t position_ms)
{
    g_autoptr(PlaybackMedia) media = media_of(path, "first");

    must(stage, (ScreenCommand){ .verb = SCREEN_OPEN, .media = media, .position_ms = position_ms });
}

static void
assert_near(int64_t value, int64_t expected, int64_t by)
{
    g_assert_cmpint(value, >=, expected - by);
    g_assert_cmpint(value, <=, expected + by);
}

#define LONG_FILM "-f lavfi -i testsrc=size=320x180:rate=25:duration=8 -f lavfi -i sine=duration=8 "

static void
test_film(void)
{
    static const struct {
        const char *name, *arguments;
    } films[] = {
        { "v.mp4", LONG_FILM MEDIA_H264 "-g 50" },
        { "v.mkv", LONG_FILM MEDIA_H264 "-g 50" },
        { "v.webm", LONG_FILM "-c:v libvpx -deadline realtime -c:a libvorbis" },
    };
    Stage stage;

    stage_init(&stage);
    const PlaybackStatus *status = &stage.screen->status;
    for (guint i = 0; i < G_N_ELEMENTS(films); i++) {
        g_autofree char *path = media_make(stage.folder, films[i].name, films[i].arguments);

        g_test_message("%s", films[i].name);
        int64_t begun_us = g_get_monotonic_time();
        open_path(&stage, path, 0);
        run_until_state(&stage, PLAYBACK_PLAYING);
        run_until_position(&stage, 700, 0, begun_us); /* past a tick of its position */
        assert_near(status->duration_ms, 8000, 150);
        g_assert_true(status->is_seekable);

        must(&stage, (ScreenCommand){ .verb = SCREEN_PAUSE });
        run_until_state(&stage, PLAYBACK_PAUSED);
        run_for(100);
        int64_t held_ms = status->position_ms;
        run_for(700);
        assert_near(status->position_ms, held_ms, 50);

        must(&stage, (ScreenCommand){ .verb = SCREEN_SEEK, .position_ms = 5000 });
        assert_near(status->position_ms, 5000, 200);
        begun_us = g_get_monotonic_time();
        must(&stage, (ScreenCommand){ .verb = SCREEN_PLAY });
        run_until_state(&stage, PLAYBACK_PLAYING);
        run_until_position(&stage, 5300, 5000, begun_us);

        must(&stage, (ScreenCommand){ .verb = SCREEN_STOP });
        g_assert_cmpint(status->state, ==, PLAYBACK_STOPPED);
        g_assert_cmpint(status->position_ms, ==, 0);
    }
    stage_clear(&stage);
}

/* Opened in the middle, as a cast that moves from another screen. */
static void
test_open_at(void)
{
    Stage stage;

    stage_init(&stage);
    g_autofree char *path = media_make(stage.folder, "v.mp4", LONG_FILM MEDIA_H264 "-g 50");
    int64_t begun_us = g_get_monotonic_time();
    open_path(&stage, path, 4000);
    run_until_state(&stage, PLAYBACK_PLAYING);
    run_until_position(&stage, 4200, 4000, begun_us);
    stage_clear(&stage);
}

/* A pause holds that comes before it plays, and so does a play before it is where it is to
 * begin. */
static void
test_pressed_while_it_loads(void)
{
    static const int64_t begin_ms[] = { 0, 4000 };
    Stage stage;

    stage_init(&stage);
    g_autofree char *path = media_make(stage.folder, "v.mp4", LONG_FILM MEDIA_H264 "-g 50");
    for (guint i = 0; i < G_N_ELEMENTS(begin_ms); i++) {
        g_autoptr(PlaybackMedia) media = media_of(path, "first");
        Outcome outcome = { 0 };

        screen_command(stage.screen,
                       &(ScreenCommand){ .verb = SCREEN_OPEN, .media = media,
                                         .position_ms = begin_ms[i] }, NULL, on_done, &outcome);
        g_assert_cmpint(stage.screen->status.state, ==, PLAYBACK_LOADING);
        must(&stage, (ScreenCommand){ .verb = SCREEN_PAUSE });
        run_until_state(&stage, PLAYBACK_PAUSED);
        g_assert_null(strstr(stage.story->str, "playing"));
        await(&outcome);
        g_assert_no_error(outcome.error);
        run_for(200);
        g_assert_cmpint(stage.screen->status.state, ==, PLAYBACK_PAUSED);
        must(&stage, (ScreenCommand){ .verb = SCREEN_PLAY });
        run_until_state(&stage, PLAYBACK_PLAYING);
        g_string_truncate(stage.story, 0);

        outcome.is_done = false;
        screen_command(stage.screen,
                       &(ScreenCommand){ .verb = SCREEN_OPEN, .media = media,
                                         .position_ms = begin_ms[i] }, NULL, on_done, &outcome);
        must(&stage, (ScreenCommand){ .verb = SCREEN_PLAY });
        run_until_state(&stage, PLAYBACK_PLAYING);
        await(&outcome);
        g_assert_no_error(outcome.error);
        must(&stage, (ScreenCommand){ .verb = SCREEN_STOP });
        g_string_truncate(stage.story, 0);
    }
    stage_clear(&stage);
}

static void
test_gapless(void)
{
    Stage stage;

    stage_init(&stage);
    g_autofree char *first = media_make(stage.folder, "a.flac", MEDIA_SOUND);
    g_autofree char *second = media_make(stage.folder, "b.mp3", MEDIA_SOUND);
    g_autoptr(PlaybackMedia) next = media_of(second, "second");
    open_path(&stage, first, 0);
    must(&stage, (ScreenCommand){ .verb = SCREEN_SET_NEXT, .media = next });
    g_assert_cmpstr(stage.screen->status.next->title, ==, "second");
    run_until_state(&stage, PLAYBACK_STOPPED);
    g_test_message("%s", stage.story->str);
    g_assert_true(g_str_has_suffix(stage.story->str,
                                   "playing(first) playing(second) stopped(second) "));
    g_assert_null(stage.screen->status.next);
    g_assert_null(stage.screen->status.problem);
    stage_clear(&stage);
}

/* Near its end a song's successor has been taken by playbin already: who seeks or stops there means
 * the song that is heard. */
static void
test_before_the_change(void)
{
    Stage stage;

    stage_init(&stage);
    g_autofree char *first = media_make(stage.folder, "a.flac", "-f lavfi -i sine=duration=8");
    g_autofree char *second = media_make(stage.folder, "b.flac", MEDIA_SOUND);
    g_autoptr(PlaybackMedia) next = media_of(second, "second");
    open_path(&stage, first, 0);
    must(&stage, (ScreenCommand){ .verb = SCREEN_SET_NEXT, .media = next });
    for (int i = 0; i < 4; i++) {
        must(&stage, (ScreenCommand){ .verb = SCREEN_SEEK, .position_ms = 6500 });
        run_for(250 * i);
        must(&stage, (ScreenCommand){ .verb = SCREEN_SEEK, .position_ms = 1000 });
        assert_near(stage.screen->status.position_ms, 1000, 200);
        must(&stage, (ScreenCommand){ .verb = SCREEN_SEEK, .position_ms = 6500 });
        run_for(250 * i);
        must(&stage, (ScreenCommand){ .verb = SCREEN_STOP });
        must(&stage, (ScreenCommand){ .verb = SCREEN_PLAY });
    }
    g_test_message("%s", stage.story->str);
    g_assert_null(strstr(stage.story->str, "(second)"));
    must(&stage, (ScreenCommand){ .verb = SCREEN_SEEK, .position_ms = 5000 });
    run_until_state(&stage, PLAYBACK_STOPPED);
    g_test_message("%s", stage.story->str);
    g_assert_true(g_str_has_suffix(stage.story->str,
                                   "playing(first) playing(second) stopped(second) "));
    stage_clear(&stage);
}

/* A part of a file is all there is, for whoever looks; and what follows it follows. */
static void
test_part(void)
{
    Stage stage;

    stage_init(&stage);
    const PlaybackStatus *status = &stage.screen->status;
    g_autofree char *file =
        media_make(stage.folder, "a.flac", "-f lavfi -i sine=frequency=440:duration=20");
    g_autoptr(PlaybackMedia) part = media_of(file, "first"), next = media_of(file, "second");
    char *plain = part->uri;
    part->uri = g_strconcat(plain, "#t=4.000,10.000", NULL);
    g_free(next->uri);
    next->uri = g_strconcat(plain, "#t=10.000,11.000", NULL);
    int64_t begun_us = g_get_monotonic_time();
    must(&stage, (ScreenCommand){ .verb = SCREEN_OPEN, .media = part });
    must(&stage, (ScreenCommand){ .verb = SCREEN_SET_NEXT, .media = next });
    run_until_state(&stage, PLAYBACK_PLAYING);
    run_until_position(&stage, 700, 0, begun_us);
    assert_near(status->duration_ms, 6000, 10);
    must(&stage, (ScreenCommand){ .verb = SCREEN_SEEK, .position_ms = 5000 });
    assert_near(status->position_ms, 5000, 200);
    run_until_state(&stage, PLAYBACK_STOPPED); /* long before the file ends */
    g_test_message("%s", stage.story->str);
    g_assert_nonnull(strstr(stage.story->str, "playing(second) stopped(second) "));
    assert_near(status->position_ms, 1000, 10);
    g_assert_null(status->problem);

    /* from somewhere within, and to the file's own end */
    g_free(part->uri);
    part->uri = g_strconcat(plain, "#t=15", NULL);
    must(&stage, (ScreenCommand){ .verb = SCREEN_OPEN, .media = part, .position_ms = 4000 });
    run_until_state(&stage, PLAYBACK_STOPPED);
    assert_near(status->position_ms, 5000, 100);
    g_free(plain);
    stage_clear(&stage);
}

static void
test_next_and_previous(void)
{
    Stage stage;

    stage_init(&stage);
    g_autofree char *first = media_make(stage.folder, "a.ogg", MEDIA_SOUND);
    g_autofree char *second = media_make(stage.folder, "p.jpg", MEDIA_PICTURE " -pix_fmt yuvj420p");
    g_autoptr(PlaybackMedia) next = media_of(second, "second");
    next->kind = MEDIA_IMAGE;
    open_path(&stage, first, 0);
    must(&stage, (ScreenCommand){ .verb = SCREEN_SET_NEXT, .media = next });
    must(&stage, (ScreenCommand){ .verb = SCREEN_NEXT });
    run_until_state(&stage, PLAYBACK_PLAYING);
    g_assert_cmpstr(stage.screen->status.media->title, ==, "second");
    must(&stage, (ScreenCommand){ .verb = SCREEN_PREVIOUS });
    run_until_state(&stage, PLAYBACK_PLAYING);
    g_assert_cmpstr(stage.screen->status.media->title, ==, "first");
    g_autoptr(GError) error = command(&stage, (ScreenCommand){ .verb = SCREEN_NEXT });
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
    stage_clear(&stage);
}

static void
test_pictures(void)
{
    static const struct {
        const char *name, *arguments, *mime;
    } pictures[] = { { "p.jpg", MEDIA_PICTURE " -pix_fmt yuvj420p", "image/jpeg" },
                     { "p.png", MEDIA_PICTURE, NULL },
                     { "p.gif", MEDIA_PICTURE, "image/gif" },
                     { "p.webp", MEDIA_PICTURE, "image/webp" },
                     { "moves.webp", MEDIA_MOVING " -c:v libwebp_anim", "image/webp" },
                     { "moves.gif", MEDIA_MOVING, "image/gif" } };
    Stage stage;

    stage_init(&stage);
    for (guint i = 0; i < G_N_ELEMENTS(pictures); i++) {
        g_autofree char *path = media_make(stage.folder, pictures[i].name, pictures[i].arguments);
        g_autoptr(PlaybackMedia) media = media_of(path, "picture");
        media->kind = MEDIA_IMAGE;
        media->mime = g_strdup(pictures[i].mime);
        must(&stage, (ScreenCommand){ .verb = SCREEN_OPEN, .media = media });
        g_assert_cmpint(stage.screen->status.state, ==, PLAYBACK_PLAYING);
        run_for(300); /* it stays */
        g_assert_cmpint(stage.screen->status.state, ==, PLAYBACK_PLAYING);
    }
    must(&stage, (ScreenCommand){ .verb = SCREEN_STOP });
    g_assert_cmpint(stage.screen->status.state, ==, PLAYBACK_STOPPED);
    stage_clear(&stage);
}

static void
test_volume(void)
{
    Stage stage;

    stage_init(&stage);
    g_assert_cmpint(stage.screen->status.volume, ==, 50);
    for (int volume = 0; volume <= 100; volume += 20) {
        must(&stage, (ScreenCommand){ .verb = SCREEN_VOLUME, .volume = volume });
        g_assert_cmpint(stage.screen->status.volume, ==, volume);
    }
    must(&stage, (ScreenCommand){ .verb = SCREEN_MUTE, .is_muted = true });
    g_assert_true(stage.screen->status.is_muted);

    g_autofree char *path = media_make(stage.folder, "a.mp3", MEDIA_SOUND);
    must(&stage, (ScreenCommand){ .verb = SCREEN_VOLUME, .volume = 37 });
    open_path(&stage, path, 0);
    run_until_state(&stage, PLAYBACK_PLAYING);
    g_assert_cmpint(stage.screen->status.volume, ==, 37);
    g_assert_true(stage.screen->status.is_muted);
    stage_clear(&stage);
}

/* Has python3 serve the stage's folder; the address of a file there, the caller's. */
static char *
http_server_uri(Stage *stage, const char *name)
{
    const char *const line[] = { "python3", "-u", "-m", "http.server", "-b", "127.0.0.1", "0",
                                 "-d", stage->folder, NULL };
    g_autoptr(GError) error = NULL;

    stage->server = g_subprocess_newv(line, G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
    g_assert_no_error(error);
    g_autoptr(GDataInputStream) words = g_data_input_stream_new(
        g_subprocess_get_stdout_pipe(stage->server));
    g_autofree char *said = g_data_input_stream_read_line(words, NULL, NULL, &error);
    g_assert_no_error(error);
    const char *port = strstr(said, "port ");
    g_assert_nonnull(port);
    return g_strdup_printf("http://127.0.0.1:%d/%s", atoi(port + 5), name);
}

static void
test_http(void)
{
    Stage stage;

    stage_init(&stage);
    g_autofree char *path = media_make(stage.folder, "a.mp3", MEDIA_SOUND);
    g_autofree char *uri = http_server_uri(&stage, "a.mp3");
    open_path(&stage, uri, 0);
    run_until_state(&stage, PLAYBACK_PLAYING);
    run_until_state(&stage, PLAYBACK_STOPPED);
    g_assert_null(stage.screen->status.problem);
    assert_near(stage.screen->status.position_ms, 2000, 150); /* its end tells from a stop */
    stage_clear(&stage);
}

static void
test_failures(void)
{
    Stage stage;

    stage_init(&stage);
    g_autofree char *broken = g_build_filename(stage.folder, "broken.mp4", NULL);
    g_assert_true(g_file_set_contents(broken, "this is no film at all", -1, NULL));
    g_autofree char *missing = http_server_uri(&stage, "missing.mp4");
    const struct {
        const char *path, *problem;
        DuoError code;
    } cases[] = { { broken, "*stream*", DUO_ERROR_FAILED },
                  { "file:///nowhere/a.mp4", "*not found*", DUO_ERROR_FAILED },
                  { "http://127.0.0.1:9/a.mp4", "*cannot be reached*", DUO_ERROR_UNAVAILABLE },
                  { missing, "*404*", DUO_ERROR_NOT_FOUND } };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlaybackMedia) media = media_of(cases[i].path, "broken");
        g_autoptr(GError) error = command(
            &stage, (ScreenCommand){ .verb = SCREEN_OPEN, .media = media });
        g_assert_error(error, DUO_ERROR, (int)cases[i].code);
        g_test_message("%s: %s", cases[i].path, stage.screen->status.problem);
        g_assert_cmpint(stage.screen->status.state, ==, PLAYBACK_STOPPED);
        g_assert_true(g_pattern_match_simple(cases[i].problem, error->message));
        g_assert_cmpstr(stage.screen->status.problem, ==, error->message);
    }
    g_autofree char *good = media_make(stage.folder, "a.mp3", MEDIA_SOUND);
    open_path(&stage, good, 0);
    g_assert_null(stage.screen->status.problem);

    g_autoptr(PlaybackMedia) senseless = media_of("no address://", "x");
    g_autoptr(GError) error = command(&stage,
                                      (ScreenCommand){ .verb = SCREEN_OPEN, .media = senseless });
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    stage_clear(&stage);
}

/* Closed while it plays and while a command waits: the answer comes. */
static void
test_closed(void)
{
    Outcome outcome = { 0 };
    Stage stage;

    stage_init(&stage);
    g_autofree char *path = media_make(stage.folder, "a.mp3", MEDIA_SOUND);
    g_autoptr(PlaybackMedia) media = media_of(path, "first");
    screen_command(stage.screen, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = media }, NULL,
                   on_done, &outcome);
    stage_clear(&stage);
    g_assert_true(outcome.is_done);
    g_assert_error(outcome.error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    g_error_free(outcome.error);
}

static void
test_missing_sink(void)
{
    const PlayOptions options = { "tv", "TV", "nosuchsink", NULL, 50 };
    g_autoptr(GError) error = NULL;

    g_assert_null(play_new(&options, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "nosuchsink"));
}

static void
test_sink_protocols(void)
{
    static const char *const expected[] = { "video/mp4", "video/x-matroska", "video/webm",
                                            "audio/mpeg", "audio/flac", "audio/ogg", "image/jpeg",
                                            "image/png" };
    Stage stage;

    stage_init(&stage);
    g_test_message("%s", stage.screen->sink_protocols);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *entry = g_strdup_printf("http-get:*:%s:*", expected[i]);
        g_assert_nonnull(strstr(stage.screen->sink_protocols, entry));
    }
    stage_clear(&stage);
}

/* The idle picture is made of elements that are there, and gives way to a film and comes back. */
static void
test_idle(void)
{
    const PlayOptions options = { "tv", "客厅 <1>", "identity ! fakevideosink sync=true",
                                  "fakeaudiosink sync=true", 50 };
    g_autoptr(Screen) screen = play_new(&options, NULL);

    g_assert_nonnull(screen);
    run_for(300);
    play_set_idle_text(screen, "1234");
    run_for(200);
    g_assert_cmpint(screen->status.state, ==, PLAYBACK_IDLE);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(void);
        bool needs_media;
    } tests[] = {
        { "/play/film", test_film, true },
        { "/play/open-at", test_open_at, true },
        { "/play/pressed-while-it-loads", test_pressed_while_it_loads, true },
        { "/play/gapless", test_gapless, true },
        { "/play/before-the-change", test_before_the_change, true },
        { "/play/part", test_part, true },
        { "/play/next-and-previous", test_next_and_previous, true },
        { "/play/pictures", test_pictures, true },
        { "/play/volume", test_volume, true },
        { "/play/http", test_http, true },
        { "/play/failures", test_failures, true },
        { "/play/closed", test_closed, true },
        { "/play/missing-sink", test_missing_sink, false },
        { "/play/sink-protocols", test_sink_protocols, false },
        { "/play/idle", test_idle, false },
    };

    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* warnings are due here */
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        if (!tests[i].needs_media || media_can_make())
            g_test_add_func(tests[i].path, tests[i].test);
    return g_test_run();
}
