/* walker.c -- see walker.h */
#define _GNU_SOURCE /* statx(), F_SETLEASE */
#include "media-db/walker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#define ENTRIES_MAX 1000000 /* in one directory */
#define OLD_US ((int64_t)3600 * 1000000) /* a file that nobody is believed to write any more */
#define SETTLED_US (2 * 1000000)

static const char *const endings[MEDIA_KIND_N] = {
    [MEDIA_AUDIO] = ".mp3.flac.ogg.oga.opus.m4a.m4b.aac.wav.wma.ape.wv.mka.ac3.dts.aif.aiff.mpc."
                    "mp2.alac.dsf.dff.tta.amr.spx.eac3.w64.caf.3ga.ra.mp1.",
    [MEDIA_VIDEO] =
        ".mp4.m4v.mkv.webm.avi.mov.ts.m2ts.mts.mpg.mpeg.vob.wmv.asf.flv.ogv.ogm.3gp.3g2."
        "rm.rmvb.divx.f4v.mxf.dv.m2v.m1v.mpv.m2t.wtv.mk3d.",
    [MEDIA_IMAGE] = ".jpg.jpeg.png.gif.webp.bmp.tif.tiff.heic.heif.avif.",
};

static const char *const skipped_names[] = {
    "@eaDir", "#recycle", "#snapshot", "lost+found", "$RECYCLE.BIN", "System Volume Information",
    "@Recycle", "@Recently-Snapshot", "Thumbs.db",
};
static const char *const skipped_ends[] = { "~", ".part", ".crdownload", ".tmp", ".!qB", ".aria2" };

bool
walker_kind(const char *name, MediaKind *kind)
{
    const char *dot = strrchr(name, '.');

    if (dot == NULL || dot == name || strlen(dot) > 8)
        return false;
    g_autofree char *lower = g_ascii_strdown(dot, -1);
    g_autofree char *ending = g_strconcat(lower, ".", NULL);
    for (int i = MEDIA_AUDIO; i < MEDIA_KIND_N; i++) {
        if (strstr(endings[i], ending) != NULL) {
            *kind = (MediaKind)i;
            return true;
        }
    }
    return false;
}

static bool
is_skipped(const char *name)
{
    if (name[0] == '.')
        return true;
    for (guint i = 0; i < G_N_ELEMENTS(skipped_names); i++)
        if (strcmp(name, skipped_names[i]) == 0)
            return true;
    for (guint i = 0; i < G_N_ELEMENTS(skipped_ends); i++)
        if (g_str_has_suffix(name, skipped_ends[i]))
            return true;
    return false;
}

bool
walker_is_mount(int directory, const char *name)
{
    struct statx status;
    struct stat own, above;

    if (statx(directory, name, AT_NO_AUTOMOUNT, 0, &status) == 0 &&
        (status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0)
        return (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;

    /* before Linux 5.8 */
    g_autofree char *parent = g_strconcat(name, "/..", NULL);
    return fstatat(directory, name, &own, 0) == 0 && fstatat(directory, parent, &above, 0) == 0 &&
           own.st_dev != above.st_dev;
}

/* at: name as openat() wants it from the directory. */
static bool
look_at(int directory, const char *at, const char *name, DiskEntry *entry, guint *links)
{
    struct stat status;
    SidecarKind sidecar = SIDECAR_N;
    MediaKind kind;

    if (is_skipped(name) || fstatat(directory, at, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    bool is_folder = S_ISDIR(status.st_mode);
    bool is_sidecar = !is_folder && sidecar_kind(name, &sidecar);
    if (!is_folder && !(S_ISREG(status.st_mode) && (is_sidecar || walker_kind(name, &kind))))
        return false;
    *entry = (DiskEntry){
        .name = name,
        .is_folder = is_folder,
        .is_sidecar = is_sidecar,
        .sidecar = sidecar,
        .size_bytes = is_folder ? 0 : status.st_size,
        .modified_ns =
            is_folder ? 0 : (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec,
        .inode = (int64_t)status.st_ino,
        .device = status.st_dev,
        .is_mount = is_folder && walker_is_mount(directory, at),
    };
    if (links != NULL)
        *links = (guint)status.st_nlink;
    return true;
}

bool
walker_look(const char *folder, const char *name, DiskEntry *entry, guint *links)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return look_at(AT_FDCWD, path, name, entry, links);
}

bool
walker_list(const char *path, DiskVisit visit, gpointer data, guint *count, GError **error)
{
    DIR *directory = opendir(path);
    struct dirent *found;
    DiskEntry entry;

    *count = 0;
    if (directory == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", path, g_strerror(errno));
        return false;
    }
    for (errno = 0; (found = readdir(directory)) != NULL && *count < ENTRIES_MAX; errno = 0) {
        if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0)
            continue;
        ++*count;
        if (look_at(dirfd(directory), found->d_name, found->d_name, &entry, NULL) &&
            !visit(&entry, data))
            break;
    }
    int trouble = found == NULL ? errno : 0;
    closedir(directory);
    if (trouble == 0)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", path, g_strerror(trouble));
    return false;
}

bool
walker_is_being_written(const char *folder, const char *name, int64_t modified_ns)
{
    int64_t age_us = g_get_real_time() - modified_ns / 1000;

    if (age_us > OLD_US)
        return false;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    /* A lease to read is refused while somebody has it open to write. Who opens it just now sends
     * us a signal: one that is ignored, where the usual one would end us. */
    bool has_lease = fcntl(fd, F_SETSIG, SIGURG) == 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
    int trouble = errno;
    close(fd);
    if (has_lease)
        return false;
    return trouble == EAGAIN || (age_us >= 0 && age_us < SETTLED_US);
}

bool
walker_is_remote(const char *path)
{
    static const guint32 remote[] = {
        0x6969, 0x517b, 0xff534d42, 0xfe534d42, /* NFS, SMB, CIFS, SMB 2 */
        0x65735546, 0x01021997, 0x00c36400,     /* FUSE, 9P, Ceph */
    };
    struct statfs status;

    if (statfs(path, &status) != 0)
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(remote); i++)
        if ((guint32)status.f_type == remote[i])
            return true;
    return false;
}
