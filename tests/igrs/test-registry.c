/* test-registry.c -- registered services come and go, and never grow out of bounds */
#include "igrs/registry.h"

#include <string.h>

#define A IGRS_URN_DEVICE_ID "00000000-0000-0000-0000-00000000000a"
#define B IGRS_URN_DEVICE_ID "00000000-0000-0000-0000-00000000000b"
#define LAMP IGRS_URN_SERVICE_TYPE "Lamp:1"
#define FILES IGRS_URN_SERVICE_TYPE "FileAccess:1"

static void
on_changed(const IgrsServiceEntry *service, bool is_online, gpointer user_data)
{
    g_string_append_printf(user_data, "%s%u ", is_online ? "+" : "-", service->id);
}

static bool
add(IgrsRegistry *registry, const char *device, uint32_t id, const char *type, const char *name)
{
    IgrsServiceEntry *entry = igrs_service_entry_new();
    bool is_added;

    entry->device_id = g_strdup(device);
    entry->id = id;
    entry->type = g_strdup(type);
    entry->name = g_strdup(name);
    is_added = igrs_registry_add(registry, entry);
    igrs_service_entry_free(entry);
    return is_added;
}

/* One registry, walked step by step. */
static const struct {
    enum { ADD, REMOVE, END } what;
    const char *device;
    uint32_t id;
    const char *type;
    bool is_done;
    const char *told;
    guint count;
} steps[] = {
    { ADD, A, 1, LAMP, true, "+1 ", 1 },
    { ADD, A, 1, LAMP, true, "", 1 },         /* said again */
    { ADD, A, 1, FILES, true, "-1 +1 ", 1 },  /* another service takes its place */
    { ADD, B, 1, LAMP, true, "+1 ", 2 },      /* ids are each device's own */
    { ADD, A, 2, LAMP, true, "+2 ", 3 },
    { REMOVE, B, 2, NULL, false, "", 3 },     /* another device's */
    { REMOVE, A, 2, NULL, true, "-2 ", 2 },
    { REMOVE, A, 2, NULL, false, "", 2 },
    { END, A, 0, NULL, true, "-1 ", 1 },
    { END, A, 0, NULL, true, "", 1 },
    { END, B, 0, NULL, true, "-1 ", 0 },
};

static void
test_steps(void)
{
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(IgrsRegistry) registry = igrs_registry_new(on_changed, told);

    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        bool is_done = true;
        g_string_truncate(told, 0);
        if (steps[i].what == ADD)
            is_done = add(registry, steps[i].device, steps[i].id, steps[i].type, "Service");
        else if (steps[i].what == REMOVE)
            is_done = igrs_registry_remove(registry, steps[i].device, steps[i].id);
        else
            igrs_registry_end_device(registry, steps[i].device);
        g_assert_cmpint(is_done, ==, steps[i].is_done);
        g_assert_cmpstr(told->str, ==, steps[i].told);
        g_assert_cmpuint(igrs_registry_list(registry)->len, ==, steps[i].count);
    }
}

static void
test_bounds(void)
{
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(IgrsRegistry) registry = igrs_registry_new(on_changed, told);
    g_autofree char *too_long = g_strnfill(IGRS_REGISTRY_TEXT_MAX + 1, 'x');

    g_assert_false(add(registry, A, 1, LAMP, too_long));
    g_assert_false(add(registry, A, 1, too_long, "Lamp"));
    for (uint32_t id = 1; id <= 100; id++)
        g_assert_cmpint(add(registry, A, id, LAMP, NULL), ==, id <= IGRS_REGISTRY_PER_DEVICE_MAX);
    g_assert_true(add(registry, A, 1, FILES, NULL)); /* changing one needs no room */
    for (guint i = 0; i < 100; i++) {
        g_autofree char *id = g_strdup_printf(IGRS_URN_DEVICE_ID "1-%u", i);
        for (uint32_t service = 1; service <= 4; service++)
            add(registry, id, service, LAMP, NULL);
    }
    g_assert_cmpuint(igrs_registry_list(registry)->len, ==, IGRS_REGISTRY_MAX);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/igrs/registry/steps", test_steps);
    g_test_add_func("/igrs/registry/bounds", test_bounds);
    return g_test_run();
}
