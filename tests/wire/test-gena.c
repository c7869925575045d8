/* test-gena.c -- wire/gena: where events go, how long, and what is in them */
#include "base/error.h"
#include "wire/gena.h"

#include <string.h>

static const struct {
    const char *text, *list; /* joined by blanks; NULL: refused */
} callbacks[] = {
    { "<http://10.0.0.9:1234/e>", "http://10.0.0.9:1234/e" },
    { "<http://a/><http://b/>", "http://a/ http://b/" },
    { " <http://a/>, <http://b/> ", "http://a/ http://b/" },
    { "<a><b><c><d><e><f>", "a b c d" },
    { "http://a/", NULL },
    { "<http://a/", NULL },
    { "<http://a/> and more", NULL },
    { "", NULL },
};

static void
test_callbacks(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(callbacks); i++) {
        g_auto(GStrv) list = gena_callbacks_decode(callbacks[i].text);
        g_autofree char *joined = list != NULL ? g_strjoinv(" ", list) : NULL;
        g_assert_cmpstr(joined, ==, callbacks[i].list);
    }
}

static const struct {
    const char *text;
    int seconds; /* -1: refused */
} timeouts[] = {
    { "Second-1800", 1800 }, { "second-0", 0 },      { "Second-infinite", INT32_MAX },
    { "Second-9999999999", -1 }, { "Second-3000000000", INT32_MAX }, { "Second-", -1 },
    { "Second--5", -1 },     { "1800", -1 },         { "", -1 },
};

static void
test_timeouts(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(timeouts); i++) {
        int seconds = -1;
        bool is_read = gena_timeout_decode(timeouts[i].text, &seconds);
        g_test_message("%s", timeouts[i].text);
        g_assert_true(is_read == (timeouts[i].seconds != -1));
        g_assert_cmpint(seconds, ==, timeouts[i].seconds);
    }
}

static void
test_properties(void)
{
    const GenaProperty said[] = { { "SystemUpdateID", "7" }, { "LastChange", "<Event>&</Event>" } };
    g_autoptr(GString) text = gena_encode(said, G_N_ELEMENTS(said));
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) heard = gena_decode(text->str, text->len, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_hash_table_size(heard), ==, 2);
    for (guint i = 0; i < G_N_ELEMENTS(said); i++)
        g_assert_cmpstr(g_hash_table_lookup(heard, said[i].name), ==, said[i].value);
}

static const struct {
    const char *text;
    int error; /* -1: taken */
    const char *last_change;
} events[] = {
    { "<propertyset><property><LastChange>&lt;Event/&gt;</LastChange></property></propertyset>", -1,
      "<Event/>" },
    { "<x:propertyset "
      "xmlns:x='y'><x:property><LastChange>a</LastChange></x:property></x:propertyset>",
      -1, "a" },
    /* A set that does not escape. */
    { "<propertyset><property><LastChange><Event/></LastChange></property></propertyset>", -1,
      "<Event/>" },
    { "<propertyset/>", -1, NULL },
    { "<event/>", DUO_ERROR_INVALID, NULL },
    { "no", DUO_ERROR_INVALID, NULL },
};

static void
test_events(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GHashTable) heard = gena_decode(events[i].text, strlen(events[i].text), &error);
        g_test_message("%s", events[i].text);
        if (events[i].error != -1) {
            g_assert_error(error, DUO_ERROR, events[i].error);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpstr(g_hash_table_lookup(heard, "LastChange"), ==, events[i].last_change);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/gena/callbacks", test_callbacks);
    g_test_add_func("/wire/gena/timeouts", test_timeouts);
    g_test_add_func("/wire/gena/properties", test_properties);
    g_test_add_func("/wire/gena/events", test_events);
    return g_test_run();
}
