/* test-pairing.c -- codes, and two real devices that come to share a key by one */
#include "tests/igrs/two-nodes.h"

#include "igrs/pairing-code.h"
#include "igrs/pairing.h"

#include <string.h>

/* -- Codes ------------------------------------------------------------------------------------- */

#define CODE "01234-56789-ABCDE-FGHJK-MNPQ"
#define KEY "39931785eaf93c1219406ff0b76858c27560449eb053f637d35380be372e4f91"

static const struct {
    const char *text, *digits; /* NULL: no code */
} codes[] = {
    { CODE "7", KEY },
    { "0123456789abcdefghjkmnpq7", KEY },
    { " ol234 56789 abcde fghjk mnpq7\n", KEY },
    { "igrs:6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1?code=" CODE "7", KEY },
    { KEY, KEY },
    { CODE, NULL },
    { CODE "77", NULL },
    { "10234-56789-ABCDE-FGHJK-MNPQ7", NULL }, /* two letters changed places */
    { "01234-56789-ABCDE-FGHJK-MNPU7", NULL },
    { "", NULL },
    { KEY "0", NULL },
};

static void
test_codes(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        IgrsSecret key;
        bool is_read = igrs_code_read(codes[i].text, &key);
        g_test_message("%s", codes[i].text);
        g_assert_cmpint(is_read, ==, codes[i].digits != NULL);
        g_autofree char *digits = is_read ? igrs_secret_to_digits(&key) : NULL;
        g_assert_cmpstr(digits, ==, codes[i].digits);
    }
}

static void
test_new_codes(void)
{
    for (guint i = 0; i < 200; i++) {
        g_autofree char *one = igrs_code_new(), *two = igrs_code_new();
        IgrsSecret key;
        g_assert_cmpuint(strlen(one), ==, IGRS_CODE_SIZE);
        g_assert_true(igrs_code_read(one, &key));
        g_assert_cmpstr(one, !=, two);
    }
}

/* -- Devices ----------------------------------------------------------------------------------- */

typedef struct {
    TwoNodes two;
    unsigned changes; /* the lamp told of */
} Fixture;

static void
on_change(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    ++*(unsigned *)user_data;
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_make_keys(&fixture->two);
    two_nodes_set_up(&fixture->two, NULL);
    two_nodes_wait_events(&fixture->two, "o");
    observers_add(igrs_node_pairing_observers(fixture->two.lamp), on_change, &fixture->changes);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_tear_down(&fixture->two, NULL);
}

typedef struct {
    bool is_there;
    GError *error;
} Result;

static void
on_paired(const GError *error, gpointer user_data)
{
    Result *result = user_data;

    g_assert_false(result->is_there);
    *result = (Result){ true, error != NULL ? g_error_copy(error) : NULL };
}

/* The remote is told the code; -1: they are paired. */
static int
pair(Fixture *fixture, const char *code)
{
    Result result = { 0 };

    igrs_node_pair(fixture->two.remote, LAMP_ID, code, on_paired, &result);
    two_nodes_wait(&result.is_there);
    int error = result.error != NULL ? result.error->code : -1;
    g_assert_true(result.error == NULL || result.error->domain == DUO_ERROR);
    g_clear_error(&result.error);
    return error;
}

static bool
has_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static void
test_pair(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;
    g_autofree char *code = g_strdup(igrs_node_code(two->lamp));

    g_assert_cmpstr(code, ==, igrs_node_code(two->lamp));
    g_assert_cmpint(pair(fixture, code), ==, -1);
    g_assert_true(two_nodes_is_sealed(two->remote, LAMP_ID));
    g_assert_true(two_nodes_is_sealed(two->lamp, REMOTE_ID));
    g_assert_true(has_file(fixture->two.remote_keys, LAMP_UUID));
    g_assert_true(has_file(fixture->two.lamp_keys, REMOTE_UUID));
    g_assert_cmpuint(fixture->changes, ==, 1);
    g_assert_cmpstr(code, !=, igrs_node_code(two->lamp)); /* it is good for once */
    g_autoptr(GPtrArray) paired = igrs_node_paired(two->lamp);
    g_assert_cmpuint(paired->len, ==, 1);
    g_assert_cmpint(pair(fixture, code), ==, -1); /* the same key once more */
}

static void
test_wrong_code(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;
    g_autofree char *code = g_strdup(igrs_node_code(two->lamp)), *other = igrs_code_new();

    g_assert_cmpint(pair(fixture, "not a code"), ==, DUO_ERROR_INVALID);
    g_assert_cmpint(pair(fixture, other), ==, DUO_ERROR_DENIED);
    g_assert_false(has_file(fixture->two.remote_keys, LAMP_UUID));
    g_assert_false(igrs_security_is_paired(two->remote->security, LAMP_ID));
    g_assert_cmpstr(code, ==, igrs_node_code(two->lamp));
    g_assert_cmpint(pair(fixture, code), ==, -1);
    g_assert_cmpint(pair(fixture, other), ==, DUO_ERROR_DENIED);
    g_assert_true(has_file(fixture->two.remote_keys, LAMP_UUID)); /* the good one is still there */
    igrs_pipes_event(two->remote->pipes, LAMP_ID, NULL, IGRS_PIPE_WANTED);
    WAIT_UNTIL(igrs_pipes_state(two->remote->pipes, LAMP_ID) == IGRS_PIPE_OPEN);
    g_assert_true(two_nodes_is_sealed(two->remote, LAMP_ID));
}

/* One side forgot; the other one's code makes it good again. */
static void
test_again(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(pair(fixture, igrs_node_code(two->lamp)), ==, -1);
    g_assert_true(igrs_node_unpair(two->remote, LAMP_ID, &error));
    g_assert_false(igrs_node_unpair(two->remote, LAMP_ID, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_assert_false(has_file(fixture->two.remote_keys, LAMP_UUID));
    g_assert_false(two_nodes_is_sealed(two->remote, LAMP_ID));
    g_autofree char *code = g_strdup(igrs_node_code(two->lamp));
    g_assert_cmpint(pair(fixture, code), ==, -1);
    g_assert_true(two_nodes_is_sealed(two->lamp, REMOTE_ID));
    g_assert_cmpstr(code, !=, igrs_node_code(two->lamp));
}

/* A code that waits changes nothing for those who have none. */
static void
test_open_pipes_go_on(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    TwoNodes *two = &fixture->two;

    g_assert_nonnull(igrs_node_code(two->lamp));
    g_assert_nonnull(igrs_node_code(two->remote));
    igrs_pipes_event(two->remote->pipes, LAMP_ID, NULL, IGRS_PIPE_WANTED);
    WAIT_UNTIL(igrs_pipes_state(two->remote->pipes, LAMP_ID) == IGRS_PIPE_OPEN);
    g_assert_false(two_nodes_is_sealed(two->remote, LAMP_ID));
}

static void
test_who_is_away(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *code = igrs_code_new();
    Result result = { 0 };

    igrs_node_pair(fixture->two.remote, REMOTE_ID, code, on_paired, &result);
    g_assert_false(result.is_there);
    two_nodes_wait(&result.is_there);
    g_assert_error(result.error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_clear_error(&result.error);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/igrs/pairing/codes", test_codes);
    g_test_add_func("/igrs/pairing/new-codes", test_new_codes);
    ADD("/igrs/pairing/pair", test_pair);
    ADD("/igrs/pairing/wrong-code", test_wrong_code);
    ADD("/igrs/pairing/again", test_again);
    ADD("/igrs/pairing/open-pipes-go-on", test_open_pipes_go_on);
    ADD("/igrs/pairing/who-is-away", test_who_is_away);
    return g_test_run();
}
