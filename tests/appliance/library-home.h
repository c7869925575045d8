/* library-home.h -- test support: a real tree, a state directory and a library over both */
#pragma once

#include "appliance/library/library.h"
#include "tests/support/name-probe.h"
#include "tests/support/wait-until.h"

#include <glib/gstdio.h>

typedef struct {
    char *top, *root, *state;
    Library *library;
} Home;

static inline void
put(Home *home, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(home->root, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static inline char *
in_root(Home *home, const char *name)
{
    return g_build_filename(home->root, name, NULL);
}

static inline void
rename_in(Home *home, const char *from, const char *to)
{
    g_autofree char *a = in_root(home, from), *b = in_root(home, to);
    g_assert_cmpint(g_rename(a, b), ==, 0);
}

static inline void
open_library(Home *home)
{
    g_autoptr(GError) error = NULL;
    const char *folders[] = { home->root, NULL };

    home->library = library_new(home->state, folders, name_probe_new, NULL, &error);
    g_assert_no_error(error);
    library_start(home->library);
}

static inline bool
is_idle(Home *home)
{
    const LibraryScan *scan = library_scan(home->library);
    return scan->state == LIBRARY_SCAN_IDLE && library_roots(home->library)[0].id != NULL;
}

static inline void
home_init(Home *home)
{
    home->top = g_dir_make_tmp("duoping-library-XXXXXX", NULL);
    home->root = g_build_filename(home->top, "media", NULL);
    home->state = g_build_filename(home->top, "state", NULL);
    home->library = NULL;
    g_assert_cmpint(g_mkdir(home->root, 0700), ==, 0);
}

typedef struct {
    const char *name, *facts; /* as the probe of the tests tells them; "broken": it cannot */
} HomeFile;

/* A home with the files of an array. */
#define home_init_with(home, files) home_init_files(home, files, G_N_ELEMENTS(files))

static inline void
home_init_files(Home *home, const HomeFile *files, size_t count)
{
    home_init(home);
    for (size_t i = 0; i < count; i++)
        put(home, files[i].name, files[i].facts);
}

/* The same, and its library has read them. */
#define home_start(home, files) home_start_files(home, files, G_N_ELEMENTS(files))

static inline void
home_start_files(Home *home, const HomeFile *files, size_t count)
{
    home_init_files(home, files, count);
    open_library(home);
    WAIT_UNTIL(is_idle(home));
}

static inline void
home_clear(Home *home)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", home->top);

    library_free(home->library);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_free(home->top);
    g_free(home->root);
    g_free(home->state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Home, home_clear)

static inline bool
join_titles(const MediaObject *object, gpointer user_data)
{
    g_string_append_printf(user_data, "%s%s", ((GString *)user_data)->len > 0 ? "," : "",
                           object->title);
    return true;
}

static inline bool
join_ids(const MediaObject *object, gpointer user_data)
{
    g_ptr_array_add(user_data, media_object_copy(object));
    return true;
}

static inline char *
id_of(Home *home, const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    char *id = g_strdup("0");

    for (guint i = 0; parts[i] != NULL && id != NULL; i++) {
        g_autoptr(GPtrArray) children =
            g_ptr_array_new_with_free_func((GDestroyNotify)media_object_free);
        CatalogRange range = { 0 };
        CatalogResult result;
        if (!catalog_browse(library_catalog(home->library), id, &range, join_ids, children, &result,
                            NULL)) {
            g_clear_pointer(&id, g_free);
            break;
        }
        g_clear_pointer(&id, g_free);
        for (guint k = 0; k < children->len && id == NULL; k++) {
            const MediaObject *child = children->pdata[k];
            if (strcmp(child->title, parts[i]) == 0)
                id = g_strdup(child->id);
        }
    }
    return id;
}

/* The titles below a path of titles from the root, joined. */
static inline char *
titles(Home *home, const char *path, CatalogSort sort)
{
    g_autofree char *id = id_of(home, path);
    GString *joined = g_string_new(NULL);
    CatalogRange range = { .sort = sort };
    CatalogResult result = { 0 };

    if (id != NULL)
        catalog_browse(library_catalog(home->library), id, &range, join_titles, joined, &result,
                       NULL);
    return g_string_free(joined, FALSE);
}

static inline bool
shows(Home *home, const char *path, const char *wanted)
{
    g_autofree char *got = titles(home, path, CATALOG_SORT_NATURAL);
    return strcmp(got, wanted) == 0;
}
