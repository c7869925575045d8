/* av.h -- the services of the AV profile (docs/igrs/PROFILE.md section 7), which are those of UPnP
 * AV:1
 *
 * Each is a Service over a port of model, written once and hosted on any wire; it knows no wire.
 * Freed by service_free(). */
#pragma once

#include "base/clock.h"
#include "model/catalog.h"
#include "model/file-tree.h"
#include "model/intake.h"
#include "model/screen.h"
#include "model/service.h"
#include "wire/handover-state.h"
#include "wire/media-offer.h"

/* ServiceIds of the profile. */
enum {
    AV_CONTENT_DIRECTORY_ID = 1,
    AV_CONNECTION_MANAGER_ID = 2,
    AV_TRANSPORT_ID = 3,
    AV_RENDERING_CONTROL_ID = 4,
    FILE_ACCESS_ID = 5,
    NOTICE_ID = 6, /* duoping-tv's own */
    HANDOVER_ID = 8,
    MUSIC_TRANSPORT_ID = 10, /* duoping-tv's own */
};

/* ContentDirectory:1 over catalog and clock (both borrowed). Its reads run on any thread; addresses
 * in what it shows begin with the call's base URL (service_call_set_base_url()). */
Service *content_directory_new(Catalog *catalog, Clock *clock);
/* For whoever watches the library: it shows something else, and its update_id is another one, which
 * subscribers are told at most every 2 s. containers: those that changed, ends with NULL; NULL: too
 * many to name. */
void     content_directory_changed(Service *service, uint32_t update_id,
                                   const char *const *containers);
/* Who asks, as far as the call tells: the caller's reference, NULL sees everything. Any thread;
 * without it everybody does. */
typedef Audience *(*ContentDirectoryAudience)(const char *device, const char *address,
                                              gpointer data);
void     content_directory_set_audience(Service *service, ContentDirectoryAudience audience,
                                        gpointer data);
/* Who keeps what sets ask us to remember: where somebody left an item (X_SetBookmark,
 * UpdateObject), how often it was seen (UpdateObject); -1: not told. On the main loop. */
typedef void (*ContentDirectoryUse)(const char *id, int64_t position_ms, int64_t play_count,
                                    gpointer data);
void     content_directory_set_use(Service *service, ContentDirectoryUse use, gpointer data);

/* What delivery makes of an item for those who do not play its file; before it is hosted. Without
 * it lists tell of the files alone. */
void     content_directory_set_forms(Service *service, MediaForms forms);

/* What others may bring into it (borrowed, outlives the service); before it is hosted. Without an
 * intake CreateObject and its like are refused. */
void     content_directory_set_intake(Service *service, Intake *intake);

/* ConnectionManager:1; source and sink are comma lists of protocolInfo, "" where there is none. */
Service *connection_manager_new(const char *source, const char *sink);

/* X_MS_MediaReceiverRegistrar:1, which lets everybody in. */
Service *media_receiver_registrar_new(void);

/* AVTransport:1 over screen (borrowed); clock (borrowed) moderates LastChange to one in 200 ms. */
Service *av_transport_new(Screen *screen, Clock *clock);

/* The same by the name of MusicTransport: of what plays music beside pictures. */
Service *music_transport_new(Screen *screen, Clock *clock);

/* RenderingControl:1 over screen (borrowed): volume, mute, presets. */
Service *rendering_control_new(Screen *screen, Clock *clock);

/* Notice:1, ours: a line of text on a screen's idle picture, "" for none, until the next. show is
 * given what is to be shown, text being "" or valid UTF-8 of NOTICE_MAX octets at most without
 * control characters, and the address in numbers of who asks; false: not from there. */
#define NOTICE_SERVICE "Notice"
#define NOTICE_MAX 400
typedef bool (*NoticeShow)(const char *text, const char *address, gpointer data);
Service *notice_new(NoticeShow show, gpointer data);

/* FileAccess:1, the File profile, over tree (borrowed); what takes long is answered by clock
 * (borrowed). Main loop only; addresses begin with the call's base URL and serve its asker
 * alone. */
Service *file_access_new(FileTree *tree, Clock *clock);

/* Called once: token opens the session that goes along, and state is what the asker knows beside
 * the screen; borrowed. Both NULL: nothing goes along. */
typedef void (*HandoverLinked)(const char *token, const HandoverState *state, gpointer user_data);
/* Called once; error NULL: the session was taken over. */
typedef void (*HandoverTaken)(const GError *error, gpointer user_data);

/* Whose screens they are that Handover moves things from and to. asker: the device that asks, by
 * the id that it says it has. Everything but clock and screen may be NULL. */
typedef struct {
    Clock *clock; /* borrowed */
    gpointer data; /* of all that follows; borrowed */
    /* The one that asker means, borrowed until the loop turns; NULL: there is none. */
    Screen *(*screen)(const char *asker, gpointer data);
    /* Adds what is known beside the screen's status: tracks, and what follows. */
    void (*fill)(Screen *screen, HandoverState *state, gpointer data);
    /* The screen plays it from now on; it is about to be stopped. */
    void (*keep)(Screen *screen, const HandoverState *state, gpointer data);
    void (*let_go)(Screen *screen, gpointer data);
    /* Asks who asks for an offer what it knows, and for a key to our session with it. */
    void (*link)(const char *asker, HandoverLinked linked, gpointer user_data, gpointer data);
    /* Takes over the session with the device at source that token opens. DUO_ERROR_DENIED: the
     * token is no good; with any other error nothing is taken over. */
    void (*take)(const char *source, const char *token, HandoverTaken taken, gpointer user_data,
                 gpointer data);
} HandoverHost;

/* Handover:1 (PROFILE section 7) over the screens of host (copied). Main loop only. */
Service *handover_service_new(const HandoverHost *host);
