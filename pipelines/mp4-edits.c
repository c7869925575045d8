/* mp4-edits.c -- see mp4-edits.h */
#include "pipelines/mp4-edits.h"

#include "base/bytes.h"

#include <string.h>

#define HEAD 8 /* size and type of a box */

typedef struct {
    uint32_t size; /* with its head */
    const uint8_t *data; /* its head */
} Box;

static bool
next_box(Bytes *bytes, Box *box)
{
    const uint8_t *head = bytes->data + bytes->position;
    uint32_t size;

    if (bytes_left(bytes) < HEAD || !bytes_u32(bytes, &size) || size < HEAD ||
        !bytes_skip(bytes, size - sizeof size))
        return false;
    *box = (Box){ size, head };
    return true;
}

static bool
is_type(const Box *box, const char *type)
{
    return memcmp(box->data + 4, type, 4) == 0;
}

/* The first box of a type within another; false: none. */
static bool
find_box(const Box *within, const char *type, Box *found)
{
    Bytes bytes;

    bytes_init(&bytes, within->data + HEAD, within->size - HEAD);
    while (next_box(&bytes, found))
        if (is_type(found, type))
            return true;
    return false;
}

/* Ticks a second of "mvhd" and "mdhd", which are alike so far; 0: it is none. */
static uint32_t
timescale(const Box *box)
{
    uint32_t ticks = 0;
    uint8_t version;
    Bytes bytes;

    bytes_init(&bytes, box->data + HEAD, box->size - HEAD);
    if (!bytes_u8(&bytes, &version) || !bytes_skip(&bytes, version == 1 ? 3 + 16 : 3 + 8) ||
        !bytes_u32(&bytes, &ticks))
        return 0;
    return ticks;
}

static uint32_t
ticks_of(int64_t ns, uint32_t a_second)
{
    return (uint32_t)((ns * (int64_t)a_second + 500000000) / 1000000000);
}

static void
put_entry(GByteArray *out, uint32_t duration, uint32_t media_time)
{
    bytes_put_u32(out, duration);
    bytes_put_u32(out, media_time);
    bytes_put_u32(out, 1 << 16); /* at its own pace */
}

static void
put_edits(GByteArray *out, const Mp4Edit *edit, uint32_t movie, uint32_t media)
{
    uint32_t count = edit->lead_ns > 0 ? 2 : 1;
    uint32_t size = HEAD + HEAD + 8 + count * 12;

    bytes_put_u32(out, size);
    g_byte_array_append(out, (const uint8_t *)"edts", 4);
    bytes_put_u32(out, size - HEAD);
    g_byte_array_append(out, (const uint8_t *)"elst", 4);
    bytes_put_u32(out, 0); /* version and flags */
    bytes_put_u32(out, count);
    if (count == 2)
        put_entry(out, ticks_of(edit->lead_ns, movie), UINT32_MAX);
    put_entry(out, 0, ticks_of(edit->skip_ns, media)); /* to the end, which nobody knows yet */
}

/* Writes the size of the box that began at start. */
static void
end_box(GByteArray *out, guint start)
{
    uint32_t size = GUINT32_TO_BE(out->len - start);

    memcpy(out->data + start, &size, sizeof size);
}

static bool
put_track(GByteArray *out, const Box *track, uint32_t movie, const Mp4Edit *video,
          const Mp4Edit *audio)
{
    Box media, header, handler, inner;
    guint start = out->len;
    Bytes bytes;

    if (!find_box(track, "mdia", &media) || !find_box(&media, "mdhd", &header) ||
        !find_box(&media, "hdlr", &handler) || handler.size < HEAD + 12)
        return false;
    const uint8_t *kind = handler.data + HEAD + 8;
    const Mp4Edit *edit = memcmp(kind, "vide", 4) == 0 ? video : audio;
    uint32_t ticks = timescale(&header);
    if (ticks == 0)
        return false;
    g_byte_array_append(out, track->data, HEAD);
    bytes_init(&bytes, track->data + HEAD, track->size - HEAD);
    while (next_box(&bytes, &inner)) {
        g_byte_array_append(out, inner.data, inner.size);
        if (is_type(&inner, "tkhd"))
            put_edits(out, edit, movie, ticks);
    }
    end_box(out, start);
    return bytes_left(&bytes) == 0;
}

GBytes *
mp4_add_edits(const uint8_t *moov, size_t size, const Mp4Edit *video, const Mp4Edit *audio)
{
    g_autoptr(GByteArray) out = g_byte_array_sized_new((guint)size + 128);
    Box whole, header, inner;
    Bytes bytes;

    bytes_init(&bytes, moov, size);
    if (!next_box(&bytes, &whole) || whole.size != size || !is_type(&whole, "moov") ||
        !find_box(&whole, "mvhd", &header))
        return NULL;
    uint32_t movie = timescale(&header);
    if (movie == 0)
        return NULL;
    g_byte_array_append(out, moov, HEAD);
    bytes_init(&bytes, moov + HEAD, size - HEAD);
    while (next_box(&bytes, &inner)) {
        if (!is_type(&inner, "trak"))
            g_byte_array_append(out, inner.data, inner.size);
        else if (!put_track(out, &inner, movie, video, audio))
            return NULL;
    }
    if (bytes_left(&bytes) != 0)
        return NULL;
    end_box(out, 0);
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
