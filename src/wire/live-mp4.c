/* live-mp4.c -- MP4 in fragments as it is recorded: see live-parts.h
 *
 * ftyp and moov are the head, each moof with the mdat behind it a part (ISO/IEC 14496-12, 8.8);
 * what else there is at the top is left out. A part is an entry when the first sample of its
 * picture is a key picture. Samples must lie where their moof says from itself on, or parts could
 * not be left out. */
#include "wire/live-room.h"

#include <string.h>

#define BOX(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define FTYP BOX('f', 't', 'y', 'p')
#define MOOV BOX('m', 'o', 'o', 'v')
#define MOOF BOX('m', 'o', 'o', 'f')
#define MDAT BOX('m', 'd', 'a', 't')

/* Flags of tfhd and trun (8.8.7, 8.8.8), and of a sample (8.8.3.1). */
#define HAS_BASE 0x1
#define HAS_DESCRIPTION 0x2
#define HAS_DURATION 0x8
#define HAS_SIZE 0x10
#define HAS_FLAGS 0x20
#define HAS_OFFSET 0x1
#define HAS_FIRST_FLAGS 0x4
#define HAS_EACH_DURATION 0x100
#define HAS_EACH_SIZE 0x200
#define HAS_EACH_FLAGS 0x400
#define IS_NO_KEY 0x10000

static const struct {
    uint32_t entry;
    const char *codec;
} codecs[] = {
    { BOX('a', 'v', 'c', '1'), "h264" }, { BOX('a', 'v', 'c', '3'), "h264" },
    { BOX('h', 'v', 'c', '1'), "hevc" }, { BOX('h', 'e', 'v', '1'), "hevc" },
    { BOX('v', 'p', '0', '9'), "vp9" },  { BOX('v', 'p', '0', '8'), "vp8" },
    { BOX('a', 'v', '0', '1'), "av1" },  { BOX('m', 'p', '4', 'a'), "aac" },
    { BOX('O', 'p', 'u', 's'), "opus" }, { BOX('f', 'L', 'a', 'C'), "flac" },
};

/* -- Boxes ------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t type;
    uint64_t size; /* of all of it */
    size_t head;
} Box;

static bool
read_box(Bytes *bytes, Box *box)
{
    size_t start = bytes->position;
    uint32_t size;

    if (!bytes_u32(bytes, &size) || !bytes_u32(bytes, &box->type))
        return false;
    box->size = size;
    if (size == 1 && !bytes_u64(bytes, &box->size))
        return false;
    box->head = bytes->position - start;
    return true;
}

/* The next box inside of another, and its content; false: there is none. */
static bool
next_child(Bytes *bytes, uint32_t *type, Bytes *content)
{
    const uint8_t *data;
    Box box;

    if (!read_box(bytes, &box) || box.size < box.head ||
        box.size - box.head > bytes_left(bytes) ||
        !bytes_take(bytes, (size_t)box.size - box.head, &data))
        return false;
    *type = box.type;
    bytes_init(content, data, (size_t)box.size - box.head);
    return true;
}

/* The first of that type inside of bytes, which it does not move. */
static bool
find_child(const Bytes *bytes, uint32_t type, Bytes *content)
{
    Bytes at = *bytes;
    uint32_t found;

    while (next_child(&at, &found, content))
        if (found == type)
            return true;
    return false;
}

static gssize
measure(const uint8_t *octets, size_t count, bool is_first)
{
    Bytes bytes;
    Box box;

    bytes_init(&bytes, octets, count);
    if (!read_box(&bytes, &box))
        return 0;
    if (is_first && box.type != FTYP)
        return -1;
    return box.size >= box.head && box.size <= LIVE_PART_MAX ? (gssize)box.size : -1;
}

/* Version and flags, which many boxes begin with. */
static bool
read_version(Bytes *bytes, uint8_t *version, uint32_t *flags)
{
    uint32_t both;

    if (!bytes_u32(bytes, &both))
        return false;
    *version = (uint8_t)(both >> 24);
    *flags = both & 0xffffff;
    return true;
}

static bool
read_wide(Bytes *bytes, bool is_wide, uint64_t *value)
{
    uint32_t narrow;

    if (is_wide)
        return bytes_u64(bytes, value);
    if (!bytes_u32(bytes, &narrow))
        return false;
    *value = narrow;
    return true;
}

/* -- The head ---------------------------------------------------------------------------------- */

/* The number of a track (8.3.2), and the units of its time (8.4.2): both stand behind two times. */
static bool
read_after_times(Bytes *bytes, uint64_t *value)
{
    uint8_t version;
    uint32_t flags, narrow;

    if (!read_version(bytes, &version, &flags) || !bytes_skip(bytes, version == 1 ? 16 : 8) ||
        !bytes_u32(bytes, &narrow))
        return false;
    *value = narrow;
    return true;
}

static const char *
codec_of(const Bytes *table)
{
    Bytes samples, bytes;
    uint32_t count, size, type;

    if (!find_child(table, BOX('s', 't', 's', 'd'), &samples))
        return NULL;
    bytes = samples;
    if (!bytes_skip(&bytes, 4) || !bytes_u32(&bytes, &count) || !bytes_u32(&bytes, &size) ||
        !bytes_u32(&bytes, &type))
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(codecs); i++)
        if (codecs[i].entry == type)
            return codecs[i].codec;
    return NULL;
}

static bool
take_track(LiveParts *parts, const Bytes *trak)
{
    Bytes head, media, box, information, table;
    uint32_t handler = 0;
    LiveTrack found = { 0 };

    if (!find_child(trak, BOX('t', 'k', 'h', 'd'), &head) ||
        !find_child(trak, BOX('m', 'd', 'i', 'a'), &media) ||
        !read_after_times(&head, &found.number) ||
        !find_child(&media, BOX('h', 'd', 'l', 'r'), &box) || !bytes_skip(&box, 8) ||
        !bytes_u32(&box, &handler) || !find_child(&media, BOX('m', 'd', 'h', 'd'), &box) ||
        !read_after_times(&box, &found.timescale) || found.timescale == 0)
        return false;
    found.is_video = handler == BOX('v', 'i', 'd', 'e');
    if (!found.is_video && handler != BOX('s', 'o', 'u', 'n'))
        return true;
    if (find_child(&media, BOX('m', 'i', 'n', 'f'), &information) &&
        find_child(&information, BOX('s', 't', 'b', 'l'), &table))
        found.codec = codec_of(&table);
    LiveTrack *track = live_track_add(parts);
    if (track != NULL)
        *track = found;
    return track != NULL;
}

/* What samples are like unless a fragment says otherwise (8.8.3). */
static void
take_defaults(LiveParts *parts, const Bytes *movie)
{
    Bytes extends, trex;
    uint32_t type, number, flags;

    if (!find_child(movie, BOX('m', 'v', 'e', 'x'), &extends))
        return;
    while (next_child(&extends, &type, &trex)) {
        if (type != BOX('t', 'r', 'e', 'x') || !bytes_skip(&trex, 4) ||
            !bytes_u32(&trex, &number) || !bytes_skip(&trex, 12) || !bytes_u32(&trex, &flags))
            continue;
        LiveTrack *track = live_track_find(parts, number);
        if (track != NULL)
            track->flags = flags;
    }
}

static bool
take_movie(LiveParts *parts, const Bytes *movie)
{
    Bytes at = *movie, trak;
    uint32_t type;

    if (parts->head != NULL)
        return true;
    while (next_child(&at, &type, &trak))
        if (type == BOX('t', 'r', 'a', 'k') && !take_track(parts, &trak))
            return false;
    take_defaults(parts, movie);
    return parts->track_count > 0;
}

/* -- A fragment -------------------------------------------------------------------------------- */

/* tfhd: whose samples, and the flags of those that say none. */
static const LiveTrack *
read_fragment_head(LiveParts *parts, Bytes *box, uint32_t *sample_flags)
{
    uint8_t version;
    uint32_t flags, number;

    if (!read_version(box, &version, &flags) || !bytes_u32(box, &number) || (flags & HAS_BASE) != 0)
        return NULL;
    const LiveTrack *track = live_track_find(parts, number);
    if (track == NULL)
        return NULL;
    *sample_flags = track->flags;
    size_t before = 4 * (((flags & HAS_DESCRIPTION) != 0) + ((flags & HAS_DURATION) != 0) +
                         ((flags & HAS_SIZE) != 0));
    if ((flags & HAS_FLAGS) != 0 && (!bytes_skip(box, before) || !bytes_u32(box, sample_flags)))
        return NULL;
    return track;
}

/* The flags of the first sample of a trun, where it says them. */
static bool
read_run(Bytes *box, uint32_t *sample_flags)
{
    uint8_t version;
    uint32_t flags, count;

    if (!read_version(box, &version, &flags) || !bytes_u32(box, &count) || count == 0)
        return false;
    if ((flags & HAS_OFFSET) != 0 && !bytes_skip(box, 4))
        return false;
    if ((flags & HAS_FIRST_FLAGS) != 0)
        return bytes_u32(box, sample_flags);
    size_t before = 4 * (((flags & HAS_EACH_DURATION) != 0) + ((flags & HAS_EACH_SIZE) != 0));
    return (flags & HAS_EACH_FLAGS) == 0 ||
           (bytes_skip(box, before) && bytes_u32(box, sample_flags));
}

static bool
take_samples(LiveParts *parts, const Bytes *traf)
{
    Bytes head, time, run;
    uint32_t sample_flags = 0, flags;
    uint64_t begin = 0;
    uint8_t version;

    if (!find_child(traf, BOX('t', 'f', 'h', 'd'), &head))
        return false;
    const LiveTrack *track = read_fragment_head(parts, &head, &sample_flags);
    if (track == NULL)
        return false;
    if (find_child(traf, BOX('t', 'f', 'd', 't'), &time) &&
        (!read_version(&time, &version, &flags) || !read_wide(&time, version == 1, &begin)))
        return false;
    bool has_samples = find_child(traf, BOX('t', 'r', 'u', 'n'), &run);
    if (has_samples && !read_run(&run, &sample_flags))
        return false;
    if (has_samples && (track->is_video || !live_has_video(parts)))
        parts->is_entry = (sample_flags & IS_NO_KEY) == 0;
    parts->time_ms = (int64_t)MIN(begin / track->timescale * 1000 +
                                      begin % track->timescale * 1000 / track->timescale,
                                  G_MAXINT32);
    return true;
}

static bool
take_fragment(LiveParts *parts, const Bytes *moof, const uint8_t *octets, size_t count)
{
    Bytes at = *moof, traf;
    uint32_t type;

    if (parts->track_count == 0)
        return false;
    live_head_end(parts);
    g_clear_pointer(&parts->fragment, g_byte_array_unref);
    parts->is_entry = false;
    while (next_child(&at, &type, &traf))
        if (type == BOX('t', 'r', 'a', 'f') && !take_samples(parts, &traf))
            return false;
    parts->fragment = g_byte_array_append(g_byte_array_new(), octets, (guint)count);
    return true;
}

static bool
take(LiveParts *parts, const uint8_t *octets, size_t count)
{
    Bytes bytes, content;
    Box box;

    bytes_init(&bytes, octets, count);
    if (!read_box(&bytes, &box))
        return false;
    bytes_init(&content, octets + box.head, count - box.head);
    switch (box.type) {
    case FTYP:
        return live_head_add(parts, octets, count);
    case MOOV:
        return take_movie(parts, &content) && live_head_add(parts, octets, count);
    case MOOF:
        return take_fragment(parts, &content, octets, count);
    case MDAT:
        if (parts->fragment != NULL) {
            g_byte_array_append(parts->fragment, octets, (guint)count);
            live_part_add(parts, g_steal_pointer(&parts->fragment), parts->is_entry,
                          parts->time_ms);
        }
        return true;
    default:
        return true;
    }
}

const LiveFormat live_mp4 = { measure, take };
