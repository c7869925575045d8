/* local-key.c -- see local-key.h. One line: the port, a blank, the key. */
#include "base/local-key.h"

#include "base/text.h"
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#define NAME "local-key"
#define MODE 0640 /* the folder says whose group that is, and whether it gets so far */

bool
local_key_write(const char *folder, uint16_t port, const char *key, GError **error)
{
    g_autofree char *path = g_build_filename(folder, NAME, NULL);
    g_autofree char *line = g_strdup_printf("%u %s\n", port, key);

    return g_file_set_contents_full(path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT, MODE, error);
}

void
local_key_remove(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, NAME, NULL);

    g_unlink(path);
}

static char *
read_key(const char *folder, uint16_t port)
{
    g_autofree char *path = g_build_filename(folder, NAME, NULL);
    g_autofree char *line = NULL;
    uint32_t told;

    if (!g_file_get_contents(path, &line, NULL, NULL))
        return NULL;
    char *blank = strchr(g_strchomp(line), ' ');
    if (blank == NULL || blank[1] == '\0')
        return NULL;
    *blank = '\0';
    return text_to_u32(line, 1, UINT16_MAX, &told) && told == port ? g_strdup(blank + 1) : NULL;
}

char *
local_key_find(uint16_t port)
{
    g_autofree char *own = g_build_filename(g_get_user_state_dir(), "duoping", NULL);
    const char *const folders[] = { own, LOCALSTATEDIR "/lib/duoping" };
    char *key = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(folders) && key == NULL; i++)
        key = read_key(folders[i], port);
    return key;
}
