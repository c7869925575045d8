/* test-av-transport.c -- AVTransport and RenderingControl drive a screen and tell of it */
#include "av/av.h"
#include "base/error.h"
#include "support/paper-screen.h"
#include "support/service-client.h"
#include "wire/last-change.h"

#include <string.h>

#define FILM "http://h/film.mp4"
#define SONG "http://h/song.mp3"

typedef struct {
    Clock *clock;
    Screen *screen;
    Service *transport, *rendering;
    guint events; /* LastChange that were told */
} Fixture;

static void
on_event(gconstpointer event, gpointer data)
{
    g_assert_cmpstr(event, ==, "LastChange");
    ((Fixture *)data)->events++;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->clock = clock_new_fake();
    fixture->screen = paper_screen_new();
    fixture->transport = av_transport_new(fixture->screen, fixture->clock);
    fixture->rendering = rendering_control_new(fixture->screen, fixture->clock);
    fixture->events = 0;
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
    service_free(fixture->transport);
    service_free(fixture->rendering);
    screen_free(fixture->screen);
    clock_free(fixture->clock);
}

#define CALL(action, ...)                                                                          \
    service_client_call(fixture->transport, action, NULL, "InstanceID=0", ##__VA_ARGS__, NULL)
#define RENDER(action, ...)                                                                        \
    service_client_call(fixture->rendering, action, NULL, "InstanceID=0", ##__VA_ARGS__, NULL)

static int
load(Fixture *fixture, const char *uri)
{
    g_autofree char *argument = g_strconcat("CurrentURI=", uri, NULL);

    return CALL("SetAVTransportURI", argument, "CurrentURIMetaData=");
}

/* One out-argument of an action without in-arguments. */
#define assert_told(action, name, expected)                                                        \
    G_STMT_START                                                                                   \
    {                                                                                              \
        g_autofree char *out_ = NULL;                                                              \
        g_assert_cmpint(                                                                           \
            service_client_call(fixture->transport, action, &out_, "InstanceID=0", NULL), ==, 0);  \
        g_autofree char *value_ = service_client_value(out_, name);                                \
        g_assert_cmpstr(value_, ==, expected);                                                     \
    }                                                                                              \
    G_STMT_END
#define assert_state(expected) assert_told("GetTransportInfo", "CurrentTransportState", expected)

static void
assert_done(Fixture *fixture, const char *expected)
{
    PaperScreen *paper = (PaperScreen *)fixture->screen;

    g_assert_cmpstr(paper->trace->str, ==, expected);
    g_string_truncate(paper->trace, 0);
}

static void
test_play(Fixture *fixture, gconstpointer data)
{
    assert_state("NO_MEDIA_PRESENT");
    g_assert_cmpint(CALL("Play", "Speed=1"), ==, 701);
    g_assert_cmpint(load(fixture, FILM), ==, 0);
    assert_done(fixture, "");
    assert_state("STOPPED");
    assert_told("GetMediaInfo", "CurrentURI", FILM);
    assert_told("GetCurrentTransportActions", "Actions", "Play,Stop,Seek");

    g_assert_cmpint(CALL("Play", "Speed=1"), ==, 0);
    assert_done(fixture, "open " FILM "@0;");
    assert_state("PLAYING");
    assert_told("GetCurrentTransportActions", "Actions", "Play,Stop,Pause,Seek,Previous");
    g_assert_cmpint(CALL("Play", "Speed=1"), ==, 0);
    assert_done(fixture, "");
    paper_screen_set(fixture->screen, PLAYBACK_PLAYING, 12345);
    assert_told("GetPositionInfo", "RelTime", "0:00:12.345");
    assert_told("GetPositionInfo", "TrackDuration", "0:01:00.000");
    assert_told("GetPositionInfo", "RelCount", "2147483647");

    g_assert_cmpint(CALL("Pause"), ==, 0);
    assert_state("PAUSED_PLAYBACK");
    g_assert_cmpint(CALL("Pause"), ==, 701);
    g_assert_cmpint(CALL("Play", "Speed=1"), ==, 0);
    assert_done(fixture, "pause;play;");
    g_assert_cmpint(CALL("Stop"), ==, 0);
    assert_done(fixture, "stop;");
    assert_state("STOPPED"); /* and the URI is kept */
    g_assert_cmpint(CALL("Stop"), ==, 0);
    g_assert_cmpint(CALL("Play", "Speed=1"), ==, 0);
    assert_done(fixture, "open " FILM "@0;");

    paper_screen_set(fixture->screen, PLAYBACK_LOADING, 0);
    assert_state("TRANSITIONING");
    g_assert_cmpint(CALL("Seek", "Unit=REL_TIME", "Target=0:00:01"), ==, 0);
    g_assert_cmpint(CALL("Pause"), ==, 0);
    paper_screen_set(fixture->screen, PLAYBACK_LOADING, 1000);
    g_assert_cmpint(CALL("Play", "Speed=1"), ==, 0); /* it was on its way to the pause */
    assert_done(fixture, "seek@1000;pause;play;");

    g_assert_cmpint(load(fixture, ""), ==, 0);
    assert_done(fixture, "stop;");
    assert_state("NO_MEDIA_PRESENT");
}

static void
test_seek(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *unit, *target;
        int code;
        const char *done;
    } cases[] = {
        { "Unit=REL_TIME", "Target=0:00:30", 0, "seek@30000;" },
        { "Unit=ABS_TIME", "Target=00:00:01.500", 0, "seek@1500;" },
        { "Unit=TRACK_NR", "Target=1", 0, "seek@0;" },
        { "Unit=TRACK_NR", "Target=2", 711, "" },
        { "Unit=REL_TIME", "Target=0:01:01", 711, "" },
        { "Unit=REL_TIME", "Target=-1", 711, "" },
        { "Unit=REL_TIME", "Target=", 711, "" },
        { "Unit=X_FRAME", "Target=1", 710, "" },
    };

    /* Before it plays: where it will begin. */
    load(fixture, FILM);
    g_assert_cmpint(CALL("Seek", "Unit=REL_TIME", "Target=0:00:20"), ==, 0);
    assert_told("GetPositionInfo", "RelTime", "0:00:20.000");
    CALL("Play", "Speed=1");
    assert_done(fixture, "open " FILM "@20000;");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s %s", cases[i].unit, cases[i].target);
        g_assert_cmpint(CALL("Seek", cases[i].unit, cases[i].target), ==, cases[i].code);
        assert_done(fixture, cases[i].done);
    }
    fixture->screen->status.is_seekable = false;
    g_assert_cmpint(CALL("Seek", "Unit=REL_TIME", "Target=0:00:01"), ==, 710);
}

static void
test_next(Fixture *fixture, gconstpointer data)
{
    load(fixture, FILM);
    g_assert_cmpint(CALL("Next"), ==, 711);
    g_assert_cmpint(CALL("SetNextAVTransportURI", "NextURI=" SONG, "NextURIMetaData="), ==, 0);
    assert_done(fixture, "");
    CALL("Play", "Speed=1");
    assert_done(fixture, "open " FILM "@0;set-next " SONG ";");
    assert_told("GetMediaInfo", "NextURI", SONG);

    /* The screen goes on by itself. */
    paper_screen_run_over(fixture->screen);
    assert_told("GetMediaInfo", "CurrentURI", SONG);
    assert_told("GetMediaInfo", "NextURI", "");
    assert_state("PLAYING");

    g_assert_cmpint(CALL("SetNextAVTransportURI", "NextURI=" FILM, "NextURIMetaData="), ==, 0);
    assert_done(fixture, "set-next " FILM ";");
    g_assert_cmpint(CALL("Next"), ==, 0);
    assert_done(fixture, "next;");
    assert_told("GetMediaInfo", "CurrentURI", FILM);

    /* While it plays, a new URI takes its place; while it pauses, it waits. */
    g_assert_cmpint(load(fixture, SONG), ==, 0);
    assert_done(fixture, "open " SONG "@0;");
    CALL("Pause");
    g_assert_cmpint(load(fixture, FILM), ==, 0);
    assert_done(fixture, "pause;stop;");
    assert_state("STOPPED");
    assert_told("GetMediaInfo", "CurrentURI", FILM);
}

static void
test_refusals(Fixture *fixture, gconstpointer data)
{
    static const struct {
        DuoError error;
        int code;
    } codes[] = {
        { DUO_ERROR_NOT_FOUND, 716 }, { DUO_ERROR_UNSUPPORTED, 714 }, { DUO_ERROR_BUSY, 715 },
        { DUO_ERROR_CONFLICT, 701 },  { DUO_ERROR_FAILED, 501 },
    };
    PaperScreen *paper = (PaperScreen *)fixture->screen;

    g_assert_cmpint(service_client_call(fixture->transport, "Stop", NULL, "InstanceID=1", NULL), ==,
                    718);
    g_assert_cmpint(service_client_call(fixture->transport, "Stop", NULL, NULL), ==, 402);
    g_assert_cmpint(load(fixture, "file:///etc/passwd"), ==, 716);
    g_assert_cmpint(load(fixture, "nonsense"), ==, 716);
    g_assert_cmpint(load(fixture, "http://h/a.mkv"), ==, 714);
    assert_state("NO_MEDIA_PRESENT");
    g_assert_cmpint(load(fixture, FILM), ==, 0);
    g_assert_cmpint(CALL("SetNextAVTransportURI", "NextURI=http://h/a.mkv", "NextURIMetaData="), ==,
                    714);
    g_assert_cmpint(CALL("Play", "Speed=2"), ==, 717);
    g_assert_cmpint(CALL("SetPlayMode", "NewPlayMode=RANDOM"), ==, 712);
    g_assert_cmpint(CALL("SetPlayMode", "NewPlayMode=NORMAL"), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        paper->refusal = g_error_new_literal(DUO_ERROR, codes[i].error, "no");
        g_assert_cmpint(CALL("Play", "Speed=1"), ==, codes[i].code);
        g_clear_error(&paper->refusal);
    }
}

static void
assert_last_change(Service *service, const char *name, const char *expected)
{
    g_autofree char *text = service->table->value(service, "LastChange");
    g_autoptr(LastChange) change = last_change_decode(text, NULL);

    g_assert_cmpstr(last_change_value(change, name), ==, expected);
}

static void
test_events(Fixture *fixture, gconstpointer data)
{
    observers_add(fixture->transport->observers, on_event, fixture);
    load(fixture, FILM);
    g_assert_cmpuint(fixture->events, ==, 1);
    assert_last_change(fixture->transport, "TransportState", "STOPPED");
    assert_last_change(fixture->transport, "AVTransportURI", FILM);

    /* What follows within 200 ms comes together. */
    CALL("Play", "Speed=1");
    CALL("Pause");
    g_assert_cmpuint(fixture->events, ==, 1);
    clock_advance(fixture->clock, 199);
    g_assert_cmpuint(fixture->events, ==, 1);
    clock_advance(fixture->clock, 1);
    g_assert_cmpuint(fixture->events, ==, 2);
    assert_last_change(fixture->transport, "TransportState", "PAUSED_PLAYBACK");

    /* A position is never told. */
    for (int i = 0; i < 10; i++) {
        clock_advance(fixture->clock, 1000);
        paper_screen_set(fixture->screen, PLAYBACK_PAUSED, 1000 * i);
    }
    clock_advance(fixture->clock, 1000);
    g_assert_cmpuint(fixture->events, ==, 2);
}

static void
test_rendering(Fixture *fixture, gconstpointer data)
{
    observers_add(fixture->rendering->observers, on_event, fixture);
    g_assert_cmpint(RENDER("SetVolume", "Channel=Master", "DesiredVolume=70"), ==, 0);
    g_assert_cmpint(RENDER("SetMute", "Channel=Master", "DesiredMute=true"), ==, 0);
    assert_done(fixture, "volume 70;mute 1;");
    g_autofree char *out = NULL;
    g_assert_cmpint(service_client_call(fixture->rendering, "GetVolume", &out, "InstanceID=0",
                                        "Channel=Master", NULL), ==, 0);
    g_assert_cmpstr(out, ==, "CurrentVolume=70\n");
    clock_advance(fixture->clock, 200);
    g_assert_cmpuint(fixture->events, ==, 2);
    assert_last_change(fixture->rendering, "Volume", "70");
    assert_last_change(fixture->rendering, "Mute", "1");

    g_assert_cmpint(RENDER("SetVolume", "Channel=Master", "DesiredVolume=101"), ==, 601);
    g_assert_cmpint(RENDER("SetVolume", "Channel=LF", "DesiredVolume=1"), ==, 703);
    g_assert_cmpint(RENDER("SelectPreset", "PresetName=X"), ==, 701);
    g_assert_cmpint(service_client_call(fixture->rendering, "GetMute", NULL, "InstanceID=7",
                                        "Channel=Master", NULL), ==, 702);
    g_assert_cmpint(RENDER("SelectPreset", "PresetName=FactoryDefaults"), ==, 0);
    assert_done(fixture, "mute 0;volume 40;");
}

/* Every argument of every action is related to a variable of its table, and evented ones have
 * values. */
static void
test_tables(Fixture *fixture, gconstpointer data)
{
    Service *services[] = { fixture->transport, fixture->rendering };

    for (guint i = 0; i < G_N_ELEMENTS(services); i++) {
        const ServiceTable *table = services[i]->table;
        for (const ServiceAction *action = table->actions; action->name != NULL; action++)
            for (const ServiceArgument *argument = action->arguments; argument->variable;
                 argument++)
                g_assert_nonnull(service_find_variable(table, argument->variable));
        for (const ServiceVariable *variable = table->variables; variable->name != NULL;
             variable++) {
            g_autofree char *value =
                variable->is_evented ? table->value(services[i], variable->name) : NULL;
            g_assert_true(!variable->is_evented || value != NULL);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add("/av/" path, Fixture, NULL, set_up, test, tear_down)
    ADD("transport/play", test_play);
    ADD("transport/seek", test_seek);
    ADD("transport/next", test_next);
    ADD("transport/refusals", test_refusals);
    ADD("transport/events", test_events);
    ADD("rendering", test_rendering);
    ADD("tables", test_tables);
    return g_test_run();
}
