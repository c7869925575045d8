/* demuxer.c -- which demuxer reads a file, by how it begins
 *
 * Left to itself, libavformat asks each of its three hundred demuxers how much it likes a file, and
 * again with twice the bytes while none is sure: five times the price of reading the header. What
 * begins unmistakably is told its demuxer here; all else is still asked about. */
#include "config.h"

#include "pipelines/id3.h"
#include "pipelines/probe-room.h"

#include <string.h>
#include <unistd.h>

static const struct {
    size_t offset;
    const char *magic, *demuxer;
} beginnings[] = {
    { 0, "fLaC", "flac" },
    { 0, "OggS", "ogg" },
    { 4, "ftyp", "mov" },
    { 0, "\x1a\x45\xdf\xa3", "matroska" },
    { 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf" },
    { 8, "WAVEfmt ", "wav" },
    { 8, "AVI LIST", "avi" },
    { 8, "AIFFCOMM", "aiff" },
    { 0, "FLV\x01", "flv" },
    { 0, "wvpk", "wv" },
    { 0, "DSD ", "dsf" },
};

bool
mpeg_frame_read(const uint8_t *data, int size, MpegFrame *frame)
{
    static const uint16_t kbits[5][15] = {
        { 0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448 }, /* MPEG-1, I */
        { 0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384 },    /* II */
        { 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 },     /* III */
        { 0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256 },    /* MPEG-2, I */
        { 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 },         /* II, III */
    };
    static const uint16_t rates[3] = { 44100, 48000, 32000 };
    static const uint8_t shifts[4] = { 2, 0, 1, 0 }; /* MPEG-2.5, none, MPEG-2, MPEG-1 */
    static const char *const codecs[3] = { "mp1", "mp2", "mp3" };

    if (size < MPEG_FRAME_HEAD || data[0] != 0xff || (data[1] & 0xe0) != 0xe0)
        return false;
    int version = (data[1] >> 3) & 3, layer = 3 - ((data[1] >> 1) & 3);
    int rate = (data[2] >> 2) & 3, bits = data[2] >> 4;
    if (version == 1 || layer == 3 || rate == 3 || bits == 15)
        return false;
    *frame = (MpegFrame){
        .codec = codecs[layer],
        .sample_rate = rates[rate] >> shifts[version],
        .channels = (data[3] >> 6) == 3 ? 1 : 2,
        .bitrate = kbits[version == 3 ? layer : MIN(3 + layer, 4)][bits] * 1000,
    };
    if (layer == 2) /* III: 1152 or, but for MPEG-1, 576 samples */
        frame->size = (version == 3 ? 144 : 72) * frame->bitrate / frame->sample_rate +
                      ((data[2] >> 1) & 1);
    return true;
}

/* Two frames of Layer III, one behind the other. */
static bool
is_mp3_at(int file, int64_t offset)
{
    uint8_t head[MPEG_FRAME_HEAD];
    MpegFrame frame;

    for (int i = 0; i < 2; i++) {
        if (pread(file, head, sizeof head, offset) != sizeof head ||
            !mpeg_frame_read(head, sizeof head, &frame) || frame.size == 0)
            return false;
        offset += frame.size;
    }
    return true;
}

const char *
probe_demuxer(int file)
{
    uint8_t head[16];
    ssize_t size = pread(file, head, sizeof head, 0);

    if (size < (ssize_t)sizeof head)
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(beginnings); i++)
        if (memcmp(head + beginnings[i].offset, beginnings[i].magic,
                   strlen(beginnings[i].magic)) == 0)
            return beginnings[i].demuxer;
    return is_mp3_at(file, id3_size(head, sizeof head)) ? "mp3" : NULL;
}
