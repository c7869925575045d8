/* choices.h -- what people chose in the page
 *
 * STATE/settings, a key file of the same keys as duoping.conf, which the server itself may write.
 * It is read after duoping.conf, and the command line stands above both (daemon/options.h). */
#pragma once

#include "base/settings.h"

#include <stdbool.h>

typedef struct Options Options;

/* The keys that may be chosen; ends with a group of NULL. */
extern const SettingRow choices_rows[];

/* Where they are kept; the caller's. */
char *choices_path(const char *state);

/* texts: "group.key", value, ... and NULL at the end; a value of "" takes the choice back. All or
 * nothing. What a start would refuse, or what holds for this computer alone (a folder that is not
 * there), is DUO_ERROR_INVALID with *field, borrowed from texts; what the command line says is
 * DUO_ERROR_CONFLICT. */
bool  choices_change(const Options *options, const char *const *texts, const char **field,
                     GError **error);
