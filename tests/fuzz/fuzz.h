/* fuzz.h -- how to add a fuzz target: one file FUZZ-NAME.c with FUZZ_TARGET("NAME") { ... }, its
 * line in local.mk, and a folder corpus/NAME with a few good and bad inputs
 *
 * All targets are in one program. `make check` replays the corpus through each (replay.c); a build
 * with --enable-fuzzing CC=clang makes the same program a libFuzzer:
 *     FUZZ_TARGET=xml tests/fuzz/fuzz -max_total_time=60 NEW-INPUTS tests/fuzz/corpus/xml
 * A target states with g_assert() what must hold for every input. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct FuzzTarget FuzzTarget;
struct FuzzTarget {
    const char *name;
    void (*run)(const uint8_t *data, size_t size);
    const FuzzTarget *next;
};

void              fuzz_add(FuzzTarget *target);
const FuzzTarget *fuzz_targets(void); /* the first; NULL: none */

#define FUZZ_TARGET(target_name)                                        \
    static void fuzz_run(const uint8_t *data, size_t size);             \
    static FuzzTarget fuzz_target = { target_name, fuzz_run, NULL };    \
    static void __attribute__((constructor)) fuzz_register(void)        \
    {                                                                   \
        fuzz_add(&fuzz_target);                                         \
    }                                                                   \
    static void fuzz_run(const uint8_t *data, size_t size)
