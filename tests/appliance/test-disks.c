/* test-disks.c -- disks that come, go and fill up: real mounts, in a mount namespace of our own */
#define _GNU_SOURCE /* unshare */
#include "tests/appliance/library-home.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

static bool may_mount;

/* A mount namespace for this process, as root or as root of a user namespace of its own. */
static void
enter_namespace(void)
{
    uid_t user = getuid();
    gid_t group = getgid();

    if (unshare(CLONE_NEWNS) != 0) {
        g_autofree char *users = g_strdup_printf("0 %u 1", (guint)user);
        g_autofree char *groups = g_strdup_printf("0 %u 1", (guint)group);
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
            !g_file_set_contents_full("/proc/self/setgroups", "deny", -1, 0, 0600, NULL) ||
            !g_file_set_contents_full("/proc/self/uid_map", users, -1, 0, 0600, NULL) ||
            !g_file_set_contents_full("/proc/self/gid_map", groups, -1, 0, 0600, NULL))
            return;
    }
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

int
main(int argc, char **argv)
{
    enter_namespace();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    g_test_add_func("/appliance/disks/unplugged", test_unplugged);
    g_test_add_func("/appliance/disks/plugged", test_plugged);
    return g_test_run();
}
