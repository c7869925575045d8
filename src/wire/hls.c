/* hls.c -- see hls.h */
#include "wire/hls.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

#define NEAR_MS (HLS_SEGMENT_MS - 500) /* a key frame there is one that will do */
#define LAST_MS (HLS_SEGMENT_MS / 2)   /* a shorter end belongs to what is before it */
#define LONGEST_MS 30000               /* what is longer nobody holds in memory */

#define SEGMENT_END ".m4s"
#define HEADER_NAME "init.mp4"

/* -- Cutting ----------------------------------------------------------------------------------- */

static int64_t
begin_of(const GArray *cuts, guint number)
{
    return g_array_index(cuts, int64_t, number);
}

static GArray *
cuts_new(void)
{
    GArray *cuts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t beginning = 0;

    return g_array_append_val(cuts, beginning);
}

GArray *
hls_cut_evenly(int64_t duration_ms)
{
    if (duration_ms <= 0 || duration_ms / HLS_SEGMENT_MS >= HLS_SEGMENTS_MAX)
        return NULL;
    GArray *cuts = cuts_new();
    for (int64_t at = HLS_SEGMENT_MS; at + LAST_MS <= duration_ms; at += HLS_SEGMENT_MS)
        g_array_append_val(cuts, at);
    return cuts;
}

/* Whether no segment is too long to be kept. */
static bool
are_near(const GArray *cuts, int64_t duration_ms)
{
    for (guint i = 0; i < cuts->len; i++) {
        int64_t end = i + 1 < cuts->len ? begin_of(cuts, i + 1) : duration_ms;
        if (end - begin_of(cuts, i) > LONGEST_MS)
            return false;
    }
    return true;
}

GArray *
hls_cut_at_keys(const char *text, size_t size, int64_t duration_ms)
{
    g_autofree char *copy = g_strndup(text, size);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    g_autoptr(GArray) cuts = cuts_new();
    int64_t key;

    for (char **line = lines; *line != NULL && cuts->len < HLS_SEGMENTS_MAX; line++)
        if (text_to_i64(*line, 0, G_MAXINT64 / 2, &key) &&
            key >= begin_of(cuts, cuts->len - 1) + NEAR_MS && key + LAST_MS <= duration_ms)
            g_array_append_val(cuts, key);
    return are_near(cuts, duration_ms) ? g_steal_pointer(&cuts) : NULL;
}

char *
hls_print_cuts(const GArray *cuts, guint first, guint most)
{
    GString *text = g_string_new(NULL);

    for (guint i = first; i < cuts->len && i - first < most; i++)
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, text->len > 0 ? " " : "",
                               begin_of(cuts, i));
    return g_string_free(text, FALSE);
}

/* -- The list ---------------------------------------------------------------------------------- */

GString *
hls_print_list(const GArray *cuts, int64_t duration_ms, const char *folder)
{
    GString *list = g_string_new(NULL);
    GString *segments = g_string_new(NULL);
    int64_t longest = 1000;

    for (guint i = 0; i < cuts->len; i++) {
        int64_t end = i + 1 < cuts->len ? begin_of(cuts, i + 1) : duration_ms;
        int64_t length = end - begin_of(cuts, i);
        longest = MAX(longest, length);
        g_string_append_printf(segments,
                               "#EXTINF:%" G_GINT64_FORMAT ".%03d,\n%s/%u" SEGMENT_END "\n",
                               length / 1000, (int)(length % 1000), folder, i);
    }
    g_string_append_printf(list,
                           "#EXTM3U\n"
                           "#EXT-X-VERSION:7\n"
                           "#EXT-X-TARGETDURATION:%" G_GINT64_FORMAT "\n"
                           "#EXT-X-MEDIA-SEQUENCE:0\n"
                           "#EXT-X-PLAYLIST-TYPE:VOD\n"
                           "#EXT-X-INDEPENDENT-SEGMENTS\n"
                           "#EXT-X-MAP:URI=\"%s/" HEADER_NAME "\"\n"
                           "%s"
                           "#EXT-X-ENDLIST\n",
                           (longest + 999) / 1000, folder, segments->str);
    g_string_free(segments, TRUE);
    return list;
}

bool
hls_part_decode(const char *name, guint *number)
{
    uint32_t found = HLS_HEADER;

    if (strcmp(name, HEADER_NAME) != 0) {
        if (!g_str_has_suffix(name, SEGMENT_END))
            return false;
        g_autofree char *digits = g_strndup(name, strlen(name) - strlen(SEGMENT_END));
        if (!text_to_u32(digits, 0, HLS_SEGMENTS_MAX - 1, &found))
            return false;
    }
    *number = found;
    return true;
}

/* -- What is made ------------------------------------------------------------------------------ */

#define BOX_HEAD 8
#define BOX_HEAD_LONG 16

bool
hls_box(const uint8_t *data, size_t size, uint64_t *box_size, bool *is_begin)
{
    Bytes bytes;
    uint32_t told;
    uint64_t found;
    const uint8_t *type;

    bytes_init(&bytes, data, size);
    *box_size = 0;
    if (!bytes_u32(&bytes, &told) || !bytes_take(&bytes, 4, &type))
        return true;
    found = told;
    if (told == 1 && !bytes_u64(&bytes, &found))
        return true;
    if (found < (told == 1 ? BOX_HEAD_LONG : BOX_HEAD))
        return false; /* also one that goes on to the end, which a worker does not make */
    *is_begin = memcmp(type, "styp", 4) == 0;
    *box_size = found;
    return true;
}
