/* fuzz.c -- the list of targets, and libFuzzer's way to one of them; see fuzz.h */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static FuzzTarget *targets;

void
fuzz_add(FuzzTarget *target)
{
    target->next = targets;
    targets = target;
}

const FuzzTarget *
fuzz_targets(void)
{
    return targets;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const FuzzTarget *chosen;

    if (chosen == NULL) {
        for (const FuzzTarget *target = targets; target != NULL; target = target->next)
            if (g_strcmp0(target->name, g_getenv("FUZZ_TARGET")) == 0)
                chosen = target;
        if (chosen == NULL) {
            fprintf(stderr, "FUZZ_TARGET must name one of:");
            for (const FuzzTarget *target = targets; target != NULL; target = target->next)
                fprintf(stderr, " %s", target->name);
            fprintf(stderr, "\n");
            exit(2);
        }
    }
    chosen->run(data, size);
    return 0;
}
