/* room-full.h -- a small disk for a test to fill, in a mount namespace of its own; root only
 *
 * _GNU_SOURCE comes before the first include. */
#pragma once

#include <glib.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mount.h>

/* Before any thread; false: nothing can be mounted here. */
static inline bool
room_full_prepare(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static inline bool
room_full_mount(const char *folder, const char *options)
{
    return mount("small", folder, "tmpfs", 0, options) == 0;
}

static inline void
room_full_unmount(const char *folder)
{
    umount2(folder, MNT_DETACH);
}
