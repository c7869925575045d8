/* test-mp4-edits.c -- edit lists come into a "moov", and nothing else is taken for one */
#define _GNU_SOURCE /* memmem */
#include "pipelines/mp4-edits.h"

#include "base/bytes.h"

#include <string.h>

#define MS 1000000

/* -- A box written by hand --------------------------------------------------------------------- */

static guint
begin(GByteArray *out, const char *type)
{
    bytes_put_u32(out, 0);
    g_byte_array_append(out, (const uint8_t *)type, 4);
    return out->len - 8;
}

static void
end(GByteArray *out, guint start)
{
    uint32_t size = GUINT32_TO_BE(out->len - start);

    memcpy(out->data + start, &size, sizeof size);
}

/* "mvhd" or "mdhd" of version 0. */
static void
put_header(GByteArray *out, const char *type, uint32_t ticks)
{
    guint box = begin(out, type);

    for (int i = 0; i < 3; i++)
        bytes_put_u32(out, 0);
    bytes_put_u32(out, ticks);
    bytes_put_u32(out, 0);
    end(out, box);
}

static void
put_track(GByteArray *out, const char *kind, uint32_t ticks)
{
    guint track = begin(out, "trak");
    guint head = begin(out, "tkhd");
    bytes_put_u32(out, 7);
    end(out, head);
    guint media = begin(out, "mdia");
    put_header(out, "mdhd", ticks);
    guint handler = begin(out, "hdlr");
    bytes_put_u32(out, 0);
    bytes_put_u32(out, 0);
    g_byte_array_append(out, (const uint8_t *)kind, 4);
    end(out, handler);
    end(out, media);
    end(out, track);
}

static GByteArray *
moov_new(void)
{
    GByteArray *out = g_byte_array_new();
    guint moov = begin(out, "moov");

    put_header(out, "mvhd", 1000);
    put_track(out, "vide", 2500);
    put_track(out, "soun", 48000);
    end(out, moov);
    return out;
}

static const Mp4Edit video = { 21 * MS, 80 * MS }, audio = { 0, 0 };

static void
test_edits(void)
{
    static const uint8_t of_video[] = {
        0, 0, 0, 48, 'e', 'd', 't', 's', 0, 0, 0, 40, 'e', 'l', 's', 't', 0, 0, 0, 0, 0, 0, 0, 2,
        0, 0, 0, 21, 255, 255, 255, 255, 0, 1, 0, 0, /* nothing for 21 of 1000 */
        0, 0, 0, 0, 0, 0, 0, 200, 0, 1, 0, 0,        /* then from 200 of 2500 on */
    };
    static const uint8_t of_audio[] = {
        0, 0, 0, 36, 'e', 'd', 't', 's', 0, 0, 0, 28, 'e', 'l', 's', 't', 0, 0, 0, 0, 0, 0, 0, 1,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0,
    };
    g_autoptr(GByteArray) moov = moov_new();
    g_autoptr(GBytes) edited = mp4_add_edits(moov->data, moov->len, &video, &audio);
    gsize size;
    const uint8_t *data = g_bytes_get_data(edited, &size);
    uint32_t told;

    g_assert_cmpuint(size, ==, moov->len + sizeof of_video + sizeof of_audio);
    memcpy(&told, data, 4);
    g_assert_cmpuint(GUINT32_FROM_BE(told), ==, size);
    g_assert_nonnull(memmem(data, size, of_video, sizeof of_video));
    g_assert_nonnull(memmem(data, size, of_audio, sizeof of_audio));
}

/* Any octet cut off or turned over: an answer or none, and never a look beyond the end. */
static void
test_hostile(void)
{
    g_autoptr(GByteArray) moov = moov_new();

    for (guint size = 0; size < moov->len; size++) {
        g_autofree uint8_t *part = g_memdup2(moov->data, size);
        g_assert_null(mp4_add_edits(part, size, &video, &audio));
    }
    for (guint at = 0; at < moov->len; at++) {
        g_autofree uint8_t *turned = g_memdup2(moov->data, moov->len);
        turned[at] ^= 0xff;
        g_autoptr(GBytes) edited = mp4_add_edits(turned, moov->len, &video, &audio);
        g_assert_true(edited == NULL || g_bytes_get_size(edited) > moov->len);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mp4-edits/edits", test_edits);
    g_test_add_func("/mp4-edits/hostile", test_hostile);
    return g_test_run();
}
