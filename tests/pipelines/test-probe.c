/* test-probe.c -- every tier against real files, and against files that are broken */
#include "pipelines/probe.h"

#include "base/error.h"
#include "tests/pipelines/media-files.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name, *arguments;
    MediaKind kind;
    const char *mime, *format, *video_codec, *audio_codec;
    bool has_tags;
} files[] = {
    { "a.mp3", MEDIA_SOUND MEDIA_TAGS "-c:a libmp3lame", MEDIA_AUDIO, "audio/mpeg", "mp3", NULL,
      "mp3", true },
    { "cbr.mp3", MEDIA_SOUND " -c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0",
      MEDIA_AUDIO, "audio/mpeg", "mp3", NULL, "mp3", false },
    { "a.flac", MEDIA_SOUND MEDIA_TAGS, MEDIA_AUDIO, "audio/flac", "flac", NULL, "flac", true },
    { "a.ogg", MEDIA_SOUND MEDIA_TAGS "-c:a libvorbis", MEDIA_AUDIO, "audio/ogg", "ogg", NULL,
      "vorbis", true },
    { "a.opus", MEDIA_SOUND MEDIA_TAGS "-c:a libopus", MEDIA_AUDIO, "audio/ogg", "ogg", NULL,
      "opus", true },
    { "a.m4a", MEDIA_SOUND MEDIA_TAGS "-c:a aac", MEDIA_AUDIO, "audio/mp4", "mp4", NULL, "aac",
      true },
    { "a.wav", MEDIA_SOUND, MEDIA_AUDIO, "audio/wav", "wav", NULL, "pcm_s16le", false },
    { "a.aiff", MEDIA_SOUND, MEDIA_AUDIO, "audio/aiff", "aiff", NULL, "pcm_s16be", false },
    { "a.wv", MEDIA_SOUND, MEDIA_AUDIO, "audio/x-wavpack", "wavpack", NULL, "wavpack", false },
    { "a.aac", MEDIA_SOUND " -c:a aac -f adts", MEDIA_AUDIO, "audio/aac", "aac", NULL, "aac",
      false },
    /* they begin like what they are not */
    { "aac.mp3", MEDIA_SOUND MEDIA_TAGS "-c:a aac -f adts -write_id3v2 1", MEDIA_AUDIO,
      "audio/aac", "aac", NULL, "aac", true },
    { "two.mp3", MEDIA_SOUND " -c:a mp2 -f mp2", MEDIA_AUDIO, "audio/mpeg", "mp3", NULL, "mp2",
      false },
    { "a.mka", MEDIA_SOUND " -c:a libvorbis", MEDIA_AUDIO, "audio/x-matroska", "matroska", NULL,
      "vorbis", false },
    { "v.mp4", MEDIA_FILM MEDIA_H264 MEDIA_TAGS, MEDIA_VIDEO, "video/mp4", "mp4", "h264", "aac",
      true },
    { "v.mov", MEDIA_FILM MEDIA_H264, MEDIA_VIDEO, "video/quicktime", "mov", "h264", "aac", false },
    { "v.3gp", MEDIA_FILM MEDIA_H264, MEDIA_VIDEO, "video/3gpp", "3gp", "h264", "aac", false },
    { "v.mkv", MEDIA_FILM MEDIA_H264, MEDIA_VIDEO, "video/x-matroska", "matroska", "h264", "aac",
      false },
    { "v.ts", MEDIA_FILM MEDIA_H264 "-f mpegts", MEDIA_VIDEO, "video/mp2t", "mpegts", "h264", "aac",
      false },
    { "v.webm", MEDIA_FILM " -c:v libvpx -deadline realtime -c:a libvorbis", MEDIA_VIDEO,
      "video/webm", "webm", "vp8", "vorbis", false },
    { "v.avi", MEDIA_FILM " -c:v mpeg4 -c:a libmp3lame", MEDIA_VIDEO, "video/x-msvideo", "avi",
      "mpeg4", "mp3", false },
    { "p.jpg", MEDIA_PICTURE " -pix_fmt yuvj420p", MEDIA_IMAGE, "image/jpeg", "jpeg", NULL, NULL,
      false },
    { "p.png", MEDIA_PICTURE, MEDIA_IMAGE, "image/png", "png", NULL, NULL, false },
    { "p.gif", MEDIA_PICTURE, MEDIA_IMAGE, "image/gif", "gif", NULL, NULL, false },
    { "p.webp", MEDIA_PICTURE, MEDIA_IMAGE, "image/webp", "webp", NULL, NULL, false },
    { "p.bmp", MEDIA_PICTURE, MEDIA_IMAGE, "image/bmp", "bmp", NULL, NULL, false },
    { "p.tiff", MEDIA_PICTURE, MEDIA_IMAGE, "image/tiff", "tiff", NULL, NULL, false },
};

static bool
probe_path(const char *path, ProbeReport *report, GError **error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);

    g_assert_cmpint(file, >=, 0);
    probe_report_init(report);
    bool is_read = probe_file(file, strrchr(path, '/') + 1, report, error);
    close(file);
    return is_read;
}

static void
check_tags(const MediaFacts *facts)
{
    g_assert_cmpstr(facts->title, ==, "歌 A & <b>");
    g_assert_cmpstr(facts->artist, ==, "Ärtist");
    g_assert_cmpstr(facts->album_artist, ==, "Both");
    g_assert_cmpstr(facts->album, ==, "专辑");
    g_assert_cmpstr(facts->genre, ==, "Pop");
    g_assert_cmpstr(facts->date, ==, "2012");
    g_assert_cmpint(facts->track, ==, 7);
    g_assert_cmpint(facts->disc, ==, 2);
}

static void
test_formats(void)
{
    if (!media_can_make()) {
        g_test_skip("no ffmpeg here");
        return;
    }
    g_autofree char *folder = media_folder();
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = media_make(folder, files[i].name, files[i].arguments);
        g_auto(ProbeReport) report;
        g_autoptr(GError) error = NULL;
        const MediaFacts *facts = &report.facts;

        g_test_message("%s", files[i].name);
        g_assert_true(probe_path(path, &report, &error));
        g_assert_no_error(error);
        g_assert_cmpint(facts->kind, ==, files[i].kind);
        g_assert_cmpstr(facts->mime, ==, files[i].mime);
        g_assert_cmpstr(facts->format, ==, files[i].format);
        g_assert_cmpstr(facts->video_codec, ==, files[i].video_codec);
        g_assert_cmpstr(facts->audio_codec, ==, files[i].audio_codec);
        if (files[i].kind != MEDIA_IMAGE) {
            g_assert_cmpint(facts->duration_ms, >=, 1950);
            g_assert_cmpint(facts->duration_ms, <=, 2150);
            g_assert_cmpint(facts->sample_rate, ==, 48000);
            g_assert_cmpint(facts->channels, ==, 2);
            g_assert_cmpint(facts->bitrate, >, 1000);
        }
        if (files[i].kind != MEDIA_AUDIO) {
            g_assert_cmpint(facts->width, ==, 320);
            g_assert_cmpint(facts->height, ==, 180);
        }
        if (files[i].has_tags)
            check_tags(facts);
    }
    media_folder_remove(folder);
}

#define FILM_OF(size, rate) \
    "-f lavfi -i testsrc=size=" size ":rate=" rate ":duration=1 -f lavfi " \
    "-i sine=duration=1:sample_rate=48000 -ac 2 "
#define MAIN_OF(size, rate) \
    FILM_OF(size, rate) "-pix_fmt yuv420p -c:v libx264 -preset veryfast -profile:v main "

/* The names that sets know such files by, and files that are close to having one. */
static void
test_dlna(void)
{
    static const struct {
        const char *name, *arguments, *profile;
    } cases[] = {
        { "low.m4a", MEDIA_SOUND " -c:a aac -b:a 128k", "AAC_ISO_320" },
        { "six.m4a", MEDIA_SOUND " -ac 6 -c:a aac", "AAC_MULT5_ISO" },
        { "slow.m4a", MEDIA_SOUND " -ar 22050 -c:a aac", NULL },
        { "lossless.m4a", MEDIA_SOUND " -c:a alac", NULL },
        { "a.wma", MEDIA_SOUND " -c:a wmav2 -b:a 128k", "WMABASE" },
        { "small.mp4", FILM_OF("320x180", "25") "-pix_fmt yuv420p -c:v libx264 -b:v 300k "
          "-profile:v baseline -c:a aac -b:a 96k", "AVC_MP4_BL_CIF30_AAC_940" },
        { "sd.mp4", MAIN_OF("320x180", "25") "-c:a aac", "AVC_MP4_MP_SD_AAC_MULT5" },
        { "sd-mp3.mp4", MAIN_OF("640x360", "30") "-c:a libmp3lame", "AVC_MP4_MP_SD_MPEG1_L3" },
        { "sd-ac3.mp4", MAIN_OF("720x576", "25") "-c:a ac3", "AVC_MP4_MP_SD_AC3" },
        { "odd.mp4", MAIN_OF("330x180", "25") "-c:a aac", NULL },
        { "fast.mp4", MAIN_OF("320x180", "50") "-c:a aac", NULL },
        { "silent.mp4", MAIN_OF("320x180", "25") "-an", NULL },
        { "high.mp4", FILM_OF("320x180", "25") "-pix_fmt yuv420p -c:v libx264 -profile:v high "
          "-c:a aac", NULL },
        { "hd.mp4", MAIN_OF("1280x720", "25") "-c:a aac", "AVC_MP4_MP_HD_720p_AAC" },
        { "hd50.mp4", MAIN_OF("1280x720", "50") "-c:a aac", "AVC_MP4_MP_HD_1080i_AAC" },
        { "hd.mkv", MAIN_OF("1280x720", "25") "-c:a aac", NULL },
        { "vcd.mpg", FILM_OF("320x180", "25") "-target pal-vcd", "MPEG1" },
        { "pal.mpg", FILM_OF("320x180", "25") "-target pal-dvd", "MPEG_PS_PAL" },
        { "ntsc.mpg", FILM_OF("320x180", "30") "-target ntsc-dvd", "MPEG_PS_NTSC" },
    };

    if (!media_can_make()) {
        g_test_skip("no ffmpeg here");
        return;
    }
    g_autofree char *folder = media_folder();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = media_make(folder, cases[i].name, cases[i].arguments);
        g_auto(ProbeReport) report;
        g_test_message("%s", cases[i].name);
        g_assert_true(probe_path(path, &report, NULL));
        g_assert_cmpstr(report.facts.dlna_profile, ==, cases[i].profile);
    }
    media_folder_remove(folder);
}

/* A JPEG's first bytes, an EXIF segment that says it lies on its side, and its frame. */
static const uint8_t turned_jpeg[] = {
    0xff, 0xd8, 0xff, 0xe1, 0, 66, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 2,
    /* Orientation, a short, 6 */
    0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0,
    /* DateTime, 20 characters, at 38 */
    0x01, 0x32, 0, 2, 0, 0, 0, 20, 0, 0, 0, 38, 0, 0, 0, 0,
    '2', '0', '2', '4', ':', '0', '5', ':', '0', '1', ' ',
    '1', '0', ':', '2', '0', ':', '3', '0', 0,
    0xff, 0xc0, 0, 11, 8, 0, 90, 0, 160, 1, 1, 0x11, 0,
};

static bool
probe_bytes(const void *data, size_t size, ProbeReport *report, GError **error)
{
    g_autofree char *folder = media_folder();
    g_autofree char *path = g_build_filename(folder, "x.bin", NULL);

    g_assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
    bool is_read = probe_path(path, report, error);
    media_folder_remove(folder);
    return is_read;
}

static void
test_exif(void)
{
    g_auto(ProbeReport) report;

    g_assert_true(probe_bytes(turned_jpeg, sizeof turned_jpeg, &report, NULL));
    g_assert_cmpint(report.facts.rotation, ==, 90);
    g_assert_cmpint(report.facts.width, ==, 90); /* stored as 160 x 90 */
    g_assert_cmpint(report.facts.height, ==, 160);
    g_assert_cmpstr(report.facts.date, ==, "2024-05-01T10:20:30");
}

/* No beginning of a picture is taken for one, and none is read past its end. */
static void
test_cut_short(void)
{
    for (size_t size = 1; size + 4 < sizeof turned_jpeg; size++) {
        g_auto(ProbeReport) report;
        g_autoptr(GError) error = NULL;
        g_assert_false(probe_bytes(turned_jpeg, size, &report, &error));
        g_assert_nonnull(error);
    }
}

static void
test_broken(void)
{
    static const struct {
        const char *bytes;
        size_t size;
        int code;
    } cases[] = {
        { "this is no media\n", 17, DUO_ERROR_UNSUPPORTED },
        { "\xff\xd8\xff\xd9", 4, DUO_ERROR_INVALID },
        { "\x89PNG\r\n\x1a\n", 8, DUO_ERROR_INVALID },
        { "GIF89a\0\0\0\0", 10, DUO_ERROR_INVALID },
        { "\0\0\0\x18" "ftypheic\0\0\0\0", 16, DUO_ERROR_INVALID },
        { "#EXTM3U\nhttp://127.0.0.1:1/x.ts\n", 32, DUO_ERROR_UNSUPPORTED },
        { "fLaC\0\0\0\x22", 8, DUO_ERROR_UNSUPPORTED },
        { "OggS\0\2", 6, DUO_ERROR_UNSUPPORTED },
        { "RIFF\xff\xff\xff\xffWAVEfmt ", 16, DUO_ERROR_UNSUPPORTED },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(ProbeReport) report;
        g_autoptr(GError) error = NULL;
        g_test_message("case %u", i);
        g_assert_false(probe_bytes(cases[i].bytes, cases[i].size, &report, &error));
        g_assert_error(error, DUO_ERROR, cases[i].code);
    }
}

static void
test_dates(void)
{
    static const struct {
        const char *said, *is;
    } dates[] = {
        { "1999", "1999" },
        { "2010:10:08 05:12:27", "2010-10-08T05:12:27" },
        { "2024-05-01T10:20:30.000000Z", "2024-05-01T10:20:30" },
        { "20240501", "2024-05-01" },
        { "2012-13-40", "2012" },
        { "0000:00:00 00:00:00", NULL },
        { "soon", NULL },
        { "", NULL },
        { NULL, NULL },
    };
    g_auto(ProbeReport) report;

    probe_report_init(&report);
    for (guint i = 0; i < G_N_ELEMENTS(dates); i++)
        g_assert_cmpstr(probe_report_date(&report, dates[i].said), ==, dates[i].is);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/probe/formats", test_formats);
    g_test_add_func("/probe/dlna", test_dlna);
    g_test_add_func("/probe/exif", test_exif);
    g_test_add_func("/probe/cut-short", test_cut_short);
    g_test_add_func("/probe/broken", test_broken);
    g_test_add_func("/probe/dates", test_dates);
    return g_test_run();
}
