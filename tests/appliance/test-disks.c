/* test-disks.c -- disks that come, go and fill up: real mounts, in a mount namespace of our own */
#define _GNU_SOURCE /* unshare */
#include "tests/appliance/library-home.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#define WATCHES "/proc/sys/user/max_inotify_watches"

static bool may_mount;

/* When something is due: a walk of what is not watched; the first look after the index, and the
 * next. */
#define WALKS_US (601 * G_USEC_PER_SEC)
#define AT_REST_US (61 * G_USEC_PER_SEC)
#define LOOKS_US (3601 * (gint64)G_USEC_PER_SEC)

/* What the indexer asks the system and the test answers: the hands of the clock, and on what kind
 * of file system a folder lies. */
static _Atomic gint64 turned_us;
static const char *network_folder;

gint64
g_get_monotonic_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000 + turned_us;
}

int
statfs(const char *path, struct statfs *status)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    int result = fd >= 0 ? fstatfs(fd, status) : -1;

    if (fd >= 0)
        close(fd);
    if (result == 0 && network_folder != NULL && g_str_has_prefix(path, network_folder))
        status->f_type = 0x6969; /* NFS */
    return result;
}

/* A mount namespace for this process, as root or as root of a user namespace of its own; there the
 * watches may be limited, too. */
static void
enter_namespace(bool has_few_watches)
{
    uid_t user = getuid();
    gid_t group = getgid();

    if (has_few_watches || unshare(CLONE_NEWNS) != 0) {
        g_autofree char *users = g_strdup_printf("0 %u 1", (guint)user);
        g_autofree char *groups = g_strdup_printf("0 %u 1", (guint)group);
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
            !g_file_set_contents_full("/proc/self/setgroups", "deny", -1, 0, 0600, NULL) ||
            !g_file_set_contents_full("/proc/self/uid_map", users, -1, 0, 0600, NULL) ||
            !g_file_set_contents_full("/proc/self/gid_map", groups, -1, 0, 0600, NULL))
            return;
    }
    if (has_few_watches)
        g_file_set_contents_full(WATCHES, "4", -1, 0, 0600, NULL);
    may_mount = mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool
is_skipped(void)
{
    if (!may_mount)
        g_test_skip("mounting is not allowed here");
    return !may_mount;
}

typedef struct {
    Home home;
    char *disk, *point; /* what is mounted, and where: media/usb */
} Place;

static void
place_init(Place *place)
{
    home_init(&place->home);
    place->disk = g_build_filename(place->home.top, "disk", NULL);
    place->point = in_root(&place->home, "usb");
    put(&place->home, "own.mp3", "title=Own\n");
    put(&place->home, "../disk/a.mp3", "title=Alpha\n");
    put(&place->home, "../disk/deep/b.mp3", "title=Bravo\n");
    g_assert_cmpint(g_mkdir(place->point, 0700), ==, 0);
}

static void
plug(Place *place)
{
    g_assert_cmpint(mount(place->disk, place->point, NULL, MS_BIND, NULL), ==, 0);
}

static void
unplug(Place *place)
{
    g_assert_cmpint(umount2(place->point, MNT_DETACH), ==, 0);
}

static void
place_clear(Place *place)
{
    g_clear_pointer(&place->home.library, library_free);
    umount2(place->point, MNT_DETACH);
    g_free(place->disk);
    g_free(place->point);
    home_clear(&place->home);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static bool
is_offline(Home *home, const char *id)
{
    g_autoptr(MediaObject) object = catalog_find(library_catalog(home->library), id, NULL);

    return object != NULL && object->is_offline;
}

static void
reopen(Home *home)
{
    g_clear_pointer(&home->library, library_free);
    open_library(home);
    WAIT_UNTIL(is_idle(home));
}

static void
test_unplugged(void)
{
    g_auto(Place) place = { 0 };
    Home *home = &place.home;

    place_init(&place);
    if (is_skipped())
        return;
    plug(&place);
    open_library(home);
    WAIT_UNTIL(is_idle(home));
    g_autofree char *own = id_of(home, "Folders/media/Own");
    g_autofree char *shallow = id_of(home, "Folders/media/usb/Alpha");
    g_autofree char *deep = id_of(home, "Folders/media/usb/deep/Bravo");
    g_assert_nonnull(deep);
    int probed = g_atomic_int_get(&name_probe_count);

    unplug(&place);
    WAIT_UNTIL(is_offline(home, shallow) && is_offline(home, deep));
    g_assert_false(is_offline(home, own));
    g_assert_cmpuint(library_counts(home->library).audio, ==, 3);
    g_autoptr(GError) error = NULL;
    g_assert_null(library_item_path(home->library, deep, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE);

    plug(&place);
    WAIT_UNTIL(!is_offline(home, shallow) && !is_offline(home, deep));
    g_assert_cmpint(g_atomic_int_get(&name_probe_count), ==, probed);

    /* away when we start; then its mount point, too */
    unplug(&place);
    for (int round = 0; round < 2; round++) {
        reopen(home);
        g_assert_true(is_offline(home, shallow) && is_offline(home, deep));
        g_assert_cmpuint(library_counts(home->library).audio, ==, 3);
        if (round == 0)
            g_assert_cmpint(g_rmdir(place.point), ==, 0);
    }
    g_assert_cmpint(g_mkdir(place.point, 0700), ==, 0);

    /* another, empty disk in its place tells nothing of what was on it */
    g_assert_cmpint(mount("none", place.point, "tmpfs", 0, "size=1m"), ==, 0);
    reopen(home);
    g_assert_cmpuint(library_counts(home->library).audio, ==, 3);
    unplug(&place);

    /* what is deleted while the disk is there is forgotten */
    g_autofree char *file = g_build_filename(place.disk, "a.mp3", NULL);
    g_assert_cmpint(g_unlink(file), ==, 0);
    plug(&place);
    WAIT_UNTIL(library_counts(home->library).audio == 2);
    g_assert_false(is_offline(home, deep));
    g_assert_cmpint(g_atomic_int_get(&name_probe_count), ==, probed);
}

/* Another disk with other things on it, where ours was: neither is mixed up with the other. */
static void
test_another(void)
{
    g_auto(Place) place = { 0 };
    Home *home = &place.home;

    place_init(&place);
    if (is_skipped())
        return;
    put(home, "../guest/c.mp3", "title=Charlie\n");
    g_autofree char *guest = g_build_filename(home->top, "guest", NULL);
    plug(&place);
    open_library(home);
    WAIT_UNTIL(is_idle(home));
    g_autofree char *id = id_of(home, "Folders/media/usb/Alpha");

    unplug(&place);
    g_assert_cmpint(mount(guest, place.point, NULL, MS_BIND, NULL), ==, 0);
    reopen(home);
    g_assert_true(is_offline(home, id));
    g_assert_true(shows(home, "Folders/media/usb", "deep,Alpha"));
    unplug(&place);
    plug(&place);
    reopen(home);
    g_assert_false(is_offline(home, id));
}

static bool
run(const char *format, ...)
{
    va_list arguments;
    int status;

    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return g_spawn_command_line_sync(line, NULL, NULL, &status, NULL) &&
           g_spawn_check_wait_status(status, NULL);
}

/* The root itself is a disk, a real one with a file system of its own. */
static void
test_loop(void)
{
    g_auto(Home) home = { 0 };

    home_init(&home);
    g_autofree char *image = g_build_filename(home.top, "disk.img", NULL);
    if (is_skipped())
        return;
    if (!run("truncate -s 8M %s", image) || !run("/sbin/mkfs.ext4 -q %s", image) ||
        !run("mount -o loop %s %s", image, home.root)) {
        g_test_skip("there are no loop devices here");
        return;
    }
    for (int i = 0; i < 30; i++) {
        g_autofree char *name = g_strdup_printf("%d/%d.mp3", i % 4, i);
        g_autofree char *text = g_strdup_printf("title=Song %d\n", i);
        put(&home, name, text);
    }
    open_library(&home);
    WAIT_UNTIL(is_idle(&home) && library_counts(home.library).audio == 30);
    g_autofree char *id = id_of(&home, "Music/All music/Song 7");
    int probed = g_atomic_int_get(&name_probe_count);
    for (int round = 0; round < 3; round++) {
        g_assert_true(run("umount -l %s", home.root));
        if (round == 1)
            reopen(&home);
        WAIT_UNTIL(is_offline(&home, id) && !library_roots(home.library)[0].is_online);
        g_assert_cmpuint(library_counts(home.library).audio, ==, 30);
        g_assert_true(run("mount -o loop %s %s", image, home.root));
        if (round == 2)
            reopen(&home);
        WAIT_UNTIL(!is_offline(&home, id));
        g_assert_cmpint(g_atomic_int_get(&name_probe_count), ==, probed);
    }
    g_clear_pointer(&home.library, library_free);
    g_assert_true(run("umount -l %s", home.root));
}

static void
test_plugged(void)
{
    g_auto(Place) place = { 0 };
    Home *home = &place.home;

    place_init(&place);
    if (is_skipped())
        return;
    open_library(home);
    WAIT_UNTIL(is_idle(home) && shows(home, "Folders/media", "usb,Own"));
    plug(&place);
    WAIT_UNTIL(shows(home, "Folders/media/usb/deep", "Bravo"));
    unplug(&place);
    g_autofree char *deep = id_of(home, "Folders/media/usb/deep/Bravo");
    WAIT_UNTIL(is_offline(home, deep));
}

static bool
is_waiting(Home *home, const char *word)
{
    const LibraryScan *scan = library_scan(home->library);

    return scan->state == LIBRARY_SCAN_WAITING && strstr(scan->trouble, word) != NULL;
}

/* Puts bytes into the state directory until none fit. */
static char *
fill_up(Home *home)
{
    char *path = g_build_filename(home->state, "ballast", NULL);
    g_autofree char *noise = g_strnfill(4096, 'x');
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    while (write(fd, noise, 4096) > 0) {
    }
    close(fd);
    return path;
}

static void
test_full(void)
{
    enum { SONGS = 2000 }; /* more than fits into the room that the index has kept */
    g_auto(Place) place = { 0 };
    Home *home = &place.home;

    place_init(&place);
    if (is_skipped())
        return;
    g_assert_cmpint(g_mkdir(home->state, 0700), ==, 0);
    g_assert_cmpint(mount("none", home->state, "tmpfs", 0, "size=32m"), ==, 0);
    open_library(home);
    WAIT_UNTIL(is_idle(home) && shows(home, "Folders/media", "usb,Own"));

    g_autofree char *ballast = fill_up(home);
    for (int i = 0; i < SONGS; i++) {
        g_autofree char *name = g_strdup_printf("many/%d.mp3", i);
        g_autofree char *text =
            g_strdup_printf("title=Song %d\nartist=Ann %d\nalbum=%d\n", i, i, i);
        put(home, name, text);
    }
    WAIT_UNTIL(is_waiting(home, "make room"));
    g_assert_cmpuint(library_counts(home->library).audio, >=, 1); /* reading goes on */
    g_autofree char *own = id_of(home, "Folders/media/Own");
    g_assert_nonnull(own);

    g_assert_cmpint(g_unlink(ballast), ==, 0);
    WAIT_UNTIL(library_counts(home->library).audio == SONGS + 1 && is_idle(home));
    g_clear_pointer(&home->library, library_free);
    g_assert_cmpint(umount2(home->state, MNT_DETACH), ==, 0);
}

/* More folders than may be watched: said with the way out, and nothing is lost but time. */
static void
test_few_watches(void)
{
    g_auto(Place) place = { 0 };
    Home *home = &place.home;
    g_autofree char *few = NULL;

    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
        g_test_trap_assert_passed();
        return;
    }
    place_init(&place);
    if (!g_file_get_contents(WATCHES, &few, NULL, NULL) || atoi(few) > 4) {
        g_test_skip("the number of watches cannot be limited here");
        return;
    }
    for (int i = 0; i < 20; i++) {
        g_autofree char *name = g_strdup_printf("%d/%d.mp3", i, i);
        put(home, name, "title=Song\n");
    }
    open_library(home);
    WAIT_UNTIL(is_idle(home));
    g_assert_nonnull(strstr(library_scan(home->library)->trouble, "max_user_watches"));
    g_assert_cmpuint(library_counts(home->library).audio, ==, 21);
    for (int i = 0; i < 20; i++) {
        g_autofree char *name = g_strdup_printf("%d/late.mp3", i);
        put(home, name, "title=Late\n");
    }
    turned_us += WALKS_US;
    WAIT_UNTIL(library_counts(home->library).audio == 41);
}

static int64_t
modified_s(const char *path)
{
    GStatBuf status;

    return g_stat(path, &status) == 0 ? status.st_mtime : 0;
}

/* A copy of the index is made by itself, once all is at rest; and the next a day later, when
 * something has changed. */
static void
test_copied(void)
{
    static const HomeFile files[] = { { "song.mp3", "title=Song\n" } };
    int64_t long_ago_s = g_get_real_time() / G_USEC_PER_SEC - 25 * 3600;
    struct utimbuf times = { long_ago_s, long_ago_s };
    g_auto(Home) home = { 0 };

    home_start(&home, files);
    g_autofree char *copy = g_build_filename(home.state, "media.db.backup", NULL);
    g_assert_cmpint(modified_s(copy), ==, 0);
    turned_us += AT_REST_US;
    WAIT_UNTIL(modified_s(copy) > long_ago_s);

    g_assert_cmpint(utime(copy, &times), ==, 0);
    put(&home, "later.mp3", "title=Later\n");
    WAIT_UNTIL(shows(&home, "Music/All music", "Later,Song") && is_idle(&home));
    turned_us += LOOKS_US;
    WAIT_UNTIL(modified_s(copy) > long_ago_s);
}

/* What another computer does to a file is told by nobody. Here it is cut shorter, of which watches
 * do not tell either. */
static void
cut_title(Home *home, const char *name)
{
    g_autofree char *path = in_root(home, name);

    g_assert_cmpint(truncate(path, (off_t)strlen("title=Night")), ==, 0);
}

/* Folders of the network are walked when it is time; no others are. */
static void
test_network(void)
{
    g_auto(Place) place = { 0 };
    Home *home = &place.home;

    place_init(&place);
    if (is_skipped())
        return;
    put(home, "own.mp3", "title=Nightfall\n");
    put(home, "../disk/deep/b.mp3", "title=Nightingale\n");
    plug(&place);
    network_folder = place.point;
    open_library(home);
    WAIT_UNTIL(is_idle(home) && shows(home, "Folders/media/usb/deep", "Nightingale"));
    g_assert_nonnull(strstr(library_scan(home->library)->trouble, "on the network"));
    int probed = g_atomic_int_get(&name_probe_count);
    cut_title(home, "own.mp3");
    cut_title(home, "usb/deep/b.mp3");
    turned_us += WALKS_US;
    WAIT_UNTIL(shows(home, "Folders/media/usb/deep", "Night") && is_idle(home));
    g_assert_true(shows(home, "Folders/media", "usb,Nightfall"));
    g_assert_cmpint(g_atomic_int_get(&name_probe_count), ==, probed + 1);
    g_clear_pointer(&home->library, library_free);
    network_folder = NULL;
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    enter_namespace(g_test_subprocess());
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    g_test_add_func("/appliance/disks/unplugged", test_unplugged);
    g_test_add_func("/appliance/disks/another", test_another);
    g_test_add_func("/appliance/disks/loop", test_loop);
    g_test_add_func("/appliance/disks/plugged", test_plugged);
    g_test_add_func("/appliance/disks/full", test_full);
    g_test_add_func("/appliance/disks/few-watches", test_few_watches);
    g_test_add_func("/appliance/disks/network", test_network);
    g_test_add_func("/appliance/disks/copied", test_copied);
    return g_test_run();
}
