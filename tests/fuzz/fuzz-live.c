/* fuzz-live.c -- whatever is taken for a recording: its parts are bounded and come after its head;
 * the first octet tells the container, and how large the pieces are */
#include "tests/fuzz/fuzz.h"
#include "wire/live-parts.h"

FUZZ_TARGET("live")
{
    LivePart part;

    if (size == 0)
        return;
    size_t piece = data[0] / 2 + 1u;
    g_autoptr(LiveParts) parts = live_parts_new(data[0] % 2 == 0 ? "video/webm" : "video/mp4");
    for (size_t at = 1; at < size; at += piece) {
        bool is_fine = live_parts_add(parts, data + at, MIN(piece, size - at), NULL);
        while (live_parts_next(parts, &part)) {
            g_assert_nonnull(live_parts_head(parts));
            g_assert_cmpuint(g_bytes_get_size(part.octets), <=, 2 * LIVE_PART_MAX);
            live_part_clear(&part);
        }
        if (!is_fine)
            break;
    }
}
