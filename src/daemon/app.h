/* app.h -- the server: owns every room's object, makes them in order, frees them in reverse */
#pragma once

#include "daemon/options.h"

typedef struct App App;

/* Errors are for people and name the way out. options is borrowed and outlives the App. */
App *app_new(const Options *options, GError **error);
/* Says goodbye on the network first; the loop is run for that, a second at most. */
void app_free(App *app);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(App, app_free)
/* Reads the pairing keys and walks the folders again. */
void app_refresh(App *app);

/* Indexes the folders once and prints the totals; nothing is served meanwhile. */
bool app_scan_only(const Options *options, GError **error);
