/* test-handover.c -- a move, step by step, and what becomes of it when a step fails: at every
 * moment one of the two screens plays; the clock is the test's */
#include "appliance/session/handover.h"
#include "base/error.h"
#include "wire/handover-state.h"

#include <glib/gstdio.h>
#include <string.h>

/* -- A screen whose answers are the test's ------------------------------------------------------ */

typedef struct {
    ScreenDone done;
    gpointer user_data;
} Waiting;

typedef struct {
    Screen screen;
    GString *told;
    guint looks;
    GArray *waiting; /* for an answer, the oldest first */
    char *uri;       /* that was opened last */
    bool hands_over;
    ScreenOffered offered; /* whoever waits for its offer; NULL: nobody */
    gpointer offered_data;
    char *state; /* that it is to accept */
} Set;

static void
set_command(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
            ScreenDone done, gpointer user_data)
{
    static const char *const names[SCREEN_VERB_N] = {
        "open", "set-next", "play", "pause", "stop", "seek", "next", "previous", "volume", "mute",
    };
    Set *set = (Set *)screen;

    g_string_append(set->told, names[command->verb]);
    if (command->verb == SCREEN_OPEN)
        g_string_append_printf(set->told, "@%d", (int)command->position_ms);
    if (command->verb == SCREEN_VOLUME)
        g_string_append_printf(set->told, " %d", command->volume);
    if (command->handing != NULL) {
        g_string_append_printf(set->told, " by %s", command->handing->token);
        g_free(set->state);
        set->state = g_strdup(command->handing->state);
    }
    g_string_append_c(set->told, ';');
    if (command->media != NULL) {
        g_free(set->uri);
        set->uri = g_strdup(command->media->uri);
    }
    if (command->verb == SCREEN_MUTE || command->verb == SCREEN_SET_NEXT) {
        done(screen, NULL, user_data); /* nobody waits for these */
        return;
    }
    Waiting waiting = { done, user_data };
    g_array_append_val(set->waiting, waiting);
}

static void
answer_one(Set *set, guint index, const GError *error)
{
    g_assert_cmpuint(index, <, set->waiting->len);
    Waiting waiting = g_array_index(set->waiting, Waiting, index);

    g_array_remove_index(set->waiting, index);
    waiting.done(&set->screen, error, waiting.user_data);
}

static void
set_free(Screen *screen)
{
    Set *set = (Set *)screen;
    g_autoptr(GError) error = g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "it goes");

    while (set->waiting->len > 0)
        answer_one(set, 0, error);
    g_array_unref(set->waiting);
    g_string_free(set->told, TRUE);
    g_free(set->uri);
    g_free(set->state);
    screen_clear(screen);
    g_free(set);
}

static void
set_look(Screen *screen)
{
    ((Set *)screen)->looks++;
}

static bool
set_hands_over(const Screen *screen)
{
    return ((const Set *)screen)->hands_over;
}

static void
set_offer(Screen *screen, GCancellable *cancellable, ScreenOffered offered, gpointer user_data)
{
    Set *set = (Set *)screen;

    g_string_append(set->told, "offer;");
    set->offered = offered;
    set->offered_data = user_data;
}

static const ScreenClass set_class = { .command = set_command, .free = set_free, .look = set_look,
                                       .hands_over = set_hands_over, .offer = set_offer };

/* What it was asked last. */
static void
answer(Set *set, DuoError code, const char *problem)
{
    g_autoptr(GError) error =
        problem != NULL ? g_error_new_literal(DUO_ERROR, code, problem) : NULL;

    answer_one(set, set->waiting->len - 1, error);
}

static void
agree(Set *set)
{
    answer(set, DUO_ERROR_FAILED, NULL);
}

static void
show(Set *set, PlaybackState state, const char *uri, int64_t position_ms)
{
    PlaybackStatus status = { .state = state, .position_ms = position_ms, .duration_ms = 60000,
                              .volume = set->screen.status.volume };

    if (uri != NULL) {
        status.media = g_new0(PlaybackMedia, 1);
        status.media->uri = g_strdup(uri);
        status.media->title = g_strdup("Film");
        status.media->kind = MEDIA_VIDEO;
    }
    screen_set_status(&set->screen, &status);
}

/* -- The fixture ------------------------------------------------------------------------------- */

#define URI "http://192.0.2.9/film.mp4"

static const MediaObject film = {
    .id = "7", .parent_id = "0", .kind = MEDIA_VIDEO, .title = "Film", .path = "/m/film.mp4",
    .upnp_class = "object.item.videoItem",
    .facts = { .kind = MEDIA_VIDEO, .mime = "video/mp4", .duration_ms = 60000 },
};

static bool
get(Catalog *catalog, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    g_autoptr(MediaDetails) details = media_details_new();
    MediaObject object = film;

    media_details_add(details, MEDIA_STREAMS,
                      &(MediaStream){ .type = "audio", .codec = "aac", .language = "zh" });
    object.details = details;
    if (strcmp(id, film.id) == 0)
        return visit(&object, user_data), true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "no object %s", id);
    return false;
}

static const CatalogClass catalog_class = { .get = get };

typedef struct {
    Screens *screens;
    Servers *servers;
    NetInterfaces *interfaces;
    Catalog catalog;
    Clock *clock;
    Casts *casts;
    Queues *queues;
    Handover *handover;
    char *folder;
    Set *old, *new;
    guint answers;
    GError *error;
    Screen *to;
} Fixture;

static Set *
add_set(Fixture *fixture, const char *id, int volume)
{
    Set *set = g_new0(Set, 1);

    screen_init(&set->screen, &set_class, id, id, "igrs");
    set->screen.sink_protocols = g_strdup("http-get:*:video/mp4:*");
    set->screen.status.volume = volume;
    set->screen.status.state = PLAYBACK_IDLE;
    set->told = g_string_new(NULL);
    set->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    screens_add(fixture->screens, &set->screen);
    return set;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->screens = screens_new();
    fixture->servers = servers_new();
    fixture->interfaces = net_interfaces_new((const char *const[]){ "lo", NULL }, NULL);
    fixture->clock = clock_new_fake();
    fixture->catalog.class = &catalog_class;
    fixture->casts = casts_new(fixture->screens, fixture->servers, &fixture->catalog,
                               fixture->interfaces);
    casts_set_port(fixture->casts, 8380);
    fixture->folder = g_dir_make_tmp("handover-XXXXXX", NULL);
    fixture->queues = queues_new(fixture->screens, fixture->casts, &fixture->catalog,
                                 fixture->folder, fixture->clock);
    fixture->handover = handover_new(fixture->screens, fixture->casts, fixture->queues,
                                     fixture->clock);
    fixture->old = add_set(fixture, "old", 40);
    fixture->new = add_set(fixture, "new", 70);
    show(fixture->old, PLAYBACK_PLAYING, URI, 10000);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    handover_free(fixture->handover);
    queues_free(fixture->queues);
    casts_free(fixture->casts);
    screens_free(fixture->screens);
    servers_free(fixture->servers);
    net_interfaces_free(fixture->interfaces);
    clock_free(fixture->clock);
    g_assert_no_errno(g_rmdir(fixture->folder));
    g_free(fixture->folder);
    g_clear_error(&fixture->error);
}

static void
on_moved(Screen *to, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->answers++;
    fixture->to = to;
    g_clear_error(&fixture->error);
    fixture->error = error != NULL ? g_error_copy(error) : NULL;
}

static void
move(Fixture *fixture)
{
    handover_move(fixture->handover, "old", "new", on_moved, fixture);
}

static void
assert_told(Set *set, const char *expected)
{
    g_assert_cmpstr(set->told->str, ==, expected);
    g_string_truncate(set->told, 0);
}

/* -- What goes well ---------------------------------------------------------------------------- */

static void
test_whole(Fixture *fixture, gconstpointer data)
{
    clock_advance(fixture->clock, 700); /* it was heard of last */
    move(fixture);
    assert_told(fixture->new, "volume 40;");
    agree(fixture->new);
    assert_told(fixture->new, "open@11100;"); /* 10000, 700 later, and 400 for the way */
    g_assert_cmpstr(fixture->new->uri, ==, URI);
    clock_advance(fixture->clock, 200);
    agree(fixture->new);
    guint looks = fixture->new->looks;
    clock_advance(fixture->clock, 300);
    g_assert_cmpuint(fixture->new->looks, ==, looks + 3);
    show(fixture->new, PLAYBACK_LOADING, URI, 0);
    show(fixture->new, PLAYBACK_PLAYING, URI, 11100); /* it stands still */
    assert_told(fixture->old, "");
    show(fixture->new, PLAYBACK_PLAYING, URI, 11200);
    assert_told(fixture->old, "stop;");
    g_assert_cmpuint(fixture->answers, ==, 0);
    agree(fixture->old);
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_no_error(fixture->error);
    g_assert_true(fixture->to == &fixture->new->screen);
    assert_told(fixture->new, "");
}

/* The way took 600 ms, not 400: the next time it is taken for (400 + 600) / 2. */
static void
test_learns(Fixture *fixture, gconstpointer data)
{
    fixture->new->screen.status.volume = 40;
    move(fixture);
    assert_told(fixture->new, "open@10400;");
    clock_advance(fixture->clock, 650);
    agree(fixture->new);
    show(fixture->new, PLAYBACK_PLAYING, URI, 10450);
    agree(fixture->old);
    show(fixture->old, PLAYBACK_IDLE, NULL, 0);
    handover_move(fixture->handover, "new", "old", on_moved, fixture); /* and back */
    assert_told(fixture->old, "stop;open@10850;");
    agree(fixture->old);
    show(fixture->old, PLAYBACK_PLAYING, URI, 10900);
    agree(fixture->new);
    assert_told(fixture->new, "stop;");
    show(fixture->new, PLAYBACK_IDLE, NULL, 0);
    move(fixture);
    assert_told(fixture->new, "open@11400;");
}

static void
test_paused(Fixture *fixture, gconstpointer data)
{
    fixture->new->screen.status.volume = 40;
    show(fixture->old, PLAYBACK_PAUSED, URI, 10000);
    clock_advance(fixture->clock, 5000);
    move(fixture);
    agree(fixture->new);
    show(fixture->new, PLAYBACK_PLAYING, URI, 10050);
    assert_told(fixture->new, "open@10000;pause;");
    assert_told(fixture->old, "");
    agree(fixture->new);
    assert_told(fixture->old, "stop;");
}

static void
test_screen_that_does_not_tell_where_it_is(Fixture *fixture, gconstpointer data)
{
    fixture->new->screen.status.volume = 40;
    move(fixture);
    agree(fixture->new);
    show(fixture->new, PLAYBACK_PLAYING, URI, 0);
    clock_advance(fixture->clock, 1900);
    assert_told(fixture->old, "");
    clock_advance(fixture->clock, 200);
    assert_told(fixture->old, "stop;");
}

/* -- By an offer ------------------------------------------------------------------------------- */

#define OFFER                                                                                      \
    "<PlaybackState><URI>" URI "</URI><Position>0:00:10</Position><Volume>40</Volume>"             \
    "<TransportState>PAUSED_PLAYBACK</TransportState>"                                             \
    "<Queue><Entry><URI>http://h/next</URI></Entry></Queue></PlaybackState>"

static void
tell_offer(Set *set, const char *token, const char *state)
{
    g_autoptr(GError) error =
        token == NULL ? g_error_new(DUO_ERROR, DUO_ERROR_TIMEOUT, "no answer") : NULL;

    set->offered(token != NULL ? &(ScreenHanding){ token, state } : NULL, error, set->offered_data);
}

static void
begin_offered(Fixture *fixture)
{
    fixture->old->hands_over = fixture->new->hands_over = true;
    fixture->new->screen.status.volume = 40;
    move(fixture);
    assert_told(fixture->old, "offer;");
    assert_told(fixture->new, "");
}

static void
test_offered(Fixture *fixture, gconstpointer data)
{
    begin_offered(fixture);
    tell_offer(fixture->old, "key", OFFER);
    assert_told(fixture->new, "open@10400 by key;");
    g_autoptr(HandoverState) state = handover_state_decode(fixture->new->state, NULL);
    g_assert_false(state->is_paused); /* it is, when its first picture is out */
    g_assert_cmpuint(state->queue->len, ==, 1);
    agree(fixture->new);
    assert_told(fixture->old, "");
    show(fixture->new, PLAYBACK_PLAYING, URI, 10500);
    assert_told(fixture->old, "stop by key;");
    agree(fixture->old);
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_no_error(fixture->error);
}

/* One that says nothing, or nothing that could be read, is moved as any other. */
static void
test_not_offered(Fixture *fixture, gconstpointer data)
{
    begin_offered(fixture);
    tell_offer(fixture->old, NULL, NULL);
    assert_told(fixture->new, "open@10400;");
    agree(fixture->new);
    show(fixture->new, PLAYBACK_PLAYING, URI, 10500);
    assert_told(fixture->old, "stop;");
}

static void
test_odd_offer(Fixture *fixture, gconstpointer data)
{
    begin_offered(fixture);
    tell_offer(fixture->old, "key", "<PlaybackState>");
    assert_told(fixture->new, "open@10400;");
}

static void
test_not_accepted(Fixture *fixture, gconstpointer data)
{
    begin_offered(fixture);
    tell_offer(fixture->old, "key", OFFER);
    answer(fixture->new, DUO_ERROR_FAILED, "the token was used");
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_FAILED);
    assert_told(fixture->old, ""); /* it plays on, and its offer ends by itself */
}

static void
test_only_one_knows_offers(Fixture *fixture, gconstpointer data)
{
    fixture->old->hands_over = true;
    fixture->new->screen.status.volume = 40;
    move(fixture);
    assert_told(fixture->old, "");
    assert_told(fixture->new, "open@10400;");
}

/* -- What people chose ------------------------------------------------------------------------- */

static void
ignore_started(const Cast *cast, const GError *error, gpointer user_data)
{
    g_assert_no_error(error);
}

static void
begin_film(Fixture *fixture)
{
    CastWish wish = { .screen = "old", .item_id = "7", .subtitle = "none", .sound = "0",
                      .person = "Anna" };

    g_free(fixture->old->screen.address);
    g_free(fixture->new->screen.address);
    fixture->old->screen.address = g_strdup("127.0.0.1");
    fixture->new->screen.address = g_strdup("127.0.0.1");
    fixture->new->screen.status.volume = 40;
    queues_cast(fixture->queues, &wish, QUEUES_IN_ITS_TURN, ignore_started, fixture);
    agree(fixture->old);
    show(fixture->old, PLAYBACK_PLAYING, fixture->old->uri, 10000);
    g_assert_true(queues_is_playing(fixture->queues, "old"));
}

static void
assert_choices(Fixture *fixture)
{
    move(fixture);
    const Cast *cast = casts_list(fixture->casts)->pdata[0];
    g_assert_cmpstr(cast->screen_id, ==, "new");
    g_assert_cmpstr(cast->sound, ==, "0");
    g_assert_cmpstr(cast->subtitle, ==, "none");
    g_assert_cmpstr(cast->person, ==, "Anna");
    agree(fixture->new);
    show(fixture->new, PLAYBACK_PLAYING, fixture->new->uri, 20000);
    agree(fixture->old);
    const QueueEntry *entry = queue_current(queues_get(fixture->queues, "new"));
    g_assert_cmpstr(entry->subtitle, ==, "none");
    queue_clear(queues_edit(fixture->queues, "new"));
    queues_edited(fixture->queues, "new");
}

static void
test_choices(Fixture *fixture, gconstpointer data)
{
    begin_film(fixture);
    assert_choices(fixture);
}

/* Casts are forgotten when the server is started again, the queue is not. */
static void
test_choices_over_a_restart(Fixture *fixture, gconstpointer data)
{
    begin_film(fixture);
    handover_free(fixture->handover);
    queues_free(fixture->queues);
    casts_free(fixture->casts);
    fixture->casts = casts_new(fixture->screens, fixture->servers, &fixture->catalog,
                               fixture->interfaces);
    casts_set_port(fixture->casts, 8380);
    fixture->queues = queues_new(fixture->screens, fixture->casts, &fixture->catalog,
                                 fixture->folder, fixture->clock);
    fixture->handover = handover_new(fixture->screens, fixture->casts, fixture->queues,
                                     fixture->clock);
    show(fixture->old, PLAYBACK_PLAYING, fixture->old->uri, 11000);
    assert_choices(fixture);
}

/* -- What does not ------------------------------------------------------------------------------ */

static void
assert_failed(Fixture *fixture, int code)
{
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_null(fixture->to);
    g_assert_error(fixture->error, DUO_ERROR, code);
    assert_told(fixture->old, "");
    move(fixture); /* nothing is left of it */
    g_assert_cmpuint(fixture->answers, ==, 1);
}

static void
test_volume_refused(Fixture *fixture, gconstpointer data)
{
    move(fixture);
    answer(fixture->new, DUO_ERROR_UNSUPPORTED, "it has no volume");
    assert_told(fixture->new, "volume 40;open@10400;");
}

static void
test_refused(Fixture *fixture, gconstpointer data)
{
    move(fixture);
    agree(fixture->new);
    answer(fixture->new, DUO_ERROR_UNSUPPORTED, "not that");
    assert_told(fixture->new, "volume 40;open@10400;volume 70;"); /* what it plays goes on */
    assert_failed(fixture, DUO_ERROR_UNSUPPORTED);
}

static void
test_not_in_time(Fixture *fixture, gconstpointer data)
{
    move(fixture);
    agree(fixture->new);
    answer(fixture->new, DUO_ERROR_TIMEOUT, "no answer");
    assert_told(fixture->new, "volume 40;open@10400;stop;volume 70;");
    assert_failed(fixture, DUO_ERROR_TIMEOUT);
}

static void
test_never_answers(Fixture *fixture, gconstpointer data)
{
    move(fixture);
    agree(fixture->new);
    clock_advance(fixture->clock, 60000);
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_TIMEOUT);
    assert_told(fixture->old, "");
}

static void
test_says_yes_and_does_not_play(Fixture *fixture, gconstpointer data)
{
    move(fixture);
    agree(fixture->new);
    agree(fixture->new);
    show(fixture->new, PLAYBACK_LOADING, URI, 0);
    clock_advance(fixture->clock, 60000);
    assert_told(fixture->new, "volume 40;open@10400;stop;volume 70;");
    assert_failed(fixture, DUO_ERROR_TIMEOUT);
}

static void
test_breaks_off(Fixture *fixture, gconstpointer data)
{
    move(fixture);
    agree(fixture->new);
    agree(fixture->new);
    show(fixture->new, PLAYBACK_LOADING, URI, 0);
    show(fixture->new, PLAYBACK_STOPPED, URI, 0);
    assert_failed(fixture, DUO_ERROR_UNAVAILABLE);
}

static void
test_goes_away(Fixture *fixture, gconstpointer data)
{
    move(fixture);
    agree(fixture->new);
    agree(fixture->new);
    show(fixture->new, PLAYBACK_OFFLINE, NULL, 0);
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    assert_told(fixture->old, "");
}

static void
test_is_removed(Fixture *fixture, gconstpointer data)
{
    fixture->new->screen.status.volume = 40;
    move(fixture);
    agree(fixture->new);
    screens_remove(fixture->screens, "new");
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    assert_told(fixture->old, "");
    clock_advance(fixture->clock, 60000);
}

static void
test_old_one_goes_away(Fixture *fixture, gconstpointer data)
{
    fixture->new->screen.status.volume = 40;
    move(fixture);
    agree(fixture->new);
    screens_remove(fixture->screens, "old");
    show(fixture->new, PLAYBACK_PLAYING, URI, 10500);
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_no_error(fixture->error);
    assert_told(fixture->new, "open@10400;");
}

static void
test_old_one_does_not_stop(Fixture *fixture, gconstpointer data)
{
    fixture->new->screen.status.volume = 40;
    move(fixture);
    agree(fixture->new);
    show(fixture->new, PLAYBACK_PLAYING, URI, 10500);
    answer(fixture->old, DUO_ERROR_UNAVAILABLE, "it is away");
    g_assert_cmpuint(fixture->answers, ==, 1);
    g_assert_no_error(fixture->error);
}

/* Given up at last, it begins after all: it is stopped. */
static void
test_begins_too_late(Fixture *fixture, gconstpointer data)
{
    fixture->new->screen.status.volume = 40;
    move(fixture);
    clock_advance(fixture->clock, 60000);
    assert_told(fixture->new, "open@10400;stop;");
    answer_one(fixture->new, 0, NULL);
    assert_told(fixture->new, "stop;");
    assert_told(fixture->old, "");
}

static const struct {
    const char *from, *to;
    PlaybackState state;
    int code;
} refusals[] = {
    { "old", "old", PLAYBACK_PLAYING, DUO_ERROR_CONFLICT },
    { "old", "attic", PLAYBACK_PLAYING, DUO_ERROR_NOT_FOUND },
    { "attic", "old", PLAYBACK_PLAYING, DUO_ERROR_NOT_FOUND },
    { "new", "old", PLAYBACK_PLAYING, DUO_ERROR_CONFLICT },
    { "old", "new", PLAYBACK_STOPPED, DUO_ERROR_CONFLICT },
    { "old", "new", PLAYBACK_LOADING, DUO_ERROR_CONFLICT },
};

static void
test_refusals(Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++) {
        show(fixture->old, refusals[i].state, URI, 10000);
        handover_move(fixture->handover, refusals[i].from, refusals[i].to, on_moved, fixture);
        g_assert_cmpuint(fixture->answers, ==, i + 1);
        g_assert_error(fixture->error, DUO_ERROR, refusals[i].code);
    }
    show(fixture->old, PLAYBACK_PLAYING, URI, 10000);
    move(fixture);
    move(fixture);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_CONFLICT);
    assert_told(fixture->new, "volume 40;");
}

static void
test_server_stops(Fixture *fixture, gconstpointer data)
{
    move(fixture);
    handover_free(g_steal_pointer(&fixture->handover));
    g_assert_error(fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define TEST(path, func) g_test_add("/appliance/handover/" path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("whole", test_whole);
    TEST("learns", test_learns);
    TEST("paused", test_paused);
    TEST("screen-that-does-not-tell-where-it-is", test_screen_that_does_not_tell_where_it_is);
    TEST("offered", test_offered);
    TEST("not-offered", test_not_offered);
    TEST("odd-offer", test_odd_offer);
    TEST("not-accepted", test_not_accepted);
    TEST("only-one-knows-offers", test_only_one_knows_offers);
    TEST("choices", test_choices);
    TEST("choices-over-a-restart", test_choices_over_a_restart);
    TEST("volume-refused", test_volume_refused);
    TEST("refused", test_refused);
    TEST("not-in-time", test_not_in_time);
    TEST("never-answers", test_never_answers);
    TEST("says-yes-and-does-not-play", test_says_yes_and_does_not_play);
    TEST("breaks-off", test_breaks_off);
    TEST("goes-away", test_goes_away);
    TEST("is-removed", test_is_removed);
    TEST("old-one-goes-away", test_old_one_goes_away);
    TEST("old-one-does-not-stop", test_old_one_does_not_stop);
    TEST("begins-too-late", test_begins_too_late);
    TEST("refusals", test_refusals);
    TEST("server-stops", test_server_stops);
    return g_test_run();
}
