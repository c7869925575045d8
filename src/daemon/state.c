/* state.c -- see state.h */
#include "daemon/state.h"

#include "base/program.h"
#include "wire/igrs-names.h"

#include <errno.h>
#include <glib/gstdio.h>

static gboolean
make_folder(const char *path, int mode, GError **error)
{
    if (g_mkdir_with_parents(path, mode) == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot make the folder %s: %s",
                path, g_strerror(errno));
    return FALSE;
}

gboolean
state_open(State *state, const char *folder, GError **error)
{
    g_autofree char *keys = g_build_filename(folder, "keys", NULL);

    state->uuid = program_identity(folder, error);
    if (state->uuid == NULL)
        return FALSE;
    state->device_id = igrs_device_id_new(state->uuid);
    state->cache = g_build_filename(folder, "cache", NULL);
    return make_folder(keys, 0700, error) && make_folder(state->cache, 0700, error);
}

void
state_clear(State *state)
{
    g_free(state->uuid);
    g_free(state->device_id);
    g_free(state->cache);
    *state = (State){ 0 };
}
