/* test-foreign-casts.c -- casting what another server has: which of its resources the screen is
 * given, what is refused, and who may go before the server has answered */
#include "appliance/session/casts.h"

#include "base/error.h"

#include <string.h>

/* -- A screen that takes everything, and a server that answers when told to -------------------- */

typedef struct {
    Screen screen;
    PlaybackMedia *media; /* what it was given last */
} Set;

static void
set_command(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
            ScreenDone done, gpointer user_data)
{
    Set *set = (Set *)screen;

    playback_media_free(set->media);
    set->media = playback_media_copy(command->media);
    done(screen, NULL, user_data);
}

static void
set_free(Screen *screen)
{
    playback_media_free(((Set *)screen)->media);
    screen_clear(screen);
    g_free(screen);
}

static const ScreenClass set_class = { .command = set_command, .free = set_free };

typedef struct {
    CatalogAnswered answered; /* NULL: nobody waits */
    gpointer user_data;
    char *wanted;
} Question;

typedef struct {
    RemoteServer server;
    Question *question; /* the fixture's */
} Attic;

static void
attic_ask(RemoteServer *server, const CatalogQuestion *question, CatalogAnswered answered,
          gpointer user_data)
{
    Question *kept = ((Attic *)server)->question;

    g_assert_cmpint(question->verb, ==, CATALOG_GET);
    g_assert_null(kept->answered);
    *kept = (Question){ answered, user_data, g_strdup(question->id) };
}

static void
attic_free(RemoteServer *server)
{
    remote_server_clear(server);
    g_free(server);
}

static const RemoteServerClass attic_class = { attic_ask, attic_free };

typedef struct {
    Clock *clock;
    Screens *screens;
    Servers *servers;
    NetInterfaces *interfaces;
    Catalog catalog; /* is not asked */
    Casts *casts;
    Set *tv;
    Question question;
    guint answers;
    const Cast *cast;
    GError *error;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    Attic *attic = g_new0(Attic, 1);

    fixture->clock = clock_new_fake();
    fixture->screens = screens_new();
    fixture->servers = servers_new();
    fixture->interfaces = net_interfaces_new((const char *const[]){ "lo", NULL }, NULL);
    fixture->casts = casts_new(fixture->screens, fixture->servers, &fixture->catalog,
                               fixture->interfaces);
    fixture->tv = g_new0(Set, 1);
    screen_init(&fixture->tv->screen, &set_class, "tv1", "Living room", "igrs");
    fixture->tv->screen.sink_protocols =
        g_strdup("http-get:*:video/mp4:*,http-get:*:audio/mpeg:*");
    screens_add(fixture->screens, &fixture->tv->screen);
    remote_server_init(&attic->server, &attic_class, fixture->clock, "a1", "Attic", "igrs");
    attic->question = &fixture->question;
    g_assert_true(servers_add(fixture->servers, &attic->server));
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    casts_free(fixture->casts);
    servers_free(fixture->servers);
    screens_free(fixture->screens);
    net_interfaces_free(fixture->interfaces);
    clock_free(fixture->clock);
    g_free(fixture->question.wanted);
    g_clear_error(&fixture->error);
}

static void
on_started(const Cast *cast, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->answers++;
    fixture->cast = cast;
    g_clear_error(&fixture->error);
    fixture->error = error != NULL ? g_error_copy(error) : NULL;
}

static void
start(Fixture *fixture, CastWish wish)
{
    casts_start(fixture->casts, &wish, on_started, fixture);
}

/* The server says what the object is; NULL: it knows none. */
static void
answer(Fixture *fixture, const MediaObject *object)
{
    CatalogAnswered answered = g_steal_pointer(&fixture->question.answered);
    g_autoptr(CatalogPage) page = catalog_page_new();
    g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no such thing");

    g_clear_pointer(&fixture->question.wanted, g_free);
    if (object != NULL)
        g_ptr_array_add(page->objects, media_object_copy(object));
    answered(object != NULL ? page : NULL, object != NULL ? NULL : error,
             fixture->question.user_data);
}

static const MediaResource both[] = {
    { "http://10.0.0.3/film.mkv", "http-get:*:video/x-matroska:*" },
    { "http://10.0.0.3/film.mp4", "http-get:*:video/mp4:DLNA.ORG_OP=01" },
    { NULL, NULL },
};
static const MediaResource odd[] = {
    { "http://10.0.0.3/film.wmv", "http-get:*:video/x-ms-wmv:*" }, { NULL, NULL },
};
static const MediaObject film = {
    .id = "7/7", .kind = MEDIA_VIDEO, .title = "Film", .resources = both,
    .facts = { .kind = MEDIA_VIDEO, .duration_ms = 60000 },
};

static const CastWish wish = { .screen = "living", .server = "attic", .item_id = "7/7",
                               .position_ms = 5000 };

static void
test_first_that_is_taken(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    start(fixture, wish);
    g_assert_cmpstr(fixture->question.wanted, ==, "7/7");
    g_assert_cmpuint(fixture->answers, ==, 0);
    answer(fixture, &film);
    g_assert_no_error(fixture->error);
    const PlaybackMedia *media = fixture->tv->media;
    g_assert_cmpstr(media->uri, ==, "http://10.0.0.3/film.mp4");
    g_assert_cmpstr(media->mime, ==, "video/mp4");
    g_assert_cmpstr(media->title, ==, "Film");
    g_assert_cmpstr(media->item_id, ==, "7/7");
    g_assert_cmpstr(media->server_id, ==, "a1");
    g_assert_cmpint(media->duration_ms, ==, 60000);
    g_assert_nonnull(
        strstr(media->metadata, "protocolInfo=\"http-get:*:video/mp4:DLNA.ORG_OP=01\""));
    g_assert_cmpint(fixture->cast->position_ms, ==, 5000);
    g_assert_cmpstr(fixture->cast->how, ==, "direct");
    g_assert_null(casts_own_item(fixture->casts, media)); /* its 7/7 is not ours */
}

static void
test_refusals(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    const struct {
        MediaObject object;
        int code;
        const char *says;
    } cases[] = {
        { { .id = "1", .kind = MEDIA_VIDEO, .title = "Odd", .resources = odd },
          DUO_ERROR_UNSUPPORTED, "video/x-ms-wmv" },
        { { .id = "1", .kind = MEDIA_CONTAINER, .title = "Folder" }, DUO_ERROR_UNSUPPORTED,
          "container" },
        { { .id = "1", .kind = MEDIA_VIDEO, .title = "Text", .resources = both,
            .unreadable = "it is neither sound nor picture" }, DUO_ERROR_UNSUPPORTED, "neither" },
        { { .id = "1", .kind = MEDIA_VIDEO, .title = "Nowhere" }, DUO_ERROR_UNSUPPORTED, "address" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        start(fixture, wish);
        answer(fixture, &cases[i].object);
        g_assert_error(fixture->error, DUO_ERROR, cases[i].code);
        g_assert_nonnull(strstr(fixture->error->message, cases[i].says));
        g_assert_cmpuint(fixture->answers, ==, i + 1);
        clock_advance(fixture->clock, REMOTE_SERVER_UNFOLLOWED_MS); /* it is asked again */
    }
    start(fixture, wish);
    answer(fixture, NULL);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    start(fixture, (CastWish){ .screen = "tv1", .server = "cellar", .item_id = "1" });
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(fixture->error->message, "Attic"));
    start(fixture, (CastWish){ .screen = "tv1", .server = "attic", .url = "http://h/x" });
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_INVALID);
    g_assert_null(fixture->tv->media);
}

/* Who has not said what it plays is sent the first. */
static void
test_unknown_screen(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_clear_pointer(&fixture->tv->screen.sink_protocols, g_free);
    start(fixture, wish);
    answer(fixture, &film);
    g_assert_no_error(fixture->error);
    g_assert_cmpstr(fixture->tv->media->uri, ==, both[0].uri);
}

static void
test_server_goes(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    start(fixture, wish);
    servers_remove(fixture->servers, "a1");
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);
    answer(fixture, &film); /* too late */
    g_assert_cmpuint(fixture->answers, ==, 1);
}

static void
test_screen_goes(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    start(fixture, wish);
    screens_remove(fixture->screens, "tv1");
    answer(fixture, &film);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_assert_cmpuint(fixture->answers, ==, 1);
}

static void
test_casts_go(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    start(fixture, wish);
    g_clear_pointer(&fixture->casts, casts_free);
    answer(fixture, &film);
    g_assert_error(fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint(fixture->answers, ==, 1);
}

#define TEST(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("/foreign-casts/first-that-is-taken", test_first_that_is_taken);
    TEST("/foreign-casts/refusals", test_refusals);
    TEST("/foreign-casts/unknown-screen", test_unknown_screen);
    TEST("/foreign-casts/server-goes", test_server_goes);
    TEST("/foreign-casts/screen-goes", test_screen_goes);
    TEST("/foreign-casts/casts-go", test_casts_go);
    return g_test_run();
}
