/* hls-list.c -- see hls-list.h; the numbers are those of RFC 8216 */
#include "wire/hls-list.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define LINE_MAX_SIZE 4096 /* longer lines are passed over */
#define VARIANTS_MAX 64
#define HEIGHT_MAX 1080
#define DURATION_MAX_S 86400

/* What holds for the line of an address that follows. */
typedef struct {
    HlsList *list;
    bool has_begun;      /* #EXTM3U was there */
    HlsVariant *variant; /* a variant's address follows; NULL: a part's */
    char *sound;         /* the group of its sound; NULL: none */
    GPtrArray *groups;   /* of each variant, char *; NULL: none */
    GHashTable *apart, *within; /* groups of sound that have lists of their own, and not */
    int header;
    int64_t duration_ms, length;
    bool has_offset;
    uint64_t offset;
} Reading;

static void
place_free(gpointer data)
{
    HlsPlace *place = data;

    g_free(place->uri);
    g_free(place);
}

static void
part_free(gpointer data)
{
    HlsPart *part = data;

    g_free(part->place.uri);
    g_free(part);
}

static void
variant_free(gpointer data)
{
    HlsVariant *variant = data;

    if (variant != NULL)
        g_free(variant->uri);
    g_free(variant);
}

void
hls_list_free(HlsList *list)
{
    if (list == NULL)
        return;
    g_ptr_array_unref(list->variants);
    g_ptr_array_unref(list->parts);
    g_ptr_array_unref(list->headers);
    g_free(list);
}

/* -- Attributes (4.2) -------------------------------------------------------------------------- */

/* The value of that name, without quotes; the caller's. NULL: none. */
static char *
attribute(const char *text, const char *name)
{
    size_t length = strlen(name);

    while (*text != '\0') {
        size_t found = strcspn(text, "=,");
        if (text[found] != '=')
            return NULL;
        const char *value = text + found + 1;
        bool is_quoted = *value == '"';
        value += is_quoted;
        size_t size = strcspn(value, is_quoted ? "\"" : ",");
        if (found == length && strncmp(text, name, length) == 0)
            return g_strndup(value, size);
        text = value + size;
        text += strcspn(text, ",");
        text += *text == ',';
        text += strspn(text, " ");
    }
    return NULL;
}

static int64_t
number_of(const char *text, const char *name)
{
    g_autofree char *value = attribute(text, name);
    int64_t number = 0;

    return value != NULL && text_to_i64(value, 0, G_MAXINT64 / 2, &number) ? number : 0;
}

/* "640x360" */
static int64_t
height_of(const char *text)
{
    g_autofree char *value = attribute(text, "RESOLUTION");
    const char *by = value != NULL ? strchr(value, 'x') : NULL;
    int64_t height = 0;

    return by != NULL && text_to_i64(by + 1, 0, G_MAXINT, &height) ? height : 0;
}

/* "SIZE" or "SIZE@OFFSET" (4.3.2.2) */
static bool
read_range(const char *text, int64_t *length, bool *has_offset, uint64_t *offset)
{
    g_auto(GStrv) sides = g_strsplit(text, "@", 2);
    int64_t size, from = 0;

    if (sides[0] == NULL || !text_to_i64(sides[0], 0, G_MAXINT64 / 4, &size) ||
        (sides[1] != NULL && !text_to_i64(sides[1], 0, G_MAXINT64 / 4, &from)))
        return false;
    *length = size;
    *has_offset = sides[1] != NULL;
    *offset = (uint64_t)from;
    return true;
}

/* -- Tags (4.3) -------------------------------------------------------------------------------- */

static void
take_duration(Reading *reading, const char *text)
{
    double seconds = g_ascii_strtod(text, NULL);

    reading->duration_ms =
        seconds > 0 && seconds < DURATION_MAX_S ? (int64_t)(seconds * 1000 + 0.5) : 0;
}

static void
take_range(Reading *reading, const char *text)
{
    if (!read_range(text, &reading->length, &reading->has_offset, &reading->offset))
        reading->length = -1;
}

static void
take_header(Reading *reading, const char *text)
{
    g_autofree char *range = attribute(text, "BYTERANGE");
    char *uri = attribute(text, "URI");
    bool has_offset;

    if (uri == NULL || reading->list->headers->len >= HLS_LIST_PARTS_MAX) {
        g_free(uri);
        return;
    }
    HlsPlace *place = g_new0(HlsPlace, 1);
    *place = (HlsPlace){ .uri = uri, .length = -1 };
    if (range != NULL)
        read_range(range, &place->length, &has_offset, &place->offset);
    reading->header = (int)reading->list->headers->len;
    g_ptr_array_add(reading->list->headers, place);
}

static void
take_target(Reading *reading, const char *text)
{
    take_duration(reading, text);
    reading->list->target_ms = reading->duration_ms;
    reading->duration_ms = 0;
}

static void
take_first(Reading *reading, const char *text)
{
    int64_t number;

    if (text_to_i64(text, 0, G_MAXINT64 / 2, &number))
        reading->list->first = (uint64_t)number;
}

static void
take_key(Reading *reading, const char *text)
{
    g_autofree char *method = attribute(text, "METHOD");

    reading->list->is_encrypted |= g_strcmp0(method, "NONE") != 0;
}

static void
take_end(Reading *reading, const char *text G_GNUC_UNUSED)
{
    reading->list->is_over = true;
}

static void
take_rendition(Reading *reading, const char *text)
{
    g_autofree char *type = attribute(text, "TYPE");
    g_autofree char *uri = attribute(text, "URI");
    char *group = attribute(text, "GROUP-ID");

    if (group != NULL && g_strcmp0(type, "AUDIO") == 0)
        g_hash_table_add(uri != NULL ? reading->apart : reading->within, group);
    else
        g_free(group);
}

static void
take_variant(Reading *reading, const char *text)
{
    variant_free(reading->variant);
    g_free(reading->sound);
    reading->variant = g_new0(HlsVariant, 1);
    reading->variant->rate = number_of(text, "BANDWIDTH");
    reading->variant->height = height_of(text);
    reading->sound = attribute(text, "AUDIO");
}

static const struct {
    const char *name;
    void (*take)(Reading *reading, const char *text);
} tags[] = {
    { "#EXTINF:", take_duration },
    { "#EXT-X-BYTERANGE:", take_range },
    { "#EXT-X-MAP:", take_header },
    { "#EXT-X-TARGETDURATION:", take_target },
    { "#EXT-X-MEDIA-SEQUENCE:", take_first },
    { "#EXT-X-KEY:", take_key },
    { "#EXT-X-ENDLIST", take_end },
    { "#EXT-X-MEDIA:", take_rendition },
    { "#EXT-X-STREAM-INF:", take_variant },
};

/* -- Lines ------------------------------------------------------------------------------------- */

/* Where the octets of the part are: behind those of the last one, if nothing else is said. */
static HlsPlace
next_place(const Reading *reading, const char *uri)
{
    const GPtrArray *parts = reading->list->parts;
    const HlsPart *last = parts->len > 0 ? parts->pdata[parts->len - 1] : NULL;
    HlsPlace place = { g_strdup(uri), reading->offset, reading->length };

    if (place.length < 0)
        place.offset = 0;
    else if (!reading->has_offset && last != NULL && last->place.length >= 0 &&
             last->place.offset < G_MAXINT64 / 2 && strcmp(last->place.uri, uri) == 0)
        place.offset = last->place.offset + (uint64_t)last->place.length;
    return place;
}

static void
take_address(Reading *reading, const char *uri)
{
    HlsList *list = reading->list;

    if (reading->variant != NULL) {
        reading->variant->uri = g_strdup(uri);
        g_ptr_array_add(list->variants, g_steal_pointer(&reading->variant));
        g_ptr_array_add(reading->groups, g_steal_pointer(&reading->sound));
        return;
    }
    HlsPart *part = g_new0(HlsPart, 1);
    part->place = next_place(reading, uri);
    part->header = reading->header;
    part->duration_ms = reading->duration_ms;
    list->duration_ms += reading->duration_ms;
    g_ptr_array_add(list->parts, part);
    reading->duration_ms = 0;
    reading->length = -1;
}

static void
take_line(Reading *reading, const char *line)
{
    reading->has_begun |= strcmp(line, "#EXTM3U") == 0;
    for (guint i = 0; i < G_N_ELEMENTS(tags) && *line == '#'; i++)
        if (g_str_has_prefix(line, tags[i].name)) {
            tags[i].take(reading, line + strlen(tags[i].name));
            return;
        }
    if (*line != '#' && *line != '\0')
        take_address(reading, line);
}

static bool
is_full(const Reading *reading)
{
    return reading->list->parts->len >= HLS_LIST_PARTS_MAX ||
           reading->list->variants->len >= VARIANTS_MAX;
}

static void
take_lines(Reading *reading, const char *text, gsize size)
{
    const char *end = text + size;

    while (text < end && !is_full(reading)) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        gsize length = (gsize)((stop != NULL ? stop : end) - text);
        if (length <= LINE_MAX_SIZE && memchr(text, '\0', length) == NULL &&
            g_utf8_validate(text, (gssize)length, NULL)) {
            g_autofree char *line = g_strstrip(g_strndup(text, length));
            take_line(reading, line);
        }
        text = stop != NULL ? stop + 1 : end;
    }
}

/* Which variants have their sound elsewhere is known when all groups are. */
static void
find_mute(const Reading *reading)
{
    for (guint i = 0; i < reading->list->variants->len; i++) {
        const char *group = reading->groups->pdata[i];
        ((HlsVariant *)reading->list->variants->pdata[i])->is_mute =
            group != NULL && g_hash_table_contains(reading->apart, group) &&
            !g_hash_table_contains(reading->within, group);
    }
}

HlsList *
hls_list_decode(const char *text, gsize size, GError **error)
{
    g_autoptr(HlsList) list = g_new0(HlsList, 1);
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) apart = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) within = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Reading reading = { .list = list, .groups = groups, .apart = apart, .within = within,
                        .header = -1, .length = -1 };

    list->variants = g_ptr_array_new_with_free_func(variant_free);
    list->parts = g_ptr_array_new_with_free_func(part_free);
    list->headers = g_ptr_array_new_with_free_func(place_free);
    if (size > HLS_LIST_SIZE_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "its list is too long");
        return NULL;
    }
    take_lines(&reading, text, size);
    find_mute(&reading);
    variant_free(reading.variant);
    g_free(reading.sound);
    if (reading.has_begun && (list->variants->len > 0 || list->target_ms > 0))
        return g_steal_pointer(&list);
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "it is no list of HLS");
    return NULL;
}

const HlsVariant *
hls_list_choose(const HlsList *list)
{
    const HlsVariant *best = NULL;

    for (guint i = 0; i < list->variants->len; i++) {
        const HlsVariant *variant = list->variants->pdata[i];
        bool is_low = variant->height <= HEIGHT_MAX;
        bool was_low = best != NULL && best->height <= HEIGHT_MAX;
        if (!variant->is_mute && (best == NULL || is_low > was_low ||
                                  (is_low == was_low && variant->rate > best->rate)))
            best = variant;
    }
    return best;
}
