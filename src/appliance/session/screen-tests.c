/* screen-tests.c -- see screen-tests.h */
#include "appliance/session/screen-tests.h"

#include "base/error.h"

#include <string.h>

#define PATIENCE_MS 20000 /* with a set that wakes up, or fetches everything first */
#define SHOWN_MS 8000     /* then the picture goes; the film is over by itself */

struct ScreenTests {
    ScreenTestsParts parts;
    GPtrArray *running; /* Test, owned */
    guint observer;     /* of the screens */
};

typedef struct {
    ScreenTests *tests; /* borrowed; NULL: it is gone, and the cast's answer is still to come */
    char *screen_id;
    Push *push; /* a reference */
    char *push_id;
    PlaybackMedia *given; /* to the screen; NULL: not yet */
    char *how, *reason, *problem;
    ScreenTestReport report;
    int64_t began_ms, fetches_since_ms;
    Screen *screen; /* observed; borrowed; NULL: not yet, or it has left */
    guint observer, timer;
    bool waits_for_cast;
    ScreenTestDone done; /* NULL: told */
    gpointer user_data;
} Test;

static void
unwatch(Test *test)
{
    if (test->screen != NULL)
        observers_remove(test->screen->observers, test->observer);
    test->screen = NULL;
    clock_cancel(test->tests->parts.clock, &test->timer);
}

static void
test_free(Test *test)
{
    g_free(test->screen_id);
    g_free(test->push_id);
    playback_media_free(test->given);
    g_free(test->how);
    g_free(test->reason);
    g_free(test->problem);
    g_free(test);
}

/* Takes what was pushed away; the test lives on while its cast is to be answered. */
static void
retire(gpointer data)
{
    Test *test = data;

    unwatch(test);
    if (test->done != NULL) {
        g_autoptr(GError) error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                      "the server stops");
        test->done(NULL, error, test->user_data);
    }
    pushes_remove(test->tests->parts.pushes, test->push);
    push_unref(test->push);
    test->tests = NULL;
    if (!test->waits_for_cast)
        test_free(test);
}

/* -- What is seen ------------------------------------------------------------------------------ */

static bool
has_it(const Test *test)
{
    const PlaybackMedia *media = test->screen != NULL ? test->screen->status.media : NULL;

    for (const PlaybackMedia *form = test->given; media != NULL && form != NULL; form = form->other)
        if (g_strcmp0(media->uri, form->uri) == 0)
            return true;
    return false;
}

static bool
came_for_it(const Test *test)
{
    Fetches *fetches = test->tests->parts.fetches;
    const char *address = test->screen != NULL ? test->screen->address : NULL;

    for (const PlaybackMedia *form = test->given; fetches != NULL && form != NULL;
         form = form->other)
        if (fetches_saw(fetches, form->uri, address, test->fetches_since_ms))
            return true;
    return false;
}

static void
on_stopped(Screen *screen, const GError *error, gpointer user_data)
{
}

static void
on_seen_enough(gpointer data)
{
    Test *test = data;

    test->timer = 0;
    if (has_it(test) && test->screen->status.state != PLAYBACK_STOPPED)
        screen_command(test->screen, &(ScreenCommand){ .verb = SCREEN_STOP }, NULL, on_stopped,
                       NULL);
    g_ptr_array_remove_fast(test->tests->running, test);
}

static void
tell(Test *test)
{
    ScreenTestDone done = test->done;
    Clock *clock = test->tests->parts.clock;

    test->report.how = test->how;
    test->report.reason = test->reason;
    test->report.problem = test->problem;
    test->report.was_fetched = test->report.was_shown || came_for_it(test);
    test->done = NULL;
    done(&test->report, NULL, test->user_data);
    clock_cancel(clock, &test->timer);
    test->timer = clock_after(clock, SHOWN_MS, on_seen_enough, test);
}

static void
on_patience_ends(gpointer data)
{
    Test *test = data;

    test->timer = 0;
    if (test->problem == NULL && test->screen != NULL)
        test->problem = g_strdup(test->screen->status.problem);
    tell(test);
}

static void
on_status(gconstpointer event, gpointer user_data)
{
    Test *test = user_data;
    const PlaybackStatus *status = &test->screen->status;

    if (test->done == NULL || !has_it(test))
        return;
    bool is_still = test->given->kind == MEDIA_IMAGE;
    test->report.was_shown =
        status->state == PLAYBACK_PLAYING && (is_still || status->position_ms > 0);
    if (!test->report.was_shown && status->problem == NULL)
        return;
    test->report.shown_ms = clock_now_ms(test->tests->parts.clock) - test->began_ms;
    if (!test->report.was_shown)
        test->problem = g_strdup(status->problem);
    tell(test);
}

static void
on_screens(gconstpointer event, gpointer user_data)
{
    const ScreensEvent *change = event;
    ScreenTests *tests = user_data;

    if (change->change != SCREENS_REMOVED)
        return;
    for (guint i = 0; i < tests->running->len; i++) {
        Test *test = tests->running->pdata[i];
        if (test->screen != change->screen)
            continue;
        observers_remove(test->screen->observers, test->observer);
        test->screen = NULL;
        if (test->done != NULL) {
            test->problem = g_strdup("it has left the network");
            tell(test);
        }
    }
}

/* -- Running ----------------------------------------------------------------------------------- */

static void
on_cast(const Cast *cast, const GError *error, gpointer user_data)
{
    Test *test = user_data;

    test->waits_for_cast = false;
    if (test->tests == NULL) { /* everybody is gone */
        test_free(test);
        return;
    }
    if (test->done == NULL) /* patience was at its end */
        return;
    if (error != NULL) {
        test->problem = g_strdup(error->message);
        tell(test);
        return;
    }
    test->given = playback_media_copy(cast->media);
    test->how = g_strdup(cast->how);
    test->reason = g_strdup(cast->reason);
    test->report.was_taken = true;
    test->report.taken_ms = clock_now_ms(test->tests->parts.clock) - test->began_ms;
    if (test->screen != NULL)
        on_status(test->screen, test);
}

static Push *
push_octets(const ScreenTests *tests, const char *name, GBytes *octets, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(octets, &size);
    Push *push = pushes_create(tests->parts.pushes, name, (int64_t)size, error);
    guint writer = push != NULL ? push_begin(push, 0, (int64_t)size, error) : 0;
    bool is_written = writer != 0 && push_write(push, writer, data, size, error);

    if (writer != 0)
        push_end(push, writer, is_written);
    if (push != NULL && !is_written)
        pushes_remove(tests->parts.pushes, push);
    if (is_written)
        return push;
    if (push != NULL)
        push_unref(push);
    return NULL;
}

static bool
is_free(const Screen *screen, GError **error)
{
    PlaybackState state = screen->status.state;

    if (state == PLAYBACK_OFFLINE)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s is away", screen->name);
    else if (state != PLAYBACK_IDLE && state != PLAYBACK_STOPPED)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "%s is in use: stop what plays there first", screen->name);
    return state == PLAYBACK_IDLE || state == PLAYBACK_STOPPED;
}

static Test *
test_new(ScreenTests *tests, Screen *screen, Push *push, ScreenTestDone done, gpointer user_data)
{
    g_auto(PushFacts) facts = { 0 };
    Test *test = g_new0(Test, 1);

    push_read_facts(push, &facts);
    *test = (Test){ .tests = tests, .screen_id = g_strdup(screen->id), .push = push,
                    .push_id = g_strdup(facts.id), .screen = screen, .waits_for_cast = true,
                    .began_ms = clock_now_ms(tests->parts.clock),
                    .fetches_since_ms = fetches_now_ms(), .done = done, .user_data = user_data };
    test->observer = observers_add(screen->observers, on_status, test);
    test->timer = clock_after(tests->parts.clock, PATIENCE_MS, on_patience_ends, test);
    g_ptr_array_add(tests->running, test);
    return test;
}

void
screen_tests_run(ScreenTests *tests, const char *screen_name, const char *name, GBytes *octets,
                 ScreenTestDone done, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    Screen *screen = screens_find(tests->parts.screens, screen_name, &error);
    Push *push = screen != NULL && is_free(screen, &error)
                     ? push_octets(tests, name, octets, &error) : NULL;

    if (push == NULL) {
        done(NULL, error, user_data);
        return;
    }
    Test *test = test_new(tests, screen, push, done, user_data);
    casts_start(tests->parts.casts,
                &(CastWish){ .screen = test->screen_id, .upload = test->push_id }, on_cast, test);
}

ScreenTests *
screen_tests_new(const ScreenTestsParts *parts)
{
    ScreenTests *tests = g_new0(ScreenTests, 1);

    tests->parts = *parts;
    tests->running = g_ptr_array_new_with_free_func(retire);
    tests->observer = observers_add(screens_observers(parts->screens), on_screens, tests);
    return tests;
}

void
screen_tests_free(ScreenTests *tests)
{
    if (tests == NULL)
        return;
    observers_remove(screens_observers(tests->parts.screens), tests->observer);
    g_ptr_array_unref(tests->running);
    g_free(tests);
}
