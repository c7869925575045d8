/* directory.h -- what peers ask us of others (clauses 9.6, 9.7, 10.1 to 10.3); for the files of
 * this room alone */
#pragma once

#include "igrs/node.h"

/* Handlers of incoming messages. */
void igrs_directory_search_devices(IgrsIncoming *incoming);
void igrs_directory_search_services(IgrsIncoming *incoming);
void igrs_directory_register(IgrsIncoming *incoming);
void igrs_directory_unregister(IgrsIncoming *incoming);
/* Of devices and of services; so are the next two. */
void igrs_directory_subscribe(IgrsIncoming *incoming);
void igrs_directory_renew(IgrsIncoming *incoming);
void igrs_directory_unsubscribe(IgrsIncoming *incoming);

/* What is to be told; user_data is the node. */
void igrs_directory_on_device_event(IgrsNode *node, const IgrsDeviceEvent *event);
void igrs_directory_on_registry(const IgrsServiceEntry *service, bool is_online,
                                gpointer user_data);
void igrs_directory_tell(const IgrsNewsReader *reader, const IgrsNews *news, gpointer user_data);
