/* probe-image.c -- pictures, by header alone: nothing is decoded
 *
 * JPEG (ITU-T T.81 annex B) with EXIF through libexif, PNG (RFC 2083), GIF89a, WebP (RFC 9649),
 * BMP, TIFF 6.0, and HEIF/AVIF (ISO 23008-12: the largest "ispe" of the item properties). Every
 * reader takes the few bytes it needs with pread() and never more than HEAD_MAX at once. */
#include "config.h"

#include "pipelines/probe.h"

#include "base/error.h"

#include <libexif/exif-data.h>
#include <string.h>
#include <unistd.h>

#define HEAD_MAX (64 * 1024)
#define SEGMENTS_MAX 512 /* of one JPEG or PNG, before its size is known */
#define SIDE_MAX 1000000

typedef bool (*ImageReader)(int file, ProbeReport *report);

static bool
read_at(int file, int64_t offset, void *data, size_t size, Bytes *bytes)
{
    ssize_t got = pread(file, data, size, offset);

    bytes_init(bytes, data, got > 0 ? (size_t)got : 0);
    return got > 0;
}

static bool
set_size(ProbeReport *report, uint32_t width, uint32_t height)
{
    if (width == 0 || height == 0 || width > SIDE_MAX || height > SIDE_MAX)
        return false;
    report->facts.width = width;
    report->facts.height = height;
    return true;
}

/* EXIF 2.3 4.6.4, Orientation: 5 to 8 lie on their side; the mirrored ones are turned alike. */
static void
apply_orientation(ProbeReport *report, int orientation)
{
    static const int degrees[9] = { 0, 0, 0, 180, 180, 90, 90, 270, 270 };

    if (orientation >= 1 && orientation <= 8)
        report->facts.rotation = degrees[orientation];
}

static void
turn_upright(ProbeReport *report)
{
    MediaFacts *facts = &report->facts;

    if (facts->rotation == 90 || facts->rotation == 270) {
        int64_t width = facts->width;
        facts->width = facts->height;
        facts->height = width;
    }
}

static const char *
exif_text(ExifData *exif, ExifIfd ifd, ExifTag tag, char *text, guint size)
{
    ExifEntry *entry = exif_content_get_entry(exif->ifd[ifd], tag);

    if (entry == NULL || entry->format != EXIF_FORMAT_ASCII || entry->data == NULL)
        return NULL;
    guint count = MIN(entry->size, size - 1);
    memcpy(text, entry->data, count);
    text[count] = '\0';
    return text;
}

/* Degrees, minutes and seconds (EXIF 2.3, 4.6.6) as one number; false when they are none. */
static bool
exif_degrees(ExifData *exif, int value_tag, int side_tag, char negative, double *degrees)
{
    ExifContent *gps = exif->ifd[EXIF_IFD_GPS];
    ExifEntry *value = exif_content_get_entry(gps, (ExifTag)value_tag);
    ExifEntry *side = exif_content_get_entry(gps, (ExifTag)side_tag);
    ExifByteOrder order = exif_data_get_byte_order(exif);
    double sum = 0, unit = 1;

    if (value == NULL || value->format != EXIF_FORMAT_RATIONAL || value->size < 24 ||
        side == NULL || side->data == NULL || side->size < 1)
        return false;
    for (int i = 0; i < 3; i++, unit /= 60) {
        ExifRational part = exif_get_rational(value->data + 8 * i, order);
        if (part.denominator == 0 && part.numerator != 0)
            return false;
        if (part.denominator != 0)
            sum += unit * part.numerator / part.denominator;
    }
    *degrees = side->data[0] == negative ? -sum : sum;
    return true;
}

static void
read_place(ExifData *exif, ProbeReport *report)
{
    double north, east;

    if (exif_degrees(exif, EXIF_TAG_GPS_LATITUDE, EXIF_TAG_GPS_LATITUDE_REF, 'S', &north) &&
        exif_degrees(exif, EXIF_TAG_GPS_LONGITUDE, EXIF_TAG_GPS_LONGITUDE_REF, 'W', &east))
        report->facts.place = probe_report_place(report, north, east);
}

#define TAG_RATING 0x4746 /* of Microsoft, in IFD 0: 0 to 5 stars */

static void
read_stars(ProbeReport *report, int64_t stars)
{
    if (stars >= 1 && stars <= 5 && report->facts.rating == 0)
        report->facts.rating = stars * 20;
}

/* XMP says the stars as an attribute or as an element: xmp:Rating="4", <xmp:Rating>4</... */
static void
read_xmp(const uint8_t *data, size_t size, ProbeReport *report)
{
    static const char word[] = "xmp:Rating";
    const char *at = memmem(data, size, word, sizeof word - 1);
    const char *end = (const char *)data + size;

    if (at == NULL)
        return;
    for (at += sizeof word - 1; at < end && strchr(">=\"' ", *at) != NULL && *at != '\0';)
        at++;
    if (at < end)
        read_stars(report, *at - '0');
}

static void
read_exif(const uint8_t *data, size_t size, ProbeReport *report)
{
    static const struct {
        ExifIfd ifd;
        ExifTag tag;
    } dates[] = { { EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL },
                  { EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_DIGITIZED },
                  { EXIF_IFD_0, EXIF_TAG_DATE_TIME } };
    ExifData *exif = exif_data_new();
    char maker[64], model[64], date[32];

    exif_data_unset_option(exif, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_load_data(exif, data, (unsigned)size);
    for (guint i = 0; i < G_N_ELEMENTS(dates) && report->facts.date == NULL; i++)
        report->facts.date = probe_report_date(
            report, exif_text(exif, dates[i].ifd, dates[i].tag, date, sizeof date));

    const char *by = exif_text(exif, EXIF_IFD_0, EXIF_TAG_MAKE, maker, sizeof maker);
    const char *what = exif_text(exif, EXIF_IFD_0, EXIF_TAG_MODEL, model, sizeof model);
    report->facts.camera = probe_report_camera(report, by, what);

    ExifEntry *turn = exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (turn != NULL && turn->format == EXIF_FORMAT_SHORT && turn->size >= 2)
        apply_orientation(report, exif_get_short(turn->data, exif_data_get_byte_order(exif)));
    ExifEntry *stars = exif_content_get_entry(exif->ifd[EXIF_IFD_0], (ExifTag)TAG_RATING);
    if (stars != NULL && stars->format == EXIF_FORMAT_SHORT && stars->size >= 2)
        read_stars(report, exif_get_short(stars->data, exif_data_get_byte_order(exif)));
    read_place(exif, report);
    report->facts.has_art = exif->data != NULL && exif->size > 0;
    if (report->wants_thumbnail && report->facts.has_art && report->thumbnail == NULL)
        report->thumbnail = g_bytes_new(exif->data, exif->size);
    exif_data_unref(exif);
}

/* An APP1 segment: EXIF or XMP. */
static void
read_application(const uint8_t *data, size_t size, ProbeReport *report)
{
    static const char xmp[] = "http://ns.adobe.com/xap/1.0/";

    if (memcmp(data, "Exif\0\0", 6) == 0)
        read_exif(data, size, report);
    else if (size > sizeof xmp && memcmp(data, xmp, sizeof xmp) == 0)
        read_xmp(data, size, report);
}

static bool
read_jpeg(int file, ProbeReport *report)
{
    g_autofree uint8_t *segment = NULL;
    uint8_t head[12];
    int64_t offset = 2;

    for (int i = 0; i < SEGMENTS_MAX; i++) {
        uint8_t ff, marker, depth;
        uint16_t length, width, height;
        Bytes bytes;

        if (!read_at(file, offset, head, sizeof head, &bytes) || !bytes_u8(&bytes, &ff) ||
            ff != 0xff || !bytes_u8(&bytes, &marker))
            return false;
        if (marker == 0xff || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
            offset += marker == 0xff ? 1 : 2; /* filling, or a marker that stands alone */
            continue;
        }
        if (!bytes_u16(&bytes, &length) || length < 2 || marker == 0xd9 || marker == 0xda)
            return false; /* the picture before its size */
        bool is_frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
                        marker != 0xcc;
        if (is_frame)
            return bytes_u8(&bytes, &depth) && bytes_u16(&bytes, &height) &&
                   bytes_u16(&bytes, &width) && set_size(report, width, height);
        if (marker == 0xe1) {
            segment = g_realloc(segment, length);
            if (read_at(file, offset + 4, segment, length - 2u, &bytes) && bytes.size > 14)
                read_application(segment, bytes.size, report);
        }
        offset += 2 + length;
    }
    return false;
}

/* The 8-byte chunk heads up to the picture, for an eXIf chunk before it. */
static bool
read_png(int file, ProbeReport *report)
{
    uint32_t width, height;
    uint8_t head[24];
    Bytes bytes;

    if (!read_at(file, 8, head, sizeof head, &bytes) || !bytes_seek(&bytes, 8) ||
        memcmp(head + 4, "IHDR", 4) != 0 || !bytes_u32(&bytes, &width) ||
        !bytes_u32(&bytes, &height) || !set_size(report, width, height))
        return false;
    int64_t offset = 8;
    for (int i = 0; i < SEGMENTS_MAX; i++) {
        uint32_t length;
        if (!read_at(file, offset, head, 8, &bytes) || !bytes_u32(&bytes, &length) ||
            bytes.size < 8 || memcmp(head + 4, "IDAT", 4) == 0)
            break;
        if (memcmp(head + 4, "eXIf", 4) == 0 && length > 8 && length < HEAD_MAX) {
            g_autofree uint8_t *exif = g_malloc(length + 6);
            memcpy(exif, "Exif\0\0", 6);
            if (read_at(file, offset + 8, exif + 6, length, &bytes))
                read_exif(exif, bytes.size + 6, report);
            break;
        }
        offset += 12 + (int64_t)length;
    }
    return true;
}

static bool
read_gif(int file, ProbeReport *report)
{
    uint16_t width, height;
    uint8_t head[10];
    Bytes bytes;

    return read_at(file, 0, head, sizeof head, &bytes) && bytes_skip(&bytes, 6) &&
           bytes_u16_le(&bytes, &width) && bytes_u16_le(&bytes, &height) &&
           set_size(report, width, height);
}

/* The first chunk says which of the three forms it is: VP8, VP8L or VP8X. */
static bool
read_webp(int file, ProbeReport *report)
{
    uint16_t width, height;
    uint32_t word, high;
    uint8_t head[32];
    Bytes bytes;

    if (!read_at(file, 0, head, sizeof head, &bytes) || bytes.size < 30)
        return false;
    if (memcmp(head + 12, "VP8 ", 4) == 0)
        return bytes_seek(&bytes, 26) && bytes_u16_le(&bytes, &width) &&
               bytes_u16_le(&bytes, &height) &&
               set_size(report, width & 0x3fffu, height & 0x3fffu);
    if (memcmp(head + 12, "VP8L", 4) == 0)
        return bytes_seek(&bytes, 21) && bytes_u32_le(&bytes, &word) &&
               set_size(report, (word & 0x3fff) + 1, ((word >> 14) & 0x3fff) + 1);
    return memcmp(head + 12, "VP8X", 4) == 0 && bytes_seek(&bytes, 24) &&
           bytes_u32_le(&bytes, &word) && bytes_seek(&bytes, 26) && bytes_u32_le(&bytes, &high) &&
           set_size(report, (word & 0xffffff) + 1, (high >> 8) + 1);
}

static bool
read_bmp(int file, ProbeReport *report)
{
    uint32_t info_size, width, height;
    uint16_t short_width, short_height;
    uint8_t head[26];
    Bytes bytes;

    if (!read_at(file, 0, head, sizeof head, &bytes) || !bytes_seek(&bytes, 14) ||
        !bytes_u32_le(&bytes, &info_size))
        return false;
    if (info_size == 12) /* OS/2 */
        return bytes_u16_le(&bytes, &short_width) && bytes_u16_le(&bytes, &short_height) &&
               set_size(report, short_width, short_height);
    if (!bytes_u32_le(&bytes, &width) || !bytes_u32_le(&bytes, &height))
        return false;
    bool is_top_down = height > INT32_MAX;
    return set_size(report, width, is_top_down ? 0u - height : height);
}

/* The first directory: width 256, height 257; what EXIF shares with TIFF is read the same way. */
static bool
read_tiff(int file, ProbeReport *report)
{
    uint32_t offset, value, width = 0, height = 0;
    uint16_t count, tag, type, short_value;
    uint8_t head[8], entry[12];
    Bytes bytes;

    if (!read_at(file, 0, head, sizeof head, &bytes))
        return false;
    bool is_little = head[0] == 'I';
    bool (*u16)(Bytes *, uint16_t *) = is_little ? bytes_u16_le : bytes_u16;
    bool (*u32)(Bytes *, uint32_t *) = is_little ? bytes_u32_le : bytes_u32;
    if (!bytes_seek(&bytes, 4) || !u32(&bytes, &offset) ||
        !read_at(file, offset, entry, 2, &bytes) || !u16(&bytes, &count))
        return false;
    for (uint16_t i = 0; i < MIN(count, SEGMENTS_MAX); i++) {
        if (!read_at(file, (int64_t)offset + 2 + 12 * i, entry, sizeof entry, &bytes) ||
            !u16(&bytes, &tag) || !u16(&bytes, &type) || !bytes_skip(&bytes, 4))
            return false;
        if (type == 3 && u16(&bytes, &short_value))
            value = short_value;
        else if (!u32(&bytes, &value))
            return false;
        if (tag == 256)
            width = value;
        else if (tag == 257)
            height = value;
        else if (tag == 274)
            apply_orientation(report, (int)MIN(value, 9));
    }
    return set_size(report, width, height);
}

/* Looks through the boxes at bytes, into those that hold others, for the largest "ispe". */
static void
walk_heif(Bytes *bytes, int depth, uint32_t *width, uint32_t *height)
{
    const uint8_t *type, *content;
    uint32_t size, w, h;

    while (bytes_u32(bytes, &size) && bytes_take(bytes, 4, &type)) {
        size_t rest = size < 8 ? bytes_left(bytes) : MIN(size - 8, bytes_left(bytes));
        Bytes inside;
        if (!bytes_take(bytes, rest, &content))
            return;
        bytes_init(&inside, content, rest);
        bool is_meta = memcmp(type, "meta", 4) == 0;
        if (memcmp(type, "ispe", 4) == 0) {
            if (bytes_skip(&inside, 4) && bytes_u32(&inside, &w) && bytes_u32(&inside, &h) &&
                (uint64_t)w * h > (uint64_t)*width * *height) {
                *width = w;
                *height = h;
            }
        } else if (depth < 4 && (is_meta || memcmp(type, "iprp", 4) == 0 ||
                                 memcmp(type, "ipco", 4) == 0)) {
            if (!is_meta || bytes_skip(&inside, 4))
                walk_heif(&inside, depth + 1, width, height);
        }
    }
}

static bool
read_heif(int file, ProbeReport *report)
{
    g_autofree uint8_t *head = g_malloc(HEAD_MAX);
    uint32_t width = 0, height = 0;
    Bytes bytes;

    if (!read_at(file, 0, head, HEAD_MAX, &bytes))
        return false;
    walk_heif(&bytes, 0, &width, &height);
    return set_size(report, width, height);
}

static const struct {
    size_t offset; /* of the signature */
    const char *signature;
    size_t size;
    const char *format, *mime;
    ImageReader read;
} images[] = {
    { 0, "\xff\xd8\xff", 3, "jpeg", "image/jpeg", read_jpeg },
    { 0, "\x89PNG\r\n\x1a\n", 8, "png", "image/png", read_png },
    { 0, "GIF8", 4, "gif", "image/gif", read_gif },
    { 8, "WEBPVP8", 7, "webp", "image/webp", read_webp },
    { 0, "II*\0", 4, "tiff", "image/tiff", read_tiff },
    { 0, "MM\0*", 4, "tiff", "image/tiff", read_tiff },
    { 4, "ftypheic", 8, "heif", "image/heic", read_heif },
    { 4, "ftypheix", 8, "heif", "image/heic", read_heif },
    { 4, "ftypmif1", 8, "heif", "image/heif", read_heif },
    { 4, "ftypavif", 8, "avif", "image/avif", read_heif },
    { 0, "BM", 2, "bmp", "image/bmp", read_bmp },
};

/* The row of images[] that head begins like, or -1. */
static int
image_row(const uint8_t *head, size_t size)
{
    for (guint i = 0; i < G_N_ELEMENTS(images); i++)
        if (images[i].offset + images[i].size <= size &&
            memcmp(head + images[i].offset, images[i].signature, images[i].size) == 0)
            return (int)i;
    return -1;
}

bool
probe_image_is(const uint8_t *head, size_t size)
{
    return image_row(head, size) >= 0;
}

bool
probe_image(int file, ProbeReport *report, GError **error)
{
    uint8_t head[32];
    ssize_t size = pread(file, head, sizeof head, 0);
    int row = size > 0 ? image_row(head, (size_t)size) : -1;

    if (row < 0) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "it is no picture we know");
        return false;
    }
    report->facts.kind = MEDIA_IMAGE;
    report->facts.format = images[row].format;
    report->facts.mime = images[row].mime;
    if (!images[row].read(file, report)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "it is a broken %s picture",
                    images[row].format);
        return false;
    }
    turn_upright(report);
    return true;
}
