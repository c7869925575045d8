/* fuzz-flac-sheet.c -- no sheet is read beyond its end, and its songs have numbers and places */
#include "pipelines/flac-sheet.h"
#include "tests/fuzz/memory-file.h"

FUZZ_TARGET("flac-sheet")
{
    int file = memory_file(data, size);
    FlacTrack tracks[FLAC_TRACKS_MAX];
    int count = flac_sheet_read(file, tracks);

    g_assert_cmpint(count, >=, 0);
    g_assert_cmpint(count, <=, FLAC_TRACKS_MAX);
    for (int i = 0; i < count; i++) {
        g_assert_cmpint(tracks[i].number, >, 0);
        g_assert_cmpint(tracks[i].start, >=, 0);
    }
    close(file);
}
