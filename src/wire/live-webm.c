/* live-webm.c -- WebM as it is recorded: see live-parts.h
 *
 * Segment and Cluster are taken by their heads alone, since their lengths are often not known: what
 * is inside them follows as elements of its own, whose ids nothing else has (RFC 9559, 5.1). Every
 * key picture, and the first block of every cluster, gets a cluster's head of our own. Chromium
 * says of every picture that it may be transparent, and GStreamer 1.22 then wants it to be: that is
 * unsaid. */
#include "wire/live-room.h"

#include <string.h>

#define ID_EBML 0x1a45dfa3
#define ID_SEGMENT 0x18538067
#define ID_INFO 0x1549a966
#define ID_SCALE 0x2ad7b1
#define ID_TRACKS 0x1654ae6b
#define ID_TRACK 0xae
#define ID_TRACK_NUMBER 0xd7
#define ID_TRACK_TYPE 0x83
#define ID_CODEC 0x86
#define ID_VIDEO 0xe0
#define ID_ALPHA 0x53c0
#define ID_CLUSTER 0x1f43b675
#define ID_TIME 0xe7
#define ID_SIMPLE_BLOCK 0xa3
#define ID_BLOCK_GROUP 0xa0
#define ID_BLOCK 0xa1
#define ID_REFERENCE 0xfb

#define TRACK_VIDEO 1
#define TRACK_AUDIO 2
#define IS_KEY 0x80 /* of a SimpleBlock's flags */
#define NOT_KNOWN UINT64_MAX

static const uint8_t segment_head[] = { 0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t cluster_head[] = { 0x1f, 0x43, 0xb6, 0x75, 0x01, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, ID_TIME, 0x88 };

static const struct {
    const char *id, *codec;
} codecs[] = {
    { "V_VP8", "vp8" },      { "V_VP9", "vp9" },       { "V_AV1", "av1" },
    { "V_MPEG4/ISO/AVC", "h264" }, { "V_MPEGH/ISO/HEVC", "hevc" }, { "A_OPUS", "opus" },
    { "A_VORBIS", "vorbis" }, { "A_AAC", "aac" },      { "A_PCM/FLOAT/IEEE", "pcm_f32le" },
};

/* -- Elements ---------------------------------------------------------------------------------- */

typedef struct {
    uint32_t id;
    uint64_t size; /* of its content; NOT_KNOWN */
    size_t head;   /* octets before it */
} Element;

/* RFC 8794, 4: so many octets as the first one has zeros before its first one, and one. */
static bool
read_number(Bytes *bytes, guint most, bool keeps_mark, uint64_t *value)
{
    uint8_t first, next;
    guint length = 1;

    if (!bytes_u8(bytes, &first))
        return false;
    while (length <= most && (first & (0x80 >> (length - 1))) == 0)
        length++;
    if (length > most)
        return false;
    *value = keeps_mark ? first : first & (0xff >> length);
    for (guint i = 1; i < length; i++) {
        if (!bytes_u8(bytes, &next))
            return false;
        *value = *value << 8 | next;
    }
    if (!keeps_mark && *value == (UINT64_C(1) << 7 * length) - 1)
        *value = NOT_KNOWN;
    return true;
}

static bool
read_element(Bytes *bytes, Element *element)
{
    size_t start = bytes->position;
    uint64_t id;

    if (!read_number(bytes, 4, true, &id) || !read_number(bytes, 8, false, &element->size))
        return false;
    element->id = (uint32_t)id;
    element->head = bytes->position - start;
    return true;
}

/* The next element inside of another, its content within bytes; false: there is none. */
static bool
next_child(Bytes *bytes, Element *element, Bytes *content)
{
    const uint8_t *data;

    if (!read_element(bytes, element) || element->size > bytes_left(bytes) ||
        !bytes_take(bytes, (size_t)element->size, &data))
        return false;
    bytes_init(content, data, (size_t)element->size);
    return true;
}

static uint64_t
read_unsigned(Bytes *content)
{
    uint64_t value = 0;
    uint8_t octet;

    for (guint i = 0; i < 8 && bytes_u8(content, &octet); i++)
        value = value << 8 | octet;
    return value;
}

static bool
is_entered(uint32_t id)
{
    return id == ID_SEGMENT || id == ID_CLUSTER;
}

#define ELEMENT_HEAD_MAX 12

static gssize
measure(const uint8_t *octets, size_t count, bool is_first)
{
    Element element;
    Bytes bytes;

    bytes_init(&bytes, octets, count);
    if (!read_element(&bytes, &element))
        return count < ELEMENT_HEAD_MAX ? 0 : -1;
    if (is_first && element.id != ID_EBML)
        return -1;
    if (is_entered(element.id))
        return (gssize)element.head;
    return element.size <= LIVE_PART_MAX - element.head
               ? (gssize)(element.head + (size_t)element.size) : -1;
}

/* -- What they say ----------------------------------------------------------------------------- */

static void
take_info(LiveParts *parts, Bytes *info)
{
    Element element;
    Bytes content;

    while (next_child(info, &element, &content))
        if (element.id == ID_SCALE) {
            uint64_t scale_ns = read_unsigned(&content);
            parts->scale_ns = CLAMP(scale_ns, 1, 1000000000);
        }
}

static const char *
codec_of(const Bytes *content)
{
    for (guint i = 0; i < G_N_ELEMENTS(codecs); i++)
        if (strlen(codecs[i].id) <= content->size &&
            memcmp(codecs[i].id, content->data, strlen(codecs[i].id)) == 0)
            return codecs[i].codec;
    return NULL;
}

/* video: of our own copy of the tracks. */
static void
make_opaque(Bytes *video)
{
    Element element;
    Bytes content;

    while (next_child(video, &element, &content))
        if (element.id == ID_ALPHA)
            memset((uint8_t *)content.data, 0, content.size);
}

static void
take_track(LiveParts *parts, Bytes *entry)
{
    LiveTrack found = { 0 };
    uint64_t type = 0;
    Element element;
    Bytes content;

    while (next_child(entry, &element, &content)) {
        if (element.id == ID_TRACK_NUMBER)
            found.number = read_unsigned(&content);
        else if (element.id == ID_TRACK_TYPE)
            type = read_unsigned(&content);
        else if (element.id == ID_CODEC)
            found.codec = codec_of(&content);
        else if (element.id == ID_VIDEO)
            make_opaque(&content);
    }
    found.is_video = type == TRACK_VIDEO;
    LiveTrack *track =
        type == TRACK_VIDEO || type == TRACK_AUDIO ? live_track_add(parts) : NULL;
    if (track != NULL)
        *track = found;
}

static bool
take_tracks(LiveParts *parts, const Element *tracks, const uint8_t *octets, size_t count)
{
    g_autofree uint8_t *copy = g_memdup2(octets, count);
    Element element;
    Bytes bytes, content;

    parts->track_count = 0;
    bytes_init(&bytes, copy + tracks->head, count - tracks->head);
    while (next_child(&bytes, &element, &content))
        if (element.id == ID_TRACK)
            take_track(parts, &content);
    return live_head_add(parts, copy, count);
}

/* -- Blocks ------------------------------------------------------------------------------------ */

typedef struct {
    uint64_t track;
    int16_t time; /* from its cluster's on */
    uint8_t flags;
} Block;

static bool
read_block(Bytes *bytes, Block *block)
{
    uint16_t time;

    if (!read_number(bytes, 8, false, &block->track) || !bytes_u16(bytes, &time) ||
        !bytes_u8(bytes, &block->flags))
        return false;
    block->time = (int16_t)time;
    return true;
}

/* A Block in a group is a key picture when it refers to no other (RFC 9559, 10.1). */
static bool
read_group(Bytes *group, Block *block)
{
    bool is_found = false, refers = false;
    Element element;
    Bytes content;

    while (next_child(group, &element, &content)) {
        if (element.id == ID_BLOCK)
            is_found = read_block(&content, block);
        refers = refers || element.id == ID_REFERENCE;
    }
    block->flags = refers ? 0 : IS_KEY;
    return is_found;
}

static int64_t
time_of(const LiveParts *parts, const Block *block)
{
    int64_t units = (int64_t)MIN(parts->cluster_time, G_MAXINT32) + block->time;

    return units * (int64_t)parts->scale_ns / 1000000;
}

static bool
take_block(LiveParts *parts, const Element *element, const uint8_t *octets, size_t count)
{
    Block block;
    Bytes content;

    bytes_init(&content, octets + element->head, count - element->head);
    bool is_fine = element->id == ID_BLOCK_GROUP ? read_group(&content, &block)
                                                 : read_block(&content, &block);
    if (!is_fine || parts->head == NULL)
        return false;
    const LiveTrack *track = live_track_find(parts, block.track);
    if (track == NULL)
        return true; /* of no picture and no sound */
    GByteArray *part = g_byte_array_new();
    bool is_entry =
        (block.flags & IS_KEY) != 0 && (track->is_video || !live_has_video(parts));
    if (is_entry || parts->is_cluster_new) {
        g_byte_array_append(part, cluster_head, sizeof cluster_head);
        bytes_put_u64(part, parts->cluster_time);
    }
    parts->is_cluster_new = false;
    g_byte_array_append(part, octets, (guint)count);
    live_part_add(parts, part, is_entry, time_of(parts, &block));
    return true;
}

static bool
take(LiveParts *parts, const uint8_t *octets, size_t count)
{
    Element element;
    Bytes bytes, content;

    bytes_init(&bytes, octets, count);
    if (!read_element(&bytes, &element))
        return false;
    bytes_init(&content, octets + element.head, count - element.head);
    switch (element.id) {
    case ID_EBML:
        return live_head_add(parts, octets, count);
    case ID_SEGMENT:
        return live_head_add(parts, segment_head, sizeof segment_head);
    case ID_INFO:
        take_info(parts, &content);
        return live_head_add(parts, octets, count);
    case ID_TRACKS:
        return take_tracks(parts, &element, octets, count);
    case ID_CLUSTER:
        live_head_end(parts);
        parts->is_cluster_new = true;
        return true;
    case ID_TIME:
        parts->cluster_time = read_unsigned(&content);
        return true;
    case ID_SIMPLE_BLOCK:
    case ID_BLOCK_GROUP:
        return take_block(parts, &element, octets, count);
    default:
        return true; /* an index, tags, nothing at all */
    }
}

const LiveFormat live_webm = { measure, take };
