/* flac-sheet.c -- see flac-sheet.h */
#include "pipelines/flac-sheet.h"

#include "base/bytes.h"
#include "pipelines/id3.h"

#include <string.h>
#include <unistd.h>

#define BLOCKS_MAX 128
#define BLOCK_HEAD 4
#define BLOCK_CUESHEET 5
#define BLOCK_LAST 0x80
#define SHEET_MAX (64 * 1024) /* 255 tracks of 20 points */
#define SHEET_HEAD 395        /* catalogue number, lead-in, kind, and room for more */
#define IS_NO_SOUND 0x80

/* A track: its place, number, ISRC, flags, and points, each with a place of its own after that. */
static bool
read_track(Bytes *sheet, FlacTrack *track, bool *is_song)
{
    uint64_t at, after, first = 0;
    uint8_t number, flags, points, point;

    if (!bytes_u64(sheet, &at) || !bytes_u8(sheet, &number) || !bytes_skip(sheet, 12) ||
        !bytes_u8(sheet, &flags) || !bytes_skip(sheet, 13) || !bytes_u8(sheet, &points))
        return false;
    for (int i = 0; i < points; i++) {
        if (!bytes_u64(sheet, &after) || !bytes_u8(sheet, &point) || !bytes_skip(sheet, 3))
            return false;
        if (point == 1) /* 0 is the pause before */
            first = after;
    }
    *track = (FlacTrack){ number, (int64_t)(at + first) };
    *is_song = number > 0 && (flags & IS_NO_SOUND) == 0 && at <= INT64_MAX / 2 &&
               first <= INT64_MAX / 2;
    return true;
}

/* The last track is no song, but where the disc ends. */
static int
read_sheet(Bytes *sheet, FlacTrack tracks[FLAC_TRACKS_MAX])
{
    uint8_t said;
    int count = 0;

    if (!bytes_skip(sheet, SHEET_HEAD) || !bytes_u8(sheet, &said))
        return 0;
    for (int i = 0; i + 1 < said; i++) {
        FlacTrack track;
        bool is_song;
        if (!read_track(sheet, &track, &is_song))
            return 0;
        if (is_song)
            tracks[count++] = track;
    }
    return count;
}

int
flac_sheet_read(int file, FlacTrack tracks[FLAC_TRACKS_MAX])
{
    uint8_t head[16];
    ssize_t got = pread(file, head, sizeof head, 0);
    int64_t at = got > 0 ? id3_size(head, (size_t)got) : 0;

    if (pread(file, head, 4, at) != 4 || memcmp(head, "fLaC", 4) != 0)
        return 0;
    at += 4;
    for (int i = 0; i < BLOCKS_MAX; i++) {
        if (pread(file, head, BLOCK_HEAD, at) != BLOCK_HEAD)
            return 0;
        size_t size = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        at += BLOCK_HEAD;
        if ((head[0] & ~BLOCK_LAST) == BLOCK_CUESHEET) {
            g_autofree uint8_t *data = g_malloc(MIN(size, SHEET_MAX) + 1);
            Bytes sheet;
            got = pread(file, data, MIN(size, SHEET_MAX), at);
            bytes_init(&sheet, data, got > 0 ? (size_t)got : 0);
            return read_sheet(&sheet, tracks);
        }
        if ((head[0] & BLOCK_LAST) != 0)
            return 0;
        at += (int64_t)size;
    }
    return 0;
}
