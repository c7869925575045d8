/* memory-file.h -- an input as a file, for readers of descriptors */
#pragma once

#include "tests/fuzz/fuzz.h"

#include <sys/syscall.h>
#include <unistd.h>

static inline int
memory_file(const uint8_t *data, size_t size)
{
    int file = (int)syscall(SYS_memfd_create, "input", 0);

    g_assert_cmpint(file, >=, 0);
    g_assert_true(write(file, data, size) == (ssize_t)size);
    return file;
}
