/* worker-protocol.c -- see worker-protocol.h */
#include "pipelines/worker-protocol.h"

#include <string.h>

#define TEXT_MAX 1024 /* of one fact or reason, in bytes; more is no title but a book */

GByteArray *
worker_job_encode(const WorkerJob *job)
{
    GByteArray *out = g_byte_array_new();

    bytes_put_u8(out, (uint8_t)job->kind);
    bytes_put_u32(out, job->id);
    bytes_put_u8(out, (uint8_t)job->media);
    bytes_put_u32(out, job->width);
    bytes_put_u32(out, job->moment_ms);
    bytes_put_text(out, job->name);
    if (job->kind == WORKER_CONVERT)
        conversion_order_encode(&job->order, out);
    if (job->kind == WORKER_SUBTITLES)
        bytes_put_u32(out, job->track);
    return out;
}

bool
worker_job_decode(const void *data, size_t size, WorkerJob *job)
{
    WorkerJob found = { 0 };
    uint8_t kind, media;
    Bytes bytes;

    bytes_init(&bytes, data, size);
    if (size > WORKER_MESSAGE_MAX || !bytes_u8(&bytes, &kind) || kind >= WORKER_JOB_N ||
        !bytes_u32(&bytes, &found.id) || !bytes_u8(&bytes, &media) || media > MEDIA_ANY ||
        !bytes_u32(&bytes, &found.width) || !bytes_u32(&bytes, &found.moment_ms) ||
        !bytes_text(&bytes, &found.name) || found.name == NULL ||
        (kind == WORKER_CONVERT && !conversion_order_decode(&bytes, &found.order)) ||
        (kind == WORKER_SUBTITLES && !bytes_u32(&bytes, &found.track)) ||
        bytes_left(&bytes) != 0)
        return false;
    found.kind = (WorkerJobKind)kind;
    found.media = (MediaKind)media;
    *job = found;
    return true;
}

/* text, or where it is too long a copy cut between two characters, which keeper then owns. */
static const char *
text_within_limit(const char *text, GPtrArray *keeper)
{
    if (text == NULL || strlen(text) <= TEXT_MAX)
        return text;
    const char *end = text + TEXT_MAX;
    while (end > text && ((uint8_t)*end & 0xc0) == 0x80)
        end--;
    char *cut = g_strndup(text, (size_t)(end - text));
    g_ptr_array_add(keeper, cut);
    return cut;
}

GByteArray *
worker_answer_encode(const WorkerAnswer *answer)
{
    GByteArray *out = g_byte_array_new();
    g_autoptr(GPtrArray) keeper = g_ptr_array_new_with_free_func(g_free);

    bytes_put_u32(out, answer->id);
    bytes_put_u8(out, (uint8_t)answer->outcome);
    bytes_put_text(out, text_within_limit(answer->reason, keeper));
    bytes_put_u8(out, answer->has_facts);
    if (!answer->has_facts)
        return out;
    MediaFacts facts = answer->facts;
    for (const MediaField *field = media_fields; field->name != NULL; field++)
        if (field->type == MEDIA_FIELD_TEXT)
            media_field_set_text(&facts, field,
                                 text_within_limit(media_field_text(&facts, field), keeper));
    media_facts_encode(&facts, out);
    bytes_put_u32(out, (uint32_t)answer->details_size);
    g_byte_array_append(out, answer->details, (guint)answer->details_size);
    return out;
}

static bool
decode_facts(Bytes *bytes, WorkerAnswer *answer)
{
    uint32_t size;

    if (!media_facts_decode(bytes, &answer->facts) || !bytes_u32(bytes, &size) ||
        !bytes_take(bytes, size, &answer->details))
        return false;
    answer->details_size = size;
    if (size == 0)
        answer->details = NULL;
    return true;
}

bool
worker_answer_decode(const void *data, size_t size, WorkerAnswer *answer)
{
    WorkerAnswer found = { 0 };
    uint8_t outcome, has_facts;
    Bytes bytes;

    bytes_init(&bytes, data, size);
    if (size > WORKER_MESSAGE_MAX || !bytes_u32(&bytes, &found.id) ||
        !bytes_u8(&bytes, &outcome) || outcome >= WORKER_OUTCOME_N ||
        !bytes_text(&bytes, &found.reason) || !bytes_u8(&bytes, &has_facts) || has_facts > 1 ||
        (has_facts && !decode_facts(&bytes, &found)) || bytes_left(&bytes) != 0)
        return false;
    if ((outcome == WORKER_DONE) != (found.reason == NULL))
        return false;
    found.outcome = (WorkerOutcome)outcome;
    found.has_facts = has_facts;
    *answer = found;
    return true;
}
