/* test-pipe.c -- every pair of state and event, the online detection, the bounds */
#include "igrs/pipe.h"

#define PEER "urn:IGRS:Device:DeviceId:0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define ADDRESS "10.0.0.2"

typedef struct {
    Clock *clock;
    IgrsPipes *pipes;
    bool can_speak;
    unsigned said[3]; /* by IgrsPipeWord */
    unsigned opened, ended;
} Fixture;

static bool
say(const char *peer, const char *location G_GNUC_UNUSED, IgrsPipeWord word, gpointer user_data)
{
    Fixture *fixture = user_data;

    g_assert_nonnull(peer);
    fixture->said[word]++;
    return fixture->can_speak;
}

static void
opened(const char *peer G_GNUC_UNUSED, gpointer user_data)
{
    ((Fixture *)user_data)->opened++;
}

static void
ended(const char *peer G_GNUC_UNUSED, gpointer user_data)
{
    ((Fixture *)user_data)->ended++;
}

static const IgrsPipeHooks hooks = { say, opened, ended };

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->clock = clock_new_fake();
    fixture->can_speak = true;
    fixture->pipes = igrs_pipes_new(fixture->clock, &hooks, fixture);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    igrs_pipes_free(fixture->pipes);
    clock_free(fixture->clock);
}

static unsigned
happen(Fixture *fixture, IgrsPipeEvent event)
{
    return igrs_pipes_event(fixture->pipes, PEER, ADDRESS, event);
}

/* What PROFILE section 4 says, written down a second time: the state after each event, or REFUSED,
 * which leaves the state as it was. */
#define C IGRS_PIPE_CLOSED
#define A IGRS_PIPE_ASKED
#define O IGRS_PIPE_OPEN
#define REFUSED -1

static const int expected[IGRS_PIPE_STATE_N][IGRS_PIPE_EVENT_N] = {
    [C] = { [IGRS_PIPE_CREATE_REQUEST] = O, [IGRS_PIPE_INTRODUCTION] = O,
            [IGRS_PIPE_MESSAGE] = REFUSED, [IGRS_PIPE_DETECTION_REQUEST] = REFUSED,
            [IGRS_PIPE_DETACH_NOTIFY] = REFUSED, [IGRS_PIPE_ACCEPTED] = REFUSED,
            [IGRS_PIPE_REFUSED] = REFUSED, [IGRS_PIPE_ALIVE] = REFUSED,
            [IGRS_PIPE_MISSED] = REFUSED, [IGRS_PIPE_UNKNOWN] = REFUSED,
            [IGRS_PIPE_BYEBYE] = REFUSED, [IGRS_PIPE_WANTED] = A,
            [IGRS_PIPE_PROBE] = REFUSED, [IGRS_PIPE_LEAVE] = REFUSED, [IGRS_PIPE_IDLE] = REFUSED,
            [IGRS_PIPE_SILENT] = REFUSED },
    [A] = { [IGRS_PIPE_CREATE_REQUEST] = O, [IGRS_PIPE_INTRODUCTION] = O,
            [IGRS_PIPE_MESSAGE] = REFUSED, [IGRS_PIPE_DETECTION_REQUEST] = REFUSED,
            [IGRS_PIPE_DETACH_NOTIFY] = REFUSED, [IGRS_PIPE_ACCEPTED] = O, [IGRS_PIPE_REFUSED] = C,
            [IGRS_PIPE_ALIVE] = REFUSED, [IGRS_PIPE_MISSED] = REFUSED,
            [IGRS_PIPE_UNKNOWN] = REFUSED,
            [IGRS_PIPE_BYEBYE] = C, [IGRS_PIPE_WANTED] = A, [IGRS_PIPE_PROBE] = REFUSED,
            [IGRS_PIPE_LEAVE] = C, [IGRS_PIPE_IDLE] = REFUSED, [IGRS_PIPE_SILENT] = REFUSED },
    [O] = { [IGRS_PIPE_CREATE_REQUEST] = O, [IGRS_PIPE_INTRODUCTION] = O, [IGRS_PIPE_MESSAGE] = O,
            [IGRS_PIPE_DETECTION_REQUEST] = O, [IGRS_PIPE_DETACH_NOTIFY] = C,
            [IGRS_PIPE_ACCEPTED] = O, [IGRS_PIPE_REFUSED] = O, [IGRS_PIPE_ALIVE] = O,
            [IGRS_PIPE_MISSED] = O, [IGRS_PIPE_UNKNOWN] = C, [IGRS_PIPE_BYEBYE] = C,
            [IGRS_PIPE_WANTED] = O, [IGRS_PIPE_PROBE] = O, [IGRS_PIPE_LEAVE] = C,
            [IGRS_PIPE_IDLE] = O, [IGRS_PIPE_SILENT] = C },
};

static void
come_to(Fixture *fixture, IgrsPipeState state)
{
    if (state == IGRS_PIPE_ASKED)
        happen(fixture, IGRS_PIPE_WANTED);
    if (state == IGRS_PIPE_OPEN)
        happen(fixture, IGRS_PIPE_CREATE_REQUEST);
    g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==, state);
}

static void
test_every_pair(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    for (int state = 0; state < IGRS_PIPE_STATE_N; state++)
        for (int event = 0; event < IGRS_PIPE_EVENT_N; event++) {
            int next = expected[state][event];
            igrs_pipes_free(fixture->pipes);
            fixture->pipes = igrs_pipes_new(fixture->clock, &hooks, fixture);
            come_to(fixture, (IgrsPipeState)state);
            g_test_message("state %d, event %d", state, event);
            g_assert_cmpuint(happen(fixture, (IgrsPipeEvent)event), ==,
                             next == REFUSED ? 482 : 200);
            g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==,
                            next == REFUSED ? state : next);
            g_assert_cmpuint(igrs_pipes_count(fixture->pipes), ==,
                             igrs_pipes_state(fixture->pipes, PEER) == IGRS_PIPE_CLOSED ? 0 : 1);
        }
}

/* 30 s of silence, then a question; three that are missed end the pipe and what stands on it. */
static void
test_three_misses(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_to(fixture, IGRS_PIPE_OPEN);
    clock_advance(fixture->clock, IGRS_PIPE_IDLE_MS - 1);
    g_assert_cmpuint(fixture->said[IGRS_PIPE_SAY_DETECT], ==, 0);
    clock_advance(fixture->clock, 1);
    g_assert_cmpuint(fixture->said[IGRS_PIPE_SAY_DETECT], ==, 1);
    for (unsigned miss = 1; miss < IGRS_PIPE_MISSES_MAX; miss++) {
        happen(fixture, IGRS_PIPE_MISSED);
        clock_advance(fixture->clock, IGRS_PIPE_RETRY_MS);
        g_assert_cmpuint(fixture->said[IGRS_PIPE_SAY_DETECT], ==, miss + 1);
        g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==, IGRS_PIPE_OPEN);
    }
    happen(fixture, IGRS_PIPE_MISSED);
    g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==, IGRS_PIPE_CLOSED);
    g_assert_cmpuint(fixture->ended, ==, 1);
}

/* A probe does not wait for the silence, nor do the questions that follow one that was missed. */
static void
test_probe(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_to(fixture, IGRS_PIPE_OPEN);
    happen(fixture, IGRS_PIPE_PROBE);
    g_assert_cmpuint(fixture->said[IGRS_PIPE_SAY_DETECT], ==, 1);
    happen(fixture, IGRS_PIPE_MISSED);
    clock_advance(fixture->clock, IGRS_PIPE_RETRY_MS);
    g_assert_cmpuint(fixture->said[IGRS_PIPE_SAY_DETECT], ==, 2);
    happen(fixture, IGRS_PIPE_PROBE); /* news while the question is under way */
    g_assert_cmpuint(fixture->said[IGRS_PIPE_SAY_DETECT], ==, 2);
    happen(fixture, IGRS_PIPE_MISSED);
    g_assert_cmpuint(fixture->said[IGRS_PIPE_SAY_DETECT], ==, 3);
    happen(fixture, IGRS_PIPE_UNKNOWN);
    g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==, IGRS_PIPE_CLOSED);
}

static void
test_a_word_in_time(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_to(fixture, IGRS_PIPE_OPEN);
    clock_advance(fixture->clock, IGRS_PIPE_IDLE_MS);
    happen(fixture, IGRS_PIPE_MISSED);
    happen(fixture, IGRS_PIPE_MESSAGE); /* forgets the miss */
    clock_advance(fixture->clock, IGRS_PIPE_RETRY_MS);
    clock_advance(fixture->clock, IGRS_PIPE_IDLE_MS);
    g_assert_cmpuint(fixture->said[IGRS_PIPE_SAY_DETECT], ==, 2);
    happen(fixture, IGRS_PIPE_ALIVE);
    g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==, IGRS_PIPE_OPEN);
    g_assert_cmpuint(fixture->ended, ==, 0);
}

/* A peer without a LOCATION cannot be asked; its pipe has one life. */
static void
test_mute(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->can_speak = false;
    come_to(fixture, IGRS_PIPE_OPEN);
    clock_advance(fixture->clock, IGRS_PIPE_MUTE_MS - 1);
    g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==, IGRS_PIPE_OPEN);
    clock_advance(fixture->clock, 1);
    g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==, IGRS_PIPE_CLOSED);
    happen(fixture, IGRS_PIPE_WANTED);
    g_assert_cmpint(igrs_pipes_state(fixture->pipes, PEER), ==, IGRS_PIPE_CLOSED);
    g_assert_cmpuint(fixture->ended, ==, 2);
}

/* A peer that begins again has lost what stood on the pipe. */
static void
test_reopened(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    come_to(fixture, IGRS_PIPE_OPEN);
    happen(fixture, IGRS_PIPE_CREATE_REQUEST);
    g_assert_cmpuint(fixture->ended, ==, 1);
    g_assert_cmpuint(fixture->opened, ==, 2);
}

static void
test_bounds(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    unsigned made = 0, refused = 0;

    for (unsigned i = 0; i < 20 * IGRS_PIPES_PER_ADDRESS_MAX; i++) {
        g_autofree char *peer = g_strdup_printf(
            "urn:IGRS:Device:DeviceId:00000000-0000-0000-0000-%012x", i + 1);
        g_autofree char *address = g_strdup_printf("10.0.0.%u", i % 16);
        unsigned code = igrs_pipes_event(fixture->pipes, peer, address, IGRS_PIPE_CREATE_REQUEST);
        made += code == 200;
        refused += code == 503;
    }
    g_assert_cmpuint(made, ==, IGRS_PIPES_MAX);
    g_assert_cmpuint(refused, >, 0);

    igrs_pipes_leave(fixture->pipes, NULL, NULL);
    g_assert_cmpuint(igrs_pipes_count(fixture->pipes), ==, 0);
    for (unsigned i = 0; i < IGRS_PIPES_PER_ADDRESS_MAX; i++) {
        g_autofree char *peer = g_strdup_printf(
            "urn:IGRS:Device:DeviceId:00000000-0000-0000-0000-%012x", i + 1);
        igrs_pipes_event(fixture->pipes, peer, ADDRESS, IGRS_PIPE_CREATE_REQUEST);
    }
    g_assert_cmpuint(happen(fixture, IGRS_PIPE_CREATE_REQUEST), ==, 429);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/pipe/every-pair", test_every_pair);
    ADD("/igrs/pipe/three-misses", test_three_misses);
    ADD("/igrs/pipe/probe", test_probe);
    ADD("/igrs/pipe/a-word-in-time", test_a_word_in_time);
    ADD("/igrs/pipe/mute", test_mute);
    ADD("/igrs/pipe/reopened", test_reopened);
    ADD("/igrs/pipe/bounds", test_bounds);
    return g_test_run();
}
