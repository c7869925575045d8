/* media-details.c -- see media-details.h */
#include "model/media-details.h"

#include <string.h>

#define TEXT_MAX 120
#define FIRST_LATER_LIST MEDIA_TRACKS /* what an earlier version wrote ends before it */

struct MediaDetails {
    gatomicrefcount references;
    GArray *lists[MEDIA_LIST_N];
    GStringChunk *texts; /* owns what the records borrow */
};

#define TEXT(record, name) { #name, MEDIA_FIELD_TEXT, offsetof(record, name) }
#define NUMBER(record, name) { #name, MEDIA_FIELD_NUMBER, offsetof(record, name) }
#define END { NULL, MEDIA_FIELD_TEXT, 0 }

/* Kept in media.db: append, never reorder. */
static const MediaField stream_fields[] = {
    TEXT(MediaStream, type),       TEXT(MediaStream, codec),       TEXT(MediaStream, profile),
    TEXT(MediaStream, language),   TEXT(MediaStream, title),       TEXT(MediaStream, hdr),
    NUMBER(MediaStream, level),    NUMBER(MediaStream, bits),      NUMBER(MediaStream, width),
    NUMBER(MediaStream, height),   NUMBER(MediaStream, frame_rate), NUMBER(MediaStream, channels),
    NUMBER(MediaStream, sample_rate), NUMBER(MediaStream, bitrate),
    { "default", MEDIA_FIELD_FLAG, offsetof(MediaStream, is_default) },
    { "forced", MEDIA_FIELD_FLAG, offsetof(MediaStream, is_forced) },
    END,
};

static const MediaField chapter_fields[] = {
    TEXT(MediaChapter, title), NUMBER(MediaChapter, start_ms), NUMBER(MediaChapter, end_ms), END,
};

static const MediaField sidecar_fields[] = {
    TEXT(MediaSidecar, name), TEXT(MediaSidecar, kind), TEXT(MediaSidecar, format),
    TEXT(MediaSidecar, language), TEXT(MediaSidecar, title), NUMBER(MediaSidecar, track),
    { "default", MEDIA_FIELD_FLAG, offsetof(MediaSidecar, is_default) },
    { "forced", MEDIA_FIELD_FLAG, offsetof(MediaSidecar, is_forced) },
    END,
};

static const MediaField track_fields[] = {
    TEXT(MediaTrack, title), TEXT(MediaTrack, artist), NUMBER(MediaTrack, number),
    NUMBER(MediaTrack, start_ms), END,
};

const MediaListType media_list_types[MEDIA_LIST_N] = {
    [MEDIA_STREAMS] = { "streams", stream_fields, sizeof(MediaStream), 32 },
    [MEDIA_CHAPTERS] = { "chapters", chapter_fields, sizeof(MediaChapter), 128 },
    [MEDIA_SIDECARS] = { "sidecars", sidecar_fields, sizeof(MediaSidecar), 32 },
    [MEDIA_TRACKS] = { "tracks", track_fields, sizeof(MediaTrack), 100 },
};

MediaDetails *
media_details_new(void)
{
    MediaDetails *details = g_new(MediaDetails, 1);

    g_atomic_ref_count_init(&details->references);
    details->texts = g_string_chunk_new(256);
    for (int kind = 0; kind < MEDIA_LIST_N; kind++)
        details->lists[kind] = g_array_new(FALSE, TRUE, (guint)media_list_types[kind].record_size);
    return details;
}

MediaDetails *
media_details_copy(const MediaDetails *details)
{
    MediaDetails *copy = media_details_new();

    for (MediaListKind kind = 0; kind < MEDIA_LIST_N; kind++)
        for (guint i = 0; i < media_details_count(details, kind); i++)
            media_details_add(copy, kind, media_details_get(details, kind, i));
    return copy;
}

MediaDetails *
media_details_ref(MediaDetails *details)
{
    if (details != NULL)
        g_atomic_ref_count_inc(&details->references);
    return details;
}

void
media_details_unref(MediaDetails *details)
{
    if (details == NULL || !g_atomic_ref_count_dec(&details->references))
        return;
    for (int kind = 0; kind < MEDIA_LIST_N; kind++)
        g_array_unref(details->lists[kind]);
    g_string_chunk_free(details->texts);
    g_free(details);
}

/* The length of text within the limit, cut between two characters. */
static gssize
length_within_limit(const char *text)
{
    gsize length = strlen(text);

    if (length <= TEXT_MAX)
        return (gssize)length;
    length = TEXT_MAX;
    while (length > 0 && ((uint8_t)text[length] & 0xc0) == 0x80)
        length--;
    return (gssize)length;
}

void
media_details_add(MediaDetails *details, MediaListKind kind, const void *record)
{
    const MediaListType *type = &media_list_types[kind];
    GArray *list = details->lists[kind];

    if (list->len >= type->max)
        return;
    g_array_append_vals(list, record, 1);
    void *own = list->data + (gsize)(list->len - 1) * type->record_size;
    for (const MediaField *field = type->fields; field->name != NULL; field++) {
        const char *text = field->type == MEDIA_FIELD_TEXT ? media_field_text(own, field) : NULL;
        if (text != NULL)
            media_field_set_text(own, field,
                                 g_string_chunk_insert_len(details->texts, text,
                                                           length_within_limit(text)));
    }
}

guint
media_details_count(const MediaDetails *details, MediaListKind kind)
{
    return details != NULL ? details->lists[kind]->len : 0;
}

const void *
media_details_get(const MediaDetails *details, MediaListKind kind, guint index)
{
    return details->lists[kind]->data + (gsize)index * media_list_types[kind].record_size;
}

static guint
field_count(const MediaListType *type)
{
    guint count = 0;

    while (type->fields[count].name != NULL)
        count++;
    return count;
}

static void
encode_record(const MediaListType *type, const void *record, GByteArray *out)
{
    for (const MediaField *field = type->fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_TEXT)
            bytes_put_text(out, media_field_text(record, field));
        else
            bytes_put_u64(out, (uint64_t)media_field_number(record, field));
    }
}

/* Each list: how many fields a record has, how many records there are, the records. */
void
media_details_encode(const MediaDetails *details, GByteArray *out)
{
    for (MediaListKind kind = 0; kind < MEDIA_LIST_N; kind++) {
        guint count = media_details_count(details, kind);
        bytes_put_u8(out, (uint8_t)field_count(&media_list_types[kind]));
        bytes_put_u8(out, (uint8_t)count);
        for (guint i = 0; i < count; i++)
            encode_record(&media_list_types[kind], media_details_get(details, kind, i), out);
    }
}

static bool
decode_record(Bytes *bytes, const MediaListType *type, guint fields, void *record)
{
    for (guint i = 0; i < fields; i++) {
        const MediaField *field = &type->fields[i];
        const char *text;
        uint64_t number;

        if (field->type == MEDIA_FIELD_TEXT) {
            if (!bytes_text(bytes, &text) || (text != NULL && !g_utf8_validate(text, -1, NULL)))
                return false;
            media_field_set_text(record, field, text);
        } else {
            if (!bytes_u64(bytes, &number))
                return false;
            media_field_set_number(record, field, (int64_t)number);
        }
    }
    return true;
}

static bool
decode_list(Bytes *bytes, MediaDetails *details, MediaListKind kind)
{
    union {
        MediaStream stream;
        MediaChapter chapter;
        MediaSidecar sidecar;
        MediaTrack track;
    } record;
    const MediaListType *type = &media_list_types[kind];
    uint8_t fields, count;

    if (!bytes_u8(bytes, &fields) || fields > field_count(type) || !bytes_u8(bytes, &count) ||
        count > type->max)
        return false;
    for (guint i = 0; i < count; i++) {
        memset(&record, 0, sizeof record);
        if (!decode_record(bytes, type, fields, &record))
            return false;
        media_details_add(details, kind, &record);
    }
    return true;
}

MediaDetails *
media_details_decode(const void *data, gsize size)
{
    g_autoptr(MediaDetails) details = media_details_new();
    Bytes bytes;

    bytes_init(&bytes, data, size);
    for (MediaListKind kind = 0; kind < MEDIA_LIST_N; kind++) {
        if (kind >= FIRST_LATER_LIST && bytes_left(&bytes) == 0)
            break;
        if (!decode_list(&bytes, details, kind))
            return NULL;
    }
    return bytes_left(&bytes) == 0 ? g_steal_pointer(&details) : NULL;
}
