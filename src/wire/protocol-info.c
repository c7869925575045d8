/* protocol-info.c -- see protocol-info.h
 *
 * Content formats are compared by what they mean: sets and servers have spelled the same ones in
 * many ways for twenty years. */
#include "wire/protocol-info.h"

#include "base/error.h"

#include <string.h>

/* One row a MIME type, the names that mean the same, the extensions it is known by; the first of
 * each is what we say. */
static const struct {
    const char *names[5];
    const char *extensions[6];
} types[] = {
    { { "video/mp4", "video/x-m4v" }, { "mp4", "m4v" } },
    { { "video/x-matroska", "video/x-mkv", "video/matroska" }, { "mkv" } },
    { { "video/webm" }, { "webm" } },
    { { "video/quicktime" }, { "mov", "qt" } },
    { { "video/x-msvideo", "video/avi", "video/msvideo", "video/vnd.avi" }, { "avi", "divx" } },
    { { "video/mp2t", "video/vnd.dlna.mpeg-tts", "video/MP2T", "video/mpegts" },
      { "ts", "m2ts", "mts", "tts" } },
    { { "video/mpeg", "video/mp2p", "video/x-mpeg" }, { "mpg", "mpeg", "vob", "m2v", "m1v" } },
    { { "video/x-ms-wmv" }, { "wmv" } },
    { { "video/x-ms-asf", "application/vnd.ms-asf" }, { "asf" } },
    { { "video/x-flv" }, { "flv" } },
    { { "video/ogg", "video/x-theora+ogg" }, { "ogv", "ogm" } },
    { { "video/3gpp" }, { "3gp", "3gpp" } },
    { { "video/3gpp2" }, { "3g2" } },
    { { "application/vnd.rn-realmedia", "video/vnd.rn-realvideo" }, { "rm", "rmvb" } },
    { { "audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/x-mpeg" }, { "mp3", "mp2", "mpga" } },
    { { "audio/mp4", "audio/x-m4a", "audio/m4a" }, { "m4a", "m4b", "m4r" } },
    { { "audio/aac", "audio/x-aac", "audio/vnd.dlna.adts", "audio/aacp" }, { "aac", "adts" } },
    { { "audio/flac", "audio/x-flac" }, { "flac" } },
    { { "audio/ogg", "application/ogg", "audio/vorbis", "audio/x-vorbis+ogg" }, { "ogg", "oga" } },
    { { "audio/opus", "audio/x-opus+ogg" }, { "opus" } },
    { { "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave" }, { "wav" } },
    { { "audio/x-aiff", "audio/aiff" }, { "aiff", "aif" } },
    { { "audio/x-ms-wma" }, { "wma" } },
    { { "audio/x-matroska" }, { "mka" } },
    { { "audio/x-wavpack" }, { "wv" } },
    { { "audio/x-ape", "audio/ape", "audio/x-monkeys-audio" }, { "ape" } },
    { { "audio/3gpp" }, { "3ga" } },
    { { "audio/ac3", "audio/vnd.dolby.dd-raw", "audio/x-ac3" }, { "ac3" } },
    { { "audio/eac3" }, { "eac3" } },
    { { "audio/vnd.dts", "audio/x-dts" }, { "dts" } },
    { { "audio/midi" }, { "mid", "midi" } },
    { { "audio/x-dsf" }, { "dsf" } },
    { { "audio/x-dff" }, { "dff" } },
    { { "audio/amr" }, { "amr" } },
    { { "audio/L16" }, { "l16", "pcm" } },
    { { "image/jpeg", "image/jpg", "image/pjpeg" }, { "jpg", "jpeg", "jpe" } },
    { { "image/png" }, { "png" } },
    { { "image/gif" }, { "gif" } },
    { { "image/webp" }, { "webp" } },
    { { "image/bmp", "image/x-ms-bmp" }, { "bmp" } },
    { { "image/tiff" }, { "tif", "tiff" } },
    { { "image/heif", "image/heic" }, { "heic", "heif" } },
    { { "image/avif" }, { "avif" } },
    { { "image/svg+xml" }, { "svg" } },
};

/* The octets of a MIME type without its parameters. */
static size_t
essence_length(const char *mime)
{
    return strcspn(mime, "; \t");
}

static bool
essence_equal(const char *a, const char *b)
{
    size_t length = essence_length(a);

    return length == essence_length(b) && g_ascii_strncasecmp(a, b, length) == 0;
}

/* The row of a MIME type; -1: none. */
static int
type_of_mime(const char *mime)
{
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
        for (guint n = 0; n < G_N_ELEMENTS(types[i].names) && types[i].names[n] != NULL; n++)
            if (essence_equal(types[i].names[n], mime))
                return (int)i;
    return -1;
}

const char *
mime_from_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    if (dot == NULL)
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
        for (guint e = 0; e < G_N_ELEMENTS(types[i].extensions) && types[i].extensions[e] != NULL;
             e++)
            if (g_ascii_strcasecmp(types[i].extensions[e], dot + 1) == 0)
                return types[i].names[0];
    return NULL;
}

const char *
mime_extension(const char *mime)
{
    int type = type_of_mime(mime);

    return type < 0 ? NULL : types[type].extensions[0];
}

bool
mime_equal(const char *a, const char *b)
{
    if (essence_equal(a, b))
        return true;
    int type = type_of_mime(a);
    return type >= 0 && type == type_of_mime(b);
}

MediaKind
mime_kind(const char *mime)
{
    static const struct {
        const char *prefix;
        MediaKind kind;
    } kinds[] = {
        { "video/", MEDIA_VIDEO }, { "audio/", MEDIA_AUDIO }, { "image/", MEDIA_IMAGE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_ascii_strncasecmp(mime, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            return kinds[i].kind;
    int type = type_of_mime(mime); /* "application/ogg" */
    if (type >= 0 && strchr(types[type].names[0], '/') != NULL &&
        !g_str_has_prefix(types[type].names[0], "application/"))
        return mime_kind(types[type].names[0]);
    return type >= 0 ? MEDIA_VIDEO : MEDIA_ANY; /* RealMedia */
}

const char *
mime_upnp_class(const char *mime)
{
    static const char *const classes[] = {
        [MEDIA_CONTAINER] = "object.item",
        [MEDIA_AUDIO] = "object.item.audioItem.musicTrack",
        [MEDIA_VIDEO] = "object.item.videoItem",
        [MEDIA_IMAGE] = "object.item.imageItem.photo",
        [MEDIA_ANY] = "object.item",
    };

    return classes[mime_kind(mime)];
}

/* -- protocolInfo ------------------------------------------------------------------------------ */

void
protocol_info_clear(ProtocolInfo *info)
{
    g_free(info->protocol);
    g_free(info->network);
    g_free(info->mime);
    g_free(info->extra);
    *info = (ProtocolInfo){ 0 };
}

bool
protocol_info_decode(const char *text, ProtocolInfo *info, GError **error)
{
    g_auto(GStrv) fields = g_strsplit(text, ":", 4);

    if (g_strv_length(fields) != 4) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "\"%s\" does not have four fields", text);
        return false;
    }
    for (guint i = 0; i < 4; i++) {
        if (*g_strstrip(fields[i]) == '\0') {
            g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "\"%s\" has an empty field", text);
            return false;
        }
    }
    *info = (ProtocolInfo){ g_steal_pointer(&fields[0]), g_steal_pointer(&fields[1]),
                            g_steal_pointer(&fields[2]), g_steal_pointer(&fields[3]) };
    return true;
}

char *
protocol_info_encode(const ProtocolInfo *info)
{
    return g_strjoin(":", info->protocol, info->network, info->mime, info->extra, NULL);
}

static bool
field_matches(const char *source, const char *sink)
{
    return strcmp(source, "*") == 0 || strcmp(sink, "*") == 0 ||
           g_ascii_strcasecmp(source, sink) == 0;
}

static bool
mime_matches(const char *source, const char *sink)
{
    if (strcmp(source, "*") == 0 || strcmp(sink, "*") == 0)
        return true;
    /* MP4 was made of QuickTime: who reads that, and GStreamer names nothing else, reads it. */
    if (mime_equal(source, "video/mp4") && mime_equal(sink, "video/quicktime"))
        return true;
    size_t length = essence_length(sink);
    if (length > 2 && strncmp(sink + length - 2, "/*", 2) == 0)
        return g_ascii_strncasecmp(source, sink, length - 1) == 0;
    return mime_equal(source, sink);
}

/* The profile name among DLNA parameters; length 0: none. */
static const char *
profile_name(const char *extra, size_t *length)
{
    static const char key[] = "DLNA.ORG_PN=";

    for (const char *at = extra; at != NULL; at = strchr(at, ';')) {
        at += *at == ';';
        if (g_ascii_strncasecmp(at, key, sizeof key - 1) == 0) {
            at += sizeof key - 1;
            *length = strcspn(at, ";");
            return at;
        }
    }
    *length = 0;
    return extra;
}

static bool
profile_matches(const char *source, const char *sink)
{
    size_t source_length, sink_length;
    const char *a = profile_name(source, &source_length), *b = profile_name(sink, &sink_length);

    return source_length == 0 || sink_length == 0 ||
           (source_length == sink_length && g_ascii_strncasecmp(a, b, source_length) == 0);
}

bool
protocol_info_matches(const char *source, const char *sink)
{
    ProtocolInfo a = { 0 }, b = { 0 };
    bool is_match = protocol_info_decode(source, &a, NULL) &&
                    protocol_info_decode(sink, &b, NULL) && field_matches(a.protocol, b.protocol) &&
                    field_matches(a.network, b.network) && mime_matches(a.mime, b.mime) &&
                    profile_matches(a.extra, b.extra);

    protocol_info_clear(&a);
    protocol_info_clear(&b);
    return is_match;
}

bool
protocol_info_list_takes_parts(const char *sinks)
{
    return sinks != NULL && strstr(sinks, PROTOCOL_INFO_PARTS) != NULL;
}

bool
protocol_info_list_takes_codec(const char *sinks, const char *codec)
{
    g_autofree char *info = g_strdup_printf("http-get:*:" MIME_CODEC "%s:*",
                                            g_str_has_prefix(codec, "pcm_") ? "pcm" : codec);

    return strstr(sinks, ":" MIME_CODEC) == NULL || protocol_info_list_takes(sinks, info);
}

bool
protocol_info_list_takes(const char *sinks, const char *source)
{
    g_autoptr(GString) one = g_string_new(NULL);

    for (const char *at = sinks;; at++) {
        if (*at == '\\' && (at[1] == ',' || at[1] == '\\')) {
            g_string_append_c(one, *++at);
        } else if (*at != ',' && *at != '\0') {
            g_string_append_c(one, *at);
        } else {
            if (protocol_info_matches(source, one->str))
                return true;
            if (*at == '\0')
                return false;
            g_string_truncate(one, 0);
        }
    }
}

/* -- What we say of our own -------------------------------------------------------------------- */

const DlnaDelivery dlna_file = { .by_bytes = true };

/* DLNA.ORG_FLAGS, the first 32 bits (guidelines 7.4.1.3.24). */
enum {
    FLAG_STREAMING = 1 << 24,
    FLAG_INTERACTIVE = 1 << 23,
    FLAG_BACKGROUND = 1 << 22,
    FLAG_STALLING = 1 << 21, /* a connection may pause and go on */
    FLAG_DLNA_1_5 = 1 << 20,
};

/* Pictures by their size as stored; what is larger than its last row has none. */
static const struct {
    const char *format, *profile;
    int64_t width, height;
} picture_profiles[] = {
    { "jpeg", "JPEG_SM", 640, 480 },     { "jpeg", "JPEG_MED", 1024, 768 },
    { "jpeg", "JPEG_LRG", 4096, 4096 },  { "png", "PNG_LRG", 4096, 4096 },
    { "gif", "GIF_LRG", 1600, 1200 },
};

static const char *
picture_profile(const MediaFacts *facts)
{
    bool is_turned = facts->rotation == 90 || facts->rotation == 270;
    int64_t width = is_turned ? facts->height : facts->width;
    int64_t height = is_turned ? facts->width : facts->height;

    for (guint i = 0; width > 0 && height > 0 && i < G_N_ELEMENTS(picture_profiles); i++)
        if (g_strcmp0(picture_profiles[i].format, facts->format) == 0 &&
            width <= picture_profiles[i].width && height <= picture_profiles[i].height)
            return picture_profiles[i].profile;
    return NULL;
}

/* A wrong name is worse than none (FIELD-NOTES C1): pictures, MP3 within MPEG-1 Layer 3 and LPCM
 * follow from the facts; whoever read the file's streams knows of others. */
const char *
dlna_profile(const MediaFacts *facts)
{
    if (facts->dlna_profile != NULL)
        return facts->dlna_profile;
    if (g_strcmp0(facts->format, "mp3") == 0 && g_strcmp0(facts->audio_codec, "mp2") != 0 &&
        facts->sample_rate >= 32000 && facts->sample_rate <= 48000 && facts->channels <= 2)
        return "MP3";
    if (g_strcmp0(facts->format, "lpcm") == 0)
        return "LPCM";
    return picture_profile(facts);
}

void
dlna_features(const char *profile, DlnaDelivery delivery, bool is_image,
              char features[PROTOCOL_INFO_MAX])
{
    unsigned flags = FLAG_BACKGROUND | FLAG_STALLING | FLAG_DLNA_1_5 |
                     (is_image ? FLAG_INTERACTIVE : FLAG_STREAMING);

    g_snprintf(features, PROTOCOL_INFO_MAX,
               "%s%s%sDLNA.ORG_OP=%d%d;DLNA.ORG_CI=%d;DLNA.ORG_FLAGS=%08X%024d",
               profile != NULL ? "DLNA.ORG_PN=" : "", profile != NULL ? profile : "",
               profile != NULL ? ";" : "", delivery.by_time, delivery.by_bytes,
               delivery.is_converted, flags, 0);
}

/* -- Pictures of ours -------------------------------------------------------------------------- */

/* Widths are those a picture is made in; JPEG_SM ends at 640x480, JPEG_MED at 1024x768. */
const DlnaPicture dlna_pictures[] = {
    { "JPEG_TN", 160 }, { "JPEG_SM", 320 }, { "JPEG_MED", 640 }, { "JPEG_LRG", 1280 }, { NULL, 0 },
};

const DlnaPicture *
dlna_picture_of_width(unsigned width)
{
    for (const DlnaPicture *picture = dlna_pictures; picture->profile != NULL; picture++)
        if (picture->width == width)
            return picture;
    return NULL;
}

/* -- Subtitles --------------------------------------------------------------------------------- */

const char *
mime_of_subtitle(const char *format)
{
    static const struct {
        const char *format, *mime;
    } subtitles[] = {
        { "srt", "text/srt" },   { "vtt", "text/vtt" },   { "ass", "text/x-ssa" },
        { "ssa", "text/x-ssa" }, { "smi", "smi/caption" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(subtitles); i++)
        if (g_strcmp0(subtitles[i].format, format) == 0)
            return subtitles[i].mime;
    return NULL;
}

#define FLAGS "DLNA.ORG_FLAGS="

bool
protocol_info_is_live(const char *info)
{
    const char *flags = info != NULL ? strstr(info, FLAGS) : NULL;

    return flags != NULL && g_ascii_xdigit_value(flags[strlen(FLAGS)]) >= 8; /* bit 31 */
}
