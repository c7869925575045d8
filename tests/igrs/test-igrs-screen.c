/* test-igrs-screen.c -- a screen driven over the wire: the real AV services on one node, the Screen
 * port on the other, and at the far end a screen that writes down what it is told */
#include "tests/igrs/two-nodes.h"

#include "av/av.h"
#include "base/error.h"
#include "igrs/igrs-screen.h"
#include "tests/support/paper-screen.h"

#include <string.h>

#define FILM "http://10.0.0.9/media/1/film.mp4"
#define SINK "http-get:*:video/mp4:*,http-get:*:audio/mpeg:*"

typedef struct {
    TwoNodes two; /* first */
    Screen *paper;
    Service *services[3];
    Screen *screen;
    ServiceTable transport_table; /* the player's, but for */
    ServiceAction transport_actions[32];
} Fixture;

/* What the player was asked last while its answers are held back, with what was true then. */
static bool holds_positions;
/* What plays in truth, while its events are lost; NULL: they are not. */
static const char *other_track;
static ServiceCall *held_position;
static void (*tell_position)(Service *service, ServiceCall *call);

static void
hold_position(Service *service, ServiceCall *call)
{
    if (!holds_positions && other_track == NULL) {
        tell_position(service, call);
        return;
    }
    service_call_put_text(call, "TrackURI", other_track != NULL ? other_track : FILM);
    service_call_put_text(call, "RelTime", "0:00:07");
    if (other_track != NULL) {
        service_call_return(call);
        return;
    }
    g_assert_null(held_position);
    held_position = call;
}

static void
let_positions_go(void)
{
    holds_positions = false;
    service_call_return(g_steal_pointer(&held_position));
}

static Service *
player_new(Fixture *fixture)
{
    Service *player = av_transport_new(fixture->paper, fixture->two.clock);
    ServiceAction *action = fixture->transport_actions;

    fixture->transport_table = *player->table;
    fixture->transport_table.actions = action;
    for (const ServiceAction *from = player->table->actions; from->name != NULL; from++, action++) {
        g_assert_cmpint(action - fixture->transport_actions, <,
                        G_N_ELEMENTS(fixture->transport_actions) - 1);
        *action = *from;
        if (strcmp(action->name, "GetPositionInfo") == 0) {
            tell_position = action->invoke;
            action->invoke = hold_position;
        }
    }
    player->table = &fixture->transport_table;
    return player;
}

static void
host(TwoNodes *two, IgrsNode *node)
{
    Fixture *fixture = (Fixture *)two;

    if (fixture->services[0] == NULL) {
        fixture->services[0] = connection_manager_new("", SINK);
        fixture->services[1] = player_new(fixture);
        fixture->services[2] = rendering_control_new(fixture->paper, two->clock);
    }
    igrs_node_add_service(node, AV_CONNECTION_MANAGER_ID, fixture->services[0], "Connections");
    igrs_node_add_service(node, AV_TRANSPORT_ID, fixture->services[1], "Player");
    igrs_node_add_service(node, AV_RENDERING_CONTROL_ID, fixture->services[2], "Sound");
}

/* Runs the loop until is_so(fixture); fails the test after a minute. */
static void
wait_until(Fixture *fixture, bool (*is_so)(const Fixture *fixture))
{
    WAIT_UNTIL(is_so(fixture));
}

static bool
is_idle(const Fixture *fixture)
{
    return fixture->screen->status.state == PLAYBACK_IDLE &&
           fixture->screen->sink_protocols != NULL;
}

static bool
is_playing(const Fixture *fixture)
{
    return fixture->screen->status.state == PLAYBACK_PLAYING;
}

/* The state and the media are told by two answers where no event came first. */
static bool
is_playing_the_film(const Fixture *fixture)
{
    const PlaybackMedia *media = fixture->screen->status.media;

    return is_playing(fixture) && media != NULL && g_strcmp0(media->uri, FILM) == 0;
}

static bool
is_paused(const Fixture *fixture)
{
    return fixture->screen->status.state == PLAYBACK_PAUSED;
}

static bool
is_stopped(const Fixture *fixture)
{
    return fixture->screen->status.state == PLAYBACK_STOPPED;
}

static bool
is_offline(const Fixture *fixture)
{
    return fixture->screen->status.state == PLAYBACK_OFFLINE;
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->two.host = host;
    fixture->paper = paper_screen_new();
    two_nodes_set_up(&fixture->two, NULL);
    two_nodes_wait_events(&fixture->two, "o");
    const Device *device = igrs_node_find_device(fixture->two.remote, LAMP_ID);
    g_assert_true(igrs_screen_fits(device));
    fixture->screen = igrs_screen_new(fixture->two.client, fixture->two.clock, device);
    wait_until(fixture, is_idle);
}

/* The services' timers run on the clock that the nodes share. */
static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    screen_free(fixture->screen);
    igrs_node_free(fixture->two.lamp);
    fixture->two.lamp = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(fixture->services); i++)
        service_free(fixture->services[i]);
    two_nodes_tear_down(&fixture->two, NULL);
    screen_free(fixture->paper);
}

typedef struct {
    bool is_there;
    GError *error;
} Result;

static void
on_done(Screen *screen, const GError *error, gpointer user_data)
{
    Result *result = user_data;

    g_assert_nonnull(screen);
    g_assert_false(result->is_there);
    result->is_there = true;
    result->error = error != NULL ? g_error_copy(error) : NULL;
}

static void
command(Fixture *fixture, const ScreenCommand *what)
{
    Result result = { 0 };

    screen_command(fixture->screen, what, NULL, on_done, &result);
    g_assert_false(result.is_there);
    two_nodes_wait(&result.is_there);
    g_assert_no_error(result.error);
}

static void
open_film(Fixture *fixture, int64_t position_ms)
{
    const PlaybackMedia film = { .uri = (char *)FILM, .mime = (char *)"video/mp4",
                                 .title = (char *)"A film", .item_id = (char *)"17",
                                 .kind = MEDIA_VIDEO, .duration_ms = 60000 };

    command(fixture, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = &film,
                                       .position_ms = position_ms });
    wait_until(fixture, is_playing);
}

static void
assert_told(Fixture *fixture, const char *expected)
{
    PaperScreen *paper = (PaperScreen *)fixture->paper;

    g_assert_cmpstr(paper->trace->str, ==, expected);
    g_string_truncate(paper->trace, 0);
}

static void
test_facts(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_assert_cmpstr(fixture->screen->id, ==, LAMP_UUID);
    g_assert_cmpstr(fixture->screen->kind, ==, "igrs");
    g_assert_cmpstr(fixture->screen->name, ==, "Lamp in the hall");
    g_assert_cmpstr(fixture->screen->sink_protocols, ==, SINK);
    g_assert_cmpint(fixture->screen->status.volume, ==, 40);
}

static void
test_open(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    open_film(fixture, 0);
    assert_told(fixture, "open " FILM "@0;");
    g_assert_cmpstr(fixture->screen->status.media->uri, ==, FILM);
    g_assert_cmpstr(fixture->screen->status.media->item_id, ==, "17"); /* we know what we sent */
    g_assert_cmpint(fixture->screen->status.duration_ms, ==, 60000);
    g_assert_true(fixture->screen->status.is_seekable);
    open_film(fixture, 5000);
    assert_told(fixture, "stop;open " FILM "@5000;");
}

static bool
is_at_7_s(const Fixture *fixture)
{
    return fixture->screen->status.position_ms == 7000;
}

static bool
is_quiet(const Fixture *fixture)
{
    return fixture->screen->status.volume == 15 && fixture->screen->status.is_muted;
}

static void
test_verbs(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    open_film(fixture, 0);
    assert_told(fixture, "open " FILM "@0;");
    paper_screen_set(fixture->paper, PLAYBACK_PLAYING, 7000); /* nobody tells: it is asked */
    wait_until(fixture, is_at_7_s);
    command(fixture, &(ScreenCommand){ .verb = SCREEN_PAUSE });
    wait_until(fixture, is_paused);
    command(fixture, &(ScreenCommand){ .verb = SCREEN_PLAY });
    wait_until(fixture, is_playing);
    command(fixture, &(ScreenCommand){ .verb = SCREEN_SEEK, .position_ms = 30500 });
    command(fixture, &(ScreenCommand){ .verb = SCREEN_VOLUME, .volume = 15 });
    command(fixture, &(ScreenCommand){ .verb = SCREEN_MUTE, .is_muted = true });
    assert_told(fixture, "pause;play;seek@30500;volume 15;mute 1;");
    wait_until(fixture, is_quiet);
    command(fixture, &(ScreenCommand){ .verb = SCREEN_STOP });
    assert_told(fixture, "stop;");
}

static bool
is_asked(const Fixture *fixture G_GNUC_UNUSED)
{
    return held_position != NULL;
}

static bool
is_at_30_5_s(const Fixture *fixture)
{
    return fixture->screen->status.position_ms == 30500;
}

/* While it is paused nobody asks by the clock: the answer to what was asked before it went
 * elsewhere, come later, must not be the last word. */
static void
test_old_answer(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    open_film(fixture, 0);
    paper_screen_set(fixture->paper, PLAYBACK_PLAYING, 7000);
    wait_until(fixture, is_at_7_s);
    command(fixture, &(ScreenCommand){ .verb = SCREEN_PAUSE });
    wait_until(fixture, is_paused);
    holds_positions = true;
    screen_look(fixture->screen);
    wait_until(fixture, is_asked);
    command(fixture, &(ScreenCommand){ .verb = SCREEN_SEEK, .position_ms = 30500 });
    let_positions_go();
    wait_until(fixture, is_at_30_5_s);
}

/* Stopped while it was asked where it stands: it stands nowhere. */
static void
test_overtaken_by_event(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    open_film(fixture, 0);
    holds_positions = true;
    wait_until(fixture, is_asked);
    paper_screen_set(fixture->paper, PLAYBACK_STOPPED, 0);
    wait_until(fixture, is_stopped);
    let_positions_go();
    two_nodes_run(&fixture->two, 300);
    g_assert_cmpint(fixture->screen->status.position_ms, ==, 0);
}

static bool
is_elsewhere(const Fixture *fixture)
{
    const PlaybackMedia *media = fixture->screen->status.media;

    return media != NULL && g_strcmp0(media->uri, other_track) == 0;
}

/* What it says when it is asked is believed in the end, though no event comes. */
static void
test_lost_events(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    open_film(fixture, 0);
    other_track = "http://10.0.0.9/media/2/another.mp4";
    wait_until(fixture, is_elsewhere);
    other_track = NULL;
    wait_until(fixture, is_playing_the_film);
    fixture->paper->status.state = PLAYBACK_PAUSED; /* and its observers are not told */
    wait_until(fixture, is_paused);
}

static void
test_refusal(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    const PlaybackMedia film = { .uri = (char *)FILM, .mime = (char *)"video/mp4" };
    PaperScreen *paper = (PaperScreen *)fixture->paper;
    Result result = { 0 };

    paper->refusal = g_error_new(DUO_ERROR, DUO_ERROR_UNSUPPORTED, "no decoder for this");
    screen_command(fixture->screen, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = &film }, NULL,
                   on_done, &result);
    two_nodes_wait(&result.is_there);
    g_assert_error(result.error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
    g_assert_cmpstr(result.error->message, ==, "no decoder for this");
    g_clear_error(&result.error);

    result.is_there = false; /* nothing is loaded that could follow */
    screen_command(fixture->screen, &(ScreenCommand){ .verb = SCREEN_NEXT }, NULL, on_done,
                   &result);
    two_nodes_wait(&result.is_there);
    g_assert_nonnull(result.error);
    g_clear_error(&result.error);
}

/* Killed without a word while it plays; then started again. */
static void
test_killed(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    open_film(fixture, 0);
    igrs_node_free(fixture->two.lamp);
    fixture->two.lamp = NULL;
    wait_until(fixture, is_offline);
    g_assert_null(fixture->screen->status.media);
    two_nodes_start_lamp(&fixture->two);
    wait_until(fixture, is_playing_the_film);
}

static void
on_stopped(gpointer user_data)
{
    *(bool *)user_data = true;
}

static void
test_byebye(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    bool has_ended = false;
    Result result = { 0 };

    igrs_node_stop(fixture->two.lamp, on_stopped, &has_ended);
    wait_until(fixture, is_offline);
    screen_command(fixture->screen, &(ScreenCommand){ .verb = SCREEN_PLAY }, NULL, on_done,
                   &result);
    two_nodes_wait(&result.is_there);
    g_assert_error(result.error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    g_clear_error(&result.error);
    two_nodes_wait(&has_ended);
    igrs_node_free(fixture->two.lamp);
    two_nodes_start_lamp(&fixture->two);
    wait_until(fixture, is_idle);
}

/* The screen goes while its commands are under way. */
static void
test_freed_in_mid_command(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    const PlaybackMedia film = { .uri = (char *)FILM, .mime = (char *)"video/mp4" };
    Result one = { 0 }, two = { 0 };

    screen_command(fixture->screen, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = &film }, NULL,
                   on_done, &one);
    two_nodes_run(&fixture->two, 1);
    screen_command(fixture->screen, &(ScreenCommand){ .verb = SCREEN_STOP }, NULL, on_done, &two);
    screen_free(fixture->screen);
    fixture->screen = NULL;
    g_assert_true(one.is_there || two.is_there);
    g_assert_error(two.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&one.error);
    g_clear_error(&two.error);
    two_nodes_run(&fixture->two, 200);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/screen/facts", test_facts);
    ADD("/igrs/screen/open", test_open);
    ADD("/igrs/screen/verbs", test_verbs);
    ADD("/igrs/screen/old-answer", test_old_answer);
    ADD("/igrs/screen/overtaken-by-event", test_overtaken_by_event);
    ADD("/igrs/screen/lost-events", test_lost_events);
    ADD("/igrs/screen/refusal", test_refusal);
    ADD("/igrs/screen/killed", test_killed);
    ADD("/igrs/screen/byebye", test_byebye);
    ADD("/igrs/screen/freed-in-mid-command", test_freed_in_mid_command);
    return g_test_run();
}
