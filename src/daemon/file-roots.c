/* file-roots.c -- see file-roots.h */
#include "daemon/file-roots.h"

#include "base/error.h"

#include <string.h>

static bool
is_name(const char *name)
{
    return *name != '\0' && strchr(name, '/') == NULL && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0 && strlen(name) < 256 && g_utf8_validate(name, -1, NULL);
}

static bool
is_taken(const GArray *roots, const char *name)
{
    for (guint i = 0; i < roots->len; i++)
        if (strcmp(g_array_index(roots, FileRoot, i).name, name) == 0)
            return true;
    return false;
}

static bool
add(GArray *roots, const char *entry, bool is_writable, GError **error)
{
    const char *equals = entry[0] == '/' ? NULL : strchr(entry, '=');
    g_autofree char *folder = g_canonicalize_filename(equals != NULL ? equals + 1 : entry, NULL);
    g_autofree char *name = equals != NULL ? g_strndup(entry, (gsize)(equals - entry))
                                           : g_path_get_basename(folder);

    if (!is_name(name) || is_taken(roots, name)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "[files] %s=%s: \"%s\" is %s",
                    is_writable ? "write" : "read", entry, name,
                    is_name(name) ? "there twice: name it otherwise, NAME=DIR"
                                  : "no name for a folder");
        return false;
    }
    FileRoot root = { g_steal_pointer(&name), g_steal_pointer(&folder), is_writable };
    g_array_append_val(roots, root);
    return true;
}

FileRoot *
file_roots_new(const char *const *readable, const char *const *writable, GError **error)
{
    GArray *roots = g_array_new(TRUE, TRUE, sizeof(FileRoot));
    bool is_read = true;

    for (; is_read && *readable != NULL; readable++)
        is_read = add(roots, *readable, false, error);
    for (; is_read && *writable != NULL; writable++)
        is_read = add(roots, *writable, true, error);
    FileRoot *all = (FileRoot *)(void *)g_array_free(roots, FALSE);
    if (!is_read)
        g_clear_pointer(&all, file_roots_free);
    return all;
}

bool
file_roots_equal(const FileRoot *a, const FileRoot *b)
{
    for (; a->name != NULL && b->name != NULL; a++, b++)
        if (strcmp(a->name, b->name) != 0 || strcmp(a->folder, b->folder) != 0 ||
            a->is_writable != b->is_writable)
            return false;
    return a->name == b->name; /* both ended */
}

void
file_roots_free(FileRoot *roots)
{
    for (FileRoot *root = roots; root != NULL && root->name != NULL; root++) {
        g_free((char *)root->name);
        g_free((char *)root->folder);
    }
    g_free(roots);
}
