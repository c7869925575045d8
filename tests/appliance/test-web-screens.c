/* test-web-screens.c -- a tab as a screen: orders and answers, reports, being loaded anew,
 * limits */
#include "appliance/screens/web-screens.h"

#include "base/error.h"

#include <string.h>

#define SECRET "0123456789abcdef"

static const char *const mimes[] = { "video/mp4", "image/jpeg", NULL };

typedef struct {
    Clock *clock;
    Screens *screens;
    WebScreens *home;
    WebScreen *tab;
    GString *heard; /* the orders, a line each */
    uint32_t number; /* of the last */
    guint ended;
    bool is_replaced;
    char *answer;  /* of the command: "done" or a message */
} House;

static void
on_order(const WebOrder *order, gpointer user_data)
{
    House *house = user_data;

    house->number = order->number;
    g_string_append_printf(house->heard, "%u %s%s%s\n", order->command->verb,
                           order->command->media != NULL ? order->command->media->uri : "-",
                           order->is_again ? " again" : "", order->is_paused ? " paused" : "");
}

static void
on_ended(bool is_replaced, gpointer user_data)
{
    House *house = user_data;

    house->ended++;
    house->is_replaced = is_replaced;
}

static const WebListener listener = { on_order, on_ended };

static WebScreen *
join(House *house, const char *secret, const char *name)
{
    g_autoptr(GError) error = NULL;
    WebScreen *tab = web_screens_join(
        house->home, &(WebScreenWish){ .secret = secret, .name = name, .mimes = mimes }, &error);

    g_assert_no_error(error);
    return tab;
}

static void
setup(House *house, gconstpointer data)
{
    house->clock = clock_new_fake();
    house->screens = screens_new();
    house->home = web_screens_new(house->screens, house->clock);
    house->heard = g_string_new(NULL);
    house->tab = join(house, SECRET, "Bedroom");
    web_screen_listen(house->tab, &listener, house);
}

static void
teardown(House *house, gconstpointer data)
{
    web_screens_free(house->home);
    screens_free(house->screens);
    clock_free(house->clock);
    g_string_free(house->heard, TRUE);
    g_free(house->answer);
}

static void
on_done(Screen *screen, const GError *error, gpointer user_data)
{
    House *house = user_data;

    g_free(house->answer);
    house->answer = g_strdup(error == NULL ? "done" : error->message);
}

static Screen *
screen_of(House *house)
{
    return (Screen *)web_screen_base(house->tab);
}

static void
order(House *house, ScreenVerb verb, const char *uri)
{
    PlaybackMedia media = { .uri = (char *)uri, .title = (char *)"T", .mime = (char *)"video/mp4",
                            .kind = MEDIA_VIDEO };
    ScreenCommand command = { .verb = verb, .media = uri != NULL ? &media : NULL };

    g_clear_pointer(&house->answer, g_free);
    screen_command(screen_of(house), &command, NULL, on_done, house);
}

static void
obey(House *house, ScreenVerb verb, const char *uri)
{
    g_autoptr(GError) error = NULL;

    order(house, verb, uri);
    g_assert_null(house->answer);
    g_assert_true(web_screen_answer(house->tab, house->number, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(house->answer, ==, "done");
}

static void
report(House *house, PlaybackState state, uint32_t media, int64_t position_ms)
{
    web_screen_report(house->tab, &(WebReport){ .state = state, .media = media,
                                                .position_ms = position_ms, .duration_ms = 60000,
                                                .volume = 40 });
}

static const char *
uri_now(House *house)
{
    const PlaybackMedia *media = screen_of(house)->status.media;

    return media != NULL ? media->uri : "-";
}

static void
test_plays(House *house, gconstpointer data)
{
    const PlaybackStatus *status = &screen_of(house)->status;

    g_assert_cmpint(status->state, ==, PLAYBACK_IDLE);
    g_assert_cmpstr(screen_of(house)->sink_protocols, ==,
                    "http-get:*:video/mp4:*,http-get:*:image/jpeg:*");
    obey(house, SCREEN_OPEN, "http://a/1");
    uint32_t first = house->number;
    report(house, PLAYBACK_PLAYING, first, 1000);
    g_assert_cmpstr(uri_now(house), ==, "http://a/1");
    g_assert_cmpint(status->position_ms, ==, 1000);
    g_assert_true(status->is_seekable);
    obey(house, SCREEN_SET_NEXT, "http://a/2");
    uint32_t second = house->number;
    g_assert_cmpstr(status->next->uri, ==, "http://a/2");
    obey(house, SCREEN_PAUSE, NULL);
    report(house, PLAYBACK_PAUSED, first, 2000);
    g_assert_cmpint(status->state, ==, PLAYBACK_PAUSED);
    obey(house, SCREEN_NEXT, NULL);
    report(house, PLAYBACK_PLAYING, second, 0); /* it has gone on */
    g_assert_cmpstr(uri_now(house), ==, "http://a/2");
    g_assert_null(status->next);
    report(house, PLAYBACK_IDLE, 0, 0);
    g_assert_cmpstr(uri_now(house), ==, "-");
}

static void
test_refuses(House *house, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    order(house, SCREEN_NEXT, NULL);
    g_assert_cmpstr(house->answer, ==, "nothing follows on “Bedroom”");
    order(house, SCREEN_OPEN, "http://a/1");
    g_assert_true(web_screen_answer(house->tab, house->number, "no such format", NULL));
    g_assert_cmpstr(house->answer, ==, "“Bedroom”: no such format");
    g_assert_true(web_screen_answer(house->tab, house->number, NULL, NULL)); /* late, or twice */
    g_assert_false(web_screen_answer(house->tab, house->number + 1, NULL, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    order(house, SCREEN_PLAY, NULL);
    clock_advance(house->clock, 5000);
    g_assert_cmpstr(house->answer, ==, "the page “Bedroom” does not answer");
    for (guint i = 0; i < 16; i++)
        order(house, SCREEN_PLAY, NULL);
    order(house, SCREEN_PLAY, NULL);
    g_assert_cmpstr(house->answer, ==, "“Bedroom” has not answered 16 orders yet");
    web_screen_deafen(house->tab, house);
    g_assert_cmpstr(house->answer, ==, "“Bedroom” has just left");
    order(house, SCREEN_PLAY, NULL);
    g_assert_cmpstr(house->answer, ==, "“Bedroom” is away");
}

static void
on_cancelled(Screen *screen, const GError *error, gpointer user_data)
{
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    ++*(guint *)user_data;
}

static void
test_gives_up(House *house, gconstpointer data)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    guint answers = 0;

    screen_command(screen_of(house), &(ScreenCommand){ .verb = SCREEN_PLAY }, cancellable,
                   on_cancelled, &answers);
    g_cancellable_cancel(cancellable);
    web_screen_answer(house->tab, house->number, NULL, NULL);
    g_assert_cmpuint(answers, ==, 1);
}

static void
test_is_loaded_anew(House *house, gconstpointer data)
{
    obey(house, SCREEN_OPEN, "http://a/1");
    report(house, PLAYBACK_PAUSED, house->number, 7000);
    obey(house, SCREEN_SET_NEXT, "http://a/2");
    g_string_truncate(house->heard, 0);
    web_screen_deafen(house->tab, house);
    clock_advance(house->clock, 4000);
    g_assert_cmpint(screen_of(house)->status.state, ==, PLAYBACK_PAUSED); /* no absence yet */
    g_assert_true(join(house, SECRET, "Attic") == house->tab);
    g_assert_cmpstr(screen_of(house)->name, ==, "Attic");
    web_screen_listen(house->tab, &listener, house);
    g_assert_cmpstr(house->heard->str, ==, "0 http://a/1 again paused\n1 http://a/2 again\n");
    g_assert_cmpuint(house->ended, ==, 0);
    web_screen_listen(house->tab, &listener, house); /* a second tab of the same secret */
    g_assert_cmpuint(house->ended, ==, 1);
    g_assert_true(house->is_replaced);
}

/* Who was asleep for longer is told what it had, as it had it. */
static void
test_sleeps(House *house, gconstpointer data)
{
    static const struct { PlaybackState state; const char *told; } cases[] = {
        { PLAYBACK_PAUSED, "0 http://a/1 again paused\n" },
        { PLAYBACK_PLAYING, "0 http://a/1 again\n" },
    };

    obey(house, SCREEN_OPEN, "http://a/1");
    uint32_t film = house->number;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        report(house, cases[i].state, film, 7000);
        g_string_truncate(house->heard, 0);
        web_screen_deafen(house->tab, house);
        clock_advance(house->clock, 60000);
        g_assert_cmpint(screen_of(house)->status.state, ==, PLAYBACK_OFFLINE);
        web_screen_listen(house->tab, &listener, house);
        g_assert_cmpstr(house->heard->str, ==, cases[i].told);
        g_assert_cmpint(screen_of(house)->status.state, ==, PLAYBACK_LOADING);
    }
}

static void
test_leaves(House *house, gconstpointer data)
{
    web_screen_deafen(house->tab, house);
    clock_advance(house->clock, 5000);
    g_assert_cmpint(screen_of(house)->status.state, ==, PLAYBACK_OFFLINE);
    g_assert_cmpuint(screens_list(house->screens)->len, ==, 1);
    clock_advance(house->clock, 600000);
    g_assert_cmpuint(screens_list(house->screens)->len, ==, 0);
    g_assert_null(web_screens_find(house->home, SECRET, NULL));
    WebScreen *again = join(house, SECRET, NULL);
    web_screen_listen(again, &listener, house);
    web_screens_leave(house->home, again);
    g_assert_cmpuint(house->ended, ==, 1);
    g_assert_false(house->is_replaced);
    g_assert_cmpuint(screens_list(house->screens)->len, ==, 0);
}

/* A server that was started anew knows what plays from the tab. */
static void
test_is_remembered_by_the_tab(House *house, gconstpointer data)
{
    PlaybackMedia known = { .uri = (char *)"http://a/1", .title = (char *)"T" };
    g_autofree char *id = g_strdup(screen_of(house)->id);
    g_autofree char *code = g_strdup(web_screen_code(house->tab));

    web_screens_leave(house->home, house->tab);
    house->tab = join(house, SECRET, NULL);
    g_assert_cmpstr(screen_of(house)->id, ==, id);
    g_assert_cmpstr(web_screen_code(house->tab), ==, code);
    g_assert_nonnull(strstr(screen_of(house)->name, code));
    web_screen_listen(house->tab, &listener, house);
    web_screen_report(house->tab, &(WebReport){ .state = PLAYBACK_PLAYING, .media = 77,
                                                .known = &known, .position_ms = 5 });
    g_assert_cmpstr(uri_now(house), ==, "http://a/1");
    g_assert_cmpint(screen_of(house)->status.state, ==, PLAYBACK_PLAYING);
    order(house, SCREEN_PAUSE, NULL); /* never answered: it ends with the house */
}

static void
test_wishes(House *house, gconstpointer data)
{
    static const char *const bad_mimes[] = { "video/mp4:*,http-get", NULL };
    static const char long_name[] = "0123456789012345678901234567890123456789"
                                    "01234567890123456789012345678901234567890";
    static const struct {
        const char *secret, *name;
        const char *const *mimes;
    } cases[] = {
        { NULL, NULL, mimes },           { "short", NULL, mimes },
        { "0123456789abcde/", NULL, mimes }, { SECRET "2", long_name, mimes },
        { SECRET "2", "a\nb", mimes },   { SECRET "2", "\xff", mimes },
        { SECRET "2", NULL, bad_mimes },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        WebScreenWish wish = { cases[i].secret, cases[i].name, cases[i].mimes, NULL };
        g_assert_null(web_screens_join(house->home, &wish, &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    }
}

static void
test_is_bounded(House *house, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    WebScreenWish wish = { .secret = SECRET "-late", .mimes = mimes };

    for (guint i = 1; i < WEB_SCREENS_MAX; i++) {
        g_autofree char *secret = g_strdup_printf(SECRET "-%02u", i);
        web_screen_listen(join(house, secret, NULL), &listener, house);
    }
    g_assert_null(web_screens_join(house->home, &wish, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_BUSY);
    web_screen_deafen(house->tab, house);
    g_assert_nonnull(web_screens_join(house->home, &wish, NULL)); /* in its place */
    g_assert_null(web_screens_find(house->home, SECRET, NULL));
    g_assert_cmpuint(screens_list(house->screens)->len, ==, WEB_SCREENS_MAX);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/web-screens/" name, House, NULL, setup, test, teardown)
    ADD("plays", test_plays);
    ADD("refuses", test_refuses);
    ADD("gives-up", test_gives_up);
    ADD("is-loaded-anew", test_is_loaded_anew);
    ADD("sleeps", test_sleeps);
    ADD("leaves", test_leaves);
    ADD("is-remembered-by-the-tab", test_is_remembered_by_the_tab);
    ADD("wishes", test_wishes);
    ADD("is-bounded", test_is_bounded);
    return g_test_run();
}
