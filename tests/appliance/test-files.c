/* test-files.c -- the file room over real folders: what may be seen, read and changed, and the ways
 * out of a root, all of which are shut */
#define _GNU_SOURCE /* unshare */
#include "appliance/files/files.h"
#include "base/error.h"
#include "tests/appliance/room-full.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PEER "192.0.2.7"
#define SECRET "nobody must read this"

typedef struct {
    char *top, *open, *shut, *away; /* folders */
    Clock *clock;
    FileTickets *tickets;
    Files *files;
    FileTree *tree;
} Fixture;

static void
put(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
make(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    g_assert_no_errno(mkdir(path, 0777));
}

static void
point(const char *folder, const char *name, const char *target)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    g_assert_no_errno(symlink(target, path));
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->top = g_dir_make_tmp("files-XXXXXX", NULL);
    fixture->open = g_build_filename(fixture->top, "open", NULL);
    fixture->shut = g_build_filename(fixture->top, "shut", NULL);
    fixture->away = g_build_filename(fixture->top, "away", NULL);
    make(fixture->top, "open");
    make(fixture->top, "shut");
    make(fixture->top, "outside");
    put(fixture->top, "outside/secret", SECRET);
    put(fixture->shut, "book.txt", "read me");
    put(fixture->open, "b.txt", "bee");
    put(fixture->open, "a.txt", "");
    make(fixture->open, "deep");
    put(fixture->open, "deep/c.txt", "sea");
    point(fixture->open, "out", "../outside");
    point(fixture->open, "deep/secret", "../../outside/secret");
    point(fixture->open, "inside", "b.txt");
    point(fixture->open, "root", "/");
    g_autofree char *fifo = g_build_filename(fixture->open, "fifo", NULL);
    g_assert_no_errno(mkfifo(fifo, 0600));
    put(fixture->open, FILE_PART_PREFIX "1", "half");
    put(fixture->open, "bad\xff", "");

    FileRoot roots[] = { { "Open", fixture->open, true },   { "Shut", fixture->shut, false },
                         { "Away", fixture->away, true },   { "Devices", "/dev", true },
                         { NULL, NULL, false } };
    fixture->clock = clock_new_fake();
    fixture->tickets = file_tickets_new(fixture->clock);
    fixture->files = files_new(roots, fixture->tickets);
    fixture->tree = files_tree(fixture->files);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    g_autofree char *quoted = g_shell_quote(fixture->top);
    g_autofree char *command = g_strconcat("rm -rf ", quoted, NULL);

    files_free(fixture->files);
    file_tickets_free(fixture->tickets);
    clock_free(fixture->clock);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_free(fixture->top);
    g_free(fixture->open);
    g_free(fixture->shut);
    g_free(fixture->away);
}

/* -- What is there ----------------------------------------------------------------------------- */

static bool
print(const FileEntry *entry, gpointer user_data)
{
    g_string_append_printf(user_data, "%s%s:%d ", entry->name, entry->is_folder ? "/" : "",
                           (int)entry->size_bytes);
    return true;
}

/* Every entry of the folder, and nothing hidden or half; the caller's. */
static char *
listing(Fixture *fixture, const char *path)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    uint32_t total = 99;

    fixture->tree->class->list(fixture->tree, path, 0, 0, print, text, &total, &error);
    g_assert_no_error(error);
    return g_string_free(text, FALSE);
}

/* How many names the folder holds on disk, whatever they are. */
static guint
count(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint found = 0;

    while (g_dir_read_name(dir) != NULL)
        found++;
    return found;
}

static void
test_list(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *path;
        uint32_t offset, limit;
        const char *listing;
        uint32_t total;
    } cases[] = {
        { "/", 0, 0, "Open/:0 Shut/:0 Away/:0 Devices/:0 ", 4 },
        { "/", 1, 2, "Shut/:0 Away/:0 ", 4 },
        { "/", 9, 2, "", 4 },
        { "/Open", 0, 0, "deep/:0 a.txt:0 b.txt:3 ", 3 },
        { "//Open/./", 0, 0, "deep/:0 a.txt:0 b.txt:3 ", 3 },
        { "/Open", 1, 1, "a.txt:0 ", 3 },
        { "/Open", 3, 5, "", 3 },
        { "/Open", 4000000000, 4000000000, "", 3 },
        { "/Open/deep", 0, 0, "c.txt:3 ", 1 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        uint32_t total = 99;
        g_assert_true(fixture->tree->class->list(fixture->tree, cases[i].path, cases[i].offset,
                                                 cases[i].limit, print, text, &total, NULL));
        g_assert_cmpstr(text->str, ==, cases[i].listing);
        g_assert_cmpuint(total, ==, cases[i].total);
    }
}

static void
test_info(Fixture *fixture, gconstpointer data)
{
    static const char *const cases[][2] = {
        { "/", "/" "/:0 " },           { "/Shut", "Shut/:0 " },       { "/Open/b.txt", "b.txt:3 " },
        { "/Open/deep/", "deep/:0 " }, { "/Open/deep/c.txt", "c.txt:3 " },
    };
    uint64_t free_bytes = 0, total_bytes = 0;

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_assert_true(fixture->tree->class->info(fixture->tree, cases[i][0], print, text, NULL));
        g_assert_cmpstr(text->str, ==, cases[i][1]);
    }
    g_assert_true(
        fixture->tree->class->space(fixture->tree, "/Open/deep", &free_bytes, &total_bytes, NULL));
    g_assert_cmpuint(total_bytes, >=, free_bytes);
    g_assert_cmpuint(total_bytes, >, 0);
}

/* -- Ways out, and other wrong paths ------------------------------------------------------------ */

static bool
nobody(const FileEntry *entry, gpointer user_data)
{
    g_test_fail_printf("%s was shown", entry->name);
    return false;
}

static bool
try_list(Fixture *fixture, const char *path, GError **error)
{
    uint32_t total;

    return fixture->tree->class->list(fixture->tree, path, 0, 0, nobody, NULL, &total, error);
}

static bool
try_info(Fixture *fixture, const char *path, GError **error)
{
    return fixture->tree->class->info(fixture->tree, path, nobody, NULL, error);
}

static bool
try_space(Fixture *fixture, const char *path, GError **error)
{
    uint64_t free_bytes, total_bytes;

    return fixture->tree->class->space(fixture->tree, path, &free_bytes, &total_bytes, error);
}

static bool
try_make(Fixture *fixture, const char *path, GError **error)
{
    return fixture->tree->class->make_folder(fixture->tree, path, error);
}

static bool
try_remove(Fixture *fixture, const char *path, GError **error)
{
    return fixture->tree->class->remove(fixture->tree, path, error);
}

static bool
try_move(Fixture *fixture, const char *path, GError **error)
{
    return fixture->tree->class->move(fixture->tree, path, "/Open/new", NULL, error);
}

static bool
try_move_to(Fixture *fixture, const char *path, GError **error)
{
    return fixture->tree->class->move(fixture->tree, "/Open/b.txt", path, NULL, error);
}

static bool
try_copy(Fixture *fixture, const char *path, GError **error)
{
    return fixture->tree->class->copy(fixture->tree, path, "/Open/new", NULL, error);
}

static bool
try_copy_to(Fixture *fixture, const char *path, GError **error)
{
    return fixture->tree->class->copy(fixture->tree, "/Open/b.txt", path, NULL, error);
}

static bool
try_open(Fixture *fixture, const char *path, FileUse use, GError **error)
{
    g_autofree char *address = fixture->tree->class->open(fixture->tree, path, use, PEER, error);

    return address != NULL;
}

static bool
try_read(Fixture *fixture, const char *path, GError **error)
{
    return try_open(fixture, path, FILE_READ, error);
}

static bool
try_write(Fixture *fixture, const char *path, GError **error)
{
    return try_open(fixture, path, FILE_WRITE, error);
}

static bool
try_create(Fixture *fixture, const char *path, GError **error)
{
    return try_open(fixture, path, FILE_CREATE, error);
}

typedef bool (*Try)(Fixture *fixture, const char *path, GError **error);
static const Try every[] = { try_list,    try_info, try_space,   try_make, try_remove, try_move,
                             try_move_to, try_copy, try_copy_to, try_read, try_write,  try_create };
static const Try changes[] = { try_make, try_move_to, try_copy_to, try_create };

static void
refuse_all(Fixture *fixture, const Try *tries, guint count_of, const char *path, DuoError code)
{
    for (guint i = 0; i < count_of; i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s, %u", path, i);
        g_assert_false(tries[i](fixture, path, &error));
        g_assert_error(error, DUO_ERROR, (gint)code);
    }
}

static void
test_ways_out(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *path;
        DuoError code;
    } cases[] = {
        { "/Open/../outside/secret", DUO_ERROR_DENIED },
        { "/../etc/passwd", DUO_ERROR_DENIED },
        { "/..", DUO_ERROR_DENIED },
        { "/Open/deep/../b.txt", DUO_ERROR_DENIED },
        { "/Open/deep/..", DUO_ERROR_DENIED },
        { "/Open/out/secret", DUO_ERROR_DENIED },
        { "/Open/root/etc/passwd", DUO_ERROR_DENIED },
        { "/Open/out/new", DUO_ERROR_DENIED },
        { "etc/passwd", DUO_ERROR_INVALID },
        { "", DUO_ERROR_INVALID },
        { "\\Open\\b.txt", DUO_ERROR_INVALID },
        { "/etc/passwd", DUO_ERROR_NOT_FOUND },
        { "/open/b.txt", DUO_ERROR_NOT_FOUND },
        { "/%4Fpen/b.txt", DUO_ERROR_NOT_FOUND },
        { "/Open/nowhere/b.txt", DUO_ERROR_NOT_FOUND },
        { "/Open/" FILE_PART_PREFIX "1", DUO_ERROR_NOT_FOUND },
        { "/Away/b.txt", DUO_ERROR_UNAVAILABLE },
    };
    g_autofree char *long_name = g_strnfill(300, 'x');
    g_autofree char *long_path = g_strconcat("/Open/", long_name, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        refuse_all(fixture, every, G_N_ELEMENTS(every), cases[i].path, cases[i].code);
    refuse_all(fixture, every, G_N_ELEMENTS(every), long_path, DUO_ERROR_INVALID);
    g_assert_cmpuint(count(fixture->top), ==, 3);
    g_assert_cmpuint(count(fixture->open), ==, 9);
}

/* Links, FIFOs and devices are neither files nor folders. */
static void
test_odd_files(Fixture *fixture, gconstpointer data)
{
    static const char *const odd[] = { "/Open/out",  "/Open/inside", "/Open/deep/secret",
                                       "/Open/fifo", "/Open/root",   "/Devices/null" };
    static const Try looks[] = { try_info, try_remove, try_move, try_copy, try_read, try_write };

    for (guint i = 0; i < G_N_ELEMENTS(odd); i++)
        refuse_all(fixture, looks, G_N_ELEMENTS(looks), odd[i], DUO_ERROR_DENIED);
    g_assert_true(g_file_test("/dev/null", G_FILE_TEST_EXISTS));
    g_assert_cmpuint(count(fixture->open), ==, 9);
}

static void
test_rights(Fixture *fixture, gconstpointer data)
{
    static const Try takes[] = { try_remove, try_move, try_write };

    refuse_all(fixture, changes, G_N_ELEMENTS(changes), "/Shut/new", DUO_ERROR_DENIED);
    refuse_all(fixture, takes, G_N_ELEMENTS(takes), "/Shut/book.txt", DUO_ERROR_DENIED);
    refuse_all(fixture, &(Try){ try_remove }, 1, "/Open", DUO_ERROR_DENIED);
    refuse_all(fixture, &(Try){ try_move }, 1, "/Devices", DUO_ERROR_DENIED);
    refuse_all(fixture, changes, G_N_ELEMENTS(changes), "/", DUO_ERROR_DENIED);
    refuse_all(fixture, changes, G_N_ELEMENTS(changes), "/Open/b.txt", DUO_ERROR_CONFLICT);
    refuse_all(fixture, changes, G_N_ELEMENTS(changes), "/Open/fifo", DUO_ERROR_CONFLICT);
    refuse_all(fixture, &(Try){ try_remove }, 1, "/Open/deep", DUO_ERROR_CONFLICT);
    refuse_all(fixture, &(Try){ try_read }, 1, "/Open/deep", DUO_ERROR_CONFLICT);
    g_assert_cmpuint(count(fixture->shut), ==, 1);
}

static gpointer
swap(gpointer data)
{
    Fixture *fixture = data;
    g_autofree char *deep = g_build_filename(fixture->open, "deep", NULL);
    g_autofree char *spare = g_build_filename(fixture->top, "spare", NULL);
    g_autofree char *link = g_build_filename(fixture->open, "link", NULL);

    g_assert_no_errno(symlink("../outside", link));
    for (int i = 0; i < 20000; i++) {
        g_rename(deep, spare);
        g_rename(link, deep);
        g_rename(deep, link);
        g_rename(spare, deep);
    }
    return NULL;
}

/* A folder that becomes a link and back while it is asked for never shows what the link leads
 * to. */
static void
test_race(Fixture *fixture, gconstpointer data)
{
    GThread *thread;
    guint seen = 0;

    put(fixture->open, "deep/secret.txt", "mine");
    g_autofree char *outside = g_build_filename(fixture->top, "outside/secret.txt", NULL);
    g_assert_true(g_file_set_contents(outside, SECRET, -1, NULL));
    thread = g_thread_new("swap", swap, fixture);
    for (int i = 0; i < 20000; i++) {
        g_autoptr(Stream) stream = files_read(fixture->files, "/Open/deep/secret.txt", NULL);
        char buffer[64] = "";
        if (stream != NULL) {
            g_assert_cmpint(stream_read(stream, 0, buffer, sizeof buffer, NULL), ==, 4);
            g_assert_cmpstr(buffer, ==, "mine");
            seen++;
        }
        g_autoptr(FileWrite) write =
            files_write(fixture->files, "/Open/deep/planted", false, -1, NULL);
        g_assert_true(write == NULL || file_write_add(write, "x", 1, NULL));
    }
    g_thread_join(thread);
    g_assert_cmpuint(seen, >, 0);
    g_assert_cmpuint(count(fixture->top), ==, 3);
}

/* As on kernels before 5.6: openat2() is not there. */
static bool
forget_openat2(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = { G_N_ELEMENTS(code), code };

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

static void
test_old_kernel(Fixture *fixture, gconstpointer data)
{
    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
        g_test_trap_assert_passed();
        return;
    }
    g_assert_true(forget_openat2());
    test_list(fixture, data);
    test_info(fixture, data);
    test_ways_out(fixture, data);
    test_odd_files(fixture, data);
    test_race(fixture, data);
}

/* -- Writing ----------------------------------------------------------------------------------- */

static void
expect_content(const char *folder, const char *name, const char *wanted)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, wanted);
}

static void
test_write(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    guint before = count(fixture->open);
    g_autoptr(FileWrite) first = files_write(fixture->files, "/Open/new", false, 6, &error);
    g_autoptr(FileWrite) second = files_write(fixture->files, "/Open/new", false, -1, &error);
    g_autoptr(FileWrite) third = files_write(fixture->files, "/Open/b.txt", true, -1, &error);

    g_assert_no_error(error);
    g_assert_true(file_write_is_new(first) && !file_write_is_new(third));
    g_assert_true(file_write_add(first, "one", 3, &error) &&
                  file_write_add(first, "two", 3, &error));
    g_assert_true(file_write_add(third, "wasp", 4, &error));
    g_assert_cmpuint(count(fixture->open), ==, before); /* nothing is seen until it is whole */
    expect_content(fixture->open, "b.txt", "bee");
    g_assert_true(file_write_finish(first, &error) && file_write_finish(third, &error));
    g_assert_no_error(error);
    g_clear_pointer(&first, file_write_free);
    g_clear_pointer(&third, file_write_free);
    expect_content(fixture->open, "new", "onetwo");
    expect_content(fixture->open, "b.txt", "wasp");
    g_assert_false(file_write_finish(second, &error)); /* the name is taken now */
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
    g_clear_pointer(&second, file_write_free);
    g_assert_cmpuint(count(fixture->open), ==, before + 1);
    g_clear_error(&error);
    g_assert_null(files_write(fixture->files, "/Open/huge", false, INT64_MAX, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NO_ROOM);
}

static void
test_patch(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FileWrite) write = files_patch(fixture->files, "/Open/b.txt", 1, -1, &error);

    g_assert_true(file_write_add(write, "anana", 5, &error) && file_write_finish(write, &error));
    g_assert_no_error(error);
    expect_content(fixture->open, "b.txt", "banana");
    g_assert_null(files_patch(fixture->files, "/Open/b.txt", 7, -1, &error)); /* a hole */
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(files_patch(fixture->files, "/Shut/book.txt", 0, -1, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_DENIED);
}

static void
test_full(Fixture *fixture, gconstpointer data)
{
    g_autofree char *block = g_strnfill(65536, 'x');
    g_autoptr(GError) error = NULL;

    if (!room_full_mount(fixture->open, "size=1m")) {
        g_test_skip("no small disk can be mounted here");
        return;
    }
    g_autoptr(FileWrite) write = files_write(fixture->files, "/Open/new", false, -1, &error);
    g_assert_no_error(error);
    for (int i = 0; i < 100 && file_write_add(write, block, 65536, &error); i++)
        ;
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NO_ROOM);
    g_clear_pointer(&write, file_write_free);
    g_clear_error(&error);
    g_autofree char *large = g_strnfill(4 << 20, 'x');
    put(fixture->shut, "large", large);
    g_assert_false(fixture->tree->class->copy(fixture->tree, "/Shut/large", "/Open/large", NULL,
                                              &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NO_ROOM);
    g_clear_error(&error);
    g_assert_false(fixture->tree->class->copy(fixture->tree, "/Shut", "/Open/shut", NULL, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NO_ROOM);
    g_assert_cmpuint(count(fixture->open), ==, 0);
    room_full_unmount(fixture->open);
}

/* -- Folders, moves, copies -------------------------------------------------------------------- */

static void
test_folders(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(try_make(fixture, "/Open/deep/er", &error));
    g_assert_true(try_make(fixture, "/Open/deep/er/still", &error));
    g_autofree char *made = listing(fixture, "/Open/deep");
    g_assert_cmpstr(made, ==, "er/:0 c.txt:3 ");
    g_assert_true(try_remove(fixture, "/Open/deep/er/still", &error));
    g_assert_true(try_remove(fixture, "/Open/deep/er", &error));
    g_assert_true(try_remove(fixture, "/Open/deep/c.txt", &error));
    g_assert_no_error(error);
    g_autofree char *left = listing(fixture, "/Open/deep");
    g_assert_cmpstr(left, ==, "");
    refuse_all(fixture, &(Try){ try_remove }, 1, "/Open/deep/c.txt", DUO_ERROR_NOT_FOUND);
}

static void
test_move(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    FileTree *tree = fixture->tree;

    g_assert_true(tree->class->move(tree, "/Open/b.txt", "/Open/deep/d.txt", NULL, &error));
    g_assert_true(tree->class->move(tree, "/Open/deep", "/Open/deeper", NULL, &error));
    g_assert_no_error(error);
    g_autofree char *moved = listing(fixture, "/Open/deeper");
    g_assert_cmpstr(moved, ==, "c.txt:3 d.txt:3 ");
    g_assert_false(tree->class->move(tree, "/Open/deeper", "/Open/deeper/in/itself", NULL, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
}

/* To another disk: what would be lost keeps all where it is; what is whole comes along. */
static void
test_move_far(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    FileTree *tree = fixture->tree;

    make(fixture->top, "away");
    if (!room_full_mount(fixture->away, "size=1m")) {
        g_test_skip("no small disk can be mounted here");
        return;
    }
    g_assert_false(tree->class->move(tree, "/Open/deep", "/Away/deep", NULL, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_DENIED); /* the link in it */
    g_clear_error(&error);
    g_assert_cmpuint(count(fixture->away), ==, 0);
    g_autofree char *link = g_build_filename(fixture->open, "deep/secret", NULL);
    g_unlink(link);
    make(fixture->open, "deep/er");
    put(fixture->open, "deep/er/e.txt", "eel");
    g_assert_true(tree->class->move(tree, "/Open/deep", "/Away/deep", NULL, &error));
    g_assert_true(tree->class->move(tree, "/Open/b.txt", "/Away/b.txt", NULL, &error));
    g_assert_no_error(error);
    expect_content(fixture->away, "deep/er/e.txt", "eel");
    expect_content(fixture->away, "deep/c.txt", "sea");
    expect_content(fixture->away, "b.txt", "bee");
    g_autofree char *left = listing(fixture, "/Open");
    g_assert_cmpstr(left, ==, "a.txt:0 ");
    room_full_unmount(fixture->away);
}

static void
test_copy(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancelled = g_cancellable_new();
    FileTree *tree = fixture->tree;

    g_assert_true(tree->class->copy(tree, "/Shut/book.txt", "/Open/book.txt", NULL, &error));
    g_assert_true(tree->class->copy(tree, "/Shut", "/Open/shut", NULL, &error));
    g_assert_true(tree->class->copy(tree, "/Open/deep", "/Open/deep 2", NULL, &error));
    g_assert_no_error(error);
    expect_content(fixture->open, "book.txt", "read me");
    expect_content(fixture->open, "shut/book.txt", "read me");
    expect_content(fixture->open, "deep 2/c.txt", "sea");
    g_autofree char *copied = g_build_filename(fixture->open, "deep 2", NULL);
    g_assert_cmpuint(count(copied), ==, 1); /* without the link */
    static const char *const inside[][2] = { { "/Open/deep", "/Open/deep/in" },
                                             { "/Open", "/Open/in" } };
    for (guint i = 0; i < G_N_ELEMENTS(inside); i++) {
        g_assert_false(tree->class->copy(tree, inside[i][0], inside[i][1], NULL, &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
        g_clear_error(&error);
    }
    guint before = count(fixture->open);
    g_cancellable_cancel(cancelled);
    g_assert_false(tree->class->copy(tree, "/Open/deep", "/Open/x", cancelled, &error) &&
                   tree->class->copy(tree, "/Open/book.txt", "/Open/x", cancelled, &error));
    g_assert_cmpuint(count(fixture->open), ==, before);
}

/* -- Tickets ----------------------------------------------------------------------------------- */

static void
expect_ticket(Fixture *fixture, const char *address, const char *peer, gint code)
{
    g_auto(GStrv) parts = g_strsplit(address, "/", -1); /* "", "files", token, name */
    g_auto(FileTicket) ticket = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(file_tickets_find(fixture->tickets, parts[2], peer, &ticket, &error), ==,
                    code < 0);
    if (code >= 0)
        g_assert_error(error, DUO_ERROR, code);
}

static void
test_tickets(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    FileTree *tree = fixture->tree;
    g_autofree char *address = tree->class->open(tree, "/Open/b.txt", FILE_READ, PEER, &error);
    g_autofree char *other = tree->class->open(tree, "/Open/b.txt", FILE_READ, PEER, &error);

    g_assert_cmpstr(address, !=, other);
    g_assert_true(g_str_has_suffix(address, "/b.txt"));
    g_assert_cmpuint(strlen(address), ==, strlen("/files//b.txt") + 32);
    expect_ticket(fixture, address, PEER, -1);
    expect_ticket(fixture, address, "192.0.2.8", DUO_ERROR_DENIED);
    expect_ticket(fixture, "/files/guess/b.txt", PEER, DUO_ERROR_NOT_FOUND);
    clock_advance(fixture->clock, FILE_TICKET_LIFE_MS - 1);
    expect_ticket(fixture, address, PEER, -1); /* and lives on from here */
    clock_advance(fixture->clock, 2);
    expect_ticket(fixture, other, PEER, DUO_ERROR_NOT_FOUND);
    expect_ticket(fixture, address, PEER, -1);
    file_tickets_revoke(fixture->tickets, address);
    expect_ticket(fixture, address, PEER, DUO_ERROR_NOT_FOUND);
}

static void
test_greedy(Fixture *fixture, gconstpointer data)
{
    FileTree *tree = fixture->tree;
    g_autofree char *modest = tree->class->open(tree, "/Open/b.txt", FILE_READ, "192.0.2.8", NULL);
    g_autofree char *first = tree->class->open(tree, "/Open/b.txt", FILE_READ, PEER, NULL);
    g_autoptr(GError) error = NULL;

    clock_advance(fixture->clock, 1);
    for (int i = 0; i < FILE_TICKETS_PER_PEER_MAX; i++) {
        g_autofree char *more = tree->class->open(tree, "/Open/b.txt", FILE_READ, PEER, &error);
        g_assert_no_error(error);
    }
    expect_ticket(fixture, first, PEER, DUO_ERROR_NOT_FOUND);
    expect_ticket(fixture, modest, "192.0.2.8", -1);
    for (int i = 0; i < FILE_TICKETS_MAX && error == NULL; i++) {
        g_autofree char *peer = g_strdup_printf("192.0.3.%d", i / 32);
        g_autofree char *more = tree->class->open(tree, "/Open/b.txt", FILE_READ, peer, &error);
    }
    g_assert_error(error, DUO_ERROR, DUO_ERROR_BUSY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    room_full_prepare();
#define ADD(path, function) \
    g_test_add("/appliance/files/" path, Fixture, NULL, set_up, function, tear_down)
    ADD("list", test_list);
    ADD("info", test_info);
    ADD("ways-out", test_ways_out);
    ADD("odd-files", test_odd_files);
    ADD("rights", test_rights);
    ADD("race", test_race);
    ADD("old-kernel", test_old_kernel);
    ADD("write", test_write);
    ADD("patch", test_patch);
    ADD("full", test_full);
    ADD("folders", test_folders);
    ADD("move", test_move);
    ADD("move-far", test_move_far);
    ADD("copy", test_copy);
    ADD("tickets", test_tickets);
    ADD("greedy", test_greedy);
    return g_test_run();
}
