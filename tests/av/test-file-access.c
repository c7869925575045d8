/* test-file-access.c -- the operations of the File profile over a tree that says what it was
 * asked */
#include "av/av.h"
#include "base/error.h"
#include "support/service-client.h"

#include <string.h>

typedef struct {
    FileTree tree;
    GMutex lock;
    GCond turned;
    GString *asked;      /* what it was asked last; under the lock, like the rest */
    GError *refusal;     /* of the next question; NULL: it is granted */
    guint held;          /* copies that wait in it */
    bool holds_copies;
} PaperTree;

typedef struct {
    PaperTree paper;
    Clock *clock;
    Service *service;
} Fixture;

/* -- The tree, asked by threads of the service -------------------------------------------------- */

static bool
note(FileTree *tree, GError **error, const char *format, ...)
{
    PaperTree *paper = (PaperTree *)tree;
    va_list arguments;

    g_mutex_lock(&paper->lock);
    va_start(arguments, format);
    g_string_vprintf(paper->asked, format, arguments);
    va_end(arguments);
    bool is_granted = paper->refusal == NULL;
    if (!is_granted)
        g_propagate_error(error, g_steal_pointer(&paper->refusal));
    g_mutex_unlock(&paper->lock);
    return is_granted;
}

static bool
list(FileTree *tree, const char *path, uint32_t offset, uint32_t limit, FileVisit visit,
     gpointer user_data, uint32_t *total, GError **error)
{
    if (!note(tree, error, "list %s %u %u", path, offset, limit))
        return false;
    *total = 7;
    return visit(&(FileEntry){ "a & b", true, 0, 0 }, user_data) &&
           visit(&(FileEntry){ "c.txt", false, UINT64_C(5000000000), 1714558230 }, user_data);
}

static bool
info(FileTree *tree, const char *path, FileVisit visit, gpointer user_data, GError **error)
{
    return note(tree, error, "info %s", path) &&
           visit(&(FileEntry){ "c.txt", false, 3, 1714558230 }, user_data);
}

static bool
space(FileTree *tree, const char *path, uint64_t *free_bytes, uint64_t *total_bytes, GError **error)
{
    *free_bytes = UINT64_C(5000000000);
    *total_bytes = UINT64_C(9000000000);
    return note(tree, error, "space %s", path);
}

static bool
make_folder(FileTree *tree, const char *path, GError **error)
{
    return note(tree, error, "make %s", path);
}

static bool
remove_entry(FileTree *tree, const char *path, GError **error)
{
    return note(tree, error, "remove %s", path);
}

static bool
move(FileTree *tree, const char *path, const char *new_path, GCancellable *cancellable,
     GError **error)
{
    return note(tree, error, "move %s to %s", path, new_path);
}

static bool
copy(FileTree *tree, const char *path, const char *new_path, GCancellable *cancellable,
     GError **error)
{
    PaperTree *paper = (PaperTree *)tree;

    if (!note(tree, error, "copy %s to %s", path, new_path))
        return false;
    g_mutex_lock(&paper->lock);
    paper->held++;
    while (paper->holds_copies && !g_cancellable_is_cancelled(cancellable))
        g_cond_wait_until(&paper->turned, &paper->lock, g_get_monotonic_time() + 1000);
    paper->held--;
    g_mutex_unlock(&paper->lock);
    return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

static char *
open_file(FileTree *tree, const char *path, FileUse use, const char *peer, GError **error)
{
    static const char *const uses[] = { "read", "write", "create" };

    return note(tree, error, "open %s to %s for %s", path, uses[use], peer) ? g_strdup("/files/T/n")
                                                                             : NULL;
}

static const FileTreeClass class = { list, info, space, make_folder, remove_entry, move, copy,
                                     open_file };

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->paper.tree.class = &class;
    fixture->paper.asked = g_string_new(NULL);
    fixture->clock = clock_new_fake();
    fixture->service = file_access_new(&fixture->paper.tree, fixture->clock);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    service_free(fixture->service);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    clock_free(fixture->clock);
    g_string_free(fixture->paper.asked, TRUE);
}

/* -- Operations -------------------------------------------------------------------------------- */

static void
test_operations(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *action, *arguments[3], *asked, *out;
    } cases[] = {
        { "List", { "Path=/x", "StartingIndex=3", "RequestedCount=4" }, "list /x 3 4",
          "Entries=<Entry><Name>a &amp; b</Name><Type>folder</Type><Size>0</Size>"
          "<Modified>1970-01-01T00:00:00Z</Modified></Entry><Entry><Name>c.txt</Name><Type>file</Type>"
          "<Size>5000000000</Size><Modified>2024-05-01T10:10:30Z</Modified></Entry>\n"
          "NumberReturned=2\nTotalMatches=7\n" },
        { "GetInfo", { "Path=/x/c.txt" }, "info /x/c.txt",
          "Name=c.txt\nType=file\nSize=3\nModified=2024-05-01T10:10:30Z\n" },
        { "GetSpace", { "Path=/x" }, "space /x", "Free=5000000000\nTotal=9000000000\n" },
        { "Open", { "Path=/x/c.txt", "Mode=read" }, "open /x/c.txt to read for 192.0.2.7",
          "Url=http://192.0.2.1:8380/files/T/n\n" },
        { "Open", { "Path=/x/c.txt", "Mode=write" }, "open /x/c.txt to write for 192.0.2.7",
          "Url=http://192.0.2.1:8380/files/T/n\n" },
        { "Create", { "Path=/x/new" }, "open /x/new to create for 192.0.2.7",
          "Url=http://192.0.2.1:8380/files/T/n\n" },
        { "CreateDirectory", { "Path=/x/new" }, "make /x/new", "" },
        { "Delete", { "Path=/x/c.txt" }, "remove /x/c.txt", "" },
        { "Rename", { "Path=/x/c.txt", "NewName=d.txt" }, "move /x/c.txt to /x/d.txt", "" },
        { "Rename", { "Path=/x/deep/", "NewName=.." }, "move /x/deep/ to /x/deep/..", "" },
        { "Move", { "Path=/x/c.txt", "NewPath=/y/d.txt" }, "move /x/c.txt to /y/d.txt", "" },
        { "Copy", { "Path=/x/c.txt", "NewPath=/y/d.txt" }, "copy /x/c.txt to /y/d.txt", "" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const *arguments = cases[i].arguments;
        g_autofree char *out = NULL;
        g_test_message("%s", cases[i].asked);
        g_assert_cmpint(service_client_call(fixture->service, cases[i].action, &out, arguments[0],
                                            arguments[1], arguments[2], NULL), ==, 0);
        g_assert_cmpstr(fixture->paper.asked->str, ==, cases[i].asked);
        g_assert_cmpstr(out, ==, cases[i].out);
    }
}

static void
test_arguments(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *action, *arguments[3];
        int code;
    } cases[] = {
        { "Open", { "Path=/x", "Mode=Read" }, 400 },
        { "Open", { "Path=/x" }, SERVICE_INVALID_ARGS },
        { "List", { "Path=/x", "StartingIndex=-1", "RequestedCount=4" }, SERVICE_INVALID_ARGS },
        { "Rename", { "Path=/x/c.txt", "NewName=" }, 400 },
        { "Rename", { "Path=/x/c.txt", "NewName=." }, 400 },
        { "Rename", { "Path=/x/c.txt", "NewName=../d.txt" }, 400 },
        { "Rename", { "Path=/x/c.txt", "NewName=/etc/passwd" }, 400 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const *arguments = cases[i].arguments;
        g_assert_cmpint(service_client_call(fixture->service, cases[i].action, NULL, arguments[0],
                                            arguments[1], arguments[2], NULL), ==, cases[i].code);
        g_assert_cmpstr(fixture->paper.asked->str, ==, "");
    }
}

static void
test_errors(Fixture *fixture, gconstpointer data)
{
    static const int codes[DUO_ERROR_N] = { 400, 413, 404, 403, 409, 501, 503, 408, 503, 500, 507 };

    for (int code = 0; code < DUO_ERROR_N; code++) {
        fixture->paper.refusal = g_error_new(DUO_ERROR, code, "no");
        g_assert_cmpint(service_client_call(fixture->service, "Delete", NULL, "Path=/x", NULL), ==,
                        codes[code]);
    }
}

/* -- What takes long --------------------------------------------------------------------------- */

typedef struct {
    guint answers;
    int code;
} Heard;

static void
on_answered(const ServiceCall *call, gpointer user_data)
{
    Heard *heard = user_data;

    heard->answers++;
    heard->code = service_call_error(call) != NULL ? service_call_error(call)->code : 0;
}

static void
begin_copy(Fixture *fixture, Heard *heard)
{
    ServiceCall *call = service_call_new(fixture->service, "Copy", NULL);

    service_call_set_in(call, "Path", "/a", NULL);
    service_call_set_in(call, "NewPath", "/b", NULL);
    service_call_invoke(call, on_answered, heard);
}

static void
await_held(Fixture *fixture, guint wanted)
{
    gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    guint held;

    do {
        g_main_context_iteration(NULL, FALSE);
        g_mutex_lock(&fixture->paper.lock);
        held = fixture->paper.held;
        g_mutex_unlock(&fixture->paper.lock);
        g_assert_cmpint(g_get_monotonic_time(), <, until);
    } while (held != wanted);
}

static void
let_go(Fixture *fixture)
{
    g_mutex_lock(&fixture->paper.lock);
    fixture->paper.holds_copies = false;
    g_cond_broadcast(&fixture->paper.turned);
    g_mutex_unlock(&fixture->paper.lock);
}

/* The peer hears the truth in time; others are served meanwhile, but no third copy. */
static void
test_long(Fixture *fixture, gconstpointer data)
{
    Heard first = { 0 }, second = { 0 };

    fixture->paper.holds_copies = true;
    begin_copy(fixture, &first);
    begin_copy(fixture, &second);
    await_held(fixture, 2);
    g_assert_cmpint(service_client_call(fixture->service, "Move", NULL, "Path=/a", "NewPath=/c",
                                        NULL), ==, 503);
    g_assert_cmpint(service_client_call(fixture->service, "GetSpace", NULL, "Path=/a", NULL), ==,
                    0);
    g_assert_cmpuint(first.answers, ==, 0);
    clock_advance(fixture->clock, 20 * 1000);
    g_assert_cmpuint(first.answers, ==, 1);
    g_assert_cmpint(first.code, ==, 408);
    let_go(fixture);
    await_held(fixture, 0);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpuint(first.answers, ==, 1);
    g_assert_cmpint(service_client_call(fixture->service, "Copy", NULL, "Path=/a", "NewPath=/c",
                                        NULL), ==, 0);
}

/* The end of the service cancels what runs and what waits; each is still answered once. */
static void
test_end(Fixture *fixture, gconstpointer data)
{
    Heard first = { 0 }, second = { 0 };

    fixture->paper.holds_copies = true;
    begin_copy(fixture, &first);
    begin_copy(fixture, &second);
    g_clear_pointer(&fixture->service, service_free);
    while (first.answers == 0 || second.answers == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(first.code, ==, 503);
    g_assert_cmpint(second.code, ==, 503);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) \
    g_test_add("/av/file-access/" path, Fixture, NULL, set_up, function, tear_down)
    ADD("operations", test_operations);
    ADD("arguments", test_arguments);
    ADD("errors", test_errors);
    ADD("long", test_long);
    ADD("end", test_end);
    return g_test_run();
}
