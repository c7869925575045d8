/* audience.c -- see audience.h */
#include "model/audience.h"

#include <string.h>

typedef struct {
    char *path;
    bool is_seen;
} Folder;

struct Audience {
    gatomicrefcount references;
    unsigned number;
    char *person;
    bool is_limited;
    Folder *folders; /* ends with a path of NULL */
};

Audience *
audience_new(const char *person, const char *const *folders, const char *const *seen)
{
    static gint number;
    Audience *audience = g_new0(Audience, 1);
    guint count = g_strv_length((char **)folders);

    g_atomic_ref_count_init(&audience->references);
    audience->number = (unsigned)g_atomic_int_add(&number, 1) + 1;
    audience->person = g_strdup(person);
    audience->folders = g_new0(Folder, count + 1);
    for (guint i = 0; i < count; i++) {
        bool is_seen = seen == NULL || g_strv_contains(seen, folders[i]);
        audience->folders[i] = (Folder){ g_strdup(folders[i]), is_seen };
        audience->is_limited = audience->is_limited || !is_seen;
    }
    return audience;
}

Audience *
audience_ref(Audience *audience)
{
    if (audience != NULL)
        g_atomic_ref_count_inc(&audience->references);
    return audience;
}

void
audience_unref(Audience *audience)
{
    if (audience == NULL || !g_atomic_ref_count_dec(&audience->references))
        return;
    for (Folder *folder = audience->folders; folder->path != NULL; folder++)
        g_free(folder->path);
    g_free(audience->folders);
    g_free(audience->person);
    g_free(audience);
}

unsigned
audience_number(const Audience *audience)
{
    return audience != NULL ? audience->number : 0;
}

const char *
audience_person(const Audience *audience)
{
    return audience != NULL ? audience->person : NULL;
}

bool
audience_is_limited(const Audience *audience)
{
    return audience != NULL && audience->is_limited;
}

/* How much of path is folder, without a slash at its end; 0: it does not lie there. */
static size_t
held_by(const char *folder, const char *path)
{
    size_t length = strlen(folder);

    while (length > 0 && folder[length - 1] == '/')
        length--;
    bool is_held = strncmp(path, folder, length) == 0 &&
                   (path[length] == '/' || path[length] == '\0');
    return is_held ? length + 1 : 0;
}

bool
audience_sees(const Audience *audience, const char *path)
{
    size_t innermost = 0;
    bool is_seen = false;

    if (!audience_is_limited(audience))
        return true;
    for (const Folder *folder = audience->folders; folder->path != NULL; folder++) {
        size_t length = held_by(folder->path, path);
        if (length <= innermost)
            continue;
        innermost = length;
        is_seen = folder->is_seen;
    }
    return is_seen;
}
