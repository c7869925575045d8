/* naming.c -- see naming.h */
#include "appliance/library/naming.h"

#include "base/error.h"

#include <string.h>

#define NAMES_IN_MESSAGE_MAX 8

/* How well wanted (case folded) fits a thing's name. */
static int
fit(const Naming *naming, gconstpointer thing, const char *wanted)
{
    const char *id, *called;

    naming->show(thing, &id, &called);
    g_autofree char *name = g_utf8_casefold(called, -1);
    if (strcmp(name, wanted) == 0)
        return 2;
    return strstr(name, wanted) != NULL ? 1 : 0;
}

static char *
join_names(const Naming *naming, const GPtrArray *list)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < list->len && i < NAMES_IN_MESSAGE_MAX; i++) {
        const char *id, *name;
        naming->show(list->pdata[i], &id, &name);
        g_string_append_printf(names, "%s“%s” (%s)", i == 0 ? "" : ", ", name, id);
    }
    if (list->len > NAMES_IN_MESSAGE_MAX)
        g_string_append_printf(names, " and %u more", list->len - NAMES_IN_MESSAGE_MAX);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

static gpointer
refuse(const Naming *naming, const GPtrArray *list, const char *wanted, const GPtrArray *fitting,
       GError **error)
{
    if (fitting->len > 1) {
        g_autofree char *names = join_names(naming, fitting);
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "“%s” could be any of %s: say more of the name, or the id", wanted, names);
    } else if (list->len == 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                    "there is no %s “%s”, nor any other: %s", naming->noun, wanted, naming->hint);
    } else {
        g_autofree char *names = join_names(naming, list);
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no %s “%s”; there is %s",
                    naming->noun, wanted, names);
    }
    return NULL;
}

static gpointer
find_id(const Naming *naming, const GPtrArray *list, const char *wanted)
{
    const char *id, *name;

    for (guint i = 0; i < list->len; i++) {
        naming->show(list->pdata[i], &id, &name);
        if (strcmp(id, wanted) == 0)
            return list->pdata[i];
    }
    return NULL;
}

gpointer
naming_find(const Naming *naming, const GPtrArray *list, const char *wanted, GError **error)
{
    g_autofree char *folded = g_utf8_casefold(wanted, -1);
    g_autoptr(GPtrArray) fitting = g_ptr_array_new();
    gpointer thing = find_id(naming, list, wanted);
    int best = 1;

    if (thing != NULL)
        return thing;
    for (guint i = 0; i < list->len && *folded != '\0'; i++) {
        int how_well = fit(naming, list->pdata[i], folded);
        if (how_well > best)
            g_ptr_array_set_size(fitting, 0);
        best = MAX(best, how_well);
        if (how_well == best)
            g_ptr_array_add(fitting, list->pdata[i]);
    }
    return fitting->len == 1 ? fitting->pdata[0] : refuse(naming, list, wanted, fitting, error);
}
