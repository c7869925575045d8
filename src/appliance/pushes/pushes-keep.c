/* pushes-keep.c -- "keep it": what was pushed becomes a file of the library; see pushes.h
 *
 * It is linked there under a hidden name and then moved; where the library is another file system
 * it is copied. A name that is taken gets a number. */
#define _GNU_SOURCE /* renameat2() */
#include "appliance/pushes/pushes-room.h"

#include "appliance/files/file-write.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAME_NAMES_MAX 1000
#define COPY_BLOCK (1024 * 1024)

/* The nth name that may be free: "a.mp4", "a (2).mp4", ... */
static char *
nth_name(const char *name, guint n)
{
    const char *dot = strrchr(name, '.');
    size_t stem = dot != NULL ? (size_t)(dot - name) : strlen(name);

    return n == 1 ? g_strdup(name)
                  : g_strdup_printf("%.*s (%u)%s", (int)stem, name, n, dot != NULL ? dot : "");
}

static bool
copy_octets(int from, FileWrite *to, GError **error)
{
    g_autofree uint8_t *block = g_malloc(COPY_BLOCK);
    off_t offset = 0;
    ssize_t count;

    while ((count = pread(from, block, COPY_BLOCK, offset)) > 0) {
        if (!file_write_add(to, block, (size_t)count, error))
            return false;
        offset += count;
    }
    if (count < 0)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "reading: %s", g_strerror(errno));
    return count == 0 && file_write_finish(to, error);
}

/* To a library on another file system. */
static bool
copy_to(const char *path, int folder, const char *name, GError **error)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    int place = from >= 0 ? fcntl(folder, F_DUPFD_CLOEXEC, 0) : -1;
    g_autoptr(FileWrite) write = place >= 0 ? file_write_new(place, name, false, error) : NULL;
    bool is_done = write != NULL && copy_octets(from, write, error);

    if (from >= 0)
        close(from);
    if (place < 0)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", name, g_strerror(errno));
    if (is_done)
        g_unlink(path);
    return is_done;
}

/* Under a hidden name first: who watches the folder is told of what is moved that it is whole. */
static int
link_to(const char *path, int folder, const char *name)
{
    g_autofree char *part =
        g_strdup_printf(FILE_PART_PREFIX "%08x%08x", g_random_int(), g_random_int());

    if (linkat(AT_FDCWD, path, folder, part, 0) != 0)
        return errno;
    if (renameat2(folder, part, folder, name, RENAME_NOREPLACE) == 0) {
        if (fchmodat(folder, name, 0644, 0) != 0)
            g_warning("%s is not everybody's to read: %s", name, g_strerror(errno));
        g_unlink(path);
        return 0;
    }
    int number = errno;
    unlinkat(folder, part, 0);
    return number;
}

/* False: the name is taken, without an error; or with one. */
static bool
move_to(const char *path, int folder, const char *name, GError **error)
{
    g_autoptr(GError) problem = NULL;
    int number = link_to(path, folder, name);

    if (number == 0 || number == EEXIST)
        return number == 0;
    if (copy_to(path, folder, name, &problem))
        return true;
    if (!g_error_matches(problem, DUO_ERROR, DUO_ERROR_CONFLICT))
        g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}

static char *
keep(const Pushes *pushes, const PushFacts *facts, int folder, GError **error)
{
    g_autofree char *path = pushes_path(pushes, facts->id, ".data");
    g_autoptr(GError) problem = NULL;

    for (guint n = 1; n <= SAME_NAMES_MAX && problem == NULL; n++) {
        g_autofree char *name = nth_name(facts->name, n);
        if (move_to(path, folder, name, &problem))
            return g_build_filename(pushes->library, name, NULL);
    }
    if (problem == NULL)
        problem =
            g_error_new(DUO_ERROR, DUO_ERROR_CONFLICT, "too many have the name “%s”", facts->name);
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
}

char *
pushes_keep(Pushes *pushes, Push *push, GError **error)
{
    g_auto(PushFacts) facts = { 0 };

    push_read_facts(push, &facts);
    if (pushes->library == NULL || !facts.is_whole || facts.kept != NULL) {
        g_set_error(error, DUO_ERROR,
                    pushes->library == NULL ? DUO_ERROR_UNSUPPORTED : DUO_ERROR_CONFLICT,
                    pushes->library == NULL ? "the library takes nothing in: name a folder for "
                                              "uploads in duoping.conf ([library] uploads)"
                    : facts.kept != NULL ? "it is kept already"
                                         : "it is not whole yet");
        return NULL;
    }
    int folder = open(pushes->library, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", pushes->library,
                    g_strerror(errno));
        return NULL;
    }
    g_autofree char *path = keep(pushes, &facts, folder, error);
    close(folder);
    if (path == NULL)
        return NULL;
    push_set_kept(push, path);
    pushes_changed(pushes, push);
    return g_steal_pointer(&path);
}
