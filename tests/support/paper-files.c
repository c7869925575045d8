/* paper-files.c -- see paper-files.h */
#include "support/paper-files.h"

#include "base/error.h"

#include <string.h>

static bool
refuse(const char *path, GError **error)
{
    DuoError code = path[0] != '/' ? DUO_ERROR_INVALID
                    : strstr(path, "/..") != NULL && strchr(path, '\\') == NULL
                        ? DUO_ERROR_DENIED
                        : DUO_ERROR_NOT_FOUND;

    g_set_error(error, DUO_ERROR, (gint)code, "not %s", path);
    return false;
}

static bool
list(FileTree *tree, const char *path, uint32_t offset, uint32_t limit, FileVisit visit,
     gpointer user_data, uint32_t *total, GError **error)
{
    *total = 1;
    if (strcmp(path, "/") != 0)
        return refuse(path, error);
    if (offset == 0)
        visit(&(FileEntry){ "Papers", true, 0, 0 }, user_data);
    return true;
}

static bool
info(FileTree *tree, const char *path, FileVisit visit, gpointer user_data, GError **error)
{
    return strcmp(path, "/") == 0 ? visit(&(FileEntry){ "/", true, 0, 0 }, user_data)
                                  : refuse(path, error);
}

static bool
space(FileTree *tree, const char *path, uint64_t *free_bytes, uint64_t *total_bytes, GError **error)
{
    return refuse(path, error);
}

static bool
change(FileTree *tree, const char *path, GError **error)
{
    return refuse(path, error);
}

static bool
carry(FileTree *tree, const char *path, const char *new_path, GCancellable *cancellable,
      GError **error)
{
    return refuse(path, error);
}

static char *
open_file(FileTree *tree, const char *path, FileUse use, const char *peer, GError **error)
{
    refuse(path, error);
    return NULL;
}

static const FileTreeClass class = { list, info, space, change, change, carry, carry, open_file };

FileTree paper_files = { &class };
