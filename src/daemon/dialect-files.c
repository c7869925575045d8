/* dialect-files.c -- see dialect-files.h */
#include "daemon/dialect-files.h"

#include <string.h>

#define FOLDER "dialects.d"

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of files; none where there is no folder. */
static GPtrArray *
list_files(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        if (*name != '.' && g_str_has_suffix(name, ".conf"))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return names;
}

Dialects *
dialect_files_read(const char *configuration, GError **error)
{
    g_autoptr(Dialects) dialects = dialects_new();
    g_autofree char *parent = g_path_get_dirname(configuration);
    g_autofree char *folder = g_build_filename(parent, FOLDER, NULL);
    g_autoptr(GPtrArray) names = list_files(folder);

    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        g_autofree char *text = NULL;
        gsize size;
        if (!g_file_get_contents(path, &text, &size, error) ||
            !dialects_read(dialects, text, size, path, error))
            return NULL;
    }
    return g_steal_pointer(&dialects);
}
