/* duplicates.h -- which datagrams were heard already (PROFILE section 1)
 *
 * Advertisements come three times and on several groups; a copy has the same (SourceDeviceId,
 * SequenceId, type) within a few seconds. An embedded value of fixed size; a flood pushes old
 * entries out and costs nothing more. */
#pragma once

#include "wire/igrs-message.h"

#define IGRS_DUPLICATES_SIZE 256
#define IGRS_DUPLICATES_MS 10000

typedef struct {
    struct {
        char uuid[37];
        uint32_t sequence_id;
        IgrsMessageType type;
        int64_t heard_ms;
    } entries[IGRS_DUPLICATES_SIZE];
    unsigned next;
} IgrsDuplicates; /* a zeroed one is empty */

/* True when the message was heard before; else remembers it. One without SequenceId is no copy. */
bool igrs_duplicates_heard(IgrsDuplicates *duplicates, const IgrsMessage *message, int64_t now_ms);
