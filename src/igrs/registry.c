/* registry.c -- see registry.h */
#include "igrs/registry.h"

#include <string.h>

struct IgrsRegistry {
    IgrsRegistryChanged changed;
    gpointer user_data;
    GPtrArray *services; /* IgrsServiceEntry */
};

IgrsRegistry *
igrs_registry_new(IgrsRegistryChanged changed, gpointer user_data)
{
    IgrsRegistry *registry = g_new0(IgrsRegistry, 1);

    registry->changed = changed;
    registry->user_data = user_data;
    registry->services = g_ptr_array_new_with_free_func((GDestroyNotify)igrs_service_entry_free);
    return registry;
}

void
igrs_registry_free(IgrsRegistry *registry)
{
    if (registry == NULL)
        return;
    g_ptr_array_unref(registry->services);
    g_free(registry);
}

static IgrsServiceEntry *
entry_copy(const IgrsServiceEntry *service)
{
    IgrsServiceEntry *copy = igrs_service_entry_new();

    copy->device_id = g_strdup(service->device_id);
    copy->id = service->id;
    copy->type = g_strdup(service->type);
    copy->name = g_strdup(service->name);
    for (guint i = 0; i < service->security_ids->len; i++)
        g_ptr_array_add(copy->security_ids, g_strdup(g_ptr_array_index(service->security_ids, i)));
    return copy;
}

static bool
is_short(const char *text)
{
    return text == NULL || strlen(text) <= IGRS_REGISTRY_TEXT_MAX;
}

static bool
is_fit(const IgrsServiceEntry *service)
{
    for (guint i = 0; i < service->security_ids->len; i++)
        if (!is_short(g_ptr_array_index(service->security_ids, i)))
            return false;
    return is_short(service->type) && is_short(service->name);
}

/* Takes out the services of device_id; id 0: all of them. Taken out first: whoever is told may
 * look. */
static guint
take_out(IgrsRegistry *registry, const char *device_id, uint32_t id)
{
    g_autoptr(GPtrArray) gone =
        g_ptr_array_new_with_free_func((GDestroyNotify)igrs_service_entry_free);

    for (guint i = registry->services->len; i-- > 0;) {
        IgrsServiceEntry *service = g_ptr_array_index(registry->services, i);
        if (igrs_device_id_equal(service->device_id, device_id) && (id == 0 || service->id == id))
            g_ptr_array_add(gone, g_ptr_array_steal_index(registry->services, i));
    }
    for (guint i = 0; i < gone->len; i++)
        registry->changed(g_ptr_array_index(gone, i), false, registry->user_data);
    return gone->len;
}

bool
igrs_registry_add(IgrsRegistry *registry, const IgrsServiceEntry *service)
{
    guint of_device = 0;

    if (!is_fit(service))
        return false;
    for (guint i = 0; i < registry->services->len; i++) {
        IgrsServiceEntry *other = g_ptr_array_index(registry->services, i);
        if (!igrs_device_id_equal(other->device_id, service->device_id))
            continue;
        of_device++;
        if (other->id == service->id && g_strcmp0(other->type, service->type) == 0 &&
            g_strcmp0(other->name, service->name) == 0)
            return true; /* said again */
    }
    of_device -= take_out(registry, service->device_id, service->id);
    if (of_device >= IGRS_REGISTRY_PER_DEVICE_MAX || registry->services->len >= IGRS_REGISTRY_MAX)
        return false;
    IgrsServiceEntry *entry = entry_copy(service);
    g_ptr_array_add(registry->services, entry);
    registry->changed(entry, true, registry->user_data);
    return true;
}

bool
igrs_registry_remove(IgrsRegistry *registry, const char *device_id, uint32_t id)
{
    return take_out(registry, device_id, id) > 0;
}

void
igrs_registry_end_device(IgrsRegistry *registry, const char *device_id)
{
    take_out(registry, device_id, 0);
}

const GPtrArray *
igrs_registry_list(const IgrsRegistry *registry)
{
    return registry->services;
}
