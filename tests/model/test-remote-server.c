/* test-remote-server.c -- what every other server has in common: pages that are kept, and those who
 * wait when it goes */
#include "base/error.h"
#include "model/remote-server.h"

#include <string.h>

typedef struct {
    CatalogAnswered answered;
    gpointer user_data;
} Waiting;

/* A server that answers when the test says so, the last question first. */
typedef struct {
    RemoteServer server; /* first */
    guint asked;
    CatalogQuestion question; /* the last */
    GArray *waiting;          /* Waiting; the fixture's */
} Paper;

typedef struct {
    Clock *clock;
    Paper *paper;
    GArray *waiting;
    guint answers, told;
    guint objects; /* of the last page; 0: it was an error */
    int code;      /* of the last error; -1: none */
} Fixture;

static void
paper_ask(RemoteServer *server, const CatalogQuestion *question, CatalogAnswered answered,
          gpointer user_data)
{
    Paper *paper = (Paper *)server;

    paper->asked++;
    paper->question = *question;
    g_array_append_val(paper->waiting, ((Waiting){ answered, user_data }));
}

static void
paper_free(RemoteServer *server)
{
    remote_server_clear(server);
    g_free(server);
}

static const RemoteServerClass paper_class = { paper_ask, paper_free };

static void
on_told(gconstpointer event, gpointer user_data)
{
    Fixture *fixture = user_data;

    g_assert_true(event == fixture->paper);
    fixture->told++;
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->clock = clock_new_fake();
    fixture->paper = g_new0(Paper, 1);
    fixture->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    remote_server_init(&fixture->paper->server, &paper_class, fixture->clock, "id", "Attic",
                       "paper");
    fixture->paper->waiting = fixture->waiting;
    observers_add(fixture->paper->server.observers, on_told, fixture);
}

/* Whoever was asked answers, also when nobody waits any more. */
static void
answer_late(Fixture *fixture)
{
    g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_FAILED, "late");

    for (guint i = 0; i < fixture->waiting->len; i++) {
        const Waiting *waiting = &g_array_index(fixture->waiting, Waiting, i);
        waiting->answered(NULL, error, waiting->user_data);
    }
    g_array_set_size(fixture->waiting, 0);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    if (fixture->paper != NULL)
        remote_server_free(&fixture->paper->server);
    answer_late(fixture);
    g_array_unref(fixture->waiting);
    clock_free(fixture->clock);
}

static void
on_answered(CatalogPage *page, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;

    g_assert_true((page == NULL) == (error != NULL));
    fixture->answers++;
    fixture->objects = page != NULL ? page->objects->len : 0;
    fixture->code = error != NULL ? error->code : -1;
}

static void
ask(Fixture *fixture, CatalogQuestion question)
{
    remote_server_ask(&fixture->paper->server, &question, on_answered, fixture);
}

/* The server answers its last question with so many objects. */
static void
answer(Paper *paper, guint objects)
{
    g_autoptr(CatalogPage) page = catalog_page_new();

    for (guint i = 0; i < objects; i++)
        g_ptr_array_add(page->objects,
                        media_object_copy(&(MediaObject){ .id = "1", .title = "a" }));
    Waiting last = g_array_index(paper->waiting, Waiting, paper->waiting->len - 1);
    g_array_set_size(paper->waiting, paper->waiting->len - 1);
    last.answered(page, NULL, last.user_data);
}

static const CatalogQuestion top = { .verb = CATALOG_BROWSE, .id = "0", .range = { .limit = 50 } };

static void
test_same_question_is_asked_once(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    const CatalogQuestion others[] = {
        { .verb = CATALOG_BROWSE, .id = "1", .range = { .limit = 50 } },
        { .verb = CATALOG_BROWSE, .id = "0", .range = { .limit = 51 } },
        { .verb = CATALOG_BROWSE, .id = "0", .range = { .limit = 50, .offset = 50 } },
        { .verb = CATALOG_BROWSE, .id = "0", .range = { .limit = 50, .is_descending = true } },
        { .verb = CATALOG_BROWSE, .id = "0", .range = { .limit = 50, .sort = CATALOG_SORT_DATE } },
        { .verb = CATALOG_GET, .id = "0" },
        { .verb = CATALOG_SEARCH, .search = { .container_id = "0" }, .range = { .limit = 50 } },
        { .verb = CATALOG_SEARCH, .search = { .words = "a" }, .range = { .limit = 50 } },
        { .verb = CATALOG_SEARCH, .search = { .words = "a", .kind = MEDIA_VIDEO } },
    };

    remote_server_set_followed(&fixture->paper->server, true);
    ask(fixture, top);
    answer(fixture->paper, 3);
    ask(fixture, top);
    g_assert_cmpuint(fixture->paper->asked, ==, 1);
    g_assert_cmpuint(fixture->answers, ==, 2);
    g_assert_cmpuint(fixture->objects, ==, 3);
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        ask(fixture, others[i]);
        g_assert_cmpuint(fixture->paper->asked, ==, 2 + i);
        answer(fixture->paper, 1);
    }
}

static void
test_pages_grow_old(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    RemoteServer *server = &fixture->paper->server;

    ask(fixture, top);
    answer(fixture->paper, 3);
    clock_advance(fixture->clock, REMOTE_SERVER_UNFOLLOWED_MS);
    ask(fixture, top);
    g_assert_cmpuint(fixture->paper->asked, ==, 2);
    answer(fixture->paper, 3);

    remote_server_set_followed(server, true); /* what was kept before may be old */
    ask(fixture, top);
    g_assert_cmpuint(fixture->paper->asked, ==, 3);
    answer(fixture->paper, 3);
    clock_advance(fixture->clock, REMOTE_SERVER_FOLLOWED_MS - 1);
    ask(fixture, top);
    g_assert_cmpuint(fixture->paper->asked, ==, 3);

    remote_server_set_update_id(server, 7);
    g_assert_cmpuint(fixture->told, ==, 1);
    ask(fixture, top);
    g_assert_cmpuint(fixture->paper->asked, ==, 4);
    remote_server_set_update_id(server, 8); /* it changes before it answers */
    answer(fixture->paper, 3);
    g_assert_cmpuint(fixture->answers, ==, 5);
    ask(fixture, top);
    g_assert_cmpuint(fixture->paper->asked, ==, 5);
    answer(fixture->paper, 3);
    remote_server_set_update_id(server, 8);
    g_assert_cmpuint(fixture->told, ==, 2);
}

static void
test_what_is_kept_is_bounded(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    CatalogQuestion question = top;

    remote_server_set_followed(&fixture->paper->server, true);
    for (guint i = 0; i < 2 * REMOTE_SERVER_KEPT_MAX; i++) {
        question.range.offset = i;
        ask(fixture, question);
        answer(fixture->paper, i % 3);
        g_assert_cmpuint(fixture->paper->server.kept_count, <=, REMOTE_SERVER_KEPT_MAX);
        g_assert_cmpuint(g_hash_table_size(fixture->paper->server.kept), <=,
                         REMOTE_SERVER_KEPT_MAX);
    }
}

static void
test_limits(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    CatalogQuestion question = top;

    question.range.limit = 0;
    ask(fixture, question);
    g_assert_cmpuint(fixture->paper->question.range.limit, ==, CATALOG_PAGE_MAX);
    question.range.limit = 100000;
    ask(fixture, question);
    g_assert_cmpuint(fixture->paper->question.range.limit, ==, CATALOG_PAGE_MAX);
    while (fixture->answers == 0)
        ask(fixture, question);
    g_assert_cmpint(fixture->code, ==, DUO_ERROR_BUSY);
    g_assert_cmpuint(fixture->paper->asked, ==, REMOTE_SERVER_ASKED_MAX);
}

/* Who waits is told when it goes; its own answers come later and find nobody. */
static void
test_free_while_asked(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    ask(fixture, top);
    ask(fixture, top);
    remote_server_free(&fixture->paper->server);
    fixture->paper = NULL;
    g_assert_cmpuint(fixture->answers, ==, 2);
    g_assert_cmpint(fixture->code, ==, DUO_ERROR_UNAVAILABLE);
    answer_late(fixture);
    g_assert_cmpuint(fixture->answers, ==, 2);
}

static void
test_away_and_back(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    RemoteServer *server = &fixture->paper->server;

    g_assert_true(server->is_online);
    remote_server_set_away(server, "it has left");
    remote_server_set_away(server, "it has left");
    g_assert_false(server->is_online);
    g_assert_cmpstr(server->reason, ==, "it has left");
    remote_server_set_away(server, NULL);
    g_assert_true(server->is_online);
    g_assert_null(server->reason);
    g_assert_cmpuint(fixture->told, ==, 2);
    remote_server_set_face(server, "Attic", NULL);
    g_assert_cmpuint(fixture->told, ==, 2);
    remote_server_set_face(server, "Loft", "http://h/");
    g_assert_cmpuint(fixture->told, ==, 3);
}

#define TEST(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("/remote-server/same-question", test_same_question_is_asked_once);
    TEST("/remote-server/pages-grow-old", test_pages_grow_old);
    TEST("/remote-server/kept-is-bounded", test_what_is_kept_is_bounded);
    TEST("/remote-server/limits", test_limits);
    TEST("/remote-server/free-while-asked", test_free_while_asked);
    TEST("/remote-server/away-and-back", test_away_and_back);
    return g_test_run();
}
