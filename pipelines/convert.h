/* convert.h -- makes of a file what an order says, within a worker */
#pragma once

#include "pipelines/conversion-order.h"

/* Runs until all of it is written to output, which may wait as long as it likes; file is read at
 * any place, words (SubRip; -1: none) from its beginning on. False with DUO_ERROR_UNSUPPORTED
 * (nothing here decodes or makes it), DUO_ERROR_NOT_FOUND (the file has no such stream) or
 * DUO_ERROR_FAILED. One a process. */
bool convert_run(int file, int output, int words, const ConversionOrder *order, GError **error);

/* Loads what most conversions need; to be called before the first one, while nobody waits. */
void convert_warm(void);
