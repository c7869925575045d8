/* convert.h -- makes of a file what an order says, within a worker */
#pragma once

#include "pipelines/conversion-order.h"

/* file is read at any place, or is a pipe of which all is wanted; output may wait as long as it
 * likes. */
typedef struct {
    int file, output;
    int words; /* SubRip, from its beginning on; -1: none */
    int more;  /* the file grows until this one hangs up; -1: it is whole */
} ConvertFiles;

/* Runs until all of it is written. False with DUO_ERROR_UNSUPPORTED
 * (nothing here decodes or makes it), DUO_ERROR_NOT_FOUND (the file has no such stream) or
 * DUO_ERROR_FAILED. One a process. */
bool convert_run(const ConvertFiles *files, const ConversionOrder *order, GError **error);

/* Loads what most conversions need, a step at a time, before the first one and while nobody waits.
 * False: there is no such step. */
bool convert_warm(guint step);
