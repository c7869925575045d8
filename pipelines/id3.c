/* id3.c -- see id3.h */
#include "pipelines/id3.h"

#include "base/bytes.h"

#include <string.h>
#include <unistd.h>

#define FRAMES_MAX 128
#define FRAME_HEAD 10
#define TEXT_MAX 256

typedef struct {
    char name[5];
    uint32_t size;
    int head; /* bytes before the content */
} Frame;

/* Seven bits a byte (ID3v2.4, 6.2). */
static uint32_t
synchsafe(const uint8_t *data)
{
    return (uint32_t)(data[0] & 127) << 21 | (uint32_t)(data[1] & 127) << 14 |
           (uint32_t)(data[2] & 127) << 7 | (data[3] & 127);
}

static bool
read_frame(const uint8_t *data, ssize_t size, int version, Frame *frame)
{
    int name_size = version == 2 ? 3 : 4;

    *frame = (Frame){ .head = version == 2 ? 6 : FRAME_HEAD };
    if (size < frame->head || data[0] < 'A' || data[0] > 'Z')
        return false; /* padding, or the end */
    memcpy(frame->name, data, (size_t)name_size);
    frame->size = version == 2   ? (uint32_t)data[3] << 16 | (uint32_t)data[4] << 8 | data[5]
                  : version == 3 ? (uint32_t)data[4] << 24 | (uint32_t)data[5] << 16 |
                                       (uint32_t)data[6] << 8 | data[7]
                                 : synchsafe(data + 4);
    return true;
}

static bool
is_high(const uint8_t *data, ssize_t size)
{
    for (ssize_t i = 0; i < size; i++)
        if (data[i] >= 0x80)
            return true;
    return false;
}

/* The mail address of who rated, a NUL, and 1 to 255: Windows writes 1, 64, 128, 196, 255 for its
 * stars, and so does whoever wants to be read. */
static int
read_popularimeter(const uint8_t *data, ssize_t size)
{
    static const uint8_t stars[] = { 1, 32, 96, 160, 224 }; /* where each begins */
    const uint8_t *end = size > 0 ? memchr(data, 0, (size_t)size) : NULL;
    int rating = 0;

    if (end == NULL || end + 1 >= data + size)
        return 0;
    for (int i = 0; i < 5 && end[1] >= stars[i]; i++)
        rating = (i + 1) * 20;
    return rating;
}

static void
look_at_frame(const Frame *frame, const uint8_t *data, ssize_t size, Id3Look *look)
{
    bool is_text = frame->name[0] == 'T' && size > 1;

    if (is_text && data[0] == 0 && is_high(data + 1, size - 1))
        look->has_octets = true;
    if (strcmp(frame->name, "POPM") == 0 || strcmp(frame->name, "POP") == 0)
        look->rating = read_popularimeter(data, size);
}

/* Versions 2 to 4; one with a footer (ID3v2.4, 3.1) is as much longer. */
int64_t
id3_size(const uint8_t *head, size_t size)
{
    if (size < FRAME_HEAD || memcmp(head, "ID3", 3) != 0 || head[3] < 2 || head[3] > 4)
        return 0;
    return ((head[5] & 0x10) != 0 ? 2 : 1) * FRAME_HEAD + (int64_t)synchsafe(head + 6);
}

void
id3_look(int file, Id3Look *look)
{
    uint8_t data[FRAME_HEAD + TEXT_MAX];
    int64_t at = FRAME_HEAD;

    *look = (Id3Look){ 0 };
    int64_t end = pread(file, data, FRAME_HEAD, 0) == FRAME_HEAD ? id3_size(data, FRAME_HEAD) : 0;
    if (end == 0)
        return;
    int version = data[3];
    if ((data[5] & 0x40) != 0 && version > 2) { /* an extended header */
        if (pread(file, data, 4, at) != 4)
            return;
        at += version == 4 ? (int64_t)synchsafe(data) : 4 + (data[2] << 8 | data[3]);
    }
    for (int i = 0; i < FRAMES_MAX && at < end; i++) {
        Frame frame;
        ssize_t got = pread(file, data, sizeof data, at);
        if (!read_frame(data, got, version, &frame))
            return;
        ssize_t content = got - frame.head;
        look_at_frame(&frame, data + frame.head,
                      content < (ssize_t)frame.size ? content : (ssize_t)frame.size, look);
        at += frame.head + (int64_t)frame.size;
    }
}
