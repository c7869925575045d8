/* registry.h -- the services that other devices registered with us (clause 10.1)
 *
 * RegisterService of PROFILE section 5. A device that cannot be heard by all leaves word of its
 * services with one that can. A registration lasts as long as the pipe it came by. Bounded in all
 * and for each device. Owned by IgrsNode; knows no wire but its entry. */
#pragma once

#include "wire/igrs-message.h"

#define IGRS_REGISTRY_MAX 256
#define IGRS_REGISTRY_PER_DEVICE_MAX 32
#define IGRS_REGISTRY_TEXT_MAX 256 /* octets of a type or a name */

typedef struct IgrsRegistry IgrsRegistry;

/* Told of each service that came or went; borrowed for the call. */
typedef void (*IgrsRegistryChanged)(const IgrsServiceEntry *service, bool is_online,
                                    gpointer user_data);

IgrsRegistry    *igrs_registry_new(IgrsRegistryChanged changed, gpointer user_data);
void             igrs_registry_free(IgrsRegistry *registry); /* tells nobody */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsRegistry, igrs_registry_free)

/* service is copied; one of the same device and id takes the place of the one before. False: no
 * room, or a text beyond the limit. */
bool             igrs_registry_add(IgrsRegistry *registry, const IgrsServiceEntry *service);
/* False: there is none. */
bool             igrs_registry_remove(IgrsRegistry *registry, const char *device_id, uint32_t id);
void             igrs_registry_end_device(IgrsRegistry *registry, const char *device_id);
/* IgrsServiceEntry, borrowed. */
const GPtrArray *igrs_registry_list(const IgrsRegistry *registry);
