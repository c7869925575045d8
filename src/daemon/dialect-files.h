/* dialect-files.h -- the dialects of this house: those we know and the owner's
 * (duoping-dialects(5)) */
#pragma once

#include "wire/dialect.h"

/* Reads "dialects.d" beside the configuration file, its files that end in ".conf" in the order of
 * their names. Errors: as dialects_read(), and files that cannot be read. */
Dialects *dialect_files_read(const char *configuration, GError **error);
