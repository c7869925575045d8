/* test-live-parts.c -- recordings of Chromium's MediaRecorder (a camera, key pictures a second
 * apart), in whatever pieces they come */
#include "wire/live-parts.h"

#include "base/error.h"

#include <string.h>

static const struct {
    const char *file, *mime, *video, *audio;
    guint entries;
} recordings[] = {
    { "camera.webm", "video/webm;codecs=vp8,opus", "vp8", "opus", 3 },
    { "camera.mp4", "video/mp4;codecs=vp9,opus", "vp9", "opus", 2 },
};

static GBytes *
load(const char *name)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "data", "live", name, NULL);
    char *data;
    gsize size;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(path, &data, &size, &error);
    g_assert_no_error(error);
    return g_bytes_new_take(data, size);
}

/* All parts of what comes in pieces of that size. */
static GArray *
take_apart(LiveParts *parts, GBytes *recording, size_t piece)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(LivePart));
    gsize size;
    const uint8_t *octets = g_bytes_get_data(recording, &size);
    g_autoptr(GError) error = NULL;
    LivePart part;

    g_array_set_clear_func(all, (GDestroyNotify)live_part_clear);
    for (gsize at = 0; at < size; at += piece) {
        live_parts_add(parts, octets + at, MIN(piece, size - at), &error);
        g_assert_no_error(error);
        while (live_parts_next(parts, &part))
            g_array_append_val(all, part);
    }
    return all;
}

static guint
count_entries(const GArray *all)
{
    guint count = 0;

    for (guint i = 0; i < all->len; i++)
        count += g_array_index(all, LivePart, i).is_entry;
    return count;
}

static void
test_pieces_do_not_matter(void)
{
    static const size_t pieces[] = { 1000000, 1000, 7, 1 };

    for (guint i = 0; i < G_N_ELEMENTS(recordings); i++) {
        g_autoptr(GBytes) recording = load(recordings[i].file);
        g_autoptr(LiveParts) whole = live_parts_new(recordings[i].mime);
        g_autoptr(GArray) all = take_apart(whole, recording, pieces[0]);
        g_assert_cmpstr(live_parts_video(whole), ==, recordings[i].video);
        g_assert_cmpstr(live_parts_audio(whole), ==, recordings[i].audio);
        g_assert_cmpuint(count_entries(all), ==, recordings[i].entries);
        for (guint k = 1; k < G_N_ELEMENTS(pieces); k++) {
            g_autoptr(LiveParts) parts = live_parts_new(recordings[i].mime);
            g_autoptr(GArray) same = take_apart(parts, recording, pieces[k]);
            g_assert_cmpuint(same->len, ==, all->len);
            g_assert_true(g_bytes_equal(live_parts_head(parts), live_parts_head(whole)));
            for (guint n = 0; n < all->len; n++)
                g_assert_true(g_bytes_equal(g_array_index(same, LivePart, n).octets,
                                            g_array_index(all, LivePart, n).octets));
        }
    }
}

/* Who comes late is given the head and all from an entry on: which is such a recording, too. */
static void
test_it_goes_on_from_any_entry(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(recordings); i++) {
        g_autoptr(GBytes) recording = load(recordings[i].file);
        g_autoptr(LiveParts) parts = live_parts_new(recordings[i].mime);
        g_autoptr(GArray) all = take_apart(parts, recording, 4096);
        for (guint n = 0; n < all->len; n++) {
            if (!g_array_index(all, LivePart, n).is_entry)
                continue;
            g_autoptr(LiveParts) later = live_parts_new(recordings[i].mime);
            g_autoptr(GArray) none = take_apart(later, live_parts_head(parts), 4096);
            g_assert_cmpuint(none->len, ==, 0);
            for (guint k = n; k < all->len; k++) {
                const LivePart *part = &g_array_index(all, LivePart, k);
                g_autoptr(GArray) again = take_apart(later, part->octets, 4096);
                g_assert_cmpuint(again->len, ==, 1);
                const LivePart *same = &g_array_index(again, LivePart, 0);
                g_assert_cmpint(same->time_ms, ==, part->time_ms);
                g_assert_true(same->is_entry == part->is_entry);
            }
        }
    }
}

static void
test_times_go_on(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(recordings); i++) {
        g_autoptr(GBytes) recording = load(recordings[i].file);
        g_autoptr(LiveParts) parts = live_parts_new(recordings[i].mime);
        g_autoptr(GArray) all = take_apart(parts, recording, 4096);
        const LivePart *first = &g_array_index(all, LivePart, 0);
        const LivePart *last = &g_array_index(all, LivePart, all->len - 1);
        g_assert_cmpint(first->time_ms, >=, 0);
        g_assert_cmpint(first->time_ms, <, 200);
        g_assert_cmpint(last->time_ms, >, 1000);
        g_assert_cmpint(last->time_ms, <, 4000);
    }
}

static void
test_what_is_no_recording(void)
{
    static const uint8_t huge[] = { 0x1a, 0x45, 0xdf, 0xa3, 0x08, 0xff, 0xff, 0xff, 0xff };
    static const struct {
        const char *mime;
        const void *octets;
        size_t count;
    } cases[] = {
        { "video/webm", "this is no film at all", 22 }, { "video/webm", huge, sizeof huge },
        { "video/webm", "\xa3\x81", 2 + 1 },            { "video/mp4", "\0\0\0\4free", 8 },
        { "video/mp4", "\xff\xff\xff\xffmdat", 8 },     { "video/mp4", "\0\0\0\x8moof", 8 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(LiveParts) parts = live_parts_new(cases[i].mime);
        g_autoptr(GError) error = NULL;
        LivePart part;
        g_assert_false(live_parts_add(parts, cases[i].octets, cases[i].count, &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
        g_assert_false(live_parts_next(parts, &part));
        g_clear_error(&error);
        g_assert_false(live_parts_add(parts, "", 1, &error)); /* and stays so */
    }
    g_assert_null(live_parts_new("video/x-matroska"));
    g_assert_null(live_parts_new("video/mp4s"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/live-parts/pieces", test_pieces_do_not_matter);
    g_test_add_func("/live-parts/entries", test_it_goes_on_from_any_entry);
    g_test_add_func("/live-parts/times", test_times_go_on);
    g_test_add_func("/live-parts/refused", test_what_is_no_recording);
    return g_test_run();
}
