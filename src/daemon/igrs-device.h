/* igrs-device.h -- duopingd as an IGRS media server and controller of screens (INTERFACE.md,
 * "UPnP")
 *
 * What it says of itself, and which services it hosts. */
#pragma once

#include "daemon/options.h"
#include "daemon/state.h"
#include "igrs/igrs.h"

/* Everything is borrowed and outlives the node. */
typedef struct {
    const Options *options;
    const State *state;
    uint16_t http_port;
    Service *content_directory, *connection_manager, *handover;
    Service *file_access; /* NULL: the owner shares no files */
    Clock *clock;
    NetInterfaces *interfaces;
} IgrsDeviceParts;

/* Not started yet; the caller's. */
IgrsNode *igrs_device_new(const IgrsDeviceParts *parts);
