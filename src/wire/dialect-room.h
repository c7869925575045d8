/* dialect-room.h -- what dialect.c and dialect-read.c share, and nobody else sees */
#pragma once

#include "wire/dialect.h"

struct Dialects {
    GPtrArray *rows;     /* const Dialect *, in the order they are tried */
    GPtrArray *owned;    /* those of them that were read */
    GStringChunk *texts; /* of owned */
    GString *read;       /* all that was read */
};
