/* fuzz-id3.c -- no tag is read beyond its end, and stars are of five */
#include "pipelines/id3.h"
#include "tests/fuzz/memory-file.h"

FUZZ_TARGET("id3")
{
    int file = memory_file(data, size);
    Id3Look look;

    id3_look(file, &look);
    g_assert_cmpint(look.rating, >=, 0);
    g_assert_cmpint(look.rating, <=, 100);
    close(file);
}
