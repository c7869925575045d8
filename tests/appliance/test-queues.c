/* test-queues.c -- queues are played: what a screen does of itself, and what people do, each with
 * its consequence; the clock is the test's */
#include "appliance/session/slide-music.h"
#include "base/error.h"
#include "support/paper-screen.h"

#include <glib/gstdio.h>
#include <string.h>

#define SONG(n) { .id = #n, .parent_id = "0", .kind = MEDIA_AUDIO, .title = "Song " #n, \
      .path = "/m/" #n ".mp3", .upnp_class = "object.item.audioItem", \
      .facts = { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .duration_ms = 60000 } }
#define PICTURE(n) { .id = #n, .parent_id = "0", .kind = MEDIA_IMAGE, .title = "Picture " #n, \
      .path = "/m/" #n ".jpg", .upnp_class = "object.item.imageItem", \
      .facts = { .kind = MEDIA_IMAGE, .mime = "image/jpeg" } }

static const MediaObject objects[] = {
    SONG(1), SONG(2), SONG(3), PICTURE(4), PICTURE(5),
    { .id = "6", .parent_id = "0", .kind = MEDIA_VIDEO, .title = "Odd", .path = "/m/odd.wmv",
      .upnp_class = "object.item.videoItem",
      .facts = { .kind = MEDIA_VIDEO, .mime = "video/x-ms-wmv" } },
    { .id = "7", .parent_id = "0", .kind = MEDIA_VIDEO, .title = "Film", .path = "/m/film.mp4",
      .upnp_class = "object.item.videoItem",
      .facts = { .kind = MEDIA_VIDEO, .mime = "video/mp4", .duration_ms = 60000 } },
    { .id = "8", .parent_id = "0", .kind = MEDIA_CONTAINER, .title = "Album",
      .upnp_class = "object.container" },
    { .id = "9", .parent_id = "0", .kind = MEDIA_CONTAINER, .title = "Empty",
      .upnp_class = "object.container" },
};

static bool
get(Catalog *catalog, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(objects); i++)
        if (strcmp(objects[i].id, id) == 0)
            return visit(&objects[i], user_data), true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "no object %s", id);
    return false;
}

static bool
browse(Catalog *catalog, const char *id, const CatalogRange *range, MediaVisit visit,
       gpointer user_data, CatalogResult *result, GError **error)
{
    for (guint i = 0; strcmp(id, "8") == 0 && i < 3; i++)
        visit(&objects[i], user_data);
    return true;
}

static const CatalogClass catalog_class = { .get = get, .browse = browse };

/* -- The fixture ------------------------------------------------------------------------------- */

typedef struct {
    Screens *screens;
    Servers *servers;
    NetInterfaces *interfaces;
    Catalog catalog;
    Clock *clock;
    Casts *casts;
    Queues *queues;
    char *folder;
    PaperScreen *paper;
    GError *error;
    guint answers;
} Fixture;

static void
add_screen(Fixture *fixture)
{
    Screen *screen = paper_screen_new();

    fixture->paper = (PaperScreen *)screen;
    g_free(screen->address);
    screen->address = g_strdup("127.0.0.1");
    g_free(screen->sink_protocols);
    screen->sink_protocols = g_strdup(
        "http-get:*:video/mp4:*,http-get:*:audio/mpeg:*,http-get:*:image/jpeg:*");
    screens_add(fixture->screens, screen);
}

static int64_t
left_at(const char *item_id, const char *person, gpointer user_data)
{
    return strcmp(item_id, "7") != 0 ? 0 : g_strcmp0(person, "Anna") == 0 ? 44000 : 33000;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->screens = screens_new();
    fixture->servers = servers_new();
    fixture->interfaces = net_interfaces_new((const char *const[]){ "lo", NULL }, NULL);
    fixture->catalog.class = &catalog_class;
    fixture->clock = clock_new_fake();
    fixture->casts = casts_new(fixture->screens, fixture->servers, &fixture->catalog,
                               fixture->interfaces);
    casts_set_port(fixture->casts, 8380);
    casts_set_left_at(fixture->casts, left_at, NULL);
    fixture->folder = g_dir_make_tmp("queues-XXXXXX", NULL);
    fixture->queues = queues_new(fixture->screens, fixture->casts, &fixture->catalog,
                                 fixture->folder, fixture->clock);
    add_screen(fixture);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    g_autofree char *file = g_build_filename(fixture->folder, "paper.queue", NULL);

    queues_free(fixture->queues);
    casts_free(fixture->casts);
    screens_free(fixture->screens);
    servers_free(fixture->servers);
    net_interfaces_free(fixture->interfaces);
    clock_free(fixture->clock);
    g_unlink(file);
    g_assert_no_errno(g_rmdir(fixture->folder));
    g_free(fixture->folder);
    g_clear_error(&fixture->error);
}

/* Screens answer from the loop. */
static void
settle(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static void
on_started(const Cast *cast, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->answers++;
    g_clear_error(&fixture->error);
    fixture->error = error != NULL ? g_error_copy(error) : NULL;
}

static void
add(Fixture *fixture, const char *ids)
{
    for (const char *c = ids; *c != '\0'; c++) {
        char id[2] = { *c, '\0' };
        g_autoptr(GError) error = NULL;
        g_assert_cmpuint(queues_add(fixture->queues, "paper", id, false, &error), !=, 0);
        g_assert_no_error(error);
    }
    queues_edited(fixture->queues, "paper");
}

static const Queue *
queue(const Fixture *fixture)
{
    return queues_get(fixture->queues, "paper");
}

static void
play(Fixture *fixture, guint index)
{
    queues_play(fixture->queues, "paper", queue_entry(queue(fixture), index)->id, on_started,
                fixture);
    settle();
    g_assert_no_error(fixture->error);
}

static const char *
current(const Fixture *fixture)
{
    return queue_current(queue(fixture)) != NULL ? queue_current(queue(fixture))->item_id : "-";
}

/* What the screen was told since it was asked last, addresses cut to the item's id. */
static void
assert_told(Fixture *fixture, const char *expected)
{
    static GRegex *address = NULL;

    settle();
    if (address == NULL)
        address = g_regex_new("http://127.0.0.1:8380/media/([^/]*)/[^@;]*", 0, 0, NULL);
    g_autofree char *told =
        g_regex_replace(address, fixture->paper->trace->str, -1, 0, "\\1", 0, NULL);
    g_assert_cmpstr(told, ==, expected);
    g_string_truncate(fixture->paper->trace, 0);
}

/* The screen comes to the end of what it plays, without anything that follows. */
static void
run_out(Fixture *fixture)
{
    Screen *screen = &fixture->paper->base;
    PlaybackStatus status = { 0 };

    paper_screen_set(screen, PLAYBACK_PLAYING, 59000);
    playback_status_copy(&status, &screen->status);
    status.state = PLAYBACK_STOPPED;
    status.position_ms = 0;
    playback_media_free(status.next);
    status.next = NULL;
    screen_set_status(screen, &status);
    settle();
}

/* -- What the screen does ---------------------------------------------------------------------- */

static void
test_gapless(Fixture *fixture, gconstpointer data)
{
    add(fixture, "123");
    assert_told(fixture, "");
    play(fixture, 0);
    g_assert_true(queues_is_playing(fixture->queues, "paper"));
    assert_told(fixture, "open 1@0;set-next 2;");
    paper_screen_run_over(&fixture->paper->base);
    g_assert_cmpstr(current(fixture), ==, "2");
    assert_told(fixture, "set-next 3;");
    paper_screen_run_over(&fixture->paper->base);
    g_assert_cmpstr(current(fixture), ==, "3");
    assert_told(fixture, "");
    run_out(fixture);
    assert_told(fixture, "");
    g_assert_false(queues_is_playing(fixture->queues, "paper"));
    g_assert_cmpstr(current(fixture), ==, "3");
}

/* A screen that says yes to what follows, and forgets it. */
static void
test_not_gapless(Fixture *fixture, gconstpointer data)
{
    add(fixture, "12");
    play(fixture, 0);
    assert_told(fixture, "open 1@0;set-next 2;");
    run_out(fixture);
    assert_told(fixture, "open 2@0;");
    g_assert_cmpstr(current(fixture), ==, "2");
}

static const struct {
    PlaybackState state;
    int64_t position_ms;
    int64_t later_ms; /* that the stop is told */
    bool is_held;
    bool goes_on;
} stops[] = {
    { PLAYBACK_PLAYING, 59000, 0, false, true },
    { PLAYBACK_PLAYING, 57500, 0, false, true },
    { PLAYBACK_PLAYING, 55000, 4000, false, true },  /* what was told is old */
    { PLAYBACK_PAUSED, 55000, 4000, false, false },
    { PLAYBACK_PLAYING, 30000, 0, false, false },    /* somebody stopped it there */
    { PLAYBACK_PLAYING, 59000, 0, true, false },     /* or here */
    { PLAYBACK_PLAYING, 59000, 3600000, false, false }, /* a screen that was asleep */
};

static void
test_stops(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(stops); i++) {
        Fixture fixture = { 0 };
        set_up(&fixture, NULL);
        add(&fixture, "12");
        play(&fixture, 0);
        paper_screen_set(&fixture.paper->base, stops[i].state, stops[i].position_ms);
        clock_advance(fixture.clock, stops[i].later_ms);
        if (stops[i].is_held)
            queues_hold(fixture.queues, "paper");
        paper_screen_set(&fixture.paper->base, PLAYBACK_STOPPED, 0);
        g_test_message("stop %u", i);
        assert_told(&fixture, stops[i].goes_on ? "open 1@0;set-next 2;open 2@0;"
                                               : "open 1@0;set-next 2;");
        g_assert_cmpint(queues_is_playing(fixture.queues, "paper"), ==, stops[i].goes_on);
        tear_down(&fixture, NULL);
    }
}

static void
test_stopped_and_started_again(Fixture *fixture, gconstpointer data)
{
    add(fixture, "12");
    play(fixture, 0);
    paper_screen_set(&fixture->paper->base, PLAYBACK_STOPPED, 0);
    g_assert_false(queues_is_playing(fixture->queues, "paper"));
    paper_screen_set(&fixture->paper->base, PLAYBACK_PLAYING, 100);
    g_assert_true(queues_is_playing(fixture->queues, "paper"));
    assert_told(fixture, "open 1@0;set-next 2;set-next 2;");
}

static void
on_done(Screen *screen, const GError *error, gpointer user_data)
{
    g_assert_no_error(error);
}

static void
test_somebody_plays_something_else(Fixture *fixture, gconstpointer data)
{
    PlaybackMedia media = { .uri = (char *)"http://h/other.mp3", .kind = MEDIA_AUDIO };

    add(fixture, "12");
    play(fixture, 0);
    assert_told(fixture, "open 1@0;set-next 2;");
    screen_command(&fixture->paper->base,
                   &(ScreenCommand){ .verb = SCREEN_OPEN, .media = &media }, NULL, on_done, NULL);
    settle();
    g_assert_false(queues_is_playing(fixture->queues, "paper"));
    run_out(fixture);
    assert_told(fixture, "open http://h/other.mp3@0;");
    g_assert_cmpuint(queue_length(queue(fixture)), ==, 2);
}

static void
test_cannot_be_played(Fixture *fixture, gconstpointer data)
{
    add(fixture, "1662");
    play(fixture, 0);
    run_out(fixture);
    assert_told(fixture, "open 1@0;open 2@0;");
    g_assert_cmpstr(current(fixture), ==, "2");
    queue_clear(queues_edit(fixture->queues, "paper"));
    add(fixture, "66");
    queue_set_repeat(queues_edit(fixture->queues, "paper"), QUEUE_REPEAT_ALL);
    queues_step(fixture->queues, "paper", QUEUE_NEXT, on_started, fixture);
    settle();
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
    assert_told(fixture, "");
}

static void
test_breaks_off(Fixture *fixture, gconstpointer data)
{
    PlaybackStatus status = { 0 };

    add(fixture, "123");
    play(fixture, 0);
    playback_status_copy(&status, &fixture->paper->base.status);
    status.state = PLAYBACK_STOPPED;
    status.position_ms = 20000;
    status.problem = g_strdup("it could not play it");
    screen_set_status(&fixture->paper->base, &status);
    assert_told(fixture, "open 1@0;set-next 2;open 2@0;set-next 3;");
}

static void
test_goes_away_and_comes_back(Fixture *fixture, gconstpointer data)
{
    PlaybackStatus status = { 0 };

    add(fixture, "12");
    play(fixture, 0);
    playback_status_copy(&status, &fixture->paper->base.status);
    paper_screen_set(&fixture->paper->base, PLAYBACK_OFFLINE, 0);
    g_assert_false(queues_is_playing(fixture->queues, "paper"));
    clock_advance(fixture->clock, 10000);
    status.position_ms = 10000;
    screen_set_status(&fixture->paper->base, &status);
    g_assert_true(queues_is_playing(fixture->queues, "paper"));
    assert_told(fixture, "open 1@0;set-next 2;set-next 2;");
    screens_remove(fixture->screens, "paper");
    clock_advance(fixture->clock, 8 * 3600 * 1000);
    add_screen(fixture); /* it was switched off, and on in the evening */
    assert_told(fixture, "");
    g_assert_cmpuint(queue_length(queue(fixture)), ==, 2);
}

/* -- Pictures ---------------------------------------------------------------------------------- */

static void
test_slide_show(Fixture *fixture, gconstpointer data)
{
    add(fixture, "451");
    queue_set_picture_ms(queues_edit(fixture->queues, "paper"), 5000);
    play(fixture, 0);
    assert_told(fixture, "open 4@0;");
    clock_advance(fixture->clock, 4900);
    assert_told(fixture, "");
    clock_advance(fixture->clock, 200);
    assert_told(fixture, "open 5@0;");
    paper_screen_set(&fixture->paper->base, PLAYBACK_PAUSED, 0); /* somebody wants to look at it */
    clock_advance(fixture->clock, 60000);
    assert_told(fixture, "");
    paper_screen_set(&fixture->paper->base, PLAYBACK_PLAYING, 0);
    clock_advance(fixture->clock, 5000);
    assert_told(fixture, "open 1@0;");
}

static void
test_last_picture_stays(Fixture *fixture, gconstpointer data)
{
    add(fixture, "4");
    play(fixture, 0);
    clock_advance(fixture->clock, 60000);
    assert_told(fixture, "open 4@0;");
    queue_set_repeat(queues_edit(fixture->queues, "paper"), QUEUE_REPEAT_ALL);
    queues_edited(fixture->queues, "paper");
    clock_advance(fixture->clock, 60000);
    assert_told(fixture, "");
}

/* -- What people do ---------------------------------------------------------------------------- */

static void
test_changes_while_it_plays(Fixture *fixture, gconstpointer data)
{
    add(fixture, "123");
    play(fixture, 0);
    assert_told(fixture, "open 1@0;set-next 2;");
    queue_move(queues_edit(fixture->queues, "paper"), queue_entry(queue(fixture), 2)->id, 1);
    queues_edited(fixture->queues, "paper");
    assert_told(fixture, "set-next 3;");
    queue_set_repeat(queues_edit(fixture->queues, "paper"), QUEUE_REPEAT_ONE);
    queues_edited(fixture->queues, "paper");
    assert_told(fixture, "set-next;"); /* the same again is started when it has ended */
    run_out(fixture);
    assert_told(fixture, "open 1@0;");
    queue_set_repeat(queues_edit(fixture->queues, "paper"), QUEUE_REPEAT_OFF);
    queue_remove(queues_edit(fixture->queues, "paper"), queue_entry(queue(fixture), 0)->id);
    queues_edited(fixture->queues, "paper");
    paper_screen_set(&fixture->paper->base, PLAYBACK_PLAYING, 20000);
    /* what plays is gone from the queue, which goes on all the same */
    assert_told(fixture, "set-next 3;");
    g_assert_cmpstr(current(fixture), ==, "-");
    run_out(fixture);
    g_assert_cmpstr(current(fixture), ==, "3");
    assert_told(fixture, "open 3@0;set-next 2;");
    queue_clear(queues_edit(fixture->queues, "paper"));
    queues_edited(fixture->queues, "paper");
    paper_screen_set(&fixture->paper->base, PLAYBACK_PLAYING, 20000);
    add(fixture, "1");
    assert_told(fixture, "set-next;set-next 1;");
}

static void
test_steps(Fixture *fixture, gconstpointer data)
{
    add(fixture, "12");
    play(fixture, 0);
    queues_step(fixture->queues, "paper", QUEUE_NEXT, on_started, fixture);
    assert_told(fixture, "open 1@0;set-next 2;open 2@0;");
    queues_step(fixture->queues, "paper", QUEUE_NEXT, on_started, fixture);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_CONFLICT);
    queues_step(fixture->queues, "paper", QUEUE_PREVIOUS, on_started, fixture);
    assert_told(fixture, "open 1@0;set-next 2;");
    g_assert_no_error(fixture->error);
    queues_play(fixture->queues, "paper", 99, on_started, fixture);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
}

static void
test_film_goes_on_where_it_was(Fixture *fixture, gconstpointer data)
{
    add(fixture, "71");
    play(fixture, 0);
    assert_told(fixture, "open 7@33000;set-next 1;");
    queues_cast(fixture->queues, &(CastWish){ .screen = "paper", .item_id = "7", .person = "Anna",
                                              .when = CAST_LATER },
                QUEUES_AT_ONCE, on_started, fixture);
    assert_told(fixture, "open 7@44000;");
}

static void
retune(Fixture *fixture, const char *sound, const char *subtitle)
{
    queues_retune(fixture->queues, "paper", sound, subtitle, on_started, fixture);
    settle();
}

static void
test_other_tracks(Fixture *fixture, gconstpointer data)
{
    const Cast *cast;

    retune(fixture, NULL, "none");
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_CONFLICT);
    add(fixture, "17");
    play(fixture, 1);
    add(fixture, "2");
    paper_screen_set(&fixture->paper->base, PLAYBACK_PLAYING, 41000);
    assert_told(fixture, "open 7@33000;set-next 2;");
    retune(fixture, NULL, "none");
    g_assert_no_error(fixture->error);
    assert_told(fixture, "open 7@41000;set-next 2;");
    g_assert_true(queues_is_playing(fixture->queues, "paper"));
    g_assert_cmpuint(queue_length(queue(fixture)), ==, 3);
    cast = casts_on(fixture->casts, "paper", fixture->paper->base.status.media);
    g_assert_cmpstr(cast->subtitle, ==, "none");
    g_assert_cmpstr(queue_current(queue(fixture))->subtitle, ==, "none");
    retune(fixture, NULL, "tlh"); /* it has none: all is as it was */
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_assert_true(queues_is_playing(fixture->queues, "paper"));
    assert_told(fixture, "set-next 2;");
    run_out(fixture);
    g_assert_cmpstr(current(fixture), ==, "2");
}

static void
test_container(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    add(fixture, "7");
    g_assert_cmpuint(queues_add(fixture->queues, "paper", "8", true, &error), !=, 0);
    g_assert_cmpuint(queue_length(queue(fixture)), ==, 4);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpstr(queue_entry(queue(fixture), i)->item_id, ==, objects[i].id);
    g_assert_cmpuint(queues_add(fixture->queues, "paper", "9", true, &error), ==, 0);
    g_assert_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
}

static void
cast(Fixture *fixture, const char *item, CastWhen when)
{
    queues_cast(fixture->queues, &(CastWish){ .screen = "paper", .item_id = item, .when = when },
                QUEUES_IF_IDLE, on_started, fixture);
    settle();
}

static void
test_casts(Fixture *fixture, gconstpointer data)
{
    cast(fixture, "1", CAST_LATER); /* nothing plays: it does */
    assert_told(fixture, "open 1@0;");
    cast(fixture, "2", CAST_LATER);
    cast(fixture, "3", CAST_NEXT);
    assert_told(fixture, "set-next 2;set-next 3;");
    g_assert_cmpuint(queue_length(queue(fixture)), ==, 3);
    g_assert_cmpint(((const Cast *)casts_list(fixture->casts)->pdata[0])->state, ==, CAST_QUEUED);
    cast(fixture, "6", CAST_NOW); /* is refused: all is as it was */
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
    g_assert_true(queues_is_playing(fixture->queues, "paper"));
    assert_told(fixture, "set-next 3;");
    cast(fixture, "2", CAST_NOW);
    assert_told(fixture, "open 2@0;");
    g_assert_cmpuint(queue_length(queue(fixture)), ==, 1);
    g_assert_true(queues_is_playing(fixture->queues, "paper"));
    for (guint i = 1; i < casts_list(fixture->casts)->len; i++)
        g_assert_cmpint(((const Cast *)casts_list(fixture->casts)->pdata[i])->state, ==,
                        CAST_ENDED);
}

/* -- Keeping ----------------------------------------------------------------------------------- */

static void
start_again(Fixture *fixture)
{
    queues_free(fixture->queues);
    fixture->queues = queues_new(fixture->screens, fixture->casts, &fixture->catalog,
                                 fixture->folder, fixture->clock);
}

static void
test_restart(Fixture *fixture, gconstpointer data)
{
    add(fixture, "123");
    play(fixture, 0);
    assert_told(fixture, "open 1@0;set-next 2;");
    start_again(fixture);
    g_assert_cmpuint(queue_length(queue(fixture)), ==, 3);
    paper_screen_run_over(&fixture->paper->base); /* it went on meanwhile */
    g_assert_cmpstr(current(fixture), ==, "2");
    assert_told(fixture, "set-next 3;");
    start_again(fixture);
    paper_screen_set(&fixture->paper->base, PLAYBACK_STOPPED, 0); /* nobody knows why */
    assert_told(fixture, "");
    g_assert_cmpstr(current(fixture), ==, "2");
    queue_clear(queues_edit(fixture->queues, "paper"));
    queues_edited(fixture->queues, "paper");
    start_again(fixture);
    g_assert_false(queues_has(fixture->queues, "paper"));
}

/* -- Music to pictures --------------------------------------------------------------------------- */

static void
assert_beside(Screen *beside, const char *expected)
{
    GString *trace = ((PaperScreen *)beside)->trace;

    settle();
    g_assert_cmpstr(trace->str, ==, expected);
    g_string_truncate(trace, 0);
}

static Screen *
add_beside(Fixture *fixture)
{
    Screen *beside = paper_screen_new();

    g_free(beside->id);
    g_free(beside->address);
    beside->id = g_strdup("paper" SCREEN_MUSIC);
    beside->address = g_strdup("127.0.0.1");
    beside->is_beside = true;
    screens_add(fixture->screens, beside);
    return beside;
}

static void
test_music(Fixture *fixture, gconstpointer data)
{
    static const char song[] = "open http://127.0.0.1:8380/media/1/1.mp3@0;";
    Screen *beside = add_beside(fixture);
    g_autoptr(SlideMusic) music = slide_music_new(fixture->screens, fixture->queues);

    g_assert_cmpuint(screens_list(fixture->screens)->len, ==, 1); /* people see one */
    g_assert_true(screens_find(fixture->screens, "pap", NULL) == &fixture->paper->base);
    g_assert_true(screens_beside(fixture->screens, &fixture->paper->base) == beside);
    g_assert_null(screens_beside(fixture->screens, beside));
    g_assert_cmpuint(queues_add(fixture->queues, beside->id, "1", false, NULL), !=, 0);
    queues_edited(fixture->queues, beside->id);
    add(fixture, "453");
    play(fixture, 0);
    assert_beside(beside, song);
    clock_advance(fixture->clock, 10000); /* the next picture */
    assert_told(fixture, "open 4@0;open 5@0;");
    assert_beside(beside, "");
    paper_screen_set(&fixture->paper->base, PLAYBACK_PAUSED, 0);
    assert_beside(beside, "pause;");
    paper_screen_set(&fixture->paper->base, PLAYBACK_PLAYING, 0);
    assert_beside(beside, "play;");
    clock_advance(fixture->clock, 10000); /* a song is no picture */
    assert_beside(beside, "stop;");
    play(fixture, 0);
    assert_beside(beside, song);
    queues_hold(fixture->queues, "paper");
    paper_screen_set(&fixture->paper->base, PLAYBACK_STOPPED, 0);
    assert_beside(beside, "stop;");
    queue_clear(queues_edit(fixture->queues, beside->id));
    queues_edited(fixture->queues, beside->id);
    play(fixture, 0); /* without a list there is none */
    assert_beside(beside, "");
}

static void
test_hand_over(Fixture *fixture, gconstpointer data)
{
    add(fixture, "123");
    play(fixture, 1);
    queues_hand_over(fixture->queues, "paper", "other");
    g_assert_false(queues_has(fixture->queues, "paper"));
    g_assert_cmpuint(queue_length(queues_get(fixture->queues, "other")), ==, 3);
    g_assert_cmpstr(queue_current(queues_get(fixture->queues, "other"))->item_id, ==, "2");
    queue_clear(queues_edit(fixture->queues, "other"));
    queues_edited(fixture->queues, "other");
}

#define TEST(path, func) g_test_add("/appliance/queues/" path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("gapless", test_gapless);
    TEST("not-gapless", test_not_gapless);
    g_test_add_func("/appliance/queues/stops", test_stops);
    TEST("stopped-and-started-again", test_stopped_and_started_again);
    TEST("somebody-plays-something-else", test_somebody_plays_something_else);
    TEST("cannot-be-played", test_cannot_be_played);
    TEST("breaks-off", test_breaks_off);
    TEST("goes-away-and-comes-back", test_goes_away_and_comes_back);
    TEST("slide-show", test_slide_show);
    TEST("last-picture-stays", test_last_picture_stays);
    TEST("changes-while-it-plays", test_changes_while_it_plays);
    TEST("steps", test_steps);
    TEST("film-goes-on-where-it-was", test_film_goes_on_where_it_was);
    TEST("other-tracks", test_other_tracks);
    TEST("container", test_container);
    TEST("casts", test_casts);
    TEST("restart", test_restart);
    TEST("music", test_music);
    TEST("hand-over", test_hand_over);
    return g_test_run();
}
