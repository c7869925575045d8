/* probe.h -- port: path -> facts about the media
 *
 * Implemented by the worker pool (pipelines/worker-pool); used by media-db/indexer. One thread owns
 * a probe and is the only one to call it: it hands in paths while there is room and collects
 * answers in whatever order they come. */
#pragma once

#include "model/media.h"

typedef struct Probe Probe;

typedef struct {
    gpointer tag; /* what came with the path */
    bool is_readable;
    MediaFacts facts;   /* when readable; texts borrowed until the next collect */
    const uint8_t *details; /* media-details.h, encoded; borrowed likewise; NULL: nothing to add */
    gsize details_size;
    const char *reason; /* when not: why, for people; borrowed likewise */
} ProbeResult;

typedef struct {
    /* False when as many as it cares to hold are under way: collect first. */
    bool (*submit)(Probe *probe, const char *path, gpointer tag);
    /* Waits up to timeout_ms (-1: for ever) for one answer; false when none came, or none is
     * due. */
    bool (*collect)(Probe *probe, int timeout_ms, ProbeResult *result);
    void (*free)(Probe *probe);
} ProbeClass;

struct Probe {
    const ProbeClass *class;
};
