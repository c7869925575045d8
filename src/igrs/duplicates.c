/* duplicates.c -- see duplicates.h */
#include "igrs/duplicates.h"

bool
igrs_duplicates_heard(IgrsDuplicates *duplicates, const IgrsMessage *message, int64_t now_ms)
{
    const char *uuid = message->source_id != NULL ? igrs_device_id_uuid(message->source_id) : NULL;

    if (message->sequence_id == 0 || uuid == NULL)
        return false;
    for (unsigned i = 0; i < IGRS_DUPLICATES_SIZE; i++)
        if (duplicates->entries[i].sequence_id == message->sequence_id &&
            duplicates->entries[i].type == message->type &&
            now_ms - duplicates->entries[i].heard_ms < IGRS_DUPLICATES_MS &&
            g_ascii_strcasecmp(duplicates->entries[i].uuid, uuid) == 0)
            return true;
    unsigned at = duplicates->next;
    duplicates->next = (at + 1) % IGRS_DUPLICATES_SIZE;
    duplicates->entries[at].sequence_id = message->sequence_id;
    duplicates->entries[at].type = message->type;
    duplicates->entries[at].heard_ms = now_ms;
    g_strlcpy(duplicates->entries[at].uuid, uuid, sizeof duplicates->entries[at].uuid);
    return false;
}
