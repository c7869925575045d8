/* test-delivery.c -- how a thing reaches a screen, and why; and what a worker is told then */
#include "pipelines/delivery.h"

#include "base/error.h"

#include <string.h>

#define TV "http-get:*:video/mp4:*,http-get:*:video/mp2t:*,http-get:*:audio/mpeg:*,http-get:*:image/jpeg:*"
#define RADIO "http-get:*:audio/mpeg:DLNA.ORG_PN=MP3,http-get:*:image/jpeg:*"
#define HIFI "http-get:*:audio/mpeg:*,http-get:*:audio/flac:*"
#define BROWSER "http-get:*:video/webm:*"
#define APPLE "http-get:*:video/mp4:*,http-get:*:application/vnd.apple.mpegurl:*"
#define TAB                                                                                        \
    "http-get:*:video/mp4:*,http-get:*:video/webm:*,http-get:*:audio/wav:*,http-get:*:codec/"      \
    "vp8:*,"                                                                                       \
    "http-get:*:codec/vorbis:*,http-get:*:codec/pcm:*"

/* A file: its type, and its streams as "CODEC" or "CODEC/PROFILE", the size, the channels. */
typedef struct {
    MediaKind kind;
    const char *mime, *video, *profile;
    int64_t height, level, bits;
    const char *audio;
    int64_t channels, rotation;
} File;

static const struct {
    const char *file_name;
    File file;
    const char *sinks;
    const char *how;     /* NULL: refused */
    const char *profile; /* NULL: direct */
    bool copies_video, copies_audio;
    const char *says;
} cases[] = {
    { "film as the set takes it", { MEDIA_VIDEO, "video/mp4", "h264", "High", 1080, 40, 8, "aac", 2, 0 },
      TV, "direct", NULL, false, false, "Set plays video/mp4 as it is" },
    { "other container", { MEDIA_VIDEO, "video/x-matroska", "h264", "High", 1080, 40, 8, "aac", 2, 0 },
      TV, "remux", "ts-h264-aac", true, true, "the picture as it is, the sound as it is" },
    { "other sound", { MEDIA_VIDEO, "video/x-matroska", "h264", "High", 1080, 40, 8, "dts", 6, 0 },
      TV, "transcode", "ts-h264-aac", true, false, "the sound converted from dts to aac" },
    { "five speakers", { MEDIA_VIDEO, "video/x-matroska", "h264", "High", 1080, 40, 8, "aac", 6, 0 },
      TV, "transcode", "ts-h264-aac", true, false, "from aac to aac" },
    { "other picture", { MEDIA_VIDEO, "video/x-matroska", "hevc", "Main", 1080, 120, 8, "aac", 2, 0 },
      TV, "transcode", "ts-h264-aac", false, true, "the picture converted from hevc to h264" },
    { "ten bits", { MEDIA_VIDEO, "video/x-matroska", "h264", "High 10", 1080, 40, 10, "aac", 2, 0 },
      TV, "transcode", "ts-h264-aac", false, true, NULL },
    { "beyond the level", { MEDIA_VIDEO, "video/x-matroska", "h264", "High", 1080, 52, 8, "aac", 2, 0 },
      TV, "transcode", "ts-h264-aac", false, true, NULL },
    { "too large", { MEDIA_VIDEO, "video/x-matroska", "h264", "High", 2160, 40, 8, "aac", 2, 0 },
      TV, "transcode", "ts-h264-aac", false, true, NULL },
    { "held upright", { MEDIA_VIDEO, "video/quicktime", "h264", "High", 1080, 40, 8, "aac", 2, 90 },
      TV, "transcode", "ts-h264-aac", false, true, NULL },
    { "no sound", { MEDIA_VIDEO, "video/x-matroska", "h264", "High", 720, 31, 8, NULL, 0, 0 },
      TV, "remux", "ts-h264-aac", true, true, "the picture as it is" },
    { "browser", { MEDIA_VIDEO, "video/mp4", "h264", "High", 720, 31, 8, "aac", 2, 0 },
      BROWSER, "transcode", "webm-vp8-vorbis", false, false, "from h264 to vp8" },
    { "container without its codecs", { MEDIA_VIDEO, "video/mp4", "hevc", "Main", 720, 93, 8, "aac", 2, 0 },
      TAB, "transcode", "webm-vp8-vorbis", false, false, "does not play this video/mp4" },
    { "container with its codecs", { MEDIA_VIDEO, "video/webm", "vp8", NULL, 720, 0, 8, "vorbis", 2, 0 },
      TAB, "direct", NULL, false, false, NULL },
    { "a tab that is fed", { MEDIA_VIDEO, "video/x-msvideo", "mpeg4", NULL, 480, 0, 8, "mp3", 2, 0 },
      "http-get:*:video/mp4:*,http-get:*:form/hls-h264-aac:*", "transcode", "hls-h264-aac", false, false,
      "the picture converted from mpeg4 to h264" },
    { "Apple, as it takes it", { MEDIA_VIDEO, "video/mp4", "h264", "High", 720, 31, 8, "aac", 2, 0 },
      APPLE, "direct", NULL, false, false, NULL },
    { "Apple, in segments", { MEDIA_VIDEO, "video/x-matroska", "h264", "High", 720, 31, 8, "ac3", 6, 0 },
      APPLE, "transcode", "hls-h264-aac", true, false, "gets application/vnd.apple.mpegurl" },
    { "any of PCM", { MEDIA_AUDIO, "audio/wav", NULL, NULL, 0, 0, 0, "pcm_s24le", 2, 0 },
      TAB, "direct", NULL, false, false, NULL },
    { "film on a radio", { MEDIA_VIDEO, "video/mp4", "h264", "High", 720, 31, 8, "aac", 2, 0 },
      RADIO, "transcode", "mp3", true, false, "no picture" },
    { "silent film on a radio", { MEDIA_VIDEO, "video/mp4", "h264", "High", 720, 31, 8, NULL, 0, 0 },
      RADIO, NULL, NULL, false, false, "it plays audio/mpeg, image/jpeg" },
    { "song", { MEDIA_AUDIO, "audio/mpeg", NULL, NULL, 0, 0, 0, "mp3", 2, 0 },
      RADIO, "direct", NULL, false, false, NULL },
    { "song without loss", { MEDIA_AUDIO, "audio/x-wavpack", NULL, NULL, 0, 0, 0, "wavpack", 2, 0 },
      HIFI, "transcode", "flac", true, false, "from wavpack to flac" },
    { "song with loss", { MEDIA_AUDIO, "audio/x-ms-wma", NULL, NULL, 0, 0, 0, "wmav2", 2, 0 },
      HIFI, "transcode", "mp3", true, false, "from wmav2 to mp3" },
    { "photo", { MEDIA_IMAGE, "image/jpeg", NULL, NULL, 3000, 0, 0, NULL, 0, 0 },
      RADIO, "direct", NULL, false, false, NULL },
    { "other photo", { MEDIA_IMAGE, "image/heif", NULL, NULL, 3000, 0, 0, NULL, 0, 0 },
      RADIO, "transcode", "jpeg-lrg", false, true, "a JPEG is made of it" },
    { "musepack on a radio", { MEDIA_AUDIO, "audio/x-musepack", NULL, NULL, 0, 0, 0, "musepack8", 2, 0 },
      RADIO, NULL, NULL, false, false, "nothing here that converts it" },
    { "photo on loudspeakers", { MEDIA_IMAGE, "image/heif", NULL, NULL, 3000, 0, 0, NULL, 0, 0 },
      HIFI, NULL, NULL, false, false, "image/heif, which Set does not play" },
    { "silent set", { MEDIA_VIDEO, "video/x-matroska", "hevc", "Main", 1080, 120, 8, "aac", 2, 0 },
      "", "direct", NULL, false, false, "has not said" },
};

static MediaObject *
object_of(const char *title, const File *file)
{
    g_autoptr(MediaDetails) details = media_details_new();
    MediaObject object = {
        .id = "1", .parent_id = "0", .title = title, .path = "/m/file", .kind = file->kind,
        .facts = { .kind = file->kind, .mime = file->mime, .height = file->height,
                   .rotation = file->rotation, .duration_ms = 12000 },
        .details = details,
    };

    if (file->video != NULL)
        media_details_add(details, MEDIA_STREAMS,
                          &(MediaStream){ .type = "video", .codec = file->video,
                                          .profile = file->profile, .level = file->level,
                                          .bits = file->bits, .width = file->height * 16 / 9,
                                          .height = file->height });
    if (file->audio != NULL)
        media_details_add(details, MEDIA_STREAMS,
                          &(MediaStream){ .type = "audio", .codec = file->audio,
                                          .channels = file->channels, .sample_rate = 48000 });
    return media_object_copy(&object);
}

static void
test_decisions(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(MediaObject) object = object_of(cases[i].file_name, &cases[i].file);
        g_autofree char *info = g_strdup_printf("http-get:*:%s:*", cases[i].file.mime);
        DeliveryWish wish = { .name = "Set", .sinks = cases[i].sinks, .direct_info = info,
                              .audio_track = -1 };
        g_auto(Delivery) delivery = { 0 };
        g_autoptr(GError) error = NULL;
        bool is_delivered = delivery_decide(&delivery, object, &wish, &error);
        const char *words = is_delivered ? delivery.reason : error->message;

        g_test_message("%s: %s", cases[i].file_name, words);
        if (cases[i].says != NULL)
            g_assert_nonnull(strstr(words, cases[i].says));
        if (cases[i].how == NULL) {
            g_assert_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpstr(delivery_how_name(delivery.how), ==, cases[i].how);
        g_assert_cmpstr(delivery.profile != NULL ? delivery.profile->name : NULL, ==,
                        cases[i].profile);
        if (delivery.profile != NULL) {
            g_assert_cmpint(delivery.copies_video, ==, cases[i].copies_video);
            g_assert_cmpint(delivery.copies_audio, ==, cases[i].copies_audio);
        }
    }
}

/* What the set says of itself is not all that is known of it. */
static void
test_unplayed(void)
{
    static const File film = { MEDIA_VIDEO, "video/mp4", "h264", "High", 720, 31, 8, "aac", 2, 0 };
    g_autoptr(MediaObject) object = object_of("film", &film);
    DeliveryWish wish = { .name = "Set", .sinks = TV, .audio_track = -1, .is_unplayed = true,
                          .direct_info = "http-get:*:video/mp4:*" };
    g_auto(Delivery) delivery = { 0 };

    g_assert_true(delivery_decide(&delivery, object, &wish, NULL));
    g_assert_cmpint(delivery.how, ==, DELIVERY_REMUX);
    g_assert_true(g_str_has_prefix(delivery.reason,
                                   "Set says that it plays video/mp4 and does not, so it gets "));
}

/* A list says how long a film is: where nobody knows that, the next form is taken. */
static void
test_no_length(void)
{
    static const File film = { MEDIA_VIDEO, "video/x-matroska", "h264", "High", 720, 31, 8, "aac", 2, 0 };
    g_autoptr(MediaObject) object = object_of("film", &film);
    DeliveryWish wish = { .name = "Set", .sinks = APPLE, .audio_track = -1,
                          .direct_info = "http-get:*:video/x-matroska:*" };

    for (guint i = 0; i < 2; i++, object->facts.duration_ms = 0) {
        g_auto(Delivery) delivery = { 0 };
        g_assert_true(delivery_decide(&delivery, object, &wish, NULL));
        g_assert_cmpstr(delivery.profile->name, ==, i == 0 ? "hls-h264-aac" : "mp4-h264-aac");
    }
}

/* A screen that takes one form alone. */
static void
test_profiles(void)
{
    static const File film = { MEDIA_VIDEO, "video/mp4", "h264", "High", 720, 31, 8, "aac", 2, 0 };
    static const struct {
        const char *profile;
        DeliveryHow how;
    } wishes[] = {
        { "mp4-h264-aac", DELIVERY_DIRECT }, { "ts-h264-aac", DELIVERY_REMUX },
        { "webm-vp8-vorbis", DELIVERY_TRANSCODE }, { "aac", DELIVERY_REMUX },
    };
    g_autoptr(MediaObject) object = object_of("film", &film);

    for (guint i = 0; i < G_N_ELEMENTS(wishes); i++) {
        DeliveryWish wish = { .name = wishes[i].profile, .profile = profile_find(wishes[i].profile),
                              .audio_track = -1 };
        g_auto(Delivery) delivery = { 0 };
        g_assert_true(delivery_decide(&delivery, object, &wish, NULL));
        g_assert_cmpint(delivery.how, ==, wishes[i].how);
    }
    g_assert_null(profile_find("mp5"));
}

/* Subtitles go into the picture where the set shows none, or where it is made anew anyway. */
static void
test_subtitles(void)
{
    static const File plain = { MEDIA_VIDEO, "video/mp4", "h264", "High", 720, 31, 8, "aac", 2, 0 };
    static const File new = { MEDIA_VIDEO, "video/mp4", "hevc", "Main", 720, 93, 8, "aac", 2, 0 };
    static const struct {
        const File *file;
        const char *sinks;
        int subtitle;
        bool burns;
        const char *how;
        int burnt;
        const char *says;
    } subtitles[] = {
        { &plain, "http-get:*:video/mp4:*", 2, false, "direct", 0, "as it is" },
        { &plain, "http-get:*:video/mp4:*", 0, true, "direct", 0, "as it is" },
        { &plain, "http-get:*:video/mp4:*", 2, true, "transcode", 2,
          "shows no subtitles by itself" },
        { &plain, "http-get:*:video/mp4:*", 2, true, "transcode", 2, "with the subtitles in it" },
        { &plain, "http-get:*:video/mp2t:*", 2, false, "remux", 0, "the picture as it is" },
        { &new, "http-get:*:video/mp2t:*", 2, false, "transcode", 2, "with the subtitles in it" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(subtitles); i++) {
        g_autoptr(MediaObject) object = object_of("film", subtitles[i].file);
        DeliveryWish wish = { .name = "Set", .sinks = subtitles[i].sinks, .audio_track = -1,
                              .direct_info = subtitles[i].file == &plain
                                                 ? "http-get:*:video/mp4:*"
                                                 : "http-get:*:video/x-hevc:*",
                              .subtitle = subtitles[i].subtitle, .burns = subtitles[i].burns };
        g_auto(Delivery) delivery = { 0 };
        g_assert_true(delivery_decide(&delivery, object, &wish, NULL));
        g_test_message("%s", delivery.reason);
        g_assert_cmpstr(delivery_how_name(delivery.how), ==, subtitles[i].how);
        g_assert_cmpint(delivery.subtitle, ==, subtitles[i].burnt);
        g_assert_nonnull(strstr(delivery.reason, subtitles[i].says));
        if (delivery.profile != NULL) {
            ConversionOrder order = delivery_order(&delivery, object, 0, 0);
            g_assert_cmpint(order.has_words, ==, subtitles[i].burnt > 0);
            g_assert_false(order.has_words && order.copies_video);
        }
    }
}

/* The sound that is wanted is not the one a player would take. */
static void
test_tracks(void)
{
    static const File film = { MEDIA_VIDEO, "video/mp4", "h264", "High", 720, 31, 8, "aac", 2, 0 };
    g_autoptr(MediaObject) object = object_of("film", &film);
    MediaStream second = { .type = "audio", .codec = "ac3", .channels = 6, .is_default = 1 };
    DeliveryWish wish = { .name = "Set", .sinks = TV, .direct_info = "http-get:*:video/mp4:*" };
    static const struct {
        int wanted;
        DeliveryHow how;
        int track;
    } tracks[] = { { -1, DELIVERY_DIRECT, 1 },
                   { 1, DELIVERY_DIRECT, 1 },
                   { 0, DELIVERY_REMUX, 0 } };

    media_details_add(object->details, MEDIA_STREAMS, &second);
    for (guint i = 0; i < G_N_ELEMENTS(tracks); i++) {
        g_auto(Delivery) delivery = { 0 };
        wish.audio_track = tracks[i].wanted;
        g_assert_true(delivery_decide(&delivery, object, &wish, NULL));
        g_assert_cmpint(delivery.how, ==, tracks[i].how);
        g_assert_cmpint(delivery.audio_track, ==, tracks[i].track);
    }
    g_autoptr(GError) error = NULL;
    Delivery none = { 0 };
    wish.audio_track = 2;
    g_assert_false(delivery_decide(&none, object, &wish, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
}

static void
test_order(void)
{
    static const File film = {
        MEDIA_VIDEO, "video/x-matroska", "h264", "High", 720, 31, 8, "dts", 6, 0
    };
    g_autoptr(MediaObject) object = object_of("film", &film);
    DeliveryWish wish = { .name = "Set",
                          .sinks = TV,
                          .direct_info = "http-get:*:video/x-matroska:*",
                          .audio_track = -1 };
    g_auto(Delivery) delivery = { 0 };

    g_assert_true(delivery_decide(&delivery, object, &wish, NULL));
    ConversionOrder order = delivery_order(&delivery, object, 5000, 0);
    g_assert_cmpstr(order.mux, ==, "ts");
    g_assert_cmpint(order.copies_video, ==, 1);
    g_assert_cmpint(order.copies_audio, ==, 0);
    g_assert_cmpint(order.start_ms, ==, 5000);
    g_assert_cmpint(order.length_ms, ==, 0);
    order = delivery_order(&delivery, object, 5000, 1); /* a rung lower nothing is copied */
    g_assert_cmpint(order.copies_video, ==, 0);
    g_assert_cmpint(order.is_software, ==, 1);
    g_assert_cmpint(order.is_remux, ==, 0); /* of a film whose sound must be converted */
    /* A part of a file, from some way into it on. */
    object->facts.start_ms = 60000;
    object->facts.end_ms = 90000;
    order = delivery_order(&delivery, object, 5000, 0);
    g_assert_cmpint(order.start_ms, ==, 65000);
    g_assert_cmpint(order.length_ms, ==, 25000);
}

/* What a worker does with it: which demuxers, or none of that where it is a picture. */
static void
test_ways(void)
{
    static const struct {
        const char *format, *video_codec, *profile;
        MediaKind kind;
        bool is_unpacked, is_picture;
    } ways[] = {
        { "matroska", "mpeg4", "ts-h264-aac", MEDIA_VIDEO, false, false },
        { "avi", "mpeg4", "ts-h264-aac", MEDIA_VIDEO, true, false },
        { "avi", "mjpeg", "ts-h264-aac", MEDIA_VIDEO, false, false },
        { "wtv", "mpeg2video", "ts-h264-aac", MEDIA_VIDEO, true, false },
        { "mpeg", "mpeg2video", "ts-h264-aac", MEDIA_VIDEO, false, false },
        { "w64", NULL, "mp3", MEDIA_AUDIO, true, false },
        { "heif", NULL, "jpeg-lrg", MEDIA_IMAGE, false, true },
    };

    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        const MediaObject object = { .kind = ways[i].kind,
                                     .facts = { .format = ways[i].format,
                                                .video_codec = ways[i].video_codec } };
        const Delivery delivery = { .how = DELIVERY_TRANSCODE,
                                    .profile = profile_find(ways[i].profile) };
        ConversionOrder order = delivery_order(&delivery, &object, 0, 0);
        g_assert_cmpint(order.is_unpacked, ==, ways[i].is_unpacked);
        g_assert_cmpint(order.is_picture, ==, ways[i].is_picture);
    }
}

/* "ts-h264-aac 1280x720, ..." */
static char *
list_forms(const MediaObject *object, const Dialect *dialect)
{
    MediaForm forms[MEDIA_FORMS_MAX];
    guint count = delivery_forms(object, dialect, forms);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < count; i++) {
        const MediaFacts *facts = &forms[i].facts;
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", forms[i].name);
        if (facts->kind == MEDIA_VIDEO)
            g_string_append_printf(text, " %dx%d", (int)facts->width, (int)facts->height);
        else
            g_string_append_printf(text, " %d/%d", (int)facts->sample_rate, (int)facts->channels);
        g_assert_true(forms[i].delivery.is_converted && !forms[i].delivery.by_bytes);
        g_assert_cmpint(forms[i].delivery.by_time, ==, object->facts.duration_ms > 0);
        g_assert_cmpint(facts->duration_ms, ==, object->facts.duration_ms);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* What sets are told of beside the file. */
static void
test_forms(void)
{
    static const Dialect none = { .name = "none", .forms = { "none" } },
                         two = { .name = "two", .forms = { "mp4-h264-aac", "flac" } };
    static const struct {
        MediaFacts facts;
        const Dialect *dialect;
        const char *forms;
    } told[] = {
        { { .kind = MEDIA_VIDEO, .mime = "video/x-matroska", .video_codec = "h264", .width = 1280,
            .height = 720, .audio_codec = "dts", .duration_ms = 9 }, &dialect_plain,
          "ts-h264-aac 1280x720" },
        { { .kind = MEDIA_VIDEO, .mime = "video/mp4", .video_codec = "hevc", .width = 3840,
            .height = 2160 }, &dialect_plain, "ts-h264-aac 0x0" },
        { { .kind = MEDIA_VIDEO, .mime = "video/mp2t", .video_codec = "h264",
            .audio_codec = "aac" }, &dialect_plain, "" },
        { { .kind = MEDIA_VIDEO, .mime = "video/mp2t", .video_codec = "h264",
            .audio_codec = "ac3" }, &two, "mp4-h264-aac 0x0" },
        { { .kind = MEDIA_VIDEO, .mime = "video/mp2t" }, &dialect_plain, "" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .audio_codec = "mp3" }, &dialect_plain, "" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .audio_codec = "mp3", .end_ms = 5,
            .sample_rate = 22050, .channels = 1 }, &dialect_plain, "mp3 22050/1" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/flac", .audio_codec = "flac", .channels = 6,
            .sample_rate = 96000 }, &dialect_plain, "mp3 48000/2, lpcm 44100/2" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/wav", .audio_codec = "pcm_s16le",
            .sample_rate = 8000, .channels = 1 }, &two, "flac 8000/1" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/ogg", .audio_codec = "vorbis", .channels = 2,
            .sample_rate = 44100 }, &dialect_plain, "mp3 44100/2" },
        { { .kind = MEDIA_AUDIO, .mime = "audio/ogg", .audio_codec = "vorbis" }, &none, "" },
        { { .kind = MEDIA_IMAGE, .mime = "image/png", .video_codec = "png" }, &dialect_plain, "" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(told); i++) {
        const MediaObject object = { .id = "1", .kind = told[i].facts.kind,
                                     .facts = told[i].facts };
        g_autofree char *forms = list_forms(&object, told[i].dialect);
        g_assert_cmpstr(forms, ==, told[i].forms);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/delivery/subtitles", test_subtitles);
    g_test_add_func("/delivery/decisions", test_decisions);
    g_test_add_func("/delivery/profiles", test_profiles);
    g_test_add_func("/delivery/unplayed", test_unplayed);
    g_test_add_func("/delivery/no-length", test_no_length);
    g_test_add_func("/delivery/tracks", test_tracks);
    g_test_add_func("/delivery/order", test_order);
    g_test_add_func("/delivery/ways", test_ways);
    g_test_add_func("/delivery/forms", test_forms);
    return g_test_run();
}
