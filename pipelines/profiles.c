/* profiles.c -- see profiles.h
 *
 * TS comes before the others: every set that takes them, too, reads TS while it arrives. HLS comes
 * before MP4, since players seek in it by themselves. */
#include "pipelines/profiles.h"

#include "wire/protocol-info.h"

#include <string.h>

#define HD .width = 1920, .height = 1080, .frame_rate = 60000, .level = 42, .video_kbit = 12000
#define STEREO .channels = 2, .sample_rate = 48000
#define JPEG(size)                                                                                 \
    .kind = MEDIA_IMAGE, .mime = "image/jpeg", .format = "jpeg", .extension = "jpg",               \
    .video = "mjpeg", .width = size

const Profile profiles[] = {
    { .name = "ts-h264-aac", .kind = MEDIA_VIDEO, .mime = "video/mp2t", .format = "mpegts",
      .extension = "ts", .mux = "ts", .video = "h264", .audio = "aac", HD, STEREO,
      .audio_kbit = 192, .is_usual = true },
    { .name = "hls-h264-aac", .kind = MEDIA_VIDEO, .mime = MIME_HLS, .format = "hls",
      .extension = "m3u8", .mux = "mp4", .video = "h264", .audio = "aac", HD, STEREO,
      .audio_kbit = 192, .is_list = true },
    { .name = "mp4-h264-aac", .kind = MEDIA_VIDEO, .mime = "video/mp4", .format = "mp4",
      .extension = "mp4", .mux = "mp4", .video = "h264", .audio = "aac", HD, STEREO,
      .audio_kbit = 192 },
    { .name = "webm-vp8-vorbis", .kind = MEDIA_VIDEO, .mime = "video/webm", .format = "webm",
      .extension = "webm", .mux = "webm", .video = "vp8", .audio = "vorbis", .width = 1280,
      .height = 720, .frame_rate = 30000, .video_kbit = 4000, STEREO, .audio_kbit = 160 },
    { .name = "flac", .kind = MEDIA_AUDIO, .mime = "audio/flac", .format = "flac",
      .extension = "flac", .audio = "flac", .channels = 2, .sample_rate = 96000,
      .is_lossless = true },
    { .name = "mp3", .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .format = "mp3",
      .extension = "mp3", .dlna = "MP3", .audio = "mp3", STEREO, .audio_kbit = 256,
      .is_usual = true },
    { .name = "aac", .kind = MEDIA_AUDIO, .mime = "audio/aac", .format = "aac",
      .extension = "aac", .audio = "aac", STEREO, .audio_kbit = 192 },
    { .name = "lpcm", .kind = MEDIA_AUDIO, .mime = "audio/L16;rate=44100;channels=2",
      .format = "lpcm", .extension = "pcm", .dlna = "LPCM", .audio = "lpcm", .channels = 2,
      .sample_rate = 44100, .is_lossless = true, .is_exact = true, .is_usual = true },
    { .name = "jpeg-lrg", JPEG(4096), .height = 4096, .dlna = "JPEG_LRG" },
    { .name = "jpeg-med", JPEG(1024), .height = 768, .dlna = "JPEG_MED" },
    { .name = "jpeg-sm", JPEG(640), .height = 480, .dlna = "JPEG_SM" },
    { .name = NULL },
};

const Profile *
profile_find(const char *name)
{
    for (const Profile *profile = profiles; profile->name != NULL; profile++)
        if (strcmp(profile->name, name) == 0)
            return profile;
    return NULL;
}
