/* node-groups.h -- how a node speaks of groups; for the files of this room alone */
#pragma once

#include "igrs/node.h"

extern const IgrsGroupHooks igrs_node_group_hooks; /* user_data is the node */

/* Of IgrsDiscoveryHooks; user_data is the node. */
void       igrs_node_group_heard(const IgrsMessage *message, const char *address, uint32_t life_s,
                                 gpointer user_data);
GPtrArray *igrs_node_group_entries(const char *target, gpointer user_data);

/* Handlers of incoming messages. */
void       igrs_groups_on_join(IgrsIncoming *incoming);
void       igrs_groups_on_quit(IgrsIncoming *incoming);

/* On start: the memberships of before. */
void       igrs_node_restore_groups(IgrsNode *node);
