/* app.h -- duoping-tv whole: a local player, and the IGRS media client and UPnP
 * MediaRenderer that lend it out */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *name;              /* for people */
    const char *state_folder;
    const char *const *interfaces; /* NULL: all */
    uint16_t http_port;            /* 0: any free one */
    uint16_t igrs_port;
    const char *video_sink, *audio_sink; /* NULL: what fits the display there is */
    bool is_windowed;
    bool has_igrs, has_upnp;
} AppOptions;

typedef struct App App;

/* Starts everything; options are copied as far as needed. The message of an error is for people. */
App  *app_new(const AppOptions *options, GError **error);
/* Says goodbye to the network, which takes the loop up to a second, and stops. */
void  app_free(App *app);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(App, app_free)

/* Reads the pairing keys again. */
void  app_refresh(App *app);

/* One line for people: what is there and where; the caller's. */
char *app_describe(const App *app);
