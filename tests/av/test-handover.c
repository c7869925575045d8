/* test-handover.c -- Handover offers, accepts and releases what a screen plays, and refuses what
 * makes no sense; the clock is the test's */
#include "av/av.h"
#include "base/error.h"
#include "support/paper-screen.h"
#include "support/service-client.h"

#include <string.h>

#define FILM "http://h/film.mp4"
#define NEXT "http://h/next.mp4"

typedef struct {
    Clock *clock;
    Screen *screen;
    Service *service;
    bool has_screen;
    /* What was kept last, and the link. */
    HandoverState *kept;
    guint let_go;
    const char *key;
    HandoverState *beyond;
    char *taken; /* "source token" */
    HandoverTaken take;
    gpointer taking;
} Fixture;

static Screen *
screen_of(const char *asker, gpointer data)
{
    Fixture *fixture = data;

    return fixture->has_screen ? fixture->screen : NULL;
}

static void
fill(Screen *screen, HandoverState *state, gpointer data)
{
    state->now.sound = g_strdup("1");
}

static void
keep(Screen *screen, const HandoverState *state, gpointer data)
{
    Fixture *fixture = data;
    g_autofree char *text = handover_state_encode(state);

    handover_state_free(fixture->kept);
    fixture->kept = handover_state_decode(text, NULL);
}

static void
let_go(Screen *screen, gpointer data)
{
    ((Fixture *)data)->let_go++;
}

static void
link_to(const char *asker, HandoverLinked linked, gpointer user_data, gpointer data)
{
    const Fixture *fixture = data;

    linked(fixture->key, fixture->beyond, user_data);
}

static void
take(const char *source, const char *token, HandoverTaken taken, gpointer user_data, gpointer data)
{
    Fixture *fixture = data;

    g_free(fixture->taken);
    fixture->taken = g_strdup_printf("%s %s", source, token);
    fixture->take = taken;
    fixture->taking = user_data;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->clock = clock_new_fake();
    fixture->screen = paper_screen_new();
    fixture->has_screen = true;
    fixture->service = handover_service_new(&(HandoverHost){
        .clock = fixture->clock, .data = fixture, .screen = screen_of, .fill = fill, .keep = keep,
        .let_go = let_go, .link = link_to, .take = take });
}

static void
settle(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    settle();
    service_free(fixture->service);
    settle();
    screen_free(fixture->screen);
    clock_free(fixture->clock);
    handover_state_free(fixture->kept);
    handover_state_free(fixture->beyond);
    g_free(fixture->taken);
}

static void
ignore_done(Screen *screen, const GError *error, gpointer user_data)
{
}

static void
assert_done(Fixture *fixture, const char *expected)
{
    PaperScreen *paper = (PaperScreen *)fixture->screen;

    g_assert_cmpstr(paper->trace->str, ==, expected);
    g_string_truncate(paper->trace, 0);
}

static void
play(Fixture *fixture, PlaybackState state, int64_t position_ms)
{
    char uri[] = FILM;
    PlaybackMedia media = { .uri = uri };

    screen_command(fixture->screen, &(ScreenCommand){ .verb = SCREEN_OPEN, .media = &media },
                   NULL, ignore_done, NULL);
    settle();
    paper_screen_set(fixture->screen, state, position_ms);
    g_string_truncate(((PaperScreen *)fixture->screen)->trace, 0);
}

/* The token, the caller's; *state is what was offered. */
static char *
offer(Fixture *fixture, HandoverState **state)
{
    g_autofree char *out = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(service_client_call(fixture->service, "Offer", &out, NULL), ==, 0);
    g_autofree char *text = service_client_value(out, "State");
    *state = handover_state_decode(text, &error);
    g_assert_no_error(error);
    return service_client_value(out, "Token");
}

static int
release(Fixture *fixture, const char *token)
{
    g_autofree char *argument = g_strconcat("Token=", token, NULL);

    return service_client_call(fixture->service, "Release", NULL, argument, NULL);
}

/* -- Offers ------------------------------------------------------------------------------------ */

static void
test_offer(Fixture *fixture, gconstpointer data)
{
    g_autoptr(HandoverState) state = NULL;

    play(fixture, PLAYBACK_PAUSED, 12345);
    g_autofree char *token = offer(fixture, &state);
    g_assert_cmpuint(strlen(token), >=, 32);
    g_assert_cmpstr(state->now.uri, ==, FILM);
    g_assert_cmpint(state->position_ms, ==, 12345);
    g_assert_cmpint(state->volume, ==, 40);
    g_assert_true(state->is_paused);
    g_assert_false(state->is_muted);
    g_assert_cmpstr(state->now.sound, ==, "1");
    assert_done(fixture, ""); /* it changes nothing */
    g_assert_cmpint(release(fixture, "forged"), ==, SERVICE_NOT_AUTHORIZED);
    g_assert_cmpint(release(fixture, ""), ==, SERVICE_NOT_AUTHORIZED);
    assert_done(fixture, "");
    g_assert_cmpint(release(fixture, token), ==, 0);
    assert_done(fixture, "stop;");
    g_assert_cmpuint(fixture->let_go, ==, 1);
    g_assert_cmpint(release(fixture, token), ==, SERVICE_NOT_AUTHORIZED); /* once */
    g_assert_cmpint(service_client_call(fixture->service, "Offer", NULL, NULL), ==, 701);
}

static void
test_offer_expires(Fixture *fixture, gconstpointer data)
{
    g_autoptr(HandoverState) state = NULL;

    play(fixture, PLAYBACK_PLAYING, 0);
    g_autofree char *token = offer(fixture, &state);
    clock_advance(fixture->clock, 10000);
    g_assert_cmpint(release(fixture, token), ==, SERVICE_NOT_AUTHORIZED);
    assert_done(fixture, "");
}

static void
test_link(Fixture *fixture, gconstpointer data)
{
    g_autoptr(HandoverState) state = NULL, other = NULL;
    char next[] = NEXT;

    play(fixture, PLAYBACK_PLAYING, 0);
    fixture->key = "key";
    fixture->beyond = handover_state_new();
    handover_entry_set(&fixture->beyond->now, FILM, NULL);
    fixture->beyond->now.subtitle = g_strdup("zh");
    handover_state_add(fixture->beyond, &(HandoverEntry){ .uri = next });
    g_autofree char *token = offer(fixture, &state);
    g_assert_cmpstr(token, ==, "key");
    g_assert_cmpstr(state->now.subtitle, ==, "zh");
    g_assert_cmpuint(state->queue->len, ==, 1);
    handover_entry_set(&fixture->beyond->now, NEXT, NULL); /* it knows of something else */
    g_autofree char *again = offer(fixture, &other);
    g_assert_null(other->now.subtitle);
    g_assert_cmpuint(other->queue->len, ==, 0);
}

static void
test_too_many_offers(Fixture *fixture, gconstpointer data)
{
    play(fixture, PLAYBACK_PLAYING, 0);
    for (guint i = 0; i < 16; i++)
        g_assert_cmpint(service_client_call(fixture->service, "Offer", NULL, NULL), ==, 0);
    g_assert_cmpint(service_client_call(fixture->service, "Offer", NULL, NULL), ==, 715);
    clock_advance(fixture->clock, 10000);
    g_assert_cmpint(service_client_call(fixture->service, "Offer", NULL, NULL), ==, 0);
}

/* -- Accepting --------------------------------------------------------------------------------- */

#define STATE(more) "State=<PlaybackState><URI>" FILM "</URI>" more "</PlaybackState>"
#define WHOLE                                                                                      \
    STATE("<Position>0:00:07</Position><Volume>63</Volume><Mute>1</Mute>"                          \
          "<SubtitleTrack>none</SubtitleTrack><Queue><Entry><URI>" NEXT "</URI></Entry></Queue>")

static int
accept_state(Fixture *fixture, const char *state)
{
    return service_client_call(fixture->service, "Accept", NULL, state, "Token=t",
                               "SourceLocation=", NULL);
}

static void
test_accept(Fixture *fixture, gconstpointer data)
{
    g_assert_cmpint(accept_state(fixture, WHOLE), ==, 0);
    assert_done(fixture, "volume 63;mute 1;open " FILM "@7000;");
    g_assert_cmpstr(fixture->kept->now.subtitle, ==, "none");
    g_assert_cmpuint(fixture->kept->queue->len, ==, 1);
    g_assert_cmpint(
        accept_state(fixture, STATE("<TransportState>PAUSED_PLAYBACK</TransportState>")), ==, 0);
    assert_done(fixture, "open " FILM "@0;pause;");
}

static const struct {
    const char *state;
    int code;
} refusals[] = {
    { "State=", 402 },
    { "State=<PlaybackState/>", 402 },
    { "State=<!DOCTYPE a><PlaybackState><URI>" FILM "</URI></PlaybackState>", 402 },
    { STATE("<Volume>101</Volume>"), 402 },
    { "State=<PlaybackState><URI>file:///etc/passwd</URI></PlaybackState>", 716 },
    { "State=<PlaybackState><URI>film.mp4</URI></PlaybackState>", 716 },
    { "State=<PlaybackState><URI>http://h/a.ogg</URI></PlaybackState>", 714 },
};

static void
test_refusals(Fixture *fixture, gconstpointer data)
{
    g_autofree char *long_token = g_strnfill(1000, 't');
    g_autofree char *token = g_strconcat("Token=", long_token, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_test_message("%s", refusals[i].state);
        g_assert_cmpint(accept_state(fixture, refusals[i].state), ==, refusals[i].code);
    }
    g_assert_cmpint(service_client_call(fixture->service, "Accept", NULL, WHOLE, token,
                                        "SourceLocation=", NULL), ==, 402);
    g_assert_cmpint(service_client_call(fixture->service, "Accept", NULL, WHOLE, NULL), ==, 402);
    fixture->has_screen = false;
    g_assert_cmpint(accept_state(fixture, WHOLE), ==, 701);
    g_assert_cmpint(service_client_call(fixture->service, "Offer", NULL, NULL), ==, 701);
    assert_done(fixture, "");
}

static void
test_does_not_play(Fixture *fixture, gconstpointer data)
{
    PaperScreen *paper = (PaperScreen *)fixture->screen;

    g_set_error(&paper->refusal, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "not that");
    g_assert_cmpint(accept_state(fixture, WHOLE), ==, 714);
    assert_done(fixture, "volume 63;mute 1;open " FILM "@7000;volume 40;mute 0;");
    g_assert_null(fixture->kept);
}

/* A call whose answer is not waited for. */
static void
on_answered(const ServiceCall *call, gpointer user_data)
{
    *(int *)user_data = service_call_error(call) != NULL ? service_call_error(call)->code : 0;
}

static void
begin_accept(Fixture *fixture, int *answer)
{
    static const char *const arguments[][2] = {
        { "State", "<PlaybackState><URI>" FILM "</URI></PlaybackState>" },
        { "Token", "t" },
        { "SourceLocation", "http://10.0.0.9:3880/IGRS" },
    };
    ServiceCall *call = service_call_new(fixture->service, "Accept", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(arguments); i++)
        g_assert_true(service_call_set_in(call, arguments[i][0], arguments[i][1], NULL));
    *answer = -1;
    service_call_invoke(call, on_answered, answer);
}

static void
tell_taken(Fixture *fixture, int code)
{
    g_autoptr(GError) error = code >= 0 ? g_error_new(DUO_ERROR, code, "no") : NULL;

    fixture->take(error, fixture->taking);
    settle();
}

static void
test_session(Fixture *fixture, gconstpointer data)
{
    int answer;

    begin_accept(fixture, &answer);
    g_assert_cmpstr(fixture->taken, ==, "http://10.0.0.9:3880/IGRS t");
    g_assert_cmpint(accept_state(fixture, WHOLE), ==, 715); /* one at a time */
    assert_done(fixture, "");
    tell_taken(fixture, -1);
    assert_done(fixture, "open " FILM "@0;");
    g_assert_cmpint(answer, ==, 0);
    begin_accept(fixture, &answer);
    tell_taken(fixture, DUO_ERROR_DENIED);
    g_assert_cmpint(answer, ==, SERVICE_NOT_AUTHORIZED);
    assert_done(fixture, "");
    begin_accept(fixture, &answer);
    tell_taken(fixture, DUO_ERROR_NOT_FOUND); /* a source that nobody knows */
    g_assert_cmpint(answer, ==, 0);
    assert_done(fixture, "open " FILM "@0;");
}

/* It took the address, and nothing comes. */
static void
test_nothing_comes(Fixture *fixture, gconstpointer data)
{
    int answer;

    begin_accept(fixture, &answer);
    fixture->take(NULL, fixture->taking);
    paper_screen_set(fixture->screen, PLAYBACK_LOADING, 0);
    settle();
    clock_advance(fixture->clock, 19000);
    g_assert_cmpint(answer, ==, -1);
    clock_advance(fixture->clock, 2000);
    g_assert_cmpint(answer, ==, 716);
    assert_done(fixture, "open " FILM "@0;stop;");
}

static void
test_freed_meanwhile(Fixture *fixture, gconstpointer data)
{
    int answer;

    begin_accept(fixture, &answer);
    service_free(g_steal_pointer(&fixture->service));
    g_assert_cmpint(answer, ==, SERVICE_ACTION_FAILED);
    tell_taken(fixture, -1);
    assert_done(fixture, "");
}

#define TEST(path, func) g_test_add("/av/handover/" path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("offer", test_offer);
    TEST("offer-expires", test_offer_expires);
    TEST("link", test_link);
    TEST("too-many-offers", test_too_many_offers);
    TEST("accept", test_accept);
    TEST("refusals", test_refusals);
    TEST("does-not-play", test_does_not_play);
    TEST("session", test_session);
    TEST("nothing-comes", test_nothing_comes);
    TEST("freed-meanwhile", test_freed_meanwhile);
    return g_test_run();
}
