/* disk-entry.h -- a file or a folder, as the disk says or as the index remembers */
#pragma once

#include "model/sidecar.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t id; /* 0: not in the index */
    int64_t parent;
    const char *name; /* borrowed */
    bool is_folder;
    bool is_sidecar; /* no item itself, but something of others */
    SidecarKind sidecar;
    int64_t size_bytes, modified_ns, inode;
    /* as the disk says only */
    uint64_t device;
    bool is_mount; /* a disk of its own begins here */
} DiskEntry;

typedef bool (*DiskVisit)(const DiskEntry *entry, gpointer user_data); /* false ends the visit */
