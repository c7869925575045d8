/* state.c -- see state.h */
#include "daemon/state.h"

#include "base/program.h"
#include "wire/igrs-names.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

static gboolean
make_folder(const char *path, int mode, GError **error)
{
    if (g_mkdir_with_parents(path, mode) == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                "cannot make the folder %s: %s", path, g_strerror(errno));
    return FALSE;
}

/* The lock is the process': it goes with it, however it ends. */
static gboolean
lock_folder(State *state, const char *folder, GError **error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
        state->lock = fd;
        return TRUE;
    }
    int number = errno;
    g_autofree char *reason = number == EWOULDBLOCK
        ? g_strdup("another duopingd uses it; stop that one, or name another folder with --state")
        : g_strdup(g_strerror(number));
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number),
                "the state folder %s: %s", folder, reason);
    if (fd >= 0)
        close(fd);
    return FALSE;
}

gboolean
state_open(State *state, const char *folder, GError **error)
{
    state->uuid = program_identity(folder, error);
    if (state->uuid == NULL || !lock_folder(state, folder, error))
        return FALSE;
    state->device_id = igrs_device_id_new(state->uuid);
    state->cache = g_build_filename(folder, "cache", NULL);
    state->people = g_build_filename(folder, "people", NULL);
    state->groups = g_build_filename(folder, "groups", NULL);
    state->uploads = g_build_filename(folder, "uploads", NULL);
    state->queues = g_build_filename(folder, "queues", NULL);
    state->keys = g_build_filename(folder, "keys", NULL);
    return make_folder(state->keys, 0700, error) && make_folder(state->cache, 0700, error);
}

void
state_clear(State *state)
{
    if (state->lock > 0)
        close(state->lock);
    g_free(state->uuid);
    g_free(state->device_id);
    g_free(state->cache);
    g_free(state->keys);
    g_free(state->people);
    g_free(state->groups);
    g_free(state->queues);
    g_free(state->uploads);
    *state = (State){ 0 };
}
